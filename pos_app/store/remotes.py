"""What a till knows of its remotes: addresses, tokens, refused entries and the log of contacts.

None of it is a fact of the shop, so the journal is not told. The cursor into the journal stands in
`Cursors`, because it moves in the transaction that makes it true.
"""

from dataclasses import dataclass

from pos_app.store.connection import Database, Row

HEAD_OFFICE = "head office"
# Names of values that the use cases read too: where head office is, the last signed head (JSON)
# and by the till's own clock when it came, when head office last answered, the shop's other tills
# (JSON list of [till, last heard at]).
URL = "url"
SIGNED_HEAD = "signed_head"
SIGNED_HEAD_AT = "signed_head_at"
LAST_CONTACT = "last_contact"
OTHER_TILLS = "other_tills"
LOG_LINES = 500
_OF_A_REMOTE = (
    "remote_values",
    "refusals",
    "sync_log",
    "cursors",
    "remote_ids",
    "attempts",
    "held_steps",
)
_PUT = (
    "INSERT INTO remote_values VALUES (?, ?, ?) "
    "ON CONFLICT (remote, name) DO UPDATE SET value = excluded.value"
)
_REFUSE = (
    "INSERT INTO refusals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (remote, id) "
    "DO UPDATE SET reason = excluded.reason, remedy = excluded.remedy, "
    "is_settled = excluded.is_settled"
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An entry that a remote could not take: why, and which remedy is offered."""

    id: str
    epoch: int
    seq: int
    kind: str
    at: str
    reason: str
    remedy: str
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class LogLine:
    """What happened between till and remote; `level` is `good`, `note` or `bad`."""

    at: str
    level: str
    text: str


class Remotes:
    """The remotes for reading."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def names(self) -> list[str]:
        """Return the remotes that anything is known of."""
        rows = self._db.rows("SELECT DISTINCT remote FROM remote_values ORDER BY remote")
        return [name for (name,) in rows]

    def values(self, remote: str) -> dict[str, str]:
        """Return everything known of a remote, by name."""
        rows = self._db.rows("SELECT name, value FROM remote_values WHERE remote = ?", (remote,))
        return {str(name): str(value) for name, value in rows}

    def value(self, remote: str, name: str) -> str:
        """Return one value, or nothing."""
        sql = "SELECT value FROM remote_values WHERE remote = ? AND name = ?"
        return str(self._db.value(sql, (remote, name)) or "")

    def refusals(self, remote: str, *, settled: bool = False) -> list[Refusal]:
        """Return the entries that wait, or those that were settled, the oldest first."""
        rows = self._db.rows(
            "SELECT id, epoch, seq, kind, at, reason, remedy, is_settled FROM refusals "
            "WHERE remote = ? AND is_settled = ? ORDER BY at, id",
            (remote, settled),
        )
        return [_refusal_of(row) for row in rows]

    def log(self, remote: str, limit: int = LOG_LINES) -> list[LogLine]:
        """Return the last lines of the log, the newest first."""
        rows = self._db.rows(
            'SELECT at, level, text FROM sync_log WHERE remote = ? ORDER BY "row" DESC LIMIT ?',
            (remote, limit),
        )
        return [LogLine(*row) for row in rows]


def _refusal_of(row: Row) -> Refusal:
    refusal_id, epoch, seq, kind, at, reason, remedy, is_settled = row
    return Refusal(refusal_id, epoch, seq, kind, at, reason, remedy, bool(is_settled))


class RemotesWriter(Remotes):
    """The remotes inside a transaction."""

    def put(self, remote: str, **values: str) -> None:
        """Remember values of a remote."""
        self._db.many(_PUT, [(remote, name, value) for name, value in values.items()])

    def forget(self, remote: str) -> None:
        """Forget a remote: its values, refusals, log, cursor, and what it calls our things."""
        for table in _OF_A_REMOTE:
            self._db.run(f"DELETE FROM {table} WHERE remote = ?", (remote,))

    def refuse(self, remote: str, refusal: Refusal) -> None:
        """Keep an entry that a remote could not take, or what became of it."""
        values = (remote, refusal.id, refusal.epoch, refusal.seq, refusal.kind, refusal.at)
        rest = (refusal.reason, refusal.remedy, refusal.is_settled)
        self._db.run(_REFUSE, (*values, *rest))

    def log_line(self, remote: str, line: LogLine) -> None:
        """Add a line to the log; the oldest beyond some hundred go."""
        self._db.run(
            "INSERT INTO sync_log (remote, at, level, text) VALUES (?, ?, ?, ?)",
            (remote, line.at, line.level, line.text),
        )
        self._db.run(
            'DELETE FROM sync_log WHERE "row" <= (SELECT max("row") FROM sync_log) - ?',
            (LOG_LINES,),
        )

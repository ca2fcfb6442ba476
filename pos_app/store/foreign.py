"""What a till knows of foreign servers: their ids for our things, open attempts, what waits.

None of it is a fact of the shop, so the journal is not told. Each row belongs to a remote, which
here is a connection; `Remotes.forget` takes them along.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pos_app.store.connection import Database, Row

_PUT_ID = (
    'INSERT INTO remote_ids (remote, "key", name, value) VALUES (?, ?, ?, ?) '
    'ON CONFLICT (remote, "key", name) DO UPDATE SET value = excluded.value'
)
_TRY = (
    'INSERT INTO attempts (remote, "key", at, asked) VALUES (?, ?, ?, ?) '
    'ON CONFLICT (remote, "key") DO UPDATE SET at = excluded.at, asked = excluded.asked'
)
_HOLD = (
    'INSERT INTO held_steps (remote, id, "key", number, names) VALUES (?, ?, ?, ?, ?) '
    'ON CONFLICT (remote, id) DO UPDATE SET "key" = excluded."key", names = excluded.names'
)
_REFUSE = (
    "INSERT INTO refusals VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (remote, id) "
    "DO UPDATE SET reason = excluded.reason, remedy = excluded.remedy"
)
_HELD = (
    'SELECT r.id, r.epoch, r.seq, r.kind, r.at, r.reason, r.remedy, h."key", h.number, h.names '
    "FROM refusals r JOIN held_steps h ON h.remote = r.remote AND h.id = r.id "
    "WHERE r.remote = ?"
)
_NOTHING = ""


class HeldState(StrEnum):
    """Why a thing was put aside; kept as the remedy of its refusal."""

    DOUBTFUL = "doubtful"  # it may have arrived: a person has to look
    REFUSED = "refused"  # the remote will not have it as it is
    UNSAYABLE = "unsayable"  # the API, as it is set up, has no words for it
    WAITS = "waits"  # another thing has to be there first
    FAULTY = "faulty"  # the remote fails over it again and again; it is tried later by itself
    AGAIN = "again"  # it is to be tried again as soon as possible
    ANEW = "anew"  # the same, and a person says that it is not there


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request that left and of which nothing is known; `at` is ISO 8601 UTC, before it left."""

    at: str
    asked: str


@dataclass(frozen=True, slots=True)
class Held:
    """A thing of the journal that was put aside; `key` is the step that keeps it.

    `id` is the entry's number and the thing's place in it, so ids are in the journal's order;
    `names` is what a person's id of the remote is kept under.
    """

    id: str
    epoch: int
    seq: int
    kind: str
    at: str
    reason: str
    state: HeldState
    key: str
    number: str
    names: str

    @property
    def place(self) -> int:
        """Which of the entry's things it is, from 0."""
        return int(self.id.partition(".")[2])


class Foreign:
    """What is known of foreign servers, for reading."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def ids(self, remote: str, key: str) -> dict[str, str] | None:
        """Return what a remote calls what a step made, by name; None where it was not done."""
        rows = self._db.rows(
            'SELECT name, value FROM remote_ids WHERE remote = ? AND "key" = ?', (remote, key)
        )
        return {str(name): str(value) for name, value in rows if name} if rows else None

    def is_taken(self, remote: str, name: str, value: str) -> bool:
        """Whether a step that was done left this id of the remote under a name."""
        sql = "SELECT 1 FROM remote_ids WHERE remote = ? AND value = ? AND name = ? LIMIT 1"
        return self._db.value(sql, (remote, value, name)) is not None

    def key_with(self, remote: str, beginning: str, value: str) -> str | None:
        """Return the first key that begins so and left this id of the remote, or None."""
        rows = self._db.rows(
            'SELECT "key" FROM remote_ids WHERE remote = ? AND value = ? ORDER BY "key"',
            (remote, value),
        )
        return next((key for (key,) in rows if key.startswith(beginning)), None)

    def keys(self, remote: str, beginning: str) -> list[str]:
        """Return the keys that begin so, in order."""
        rows = self._db.rows(
            'SELECT DISTINCT "key" FROM remote_ids WHERE remote = ? AND "key" >= ? AND "key" < ? '
            'ORDER BY "key"',
            (remote, beginning, beginning + "\U0010ffff"),
        )
        return [key for (key,) in rows]

    def attempt(self, remote: str, key: str) -> Attempt | None:
        """Return the open attempt at a step, or None."""
        row = self._db.row(
            'SELECT at, asked FROM attempts WHERE remote = ? AND "key" = ?', (remote, key)
        )
        return None if row is None else Attempt(*row)

    def has_attempts(self, remote: str) -> bool:
        """Whether anything may have arrived of which nothing is known."""
        return self._db.value("SELECT 1 FROM attempts WHERE remote = ?", (remote,)) is not None

    def held(self, remote: str, *states: HeldState) -> list[Held]:
        """Return what was put aside, in the journal's order; only of `states` where given."""
        marks = ", ".join("?" * len(states))
        rule = f" AND r.remedy IN ({marks})" if states else ""
        rows = self._db.rows(f"{_HELD}{rule} ORDER BY r.id", (remote, *states))
        return [_held(row) for row in rows]

    def first_held(self, remote: str, *states: HeldState) -> Held | None:
        """Return the first thing in one of some states, or None."""
        marks = ", ".join("?" * len(states))
        sql = f"{_HELD} AND r.remedy IN ({marks}) ORDER BY r.id LIMIT 1"
        row = self._db.row(sql, (remote, *states))
        return None if row is None else _held(row)

    def held_one(self, remote: str, held_id: str) -> Held | None:
        """Return one thing that was put aside."""
        row = self._db.row(f"{_HELD} AND r.id = ?", (remote, held_id))
        return None if row is None else _held(row)

    def held_at(self, remote: str, key: str) -> list[Held]:
        """Return what a step keeps, in the journal's order."""
        rows = self._db.rows(f'{_HELD} AND h."key" = ? ORDER BY r.id', (remote, key))
        return [_held(row) for row in rows]

    def held_count(self, remote: str) -> int:
        """Return how many things were put aside."""
        return int(self._db.value("SELECT count(*) FROM held_steps WHERE remote = ?", (remote,)))


class ForeignWriter(Foreign):
    """What is known of foreign servers, inside a transaction."""

    def remember(self, remote: str, key: str, ids: Mapping[str, str]) -> None:
        """Keep what a step that was done left behind; nothing is in doubt about it any more.

        What waited for this step is tried again.
        """
        rows = [(remote, key, name, value) for name, value in ids.items() if name]
        self._db.many(_PUT_ID, rows or [(remote, key, _NOTHING, _NOTHING)])
        self.let_attempt_go(remote, key)
        self._db.run(
            "UPDATE refusals SET remedy = ? WHERE remote = ? AND id IN "
            '(SELECT id FROM held_steps WHERE remote = ? AND "key" = ?)',
            (HeldState.AGAIN, remote, remote, key),
        )

    def forget_ids(self, remote: str, key: str) -> None:
        """Forget what a remote calls something."""
        self._db.run('DELETE FROM remote_ids WHERE remote = ? AND "key" = ?', (remote, key))

    def begin_attempt(self, remote: str, key: str, at: str, asked: str) -> None:
        """Write down that a request is about to leave."""
        self._db.run(_TRY, (remote, key, at, asked))

    def let_attempt_go(self, remote: str, key: str) -> None:
        """Take note that nothing is in doubt about a step any more."""
        self._db.run('DELETE FROM attempts WHERE remote = ? AND "key" = ?', (remote, key))

    def hold(self, remote: str, held: Held) -> None:
        """Put a thing aside, or keep what is new about one that was."""
        values = (held.id, held.epoch, held.seq, held.kind, held.at, held.reason, held.state.value)
        self._db.run(_REFUSE, (remote, *values))
        self._db.run(_HOLD, (remote, held.id, held.key, held.number, held.names))

    def let_go(self, remote: str, held_id: str) -> None:
        """Forget a thing that was put aside: it is done, or left out."""
        for table in ("refusals", "held_steps"):
            self._db.run(f"DELETE FROM {table} WHERE remote = ? AND id = ?", (remote, held_id))

    def try_again(self, remote: str, *states: HeldState) -> None:
        """Let everything in some states be tried again."""
        marks = ", ".join("?" * len(states))
        self._db.run(
            f"UPDATE refusals SET remedy = ? WHERE remote = ? AND remedy IN ({marks})",
            (HeldState.AGAIN, remote, *states),
        )


def held_id(seq: int, place: int) -> str:
    """Return the id of a thing by its entry's number and its place there."""
    return f"{seq:012d}.{place:06d}"


def _held(row: Row) -> Held:
    values = list(row)
    values[6] = HeldState(values[6])
    return Held(*values)

"""What came from head office: revisions of things, what cannot stand yet, stock at other tills."""

from collections.abc import Iterable
from dataclasses import dataclass

from pos_app.store.connection import Database

_PUT = (
    "INSERT INTO received VALUES (?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET "
    "revision = excluded.revision, lost = excluded.lost"
)
_WAIT = (
    "INSERT INTO waiting_things VALUES (?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET "
    "revision = excluded.revision, thing = excluded.thing"
)
_ELSEWHERE = (
    "INSERT INTO elsewhere VALUES (?, ?, ?, ?, ?) ON CONFLICT (product_id, location, till) "
    "DO UPDATE SET quantity_micro = excluded.quantity_micro, heard_at = excluded.heard_at"
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another till moved of a product in sum (millionths of its unit), and heard when."""

    till: str
    location: str
    quantity_micro: int
    heard_at: str


class Received:
    """What came from head office, for reading."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def revision(self, kind: str, thing_id: str) -> int:
        """Return the revision that the till's copy goes back to, 0 where it never came."""
        sql = "SELECT revision FROM received WHERE kind = ? AND id = ?"
        return int(self._db.value(sql, (kind, thing_id)) or 0)

    def lost(self, kind: str, thing_id: str) -> str:
        """Return what gave way in the latest quarrel about a thing (JSON), or nothing."""
        sql = "SELECT lost FROM received WHERE kind = ? AND id = ?"
        return str(self._db.value(sql, (kind, thing_id)) or "")

    def quarrels(self, limit: int) -> list[tuple[str, str, str]]:
        """Return kind, id and what gave way (JSON) of the things quarrelled about, latest first.

        Looks at everything that ever came, so it belongs off the counter's thread.
        """
        rows = self._db.rows(
            "SELECT kind, id, lost FROM received WHERE lost <> '' ORDER BY revision DESC LIMIT ?",
            (limit,),
        )
        return [(str(kind), str(thing_id), str(lost)) for kind, thing_id, lost in rows]

    def waiting(self) -> dict[tuple[str, str], str]:
        """Return the things (JSON) that cannot stand beside what the till has, by kind and id."""
        rows = self._db.rows("SELECT kind, id, thing FROM waiting_things ORDER BY revision, id")
        return {(kind, thing_id): thing for kind, thing_id, thing in rows}

    def waits(self, kind: str, thing_id: str) -> str:
        """Return a thing that waits (JSON), or nothing."""
        sql = "SELECT thing FROM waiting_things WHERE kind = ? AND id = ?"
        return str(self._db.value(sql, (kind, thing_id)) or "")

    def has_waiting(self) -> bool:
        """Whether anything waits."""
        return self._db.value("SELECT 1 FROM waiting_things LIMIT 1") is not None

    def elsewhere(self, product_id: str) -> list[Elsewhere]:
        """Return what other tills of the shop moved of a product."""
        rows = self._db.rows(
            "SELECT till, location, quantity_micro, heard_at FROM elsewhere "
            "WHERE product_id = ? ORDER BY till, location",
            (product_id,),
        )
        return [Elsewhere(*row) for row in rows]


class ReceivedWriter(Received):
    """What came from head office, inside a transaction."""

    def put(self, kind: str, thing_id: str, revision: int, lost: str = "") -> None:
        """Remember the revision that the till's copy of a thing goes back to."""
        self._db.run(_PUT, (kind, thing_id, revision, lost))

    def put_many(self, things: Iterable[tuple[str, str, int, str]]) -> None:
        """Remember kind, id, revision and what gave way of many things."""
        self._db.many(_PUT, things)

    def wait(self, kind: str, thing_id: str, revision: int, thing: str) -> None:
        """Keep a thing (JSON) that cannot stand beside what the till has."""
        self._db.run(_WAIT, (kind, thing_id, revision, thing))

    def wait_no_more(self, kind: str, thing_id: str) -> None:
        """Let a thing go that waited: it stands now, or came anew."""
        sql = "DELETE FROM waiting_things WHERE kind = ? AND id = ?"
        self._db.run(sql, (kind, thing_id))

    def put_elsewhere(self, product_id: str, moved: Iterable[Elsewhere]) -> None:
        """Remember what other tills moved of a product."""
        self._db.many(
            _ELSEWHERE,
            [
                (product_id, one.location, one.till, one.quantity_micro, one.heard_at)
                for one in moved
            ],
        )

    def forget(self) -> None:
        """Forget where everything came from, as when the till leaves head office."""
        for table in ("received", "waiting_things", "elsewhere"):
            self._db.run(f"DELETE FROM {table}")

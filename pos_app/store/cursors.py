"""How far each remote has been told what is in the journal."""

from pos_app.store.connection import Database

_SET = "INSERT INTO cursors VALUES (?, ?) ON CONFLICT (remote) DO UPDATE SET seq = excluded.seq"


class Cursors:
    """The cursors for reading."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, remote: str) -> int:
        """Return the number of the last entry that a remote has, 0 before the first."""
        return int(self._db.value("SELECT seq FROM cursors WHERE remote = ?", (remote,)) or 0)

    def unsent(self, remote: str) -> int:
        """Return how many entries a remote does not have yet."""
        last = int(self._db.value("SELECT max(seq) FROM journal") or 0)
        return max(last - self.of(remote), 0)


class CursorsWriter(Cursors):
    """The cursors inside a transaction."""

    def set(self, remote: str, seq: int) -> None:
        """Remember that a remote has everything up to `seq`."""
        self._db.run(_SET, (remote, seq))

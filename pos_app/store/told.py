"""What an auditor has been told so far: a fingerprint of each thing, in a file that vanishes.

A catalogue may have a million products, and memory stays flat all the same.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import pysqlite3

_TELL = "INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?, ?)"
_TAKE = "DELETE FROM told WHERE kind = ? AND id = ? RETURNING fingerprint, seq, grouped"


@dataclass(frozen=True, slots=True)
class Told:
    """What was told last of one thing: its fingerprint, in which entry, and its group."""

    fingerprint: bytes
    seq: int
    group: int

    def is_of(self, state: str) -> bool:
        """Whether this is what was told."""
        return fingerprint(state) == self.fingerprint


class ToldStates:
    """The latest state of each thing by kind and id; the file is SQLite's own and has no name."""

    def __init__(self) -> None:
        self._raw = pysqlite3.connect("", isolation_level=None)
        self._raw.execute(
            "CREATE TABLE told (kind, id, fingerprint, seq, grouped, PRIMARY KEY (kind, id)) "
            "WITHOUT ROWID"
        )
        self._raw.execute("BEGIN")

    def tell(self, kind: str, thing_id: str, state: str, seq: int, group: int = 0) -> None:
        """Remember the state that entry `seq` tells of."""
        self._raw.execute(_TELL, (kind, thing_id, fingerprint(state), seq, group))

    def take(self, kind: str, thing_id: str) -> Told | None:
        """Return what was told last of a thing, once; None where it was never told."""
        row = self._raw.execute(_TAKE, (kind, thing_id)).fetchone()
        return None if row is None else Told(*row)

    def drop(self, kind: str, thing_id: str) -> None:
        """Forget a thing that is no more."""
        self._raw.execute("DELETE FROM told WHERE kind = ? AND id = ?", (kind, thing_id))

    def rest(self, kind: str) -> Iterator[tuple[str, int]]:
        """Yield (id, entry) of what was told and never taken."""
        yield from self._raw.execute("SELECT id, seq FROM told WHERE kind = ?", (kind,))

    def close(self) -> None:
        """Let the file vanish."""
        self._raw.close()


def fingerprint(state: str) -> bytes:
    """Return 16 bytes that stand for a text (BLAKE2b)."""
    return hashlib.blake2b(state.encode("utf-8", "surrogatepass"), digest_size=16).digest()

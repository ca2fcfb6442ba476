"""Gapless number series: a number is taken in the transaction that uses it, or not at all."""

from pos_app.store.connection import Database

_NEXT = (
    "INSERT INTO sequences VALUES (?, 1) ON CONFLICT (series) DO UPDATE SET last = last + 1 "
    "RETURNING last"
)


class Sequences:
    """The number series inside a transaction."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def next(self, series: str) -> int:
        """Take the next number of a series, from 1; a rolled-back transaction gives it back."""
        return int(self._db.value(_NEXT, (series,)))

    def last(self, series: str) -> int:
        """Return the number taken last, 0 before the first."""
        return int(self._db.value("SELECT last FROM sequences WHERE series = ?", (series,)) or 0)

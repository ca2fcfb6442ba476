"""Searching the journal from its end: windows of entries, so that a million are no burden."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pos_app.domain.facts import FactKind
from pos_app.domain.journal import JournalEntry
from pos_app.store.connection import Database
from pos_app.store.journal_rows import SELECT_ENTRY, entry_of

_TURNS = (
    "SELECT seq, before FROM (SELECT seq, at, lag(at) OVER (ORDER BY seq) AS before FROM journal "
    "WHERE seq BETWEEN ? AND ?) WHERE at < before ORDER BY seq"
)


@dataclass(frozen=True, slots=True)
class Sought:
    """What entries are looked for; empty means any.

    `start` and `end` are moments as the journal writes them (ISO 8601, UTC), `end` is not within;
    each of `likes` is a pattern of SQL that the payload, or the entry's id or number, must match.
    """

    kinds: tuple[FactKind, ...] = ()
    staff: str = ""
    start: str = ""
    end: str = ""
    likes: tuple[str, ...] = ()


class JournalSearch:
    """The journal for looking around in it; every query reads a limited number of entries."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def window(self, sought: Sought, first: int, last: int, limit: int) -> list[JournalEntry]:
        """Return the latest entries that match between two numbers, the last one first."""
        rules, values = _rules(sought)
        sql = f"{SELECT_ENTRY} WHERE seq BETWEEN ? AND ?{rules} ORDER BY seq DESC LIMIT ?"
        rows = self._db.rows(sql, (first, last, *values, limit))
        return [entry_of(row) for row in rows]

    def naming(self, parts: Sequence[str], first: int, last: int) -> list[JournalEntry]:
        """Return the entries between two numbers whose payload holds one of some texts, in order.

        Reads each of them, so it belongs off the counter's thread.
        """
        holds = " OR ".join("instr(payload, ?)" for _ in parts)
        sql = f"{SELECT_ENTRY} WHERE seq BETWEEN ? AND ? AND ({holds}) ORDER BY seq"
        return [entry_of(row) for row in self._db.rows(sql, (first, last, *parts))]

    def between(self, first: int, last: int) -> list[JournalEntry]:
        """Return the entries between two numbers, both within, in order."""
        rows = self._db.rows(
            f"{SELECT_ENTRY} WHERE seq BETWEEN ? AND ? ORDER BY seq", (first, last)
        )
        return [entry_of(row) for row in rows]

    def first_since(self, at: str, first: int, last: int) -> int:
        """Return the first entry at or after a moment between two numbers, `last` + 1 for none.

        Found by halving, so it is right where the times there never go back.
        """
        while first <= last:
            middle = (first + last) // 2
            row = self._db.row("SELECT seq, at FROM journal WHERE seq >= ? LIMIT 1", (middle,))
            if row is None or row[0] > last or row[1] >= at:
                last = middle - 1
            else:
                first = row[0] + 1
        return first

    def turns(self, first: int, last: int) -> Iterator[int]:
        """Yield the entries between two numbers that are earlier in time than the one before."""
        for seq, _before in self._db.rows(_TURNS, (max(first - 1, 1), last)):
            yield seq

    def staff_codes(self, first: int, last: int) -> set[str]:
        """Return who wrote the entries between two numbers."""
        sql = "SELECT DISTINCT staff FROM journal WHERE seq BETWEEN ? AND ?"
        return {code for (code,) in self._db.rows(sql, (first, last))}


def _rules(sought: Sought) -> tuple[str, list[str]]:
    rules, values = "", []
    if sought.kinds:
        rules += f" AND kind IN ({', '.join('?' * len(sought.kinds))})"
        values += [kind.value for kind in sought.kinds]
    if sought.staff:
        rules += " AND staff = ?"
        values.append(sought.staff)
    if sought.start:
        rules += " AND at >= ?"
        values.append(sought.start)
    if sought.end:
        rules += " AND at < ?"
        values.append(sought.end)
    for like in sought.likes:
        rules += " AND (payload LIKE ? ESCAPE '\\' OR id LIKE ? ESCAPE '\\' OR seq = ?)"
        bare = like.strip("%")
        values += [like, like, bare if bare.isascii() and bare.isdigit() else "0"]
    return rules, values

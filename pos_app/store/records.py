"""Things that change with time, each change told to the journal as the thing's whole new state.

A shift, a member of staff, a stored value or a stock take is one dataclass of the domain, kept as
JSON and found by its id, by a code of its own, or in the order of its place. What a kind of
record is stands in a `RecordKind` beside the use cases that write it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pos_app.domain.facts import FactKind, canonical, record_changed
from pos_app.domain.journal import JournalEntry
from pos_app.domain.plain import from_text, to_plain
from pos_app.store.connection import Database, Row
from pos_app.store.journal import JournalWriter

if TYPE_CHECKING:
    from pos_app.store.documents import Listed

Thing = TypeVar("Thing")
_SAVE = (
    "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (record, id) DO UPDATE SET "
    "code = excluded.code, place = excluded.place, is_open = excluded.is_open, "
    "state = excluded.state, seq = excluded.seq"
)


def _no_code(_thing: Any) -> str | None:
    return None


def _no_place(_thing: Any) -> str:
    return ""


def _never_open(_thing: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class RecordKind(Generic[Thing]):
    """A kind of record: its name in the store and the journal, its dataclass, how it is found.

    `code_of` gives a text that only one record of the kind has, or None; `place_of` the order of
    lists (ISO times and folded names sort well); `is_open_of` marks the few that are in progress.
    `listed_of` gives what the lists of sales documents show of one.
    """

    name: str
    type: type[Thing]
    id_of: Callable[[Thing], str]
    code_of: Callable[[Thing], str | None] = _no_code
    place_of: Callable[[Thing], str] = _no_place
    is_open_of: Callable[[Thing], bool] = _never_open
    listed_of: "Callable[[Thing], Listed] | None" = None


class Records:
    """The records for reading."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, kind: RecordKind[Thing], record_id: str) -> Thing | None:
        """Return a record by its id."""
        text = self._db.value(
            "SELECT state FROM records WHERE record = ? AND id = ?", (kind.name, record_id)
        )
        return None if text is None else from_text(kind.type, text)

    def plain(self, name: str, record_id: str) -> dict[str, Any] | None:
        """Return a record's state as plain values, by the name of its kind."""
        text = self._db.value(
            "SELECT state FROM records WHERE record = ? AND id = ?", (name, record_id)
        )
        return None if text is None else dict(json.loads(text))

    def last_told(self, name: str, record_id: str) -> int:
        """Return which journal entry told of a record last, 0 where there is no such record."""
        sql = "SELECT seq FROM records WHERE record = ? AND id = ?"
        return int(self._db.value(sql, (name, record_id)) or 0)

    def owners(self, name: str, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Return whose codes these are: id and name (or the code where there is none), by code."""
        marks = ", ".join("?" * len(codes))
        rows = self._db.rows(
            "SELECT code, id, coalesce(json_extract(state, '$.name'), code) FROM records "
            f"WHERE record = ? AND code IN ({marks})",
            (name, *codes),
        )
        return {code: (record_id, called) for code, record_id, called in rows}

    def by_code(self, kind: RecordKind[Thing], code: str) -> Thing | None:
        """Return the record that has a code."""
        text = self._db.value(
            "SELECT state FROM records WHERE record = ? AND code = ?", (kind.name, code)
        )
        return None if text is None else from_text(kind.type, text)

    def in_progress(self, kind: RecordKind[Thing]) -> list[Thing]:
        """Return the open records of a kind by place."""
        return self._things(
            kind,
            "SELECT state FROM records WHERE record = ? AND is_open = 1 ORDER BY place, id",
            (kind.name,),
        )

    def all(self, kind: RecordKind[Thing], limit: int = 1000) -> list[Thing]:
        """Return the first records of a kind by place."""
        return self._things(
            kind,
            "SELECT state FROM records WHERE record = ? ORDER BY place, id LIMIT ?",
            (kind.name, limit),
        )

    def latest(self, kind: RecordKind[Thing], limit: int = 100, before: str = "") -> list[Thing]:
        """Return the last records of a kind, the last place first; `before` goes on from a place.

        Records of the same place as `before` are not shown again, so places should differ.
        """
        rule, more = (" AND place < ?", (before,)) if before else ("", ())
        return self._things(
            kind,
            f"SELECT state FROM records WHERE record = ?{rule} ORDER BY place DESC, id DESC "
            "LIMIT ?",
            (kind.name, *more, limit),
        )

    def starting_with(self, kind: RecordKind[Thing], place: str, limit: int = 1000) -> list[Thing]:
        """Return the records whose place begins with a text, by place."""
        return self._things(
            kind,
            "SELECT state FROM records WHERE record = ? AND place >= ? AND place < ? "
            "ORDER BY place, id LIMIT ?",
            (kind.name, place, place + "\U0010ffff", limit),
        )

    def count(self, kind: RecordKind[Thing]) -> int:
        """Return how many records of a kind there are."""
        return int(self._db.value("SELECT count(*) FROM records WHERE record = ?", (kind.name,)))

    def has_any(self, name: str) -> bool:
        """Whether there is a record of the kind with this name."""
        return self._db.value("SELECT 1 FROM records WHERE record = ? LIMIT 1", (name,)) is not None

    def _things(self, kind: RecordKind[Thing], sql: str, values: tuple[object, ...]) -> list[Thing]:
        return [from_text(kind.type, text) for (text,) in self._db.rows(sql, values)]


class RecordsWriter(Records):
    """The records inside a transaction; each write is told to the journal with it."""

    def __init__(self, database: Database, journal: JournalWriter) -> None:
        super().__init__(database)
        self._journal = journal

    def put(
        self,
        kind: RecordKind[Thing],
        thing: Thing,
        fact: FactKind,
        at: datetime,
        staff: str,
        details: Mapping[str, Any] | None = None,
    ) -> JournalEntry:
        """Keep a record's new state and tell the journal why it changed.

        `details` are plain values (texts, integers, booleans, lists, maps) beside the state.
        Raises RowRefused where another record of the kind has the same code.
        """
        state = to_plain(thing)
        record_id, code = kind.id_of(thing), kind.code_of(thing)
        place, is_open = kind.place_of(thing), kind.is_open_of(thing)
        found_by = {"code": code, "place": place, "is_open": is_open}
        told = record_changed(fact, kind.name, record_id, state, {**(details or {}), **found_by})
        entry = self._journal.append(told, at, staff)
        self._db.run(
            _SAVE, (kind.name, record_id, code, place, is_open, canonical(state), entry.seq)
        )
        if kind.listed_of is not None:
            from pos_app.store.documents import keep_listed  # noqa: PLC0415 - no sale is listed so

            keep_listed(self._db, kind.name, kind.listed_of(thing))
        return entry

    def release_codes(self, name: str, record_ids: Iterable[str]) -> None:
        """Take the codes of records of a kind that are put anew in this transaction.

        So records can swap codes.
        """
        sql = "UPDATE records SET code = NULL WHERE record = ? AND id = ?"
        self._db.many(sql, [(name, record_id) for record_id in record_ids])


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record as its row says, for an auditor; `told` is written like the fact tells it."""

    record: str
    id: str
    told: str
    seq: int


def record_rows(database: Database) -> Iterator[RecordRow]:
    """Yield every record as it stands in the store."""
    rows = database.stream(
        "SELECT record, id, code, place, is_open, state, seq FROM records ORDER BY record, id"
    )
    for row in rows:
        yield _record_row(row)


def _record_row(row: Row) -> RecordRow:
    record, record_id, code, place, is_open, state, seq = row
    told = told_text(code, place, is_open == 1, state)
    # SQLite's own check passes over the rules of tables without row numbers: 7 is neither.
    return RecordRow(record, record_id, told if is_open in (0, 1) else f"{is_open} {told}", seq)


def told_text(code: str | None, place: str, is_open: bool, state: str) -> str:
    """Return all that a record says of itself as one text; `state` is canonical JSON."""
    return "\x1f".join((code or "", place, "1" if is_open else "0", state))

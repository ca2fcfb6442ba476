"""Everything that an auditor is given of a store, read as of one moment while the till sells on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pos_app.domain.facts import FactKind
from pos_app.domain.journal import GENESIS, JournalEntry
from pos_app.store.connection import Database, Row, connect, missing_store_check
from pos_app.store.journal import read_head
from pos_app.store.journal_rows import SELECT_ENTRY, entry_of
from pos_app.store.schema import revision_of
from pos_app.store.state import Head
from pos_app.store.store import check_revision

_OPENINGS = (FactKind.STORE_OPENED, FactKind.STORE_RESTORED, FactKind.EPOCH_BEGUN)
# Words for searching are made from the rows and say nothing of their own.
_LEFT_OUT = "search_text"
_DOCUMENTS = ("sale_lines", "sale_taxes", "tenders")
_STANDING = (
    "till_epochs",
    "settings",
    "units",
    "taxes",
    "listed_taxes",
    "tax_group_members",
    "categories",
    "products",
    "product_codes",
    "customers",
    "customer_codes",
    "parked_sales",
)
_SALE_OF_ENTRY = (
    "SELECT s.row FROM journal j JOIN sales s ON s.id = json_extract(j.payload, '$.id') "
    "WHERE j.kind = 'sale_completed' AND j.seq BETWEEN ? AND ? ORDER BY j.seq"
)
_MOVES_OF_SPAN = (
    "SELECT min(row), max(row) FROM stock_moves WHERE document_id IN "
    "(SELECT id FROM sales WHERE row BETWEEN ? AND ?) OR document_id IN "
    "(SELECT id FROM journal WHERE seq BETWEEN ? AND ? AND kind = 'stock_moved')"
)
_LEVELS_AFTER = (
    "SELECT product_id, location, sum(quantity_micro) FROM stock_moves WHERE row <= ? "
    "GROUP BY product_id, location"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of a store is meant: first and last entry, document and stock movement.

    A last one before its first (0 after 1) means none; `is_whole` is everything.
    """

    entries: tuple[int, int]
    documents: tuple[int, int]
    movements: tuple[int, int]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class ExportTable:
    """One table as it is exported: its name, its columns, and its rows, to be read once."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[Row]


class ExportRows:
    """One connection for reading in order; memory stays flat."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self.head: Head = read_head(database)

    def whole(self) -> Span:
        """Return all there is."""
        documents = int(self._db.value("SELECT coalesce(max(row), 0) FROM sales"))
        moves = int(self._db.value("SELECT coalesce(max(row), 0) FROM stock_moves"))
        return Span((1, self.head.seq), (1, documents), (1, moves), is_whole=True)

    def between(self, start: datetime, end: datetime) -> Span | None:
        """Return what was written from `start` until before `end` (UTC), or None where nothing was.

        Entries between the first and the last of them are all in it, whatever the clock said.
        """
        first, last = self._db.row(
            "SELECT min(seq), max(seq) FROM journal WHERE at >= ? AND at < ?",
            (_moment(start), _moment(end)),
        ) or (None, None)
        if first is None:
            return None
        documents = self._documents(first, last)
        least, most = self._db.row(_MOVES_OF_SPAN, (*documents, first, last)) or (None, None)
        return Span((first, last), documents, (least or 1, most or 0), is_whole=False)

    def _documents(self, first: int, last: int) -> tuple[int, int]:
        began = self._db.value(f"{_SALE_OF_ENTRY} LIMIT 1", (first, last))
        ended = self._db.value(f"{_SALE_OF_ENTRY} DESC LIMIT 1", (first, last))
        return (1, 0) if began is None or ended is None else (int(began), int(ended))

    def entries(self, first: int, last: int) -> Iterator[JournalEntry]:
        """Yield the entries from one number to another, in order."""
        sql = f"{SELECT_ENTRY} WHERE seq BETWEEN ? AND ? ORDER BY seq"
        for row in self._db.stream(sql, (first, last)):
            yield entry_of(row)

    def links(self, first: int, last: int) -> Iterator[tuple[int, int, str, str]]:
        """Yield number, epoch, hash and signature (hex) of entries that are not shown."""
        yield from self._db.stream(
            "SELECT seq, epoch, lower(hex(hash)), lower(hex(signature)) FROM journal "
            "WHERE seq BETWEEN ? AND ? ORDER BY seq",
            (first, last),
        )

    def openings(self) -> frozenset[int]:
        """Return the numbers of the entries that began an epoch and name its key."""
        marks = ", ".join("?" * len(_OPENINGS))
        rows = self._db.rows(f"SELECT seq FROM journal WHERE kind IN ({marks})", _OPENINGS)
        return frozenset(seq for (seq,) in rows)

    def keys(self) -> dict[int, str]:
        """Return the public keys (hex) by epoch, in their order; the last one signs now."""
        rows = self._db.rows("SELECT epoch, lower(hex(public_key)) FROM till_epochs ORDER BY epoch")
        return {int(row[0]): str(row[1]) for row in rows}

    def hash_before(self, seq: int) -> str:
        """Return the hash of the entry before a number."""
        found = self._db.value("SELECT lower(hex(hash)) FROM journal WHERE seq = ?", (seq - 1,))
        return str(found or GENESIS)

    def tables(self, span: Span) -> Iterator[ExportTable]:
        """Yield every table of a span: documents, movements, levels, and what stands beside."""
        for name in _STANDING:
            yield self._table(name)
        yield self._table("sales", "WHERE row BETWEEN ? AND ? ORDER BY row", span.documents)
        for name in _DOCUMENTS:
            yield self._table(name, "WHERE sale BETWEEN ? AND ? ORDER BY 1, 2", span.documents)
        yield self._table("stock_moves", "WHERE row BETWEEN ? AND ? ORDER BY row", span.movements)
        yield self._table("records", "WHERE seq BETWEEN ? AND ? ORDER BY 1, 2", span.entries)
        if span.is_whole:
            yield self._table("stock_levels")
            yield self._table("sequences")
        else:
            yield self._levels("stock_before", span.movements[0] - 1)
            yield self._levels("stock_levels", max(span.movements[1], span.movements[0] - 1))

    def _levels(self, name: str, last: int) -> ExportTable:
        rows = self._db.stream(_LEVELS_AFTER, (last,))
        return ExportTable(name, ("product_id", "location", "level_micro"), rows)

    def _table(self, name: str, rest: str = "", values: Sequence[int] = ()) -> ExportTable:
        found = (column for _, column, *_ in self._db.rows(f"PRAGMA table_info({name})"))
        columns = tuple(column for column in found if column != _LEFT_OUT)
        listed = ", ".join(f'"{column}"' for column in columns)
        return ExportTable(
            name, columns, self._db.stream(f"SELECT {listed} FROM {name} {rest}", values)
        )


@contextmanager
def read_for_export(path: Path) -> Iterator[ExportRows]:
    """Open a store for reading everything as of one moment; raises as `open_reader`."""
    missing_store_check(path)
    database = connect(path, read_only=True)
    try:
        check_revision(path, database, revision_of(database), is_current_only=True)
        database.run("BEGIN")
        yield ExportRows(database)
    finally:
        database.close()


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")

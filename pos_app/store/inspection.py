"""A store as an auditor reads it: row by row, without trusting what the rows say."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import pysqlite3
from sqlalchemy import CheckConstraint

from pos_app.domain.journal import JournalEntry
from pos_app.domain.plain import UNREADABLE
from pos_app.domain.sale import Sale
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.store.catalogue_inspection import CatalogueInspection
from pos_app.store.connection import Database, connect, missing_store_check, naming
from pos_app.store.day_recount import uneven_sums
from pos_app.store.documents import Listed, listed_rows
from pos_app.store.drafts import Draft
from pos_app.store.epochs import all_epochs
from pos_app.store.errors import StoreDamaged, StoreRefusal
from pos_app.store.journal_rows import SELECT_ENTRY, entry_of
from pos_app.store.keys import KeyName, Signer, load_key, public_key_beside_private
from pos_app.store.parked import Parked
from pos_app.store.records import RecordRow, record_rows
from pos_app.store.sale_rows import line_rows, sale_of, sale_row, tax_rows, tender_rows
from pos_app.store.schema import make_schema, revision_of, schema_of
from pos_app.store.seen import read_seen
from pos_app.store.sequences import Sequences
from pos_app.store.settings import Settings
from pos_app.store.state import Head, StoreState, TillIdentity
from pos_app.store.stock import quantity_of
from pos_app.store.store import check_revision
from pos_app.store.tables import metadata
from pos_app.store.vocabulary import Vocabulary

CHUNK = 200
FAULTS_LIMIT = 20


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as its rows say; `sale` is None where they cannot be read, and `why` says so."""

    row: int
    id: str
    number: str
    sale: Sale | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ReadMove:
    """A movement as its row says, with the moment and the document in the row's own words."""

    row: int
    move: StockMove
    at: str
    document_id: str


class Inspection:
    """One connection for reading everything in order; memory stays flat."""

    def __init__(self, path: Path, database: Database) -> None:
        self._path = path
        self._db = database
        epochs = all_epochs(database)
        nobody = TillIdentity("", "", "", 0, b"", "")
        self.state = StoreState(path, epochs[-1] if epochs else nobody)
        self.epochs = {identity.epoch: identity for identity in epochs}
        self._vocabulary = Vocabulary(database, self.state)
        self.catalogue = CatalogueInspection(database, self.state, self._vocabulary)

    def broken_pages(self) -> list[str]:
        """Return what SQLite's own check of pages, indexes and word indexes finds."""
        found = self._integrity(FAULTS_LIMIT)
        if not any("malformed" in text for text in found):
            return found
        tables = self._db.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        by_table = [f"table {name}: {text}" for (name,) in tables for text in self._integrity(name)]
        return [*found, *by_table][:FAULTS_LIMIT]

    def _integrity(self, what: str | int) -> list[str]:
        try:
            rows = self._db.rows(f"PRAGMA integrity_check({what})")
        except StoreRefusal as refusal:
            return [str(refusal.fields.get("detail", refusal))]
        return [_placed(text) for (text,) in rows if text != "ok"]

    def broken_rules(self) -> list[str]:
        """Return tables with rows that break a rule of theirs.

        SQLite's own check passes over such rules where they were switched off for the writing.
        """
        found = []
        for table in metadata.sorted_tables:
            rules = [one for one in table.constraints if isinstance(one, CheckConstraint)]
            if not rules:
                continue
            broken = ", ".join(f"sum(NOT coalesce(({one.sqltext}), 1))" for one in rules)
            counts = self._db.row(f"SELECT {broken} FROM {table.name}") or ()
            found += [
                f"{table.name} has rows that break its rule {rule.name}: {count}"
                for rule, count in zip(rules, counts, strict=False)
                if count
            ]
        return found[:FAULTS_LIMIT]

    def broken_references(self) -> list[str]:
        """Return rows that refer to rows that are not there."""
        rows = self._db.stream("PRAGMA foreign_key_check")
        return [
            f"row {row} of {table} refers to a missing row of {parent}"
            for (table, row, parent, _), _ in zip(rows, range(FAULTS_LIMIT), strict=False)
        ]

    def changed_schema(self) -> list[str]:
        """Return tables, indexes and triggers that are missing, added or other than declared."""
        declared, found = declared_schema(), schema_of(self._db)
        missing = [f"the {name} is missing" for name in declared if name not in found]
        added = [f"the {name} does not belong here" for name in found if name not in declared]
        changed = [
            f"the {name} was changed"
            for name, statement in declared.items()
            if name in found and found[name] != statement
        ]
        return [*missing, *added, *changed]

    def uneven_word_indexes(self) -> list[str]:
        """Return word indexes that do not have one text for each row they index."""
        faults = []
        for table, names in (
            ("products", ("product_words", "product_code_parts")),
            ("name_words", ("name_word_parts",)),
            ("customers", ("customer_words", "customer_parts")),
        ):
            rows = self._db.value(f"SELECT count(*) FROM {table}")
            for name in names:
                texts = self._db.value(f"SELECT count(*) FROM {name}_docsize")
                if texts != rows:
                    faults.append(f"{name} has {texts} texts for {rows} {table}")
        return faults

    def entries(self) -> Iterator[JournalEntry]:
        """Yield the journal in order."""
        for row in self._db.stream(f"{SELECT_ENTRY} ORDER BY seq"):
            yield entry_of(row)

    def last_seq(self) -> int:
        """Return how far the journal goes, for telling how far a check is."""
        return int(self._db.value("SELECT max(seq) FROM journal") or 0)

    def entry(self, seq: int) -> JournalEntry | None:
        """Return one entry of the journal."""
        row = self._db.row(f"{SELECT_ENTRY} WHERE seq = ?", (seq,))
        return None if row is None else entry_of(row)

    def documents(self) -> Iterator[ReadDocument]:
        """Yield the documents in the order of writing."""
        after = 0
        while True:
            heads = self._db.rows(
                "SELECT * FROM sales WHERE row > ? ORDER BY row LIMIT ?", (after, CHUNK)
            )
            if not heads:
                return
            lines, taxes, tenders = (
                self._children(table, heads[0][0], heads[-1][0])
                for table in ("sale_lines", "sale_taxes", "tenders")
            )
            for head in heads:
                row = head[0]
                parts = (lines.get(row, []), taxes.get(row, []), tenders.get(row, []))
                yield self._document(head, *parts)
            after = heads[-1][0]

    def document_row(self, sale_id: str) -> int | None:
        """Return the row of a document by its id."""
        row: int | None = self._db.value("SELECT row FROM sales WHERE id = ?", (sale_id,))
        return row

    def document(self, sale_id: str) -> Sale | None:
        """Return one document by its id, or None where it is missing or cannot be read."""
        head = self._db.row("SELECT * FROM sales WHERE id = ?", (sale_id,))
        if head is None:
            return None
        row = head[0]
        parts = (
            self._children(table, row, row).get(row, [])
            for table in ("sale_lines", "sale_taxes", "tenders")
        )
        return self._document(head, *parts).sale

    def moves(self) -> Iterator[ReadMove]:
        """Yield every stock movement in the order of writing."""
        for row in self._db.stream(
            "SELECT row, product_id, location, quantity_micro, reason, note, at, document_id, "
            "batch FROM stock_moves ORDER BY row"
        ):
            try:
                move = StockMove(
                    row[1], row[2], quantity_of(row[3]), MoveReason(row[4]), row[5], row[8]
                )
            except UNREADABLE as failure:
                detail = f"stock movement {row[0]}: {failure}"
                raise StoreDamaged(path=self._path, detail=detail) from failure
            yield ReadMove(row[0], move, row[6], row[7])

    def records(self) -> Iterator[RecordRow]:
        """Yield every record: what changes with time, as it stands."""
        yield from record_rows(self._db)

    def listed_documents(self) -> Iterator[tuple[str, Listed]]:
        """Yield every row of the lists of sales documents with its kind, by kind and id."""
        yield from listed_rows(self._db)

    def numbers_taken(self) -> Iterator[tuple[str, int]]:
        """Yield every series of numbers with the last number that was taken in it."""
        yield from ((row[0], row[1]) for row in self._db.stream("SELECT * FROM sequences"))

    def document_states(self, records: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
        """Yield kind, id and state of every record of some kinds, by kind and id."""
        marks = ", ".join("?" * len(records))
        rows = self._db.stream(
            f"SELECT record, id, state FROM records WHERE record IN ({marks}) ORDER BY record, id",
            records,
        )
        yield from ((record, record_id, state) for record, record_id, state in rows)

    def levels(self) -> Iterator[tuple[str, str, Decimal]]:
        """Yield (product id, location, level)."""
        for product_id, location, micro in self._db.stream("SELECT * FROM stock_levels"):
            yield product_id, location, quantity_of(micro)

    def product_name(self, product_id: str) -> str:
        """Return what a product is called, or its id."""
        found = self._db.value("SELECT name FROM products WHERE id = ?", (product_id,))
        return str(found or product_id)

    def last_number(self, series: str) -> int:
        """Return the number of a series that was taken last."""
        return Sequences(self._db).last(series)

    def stray_rows(self) -> list[str]:
        """Return lines, taxes and tenders of no document, and rows that nothing reads."""
        faults = [
            f"the settings have a row {key}, which nothing reads"
            for (key,) in self._db.rows("SELECT key FROM settings WHERE key <> 'shop'")
        ]
        if self._db.value("SELECT count(*) FROM settings WHERE key = 'shop'") == 0:
            faults.append("the settings are missing")
        for table in ("sale_lines", "sale_taxes", "tenders"):
            rows = self._db.rows(
                f"SELECT DISTINCT sale FROM {table} WHERE sale NOT IN (SELECT row FROM sales) "
                f"LIMIT {FAULTS_LIMIT}"
            )
            faults += [f"{table} has rows of document {row}, which is missing" for (row,) in rows]
        return faults

    def unreadable_texts(self) -> list[str]:
        """Return what is kept as text and cannot be read: settings, cart on the screen, parked."""
        parked = Parked(self._db)
        readings: dict[str, Callable[[], object]] = {
            "the settings": Settings(self._db, self.state).shop,
            "the cart on the screen": Draft(self._db).get,
            "the parked sales": lambda: [parked.get(sale.id) for sale in parked.list()],
        }
        faults = []
        for name, read in readings.items():
            try:
                read()
            except UNREADABLE as failure:
                faults.append(f"{name} cannot be read: {failure}")
        return faults

    def uneven_day_sums(self) -> Iterator[tuple[str, str]]:
        """Yield (where, sentence) for sums of days that their documents do not come to."""
        yield from uneven_sums(self._path)

    def seen(self) -> Head | None:
        """Return how far the journal had come when the till was last closed, where it is known."""
        return read_seen(self._path, self.state.identity.store_id)

    def began(self, epoch: int) -> tuple[str, str]:
        """Return when an epoch began as its row says, and why."""
        sql = "SELECT started_at, reason FROM till_epochs WHERE epoch = ?"
        return self._db.row(sql, (epoch,)) or ("", "")

    def signer(self, epoch: int) -> Signer | None:
        """Return the private key of an epoch where this machine has it."""
        return load_key(self._key_name(epoch))

    def outside_public_key(self, epoch: int) -> bytes | None:
        """Return the public key that is kept beside the private one, outside the store."""
        return public_key_beside_private(self._key_name(epoch))

    def _key_name(self, epoch: int) -> KeyName:
        return KeyName(self.state.identity.store_id, epoch, self._path)

    def _children(self, table: str, first: int, last: int) -> dict[int, list[tuple[object, ...]]]:
        found: dict[int, list[tuple[object, ...]]] = {}
        for row in self._db.stream(
            f"SELECT * FROM {table} WHERE sale BETWEEN ? AND ? ORDER BY 1, 2", (first, last)
        ):
            found.setdefault(row[0], []).append(row)
        return found

    def _document(
        self,
        head: tuple[object, ...],
        lines: list[tuple[object, ...]],
        taxes: list[tuple[object, ...]],
        tenders: list[tuple[object, ...]],
    ) -> ReadDocument:
        row, sale_id, number = int(str(head[0])), str(head[1]), str(head[2])
        try:
            sale = sale_of(head, lines, taxes, tenders, self._vocabulary)
            same = (
                sale_row(row, sale) == head
                and list(line_rows(row, sale, self._vocabulary)) == lines
                and tax_rows(row, sale, self._vocabulary) == taxes
                and tender_rows(row, sale) == tenders
            )
        except UNREADABLE as failure:
            return ReadDocument(row, sale_id, number, None, f"{type(failure).__name__}: {failure}")
        if not same:
            return ReadDocument(row, sale_id, number, sale, "its rows do not fit together")
        return ReadDocument(row, sale_id, number, sale)


@contextmanager
def inspect_store(path: Path) -> Iterator[Inspection]:
    """Open a store for reading everything; raises as `open_reader`, and works while it sells."""
    missing_store_check(path)
    with _naming_the_page(path):
        database = connect(path, read_only=True)
    try:
        with _naming_the_page(path):
            check_revision(path, database, revision_of(database), is_current_only=True)
            database.run("BEGIN")  # everything is read as of one moment
            inspection = Inspection(path, database)
        yield inspection
    finally:
        database.close()


@contextmanager
def _naming_the_page(path: Path) -> Iterator[None]:
    """Say of a damaged file after which page it ends, where it is too short."""
    try:
        yield
    except StoreDamaged as damage:
        promised, there = _pages(path)
        if there >= promised:
            raise
        detail = f"the file ends after page {there} of {promised}"
        raise StoreDamaged(path=path, detail=detail) from damage


def _placed(text: str) -> str:
    """Say where a fault lies that SQLite names no page for: what the header says is on page 1."""
    return f"page 1, the file's header: {text}" if "incremental_vacuum" in text else text


def is_cut_short(path: Path) -> bool:
    """Whether the file of a store ends before the pages that its first page promises."""
    promised, there = _pages(path)
    return there < promised


def _pages(path: Path) -> tuple[int, int]:
    """Return the pages that the file's header promises and those there are (SQLite file format)."""
    with naming(path), path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100 or not head.startswith(b"SQLite format 3\0"):
        return 0, 0
    size = int.from_bytes(head[16:18]) or 1
    return int.from_bytes(head[28:32]), path.stat().st_size // (65_536 if size == 1 else size)


@cache
def declared_schema() -> dict[str, str]:
    """Return what `schema_of` gives for a new store."""
    database = Database(pysqlite3.connect(":memory:", isolation_level=None), Path(":memory:"))
    try:
        make_schema(database)
        return schema_of(database)
    finally:
        database.close()

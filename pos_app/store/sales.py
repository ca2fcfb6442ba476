"""Finished documents: written once, read as they were."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from pos_app.domain.cart import SaleKind
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.sale import Sale, SaleLine
from pos_app.store.connection import Database, Row
from pos_app.store.products import is_storable
from pos_app.store.sale_rows import line_of, line_rows, sale_of, sale_row, tax_rows, tender_rows
from pos_app.store.vocabulary import Vocabulary

_INSERT_SALE = f"INSERT INTO sales VALUES ({', '.join('?' * 31)})"
_INSERT_LINE = f"INSERT INTO sale_lines VALUES ({', '.join('?' * 28)})"
_INSERT_TAX = "INSERT INTO sale_taxes VALUES (?, ?, ?, ?, ?)"
_INSERT_TENDER = "INSERT INTO tenders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SUMMARY = (
    "SELECT s.id, s.number, s.kind, s.at, s.business_day, s.gross, s.currency, s.customer_name, "
    "s.line_count, (SELECT group_concat(method) FROM (SELECT method FROM tenders t "
    "WHERE t.sale = s.row ORDER BY position)), "
    "EXISTS (SELECT 1 FROM sales v WHERE v.voids_sale_id = s.id), "
    "EXISTS (SELECT 1 FROM sale_lines b JOIN sales r ON r.row = b.sale "
    "WHERE b.returns_sale_id = s.id AND r.kind <> 'void' "
    "AND NOT EXISTS (SELECT 1 FROM sales v WHERE v.voids_sale_id = r.id)), s.staff FROM sales s"
)
# Lines that give back something of a document and were not themselves undone.
_RETURNING = (
    "sale_lines l JOIN sales s ON s.row = l.sale WHERE l.returns_sale_id = ? "
    "AND NOT EXISTS (SELECT 1 FROM sales v WHERE v.voids_sale_id = s.id)"
)
CHUNK = 200


@dataclass(frozen=True, slots=True)
class SaleSummary:
    """A document as a list shows it; `at` is UTC, `business_day` the shop's date.

    `is_given_back` says that goods of it came back, be it one piece or all.
    """

    id: str
    number: str
    kind: SaleKind
    at: datetime
    business_day: date
    gross: Money
    customer_name: str
    tender_methods: tuple[TenderMethod, ...]
    line_count: int
    is_voided: bool = False
    is_given_back: bool = False
    staff: str = ""


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of an earlier sale and how much of it already came back (above 0)."""

    sale_id: str
    sale_number: str
    at: datetime
    line: SaleLine
    returned: Decimal

    @property
    def left(self) -> Decimal:
        """How much can still come back."""
        return self.line.quantity - self.returned


@dataclass(frozen=True, slots=True)
class ExactSum:
    """A document's lines summed without rounding: quantity times unit price, in currency units."""

    number: str
    line_count: int
    amount: Decimal
    net: Money


class Sales:
    """The documents for reading."""

    def __init__(self, database: Database, vocabulary: Vocabulary) -> None:
        self._db = database
        self._vocabulary = vocabulary

    def has(self, sale_id: str) -> bool:
        """Whether a document with this id is finished."""
        return self._row_of(sale_id) is not None

    def get(self, sale_id: str) -> Sale | None:
        """Return a document by id."""
        return self._sale(self._row_of(sale_id))

    def by_number(self, number: str) -> Sale | None:
        """Return a document by its number."""
        if not is_storable(number):
            return None
        return self._sale(self._db.value("SELECT row FROM sales WHERE number = ?", (number,)))

    def last(self) -> Sale | None:
        """Return the latest document."""
        return self._sale(self._db.value("SELECT max(row) FROM sales"))

    def count(self, day: date | None = None) -> int:
        """Return how many documents there are, or were made for a business day."""
        if day is None:  # documents are never removed, so their rows have no gaps
            return int(self._db.value("SELECT max(row) FROM sales") or 0)
        sql = "SELECT count(*) FROM sales WHERE business_day = ?"
        return int(self._db.value(sql, (day.isoformat(),)))

    def page(
        self,
        offset: int,
        limit: int,
        day: date | None = None,
        text: str = "",
        gross_minor: int | None = None,
        product_ids: Sequence[str] = (),
    ) -> list[SaleSummary]:
        """Return a page of documents, latest first.

        `text` is in the number or the customer's name, or `gross_minor` is the total, or one of
        the products is on a line. With a text all documents are read backwards until `limit` are
        found, which takes about a second in a million.
        """
        conditions = ["1 = 1"]
        values: list[str | int | None] = []
        if day is not None:
            conditions.append("s.business_day = ?")
            values.append(day.isoformat())
        needle = text.strip()
        if needle and is_storable(needle):
            pattern = "".join(f"\\{letter}" if letter in "%_\\" else letter for letter in needle)
            some = product_ids[:CHUNK]
            on_line = (
                " OR EXISTS (SELECT 1 FROM sale_lines l WHERE l.sale = s.row "
                f"AND l.product_id IN ({', '.join('?' * len(some))}))"
            )
            conditions.append(
                "(s.number LIKE ? ESCAPE '\\' OR s.customer_name LIKE ? ESCAPE '\\' OR s.gross = ?"
                f"{on_line if some else ''})"
            )
            values += [f"%{pattern[:200]}%", f"%{pattern[:200]}%", gross_minor, *some]
        if len(conditions) == 1:  # rows have no gaps, so a far page is reached without walking
            conditions.append("s.row <= ?")
            values.append(self.count() - offset)
            offset = 0
        rows = self._db.rows(
            f"{_SUMMARY} WHERE {' AND '.join(conditions)} ORDER BY s.row DESC LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        return [_summary(row) for row in rows]

    def summaries(self, rows: Sequence[int]) -> list[SaleSummary]:
        """Return the documents of some rows, in that order."""
        found = []
        for row in rows:
            summary = self._db.row(f"{_SUMMARY} WHERE s.row = ?", (row,))
            if summary is not None:
                found.append(_summary(summary))
        return found

    def returned(self, sale_id: str, line_no: int) -> Decimal:
        """Return how much of a line already came back; a return that was voided came back not."""
        rows = self._db.rows(
            f"SELECT l.quantity FROM {_RETURNING} AND l.returns_line_no = ?", (sale_id, line_no)
        )
        return -sum((Decimal(quantity) for (quantity,) in rows), Decimal(0))

    def returns_of(self, sale_id: str) -> list[Sale]:
        """Return the documents that gave back something of a document, its void among them."""
        rows = self._db.rows(f"SELECT DISTINCT s.row FROM {_RETURNING} ORDER BY s.row", (sale_id,))
        found = [self._sale(row) for (row,) in rows]
        return [sale for sale in found if sale is not None]

    def of_customer(self, customer_id: str, limit: int = 20) -> list[SaleSummary]:
        """Return the latest documents of a customer, latest first."""
        rows = self._db.rows(
            f"{_SUMMARY} WHERE s.customer_id = ? ORDER BY s.row DESC LIMIT ?", (customer_id, limit)
        )
        return [_summary(row) for row in rows]

    def void_of(self, sale_id: str) -> Sale | None:
        """Return the document that undid a document."""
        sql = "SELECT row FROM sales WHERE voids_sale_id = ?"
        return self._sale(self._db.value(sql, (sale_id,)))

    def of_product(
        self,
        product: str,
        customer_id: str | None = None,
        before: datetime | None = None,
        limit: int = 20,
    ) -> list[SoldLine]:
        """Return lines that sold a product (its id or code), latest first, none fully returned.

        With a customer only that customer's sales are read; without one all of them, backwards
        until `limit` are found, which takes about a second in a million sales.
        """
        moment = "9999" if before is None else before.isoformat()
        customer = "1 = 1" if customer_id is None else "s.customer_id = ?4"
        extra = () if customer_id is None else (customer_id,)
        rows = self._db.stream(
            "SELECT s.id, s.number, s.at, s.currency, l.* FROM sales s "
            "JOIN sale_lines l ON l.sale = s.row "
            f"WHERE {customer} AND s.kind = ?3 AND s.at < ?2 "
            "AND (l.product_id = ?1 OR l.code = ?1) ORDER BY s.row DESC, l.line_no",
            (product, moment, SaleKind.SALE.value, *extra),
        )
        found: list[SoldLine] = []
        for sale_id, number, at, currency, *line_row in rows:
            line = line_of(tuple(line_row), currency, self._vocabulary)
            back = self.returned(sale_id, line.line_no)
            if back < line.quantity:
                found.append(SoldLine(sale_id, number, datetime.fromisoformat(at), line, back))
            if len(found) == limit:
                break
        return found

    def exact_sums(self, sale_ids: Sequence[str]) -> dict[str, ExactSum]:
        """Return the unrounded sums of documents by id; ids without a document are left out."""
        sums: dict[str, ExactSum] = {}
        for start in range(0, len(sale_ids), CHUNK):
            some = sale_ids[start : start + CHUNK]
            marks = ", ".join("?" * len(some))
            rows = self._db.rows(
                "SELECT s.id, s.number, s.net, s.currency, l.quantity, l.unit_price FROM sales s "
                f"JOIN sale_lines l ON l.sale = s.row WHERE s.id IN ({marks}) ORDER BY s.row",
                some,
            )
            for sale_id, group in groupby(rows, key=lambda row: str(row[0])):
                lines = list(group)
                _, number, net, currency, *_ = lines[0]
                amount = sum((Decimal(row[4]) * Decimal(row[5]) for row in lines), Decimal(0))
                sums[sale_id] = ExactSum(number, len(lines), amount, Money(net, currency))
        return sums

    def stream(self, after_row: int = 0) -> Iterator[tuple[int, Sale]]:
        """Yield (row, document) in the order of writing; memory stays flat."""
        while True:
            heads = self._db.rows(
                "SELECT * FROM sales WHERE row > ? ORDER BY row LIMIT ?", (after_row, CHUNK)
            )
            if not heads:
                return
            yield from self._sales(heads)
            after_row = heads[-1][0]

    def between(self, first: date | None, last: date | None) -> Iterator[Sale]:
        """Yield the documents of business days, both within, in the order of writing.

        None is without end; memory stays flat.
        """
        days = (first or date.min).isoformat(), (last or date.max).isoformat()
        after_row = 0
        while True:
            heads = self._db.rows(
                "SELECT * FROM sales WHERE row > ? AND business_day BETWEEN ? AND ? "
                "ORDER BY row LIMIT ?",
                (after_row, *days, CHUNK),
            )
            if not heads:
                return
            yield from (sale for _, sale in self._sales(heads))
            after_row = heads[-1][0]

    def _sales(self, heads: Sequence[Row]) -> Iterator[tuple[int, Sale]]:
        first, last = heads[0][0], heads[-1][0]
        lines = self._children("sale_lines", "line_no", first, last)
        taxes = self._children("sale_taxes", "position", first, last)
        tenders = self._children("tenders", "position", first, last)
        for head in heads:
            row = head[0]
            yield (
                row,
                sale_of(
                    head,
                    lines.get(row, ()),
                    taxes.get(row, ()),
                    tenders.get(row, ()),
                    self._vocabulary,
                ),
            )

    def _children(self, table: str, key: str, first: int, last: int) -> dict[int, list[Row]]:
        rows = self._db.rows(
            f"SELECT * FROM {table} WHERE sale BETWEEN ? AND ? ORDER BY sale, {key}", (first, last)
        )
        return {sale: list(group) for sale, group in groupby(rows, key=lambda row: int(row[0]))}

    def _row_of(self, sale_id: str) -> int | None:
        row: int | None = self._db.value("SELECT row FROM sales WHERE id = ?", (sale_id,))
        return row

    def _sale(self, row: int | None) -> Sale | None:
        if row is None:
            return None
        head = self._db.row("SELECT * FROM sales WHERE row = ?", (row,))
        return next((sale for _, sale in self._sales([head])), None) if head else None


class SalesWriter(Sales):
    """The documents inside a transaction."""

    def add(self, sale: Sale) -> None:
        """Write a finished document; its fact belongs beside it in the same transaction.

        Raises RowRefused for a number or id that is taken, and for figures that do not add up.
        """
        row = int(self._db.value("SELECT max(row) FROM sales") or 0) + 1
        vocabulary = self._vocabulary
        vocabulary.refresh()
        self._db.run(_INSERT_SALE, sale_row(row, sale))
        self._db.many(_INSERT_LINE, line_rows(row, sale, vocabulary))
        self._db.many(_INSERT_TAX, tax_rows(row, sale, vocabulary))
        self._db.many(_INSERT_TENDER, tender_rows(row, sale))


def _summary(row: Row) -> SaleSummary:
    return SaleSummary(
        id=row[0],
        number=row[1],
        kind=SaleKind(row[2]),
        at=datetime.fromisoformat(row[3]),
        business_day=date.fromisoformat(row[4]),
        gross=Money(row[5], row[6]),
        customer_name=row[7],
        tender_methods=tuple(TenderMethod(word) for word in row[9].split(",")) if row[9] else (),
        line_count=row[8],
        is_voided=bool(row[10]),
        is_given_back=bool(row[11]),
        staff=row[12],
    )

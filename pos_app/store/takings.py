"""What the documents after a certain one come to, in SQL sums that read nothing before it."""

from collections.abc import Sequence
from datetime import date, datetime

from pos_app.domain.cart import SaleKind
from pos_app.domain.difference import PaymentTrace
from pos_app.domain.facts import FactKind
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.pricing import TaxFigure
from pos_app.domain.product import ProductKind
from pos_app.domain.shift import Mark
from pos_app.domain.shift_report import (
    HELD_KINDS,
    CashFlow,
    EventFigure,
    ForeignFigure,
    HeldFigure,
    KindFigure,
    SalesFigures,
    TenderFigure,
    in_tax_order,
)
from pos_app.store.connection import Database, Row
from pos_app.store.state import StoreState
from pos_app.store.vocabulary import Vocabulary

# CROSS JOIN keeps SQLite from walking through all lines and payments that there ever were.
_SOLD = "FROM sales s CROSS JOIN {children} c ON c.sale = s.row WHERE s.row > ? AND s.currency = ?"
_LINES = _SOLD.format(children="sale_lines")
_TAXES = _SOLD.format(children="sale_taxes")
_TENDERS = _SOLD.format(children="tenders")
_DOCUMENTS = (
    "SELECT kind, count(*), sum(gross), sum(net), sum(tax), sum(rounding), sum(line_count), "
    "min(row), max(row) FROM sales WHERE row > ? AND currency = ? GROUP BY kind"
)
_BY_LINE = (
    "SELECT c.kind, sum(c.discount), sum(c.document_discount), sum(max(c.gross, 0)), "
    "-sum(min(c.gross, 0)), -sum(CASE WHEN s.kind IN ('return', 'exchange') THEN min(c.gross, 0) "
    f"ELSE 0 END) {_LINES} GROUP BY c.kind"
)
_BY_TAX = f"SELECT c.tax, sum(c.base), sum(c.amount) {_TAXES} GROUP BY c.tax"
_BY_TENDER = (
    "SELECT c.method, count(*), sum(max(c.amount, 0)), -sum(min(c.amount, 0)), sum(c.change) "
    f"{_TENDERS} GROUP BY c.method"
)
# A foreign note lies in the drawer as it is; in the shop's own cash only its change is missing.
_BY_CASH = (
    "SELECT c.foreign_currency, count(*), "
    "sum(CASE WHEN c.tendered < 0 THEN -abs(c.foreign_tendered) ELSE abs(c.foreign_tendered) END), "
    "sum(c.tendered), sum(CASE WHEN c.foreign_currency IS NULL THEN c.amount ELSE -c.change END) "
    f"{_TENDERS} AND c.method = 'cash' GROUP BY c.foreign_currency ORDER BY c.foreign_currency"
)
_PAYMENTS = (
    "SELECT s.id, s.number, s.kind, s.at, c.method, c.amount, c.tendered, c.change, "
    f"c.foreign_currency, c.foreign_tendered {_TENDERS} AND s.row <= ? "
    "ORDER BY s.row, c.position LIMIT ?"
)
_LAST_ROW = 2**63 - 1
_TOLD_UP_TO = (
    "SELECT (SELECT row FROM sales WHERE id = json_extract(payload, '$.id')) FROM journal "
    "WHERE seq <= ? AND kind = ? ORDER BY seq DESC LIMIT 1"
)
_ELSEWHERE = (
    "SELECT currency, sum(gross) FROM sales WHERE row > ? AND currency <> ? "
    "GROUP BY currency ORDER BY currency"
)


class Takings:
    """The sums of documents after a mark; the rows before it are not touched."""

    def __init__(self, database: Database, state: StoreState, vocabulary: Vocabulary) -> None:
        self._db = database
        self._state = state
        self._vocabulary = vocabulary

    def mark(self) -> Mark:
        """Return where the documents and the journal end now."""
        row = int(self._db.value("SELECT max(row) FROM sales") or 0)
        return Mark(row, int(self._db.value("SELECT max(seq) FROM journal") or 0))

    def told_up_to(self, seq: int) -> int:
        """Return which document (its row) the journal told of last up to an entry, 0 for none."""
        found = self._db.value(_TOLD_UP_TO, (seq, FactKind.SALE_COMPLETED.value))
        return int(found or 0)

    def due_of(self, after_row: int, up_to_row: int) -> tuple[int, int]:
        """Return how many documents there are after a row up to another, and their sum due."""
        sql = "SELECT count(*), coalesce(sum(amount_due), 0) FROM sales WHERE row > ? AND row <= ?"
        count, due = self._db.row(sql, (after_row, up_to_row)) or (0, 0)
        return int(count), int(due)

    def numbers_of(self, after_row: int, limit: int) -> list[str]:
        """Return the numbers of the documents after a row, the first first."""
        sql = "SELECT number FROM sales WHERE row > ? ORDER BY row LIMIT ?"
        return [number for (number,) in self._db.rows(sql, (after_row, limit))]

    def last_at(self) -> datetime | None:
        """Return when the journal's last entry was written (UTC), or None before the first."""
        found = self._db.value("SELECT at FROM journal ORDER BY seq DESC LIMIT 1")
        return None if found is None else datetime.fromisoformat(found)

    def mark_of_day(self, day: date) -> Mark:
        """Return the mark before the documents that were made last, all for one business day."""
        row = self._db.value(
            "SELECT row FROM sales WHERE business_day <> ? ORDER BY row DESC LIMIT 1",
            (day.isoformat(),),
        )
        if row is None:
            return Mark()
        later = int(self._db.value("SELECT max(row) FROM sales")) - row
        seq = self._db.value(
            "SELECT seq FROM journal WHERE kind = ? ORDER BY seq DESC LIMIT 1 OFFSET ?",
            (FactKind.SALE_COMPLETED.value, later),
        )
        return Mark(row, seq or 0)

    def turnover_up_to(self, mark: Mark, currency: str) -> Money:
        """Return all turnover up to a mark; reads every document, a second for a million."""
        held = ", ".join(f"'{kind.value}'" for kind in HELD_KINDS)
        sold = self._db.value(
            "SELECT sum(gross) FROM sales WHERE row <= ? AND currency = ?",
            (mark.sale_row, currency),
        )
        kept = self._db.value(
            "SELECT sum(l.gross) FROM sale_lines l JOIN sales s ON s.row = l.sale "
            f"WHERE l.sale <= ? AND l.kind IN ({held}) AND s.currency = ?",
            (mark.sale_row, currency),
        )
        return Money((sold or 0) - (kept or 0), currency)

    def figures(self, after: Mark, currency: str) -> SalesFigures:
        """Return everything that the documents after a mark come to."""
        values = (after.sale_row, currency)
        documents = self._db.rows(_DOCUMENTS, values)
        lines = self._db.rows(_BY_LINE, values)
        tenders = {row[0]: row for row in self._db.rows(_BY_TENDER, values)}
        first = min((row[7] for row in documents), default=0)
        last = max((row[8] for row in documents), default=0)

        def money(minor: int | None) -> Money:
            return Money(minor or 0, currency)

        return SalesFigures(
            documents=_documents(documents, currency),
            line_count=sum(row[6] for row in documents),
            first_number=self._number(first),
            last_number=self._number(last),
            net=money(sum(row[3] for row in documents)),
            tax=money(sum(row[4] for row in documents)),
            gross=money(sum(row[2] for row in documents)),
            taxes=self._taxes(values, currency),
            tenders=tuple(
                TenderFigure(method, tenders[method][1], *map(money, tenders[method][2:4]))
                for method in TenderMethod
                if method in tenders
            ),
            held=_held(lines, currency),
            cash=self.cash(after, currency),
            change=money(tenders["cash"][4] if "cash" in tenders else 0),
            rounding=money(sum(row[5] for row in documents)),
            discounts=money(sum(row[1] for row in lines)),
            document_discounts=money(sum(row[2] for row in lines)),
            refunds=money(sum(row[5] for row in lines)),
            elsewhere=tuple(
                Money(gross, code) for code, gross in self._db.rows(_ELSEWHERE, values)
            ),
        )

    def cash(self, after: Mark, currency: str) -> CashFlow:
        """Return what the documents after a mark did to the drawer."""
        base, foreign = 0, []
        for code, count, tendered, worth, own in self._db.rows(
            _BY_CASH, (after.sale_row, currency)
        ):
            base += own
            if code is not None:
                foreign.append(ForeignFigure(count, Money(tendered, code), Money(worth, currency)))
        return CashFlow(Money(base, currency), tuple(foreign))

    def events(self, after: Mark, kinds: Sequence[FactKind]) -> tuple[EventFigure, ...]:
        """Return how often something happened after a mark, in the order of `kinds`."""
        marks = ", ".join("?" * len(kinds))
        rows = self._db.rows(
            f"SELECT kind, count(*) FROM journal WHERE seq > ? AND kind IN ({marks}) GROUP BY kind",
            (after.seq, *(kind.value for kind in kinds)),
        )
        counts: dict[str, int] = {kind: count for kind, count in rows}  # noqa: C416 - typed so
        return tuple(
            EventFigure(kind.value, counts[kind.value]) for kind in kinds if kind.value in counts
        )

    def payments(
        self, after: Mark, currency: str, limit: int = 5_000, up_to: Mark | None = None
    ) -> list[PaymentTrace]:
        """Return the payments of the documents after a mark, or between two, the first first."""
        last = _LAST_ROW if up_to is None else up_to.sale_row
        rows = self._db.rows(_PAYMENTS, (after.sale_row, currency, last, limit))
        return [_payment(row, currency) for row in rows]

    def _taxes(self, values: tuple[int, str], currency: str) -> tuple[TaxFigure, ...]:
        rows = self._db.rows(_BY_TAX, values)
        found = [
            TaxFigure(self._vocabulary.tax(tax), Money(base, currency), Money(amount, currency))
            for tax, base, amount in rows
        ]
        return in_tax_order(found)

    def _number(self, row: int) -> str:
        return str(self._db.value("SELECT number FROM sales WHERE row = ?", (row,)) or "")


def _documents(rows: Sequence[Row], currency: str) -> tuple[KindFigure, ...]:
    by_kind = {row[0]: row for row in rows}
    return tuple(
        KindFigure(kind, by_kind[kind][1], Money(by_kind[kind][2], currency))
        for kind in SaleKind
        if kind in by_kind
    )


def _held(rows: Sequence[Row], currency: str) -> tuple[HeldFigure, ...]:
    by_kind = {ProductKind(row[0]): row for row in rows}
    return tuple(
        HeldFigure(kind, Money(by_kind[kind][3], currency), Money(by_kind[kind][4], currency))
        for kind in HELD_KINDS
        if kind in by_kind
    )


def _payment(row: Row, currency: str) -> PaymentTrace:
    sale_id, number, kind, at, method, amount, tendered, change, foreign, foreign_tendered = row
    return PaymentTrace(
        sale_id,
        number,
        SaleKind(kind),
        datetime.fromisoformat(at),
        TenderMethod(method),
        Money(amount, currency),
        Money(tendered, currency),
        Money(change, currency),
        None if foreign is None else Money(foreign_tendered, foreign),
    )

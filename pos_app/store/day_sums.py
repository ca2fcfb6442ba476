"""What business days came to, read from the sums that were made of their documents.

Days are both within; amounts are minor units of the currency asked for. Sums go as far as `mark`
says: whoever needs the present adds what came after it first.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from pos_app.domain.day_figures import (
    SUMMED,
    CategorySum,
    DayTotals,
    ExceptionSum,
    ProductSum,
    ReceiptQuery,
    SlotFigure,
    StaffSum,
    TaxSum,
    TenderSum,
    Watched,
)
from pos_app.domain.day_review import DaySum, SlowProduct
from pos_app.domain.payment import TenderMethod
from pos_app.store.connection import Database, Row
from pos_app.store.day_evidence import Found, Place, evidence_of
from pos_app.store.day_fold import (
    CHUNK,
    HELD_SQL,
    TICKETS_SQL,
    FoldMark,
    Part,
    add_part,
    fold_mark,
    forget_sums,
    gather,
    head_mark,
)
from pos_app.store.day_receipts import receipt_rows
from pos_app.store.day_span import Span
from pos_app.store.stock import quantity_of

_DAYS = "business_day BETWEEN ? AND ? AND currency = ?"
_TOTALS = f"SELECT business_day, {', '.join(SUMMED)} FROM day_totals WHERE {_DAYS} ORDER BY 1"
_SLOTS = (
    f"SELECT slot, sum(tickets), sum(takings) FROM day_slots WHERE {_DAYS} GROUP BY slot ORDER BY 1"
)
_TENDERS = (
    "SELECT method, sum(payments), sum(taken), sum(given_back) FROM day_tenders "
    f"WHERE {_DAYS} GROUP BY method"
)
_TAXES = (
    "SELECT t.code, t.name, coalesce(t.rate, '') AS percent, sum(d.base), sum(d.amount) "
    f"FROM day_taxes d JOIN taxes t ON t.row = d.tax WHERE {_DAYS} "
    "GROUP BY t.code, t.name, percent ORDER BY t.code, t.name, percent"
)
# Whole months come from their own sums, the days at both ends from theirs.
_SUMS = "items, quantity_micro, takings, net, cost, costed_net"
_SOLD = (
    f"SELECT product_id, code, name, {_SUMS} FROM month_products "
    "WHERE month BETWEEN ? AND ? AND currency = ? "
    f"UNION ALL SELECT product_id, code, name, {_SUMS} FROM day_products WHERE {_DAYS} "
    f"UNION ALL SELECT product_id, code, name, {_SUMS} FROM day_products WHERE {_DAYS}"
)
# Both lists come from one pass: adding up a year's products is most of the work.
_BY_PRODUCT = (
    "WITH sold AS MATERIALIZED (SELECT product_id, code, name, sum(items) AS items, "
    "sum(quantity_micro) AS quantity_micro, sum(takings) AS takings, sum(net) AS net, "
    f"sum(cost) AS cost, sum(costed_net) AS costed_net FROM ({_SOLD}) "
    "GROUP BY product_id, code, name), "
    "top AS (SELECT * FROM sold WHERE takings > 0 "
    "ORDER BY takings DESC, product_id, code, name LIMIT ?) "
    "SELECT 1, t.product_id, coalesce(p.code, t.code), coalesce(p.name, t.name), "
    "t.quantity_micro, t.takings, t.net, t.cost, t.costed_net "
    "FROM top t LEFT JOIN products p ON p.id = t.product_id "
    "UNION ALL SELECT 2, coalesce(c.id, ''), '', coalesce(c.name, ''), sum(s.items), "
    "sum(s.takings), sum(s.net), 0, 0 FROM sold s LEFT JOIN products p ON p.id = s.product_id "
    "LEFT JOIN categories c ON c.id = p.category_id GROUP BY 2 ORDER BY 1, 6 DESC, 2, 3, 4"
)
_STAFF = (
    "SELECT staff, sum(tickets), sum(takings), sum(void_count), sum(voids), sum(refund_count), "
    f"sum(refunds), sum(discount_count), sum(discounts) FROM day_staff WHERE {_DAYS} GROUP BY staff"
)
_WATCHED = (
    "SELECT staff, kind, count(*), sum(amount) FROM watched_facts "
    "WHERE slot >= ? AND slot < ? AND currency = ? GROUP BY staff, kind"
)
_SO_FAR = (
    f"SELECT {TICKETS_SQL}, (SELECT coalesce(sum(l.gross), 0) FROM sale_lines l "
    f"WHERE l.sale = s.row AND NOT {HELD_SQL}) FROM sales s "
    "WHERE s.business_day = ? AND s.currency = ? AND s.at <= ?"
)
_IN_STOCK = (
    "SELECT p.id, p.code, p.name, k.level_micro, b.business_day FROM stock_levels k "
    "CROSS JOIN products p ON p.id = k.product_id AND p.is_active "
    "LEFT JOIN last_bought b ON b.product_id = p.id WHERE k.location = ? AND k.level_micro > 0 "
    "AND (b.business_day IS NULL OR b.business_day < ? OR (b.business_day > ? AND p.id NOT IN "
    "(SELECT product_id FROM day_products WHERE business_day BETWEEN ? AND ? AND times > 0))) "
    "ORDER BY k.level_micro DESC, p.search_text, p.id LIMIT ?"
)
# Only for days gone by: what was bought since tells nothing of when it was bought before.
_MONTHS = (
    "SELECT DISTINCT substr(business_day, 1, 7), currency FROM day_totals "
    "WHERE business_day <= ? ORDER BY 1 DESC"
)
_IN_MONTH = (
    "SELECT 1 FROM month_products WHERE month = ? AND currency = ? AND product_id = ? "
    "AND times > 0 LIMIT 1"
)
_LAST_DAY = (
    "SELECT max(d.business_day) FROM day_totals d CROSS JOIN day_products p "
    "ON p.business_day = d.business_day AND p.currency = d.currency AND p.product_id = ? "
    "AND p.times > 0 WHERE d.business_day BETWEEN ? AND ? AND d.currency = ?"
)
_OVERDUE = (
    "SELECT count(*), coalesce(sum(open), 0) FROM documents INDEXED BY documents_by_open "
    "WHERE record = 'invoice' AND open <> 0 AND open > 0 AND until < ? AND until <> '' "
    "AND currency = ? AND status NOT IN ('draft', 'deleted')"
)
_CURRENCIES = (
    "SELECT currency FROM day_totals WHERE business_day BETWEEN ? AND ? "
    "GROUP BY currency ORDER BY currency"
)
_METHODS = [method.value for method in TenderMethod]
_KINDS = list(Watched)


class DaySums:
    """The sums for reading."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def mark(self) -> FoldMark:
        """How far the sums go."""
        return fold_mark(self._db)

    @property
    def behind(self) -> int:
        """How many documents have not been added yet."""
        return head_mark(self._db)[0] - self.mark.sale_row

    @property
    def is_behind(self) -> bool:
        """Whether documents or entries of the journal have not been looked at yet."""
        mark = self.mark
        return (mark.sale_row, mark.seq) != head_mark(self._db)

    def gather(self, currency: str, chunk: int = CHUNK) -> Part | None:
        """Put together what is to be added next; not inside a transaction. None where all is."""
        return gather(self._db, currency, chunk=chunk)

    def by_day(self, start: date, end: date, currency: str) -> list[DaySum]:
        """Return the totals of each day that has any documents."""
        rows = self._db.rows(_TOTALS, (start.isoformat(), end.isoformat(), currency))
        return [DaySum(date.fromisoformat(day), DayTotals(currency, *sums)) for day, *sums in rows]

    def slots(self, span: Span) -> list[SlotFigure]:
        """Return the quarter hours in which documents were made."""
        return [SlotFigure(*row) for row in self._db.rows(_SLOTS, span.values)]

    def tenders(self, span: Span) -> tuple[TenderSum, ...]:
        """Return how was paid, in the order of `TenderMethod`."""
        rows = self._db.rows(_TENDERS, span.values)
        return tuple(
            TenderSum(*row) for row in sorted(rows, key=lambda row: _METHODS.index(row[0]))
        )

    def taxes(self, span: Span) -> tuple[TaxSum, ...]:
        """Return the taxes by code, name and rate."""
        return tuple(TaxSum(*row) for row in self._db.rows(_TAXES, span.values))

    def products(
        self, span: Span, limit: int
    ) -> tuple[tuple[ProductSum, ...], tuple[CategorySum, ...]]:
        """Return the products that brought most, and all categories, as they are called today."""
        rows = self._db.rows(_BY_PRODUCT, (*_product_days(span), limit))
        products = tuple(_product(row[1:]) for row in rows if row[0] == 1)
        categories = tuple(
            CategorySum(category, name, Decimal(items), takings, net)
            for which, category, _, name, items, takings, net, *_ in rows
            if which == 2
        )
        return products, categories

    def staff(self, span: Span) -> tuple[StaffSum, ...]:
        """Return everybody who sold or did what is worth a look, who sold most first."""
        exceptions: dict[str, dict[Watched, ExceptionSum]] = {}
        for staff, kind, times, amount in self._db.rows(
            _WATCHED, (span.first_slot, span.end_slot, span.currency)
        ):
            exceptions.setdefault(staff, {})[Watched(kind)] = ExceptionSum(
                Watched(kind), times, amount
            )
        sold = {row[0]: row for row in self._db.rows(_STAFF, span.values)}
        for staff, row in sold.items():
            pairs = zip(_IN_DOCUMENTS, zip(row[3::2], row[4::2], strict=True), strict=True)
            for kind, (times, amount) in pairs:
                exceptions.setdefault(staff, {})[kind] = ExceptionSum(kind, times, amount)
        found = []
        for staff, kinds in exceptions.items():
            _, tickets, takings, *_ = sold.get(staff, (staff, 0, 0))
            found.append(StaffSum(staff, tickets, takings, _listed(kinds)))
        return tuple(sorted(found, key=lambda one: (-one.takings, one.staff)))

    def so_far(self, day: date, currency: str, until: datetime) -> DayTotals:
        """Return tickets and takings of a day up to a moment (UTC); reads the day's documents."""
        moment = until.astimezone(UTC).isoformat()
        rows = self._db.rows(_SO_FAR, (day.isoformat(), currency, moment))
        tickets, takings = sum(row[0] for row in rows), sum(row[1] for row in rows)
        return DayTotals(currency, tickets=tickets, takings=takings)

    def slow_products(
        self, location: str, end: date, days: int, limit: int
    ) -> tuple[SlowProduct, ...]:
        """Return products in stock that nobody bought in the `days` up to `end`, most of it first.

        The rest of the products' past is only looked through for those that are returned.
        """
        start, last = (end - timedelta(days=days - 1)).isoformat(), end.isoformat()
        rows = self._db.rows(_IN_STOCK, (location, start, last, start, last, limit))
        return tuple(
            SlowProduct(
                row[0], row[1], row[2], quantity_of(row[3]), self._last(row[0], row[4], end)
            )
            for row in rows
        )

    def overdue(self, today: date, currency: str) -> tuple[int, int]:
        """Return how many invoices should have been paid before a day, and what is open on them."""
        count, amount = self._db.row(_OVERDUE, (today.isoformat(), currency)) or (0, 0)
        return count, amount

    def currencies(self, start: date, end: date) -> list[str]:
        """Return the currencies of some days' documents."""
        rows = self._db.rows(_CURRENCIES, (start.isoformat(), end.isoformat()))
        return [currency for (currency,) in rows]

    def receipt_rows(
        self,
        query: ReceiptQuery,
        span: Span,
        hour_of: Callable[[int], int],
        after: str,
        limit: int,
    ) -> list[int]:
        """Return the rows of the documents behind a figure, the latest first."""
        return receipt_rows(self._db, query, span, hour_of, after, limit)

    def evidence(self, query: ReceiptQuery, span: Span, after: Place, limit: int) -> list[Found]:
        """Return every single time behind a watched figure, the latest first."""
        return evidence_of(self._db, query, span, after, limit)

    def _last(self, product_id: str, latest: str | None, end: date) -> date | None:
        """Return when a product was bought last up to a day, `latest` being the last day at all."""
        if latest is None or latest <= end.isoformat():
            return None if latest is None else date.fromisoformat(latest)
        for month, currency in self._db.rows(_MONTHS, (end.isoformat(),)):
            if self._db.value(_IN_MONTH, (month, currency, product_id)) is None:
                continue
            last = min(f"{month}-31", end.isoformat())
            day = self._db.value(_LAST_DAY, (product_id, f"{month}-01", last, currency))
            if day is not None:
                return date.fromisoformat(day)
        return None


class DaySumsWriter(DaySums):
    """The sums inside a transaction."""

    def add(self, part: Part) -> bool:
        """Add what was put together; False where another thread added it meanwhile."""
        return add_part(self._db, part)

    def forget(self) -> None:
        """Remove every sum, so that all are made anew."""
        forget_sums(self._db)


_IN_DOCUMENTS = (Watched.VOID, Watched.REFUND, Watched.DISCOUNT)


def _listed(kinds: dict[Watched, ExceptionSum]) -> tuple[ExceptionSum, ...]:
    return tuple(kinds[kind] for kind in _KINDS if kind in kinds and kinds[kind].count)


def _product(row: Row) -> ProductSum:
    product_id, code, name, micro, *sums = row
    return ProductSum(product_id, code, name, quantity_of(micro), *sums)


def _product_days(span: Span) -> tuple[str, ...]:
    """Return the whole months, the days before and the days after them as query values."""
    start, end = span.start, span.end
    after_end = end + timedelta(days=1)
    first = start if start.day == 1 else (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    last = after_end.replace(day=1)  # the first day after the whole months
    if first >= last:
        nothing = ("9", "0", span.currency)
        return (*nothing, *span.values, *nothing)
    months = f"{first:%Y-%m}", f"{last - timedelta(days=1):%Y-%m}", span.currency
    before = start.isoformat(), (first - timedelta(days=1)).isoformat(), span.currency
    return (*months, *before, last.isoformat(), end.isoformat(), span.currency)

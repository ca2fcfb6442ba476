"""Sums for reports over the counter's documents, invoices and credit notes of some days.

Everything is summed in SQL in whole minor units; quantities come as the texts they were kept as, so
that none is ever a float. Nothing is read of days that are not asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pos_app.domain.shift_report import HELD_KINDS
from pos_app.store.connection import Database, Row

_HELD = ", ".join(f"'{kind.value}'" for kind in HELD_KINDS)
_ISSUED = "d.status NOT IN ('draft', 'deleted')"
_DAYS = "BETWEEN ? AND ?"
_NEXT_NAMES = 500

# CROSS JOIN keeps SQLite from walking through all lines that there ever were; `+s.row` keeps it
# from walking through all documents to have them in order.
_COUNTER = (
    "FROM sales s CROSS JOIN sale_lines l ON l.sale = s.row AND l.kind NOT IN "
    f"({_HELD}) WHERE s.business_day {_DAYS} AND s.currency = ?"
)
# Who bought without a name and had an invoice written for it afterwards is known by that. The plus
# keeps SQLite from looking through all invoices instead of those of one origin.
_INVOICED = (
    "(SELECT d.customer_id FROM documents d WHERE d.origin <> '' AND d.origin = s.id "
    f"AND +d.record = 'invoice' AND {_ISSUED} LIMIT 1)"
)
# A sale is one purchase, its void takes it away again; returns are none.
_BOUGHT_AT_COUNTER = (
    "SELECT customer_id, sum(purchases), sum(net), sum(gross) FROM ("
    f"SELECT coalesce(s.customer_id, {_INVOICED}, '') AS customer_id, "
    "CASE s.kind WHEN 'sale' THEN 1 "
    "WHEN 'void' THEN -(SELECT v.kind = 'sale' FROM sales v WHERE v.id = s.voids_sale_id) "
    "ELSE 0 END AS purchases, sum(l.net) AS net, sum(l.gross) AS gross "
    f"{_COUNTER} GROUP BY +s.row) GROUP BY customer_id"
)
_SOLD_AT_COUNTER = (
    "SELECT s.business_day, l.unit, "
    "CASE WHEN instr(l.quantity, '.') THEN l.quantity ELSE '1' END AS each, "
    "sum(CASE WHEN instr(l.quantity, '.') THEN 1 ELSE CAST(l.quantity AS INTEGER) END), "
    f"sum(l.net), sum(l.gross) {_COUNTER}"
)

_PAPER = (
    "FROM documents d CROSS JOIN records r ON r.record = d.record AND r.id = d.id{more} "
    f"WHERE d.record = ? AND {_ISSUED} AND d.day {_DAYS} AND d.currency = ?"
)
# Invoices for sales of the counter are left out: the sale counts. What is invoiced of one order
# in parts is one purchase.
_INVOICES = _PAPER.format(more="") + " AND json_extract(r.state, '$.sale_id') = ''"
_BOUGHT_BY_INVOICE = (
    "SELECT d.customer_id, count(DISTINCT CASE WHEN d.origin = '' THEN d.id ELSE d.origin END), "
    "sum(json_extract(r.state, '$.net.minor')), sum(json_extract(r.state, '$.gross.minor')), "
    f"sum(max(d.open, 0)) {_INVOICES} GROUP BY d.customer_id"
)
_CREDITED = (
    "SELECT d.customer_id, 0, -sum(json_extract(r.state, '$.net.minor')), "
    "-sum(json_extract(r.state, '$.gross.minor')), 0 " + _PAPER.format(more="")
) + " GROUP BY d.customer_id"
_LINE = (
    "SELECT d.day, json_extract(l.value, '$.line.unit.code'), {quantity}, count(*), "
    "sum(json_extract(l.value, '$.figures.net.minor')), "
    "sum(json_extract(l.value, '$.figures.gross.minor')) "
)
_LINES = " JOIN json_each(r.state, '$.{lines}') l"
_NOT_HELD = f" AND json_extract(l.value, '$.line.kind') NOT IN ({_HELD})"
_SOLD_BY_INVOICE = (
    _LINE.format(quantity="json_extract(l.value, '$.line.quantity')")
    + _PAPER.format(more=_LINES.format(lines="lines"))
    + f" AND json_extract(r.state, '$.sale_id') = ''{_NOT_HELD}"
)
_SOLD_BACK = (
    _LINE.format(quantity="json_extract(l.value, '$.quantity')")
    + _PAPER.format(more=_LINES.format(lines="credited"))
    + _NOT_HELD
)
_BY_PIECE = " GROUP BY 1, 2, 3"

# What of the counter's sales is owed on an invoice that asks for them.
_OWED_FOR_SALES = (
    "SELECT coalesce(s.customer_id, d.customer_id), sum(d.open) "
    "FROM documents d INDEXED BY documents_by_open CROSS JOIN sales s ON s.id = d.origin "
    f"WHERE d.record = 'invoice' AND d.open <> 0 AND d.open > 0 AND {_ISSUED} "
    f"AND s.business_day {_DAYS} "
    "AND s.currency = ? GROUP BY 1"
)
_ON_ACCOUNT = (
    "SELECT s.customer_id, sum(CASE WHEN s.business_day <= ? THEN t.amount ELSE 0 END), "
    "sum(CASE WHEN s.business_day > ? THEN t.amount ELSE 0 END) "
    "FROM sales s CROSS JOIN tenders t ON t.sale = s.row AND t.method = 'on_account' "
    "WHERE s.business_day >= ? AND s.currency = ? AND s.customer_id IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.origin <> '' AND d.origin = s.id "
    f"AND +d.record = 'invoice' AND {_ISSUED}) GROUP BY 1"
)

_OF_ORDERS = (
    "FROM documents d CROSS JOIN records r ON r.record = d.record AND r.id = d.id "
    f"WHERE d.record = ? AND d.day {_DAYS} AND d.currency = ?"
)
# Whether the lines have to be looked at: what is delivered in part, or came back.
_ORDERS = (
    "SELECT d.id, d.number, d.customer_id, d.day, d.status, d.total, "
    "CASE WHEN EXISTS (SELECT 1 FROM json_each(r.state, '$.lines') l "
    "WHERE json_extract(l.value, '$.returned') <> '0') THEN NULL "
    "WHEN NOT EXISTS (SELECT 1 FROM json_each(r.state, '$.lines') l "
    "WHERE json_extract(l.value, '$.delivered') <> '0') THEN 0 "
    "WHEN NOT EXISTS (SELECT 1 FROM json_each(r.state, '$.lines') l WHERE "
    "json_extract(l.value, '$.delivered') <> json_extract(l.value, '$.line.quantity')) "
    f"THEN d.total END {_OF_ORDERS}"
)
_OF_PRODUCT = (
    " AND EXISTS (SELECT 1 FROM json_each(r.state, '$.lines') l "
    "WHERE json_extract(l.value, '$.line.product_id') = ?)"
)
_CURRENCIES = (
    f"SELECT DISTINCT currency FROM sales WHERE business_day {_DAYS} UNION "
    f"SELECT DISTINCT currency FROM documents WHERE day {_DAYS} ORDER BY 1"
)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An approved order; `delivered` is None where its lines have to be looked at."""

    id: str
    number: str
    customer_id: str
    day: date
    status: str
    total: int
    delivered: int | None


class ReportSums:
    """The sums for reading; a span is (first day, last day, currency)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def currencies(self, start: date, end: date) -> list[str]:
        """Return the currencies of what was sold, ordered or invoiced in some days."""
        days = (start.isoformat(), end.isoformat())
        return [currency for (currency,) in self._db.rows(_CURRENCIES, (*days, *days))]

    def bought(self, start: date, end: date, currency: str) -> Iterator[Row]:
        """Yield (customer id, purchases, net, gross, unpaid) of each kind of document.

        No id stands for sales to nobody in particular; credit notes are below zero.
        """
        span = _span(start, end, currency)
        for row in self._db.stream(_BOUGHT_AT_COUNTER, span):
            yield (*row, 0)
        yield from self._db.stream(_BOUGHT_BY_INVOICE, ("invoice", *span))
        yield from self._db.stream(_CREDITED, ("sales_return", *span))

    def owed_for_sales(self, start: date, end: date, currency: str) -> dict[str, int]:
        """Return what is open on invoices for sales of the counter, by customer id."""
        return dict(self._db.rows(_OWED_FOR_SALES, _span(start, end, currency)))

    def on_account(self, start: date, end: date, currency: str) -> dict[str, tuple[int, int]]:
        """Return what was charged on account in some days and after them, by customer id."""
        first, last = start.isoformat(), end.isoformat()
        rows = self._db.rows(_ON_ACCOUNT, (last, last, first, currency))
        return {customer_id: (charged, later) for customer_id, charged, later in rows}

    def sold(
        self, start: date, end: date, currency: str, product_id: str = ""
    ) -> Iterator[tuple[str, str, str, int, int, int]]:
        """Yield (day, unit, quantity, how often, net, gross) of what was sold and came back."""
        span = _span(start, end, currency)
        mine = (product_id,) if product_id else ()
        rule = " AND l.product_id = ?" if product_id else ""
        of_line = " AND json_extract(l.value, '$.line.product_id') = ?" if product_id else ""
        yield from self._db.stream(f"{_SOLD_AT_COUNTER}{rule}{_BY_PIECE}", (*span, *mine))
        sql = f"{_SOLD_BY_INVOICE}{of_line}{_BY_PIECE}"
        yield from self._db.stream(sql, ("invoice", *span, *mine))
        back = f"{_SOLD_BACK}{of_line}{_BY_PIECE}"
        for day, unit, quantity, times, net, gross in self._db.stream(
            back, ("sales_return", *span, *mine)
        ):
            yield day, unit, quantity, -times, -net, -gross

    def orders(
        self,
        start: date,
        end: date,
        currency: str,
        statuses: Sequence[str],
        customer_ids: Sequence[str] = (),
        product_id: str = "",
    ) -> Iterator[OrderRow]:
        """Yield the orders in one of `statuses`, the first day first."""
        rule, values = _orders_rule(statuses, customer_ids, product_id)
        rows = self._db.stream(
            f"{_ORDERS}{rule} ORDER BY d.day, d.number, d.id",
            ("order", *_span(start, end, currency), *values),
        )
        for order_id, number, customer_id, day, status, total, delivered in rows:
            made = date.fromisoformat(day)
            yield OrderRow(order_id, number, customer_id, made, status, total, delivered)

    def count_orders(
        self,
        start: date,
        end: date,
        currency: str,
        statuses: Sequence[str],
        customer_ids: Sequence[str] = (),
        product_id: str = "",
    ) -> int:
        """Return how many orders are in one of `statuses`."""
        rule, values = _orders_rule(statuses, customer_ids, product_id)
        span = _span(start, end, currency)
        sql = f"SELECT count(*) {_OF_ORDERS}{rule}"
        return int(self._db.value(sql, ("order", *span, *values)))

    def names(self, customer_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Return number and name of customers by id."""
        found = {}
        for begin in range(0, len(customer_ids), _NEXT_NAMES):
            some = customer_ids[begin : begin + _NEXT_NAMES]
            marks = ", ".join("?" * len(some))
            sql = f"SELECT id, number, name FROM customers WHERE id IN ({marks})"
            found.update({row[0]: (row[1], row[2]) for row in self._db.rows(sql, some)})
        return found


def _span(start: date, end: date, currency: str) -> tuple[str, str, str]:
    return start.isoformat(), end.isoformat(), currency


def _orders_rule(
    statuses: Sequence[str], customer_ids: Sequence[str], product_id: str
) -> tuple[str, tuple[str, ...]]:
    rule, values = _one_of("d.status", statuses)
    if customer_ids:
        whose, ids = _one_of("d.customer_id", customer_ids)
        rule, values = f"{rule}{whose}", (*values, *ids)
    if product_id:
        rule, values = f"{rule}{_OF_PRODUCT}", (*values, product_id)
    return rule, values


def _one_of(column: str, values: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    return f" AND {column} IN ({', '.join('?' * len(values))})", tuple(values)

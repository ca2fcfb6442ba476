"""The reports of sales over all that head office heard: orders, customers, how products sell.

What counts as turnover is told in `report_customers`; the tills' reports say the same of their own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, select

from pos_app.domain.document import check_dates
from pos_app.domain.money import Money
from pos_app.domain.order import Order, OrderState
from pos_app.domain.report_customers import Bought, CustomerAnalysis, analysed, owed_of_period
from pos_app.domain.report_orders import EXECUTED, OrderExecution, OrderFigures, order_figures
from pos_app.domain.report_period import Grain, ReportPeriod, period_of
from pos_app.domain.report_trend import ProductTrend, Sold, trend_of
from pos_app.domain.shift_report import HELD_KINDS
from pos_app.domain.stored_value import ValueKind, value_id
from pos_app.server.companies import company_of
from pos_app.server.document_kinds import INVOICE, ORDER, SALES_RETURN, document_of
from pos_app.server.listed import ListedRow, ListFilter, rows_of
from pos_app.server.merged_customers import MERGE, members_of
from pos_app.server.report_sums import (
    NOT_ISSUED,
    Days,
    bought_at_counter,
    on_account,
    owed_for_sales,
    sold_at_counter,
)
from pos_app.server.tables import listed, things
from pos_app.server.thing_kinds import CUSTOMER, STORED_VALUE
from pos_app.server.thing_rows import load_things

_HELD = frozenset(kind.value for kind in HELD_KINDS)
_EXECUTED = frozenset(state.value for state in EXECUTED)
_LEFT_OUT = frozenset({OrderState.DRAFT.value, OrderState.CANCELLED.value})
_AT_ONCE = 500
_Told = TypeVar("_Told")


class _Minor(msgspec.Struct, frozen=True):
    minor: int


class _Figures(msgspec.Struct, frozen=True):
    net: _Minor
    gross: _Minor


class _Policy(msgspec.Struct, frozen=True):
    currency: str


class _Head(msgspec.Struct, frozen=True):
    policy: _Policy


class _LineOf(msgspec.Struct, frozen=True):
    quantity: str
    product_id: str | None = None
    kind: str = ""


class _OrderLineTold(msgspec.Struct, frozen=True):
    line: _LineOf
    delivered: str = "0"
    returned: str = "0"


class _OrderTold(msgspec.Struct, frozen=True):
    head: _Head
    lines: tuple[_OrderLineTold, ...]


class _FiguredLine(msgspec.Struct, frozen=True):
    line: _LineOf
    figures: _Figures
    quantity: str = ""  # of credited lines


class _InvoiceTold(msgspec.Struct, frozen=True):
    head: _Head
    net: _Minor
    gross: _Minor
    lines: tuple[_FiguredLine, ...] = ()
    sale_id: str = ""


class _ReturnTold(msgspec.Struct, frozen=True):
    head: _Head
    net: _Minor
    gross: _Minor
    credited: tuple[_FiguredLine, ...] = ()


class _OrderThing(msgspec.Struct, frozen=True):
    state: _OrderTold


class _InvoiceThing(msgspec.Struct, frozen=True):
    state: _InvoiceTold


class _ReturnThing(msgspec.Struct, frozen=True):
    state: _ReturnTold


_ORDERS = msgspec.json.Decoder(_OrderThing)
_INVOICES = msgspec.json.Decoder(_InvoiceThing)
_RETURNS = msgspec.json.Decoder(_ReturnThing)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days a report is about, both within, and what it is narrowed to."""

    start: date
    end: date
    customer_id: str = ""
    product_id: str = ""

    @property
    def period(self) -> ReportPeriod:
        """The days; raises PeriodTurned or DayOutOfRange."""
        check_dates(self.start, None)
        check_dates(self.end, None)
        return period_of(self.start, self.end)


def order_execution(connection: Connection, company_id: str, asked: Asked) -> OrderExecution:
    """Return how the orders of a period are carried out; raises PeriodTurned, DayOutOfRange."""
    period, currency = asked.period, company_of(connection, company_id).currency
    members = set(members_of(connection, company_id, asked.customer_id))
    merged = _merged(connection, company_id)
    found = list(_things_of(connection, company_id, ORDER, asked))
    ids = {merged.get(row.customer_id, row.customer_id) for row, _ in found}
    names = _names(connection, company_id, ids)
    orders, left_out = [], 0
    for row, state in found:
        told = _ORDERS.decode(state).state
        is_meant = told.head.policy.currency == currency and (
            not asked.customer_id or row.customer_id in members
        )
        if not is_meant or not _is_of_product(told, asked.product_id):
            continue
        left_out += row.status in _LEFT_OUT
        if row.status in _EXECUTED:
            customer_id = merged.get(row.customer_id, row.customer_id)
            name = names.get(customer_id, ("", row.customer_name))[1]
            orders.append(_order(row, told, state, name, asked.product_id, currency))
    return OrderExecution(period, currency, tuple(orders), left_out)


def customer_analysis(connection: Connection, company_id: str, asked: Asked) -> CustomerAnalysis:
    """Return what customers bought in a period and paid of it.

    Raises PeriodTurned or DayOutOfRange.
    """
    days = _days(connection, company_id, asked)
    merged = _merged(connection, company_id)
    parts = list(bought_at_counter(days))
    parts += _invoiced(days, asked)
    parts += _credited(days, asked)
    owed = owed_for_sales(days)
    parts += [Bought(customer_id, unpaid=minor) for customer_id, minor in owed.items()]
    parts += _unpaid_on_account(days, merged)
    if asked.customer_id:
        wanted = merged.get(asked.customer_id, asked.customer_id)
        parts = [one for one in parts if merged.get(one.customer_id, one.customer_id) == wanted]
    ids = {merged.get(part.customer_id, part.customer_id) for part in parts}
    names = _names(connection, company_id, ids)
    return analysed(parts, names, merged, asked.period, days.currency)


def product_trend(connection: Connection, company_id: str, asked: Asked) -> ProductTrend:
    """Return how a product, or everything, sold month by month.

    Quantities of all units are one sum, as the published report has one. Raises PeriodTurned or
    DayOutOfRange.
    """
    days = _days(connection, company_id, asked)
    sold = list(sold_at_counter(days, asked.product_id))
    for row, invoice in _issued(days, asked):
        sold += _sold(row, invoice.lines, asked.product_id, 1)
    for row, note in _notes(days, asked):
        sold += _sold(row, note.credited, asked.product_id, -1)
    return trend_of(sold, asked.period, Grain.MONTH, days.currency)


def _days(connection: Connection, company_id: str, asked: Asked) -> Days:
    period, currency = asked.period, company_of(connection, company_id).currency
    return Days(connection, company_id, period.start, period.end, currency)


def _things_of(
    connection: Connection, company_id: str, kind: str, asked: Asked
) -> Iterator[tuple[ListedRow, str]]:
    """Yield the documents of a kind in the period with their things' states (JSON)."""
    period = asked.period
    chosen = ListFilter(
        least={"day": period.start.isoformat()}, most={"day": period.end.isoformat()}
    )
    rows = rows_of(connection, company_id, kind, chosen)
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        found = load_things(connection, company_id, [(row.kind, row.id) for row in some])
        for row in some:
            if (row.kind, row.id) in found:
                yield row, found[row.kind, row.id].state


def _is_of_product(order: _OrderTold, product_id: str) -> bool:
    return not product_id or any(line.line.product_id == product_id for line in order.lines)


def _order(
    row: ListedRow, told: _OrderTold, state: str, name: str, product_id: str, currency: str
) -> OrderFigures:
    """An order's figures; most say all in their row, the others are read whole and priced."""
    is_untouched = all(Decimal(line.delivered) == 0 for line in told.lines)
    is_gone = all(
        Decimal(line.delivered) == Decimal(line.line.quantity) and Decimal(line.returned) == 0
        for line in told.lines
    )
    if product_id or not (is_untouched or is_gone):
        return order_figures(document_of(Order, state), name, product_id)
    return OrderFigures(
        row.id,
        row.number,
        name,
        date.fromisoformat(row.day),
        OrderState(row.status),
        Money(row.total, currency),
        Money(row.total if is_gone else 0, currency),
        Money(0, currency),
    )


def _issued(days: Days, asked: Asked) -> Iterator[tuple[ListedRow, _InvoiceTold]]:
    """Yield the invoices of the days but those for sales of the counter: the sale counts."""
    for row, state in _things_of(days.connection, days.company_id, INVOICE, asked):
        told = _INVOICES.decode(state).state
        is_own = told.head.policy.currency == days.currency and not told.sale_id
        if is_own and row.status not in NOT_ISSUED:
            yield row, told


def _notes(days: Days, asked: Asked) -> Iterator[tuple[ListedRow, _ReturnTold]]:
    for row, state in _things_of(days.connection, days.company_id, SALES_RETURN, asked):
        told = _RETURNS.decode(state).state
        if told.head.policy.currency == days.currency:
            yield row, told


def _invoiced(days: Days, asked: Asked) -> Iterator[Bought]:
    """Yield what was invoiced; what is invoiced of one order in parts is one purchase."""
    seen: set[tuple[str, str]] = set()
    for row, told in _issued(days, asked):
        key = row.customer_id, row.origin or row.id
        purchases = 0 if key in seen else 1
        seen.add(key)
        unpaid = max(row.open, 0)
        yield Bought(row.customer_id, purchases, told.net.minor, told.gross.minor, unpaid)


def _credited(days: Days, asked: Asked) -> Iterator[Bought]:
    for row, told in _notes(days, asked):
        yield Bought(row.customer_id, 0, -told.net.minor, -told.gross.minor)


def _unpaid_on_account(days: Days, merged: Mapping[str, str]) -> Iterator[Bought]:
    """Yield what of the days' charges on account is still owed."""
    charges: dict[str, tuple[int, int]] = {}
    for customer_id, (within, later) in on_account(days).items():
        key = merged.get(customer_id, customer_id)
        before = charges.get(key, (0, 0))
        charges[key] = before[0] + within, before[1] + later
    for customer_id, (within, later) in charges.items():
        members = members_of(days.connection, days.company_id, customer_id)
        debt = -sum(_account_balance(days, one) for one in members)
        yield Bought(customer_id, unpaid=owed_of_period(debt, within, later))


def _account_balance(days: Days, customer_id: str) -> int:
    """Return what is on a customer's account in minor units; below zero they owe it."""
    key = STORED_VALUE, value_id(ValueKind.ACCOUNT, customer_id)
    row = load_things(days.connection, days.company_id, [key]).get(key)
    if row is None:
        return 0
    account = msgspec.json.decode(row.state)["state"]
    return int(account["balance"]) if account["currency"] == days.currency else 0


def _sold(
    row: ListedRow, lines: tuple[_FiguredLine, ...], product_id: str, sign: int
) -> Iterator[Sold]:
    for one in lines:
        is_meant = not product_id or one.line.product_id == product_id
        if is_meant and one.line.kind not in _HELD:
            quantity = Decimal(one.quantity or one.line.quantity)
            net, gross = one.figures.net.minor, one.figures.gross.minor
            yield Sold(date.fromisoformat(row.day), "", sign * quantity, sign * net, sign * gross)


def _merged(connection: Connection, company_id: str) -> dict[str, str]:
    """Return into whom merged customers went in the end, by id."""
    rows = connection.execute(
        select(things.c.state).where(things.c.company_id == company_id, things.c.kind == MERGE)
    )
    merges = [msgspec.json.decode(row.state)["state"] for row in rows]
    into = {str(merge["merged_id"]): str(merge["survivor_id"]) for merge in merges}
    return {customer_id: _end(into, customer_id) for customer_id in into}


def _end(into: Mapping[str, str], customer_id: str) -> str:
    seen: set[str] = set()
    while customer_id in into and customer_id not in seen:
        seen.add(customer_id)
        customer_id = into[customer_id]
    return customer_id


def _names(
    connection: Connection, company_id: str, customer_ids: Iterable[str]
) -> dict[str, tuple[str, str]]:
    """Return number and name of customers by id."""
    wanted = sorted(customer_ids)
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        chosen = ListFilter(also=(listed.c.id.in_(wanted[start : start + _AT_ONCE]),))
        rows = rows_of(connection, company_id, CUSTOMER, chosen)
        found.update((row.id, (row.number, row.customer_name)) for row in rows)
    return found

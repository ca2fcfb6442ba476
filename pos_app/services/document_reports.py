"""The reports of sales: orders and what went out, customers, how products sell, what is owed.

They read what is kept and write nothing; a screen asks for them in the background. Each is of one
currency, because amounts of several have no sum; `currencies_of` says which there are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.money import Money
from pos_app.domain.order import OrderState
from pos_app.domain.report_customers import Bought, CustomerAnalysis, analysed, owed_of_period
from pos_app.domain.report_orders import EXECUTED, OrderExecution, OrderFigures, order_figures
from pos_app.domain.report_period import Grain, ReportPeriod, grain_of
from pos_app.domain.report_receivables import CustomerAges, Receivables, together
from pos_app.domain.report_trend import ProductTrend, Sold, trend_of
from pos_app.domain.statement import EntryKind, OpenItem, ages_of
from pos_app.domain.stored_value import ValueKind
from pos_app.services.customer_records import CUSTOMER_MERGE, merged_ids, survivor_id
from pos_app.services.document_records import INVOICE, ORDER
from pos_app.services.receivables import statement_of
from pos_app.services.stored_value_records import STORED_VALUE

if TYPE_CHECKING:
    from pos_app.store.documents import Listed
    from pos_app.store.report_sums import OrderRow
    from pos_app.store.store import Store

_NOT_COUNTED = (OrderState.DRAFT, OrderState.CANCELLED)
# All there are: a shop has far fewer customers with an account, or merged ones.
_EVERY = 10_000_000
_STOP_EVERY = 500


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """What a report is narrowed to; without a currency it is the shop's own."""

    period: ReportPeriod
    currency: str = ""
    customer_id: str = ""
    product_id: str = ""
    grain: Grain | None = None


def go_on() -> None:
    """Let the work go on: nobody stops it."""


def currencies_of(store: "Store", period: ReportPeriod) -> tuple[str, ...]:
    """Return the currencies of what was sold, ordered or invoiced, the shop's own first."""
    own = store.settings.shop().policy.currency
    found = store.report_sums.currencies(period.start, period.end)
    return (own, *(currency for currency in found if currency != own))


def order_execution(
    store: "Store", asked: ReportAsked, check: Callable[[], None] = go_on
) -> OrderExecution:
    """Return how the orders of a period are carried out; see `OrderExecution`.

    `check` is called now and then and may raise to stop the work.
    """
    currency = _currency(store, asked)
    start, end = asked.period.start, asked.period.end
    ids = _members(store, asked.customer_id) if asked.customer_id else ()
    states = [state.value for state in EXECUTED]
    sums = store.report_sums
    rows = list(sums.orders(start, end, currency, states, ids, asked.product_id))
    others = [state.value for state in _NOT_COUNTED]
    left_out = sums.count_orders(start, end, currency, others, ids, asked.product_id)
    survivors = _survivors(store)
    whose = {row.customer_id: survivors.get(row.customer_id, row.customer_id) for row in rows}
    names = sums.names(sorted(set(whose.values())))
    orders = []
    for place, row in enumerate(rows):
        if place % _STOP_EVERY == 0:
            check()
        name = names.get(whose[row.customer_id], ("", ""))[1]
        orders.append(_order(store, row, name, asked.product_id, currency))
    return OrderExecution(asked.period, currency, tuple(orders), left_out)


def customer_analysis(
    store: "Store", asked: ReportAsked, check: Callable[[], None] = go_on
) -> CustomerAnalysis:
    """Return what customers bought in a period and paid of it; see `CustomerAnalysis`."""
    currency = _currency(store, asked)
    start, end = asked.period.start, asked.period.end
    parts = [Bought(*row) for row in store.report_sums.bought(start, end, currency)]
    check()
    survivors = _survivors(store)
    parts += _unpaid(store, start, end, currency, survivors)
    check()
    ids = {survivors.get(part.customer_id, part.customer_id) for part in parts}
    names = store.report_sums.names(sorted(ids))
    return analysed(parts, names, survivors, asked.period, currency)


def product_trend(
    store: "Store", asked: ReportAsked, check: Callable[[], None] = go_on
) -> ProductTrend:
    """Return how a product, or everything, sold in the pieces of a period; see `ProductTrend`."""
    currency = _currency(store, asked)
    start, end = asked.period.start, asked.period.end
    sold = []
    for day, unit, quantity, times, net, gross in store.report_sums.sold(
        start, end, currency, asked.product_id
    ):
        units = Decimal(quantity) * times
        sold.append(Sold(date.fromisoformat(day), unit, units, net, gross))
    check()
    return trend_of(sold, asked.period, grain_of(asked.period, asked.grain), currency)


def receivables(
    store: "Store", today: date, currency: str = "", check: Callable[[], None] = go_on
) -> Receivables:
    """Return what every customer owes by age: on invoices, and for sales on account."""
    currency = currency or store.settings.shop().policy.currency
    survivors = _survivors(store)
    groups: dict[str, list[CustomerAges]] = {}
    for listed in store.documents.owed(INVOICE.name):
        if listed.currency == currency:
            customer_id = survivors.get(listed.customer_id, listed.customer_id)
            groups.setdefault(customer_id, []).append(_ages_of_invoice(listed, today))
    for customer_id, balance in _account_balances(store, currency, survivors).items():
        check()
        on_account = _ages_on_account(store, customer_id, balance, today, currency)
        groups.setdefault(customer_id, []).append(on_account)
    names = store.report_sums.names(sorted(groups))
    customers = [
        together(key, *names.get(key, ("", "")), group, currency) for key, group in groups.items()
    ]
    customers = [one for one in customers if one.ages.all or one.credit]
    customers.sort(key=lambda one: (-one.balance.minor, one.number, one.name, one.customer_id))
    return Receivables(today, currency, tuple(customers))


def _currency(store: "Store", asked: ReportAsked) -> str:
    return asked.currency or store.settings.shop().policy.currency


def _order(
    store: "Store", row: "OrderRow", name: str, product_id: str, currency: str
) -> OrderFigures:
    """An order's figures; most say all in their row, the others are read and priced."""
    if row.delivered is None or product_id:
        order = store.records.get(ORDER, row.id)
        if order is not None:
            return order_figures(order, name, product_id)
    return OrderFigures(
        row.id,
        row.number,
        name,
        row.day,
        OrderState(row.status),
        Money(row.total, currency),
        Money(row.delivered or 0, currency),
        Money(0, currency),
    )


def _unpaid(
    store: "Store", start: date, end: date, currency: str, survivors: Mapping[str, str]
) -> list[Bought]:
    """What is owed for the counter's sales: on invoices for them, and on account."""
    owed = store.report_sums.owed_for_sales(start, end, currency)
    parts = [Bought(customer_id, unpaid=minor) for customer_id, minor in owed.items()]
    balances = _account_balances(store, currency, survivors)
    if any(balance < 0 for balance in balances.values()):
        charges: dict[str, tuple[int, int]] = {}
        for one, (within, later) in store.report_sums.on_account(start, end, currency).items():
            key = survivors.get(one, one)
            before = charges.get(key, (0, 0))
            charges[key] = before[0] + within, before[1] + later
        for customer_id, (within, later) in charges.items():
            debt = -balances.get(customer_id, 0)
            parts.append(Bought(customer_id, unpaid=owed_of_period(debt, within, later)))
    return parts


def _account_balances(
    store: "Store", currency: str, survivors: Mapping[str, str]
) -> dict[str, int]:
    """What is on customers' accounts in minor units by id; below zero they owe it."""
    found: dict[str, int] = {}
    place = f"{ValueKind.ACCOUNT.value} "
    for one in store.records.starting_with(STORED_VALUE, place, _EVERY):
        if one.currency == currency and one.customer_id:
            key = survivors.get(one.customer_id, one.customer_id)
            found[key] = found.get(key, 0) + one.balance
    return found


def _ages_of_invoice(listed: "Listed", today: date) -> CustomerAges:
    currency = listed.currency
    due = listed.until or listed.day
    owed = Money(max(listed.open, 0), currency)
    late = max((today - due).days, 0)
    item = OpenItem(listed.day, EntryKind.INVOICE, listed.number, due, owed, late)
    credit = Money(min(listed.open, 0), currency)
    return CustomerAges(listed.customer_id, "", "", ages_of([item], currency), credit)


def _ages_on_account(
    store: "Store", customer_id: str, balance: int, today: date, currency: str
) -> CustomerAges:
    """What a customer owes for sales on account, as their statement says it."""
    items: list[OpenItem] = []
    if balance < 0:
        statement = statement_of(store, customer_id, currency, today, today)
        items = [one for one in statement.items if one.kind is not EntryKind.INVOICE]
    credit = Money(min(-balance, 0), currency)
    return CustomerAges(customer_id, "", "", ages_of(items, currency), credit)


def _survivors(store: "Store") -> dict[str, str]:
    """Into whom merged customers went, by id."""
    merges = store.records.all(CUSTOMER_MERGE, _EVERY)
    return {merge.merged_id: survivor_id(store, merge.merged_id) for merge in merges}


def _members(store: "Store", customer_id: str) -> tuple[str, ...]:
    return (customer_id, *merged_ids(store, customer_id))

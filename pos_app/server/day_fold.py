"""What a placed document or fact adds to the sums of its business day: pure, and the same for all.

Placing adds it once; a full recomputation folds the same documents again. Amounts are minor units,
quantities millionths. What cannot be read as a number adds nothing, so that a document that a
person took as it is never stands in the way of the others.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, TypeGuard, TypeVar

from pos_app.domain.cart import SaleKind
from pos_app.domain.day_figures import SLOT_S, SUMMED, TicketRule, Watched, line_cost, ticket_rule
from pos_app.domain.facts import FactKind
from pos_app.domain.money import MINOR_DIGITS, minor_digits
from pos_app.domain.shift_report import HELD_KINDS
from pos_app.server.judge_sales import SaleTold

MICRO = 1_000_000
# Far beyond any shop, so that sums of it still fit a column of 64 bits.
_MOST_UNITS = Decimal(10) ** 11
_MOST_MINOR = 10**15
_HELD = frozenset(kind.value for kind in HELD_KINDS)
_COMES_BACK = frozenset({SaleKind.RETURN.value, SaleKind.EXCHANGE.value})
_NUMBERS = 65_536  # quantities and costs kept as numbers: several for each product of a shop
Key = TypeVar("Key")
Figures = dict[Key, list[int]]
Day = tuple[str, str, str, str]  # business day, currency, shop, till
Row = tuple[str | int, ...]


class TillDay:
    """What one business day of a till comes to in one currency: figures by what they are of.

    The figures are in the order of the table's columns; a product is its id, or code and name.
    """

    __slots__ = ("exceptions", "products", "slots", "staff", "taxes", "tenders", "totals")

    def __init__(self) -> None:
        self.totals = [0] * len(SUMMED)
        self.slots: Figures[int] = {}
        self.staff: Figures[str] = {}
        self.tenders: Figures[str] = {}
        self.taxes: Figures[tuple[str, str, str]] = {}
        self.products: Figures[str | tuple[str, str]] = {}
        self.exceptions: Figures[tuple[str, str]] = {}


class DaySums:
    """Sums that are being made, by day, and of what happened beside the documents."""

    def __init__(self) -> None:
        self.days: dict[Day, TillDay] = {}
        self.events: Figures[tuple[int, str, str, str, str, str]] = {}

    def of(self, day: Day) -> TillDay:
        """Return the sums of a day, to add to."""
        found = self.days.get(day)
        if found is None:
            found = self.days[day] = TillDay()
        return found

    def rows(self) -> dict[str, list[Row]]:
        """Return what is to be added to each table, by its columns without the company."""
        found: dict[str, list[Row]] = defaultdict(list)
        months: dict[Day, Figures[str | tuple[str, str]]] = defaultdict(dict)
        for day, sums in sorted(self.days.items()):
            found["day_totals"].append((*day, *sums.totals))
            month = months[day[0][:7], *day[1:]]
            for product, figures in sums.products.items():
                _add(month, product, figures)
            for table, simple in (
                ("day_slots", sums.slots),
                ("day_staff", sums.staff),
                ("day_tenders", sums.tenders),
            ):
                found[table] += [(*day, key, *figures) for key, figures in simple.items()]
            for table, parted in (("day_taxes", sums.taxes), ("day_exceptions", sums.exceptions)):
                found[table] += [(*day, *key, *figures) for key, figures in parted.items()]
            found["day_products"] += _product_rows(day, sums.products)
        for day, products in months.items():
            found["month_products"] += _product_rows(day, products)
        found["event_exceptions"] += [(*key, *figures) for key, figures in self.events.items()]
        return found


def _product_rows(day: Day, products: Figures[str | tuple[str, str]]) -> list[Row]:
    return [
        (*day, product, "", "", *figures)
        if type(product) is str
        else (*day, "", *product, *figures)
        for product, figures in products.items()
    ]


def _add(sums: dict[Any, list[int]], key: Any, figures: Sequence[int]) -> None:
    found = sums.get(key)
    if found is None:
        sums[key] = list(figures)
        return
    for place, figure in enumerate(figures):
        found[place] += figure


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose documents are folded: a till of a shop."""

    shop: str
    till_id: str


@dataclass(frozen=True, slots=True)
class DayEvent:
    """Something worth a look beside the documents: `slot` counts quarter hours since 1970 (UTC).

    `minor` is what it came to in `currency`; where the fact names no currency it is empty, and
    `amount` in units of the shop's currency counts.
    """

    kind: str
    slot: int
    staff: str
    currency: str
    minor: int
    amount: Decimal


def fold_sale(every: DaySums, whose: Whose, told: SaleTold, voided: str | None) -> None:
    """Add a document; `voided` is the kind of the one that a void took back, None for unknown.

    A document whose business day is no date belongs to no day, and adds nothing.
    """
    if not is_day(told.business_day) or not is_currency(told.currency):
        return
    rule = rule_of(told.kind, voided)
    sums = every.of((told.business_day, told.currency, whose.shop, whose.till_id))
    figures = _totals(sums, told, rule)
    total = sums.totals
    for place, figure in enumerate(figures):
        total[place] += figure
    _, _, _, takings, _, _, _, refund_count, refunds, void_count, voids, *_ = figures
    ticket = (rule.tickets, takings)
    _add(sums.slots, slot_of(told.at, told.business_day), ticket)
    _add(sums.staff, told.staff, ticket)
    for tender in told.tenders:
        amount = tender.amount
        both = (1, amount, 0) if amount > 0 else (1, 0, -amount)
        _add(sums.tenders, tender.method, both)
    for tax in told.taxes:
        _add(sums.taxes, (tax.code, tax.name, tax.rate or ""), (tax.base, tax.amount))
    if void_count:
        _add(sums.exceptions, (told.staff, Watched.VOID.value), (void_count, voids))
    if refund_count:
        _add(sums.exceptions, (told.staff, Watched.REFUND.value), (refund_count, refunds))


def fold_known_kind(
    every: DaySums, whose: Whose, void: Mapping[str, Any], voided: str | None
) -> None:
    """Add what a void that was folded before takes off, now that its document is here too.

    `void` has the void's business_day, currency, at and staff.
    """
    tickets = rule_of(SaleKind.VOID.value, voided).tickets
    if not tickets or not is_day(void["business_day"]) or not is_currency(void["currency"]):
        return
    sums = every.of((void["business_day"], void["currency"], whose.shop, whose.till_id))
    sums.totals[0] += tickets
    _add(sums.slots, slot_of(void["at"], void["business_day"]), (tickets, 0))
    _add(sums.staff, void["staff"], (tickets, 0))


def fold_event(sums: DaySums, whose: Whose, event: DayEvent, currency: str) -> None:
    """Add something that happened beside the documents; `currency` is the shop's."""
    counted, minor = event.currency, event.minor
    if not counted:
        if not is_currency(currency):
            return
        counted, minor = currency, _minor(event.amount, currency)
    key = (event.slot, counted, whose.shop, whose.till_id, event.staff, event.kind)
    _add(sums.events, key, (1, minor))


@lru_cache(maxsize=256)
def rule_of(kind: str, voided: str | None) -> TicketRule:
    """Return how a document counts; one of a kind that nobody knows is no ticket."""
    try:
        return ticket_rule(SaleKind(kind), None if voided is None else SaleKind(voided))
    except ValueError:
        return TicketRule(0, is_void=False)


def event_of(kind: str, at: str, staff: str, told: Mapping[str, Any]) -> DayEvent | None:
    """Return what a fact says that is worth a look, or None for other facts."""
    watched = EVENTS.get(kind)
    moment = _moment(at) if watched is not None else None
    if watched is None or moment is None:
        return None
    currency, minor, amount = "", 0, Decimal(0)
    match watched:
        case Watched.PRICE_OVERRIDE:
            listed, price = _number(told.get("list_price")), _number(told.get("unit_price"))
            if listed is not None and price is not None:
                pieces = _number(told.get("quantity", "1"))
                amount = abs(listed - price) * abs(Decimal(1) if pieces is None else pieces)
        case Watched.LINE_REMOVED:
            price, pieces = _number(told.get("unit_price")), _number(told.get("quantity"))
            if price is not None and pieces is not None:
                amount = abs(price * pieces)
        case Watched.QUANTITY_LOWERED | Watched.SALE_DISCARDED:
            name = "amount" if watched is Watched.QUANTITY_LOWERED else "gross"
            if is_currency(told.get("currency")):
                currency, minor = told["currency"], _whole(told.get(name))
    return DayEvent(watched.value, _slot(moment), staff, currency, minor, amount)


def is_day(value: str) -> bool:
    """Whether a text is a date as business days are written."""
    return _is_day(value)


def is_currency(value: object) -> TypeGuard[str]:
    """Whether a value is the code of a currency that can be shown (ISO 4217)."""
    return isinstance(value, str) and value in MINOR_DIGITS


def slot_of(at: str, day: str) -> int:
    """Return the quarter hour (since 1970, UTC) of a moment; where it is none, its day's noon."""
    moment = _moment(at)
    if moment is None:
        moment = datetime.combine(date.fromisoformat(day), time(12), UTC)
    return _slot(moment)


def _totals(  # noqa: PLR0915 - one loop, because there are more lines than anything else
    sums: TillDay, told: SaleTold, rule: TicketRule
) -> tuple[int, ...]:
    """Sum a document's lines; its products and discounts are added on the way."""
    items = takings = net = tax = discounts = refunds = held = cost = costed_net = 0
    gross = given = given_count = 0
    comes_back, is_void = told.kind in _COMES_BACK, rule.is_void
    currency, products = told.currency, sums.products
    for line in told.lines:
        line_gross = line.gross
        gross += line_gross
        if comes_back and line_gross < 0:
            refunds -= line_gross
        if line.kind in _HELD:
            held += line_gross
            continue
        micro, pieces, own_cost = _worth(line.quantity, line.unit_decimals, line.cost, currency)
        line_net = own_net = line.net
        if own_cost is None:
            own_cost = own_net = 0
        items += pieces
        takings += line_gross
        net += line_net
        tax += line.tax
        cost += own_cost
        costed_net += own_net
        discount = line.discount
        if discount:
            discounts += discount
            if discount > 0:
                given += discount
                given_count += 1
        bought = 1 if micro > 0 and not is_void else 0
        product = line.product or (line.code, line.name)
        found = products.get(product)
        if found is None:
            products[product] = [bought, pieces, micro, line_gross, line_net, own_cost, own_net]
            continue
        found[0] += bought
        found[1] += pieces
        found[2] += micro
        found[3] += line_gross
        found[4] += line_net
        found[5] += own_cost
        found[6] += own_net
    if given_count:
        _add(sums.exceptions, (told.staff, Watched.DISCOUNT.value), (given_count, given))
    return (
        rule.tickets,
        1,
        items,
        takings,
        net,
        tax,
        discounts,
        1 if refunds else 0,
        refunds,
        1 if is_void else 0,
        abs(gross) if is_void else 0,
        held,
        told.rounding,
        cost,
        costed_net,
    )


@lru_cache(maxsize=_NUMBERS)
def _worth(
    quantity: str, decimals: int, cost: str | None, currency: str
) -> tuple[int, int, int | None]:
    """Return a line's quantity, how many pieces it is, and what it cost where that is known.

    What is weighed or measured is one piece.
    """
    number = _number(quantity)
    micro = 0 if number is None else int((number * MICRO).to_integral_value(ROUND_HALF_UP))
    pieces = (micro > 0) - (micro < 0)
    if decimals == 0 and micro % MICRO == 0:
        pieces = micro // MICRO
    each = _number(cost)
    if each is None or number is None:
        return micro, pieces, None
    found = line_cost(each, number, minor_digits(currency))
    return micro, pieces, found if abs(found) <= _MOST_MINOR else None


def _number(value: object) -> Decimal | None:
    if not isinstance(value, str):
        return None
    try:
        number = Decimal(value)
    except ArithmeticError:
        return None
    return number if number.is_finite() and abs(number) < _MOST_UNITS else None


def _minor(amount: Decimal, currency: str) -> int:
    found = int(amount.scaleb(minor_digits(currency)).to_integral_value(ROUND_HALF_UP))
    return found if found <= _MOST_MINOR else 0


def _whole(value: object) -> int:
    return abs(value) if type(value) is int and abs(value) <= _MOST_MINOR else 0


@lru_cache(maxsize=1024)
def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _moment(at: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(at)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _slot(moment: datetime) -> int:
    return int(moment.timestamp()) // SLOT_S


EVENTS: dict[str, Watched] = {
    FactKind.PRICE_OVERRIDDEN.value: Watched.PRICE_OVERRIDE,
    FactKind.LINE_REMOVED.value: Watched.LINE_REMOVED,
    FactKind.QUANTITY_LOWERED.value: Watched.QUANTITY_LOWERED,
    FactKind.SALE_DISCARDED.value: Watched.SALE_DISCARDED,
    FactKind.DRAWER_OPENED.value: Watched.NO_SALE,
}

"""What a placed document or fact adds to the sums of its business day: pure, and the same for all.

Placing adds it once; a full recomputation folds the same documents again. Amounts are minor units,
quantities millionths. What cannot be read as a number adds nothing, so that a document that a
person took as it is never stands in the way of the others.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, TypeGuard

from pos_app.domain.cart import SaleKind
from pos_app.domain.day_figures import SLOT_S, SUMMED, TicketRule, Watched, line_cost, ticket_rule
from pos_app.domain.facts import FactKind
from pos_app.domain.money import MINOR_DIGITS, minor_digits
from pos_app.domain.shift_report import HELD_KINDS
from pos_app.server.judge_sales import LineTold, SaleTold

MICRO = 1_000_000
# Far beyond any shop, so that sums of it still fit a column of 64 bits.
_MOST_UNITS = Decimal(10) ** 11
_MOST_MINOR = 10**15
_HELD = frozenset(kind.value for kind in HELD_KINDS)
_COMES_BACK = frozenset({SaleKind.RETURN.value, SaleKind.EXCHANGE.value})
_PLACE = {name: place for place, name in enumerate(SUMMED)}
Key = tuple[str | int, ...]


class DaySums:
    """Sums that are being made: by table and key (as the table's, without the company)."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[Key, list[int]]] = defaultdict(dict)

    def add_months(self) -> None:
        """Add what the products come to up to now to their months."""
        for (day, *rest), figures in self.tables["day_products"].items():
            self.add("month_products", (str(day)[:7], *rest), *figures)

    def add(self, table: str, key: Key, *figures: int) -> None:
        """Add figures, in the order of the table's columns."""
        rows = self.tables[table]
        found = rows.get(key)
        if found is None:
            rows[key] = list(figures)
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


def fold_sale(sums: DaySums, whose: Whose, told: SaleTold, voided: str | None) -> None:
    """Add a document; `voided` is the kind of the one that a void took back, None for unknown.

    A document whose business day is no date belongs to no day, and adds nothing.
    """
    if not is_day(told.business_day) or not is_currency(told.currency):
        return
    rule = rule_of(told.kind, voided)
    day = (told.business_day, told.currency, whose.shop, whose.till_id)
    figures = _totals(sums, day, told, rule)
    sums.add("day_totals", day, *figures)
    takings = figures[_PLACE["takings"]]
    slot = slot_of(told.at, told.business_day)
    sums.add("day_slots", (*day, slot), rule.tickets, takings)
    sums.add("day_staff", (*day, told.staff), rule.tickets, takings)
    for tender in told.tenders:
        amount = tender.amount
        sums.add("day_tenders", (*day, tender.method), 1, max(amount, 0), max(-amount, 0))
    for tax in told.taxes:
        sums.add("day_taxes", (*day, tax.code, tax.name, tax.rate or ""), tax.base, tax.amount)
    for kind, count, amount in (
        (Watched.VOID, figures[_PLACE["void_count"]], figures[_PLACE["voids"]]),
        (Watched.REFUND, figures[_PLACE["refund_count"]], figures[_PLACE["refunds"]]),
    ):
        if count:
            sums.add("day_exceptions", (*day, told.staff, kind.value), count, amount)


def fold_known_kind(
    sums: DaySums, whose: Whose, void: Mapping[str, Any], voided: str | None
) -> None:
    """Add what a void that was folded before takes off, now that its document is here too.

    `void` has the void's business_day, currency, at and staff.
    """
    tickets = rule_of(SaleKind.VOID.value, voided).tickets
    if not tickets or not is_day(void["business_day"]) or not is_currency(void["currency"]):
        return
    day = (void["business_day"], void["currency"], whose.shop, whose.till_id)
    sums.add("day_totals", day, tickets, *[0] * (len(SUMMED) - 1))
    slot = slot_of(void["at"], void["business_day"])
    sums.add("day_slots", (*day, slot), tickets, 0)
    sums.add("day_staff", (*day, void["staff"]), tickets, 0)


def fold_event(sums: DaySums, whose: Whose, event: DayEvent, currency: str) -> None:
    """Add something that happened beside the documents; `currency` is the shop's."""
    counted, minor = event.currency, event.minor
    if not counted:
        if not is_currency(currency):
            return
        counted, minor = currency, _minor(event.amount, currency)
    key = (event.slot, counted, whose.shop, whose.till_id, event.staff, event.kind)
    sums.add("event_exceptions", key, 1, minor)


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


def _totals(sums: DaySums, day: Key, told: SaleTold, rule: TicketRule) -> list[int]:
    """Sum a document's lines; its products and discounts are added on the way."""
    items = takings = net = tax = discounts = refunds = held = cost = costed_net = 0
    gross, returned = 0, 0
    comes_back = told.kind in _COMES_BACK
    given = given_count = 0
    for line in told.lines:
        gross += line.gross
        if comes_back and line.gross < 0:
            refunds -= line.gross
            returned = 1
        if line.kind in _HELD:
            held += line.gross
            continue
        micro = _micro(line.quantity)
        pieces = _pieces(line, micro)
        items += pieces
        takings += line.gross
        net += line.net
        tax += line.tax
        discounts += line.discount
        if line.discount > 0:
            given += line.discount
            given_count += 1
        line_costs = _cost(line.cost, line.quantity, told.currency)
        own_cost, own_net = (0, 0) if line_costs is None else (line_costs, line.net)
        cost += own_cost
        costed_net += own_net
        product = line.product or ""
        named = (product, "", "") if product else ("", line.code, line.name)
        bought = int(micro > 0 and not rule.is_void)
        figures = (bought, pieces, micro, line.gross, line.net, own_cost, own_net)
        sums.add("day_products", (*day, *named), *figures)
    if given_count:
        key = (*day, told.staff, Watched.DISCOUNT.value)
        sums.add("day_exceptions", key, given_count, given)
    void_count, voids = (1, abs(gross)) if rule.is_void else (0, 0)
    return [
        rule.tickets,
        1,
        items,
        takings,
        net,
        tax,
        discounts,
        returned,
        refunds,
        void_count,
        voids,
        held,
        told.rounding,
        cost,
        costed_net,
    ]


def _pieces(line: LineTold, micro: int) -> int:
    """Return how many pieces a line is: what is weighed or measured is one."""
    if line.unit_decimals == 0 and micro % MICRO == 0:
        return micro // MICRO
    return (micro > 0) - (micro < 0)


@lru_cache(maxsize=4096)
def _micro(quantity: str) -> int:
    number = _number(quantity)
    return 0 if number is None else int((number * MICRO).to_integral_value(ROUND_HALF_UP))


@lru_cache(maxsize=8192)
def _cost(cost: str | None, quantity: str, currency: str) -> int | None:
    """Return what a line's goods cost, None where that is not known."""
    each, pieces = _number(cost), _number(quantity)
    if each is None or pieces is None:
        return None
    found = line_cost(each, pieces, minor_digits(currency))
    return found if abs(found) <= _MOST_MINOR else None


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

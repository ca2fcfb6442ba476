"""What business days came to: sums that add up over days, tills and shops, and their shares.

Every figure is a sum of whole minor units or of counts, so that a year is the sum of its days and
a company that of its tills, to the cent. Shares and averages are only made from finished sums.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from pos_app.domain.cart import SaleKind
from pos_app.domain.money import Money

SLOT_S = 900  # figures by the clock are kept by quarter hours, which every time zone is made of


class Watched(StrEnum):
    """What a cashier did that is worth a look, as the day's exceptions name it."""

    VOID = "void"
    REFUND = "refund"
    DISCOUNT = "discount"
    PRICE_OVERRIDE = "price_override"
    LINE_REMOVED = "line_removed"
    QUANTITY_LOWERED = "quantity_lowered"
    SALE_DISCARDED = "sale_discarded"
    NO_SALE = "no_sale"

    @property
    def is_document(self) -> bool:
        """Whether it is a document of its own; for the others there are lines or entries."""
        return self in (Watched.VOID, Watched.REFUND)


@dataclass(frozen=True, slots=True)
class DayTotals:
    """What some business days came to in one currency (ISO 4217), amounts in its minor units.

    `tickets` are sales and exchanges, one less for each that was voided; `items` the pieces sold
    less those that came back, where a weighed line is one piece. `takings` is what was sold with
    tax, less what came back and was voided, without money held for others (gift cards, tips,
    deposits, payments of what was owed), which is `held`. `net` and `tax` are those of the takings.
    `refunds` is what returned goods came to and `voids` what voided documents came to, both 0 or
    above. `cost` is what the goods cost whose cost is known, and `costed_net` their part of `net`.
    """

    currency: str
    tickets: int = 0
    documents: int = 0
    items: int = 0
    takings: int = 0
    net: int = 0
    tax: int = 0
    discounts: int = 0
    refund_count: int = 0
    refunds: int = 0
    void_count: int = 0
    voids: int = 0
    held: int = 0
    rounding: int = 0
    cost: int = 0
    costed_net: int = 0

    def __add__(self, other: "DayTotals") -> "DayTotals":
        """Add other days, tills or shops of the same currency; raises ValueError otherwise."""
        if other.currency != self.currency:
            raise ValueError("totals of two currencies do not add up")
        return DayTotals(
            self.currency, *(getattr(self, one) + getattr(other, one) for one in SUMMED)
        )

    def money(self, name: str) -> Money:
        """Return one of the amounts as money."""
        return Money(getattr(self, name), self.currency)

    @property
    def basket(self) -> Money | None:
        """The average ticket, to the nearest minor unit; None without tickets."""
        return (
            Money(_shared(self.takings, self.tickets), self.currency) if self.tickets > 0 else None
        )

    @property
    def items_per_ticket(self) -> Decimal | None:
        """How many pieces a ticket has, to a hundredth; None without tickets."""
        if self.tickets <= 0:
            return None
        return _quantised(Decimal(self.items) / self.tickets, "0.01")

    @property
    def margin(self) -> Money:
        """What is left of the goods whose cost is known, without tax."""
        return Money(self.costed_net - self.cost, self.currency)

    @property
    def margin_percent(self) -> Decimal | None:
        """The margin as a share of its goods' net price, to a tenth of a percent."""
        return share(self.costed_net - self.cost, self.costed_net)

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened."""
        return not self.documents


SUMMED = tuple(one.name for one in fields(DayTotals) if one.name != "currency")


@dataclass(frozen=True, slots=True)
class SlotFigure:
    """Tickets and takings (minor units) of a quarter hour; `slot` counts them since 1970 (UTC)."""

    slot: int
    tickets: int
    takings: int


@dataclass(frozen=True, slots=True)
class HourFigure:
    """Tickets and takings (minor units) of an hour of the shop's clock, 0 to 23."""

    hour: int
    tickets: int
    takings: int


@dataclass(frozen=True, slots=True)
class TenderSum:
    """One way to pay: how often, what it settled and what was given back (minor units, 0 or up)."""

    method: str
    count: int
    taken: int
    given_back: int


@dataclass(frozen=True, slots=True)
class TaxSum:
    """One tax: its code and name as sold, its rate in percent (empty for a tax by the piece)."""

    code: str
    name: str
    rate: str
    base: int
    amount: int


@dataclass(frozen=True, slots=True)
class ProductSum:
    """One product: `quantity` in its unit, amounts in minor units; lines without a product by name.

    `cost` and `costed_net` are as in `DayTotals`.
    """

    product_id: str
    code: str
    name: str
    quantity: Decimal
    takings: int
    net: int
    cost: int = 0
    costed_net: int = 0


@dataclass(frozen=True, slots=True)
class CategorySum:
    """A category of products as it is sorted today; no id stands for products in none."""

    category_id: str
    name: str
    items: Decimal
    takings: int
    net: int


@dataclass(frozen=True, slots=True)
class ExceptionSum:
    """How often a cashier did something that is worth a look, and what it came to (0 or above)."""

    kind: Watched
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class StaffSum:
    """A cashier (by code): what they sold, and their exceptions in the order of `Watched`."""

    staff: str
    tickets: int
    takings: int
    exceptions: tuple[ExceptionSum, ...] = ()

    def of(self, kind: Watched) -> ExceptionSum:
        """Return the figures of one kind of exception, none where nothing happened."""
        return next((one for one in self.exceptions if one.kind is kind), ExceptionSum(kind, 0, 0))

    def share_of(self, kind: Watched) -> Decimal | None:
        """Return an exception's amount in percent of what they sold, to a tenth."""
        return share(self.of(kind).amount, self.takings)


@dataclass(frozen=True, slots=True)
class ReceiptQuery:
    """Which documents are behind a figure: those that fit everything that is named here.

    `start` and `end` are business days, both within; `hour` is one of the shop's clock; `watched`
    asks for documents with such an exception (for what leaves none, the cart's own document).
    `category_id` of "" asks for products in none, None for any; `product_name` for lines without a
    product that are called so. Of a till's documents `after_row` and `up_to_row` (None for no end)
    name those of a shift by their place in the store, and `is_unnamed` those of no cashier.
    """

    start: date
    end: date
    currency: str
    hour: int | None = None
    method: str = ""
    tax_code: str = ""
    product_id: str = ""
    category_id: str | None = None
    staff: str = ""
    watched: Watched | None = None
    only_discounted: bool = False
    only_costed: bool = False
    product_name: str = ""
    after_row: int = 0
    up_to_row: int | None = None
    is_unnamed: bool = False


@dataclass(frozen=True, slots=True)
class TicketRule:
    """How one document counts; the same for every room that sums."""

    tickets: int
    is_void: bool


def ticket_rule(kind: SaleKind, voided: SaleKind | None) -> TicketRule:
    """Return how a document of a kind counts; `voided` is the kind of what a void took back."""
    sold = (SaleKind.SALE, SaleKind.EXCHANGE)
    if kind is SaleKind.VOID:
        return TicketRule(-1 if voided in sold else 0, is_void=True)
    return TicketRule(1 if kind in sold else 0, is_void=False)


def total_of_days(totals: Iterable[DayTotals], currency: str) -> DayTotals:
    """Return the sum of some totals of one currency."""
    found = DayTotals(currency)
    for one in totals:
        found += one
    return found


def mean_of(total: DayTotals, days: int) -> DayTotals | None:
    """Return a total shared by the days it is of, each figure rounded half up; None for none."""
    if days <= 0:
        return None
    return DayTotals(total.currency, *(_shared(getattr(total, one), days) for one in SUMMED))


def by_hour(slots: Iterable[SlotFigure], hour_of: Mapping[int, int]) -> tuple[HourFigure, ...]:
    """Fold quarter hours into the shop's hours from the first to the last; `hour_of` knows each."""
    found: dict[int, tuple[int, int]] = {}
    for one in slots:
        hour = hour_of[one.slot]
        tickets, takings = found.get(hour, (0, 0))
        found[hour] = tickets + one.tickets, takings + one.takings
    if not found:
        return ()
    hours = range(min(found), max(found) + 1)
    return tuple(HourFigure(hour, *found.get(hour, (0, 0))) for hour in hours)


def line_cost(cost: Decimal, quantity: Decimal, digits: int) -> int:
    """Return what a line's goods cost in minor units, rounded half up away from zero once."""
    exact = cost * quantity * (Decimal(10) ** digits)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def share(part: int, whole: int) -> Decimal | None:
    """Return a part in percent of a whole, to a tenth; None of nothing."""
    return None if whole <= 0 else _quantised(Decimal(100 * part) / whole, "0.1")


def change_percent(now: int, before: int) -> Decimal | None:
    """Return by how much something grew, in percent to a tenth; None where nothing was before."""
    return None if before <= 0 else _quantised(Decimal(100 * (now - before)) / before, "0.1")


def _shared(amount: int, parts: int) -> int:
    return int((Decimal(amount) / parts).quantize(Decimal(1), ROUND_HALF_UP))


def _quantised(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), ROUND_HALF_UP)

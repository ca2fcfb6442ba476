"""X and Z reports: what a shift took, by tender, tax and kind, and what its drawer should hold.

Change given is never counted as takings: every payment counts with what it settled. Money held
for others (gift cards, tips, deposits, payments on account) is no turnover.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pos_app.domain.cart import SaleKind
from pos_app.domain.cash_count import CashCount, total_of
from pos_app.domain.cash_movement import CashMovement, MovementKind
from pos_app.domain.money import Money, total
from pos_app.domain.payment import TenderMethod
from pos_app.domain.pricing import TaxFigure
from pos_app.domain.product import ProductKind

# Lines that are no turnover: the shop holds their money for somebody.
HELD_KINDS = (
    ProductKind.GIFT_CARD,
    ProductKind.TIP,
    ProductKind.DEPOSIT,
    ProductKind.ACCOUNT_PAYMENT,
    ProductKind.INVOICE_PAYMENT,
)


@dataclass(frozen=True, slots=True)
class KindFigure:
    """How many documents of one kind there were, and what they came to."""

    kind: SaleKind
    count: int
    gross: Money


@dataclass(frozen=True, slots=True)
class TenderFigure:
    """One way to pay: how often, what it settled and what was given back (both 0 or above)."""

    method: TenderMethod
    count: int
    taken: Money
    given_back: Money

    @property
    def net(self) -> Money:
        """What came in by it."""
        return self.taken - self.given_back


@dataclass(frozen=True, slots=True)
class HeldFigure:
    """Money held for others: taken with sales, and given back (both 0 or above)."""

    kind: ProductKind
    taken: Money
    given_back: Money

    @property
    def net(self) -> Money:
        """What is held more than before."""
        return self.taken - self.given_back


@dataclass(frozen=True, slots=True)
class ForeignFigure:
    """Cash of another currency that came in, and what it was worth in the shop's."""

    count: int
    tendered: Money
    worth: Money


@dataclass(frozen=True, slots=True)
class CashFlow:
    """What sales did to the drawer in the shop's currency, and the foreign notes they brought.

    `base` is cash settled less what came as foreign notes, so it holds the change given on those.
    """

    base: Money
    foreign: tuple[ForeignFigure, ...] = ()

    def of(self, currency: str) -> Money:
        """Return what sales brought of one currency."""
        if currency == self.base.currency:
            return self.base
        found = (one.tendered for one in self.foreign if one.tendered.currency == currency)
        return next(found, Money.zero(currency))


@dataclass(frozen=True, slots=True)
class SalesFigures:
    """Everything that the documents of a shift come to, in the shop's currency.

    `discounts` holds the shares of `document_discounts`; `refunds` is what returned goods came to
    (0 or above), in returns and exchanges alike; `elsewhere` sums documents of other currencies.
    """

    documents: tuple[KindFigure, ...]
    line_count: int
    first_number: str
    last_number: str
    net: Money
    tax: Money
    gross: Money
    taxes: tuple[TaxFigure, ...]
    tenders: tuple[TenderFigure, ...]
    held: tuple[HeldFigure, ...]
    cash: CashFlow
    change: Money
    rounding: Money
    discounts: Money
    document_discounts: Money
    refunds: Money
    elsewhere: tuple[Money, ...] = ()

    @property
    def turnover(self) -> Money:
        """What was sold: the documents without money held for others."""
        return self.gross - total((one.net for one in self.held), self.gross.currency)

    @property
    def document_count(self) -> int:
        """How many documents there are of any kind."""
        return sum(one.count for one in self.documents)


@dataclass(frozen=True, slots=True)
class EventFigure:
    """How often something happened that is worth a look; `kind` is the journal's word for it."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class DrawerFigure:
    """The cash of one currency: opening + sold + paid in - paid out - dropped = expected.

    `counted` and `difference` (counted less expected) are None until somebody has counted.
    """

    opening: Money
    sold: Money
    paid_in: Money
    paid_out: Money
    dropped: Money
    expected: Money
    counted: Money | None = None
    difference: Money | None = None


@dataclass(frozen=True, slots=True)
class OfficeProof:
    """How many receipts there are here, and at head office by the head that it signed last.

    The till heard it at `at` (UTC; None before the first one). `is_same` says that what head
    office has is what the till has; then `missing` more receipts are on their way.
    """

    here: int
    there: int
    at: datetime | None
    is_same: bool

    @property
    def missing(self) -> int:
        """How many receipts head office did not have then."""
        return max(self.here - self.there, 0)


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """An X report, or with a `number` above 0 the Z report of that number.

    `at` is UTC. `cash_before_opening` was sold for cash after the last closing and before this
    shift was opened; it is in the takings, and in the drawer it was part of the opening count.
    """

    number: int
    at: datetime
    business_day: date
    sales: SalesFigures
    events: tuple[EventFigure, ...]
    drawers: tuple[DrawerFigure, ...]
    cash_before_opening: Money
    movement_count: int
    grand_total_before: Money
    grand_total: Money
    head_office: OfficeProof | None = None

    def drawer(self, currency: str) -> DrawerFigure | None:
        """Return the drawer's figures of one currency."""
        return next((one for one in self.drawers if one.expected.currency == currency), None)


def drawer_figures(
    base: str,
    opening: Sequence[CashCount],
    flow: CashFlow,
    movements: Iterable[CashMovement],
    counted: Sequence[CashCount] | None = None,
) -> tuple[DrawerFigure, ...]:
    """Return what the drawer should hold of each currency, the shop's own (`base`) first."""
    moved = list(movements)
    named = {base: None}
    named |= dict.fromkeys(count.currency for count in opening)
    named |= dict.fromkeys(one.tendered.currency for one in flow.foreign)
    named |= dict.fromkeys(movement.amount.currency for movement in moved)
    named |= dict.fromkeys(count.currency for count in counted or ())
    return tuple(_drawer(currency, opening, flow, moved, counted) for currency in named)


def _drawer(
    currency: str,
    opening: Sequence[CashCount],
    flow: CashFlow,
    movements: Sequence[CashMovement],
    counted: Sequence[CashCount] | None,
) -> DrawerFigure:
    opened, sold = total_of(tuple(opening), currency), flow.of(currency)
    paid_in, paid_out, dropped = (
        total(
            (
                one.amount
                for one in movements
                if one.kind is kind and one.amount.currency == currency
            ),
            currency,
        )
        for kind in (MovementKind.PAY_IN, MovementKind.PAY_OUT, MovementKind.DROP)
    )
    expected = opened + sold + paid_in - paid_out - dropped
    found = None if counted is None else total_of(tuple(counted), currency)
    difference = None if found is None else found - expected
    return DrawerFigure(opened, sold, paid_in, paid_out, dropped, expected, found, difference)


def in_tax_order(figures: Iterable[TaxFigure]) -> tuple[TaxFigure, ...]:
    """Return tax figures in an order of their own: by code, name and what they take."""
    return tuple(
        sorted(
            figures,
            key=lambda figure: (
                figure.tax.code,
                figure.tax.name,
                str(figure.tax.rate),
                str(figure.tax.fixed_per_unit),
                str(figure.tax.included),
                figure.tax.affects_next,
            ),
        )
    )


def expected_cash(drawers: Iterable[DrawerFigure]) -> tuple[Money, ...]:
    """Return what should be in the drawer, by currency."""
    return tuple(drawer.expected for drawer in drawers)

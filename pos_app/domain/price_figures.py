"""What pricing takes and gives: policy and lines in, figures and the tax table out."""

from dataclasses import dataclass
from decimal import Decimal

from pos_app.domain.discount import NO_DISCOUNT, LineDiscount
from pos_app.domain.money import Money, RoundingMode, minor_digits, step_minor
from pos_app.domain.tax import Tax, TaxRounding


@dataclass(frozen=True, slots=True)
class PricePolicy:
    """How a shop prices: stored on every document so that each later reader rounds alike.

    `step` is the smallest amount on the document in currency units (None: the currency's own).
    """

    currency: str
    prices_include_tax: bool = True
    tax_rounding: TaxRounding = TaxRounding.PER_LINE
    rounding: RoundingMode = RoundingMode.HALF_UP
    step: Decimal | None = None

    def __post_init__(self) -> None:
        _ = self.step_minor

    @property
    def step_minor(self) -> int:
        """The step in minor units; raises StepTooFine where it is not a whole number of them."""
        if self.step is None:
            minor_digits(self.currency)
            return 1
        return step_minor(self.step, self.currency)


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line to be priced: `unit_price` and `min_unit_price` in currency units per unit."""

    quantity: Decimal
    unit_price: Decimal
    discount: LineDiscount = NO_DISCOUNT
    min_unit_price: Decimal | None = None
    taxes: tuple[Tax, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxFigure:
    """One row of the tax table: a tax, the amount it was taken on, and what it came to."""

    tax: Tax
    base: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class LineFigures:
    """What a line comes to; `discount` holds its own discount and its share of the document's."""

    net: Money
    tax: Money
    gross: Money
    discount: Money
    document_discount: Money
    taxes: tuple[TaxFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class Priced:
    """A priced document: net + tax = gross, and the lines sum to all three."""

    net: Money
    tax: Money
    gross: Money
    lines: tuple[LineFigures, ...]
    taxes: tuple[TaxFigure, ...]
    document_discounts: tuple[Money, ...] = ()

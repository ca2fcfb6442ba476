"""Discounts on a line or on the whole sale, by percent or by amount, each with its reason."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.errors import PosError

# A third as a percentage fits; what is longer is a mistake or an attack on the arithmetic.
_PLACES = 12
_LIMIT = Decimal(10) ** 15


class DiscountOutOfRange(PosError):
    """A percentage outside 0 to 100, an amount below zero, or a value with too many places."""

    sentence = "A discount of {value} is not possible. Enter 0 to 100 percent, or an amount from 0."


class DiscountKind(StrEnum):
    """What the value of a whole-sale discount means."""

    AMOUNT = "amount"
    PERCENT = "percent"


class DiscountBasis(StrEnum):
    """Whether a whole-sale discount lowers the total before tax or the total with tax."""

    NET = "net"
    GROSS = "gross"


@dataclass(frozen=True, slots=True)
class LineDiscount:
    """A line's discount: `percent` of the unit price, then `amount_per_unit` in currency units."""

    percent: Decimal = Decimal(0)
    amount_per_unit: Decimal = Decimal(0)
    reason: str = ""

    def __post_init__(self) -> None:
        if not _is_sensible(self.percent) or self.percent > 100:
            raise DiscountOutOfRange(value=f"{self.percent} %")
        if not _is_sensible(self.amount_per_unit):
            raise DiscountOutOfRange(value=self.amount_per_unit)


@dataclass(frozen=True, slots=True)
class DocumentDiscount:
    """A whole-sale discount: `value` in percent or in currency units, on net or on gross."""

    kind: DiscountKind
    value: Decimal
    basis: DiscountBasis = DiscountBasis.GROSS
    reason: str = ""

    def __post_init__(self) -> None:
        if not _is_sensible(self.value):
            raise DiscountOutOfRange(value=self.value)
        if self.kind is DiscountKind.PERCENT and self.value > 100:
            raise DiscountOutOfRange(value=f"{self.value} %")


def _is_sensible(value: Decimal) -> bool:
    if not value.is_finite():
        return False
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_PLACES and 0 <= value < _LIMIT


NO_DISCOUNT = LineDiscount()

"""What the stock is worth: the moving average of what was paid for it.

After each receipt the average is (value before + value received) / (quantity before + received),
as in IAS 2.27 "weighted average … as each additional shipment is received". Going out does not
change it. Where nothing or less than nothing was there, the price of the receipt is the average.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from pos_app.domain.money import Money, RoundingMode, round_ratio

PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class AverageCost:
    """A product's average cost in currency units per unit, six places."""

    product_id: str
    average: Decimal
    currency: str


def average_after(
    average: Decimal | None, level: Decimal, quantity: Decimal, unit_cost: Decimal
) -> Decimal:
    """Return the average after `quantity` (above 0) came in at `unit_cost`.

    `level` is what all locations had before.
    """
    if average is None or level <= 0:
        return unit_cost.quantize(PLACES, ROUND_HALF_EVEN)
    worth = level * average + quantity * unit_cost
    return (worth / (level + quantity)).quantize(PLACES, ROUND_HALF_EVEN)


def value_of(level: Decimal, average: Decimal, currency: str) -> Money:
    """Return what a level is worth, half up to the minor unit; below zero is worth nothing."""
    if level <= 0:
        return Money.zero(currency)
    parts, whole = (level * average * _minor_units(currency)).as_integer_ratio()
    return Money(round_ratio(parts, whole, RoundingMode.HALF_UP), currency)


def _minor_units(currency: str) -> int:
    return Money.of(Decimal(1), currency).minor

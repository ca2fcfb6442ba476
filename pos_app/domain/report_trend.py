"""The report of how a product, or everything, sells by day, week, month or year.

What counts as turnover is told in `report_customers`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pos_app.domain.money import Money
from pos_app.domain.report_period import Grain, ReportPeriod, first_day, pieces

_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sold:
    """What was sold on a day in one unit; amounts in minor units, below zero it came back."""

    day: date
    unit: str
    quantity: Decimal
    net: int
    amount: int


@dataclass(frozen=True, slots=True)
class TrendFigures:
    """What was sold from `start` on; `quantities` stand in the order of the report's units."""

    start: date
    quantities: tuple[Decimal, ...]
    net: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class ProductTrend:
    """The pieces of a period in one currency, the first first, also those without a sale.

    Quantities are never summed over different units: `units` are the codes of those sold.
    """

    period: ReportPeriod
    currency: str
    grain: Grain
    units: tuple[str, ...]
    trend: tuple[TrendFigures, ...]

    @property
    def total(self) -> TrendFigures:
        """The whole period."""
        quantities = tuple(
            sum((one.quantities[place] for one in self.trend), _NONE)
            for place in range(len(self.units))
        )
        return TrendFigures(
            self.period.start,
            quantities,
            Money(sum(one.net.minor for one in self.trend), self.currency),
            Money(sum(one.amount.minor for one in self.trend), self.currency),
        )


def trend_of(
    sold: Iterable[Sold], period: ReportPeriod, grain: Grain, currency: str
) -> ProductTrend:
    """Put what was sold into the pieces of a period."""
    quantities: dict[tuple[date, str], Decimal] = {}
    amounts: dict[date, tuple[int, int]] = {}
    for one in sold:
        start = first_day(one.day, grain)
        key = start, one.unit
        quantities[key] = quantities.get(key, _NONE) + one.quantity
        net, amount = amounts.get(start, (0, 0))
        amounts[start] = net + one.net, amount + one.amount
    units = tuple(sorted({unit for _, unit in quantities}))
    trend = []
    for start in pieces(period, grain):
        net, amount = amounts.get(start, (0, 0))
        by_unit = tuple(quantities.get((start, unit), _NONE) for unit in units)
        trend.append(TrendFigures(start, by_unit, Money(net, currency), Money(amount, currency)))
    return ProductTrend(period, currency, grain, units, tuple(trend))

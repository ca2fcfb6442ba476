"""Taxes on a line: percentages and fixed amounts per unit, included in the price or added."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import lcm

from pos_app.domain.errors import PosError
from pos_app.domain.money import RoundingMode, round_ratio

RATE_LIMIT = Decimal(10_000)


class TaxNeedsRateOrFixed(PosError):
    """A tax has neither a rate nor a fixed amount, or both."""

    sentence = "The tax {name} needs either a rate in percent or a fixed amount per unit."


class TaxOutOfRange(PosError):
    """A rate or fixed amount below zero or beyond the limit."""

    sentence = "A tax of {value} is not possible. Enter 0 or more, and less than {limit}."


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax: a `rate` in percent or `fixed_per_unit` in currency units per unit sold.

    `included` says whether the price contains it (None: as the shop's policy says);
    `affects_next` adds its amount to the base of the taxes after it.
    """

    rate: Decimal | None = None
    fixed_per_unit: Decimal | None = None
    included: bool | None = None
    affects_next: bool = False
    name: str = ""
    code: str = ""

    def __post_init__(self) -> None:
        if (self.rate is None) == (self.fixed_per_unit is None):
            raise TaxNeedsRateOrFixed(name=self.name or "?")
        value = self.fixed_per_unit if self.rate is None else self.rate
        if value is None or not value.is_finite() or not 0 <= value < RATE_LIMIT:
            raise TaxOutOfRange(value=value, limit=RATE_LIMIT)


def taxes_of_unknown(taxes: Iterable[Tax]) -> tuple[Tax, ...]:
    """Return the tax for an item that is in no catalogue: the shop's highest rate, if it has any.

    The shop owes the tax whether or not it was charged, so the doubt is never for too little.
    """
    rated = [tax for tax in taxes if tax.rate is not None]
    return (max(rated, key=lambda tax: tax.rate or 0),) if rated else ()


class TaxRounding(StrEnum):
    """Where tax is rounded; each document stores the one it was made with."""

    PER_LINE = "per_line"
    PER_UNIT = "per_unit"
    PER_DOCUMENT = "per_document"
    SUM_THEN_ROUND = "sum_then_round"
    ROUND_LINES_THEN_TAX_PER_RATE = "round_lines_then_tax_per_rate"


@dataclass(frozen=True, slots=True, eq=False)
class TaxPlan:
    """The taxes of a line as whole numbers, so that pricing needs no fractions.

    Each tax is linear in the line's net amount: `(slope * net + offset * quantity) / scale`, net
    and tax in rounding steps. `inside_*` add up the included ones, the net amount itself counted
    in `inside_slope`, so that the net amount of a price follows from one division.
    """

    taxes: tuple[Tax, ...]
    included: tuple[bool, ...]
    rates: tuple[tuple[int, int] | None, ...]
    slopes: tuple[int, ...]
    offsets: tuple[int, ...]
    scale: int
    inside_slope: int
    inside_offset: int

    @property
    def is_all_included(self) -> bool:
        """Whether the price contains every tax."""
        return all(self.included)

    def exact(self, amount: tuple[int, int], quantity: tuple[int, int]) -> list[tuple[int, int]]:
        """Return each tax of a price amount in steps as an unrounded ratio."""
        steps, parts = amount
        if not any(self.offsets):
            return [(slope * steps, self.inside_slope * parts) for slope in self.slopes]
        units, unit_parts = quantity
        net = steps * self.scale * unit_parts - self.inside_offset * units * parts
        fixed = units * parts * self.inside_slope
        whole = self.scale * self.inside_slope * parts * unit_parts
        pairs = zip(self.slopes, self.offsets, strict=True)
        return [(slope * net + offset * fixed, whole) for slope, offset in pairs]

    def rounded(
        self, amount: tuple[int, int], quantity: tuple[int, int], mode: RoundingMode
    ) -> tuple[int, ...]:
        """Round each tax; one added on top is taken on figures that already stand rounded.

        An included tax is rounded and the base is what remains: the base is never rounded first.
        """
        rounded = [round_ratio(*ratio, mode) for ratio in self.exact(amount, quantity)]
        if self.is_all_included:
            return tuple(rounded)
        steps, parts = amount
        inside = zip(rounded, self.included, strict=True)
        base = steps - parts * sum(tax for tax, included in inside if included)
        for index, (tax, rate) in enumerate(zip(self.taxes, self.rates, strict=True)):
            if rate is not None and not self.included[index]:
                rounded[index] = round_ratio(base * rate[0], parts * rate[1], mode)
            if tax.affects_next:
                base += parts * rounded[index]
        return tuple(rounded)


@lru_cache(maxsize=512)
def tax_plan(
    taxes: tuple[Tax, ...], included: tuple[bool, ...], steps_per_unit: Fraction
) -> TaxPlan:
    """Work out the taxes of a line; `steps_per_unit` is how many steps one currency unit has."""
    slopes: list[Fraction] = []
    offsets: list[Fraction] = []
    carried_slope, carried_offset = Fraction(1), Fraction(0)
    for tax in taxes:
        if tax.rate is None:
            slope, offset = Fraction(0), Fraction(tax.fixed_per_unit or 0) * steps_per_unit
        else:
            share = Fraction(tax.rate) / 100
            slope, offset = share * carried_slope, share * carried_offset
        slopes.append(slope)
        offsets.append(offset)
        if tax.affects_next:
            carried_slope, carried_offset = carried_slope + slope, carried_offset + offset
    scale = lcm(*(value.denominator for value in (*slopes, *offsets)))
    whole_slopes = tuple(int(slope * scale) for slope in slopes)
    whole_offsets = tuple(int(offset * scale) for offset in offsets)
    return TaxPlan(
        taxes=taxes,
        included=included,
        rates=tuple(_rate_ratio(tax) for tax in taxes),
        slopes=whole_slopes,
        offsets=whole_offsets,
        scale=scale,
        inside_slope=scale + _sum_inside(whole_slopes, included),
        inside_offset=_sum_inside(whole_offsets, included),
    )


def is_included(tax: Tax, prices_include_tax: bool) -> bool:
    """Whether a price contains `tax`: as the tax says, otherwise as the shop's policy says."""
    return prices_include_tax if tax.included is None else tax.included


def _rate_ratio(tax: Tax) -> tuple[int, int] | None:
    return None if tax.rate is None else (Fraction(tax.rate) / 100).as_integer_ratio()


def _sum_inside(values: tuple[int, ...], included: tuple[bool, ...]) -> int:
    return sum(value for value, inside in zip(values, included, strict=True) if inside)

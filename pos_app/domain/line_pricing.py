"""From lines to rounded figures in whole steps, where the policy says to round."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from pos_app.domain.discount import NO_DISCOUNT
from pos_app.domain.money import RoundingMode, minor_digits, round_ratio, round_steps, spread
from pos_app.domain.price_figures import PriceLine, PricePolicy
from pos_app.domain.remember import by_identity
from pos_app.domain.tax import Tax, TaxPlan, TaxRounding, is_included, tax_plan

# Where the line amount is not rounded before its tax is taken.
_KEEPS_FRACTION = (
    TaxRounding.PER_UNIT,
    TaxRounding.PER_DOCUMENT,
    TaxRounding.SUM_THEN_ROUND,
)


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """A policy worked out: a step in minor units, and how many steps a currency unit has."""

    policy: PricePolicy
    tax_rounding: TaxRounding
    mode: RoundingMode
    size: int
    steps_per_unit: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class LineWork:
    """A line on its way: `amount`, a ratio in steps, holds the taxes its plan calls included.

    `list_amount`, `line_discount` and `shared` (of document discounts) are whole steps.
    """

    line: PriceLine
    plan: TaxPlan
    amount: tuple[int, int]
    quantity: tuple[int, int]
    list_amount: int
    line_discount: int
    shared: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class LineResult:
    """A line's rounded figures in steps; `taxes` in the order of the line's taxes."""

    work: LineWork
    net: int
    gross: int
    taxes: tuple[int, ...]


@lru_cache(maxsize=64)
def terms_of(policy: PricePolicy) -> Terms:
    """Work out a policy once for all its documents."""
    size = policy.step_minor
    steps_per_unit = Fraction(10 ** minor_digits(policy.currency), size)
    return Terms(
        policy, policy.tax_rounding, policy.rounding, size, steps_per_unit.as_integer_ratio()
    )


@by_identity
def line_work(line: PriceLine, terms: Terms) -> LineWork:
    """Return price times quantity less the line's discount, rounded where the policy says so."""
    per_unit, per_unit_parts = terms.steps_per_unit
    units, unit_parts = quantity = line.quantity.as_integer_ratio()
    price, price_parts = line.unit_price.as_integer_ratio()
    numerator = price * units * per_unit
    denominator = price_parts * unit_parts * per_unit_parts
    listed = rounded = round_ratio(numerator, denominator, terms.mode)
    if line.discount is not NO_DISCOUNT:
        left = Fraction(line.unit_price) - unit_discount(line, terms)
        exact = left * Fraction(units * per_unit, unit_parts * per_unit_parts)
        numerator, denominator = exact.as_integer_ratio()
        rounded = round_ratio(numerator, denominator, terms.mode)
    if terms.tax_rounding not in _KEEPS_FRACTION:
        numerator, denominator = rounded, 1
    plan = plan_of(line.taxes, terms)
    return LineWork(line, plan, (numerator, denominator), quantity, listed, listed - rounded)


def unit_discount(line: PriceLine, terms: Terms) -> Fraction:
    """The discount on each unit in currency units: percent first, then the amount.

    Never below the minimum price, nor through zero; a whole number of steps under `per_unit`.
    """
    size = abs(Fraction(line.unit_price))
    wanted = size * Fraction(line.discount.percent) / 100 + Fraction(line.discount.amount_per_unit)
    room = max(size - Fraction(line.min_unit_price or 0), Fraction(0))
    off = min(wanted, room)
    if terms.tax_rounding is TaxRounding.PER_UNIT:
        off = rounded_unit_discount(off, room, terms)
    return off if line.unit_price >= 0 else -off


def rounded_unit_discount(off: Fraction, room: Fraction, terms: Terms) -> Fraction:
    """Round a unit's discount to a step, and down where it would pass what the unit leaves."""
    steps = Fraction(*terms.steps_per_unit)
    rounded = round_steps(off * steps, terms.mode) / steps
    if rounded > room:
        return round_steps(off * steps, RoundingMode.DOWN) / steps
    return rounded


@by_identity
def plan_of(taxes: tuple[Tax, ...], terms: Terms) -> TaxPlan:
    """Return the taxes of a line worked out for prices as the shop writes them."""
    included = tuple(is_included(tax, terms.policy.prices_include_tax) for tax in taxes)
    return tax_plan(taxes, included, Fraction(*terms.steps_per_unit))


def with_tax_in(work: LineWork, on_gross: bool, terms: Terms) -> TaxPlan:
    """The line's taxes, all of them included in the amount, or none of them."""
    included = tuple(on_gross for _ in work.plan.taxes)
    return tax_plan(work.plan.taxes, included, Fraction(*terms.steps_per_unit))


def rounded_lines(works: Sequence[LineWork], terms: Terms) -> list[LineResult]:
    """Round amounts and taxes of all lines under the policy."""
    if terms.tax_rounding is TaxRounding.PER_LINE:
        return [_taxed_line(work, terms) for work in works]
    if terms.tax_rounding is TaxRounding.PER_UNIT:
        return [_taxed_per_unit(work, terms) for work in works]
    return _taxed_document(works, terms)


@by_identity
def _taxed_line(work: LineWork, terms: Terms) -> LineResult:
    steps = round_ratio(*work.amount, terms.mode)
    return _result(work, steps, work.plan.rounded((steps, 1), work.quantity, terms.mode))


@by_identity
def _taxed_per_unit(work: LineWork, terms: Terms) -> LineResult:
    units, unit_parts = work.quantity
    numerator, denominator = work.amount
    steps = round_ratio(numerator, denominator, terms.mode)
    if units == 0:
        return _result(work, steps, tuple(0 for _ in work.plan.taxes))
    sign = -1 if units < 0 else 1
    each = (sign * numerator * unit_parts, denominator * sign * units)
    taxes = work.plan.rounded(each, (1, 1), terms.mode)
    whole = tuple(round_ratio(tax * units, unit_parts, terms.mode) for tax in taxes)
    return _result(work, steps, whole)


def _taxed_document(works: Sequence[LineWork], terms: Terms) -> list[LineResult]:
    """Round once per rate, or once for all, then hand the steps back to the lines."""
    once = terms.tax_rounding is TaxRounding.SUM_THEN_ROUND
    sets = [None if once else _set_key(work.plan, None) for work in works]
    amounts = _rounded_by_group([work.amount for work in works], sets, terms.mode)
    exact = [_exact_taxes(work, None) for work in works]
    keys = [None if once else key for work in works for key in _tax_keys(work.plan, None)]
    steps = iter(_rounded_by_group([part for row in exact for part in row], keys, terms.mode))
    taxes = [tuple(next(steps) for _ in row) for row in exact]
    return [
        _known_result(work, rounded)
        for work, rounded in zip(works, zip(amounts, taxes, strict=True), strict=True)
    ]


def _rounded_by_group(
    parts: list[tuple[int, int]], groups: Sequence[Hashable], mode: RoundingMode
) -> list[int]:
    """Round the sum of each group once and give each part its share of it."""
    members: dict[Hashable, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(group, []).append(index)
    steps = [0] * len(parts)
    for indexes in members.values():
        for index, share in zip(indexes, spread([parts[i] for i in indexes], mode), strict=True):
            steps[index] = share
    return steps


def tax_key(tax: Tax) -> Hashable:
    """What makes two taxes one row of the tax table: rate or fixed amount, and code."""
    return tax.rate, tax.fixed_per_unit, tax.code


@by_identity
def _tax_keys(plan: TaxPlan, _: None) -> tuple[Hashable, ...]:
    return tuple(tax_key(tax) for tax in plan.taxes)


@by_identity
def _set_key(plan: TaxPlan, _: None) -> Hashable:
    return _tax_keys(plan, None), plan.included


@by_identity
def _exact_taxes(work: LineWork, _: None) -> list[tuple[int, int]]:
    return work.plan.exact(work.amount, work.quantity)


@by_identity
def _known_result(work: LineWork, rounded: tuple[int, tuple[int, ...]]) -> LineResult:
    return _result(work, *rounded)


def _result(work: LineWork, amount: int, taxes: tuple[int, ...]) -> LineResult:
    inside = zip(taxes, work.plan.included, strict=True)
    net = amount - sum(tax for tax, included in inside if included)
    return LineResult(work, net, net + sum(taxes), taxes)

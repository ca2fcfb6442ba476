"""Sharing a discount of the whole sale over its lines, as far as minimum prices allow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pos_app.domain.discount import DiscountBasis, DiscountKind, DocumentDiscount
from pos_app.domain.line_pricing import LineResult, LineWork, Terms, plan_of, with_tax_in
from pos_app.domain.money import RoundingMode, round_ratio, share_out
from pos_app.domain.remember import by_identity
from pos_app.domain.tax import TaxRounding


@dataclass(frozen=True, slots=True)
class Shared:
    """A shared discount in steps: what it was to be, what was given, and each line's part."""

    works: tuple[LineWork, ...]
    whole: int
    wanted: int
    given: int
    shares: tuple[int, ...]


def share_discount(
    results: Sequence[LineResult], discount: DocumentDiscount, terms: Terms
) -> Shared:
    """Share `discount` over the lines by largest remainder.

    A line gives no more than its minimum price leaves, and what it cannot give goes to the
    others; lines of the other sign (something given back in a sale, or a fixed tax larger than
    its price) neither give nor take.
    """
    on_gross = discount.basis is DiscountBasis.GROSS
    figures = [result.gross if on_gross else result.net for result in results]
    whole = sum(figures)
    sign = _direction(results)
    weights = [max(sign * figure, 0) for figure in figures]
    rooms = [
        max(weight - _least(result.work, (on_gross, terms)), 0) if weight else 0
        for weight, result in zip(weights, results, strict=True)
    ]
    most = max(sign * whole, 0)
    wanted = _discount_steps(discount, most, terms)
    given = min(wanted, most, sum(rooms))
    shares = tuple(sign * share for share in _share_within(given, weights, rooms))
    takes_all = 0 < given == most
    works = tuple(
        _lowered(result, (on_gross, share, takes_all, terms))
        if share
        else (_in_whole_steps(result, terms) if takes_all else result.work)
        for result, share in zip(results, shares, strict=True)
    )
    return Shared(works, whole, sign * wanted, sign * given, shares)


def _direction(results: Sequence[LineResult]) -> int:
    """1 where the document sells, -1 where it gives back, by its prices before any discount."""
    listed: Fraction | int = sum(result.work.list_amount for result in results)
    if listed == 0:
        lines = [result.work.line for result in results]
        listed = sum((Fraction(line.unit_price) * Fraction(line.quantity) for line in lines), 0)
    return -1 if listed < 0 else 1


def _discount_steps(discount: DocumentDiscount, whole: int, terms: Terms) -> int:
    value, parts = discount.value.as_integer_ratio()
    if discount.kind is DiscountKind.PERCENT:
        return round_ratio(whole * value, 100 * parts, terms.mode)
    per_unit, per_unit_parts = terms.steps_per_unit
    return round_ratio(value * per_unit, parts * per_unit_parts, terms.mode)


@by_identity
def _least(work: LineWork, basis: tuple[bool, Terms]) -> int:
    """The least this line may come to, in steps of the discount's basis (rounded up)."""
    if work.line.min_unit_price is None:
        return 0
    on_gross, terms = basis
    quantity = abs(Fraction(*work.quantity))
    amount = Fraction(work.line.min_unit_price) * quantity * Fraction(*terms.steps_per_unit)
    plan = plan_of(work.line.taxes, terms)
    taxes = plan.exact(amount.as_integer_ratio(), quantity.as_integer_ratio())
    least = amount
    for tax, included in zip(taxes, plan.included, strict=True):
        if included and not on_gross:
            least -= Fraction(*tax)
        elif on_gross and not included:
            least += Fraction(*tax)
    return round_ratio(least.numerator, least.denominator, RoundingMode.UP)


def _share_within(steps: int, weights: list[int], rooms: list[int]) -> list[int]:
    """Largest-remainder shares, none above its room; what does not fit goes to the others."""
    shares = [0] * len(weights)
    open_lines = [index for index, room in enumerate(rooms) if room > 0]
    left = steps
    while left and open_lines:
        parts = share_out(left, [weights[index] for index in open_lines])
        for index, part in zip(open_lines, parts, strict=True):
            shares[index] += min(part, rooms[index] - shares[index])
        left = steps - sum(shares)
        open_lines = [index for index in open_lines if shares[index] < rooms[index]]
    return shares


@by_identity
def _in_whole_steps(result: LineResult, _: Terms) -> LineWork:
    inside = zip(result.taxes, result.work.plan.included, strict=True)
    amount = result.net + sum(tax for tax, included in inside if included)
    return replace(result.work, amount=(amount, 1))


@by_identity
def _lowered(result: LineResult, lowering: tuple[bool, int, bool, Terms]) -> LineWork:
    """The line after its share of a discount.

    An unrounded amount stays unrounded where the policy keeps it so. It is restated from whole
    steps on the other basis, and where the fraction would leave less than nothing or less than
    the minimum price: a total discounted to nothing has to come to nothing.
    """
    on_gross, share, takes_all, terms = lowering
    work = result.work
    shared = work.shared + share
    is_same_basis = all(included is on_gross for included in work.plan.included)
    if is_same_basis and not takes_all and terms.tax_rounding is not TaxRounding.PER_UNIT:
        numerator, denominator = work.amount
        left = numerator - share * denominator
        least = _least(work, (on_gross, terms))
        if (left if share > 0 else -left) >= least * denominator:
            return replace(work, amount=(left, denominator), shared=shared)
    amount = (result.gross if on_gross else result.net) - share
    plan = work.plan if is_same_basis else with_tax_in(work, on_gross, terms)
    return replace(work, plan=plan, amount=(amount, 1), shared=shared)

"""What a part of a priced line is worth, so that all its parts sum to the whole exactly."""

from collections.abc import Sequence
from decimal import Decimal

from pos_app.domain.money import Money, round_ratio
from pos_app.domain.pricing import LineFigures, PricePolicy, TaxFigure


def share_of(
    figures: LineFigures,
    whole: Decimal,
    before: Decimal,
    quantity: Decimal,
    policy: PricePolicy,
    *,
    on_net: bool = False,
) -> LineFigures:
    """Return the figures of `quantity` units of a line of `whole` units, after `before` of them.

    The share up to here minus the share before, each rounded as the document was, to its step; the
    last part is whatever is left. Where prices include tax the gross amount is shared and the net
    is what the tax leaves of it, so that one of four pieces at 99.99 is worth 99.99; `on_net`
    shares the net instead, as was done for every policy before.
    """

    def part(amount: Money) -> Money:
        upper = _share(amount, before + quantity, whole, policy)
        return Money(upper - _share(amount, before, whole, policy), amount.currency)

    amounts = [part(figure.amount) for figure in figures.taxes]
    tax = Money(sum(amount.minor for amount in amounts), figures.net.currency)
    by_gross = policy.prices_include_tax and not on_net
    net = part(figures.gross) - tax if by_gross else part(figures.net)
    taxes = tuple(
        TaxFigure(f.tax, net if f.base == figures.net else part(f.base), amount)
        for f, amount in zip(figures.taxes, amounts, strict=True)
    )
    return LineFigures(
        net=net,
        tax=tax,
        gross=net + tax,
        discount=part(figures.discount),
        document_discount=part(figures.document_discount),
        taxes=taxes,
    )


def rest_of(
    figures: LineFigures, whole: Decimal, units: Decimal, taken: LineFigures, policy: PricePolicy
) -> LineFigures | None:
    """Return what the first `units` of a line are worth beyond the parts `taken` of it before.

    So all parts sum to the whole even after some of them, not the last ones, were given back. None
    where more was taken than that.
    """
    left = summed_figures([share_of(figures, whole, Decimal(0), units, policy), turned(taken)])
    amounts = (left.net, left.tax, left.gross, *(figure.amount for figure in left.taxes))
    return None if any(amount.minor < 0 for amount in amounts) else left


def summed_figures(parts: Sequence[LineFigures]) -> LineFigures:
    """Return the sum of at least one part of the same line."""
    first, *others = parts
    for part in others:
        first = LineFigures(
            net=first.net + part.net,
            tax=first.tax + part.tax,
            gross=first.gross + part.gross,
            discount=first.discount + part.discount,
            document_discount=first.document_discount + part.document_discount,
            taxes=tuple(
                TaxFigure(one.tax, one.base + two.base, one.amount + two.amount)
                for one, two in zip(first.taxes, part.taxes, strict=True)
            ),
        )
    return first


def turned(figures: LineFigures) -> LineFigures:
    """Return the exact negative of a line's figures."""
    return LineFigures(
        net=-figures.net,
        tax=-figures.tax,
        gross=-figures.gross,
        discount=-figures.discount,
        document_discount=-figures.document_discount,
        taxes=tuple(TaxFigure(f.tax, -f.base, -f.amount) for f in figures.taxes),
    )


def _share(amount: Money, quantity: Decimal, whole: Decimal, policy: PricePolicy) -> int:
    """The share of `amount` in minor units, a whole number of the policy's steps."""
    if quantity == whole:
        return amount.minor
    units, unit_parts = quantity.as_integer_ratio()
    all_units, all_parts = whole.as_integer_ratio()
    numerator = amount.minor * units * all_parts
    denominator = unit_parts * all_units * policy.step_minor
    return round_ratio(numerator, denominator, policy.rounding) * policy.step_minor

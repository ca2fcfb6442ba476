"""Giving back: what part of a sold line is worth, so that all parts sum to the exact negative."""

from decimal import Decimal

from pos_app.domain.cart import CartLine, NoSuchLine, ReturnOf
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money, round_ratio
from pos_app.domain.pricing import LineFigures, PricePolicy, TaxFigure
from pos_app.domain.sale import Sale, SaleLine


class MoreThanWasSold(PosError):
    """More is to come back than was sold and not yet returned."""

    sentence = "Only {left} of {name} can still come back from {number}. Enter at most that many."


class ReturnedMeanwhile(PosError):
    """Another part of the same goods came back after the line was made, so its shares are off."""

    sentence = (
        "Some of {name} from {number} has come back meanwhile. Remove the line and enter the "
        "return again."
    )


def return_line(
    sale: Sale, line_no: int, quantity: Decimal, already: Decimal, reason: str
) -> CartLine:
    """Make the cart line that gives back `quantity` (above 0) of a sold line.

    `already` is what came back before. The figures are the original's; raises NoSuchLine or
    MoreThanWasSold.
    """
    line = next((line for line in sale.lines if line.line_no == line_no), None)
    if line is None:
        raise NoSuchLine()
    left = line.quantity - already
    if not quantity.is_finite() or not 0 < quantity <= left:
        raise MoreThanWasSold(left=left, name=line.name, number=sale.number)
    return CartLine(
        id=0,
        product_id=line.product_id,
        code=line.code,
        name=line.name,
        quantity=-quantity,
        unit_price=line.unit_price,
        unit=line.unit,
        kind=line.kind,
        taxes=tuple(figure.tax for figure in line.figures.taxes),
        discount=line.discount,
        list_price=line.list_price,
        cost=line.cost,
        returns=ReturnOf(sale.id, sale.number, line_no, reason),
        figures=refund_figures(line, quantity, already, sale.policy),
    )


def check_still_returnable(line: CartLine, sale: Sale, already: Decimal) -> None:
    """Refuse a line of `sale` whose goods came back another way since the line was made.

    `already` is what came back by now. Raises MoreThanWasSold or ReturnedMeanwhile.
    """
    if line.returns is None or line.returns.line_no is None:
        return
    now = return_line(sale, line.returns.line_no, -line.quantity, already, line.returns.reason)
    if now.figures != line.figures:
        raise ReturnedMeanwhile(name=line.name, number=sale.number)


def refund_figures(
    line: SaleLine, quantity: Decimal, already: Decimal, policy: PricePolicy
) -> LineFigures:
    """Negative figures of a part of `line`: the share up to here minus the share before.

    Shares are rounded as the document was, to its step; the last part is whatever is left.
    """

    def part(amount: Money) -> Money:
        before = _share(amount, already, line.quantity, policy)
        after = _share(amount, already + quantity, line.quantity, policy)
        return Money(before - after, amount.currency)

    figures = line.figures
    taxes = tuple(TaxFigure(f.tax, part(f.base), part(f.amount)) for f in figures.taxes)
    net = part(figures.net)
    tax = Money(sum(f.amount.minor for f in taxes), net.currency)
    return LineFigures(
        net=net,
        tax=tax,
        gross=net + tax,
        discount=part(figures.discount),
        document_discount=part(figures.document_discount),
        taxes=taxes,
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

"""Giving back: what part of a sold line is worth, so that all parts sum to the exact negative."""

from decimal import Decimal

from pos_app.domain.cart import CartLine, NoSuchLine, ReturnOf
from pos_app.domain.errors import PosError
from pos_app.domain.line_shares import share_of, turned
from pos_app.domain.pricing import LineFigures, PricePolicy
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
    """Negative figures of a part of `line`, after what came `already` back; see `share_of`."""
    return turned(share_of(line.figures, line.quantity, already, quantity, policy))

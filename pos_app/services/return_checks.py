"""Whether goods can still come back at the moment when their document is finished."""

from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.cart import Cart, CartLine, SaleKind, price_cart
from pos_app.domain.payment import TenderMethod, TenderRequest, settle
from pos_app.domain.refund import refund_rounding
from pos_app.domain.return_ import ReturnedMeanwhile, check_still_returnable
from pos_app.domain.sale import Sale
from pos_app.domain.void import LaterReturn, PartlyReturned

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction


def check_returns(tx: "Transaction", cart: Cart) -> None:
    """Refuse lines whose goods came back meanwhile, while the cart waited or in the cart itself.

    Sales of another till cannot be looked at here. Raises MoreThanWasSold or ReturnedMeanwhile.
    """
    here: dict[tuple[str, int], Decimal] = {}
    for line in cart.lines:
        origin = line.returns
        if origin is None or origin.sale_id is None or origin.line_no is None:
            continue
        sale = tx.sales.get(origin.sale_id)
        if sale is not None:
            key = (origin.sale_id, origin.line_no)
            already = tx.sales.returned(*key) + here.get(key, Decimal(0))
            check_still_returnable(line, sale, already)
            here[key] = here.get(key, Decimal(0)) - line.quantity
            _check_rounding(tx, cart, line, sale)


def _check_rounding(tx: "Transaction", cart: Cart, line: CartLine, sale: Sale) -> None:
    """Refuse a refund whose rounding does not go on where another refund of the receipt ended.

    Each rounded for itself, the parts would give back more than was paid.
    """
    if cart.kind is not SaleKind.RETURN or cart.cash_rounding is None:
        return
    now = refund_rounding(cart.cash_rounding, tx.sales.returns_of(sale.id))
    gross = price_cart(cart).gross
    cash = [TenderRequest(TenderMethod.CASH)]
    if settle(gross, cash, now).amount_due != settle(gross, cash, cart.cash_rounding).amount_due:
        raise ReturnedMeanwhile(name=line.name, number=sale.number)


def check_voidable(tx: "Transaction", original: Sale) -> None:
    """Refuse to undo what was partly given back, or a return that a later one counts on.

    Raises PartlyReturned or LaterReturn.
    """
    if tx.sales.returns_of(original.id):
        raise PartlyReturned(number=original.number)
    for origin in {line.returns.sale_id for line in original.lines if line.returns}:
        latest = tx.sales.returns_of(origin or "")[-1:]
        if latest and latest[0].id != original.id:
            number = next(line.returns.sale_number for line in original.lines if line.returns)
            raise LaterReturn(original=number, number=original.number, later=latest[0].number)

"""Which ways to pay the F5 sheet offers: all that the shop has switched on, each a large button."""

from pos_app.domain.cart import Cart, SaleKind
from pos_app.domain.payment import TenderMethod
from pos_app.domain.shop import ShopSettings
from pos_app.texts import t
from pos_app.ui.presenters.payment_desk import ICONS, method_name
from pos_app.ui.views import TenderChoice

FOREIGN = "foreign:"
KEEP_CHANGE, PARTS = "keep_change", "parts"
_FEW = 4
_NEED_CUSTOMER = (TenderMethod.ON_ACCOUNT, TenderMethod.POINTS)


def other_ways(cart: Cart, shop: ShopSettings) -> tuple[TenderChoice, ...]:
    """Return the ways besides cash and card, in the order of the settings, then what goes beside.

    Where more than card and cash is needed on one sheet, as for a part of a bill, see `part_ways`.
    """
    is_sale = cart.kind is SaleKind.SALE
    offered = [method for method in shop.tenders.methods if _is_offered(method, shop)]
    ways = [_way(method, cart if len(offered) <= _FEW else None) for method in offered]
    for accepted in shop.cash.accepted if is_sale else ():
        if accepted.code != cart.policy.currency:
            word = t("Cash in {currency}").format(currency=accepted.code)
            ways.append(TenderChoice(f"{FOREIGN}{accepted.code}", word, "", "coins"))
    if is_sale and shop.tenders.tips:
        ways.append(TenderChoice(KEEP_CHANGE, t("Keep the change"), "", "hand-coins"))
    if is_sale:
        ways.append(TenderChoice(PARTS, t("Split into equal parts"), "", "users"))
    return tuple(ways)


def part_ways(cart: Cart, shop: ShopSettings) -> tuple[TenderChoice, ...]:
    """Return the ways to pay one part of a bill: cash, card, and those that need nothing typed."""
    simple = (TenderMethod.MOBILE, TenderMethod.CHEQUE, TenderMethod.BANK_TRANSFER)
    others = [method for method in shop.tenders.methods if method in simple]
    main = (TenderMethod.CASH, TenderMethod.CARD)
    return tuple(_way(method, cart) for method in (*main, *others))


def _is_offered(method: TenderMethod, shop: ShopSettings) -> bool:
    if method in (TenderMethod.CASH, TenderMethod.CARD):
        return False
    return method is not TenderMethod.POINTS or shop.tenders.points.is_on


def _way(method: TenderMethod, cart: Cart | None) -> TenderChoice:
    """A button, with a second line about the customer where there is room for one."""
    beside = ""
    if method in _NEED_CUSTOMER and cart is not None:
        beside = t("choose a customer first") if cart.customer is None else cart.customer.name
    return TenderChoice(method.value, method_name(method), beside, ICONS[method])

"""The money side of the sale on the screen: what was taken so far, what is left, ways to pay."""

from dataclasses import dataclass

from pos_app.domain.cart import Cart
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.payment import (
    TenderMethod,
    cash_due,
    settle,
)
from pos_app.domain.pricing import Priced
from pos_app.domain.shop import ShopSettings
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.checkout_state import TenderView
from pos_app.ui.presenters.quick_amounts import quick_amounts
from pos_app.ui.views import TenderChoice

QUICK = "quick:"
ICONS = {
    TenderMethod.CASH: "banknote",
    TenderMethod.CARD: "credit-card",
    TenderMethod.BANK_TRANSFER: "landmark",
    TenderMethod.ON_ACCOUNT: "hand-coins",
    TenderMethod.MOBILE: "phone",
    TenderMethod.CHEQUE: "file-text",
    TenderMethod.GIFT_CARD: "gift",
    TenderMethod.STORE_CREDIT: "ticket",
    TenderMethod.DEPOSIT: "wallet",
    TenderMethod.POINTS: "star",
}


@dataclass(frozen=True, slots=True)
class Due:
    """What is left to pay, and what that is in coins."""

    remaining: Money
    in_cash: Money


def method_name(method: TenderMethod) -> str:
    """Return the word for a way to pay."""
    return {
        TenderMethod.CASH: t("Cash"),
        TenderMethod.CARD: t("Card"),
        TenderMethod.BANK_TRANSFER: t("Bank transfer"),
        TenderMethod.ON_ACCOUNT: t("On account"),
        TenderMethod.MOBILE: t("Mobile money"),
        TenderMethod.CHEQUE: t("Cheque"),
        TenderMethod.GIFT_CARD: t("Gift card"),
        TenderMethod.STORE_CREDIT: t("Store credit"),
        TenderMethod.DEPOSIT: t("Deposit"),
        TenderMethod.POINTS: t("Points"),
    }[method]


class PaymentDesk:
    """Shows what the cart has been paid so far, and offers sums and ways for the rest."""

    def __init__(self, shop: ShopSettings) -> None:
        self._shop = shop

    def use_shop(self, shop: ShopSettings) -> None:
        """Offer the quick sums of other settings."""
        self._shop = shop

    def due(self, cart: Cart, priced: Priced) -> Due:
        """Return what is left; a cart that shrank below its payments has nothing left."""
        try:
            settled = settle(priced.gross, cart.taken, cart.cash_rounding)
        except PosError:
            zero = Money.zero(priced.gross.currency)
            return Due(zero, zero)
        return Due(settled.remaining, cash_due(settled.remaining, cart.cash_rounding))

    def tenders(self, cart: Cart, amounts: AmountFormat) -> tuple[TenderView, ...]:
        """Return the payments so far as texts."""
        return tuple(
            TenderView(method_name(r.method), amounts.plain(amount))
            for r in cart.taken
            if (amount := r.tendered or r.amount) is not None
        )

    def quick(self, due: Due, is_open: bool, amounts: AmountFormat) -> tuple[TenderChoice, ...]:
        """Return the cash sums that one touch pays; always equally many, so nothing moves."""
        return tuple(
            TenderChoice(
                f"{QUICK}{sum_.minor}",
                "",
                amounts.plain(sum_),
                is_enabled=is_open and due.in_cash.minor >= 0,
            )
            for sum_ in quick_amounts(due.in_cash, self._shop.quick_amounts)
        )

    def ways(self, due: Due, is_open: bool, amounts: AmountFormat) -> tuple[TenderChoice, ...]:
        """Return the large pay buttons: cash and card for the rest, and the other ways."""
        figures = {
            TenderMethod.CASH: (due.in_cash, "F12"),
            TenderMethod.CARD: (due.remaining, "F11"),
        }
        main = tuple(
            TenderChoice(
                method.value,
                method_name(method),
                amounts.plain(figure) if is_open else "",
                ICONS[method],
                key,
                is_main=True,
                is_enabled=is_open,
            )
            for method, (figure, key) in figures.items()
        )
        other = TenderChoice("other", t("Other"), "", "ellipsis", "F5", is_enabled=is_open)
        return (*main, other)

"""Asking before more cash is given back than the books know in the drawer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pos_app.services.checkout import Checkout
from pos_app.services.drawer_guard import RefundAboveDrawer
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.checkout_state import SheetKind, SheetOwner, SheetView
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.views import TenderChoice

_PAY = "pay_anyway"


class Asking(Protocol):
    """The sale on the screen, as far as a question needs it."""

    checkout: Checkout
    amounts: AmountFormat

    def open(self, sheet: SheetView, owner: SheetOwner | None = None) -> None:
        """Lay a sheet over the products."""

    def close(self) -> None:
        """Take the sheet away."""


@dataclass(frozen=True, slots=True)
class DrawerDoubt:
    """The open question; `retry` does the gesture once more."""

    sale: Asking
    retry: Callable[[], None]

    def choose(self, key: str) -> None:
        """Pay out after a look into the drawer, or leave the refund as it is."""
        self.sale.close()
        guard = self.sale.checkout.guard
        if key == _PAY and guard is not None:
            with guard.allowing():
                self.retry()

    def enter(self, text: str) -> None:
        """Enter alone decides nothing about money."""

    def follow(self, text: str) -> None:
        """There is nothing to type."""

    def scan(self, code: str) -> bool:
        """A scan belongs to the sale."""
        return False


def ask_about_drawer(sale: Asking, doubt: RefundAboveDrawer, retry: Callable[[], None]) -> None:
    """Open the question whether the cash is there after all."""
    ways = (
        TenderChoice(_PAY, t("It is there: pay out"), icon="banknote"),
        TenderChoice("leave", t("Leave it"), icon="x", is_main=True),
    )
    sheet = SheetView(
        kind=SheetKind.ACTIONS,
        title=t("Not enough in the drawer"),
        about=sentence_of(doubt, sale.amounts),
        ways=ways,
    )
    sale.open(sheet, DrawerDoubt(sale, retry))

"""What the checkout screen does: its gestures by group, the function keys, the start, the news.

Gestures are register style: figures first, then the key that says what they are.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from pos_app.domain.payment import TenderMethod
from pos_app.domain.shop import ShopSettings
from pos_app.services.checkout import Checkout
from pos_app.texts import t
from pos_app.ui.presenters import notice_board as board
from pos_app.ui.presenters.checkout_state import CheckoutState, ReceiptPrinting
from pos_app.ui.presenters.entry_gestures import EntryGestures
from pos_app.ui.presenters.line_gestures import LineGestures
from pos_app.ui.presenters.paper import Paper
from pos_app.ui.presenters.paying import Paying
from pos_app.ui.presenters.sale_gestures import SaleGestures
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture
from pos_app.ui.presenters.sheet_gestures import SheetGestures

if TYPE_CHECKING:
    from pos_app.services.print_spool import PrintTrouble

TILE_LIMIT = 200


class CheckoutPresenter:
    """Turns gestures into carts and carts into states; `on_state` is called after each gesture.

    The gestures are grouped: `entry`, `lines`, `whole`, `sheet`, `paying`
    and `paper`.
    """

    def __init__(
        self,
        checkout: Checkout,
        receipts: ReceiptPrinting,
        shop: ShopSettings,
        on_state: Callable[[CheckoutState], None],
    ) -> None:
        self.sale = SaleOnScreen(checkout, shop, on_state, checkout.staff)
        self.lines = LineGestures(self.sale)
        self.whole = SaleGestures(self.sale)
        self.sheet = SheetGestures(self.sale, self.whole)
        self.entry = EntryGestures(self.sale, self.lines, self.sheet)
        self.paying = Paying(self.sale, receipts)
        self.paper = Paper(self.sale, receipts)
        self._keys: dict[str, Callable[[], None]] = {
            "F1": self.lines.percent,
            "F2": self.whole.percent,
            "F3": self.lines.open_note,
            "F4": self.whole.customer,
            "F5": self.whole.open_other_payment,
            "F6": self.entry.price,
            "F7": self.whole.park,
            "F8": self.whole.recall,
            "F9": self.paper.reprint,
            "F10": self.paper.open_drawer,
            "F11": lambda: self.paying.pay(TenderMethod.CARD),
            "F12": lambda: self.paying.pay(TenderMethod.CASH),
        }

    @property
    def state(self) -> CheckoutState:
        """What is on the screen now."""
        return self.sale.state

    @gesture
    def start(self) -> None:
        """Take up the cart that was in progress, and fill the shelf of tiles."""
        sale = self.sale
        kept = sale.checkout.resume()
        if kept is not None and not kept.is_empty:
            sale.begin(kept)
            sale.notices.tell(t("The sale that was in progress is back on the screen."))
        self._refill()
        sale.count_parked()
        sale.shelf = replace(sale.shelf, is_ready=True)

    @gesture
    def catalogue_changed(self) -> None:
        """Show tiles and categories anew after products were changed."""
        self._refill()

    @gesture
    def settings_changed(self, shop: ShopSettings) -> None:
        """Go on with other settings; the sale on the screen and its payments stay."""
        self.sale.use_shop(shop)
        self._refill()

    @gesture
    def choose_category(self, key: str) -> None:
        """Show the tiles of another category."""
        self.sale.shelf = replace(self.sale.shelf, category=key)
        self._refill()

    def sync_changed(self, unsent: int, has_remote: bool = True) -> None:
        """Show how many documents wait for the network."""
        self.sale.shelf = replace(self.sale.shelf, unsent=unsent, has_remote=has_remote)
        self.sale.show()

    def printer_trouble(self, trouble: "PrintTrouble") -> None:
        """Say that a receipt waits; the sale is safe."""
        self.paper.is_stuck(trouble)

    def printer_well(self) -> None:
        """Take the printer's trouble off the screen."""
        self.paper.is_well()

    def press(self, key: str) -> None:
        """Do what a function key says; other keys do nothing."""
        do = self._keys.get(key)
        if do is not None:
            self.sheet.leave_for(key)
            do()

    @gesture
    def act(self, key: str, action: str) -> None:
        """Do what a notice's button says."""
        if key == board.UNDO:
            self.lines.undo()
        elif key == board.REASON:
            self.lines.give_reason(action)
        elif key == board.PRINTER:
            self.paper.mend(action)

    def dismiss(self, key: str) -> None:
        """Forget a notice that was closed or has left by itself."""
        self.sale.notices.take_down(key)
        self.sale.show()

    def _refill(self) -> None:
        sale = self.sale
        products = sale.checkout.tiles(sale.shelf.category or None, TILE_LIMIT)
        sale.shelf = sale.shelf.filled(sale.checkout.categories(), products, sale.amounts)

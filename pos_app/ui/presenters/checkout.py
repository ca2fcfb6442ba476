"""What the checkout screen does: its gestures by group, the function keys, the start, the news.

Gestures are register style: figures first, then the key that says what they are.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pos_app.domain.payment import TenderMethod
from pos_app.domain.shop import ShopSettings
from pos_app.services.checkout import Checkout
from pos_app.texts import t
from pos_app.ui.presenters import notice_board as board
from pos_app.ui.presenters.background_work import RunWork, run_here
from pos_app.ui.presenters.card_desk import CARD, CardDesk
from pos_app.ui.presenters.checkout_state import CheckoutState, ReceiptPrinting
from pos_app.ui.presenters.entry_gestures import EntryGestures
from pos_app.ui.presenters.line_gestures import LineGestures
from pos_app.ui.presenters.paper import Paper
from pos_app.ui.presenters.paying import Paying
from pos_app.ui.presenters.sale_gestures import SaleGestures
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture
from pos_app.ui.presenters.sheet_gestures import SheetGestures

if TYPE_CHECKING:
    from pos_app.domain.sale import Sale
    from pos_app.services.held_desk import HeldDesk
    from pos_app.services.print_spool import PrintTrouble
    from pos_app.services.returning import Returning
    from pos_app.ui.presenters.gift_cards import GiftCardDesk
    from pos_app.ui.presenters.holding import JoinDesk, SplitDesk
    from pos_app.ui.presenters.more_actions import MoreAction, MoreActions
    from pos_app.ui.presenters.returning import ReturnDesk, VoidDesk
    from pos_app.ui.presenters.tender_desk import TenderDesk
    from pos_app.ui.presenters.till_documents import DocumentsAtTill
    from pos_app.ui.views import ChipView

TILE_LIMIT = 200
MORE_KEY = "Ctrl+M"
DOCUMENTS = ("order", "invoice")  # the records that the counter goes on with


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
        self.entry.on_receipt = self._receipt_scanned
        self.entry.on_held = self._held_scanned
        self.entry.on_document = self._document_found
        self.cards = CardDesk(self.sale, self.paying)
        self._returning: Returning | None = None
        self._held: HeldDesk | None = None
        self._receipts = receipts
        self.on_void: Callable[[], None] = lambda: None
        self.on_lock: Callable[[], None] | None = None
        self.on_training: Callable[[], None] | None = None
        self.run: RunWork = run_here
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

    # What few sales need is made when it is first asked for, so that a till is ready sooner.

    @cached_property
    def returns(self) -> "ReturnDesk":
        """What comes back by its receipt."""
        from pos_app.ui.presenters.returning import ReturnDesk  # noqa: PLC0415 - as said above

        desk = ReturnDesk(self.sale, self.paying, self._make_returning)
        desk.on_credit = self._give_credit
        return desk

    @cached_property
    def voids(self) -> "VoidDesk":
        """Undoing a finished document."""
        from pos_app.ui.presenters.returning import VoidDesk  # noqa: PLC0415 - as said above

        return VoidDesk(self.sale, self._make_returning, self._print_void)

    @cached_property
    def tenders(self) -> "TenderDesk":
        """The less usual ways to pay."""
        from pos_app.ui.presenters.tender_desk import TenderDesk  # noqa: PLC0415 - as said above

        return TenderDesk(self.sale, self.paying, self._make_held)

    @cached_property
    def gift_cards(self) -> "GiftCardDesk":
        """Gift cards, deposits and accounts."""
        from pos_app.ui.presenters.gift_cards import GiftCardDesk  # noqa: PLC0415 - as said above

        return GiftCardDesk(self.sale, self.tenders, self._make_held, self.run)

    @cached_property
    def documents(self) -> "DocumentsAtTill":
        """Orders that are collected and invoices that are paid here."""
        from pos_app.services.till_documents import TillDocuments  # noqa: PLC0415 - as said above
        from pos_app.ui.presenters.till_documents import (  # noqa: PLC0415 - as said above
            DocumentsAtTill,
        )

        checkout = self.sale.checkout
        return DocumentsAtTill(
            self.sale, lambda: TillDocuments(checkout), self.gift_cards.add_deposit
        )

    @cached_property
    def splitting(self) -> "SplitDesk":
        """Splitting the sale on the screen."""
        from pos_app.ui.presenters.holding import SplitDesk  # noqa: PLC0415 - as said above

        return SplitDesk(self.sale)

    @cached_property
    def joining(self) -> "JoinDesk":
        """Joining the sale on the screen with a parked one."""
        from pos_app.ui.presenters.holding import JoinDesk  # noqa: PLC0415 - as said above

        return JoinDesk(self.sale)

    @cached_property
    def more(self) -> "MoreActions":
        """The sheet of further actions."""
        from pos_app.ui.presenters.more_actions import MoreActions  # noqa: PLC0415 - as said above

        return MoreActions(self.sale, self._more_actions)

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

    def sync_said(self, chip: "ChipView") -> None:
        """Show how head office is, as its own words say it."""
        if chip != self.sale.shelf.sync:
            self.sale.shelf = replace(self.sale.shelf, sync=chip)
            self.sale.show()

    def printer_trouble(self, trouble: "PrintTrouble") -> None:
        """Say that a receipt waits; the sale is safe."""
        self.paper.is_stuck(trouble)

    def printer_well(self, printer: str = "") -> None:
        """Take the printer's trouble off the screen."""
        self.paper.is_well(printer)

    def press(self, key: str) -> None:
        """Do what a function key says; other keys do nothing."""
        do = self._keys.get(key)
        if do is None and key == MORE_KEY:
            self.more.open()
        elif do is None and key.startswith("Ctrl+"):
            self.more.press(key)
        elif do is not None:
            self.sheet.leave_for(key)
            do()

    @gesture
    def act(self, key: str, action: str) -> None:
        """Do what a notice's button says."""
        if key == board.UNDO:
            self.lines.undo()
        elif key == CARD:
            self.cards.act(action)
        elif key == board.CARD_OWED:
            self.cards.owed.act(action)
        elif key == board.REASON:
            self.lines.give_reason(action)
        elif key == board.PRINTER:
            self.paper.mend(action)

    def dismiss(self, key: str) -> None:
        """Forget a notice that was closed or has left by itself."""
        self.sale.notices.take_down(key)
        self.sale.show()

    def cashier_is(self, name: str) -> None:
        """Show who is at the till; where somebody signs in, a touch on the name locks it."""
        can_lock = self.on_lock is not None
        self.sale.shelf = replace(self.sale.shelf, staff=name, can_lock=can_lock)
        self.sale.show()

    def cancel(self) -> None:
        """Give the sale up, or undo the one that was just finished."""
        if self.sale.finished is not None:
            self.voids.open_last()
        else:
            self.whole.discard()

    def _more_actions(self) -> "tuple[MoreAction, ...]":
        """What the sheet of further actions offers now."""
        from pos_app.ui.presenters.more_actions import MoreAction  # noqa: PLC0415 - as said above

        people = [
            MoreAction(key, label, icon, do, shortcut)
            for key, label, icon, do, shortcut in (
                ("lock", t("Change cashier"), "lock", self.on_lock, "Ctrl+L"),
                ("training", t("Training"), "hourglass", self.on_training, ""),
            )
            if do is not None
        ]
        return (
            MoreAction("return", t("Return goods"), "undo-2", self.returns.ask, "Ctrl+R"),
            MoreAction("receipts_of", t("Return by customer"), "users", self._by_customer),
            MoreAction("free_return", t("Return without a receipt"), "package", self._free_return),
            MoreAction("void", t("Void the last sale"), "ban", self.voids.open_last, "Ctrl+Z"),
            MoreAction("split", t("Split the sale"), "list-x", self.splitting.open, "Ctrl+S"),
            MoreAction("join", t("Join a parked sale"), "list", self.joining.open, "Ctrl+J"),
            *self._tender_actions(),
            *self._document_actions(),
            *self._card_actions(),
            *people,
        )

    def _receipt_scanned(self, code: str) -> None:
        self.returns.take(code)

    def _held_scanned(self, code: str) -> bool:
        return self.gift_cards.found(code)

    def _document_found(self, code: str) -> bool:
        records = self.sale.checkout.store.records
        return any(records.has_any(kind) for kind in DOCUMENTS) and self.documents.found(code)

    def _give_credit(self) -> None:
        self.tenders.give_credit()

    def _free_return(self) -> None:
        from pos_app.ui.presenters.free_return import FreeReturn  # noqa: PLC0415 - seldom needed

        FreeReturn(self.sale, self.paying, self._make_returning).open()

    def _by_customer(self) -> None:
        from pos_app.ui.presenters.free_return import (  # noqa: PLC0415 - seldom needed
            CustomerReceipts,
        )

        CustomerReceipts(self.sale, self.returns).open()

    def _make_held(self) -> "HeldDesk":
        from pos_app.services.held_desk import HeldDesk  # noqa: PLC0415 - not at the start

        if self._held is None:
            checkout = self.sale.checkout
            self._held = HeldDesk(checkout.store, checkout.now, checkout.staff)
        self._held.staff = self.sale.checkout.staff
        self._held.authority = self.sale.checkout.authority
        return self._held

    def _tender_actions(self) -> "list[MoreAction]":
        """What the shop has switched on beside selling: cards, deposits, accounts, tips."""
        from pos_app.ui.presenters.more_actions import MoreAction  # noqa: PLC0415 - as said above

        tenders, desk = self.sale.shop.tenders, self.gift_cards
        has_deposits = TenderMethod.DEPOSIT in tenders.methods
        entries = (
            (tenders.has_gift_cards,
             MoreAction("card", t("Gift card"), "gift", desk.sell, "Ctrl+G")),
            (tenders.has_gift_cards,
             MoreAction("balance", t("Balance of a card"), "search", desk.balance)),
            (has_deposits, MoreAction("deposit", t("Deposit"), "wallet", desk.deposit)),
            (tenders.keeps_accounts,
             MoreAction("account", t("Pay the account"), "landmark", desk.pay_account)),
            (tenders.tips, MoreAction("tip", t("Tip"), "hand-coins", self.tenders.tip, "Ctrl+T")),
        )  # fmt: skip
        return [action for is_on, action in entries if is_on]

    def _document_actions(self) -> "list[MoreAction]":
        """What can be done with orders and invoices, where there are any."""
        records = self.sale.checkout.store.records
        if not any(records.has_any(kind) for kind in DOCUMENTS):
            return []
        return self.documents.actions(TenderMethod.DEPOSIT in self.sale.shop.tenders.methods)

    def _card_actions(self) -> "list[MoreAction]":
        """What voids still owe to cards, where a terminal ever took one."""
        from pos_app.ui.presenters.more_actions import MoreAction  # noqa: PLC0415 - as said above

        if not self.sale.checkout.store.records.has_any(board.CARD_OWED):
            return []
        return [MoreAction("owed", t("Open card refunds"), "credit-card", self.cards.owed.open)]

    def _make_returning(self) -> "Returning":
        from pos_app.services.returning import Returning  # noqa: PLC0415 - not at the start

        if self._returning is None:
            self._returning = Returning(self.sale.checkout)
        return self._returning

    def _print_void(self, void: "Sale") -> None:
        is_cash = any(tender.method is TenderMethod.CASH for tender in void.tenders)
        self._receipts.print_sale(void, is_cash)
        self.cards.refund_of(void)
        self.on_void()

    def _refill(self) -> None:
        sale = self.sale
        products = sale.checkout.tiles(sale.shelf.category or None, TILE_LIMIT)
        sale.shelf = sale.shelf.filled(sale.checkout.categories(), products, sale.amounts)

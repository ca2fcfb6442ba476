"""The desktop till, put together: window first, then the store, then everything that needs it."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from pos_app import texts
from pos_app.app.desk import application, theme_name, use_look
from pos_app.config import FirstLook, read_first_look, write_first_look
from pos_app.domain.errors import PosError
from pos_app.texts import t
from pos_app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from pos_app.domain.shop import ShopSettings
    from pos_app.services.checkout import Checkout
    from pos_app.services.print_spool import PrintTrouble
    from pos_app.services.receipts import Listeners, Receipts
    from pos_app.store.store import Store
    from pos_app.ui.background import Job
    from pos_app.ui.changes import Changes
    from pos_app.ui.opening import OpeningPanel
    from pos_app.ui.presenters.checkout import CheckoutPresenter
    from pos_app.ui.presenters.checkout_state import CheckoutState
    from pos_app.ui.receipt_sheet import ReceiptSheet
    from pos_app.ui.scanner import ScannerFilter
    from pos_app.ui.welcome_sheet import WelcomeSheet

HEAD_OFFICE = "head office"
STAFF = "1"
_SMALLEST_SCREEN = (1024, 768)


class Till:
    """One window on one store; what needs the store is made when it is open.

    `wants_demo` says after `run` that the demo shop is to be opened next.
    """

    def __init__(self, path: Path, make: Callable[[Path, "Job"], None]) -> None:
        self.path = path
        self._make = make
        self._look = read_first_look(path)
        texts.use_language(self._look.language)
        self.app = application(self._look)
        self.store: Store | None = None
        self.receipts: Receipts | None = None
        self.checkout: Checkout | None = None
        self.presenter: CheckoutPresenter | None = None
        self.failure: PosError | None = None
        self.last_receipt = b""
        self.wants_demo = False
        self._was_finished = False
        self._is_dressed = False
        self._scanner: ScannerFilter | None = None
        self._cover: OpeningPanel | None = None
        self._receipt: ReceiptSheet | None = None
        self._welcome: WelcomeSheet | None = None
        self._make_window()

    def run(self) -> int:
        """Show the window, open the store after the first paint, and stay until it is closed."""
        from pos_app.ui.garbage import GarbageCollector

        keeper = GarbageCollector(self.app)
        self.show()
        status = self.app.exec()
        keeper.deleteLater()
        return status

    def show(self, size: tuple[int, int] | None = None) -> None:
        """Show the window, full size unless `size` is given, and open the store behind it."""
        if size is None:
            # Without a window manager, as on a till of its own, nobody else makes it large.
            self.window.setGeometry(self.app.primaryScreen().availableGeometry())
            self.window.showMaximized()
        else:
            self.window.resize(*size)
            self.window.show()

    def open(self) -> None:
        """Open the store, or make it first where there is none, and begin to sell."""
        if self.path.exists():
            self._open_store()
            return
        from pos_app.ui.background import run_in_background

        text = t("The shop is being made …")
        self.cover.say_progress(text, 0, 0)
        run_in_background(
            partial(self._make, self.path),
            lambda _made: self._open_store(),
            self._fail,
            lambda done, total: self.cover.say_progress(text, done, total),
            owner=self.window,
        )

    @property
    def cover(self) -> "OpeningPanel":
        """What lies over the window until it can sell, made when it is first needed."""
        if self._cover is None:
            from pos_app.ui.opening import OpeningPanel

            self._cover = OpeningPanel(self.window)
        return self._cover

    def close(self) -> None:
        """Put everything away: paper first, then the store."""
        if self._scanner is not None:
            self.app.removeEventFilter(self._scanner)
        from pos_app.ui.background import cancel_all

        cancel_all()
        if self.receipts is not None:
            self.receipts.stop()
        if self.store is not None:
            self.store.close()
            self.store = None

    def _make_window(self) -> None:
        self._cover = None
        first_theme = "" if self._is_dressed else theme_name(self.app, self._look)
        self.window = MainWindow(
            self._look,
            on_painted=self._dress,
            on_furnished=self._furnished,
            first_theme=first_theme,
        )
        self.window.setMinimumSize(*_SMALLEST_SCREEN)
        self.window.on_close(self.close)

    def _dress(self) -> None:
        """Take up theme and language, which takes longer than the first painting."""
        if not self._is_dressed:
            self._is_dressed = True
            use_look(self.app, self._look)

    def _furnished(self) -> None:
        """Listen to the scanner and open the store, now that the window has been painted."""
        if self._scanner is not None:
            return
        from pos_app.ui.scanner import ScannerFilter

        self._scanner = ScannerFilter(self._scan)
        self.app.installEventFilter(self._scanner)
        QTimer.singleShot(0, self.open)

    def _scan(self, code: str) -> None:
        if self._welcome is not None and self._welcome.isVisible():
            return  # nothing can be sold before the shop has its taxes
        self._close_receipt()
        self.window.scan(code)  # the window may be another one by then

    def _paper_news(self) -> "Listeners":
        """Who hears what the printing thread says, in the window's thread."""
        from pos_app.app.printer_signals import PrinterSignals
        from pos_app.services.receipts import Listeners

        self._paper = PrinterSignals()
        self._paper.trouble.connect(self._printer_trouble)
        self._paper.recovered.connect(self._printer_well)
        self._paper.preview.connect(self._receipt_drawn)
        return Listeners(
            on_trouble=self._paper.trouble.emit,
            on_recovered=self._paper.recovered.emit,
            on_preview=self._paper.preview.emit,
        )

    def _open_store(self) -> None:
        from pos_app.services.checkout import Checkout, utc_now
        from pos_app.services.receipts import Receipts
        from pos_app.store.store import open_store
        from pos_app.ui.changes import ChangeHub

        try:
            store = open_store(self.path)
        except PosError as refusal:
            self._fail(refusal)
            return
        self.store = store
        self.hub = ChangeHub()
        self.receipts = Receipts(store, utc_now, STAFF, self._paper_news())
        self.checkout = Checkout(store, utc_now, STAFF, self.receipts.keep_in)
        self.hub.subscribe(lambda changes, _origin: self._heard(changes))
        has_changed = self._take_look(self.checkout.shop)
        self._fill_window(store, self.receipts, self.checkout)
        if self._cover is not None:
            self._cover.done()
        self.receipts.start()
        if has_changed:  # somebody changed the settings with another program
            self.renew_window()
        self._welcome_newcomer(store)

    def _fill_window(self, store: "Store", receipts: "Receipts", checkout: "Checkout") -> None:
        """Give the window its presenter and its screens."""
        from pos_app.app.screens import add_screens

        self.window.setWindowTitle(checkout.shop.name)
        self._begin_to_sell()
        add_screens(self.window, store, receipts, self.hub, STAFF)

    def _begin_to_sell(self) -> None:
        """Make the presenter by the settings in force; the cart in progress comes back."""
        from pos_app.ui.presenters.checkout import CheckoutPresenter

        if self.store is None or self.receipts is None or self.checkout is None:
            return
        shop = self.checkout.shop
        presenter = CheckoutPresenter(self.checkout, self.receipts, shop, self._show_state)
        self.presenter = presenter
        presenter.start()
        presenter.sync_changed(self.store.cursors.unsent(HEAD_OFFICE), has_remote=False)
        self.window.attach(presenter)

    def _show_state(self, state: "CheckoutState") -> None:
        self.window.show_state(state)
        has_sold = state.is_finished and not self._was_finished
        self._was_finished = state.is_finished
        if has_sold:
            from pos_app.ui.changes import Changes

            self.hub.publish(Changes(sales=True, stock=True, spool=True))

    def _welcome_newcomer(self, store: "Store") -> None:
        if store.products.count() or store.sales.last() is not None:
            return
        from pos_app.app.welcome import welcome

        self._welcome = welcome(self.window, store, self.hub, self._open_demo)

    def _open_demo(self) -> None:
        self.wants_demo = True
        self.window.close()

    def _heard(self, changes: "Changes") -> None:
        """Sell by what the office screens have just changed."""
        if self.checkout is None or self.presenter is None:
            return
        if changes.settings:
            self.checkout.reload_settings()
            if self._take_look(self.checkout.shop):
                QTimer.singleShot(0, self.renew_window)
            else:
                self.window.setWindowTitle(self.checkout.shop.name)
                self.presenter.settings_changed(self.checkout.shop)
        elif changes.products:
            self.presenter.catalogue_changed()

    def renew_window(self) -> None:
        """Draw everything again, in another language, theme or layout; the cart stays."""
        if self.store is None or self.receipts is None or self.checkout is None:
            return
        self._close_receipt()  # it would go with the old window
        old, screen = self.window, self.window.current_screen()
        self._make_window()
        self.window.setGeometry(old.geometry())
        self._fill_window(self.store, self.receipts, self.checkout)
        self.window.setWindowState(old.windowState())
        self.window.show()
        self.window.show_screen(screen)
        old.on_close(lambda: None)
        old.close()
        old.deleteLater()

    def _take_look(self, shop: "ShopSettings") -> bool:
        """Look, speak and listen as the settings say; True where the window must be drawn anew."""
        screen = shop.screen
        if self._scanner is not None:
            from pos_app.ui.scanner import ScannerSettings

            suffix = screen.scanner_suffix or "\r"
            self._scanner.use(ScannerSettings(prefix=screen.scanner_prefix, suffix=suffix))
        look = FirstLook(screen.language, screen.theme, screen.left_handed, screen.button_mode)
        if look == self._look:
            return False
        self._look = look
        write_first_look(self.path, look)
        texts.use_language(look.language)
        use_look(self.app, look)
        return True

    def _receipt_drawn(self, png: bytes, was_asked_for: bool) -> None:
        """Keep the receipt of a till without a printer; F9 shows it."""
        is_first = not self.last_receipt
        self.last_receipt = png
        if was_asked_for:
            from pos_app.ui.receipt_sheet import ReceiptSheet

            self._close_receipt()
            self._receipt = ReceiptSheet(png, self.window)
            self._receipt.show()
        elif is_first and self.presenter is not None:
            self.presenter.paper.say_preview()

    def _close_receipt(self) -> None:
        if self._receipt is not None:
            self._receipt.close()
            self._receipt.deleteLater()
            self._receipt = None

    def _printer_trouble(self, trouble: "PrintTrouble") -> None:
        if self.presenter is not None:
            self.presenter.printer_trouble(trouble)

    def _printer_well(self, _printer: str) -> None:
        if self.presenter is not None:
            self.presenter.printer_well()

    def _fail(self, refusal: BaseException) -> None:
        """Say why the till cannot open; nothing else can be done in this window."""
        if not isinstance(refusal, PosError):
            raise refusal
        from pos_app.ui.presenters.refusals import sentence_of

        self.failure = refusal
        print(f"pos-app: {refusal}", file=sys.stderr)
        self.cover.say_failure(sentence_of(refusal))

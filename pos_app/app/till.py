"""The desktop till, put together: window first, then the store, then everything that needs it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from pos_app import texts
from pos_app.app.desk import application, theme_name, use_look
from pos_app.app.kept_code import keep_code
from pos_app.app.late_pieces import (
    begin_upkeep,
    give_way,
    lend_threads,
    listen_everywhere,
    say_failure,
    show_icon,
    teach_scanner,
    tell_of_document,
    tell_of_shift,
    use_terminal,
)
from pos_app.app.paper_news import PaperNews
from pos_app.config import FirstLook, read_first_look, write_first_look
from pos_app.domain.errors import PosError
from pos_app.texts import t
from pos_app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from pos_app.app.devices import CounterDevices
    from pos_app.app.head_office import HeadOffice
    from pos_app.app.late_pieces import CounterStep
    from pos_app.app.people import People
    from pos_app.domain.shop import ShopSettings
    from pos_app.services.checkout import Checkout
    from pos_app.services.receipts import Receipts
    from pos_app.services.upkeep import Upkeep
    from pos_app.store.store import Store
    from pos_app.ui.background import Job
    from pos_app.ui.changes import Changes
    from pos_app.ui.opening import OpeningPanel
    from pos_app.ui.presenters.checkout import CheckoutPresenter
    from pos_app.ui.presenters.checkout_state import CheckoutState
    from pos_app.ui.scanner import ScannerFilter
    from pos_app.ui.welcome_sheet import WelcomeSheet

STAFF = "1"


class Till:
    """One window on one store; what needs the store is made when it is open.

    `wants_demo` and `wants_training` say after `run` what is to be opened next. `held` are the
    secrets of staff by epoch for a copy of a store, whose key is elsewhere.
    """

    def __init__(
        self,
        path: Path,
        make: Callable[[Path, "Job"], None],
        held: dict[int, bytes] | None = None,
    ) -> None:
        self.path = path
        self._held = held
        self._make = make
        self._look = read_first_look(path)
        texts.use_language(self._look.language)
        self.app = application(self._look)
        self.store: Store | None = None
        self.receipts: Receipts | None = None
        self.checkout: Checkout | None = None
        self.presenter: CheckoutPresenter | None = None
        self.failure: PosError | None = None
        self.wants_demo = False
        self.wants_training = False
        self._was_finished = False
        self._is_dressed = False
        self._upkeep: Upkeep | None = None
        self._scanner: ScannerFilter | None = None
        self._cover: OpeningPanel | None = None
        self._welcome: WelcomeSheet | None = None
        self._devices: CounterDevices | None = None
        self.people: People | None = None
        self._office: HeadOffice | None = None
        self._paper = PaperNews(lambda: self.window, lambda: self.presenter)
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
    def last_receipt(self) -> bytes:
        """The picture of the latest receipt (PNG) of a till without a printer."""
        return self._paper.last_receipt

    @property
    def cover(self) -> "OpeningPanel":
        """What lies over the window until it can sell, made when it is first needed."""
        if self._cover is None:
            from pos_app.ui.opening import OpeningPanel

            self._cover = OpeningPanel(self.window)
        return self._cover

    def head_office(self) -> "HeadOffice":
        """Return the line to head office, which needs the store open; made when first needed."""
        if self._office is None and self.store is not None:
            from pos_app.app.head_office import HeadOffice

            self._office = HeadOffice(self.store, self.hub, lambda: self.presenter)
        assert self._office is not None  # noqa: S101 - nobody is there to ask before
        return self._office

    def close(self) -> None:
        """Put everything away: paper first, then the store."""
        if self._scanner is not None:
            self.app.removeEventFilter(self._scanner)
        from pos_app.ui.background import cancel_all

        self._paper.stop()
        if self._office is not None:
            self._office.stop()
        is_quiet = cancel_all()
        if self._devices is not None:
            self._devices.stop()
        if self.people is not None and self.store is not None:
            self.people.stop()
        for part in (self.receipts, self._upkeep):
            if part is not None:
                part.stop()
        if self.store is not None and is_quiet:  # else somebody still reads in it
            self.store.close()
        self.store = None

    def _make_window(self) -> None:
        self._cover = None
        first = "" if self._is_dressed else theme_name(self.app, self._look)
        self.window = MainWindow(
            self._look, on_painted=self._dress, on_furnished=self._furnished, first_theme=first
        )
        self.window.setMinimumSize(1024, 768)  # the smallest screen of a till
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
        # Only this window's keys so far: a filter for the whole application gets every event, and
        # PySide makes the classes of all that they may be about, for longer than the store takes.
        self.window.winId()  # there is a handle from here on, even if nobody has shown the window
        self.window.windowHandle().installEventFilter(self._scanner)
        QTimer.singleShot(0, self.open)

    def _scan(self, code: str) -> None:
        if self._welcome is not None and self._welcome.isVisible():
            return  # nothing can be sold before the shop has its taxes
        if self.people is not None and self.people.take_scan(code):
            return
        self._paper.close_receipt()
        self.window.scan(code)  # the window may be another one by then

    def _open_store(self) -> None:
        from pos_app.app.people import People
        from pos_app.services.checkout import Checkout, utc_now
        from pos_app.services.drawer_guard import DrawerGuard
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
        self.people = People(store, utc_now, self._cashier_changed, self._held)
        self.receipts = Receipts(store, utc_now, STAFF, self._paper.listeners())
        self.checkout = Checkout(store, utc_now, STAFF, self.receipts.keep_in, self.receipts)
        self.checkout.guard = DrawerGuard(store.identity.till)
        self.hub.subscribe(lambda changes, _origin: self._heard(changes))
        has_changed = self._take_look(self.checkout.shop)
        self._fill_window(store, self.receipts, self.checkout)
        if self._cover is not None:
            self._cover.done()
        if has_changed:  # somebody changed the settings with another program
            self.renew_window()
        self._welcome_newcomer(store)

    def _fill_window(self, store: "Store", receipts: "Receipts", checkout: "Checkout") -> None:
        """Give the window its presenter and its screens."""
        from pos_app.app.screens import add_screens
        from pos_app.services.print_libraries import loading_steps

        self.window.setWindowTitle(checkout.shop.name)
        self._begin_to_sell()
        people = self.people
        if self.presenter is None or people is None:
            return
        people.use(self.window, self.presenter, checkout, receipts)
        if checkout.shop.is_training:
            self.window.show_banner(t("TRAINING – nothing here counts"))
        else:
            self.presenter.on_training = self._open_training
        add_screens(
            self.window,
            store,
            receipts,
            self.hub,
            people,
            lambda: self._devices,
            selling=lambda: self.presenter,
            office=self.head_office,
        )
        steps: tuple[Callable[[], None], ...] = (
            lambda: listen_everywhere(self.app, self.window, self._scanner),
            give_way,
            self._start_threads,
            self._use_devices,
            partial(self._at_counter, use_terminal),
            partial(show_icon, self.app),
            partial(self._at_counter, tell_of_shift),
            partial(self._at_counter, lend_threads),
            keep_code,
            *loading_steps(checkout.shop),
        )
        for step in steps:
            self.window.do_later(step)

    def _at_counter(self, do: "CounterStep") -> None:
        if self.store is not None and self.presenter is not None:
            do(self.store, self.presenter, self.window)

    def _start_threads(self) -> None:
        """Begin to print, and to look after the store beside the counter."""
        if self.store is not None and self.receipts is not None and self._upkeep is None:
            self.receipts.start()
            self._upkeep = begin_upkeep(self.store)
            self.head_office().begin()

    def _begin_to_sell(self) -> None:
        """Make the presenter by the settings in force; the cart in progress comes back."""
        from pos_app.ui.presenters.checkout import CheckoutPresenter

        if self.store is None or self.receipts is None or self.checkout is None:
            return
        shop = self.checkout.shop
        presenter = CheckoutPresenter(self.checkout, self.receipts, shop, self._show_state)
        self.presenter = presenter
        presenter.on_void = partial(tell_of_document, self.hub)
        presenter.start()
        if self._office is not None:
            self._office.show_chip(presenter)
        if shop.devices.scale_target:  # the first scan may need it
            self._use_devices()
        if self.people is not None and self.people.drops_scans():
            self.window.drop_scans()
        self.window.attach(presenter)

    def _use_devices(self) -> None:
        """Let the displays follow the presenter, and the presenter ask the scale."""
        if self.store is None or self.checkout is None or self.presenter is None:
            return
        if self._devices is None:
            from pos_app.app.devices import CounterDevices

            self._devices = CounterDevices(self.store)
        self._devices.use(self.checkout.shop, self.window, self.presenter)

    def _show_state(self, state: "CheckoutState") -> None:
        self.window.show_state(state)
        if self._devices is not None:
            self._devices.follow(state)
        if state.is_finished and not self._was_finished:
            tell_of_document(self.hub)
        self._was_finished = state.is_finished

    def _welcome_newcomer(self, store: "Store") -> None:
        if store.products.count() or store.sales.last() is not None:
            return
        from pos_app.app.welcome import welcome

        self._welcome = welcome(self.window, store, self.hub, self._open_demo)

    def _open_training(self) -> None:
        self.wants_training = True
        self.window.close()

    def _open_demo(self) -> None:
        self.wants_demo = True
        self.window.close()

    def _heard(self, changes: "Changes") -> None:
        """Sell by what the office screens have just changed."""
        if self.checkout is None or self.presenter is None:
            return
        if self.people is not None and (changes.staff or changes.settings):
            self.people.changed()
        if changes.settings:
            self.checkout.reload_settings()
            if self._take_look(self.checkout.shop):
                QTimer.singleShot(0, self.renew_window)
            else:
                self.window.setWindowTitle(self.checkout.shop.name)
                self.presenter.settings_changed(self.checkout.shop)
                self._at_counter(use_terminal)
                self._use_devices()
        elif changes.products:
            self.checkout.follow_stock_rules()
            self.presenter.catalogue_changed()

    def _cashier_changed(self) -> None:
        """Speak the language of whoever is at the till now."""
        if self.checkout is not None and self._take_look(self.checkout.shop):
            QTimer.singleShot(0, self.renew_window)

    def renew_window(self) -> None:
        """Draw everything again, in another language, theme or layout; the cart stays."""
        if self.store is None or self.receipts is None or self.checkout is None:
            return
        self._paper.close_receipt()  # it would go with the old window
        old, screen = self.window, self.window.current_screen()
        self._make_window()
        self.window.setGeometry(old.geometry())
        self._fill_window(self.store, self.receipts, self.checkout)
        self.window.make_all()
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
            teach_scanner(self._scanner, screen)
        language = (self.people.language if self.people else "") or screen.language
        look = FirstLook(language, screen.theme, screen.left_handed, screen.button_mode)
        if look == self._look:
            return False
        self._look = look
        write_first_look(self.path, replace(look, language=screen.language))
        texts.use_language(look.language)
        use_look(self.app, look)
        return True

    def _fail(self, refusal: BaseException) -> None:
        """Say why the till cannot open."""
        if not isinstance(refusal, PosError):
            raise refusal
        self.failure = refusal
        say_failure(self.cover, refusal)

"""The office screens, each made when it is first asked for, and who hears of which change."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pos_app.services.checkout import utc_now
from pos_app.texts import t
from pos_app.ui.changes import ChangeHub, Changes
from pos_app.ui.main_window import SELL

if TYPE_CHECKING:
    from pos_app.app.devices import CounterDevices
    from pos_app.app.head_office import HeadOffice
    from pos_app.app.people import People
    from pos_app.domain.cart import Cart
    from pos_app.domain.sale import Sale
    from pos_app.services.checkout import Checkout
    from pos_app.services.receipts import Receipts
    from pos_app.store.store import Store
    from pos_app.ui.cash_screen import CashScreen
    from pos_app.ui.catalogue_screen import CatalogueScreen
    from pos_app.ui.customers_screen import CustomersScreen
    from pos_app.ui.day_screen import DayScreen
    from pos_app.ui.document_screen import DocumentsScreen
    from pos_app.ui.journal_screen import JournalScreen
    from pos_app.ui.main_window import MainWindow
    from pos_app.ui.presenters.checkout import CheckoutPresenter
    from pos_app.ui.receipts_screen import ReceiptsScreen
    from pos_app.ui.replay_screen import ReplayScreen
    from pos_app.ui.reports_screen import ReportsScreen
    from pos_app.ui.settings_screen import SettingsScreen
    from pos_app.ui.stock_screen import StockScreen
    from pos_app.ui.sync_screen import SyncScreen

CATALOGUE, CUSTOMERS, RECEIPTS, SETTINGS = "catalogue", "customers", "receipts", "settings"
CASH, STOCK = "cash", "stock"
ORDERS, INVOICES = "orders", "invoices"
REPORTS = "reports"
JOURNAL, REPLAY = "journal", "replay"  # without a place in the rail: other screens lead to them
DAY = "day"
SYNC = "sync"  # as the chip that opens it


def add_screens(
    window: "MainWindow",
    store: "Store",
    receipts: "Receipts",
    hub: ChangeHub,
    people: "People",
    devices: "Callable[[], CounterDevices | None]" = lambda: None,
    *,
    selling: "Callable[[], CheckoutPresenter | None]" = lambda: None,
    office: "Callable[[], HeadOffice] | None" = None,
) -> None:
    """Give each office screen its place in the window's rail.

    A screen that was made hears every change; one that was not reads the store when it is made.
    `selling` gives the presenter of the checkout, for what other screens hand over to it.
    """
    counter = _Counter(window, selling)
    line = None if store.settings.shop().is_training else office
    has_office = line is not None
    makers: tuple[tuple[str, str, str, Callable[[], OfficeScreen]], ...] = (
        (
            RECEIPTS,
            t("Receipts"),
            "receipt-text",
            lambda: _receipts(window, store, receipts, hub, counter),
        ),
        (DAY, t("Day"), "sun", lambda: _day(window, store, receipts, people, has_office)),
        (CASH, t("Cash drawer"), "coins", lambda: _cash(window, store, receipts, hub, people)),
        (CATALOGUE, t("Products"), "package", lambda: _catalogue(store, receipts, hub, people)),
        (STOCK, t("Stock"), "warehouse", lambda: _stock(store, hub, people)),
        (
            ORDERS,
            t("Orders"),
            "clipboard-list",
            lambda: _orders(window, store, hub, people, counter),
        ),
        (
            INVOICES,
            t("Invoices"),
            "file-text",
            lambda: _invoices(window, store, hub, people, counter),
        ),
        (CUSTOMERS, t("Customers"), "users", lambda: _customers(window, store, hub, people)),
        (REPORTS, t("Reports"), "chart-column", lambda: _reports(window, store)),
        (
            SETTINGS,
            t("Settings"),
            "settings",
            lambda: _settings(
                window, store, hub, people, devices(), None if line is None else line()
            ),
        ),
    )
    if line is not None:
        head_office = (SYNC, t("Head office"), "building-2", lambda: _sync(store, line(), people))
        makers = (*makers[:-1], head_office, makers[-1])
    for key, title, icon, make in makers:
        window.add_screen(key, title, icon, partial(_listening, make, hub))
    journal, replay = partial(_journal, window, store), partial(_replay, window, store)
    window.add_screen(JOURNAL, t("Journal"), "", partial(_listening, journal, hub))
    window.add_screen(REPLAY, t("Replay a shift"), "", partial(_listening, replay, hub))


if TYPE_CHECKING:
    OfficeScreen = (
        CashScreen
        | CatalogueScreen
        | CustomersScreen
        | DayScreen
        | DocumentsScreen
        | JournalScreen
        | ReceiptsScreen
        | ReplayScreen
        | ReportsScreen
        | SettingsScreen
        | StockScreen
        | SyncScreen
    )


def _listening(make: Callable[[], "OfficeScreen"], hub: ChangeHub) -> "OfficeScreen":
    screen = make()

    def hear(changes: Changes, _origin: object) -> None:
        screen.refresh(changes)

    end = hub.subscribe(hear)
    screen.destroyed.connect(end)
    return screen


class _Counter:
    """The till's counter, for what other screens begin and it goes on with."""

    def __init__(
        self, window: "MainWindow", selling: "Callable[[], CheckoutPresenter | None]"
    ) -> None:
        self._window = window
        self._selling = selling

    def take_back(self, sale: "Sale") -> None:
        """Open the return sheet of a document."""
        self._come(lambda presenter: presenter.returns.take_in(sale))

    def void(self, sale: "Sale") -> None:
        """Ask why a document is undone."""
        self._come(lambda presenter: presenter.voids.ask(sale))

    def sell(self, cart: "Cart") -> None:
        """Go on with a cart that another screen has filled; the one on the screen is not lost."""
        self._come(lambda presenter: presenter.documents.sell(cart))

    def checkout(self) -> "Checkout | None":
        """Return the checkout of whoever is at the till."""
        presenter = self._selling()
        return None if presenter is None else presenter.sale.checkout

    def _come(self, do: "Callable[[CheckoutPresenter], None]") -> None:
        presenter = self._selling()
        if presenter is not None:
            self._window.show_screen(SELL)
            do(presenter)


def _receipts(
    window: "MainWindow", store: "Store", receipts: "Receipts", hub: ChangeHub, counter: _Counter
) -> "ReceiptsScreen":
    from pos_app.ui.presenters.receipt_invoice import ReceiptInvoices
    from pos_app.ui.receipts_screen import ReceiptsScreen

    invoices = ReceiptInvoices(counter.checkout, partial(show_document, window), hub.publish)
    return ReceiptsScreen(
        store,
        receipts,
        utc_now,
        hub.publish,
        counter=counter,
        invoices=invoices,
        on_entry=partial(show_journal, window),
        gate=partial(window.interior.gate, JOURNAL),
    )


def show_document(window: "MainWindow", record: str, document_id: str) -> None:
    """Turn to the screen that shows a kind of document, and open one there."""
    key = INVOICES if record == "invoice" else ORDERS
    window.show_screen(key)
    window.interior.screen_of(key).presenter.open_any(record, document_id)  # type: ignore[attr-defined]


def show_anything(window: "MainWindow", record: str, document_id: str) -> None:
    """Open a sales document, or a receipt of the till, on the screen that shows it."""
    if record != "receipt":
        show_document(window, record, document_id)
        return
    window.show_screen(RECEIPTS)
    window.interior.screen_of(RECEIPTS).presenter.open(document_id)  # type: ignore[attr-defined]


def _day(
    window: "MainWindow", store: "Store", receipts: "Receipts", people: "People", has_office: bool
) -> "DayScreen":
    from pos_app.services.shifts import Shifts
    from pos_app.ui.day_screen import DayScreen
    from pos_app.ui.presenters.day_doors import DayDoors

    shifts = Shifts(store, utc_now, lambda: people.code, people.authority, receipts.print_added)
    screens = {CASH, STOCK, INVOICES, "journal", "replay", *((SYNC,) if has_office else ())}
    doors = DayDoors(
        open_receipt=partial(show_anything, window, "receipt"),
        open_screen=window.show_screen,
        screens=frozenset(screens),
        hidden_from=lambda: shifts.hidden_from,
        open_entry=partial(show_journal, window),
        print_added=receipts.print_added,
    )
    return DayScreen(store, utc_now, doors)


def show_journal(window: "MainWindow", seq: int = 0) -> None:
    """Turn to the journal, if it may be seen, and show one entry there."""
    window.show_screen(JOURNAL)
    if seq and window.current_screen() == JOURNAL:
        window.interior.screen_of(JOURNAL).show_entry(seq)  # type: ignore[attr-defined]


def show_replay(window: "MainWindow", shift_id: str = "") -> None:
    """Turn to the replay of a shift, if it may be seen; without one to the list of shifts."""
    window.show_screen(REPLAY)
    if shift_id and window.current_screen() == REPLAY:
        window.interior.screen_of(REPLAY).presenter.open(shift_id)  # type: ignore[attr-defined]


def _journal(window: "MainWindow", store: "Store") -> "JournalScreen":
    from pos_app.ui.journal_screen import JournalScreen

    open_receipt = partial(show_anything, window, "receipt")
    return JournalScreen(store, utc_now, open_receipt, partial(show_replay, window))


def _replay(window: "MainWindow", store: "Store") -> "ReplayScreen":
    from pos_app.ui.replay_screen import ReplayScreen

    return ReplayScreen(store, partial(show_journal, window))


def _cash(
    window: "MainWindow", store: "Store", receipts: "Receipts", hub: ChangeHub, people: "People"
) -> "CashScreen":
    from pos_app.services.shifts import Shifts
    from pos_app.ui.cash_screen import CashScreen

    def open_receipt(sale_id: str) -> None:
        window.show_screen(RECEIPTS)
        window.interior.screen_of(RECEIPTS).presenter.open(sale_id)  # type: ignore[attr-defined]

    shifts = Shifts(store, utc_now, lambda: people.code, people.authority, receipts.print_added)
    screen = CashScreen(store, shifts, utc_now, hub.publish, open_receipt)
    screen.presenter.on_approval = people.ask
    return screen


def _catalogue(
    store: "Store", receipts: "Receipts", hub: ChangeHub, people: "People"
) -> "CatalogueScreen":
    from pos_app.ui.catalogue_screen import CatalogueScreen

    printed = receipts.print_ready
    return CatalogueScreen(store, utc_now, people.code, hub.publish, print_ready=printed)


def _stock(store: "Store", hub: ChangeHub, people: "People") -> "StockScreen":
    from pos_app.services.checkout import Checkout
    from pos_app.ui.stock_screen import StockScreen

    checkout = Checkout(store, utc_now, people.code)
    checkout.authority = people.authority
    screen = StockScreen(checkout, hub.publish)
    screen.presenter.ask_with(people.ask)
    return screen


def _orders(
    window: "MainWindow", store: "Store", hub: ChangeHub, people: "People", counter: _Counter
) -> "DocumentsScreen":
    from pos_app.ui.orders_screen import orders_screen

    return _documents(window, store, hub, people, counter, orders_screen)


def _invoices(
    window: "MainWindow", store: "Store", hub: ChangeHub, people: "People", counter: _Counter
) -> "DocumentsScreen":
    from pos_app.ui.invoices_screen import invoices_screen

    return _documents(window, store, hub, people, counter, invoices_screen)


def _documents(
    window: "MainWindow",
    store: "Store",
    hub: ChangeHub,
    people: "People",
    counter: _Counter,
    make: "Callable[..., DocumentsScreen]",
) -> "DocumentsScreen":
    from pos_app.services.checkout import Checkout

    elsewhere = partial(show_anything, window)
    checkout = Checkout(store, utc_now, people.code)
    checkout.authority = people.authority
    screen = make(checkout, hub.publish, counter=counter, elsewhere=elsewhere)
    screen.ask_with(people.ask)
    return screen


def _customers(
    window: "MainWindow", store: "Store", hub: ChangeHub, people: "People"
) -> "CustomersScreen":
    from pos_app.ui.customers_screen import CustomersScreen

    screen = CustomersScreen(store, utc_now, people.code, hub.publish, authority=people.authority)
    screen.presenter.on_approval = people.ask
    screen.on_document = partial(show_anything, window)
    return screen


def _reports(window: "MainWindow", store: "Store") -> "ReportsScreen":
    from pos_app.services.document_records import ORDER
    from pos_app.ui.reports_screen import ReportsScreen

    return ReportsScreen(store, utc_now, partial(show_document, window, ORDER.name))


def _settings(
    window: "MainWindow",
    store: "Store",
    hub: ChangeHub,
    people: "People",
    devices: "CounterDevices | None",
    office: "HeadOffice | None",
) -> "SettingsScreen":
    from pos_app.ui.settings_screen import SettingsScreen

    systems = None
    if office is not None:
        from pos_app.app.other_systems import OtherSystems

        systems = OtherSystems(store, office.connections)
    screen = SettingsScreen(
        store,
        utc_now,
        people.code,
        hub.publish,
        counter=devices,
        staffing=people.staffing(),
        connections=systems,
    )
    screen.data.offer_journal(partial(show_journal, window))
    if office is not None:
        end = office.connections.subscribe(lambda _status: screen.refresh(Changes(sync=True)))
        screen.destroyed.connect(end)
    return screen


def _sync(store: "Store", office: "HeadOffice", people: "People") -> "SyncScreen":
    from pos_app.ui.sync_screen import SyncScreen

    screen = SyncScreen(store, office, office.tools(), utc_now, authority=people.authority)
    screen.presenter.on_approval = people.ask
    screen.destroyed.connect(office.subscribe(screen.status_changed))
    return screen

"""The settings screen: its pages on one side, the open page on the other, Save below."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.services.catalogue import Catalogue
from pos_app.services.shop_setup import ShopSetup
from pos_app.texts import t
from pos_app.ui.background import run_in_background
from pos_app.ui.changes import Changes
from pos_app.ui.notices import NoticeStack
from pos_app.ui.presenters.connections import ConnectionDesk, ConnectionsPresenter
from pos_app.ui.presenters.settings import SettingsPresenter, SettingsState
from pos_app.ui.presenters.settings_cash import CashSettingsPresenter
from pos_app.ui.presenters.settings_data import DataPresenter
from pos_app.ui.presenters.settings_devices import Counter, DevicesPresenter
from pos_app.ui.presenters.settings_documents import DocumentSettingsPresenter
from pos_app.ui.presenters.settings_kitchen import KitchenPresenter
from pos_app.ui.presenters.settings_pages import Page
from pos_app.ui.presenters.settings_payments import PaymentsPresenter
from pos_app.ui.presenters.settings_printers import PrintersPresenter
from pos_app.ui.presenters.settings_stock import StockSettingsPresenter
from pos_app.ui.settings_cash_page import CashPage
from pos_app.ui.settings_connections_page import ConnectionsPage
from pos_app.ui.settings_devices_page import DevicesPage
from pos_app.ui.settings_documents_page import DocumentsPage
from pos_app.ui.settings_payments_page import PaymentsPage
from pos_app.ui.settings_prices_page import PricesPage
from pos_app.ui.settings_printers_page import PrintersPage
from pos_app.ui.settings_shop_page import ShopPage
from pos_app.ui.settings_small_pages import DataPage, ScannerPage, ScreenPage
from pos_app.ui.settings_staff_place import Staffing, StaffPlace
from pos_app.ui.settings_stock_page import StockSettingsPage
from pos_app.ui.widgets.button import Button

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.ui.presenters.printer_wizard import Tools
    from pos_app.ui.printer_wizard import PrinterWizardSheet

_ICONS = {
    Page.SHOP: "store",
    Page.PRICES: "percent",
    Page.PRINTERS: "printer",
    Page.SCREEN: "monitor",
    Page.SCANNER: "scan-barcode",
    Page.CASH: "coins",
    Page.PAYMENTS: "credit-card",
    Page.STOCK: "warehouse",
    Page.STAFF: "users",
    Page.DOCUMENTS: "file-text",
    Page.DEVICES: "scale",
    Page.CONNECTIONS: "plug",
    Page.DATA: "database",
}
_Page = (
    SettingsPresenter
    | PrintersPresenter
    | DevicesPresenter
    | PaymentsPresenter
    | CashSettingsPresenter
    | StockSettingsPresenter
    | DocumentSettingsPresenter
)
_SAVED_HERE = (Page.SHOP, Page.PRICES, Page.SCREEN, Page.SCANNER)


class SettingsScreen(QWidget):
    """Owns its presenters, since Qt keeps bound methods weakly."""

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        staff: str = "1",
        publish: Callable[[Changes], None] = lambda _changes: None,
        parent: QWidget | None = None,
        *,
        counter: Counter | None = None,
        staffing: Staffing | None = None,
        connections: ConnectionDesk | None = None,
    ) -> None:
        super().__init__(parent)
        run = partial(run_in_background, owner=self)
        self._now = now
        self._is_ready = False
        self._notices = NoticeStack(self)
        self._tabs: dict[Page, Button] = {}
        self._group = QButtonGroup(self)
        self._stack = QStackedWidget(self)
        self._areas: dict[Page, QScrollArea] = {}
        self.save = Button(t("Save"), "check", kind="primary", parent=self)
        self.discard = Button(t("Throw away"), "undo-2", kind="card", parent=self)
        self._unsaved = QLabel(t("Not saved yet"), self)
        self.presenter = SettingsPresenter(
            store,
            ShopSetup(store, now, staff),
            Catalogue(store, now, staff),
            run,
            self.show_state,
            now=now,
            publish=publish,
        )
        self.shop = ShopPage(self.presenter, self)
        self.prices = PricesPage(self.presenter, self)
        self.printers = PrintersPage(self)
        self.screen_page = ScreenPage(self.presenter, self)
        self.scanner = ScannerPage(self.presenter, self)
        self.devices, self.cash = DevicesPage(self), CashPage(self)
        self.stock = StockSettingsPage(self)
        self.staff = StaffPlace(store, now, staff, publish, staffing, self)
        self.data = DataPage(self)
        self.connections = None if connections is None else ConnectionsPage(self)
        self._lay_out()
        self.printers_presenter = PrintersPresenter(
            store,
            self.presenter.save_printers,
            run,
            self.printers.show_state,
            now,
            taxes=self.presenter.taxes_now,
        )
        self.kitchen_presenter = KitchenPresenter(
            store, self.presenter.save_kitchen, run, self.printers.kitchen.show_state, now
        )
        self.devices_presenter = DevicesPresenter(
            store, self.presenter.save_devices, run, self.devices.show_state, counter
        )
        self.data_presenter = DataPresenter(store, run, self.data.show_state, now)
        self.printers.attach(self.printers_presenter)
        self.printers.kitchen.attach(self.kitchen_presenter)
        self.printers.set_up.clicked.connect(lambda _=False: self.set_up_printer())
        self.devices.attach(self.devices_presenter)
        self._attach_more(store)
        self.connections_presenter = self._attach_connections(store, connections, now)
        self.data.attach(self.data_presenter)
        self.save.clicked.connect(self.presenter.save)
        self.discard.clicked.connect(self.presenter.discard)
        self._notices.dismissed.connect(self.presenter.dismiss)
        self._is_ready = True
        self.show_state(self.presenter.state)

    def show_state(self, state: SettingsState) -> None:
        """Draw `state` on the open page; the others follow when they are opened."""
        if not self._is_ready:
            return
        self._tabs[state.page].setChecked(True)
        self._stack.setCurrentWidget(self._areas[state.page])
        if state.page is Page.SHOP:
            self.shop.show_state(state)
        elif state.page is Page.PRICES:
            self.prices.show_state(state)
        elif state.page is Page.SCREEN:
            self.screen_page.show_state(state)
        elif state.page is Page.SCANNER:
            self.scanner.show_state(state)
        is_saved_here = state.page in _SAVED_HERE
        for widget in (self.save, self.discard, self._unsaved):
            widget.setVisible(is_saved_here and (state.is_changed or widget is self.save))
        self.save.setEnabled(state.is_changed)
        self._notices.show_only(state.notices)

    def open_page(self, page: Page) -> None:
        """Turn to a page."""
        if page is Page.STAFF:
            self.staff.open()
        elif page is Page.DATA:
            self.data_presenter.refresh()
        elif page is Page.DOCUMENTS:
            self.documents_presenter.open()
        elif page is Page.CONNECTIONS:
            self._show_connections()
        elif page is Page.PRINTERS:
            self.printers_presenter.open()
            if not self.kitchen_presenter.state.is_changed:
                self.kitchen_presenter.refresh()
        self.presenter.open_page(page)

    def refresh(self, changes: Changes | None = None) -> None:
        """Read anew when settings have changed elsewhere, unless somebody is typing here."""
        if changes is None or changes.touch(Changes(settings=True)):
            for presenter in self._kept_apart():
                if not presenter.state.is_changed:
                    presenter.refresh()
        everything = Changes(settings=True, products=True)
        is_touched = changes is None or changes.touch(everything)
        if is_touched and not self.kitchen_presenter.state.is_changed:
            self.kitchen_presenter.refresh()
        if changes is None or changes.touch(Changes(sync=True)):
            self._show_connections()

    def set_up_printer(self, tools: "Tools | None" = None) -> "PrinterWizardSheet":
        """Open the wizard that sets a printer up by questions."""
        from pos_app.ui.printer_wizard import PrinterWizardSheet  # noqa: PLC0415 - seldom needed

        self.wizard = PrinterWizardSheet(
            self.presenter.shop,
            self.presenter.taxes_now(),
            self._now,
            self.printers_presenter.take_tried,
            tools,
            self,
        )
        self.wizard.begin()
        return self.wizard

    def take_scan(self, code: str) -> bool:
        """Take a scan apart on the scanner's page; elsewhere it belongs to nobody here."""
        if self.presenter.state.page is Page.SCANNER:
            self.scanner.take_scan(code)
            return True
        return self.staff.take_scan(code)

    def _kept_apart(self) -> tuple[_Page, ...]:
        """Return who keeps what is typed on a page until it is saved."""
        return (
            self.presenter,
            self.printers_presenter,
            self.devices_presenter,
            self.payments_presenter,
            self.cash_presenter,
            self.stock_presenter,
            self.documents_presenter,
        )

    def _show_connections(self) -> None:
        if self.connections_presenter is not None:
            self.connections_presenter.refresh()

    def _attach_more(self, store: "Store") -> None:
        run = partial(run_in_background, owner=self)
        self.cash_presenter = CashSettingsPresenter(
            store, self.presenter.save_cash, self.cash.show_state
        )
        self.cash.attach(self.cash_presenter)
        self.payments_presenter = PaymentsPresenter(
            store, self.presenter.save_tenders, run, self.payments.show_state
        )
        self.payments.attach(self.payments_presenter)
        self.stock_presenter = StockSettingsPresenter(
            store, self.presenter.save_stock, self.stock.show_state
        )
        self.stock.attach(self.stock_presenter)
        self.documents_presenter = DocumentSettingsPresenter(
            store,
            lambda documents: self.presenter.save_apart(documents=documents),
            run,
            self.documents.show_state,
            self._now,
        )
        self.documents.attach(self.documents_presenter)

    def _attach_connections(
        self,
        store: "Store",
        desk: ConnectionDesk | None,
        now: Callable[[], datetime],
    ) -> ConnectionsPresenter | None:
        if self.connections is None or desk is None:
            return None
        presenter = ConnectionsPresenter(
            store,
            desk,
            self.connections.show_state,
            now,
            partial(run_in_background, owner=self),
        )
        self.connections.attach(presenter)
        return presenter

    def _lay_out(self) -> None:
        self.payments, self.documents = PaymentsPage(self), DocumentsPage(self)
        words = {
            Page.SHOP: (t("Shop"), self.shop),
            Page.PRICES: (t("Prices and taxes"), self.prices),
            Page.PRINTERS: (t("Printers"), self.printers),
            Page.SCREEN: (t("Screen"), self.screen_page),
            Page.SCANNER: (t("Scanner"), self.scanner),
            Page.CASH: (t("Cash drawer"), self.cash),
            Page.PAYMENTS: (t("Payments"), self.payments),
            Page.STOCK: (t("Stock"), self.stock),
            Page.STAFF: (t("Staff"), self.staff),
            Page.DOCUMENTS: (t("Documents"), self.documents),
            Page.DEVICES: (t("Devices"), self.devices),
            Page.DATA: (t("Data"), self.data),
        }
        if self.connections is not None:
            words[Page.CONNECTIONS] = (t("Other systems"), self.connections)
        side = QVBoxLayout()
        side.setSpacing(0)  # thirteen of them fit a screen of 768 pixels
        heading = QLabel(t("Settings"), self)
        heading.setProperty("role", "title")
        side.addWidget(heading)
        side.addSpacing(4)
        for page, (word, widget) in words.items():
            side.addWidget(self._tab(page, word))
            area = QScrollArea(self)
            area.setWidgetResizable(True)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidget(widget)
            self._areas[page] = area
            self._stack.addWidget(area)
        side.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        self._unsaved.setProperty("role", "quiet")
        foot.addStretch(1)
        for widget in (self._unsaved, self.discard, self.save):
            foot.addWidget(widget)
        main = QVBoxLayout()
        main.setSpacing(12)
        main.addWidget(self._notices)
        main.addWidget(self._stack, 1)
        main.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addLayout(side)
        row.addLayout(main, 1)

    def _tab(self, page: Page, word: str) -> Button:
        tab = Button(word, _ICONS[page], kind="quiet", parent=self)
        tab.setCheckable(True)
        tab.setProperty("place", "side")
        tab.clicked.connect(lambda: self.open_page(page))
        self._group.addButton(tab)
        self._tabs[page] = tab
        return tab

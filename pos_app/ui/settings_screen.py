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
from pos_app.ui.presenters.settings import Page, SettingsPresenter, SettingsState
from pos_app.ui.presenters.settings_data import DataPresenter
from pos_app.ui.presenters.settings_printers import PrintersPresenter
from pos_app.ui.settings_prices_page import PricesPage
from pos_app.ui.settings_printers_page import PrintersPage
from pos_app.ui.settings_shop_page import ShopPage
from pos_app.ui.settings_small_pages import DataPage, ScannerPage, ScreenPage
from pos_app.ui.widgets.button import Button

if TYPE_CHECKING:
    from pos_app.store.store import Store

_ICONS = {
    Page.SHOP: "store",
    Page.PRICES: "percent",
    Page.PRINTERS: "printer",
    Page.SCREEN: "monitor",
    Page.SCANNER: "scan-barcode",
    Page.DATA: "database",
}
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
    ) -> None:
        super().__init__(parent)
        run = partial(run_in_background, owner=self)
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
        self.data = DataPage(self)
        self._lay_out()
        self.printers_presenter = PrintersPresenter(
            store,
            self.presenter.save_printers,
            run,
            self.printers.show_state,
            now,
            taxes=self.presenter.taxes_now,
        )
        self.data_presenter = DataPresenter(store, run, self.data.show_state, now)
        self.printers.attach(self.printers_presenter)
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
        self._show_notices(state)

    def open_page(self, page: Page) -> None:
        """Turn to a page."""
        if page is Page.DATA:
            self.data_presenter.refresh()
        elif page is Page.PRINTERS:
            self.printers_presenter.load_models()
        self.presenter.open_page(page)

    def refresh(self, changes: Changes | None = None) -> None:
        """Read anew when settings have changed elsewhere, unless somebody is typing here."""
        if changes is None or changes.touch(Changes(settings=True)):
            if not self.presenter.state.is_changed:
                self.presenter.refresh()
            if not self.printers_presenter.state.is_changed:
                self.printers_presenter.refresh()

    def take_scan(self, code: str) -> bool:
        """Take a scan apart on the scanner's page; elsewhere it belongs to nobody here."""
        if self.presenter.state.page is Page.SCANNER:
            self.scanner.take_scan(code)
            return True
        return False

    def _show_notices(self, state: SettingsState) -> None:
        wanted = {notice.key for notice in state.notices}
        for shown in self._notices.notices():
            if shown.key not in wanted:
                self._notices.dismiss(shown.key)
        for notice in state.notices:
            if notice not in self._notices.notices():
                self._notices.show_notice(notice)

    def _lay_out(self) -> None:
        words = {
            Page.SHOP: (t("Shop"), self.shop),
            Page.PRICES: (t("Prices and taxes"), self.prices),
            Page.PRINTERS: (t("Printers"), self.printers),
            Page.SCREEN: (t("Screen"), self.screen_page),
            Page.SCANNER: (t("Scanner"), self.scanner),
            Page.DATA: (t("Data"), self.data),
        }
        side = QVBoxLayout()
        side.setSpacing(4)
        heading = QLabel(t("Settings"), self)
        heading.setProperty("role", "title")
        side.addWidget(heading)
        side.addSpacing(8)
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

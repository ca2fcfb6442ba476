"""The customers screen: lists customers and opens their sheets."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.services.checkout import Clock
from pos_app.services.customers import Customers
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.customer_sheet import CustomerSheet
from pos_app.ui.freshness import Freshness
from pos_app.ui.list_frame import ListFrame
from pos_app.ui.presenters.customer_form import CustomerForm
from pos_app.ui.presenters.customers import CustomersPresenter, CustomersState
from pos_app.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from pos_app.store.store import Store


class CustomersScreen(QWidget):
    """Everything about customers; owns its presenter, since Qt keeps bound methods weakly."""

    def __init__(
        self,
        store: "Store",
        now: Clock,
        staff: str = "1",
        publish: Callable[[Changes], None] = lambda _changes: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sheet: CustomerSheet | None = None
        self.frame = ListFrame(
            t("Customers"),
            t("Name, number, phone or card"),
            t("Nobody found. Try fewer letters."),
            self,
        )
        self._lay_out()
        self.presenter = CustomersPresenter(
            store, Customers(store, now, staff), self.show_state, publish
        )
        self._freshness = Freshness(self, self.presenter.refresh)
        self._connect()

    def show_state(self, state: CustomersState) -> None:
        """Draw `state`."""
        self.frame.show_rows(
            state.columns, state.rows, state.serial, state.counted, is_empty=state.is_empty_shop
        )
        self.frame.show_notices(state.notices)

    def refresh(self, changes: Changes | None = None) -> None:
        """Read anew when customers or settings have changed elsewhere."""
        if changes is None or changes.touch(Changes(customers=True, settings=True)):
            self._freshness.touched()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the screen was hidden."""
        super().showEvent(event)
        self._freshness.shown()

    def take_scan(self, code: str) -> bool:
        """Give a scanned card to the open sheet, or open the customer who has it."""
        if self._sheet is not None and self._sheet.isVisible():
            self._sheet.take_scan(code)
            return True
        form = self.presenter.scanned(code)
        if form is not None:
            self.show_form(form)
        return True

    def show_form(self, form: CustomerForm) -> CustomerSheet:
        """Open the sheet of a customer."""
        if self._sheet is not None:
            self._sheet.deleteLater()
        self._sheet = CustomerSheet(form, self)
        self._sheet.open()
        return self._sheet

    def _connect(self) -> None:
        self.frame.searched.connect(self.presenter.search)
        self.frame.opened.connect(self._open)
        self.frame.acted.connect(lambda _key: self.show_form(self.presenter.add()))
        self.frame.notice_acted.connect(self._act_on_notice)
        self.frame.notice_closed.connect(self.presenter.dismiss)

    def _open(self, key: str) -> None:
        form = self.presenter.open(key)
        if form is not None:
            self.show_form(form)

    def _act_on_notice(self, notice: str, action: str) -> None:
        verb, _, rest = action.partition(":")
        self.presenter.dismiss(notice)
        if verb == "add":
            self.show_form(self.presenter.add(rest))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.frame.beside.addStretch(1)
        self.frame.add_button("add", t("New customer"), "user-plus", kind="primary")
        nothing = EmptyState(
            "users",
            t("No customers yet"),
            t("Add the first one, or scan a customer card."),
            t("New customer"),
        )
        nothing.acted.connect(lambda: self.show_form(self.presenter.add()))
        self.frame.show_when_empty(nothing)
        self.setFocusProxy(self.frame)

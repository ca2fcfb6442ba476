"""The sheet of the shop's price lists."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from pos_app.services.price_lists import PriceLists
from pos_app.texts import t
from pos_app.ui import theme
from pos_app.ui.field_values import chosen_key, fill_choices, put_checked, put_choice, put_text
from pos_app.ui.form_sheet import fitting
from pos_app.ui.presenters.customer_price_lists import CustomerPriceLists, PriceListsState
from pos_app.ui.presenters.office_rows import FixedRows
from pos_app.ui.views import SheetAction
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.dialog import Sheet
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from pos_app.store.store import Store


class CustomerPriceListsSheet(Sheet):
    """Owns its presenter: choose a list, change it, give products prices of their own."""

    def __init__(
        self,
        store: "Store",
        lists: PriceLists,
        on_saved: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            t("Price lists"),
            t("A customer with a list pays its prices on quotations, orders and invoices."),
            parent=parent,
        )
        self._shown: PriceListsState | None = None
        self.list = ChoiceBox(t("Price list"), self)
        self.name, self.percent = QLineEdit(self), QLineEdit(self)
        self.product, self.price = QLineEdit(self), QLineEdit(self)
        self.active = QCheckBox(t("In use"), self)
        self.table = TableView(t("Prices of products"), self)
        self._about, self._error, self._told = QLabel(self), QLabel(self), QLabel(self)
        self._save = Button(t("Save the list"), "check", kind="primary", parent=self)
        self._set = Button(t("Set the price"), "check", kind="card", parent=self)
        self._prices = QFrame(self)
        self._lay_out()
        self.resize(fitting(QSize(860, 720), self))
        self.presenter = CustomerPriceLists(store, lists, self.show_state, on_saved)
        self._connect()
        self.set_actions((SheetAction("close", t("Close"), "x"),))
        self.acted.connect(lambda _key: self.reject())

    def show_state(self, state: PriceListsState) -> None:
        """Draw `state`."""
        old, self._shown = self._shown, state
        fill_choices(self.list, state.lists)
        put_choice(self.list, state.chosen)
        for field, text in (
            (self.name, state.name),
            (self.percent, state.percent),
            (self.product, state.product),
            (self.price, state.price),
        ):
            put_text(field, text)
        self.name.setReadOnly(not state.is_new)
        put_checked(self.active, state.is_active)
        self._prices.setEnabled(not state.is_new)
        for label, text in (
            (self._about, state.about),
            (self._error, f"⚠ {state.error}" if state.error else ""),
            (self._told, f"✓ {state.told}" if state.told else ""),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        if old is None or old.prices != state.prices:
            self.table.show_source(state.columns, FixedRows(state.prices))

    def _connect(self) -> None:
        presenter = self.presenter
        self.list.activated.connect(lambda _place: presenter.choose(chosen_key(self.list)))
        for name in ("name", "percent", "product", "price"):
            field: QLineEdit = getattr(self, name)
            field.textEdited.connect(lambda text, name=name: presenter.change(**{name: text}))
        self.active.toggled.connect(lambda is_on: presenter.change(is_active=is_on))
        self._save.clicked.connect(presenter.save)
        self._set.clicked.connect(presenter.set_price)
        self.price.returnPressed.connect(presenter.set_price)
        self.table.row_opened.connect(presenter.open_price)

    def _lay_out(self) -> None:
        head = Form(self)
        head.add_row("list", t("Price list"), self.list)
        fields = QHBoxLayout()
        fields.setSpacing(16)
        for key, label, field, hint in (
            ("name", t("Name"), self.name, t("A name stays as it is, since customers have it")),
            ("percent", t("Percent off all prices"), self.percent, t("0 to 100")),
        ):
            form = Form(self)
            form.add_row(key, label, field, hint)
            fields.addWidget(form, 1)
        row = QHBoxLayout()
        row.addWidget(self.active)
        row.addStretch(1)
        row.addWidget(self._save)
        for part in (self._error, self._about, self._told):
            part.setWordWrap(True)
        self._error.setProperty("role", "error")
        self._about.setProperty("role", "quiet")
        self.body().addWidget(head)
        self.body().addLayout(fields)
        self.body().addLayout(row)
        self.body().addWidget(self._error)
        self.body().addWidget(self._told)
        self._lay_out_prices()

    def _lay_out_prices(self) -> None:
        self._prices.setProperty("role", "card")
        column = QVBoxLayout(self._prices)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        for field, name, stretch in (
            (self.product, t("Product: code or name"), 2),
            (self.price, t("Price; empty: none of its own"), 1),
        ):
            field.setPlaceholderText(name)
            field.setAccessibleName(name)
            field.setMinimumHeight(theme.mm(self, 12))
            row.addWidget(field, stretch)
        row.addWidget(self._set)
        heading = QLabel(t("Products with a price of their own"), self._prices)
        heading.setProperty("role", "heading")
        column.addWidget(heading)
        column.addLayout(row)
        column.addWidget(self._about)
        column.addWidget(self.table, 1)
        self.body().addWidget(self._prices, 1)

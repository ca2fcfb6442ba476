"""The customers screen: lists customers and opens their sheets."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from pos_app.services.authority import UNRESTRICTED, Authority
from pos_app.services.checkout import Clock
from pos_app.services.customers import Customers
from pos_app.texts import t
from pos_app.ui.background import run_in_background
from pos_app.ui.catalogue_files import documents_folder, open_folder
from pos_app.ui.changes import Changes
from pos_app.ui.customer_sheet import CustomerSheet
from pos_app.ui.field_values import chosen_key, fill_choices, put_choice
from pos_app.ui.freshness import Freshness
from pos_app.ui.list_frame import ListFrame
from pos_app.ui.presenters.customer_form import CustomerForm
from pos_app.ui.presenters.customers import CustomersPresenter, CustomersState
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from pos_app.domain.customer import Customer
    from pos_app.store.store import Store
    from pos_app.ui.customer_merge_sheet import CustomerMergeSheet
    from pos_app.ui.customer_price_lists_sheet import CustomerPriceListsSheet
    from pos_app.ui.import_wizard import ImportWizard
    from pos_app.ui.widgets.dialog import Sheet

_FILTER_WIDTH = 140


class CustomersScreen(QWidget):
    """Everything about customers; owns its presenter, since Qt keeps bound methods weakly."""

    def __init__(
        self,
        store: "Store",
        now: Clock,
        staff: str = "1",
        publish: Callable[[Changes], None] = lambda _changes: None,
        parent: QWidget | None = None,
        *,
        authority: Authority = UNRESTRICTED,
    ) -> None:
        super().__init__(parent)
        self._store, self._now, self._staff, self._publish = store, now, staff, publish
        self._sheet: CustomerSheet | None = None
        self._other: Sheet | None = None
        self.on_document: Callable[[str, str], None] | None = None
        self.frame = ListFrame(
            t("Customers"),
            t("Name, number, phone or card"),
            t("Nobody found. Try fewer letters, or take a filter away."),
            self,
        )
        self.filters = {
            "field": ChoiceBox(t("Search in"), self),
            "status": ChoiceBox(t("Status"), self),
            "category": ChoiceBox(t("Customer group"), self),
            "region": ChoiceBox(t("Region"), self),
        }
        self._lay_out()
        self.presenter = CustomersPresenter(
            store,
            Customers(store, now, staff),
            self.show_state,
            publish,
            now=now,
            run=partial(run_in_background, owner=self),
            authority=authority,
        )
        self._freshness = Freshness(self, self.presenter.refresh)
        self._connect()

    def show_state(self, state: CustomersState) -> None:
        """Draw `state`."""
        for key, choices, chosen in (
            ("field", state.fields, state.field),
            ("status", state.statuses, state.status),
            ("category", state.categories, state.category),
            ("region", state.regions, state.region),
        ):
            fill_choices(self.filters[key], choices)
            put_choice(self.filters[key], chosen)
        self.filters["category"].setVisible(len(state.categories) > 1)
        self.filters["region"].setVisible(len(state.regions) > 1)
        self.frame.show_rows(
            state.columns, state.rows, state.serial, state.counted, is_empty=state.is_empty_shop
        )
        self.frame.show_notices(state.notices)
        self.frame.button("export").setEnabled(not state.is_exporting and not state.is_empty_shop)
        self.frame.button("duplicates").setEnabled(not state.is_empty_shop)

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
        if self._other is not None and self._other.isVisible():
            return True
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
        customer = form.customer
        if customer is None:
            self._sheet = CustomerSheet(form, self)
        else:
            self._sheet = CustomerSheet(
                form,
                self,
                account=self.presenter.account(customer.id),
                on_export=lambda: self._export_person(customer),
                on_erase=lambda: self._ask_to_erase(customer),
                on_document=self.on_document,
            )
        self._sheet.open()
        return self._sheet

    def open_wizard(self) -> "ImportWizard":
        """Open the import wizard for a list of customers."""
        from pos_app.ui.import_wizard import ImportWizard  # noqa: PLC0415 - seldom, and heavy
        from pos_app.ui.presenters.import_subject import customer_subject  # noqa: PLC0415 - as above

        subject = customer_subject(self._store, self._now, self._staff)
        wizard = ImportWizard(
            self._store, self._now, self._staff, self._told, self, subject=subject
        )
        self._show_other(wizard)
        return wizard

    def open_duplicates(self) -> "CustomerMergeSheet":
        """Open the sheet of likely duplicates."""
        from pos_app.services.customer_merges import CustomerMerges  # noqa: PLC0415 - seldom
        from pos_app.ui.customer_merge_sheet import CustomerMergeSheet  # noqa: PLC0415 - seldom

        merges = CustomerMerges(self._store, self._now, self._staff)
        sheet = CustomerMergeSheet(self._store, merges, self._merged, self)
        self._show_other(sheet)
        return sheet

    def open_price_lists(self) -> "CustomerPriceListsSheet":
        """Open the sheet of the price lists."""
        from pos_app.services.price_lists import PriceLists  # noqa: PLC0415 - seldom
        from pos_app.ui.customer_price_lists_sheet import (  # noqa: PLC0415 - seldom
            CustomerPriceListsSheet,
        )

        lists = PriceLists(self._store, self._now, self._staff)
        sheet = CustomerPriceListsSheet(self._store, lists, self.presenter.refresh, self)
        self._show_other(sheet)
        return sheet

    def _show_other(self, sheet: "Sheet") -> None:
        if self._other is not None:
            self._other.deleteLater()
        self._other = sheet
        sheet.open()

    def _told(self, changes: Changes) -> None:
        self._publish(changes)
        self.presenter.refresh()

    def _merged(self, customer: "Customer") -> None:
        told = t("{name} is one record now.").format(name=customer.name)
        self.presenter.tell(told, Changes(customers=True))

    def _export_person(self, customer: "Customer") -> None:
        suggested = documents_folder() / f"{customer.number}.json"
        path, _ = QFileDialog.getSaveFileName(
            self, t("Export personal data"), str(suggested), "JSON (*.json)"
        )
        if path:
            self.presenter.export_person(customer, Path(path))

    def _ask_to_erase(self, customer: "Customer") -> None:
        from pos_app.ui.customer_erase_sheet import CustomerEraseSheet  # noqa: PLC0415 - seldom

        def erase() -> None:
            if self.presenter.erase(customer) and self._sheet is not None:
                self._sheet.accept()

        self._show_other(CustomerEraseSheet(customer, erase, self))

    def _connect(self) -> None:
        self.frame.searched.connect(self.presenter.search)
        self.frame.opened.connect(self._open)
        self.frame.acted.connect(self._act)
        self.frame.notice_acted.connect(self._act_on_notice)
        self.frame.notice_closed.connect(self.presenter.dismiss)
        for key, box in self.filters.items():
            box.activated.connect(
                lambda _place, key=key, box=box: self.presenter.narrow(**{key: chosen_key(box)})
            )

    def _open(self, key: str) -> None:
        form = self.presenter.open(key)
        if form is not None:
            self.show_form(form)

    def _act(self, key: str) -> None:
        if key == "add":
            self.show_form(self.presenter.add())
        elif key == "import":
            self.open_wizard()
        elif key == "duplicates":
            self.open_duplicates()
        elif key == "prices":
            self.open_price_lists()
        elif key == "export":
            self._choose_export()

    def _choose_export(self) -> None:
        suggested = documents_folder() / f"{t('customers')}.xlsx"
        path, _ = QFileDialog.getSaveFileName(
            self, t("Export the customers"), str(suggested), "XLSX (*.xlsx);;CSV (*.csv)"
        )
        if path:
            self.presenter.export(Path(path))

    def _act_on_notice(self, notice: str, action: str) -> None:
        verb, _, rest = action.partition(":")
        self.presenter.dismiss(notice)
        if verb == "add":
            self.show_form(self.presenter.add(rest))
        elif verb == "folder":
            open_folder(Path(rest))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        for box in self.filters.values():
            box.setMinimumWidth(_FILTER_WIDTH)
            self.frame.beside.addWidget(box, 1)
        self.frame.add_button("prices", "", "tags", name=t("Price lists"))
        self.frame.add_button("duplicates", "", "copy", name=t("Find duplicates"))
        self.frame.add_button("import", t("Import"), "upload")
        self.frame.add_button("export", t("Export"), "download")
        self.frame.add_button("add", t("New customer"), "user-plus", kind="primary")
        nothing = EmptyState(
            "users",
            t("No customers yet"),
            t("Add the first one, import a list, or scan a customer card."),
            t("New customer"),
        )
        nothing.acted.connect(lambda: self.show_form(self.presenter.add()))
        self.frame.show_when_empty(nothing)
        self.setFocusProxy(self.frame)

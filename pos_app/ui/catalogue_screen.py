"""The catalogue screen: lists products, opens their sheets, imports and exports."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Clock
from pos_app.texts import t
from pos_app.ui.background import run_in_background
from pos_app.ui.catalogue_files import documents_folder, open_folder
from pos_app.ui.changes import Changes
from pos_app.ui.freshness import Freshness
from pos_app.ui.list_frame import ListFrame
from pos_app.ui.presenters.catalogue import CataloguePresenter, CatalogueState
from pos_app.ui.presenters.product_form import ProductForm
from pos_app.ui.product_sheet import ProductSheet
from pos_app.ui.widgets.chip_row import ChipRow
from pos_app.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.ui.import_wizard import ImportWizard
    from pos_app.ui.labels_sheet import LabelsSheet
    from pos_app.ui.presenters.labels import PrintReady

Publish = Callable[[Changes], None]


class CatalogueScreen(QWidget):
    """Everything about products; owns its presenter, since Qt keeps bound methods weakly."""

    def __init__(
        self,
        store: "Store",
        now: Clock,
        staff: str = "1",
        publish: Publish = lambda _changes: None,
        parent: QWidget | None = None,
        *,
        print_ready: "PrintReady | None" = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._now, self._staff, self._publish = store, now, staff, publish
        self._print_ready = print_ready
        self._labels: LabelsSheet | None = None
        self._sheet: ProductSheet | None = None
        self._wizard: ImportWizard | None = None
        self.frame = ListFrame(
            t("Catalogue"), t("Name, code or barcode"), t("Nothing found. Try fewer letters."), self
        )
        self.chips = ChipRow(t("Categories"), self)
        self._lay_out()
        self.presenter = CataloguePresenter(
            store,
            Catalogue(store, now, staff),
            partial(run_in_background, owner=self),
            self.show_state,
            self._tell,
        )
        self._freshness = Freshness(self, self.presenter.refresh)
        self._connect()

    def show_state(self, state: CatalogueState) -> None:
        """Draw `state`."""
        self.chips.show_chips(state.categories, state.category)
        if not state.text and self.frame.search.text():
            self.frame.search.clear()
        self.frame.show_rows(
            state.columns, state.rows, state.serial, state.counted, is_empty=state.is_empty_shop
        )
        self.frame.show_notices(state.notices)
        self.frame.button("export").setEnabled(not state.is_exporting and not state.is_empty_shop)
        self.frame.button("labels").setEnabled(not state.is_empty_shop)

    def refresh(self, changes: Changes | None = None) -> None:
        """Read anew when products, stock or settings have changed elsewhere."""
        wanted = Changes(products=True, stock=True, sales=True, settings=True)
        if changes is None or changes.touch(wanted):
            self._freshness.touched()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the screen was hidden."""
        super().showEvent(event)
        self._freshness.shown()

    def take_scan(self, code: str) -> bool:
        """Give a scanned code to the open sheet, or open the product that has it."""
        if self._wizard is not None and self._wizard.isVisible():
            return True
        if self._labels is not None and self._labels.isVisible():
            self._labels.take_scan(code)
            return True
        if self._sheet is not None and self._sheet.isVisible():
            self._sheet.take_scan(code)
            return True
        form = self.presenter.scanned(code)
        if form is not None:
            self.show_form(form)
        return True

    def show_form(self, form: ProductForm) -> ProductSheet:
        """Open the sheet of a product."""
        if self._sheet is not None:
            self._sheet.deleteLater()
        self._sheet = ProductSheet(form, self)
        self._sheet.open()
        return self._sheet

    def open_wizard(self) -> "ImportWizard":
        """Open the import wizard."""
        from pos_app.ui.import_wizard import ImportWizard  # noqa: PLC0415 - seldom, and heavy

        if self._wizard is not None:
            self._wizard.deleteLater()
        self._wizard = ImportWizard(self._store, self._now, self._staff, self._tell, self)
        self._wizard.open()
        return self._wizard

    def open_labels(self) -> "LabelsSheet":
        """Open the labels sheet for what is listed and marked."""
        from pos_app.ui.labels_sheet import LabelsSheet  # noqa: PLC0415 - seldom, and heavy

        if self._labels is not None:
            self._labels.deleteLater()
        offer = self.presenter.label_offer(self.frame.table.chosen_key())
        self._labels = LabelsSheet(
            self._store, self._now, offer, self._print_ready, self._staff, self
        )
        self._labels.open()
        return self._labels

    def _tell(self, changes: Changes) -> None:
        self._publish(changes)
        if changes.touch(Changes(products=True)) and self._wizard is not None:
            self.presenter.refresh()

    def _connect(self) -> None:
        self.frame.searched.connect(self.presenter.search)
        self.frame.opened.connect(self._open)
        self.frame.acted.connect(self._act)
        self.frame.notice_acted.connect(self._act_on_notice)
        self.frame.notice_closed.connect(self.presenter.dismiss)
        self.chips.chosen.connect(self.presenter.choose_category)

    def _open(self, key: str) -> None:
        form = self.presenter.open(key)
        if form is not None:
            self.show_form(form)

    def _act(self, key: str) -> None:
        if key == "add":
            self.show_form(self.presenter.add())
        elif key == "import":
            self.open_wizard()
        elif key == "labels":
            self.open_labels()
        elif key == "export":
            self._choose_export()

    def _act_on_notice(self, notice: str, action: str) -> None:
        verb, _, rest = action.partition(":")
        self.presenter.dismiss(notice)
        if verb == "add":
            self.show_form(self.presenter.add(rest))
        elif verb == "folder":
            open_folder(Path(rest))
        elif verb == "stop-export":
            self.presenter.stop_export()

    def _choose_export(self) -> None:
        suggested = documents_folder() / f"{t('catalogue')}.xlsx"
        path, _ = QFileDialog.getSaveFileName(
            self, t("Export the catalogue"), str(suggested), "XLSX (*.xlsx);;CSV (*.csv)"
        )
        if path:
            self.presenter.export(Path(path))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.frame.beside.addWidget(self.chips)
        self.frame.add_button("labels", t("Labels"), "tags")
        self.frame.add_button("import", t("Import"), "upload")
        self.frame.add_button("export", t("Export"), "download")
        self.frame.add_button("add", t("New product"), "plus", kind="primary")
        self.frame.table.setToolTip("")
        nothing = EmptyState(
            "package-open",
            t("No products yet"),
            t("Import a list from a spreadsheet, or scan any item to add it."),
            t("Import a list"),
        )
        nothing.acted.connect(self.open_wizard)
        self.frame.show_when_empty(nothing)
        self.setFocusProxy(self.frame)

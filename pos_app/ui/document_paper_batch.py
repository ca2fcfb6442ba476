"""The sheet that makes many documents: into a folder or on a printer, with a bar and a way out."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QProgressBar, QWidget

from pos_app.services.document_batch import Chosen
from pos_app.services.document_files import FileForm
from pos_app.texts import t
from pos_app.ui import fonts
from pos_app.ui.background import run_in_background
from pos_app.ui.catalogue_files import documents_folder
from pos_app.ui.document_paper import print_paper
from pos_app.ui.document_paper_sheets import PrinterSheet
from pos_app.ui.field_values import chosen_key, fill_choices, put_choice
from pos_app.ui.form_sheet import fitting
from pos_app.ui.page_parts import ResultLine
from pos_app.ui.presenters.document_paper import PrintPdf
from pos_app.ui.presenters.document_paper_batch import BatchPresenter, BatchState
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.dialog import Sheet
from pos_app.ui.widgets.form import Form

if TYPE_CHECKING:
    from pos_app.store.store import Store

_SIZE = QSize(760, 480)
_STEPS = 1000
_FORMS = {
    "pdf": (FileForm.PDF,),
    "factur-x": (FileForm.FACTUR_X,),
    "xrechnung": (FileForm.XRECHNUNG,),
    "peppol": (FileForm.PEPPOL,),
    "pdf+xrechnung": (FileForm.PDF, FileForm.XRECHNUNG),
    "reminder": (FileForm.REMINDER,),
}


class BatchSheet(Sheet):
    """Selling goes on beside it; closing it stops first what is being made."""

    def __init__(
        self,
        store: "Store",
        chosen: Chosen,
        parent: QWidget | None = None,
        *,
        print_pdf: PrintPdf = print_paper,
    ) -> None:
        super().__init__(t("Many documents"), parent=parent)
        self._is_ready = False
        self._printers: PrinterSheet | None = None
        self._offered = ""
        self.form = Form(self)
        self.forms = ChoiceBox(t("File"), self)
        self.form.add_row("forms", t("File"), self.forms)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(t("How far the documents are"))
        self.outcome = ResultLine(self)
        self.failures = QPlainTextEdit(self)
        self.failures.setReadOnly(True)
        self.failures.setTabChangesFocus(True)
        self.failures.setAccessibleName(t("What could not be made"))
        for widget in (self.form, self.bar, self.outcome):
            self.body().addWidget(widget)
        self.body().addWidget(self.failures, 1)
        self.body().addStretch(0)
        self.resize(fitting(_SIZE, self))
        self.presenter = BatchPresenter(
            store, chosen, partial(run_in_background, owner=self), self.show_state, print_pdf
        )
        self.forms.activated.connect(
            lambda _place: self.presenter.choose_forms(*_FORMS[chosen_key(self.forms)])
        )
        self.acted.connect(self._act)
        self._is_ready = True
        self.show_state(self.presenter.state)

    def show_state(self, state: BatchState) -> None:
        """Draw `state`."""
        if not self._is_ready:
            return
        self.say(_how_far(state))
        self.form.setVisible(state.offers_e_invoices)
        self.form.setEnabled(not state.is_running)
        fill_choices(self.forms, _form_choices(state))
        put_choice(self.forms, next(key for key, forms in _FORMS.items() if forms == state.forms))
        self.bar.setVisible(state.is_running)
        self.bar.setRange(0, _STEPS if state.total else 0)
        if state.total:
            self.bar.setValue(state.done * _STEPS // state.total)
        bad = state.problem or state.failures
        self.outcome.tell(state.problem or state.told, Tone.WARNING if bad else Tone.SUCCESS)
        text = "\n".join(state.failures)
        if text != self.failures.toPlainText():
            fonts.ensure_for(text)
            self.failures.setPlainText(text)
        self.failures.setVisible(bool(text))
        self._offer(state)

    def reject(self) -> None:
        """Stop first what is being made; the next time it closes."""
        if not self.presenter.stop():
            super().reject()

    def save_into(self) -> None:
        """Ask for a folder, and write all of them there."""
        suggested = self.presenter.state.folder or documents_folder()
        folder = QFileDialog.getExistingDirectory(self, t("Choose a folder"), str(suggested))
        if folder:
            self.presenter.save_into(Path(folder))

    def choose_printer(self) -> None:
        """Ask for a printer, and print all of them there."""
        printer = self.presenter.state.printer
        self._printers = PrinterSheet(printer, self.presenter.print_on, self)
        self._printers.open()

    def _act(self, key: str) -> None:
        if key == "close":
            self.reject()
        elif key == "save":
            self.save_into()
        elif key == "print":
            self.choose_printer()
        elif key == "open" and self.presenter.state.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.presenter.state.folder)))

    def _offer(self, state: BatchState) -> None:
        wanted = _actions(state)
        if repr(wanted) != self._offered:
            self._offered = repr(wanted)
            self.set_actions(wanted)


def open_batch(
    parent: QWidget, store: "Store", chosen: Chosen, *, print_pdf: PrintPdf = print_paper
) -> BatchSheet:
    """Open the sheet for chosen documents, or for all that a filter finds."""
    sheet = BatchSheet(store, chosen, parent, print_pdf=print_pdf)
    sheet.open()
    return sheet


def _how_far(state: BatchState) -> str:
    if state.is_stopping:
        return t("Stopping …")
    if state.is_running and state.total:
        return t("{done} of {total}").format(done=f"{state.done:n}", total=f"{state.total:n}")
    return state.counted


def _actions(state: BatchState) -> tuple[SheetAction, ...]:
    if state.is_running:
        return (SheetAction("close", t("Stop"), "x", is_enabled=not state.is_stopping),)
    has_some = state.count > 0
    open_it = SheetAction("open", t("Open the folder"), "folder-open")
    is_saved = bool(state.told) and state.folder is not None
    return (
        SheetAction("close", t("Close"), "x"),
        *((open_it,) if is_saved else ()),
        SheetAction("print", t("Print"), "printer", is_enabled=has_some),
        SheetAction("save", t("Save to a folder"), "download", Tone.PRIMARY, has_some),
    )


def _form_choices(state: BatchState) -> tuple[Choice, ...]:
    words = {
        "pdf": t("PDF"),
        "factur-x": t("PDF with the data inside (Factur-X, ZUGFeRD)"),
        "xrechnung": t("XML file for public offices in Germany (XRechnung)"),
        "peppol": t("XML file for Peppol"),
        "pdf+xrechnung": t("PDF, and the XRechnung beside it"),
    }
    if state.offers_reminders:
        words["reminder"] = t("Reminder letter (PDF)")
    return tuple(Choice(key, word) for key, word in words.items())

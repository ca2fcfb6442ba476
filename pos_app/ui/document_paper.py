"""What a document's screen offers for its paper: look, print, save, open, e-invoice."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTemporaryDir, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QGridLayout, QMenu, QVBoxLayout, QWidget

from pos_app.services.document_files import XML_FORMS, FileForm, MakePaper, Paper, made
from pos_app.texts import t
from pos_app.ui.background import run_in_background
from pos_app.ui.catalogue_files import documents_folder
from pos_app.ui.document_paper_sheets import PreviewSheet, PrinterSheet
from pos_app.ui.page_parts import ResultLine
from pos_app.ui.presenters.document_paper import PaperPresenter, PaperState, PrintPdf
from pos_app.ui.views import Tone
from pos_app.ui.widgets.button import Button

if TYPE_CHECKING:
    from pos_app.store.store import Store

_XML = "XML (*.xml)"
_IN_A_ROW = 3


class PaperActions(QWidget):
    """Preview, print, save, open, e-invoice and reminder of what `show_document` names.

    What happened stands below the buttons; `told(text)` and `refused(text)` say it too.
    """

    told = Signal(str)
    refused = Signal(str)

    def __init__(
        self,
        store: "Store",
        parent: QWidget | None = None,
        *,
        print_pdf: PrintPdf | None = None,
        make: MakePaper = made,
    ) -> None:
        super().__init__(parent)
        self._folder: QTemporaryDir | None = None
        self.sheet: PreviewSheet | None = None
        self._printers: PrinterSheet | None = None
        self.preview = Button(t("Preview"), "eye", kind="card", parent=self)
        self.print = Button(t("Print"), "printer", kind="card", parent=self)
        self.save = Button(t("Save as PDF"), "download", kind="card", parent=self)
        self.open = Button(t("Open"), "file-text", kind="card", parent=self)
        self.e_invoice = Button(t("E-invoice"), "receipt-text", kind="card", parent=self)
        self.reminder = Button(t("Reminder letter"), "mail", kind="card", parent=self)
        self._form = FileForm.PDF  # of the paper in the sheet
        self.result = ResultLine(self)
        self._is_ready = False
        self._lay_out()
        self.presenter = PaperPresenter(
            store,
            partial(run_in_background, owner=self),
            self.show_state,
            print_pdf or print_paper,
            make,
        )
        self._connect()
        self._is_ready = True
        self.show_state(self.presenter.state)

    def show_document(self, document: Paper | None) -> None:
        """Act on a document from now on, or on its new state."""
        self.presenter.show(document)

    def show_state(self, state: PaperState) -> None:
        """Draw `state`."""
        if not self._is_ready:
            return
        for button in self.buttons():
            button.setEnabled(state.has_paper and not state.is_working)
        self.e_invoice.setVisible(state.can_e_invoice)
        self.reminder.setVisible(state.can_remind)
        text, tone = state.problem or state.told, Tone.DANGER if state.problem else Tone.SUCCESS
        if text and text != self.result.property("words"):
            (self.refused if state.problem else self.told).emit(text)
        self.result.setProperty("words", text)
        self.result.tell(text, tone)
        if self.sheet is not None:
            self.sheet.show_state(state)

    def buttons(self) -> tuple[Button, ...]:
        """Return the buttons in their order."""
        return (self.preview, self.print, self.save, self.open, self.e_invoice, self.reminder)

    def choose_printer(self, form: FileForm = FileForm.PDF) -> None:
        """Ask for a printer of the system, and print there."""
        chosen = partial(self.presenter.print_on, form=form)
        self._printers = PrinterSheet(self.presenter.state.printer, chosen, self)
        self._printers.open()

    def save_as(self, form: FileForm = FileForm.PDF) -> None:
        """Ask where to, and save there; the system asks before a file is replaced."""
        suggested = documents_folder() / self.presenter.suggested(form)
        kinds = _XML if form in XML_FORMS else "PDF (*.pdf)"
        path, _ = QFileDialog.getSaveFileName(self, t("Save the document"), str(suggested), kinds)
        if path:
            chosen = Path(path)
            self.presenter.save(
                chosen if chosen.suffix else chosen.with_suffix(suggested.suffix), form
            )

    def look(self, form: FileForm = FileForm.PDF) -> None:
        """Show the pages."""
        self.presenter.look(partial(self._show_pages, form), form)

    def _show_pages(self, form: FileForm, pdf: bytes) -> None:
        if self.presenter.document is None or not self.isVisible():
            return  # whoever went on to something else is not interrupted
        self._form = form
        title = self.presenter.suggested(form).removesuffix(".pdf")
        self.sheet = PreviewSheet(title, pdf, self)
        self.sheet.acted.connect(self._act)
        self.sheet.finished.connect(self._forget_sheet)
        self.sheet.show_state(self.presenter.state)
        self.sheet.open()

    def _forget_sheet(self) -> None:
        if self.sheet is not None:
            self.sheet.deleteLater()
            self.sheet = None

    def _act(self, key: str) -> None:
        if key == "save":
            self.save_as(self._form)
        elif key == "print":
            self._print_now(self._form)
        elif key == "printer":
            self.choose_printer(self._form)
        elif self.sheet is not None:
            self.sheet.reject()

    def _print_now(self, form: FileForm = FileForm.PDF) -> None:
        printer = self.presenter.state.printer
        if printer:
            self.presenter.print_on(printer, form)
        else:
            self.choose_printer(form)

    def _open(self) -> None:
        if self._folder is None:
            self._folder = QTemporaryDir()  # goes with this widget, when the screen is closed
        self.presenter.open_in(Path(self._folder.path()), _show_file)

    def _offer_e_invoices(self) -> None:
        menu = QMenu(self)
        for words, form in (
            (t("PDF with the data inside (Factur-X, ZUGFeRD)"), FileForm.FACTUR_X),
            (t("XML file for public offices in Germany (XRechnung)"), FileForm.XRECHNUNG),
            (t("XML file for Peppol"), FileForm.PEPPOL),
        ):
            menu.addAction(words, partial(self.save_as, form))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.e_invoice.mapToGlobal(self.e_invoice.rect().bottomLeft()))

    def _connect(self) -> None:
        self.preview.clicked.connect(lambda _=False: self.look())
        self.print.clicked.connect(lambda _=False: self._print_now())
        self.save.clicked.connect(lambda _=False: self.save_as())
        self.open.clicked.connect(lambda _=False: self._open())
        self.reminder.clicked.connect(lambda _=False: self.look(FileForm.REMINDER))
        self.e_invoice.clicked.connect(lambda _=False: self._offer_e_invoices())

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, button in enumerate(self.buttons()):
            grid.addWidget(button, place // _IN_A_ROW, place % _IN_A_ROW)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(grid)
        column.addWidget(self.result)


def print_paper(pdf: bytes, printer: str, title: str) -> None:
    """Print on a printer of the system; what that needs is loaded when somebody first prints."""
    from pos_app.ui.paper_printer import print_pdf  # noqa: PLC0415 - as said above

    print_pdf(pdf, printer, title)


def _show_file(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

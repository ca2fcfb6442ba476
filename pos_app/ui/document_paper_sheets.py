"""The sheets about a paper: its pages to look at, and the choice of a printer."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QWidget

from pos_app.texts import t
from pos_app.ui import fonts
from pos_app.ui.background import Job, run_in_background
from pos_app.ui.field_values import chosen_key, fill_choices, put_choice
from pos_app.ui.form_sheet import fitting
from pos_app.ui.page_parts import ResultLine
from pos_app.ui.pdf_view import PdfView
from pos_app.ui.presenters.document_paper import PaperState
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.dialog import Sheet

_SIZE = QSize(900, 1000)


class PreviewSheet(Sheet):
    """The pages of a document; `acted(key)` for print, printer, save and close."""

    def __init__(self, title: str, pdf: bytes, parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self.view = PdfView(self)
        self.outcome = ResultLine(self)
        self.body().addWidget(self.view, 1)
        self.body().addWidget(self.outcome)
        self.set_actions(
            (
                SheetAction("close", t("Close"), "x"),
                SheetAction("printer", t("Other printer"), "printer"),
                SheetAction("save", t("Save as PDF"), "download"),
                SheetAction("print", t("Print"), "printer", Tone.PRIMARY),
            )
        )
        self.resize(fitting(_SIZE, self))
        self.view.show_pdf(pdf)
        self.view.setFocus()

    def show_state(self, state: PaperState) -> None:
        """Say how printing or saving went."""
        for key in ("printer", "save", "print"):
            self.button(key).setEnabled(not state.is_working)
        tone = Tone.DANGER if state.problem else Tone.SUCCESS
        self.outcome.tell(state.problem or state.told, tone)


class PrinterSheet(Sheet):
    """The printers that the system knows; they are looked for in the background."""

    def __init__(
        self,
        printer: str,
        chosen: Callable[[str], None],
        parent: QWidget | None = None,
        find: Callable[[], list[str]] | None = None,
    ) -> None:
        super().__init__(t("Printer"), t("Which printer takes the documents?"), parent=parent)
        self._chosen = chosen
        self._wanted = printer
        self.printers = ChoiceBox(t("Printer"), self)
        self._words = QLabel(t("Looking for printers …"), self)
        self._words.setWordWrap(True)
        self._words.setProperty("role", "quiet")
        self.body().addWidget(self.printers)
        self.body().addWidget(self._words)
        self.set_actions(
            (
                SheetAction("cancel", t("Cancel"), "x"),
                SheetAction("print", t("Print"), "printer", Tone.PRIMARY, is_enabled=False),
            )
        )
        self.acted.connect(self._act)
        look = partial(run_in_background, owner=self)
        look(partial(_look, find or _names), self._offer)

    def _offer(self, names: list[str]) -> None:
        fonts.ensure_for(" ".join(names))
        fill_choices(self.printers, [Choice(name, name) for name in names])
        put_choice(self.printers, self._wanted if self._wanted in names else "".join(names[:1]))
        missing = t("This computer knows no printer. Add one in its own settings, then try again.")
        self._words.setText("" if names else missing)
        self._words.setVisible(not names)
        self.button("print").setEnabled(bool(names))

    def _act(self, key: str) -> None:
        if key == "print":
            self._chosen(chosen_key(self.printers))
        self.accept()


def _look(find: Callable[[], list[str]], _job: Job) -> list[str]:
    return find()


def _names() -> list[str]:
    from pos_app.ui.paper_printer import printer_names  # noqa: PLC0415 - when somebody prints

    return printer_names()

"""The labels sheet: choices at the start, the page as it will come out beside them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QIntValidator
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pos_app.printing.label_zpl import RESOLUTIONS
from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.background import run_in_background
from pos_app.ui.catalogue_files import documents_folder
from pos_app.ui.form_sheet import fitting
from pos_app.ui.label_preview import LabelPreview
from pos_app.ui.presenters.label_offer import LabelOffer
from pos_app.ui.presenters.labels import MOST_COPIES, LabelsPresenter, LabelsState, PrintReady
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.dialog import Sheet
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.tick import Tick

if TYPE_CHECKING:
    from pos_app.store.store import Store

_STEPS = 1000
_FORM_WIDTH = 372


class LabelsSheet(Sheet):
    """Owns its presenter; Esc stops first what is being made."""

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        offer: LabelOffer,
        print_ready: PrintReady | None = None,
        staff: str = "1",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(t("Labels"), parent=parent)
        self._saved: Path | None = None
        self.form = Form(self)
        self.preview = LabelPreview(self)
        self._make_fields()
        self._lay_out()
        self.resize(fitting(QSize(1180, 800), self))
        self.acted.connect(self._act)
        self.presenter = LabelsPresenter(
            store,
            now,
            partial(run_in_background, owner=self),
            self.show_state,
            print_ready=print_ready,
            offer=offer,
            staff=staff,
        )
        self._connect()
        self.presenter.show()

    def show_state(self, state: LabelsState) -> None:
        """Draw `state`."""
        self._saved = state.saved
        _fill(self.products, state.choices, state.choice)
        _fill(self.paper, state.papers, state.paper)
        _fill(self.printer, state.printers, state.printer)
        _fill(self.fineness, _resolutions(), str(state.resolution))
        _write(self.copies, state.copies)
        _write(self.start, state.start)
        self._start_limits.setTop(state.most_start)
        for box, is_on in (
            (self.price, state.shows_price),
            (self.date, state.shows_date),
            (self.marks, state.cut_marks),
        ):
            box.setChecked(is_on)
        self.form.show_row("start", not state.is_roll)
        self.marks.setVisible(not state.is_roll)
        self.form.show_row("printer", state.is_roll)
        self.form.show_row("fineness", state.is_roll)
        self.printer.setEnabled(bool(state.printers))
        self.preview.show_picture(state.picture)
        self._counted.setText(t("Looking …") if state.is_reading else state.counted)
        self._say(state)
        self._offer(state)

    def take_scan(self, code: str) -> None:
        """Add a label for a scanned product."""
        self.presenter.scan(code)

    def reject(self) -> None:
        """Stop first what is being made, then close."""
        if not self.presenter.stop():
            super().reject()

    def _act(self, key: str) -> None:
        if key == "close":
            self.reject()
        elif key == "send":
            self.presenter.send()
        elif key == "save":
            self._choose_file()
        elif key == "open" and self._saved is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._saved)))

    def _choose_file(self) -> None:
        suggested = documents_folder() / self.presenter.suggested_name()
        path, _ = QFileDialog.getSaveFileName(
            self, t("Save the labels"), str(suggested), "PDF (*.pdf)"
        )
        if path:
            chosen = Path(path)
            self.presenter.save(chosen if chosen.suffix else chosen.with_suffix(".pdf"))

    def _say(self, state: LabelsState) -> None:
        text = f"⚠ {state.problem}" if state.problem else state.told
        fonts.ensure_for(text)
        self._message.setText(text)
        self._message.setVisible(bool(text))
        role = "error" if state.problem else ""
        if self._message.property("role") != role:
            self._message.setProperty("role", role)
            self._message.style().unpolish(self._message)
            self._message.style().polish(self._message)
        self._bar.setVisible(state.is_working)
        self._bar.setRange(0, _STEPS if state.total else 0)
        if state.total:
            self._bar.setValue(min(_STEPS, state.done * _STEPS // state.total))

    def _offer(self, state: LabelsState) -> None:
        wanted = _actions(state)
        key = repr(wanted)
        if key != self.property("offered"):
            self.setProperty("offered", key)
            self.set_actions(wanted)

    def _make_fields(self) -> None:
        self.products = ChoiceBox(t("Products"), self)
        self.paper = ChoiceBox(t("Label paper"), self)
        self.copies = _number_field(self, MOST_COPIES)
        self.start = _number_field(self, 1)
        self._start_limits = QIntValidator(1, 1, self.start)
        self.printer = ChoiceBox(t("Label printer"), self)
        self.fineness = ChoiceBox(t("Resolution"), self)
        hint = t("Scan products to make a list of your own.")
        self.form.add_row("products", t("Products"), self.products, hint)
        self.form.add_row("paper", t("Label paper"), self.paper)
        self.form.add_row("copies", t("Labels of each product"), self.copies)
        hint = t("Touch a label on the page to begin there.")
        self.form.add_row("start", t("First free label"), self.start, hint)
        hint = t("It must understand ZPL. Add it in the settings.")
        self.form.add_row("printer", t("Label printer"), self.printer, hint)
        self.form.add_row("fineness", t("Resolution"), self.fineness)
        self.price = Tick(t("Price"), self)
        self.date = Tick(t("Date"), self)
        self.marks = Tick(t("Cut marks"), self)

    def _lay_out(self) -> None:
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFixedWidth(_FORM_WIDTH)
        inside = QWidget(area)
        column = QVBoxLayout(inside)
        column.setContentsMargins(2, 2, 12, 2)
        column.addWidget(self.form)
        for tick in (self.price, self.date, self.marks):
            column.addWidget(tick)
        column.addStretch(1)
        area.setWidget(inside)
        page = QVBoxLayout()
        page.setSpacing(8)
        self._counted = QLabel(self)
        self._counted.setFont(fonts.figures(theme.TEXT.office))
        self._counted.setWordWrap(True)
        page.addWidget(self._counted)
        page.addWidget(self.preview, 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(area)
        row.addLayout(page, 1)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(t("How far the labels are"))
        self._message = QLabel(self)
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self.body().addLayout(row, 1)
        self.body().addWidget(self._bar)
        self.body().addWidget(self._message)

    def _connect(self) -> None:
        told = self.presenter
        self.products.activated.connect(lambda _: told.choose(self.products.currentData()))
        self.paper.activated.connect(lambda _: told.choose_paper(self.paper.currentData()))
        self.printer.activated.connect(lambda _: told.choose_printer(self.printer.currentData()))
        self.fineness.activated.connect(
            lambda _: told.choose_resolution(int(self.fineness.currentData()))
        )
        self.copies.textEdited.connect(lambda text: told.set_copies(_number(text)))
        self.start.textEdited.connect(lambda text: told.set_start(_number(text)))
        self.price.toggled.connect(lambda is_on: told.tick(shows_price=is_on))
        self.date.toggled.connect(lambda is_on: told.tick(shows_date=is_on))
        self.marks.toggled.connect(lambda is_on: told.tick(cut_marks=is_on))
        self.preview.touched.connect(told.start_at)


def _actions(state: LabelsState) -> tuple[SheetAction, ...]:
    if state.is_working:
        return (SheetAction("close", t("Stop"), "x"),)
    close = SheetAction("close", t("Close"), "x")
    save = SheetAction("save", t("Save as PDF"), "download", Tone.PRIMARY, state.can_make)
    more = []
    if state.is_roll:
        more.append(SheetAction("send", t("Print"), "printer", is_enabled=state.can_send))
    if state.saved is not None:
        more.append(SheetAction("open", t("Open the PDF"), "file-text"))
    return (close, *more, save)


def _resolutions() -> tuple[Choice, ...]:
    return tuple(Choice(str(dots), f"{dots} dpi") for dots in RESOLUTIONS)


def _number_field(parent: QWidget, most: int) -> QLineEdit:
    field = QLineEdit(parent)
    field.setValidator(QIntValidator(1, most, field))
    field.setFont(fonts.figures(theme.TEXT.body, fonts.REGULAR))
    return field


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _write(field: QLineEdit, number: int) -> None:
    """Show a figure, but never under the fingers of somebody who is typing another."""
    if not field.hasFocus() or _number(field.text()) not in (None, number):
        field.setText(str(number))


def _fill(box: QComboBox, choices: Sequence[Choice], chosen: str) -> None:
    shown = [(box.itemData(place), box.itemText(place)) for place in range(box.count())]
    if shown != [(choice.key, choice.label) for choice in choices]:
        box.clear()
        for choice in choices:
            fonts.ensure_for(choice.label)
            box.addItem(choice.label, choice.key)
    box.setCurrentIndex(max(box.findData(chosen), 0))

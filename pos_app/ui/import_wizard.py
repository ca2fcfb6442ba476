"""The import wizard: choose a list, say which column is which, watch it run, see the result."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QLabel,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.services.checkout import Clock
from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.background import run_in_background
from pos_app.ui.catalogue_files import documents_folder, open_folder
from pos_app.ui.changes import Changes
from pos_app.ui.column_mapping import ColumnMapping
from pos_app.ui.drop_zone import DropZone
from pos_app.ui.form_sheet import fitting
from pos_app.ui.presenters.import_subject import ImportSubject
from pos_app.ui.presenters.office_rows import FixedRows
from pos_app.ui.presenters.product_import import ImportPresenter, ImportState, ResultView, Step
from pos_app.ui.views import Column, SheetAction, Tone
from pos_app.ui.widgets.dialog import Sheet
from pos_app.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from pos_app.store.store import Store

_STEPS = 1000


class ImportWizard(Sheet):
    """Owns its presenter; it cannot be closed by Esc while rows are being written."""

    def __init__(
        self,
        store: "Store",
        now: Clock,
        staff: str,
        publish: Callable[[Changes], None],
        parent: QWidget | None = None,
        *,
        subject: ImportSubject | None = None,
    ) -> None:
        super().__init__(t("Import products") if subject is None else subject.title, parent=parent)
        self._repair: Path | None = None
        self._step: Step | None = None
        self._result: ResultView | None = None
        self.drop = DropZone(self)
        self.mapping = ColumnMapping(self)
        self._make_running()
        self._make_done()
        self._pages = QStackedWidget(self)
        for page in (self.drop, self.mapping, self._running, self._done):
            self._pages.addWidget(page)
        self.body().addWidget(self._pages, 1)
        self.resize(fitting(QSize(1100, 760), self))
        self.acted.connect(self._act)
        self.presenter = ImportPresenter(
            store,
            now,
            partial(run_in_background, owner=self),
            self.show_state,
            staff,
            publish,
            subject=subject,
        )
        self.drop.dropped.connect(self.presenter.choose_file)
        self.drop.asked.connect(self._browse)
        self.mapping.field_chosen.connect(self.presenter.choose_field)
        self.mapping.mark_chosen.connect(self.presenter.choose_decimal_mark)
        self.mapping.tax_chosen.connect(self.presenter.choose_tax)
        self.presenter.show()

    def show_state(self, state: ImportState) -> None:
        """Draw `state`."""
        pages = {Step.CHOOSE: self.drop, Step.READING: self.drop, Step.COLUMNS: self.mapping,
                 Step.RUNNING: self._running, Step.DONE: self._done}  # fmt: skip
        self._pages.setCurrentWidget(pages[state.step])
        if state.step in (Step.CHOOSE, Step.READING):
            self.drop.show_state(state)
        elif state.step is Step.COLUMNS:
            self.mapping.show_state(state)
        elif state.step is Step.RUNNING:
            self._show_progress(state)
        elif state.result is not None:
            self._show_result(state.result)
        self._say_step(state)
        self._offer(state)

    def reject(self) -> None:
        """Stop first while rows are being written; nothing is lost by waiting for the chunk."""
        if self.presenter.state.step is Step.RUNNING:
            self.presenter.stop()
            return
        super().reject()

    def _say_step(self, state: ImportState) -> None:
        words = {
            Step.CHOOSE: t("Step 1 of 3: choose the list, a CSV or XLSX file."),
            Step.READING: t("Reading {file} …").format(file=state.file),
            Step.COLUMNS: t("Step 2 of 3: {file}, {rows}. Say which column is which.").format(
                file=state.file, rows=state.rows_expected
            ),
            Step.RUNNING: t("Step 3 of 3: importing {file}. You can go on selling meanwhile."),
            Step.DONE: state.file,
        }
        self.say(words[state.step].replace("{file}", state.file))

    def _offer(self, state: ImportState) -> None:
        wanted = self._actions(state)
        key = repr(wanted)
        if key != self.property("offered"):
            self.setProperty("offered", key)
            self.set_actions(wanted)

    def _actions(self, state: ImportState) -> tuple[SheetAction, ...]:
        cancel = SheetAction("cancel", t("Cancel"), "x")
        if state.step is Step.COLUMNS:
            return (
                cancel,
                SheetAction("back", t("Another file"), "folder-open"),
                SheetAction("start", t("Import now"), "check", Tone.PRIMARY, state.can_start),
            )
        if state.step is Step.RUNNING:
            word = t("Stopping …") if state.is_stopping else t("Stop")
            return (SheetAction("stop", word, "x", is_enabled=not state.is_stopping),)
        if state.step is Step.DONE:
            close = SheetAction("close", t("Close"), "check", Tone.PRIMARY)
            if self._repair is None:
                return (close,)
            return (SheetAction("folder", t("Open the repair file's folder"), "folder-open"), close)
        return (cancel,)

    def _act(self, key: str) -> None:
        if key in ("cancel", "close"):
            self.reject()
        elif key == "back":
            self.presenter.back()
        elif key == "start":
            self.presenter.start()
        elif key == "stop":
            self.presenter.stop()
        elif key == "folder" and self._repair is not None:
            open_folder(self._repair)

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self,
            t("Choose a list"),
            str(documents_folder()),
            t("Lists") + " (*.csv *.tsv *.txt *.xlsx)",
        )
        if path:
            self.presenter.choose_file(Path(path))

    def _make_running(self) -> None:
        self._running = QWidget(self)
        column = QVBoxLayout(self._running)
        column.addStretch(1)
        self._bar = QProgressBar(self._running)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(t("Progress of the import"))
        self._figures = QLabel(self._running)
        self._figures.setFont(fonts.figures(theme.TEXT.body, fonts.REGULAR))
        self._figures.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._bar)
        column.addSpacing(12)
        column.addWidget(self._figures)
        column.addStretch(2)

    def _show_progress(self, state: ImportState) -> None:
        self._bar.setRange(0, _STEPS if state.total else 0)
        if state.total:
            self._bar.setValue(min(_STEPS, state.done * _STEPS // state.total))
        self._figures.setText(self.presenter.rows_done())

    def _make_done(self) -> None:
        self._done = QWidget(self)
        column = QVBoxLayout(self._done)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._headline = QLabel(self._done)
        self._headline.setProperty("role", "heading")
        self._headline.setWordWrap(True)
        column.addWidget(self._headline)
        self._counts = [QLabel(self._done) for _ in range(4)]
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setColumnStretch(2, 1)
        for place, label in enumerate(self._counts):
            label.setFont(fonts.figures(theme.TEXT.body))
            grid.addWidget(label, place // 2, place % 2)
        column.addLayout(grid)
        self._repair_words = QLabel(self._done)
        self._repair_words.setWordWrap(True)
        self._repair_words.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(self._repair_words)
        self.refused = TableView(t("Rows that were refused"), self._done)
        column.addWidget(self.refused, 1)
        self._room = QWidget(self._done)
        column.addWidget(self._room, 0)

    def _show_result(self, result: ResultView) -> None:
        if result is self._result:
            return
        self._result = result
        self._repair = result.repair_file
        self._headline.setText(result.title)
        for label, words in zip(self._counts, result.counts, strict=True):
            label.setText(words)
        self._repair_words.setVisible(result.repair_file is not None)
        if result.repair_file is not None:
            told = t(
                "The refused rows are in {file}, each with what to do. Correct them there and "
                "import that file."
            )
            self._repair_words.setText(told.format(file=result.repair_file.name))
        columns = (Column(t("Row"), 80, is_figure=True), Column(t("Why"), 500, stretches=True))
        self.refused.show_source(columns, FixedRows(result.refused))
        self.refused.setVisible(bool(result.refused))
        self._room.setMinimumHeight(0 if result.refused else 200)

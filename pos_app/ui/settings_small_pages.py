"""The short pages of the settings: the screen's looks, the scanner, the shop's data."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.catalogue_files import open_folder
from pos_app.ui.field_values import put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.page_parts import ResultLine, card, sentence
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.scanner_lesson import LessonState, ScannerLesson, shown_keys
from pos_app.ui.presenters.settings import SettingsPresenter, SettingsState
from pos_app.ui.presenters.settings_data import DataPresenter, DataState
from pos_app.ui.settings_fields import SettingsFields
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.form import Form

_STEPS = 1000


class ScreenPage(QWidget):
    """Language, theme, hand and mode."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = make = SettingsFields(self, presenter.change)
        self.form = Form(self)
        self._errors = FormErrors(self.form)
        self.form.add_row("language", t("Language"), make.choice("language"))
        self.form.add_row("theme", t("Colours"), make.choice("theme"))
        looks, column = card(t("Screen"), self)
        column.addWidget(self.form)
        column.addWidget(make.tick("left_handed", t("Left-handed: the cart on the other side")))
        column.addWidget(
            make.tick("button_mode", t("Button mode: larger tiles and number pad, for touch"))
        )
        column.addWidget(sentence(t("Without it the till is in scan mode: keyboard first."), looks))
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 8, 0)
        inner = QVBoxLayout()
        inner.addWidget(looks)
        inner.addStretch(1)
        outer.addLayout(inner, 3)
        outer.addStretch(2)

    def show_state(self, state: SettingsState) -> None:
        """Draw `state`."""
        self.fields.offer("language", state.languages)
        themes = (
            Choice("light", t("Light")),
            Choice("dark", t("Dark")),
            Choice("system", t("As the system")),
        )
        self.fields.offer("theme", themes)
        self.fields.fill(state.draft)
        self._errors.show(state.errors)


class ScannerPage(QWidget):
    """Scan any item: what came is shown, and its prefix and suffix can be taken over."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.fields = SettingsFields(self, presenter.change)
        self.lesson = ScannerLesson(self.show_lesson, self._learned)
        self.heard = QLineEdit(self)
        self.printed = QLineEdit(self)
        self.form = Form(self)
        self.patterns_form = Form(self)
        self._errors = FormErrors(self.patterns_form)
        self.shown = QLabel(self)
        self.result = ResultLine(self)
        self.take = Button(t("Take it over"), "check", kind="primary", parent=self)
        self._now = QLabel(self)
        self._lay_out()
        self.take.setEnabled(False)
        self.heard.textEdited.connect(self.lesson.typed)
        self.printed.textEdited.connect(self.lesson.print_says)
        self.take.clicked.connect(self.lesson.take)

    def show_state(self, state: SettingsState) -> None:
        """Draw `state`."""
        self.fields.fill(state.draft)
        self._errors.show(state.errors)
        before = shown_keys(state.draft.scanner_prefix) or "–"
        after = shown_keys(state.draft.scanner_suffix) or "–"
        told = t("Known now: before the code {before}, after it {after}")
        self._now.setText(told.format(before=before, after=after))

    def show_lesson(self, state: LessonState) -> None:
        """Show what came."""
        self.shown.setText(state.shown)
        put_text(self.printed, state.printed)
        self.result.tell(state.verdict, state.tone)
        self.take.setEnabled(state.can_take)

    def take_scan(self, code: str) -> None:
        """Take a scan apart, whatever has the focus."""
        self.heard.clear()
        self.lesson.scanned(code)

    def _learned(self, prefix: str, suffix: str) -> None:
        self._presenter.change(scanner_prefix=prefix, scanner_suffix=suffix)
        self._presenter.save()

    def _lay_out(self) -> None:
        self.shown.setFont(fonts.figures(theme.TEXT.price))
        self.shown.setTextFormat(Qt.TextFormat.PlainText)
        self.shown.setAccessibleName(t("What the scanner sent"))
        self.shown.setMinimumHeight(40)
        self.form.add_row(
            "heard",
            t("Scan any item here"),
            self.heard,
            t("Nothing to press first: a scan is noticed wherever the cursor is"),
        )
        self.form.add_row(
            "printed", t("Number printed under the bars"), self.printed, t("Correct it if need be")
        )
        learn, column = card(t("Scanner"), self)
        column.addWidget(self.form)
        column.addWidget(sentence(t("This is what came:"), learn))
        column.addWidget(self.shown)
        column.addWidget(self.result)
        column.addWidget(self._now)
        column.addWidget(self.take, 0, Qt.AlignmentFlag.AlignLeading)
        self._now.setProperty("role", "quiet")
        scales, scales_column = card(t("Labels of scales"), self)
        self.patterns_form.add_row(
            "patterns",
            t("Layouts, one in each line"),
            self.fields.lines("patterns", 3),
            t("such as 20IIIIIVPPPPC; left empty: those usual in the country"),
        )
        scales_column.addWidget(self.patterns_form)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 8, 0)
        outer.setSpacing(16)
        for part in (learn, scales):
            inner = QVBoxLayout()
            inner.addWidget(part)
            inner.addStretch(1)
            outer.addLayout(inner, 1)


class DataPage(QWidget):
    """Where the store is, a backup now, a check now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: DataPresenter | None = None
        self._folder = ""
        self.path = QLabel(self)
        self.path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.path.setWordWrap(True)
        self._facts = QFormLayout()
        self._figures: list[QLabel] = []
        self.backup = Button(t("Back up now"), "save", kind="primary", parent=self)
        self.verify = Button(t("Check now"), "shield-check", kind="card", parent=self)
        self.folder = Button(t("Open folder"), "folder-open", kind="card", parent=self)
        self.stop = Button(t("Stop"), "x", kind="card", parent=self)
        self.journal = Button(t("Open the journal"), "list", kind="card", parent=self)
        self.journal.hide()
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(t("Progress"))
        self.result = ResultLine(self)
        self.faults = QLabel(self)
        self.faults.setWordWrap(True)
        self.faults.setTextFormat(Qt.TextFormat.PlainText)
        self._lay_out()

    def attach(self, presenter: DataPresenter) -> None:
        """Let `presenter` take the gestures from now on."""
        self._presenter = presenter
        self.verify.clicked.connect(presenter.verify)
        self.stop.clicked.connect(presenter.stop)
        self.backup.clicked.connect(self._choose_backup)
        self.folder.clicked.connect(self._open_folder)
        self.show_state(presenter.state)

    def offer_journal(self, show: Callable[[], None]) -> None:
        """Let a button lead to the journal."""
        self.journal.clicked.connect(lambda _=False: show())
        self.journal.show()

    def show_state(self, state: DataState) -> None:
        """Draw `state`."""
        self.path.setText(state.path)
        for (label, figure), shown in zip(state.facts, self._rows(len(state.facts)), strict=True):
            name, value = shown
            name.setText(label)
            value.setText(figure)
        for button in (self.backup, self.verify):
            button.setEnabled(not state.is_busy)
        self.stop.setVisible(state.is_busy and state.can_stop)
        self.bar.setVisible(state.is_busy)
        self.bar.setRange(0, _STEPS if state.total else 0)
        if state.total:
            self.bar.setValue(state.done * _STEPS // state.total)
        self.result.tell(state.result, state.result_tone)
        self.faults.setText("\n".join(state.faults))
        self.faults.setVisible(bool(state.faults))
        self._folder = state.folder
        self.folder.setVisible(bool(state.folder))

    def _rows(self, count: int) -> list[tuple[QLabel, QLabel]]:
        while self._facts.rowCount() < count:
            name, value = QLabel(self), QLabel(self)
            name.setProperty("role", "quiet")
            value.setFont(fonts.figures(theme.TEXT.office))
            self._facts.addRow(name, value)
            self._figures += [name, value]
        return list(zip(self._figures[::2], self._figures[1::2], strict=True))

    def _choose_backup(self) -> None:
        if self._presenter is None:
            return
        path, _ = QFileDialog.getSaveFileName(
            self, t("Back up to"), str(self._presenter.suggested_backup()), "*.db"
        )
        if path:
            self._presenter.back_up(Path(path))

    def _open_folder(self) -> None:
        if self._folder:
            open_folder(Path(self._folder))

    def _lay_out(self) -> None:
        where, where_column = card(t("The shop's data"), self)
        where_column.addWidget(sentence(t("Everything is in this one file:"), where))
        where_column.addWidget(self.path)
        self._facts.setHorizontalSpacing(24)
        self._facts.setVerticalSpacing(6)
        where_column.addLayout(self._facts)
        care, care_column = card(t("Backup and check"), self)
        told = t("A backup is whole and checked while you go on selling. Keep it on another disk.")
        care_column.addWidget(sentence(told, care))
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.backup, self.verify, self.stop, self.folder, self.journal):
            row.addWidget(button)
        row.addStretch(1)
        care_column.addLayout(row)
        for widget in (self.bar, self.result, self.faults):
            care_column.addWidget(widget)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 8, 0)
        inner = QVBoxLayout()
        inner.setSpacing(16)
        inner.addWidget(where)
        inner.addWidget(care)
        inner.addStretch(1)
        outer.addLayout(inner, 3)
        outer.addStretch(1)

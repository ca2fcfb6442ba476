"""The stock of one product at each location, and correcting it by a movement."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.field_values import chosen_key, fill_choices
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.product_form import ProductFormState
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox


class StockBox(QWidget):
    """`corrected(location, reason, figure, note)` when the button is pressed."""

    corrected = Signal(str, str, str, str)

    def __init__(self, label_of: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label_of = label_of
        self._levels = QLabel(self)
        self._levels.setFont(fonts.figures(theme.TEXT.body))
        self._levels.setTextFormat(Qt.TextFormat.PlainText)
        self._levels.setAccessibleName(t("Stock"))
        self._others = sentence("", self)
        self.location = ChoiceBox(parent=self)
        self.location.setEditable(True)
        self.reason = ChoiceBox(parent=self)
        self.figure = QLineEdit(self)
        self.figure.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        self.note = QLineEdit(self)
        self._figure_label = QLabel(self)
        self._error = QLabel(self)
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        self.correct = Button(t("Correct the stock"), "check", kind="card", parent=self)
        self._lay_out()
        self.reason.currentIndexChanged.connect(lambda _place: self._say_what_it_means())
        self.correct.clicked.connect(self._tell)

    def show_stock(self, state: ProductFormState) -> None:
        """Show the levels and what was wrong with the last correction."""
        fill_choices(self.reason, state.reasons)
        if self.reason.currentIndex() < 0:
            self.reason.setCurrentIndex(0)
        lines = "\n".join(f"{row.location}: {row.level}" for row in state.stock)
        fonts.ensure_for(lines)
        if lines != self._levels.text():
            self._levels.setText(lines)
            kept = self.location.currentText()
            self.location.clear()
            self.location.addItems([row.location for row in state.stock])
            if kept:
                self.location.setCurrentText(kept)
        self._show_others(state)
        error = state.errors.get("stock", "")
        self._error.setText(f"⚠ {error}")
        self._error.setVisible(bool(error))
        self._say_what_it_means()

    def was_corrected(self) -> None:
        """Empty the fields for the next correction."""
        self.figure.clear()
        self.note.clear()

    def _show_others(self, state: ProductFormState) -> None:
        """Say what the shop's other tills did, below each location where there is more than one."""
        is_many = sum(bool(row.others) for row in state.stock) > 1
        lines = [
            line
            for row in state.stock
            if row.others
            for line in ((f"{row.location}:",) if is_many else ()) + row.others
        ]
        self._others.setText("\n".join(lines))
        self._others.setVisible(bool(lines))

    def _say_what_it_means(self) -> None:
        reason = chosen_key(self.reason)
        if reason:
            self._figure_label.setText(self._label_of(reason))
            self.figure.setAccessibleName(self._figure_label.text())

    def _tell(self) -> None:
        self.corrected.emit(
            self.location.currentText().strip(),
            chosen_key(self.reason),
            self.figure.text(),
            self.note.text(),
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._levels)
        column.addWidget(self._others)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        fields = (
            (QLabel(t("Location"), self), self.location),
            (QLabel(t("Why"), self), self.reason),
            (self._figure_label, self.figure),
            (QLabel(t("Note"), self), self.note),
        )
        for place, (label, field) in enumerate(fields):
            label.setBuddy(field)
            if label is not self._figure_label:
                field.setAccessibleName(label.text())
            field.setMinimumHeight(theme.mm(self, 12))
            grid.addWidget(label, 2 * (place // 2), place % 2)
            grid.addWidget(field, 2 * (place // 2) + 1, place % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addWidget(self._error)
        column.addWidget(self.correct, 0, Qt.AlignmentFlag.AlignLeading)

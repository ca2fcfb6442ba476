"""Which column of a list is which, with the first rows as they would be imported."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.field_values import chosen_key, fill_choices, put_choice
from pos_app.ui.presenters.office_rows import FixedRows
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.product_import import ColumnView, ImportState
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.table_view import TableView


class ColumnMapping(QWidget):
    """`field_chosen(column, field)`, `mark_chosen(mark)` and `tax_chosen(key)`."""

    field_chosen = Signal(int, str)
    mark_chosen = Signal(str)
    tax_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._combos: dict[int, QComboBox] = {}
        self._marks: dict[int, QLabel] = {}
        self._titles: tuple[str, ...] = ()
        self._shown: ImportState | None = None
        self.mark, self.tax = ChoiceBox(parent=self), ChoiceBox(parent=self)
        self.preview = TableView(t("The first rows as they would be imported"), self)
        self._verdict = QLabel(self)
        self._problem = QLabel(self)
        self._lay_out()
        self.mark.activated.connect(lambda _place: self.mark_chosen.emit(chosen_key(self.mark)))
        self.tax.activated.connect(lambda _place: self.tax_chosen.emit(chosen_key(self.tax)))

    def show_state(self, state: ImportState) -> None:
        """Show the columns as they are chosen, and what that makes of the first rows."""
        old, self._shown = self._shown, state
        titles = tuple(column.title for column in state.columns)
        if titles != self._titles:
            self._titles = titles
            self._build(state)
        for column in state.columns:
            put_choice(self._combos[column.index], column.field)
            self._marks[column.index].setText(_mark_of(column))
        fill_choices(self.mark, (Choice(".", "1,234.56"), Choice(",", "1.234,56")))
        put_choice(self.mark, state.decimal_mark)
        fill_choices(self.tax, state.taxes)
        put_choice(self.tax, state.default_tax)
        for widget in (self.tax, self._tax_label):
            widget.setVisible(state.needs_tax)
        if (
            old is None
            or old.preview != state.preview
            or old.preview_columns != (state.preview_columns)
        ):
            self.preview.show_source(state.preview_columns, FixedRows(state.preview))
        self._problem.setText(f"⚠ {state.problem}")
        self._problem.setVisible(bool(state.problem))
        self.preview.setVisible(not state.problem)
        self._show_verdict(state)

    def combo(self, index: int) -> QComboBox:
        """Return the choice of a column."""
        return self._combos[index]

    def _show_verdict(self, state: ImportState) -> None:
        if state.problem:
            words = ""
        elif state.bad:
            told = t("Of the first {count} rows {bad} would be refused; each says why.")
            words = "⚠ " + told.format(count=state.good + state.bad, bad=state.bad)
        else:
            words = "✓ " + t("The first {count} rows are good.").format(count=state.good)
        self._verdict.setText(words)
        self._verdict.setVisible(bool(words))

    def _build(self, state: ImportState) -> None:
        inside = QWidget(self._scroll)
        grid = QGridLayout(inside)
        grid.setContentsMargins(4, 4, 12, 4)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        self._combos, self._marks = {}, {}
        for place, column in enumerate(state.columns):
            self._add_column(grid, place, column, state.fields)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        grid.setRowStretch(len(state.columns), 1)
        self._scroll.setWidget(inside)

    def _add_column(
        self, grid: QGridLayout, place: int, column: ColumnView, fields: tuple[Choice, ...]
    ) -> None:
        words = QWidget(self)
        stack = QVBoxLayout(words)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        fonts.ensure_for(column.title + column.samples)
        title = QLabel(column.title, words)
        title.setFont(fonts.font(theme.TEXT.office, fonts.SEMIBOLD))
        samples = QLabel(column.samples, words)
        samples.setProperty("role", "quiet")
        for label in (title, samples):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setMinimumWidth(80)
            stack.addWidget(label)
        combo = ChoiceBox(parent=self)
        combo.setMinimumHeight(theme.mm(self, 12))
        combo.setAccessibleName(t("Column {title} is").format(title=column.title))
        fill_choices(combo, fields)
        combo.activated.connect(
            lambda _place: self.field_chosen.emit(column.index, chosen_key(combo))
        )
        mark = QLabel(self)
        mark.setProperty("role", "quiet")
        grid.addWidget(words, place, 0)
        grid.addWidget(combo, place, 1)
        grid.addWidget(mark, place, 2)
        self._combos[column.index] = combo
        self._marks[column.index] = mark

    def _lay_out(self) -> None:
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setMinimumHeight(190)
        options = QHBoxLayout()
        options.setSpacing(12)
        self._tax_label = QLabel(t("Tax of new products"), self)
        for label, combo in (
            (QLabel(t("Numbers are written"), self), self.mark),
            (self._tax_label, self.tax),
        ):
            combo.setMinimumHeight(theme.mm(self, 12))
            combo.setMinimumWidth(150)
            combo.setAccessibleName(label.text())
            options.addWidget(label)
            options.addWidget(combo)
            options.addSpacing(12)
        options.addStretch(1)
        below = QFrame(self)
        below.setProperty("role", "card")
        inside = QVBoxLayout(below)
        inside.setContentsMargins(8, 8, 8, 8)
        self._verdict.setFont(fonts.font(theme.TEXT.office, fonts.SEMIBOLD))
        self._problem.setProperty("role", "error")
        for label in (self._verdict, self._problem):
            label.setWordWrap(True)
            inside.addWidget(label)
        inside.addWidget(self.preview, 1)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self._scroll)
        split.addWidget(below)
        split.setStretchFactor(0, 4)
        split.setStretchFactor(1, 5)
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(options)
        column.addWidget(split, 1)


def _mark_of(column: ColumnView) -> str:
    if not column.field:
        return "–"
    return t("guessed") if column.is_guessed else "✓"

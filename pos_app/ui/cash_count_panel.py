"""Counting by notes and coins: a figure, plus and minus for each, and the total as it grows."""

from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.field_values import put_text
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.cash_count import LOOSE
from pos_app.ui.presenters.cash_state import CashState, CountRow, CountView
from pos_app.ui.views import CategoryView
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.chip_row import ChipRow

_FIELD_PX, _LABEL_PX, _LOOSE_PX = 64, 78, 110


class CashCountPanel(QFrame):
    """`typed(key, text)`, `stepped(key, by)`, `currency_chosen(code)` and `confirmed()`.

    Enter goes on to the next note or coin, and from the last one to the button below.
    """

    typed = Signal(str, str)
    stepped = Signal(str, int)
    currency_chosen = Signal(str)
    confirmed = Signal()
    given_up = Signal()
    sheet_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._rows: dict[str, _Row] = {}
        self._shape: tuple[tuple[str, str], ...] = ()
        self.title = QLabel(self)
        self.hint = sentence("", self)
        self.currencies = ChipRow(t("Currency"), self)
        self.error = QLabel(self)
        self.total = QLabel(self)
        self.loose = _CountField(t("Not sorted"), self)
        self.confirm = Button("", "check", kind="primary", parent=self)
        self.give_up = Button(t("Give the count up"), "x", kind="card", parent=self)
        self.sheet = Button(t("Print a sheet"), "printer", kind="quiet", parent=self)
        self._lay_out()
        self._connect()

    def show_state(self, state: CashState) -> None:
        """Draw the count of `state`."""
        view = state.count
        self.title.setText(state.count_title)
        self.hint.setText(state.count_hint)
        self.confirm.say(state.confirm)
        self.give_up.setVisible(state.can_give_up)
        self.currencies.setVisible(len(view.currencies) > 1)
        self.currencies.show_chips(
            [CategoryView(one.key, one.label) for one in view.currencies], view.currency
        )
        self._show_rows(view)
        put_text(self.loose, view.loose)
        self.loose.mark(view.is_loose_wrong)
        self.total.setText(view.total)
        self.total.setAccessibleName(t("Total counted: {amount}").format(amount=view.total))
        self.error.setText(f"⚠ {view.error}" if view.error else "")
        self.error.setVisible(bool(view.error))

    def field(self, key: str) -> "QLineEdit":
        """Return the field of a note or coin."""
        return self._rows[key].field

    def buttons(self, key: str) -> tuple[Button, Button]:
        """Return minus and plus of a note or coin."""
        row = self._rows[key]
        return row.minus, row.plus

    def focus_first(self) -> None:
        """Put the cursor on the largest note."""
        first = next(iter(self._rows.values()), None)
        (first.field if first else self.loose).setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter, Down and Up walk through the fields."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {
                int(Qt.Key.Key_Return): 1,
                int(Qt.Key.Key_Enter): 1,
                int(Qt.Key.Key_Down): 1,
                int(Qt.Key.Key_Up): -1,
            }
            step = steps.get(event.key())
            if step is not None:
                self._walk(watched, step)
                return True
        return super().eventFilter(watched, event)

    def _walk(self, field: QObject, step: int) -> None:
        order: list[QWidget] = [*(row.field for row in self._rows.values()), self.loose]
        place = next(at for at, one in enumerate(order) if one is field) + step
        after = self.confirm if place >= len(order) else order[max(place, 0)]
        after.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_rows(self, view: CountView) -> None:
        shape = tuple((row.key, row.label) for row in view.rows)
        if (shape, view.currency) != (self._shape, self.property("currency")):
            self._shape = shape
            self.setProperty("currency", view.currency)
            self._build(view.rows)
        for row in view.rows:
            self._rows[row.key].show_row(row)

    def _build(self, rows: tuple[CountRow, ...]) -> None:
        for old in self._rows.values():
            old.remove()
        self._rows = {}
        places = {True: 0, False: 0}
        for row in rows:
            made = _Row(row, self._inside)
            made.field.installEventFilter(self)
            made.field.textEdited.connect(lambda text, key=row.key: self.typed.emit(key, text))
            made.plus.clicked.connect(lambda _=False, key=row.key: self.stepped.emit(key, 1))
            made.minus.clicked.connect(lambda _=False, key=row.key: self.stepped.emit(key, -1))
            made.put_into(self._grid, places[row.is_note], 0 if row.is_note else 6)
            places[row.is_note] += 1
            self._rows[row.key] = made
        order = [*(row.field for row in self._rows.values()), self.loose, self.confirm]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        self.loose.installEventFilter(self)
        self.loose.textEdited.connect(lambda text: self.typed.emit(LOOSE, text))
        self.currencies.chosen.connect(self.currency_chosen)
        self.confirm.clicked.connect(lambda _=False: self.confirmed.emit())
        self.give_up.clicked.connect(lambda _=False: self.given_up.emit())
        self.sheet.clicked.connect(lambda _=False: self.sheet_wanted.emit())

    def _lay_out(self) -> None:
        self.title.setProperty("role", "heading")
        self.error.setProperty("role", "error")
        self.error.setWordWrap(True)
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.total.setFont(fonts.figures(theme.TEXT.figure))
        self.loose.setFixedWidth(_LOOSE_PX)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.sheet)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.give_up)
        foot.addStretch(1)
        foot.addWidget(self.confirm)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.hint)
        column.addWidget(self.currencies)
        column.addWidget(self._pieces_area(), 1)
        column.addWidget(self.error)
        column.addLayout(self._sums())
        column.addLayout(foot)

    def _pieces_area(self) -> QScrollArea:
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget(area)
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(0, 0, 4, 0)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(5, 16)
        self._grid.setColumnStretch(11, 1)
        inside.addLayout(self._grid)
        inside.addStretch(1)
        area.setWidget(self._inside)
        return area

    def _sums(self) -> QHBoxLayout:
        total = QLabel(t("Total"), self)
        total.setProperty("role", "heading")
        sums = QHBoxLayout()
        sums.addWidget(QLabel(t("Not sorted"), self))
        sums.addWidget(self.loose)
        sums.addStretch(1)
        sums.addWidget(total)
        sums.addWidget(self.total)
        return sums


class _CountField(QLineEdit):
    """A field for a count; whatever is typed is taken, and what is wrong is marked."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setFont(fonts.figures(theme.TEXT.body, fonts.REGULAR))
        self.setMinimumHeight(theme.mm(self, 12))
        self.setMaxLength(12)

    def mark(self, is_wrong: bool) -> None:
        """Show by the edge that this cannot be a count."""
        state = "error" if is_wrong else ""
        if (self.property("state") or "") != state:
            self.setProperty("state", state)
            self.style().unpolish(self)
            self.style().polish(self)


class _Row:
    """One note or coin: its value with what it comes to, minus, the count, plus."""

    def __init__(self, row: CountRow, parent: QWidget) -> None:
        words = t("How many of {value}").format(value=row.label)
        self.field = _CountField(words, parent)
        self.field.setFixedWidth(_FIELD_PX)
        self.minus = Button("", "minus", kind="tight", name=t("One less"), parent=parent)
        self.plus = Button("", "plus", kind="tight", name=t("One more"), parent=parent)
        self._face = QWidget(parent)
        self._face.setMinimumWidth(_LABEL_PX)
        self._value, self._amount = QLabel(row.label, self._face), QLabel(self._face)
        self._value.setFont(fonts.figures(theme.TEXT.body))
        self._amount.setFont(fonts.figures(13, fonts.REGULAR))
        self._amount.setProperty("role", "quiet")
        column = QVBoxLayout(self._face)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for label in (self._value, self._amount):
            label.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
            column.addWidget(label)

    def put_into(self, grid: QGridLayout, place: int, column: int) -> None:
        """Take a place in the grid."""
        for at, widget in enumerate((self._face, self.minus, self.field, self.plus)):
            grid.addWidget(widget, place, column + at)

    def show_row(self, row: CountRow) -> None:
        """Draw `row`."""
        put_text(self.field, row.text)
        self.field.mark(row.is_wrong)
        self._amount.setText(row.amount)
        self._amount.setVisible(bool(row.amount))
        self.minus.setEnabled(bool(row.text))

    def remove(self) -> None:
        """Go away with everything of the row."""
        for widget in (self._face, self.minus, self.field, self.plus):
            widget.hide()
            widget.deleteLater()

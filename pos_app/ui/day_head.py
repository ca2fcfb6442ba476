"""The head of the day screen: which days, what they are compared with, paper and files."""

from collections.abc import Callable, Collection, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, icons
from pos_app.ui.day_field import DayField
from pos_app.ui.field_values import chosen_key, fill_choices, from_the_right, put_choice, put_text
from pos_app.ui.presenters import day_choices as choices
from pos_app.ui.presenters.day_state import DayState
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox

_DAY_PX, _PERIOD_PX, _COMPARED_PX, _CURRENCY_PX = 136, 162, 206, 92
_WORDS_PX = 1_300


class DayHead(QWidget):
    """Title and filters above the day.

    `chosen(what, key)` for period, comparison and currency; `stepped(ways)`; `typed(which, text)`
    and `picked(which, date)` for the four days; `paper_wished()`; `file_wished(kind)`;
    `way_chosen(key)` for another screen.
    """

    chosen = Signal(str, str)
    stepped = Signal(int)
    typed = Signal(str, str)
    picked = Signal(str, object)
    paper_wished = Signal()
    file_wished = Signal(str)
    way_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ("", "")
        self.title, self.about = _Words(self), _Words(self)
        self.slip = Button(t("Print slip"), "printer", kind="tight", parent=self)
        self.files = {
            kind: Button(word, icon, kind="tight", name=name, parent=self)
            for kind, word, icon, name in (
                ("pdf", "PDF", "file-text", t("Save as PDF")),
                ("csv", "CSV", "download", t("Save as CSV")),
                ("xlsx", "Excel", "file-spreadsheet", t("Save as Excel")),
            )
        }
        self.ways = {
            key: Button("", icon, kind="tight", name=name, parent=self)
            for key, icon, name in (
                ("journal", "list", t("Journal")),
                ("replay", "history", t("Replay a shift")),
            )
        }
        self.back = Button("", icons.forwards("chevron-left"), name=t("Earlier"), parent=self)
        self.on = Button("", icons.forwards("chevron-right"), name=t("Later"), parent=self)
        self.period = self._choice("period", t("Period"), _PERIOD_PX)
        self.comparison = self._choice("comparison", t("Compare with"), _COMPARED_PX)
        self.currency = self._choice("currency", t("Currency"), _CURRENCY_PX)
        self.fields = {
            which: self._day(which, name)
            for which, name in (
                (choices.START, t("First day")),
                (choices.END, t("Last day")),
                (choices.BEFORE_START, t("First day to compare with")),
                (choices.BEFORE_END, t("Last day to compare with")),
            )
        }
        self._own = QWidget(self)
        self._lay_out()
        self._connect()

    def follow_days(self, day_of: Callable[[str], date]) -> None:
        """Let each calendar begin with the day of its field."""
        for which, field in self.fields.items():
            field.opening = lambda which=which: day_of(which)  # type: ignore[misc]

    def stops(self) -> list[QWidget]:
        """Return where the Tab key stops, in the order of reading."""
        fields = self.fields
        return [
            self.currency,
            *self.ways.values(),
            self.slip,
            *self.files.values(),
            self.back,
            self.period,
            self.on,
            fields[choices.START],
            fields[choices.END],
            self.comparison,
            fields[choices.BEFORE_START],
            fields[choices.BEFORE_END],
        ]

    def offer_ways(self, screens: Collection[str]) -> None:
        """Show the buttons of those other screens that there are."""
        for key, button in self.ways.items():
            button.setVisible(key in screens)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Name the buttons with icons where there is room for their words."""
        super().resizeEvent(event)
        for button in (*self.ways.values(), self.slip):
            name = button.accessibleName()
            button.say(name if self.width() >= _WORDS_PX else "")
            button.setAccessibleName(name)
            button.setToolTip("" if button.text() else name)
        self.fit()

    def show_state(self, state: DayState) -> None:
        """Draw what is chosen."""
        self._words = (state.title, state.about)
        self.fit()
        _put(self.period, state.periods, state.period)
        _put(self.comparison, state.comparisons, state.comparison)
        self.currency.setVisible(bool(state.currencies))
        _put(self.currency, state.currencies, state.currency)
        for which, text in (
            (choices.START, state.start),
            (choices.END, state.end),
            (choices.BEFORE_START, state.before_start),
            (choices.BEFORE_END, state.before_end),
        ):
            put_text(self.fields[which], text)
        self._own.setVisible(state.is_own_comparison)
        self.on.setEnabled(state.can_step_on)
        for button in (self.slip, *self.files.values()):
            button.setEnabled(state.can_save)

    def fit(self) -> None:
        """Write title and sentence as far as there is room, whole in their hints."""
        for label, words in zip((self.title, self.about), self._words, strict=True):
            fonts.ensure_for(words)
            label.ensurePolished()
            room, elided = label.width(), Qt.TextElideMode.ElideRight
            label.setText(from_the_right(label.fontMetrics().elidedText(words, elided, room)))
            label.setAccessibleName(words)
            label.setToolTip(words)

    def _connect(self) -> None:
        self.back.clicked.connect(lambda _=False: self.stepped.emit(-1))
        self.on.clicked.connect(lambda _=False: self.stepped.emit(1))
        self.slip.clicked.connect(lambda _=False: self.paper_wished.emit())
        for kind, button in self.files.items():
            button.clicked.connect(lambda _=False, kind=kind: self.file_wished.emit(kind))
        for key, button in self.ways.items():
            button.clicked.connect(lambda _=False, key=key: self.way_chosen.emit(key))

    def _choice(self, what: str, name: str, width: int) -> ChoiceBox:
        box = ChoiceBox(name, self)
        box.setToolTip(name)
        box.setFixedWidth(width)
        box.activated.connect(lambda _place: self.chosen.emit(what, chosen_key(box)))
        return box

    def _day(self, which: str, name: str) -> DayField:
        field = DayField(name, self)
        field.setToolTip(name)
        field.setFixedWidth(_DAY_PX)
        field.editingFinished.connect(lambda: self.typed.emit(which, field.text()))
        field.picked.connect(lambda day: self.picked.emit(which, day))
        return field

    def _lay_out(self) -> None:
        self.title.setProperty("role", "title")
        self.about.setProperty("role", "quiet")
        for label in (self.title, self.about):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.about)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addLayout(words, 1)
        top.addWidget(self.currency)
        for button in (*self.ways.values(), self.slip, *self.files.values()):
            top.addWidget(button)
        row = QHBoxLayout()
        row.setSpacing(6)
        for widget in (
            self.back,
            self.period,
            self.on,
            self.fields[choices.START],
            QLabel("–", self),
            self.fields[choices.END],
        ):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(QLabel(t("Compare with"), self))
        row.addWidget(self.comparison)
        own = QHBoxLayout(self._own)
        own.setContentsMargins(0, 0, 0, 0)
        own.addStretch(1)
        own.addWidget(self.fields[choices.BEFORE_START])
        own.addWidget(QLabel("–", self._own))
        own.addWidget(self.fields[choices.BEFORE_END])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(row)
        column.addWidget(self._own)
        self._own.hide()


class _Words(QLabel):
    """A line that tells its head when it has another width."""

    def __init__(self, head: "DayHead") -> None:
        super().__init__(head)
        self._head = head

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write anew."""
        super().resizeEvent(event)
        self._head.fit()


def _put(box: ChoiceBox, offered: Sequence[Choice], key: str) -> None:
    fill_choices(box, offered)
    put_choice(box, key)

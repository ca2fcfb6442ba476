"""The filters above a report: period, days, pieces, currency, and a customer or product."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.field_values import chosen_key, fill_choices, put_choice, put_text
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.reports_state import PickedView, ReportsState
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.search_field import SearchField
from pos_app.ui.widgets.search_popup import SearchPopup

_DAY_PX = 124
_CHOICE_PX = 158
_SEARCH_PX = 170


class ReportFilters(QWidget):
    """What a report is narrowed to, in one row.

    `chosen(what, key)` for period, grain and currency; `typed(which, text)` for the days;
    `searched(text)` as one types, `picked(key)` for a hit, `let_go(what)` to be without it.
    """

    chosen = Signal(str, str)
    typed = Signal(str, str)
    searched = Signal(str)
    picked = Signal(str)
    let_go = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown: tuple[PickedView, ...] = ()
        self._chips: dict[str, Button] = {}
        self.period = self._choice("period", t("Period"))
        self.start, self.end = self._day("start", t("First day")), self._day("end", t("Last day"))
        self._until = QLabel("–", self)
        self.grain = self._choice("grain", t("Cut into"))
        self.currency = self._choice("currency", t("Currency"))
        self.search = SearchField(t("Customer or product"), "", self)
        self.search.setMinimumWidth(_SEARCH_PX)
        self.hits = SearchPopup(self.search, parent)
        self._lay_out()
        self.search.textEdited.connect(self.searched)
        self.hits.chosen.connect(self._pick)
        self.hits.closed.connect(lambda: self.searched.emit(""))

    def show_state(self, state: ReportsState) -> None:
        """Draw what is chosen."""
        for widget in (self.period, self.start, self._until, self.end):
            widget.setVisible(state.has_period)
        _put(self.period, state.periods, state.period)
        put_text(self.start, state.start)
        put_text(self.end, state.end)
        self.grain.setVisible(bool(state.grains))
        _put(self.grain, state.grains, state.grain)
        self.currency.setVisible(bool(state.currencies))
        _put(self.currency, state.currencies, state.currency)
        self.search.setVisible(bool(state.search_hint))
        fonts.ensure_for(state.search_hint)
        self.search.setPlaceholderText(state.search_hint)
        self.search.setAccessibleName(state.search_hint)
        if self.search.text() != state.query:
            self.search.setText(state.query)
        self.hits.show_hits(state.hits, state.query)
        self._show_picked(state.picked)

    def chip(self, key: str) -> Button | None:
        """Return the button that lets go of a customer or product."""
        return self._chips.get(key)

    def _pick(self, key: str) -> None:
        self.picked.emit(key)

    def _show_picked(self, picked: Sequence[PickedView]) -> None:
        if tuple(picked) == self._shown:
            return
        self._shown = tuple(picked)
        for old in self._chips.values():
            old.setParent(None)
            old.deleteLater()
        self._chips = {}
        for one in picked:
            name = t("{name}: take out").format(name=one.text)
            chip = Button(_short(one.text), "x", kind="card", name=name, parent=self)
            chip.setToolTip(name)
            chip.clicked.connect(lambda _=False, key=one.key: self.let_go.emit(key))
            self._row.insertWidget(self._row.count() - 1, chip)
            self._chips[one.key] = chip

    def _choice(self, what: str, name: str) -> ChoiceBox:
        box = ChoiceBox(name, self)
        box.setFixedWidth(_CHOICE_PX)
        box.activated.connect(lambda _place: self.chosen.emit(what, chosen_key(box)))
        return box

    def _day(self, which: str, name: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setAccessibleName(name)
        line.setToolTip(name)
        line.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        line.setFixedWidth(_DAY_PX)
        line.setMinimumHeight(theme.mm(self, 12))
        line.editingFinished.connect(lambda: self.typed.emit(which, line.text()))
        return line

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        for widget in (self.period, self.start, self._until, self.end, self.grain, self.currency):
            self._row.addWidget(widget)
        self._row.addWidget(self.search, 1)
        self._row.addStretch(0)


def _put(box: ChoiceBox, offered: Sequence[Choice], key: str) -> None:
    fill_choices(box, offered)
    put_choice(box, key)


def _short(text: str) -> str:
    return text if len(text) <= 22 else f"{text[:21]}…"

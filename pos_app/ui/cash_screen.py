"""The cash screen: the drawer and what can be done with it at one side, the count at the other."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.domain.cash_movement import MovementKind
from pos_app.services.checkout import Clock
from pos_app.services.shifts import Shifts
from pos_app.texts import t
from pos_app.ui import fonts
from pos_app.ui.background import run_in_background
from pos_app.ui.cash_closing_panel import CashClosingPanel
from pos_app.ui.cash_count_panel import CashCountPanel
from pos_app.ui.cash_figures import FigureList
from pos_app.ui.cash_movement_sheet import CashMovementSheet
from pos_app.ui.changes import Changes
from pos_app.ui.freshness import Freshness
from pos_app.ui.notices import NoticeStack
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.cash import CashPresenter
from pos_app.ui.presenters.cash_state import CashState, Step
from pos_app.ui.presenters.cash_words import movement_words
from pos_app.ui.widgets.button import Button

if TYPE_CHECKING:
    from pos_app.store.store import Store

_KEEP_AFTER_MS = 1_000
_ICONS = {
    MovementKind.PAY_IN: "plus",
    MovementKind.PAY_OUT: "hand-coins",
    MovementKind.DROP: "landmark",
}


class CashScreen(QWidget):
    """Owns its presenter, since Qt keeps bound methods weakly; `on_receipt(sale_id)` opens one."""

    def __init__(
        self,
        store: "Store",
        shifts: Shifts,
        now: Clock,
        publish: Callable[[Changes], None] = lambda _changes: None,
        on_receipt: Callable[[str], None] = lambda _sale_id: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sheet: CashMovementSheet | None = None
        self._is_ready = False
        self.title, self.figures = QLabel(self), FigureList(self)
        self._about = sentence("", self)
        self.notices = NoticeStack(self)
        self.count, self.closing = CashCountPanel(self), CashClosingPanel(self)
        self._far = QStackedWidget(self)
        self.moves = {
            kind: Button(word, _ICONS[kind], kind="card", parent=self)
            for kind, word in movement_words().items()
        }
        self.drawer = Button(t("Open drawer"), "inbox", kind="card", parent=self)
        self.x_report = Button(t("X report"), "file-text", kind="card", parent=self)
        self.last_z = Button(t("Last Z again"), "printer", kind="card", parent=self)
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(_KEEP_AFTER_MS)
        self._lay_out()
        self.presenter = CashPresenter(
            store, shifts, partial(run_in_background, owner=self), self.show_state, now, publish
        )
        self._freshness = Freshness(self, self.presenter.refresh)
        self._connect(on_receipt)
        self._is_ready = True
        self.show_state(self.presenter.state)

    def show_state(self, state: CashState) -> None:
        """Draw `state`."""
        if not self._is_ready:
            return
        fonts.ensure_for(state.title + state.about)
        self.title.setText(state.title)
        self._about.setText(state.about)
        self._about.setVisible(bool(state.about))
        self.figures.show_rows(state.figures)
        for button in (*self.moves.values(), self.x_report):
            button.setEnabled(state.is_open)
        self.last_z.setEnabled(state.has_last_z)
        is_counting = state.step in (Step.OPENING, Step.COUNTING)
        self._far.setCurrentWidget(self.count if is_counting else self.closing)
        if is_counting:
            self.count.show_state(state)
        else:
            self.closing.show_state(state)
        self.notices.show_only(state.notices)

    def refresh(self, changes: Changes | None = None) -> None:
        """Read anew when something was sold, moved or set elsewhere."""
        wanted = Changes(sales=True, cash=True, settings=True)
        if changes is None or changes.touch(wanted):
            self._freshness.touched()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the screen was hidden."""
        super().showEvent(event)
        self._freshness.shown()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first note to be counted."""
        super().focusInEvent(event)
        if self._far.currentWidget() is self.count:
            self.count.focus_first()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep a count in progress before the screen goes."""
        super().hideEvent(event)
        if self._keeping.isActive():
            self._keeping.stop()
            self.presenter.keep_count()

    def show_movement(self, kind: MovementKind) -> CashMovementSheet:
        """Open the sheet of a movement."""
        if self._sheet is not None:
            self._sheet.deleteLater()
        self._sheet = CashMovementSheet(self.presenter.movement(kind), self)
        self._sheet.open()
        return self._sheet

    def _connect(self, on_receipt: Callable[[str], None]) -> None:
        presenter, count, closing = self.presenter, self.count, self.closing
        for kind, button in self.moves.items():
            button.clicked.connect(lambda _=False, kind=kind: self.show_movement(kind))
        self.drawer.clicked.connect(lambda _=False: presenter.open_drawer())
        self.x_report.clicked.connect(lambda _=False: presenter.read_x())
        self.last_z.clicked.connect(lambda _=False: presenter.print_last_z())
        self.notices.dismissed.connect(presenter.dismiss)
        count.typed.connect(self._type)
        count.stepped.connect(self._step)
        count.currency_chosen.connect(presenter.choose_currency)
        count.confirmed.connect(presenter.confirm)
        count.given_up.connect(presenter.give_up)
        count.sheet_wanted.connect(presenter.print_sheet)
        closing.target_typed.connect(presenter.type_target)
        closing.note_typed.connect(presenter.type_note)
        closing.bag_typed.connect(presenter.type_bag)
        closing.counted_again.connect(presenter.count_again)
        closing.closed.connect(presenter.close)
        closing.receipt_wanted.connect(on_receipt)
        closing.print_wanted.connect(presenter.print_last_z)
        closing.next_wanted.connect(presenter.next_shift)
        self._keeping.timeout.connect(presenter.keep_count)

    def _type(self, key: str, text: str) -> None:
        self._keeping.start()
        self.presenter.type_count(key, text)

    def _step(self, key: str, by: int) -> None:
        self._keeping.start()
        self.presenter.step_count(key, by)

    def _lay_out(self) -> None:
        self._far.addWidget(self.count)
        self._far.addWidget(self.closing)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.notices)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._near(), 5)
        row.addWidget(self._far, 9)
        column.addLayout(row, 1)

    def _near(self) -> QWidget:
        near = QWidget(self)
        near.setMinimumWidth(300)
        heading = QLabel(t("Cash drawer"), near)
        heading.setProperty("role", "title")
        card = QFrame(near)
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(6)
        self.title.setProperty("role", "heading")
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        inside.addWidget(self.title)
        inside.addWidget(self._about)
        area = QScrollArea(card)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget(area)
        held = QVBoxLayout(holder)
        held.setContentsMargins(0, 4, 8, 0)
        held.addWidget(self.figures)
        held.addStretch(1)
        area.setWidget(holder)
        inside.addWidget(area, 1)
        buttons = QGridLayout()
        buttons.setSpacing(8)
        every = (*self.moves.values(), self.drawer, self.x_report, self.last_z)
        for place, button in enumerate(every):
            buttons.addWidget(button, place // 2, place % 2)
        column = QVBoxLayout(near)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(heading)
        column.addWidget(card, 1)
        column.addLayout(buttons)
        return near

"""The replay screen: choose a shift, then step through it as the cashier saw it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, icons, theme
from pos_app.ui.background import run_in_background
from pos_app.ui.changes import Changes
from pos_app.ui.field_values import chosen_key, fill_choices, put_choice
from pos_app.ui.freshness import Freshness
from pos_app.ui.notices import NoticeStack
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.replay import ReplayPresenter
from pos_app.ui.presenters.replay_words import SPEEDS, ReplayState
from pos_app.ui.replay_timeline import ReplayTimeline
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.cart_view import CartView
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.column_fit import fit_columns
from pos_app.ui.widgets.empty_state import EmptyState
from pos_app.ui.widgets.table_view import TableView
from pos_app.ui.widgets.total_panel import TotalPanel

if TYPE_CHECKING:
    from pos_app.store.store import Store

_SPEED_PX = 92


class ReplayScreen(QWidget):
    """Owns its presenter; keys: Right and Left step, Home and End, Space plays, E an exception."""

    def __init__(
        self,
        store: "Store",
        on_entry: Callable[[int], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._serial = -1
        self._on_entry = on_entry
        self.title, self.about = QLabel(self), QLabel(self)
        self.notices = NoticeStack(self)
        self.shifts = TableView(t("Shifts"), self)
        self.events = TableView(t("What happened"), self)
        self.cart, self.total = CartView(self), TotalPanel(self)
        self.cart.say_when_empty(t("No sale on the screen"))
        self.timeline = ReplayTimeline(self)
        self.time, self.said, self.staff = (QLabel(self) for _ in range(3))
        self.position = QLabel(self)
        self._figures: list[tuple[QLabel, QLabel]] = []
        self.all_shifts = Button(t("All shifts"), "list", kind="card", parent=self)
        self.in_journal = Button(t("In the journal"), "file-text", kind="card", parent=self)
        self._make_controls()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._lay_out()
        run = partial(run_in_background, owner=self)
        self.presenter = presenter = ReplayPresenter(store, run, self.show_state)
        self.destroyed.connect(lambda _gone=None: presenter.stop())
        self._freshness = Freshness(self, self._read)
        self._connect()
        presenter.begin()

    def show_state(self, state: ReplayState) -> None:
        """Draw `state`."""
        self.notices.show_only(state.notices)
        is_open = bool(state.title)
        self.title.setText(state.title or t("Replay a shift"))
        fonts.ensure_for(state.about + state.sentence + state.staff)
        self.about.setText(t("Reading …") if state.is_reading else state.about)
        self.all_shifts.setVisible(is_open)
        self.in_journal.setVisible(is_open and self._on_entry is not None)
        if state.serial != self._serial:
            self._serial = state.serial
            self.shifts.show_source(state.columns, state.shifts)
            self._fit_columns()
            self.events.show_source(state.event_columns, state.events)
        empty = self._none if not state.shifts.count() else self._list
        self._pages.setCurrentWidget(self._player if is_open else empty)
        if is_open:
            self._show_frame(state)
        self._timer.stop()
        if state.is_playing:
            self._timer.start(self.presenter.pause_ms())

    def refresh(self, changes: Changes | None = None) -> None:
        """Read the shifts anew when one was opened or closed; a shift in sight stays."""
        self._freshness.touched()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the screen was hidden."""
        super().showEvent(event)
        self._freshness.shown()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step, jump and play by keys."""
        if not self._take_key(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the keys step while the list of events has the focus; follow the shifts' width."""
        if event.type() == QEvent.Type.Resize:
            self._fit_columns()
        is_key = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        return is_key and self._take_key(event)  # type: ignore[arg-type]

    def _fit_columns(self) -> None:
        fit_columns(self.shifts, self.presenter.state.columns)

    def _take_key(self, event: QKeyEvent) -> bool:
        if not self.presenter.state.title:
            return False
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        forth, back = (-1, 1) if is_mirrored else (1, -1)
        presenter = self.presenter
        gestures: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Right: lambda: presenter.step(forth),
            Qt.Key.Key_Left: lambda: presenter.step(back),
            Qt.Key.Key_Home: lambda: presenter.go(0),
            Qt.Key.Key_End: lambda: presenter.go(presenter.state.count),
            Qt.Key.Key_Space: presenter.play,
            Qt.Key.Key_E: lambda: presenter.to_exception(
                -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            ),
        }
        gesture = gestures.get(event.key())
        if gesture is not None:
            gesture()
        return gesture is not None

    def _show_frame(self, state: ReplayState) -> None:
        self.cart.show_rows(state.rows)
        self.total.show_total(state.total)
        self.timeline.show_line(state.count, state.place, state.marks)
        self.time.setText(state.time)
        self.said.setText(state.sentence)
        self.said.setProperty("role", "error" if state.is_exception else "heading")
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        self.staff.setText(state.staff)
        self.position.setText(state.position)
        self.play.say(
            t("Pause") if state.is_playing else t("Play"),
            "pause" if state.is_playing else "play",
        )
        for button in (self.exception_before, self.exception_after):
            button.setEnabled(bool(state.marks))
        for (name, figure), (word, value) in zip(self._figures, state.figures, strict=False):
            name.setText(word)
            figure.setText(value)
        fill_choices(self.speeds, tuple(Choice(str(one), f"{one}×") for one in SPEEDS))
        put_choice(self.speeds, str(state.speed))
        if self.events.currentIndex().row() != state.place:
            with QSignalBlocker(self.events):
                self.events.selectRow(state.place)

    def _read(self) -> None:
        if not self.presenter.state.title:
            self.presenter.begin()

    def _connect(self) -> None:
        presenter = self.presenter
        self.shifts.row_opened.connect(presenter.open)
        self.shifts.clicked.connect(lambda _index: presenter.open(self.shifts.chosen_key()))
        self.events.row_chosen.connect(lambda key: presenter.go_to_entry(int(key)))
        self.events.row_opened.connect(lambda key: self._tell_entry(int(key)))
        self.events.installEventFilter(self)
        self.shifts.viewport().installEventFilter(self)
        self.timeline.chosen.connect(presenter.go)
        self.notices.dismissed.connect(presenter.dismiss)
        self.all_shifts.clicked.connect(lambda _=False: presenter.begin())
        self.in_journal.clicked.connect(lambda _=False: self._tell_entry(presenter.seq_here()))
        self.back.clicked.connect(lambda _=False: presenter.step(-1))
        self.forth.clicked.connect(lambda _=False: presenter.step(1))
        self.play.clicked.connect(lambda _=False: presenter.play())
        self.exception_before.clicked.connect(lambda _=False: presenter.to_exception(-1))
        self.exception_after.clicked.connect(lambda _=False: presenter.to_exception(1))
        self.speeds.activated.connect(
            lambda _place: presenter.choose_speed(int(chosen_key(self.speeds)))
        )
        self._timer.timeout.connect(presenter.tick)

    def _tell_entry(self, seq: int) -> None:
        if self._on_entry is not None and seq:
            self._on_entry(seq)

    def _make_controls(self) -> None:
        back, forth = icons.forwards("chevron-left"), icons.forwards("chevron-right")
        self.back = Button("", back, kind="card", name=t("Step back"), parent=self)
        self.forth = Button("", forth, kind="card", name=t("Step on"), parent=self)
        self.play = Button(t("Play"), "play", kind="primary", parent=self)
        self.exception_before = Button(t("Exception before"), back, kind="tight", parent=self)
        self.exception_after = Button(t("Next exception"), forth, kind="tight", parent=self)
        self.speeds = ChoiceBox(t("Speed"), self)
        self.speeds.setFixedWidth(_SPEED_PX)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(8)
        self.title.setProperty("role", "title")
        self.about.setProperty("role", "quiet")
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        head.addWidget(self.title)
        head.addSpacing(8)
        head.addWidget(self.about, 1)
        head.addWidget(self.in_journal)
        head.addWidget(self.all_shifts)
        column.addLayout(head)
        column.addWidget(self.notices)
        self._list = QFrame(self)
        self._list.setProperty("role", "card")
        inside = QVBoxLayout(self._list)
        inside.setContentsMargins(2, 2, 2, 2)
        inside.addWidget(self.shifts)
        self._none = EmptyState(
            "history",
            t("No shift yet"),
            t("Shifts are opened under Cash drawer. Then each can be replayed here."),
            parent=self,
        )
        self._player = QWidget(self)
        self._lay_out_player()
        self._pages = QStackedWidget(self)
        for page in (self._list, self._none, self._player):
            self._pages.addWidget(page)
        column.addWidget(self._pages, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _lay_out_player(self) -> None:
        column = QVBoxLayout(self._player)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        halves = QHBoxLayout()
        halves.setSpacing(16)
        near = QVBoxLayout()
        near.setSpacing(12)
        near.addWidget(self.cart, 1)
        near.addWidget(self.total)
        told = t(
            "The journal does not tell of single scans: the lines of a sale appear together when "
            "it is finished."
        )
        near.addWidget(sentence(told, self._player))
        far = QVBoxLayout()
        far.setSpacing(12)
        far.addWidget(self._event_card())
        far.addWidget(self._event_list(), 1)
        halves.addLayout(near, 42)
        halves.addLayout(far, 58)
        column.addLayout(halves, 1)
        column.addWidget(self.timeline)
        controls = QHBoxLayout()
        controls.setSpacing(8)
        self.position.setProperty("role", "quiet")
        self.position.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        controls.addWidget(self.position)
        controls.addStretch(1)
        for part in (self.exception_before, self.back, self.play, self.forth):
            controls.addWidget(part)
        controls.addWidget(self.exception_after)
        controls.addStretch(1)
        controls.addWidget(self.speeds)
        column.addLayout(controls)

    def _event_card(self) -> QFrame:
        card = QFrame(self._player)
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        first = QHBoxLayout()
        self.time.setFont(fonts.figures(theme.TEXT.price, fonts.SEMIBOLD))
        self.staff.setProperty("role", "quiet")
        first.addWidget(self.time)
        first.addStretch(1)
        first.addWidget(self.staff)
        column.addLayout(first)
        self.said.setWordWrap(True)
        for label in (self.said, self.staff):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setMinimumHeight(48)
        column.addWidget(self.said)
        row = QHBoxLayout()
        row.setSpacing(16)
        for _ in range(3):
            box = QVBoxLayout()
            box.setSpacing(0)
            name, figure = QLabel(card), QLabel(card)
            name.setProperty("role", "quiet")
            figure.setFont(fonts.figures(theme.TEXT.body, fonts.SEMIBOLD))
            box.addWidget(name)
            box.addWidget(figure)
            row.addLayout(box, 1)
            self._figures.append((name, figure))
        column.addLayout(row)
        return card

    def _event_list(self) -> QFrame:
        card = QFrame(self._player)
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(2, 2, 2, 2)
        self.events.horizontalHeader().setVisible(False)
        self.events.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside.addWidget(self.events)
        return card

"""The day screen: what needs a look, the figures, and everything behind them two touches away."""

from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.services.checkout import Clock
from pos_app.services.day_papers import DayFile
from pos_app.texts import t
from pos_app.ui.background import run_in_background
from pos_app.ui.catalogue_files import documents_folder
from pos_app.ui.changes import Changes
from pos_app.ui.day_board import DayBoard
from pos_app.ui.day_figure_board import FigureBoard
from pos_app.ui.day_flow import mirrored
from pos_app.ui.day_head import DayHead
from pos_app.ui.day_side import DayPanelSide
from pos_app.ui.day_strip import AttentionStrip
from pos_app.ui.freshness import Freshness
from pos_app.ui.notices import NoticeStack
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.day import DayPresenter
from pos_app.ui.presenters.day_doors import DayDoors, DayFigures
from pos_app.ui.presenters.day_state import DayPage, DayState
from pos_app.ui.widgets.empty_state import EmptyState
from pos_app.ui.widgets.touch_scroll import let_fingers_scroll

if TYPE_CHECKING:
    from pos_app.store.store import Store

_WATCHED = Changes(
    sales=True,
    products=True,
    stock=True,
    settings=True,
    staff=True,
    sync=True,
    cash=True,
    documents=True,
)
_SIDE_PX = 500
_LOW_PX = 800  # below this height the strip is one line, so that the chart is whole
_NOTHING_PX = 220


class DayScreen(QWidget):
    """Owns its presenter, since Qt keeps bound methods weakly."""

    def __init__(
        self,
        store: "Store",
        now: Clock,
        doors: DayDoors | None = None,
        figures: DayFigures | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._serial = -1
        self._is_settings_stale = False
        self._last_focus: QWidget | None = None
        self._screens = frozenset[str]() if doors is None else doors.screens
        self.head = DayHead(self)
        self.notices = NoticeStack(self)
        self.strip = AttentionStrip()
        self.figures = FigureBoard()
        self.board = DayBoard()
        self._nothing = EmptyState(
            "sun",
            t("Nothing was sold on these days"),
            t("Choose other days with the arrows above."),
        )
        self._hidden = EmptyState("eye-off", t("Hidden until the drawer is counted"))
        self._why_hidden = sentence("", self._hidden)
        self._reading = EmptyState("hourglass", t("Reading …"))
        self._scroll, self._pages = QScrollArea(self), QStackedWidget(self)
        self.side = DayPanelSide(self)
        self._lay_out()
        run = partial(run_in_background, owner=self)
        self.presenter = DayPresenter(store, now, run, self.show_state, doors, figures)
        self._freshness = Freshness(self, self._read)
        self._connect()
        self.presenter.begin()

    def show_state(self, state: DayState) -> None:
        """Draw `state`."""
        self.head.show_state(state)
        self.notices.show_only(state.notices)
        self._show_panel(state)
        if state.serial == self._serial:
            return
        self._serial = state.serial
        if state.hidden:
            self._why_hidden.setText(state.hidden)
            self._pages.setCurrentWidget(self._hidden)
        elif state.page is not None:
            self._show_page(state.page)
            self._pages.setCurrentWidget(self._scroll)

    def refresh(self, changes: Changes | None = None) -> None:
        """Read anew when something of the day has changed elsewhere."""
        if changes is None or changes.touch(_WATCHED):
            self._is_settings_stale |= changes is None or changes.settings
            self._freshness.touched()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the screen was hidden, and with the time of day."""
        super().showEvent(event)
        self._freshness.shown()
        self.presenter.look_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the panel at its side; a low screen has a strip of one line."""
        super().resizeEvent(event)
        self.strip.keep_lines(1 if self.height() < _LOW_PX else 2)
        self._place_side()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the panel at its side when the screen is mirrored."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange and hasattr(self, "side"):
            self._place_side()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys scroll; Esc puts the panel away wherever the focus is."""
        bar = self._scroll.verticalScrollBar()
        pages = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
        key = Qt.Key(event.key())
        if key in pages:
            bar.setValue(bar.value() + pages[key] * bar.pageStep())
        elif key == Qt.Key.Key_Escape and self.presenter.state.panel is not None:
            self.presenter.close_panel()
        else:
            super().keyPressEvent(event)

    def _show_page(self, page: DayPage) -> None:
        leading = {
            one.key
            for one in page.attention
            if page.targets[one.key].query is not None
            or page.targets[one.key].screen in self._screens
        }
        self.strip.show_attention(page.attention, leading)
        self.figures.setVisible(not page.is_empty)
        self.figures.show_figures(page.figures)
        self._nothing.setVisible(page.is_empty)
        self.board.show_page(page)
        self._order()

    def _order(self) -> None:
        """Let the Tab key follow the order of reading, whatever was made first."""
        stops = [
            *self.head.stops(),
            *self.strip.stops(),
            *self.figures.cards(),
            *self.board.stops(),
            *self.side.stops(),
        ]
        for one, following in pairwise(stops):
            QWidget.setTabOrder(one, following)

    def _show_panel(self, state: DayState) -> None:
        if state.panel is None:
            was_open = not self.side.isHidden()
            self.side.hide()
            if was_open and self._last_focus is not None and self._last_focus.isVisible():
                self._last_focus.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        is_new = self.side.isHidden()
        if is_new:
            self._last_focus = self.focusWidget()
        self.side.show_panel(state.panel, has_screen=state.panel.screen in self._screens)
        self.side.show()
        if is_new:
            self._place_side()
            self.side.raise_()
        listed = self.side.listed()
        if listed is not None and (is_new or not self.side.isAncestorOf(self.focusWidget())):
            listed.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place_side(self) -> None:
        """The panel lies over the far side of the page: figures never move for it."""
        box = QRect(self.width() - _SIDE_PX - 8, 8, _SIDE_PX, self.height() - 16)
        self.side.setGeometry(mirrored(box, self))

    def _read(self) -> None:
        is_stale, self._is_settings_stale = self._is_settings_stale, False
        self.presenter.refresh(settings=is_stale)

    def _connect(self) -> None:
        presenter, head = self.presenter, self.head
        head.follow_days(presenter.day_of)
        head.offer_ways(self._screens)
        head.way_chosen.connect(presenter.open_screen)
        head.chosen.connect(self._choose)
        head.stepped.connect(presenter.step)
        head.typed.connect(presenter.type_day)
        head.picked.connect(presenter.pick_day)
        head.paper_wished.connect(presenter.print_slip)
        head.file_wished.connect(self._choose_file)
        self.notices.dismissed.connect(presenter.dismiss)
        for part in (self.strip, self.figures, self.board):
            part.opened.connect(presenter.open)
        self.board.bar_opened.connect(presenter.open_bar)
        self.board.arranged.connect(self._order)
        self.side.receipt_opened.connect(presenter.open_receipt)
        self.side.evidence_opened.connect(presenter.open_evidence)
        self.side.screen_opened.connect(presenter.open_screen)
        self.side.more_wished.connect(presenter.more_receipts)
        self.side.closed.connect(presenter.close_panel)

    def _choose(self, what: str, key: str) -> None:
        presenter = self.presenter
        {
            "period": presenter.choose_period,
            "comparison": presenter.choose_comparison,
            "currency": presenter.choose_currency,
        }[what](key)

    def _choose_file(self, ending: str) -> None:
        kind = DayFile(ending)
        suggested = documents_folder() / self.presenter.suggested_name(kind)
        title = self.head.files[ending].accessibleName()
        path, _ = QFileDialog.getSaveFileName(
            self, title, str(suggested), f"{ending.upper()} (*.{ending})"
        )
        if path:
            chosen = Path(path)
            with_ending = chosen if chosen.suffix else chosen.with_suffix(f".{ending}")
            self.presenter.save(with_ending, kind)

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 8, 16, 8)
        self._column.setSpacing(8)
        self._column.addWidget(self.head)
        self._column.addWidget(self.notices)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(8)
        self._nothing.setMinimumHeight(_NOTHING_PX)
        for part in (self.strip, self.figures, self._nothing, self.board):
            column.addWidget(part)
        column.addStretch(1)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAccessibleName(t("Day"))
        self._scroll.setWidget(inner)
        let_fingers_scroll(self._scroll)
        below = self._hidden.layout()
        if isinstance(below, QVBoxLayout):
            self._why_hidden.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            below.insertWidget(below.count() - 1, self._why_hidden)
        for page in (self._reading, self._scroll, self._hidden):
            self._pages.addWidget(page)
        self._column.addWidget(self._pages, 1)
        self.setFocusProxy(self.head.period)

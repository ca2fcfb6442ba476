"""The screen of head office: how the till stands with it, and what waits for a person."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from pos_app.services.authority import UNRESTRICTED, Authority
from pos_app.texts import t
from pos_app.ui import fonts
from pos_app.ui.background import run_in_background
from pos_app.ui.changes import Changes
from pos_app.ui.field_values import from_the_right, own_direction
from pos_app.ui.freshness import Freshness
from pos_app.ui.notices import NoticeStack
from pos_app.ui.presenters.sync import OfficeLine, SyncPresenter
from pos_app.ui.presenters.sync_connect import ConnectTools, is_invitation
from pos_app.ui.presenters.sync_state import SyncState
from pos_app.ui.sync_cards import ProofCard, QuarrelsCard, RefusalsCard, StateCard, TillsCard
from pos_app.ui.sync_connect_sheet import ConnectSheet
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.dialog import Sheet
from pos_app.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.sync.status import SyncStatus


class SyncScreen(QWidget):
    """Owns its presenter, since Qt keeps bound methods weakly; `status_changed` from outside."""

    def __init__(
        self,
        store: "Store",
        line: OfficeLine,
        tools: ConnectTools,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
        *,
        authority: Authority = UNRESTRICTED,
    ) -> None:
        super().__init__(parent)
        self._tools = tools
        self._told: tuple[str, ...] = ()
        self._question: Sheet | None = None
        self.sheet: ConnectSheet | None = None
        self._latest: SyncStatus | None = None
        self._office = QLabel(self)
        self.hurry = Button(t("Try now"), "refresh-cw", kind="card", parent=self)
        self.leave = Button(t("Disconnect"), "log-out", kind="card", parent=self)
        self.again = Button(t("Connect again"), "plug", kind="primary", parent=self)
        self.notices = NoticeStack(self)
        self.state_card, self.proof = StateCard(self), ProofCard(self)
        self.refusals = RefusalsCard(self)
        self.quarrels, self.tills = QuarrelsCard(self), TillsCard(self)
        self.history = QTextEdit(self)
        self._lay_out()
        self.presenter = SyncPresenter(
            store,
            line,
            self.show_state,
            now,
            run=partial(run_in_background, owner=self),
            authority=authority,
        )
        self._freshness = Freshness(self, self._catch_up)
        self._connect_gestures()

    def show_state(self, state: SyncState) -> None:
        """Draw `state`."""
        self._pages.setCurrentWidget(self._body if state.is_connected else self._alone)
        fonts.ensure_for(state.office + state.address)
        self._office.setText(own_direction(state.office or state.address))
        self._office.setToolTip(state.address)
        for button in (self.hurry, self.leave):
            button.setVisible(state.is_connected)
        self.leave.setEnabled(not state.is_leaving)
        self.again.setVisible(state.is_connected and state.can_connect)
        self.state_card.show_state(state)
        self.proof.show_state(state)
        self.refusals.show_cards(state.refusals, state.more_refusals)
        self.quarrels.show_lines(state.quarrels)
        self.tills.show_tills(state.tills)
        self._show_history(state.history)
        self._ask(state)
        self.notices.show_only(state.notices)

    def status_changed(self, status: "SyncStatus") -> None:
        """Draw how it stands now, if anybody looks; otherwise when somebody does."""
        self._latest = status
        self._freshness.touched()

    def refresh(self, changes: Changes | None = None) -> None:
        """Draw anew when settings, or what head office has sent, have changed."""
        if changes is None or changes.touch(Changes(settings=True, sync=True)):
            self._latest = None
            self._freshness.touched()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the screen was hidden."""
        super().showEvent(event)
        self._freshness.shown()

    def take_scan(self, code: str) -> bool:
        """Take a scanned invitation; anything else is for the counter."""
        if self.sheet is not None and self.sheet.isVisible():
            return self.sheet.take_scan(code) or True
        if not is_invitation(code):
            return False
        self.connect_till(code)
        return True

    def connect_till(self, invitation: str = "") -> None:
        """Open the sheet that connects the till, for whoever may change the settings."""
        self.presenter.may_connect(lambda: self._open_sheet(invitation))

    def _open_sheet(self, invitation: str) -> None:
        if self.sheet is not None:
            self.sheet.deleteLater()
        self.sheet = ConnectSheet(self._tools, self)
        self.sheet.accepted.connect(self.presenter.refresh)
        self.sheet.begin()
        if invitation:
            self.sheet.take_scan(invitation)

    def _show_history(self, lines: tuple[str, ...]) -> None:
        if lines != self._told:
            self._told = lines
            fonts.ensure_for("".join(lines))
            place = self.history.verticalScrollBar().value()
            self.history.setPlainText("\n".join(from_the_right(line) for line in lines))
            self._turn_history()
            self.history.verticalScrollBar().setValue(place)

    def _turn_history(self) -> None:
        """Begin each line at the side where the language does."""
        option = self.history.document().defaultTextOption()
        option.setTextDirection(self.layoutDirection())
        self.history.document().setDefaultTextOption(option)

    def _catch_up(self) -> None:
        latest, self._latest = self._latest, None
        if latest is None:
            self.presenter.refresh()
        else:
            self.presenter.status_changed(latest)

    def _ask(self, state: SyncState) -> None:
        """Show or take away the question whether to let go of head office."""
        if state.is_asking == (self._question is not None):
            return
        if self._question is not None:
            question, self._question = self._question, None
            question.close()
            question.deleteLater()
            return
        asked = t("Disconnect from {office}?").format(office=state.company)
        told = t(
            "This till then works on its own. Its receipts stay here, and nothing is sent to head "
            "office any more. To connect again, head office has to make a new code."
        )
        question = Sheet(asked, f"{state.backlog}\n\n{told}".strip(), parent=self)
        question.set_actions(
            (
                SheetAction("stay", t("Stay connected"), "check"),
                SheetAction("leave", t("Disconnect"), "log-out", Tone.DANGER),
            )
        )
        question.acted.connect(self._answer)
        question.rejected.connect(self.presenter.stay)
        self._question = question
        question.open()

    def _answer(self, key: str) -> None:
        if key == "leave":
            self.presenter.leave()
        else:
            self.presenter.stay()

    def _connect_gestures(self) -> None:
        self.hurry.clicked.connect(lambda _=False: self.presenter.hurry())
        self.leave.clicked.connect(lambda _=False: self.presenter.ask_to_leave())
        self.again.clicked.connect(lambda _=False: self.connect_till())
        self.refusals.settled.connect(self.presenter.settle)
        self._alone.acted.connect(self.connect_till)
        self.notices.dismissed.connect(self.presenter.dismiss)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(8)
        title = QLabel(t("Head office"), self)
        title.setProperty("role", "title")
        self._office.setProperty("role", "quiet")
        head.addWidget(title)
        head.addSpacing(8)
        head.addWidget(self._office, 1)
        for button in (self.hurry, self.leave, self.again):
            head.addWidget(button)
        column.addLayout(head)
        column.addWidget(self.notices)
        self._alone = EmptyState(
            "building-2",
            t("This till works on its own"),
            t(
                "Head office gathers the receipts of all tills and shops, and gives them products, "
                "prices and customers. Selling goes on without it, too."
            ),
            t("Connect"),
            self,
        )
        self._body = self._make_body()
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._alone)
        self._pages.addWidget(self._body)
        column.addWidget(self._pages, 1)

    def _make_body(self) -> QWidget:
        body = QWidget(self)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        area = QScrollArea(body)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget(area)
        cards = QVBoxLayout(inside)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(12)
        for part in (self.state_card, self.refusals, self.proof, self.quarrels):
            cards.addWidget(part)
        cards.addStretch(1)
        area.setWidget(inside)
        row.addWidget(area, 3)
        side = QVBoxLayout()
        side.setSpacing(12)
        side.addWidget(self.tills)
        frame = QFrame(body)
        frame.setProperty("role", "card")
        within = QVBoxLayout(frame)
        within.setContentsMargins(8, 14, 8, 8)
        within.setSpacing(4)
        heading = QLabel(t("History"), frame)
        heading.setProperty("role", "heading")
        heading.setContentsMargins(8, 0, 8, 0)
        within.addWidget(heading)
        within.addWidget(self.history, 1)
        side.addWidget(frame, 1)
        row.addLayout(side, 2)
        self.history.setReadOnly(True)
        self.history.setFrameShape(QFrame.Shape.NoFrame)
        self.history.setStyleSheet("QTextEdit { border: none; }")
        self.history.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.history.setAccessibleName(t("History"))
        self.history.setTabChangesFocus(True)
        return body

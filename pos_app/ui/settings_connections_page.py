"""The page about other systems: each connection with how it stands and what waits there."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts
from pos_app.ui.connection_sheet import ConnectionSheet
from pos_app.ui.connection_task_sheets import ArrivedSheet, CompareSheet, ItemsSheet
from pos_app.ui.field_values import from_the_right, own_direction
from pos_app.ui.form_sheet import FormSheet
from pos_app.ui.page_parts import ResultLine, card, sentence
from pos_app.ui.presenters.connections import (
    ARRIVED,
    ConnectionCard,
    ConnectionsPresenter,
    ConnectionsState,
)
from pos_app.ui.presenters.sync_state import RefusalCard
from pos_app.ui.sync_cards import RefusalsCard
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.dialog import Sheet

_SIGNS = {Tone.SUCCESS: "✓ ", Tone.WARNING: "⚠ ", Tone.DANGER: "⚠ "}


class ConnectionsPage(QWidget):
    """`attach(presenter)` brings it to life, `show_state(state)` draws."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: ConnectionsPresenter | None = None
        self._question: Sheet | None = None
        self.sheet: ConnectionSheet | None = None
        self.task: FormSheet | None = None
        self.cards: dict[str, ConnectionFrame] = {}
        self.add = Button(t("New connection"), "plus", kind="primary", parent=self)
        self.result = ResultLine(self)
        intro, column = card(t("Other systems"), self)
        told = t(
            "A shop can keep the server it has: the till tells it what was sold, by one of five "
            "published interfaces. Selling never waits for it, and nothing is sent twice."
        )
        column.addWidget(sentence(told, intro))
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self.result)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(16)
        self._column.addWidget(intro)
        self._column.addStretch(1)

    def attach(self, presenter: ConnectionsPresenter) -> None:
        """Let `presenter` take the gestures from now on."""
        self._presenter = presenter
        self.add.clicked.connect(lambda _=False: self.open_sheet(""))
        self.show_state(presenter.state)

    def show_state(self, state: ConnectionsState) -> None:
        """Draw `state`."""
        self.result.tell(state.result, state.result_tone)
        keys = [one.key for one in state.cards]
        if keys != list(self.cards):
            self._renew(state.cards)
        for one in state.cards:
            self.cards[one.key].show_card(one)
        asked = next((one for one in state.cards if one.is_asking), None)
        self._ask(asked)

    def open_sheet(self, key: str) -> ConnectionSheet | None:
        """Open the sheet of a connection, or that of a new one."""
        if self._presenter is None:
            return None
        if self.sheet is not None:
            self.sheet.deleteLater()
        presenter = self._presenter
        self.sheet = ConnectionSheet(presenter.desk, presenter.draft(key), self)
        self.sheet.accepted.connect(presenter.refresh)
        self.sheet.open()
        return self.sheet

    def open_items(self, key: str) -> None:
        """Open the list of what the other side calls products."""
        if self._presenter is not None:
            self._show_task(ItemsSheet(self._presenter.desk, key, self))

    def open_compare(self, key: str) -> None:
        """Open the sheet that holds a feed against this till's sales."""
        presenter = self._presenter
        if presenter is not None:
            self._show_task(CompareSheet(presenter, key, self))

    def _settle(self, key: str, choice: str) -> None:
        """Settle what was put aside; of what arrived, ask first what it is called there."""
        presenter = self._presenter
        if presenter is None:
            return
        if choice != ARRIVED:
            presenter.settle(key, choice)
            return
        self._show_task(
            ArrivedSheet(
                t("It arrived"), lambda remote_id: presenter.settle(key, choice, remote_id), self
            )
        )

    def _show_task(self, sheet: FormSheet) -> None:
        if self.task is not None:
            self.task.deleteLater()
        self.task = sheet
        sheet.open()

    def _renew(self, cards: Sequence[ConnectionCard]) -> None:
        for old in self.cards.values():
            old.setParent(None)
            old.deleteLater()
        self.cards = {}
        presenter = self._presenter
        if presenter is None:
            return
        for one in cards:
            frame = ConnectionFrame(self)
            key = one.key
            frame.change.clicked.connect(lambda _=False, key=key: self.open_sheet(key))
            frame.hurry.clicked.connect(lambda _=False, key=key: presenter.hurry(key))
            frame.remove.clicked.connect(lambda _=False, key=key: presenter.ask_to_remove(key))
            frame.turned.connect(lambda is_on, key=key: presenter.turn(key, is_on))
            frame.items.clicked.connect(lambda _=False, key=key: self.open_items(key))
            frame.compare.clicked.connect(lambda _=False, key=key: self.open_compare(key))
            frame.held.settled.connect(self._settle)
            self._column.insertWidget(self._column.count() - 1, frame)
            self.cards[key] = frame

    def _ask(self, asked: ConnectionCard | None) -> None:
        """Show or take away the question whether to forget a connection."""
        if (asked is None) == (self._question is None):
            return
        if asked is None:
            question, self._question = self._question, None
            if question is not None:
                question.close()
                question.deleteLater()
            return
        told = t(
            "The till forgets what the other side calls its things. What was sent stays there; "
            "a new connection would not know it."
        )
        title = t("Remove {name}?").format(name=asked.title)
        self._question = Sheet(title, told, parent=self)
        self._question.set_actions(
            (
                SheetAction("stay", t("Keep it"), "check"),
                SheetAction("remove", t("Remove"), "trash-2", Tone.DANGER),
            )
        )
        self._question.acted.connect(self._answer)
        self._question.rejected.connect(self._stay)
        self._question.open()

    def _answer(self, key: str) -> None:
        if self._presenter is not None and key == "remove":
            self._presenter.remove()
        else:
            self._stay()

    def _stay(self) -> None:
        if self._presenter is not None:
            self._presenter.stay()


class ConnectionFrame(QFrame):
    """One connection; `turned(is_on)` when somebody switches it."""

    turned = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._is_on = False
        self.title, self.address = QLabel(self), QLabel(self)
        self.headline, self.about = QLabel(self), sentence("", self)
        self.change = Button(t("Edit"), "pencil", kind="card", parent=self)
        self.hurry = Button(t("Try now"), "refresh-cw", kind="card", parent=self)
        self.switch = Button(t("Switch off"), "power", kind="quiet", parent=self)
        self.remove = Button("", "trash-2", kind="quiet", parent=self)
        self.remove.setAccessibleName(t("Remove"))
        self.remove.setToolTip(t("Remove"))
        self.items = Button(t("Item ids"), "package", kind="card", parent=self)
        self.compare = Button(t("Compare"), "scale", kind="card", parent=self)
        self.held = RefusalsCard(
            self,
            t("Put aside"),
            t("Everything else goes on. These wait for somebody who looks."),
        )
        self.switch.clicked.connect(lambda _=False: self.turned.emit(not self._is_on))
        self._lay_out()

    def show_card(self, one: ConnectionCard) -> None:
        """Draw a connection."""
        fonts.ensure_for(one.title + one.headline + one.about)
        self._is_on = one.is_on
        self.title.setText(from_the_right(one.title))
        self.address.setText(own_direction(one.address))
        self.headline.setText(from_the_right(_SIGNS.get(one.tone, "") + one.headline))
        self.about.setText(from_the_right(one.about))
        self.about.setVisible(bool(one.about))
        self.switch.setText(t("Switch off") if one.is_on else t("Switch on"))
        self.hurry.setVisible(one.is_on and not one.is_feed)
        self.items.setVisible(not one.is_feed)
        self.switch.setVisible(not one.is_feed and not one.is_from_office)
        self.change.setVisible(not one.is_from_office)
        self.remove.setVisible(not one.is_from_office)
        self.compare.setVisible(one.is_feed)
        held: tuple[RefusalCard, ...] = one.held
        self.held.show_cards(held, one.more)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(8)
        self.title.setProperty("role", "heading")
        self.address.setProperty("role", "quiet")
        for label in (self.title, self.address, self.headline):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        for label in (self.address, self.headline, self.about):
            column.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.compare, self.change, self.items, self.hurry):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.held)

"""The cover over a locked till: names to touch, a PIN pad with large keys, nothing behind it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, icons, theme
from pos_app.ui.presenters.lock import LockState, PersonTile
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.touch_scroll import let_fingers_scroll

if TYPE_CHECKING:
    from pos_app.ui.presenters.lock import LockPresenter

_PAD = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"), ("erase", "0", "enter"))
_COLUMNS = 2
_DOT, _NO_DOT = "●", "○"
_DOTS_LEAST = 4


class LockCover(QWidget):
    """Covers `window` while nobody is signed in; it takes every key and touch meanwhile."""

    def __init__(self, window: QWidget, presenter: "LockPresenter") -> None:
        super().__init__(window)
        self._presenter = presenter
        self._shown = LockState()
        self.tiles: dict[str, Button] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(t("The till is locked"))
        self._make_parts()
        self._lay_out()
        self.setGeometry(window.rect())
        window.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._keep_focus)  # type: ignore[union-attr]
        self.hide()

    def show_state(self, state: LockState) -> None:
        """Draw `state`; the cover comes up when the till is locked and goes when it is not."""
        old, self._shown = self._shown, state
        if state.people != old.people:
            self._show_people(state.people)
        self._name.setText(state.name or t("Who is it?"))
        fonts.ensure_for(state.name)
        self._dots.setText(_DOT * state.dots + _NO_DOT * max(0, _DOTS_LEAST - state.dots))
        self._dots.setAccessibleName(t("{count} digits typed").format(count=state.dots))
        self._say(state)
        for key in self.pad.values():
            key.setEnabled(not state.is_checking)
        if state.alarms > old.alarms:
            QApplication.beep()
        if state.is_locked and not self.isVisible():
            self._come_up()
        elif not state.is_locked and self.isVisible():
            self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take digits and the few keys of the cover; no other key gets through to the window."""
        key, presenter = event.key(), self._presenter
        acts: dict[int, Callable[[], None]] = {
            int(Qt.Key.Key_Return): presenter.enter,
            int(Qt.Key.Key_Enter): presenter.enter,
            int(Qt.Key.Key_Backspace): presenter.erase,
            int(Qt.Key.Key_Escape): presenter.clear,
            int(Qt.Key.Key_Up): partial(presenter.choose_next, -1),
            int(Qt.Key.Key_Down): partial(presenter.choose_next, 1),
        }
        event.accept()
        if key in acts:
            acts[key]()
        elif event.text() and event.text() in "0123456789":
            presenter.key_in(event.text())

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep the focus inside: Tab goes to the next name."""
        self._presenter.choose_next(1 if forward else -1)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def _keep_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Take the keys back from whatever in the window has just asked for them."""
        if new is None or new is self or not self.isVisible():
            return
        if new.window() is self.window():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _come_up(self) -> None:
        self.raise_()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_parts(self) -> None:
        self._picture = QLabel(self)
        ink = theme.current().primary
        self._picture.setPixmap(icons.pixmap("lock", ink, 32, self.devicePixelRatioF()))
        self._title = QLabel(t("The till is locked"), self)
        self._title.setProperty("role", "title")
        self._people = QWidget(self)
        self._tiles = QGridLayout(self._people)
        self._tiles.setContentsMargins(0, 0, 0, 0)
        self._tiles.setSpacing(8)
        self._tiles.setAlignment(Qt.AlignmentFlag.AlignTop)
        for column in range(_COLUMNS):
            self._tiles.setColumnStretch(column, 1)
        self._name = QLabel(self)
        self._name.setFont(fonts.font(theme.TEXT.price, fonts.SEMIBOLD))
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._dots = QLabel(self)
        self._dots.setFont(fonts.font(theme.TEXT.figure))
        self._sentence = QLabel(self)
        self._sentence.setWordWrap(True)
        self._sentence.setMinimumHeight(64)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.pad: dict[str, Button] = {}
        for row in _PAD:
            for key in row:
                self.pad[key] = self._pad_key(key)

    def _pad_key(self, key: str) -> Button:
        words = {
            "erase": ("", "delete", t("Delete the last digit"), "plain"),
            "enter": ("", "check", t("Sign in"), "primary"),
        }
        text, icon, name, kind = words.get(key, (key, "", key, "card"))
        button = Button(
            text,
            icon,
            kind=kind,
            name=name,
            target_mm=18,
            text_px=theme.TEXT.figure,
            parent=self,
        )
        side = theme.mm(self, 18)
        button.setFixedSize(side + 24, side)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda _=False: self._padded(key))
        return button

    def _padded(self, key: str) -> None:
        if key == "enter":
            self._presenter.enter()
        elif key == "erase":
            self._presenter.erase()
        else:
            self._presenter.key_in(key)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        card = QFrame(self)
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 16, 24, 20)
        column.setSpacing(16)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._picture)
        head.addWidget(self._title, 1)
        column.addLayout(head)
        sides = QHBoxLayout()
        sides.setSpacing(32)
        area = QScrollArea(card)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._people)
        area.setMinimumWidth(2 * theme.mm(self, 42))
        let_fingers_scroll(area)
        sides.addWidget(area, 1)
        sides.addLayout(self._pad_side())
        column.addLayout(sides, 1)
        outer = QVBoxLayout(self)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)

    def _pad_side(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        for label in (self._name, self._dots):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addWidget(self._sentence)
        keys = QWidget(self)
        keys.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # a pad is never mirrored
        grid = QGridLayout(keys)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for row, names in enumerate(_PAD):
            for place, key in enumerate(names):
                grid.addWidget(self.pad[key], row, place)
        column.addWidget(keys, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return column

    def _show_people(self, people: tuple[PersonTile, ...]) -> None:
        if [one.key for one in people] != list(self.tiles):
            for tile in self.tiles.values():
                self._tiles.removeWidget(tile)
                tile.deleteLater()
            self.tiles = {}
            for place, one in enumerate(people):
                self.tiles[one.key] = self._tile(one)
                self._tiles.addWidget(self.tiles[one.key], place // _COLUMNS, place % _COLUMNS)
        for one in people:
            tile = self.tiles[one.key]
            tile.say(one.name)
            tile.setChecked(one.is_chosen)

    def _tile(self, one: PersonTile) -> Button:
        tile = Button(one.name, kind="chip", target_mm=18, parent=self._people)
        tile.setCheckable(True)
        tile.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tile.clicked.connect(lambda _=False, key=one.key: self._presenter.choose(key))
        tile.show()
        return tile

    def _say(self, state: LockState) -> None:
        text = f"⚠ {state.sentence}" if state.is_problem else state.sentence
        fonts.ensure_for(text)
        self._sentence.setText(text)
        role = "error" if state.is_problem else "quiet"
        if self._sentence.property("role") != role:
            self._sentence.setProperty("role", role)
            self._sentence.style().unpolish(self._sentence)
            self._sentence.style().polish(self._sentence)

"""The base of every sheet: a title, a body, buttons of which none answers to Enter."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from pos_app.ui import fonts, theme
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.button import Button

_KINDS = {tone: "card" if tone is Tone.PLAIN else tone.value for tone in Tone}


class Sheet(QDialog):
    """A window-modal sheet; show it with `open()`, never `exec()`.

    `acted(key)` when a button is pressed; the sheet stays until its owner closes it. Enter in a
    field goes on to the next one and from the last to the first button, which only Space or a
    touch presses. Esc rejects when `can_close`.
    """

    acted = Signal(str)

    def __init__(
        self, title: str, text: str = "", *, can_close: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        fonts.ensure_for(title + text)
        self._can_close = can_close
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(440)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        self._heading = QLabel(title, self)
        self._heading.setProperty("role", "title")
        self._heading.setWordWrap(True)
        column.addWidget(self._heading)
        self._text = QLabel(text, self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setVisible(bool(text))
        column.addWidget(self._text)
        self._body = QVBoxLayout()
        self._body.setSpacing(12)
        column.addLayout(self._body, 1)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(8)
        self._foot.addStretch(1)
        column.addLayout(self._foot)
        self._buttons: dict[str, Button] = {}

    def body(self) -> QVBoxLayout:
        """Return the layout that takes the sheet's own widgets."""
        return self._body

    def rename(self, title: str) -> None:
        """Change the title."""
        fonts.ensure_for(title)
        self.setWindowTitle(title)
        self._heading.setText(title)

    def say(self, text: str) -> None:
        """Change the sentence under the title."""
        fonts.ensure_for(text)
        self._text.setText(text)
        self._text.setVisible(bool(text))

    def set_actions(self, actions: Sequence[SheetAction]) -> None:
        """Put buttons at the foot, the main one last."""
        for old in self._buttons.values():
            old.setParent(None)
            old.deleteLater()
        self._buttons = {}
        for action in actions:
            button = Button(action.label, action.icon, kind=_KINDS[action.tone], parent=self)
            button.setEnabled(action.is_enabled)
            button.setMinimumWidth(theme.mm(self, 24))
            button.clicked.connect(lambda _=False, key=action.key: self.acted.emit(key))
            self._foot.addWidget(button)
            self._buttons[action.key] = button

    def button(self, key: str) -> Button:
        """Return the button of the action `key`."""
        return self._buttons[key]

    def event(self, event: QEvent) -> bool:
        """Grow when a longer sentence needs room, so that nothing is cut off."""
        is_request = event.type() == QEvent.Type.LayoutRequest
        is_known = super().event(event)
        if is_request:  # after any other event the sheet may be gone
            self._grow()
        return is_known

    def _grow(self) -> None:
        layout = self.layout()
        needed = layout.totalHeightForWidth(self.width()) if layout is not None else 0
        if needed > self.height():
            self.resize(self.width(), needed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter walk through the fields instead of pressing anything."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(self.focusWidget(), QLineEdit):
                self.focusNextChild()
            event.accept()
            return
        if event.key() == Qt.Key.Key_Escape and not self._can_close:
            event.accept()
            return
        super().keyPressEvent(event)

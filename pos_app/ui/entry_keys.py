"""The keys of the till on the entry line: register keys, function keys, arrows."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

if TYPE_CHECKING:
    from pos_app.ui.presenters.checkout import CheckoutPresenter

Gesture = Callable[["CheckoutPresenter"], None]

_ALWAYS: dict[int, Gesture] = {
    int(Qt.Key.Key_Return): lambda p: p.entry.enter(),
    int(Qt.Key.Key_Enter): lambda p: p.entry.enter(),
    int(Qt.Key.Key_Escape): lambda p: p.entry.escape(),
    int(Qt.Key.Key_Up): lambda p: p.lines.select_next(-1),
    int(Qt.Key.Key_Down): lambda p: p.lines.select_next(1),
}
_ON_EMPTY: dict[int, Gesture] = {
    int(Qt.Key.Key_Delete): lambda p: p.lines.remove(),
}
_AFTER_FIGURES: dict[str, Gesture] = {
    "*": lambda p: p.entry.times(),
    "×": lambda p: p.entry.times(),
    "%": lambda p: p.lines.percent(),
    "-": lambda p: p.lines.amount_off(),
}
_A, _Z = int(Qt.Key.Key_A), int(Qt.Key.Key_Z)
_LINE_EDIT = frozenset({Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X})
_FIRST, _LAST = int(Qt.Key.Key_F1), int(Qt.Key.Key_F12)
_NO_WORDS = set("0123456789.,٫")


class EntryKeys(QObject):
    """Takes the till's keys out of the entry line's hands; everything else is typed as usual."""

    def __init__(self, entry: QLineEdit, do: Callable[[Gesture], None]) -> None:
        super().__init__(entry)
        self._entry = entry
        self._do = do
        entry.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Act on the till's keys before the line sees them."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self.pressed(event)
        return False

    def pressed(self, event: QKeyEvent) -> bool:
        """Act on `event` if it is a key of the till, and tell whether it was."""
        gesture = self._gesture(event)
        if gesture is None:
            return False
        event.accept()
        self._do(gesture)
        return True

    def _gesture(self, event: QKeyEvent) -> Gesture | None:
        key = event.key()
        if _FIRST <= key <= _LAST:
            name = f"F{key - _FIRST + 1}"
            return lambda p: p.press(name)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return _with_control(key)
        if key in _ALWAYS:
            return _ALWAYS[key]
        text = self._entry.text()
        if key in _ON_EMPTY and not text:
            return _ON_EMPTY[key]
        # In a word or a note these signs are themselves: "2 * 50 % off". A lone minus is too.
        is_free = _NO_WORDS.issuperset(text) and (text or event.text() != "-")
        return _AFTER_FIGURES.get(event.text()) if is_free else None


def _with_control(key: int) -> Gesture | None:
    """Ctrl+Delete gives the sale up; letters are further actions, but copying is left alone."""
    if key == int(Qt.Key.Key_Delete):
        return lambda p: p.cancel()
    if not _A <= key <= _Z or key in _LINE_EDIT:
        return None
    name = f"Ctrl+{chr(key)}"
    return lambda p: p.press(name)

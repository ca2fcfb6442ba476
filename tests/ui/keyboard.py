"""A keyboard that types at set times, as a person or as a scanner."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow

_NO = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class Keyboard:
    """Sends presses and releases to whatever window is active, at times that the test sets."""

    def __init__(self, window: QWindow) -> None:
        self.window = window
        self.now_ms = 100_000
        self.send: Callable[[QWindow, QKeyEvent], object] = QCoreApplication.sendEvent

    def key(
        self,
        key: int,
        text: str,
        gap_ms: int,
        modifiers: Qt.KeyboardModifier = _NO,
        repeated: bool = False,
    ) -> None:
        self.now_ms += gap_ms
        for kind, late in ((QEvent.Type.KeyPress, 0), (QEvent.Type.KeyRelease, 2)):
            event = QKeyEvent(kind, key, modifiers, text, repeated)
            event.setTimestamp(self.now_ms + late)
            self.send(self.window, event)

    def type(self, text: str, gap_ms: int) -> None:
        for char in text:
            shifted = char.isupper()
            code = Qt.Key.Key_Return if char == "\r" else ord(char.upper())
            if char == "\t":
                code = Qt.Key.Key_Tab
            self.key(int(code), char, gap_ms, _SHIFT if shifted else _NO)

    def scan(self, code: str, end: str = "\r", gap_ms: int = 8) -> None:
        self.now_ms += 400
        self.type(code + end, gap_ms)

"""Reading anew only what somebody looks at: a hidden screen waits until it is shown again."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget


class Freshness:
    """Calls `read()` at once while `screen` is in sight, otherwise once when it is shown."""

    def __init__(self, screen: QWidget, read: Callable[[], None]) -> None:
        self._screen = screen
        self._read = read
        self._is_stale = False

    def touched(self) -> None:
        """Something that the screen shows has changed."""
        self._is_stale = True
        if self._screen.isVisible():
            self.shown()

    def shown(self) -> None:
        """The screen has come into sight."""
        if self._is_stale:
            self._is_stale = False
            self._read()

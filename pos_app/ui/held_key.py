"""A key held back while the till finds out whether a scanner or a person pressed it."""

import time
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QKeyEvent, QWindow
from shiboken6 import isValid


@dataclass(frozen=True, slots=True)
class HeldKey:
    """One key of a run; one with `was_held` False went through to its field at once."""

    char: str
    at_ms: int
    is_shifted: bool
    event: QKeyEvent
    window: QWindow
    was_held: bool


def moment_ms(event: QKeyEvent) -> int:
    """Return the event's own time in milliseconds, or now for one that carries none."""
    return event.timestamp() or time.monotonic_ns() // 1_000_000


def copy_of(event: QKeyEvent) -> QKeyEvent:
    """Return a press that outlives `event`."""
    return QKeyEvent(
        QEvent.Type.KeyPress,
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
    )


def send_again(key: HeldKey) -> None:
    """Send press and release on to the window that they were meant for, if it still lives."""
    event = key.event
    if isValid(key.window):
        QCoreApplication.sendEvent(key.window, event)
    if isValid(key.window):
        release = QKeyEvent(QEvent.Type.KeyRelease, event.key(), event.modifiers(), event.text())
        QCoreApplication.sendEvent(key.window, release)

"""The real till in a window that nobody sees, and hands that press its keys.

Events go to the window as the platform sends them, so the scanner filter, the focus and the
shortcuts all have their say. What is timed ends when the paint that shows it is over.
"""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pos_app.app.interpreter import import_without_reading

import_without_reading()  # as the program's start does, before it loads the till

from pos_app.app.till import Till  # noqa: E402
from pos_app.ui.garbage import GarbageCollector  # noqa: E402

WINDOW = (1920, 1080)
WAIT_S = 60
SCAN_GAP_MS, PERSON_GAP_MS = 4, 250
KEYS = {"\r": Qt.Key.Key_Return, "\b": Qt.Key.Key_Backspace, "\x1b": Qt.Key.Key_Escape}


class PaintWatch(QObject):
    """Remembers that one of the watched widgets was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.was_painted = False

    def watch(self, widget: QWidget) -> None:
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.was_painted = True
        return False


class Counter:
    """A till on the shop at `path`, ready to sell."""

    def __init__(self, path: Path) -> None:
        self.till = Till(path, lambda _path, _job: None)
        self._keeper = GarbageCollector(self.till.app)  # as `Till.run` does
        self.till.show(WINDOW)
        self.window = self.till.window
        self._moment_ms = 1_000
        wait_for(lambda: self.till.presenter is not None or self.till.failure is not None)
        assert self.till.failure is None, self.till.failure
        settle()
        self.window.activateWindow()
        self.presenter = self.till.presenter
        assert self.presenter is not None
        self.cart = self.window.checkout.cart
        settle()

    def press(self, text: str, gap_ms: int) -> None:
        """Press keys with so much time between them, by the events' own clock."""
        for char in text:
            self._moment_ms += gap_ms
            code = char.upper()
            key = KEYS.get(char) or Qt.Key(ord(code))
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, char)
                event.setTimestamp(self._moment_ms)
                QCoreApplication.sendEvent(self.window.windowHandle(), event)

    def begin_scan(self, code: str) -> None:
        """Press a scanner's keys up to the Enter that ends the code."""
        self._moment_ms += 1_000
        self.press(code, SCAN_GAP_MS)

    def end_scan(self) -> None:
        """Press the Enter that makes the keys a scan."""
        self.press("\r", SCAN_GAP_MS)

    def scan(self, code: str) -> None:
        self.begin_scan(code)
        self.end_scan()

    def close(self) -> None:
        self._keeper.deleteLater()
        self.window.close()
        settle()


def settle() -> None:
    """Let everything be done and painted that waits."""
    for _ in range(6):
        QCoreApplication.processEvents()
        time.sleep(0.001)
    QCoreApplication.processEvents()


def painted(watch: PaintWatch) -> None:
    """Go on until a watched widget was painted; the window's whole painting is over then."""
    until = time.monotonic() + WAIT_S
    while not watch.was_painted:
        QCoreApplication.processEvents()
        if time.monotonic() > until:
            raise TimeoutError("nothing was painted")


def wait_for(is_true: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT_S
    while not is_true():
        QCoreApplication.processEvents()
        if time.monotonic() > until:
            raise TimeoutError("the till did not open")


def use_offscreen(folder: Path) -> None:
    """Choose a screen of 1920 by 1080 that nobody sees; before the application is made."""
    screen = {"name": "till", "x": 0, "y": 0, "width": WINDOW[0], "height": WINDOW[1],
              "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}  # fmt: skip
    file = folder / "screen.json"
    file.write_text(json.dumps({"screens": [screen]}))
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file}"

"""Python's cyclic garbage is collected on the GUI thread only.

The collector runs in whatever thread allocates. In a background thread it may destroy a closed
sheet that is part of a cycle, and Qt then touches timers of another thread and crashes.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_SOON_MS = 2_000
_SELDOM_MS = 300_000


class GarbageCollector(QObject):
    """Takes over from the automatic collector while it lives; make one per application."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()
        self._timers = [self._every(_SOON_MS, 1), self._every(_SELDOM_MS, 2)]
        self.destroyed.connect(gc.enable)

    def _every(self, pause_ms: int, generation: int) -> QTimer:
        timer = QTimer(self)
        timer.timeout.connect(lambda: gc.collect(generation))
        timer.start(pause_ms)
        return timer

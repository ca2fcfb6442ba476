"""Python's cyclic garbage is collected on the GUI thread only.

The collector runs in whatever thread allocates. In a background thread it may destroy a closed
sheet that is part of a cycle, and Qt then touches timers of another thread and crashes.

A pass over everything takes longer the more there is, up to several screens' painting. Therefore
what has lived for some minutes is taken to stay, as windows and modules do, and never looked at
again: at the worst a sheet that is open just then is kept until the till is closed.
"""

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

_SOON_MS = 2_000
_STARTED_MS = 10_000
_SELDOM_MS = 300_000


class GarbageCollector(QObject):
    """Takes over from the automatic collector while it lives; make one per application."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()
        self._timers = [
            self._every(_SOON_MS, lambda: gc.collect(1)),
            self._every(_SELDOM_MS, _collect_and_keep),
        ]
        QTimer.singleShot(_STARTED_MS, self, gc.freeze)
        self.destroyed.connect(_give_back)

    def _every(self, pause_ms: int, do: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.timeout.connect(do)
        timer.start(pause_ms)
        return timer


def _collect_and_keep() -> None:
    gc.collect()
    gc.freeze()


def _give_back() -> None:
    """Leave the collector as it was found, with everything to look at."""
    gc.unfreeze()
    gc.enable()

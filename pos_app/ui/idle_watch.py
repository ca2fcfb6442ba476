"""Notices that nobody touches the till any more."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

# As plain integers, because every event of the application comes by.
_ACTIVE = frozenset(
    kind.value
    for kind in (
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.TouchBegin,
        QEvent.Type.Wheel,
    )
)
_LOOK_AGAIN_MS = 5_000


class IdleWatch(QObject):
    """Calls `on_idle()` when nothing was touched for as long as `use` says, but not while busy."""

    def __init__(self, on_idle: Callable[[], None], is_busy: Callable[[], bool]) -> None:
        super().__init__()
        self._on_idle = on_idle
        self._is_busy = is_busy
        self._limit_ms = 0
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)

    def use(self, seconds: int) -> None:
        """Wait this long from now on; 0 waits for ever."""
        if seconds * 1000 == self._limit_ms:
            return
        self._limit_ms = seconds * 1000
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
            if seconds:
                app.installEventFilter(self)
        self.touch()
        if seconds:
            self._timer.start(self._limit_ms)
        else:
            self._timer.stop()

    def touch(self) -> None:
        """Somebody is there."""
        self._since.start()

    def stop(self) -> None:
        """Watch no longer."""
        self.use(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there; every event goes on its way."""
        if event.type().value in _ACTIVE:
            self._since.start()
        return False

    def _look(self) -> None:
        left_ms = self._limit_ms - self._since.elapsed()
        if left_ms > 0:
            self._timer.start(int(left_ms))
            return
        if not self._is_busy():
            self._on_idle()
        self._timer.start(min(_LOOK_AGAIN_MS, self._limit_ms))

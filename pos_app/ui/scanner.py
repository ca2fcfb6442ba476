"""Tells a scanner's keys from a person's and hands over whole codes, whatever has the focus.

How it decides. A person's key must appear at once, so the first character always goes through to
a text field (whose state is remembered); one that follows within 50 ms is held back together with
all that come after it. If the run turns out to be a scan, the field is put back as it was and only
the code is handed on, the Enter or Tab at its end included. If not, the held keys are replayed in
order. A widget that takes no text does not get even the first character until 50 ms have passed.
Time is the event's own, so a blocked event loop does not blur it.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow

from pos_app.ui.held_key import HeldKey, copy_of, moment_ms, send_again
from pos_app.ui.scan_timing import ScannerSettings, goes_on, pause_ms, read_code, undo_caps

if TYPE_CHECKING:
    from pos_app.ui.typed_text import Restore

__all__ = ["ScannerFilter", "ScannerSettings"]

_KEY_KINDS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride)
_ENDS = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Enter: "\r", Qt.Key.Key_Tab: "\t"}
_MODIFIERS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
)
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_GROUP_SEPARATOR = "\x1d"
_GRACE_MS = 15


class ScannerFilter(QObject):
    """Watches every key of the application; install with `app.installEventFilter(filter)`.

    `on_scan(code)` is called once per code, in order, without its prefix and suffix; a code that
    arrives while `on_scan` still runs waits its turn. `on_scan` must not open a nested event loop.
    """

    def __init__(
        self,
        on_scan: Callable[[str], None],
        settings: ScannerSettings | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_scan = on_scan
        self._settings = settings or ScannerSettings()
        self._keys: list[HeldKey] = []
        self._restore: Restore | None = None
        self._swallowed: set[int] = set()
        self._alt_digits = ""
        self._ended_at_ms = -1_000_000
        self._is_replaying = False
        self._waiting: deque[str] = deque()
        self._is_handing_over = False
        self._in_grace = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._paused)

    def use(self, settings: ScannerSettings) -> None:
        """Follow other settings from the next key on."""
        self._settings = settings

    def feed(self, text: str) -> None:
        """Take a code from a serial or network scanner, past the keyboard."""
        code = text.strip("\r\n\t")
        if code:
            self._hand_over(code)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Swallow what belongs to a scan; everything else passes."""
        kind = event.type()
        if kind not in _KEY_KINDS or self._is_replaying or not isinstance(event, QKeyEvent):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            return self._claim(event)
        if not isinstance(watched, QWindow):
            return False
        if kind == QEvent.Type.KeyRelease:
            return self._released(event)
        return self._pressed(watched, event)

    def _claim(self, event: QKeyEvent) -> bool:
        """Keep a shortcut from eating a key in the middle of a scan."""
        if not self._keys:
            return False
        key = event.key()
        at_ms = moment_ms(event)
        may_belong = key in _ENDS or bool(self._char_of(event))
        if may_belong and self._fits(at_ms) and (self._is_holding() or key not in _ENDS):
            event.accept()
            return True
        if key not in _MODIFIERS:
            self._give_back()
        return False

    def _pressed(self, window: QWindow, event: QKeyEvent) -> bool:
        key, at_ms = event.key(), moment_ms(event)
        if key in _MODIFIERS:
            return False
        if self._keys and not self._fits(at_ms):
            self._give_back()
        if self._alt_digit(event):
            return self._swallow(event)
        if key in _ENDS and not event.modifiers() & (_CTRL | _ALT):
            return self._ended(event, _ENDS[Qt.Key(key)], at_ms)
        char = self._char_of(event)
        if not char or (event.isAutoRepeat() and not self._keys):
            self._give_back()
            return False
        return self._collect(window, event, char, at_ms)

    def _collect(self, window: QWindow, event: QKeyEvent, char: str, at_ms: int) -> bool:
        if not self._keys:
            self._restore = None if self._starts_prefix(char) else _remember_focused_text()
        hold = bool(self._keys) or self._restore is None
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._keys.append(HeldKey(char, at_ms, shifted, copy_of(event), window, hold))
        self._in_grace = False
        self._timer.start(self._patience_ms())
        return self._swallow(event) if hold else False

    def _ended(self, event: QKeyEvent, end: str, at_ms: int) -> bool:
        code = self._code(end, at_ms)
        if code is not None:
            self._accept(code, at_ms)
            return self._swallow(event)
        if not self._keys and 0 <= at_ms - self._ended_at_ms <= self._settings.first_gap_ms:
            return self._swallow(event)
        self._give_back()
        return False

    def _code(self, end: str, at_ms: int) -> str | None:
        """Return the code the collected keys make if `end` closes a scan, else None."""
        if not self._keys:
            return None
        text = undo_caps([(key.char, key.is_shifted) for key in self._keys])
        return read_code(text, end, [*(key.at_ms for key in self._keys), at_ms], self._settings)

    def _accept(self, code: str, at_ms: int) -> None:
        restore, self._restore = self._restore, None
        self._forget()
        self._ended_at_ms = at_ms
        if restore is not None:
            restore()
        self._hand_over(code)

    def _hand_over(self, code: str) -> None:
        self._waiting.append(code)
        if self._is_handing_over:
            return
        self._is_handing_over = True
        while self._waiting:
            try:
                self._on_scan(self._waiting.popleft())
            except Exception as error:  # noqa: BLE001 - raised later: Enter must not get through
                QTimer.singleShot(0, self, partial(_raise, error))
        self._is_handing_over = False

    def _released(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Alt and self._alt_digits and self._keys:
            self._take_alt_code(moment_ms(event))
        if event.key() in self._swallowed:
            if not event.isAutoRepeat():
                self._swallowed.discard(event.key())
            return True
        return False

    def _alt_digit(self, event: QKeyEvent) -> bool:
        """Gather `Alt+0 2 9`, the way some scanners type a group separator on Windows."""
        is_digit = Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9
        if not (self._keys and is_digit and event.modifiers() & _ALT):
            return False
        self._alt_digits += chr(event.key())
        self._timer.start(self._patience_ms())
        return True

    def _take_alt_code(self, at_ms: int) -> None:
        number, self._alt_digits = int(self._alt_digits[:4]), ""
        char = chr(number) if number in (29, *range(32, 127)) else ""
        last = self._keys[-1]
        if char:
            self._keys.append(HeldKey(char, at_ms, False, copy_of(last.event), last.window, True))

    def _paused(self) -> None:
        """No further key came; give queued events one more turn of the loop before deciding."""
        if not self._in_grace:
            self._in_grace = True
            self._timer.start(_GRACE_MS)
            return
        code = self._code("", self._keys[-1].at_ms) if self._keys else None
        if code is None:
            self._give_back()
        else:
            self._accept(code, self._keys[-1].at_ms)

    def _give_back(self) -> None:
        """It was a person: send the held keys on to where they belonged."""
        keys, self._restore = self._keys, None
        self._forget()
        self._is_replaying = True
        try:
            for key in keys:
                if key.was_held:
                    send_again(key)
        finally:
            self._is_replaying = False

    def _forget(self) -> None:
        self._keys = []
        self._alt_digits = ""
        self._in_grace = False
        self._timer.stop()

    def _swallow(self, event: QKeyEvent) -> bool:
        self._swallowed.add(event.key())
        event.accept()
        return True

    def _char_of(self, event: QKeyEvent) -> str:
        text = event.text()
        ctrl_bracket = event.key() == Qt.Key.Key_BracketRight and event.modifiers() & _CTRL
        if self._keys and (text == _GROUP_SEPARATOR or ctrl_bracket):
            return _GROUP_SEPARATOR
        if len(text) != 1:
            return ""
        return text if text.isprintable() or self._belongs_to_prefix(text) else ""

    def _belongs_to_prefix(self, char: str) -> bool:
        return bool(self._settings.prefix) and char in self._settings.prefix

    def _starts_prefix(self, char: str) -> bool:
        return bool(self._settings.prefix) and self._settings.prefix[0] == char

    def _has_prefix(self) -> bool:
        prefix = self._settings.prefix
        text = "".join(key.char for key in self._keys[: len(prefix)])
        return bool(prefix) and (text.startswith(prefix) or prefix.startswith(text))

    def _fits(self, at_ms: int) -> bool:
        gap_ms = at_ms - self._keys[-1].at_ms
        if self._has_prefix():
            return gap_ms <= self._settings.prefix_gap_ms
        return goes_on(len(self._keys), gap_ms, self._settings)

    def _patience_ms(self) -> int:
        if self._has_prefix():
            return self._settings.prefix_gap_ms
        return pause_ms(len(self._keys), self._settings)

    def _is_holding(self) -> bool:
        return bool(self._keys) and self._keys[-1].was_held


def _remember_focused_text() -> "Restore | None":
    # The classes of all text fields: not before somebody types.
    from pos_app.ui.typed_text import remember_focused_text  # noqa: PLC0415

    return remember_focused_text()


def _raise(error: Exception) -> None:
    raise error

"""The customer display on a pole, written by a thread of its own: the till never waits for it.

Only the latest glass counts; what came and went while the display was slow is left out. A display
that is gone is tried again every few seconds, and told once when it goes and once when it is back.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Protocol

from pos_app.domain.device_settings import DeviceSettings
from pos_app.domain.errors import PosError
from pos_app.printing.pole_display import CLEAR, PoleLine, begin, check_code_page, glass
from pos_app.services.serial_devices import TARGET_SHOWN, parse_device

log = logging.getLogger(__name__)
Glass = tuple[PoleLine, PoleLine]
RETRY_S = 3.0
_WRITE_S = 2.0  # forty characters take 0.2 s at 2400 bits a second


class PoleDisplayGone(PosError):
    """Nobody takes what is written to the display."""

    sentence = (
        "The customer display at {target} does not answer. Check its cable and power; "
        "you can go on selling."
    )


class PoleWire(Protocol):
    """A line on which a display only listens; both methods may raise OSError."""

    def write(self, data: bytes) -> None:
        """Send all of `data`."""

    def close(self) -> None:
        """Let go of the line."""


OpenPole = Callable[[DeviceSettings], PoleWire]


def _nothing(*_args: object) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class PoleListeners:
    """Who hears that the display went away and came back; called from the display's thread."""

    on_gone: Callable[[PosError], None] = _nothing
    on_back: Callable[[], None] = _nothing


class PoleDisplay:
    """One display; `show` returns at once, `stop` darkens it and lets go of the port."""

    def __init__(
        self,
        devices: DeviceSettings,
        listeners: PoleListeners | None = None,
        *,
        open_wire: OpenPole | None = None,
        retry_s: float = RETRY_S,
    ) -> None:
        self._devices = devices
        self._listeners = listeners or PoleListeners()
        self._open = open_wire or open_pole
        self._retry_s = retry_s
        self._lock, self._wake = Lock(), Event()
        self._wanted: Glass | None = None
        self._is_ending = False
        self._is_gone = False
        self._wire: PoleWire | None = None
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin to write in a thread of its own, for the first time or after `stop`."""
        self._is_ending = self._is_gone = False
        if self._wanted is not None:
            self._wake.set()
        self._thread = Thread(target=self._run, name="pole display", daemon=True)
        self._thread.start()

    def show(self, upper: PoleLine, lower: PoleLine) -> None:
        """Let the glass show these two lines as soon as it can."""
        with self._lock:
            self._wanted = (upper, lower)
        self._wake.set()

    def stop(self, timeout_s: float = 2) -> None:
        """Darken the display and let go of its port."""
        self._is_ending = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout_s)
            self._thread = None

    def _run(self) -> None:
        shown: Glass | None = None
        while True:
            self._wake.wait(self._retry_s if self._is_gone else None)
            self._wake.clear()
            if self._is_ending:
                break
            with self._lock:
                wanted = self._wanted
            if wanted is not None and (self._is_gone or wanted != shown):
                shown = wanted if self._written(wanted) else None
        self._end()

    def _written(self, wanted: Glass) -> bool:
        page = self._devices.pole_code_page
        try:
            if self._wire is None:
                self._wire = self._open(self._devices)
                self._wire.write(begin(page))
            self._wire.write(glass(*wanted, page))
        except (OSError, PosError) as failure:
            self._lose(failure)
            return False
        if self._is_gone:
            self._is_gone = False
            log.info("the pole display is back")
            self._listeners.on_back()
        return True

    def _lose(self, failure: Exception) -> None:
        self._let_go()
        if self._is_gone:
            return
        self._is_gone = True
        log.warning("the pole display is gone: %s", failure)
        self._listeners.on_gone(failure if isinstance(failure, PosError) else _gone(self._devices))

    def _end(self) -> None:
        if self._wire is not None:
            try:
                self._wire.write(CLEAR)
            except OSError:
                log.info("the pole display was gone at the end")
        self._let_go()

    def _let_go(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None


def check_pole(devices: DeviceSettings) -> None:
    """Check the display; raises BadDeviceTarget, BadDeviceFrame or NoSuchPoleCodePage."""
    if devices.pole_target:
        parse_device(devices.pole_target)
    check_code_page(devices.pole_code_page)


def try_pole(
    devices: DeviceSettings, upper: str, lower: str, open_wire: OpenPole | None = None
) -> None:
    """Write two lines now and leave them there; raises PoleDisplayGone or a setting's refusal."""
    check_pole(devices)
    page = devices.pole_code_page
    try:
        wire = (open_wire or open_pole)(devices)
        try:
            wire.write(begin(page) + glass(PoleLine(upper), PoleLine(lower), page))
        finally:
            wire.close()
    except OSError as failure:
        raise _gone(devices) from failure


def open_pole(devices: DeviceSettings) -> PoleWire:
    """Open the display's serial port; raises OSError, BadDeviceTarget or BadDeviceFrame."""
    from pos_app.printing.serial_port import open_line  # noqa: PLC0415 - few shops have one
    from pos_app.printing.targets import SerialTarget  # noqa: PLC0415 - as above

    device = parse_device(devices.pole_target)
    return open_line(SerialTarget(device.port, device.speed), _WRITE_S, device.frame)


def _gone(devices: DeviceSettings) -> PoleDisplayGone:
    return PoleDisplayGone(target=devices.pole_target[:TARGET_SHOWN])

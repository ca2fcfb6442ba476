"""Asking the scale on the counter for a weight at rest; it takes a moment, so never in a window.

An empty scale and goods that still move are waited for; a scale that is not there is told at once.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from pos_app.domain.device_settings import DeviceSettings, ScaleProtocol
from pos_app.domain.product import Unit
from pos_app.services.scales import cas, dialog_06, toledo_8217
from pos_app.services.scales.errors import ScaleEmpty, ScaleError, ScaleGone
from pos_app.services.scales.weight import Weight, in_unit
from pos_app.services.scales.wire import Overheard, Wire
from pos_app.services.serial_devices import TARGET_SHOWN, parse_device

Ask = Callable[[Wire, int, float], Weight]
_PROTOCOLS: dict[ScaleProtocol, tuple[Ask, str]] = {
    ScaleProtocol.TOLEDO_8217: (toledo_8217.ask, toledo_8217.USUAL_FRAME),
    ScaleProtocol.DIALOG_06: (dialog_06.ask, dialog_06.USUAL_FRAME),
    ScaleProtocol.CAS: (cas.ask, cas.USUAL_FRAME),
}
_TRIES = 2  # a line may be disturbed once


class Waiting(Protocol):
    """Whoever waits for the weight: may give up, and hears why it takes longer."""

    def stop_if_cancelled(self) -> None:
        """Leave by an exception if nobody waits any more."""

    def report(self, done: int, total: int) -> None:
        """Hear that the scale has no weight yet."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an answer, a scale at rest, and the pause between two questions may take."""

    answer_s: float = 0.8
    rest_s: float = 8.0
    pause_s: float = 0.15


@dataclass(frozen=True, slots=True)
class ScaleTrial:
    """What came of asking a scale while it is set up; `heard` are the last bytes it sent."""

    weight: Weight | None
    refusal: ScaleError | None
    heard: bytes = b""


class NobodyWaits:
    """Waits to the end and tells nobody."""

    def stop_if_cancelled(self) -> None:
        """Go on."""

    def report(self, done: int, total: int) -> None:
        """Tell nobody."""


OpenWire = Callable[[DeviceSettings], Wire]


def weigh(
    devices: DeviceSettings,
    unit: Unit,
    price_minor: int = 0,
    *,
    waiting: Waiting | None = None,
    patience: Patience | None = None,
    open_wire: OpenWire | None = None,
) -> Decimal:
    """Return the weight at rest in `unit`, a unit of mass; raises a ScaleError.

    `price_minor` is the price of one unit, for scales that show the amount to the customer.
    """
    wire = _opened(devices, open_wire)
    try:
        found = _at_rest(devices, wire, price_minor, waiting or NobodyWaits(), patience)
    finally:
        wire.close()
    quantity = in_unit(found, unit)
    if not quantity:
        raise ScaleEmpty()
    return quantity


def try_scale(
    devices: DeviceSettings,
    *,
    waiting: Waiting | None = None,
    patience: Patience | None = None,
    open_wire: OpenWire | None = None,
) -> ScaleTrial:
    """Ask the scale as it is being set up, and tell what was heard as well."""
    try:
        wire = Overheard(_opened(devices, open_wire))
    except ScaleError as refusal:
        return ScaleTrial(None, refusal)
    try:
        found = _at_rest(devices, wire, 0, waiting or NobodyWaits(), patience)
    except ScaleError as refusal:
        return ScaleTrial(None, refusal, wire.heard)
    finally:
        wire.close()
    return ScaleTrial(found, None, wire.heard)


def open_scale(devices: DeviceSettings) -> Wire:
    """Open the scale's serial port; raises OSError, BadDeviceTarget or BadDeviceFrame."""
    from pos_app.printing.serial_port import open_line  # noqa: PLC0415 - few shops have a scale
    from pos_app.printing.targets import SerialTarget  # noqa: PLC0415 - as above

    _, usual_frame = _PROTOCOLS[devices.scale_protocol]
    device = parse_device(devices.scale_target, usual_frame)
    return open_line(SerialTarget(device.port, device.speed), 1.0, device.frame)


def _opened(devices: DeviceSettings, open_wire: OpenWire | None) -> Wire:
    try:
        return (open_wire or open_scale)(devices)
    except OSError as failure:
        raise _gone(devices) from failure


def _at_rest(
    devices: DeviceSettings,
    wire: Wire,
    price_minor: int,
    waiting: Waiting,
    patience: Patience | None,
) -> Weight:
    """Ask until the weight is at rest, patience is over, or waiting cannot help."""
    ask, _ = _PROTOCOLS[devices.scale_protocol]
    allowed = patience or Patience()
    until, faults = time.monotonic() + allowed.rest_s, 0
    while True:
        waiting.stop_if_cancelled()
        try:
            return ask(wire, price_minor, allowed.answer_s)
        except OSError as broken:
            raise _gone(devices) from broken
        except ScaleError as refusal:
            faults = 0 if refusal.passes else faults + 1
            if faults >= _TRIES or time.monotonic() >= until:
                raise
        waiting.report(0, 0)
        time.sleep(allowed.pause_s)


def _gone(devices: DeviceSettings) -> ScaleGone:
    return ScaleGone(target=devices.scale_target[:TARGET_SHOWN])

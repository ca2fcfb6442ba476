"""Where a display or a scale is: a serial port, its speed, and how its bytes are framed."""

from dataclasses import dataclass

from pos_app.domain.errors import PosError
from pos_app.domain.shop import PrinterKind

TARGET_SHOWN = 60


class BadDeviceTarget(PosError):
    """A device's target is not a serial port with a speed."""

    sentence = "{target!r} is not a serial port with its speed, such as /dev/ttyUSB0,9600."


class BadDeviceFrame(PosError):
    """The third part of a device's target is no frame."""

    sentence = "{frame!r} is not a way to send bytes. Write 8N1, 7E1 or 7O1, or leave it out."


@dataclass(frozen=True, slots=True)
class SerialDevice:
    """A device on a serial port; `frame` is data bits, parity and stop bits, such as 7E1."""

    port: str
    speed: int
    frame: str = "8N1"


def parse_device(target: str, usual_frame: str = "8N1") -> SerialDevice:
    """Read `port,speed` or `port,speed,frame`; raises BadDeviceTarget or BadDeviceFrame."""
    from pos_app.printing.errors import BadPrinterTarget  # noqa: PLC0415 - few shops need it
    from pos_app.printing.serial_port import FRAMES  # noqa: PLC0415 - as above
    from pos_app.printing.targets import SerialTarget, parse_target  # noqa: PLC0415 - as above

    port, _, rest = target.strip().partition(",")
    speed, _, frame = rest.partition(",")
    try:
        found = parse_target(PrinterKind.SERIAL, f"{port},{speed}")
    except BadPrinterTarget:
        found = None
    if not isinstance(found, SerialTarget):
        raise BadDeviceTarget(target=target[:TARGET_SHOWN])
    frame = frame.strip().upper() or usual_frame
    if frame not in FRAMES:
        raise BadDeviceFrame(frame=frame[:TARGET_SHOWN])
    return SerialDevice(found.port, found.speed, frame)

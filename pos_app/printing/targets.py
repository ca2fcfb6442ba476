"""Where a printer is: its name and address, read once at the door and trusted afterwards."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing.errors import BadPrinterName, BadPrinterTarget
from pos_app.printing.printable import printable
from pos_app.printing.printer_profile import paper_of
from pos_app.texts import Later, later

RAW_PORT = 9100  # "AppSocket", which every network receipt printer listens on.
_NAME_LIMIT = 60
_TARGET_LIMIT = 250
_SPEEDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_HOST = re.compile(r"(?!-)[A-Za-z0-9._-]{1,253}", re.ASCII)
_ADDRESS_6 = re.compile(r"\[([0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9._-]{1,32})?)\](?::(\d{1,5}))?")
_ADDRESS = re.compile(r"([^:\[\]]+)(?::(\d{1,5}))?")
_USB = re.compile(r"(?:0x)?([0-9A-Fa-f]{1,4}):(?:0x)?([0-9A-Fa-f]{1,4})(?::([\w.-]{1,60}))?")
_PORT_NAME = re.compile(r"(?!-|.*//)[A-Za-z0-9/\\._:-]{1,120}", re.ASCII)


@dataclass(frozen=True, slots=True)
class NetworkTarget:
    """A printer on the network."""

    host: str
    port: int = RAW_PORT


@dataclass(frozen=True, slots=True)
class UsbTarget:
    """A printer on USB: vendor and product number, and a serial number where there are two."""

    vendor: int
    product: int
    serial: str = ""


@dataclass(frozen=True, slots=True)
class SerialTarget:
    """A printer on a serial port, at `speed` bits a second."""

    port: str
    speed: int = 9600


@dataclass(frozen=True, slots=True)
class FileTarget:
    """A device file such as /dev/usb/lp0, or a file that collects jobs."""

    path: Path

    @property
    def is_device(self) -> bool:
        """Whether the path is where the system keeps devices, so that it is never created.

        Linux keeps files in memory under /dev/shm: those are no devices.
        """
        path = PurePosixPath(self.path.as_posix())
        return path.is_relative_to("/dev") and not path.is_relative_to("/dev/shm")  # noqa: S108


@dataclass(frozen=True, slots=True)
class QueueTarget:
    """A printer that the system knows by name (CUPS, Windows)."""

    queue: str


@dataclass(frozen=True, slots=True)
class PreviewTarget:
    """No printer: the receipt is shown on the screen."""


Target = NetworkTarget | UsbTarget | SerialTarget | FileTarget | QueueTarget | PreviewTarget


def parse_target(kind: PrinterKind, target: str, name: str = "") -> Target:
    """Read a printer's address as its kind writes it; raises BadPrinterTarget with the form."""
    text = target.strip()
    if len(text) > _TARGET_LIMIT or printable(text) != text:
        raise _bad(name, target, later("an address without control characters, at most 250 long"))
    if kind is PrinterKind.NETWORK:
        return _network(text, name)
    if kind is PrinterKind.USB:
        return _usb(text, name)
    if kind is PrinterKind.SERIAL:
        return _serial(text, name)
    if kind is PrinterKind.FILE:
        return _file(text, name)
    if kind is PrinterKind.QUEUE:
        return _queue(text, name)
    return PreviewTarget()


def check_printer(printer: PrinterSettings) -> Target:
    """Check everything about a printer before it is saved, and return where it is.

    Raises BadPrinterName, BadPrinterTarget, NoSuchProfile or NoSuchCodePage.
    """
    name = printer.name
    if not name.strip() or len(name) > _NAME_LIMIT or printable(name) != name:
        raise BadPrinterName(name=name[:_NAME_LIMIT])
    paper_of(printer)
    return parse_target(printer.kind, printer.target, name)


def _network(text: str, name: str) -> NetworkTarget:
    match = _ADDRESS_6.fullmatch(text) or _ADDRESS.fullmatch(text)
    port = int(match[2] or RAW_PORT) if match else 0
    is_host = match is not None and (text.startswith("[") or _HOST.fullmatch(match[1]))
    if match is None or not is_host or not 1 <= port <= 65535:
        raise _bad(name, text, later("a host name or address with a port, such as 192.0.2.20:9100"))
    return NetworkTarget(match[1], port)


def _usb(text: str, name: str) -> UsbTarget:
    match = _USB.fullmatch(text)
    if match is None:
        raise _bad(name, text, later("a USB vendor and product number, such as 04b8:0e15"))
    return UsbTarget(int(match[1], 16), int(match[2], 16), match[3] or "")


def _serial(text: str, name: str) -> SerialTarget:
    port, _, speed = text.partition(",")
    speed = speed.strip() or "9600"
    if not _PORT_NAME.fullmatch(port.strip()) or speed not in map(str, _SPEEDS):
        raise _bad(name, text, later("a serial port with its speed, such as /dev/ttyUSB0,19200"))
    return SerialTarget(port.strip(), int(speed))


def _file(text: str, name: str) -> FileTarget:
    path = Path(text)
    if not text or not path.is_absolute() or ".." in path.parts:
        raise _bad(name, text, later("the full path of a device or file, such as /dev/usb/lp0"))
    return FileTarget(path)


def _queue(text: str, name: str) -> QueueTarget:
    if not text or text.startswith("-"):
        raise _bad(name, text, later("the name of a printer that the system knows"))
    return QueueTarget(text)


def _bad(name: str, target: str, form: Later) -> BadPrinterTarget:
    return BadPrinterTarget(name=name, target=target[:60], form=form)

"""Looks for printers that could be meant: on the network, on USB, on serial ports and in queues."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pos_app.domain.shop import PrinterKind
from pos_app.printing import usb_port
from pos_app.printing.printable import printable

_SERVICE = "_pdl-datastream._tcp.local."  # Raw printing (RFC 6763 service type).
_QUEUE_TIMEOUT_S = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A printer that was found: how it is reached and what it calls itself."""

    kind: PrinterKind
    target: str
    name: str


def discover(network_wait_s: float = 2) -> list[Found]:
    """Return what can be found in a few seconds; what cannot be searched is left out."""
    searches: list[Callable[[], Iterator[Found]]] = [
        _queues,
        _usb_printers,
        _device_files,
        _serial_ports,
        lambda: _network_printers(network_wait_s),
    ]
    found: dict[tuple[PrinterKind, str], Found] = {}
    for search in searches:
        try:
            found.update(((one.kind, one.target), one) for one in search())
        except Exception:  # noqa: BLE001, S112 - a missing driver must not hide other printers
            continue
    return list(found.values())


def system_printers() -> list[str]:
    """Return the printers that the system knows by name; none where it cannot be asked."""
    try:
        return [one.target for one in _queues()]
    except (OSError, subprocess.SubprocessError):
        return []


def _queues() -> Iterator[Found]:
    if sys.platform == "win32":
        import win32print  # noqa: PLC0415 - Windows only

        for _, _, name, _ in win32print.EnumPrinters(2 | 4):
            yield Found(PrinterKind.QUEUE, name, printable(name))
        return
    done = subprocess.run(
        ["lpstat", "-e"], capture_output=True, text=True, timeout=_QUEUE_TIMEOUT_S, check=False
    )
    for line in done.stdout.splitlines():
        if line.strip() and not line.startswith("-"):
            yield Found(PrinterKind.QUEUE, line.strip(), printable(line))


def _usb_printers() -> Iterator[Found]:
    for device in usb_port.devices():
        if any(one.bInterfaceClass == 7 for configuration in device for one in configuration):
            target = f"{device.idVendor:04x}:{device.idProduct:04x}"
            yield Found(PrinterKind.USB, target, printable(f"USB {target}"))


def _device_files() -> Iterator[Found]:
    for path in sorted(Path("/dev/usb").glob("lp*")):
        yield Found(PrinterKind.FILE, str(path), path.name)


def _serial_ports() -> Iterator[Found]:
    from serial.tools import list_ports  # noqa: PLC0415 - only asked for in the settings

    for port in list_ports.comports():
        if port.vid is not None:
            label = printable(port.description or port.device)
            yield Found(PrinterKind.SERIAL, f"{port.device},9600", label)


def _network_printers(wait_s: float) -> Iterator[Found]:
    from zeroconf import ServiceBrowser, Zeroconf  # noqa: PLC0415 - only asked for in the settings

    names: set[str] = set()

    def on_change(name: str, **_: object) -> None:
        names.add(name)

    with Zeroconf() as network:
        ServiceBrowser(network, _SERVICE, handlers=[on_change])
        time.sleep(wait_s)
        for name in sorted(names):
            service = network.get_service_info(_SERVICE, name, timeout=500)
            for address in service.parsed_addresses() if service else ():
                host = f"[{address}]" if ":" in address else address
                target = f"{host}:{service.port if service else 9100}"
                yield Found(PrinterKind.NETWORK, target, printable(name.removesuffix(_SERVICE)))

"""Sends a finished job to a printer, all of it, once, without waiting for ever."""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from pos_app.domain.shop import PrinterSettings
from pos_app.printing import device_file, network, print_queue, serial_port, usb_port
from pos_app.printing.errors import PrinterError, PrinterOff, PrinterRefused, PrinterUnknown
from pos_app.printing.targets import (
    FileTarget,
    NetworkTarget,
    PreviewTarget,
    QueueTarget,
    SerialTarget,
    Target,
    UsbTarget,
    parse_target,
)
from pos_app.texts import later

_GONE = {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTDIR, errno.EISDIR}
_KEPT = {errno.EACCES, errno.EPERM, errno.EBUSY, errno.EROFS}


def send(
    printer: PrinterSettings, payload: bytes, timeout_s: float = 10, *, needs_paper: bool = True
) -> None:
    """Send one job; when it returns the printer or the system's queue has all of it.

    `timeout_s` is how long the printer may stall while it takes the job; a connection gets three
    seconds. `needs_paper` is False for a job that only opens the drawer. Raises BadPrinterTarget
    or a PrinterError; its `may_have_printed` says whether a second try could print twice.
    """
    target = parse_target(printer.kind, printer.target, printer.name)
    if isinstance(target, PreviewTarget):
        return
    transport = _transport(target)
    with _named(printer):
        transport(payload, printer.name, timeout_s, needs_paper)


Transport = Callable[[bytes, str, float, bool], None]


def _transport(target: Target) -> Transport:
    if isinstance(target, NetworkTarget):
        return partial(network.send, target)
    if isinstance(target, SerialTarget):
        return partial(serial_port.send, target)
    if isinstance(target, UsbTarget):
        return partial(usb_port.send, target)
    if isinstance(target, FileTarget):
        return partial(device_file.send, target)
    if isinstance(target, QueueTarget):
        return partial(print_queue.send, target)
    raise TypeError(target)


@contextmanager
def _named(printer: PrinterSettings) -> Iterator[None]:
    """Give what the system says before a byte went out the name that a cashier can act on."""
    try:
        yield
    except PrinterError:
        raise
    except OSError as failure:
        raise _refusal(failure, printer) from failure


def _refusal(failure: OSError, printer: PrinterSettings) -> PrinterError:
    if failure.errno in _GONE:
        return PrinterUnknown(name=printer.name, target=printer.target)
    if failure.errno in _KEPT:
        reason = failure.strerror or later("no permission")
        return PrinterRefused(name=printer.name, reason=reason)
    return PrinterOff(name=printer.name)

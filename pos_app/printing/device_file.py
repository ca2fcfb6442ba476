"""A printer behind a device file such as /dev/usb/lp0, or a file that collects jobs."""

import os
import select
import stat
import time
from errno import ENOENT

from pos_app.printing.errors import PrintCutShort, PrinterUnknown
from pos_app.printing.targets import FileTarget

_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def send(
    target: FileTarget, payload: bytes, name: str, timeout_s: float, _needs_paper: bool
) -> None:
    """Write the job; a missing device is never made into a file. Raises OSError or a refusal."""
    path = target.path
    if target.is_device:
        if not path.exists():
            raise OSError(ENOENT, "no such device")
        if stat.S_ISREG(path.stat().st_mode) or path.is_dir():
            raise PrinterUnknown(name=name, target=str(path))
        flags = os.O_WRONLY | _NONBLOCK
    else:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _BINARY | _NONBLOCK
    handle = os.open(path, flags, 0o600)
    try:
        _write_all(handle, payload, name, timeout_s)
    finally:
        os.close(handle)


def _write_all(handle: int, payload: bytes, name: str, timeout_s: float) -> None:
    """Write everything; the time allowed starts again whenever the device takes some."""
    left = memoryview(payload)
    until = time.monotonic() + timeout_s
    while left:
        try:
            count = os.write(handle, left[:4096])
        except BlockingIOError:
            count = 0
        except OSError as broken:
            if len(left) == len(payload):
                raise
            raise PrintCutShort(name=name) from broken
        if count:
            left, until = left[count:], time.monotonic() + timeout_s
            continue
        if time.monotonic() >= until:
            if len(left) == len(payload):
                raise TimeoutError("the printer takes nothing")
            raise PrintCutShort(name=name)
        select.select([], [handle], [], min(0.2, timeout_s))

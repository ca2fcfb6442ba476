"""A printer that the system knows by name: CUPS through `lp`, Windows through its spooler."""

import subprocess
import sys
from errno import ENOENT
from typing import Any

from pos_app.printing.errors import PrintCutShort, PrinterOff, PrinterRefused, PrinterUnknown
from pos_app.printing.printable import printable
from pos_app.printing.targets import QueueTarget
from pos_app.texts import later

_UNKNOWN_PRINTER = 1801  # ERROR_INVALID_PRINTER_NAME
_DENIED = 5  # ERROR_ACCESS_DENIED
_TITLE_MOST = 120


def send(
    target: QueueTarget, payload: bytes, name: str, timeout_s: float, _needs_paper: bool
) -> None:
    """Hand the job to the system's own spooler as it is; raises a named refusal."""
    if sys.platform == "win32":
        _send_windows(target.queue, payload, name)
    else:
        _send_cups(target.queue, payload, name, timeout_s, ("-o", "raw"))


def send_document(queue: str, pdf: bytes, title: str, timeout_s: float = 30) -> None:
    """Hand a PDF to CUPS, which knows how to print one; raises a named refusal."""
    _send_cups(queue, pdf, queue, timeout_s, ("-t", printable(title, _TITLE_MOST)))


def _send_cups(
    queue: str, payload: bytes, name: str, timeout_s: float, options: tuple[str, ...]
) -> None:
    command = ["lp", "-d", queue, *options]
    try:
        done = subprocess.run(
            command, input=payload, capture_output=True, timeout=timeout_s, check=False
        )
    except FileNotFoundError as missing:
        reason = later("the program lp is missing (package cups-client)")
        raise PrinterRefused(name=name, reason=reason) from missing
    except subprocess.TimeoutExpired as slow:
        raise PrintCutShort(name=name) from slow
    if done.returncode == 0:
        return
    said = done.stderr.decode(errors="replace").strip().lower()
    if "does not exist" in said or "unknown destination" in said or "no such" in said:
        raise PrinterUnknown(name=name, target=queue)
    if "not accepting" in said or "forbidden" in said or "not authorized" in said:
        raise PrinterRefused(name=name, reason=later("its queue accepts no jobs"))
    raise PrinterOff(name=name)


def _send_windows(queue: str, payload: bytes, name: str) -> None:
    import win32print  # noqa: PLC0415 - Windows only

    try:
        _spool_raw(win32print, queue, payload)
    except win32print.error as failure:
        if failure.winerror == _UNKNOWN_PRINTER:
            raise OSError(ENOENT, "no such printer") from failure
        if failure.winerror == _DENIED:
            raise PrinterRefused(name=name, reason=later("access denied")) from failure
        raise PrinterOff(name=name) from failure


def _spool_raw(win32print: Any, queue: str, payload: bytes) -> None:
    """Write one raw document; a document that was not ended is thrown away by the spooler."""
    printer = win32print.OpenPrinter(queue)
    try:
        win32print.StartDocPrinter(printer, 1, ("Receipt", None, "RAW"))
        win32print.StartPagePrinter(printer)
        win32print.WritePrinter(printer, payload)
        win32print.EndPagePrinter(printer)
        win32print.EndDocPrinter(printer)
    finally:
        win32print.ClosePrinter(printer)

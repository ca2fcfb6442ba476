"""The log: changes of state, and every error nobody caught, in a file of bounded size."""

import logging
import sys
import threading
from pathlib import Path
from types import TracebackType

_SIZE_BYTES = 1_000_000
_OLDER_FILES = 3
_log = logging.getLogger("pos_app")


def start_log(store: Path) -> None:
    """Write the log beside `store`; a folder that cannot be written leaves standard error.

    Errors that nobody caught are logged too, in whatever thread; the program goes on.
    """
    _log.setLevel(logging.INFO)
    if not _log.handlers:
        _log.addHandler(_WhenNeeded(store.with_name(store.name + ".log")))
        _log.propagate = False
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


class _WhenNeeded(logging.Handler):
    """Opens the file at the first entry: the library for it takes a tenth of the start."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self._open: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write an entry."""
        self._open = self._open or _handler(self._file)
        self._open.emit(record)

    def close(self) -> None:
        """Close the file, if there was anything to write."""
        if self._open is not None:
            self._open.close()
        super().close()


def _handler(file: Path) -> logging.Handler:
    from logging.handlers import RotatingFileHandler

    try:
        handler: logging.Handler = RotatingFileHandler(
            file, maxBytes=_SIZE_BYTES, backupCount=_OLDER_FILES, encoding="utf-8", delay=False
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return handler


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _log.error("an error that nobody caught", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)


def _uncaught_in_thread(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_value is not None:
        _uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)

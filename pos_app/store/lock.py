"""The lock that lets one process at a time write a store; it dies with the process."""

import sys
from pathlib import Path
from typing import IO

from pos_app.store.connection import naming
from pos_app.store.errors import StoreInUse

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class WriterLock:
    """Held from opening a store for writing until it is closed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def release(self) -> None:
        """Let others write; the empty lock file stays, because removing it would race."""
        self._file.close()


def take_writer_lock(path: Path) -> WriterLock:
    """Take the lock of the store at `path`; raises StoreInUse or StoreReadOnly."""
    with naming(path):
        file = lock_path(path).open("ab")
    try:
        _lock(file)
    except OSError:
        file.close()
        raise StoreInUse(path=path) from None
    return WriterLock(file)


def lock_path(path: Path) -> Path:
    """Return where the lock of a store is; a store that was ever written has one beside it."""
    return path.with_name(path.name + ".lock")


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

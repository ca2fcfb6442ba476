"""One connection to the store's file: how it is set up, and how its failures get names."""

import errno
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pysqlite3

from pos_app.store.errors import (
    DiskFailed,
    DiskFull,
    FigureTooLarge,
    RowRefused,
    SqliteTooOld,
    StoreDamaged,
    StoreExists,
    StoreFolderMissing,
    StoreInUse,
    StoreMissing,
    StoreReadOnly,
    StoreRefusal,
    TextNotStorable,
)
from pos_app.texts import later

Row = tuple[Any, ...]
SQLITE_NEEDED = (3, 51, 3)  # older libraries have the WAL-reset bug
APPLICATION_ID = 0x504F5331  # "POS1" in the file's header (SQLite file format, offset 68)
BUSY_MS = 2_000
# One checkpoint in some 250 sales keeps its cost out of 99 sales in 100.
CHECKPOINT_PAGES = 4_000
NEGLECTED_PAGES = 8 * CHECKPOINT_PAGES
CACHE_KIB = 8_192
ROOM_BYTES = 64 * 1024

_FULL, _READONLY, _CORRUPT, _NOTADB, _BUSY, _LOCKED = 13, 8, 11, 26, 5, 6
_CANTOPEN, _IOERR, _CONSTRAINT = 14, 10, 19
# pysqlite3's backup says what went wrong in SQLite's words only.
_CODES_BY_TEXT = {
    "database or disk is full": _FULL,
    "disk I/O error": _IOERR,
    "attempt to write a readonly database": _READONLY,
    "unable to open database file": _CANTOPEN,
}
_IOERR_SHMSIZE = 4_874  # the shared-memory file could not grow: no room


class Database:
    """An open connection; statements are SQL text with `?`, failures are named refusals."""

    __slots__ = ("path", "raw")

    def __init__(self, raw: Any, path: Path) -> None:
        self.raw = raw
        self.path = path

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Do one statement."""
        try:
            self.raw.execute(sql, values)
        except _FAILURES as failure:
            raise named(failure, self.path) from failure

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Do one statement for each row of values."""
        try:
            self.raw.executemany(sql, rows)
        except _FAILURES as failure:
            raise named(failure, self.path) from failure

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """Return the first row of a query, or None."""
        try:
            found: Row | None = self.raw.execute(sql, values).fetchone()
        except _FAILURES as failure:
            raise named(failure, self.path) from failure
        return found

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return all rows of a query."""
        try:
            found: list[Row] = self.raw.execute(sql, values).fetchall()
        except _FAILURES as failure:
            raise named(failure, self.path) from failure
        return found

    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        """Yield the rows of a query one by one."""
        try:
            yield from self.raw.execute(sql, values)
        except _FAILURES as failure:
            raise named(failure, self.path) from failure

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Return the first column of the first row, or None."""
        found = self.row(sql, values)
        return found[0] if found else None

    def close(self) -> None:
        """Close the connection."""
        self.raw.close()


def connect(path: Path, *, read_only: bool = False, is_new: bool = False) -> Database:
    """Open `path` as a till needs it: WAL, every commit on the disk, foreign keys enforced.

    A file that is no store of ours is refused before anything is written into it.

    Raises SqliteTooOld, StoreFolderMissing, StoreReadOnly, StoreDamaged or StoreInUse.
    """
    check_sqlite()
    if not path.parent.is_dir():
        raise StoreFolderMissing(path=path, folder=path.parent)
    mode = "ro" if read_only else "rwc"
    with naming(path):
        raw = pysqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_MS / 1000,
            cached_statements=256,
        )
    database = Database(raw, path)
    try:
        _set_up(database, read_only=read_only, is_new=is_new)
    except BaseException:
        database.close()
        raise
    return database


def missing_store_check(path: Path) -> None:
    """Refuse a path where no file is; raises StoreMissing."""
    with naming(path):
        if path.parent.is_dir() and not path.exists():
            raise StoreMissing(path=path)


def existing_store_check(path: Path) -> None:
    """Refuse a path where a file is already; raises StoreExists."""
    if path.exists():
        raise StoreExists(path=path)


def check_sqlite() -> None:
    """Refuse an SQLite library that can lose commits; raises SqliteTooOld."""
    if pysqlite3.sqlite_version_info < SQLITE_NEEDED:
        needed = ".".join(str(part) for part in SQLITE_NEEDED)
        raise SqliteTooOld(found=pysqlite3.sqlite_version, needed=needed)


def _set_up(database: Database, *, read_only: bool, is_new: bool) -> None:
    if not is_new and database.value("PRAGMA application_id") != APPLICATION_ID:
        raise StoreDamaged(path=database.path, detail=later("it is not a store of this program"))
    database.run("PRAGMA foreign_keys = ON")
    database.run("PRAGMA trusted_schema = OFF")
    database.run(f"PRAGMA cache_size = -{CACHE_KIB}")
    if read_only:
        database.run("PRAGMA query_only = ON")
        return
    if database.value("PRAGMA journal_mode = WAL") != "wal":
        raise StoreReadOnly(path=database.path)
    database.run("PRAGMA synchronous = FULL")
    database.run(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    if sys.platform == "darwin":  # macOS keeps "synced" data in the drive's cache otherwise
        database.run("PRAGMA fullfsync = ON")
        database.run("PRAGMA checkpoint_fullfsync = ON")


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Give failures of SQLite and of the file system their names."""
    try:
        yield
    except _FAILURES as failure:
        raise named(failure, path) from failure
    except OSError as failure:
        raise named_os(failure, path) from failure


_FAILURES = (pysqlite3.Error, OverflowError, UnicodeEncodeError, UnicodeDecodeError)


def named(failure: BaseException, path: Path) -> StoreRefusal:
    """Return the refusal that says what an SQLite failure means."""
    if isinstance(failure, OverflowError):
        return FigureTooLarge()
    if isinstance(failure, UnicodeEncodeError):
        return TextNotStorable()
    if isinstance(failure, UnicodeDecodeError):
        return StoreDamaged(path=path, detail=later("a text in it is not UTF-8"))
    if isinstance(failure, pysqlite3.ProgrammingError):
        raise failure  # a mistake of ours, which no shopkeeper can mend
    detail = str(failure)
    code = getattr(failure, "sqlite_errorcode", None) or _CODES_BY_TEXT.get(detail, 0)
    if code == _IOERR_SHMSIZE or code & 0xFF == _FULL:
        return DiskFull(path=path)
    if code & 0xFF == _IOERR and not _has_room(path):
        return DiskFull(path=path)
    named_by_code = {
        _READONLY: StoreReadOnly,
        _CORRUPT: StoreDamaged,
        _NOTADB: StoreDamaged,
        _BUSY: StoreInUse,
        _LOCKED: StoreInUse,
        _CANTOPEN: StoreReadOnly,
        _IOERR: DiskFailed,
        _CONSTRAINT: RowRefused,
    }
    refusal = named_by_code.get(code & 0xFF, StoreDamaged)
    return refusal(path=path, detail=detail)


def _has_room(path: Path) -> bool:
    """Whether the disk of a file has room for some pages; SQLite calls a full one broken too."""
    try:
        return shutil.disk_usage(path.parent).free >= ROOM_BYTES
    except OSError:
        return True


def named_os(failure: OSError, path: Path) -> StoreRefusal:
    """Return the refusal that says what a failure of the file system means."""
    if failure.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(path=path)
    if failure.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StoreReadOnly(path=path)
    if failure.errno in (errno.ENOENT, errno.ENOTDIR):
        return StoreFolderMissing(path=path, folder=path.parent)
    return DiskFailed(path=path, detail=failure.strerror or failure)


def sync_file(path: Path) -> None:
    """Return when the file's contents are on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Return when the folder's names are on the disk (nothing to do on Windows)."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

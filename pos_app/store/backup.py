"""Copies of a store: made while it sells, checked before anything is replaced."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pysqlite3

from pos_app.domain.facts import Fact, FactKind
from pos_app.domain.journal import GENESIS, JournalEntry, chain_faults
from pos_app.store.connection import Database, connect, named, naming, sync_file, sync_folder
from pos_app.store.epochs import current_identity, write_epoch
from pos_app.store.errors import (
    BackupDamaged,
    NotOurBackup,
    StoreExists,
    StoreFolderMissing,
    StoreMissing,
    StoreRefusal,
)
from pos_app.store.journal import JournalWriter, read_head
from pos_app.store.journal_rows import SELECT_ENTRY, entry_of
from pos_app.store.lock import lock_path, take_writer_lock
from pos_app.store.new_epoch import epoch_payload, next_epoch
from pos_app.store.schema import REVISION, revision_of
from pos_app.store.seen import SEEN, write_seen
from pos_app.store.state import Head, StoreState, TillIdentity
from pos_app.store.store import PART, Store, check_revision
from pos_app.texts import later


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds; the hash (hex) is that of its latest journal entry."""

    path: Path
    size_bytes: int
    entries: int
    documents: int
    head_hash: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was restored, and where the store that it replaced was kept."""

    path: Path
    replaced: Path | None
    epoch: int
    entries: int
    documents: int


def backup_store(source: Store | Path, target: Path) -> BackupReport:
    """Copy a store to `target`, whole and checked, while it may go on selling.

    Raises StoreMissing, StoreFolderMissing, StoreExists (the target is the store itself),
    NotOurBackup (it is another shop, or no copy of this one at all), StoreDamaged, StoreReadOnly
    or DiskFull; an older file at `target` stays until the new one is whole.
    """
    start = time.monotonic()
    path = source.path if isinstance(source, Store) else source
    _check_places(path, target)
    database = connect(path, read_only=True)
    try:
        check_revision(path, database, revision_of(database))
        if target.exists() and not _is_older_backup(target, database):
            raise NotOurBackup(path=target)
        part = target.with_name(target.name + PART)
        try:
            entries, documents, head_hash = _copy(database, part)
            with naming(target):
                sync_file(part)
                part.replace(target)
                sync_folder(target.parent)
        finally:
            part.unlink(missing_ok=True)
    finally:
        database.close()
    size = target.stat().st_size
    return BackupReport(target, size, entries, documents, head_hash, time.monotonic() - start)


def restore_store(source: Path, target: Path, now: datetime) -> RestoreReport:
    """Put the backup `source` in the place of `target`, under a new epoch with a new key.

    The backup is checked first and stays as it is; the store that is replaced is kept beside the
    new one. Raises StoreMissing, BackupDamaged, StoreInUse, StoreNewer, StoreReadOnly or DiskFull.
    """
    _check_places(source, target, is_restore=True)
    lock = take_writer_lock(target)
    part = target.with_name(target.name + PART)
    try:
        _copy_checked(source, part)
        report = _start_epoch(source, part, target, now)
        replaced = _put_aside(target, now)
        with naming(target):
            part.replace(target)
            sync_folder(target.parent)
        identity, head, documents = report
        write_seen(target, identity.store_id, head)
        return RestoreReport(target, replaced, identity.epoch, head.seq, documents)
    finally:
        for suffix in ("", "-wal", "-shm"):
            part.with_name(part.name + suffix).unlink(missing_ok=True)
        lock.release()


def _check_places(source: Path, target: Path, *, is_restore: bool = False) -> None:
    with naming(source):
        if not source.exists():
            raise StoreMissing(path=source)
    if not target.parent.is_dir():
        raise StoreFolderMissing(path=target, folder=target.parent)
    if not is_restore and target.exists() and target.samefile(source):
        raise StoreExists(path=target)


def _is_older_backup(target: Path, database: Database) -> bool:
    """Whether a file is a copy of this store; one with a lock beside it is a till's, not a copy."""
    if lock_path(target).exists():
        return False
    try:
        copy = connect(target, read_only=True)
        try:
            known, ours = current_identity(copy), current_identity(database)
        finally:
            copy.close()
    except StoreRefusal:
        return False
    return known is not None and ours is not None and known.store_id == ours.store_id


def _copy(database: Database, part: Path) -> tuple[int, int, str]:
    """Copy all pages at one moment, check the copy, and return (entries, documents, head)."""
    part.unlink(missing_ok=True)
    with naming(part):
        raw = pysqlite3.connect(part, isolation_level=None)
    copy = Database(raw, part)
    try:
        try:
            database.raw.backup(raw)
        except pysqlite3.Error as failure:
            raise named(failure, part) from failure
        copy.value("PRAGMA journal_mode = DELETE")
        _check_whole(copy, part)
        head = read_head(copy)
        return head.seq, int(copy.value("SELECT count(*) FROM sales")), head.hash
    finally:
        copy.close()


def _copy_checked(source: Path, part: Path) -> None:
    """Copy the backup beside the target; raises BackupDamaged where it is not whole."""
    database = connect(source, read_only=True)
    try:
        check_revision(source, database, revision_of(database))
        _copy(database, part)
        broken = next(chain_faults(_entries(database)), None)
        if broken:
            raise BackupDamaged(path=source, detail=broken[1])
    finally:
        database.close()


def _check_whole(database: Database, path: Path) -> None:
    try:
        found = database.value("PRAGMA integrity_check(1)")
    except StoreRefusal as refusal:
        raise BackupDamaged(path=path, detail=refusal) from refusal
    if found != "ok":
        raise BackupDamaged(path=path, detail=found)


def _entries(database: Database) -> Iterator[JournalEntry]:
    for row in database.stream(f"{SELECT_ENTRY} ORDER BY seq"):
        yield entry_of(row)


def _start_epoch(
    source: Path, part: Path, target: Path, now: datetime
) -> tuple[TillIdentity, Head, int]:
    """Give the copy a new epoch and key, and write down that it was restored."""
    database = connect(part)
    try:
        found = revision_of(database)
        if found is not None and found != REVISION:
            from pos_app.store.migrating import migrate  # noqa: PLC0415 - alembic takes a second

            migrate(part, database, found)
        known = current_identity(database)
        if known is None:
            raise BackupDamaged(
                path=source, detail=later("it does not say which till it belongs to")
            )
        identity, signer = next_epoch(database, known, target)
        head = read_head(database)
        journal = JournalWriter(database, StoreState(part, identity, head, signer=signer))
        journal.pending = head
        database.run("BEGIN IMMEDIATE")
        write_epoch(database, identity, now, "restored")
        database.run("DELETE FROM print_jobs")  # receipts of another day must not print now
        database.run("DELETE FROM draft")  # that sale, and what was paid for it, is long over
        journal.append(_restored(identity, head.seq, head.hash), now, "")
        database.run("COMMIT")
        documents = int(database.value("SELECT count(*) FROM sales"))
        database.value("PRAGMA journal_mode = DELETE")  # one file, so that one rename moves it
        return identity, journal.pending, documents
    finally:
        database.close()


def _restored(identity: TillIdentity, seq: int, head_hash: str) -> Fact:
    return Fact(
        FactKind.STORE_RESTORED,
        {
            **epoch_payload(identity),
            "restored_entries": seq,
            "restored_hash": head_hash if seq else GENESIS,
        },
    )


def _put_aside(target: Path, now: datetime) -> Path | None:
    """Rename the store at `target` and what SQLite keeps beside it; a stale log must not stay."""
    if not target.exists():
        return None
    base = f"{target.stem}.replaced-{now:%Y%m%dT%H%M%S}"
    aside = target.with_name(f"{base}{target.suffix}")
    count = 1
    while aside.exists():
        count += 1
        aside = target.with_name(f"{base}-{count}{target.suffix}")
    with naming(target):
        for suffix in (SEEN, "-wal", "-shm", ""):
            part = target.with_name(target.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
    return aside

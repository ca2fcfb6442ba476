"""Backups of head office: SQLite's online backup, or PostgreSQL's own pg_dump and pg_restore.

After a restore every till's journal is looked at: it must end with the entry that its branch names
and lack nothing. What tills told after the backup was made they tell again: head office asks for
the first entry that it lacks.
"""

import os
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, inspect, select

from pos_app.domain.errors import PosError
from pos_app.server.database import Office, open_engine
from pos_app.server.database_urls import is_sqlite, postgresql_words, shown_url, sqlite_file
from pos_app.server.schema import bring_up_to_date, make_service_role, revision_of
from pos_app.server.tables import branches, doors, inbox, journal
from pos_app.sync.wire import WireEntry

PART = ".part"
_SEEN_BY_ONE_COMPANY = "row-level security"


class BackupFailed(PosError):
    """A backup that could not be made or read."""

    sentence = "The backup did not work: {problem}."


class BackupRoleTooSmall(PosError):
    """A role of PostgreSQL that row-level security shows one company only."""

    sentence = (
        "This role may not see all companies, and so cannot make a backup. Name one that may with "
        "--database: a superuser, or a role with BYPASSRLS and pg_read_all_data."
    )


class ProgramMissing(PosError):
    """PostgreSQL's own program is not installed here."""

    sentence = "{program} is not installed. Install PostgreSQL's client programs."


class FileThere(PosError):
    """A file that a backup would replace."""

    sentence = "{path} is there already. Name another file, or take it away."


class DatabaseNotEmpty(PosError):
    """A database that a restore would mix with."""

    sentence = "The database {url} is not empty. Make a new one and restore into that."


class JournalNotWhole(PosError):
    """A restored database in which a till's journal lacks something."""

    sentence = "The restored database is not whole: {fault}. Use another backup."


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a database holds: `file_bytes` is the size of the backup."""

    file_bytes: int
    companies: int = 0
    tills: int = 0
    entries: int = 0

    def as_plain(self) -> dict[str, Any]:
        """Return it as JSON says it."""
        return asdict(self)

    def in_words(self) -> str:
        """Return it as a sentence."""
        if not self.companies:
            return f"{self.file_bytes:,} bytes."
        return (
            f"{self.companies} companies, {self.tills} tills, {self.entries:,} journal entries, "
            f"{self.file_bytes:,} bytes."
        )


def back_up(url: str, target: Path) -> BackupReport:
    """Copy a whole database into a new file while it is in use.

    Raises FileThere, BackupFailed, BackupRoleTooSmall, ProgramMissing.
    """
    if target.exists():
        raise FileThere(path=target)
    part = target.with_name(target.name + PART)
    try:
        if is_sqlite(url):
            _copy_sqlite(sqlite_file(url), part)
            report = _checked(f"sqlite:///{part}", part)
        else:
            _run("pg_dump", url, "--format=custom", f"--file={part}")
            report = BackupReport(part.stat().st_size)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return report


def restore(source: Path, url: str) -> BackupReport:
    """Fill an empty database from a backup, bring it up to date and check every journal.

    Raises BackupFailed, DatabaseNotEmpty, FileThere, JournalNotWhole, ProgramMissing.
    """
    if not source.is_file():
        raise BackupFailed(problem=f"there is no file {source}")
    if is_sqlite(url):
        return _restore_sqlite(source, sqlite_file(url))
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            if inspect(connection).get_table_names():
                raise DatabaseNotEmpty(url=shown_url(url))
            make_service_role(connection)
    finally:
        engine.dispose()
    _run("pg_restore", url, "--no-owner", "--exit-on-error", "--single-transaction", str(source))
    return _checked(url, source)


def _restore_sqlite(source: Path, target: Path) -> BackupReport:
    if target.exists():
        raise FileThere(path=target)
    part = target.with_name(target.name + PART)
    try:
        shutil.copyfile(source, part)
        report = _checked(f"sqlite:///{part}", source)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return report


def _copy_sqlite(source: Path, target: Path) -> None:
    import pysqlite3  # noqa: PLC0415 - not needed over PostgreSQL

    if not source.is_file():
        raise BackupFailed(problem=f"there is no file {source}")
    target.unlink(missing_ok=True)
    here = pysqlite3.connect(str(source))
    there = pysqlite3.connect(str(target))
    try:
        here.backup(there)
        there.execute("PRAGMA journal_mode = DELETE")
    except pysqlite3.Error as failure:
        raise BackupFailed(problem=str(failure)) from failure
    finally:
        there.close()
        here.close()


def _run(program: str, url: str, *options: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise ProgramMissing(program=program)
    address, password = postgresql_words(url)
    done = subprocess.run(
        [found, f"--dbname={address}", "--no-password", *options],
        env=os.environ | {"PGPASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        problem = done.stderr.strip().splitlines()
        if any(_SEEN_BY_ONE_COMPANY in line for line in problem):
            raise BackupRoleTooSmall()
        raise BackupFailed(problem=problem[0] if problem else f"{program} failed")


def _checked(url: str, file: Path) -> BackupReport:
    """Check a database and report what it holds; raises BackupFailed, JournalNotWhole."""
    engine = open_engine(url)
    try:
        _check_is_head_office(engine)
        bring_up_to_date(engine)
        return check_journals(engine, file.stat().st_size)
    except PosError:
        raise
    except Exception as failure:
        raise BackupFailed(problem=f"it cannot be read ({type(failure).__name__})") from failure
    finally:
        engine.dispose()


def _check_is_head_office(engine: Engine) -> None:
    with engine.connect() as connection:
        found = revision_of(connection)
    if found is None:
        raise BackupFailed(problem="it holds no head office")


def check_journals(engine: Engine, file_bytes: int = 0) -> BackupReport:
    """Look at every journal of a database; raises JournalNotWhole with the first fault."""
    office = Office(engine)
    with office.shared() as connection:
        companies = connection.scalars(select(doors.c.company_id).distinct()).all()
    tills: set[tuple[str, str]] = set()
    entries = 0
    for company_id in companies:
        with office.company(company_id) as connection:
            rows = select(branches).where(branches.c.company_id == company_id)
            for branch in connection.execute(rows):
                tills.add((company_id, branch.till_id))
                entries += _check_branch(connection, branch)
    return BackupReport(file_bytes, len(companies), len(tills), entries)


def _check_branch(connection: Connection, branch: Any) -> int:
    own = (
        journal.c.company_id == branch.company_id,
        journal.c.till_id == branch.till_id,
        journal.c.epoch == branch.epoch,
        journal.c.branch == branch.branch,
    )
    count = connection.scalar(select(func.count()).select_from(journal).where(*own)) or 0
    if branch.seq < branch.first_seq:
        return count
    last = connection.scalar(select(journal.c.hash).where(*own, journal.c.seq == branch.seq))
    place = f"till {branch.till_id}, epoch {branch.epoch}"
    if last is None or bytes(last).hex() != branch.hash:
        raise JournalNotWhole(fault=f"{place} does not end with entry {branch.seq}")
    missing = branch.seq - branch.first_seq + 1 - count - _damaged(connection, branch)
    if missing > 0:
        raise JournalNotWhole(fault=f"{place} lacks {missing} entries")
    return count


def _damaged(connection: Connection, branch: Any) -> int:
    """Count the entries that came damaged and lie in the inbox instead."""
    import msgspec  # noqa: PLC0415 - only where something came damaged

    rows = connection.scalars(
        select(inbox.c.raw).where(
            inbox.c.company_id == branch.company_id,
            inbox.c.till_id == branch.till_id,
            inbox.c.epoch == branch.epoch,
            inbox.c.branch == branch.branch,
            inbox.c.raw != "",
        )
    )
    return sum(len(msgspec.json.decode(raw, type=list[WireEntry])) for raw in rows)

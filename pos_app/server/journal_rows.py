"""Writing entries into head office's journal by the thousand, and reading their hashes back.

COPY does not go where row-level security is, and a table beside the journal to copy into costs a
second write. So on PostgreSQL a few hundred entries are one statement with a list for each column,
and the next ones are made ready while the server writes: no answer is waited for in between.
"""

from binascii import unhexlify
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.exc import DBAPIError

from pos_app.server.tables import journal
from pos_app.sync.wire import WireEntry

PART = 250  # entries in one statement
_COLUMNS = (
    "company_id, till_id, epoch, branch, seq, id, kind, at, staff, payload, prev, hash, "
    "signature, stored_at"
)
# Short texts come as one text, each with the separator before it; hashes lie end to end.
_MARK = "\x1f"
_SPLIT = "(string_to_array(%b::text, chr(31)))[2:]"
_INSERT_LISTS = (
    f"INSERT INTO journal ({_COLUMNS}) SELECT %b::text, %b::text, %b::int, %b::int, "
    "seq, one.id, kind, at, staff, payload, substr(%b::bytea, place::int * 32 - 31, 32), "
    "substr(%b::bytea, place::int * 32 - 31, 32), substr(%b::bytea, place::int * 64 - 63, 64), "
    f"%b::text FROM ROWS FROM (unnest({_SPLIT}::bigint[]), unnest({_SPLIT}), unnest({_SPLIT}), "
    f"unnest({_SPLIT}), unnest({_SPLIT}), unnest(%b::text[])) "
    "WITH ORDINALITY AS one (seq, id, kind, at, staff, payload, place)"
)
_INSERT = f"INSERT INTO journal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
# Made once: it stands in the way of every batch that comes twice.
_earlier = journal.alias("earlier")
_COUNTS = select(
    journal.c.branch,
    journal.c.hash,
    select(func.count())
    .select_from(_earlier)
    .where(
        _earlier.c.company_id == bindparam("company"),
        _earlier.c.till_id == bindparam("till"),
        _earlier.c.epoch == bindparam("of_epoch"),
        _earlier.c.branch == journal.c.branch,
        _earlier.c.seq.between(bindparam("first"), bindparam("last")),
    )
    .scalar_subquery()
    .label("so_many"),
).where(
    journal.c.company_id == bindparam("company"),
    journal.c.till_id == bindparam("till"),
    journal.c.epoch == bindparam("of_epoch"),
    journal.c.branch.in_(bindparam("of_branches", expanding=True)),
    journal.c.seq == bindparam("last"),
)
Following = tuple[str, WireEntry]  # an entry with the hash (hex) before it


@dataclass(frozen=True, slots=True)
class BranchKey:
    """Which branch of a till's journal."""

    company_id: str
    till_id: str
    epoch: int
    branch: int


class EntryDamaged(Exception):
    """What makes entries ready came upon one that may not be written."""


def write_entries(
    connection: Connection, key: BranchKey, entries: Sequence[Following], stored_at: str
) -> None:
    """Write entries, all of them new and checked."""
    with writing(connection, key, stored_at) as write:
        for at in range(0, len(entries), PART):
            write(entries[at : at + PART])


@contextmanager
def writing(
    connection: Connection, key: BranchKey, stored_at: str
) -> Iterator[Callable[[Sequence[Following]], None]]:
    """Lend what writes a part of new entries, and takes all parts back where EntryDamaged comes.

    On PostgreSQL no statement inside waits for its answer; the end waits for all of them.
    """
    damaged: EntryDamaged | None = None
    is_postgresql = connection.dialect.name == "postgresql"
    with _sending(connection) if is_postgresql else _cursor(connection) as cursor:

        def write(part: Sequence[Following]) -> None:
            if is_postgresql:
                cursor.execute(_INSERT_LISTS, _lists(key, part, stored_at))
            else:
                cursor.executemany(_INSERT, [_row(key, *entry, stored_at) for entry in part])

        cursor.execute("SAVEPOINT before_entries")
        try:
            yield write
        except EntryDamaged as failure:  # not let through: the answers are still to be waited for
            damaged = failure
            cursor.execute("ROLLBACK TO SAVEPOINT before_entries")
        cursor.execute("RELEASE SAVEPOINT before_entries")
    if damaged is not None:
        raise damaged


def hashes_between(
    connection: Connection, keys: Sequence[BranchKey], first: int, last: int
) -> list[Any]:
    """Return branch, seq, prev and hash of the entries of an epoch's branches between two numbers.

    The branches are named, because their number stands before the entry's in the index.
    """
    wanted = select(journal.c.branch, journal.c.seq, journal.c.prev, journal.c.hash)
    return list(connection.execute(wanted.where(*_between(keys, first, last))))


def counts_before(
    connection: Connection, keys: Sequence[BranchKey], first: int, last: int
) -> list[Any]:
    """Return branch, hash and count of entries from `first` on, of branches that have `last`."""
    which = {
        "company": keys[0].company_id,
        "till": keys[0].till_id,
        "of_epoch": keys[0].epoch,
        "of_branches": [key.branch for key in keys],
        "first": first,
        "last": last,
    }
    return list(connection.execute(_COUNTS, which))


def _between(keys: Sequence[BranchKey], first: int, last: int) -> tuple[Any, ...]:
    return (
        journal.c.company_id == keys[0].company_id,
        journal.c.till_id == keys[0].till_id,
        journal.c.epoch == keys[0].epoch,
        journal.c.branch.in_([key.branch for key in keys]),
        journal.c.seq >= first,
        journal.c.seq <= last,
    )


@contextmanager
def _sending(connection: Connection) -> Iterator[Any]:
    """Lend a cursor that waits for no answer before the end."""
    import psycopg  # noqa: PLC0415 - not needed over SQLite

    raw: Any = connection.connection.driver_connection
    try:
        with raw.pipeline(), raw.cursor() as cursor:
            yield cursor
    except psycopg.Error as failure:  # as SQLAlchemy raises it everywhere else
        raise DBAPIError.instance(
            _INSERT_LISTS, None, failure, psycopg.Error, dialect=connection.dialect
        ) from failure


@contextmanager
def _cursor(connection: Connection) -> Iterator[Any]:
    raw: Any = connection.connection.driver_connection
    cursor = raw.cursor()
    yield cursor
    cursor.close()


def _lists(key: BranchKey, part: Sequence[Following], stored_at: str) -> tuple[Any, ...]:
    entries = [entry for _, entry in part]
    return (
        *(key.company_id, key.till_id, key.epoch, key.branch),
        unhexlify("".join([prev for prev, _ in part])),
        unhexlify("".join([entry.hash for entry in entries])),
        unhexlify("".join([entry.signature for entry in entries])),
        stored_at,
        _marked([str(entry.seq) for entry in entries]),
        _marked([entry.id for entry in entries]),
        _marked([entry.kind for entry in entries]),
        _marked([entry.at for entry in entries]),
        _marked([entry.staff for entry in entries]),
        [entry.payload for entry in entries],
    )


def _marked(texts: list[str]) -> str:
    """Return texts as one; no short text of an entry holds the separator that hashing needs."""
    return _MARK + _MARK.join(texts)


def _row(key: BranchKey, prev: str, entry: WireEntry, stored_at: str) -> tuple[Any, ...]:
    return (
        *(key.company_id, key.till_id, key.epoch, key.branch),
        *(entry.seq, entry.id, entry.kind, entry.at, entry.staff, entry.payload),
        *(unhexlify(prev), unhexlify(entry.hash), unhexlify(entry.signature)),
        stored_at,
    )

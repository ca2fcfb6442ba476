"""Judging what tills told: each entry of a journal becomes rows, in order, after it was stored.

Judging never holds up a push. A batch of one till is judged in one transaction; an entry that no
rule can take goes to the inbox with its reason and the rest goes on. Trouble with the database
itself is no entry's fault: it is raised, nothing is kept, and the batch is judged again later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.server.database import Office
from pos_app.server.day_adding import add_events
from pos_app.server.day_fold import DayEvent, event_of
from pos_app.server.inbox import ACCEPT, RETRY, Place, put_waiting
from pos_app.server.journal_entries import Told, entries_after, entry_of
from pos_app.server.judge_sales import (
    JudgedSale,
    NumberTaken,
    SaleDoesNotAddUp,
    SaleToldTwice,
    check_sale,
    read_sale,
)
from pos_app.server.judge_things import apply_changes, changes_told, read_payload
from pos_app.server.overdrawn import Balances, note_balances, tell_balances
from pos_app.server.sale_rows import check_sales_new, has_sale_of, write_doubtful_sale, write_sales
from pos_app.server.stock_sums import Moved, add_moves, add_up, moves_told, sum_moves
from pos_app.server.tables import branches
from pos_app.server.thing_kinds import DOCUMENTS
from pos_app.server.things import Change, ChangedElsewhere, Things
from pos_app.server.till_lock import take_till, wait_for_till

LIMIT = 500  # entries in one transaction
_CANDIDATES = 50  # tills to look at, far more than there are workers
# What a person may take as it is; everything else is tried again, or left in the journal only.
_ACCEPTABLE = (SaleDoesNotAddUp, NumberTaken, SaleToldTwice, ChangedElsewhere)


class EntryNotJudged(PosError):
    """Something about an entry that nobody thought of."""

    sentence = (
        "Head office could not take this entry ({detail}). Bring head office up to date and try "
        "again, or leave it in the journal only."
    )


class NothingToJudge(PosError):
    """A row of the inbox that is about no entry to be judged."""

    sentence = "There is nothing to judge again here. Take note of it and settle it."


@dataclass(frozen=True, slots=True)
class _Read:
    """What one entry comes to: a document, or what it says of things; and how it moved stock.

    `event` is what happened beside the documents and is worth a look.
    """

    entry: Told
    sale: JudgedSale | None = None
    changes: list[Change] = field(default_factory=list)
    moved: Moved = field(default_factory=dict)
    event: DayEvent | None = None


@dataclass(frozen=True, slots=True)
class _Bench:
    """Where a batch is judged: a transaction of a company."""

    connection: Connection
    company_id: str
    now: datetime


_Refused = list[tuple[Told, PosError]]


def judge_some(office: Office, company_id: str, now: datetime, limit: int = LIMIT) -> int:
    """Judge the next entries of one till; returns how many, 0 when nothing is left for this worker.

    Several workers each take another till. Raises SQLAlchemy's DBAPIError where the database
    fails: then nothing was judged.
    """
    with office.company(company_id) as connection:
        branch = _take_branch(connection, company_id)
        if branch is None:
            return 0
        entries = entries_after(connection, company_id, branch, limit)
        _judge(_Bench(connection, company_id, now), entries)
        # Numbers may be missing: what came damaged waits in the inbox as it came.
        last = entries[-1].seq if len(entries) == limit else branch["seq"]
        connection.execute(
            update(branches).where(*_same(company_id, branch)).values(judged_seq=last)
        )
        return max(len(entries), 1)


def judge_now(
    connection: Connection, company_id: str, entries: Sequence[Told], now: datetime
) -> None:
    """Judge entries of one branch in the caller's transaction; raises the first refusal."""
    bench = _Bench(connection, company_id, now)
    for _, refusal in _write(bench, [_read(entry) for entry in entries]):
        raise refusal


def judge_again(
    connection: Connection,
    company_id: str,
    inbox_row: Mapping[str, Any] | RowMapping,
    accept: bool,
    now: datetime,
) -> None:
    """Judge the entry of an inbox row again; with `accept` as it is, marked with what is wrong.

    Raises the refusal that still stands, or NothingToJudge for a notice.
    """
    entry = entry_of(connection, company_id, inbox_row)
    if entry is None or entry.kind != inbox_row["kind"]:
        raise NothingToJudge()
    wait_for_till(connection, company_id, entry.till_id)
    bench = _Bench(connection, company_id, now)
    is_sale = entry.kind == FactKind.SALE_COMPLETED
    if is_sale and has_sale_of(connection, company_id, entry):
        return
    if is_sale and accept:
        _take_sale_as_it_is(bench, entry, read_sale(entry))
        return
    read = _read(entry)
    if accept:
        read = replace(read, changes=[_as_it_is(one) for one in read.changes])
    with connection.begin_nested():
        for _, refusal in _write(bench, [read]):
            raise refusal


def _take_branch(connection: Connection, company_id: str) -> RowMapping | None:
    """Return a branch with entries to judge and keep other workers off its till.

    The smallest backlog comes first, so that a till that comes back after a month holds nobody
    up; of one till the oldest epoch, because later ones go on from there.
    """
    waiting = (branches.c.company_id == company_id, branches.c.judged_seq < branches.c.seq)
    candidates = connection.execute(
        select(branches.c.till_id)
        .where(*waiting)
        .group_by(branches.c.till_id)
        .order_by(func.sum(branches.c.seq - branches.c.judged_seq), branches.c.till_id)
        .limit(_CANDIDATES)
    ).scalars()
    for till_id in candidates.all():
        if not take_till(connection, company_id, till_id):
            continue
        oldest = (
            select(branches)
            .where(*waiting, branches.c.till_id == till_id)
            .order_by(branches.c.epoch, branches.c.branch)
            .limit(1)
        )
        found = connection.execute(oldest).mappings().first()
        if found is not None:
            return found
    return None


def _judge(bench: _Bench, entries: Sequence[Told]) -> None:
    """Judge entries of one branch in their order."""
    reads: list[_Read] = []
    for entry in entries:
        try:
            reads.append(_read(entry))
        except PosError as refusal:
            _put_aside(bench, entry, refusal)
    _judge_together(bench, reads)


def _judge_together(bench: _Bench, reads: Sequence[_Read]) -> None:
    """Write entries all at once; where the database refuses one, find it by halves."""
    if not reads:
        return
    try:
        with bench.connection.begin_nested():
            refused = _write(bench, reads)
    except DBAPIError as failure:
        if not isinstance(failure, DataError | IntegrityError):
            raise  # the database's trouble: all of it is tried again
        if len(reads) == 1:
            refused = [(reads[0].entry, EntryNotJudged(detail=str(failure.orig)[:200]))]
        else:
            half = len(reads) // 2
            _judge_together(bench, reads[:half])
            _judge_together(bench, reads[half:])
            refused = []
    for entry, refusal in refused:
        _put_aside(bench, entry, refusal)


def _read(entry: Told) -> _Read:
    """Read an entry; raises the refusal of what no rule can take."""
    try:
        if entry.kind == FactKind.SALE_COMPLETED:
            sale = read_sale(entry)
            check_sale(sale.told)
            return _Read(entry, sale, moved=sale.moved)
        told = read_payload(entry)
        event = event_of(entry.kind, entry.at, entry.staff, told)
        moved = sum_moves(moves_told(told))
        return _Read(entry, None, changes_told(entry, told), moved, event)
    except PosError:
        raise
    except Exception as failure:  # one bad entry never blocks the rest
        raise EntryNotJudged(detail=_name(failure)) from failure


def _write(bench: _Bench, reads: Sequence[_Read]) -> _Refused:
    """Write what entries come to, and return those that clash with what stands."""
    connection, company_id = bench.connection, bench.company_id
    judged = [read.sale for read in reads if read.sale is not None]
    clashes = check_sales_new(connection, company_id, judged)
    write_sales(connection, company_id, [one for one in judged if one.entry.seq not in clashes])
    taken = [read for read in reads if read.entry.seq not in clashes]
    refused: _Refused = [
        (read.entry, clashes[read.entry.seq]) for read in reads if read.entry.seq in clashes
    ]
    refused += _write_things(bench, taken)
    events = [(read.entry, read.event) for read in reads if read.event is not None]
    add_events(connection, company_id, events)
    return refused


def _write_things(bench: _Bench, reads: Sequence[_Read]) -> _Refused:
    """Merge what entries say of things and add up their stock; returns those that clash.

    From here on other tills' changes wait for the commit, so it comes after the bulk.
    """
    if not any(read.changes or read.moved for read in reads):
        return []
    things = Things(bench.connection, bench.company_id, bench.now)
    things.expect([change for read in reads for change in read.changes])
    moved: Moved = {}
    balances: Balances = {}
    refused: _Refused = []
    for read in reads:
        refusal = _apply(things, read.changes)
        if refusal is not None:
            refused.append((read.entry, refusal))
            continue
        note_balances(things, read.entry, read.changes, balances)
        add_up(moved, read.moved)
    if moved:
        whose, revision = reads[0].entry, things.use_revision()
        add_moves(bench.connection, bench.company_id, whose.shop, whose.till_id, moved, revision)
    things.flush()
    tell_balances(bench.connection, bench.company_id, balances, bench.now)
    return refused


def _apply(things: Things, changes: list[Change]) -> PosError | None:
    """Merge one entry's changes; returns why none of them could be."""
    if not changes:
        return None
    try:
        apply_changes(things, changes)
    except PosError as refusal:
        return refusal
    except DBAPIError:
        raise
    except Exception as failure:  # noqa: BLE001 - one bad entry never blocks the rest
        return EntryNotJudged(detail=_name(failure))
    return None


def _take_sale_as_it_is(bench: _Bench, entry: Told, sale: JudgedSale) -> None:
    """Write a document that a person accepts, marked with what is wrong with it."""
    clashes = check_sales_new(bench.connection, bench.company_id, [sale])
    wrong: PosError | None = clashes.get(entry.seq)
    try:
        check_sale(sale.told)
    except SaleDoesNotAddUp as refusal:
        wrong = refusal
    flag = "" if wrong is None else str(wrong)
    write_doubtful_sale(bench.connection, bench.company_id, replace(sale, flag=flag))
    _write_things(bench, [_Read(entry, moved=sale.moved)])


def _as_it_is(change: Change) -> Change:
    """Let a document take the place of what stands; all else is merged by its rule."""
    return replace(change, is_final=change.kind in DOCUMENTS)


def _put_aside(bench: _Bench, entry: Told, refusal: PosError) -> None:
    put_waiting(
        bench.connection,
        bench.company_id,
        Place(entry.till_id, entry.epoch, entry.branch, entry.seq),
        entry.kind,
        entry.at,
        str(refusal),
        bench.now,
        remedy=ACCEPT if isinstance(refusal, _ACCEPTABLE) else RETRY,
    )


def _same(company_id: str, branch: RowMapping) -> tuple[Any, ...]:
    return (
        branches.c.company_id == company_id,
        branches.c.till_id == branch["till_id"],
        branches.c.epoch == branch["epoch"],
        branches.c.branch == branch["branch"],
    )


def _name(failure: Exception) -> str:
    return f"{type(failure).__name__}: {failure}"[:200]

"""Taking what a till pushes: every entry is stored exactly once, whatever is sent how often.

An entry is known by its place and its hash, which covers everything before it. So a push is first
laid beside what is there: what is known is left alone, what follows is appended, and what tells
otherwise than a known entry is kept apart on a branch of its own. The caller's transaction is the
only one, and nothing here judges what an entry tells.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from pos_app.server.branches import (
    CLOSED,
    FORKED,
    Branch,
    begin_branch,
    close_branch,
    figures_at,
    grown,
    has_entry,
    move_branch,
)
from pos_app.server.entry_check import (
    add_signature_faults,
    check_push,
    figures_of,
    hash_faults,
    is_last_signed,
)
from pos_app.server.heads import head_of_branch
from pos_app.server.inbox import RETRY, Place, put_waiting, settle_filled
from pos_app.server.journal_rows import (
    PART,
    EntryDamaged,
    Following,
    write_entries,
    writing,
)
from pos_app.server.placing import PushPlace, Spot
from pos_app.server.stamps import stamp
from pos_app.server.tables import companies, tills
from pos_app.server.till_identity import Till
from pos_app.sync.wire import Push, Pushed, WireEntry

# Made once: they stand in the way of every push.
_OWN_COMPANY = select(companies).where(companies.c.company_id == bindparam("company"))
_HEARD = (
    update(tills)
    .where(tills.c.company_id == bindparam("company"), tills.c.id == bindparam("of_till"))
    .values(heard_at=bindparam("moment"))
    .returning(
        tills.c.company_id,
        _OWN_COMPANY.with_only_columns(companies.c.currency).label("currency"),
        _OWN_COMPANY.with_only_columns(companies.c.signing_key).label("signing_key"),
    )
)
FORK_NOTICE = "fork"  # the kind of the inbox's row about a second machine


def ingest(
    connection: Connection, company_id: str, till: Till, push: Push, now: datetime
) -> Pushed:
    """Store a push in the caller's transaction and say what became of it.

    Raises PushUnusable or EpochUnknown; then nothing is stored.
    """
    check_push(push)
    # The till's row first: two pushes of one till go one after the other.
    heard = {"company": company_id, "of_till": till.id, "moment": stamp(now)}
    company = connection.execute(_HEARD, heard).one()
    place = PushPlace(connection, till, push)
    if branch := _append_whole(connection, place, now):
        return _answer(company, place, branch, now, stored=len(push.entries))
    faults = hash_faults(till.number, push)
    spot = place.find(faults)
    if spot.branch is None:
        return Pushed(verdict="gap", seq=spot.gap, stored=0, known=0)
    add_signature_faults(push, spot.branch.public_key, faults)
    holes = [at for at in spot.holes if at not in faults]
    branch, stored = _append(connection, place, spot, faults, now)
    branch = _fill(connection, branch, push, holes, now)
    new_faults = [at for at in sorted(faults) if at >= spot.known]
    reason = _quarantine(connection, branch, push, new_faults, faults, now)
    pushed = _answer(company, place, branch, now, stored=stored, reason=reason)
    if new_faults and pushed.verdict == "accepted":
        damaged = push.entries[new_faults[0]].seq
        pushed = msgspec.structs.replace(pushed, verdict="damaged", seq=damaged)
    stored, known = stored + len(holes), spot.known - len(holes)
    return msgspec.structs.replace(pushed, stored=stored, known=known)


def _append_whole(connection: Connection, beside: PushPlace, now: datetime) -> Branch | None:
    """Write a push that goes on where a branch ends, as long as all of it is whole.

    That is what nearly every push is, so it is written while it is still being checked. Returns
    the branch as it is now, or None where nothing was written.
    """
    push, branch = beside.push, beside.branch_to_continue()
    if branch is None or not is_last_signed(push, branch.public_key):
        return None
    receipts = total = 0
    try:
        with writing(connection, branch.key, stamp(now)) as write:
            for part in _checked(beside.till, push):
                write(part)
                count, amount = _sum_of(part)
                receipts, total = receipts + count, total + amount
            branch = grown(branch, beside.last, push.entries[-1].hash, (receipts, total))
            move_branch(connection, branch)
    except EntryDamaged:
        return None
    return branch


def _checked(till: Till, push: Push) -> Iterator[list[Following]]:
    """Yield a push's entries by parts, each when its hashes were checked; raises EntryDamaged."""
    prev = push.prev
    for at in range(0, len(push.entries), PART):
        part = Push(epoch=push.epoch, prev=prev, entries=push.entries[at : at + PART])
        if hash_faults(till.number, part):
            raise EntryDamaged
        yield _sound(part, range(len(part.entries)), {})
        prev = part.entries[-1].hash


def _answer(
    company: Any, beside: PushPlace, branch: Branch, now: datetime, stored: int, reason: str = ""
) -> Pushed:
    verdict, till = "accepted", beside.till
    # A fork that a later epoch goes on from may be told on by a third machine.
    is_fork = branch.state == FORKED or (branch.state == CLOSED and branch.branch and stored)
    if is_fork and till.epoch == beside.push.epoch:
        verdict = "forked"
        reason = reason or f"Another machine already told other entries from {branch.first_seq} on."
    head = head_of_branch(company, till.number, branch, now)
    return Pushed(
        verdict=verdict, seq=beside.last, stored=stored, known=0, reason=reason, head=head
    )


def _append(
    connection: Connection, beside: PushPlace, spot: Spot, faults: dict[int, str], now: datetime
) -> tuple[Branch, int]:
    """Write what is new of a push; returns the branch as it is now, and how many were written."""
    push, branch = beside.push, spot.branch
    assert branch is not None  # noqa: S101 - the caller answered a gap before
    if spot.known == len(push.entries):
        return branch, 0
    if spot.is_new:
        branch = _begin(connection, beside, branch, spot, now)
    fresh = _sound(push, range(spot.known, len(push.entries)), faults)
    write_entries(connection, branch.key, fresh, stamp(now))
    branch = grown(branch, beside.last, push.entries[-1].hash, _sum_of(fresh))
    move_branch(connection, branch)
    return branch, len(fresh)


def _begin(
    connection: Connection, beside: PushPlace, branch: Branch, spot: Spot, now: datetime
) -> Branch:
    """Write the row of a branch that gets its first entries; a fork is told to the manager."""
    parent, before = spot.parent, branch.first_seq - 1
    receipts = total = 0
    if parent is not None and before >= parent.first_seq - 1:  # or where that one began
        receipts, total = figures_at(connection, parent, before)
    elif parent is not None and branch.state == FORKED and before:
        receipts, total = _figures_before(connection, beside, parent)
    branch = replace(branch, receipts=receipts, total_minor=total, judged_seq=before)
    begin_branch(connection, branch, spot.is_there)
    if branch.state == FORKED:
        entry = beside.push.entries[spot.known]
        put_waiting(
            connection,
            branch.company_id,
            Place(branch.till_id, branch.epoch, branch.branch, branch.first_seq),
            FORK_NOTICE,
            entry.at,
            f"Two machines are till {beside.till.number}: a second one told other entries from "
            f"{branch.first_seq} on. All are kept. Shut one of the two machines out.",
            now,
        )
    elif parent is not None:
        close_branch(connection, parent, branch.epoch)
    return branch


def _figures_before(connection: Connection, beside: PushPlace, branch: Branch) -> tuple[int, int]:
    """Return the figures that a branch itself began with."""
    for older in beside.older:
        if has_entry(connection, older, branch.first_seq - 1, branch.first_prev):
            return figures_at(connection, older, branch.first_seq - 1)
    return 0, 0


def _fill(
    connection: Connection, branch: Branch, push: Push, holes: list[int], now: datetime
) -> Branch:
    """Write entries that came damaged once and are whole now."""
    if not holes:
        return branch
    entries = _sound(push, holes, {})
    write_entries(connection, branch.key, entries, stamp(now))
    branch = grown(branch, branch.seq, branch.hash, _sum_of(entries))
    move_branch(connection, branch)
    place = Place(branch.till_id, branch.epoch, branch.branch, entries[0][1].seq)
    settle_filled(connection, branch.company_id, place, entries[-1][1].seq, now)
    for _, entry in entries:
        if entry.seq <= branch.judged_seq:
            reason = "It came whole after those that follow it had been judged. Judge it now."
            put_waiting(
                connection,
                branch.company_id,
                replace(place, seq=entry.seq),
                entry.kind,
                entry.at,
                reason,
                now,
                remedy=RETRY,
            )
    return branch


def _quarantine(
    connection: Connection,
    branch: Branch,
    push: Push,
    places: list[int],
    faults: dict[int, str],
    now: datetime,
) -> str:
    """Keep damaged entries as they came, one row of the inbox for each run; says what is wrong."""
    runs: list[list[int]] = []
    for at in places:
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    sentences = []
    for run in runs:
        entries = [_storable(push.entries[at]) for at in run]
        first, last = entries[0], entries[-1]
        named = f"Entry {first.seq}" if len(run) == 1 else f"Entries {first.seq} to {last.seq}"
        reason = f"{named} came damaged: {faults[run[0]]}."
        put_waiting(
            connection,
            branch.company_id,
            Place(branch.till_id, branch.epoch, branch.branch, first.seq),
            first.kind,
            first.at,
            reason,
            now,
            raw=msgspec.json.encode(entries).decode(),
        )
        sentences.append(reason)
    return " ".join(sentences[:5])


def _sound(push: Push, places: Iterable[int], faults: dict[int, str]) -> list[Following]:
    """Return the entries at some places that are whole, each with the hash before it."""
    entries = push.entries
    return [
        (entries[at - 1].hash if at else push.prev, entries[at])
        for at in places
        if at not in faults
    ]


def _sum_of(entries: Iterable[Following]) -> tuple[int, int]:
    receipts = total = 0
    for _, entry in entries:
        count, amount = figures_of(entry.kind, entry.payload)
        receipts, total = receipts + count, total + amount
    return receipts, total


def _storable(entry: WireEntry) -> WireEntry:
    """Return an entry without what no database stores, else as it came."""
    fields = {
        name: value.replace("\0", "\ufffd")
        for name in ("id", "kind", "at", "staff", "payload", "hash", "signature")
        if "\0" in (value := getattr(entry, name))
    }
    return msgspec.structs.replace(entry, **fields)

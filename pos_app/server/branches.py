"""A till's branches at head office: where each begins and ends, and what was told so far."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from pos_app.domain.facts import FactKind
from pos_app.server.entry_check import figures_of
from pos_app.server.journal_rows import BranchKey
from pos_app.server.tables import branches, journal

# Made once: they stand in the way of every push.
_OF_EPOCH = (
    select(branches)
    .where(
        branches.c.company_id == bindparam("company"),
        branches.c.till_id == bindparam("till"),
        branches.c.epoch == bindparam("of_epoch"),
    )
    .order_by(branches.c.branch)
)
_OF_EPOCH_LOCKED = _OF_EPOCH.with_for_update()
_MOVE = (
    update(branches)
    .where(
        branches.c.company_id == bindparam("company"),
        branches.c.till_id == bindparam("till"),
        branches.c.epoch == bindparam("of_epoch"),
        branches.c.branch == bindparam("of_branch"),
    )
    .values(
        seq=bindparam("to_seq"),
        hash=bindparam("to_hash"),
        receipts=bindparam("to_receipts"),
        total_minor=bindparam("to_total"),
    )
)
OPEN, CLOSED, FORKED, SHUT = "open", "closed", "forked", "shut"


@dataclass(frozen=True, slots=True)
class Branch:
    """A row of `branches`; before its first entry `seq` is 0. Money in minor units, hashes hex."""

    company_id: str
    till_id: str
    epoch: int
    branch: int
    public_key: bytes
    first_seq: int
    first_prev: str
    seq: int
    hash: str
    judged_seq: int
    receipts: int
    total_minor: int
    state: str
    reason: str = ""

    @property
    def key(self) -> BranchKey:
        """Which branch it is."""
        return BranchKey(self.company_id, self.till_id, self.epoch, self.branch)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was told on it yet."""
        return self.seq == 0


def branches_of(
    connection: Connection, company_id: str, till_id: str, epoch: int, *, lock: bool = False
) -> list[Branch]:
    """Return the branches of one epoch; with `lock` nobody else changes them meanwhile."""
    which = {"company": company_id, "till": till_id, "of_epoch": epoch}
    found = connection.execute(_OF_EPOCH_LOCKED if lock else _OF_EPOCH, which)
    return [_branch(row) for row in found]


def branches_before(
    connection: Connection, company_id: str, till_id: str, epoch: int
) -> list[Branch]:
    """Return the branches with entries of all older epochs, the latest epoch first."""
    found = connection.execute(
        select(branches)
        .where(
            branches.c.company_id == company_id,
            branches.c.till_id == till_id,
            branches.c.epoch < epoch,
            branches.c.seq > 0,
        )
        .order_by(branches.c.epoch.desc(), branches.c.branch)
    )
    return [_branch(row) for row in found]


def has_entry(connection: Connection, branch: Branch, seq: int, digest: str) -> bool:
    """Whether an entry stands on a branch, or stood there before it was damaged."""
    if (branch.seq, branch.hash) == (seq, digest):
        return True
    found = connection.execute(
        select(journal.c.seq, journal.c.prev, journal.c.hash).where(
            *_entries(branch), journal.c.seq.in_([seq, seq + 1])
        )
    )
    named = {bytes(row.hash if row.seq == seq else row.prev).hex() for row in found}
    return digest in named


def figures_at(connection: Connection, branch: Branch, seq: int) -> tuple[int, int]:
    """Return how many documents were told up to an entry of a branch, and their total."""
    receipts, total = branch.receipts, branch.total_minor
    if seq == branch.seq:
        return receipts, total
    kind = FactKind.SALE_COMPLETED.value
    later = connection.execute(
        select(journal.c.payload).where(
            *_entries(branch), journal.c.seq > seq, journal.c.kind == kind
        )
    )
    for row in later:
        count, amount = figures_of(kind, row.payload)
        receipts, total = receipts - count, total - amount
    return receipts, total


def begin_branch(connection: Connection, branch: Branch, is_there: bool) -> None:
    """Write a branch that gets its first entries now; `is_there`: its key was known before."""
    values = _values(branch)
    if is_there:
        connection.execute(update(branches).where(*_one(branch)).values(**values))
    else:
        connection.execute(insert(branches), values)


def move_branch(connection: Connection, branch: Branch) -> None:
    """Write where a branch ends now, and what was told on it."""
    connection.execute(
        _MOVE,
        {
            "company": branch.company_id,
            "till": branch.till_id,
            "of_epoch": branch.epoch,
            "of_branch": branch.branch,
            "to_seq": branch.seq,
            "to_hash": branch.hash,
            "to_receipts": branch.receipts,
            "to_total": branch.total_minor,
        },
    )


def close_branch(connection: Connection, branch: Branch, by_epoch: int) -> None:
    """Note that a later epoch goes on from a branch; its key keeps what rights it has."""
    connection.execute(
        update(branches)
        .where(*_one(branch), branches.c.state.in_([OPEN, FORKED]))
        .values(state=CLOSED, reason=f"epoch {by_epoch} goes on from here")
    )


def grown(branch: Branch, seq: int, digest: str, figures: tuple[int, int]) -> Branch:
    """Return a branch with more entries; `figures` are their documents and total."""
    return replace(
        branch,
        seq=seq,
        hash=digest,
        receipts=branch.receipts + figures[0],
        total_minor=branch.total_minor + figures[1],
    )


def _branch(row: Any) -> Branch:
    known = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Branch(**known | {"public_key": bytes(known["public_key"])})


def _values(branch: Branch) -> dict[str, Any]:
    return {name: getattr(branch, name) for name in Branch.__slots__}


def _one(branch: Branch) -> tuple[Any, ...]:
    return (
        branches.c.company_id == branch.company_id,
        branches.c.till_id == branch.till_id,
        branches.c.epoch == branch.epoch,
        branches.c.branch == branch.branch,
    )


def _entries(branch: Branch) -> tuple[Any, ...]:
    return (
        journal.c.company_id == branch.company_id,
        journal.c.till_id == branch.till_id,
        journal.c.epoch == branch.epoch,
        journal.c.branch == branch.branch,
    )

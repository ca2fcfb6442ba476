"""Where a push belongs: it is laid beside what is known of its epoch, by numbers and hashes.

A hash covers everything before its entry, so one known hash says that all before it is known too.
"""

from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import Connection

from pos_app.domain.journal import GENESIS
from pos_app.server.branches import FORKED, SHUT, Branch, branches_before, branches_of, has_entry
from pos_app.server.entry_check import add_signature_faults
from pos_app.server.inbox import raw_of
from pos_app.server.journal_rows import counts_before, hashes_between
from pos_app.server.sync_refusals import EpochUnknown
from pos_app.server.till_identity import Till, from_hex
from pos_app.sync.wire import Push, WireEntry


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a push belongs: the first `known` entries are there, the rest goes on `branch`.

    `branch` is None where there is no place for it yet: `gap` is the last entry to build on.
    """

    branch: Branch | None
    known: int = 0
    is_new: bool = False
    is_there: bool = False  # the branch's row is: its key was told before
    parent: Branch | None = None
    holes: tuple[int, ...] = ()
    gap: int = 0


class PushPlace:
    """One push beside what is known of its epoch, whose branches its transaction locks."""

    def __init__(self, connection: Connection, till: Till, push: Push) -> None:
        self.connection = connection
        self.till = till
        self.push = push
        self.first = push.entries[0].seq
        self.last = push.entries[-1].seq
        key = (connection, till.company_id, till.id, push.epoch)
        self.branches = branches_of(*key, lock=True)
        self._older: list[Branch] | None = None

    @property
    def older(self) -> list[Branch]:
        """The branches of older epochs that hold entries."""
        if self._older is None:
            till = self.till
            self._older = branches_before(
                self.connection, till.company_id, till.id, self.push.epoch
            )
        return self._older

    def branch_to_continue(self) -> Branch | None:
        """Return the branch after whose last entry the whole push comes, if there is one."""
        end = (self.first - 1, self.push.prev)
        whole = (one for one in self.branches if not one.is_empty and (one.seq, one.hash) == end)
        return next(whole, None)

    def find(self, faults: dict[int, str]) -> Spot:
        """Return where the push belongs."""
        if continued := self.branch_to_continue():
            return Spot(continued)
        told = [branch for branch in self.branches if not branch.is_empty]
        spot = (self._find_all(told) or self._find_known(told, faults)) if told else None
        return spot or self._find_beginning(told) or Spot(None, gap=self._gap())

    def _find_all(self, told: list[Branch]) -> Spot | None:
        """See whether the whole push is there, without reading all of it.

        Its last hash covers what comes before, so only damaged entries can be missing.
        """
        entries = self.push.entries
        keys = [branch.key for branch in told]
        for row in counts_before(self.connection, keys, self.first, self.last):
            branch = next(one for one in told if one.branch == row.branch)
            if bytes(row.hash).hex() != entries[-1].hash or branch.first_seq > self.first:
                continue
            if row.so_many == len(entries):
                return Spot(branch, len(entries))
        return None

    def _find_known(self, told: list[Branch], faults: dict[int, str]) -> Spot | None:
        """Look for the last entry of the push, or the one before it, that is there."""
        push, before = self.push, self.first - 1
        keys = [branch.key for branch in told]
        rows = hashes_between(self.connection, keys, before, self.last)
        there = {(row.seq, bytes(row.hash).hex()): row.branch for row in rows}
        ends = {(one.seq, one.hash): one.branch for one in told}
        # A damaged entry is not there, but the one after it names its hash.
        begins = {one.branch: one.first_seq for one in told}
        named = {
            (row.seq - 1, bytes(row.prev).hex()): row.branch
            for row in rows
            if row.seq > begins[row.branch]
        }
        places = named | ends | there
        path = [(before, push.prev), *((entry.seq, entry.hash) for entry in push.entries)]
        known = next((at for at in reversed(range(len(path))) if path[at] in places), None)
        if known is None:
            return None
        branch = next(one for one in told if one.branch == places[path[known]])
        holes = tuple(
            at
            for at in range(known)
            if path[at + 1] not in there
            and at not in faults
            and branch.first_seq <= push.entries[at].seq <= branch.seq
        )
        if known == len(push.entries) or path[known] == (branch.seq, branch.hash):
            return Spot(branch, known, holes=holes)
        rest = range(known, len(push.entries))
        if all(at in faults for at in rest) and self._came_damaged(branch, rest):
            return Spot(branch, len(push.entries), holes=holes)  # damaged then as now
        return Spot(self._new_branch(branch, known), known, is_new=True, parent=branch)

    def _came_damaged(self, branch: Branch, places: range) -> bool:
        """Whether damaged entries are those that stand in the inbox for this branch."""
        raw = raw_of(
            self.connection, branch.company_id, branch.till_id, branch.epoch, branch.branch
        )
        return all(self.push.entries[at].hash in raw for at in places)

    def _new_branch(self, parent: Branch, known: int) -> Branch:
        """Return a branch for entries that another machine told after the same beginning."""
        push = self.push
        prev = push.entries[known - 1].hash if known else push.prev
        return replace(
            parent,
            branch=max(one.branch for one in self.branches) + 1,
            first_seq=push.entries[known].seq,
            first_prev=prev,
            seq=0,
            state=SHUT if parent.state == SHUT else FORKED,
            reason=f"other entries from {push.entries[known].seq} on",
        )

    def _find_beginning(self, told: list[Branch]) -> Spot | None:
        """Find what the epoch's first entries follow: nothing at all, or an older epoch."""
        push, before = self.push, self.first - 1
        parent = None
        if (self.first, push.prev) != (1, GENESIS):
            for older in self.older:
                if older.first_seq - 1 <= before <= older.seq and has_entry(
                    self.connection, older, before, push.prev
                ):
                    parent = older
                    break
            else:
                return None
        empty = [one for one in self.branches if one.is_empty]
        chosen = next((one for one in empty if self._is_key(one.public_key)), None)
        if chosen is None and told:
            other = next((one for one in told if self._is_key(one.public_key)), told[0])
            fork = self._new_branch(other, 0)
            return Spot(fork, is_new=True, parent=parent or other)
        chosen = chosen or next(iter(empty), None) or self._own_word()
        begun = replace(
            chosen, first_seq=self.first, first_prev=push.prev, judged_seq=before, seq=0
        )
        return Spot(begun, is_new=True, is_there=bool(empty), parent=parent)

    def _is_key(self, key: bytes) -> bool:
        faults: dict[int, str] = {}
        add_signature_faults(self.push, key, faults)
        return not faults

    def _own_word(self) -> Branch:
        """Return a branch for an epoch from before the till was enrolled.

        Its first entry names its key; the present key, which pushes it, vouches for the chain.
        """
        push, till = self.push, self.till
        key = _named_key(push.entries[0])
        if push.epoch > till.epoch or not key:
            raise EpochUnknown(epoch=push.epoch)
        return Branch(
            company_id=till.company_id,
            till_id=till.id,
            epoch=push.epoch,
            branch=0,
            public_key=key,
            first_seq=self.first,
            first_prev=push.prev,
            seq=0,
            hash=GENESIS,
            judged_seq=0,
            receipts=0,
            total_minor=0,
            state=SHUT,  # nobody but the till itself gave this key a right
            reason="from before the till was enrolled",
        )

    def _gap(self) -> int:
        """Return the last entry that a push can follow: always less than what was tried."""
        for group in (self.branches, self.older):
            ends = [one.seq for one in group if one.seq < self.first - 1]
            latest = max(ends, default=0)
            if latest:
                return latest
        return 0


def _named_key(entry: WireEntry) -> bytes:
    """Return the key that an epoch's first entry names, nothing where it names none."""
    try:
        told = msgspec.json.decode(entry.payload)
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return b""
    key = from_hex(str(told.get("public_key", ""))) if isinstance(told, dict) else b""
    return key if len(key) == 32 else b""

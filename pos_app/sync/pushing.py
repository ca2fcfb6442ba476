"""Sending the journal: which entries go next, and what head office's answer does to the cursor."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.journal import JournalEntry
from pos_app.sync import wire
from pos_app.sync.remote import HEAD_OFFICE, Remote, is_genuine, is_still, put_signed_head

if TYPE_CHECKING:
    from pos_app.store.store import Store

_ENVELOPE_BYTES = 1_024  # what stands around the entries
_SLICE = 20  # entries that are read and written at a stretch, well below a millisecond


def unhurried() -> None:
    """Take no breath: there is no counter beside."""


class NoProgress(PosError):
    """Head office's answer to a push would have the till send the same for ever."""

    sentence = (
        "Head office answered {verdict} at entry {seq}, which does not follow from what was sent. "
        "Update both sides; if it stays, send this sentence to whoever runs head office."
    )


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries of one epoch that go together, and the `wire.Push` of them as it is sent."""

    entries: tuple[JournalEntry, ...]
    packed: wire.Packed

    @property
    def epoch(self) -> int:
        """The epoch of all of them."""
        return self.entries[0].epoch

    @property
    def first(self) -> int:
        """The number of the first entry."""
        return self.entries[0].seq

    @property
    def last(self) -> int:
        """The number of the last entry."""
        return self.entries[-1].seq

    def receipts(self, up_to_seq: int) -> int:
        """Return how many finished documents are among the entries up to a number."""
        sold = FactKind.SALE_COMPLETED.value
        return sum(1 for entry in self.entries if entry.kind == sold and entry.seq <= up_to_seq)


def next_batch(
    store: "Store",
    limit: int = wire.BATCH_ENTRIES,
    limit_bytes: int = wire.BATCH_BYTES,
    breathe: Callable[[], None] = unhurried,
    *,
    after: int | None = None,
) -> Batch | None:
    """Return the entries after the cursor that go next, or None where head office has all.

    With `after` the entries that follow a number, for who knows where the cursor will stand. One
    epoch, at most `limit` entries and `limit_bytes` of JSON, but always at least one entry.
    `breathe` is called often, so that whoever has a thread beside the counter can give way.
    """
    chosen: list[JournalEntry] = []
    parts: list[bytes] = []
    room = limit_bytes - _ENVELOPE_BYTES
    cursor = store.cursors.of(HEAD_OFFICE) if after is None else after
    for entry in _waiting(store, cursor, limit, breathe):
        part = wire.encode(wire.wire_entry(entry))
        room -= len(part) + 1
        if chosen and (room < 0 or entry.epoch != chosen[0].epoch):
            break
        chosen.append(entry)
        parts.append(part)
    return Batch(tuple(chosen), _packed(chosen[0], parts)) if chosen else None


def _packed(first: JournalEntry, parts: Sequence[bytes]) -> wire.Packed:
    """Return the `wire.Push` of entries, put together from their JSON and compressed."""
    around = wire.encode(wire.Push(epoch=first.epoch, prev=first.prev, entries=()))
    before, _, after = around.rpartition(b"[]")
    return wire.squeeze(b"".join((before, b"[", b",".join(parts), b"]", after)))


def _waiting(
    store: "Store", cursor: int, limit: int, breathe: Callable[[], None]
) -> Iterator[JournalEntry]:
    """Yield the first entries after a number, read a few at a time."""
    end = cursor + limit
    while cursor < end:
        entries = store.journal.entries(cursor, min(_SLICE, end - cursor))
        yield from entries
        if len(entries) < _SLICE:
            return
        cursor = entries[-1].seq
        breathe()


def settle_push(
    store: "Store", remote: Remote, batch: Batch, pushed: wire.Pushed, now: datetime
) -> int:
    """Move the cursor to what head office has of a batch; returns where it stands.

    It never moves beyond what was sent, whatever the answer says. Raises NoProgress where the
    answer does not let the till go on.
    """
    seq = min(pushed.seq, batch.last)
    has_moved = seq < batch.first - 1 if pushed.verdict == "gap" else seq >= batch.first
    if seq < 0 or not has_moved:
        raise NoProgress(verdict=pushed.verdict, seq=pushed.seq)
    with store.transaction() as tx:
        if not is_still(remote, tx.remotes):
            return seq  # another head office does not have what this one has
        tx.cursors.set(HEAD_OFFICE, seq)
        if pushed.head is not None and is_genuine(remote, pushed.head):
            put_signed_head(tx.remotes, pushed.head, now)
    return seq

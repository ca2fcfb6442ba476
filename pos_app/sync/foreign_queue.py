"""Which thing of the journal goes to a connection's remote next, and how far it has been told."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos_app.domain.journal import JournalEntry
from pos_app.domain.plain import UNREADABLE
from pos_app.store.foreign import Held, HeldState, held_id
from pos_app.sync.outgoing import TOLD_KINDS, things_of

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction
    from pos_app.sync.dialect import Outgoing

_PAGE = 50
_TOLD = frozenset(kind.value for kind in TOLD_KINDS)
_DUE = (HeldState.AGAIN, HeldState.ANEW)


@dataclass(frozen=True, slots=True)
class Place:
    """A thing and where it stands: its entry, its place in it, and whether the entry ends there.

    `thing` is None where the entry cannot be read; `held` is what put it aside before.
    """

    entry: JournalEntry
    index: int
    thing: "Outgoing | None"
    is_last: bool = True
    held: Held | None = None

    @property
    def id(self) -> str:
        """What it is called when it is put aside."""
        return held_id(self.entry.seq, self.index)


class ForeignQueue:
    """Walks the journal for one remote; what it keeps in memory may be forgotten.

    `is_wanted` tells whether anything of a thing is still to be done.
    """

    def __init__(
        self, store: "Store", remote: str, is_wanted: Callable[["Outgoing"], bool]
    ) -> None:
        self._store = store
        self._remote = remote
        self._is_wanted = is_wanted
        self._seq = store.cursors.of(remote)
        self._page: deque[JournalEntry] = deque()
        self._things: Iterator[Place] = iter(())
        self._waiting: Place | None = None
        self._counted_to = self._seq
        self._left = 0

    def next_held(self) -> Place | None:
        """Return the first thing that was put aside and is to be tried again."""
        held = self._store.foreign.first_held(self._remote, *_DUE)
        return None if held is None else self.place_of(held)

    def first_faulty(self) -> Place | None:
        """Return the first thing that the remote failed over."""
        held = self._store.foreign.first_held(self._remote, HeldState.FAULTY)
        return None if held is None else self.place_of(held)

    def place_of(self, held: Held) -> Place | None:
        """Return the thing that was put aside; None where its entry is gone or says less now."""
        entry = self._store.journal.get(held.seq)
        if entry is None:
            return None
        things = _things(entry, self._store)
        thing = things[held.place] if held.place < len(things) else None
        return Place(entry, held.place, thing, held=held)

    def next_new(self) -> Place | None:
        """Return the next thing of the journal of which something is to be done.

        It comes again until it is `passed`.
        """
        while self._waiting is None:
            self._waiting = next(self._things, None)
            if self._waiting is not None:
                if self._is_over(self._waiting):
                    self._pass(self._waiting)
                continue
            entry = self._next_entry()
            if entry is None:
                return None
            things = _things(entry, self._store)
            self._things = (
                Place(entry, index, thing, is_last=index == len(things) - 1)
                for index, thing in enumerate(things)
            )
        return self._waiting

    def pass_in(self, tx: "Transaction", place: Place) -> None:
        """Move the cursor in a transaction where a thing is the last of its entry."""
        if place.held is None and place.is_last:
            tx.cursors.set(self._remote, place.entry.seq)

    def passed(self, place: Place) -> None:
        """Go on behind a thing, after the transaction that settled it."""
        if place.held is None:
            self._pass(place)

    def keep_cursor(self) -> None:
        """Keep how far the journal was walked, where nothing of it had to be told."""
        if self._seq > self._store.cursors.of(self._remote):
            with self._store.transaction() as tx:
                if tx.remotes.value(self._remote, "url"):
                    tx.cursors.set(self._remote, self._seq)

    def backlog(self) -> int:
        """Return how many entries may still have something to tell."""
        head = self._store.journal_seq
        if head > self._counted_to:
            journal = self._store.journal
            uncounted = max(self._counted_to, self._seq)
            self._left += journal.count_told(TOLD_KINDS, uncounted, head)
            self._counted_to = head
        return max(self._left, 0)

    def _next_entry(self) -> JournalEntry | None:
        """Return the next entry that has something to tell, and pass the others."""
        while True:
            if not self._page:
                self._page.extend(self._store.journal.entries(self._seq, _PAGE))
                if not self._page:
                    return None
            entry = self._page.popleft()
            if entry.kind in _TOLD:
                if _things(entry, self._store):
                    return entry
                self._tick(entry)
            self._seq = entry.seq

    def _is_over(self, place: Place) -> bool:
        """Whether a thing was put aside before a restart, or has nothing left to be done."""
        if self._store.foreign.held_one(self._remote, place.id) is not None:
            return True
        return place.thing is not None and not self._is_wanted(place.thing)

    def _pass(self, place: Place) -> None:
        self._waiting = None
        if place.is_last:
            self._seq = place.entry.seq
            self._tick(place.entry)

    def _tick(self, entry: JournalEntry) -> None:
        if entry.seq <= self._counted_to:
            self._left -= 1


def _things(entry: JournalEntry, store: "Store") -> "tuple[Outgoing | None, ...]":
    """Return what an entry tells; one that cannot be read is one thing that nobody knows."""
    try:
        return things_of(entry, store)
    except UNREADABLE:
        return (None,)

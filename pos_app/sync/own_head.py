"""The till's own end of the journal, and the proof that head office has all of it.

Counting begins where it ended the last time, so a till that asks again reads only what is new;
the first time it passes over all documents, off the counter's thread.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos_app.domain.till_head import Completeness, TillHead, compare_heads
from pos_app.texts import later, t

if TYPE_CHECKING:
    from pos_app.domain.journal import JournalEntry
    from pos_app.store.store import Store

NUMBERS_SHOWN = 20
_EQUAL = later("{here} receipts here, {there} at head office, heads equal.")
_BEHIND = later("{here} receipts here, {there} at head office. Not there yet: {numbers}.")
_ENTRIES_BEHIND = later(
    "{here} receipts here, {there} at head office; {entries} other entries are still to be sent."
)
_DIFFERENT = later(
    "{here} receipts here, {there} at head office, but the heads differ. Ask head office."
)


@dataclass(frozen=True, slots=True)
class HeadProof:
    """How the till's own journal compares with what head office signed.

    `own` is the till's head now; the verdict is EQUAL, BEHIND (what head office has is the same,
    and more is to come) or DIFFERENT. `missing` are the numbers of the first receipts that head
    office does not have, `missing_count` of them there are, among `entries_behind` entries.
    """

    own: TillHead
    office: TillHead
    verdict: Completeness
    missing: tuple[str, ...] = ()
    missing_count: int = 0
    entries_behind: int = 0

    @property
    def sentence(self) -> str:
        """The proof in one sentence, in the language in use."""
        numbers = ", ".join(self.missing)
        if self.missing_count > len(self.missing):
            numbers += " …"
        words = {
            Completeness.EQUAL: _EQUAL,
            Completeness.BEHIND: _BEHIND if self.missing_count else _ENTRIES_BEHIND,
            Completeness.DIFFERENT: _DIFFERENT,
        }
        return t(words[self.verdict]).format(
            here=self.own.receipts,
            there=self.office.receipts,
            numbers=numbers,
            entries=self.entries_behind,
        )


@dataclass(frozen=True, slots=True)
class _Count:
    """The documents up to a row: how many, and the sum of their amounts due."""

    row: int = 0
    receipts: int = 0
    total_minor: int = 0


class OwnHead:
    """Counts the documents up to an entry; keep one per store, used by one thread at a time."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._counted = _Count()

    def now(self) -> TillHead:
        """Return the head at the journal's end."""
        entry = self._store.journal.head()
        if entry is None:
            raise LookupError("a store begins with an entry")
        return self._of(entry)

    def at(self, seq: int) -> TillHead | None:
        """Return the head as it was at an entry, or None where there is no such entry."""
        entry = self._store.journal.get(seq)
        return None if entry is None else self._of(entry)

    def prove(self, office: TillHead) -> HeadProof:
        """Compare with what head office has: at its own last entry, and from there to the end."""
        then, own = self.at(office.seq), self.now()
        if then is None or compare_heads(then, office) is not Completeness.EQUAL:
            return HeadProof(own, office, Completeness.DIFFERENT)
        behind = own.seq - office.seq
        if not behind:
            return HeadProof(own, office, Completeness.EQUAL)
        row = self._store.takings.told_up_to(office.seq)
        numbers = tuple(self._store.takings.numbers_of(row, NUMBERS_SHOWN))
        count = own.receipts - then.receipts
        return HeadProof(own, office, Completeness.BEHIND, numbers, count, behind)

    def _of(self, entry: "JournalEntry") -> TillHead:
        count = self._up_to(self._store.takings.told_up_to(entry.seq))
        return TillHead(
            entry.till,
            entry.epoch,
            entry.seq,
            entry.hash,
            count.receipts,
            count.total_minor,
            self._store.settings.shop().policy.currency,
        )

    def _up_to(self, row: int) -> _Count:
        """Count on from the last time, or back to an earlier row from there."""
        counted = self._counted
        first, last = sorted((counted.row, row))
        receipts, due = self._store.takings.due_of(first, last)
        sign = 1 if row >= counted.row else -1
        self._counted = _Count(
            row, counted.receipts + sign * receipts, counted.total_minor + sign * due
        )
        return self._counted


def own_head(store: "Store") -> TillHead:
    """Return the till's head at the journal's end, counted from the first document."""
    return OwnHead(store).now()

"""Whether the journal's chain is whole: hashes and order of every entry, a part at a time.

This is the quick half of `verification.verify`, which also checks signatures, documents and sums:
it finds every change of an entry that was not made with the chain after it, and every gap.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pos_app.domain.journal import GENESIS, Break, JournalEntry, chain_breaks
from pos_app.services.progress import Progress, unwatched
from pos_app.store.keys import is_signed

if TYPE_CHECKING:
    from pos_app.store.store import Store

_AT_ONCE = 500
BREAKS_MOST = 100


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """Where the chain is broken and how; `expected` is the number that should have stood there."""

    seq: int
    kind: Break
    expected: int = 0


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far the chain was checked, with the hash there, and what is broken up to there."""

    up_to: int = 0
    hash: str = GENESIS
    breaks: tuple[ChainBreak, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is broken as far as was looked."""
        return not self.breaks


def check_chain(
    store: "Store",
    known: ChainState = ChainState(),
    on_progress: Progress = unwatched,
    check: Callable[[], None] = lambda: None,
) -> ChainState:
    """Go on checking from what is known up to the journal's end; memory stays flat.

    `check` is called between parts and stops the work by raising. At most 100 breaks are kept.
    """
    state, head = known, store.journal.count()
    while True:
        check()
        entries = store.journal.entries(state.up_to, _AT_ONCE)
        if not entries or len(state.breaks) >= BREAKS_MOST:
            return state
        state = _after(state, entries)
        on_progress(min(state.up_to, head), head)


def signature_of(store: "Store", entry: JournalEntry) -> bool | None:
    """Tell whether an entry's signature is that of the till's key of its epoch; None: no key."""
    key = next((one.public_key for one in store.epochs() if one.epoch == entry.epoch), None)
    if key is None:
        return None
    try:
        return is_signed(key, entry.signature, bytes.fromhex(entry.hash))
    except ValueError:
        return False


def _after(state: ChainState, entries: list[JournalEntry]) -> ChainState:
    found = chain_breaks(entries, state.hash, state.up_to + 1)
    fresh = tuple(ChainBreak(seq, kind, expected) for seq, kind, expected in found)
    breaks = (*state.breaks, *fresh)[:BREAKS_MOST]
    return replace(state, up_to=entries[-1].seq, hash=entries[-1].hash, breaks=breaks)

"""What truly happened in a simulated world: every entry, promise and edit, for the final account.

The ledger stands outside the product: it hears of each commit of a till and of each answer of head
office, whatever those then make of it.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from pos_app.domain.journal import JournalEntry
from pos_app.sync import wire


@dataclass(frozen=True, slots=True)
class Edit:
    """Somebody changed a field; `entry` is the hash of the till's entry, empty for head office.

    Every value is drawn once only, so that a value tells which edit it came from.
    """

    kind: str
    id: str
    field: str
    before: Any
    after: Any
    entry: str = ""


@dataclass(slots=True)
class Ledger:
    """Entries by their hash, which of them head office promised to have, and all edits."""

    entries: dict[str, JournalEntry] = field(default_factory=dict)
    promised: set[str] = field(default_factory=set)
    rotten: set[str] = field(default_factory=set)  # what a till's disk gives back otherwise
    edits: list[Edit] = field(default_factory=list)
    odd: set[str] = field(default_factory=set)  # ids of documents with wrong figures

    def wrote(self, entries: list[JournalEntry]) -> None:
        """Hear what a till committed."""
        for entry in entries:
            self.entries[entry.hash] = entry

    def promise(self, push: wire.Push, pushed: wire.Pushed) -> None:
        """Hear what head office said to a push."""
        if pushed.verdict == "gap":
            return
        told = {entry.hash for entry in push.entries if entry.seq <= pushed.seq}
        self.promised |= told - self.rotten

    def payload(self, digest: str) -> dict[str, Any]:
        """Return what an entry tells."""
        told: dict[str, Any] = json.loads(self.entries[digest].payload)
        return told

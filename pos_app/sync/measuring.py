"""What there is to tell of the engine's work: the backlog, its rate, and what is to come."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain.facts import FactKind
from pos_app.store.remotes import OTHER_TILLS
from pos_app.sync import wire
from pos_app.sync.own_head import OwnHead
from pos_app.sync.pulling import Page
from pos_app.sync.pushing import Batch
from pos_app.sync.remote import HEAD_OFFICE, LAST_CONTACT
from pos_app.sync.status import Backlog, Progress, Proof, SyncPhase, SyncStatus

if TYPE_CHECKING:
    from pos_app.store.store import Store

LOG_SHOWN = 100
_TOTAL = "pull_total"
_SMOOTHING = 0.3  # the share of the latest batch in the rate
_LONGEST_BETWEEN_S = 60.0  # batches further apart say nothing about the rate


class Figures:
    """Counts along with the engine, so that a status costs a few short queries."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self.begin()

    def begin(self) -> None:
        """Forget everything, as for a new head office."""
        self.own = OwnHead(self._store)
        self._counted_from = self._counted_to = -1
        self._receipts = 0
        self._rate: float | None = None
        self._sent_at: datetime | None = None
        self._progress: Progress | None = None
        self._proof: Proof | None = None
        self.revision = 0

    def sent(self, batch: Batch, cursor: int, now: datetime) -> None:
        """Take note of a batch that head office has up to `cursor`."""
        if self._counted_from == batch.first - 1 and cursor >= self._counted_from:
            self._receipts -= batch.receipts(cursor)
            self._counted_from = cursor
        else:
            self._counted_from = -1
        before, self._sent_at = self._sent_at, now
        past_s = (now - before).total_seconds() if before is not None else 0.0
        if 0 < past_s <= _LONGEST_BETWEEN_S:
            latest = len(batch.entries) / past_s
            rate = latest if self._rate is None else self._rate
            self._rate = rate + _SMOOTHING * (latest - rate)

    def received(self, page: Page) -> None:
        """Take note of a page; how much there is in all outlives a restart."""
        if not page.left and self._progress is None:
            return
        known = self._store.remotes.value(HEAD_OFFICE, _TOTAL)
        total = max(int(known or 0), page.things + page.left) if page.left else 0
        if str(total) != (known or "0"):
            with self._store.transaction() as tx:
                tx.remotes.put(HEAD_OFFICE, **{_TOTAL: str(total)})
        self._progress = Progress(total - page.left, total) if page.left else None

    def proven(self, proof: Proof | None) -> None:
        """Take note of what comparing the heads says; None leaves what is known."""
        if proof is not None:
            self._proof = proof

    def status(self, phase: SyncPhase, detail: str, next_try: str) -> SyncStatus:
        """Return how things stand now."""
        remotes = self._store.remotes
        known = remotes.values(HEAD_OFFICE)
        tills = known.get(OTHER_TILLS) or "[]"
        return SyncStatus(
            phase,
            company=known.get("company", ""),
            shop=known.get("shop", ""),
            url=known.get("url", ""),
            detail=detail,
            backlog=self._backlog(),
            progress=self._progress,
            last_contact=known.get(LAST_CONTACT, ""),
            next_try=next_try,
            proof=self._proof,
            refusals=tuple(remotes.refusals(HEAD_OFFICE)),
            other_tills=tuple((till, at) for till, at in json.loads(tills)),
            log=tuple(remotes.log(HEAD_OFFICE, LOG_SHOWN)),
            revision=self.revision,
        )

    def _backlog(self) -> Backlog:
        cursor, head = self._store.cursors.of(HEAD_OFFICE), self._store.journal_seq
        entries = max(head - cursor, 0)
        if self._counted_from != cursor or self._counted_to > head:
            self._counted_from = self._counted_to = cursor
            self._receipts = 0
        if self._counted_to < head:
            new = self._store.journal.count_of(FactKind.SALE_COMPLETED, self._counted_to, head)
            self._receipts += new
            self._counted_to = head
        if not entries or self._rate is None:
            return Backlog(entries, self._receipts)
        estimate_s = round(entries / self._rate) if entries > wire.BATCH_ENTRIES else 0
        return Backlog(entries, self._receipts, self._rate, estimate_s)

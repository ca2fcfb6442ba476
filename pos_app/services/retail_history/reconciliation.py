"""The proof: the file read again, the store asked afresh, and both sums laid side by side."""

import heapq
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.services.retail_history.documents import (
    DocumentKind,
    HistoryDocument,
    documents_by_day,
    zone_of,
)
from pos_app.services.retail_history.lines import EXACT, HistoryLine
from pos_app.services.retail_history.report import Reconciliation, RoundingDifference
from pos_app.services.retail_history.ringing import STOCK_REASONS, moved_mark

if TYPE_CHECKING:
    from pos_app.store.store import Store

LARGEST_TOLD = 20
FAULTS_TOLD = 1_000


class Reconciler:
    """Adds up a file and, document by document, what a store holds of it."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._zone = zone_of(store.settings.shop())
        self._moved = store.stock.notes(*STOCK_REASONS)
        self._lines = 0
        self._file = Decimal(0)
        self._refused = Decimal(0)
        self._held = Decimal(0)
        self._missing: list[str] = []
        self._different: list[str] = []
        self._rounding_count = 0
        self._rounding_sum = Decimal(0)
        self._largest: list[tuple[Decimal, str, RoundingDifference]] = []

    def reconcile(self, lines: Iterable[HistoryLine]) -> Reconciliation:
        """Compare every document of the file with the store; `lines` must come in day order."""
        for documents in documents_by_day(self._counted(line) for line in lines):
            self._compare(documents)
        largest = sorted(self._largest, reverse=True)
        return Reconciliation(
            lines=self._lines,
            sum_file=self._file,
            sum_store=self._held,
            sum_refused=self._refused,
            missing=tuple(self._missing),
            different=tuple(self._different),
            rounding_count=self._rounding_count,
            rounding_sum=self._rounding_sum,
            largest_rounding=tuple(one for _, _, one in largest),
        )

    def _counted(self, line: HistoryLine) -> HistoryLine:
        self._lines += 1
        self._file = EXACT.add(self._file, line.amount)
        if line.refusal is not None:
            self._refused = EXACT.add(self._refused, line.amount)
        return line

    def _compare(self, documents: list[HistoryDocument]) -> None:
        sums = self._store.sales.exact_sums([document.id for document in documents])
        for document in documents:
            if document.kind is DocumentKind.STOCK:
                if moved_mark(document, self._zone) not in self._moved:
                    _tell(self._missing, document.invoice)
                continue
            held = sums.get(document.id)
            if held is None:
                _tell(self._missing, document.invoice)
                continue
            self._held = EXACT.add(self._held, held.amount)
            exact = sum((line.amount for line in document.lines), Decimal(0))
            if held.amount != exact or held.line_count != len(document.lines):
                _tell(self._different, document.invoice)
            rounded = RoundingDifference(
                document.invoice, held.number, held.amount, held.net.amount
            )
            self._note_rounding(rounded)

    def _note_rounding(self, rounded: RoundingDifference) -> None:
        if not rounded.difference:
            return
        self._rounding_count += 1
        self._rounding_sum += rounded.difference
        ranked = (abs(rounded.difference), rounded.number, rounded)
        if len(self._largest) < LARGEST_TOLD:
            heapq.heappush(self._largest, ranked)
        else:
            heapq.heappushpop(self._largest, ranked)


def _tell(names: list[str], invoice: str) -> None:
    if len(names) < FAULTS_TOLD:
        names.append(invoice)

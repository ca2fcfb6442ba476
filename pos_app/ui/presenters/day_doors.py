"""Where the day screen reads its figures, and what it may ask of the rest of the till."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.day_figures import ReceiptQuery
from pos_app.domain.day_review import DayReview
from pos_app.domain.report_period import ReportPeriod
from pos_app.services import day_review as reviews
from pos_app.services.day_evidence import Evidence, evidence_of
from pos_app.store.day_evidence import Place

if TYPE_CHECKING:
    from pos_app.store.sales import SaleSummary
    from pos_app.store.store import Store


class DayFigures(Protocol):
    """Where the figures of a period come from; everything is read in another thread."""

    def review(
        self,
        period: ReportPeriod,
        currency: str | None,
        compared: ReportPeriod,
        now: datetime,
        check: Callable[[], None],
    ) -> DayReview:
        """Return everything about a period; `check` raises once nobody wants it any more."""

    def receipts(self, query: ReceiptQuery, after: str, limit: int) -> "Sequence[SaleSummary]":
        """Return the receipts behind a figure, the latest first."""

    def evidence(self, query: ReceiptQuery, after: Place, limit: int) -> Sequence[Evidence]:
        """Return every single time behind an exception that is no document, the latest first."""

    def currencies(self, period: ReportPeriod) -> Sequence[str]:
        """Return in which currencies something was sold, the shop's own first."""


@dataclass(frozen=True, slots=True)
class StoredFigures:
    """The figures of a till's own store."""

    store: "Store"

    def review(
        self,
        period: ReportPeriod,
        currency: str | None,
        compared: ReportPeriod,
        now: datetime,
        check: Callable[[], None],
    ) -> DayReview:
        """Return everything about a period."""
        return reviews.review_day(self.store, period, currency, compared, now=now, check=check)

    def receipts(self, query: ReceiptQuery, after: str, limit: int) -> "Sequence[SaleSummary]":
        """Return the receipts behind a figure, the latest first."""
        return reviews.receipts_of(self.store, query, after, limit)

    def evidence(self, query: ReceiptQuery, after: Place, limit: int) -> Sequence[Evidence]:
        """Return every single time behind an exception that is no document, the latest first."""
        return evidence_of(self.store, query, after, limit)

    def currencies(self, period: ReportPeriod) -> Sequence[str]:
        """Return in which currencies something was sold, the shop's own first."""
        return reviews.currencies_of(self.store, period)


@dataclass(frozen=True, slots=True)
class DayDoors:
    """What the day screen may ask of the rest of the till.

    `hidden_from` is the first day whose takings whoever is at the till may not see before the
    drawer is counted, None for no such day. `screens` are those that can be opened;
    `open_entry` shows an entry in the journal.
    """

    open_receipt: Callable[[str], None] = lambda _id: None
    open_screen: Callable[[str], None] = lambda _key: None
    screens: frozenset[str] = frozenset()
    hidden_from: Callable[[], date | None] = lambda: None
    open_entry: Callable[[int], None] = lambda _seq: None
    print_added: Callable[[Sequence[str]], None] = lambda _printers: None

"""What is behind a figure, read page by page: which was asked for last is what is shown."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pos_app.domain.day_figures import ReceiptQuery
from pos_app.domain.report_period import ReportPeriod
from pos_app.services.day_evidence import Evidence
from pos_app.store.day_evidence import LAST, Place
from pos_app.texts import t
from pos_app.ui.presenters.background_work import RunWork, Stoppable
from pos_app.ui.presenters.day_doors import DayFigures
from pos_app.ui.presenters.day_evidence import Told, evidence_about, evidence_row, told
from pos_app.ui.presenters.day_state import PanelView, Target
from pos_app.ui.presenters.day_writing import DayWriting
from pos_app.ui.presenters.fact_told import FactWriter
from pos_app.ui.presenters.receipt_fate import kind_of
from pos_app.ui.views import TableRow, Tone

if TYPE_CHECKING:
    from pos_app.store.sales import SaleSummary

PAGE = 100


class DayPanel:
    """Keeps what is in the panel, receipts or single times, and reads more of it elsewhere."""

    def __init__(
        self,
        figures: DayFigures,
        writer: Callable[[], FactWriter],
        run: RunWork,
        on_change: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._figures = figures
        self._writer = writer
        self._run = run
        self._on_change = on_change
        self._failed = failed
        self._target: Target | None = None
        self._found: list[SaleSummary] = []
        self._told: list[Told] = []
        self._has_more = False
        self._job: Stoppable | None = None
        self._is_reading = False
        self._serial = 0

    def open(self, target: Target) -> None:
        """Read the first page behind a figure, in place of what the panel holds."""
        self.close()
        self._target = target
        self.more()

    def close(self) -> None:
        """Let go of everything."""
        if self._job is not None:
            self._job.cancel()
        self._job, self._is_reading, self._target = None, False, None
        self._found, self._told, self._has_more = [], [], False

    def more(self) -> None:
        """Read the next page."""
        query = None if self._target is None else self._target.query
        if query is None or self._is_reading:
            return
        self._is_reading = True
        if _has_evidence(query):
            place = self._told[-1][0].place if self._told else LAST
            self._job = self._run(lambda _working: self._times(query, place), self._tell, self._end)
        else:
            last = self._found[-1].id if self._found else ""
            self._job = self._run(
                lambda _working: self._figures.receipts(query, last, PAGE), self._take, self._end
            )

    def evidence(self, key: str) -> Evidence | None:
        """Return what a row tells of, None where there is no such row."""
        place = int(key) if key.isdecimal() else len(self._told)
        return self._told[place][0] if place < len(self._told) else None

    def view(self, say: DayWriting, period: ReportPeriod) -> PanelView | None:
        """Return what the panel shows, None while it is closed."""
        if self._target is None:
            return None
        is_first = self._is_reading and not self._found and not self._told
        tells = self._target.query is not None and _has_evidence(self._target.query)
        return PanelView(
            title=self._target.title,
            about=self._about(say, tells=tells, is_first=is_first),
            rows=tuple(_row(one, say, period) for one in self._found),
            has_more=self._has_more,
            is_reading=is_first,
            screen=self._target.screen,
            screen_word=self._target.screen_word,
            serial=self._serial,
            is_dated=period.days > 1,
            evidence=tuple(
                evidence_row(place, one, say, period) for place, one in enumerate(self._told)
            ),
            more_word=t("Show more") if tells else t("More receipts"),
        )

    def _times(self, query: ReceiptQuery, after: Place) -> list[Told]:
        return told(self._figures.evidence(query, after, PAGE), self._writer)

    def _tell(self, found: list[Told]) -> None:
        self._told += found
        self._taken(len(found))

    def _take(self, found: "Sequence[SaleSummary]") -> None:
        self._found += found
        self._taken(len(found))

    def _taken(self, count: int) -> None:
        self._is_reading = False
        self._has_more = count == PAGE
        self._serial += 1
        self._on_change()

    def _end(self, error: Exception) -> None:
        self._is_reading = False
        self._serial += 1
        self._failed(error)

    def _about(self, say: DayWriting, *, tells: bool, is_first: bool) -> str:
        if is_first:
            return t("Reading …")
        if tells:
            return evidence_about(len(self._told), say, has_more=self._has_more)
        if not self._found:
            return t("No receipt belongs to this.")
        count = say.count(len(self._found))
        if self._has_more:
            return t("The latest {count} receipts").format(count=count)
        if len(self._found) == 1:
            return t("1 receipt")
        return t("{count} receipts").format(count=count)


def _has_evidence(query: ReceiptQuery) -> bool:
    return query.watched is not None and not query.watched.is_document


def _row(one: "SaleSummary", say: DayWriting, period: ReportPeriod) -> TableRow:
    cells = (
        one.number,
        say.moment(one.at, period),
        one.staff or kind_of(one),
        say.money(one.gross),
    )
    return TableRow(one.id, cells, Tone.DANGER if one.gross.minor < 0 else Tone.PLAIN)

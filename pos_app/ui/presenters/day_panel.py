"""The receipts behind a figure, read page by page: which was asked for last is what is shown."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pos_app.domain.day_figures import ReceiptQuery
from pos_app.domain.report_period import ReportPeriod
from pos_app.texts import t
from pos_app.ui.presenters.background_work import RunWork, Stoppable
from pos_app.ui.presenters.day_state import PanelView, Target
from pos_app.ui.presenters.day_writing import DayWriting
from pos_app.ui.presenters.receipt_fate import kind_of
from pos_app.ui.views import TableRow, Tone

if TYPE_CHECKING:
    from pos_app.store.sales import SaleSummary

PAGE = 100
ReadReceipts = Callable[[ReceiptQuery, str, int], "Sequence[SaleSummary]"]


class DayPanel:
    """Keeps the receipts that are in the panel and reads more of them elsewhere."""

    def __init__(
        self,
        read: ReadReceipts,
        run: RunWork,
        on_change: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._read = read
        self._run = run
        self._on_change = on_change
        self._failed = failed
        self._target: Target | None = None
        self._found: list[SaleSummary] = []
        self._has_more = False
        self._job: Stoppable | None = None
        self._is_reading = False
        self._serial = 0

    def open(self, target: Target) -> None:
        """Read the first receipts behind a figure, in place of what the panel holds."""
        self.close()
        self._target = target
        self.more()

    def close(self) -> None:
        """Let go of the receipts."""
        if self._job is not None:
            self._job.cancel()
        self._job, self._is_reading, self._target = None, False, None
        self._found, self._has_more = [], False

    def more(self) -> None:
        """Read the next receipts."""
        query = None if self._target is None else self._target.query
        if query is None or self._is_reading:
            return
        after = self._found[-1].id if self._found else ""

        def done(found: "Sequence[SaleSummary]") -> None:
            self._is_reading = False
            self._found += found
            self._has_more = len(found) == PAGE
            self._serial += 1
            self._on_change()

        def failed(error: Exception) -> None:
            self._is_reading = False
            self._serial += 1
            self._failed(error)

        self._is_reading = True
        self._job = self._run(lambda _working: self._read(query, after, PAGE), done, failed)

    def view(self, say: DayWriting, period: ReportPeriod) -> PanelView | None:
        """Return what the panel shows, None while it is closed."""
        if self._target is None:
            return None
        rows = tuple(_row(one, say, period) for one in self._found)
        is_first = self._is_reading and not rows
        return PanelView(
            self._target.title,
            self._about(say, is_first=is_first),
            rows,
            self._has_more,
            is_first,
            self._target.screen,
            self._target.screen_word,
            self._serial,
            period.days > 1,
        )

    def _about(self, say: DayWriting, *, is_first: bool) -> str:
        if is_first:
            return t("Reading …")
        if not self._found:
            return t("No receipt belongs to this.")
        count = say.count(len(self._found))
        if self._has_more:
            return t("The latest {count} receipts").format(count=count)
        if len(self._found) == 1:
            return t("1 receipt")
        return t("{count} receipts").format(count=count)


def _row(one: "SaleSummary", say: DayWriting, period: ReportPeriod) -> TableRow:
    cells = (
        one.number,
        say.moment(one.at, period),
        one.staff or kind_of(one),
        say.money(one.gross),
    )
    return TableRow(one.id, cells, Tone.DANGER if one.gross.minor < 0 else Tone.PLAIN)

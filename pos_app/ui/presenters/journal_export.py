"""Taking the journal out: for an auditor, for the tax office, or what was found as a list."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.report_period import ReportPeriod, period_of
from pos_app.services.journal_reading import Asked, Turns, find_all
from pos_app.spreadsheets.table import TableFormat
from pos_app.spreadsheets.writing import open_writer
from pos_app.texts import t
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.fact_sentences import sentence_of_entry
from pos_app.ui.presenters.fact_told import FactWriter
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.refusals import bare, isolated, sentence_of

if TYPE_CHECKING:
    from pos_app.store.store import Store

AUDITOR, FISCAL, LIST = "auditor", "dsfinvk", "csv"


class JournalExport:
    """Writes one file after the other elsewhere, and says what is in it."""

    def __init__(
        self,
        store: "Store",
        run: RunWork,
        now: Callable[[], datetime],
        board: NoticeBoard,
        on_change: Callable[[], None],
    ) -> None:
        self._store = store
        self._run = run
        self._now = now
        self._board = board
        self._on_change = on_change
        self._job: Stoppable | None = None
        self.busy = ""

    def suggested_name(self, what: str) -> str:
        """Return a file's name for one of the exports."""
        till = self._store.identity.till
        day = self._now().date().isoformat()
        return {
            AUDITOR: f"audit-{till}-{day}.zip",
            FISCAL: f"dsfinvk-{till}-{day}.zip",
            LIST: f"{t('Journal')} {day}.csv",
        }[what]

    def save(
        self, what: str, path: Path, asked: Asked, turns: Turns | None, write: FactWriter
    ) -> None:
        """Write an export to a path; the days of `asked` narrow each of them."""
        if self._job is not None:
            return
        self._board.forget_the_moment()
        works: dict[str, Callable[[Working], str]] = {
            AUDITOR: lambda working: self._audit(path, _period(asked, self._now()), working),
            FISCAL: lambda working: self._fiscal(path, _period(asked, self._now()), working),
            LIST: lambda working: self._list(path, asked, turns, write, working),
        }

        def done(told: str) -> None:
            self._job, self.busy = None, ""
            self._board.tell(told)
            self._on_change()

        def failed(error: Exception) -> None:
            self._job, self.busy = None, ""
            if not isinstance(error, PosError):
                raise error
            self._board.refuse(sentence_of(error, write.amounts))
            self._on_change()

        def progress(count: int, total: int) -> None:
            percent = 100 * count // total if total else 0
            self.busy = t("Writing {name}: {percent}").format(
                name=isolated(path.name), percent=f"{percent} %"
            )
            self._on_change()

        self.busy = t("Writing {name} …").format(name=isolated(path.name))
        self._on_change()
        job = self._run(works[what], done, failed, progress)
        self._job = job if self.busy else None

    def stop(self) -> None:
        """Give up what is being written."""
        if self._job is not None:
            self._job.cancel()
            self._job, self.busy = None, ""
            self._on_change()

    def _audit(self, path: Path, period: ReportPeriod | None, working: Working) -> str:
        from pos_app.services.auditor_export import export_for_auditor  # noqa: PLC0415 - seldom

        made = export_for_auditor(self._store, path, period, working.report)
        told = t("{entries} entries and {documents} receipts are in {name}, with their verifier.")
        return told.format(entries=made.entries, documents=made.documents, name=isolated(path.name))

    def _fiscal(self, path: Path, period: ReportPeriod | None, working: Working) -> str:
        from pos_app.services.dsfinvk.cross_sums import cross_sum_faults  # noqa: PLC0415 - seldom
        from pos_app.services.dsfinvk_export import export_dsfinvk  # noqa: PLC0415 - as above

        made = export_dsfinvk(self._store, path, period, working.report)
        faults = cross_sum_faults(path)
        told = t("{closings} closings with {receipts} receipts are in {name}.").format(
            closings=made.closings, receipts=made.receipts, name=isolated(path.name)
        )
        agrees = t("All sums agree.") if not faults else t("These sums do not agree: {faults}")
        return f"{told} {agrees.format(faults='; '.join(faults[:3]))}"

    def _list(
        self, path: Path, asked: Asked, turns: Turns | None, write: FactWriter, working: Working
    ) -> str:
        count, total = 0, self._store.journal.count()
        names = (t("Entry"), t("Time"), t("Kind"), t("Cashier"), t("What was written"))
        with open_writer(path, TableFormat.CSV) as table:
            table.write((*names, t("Hash"), t("Raw text")))
            for entry in find_all(self._store, asked, turns, working.stop_if_cancelled):
                said = bare(sentence_of_entry(entry, write))
                cells = (entry.seq, entry.at, entry.kind, entry.staff, said)
                table.write((*cells, entry.hash, entry.payload))
                count += 1
                if count % 500 == 0:
                    working.report(total - entry.seq, total)
        told = t("{count} entries are in {name}.")
        return told.format(count=write.amounts.count(count), name=isolated(path.name))


def _period(asked: Asked, now: datetime) -> ReportPeriod | None:
    if asked.start is None and asked.end is None:
        return None
    return period_of(asked.start or date(2000, 1, 1), asked.end or now.date())

"""Many documents in a row: what was chosen, how far it is, and what could not be made."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.config import read_paper_printer, write_paper_printer
from pos_app.domain.errors import PosError
from pos_app.services.checkout import utc_now
from pos_app.services.document_batch import (
    BatchReport,
    Chosen,
    Deliver,
    Failed,
    into_folder,
    make_all,
)
from pos_app.services.document_files import FileForm, Paper, file_name
from pos_app.services.document_records import INVOICE, SALES_RETURN
from pos_app.services.paper_press import PaperPress
from pos_app.services.time_zones import business_day
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat, amount_format
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.document_paper import PrintPdf, sentences_of
from pos_app.ui.presenters.refusals import isolated, sentence_of

if TYPE_CHECKING:
    from pos_app.store.store import Store

_SHOWN_MOST = 200


@dataclass(frozen=True, slots=True)
class BatchState:
    """Everything on the sheet; `failures` is a line for each document that could not be made."""

    counted: str = ""
    count: int = 0
    forms: tuple[FileForm, ...] = (FileForm.PDF,)
    offers_e_invoices: bool = False
    offers_reminders: bool = False
    is_running: bool = False
    is_stopping: bool = False
    done: int = 0
    total: int = 0
    told: str = ""
    problem: str = ""
    failures: tuple[str, ...] = ()
    folder: Path | None = None
    printer: str = ""


class BatchPresenter:
    """Makes chosen documents in a process of their own, while the till sells on."""

    def __init__(
        self,
        store: "Store",
        chosen: Chosen,
        run: RunWork,
        on_state: Callable[[BatchState], None],
        print_pdf: PrintPdf,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._now = now
        self._store = store
        self._chosen = chosen
        self._run = run
        self._on_state = on_state
        self._print_pdf = print_pdf
        self._is_stopped = False
        self._running: Stoppable | None = None
        count = (
            len(chosen.ids)
            if chosen.every is None
            else store.documents.count(chosen.record, chosen.every)
        )
        counted = t("{count} documents").format(count=self._amounts().count(count))
        self._state = BatchState(
            counted=counted,
            count=count,
            offers_e_invoices=chosen.record in (INVOICE.name, SALES_RETURN.name),
            offers_reminders=chosen.record == INVOICE.name,
            printer=read_paper_printer(store.path),
        )

    @property
    def state(self) -> BatchState:
        """What the sheet shows now."""
        return self._state

    def choose_forms(self, *forms: FileForm) -> None:
        """Choose what each document is written as."""
        self._put(forms=forms)

    def save_into(self, folder: Path) -> None:
        """Write all of them into a folder; no file there is replaced."""
        self._put(folder=folder)
        self._begin(into_folder(folder), self._state.forms)

    def print_on(self, printer: str) -> None:
        """Print all of them."""

        def deliver(document: Paper, form: FileForm, content: bytes) -> None:
            title = file_name(document, form).removesuffix(".pdf")
            self._print_pdf(content, printer, title)

        write_paper_printer(self._store.path, printer)
        self._put(printer=printer, folder=None)
        is_letter = self._state.forms == (FileForm.REMINDER,)
        self._begin(deliver, self._state.forms if is_letter else (FileForm.PDF,))

    def stop(self) -> bool:
        """Stop after the document in hand; tell whether anything was running."""
        if not self._state.is_running:
            return False
        self._is_stopped = True
        self._put(is_stopping=True)
        return True

    def _begin(self, deliver: Deliver, forms: tuple[FileForm, ...]) -> None:
        if self._state.is_running:
            return
        self._is_stopped = False
        store, chosen = self._store, self._chosen

        def work(working: Working) -> BatchReport:
            with PaperPress() as press:
                return make_all(
                    store,
                    chosen,
                    press,
                    deliver,
                    forms,
                    day=business_day(self._now(), store.settings.shop()),
                    on_progress=working.report,
                    is_stopped=lambda: self._is_stopped,
                )

        self._put(is_running=True, done=0, total=0, told="", problem="", failures=())
        self._running = self._run(work, self._ended, self._failed, self._moved)

    def _moved(self, done: int, total: int) -> None:
        self._put(done=done, total=total)

    def _ended(self, report: BatchReport) -> None:
        amounts = self._amounts()
        counts = {"done": amounts.count(report.done), "total": amounts.count(report.total)}
        if report.was_stopped:
            told = t("Stopped: {done} of {total} are done.").format(**counts)
        elif report.failed:
            told = t("{done} of {total} are done. The others are listed below with their reason.")
            told = told.format(**counts)
        else:
            told = t("All {total} are done.").format(**counts)
        shown = tuple(_line(one, amounts) for one in report.failed[:_SHOWN_MOST])
        more = len(report.failed) - len(shown)
        if more > 0:
            shown += (t("… and {count} more").format(count=amounts.count(more)),)
        self._put(is_running=False, is_stopping=False, told=told, failures=shown)

    def _failed(self, error: Exception) -> None:
        self._put(is_running=False, is_stopping=False)
        if not isinstance(error, PosError):
            raise error
        self._put(problem=sentence_of(error, self._amounts()))

    def _amounts(self) -> AmountFormat:
        return amount_format(self._store.settings.shop())

    def _put(self, **values: object) -> None:
        self._state = replace(self._state, **values)  # type: ignore[arg-type]
        self._on_state(self._state)


def _line(failed: Failed, amounts: AmountFormat) -> str:
    sentence = " ".join(sentences_of(failed.refusal, amounts))
    return f"{isolated(failed.number)}: {sentence}" if failed.number else sentence

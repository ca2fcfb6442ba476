"""What can be done with the paper of a document: look, print, save, open, e-invoice."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.config import read_paper_printer, write_paper_printer
from pos_app.domain.errors import PosError
from pos_app.services.checkout import utc_now
from pos_app.services.document_files import (
    EInvoiceLacks,
    FileForm,
    MakePaper,
    Paper,
    can_be_e_invoice,
    can_be_reminded,
    file_name,
    made,
    paper_order,
    write_file,
)
from pos_app.services.time_zones import business_day
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat, amount_format
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.refusals import isolated, sentence_of

if TYPE_CHECKING:
    from pos_app.store.store import Store

# Prints a PDF on a printer that the system knows, under a title; raises PrinterError.
PrintPdf = Callable[[bytes, str, str], None]


def sentences_of(refusal: PosError, amounts: AmountFormat) -> list[str]:
    """Return why a paper cannot be made; of an e-invoice all that it lacks."""
    faults = refusal.faults if isinstance(refusal, EInvoiceLacks) else (refusal,)
    return [sentence_of(fault, amounts) for fault in faults]


@dataclass(frozen=True, slots=True)
class PaperState:
    """What stands beside a document; `printer` is the one that was used last."""

    has_paper: bool = False
    can_e_invoice: bool = False
    can_remind: bool = False
    is_working: bool = False
    told: str = ""
    problem: str = ""
    printer: str = ""


class PaperPresenter:
    """Makes papers elsewhere and says how it went."""

    def __init__(
        self,
        store: "Store",
        run: RunWork,
        on_state: Callable[[PaperState], None],
        print_pdf: PrintPdf,
        make: MakePaper = made,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._now = now
        self._run = run
        self._on_state = on_state
        self._print_pdf = print_pdf
        self._make = make
        self._working: Stoppable | None = None
        self._document: Paper | None = None
        self._state = PaperState(printer=read_paper_printer(store.path))

    @property
    def state(self) -> PaperState:
        """What is shown now."""
        return self._state

    @property
    def document(self) -> Paper | None:
        """The document whose paper it is."""
        return self._document

    def show(self, document: Paper | None) -> None:
        """Take up another document, or its new state."""
        before, self._document = self._document, document
        now = PaperState(
            has_paper=document is not None,
            can_e_invoice=document is not None and can_be_e_invoice(document),
            can_remind=document is not None and can_be_reminded(document),
            printer=self._state.printer,
        )
        if before is not None and document is not None and before.head.id == document.head.id:
            told, problem = self._state.told, self._state.problem  # they are about this one
            now = replace(now, told=told, problem=problem, is_working=self._state.is_working)
        self._state = now
        self._on_state(now)

    def suggested(self, form: FileForm = FileForm.PDF) -> str:
        """Return what its file is called."""
        return "" if self._document is None else file_name(self._document, form)

    def look(self, done: Callable[[bytes], None], form: FileForm = FileForm.PDF) -> None:
        """Make the paper and hand it over."""
        self._begin(lambda pdf: pdf, done, form)

    def save(self, path: Path, form: FileForm = FileForm.PDF) -> None:
        """Write it to a file that the user has chosen."""

        def write(content: bytes) -> Path:
            write_file(path, content)
            return path

        self._begin(write, self._saved, form)

    def open_in(self, folder: Path, done: Callable[[Path], None]) -> None:
        """Write it into a folder of ours for another program to show."""
        name = self.suggested()

        def write(content: bytes) -> Path:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            write_file(path, content)
            return path

        self._begin(write, done)

    def print_on(self, printer: str, form: FileForm = FileForm.PDF) -> None:
        """Print it, and use the same printer the next time."""
        title = self.suggested(form).removesuffix(".pdf")

        def send(content: bytes) -> str:
            self._print_pdf(content, printer, title)
            return printer

        self._begin(send, self._printed, form)

    def _begin(
        self,
        use: Callable[[bytes], object],
        done: Callable[..., None],
        form: FileForm = FileForm.PDF,
    ) -> None:
        document, store = self._document, self._store
        if document is None:
            return
        today = business_day(self._now(), store.settings.shop())
        if self._working is not None:
            self._working.cancel()

        def work(working: Working) -> object:
            content = self._make(paper_order(store, document, form, today))
            working.stop_if_cancelled()
            return use(content)

        def ended(result: object) -> None:
            self._working = None
            self._put(is_working=False, told="")
            done(result)

        self._put(is_working=True, told=t("The paper is being made …"), problem="")
        self._working = self._run(work, ended, self._failed)

    def _saved(self, path: Path) -> None:
        self._put(told=t("Saved as {name}.").format(name=isolated(path.name)))

    def _printed(self, printer: str) -> None:
        write_paper_printer(self._store.path, printer)
        told = t("It goes to the printer {name}.").format(name=isolated(printer))
        self._put(told=told, printer=printer)

    def _failed(self, error: Exception) -> None:
        self._working = None
        if not isinstance(error, PosError):
            self._put(is_working=False, told="")
            raise error
        amounts = amount_format(self._store.settings.shop())
        self._put(is_working=False, told="", problem="\n".join(sentences_of(error, amounts)))

    def _put(self, **values: object) -> None:
        self._state = replace(self._state, **values)  # type: ignore[arg-type]
        self._on_state(self._state)

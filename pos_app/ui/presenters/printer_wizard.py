"""Setting a printer up by questions: find it, look at its strip, answer, and it is on the list."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pos_app.domain.errors import PosError
from pos_app.domain.shop import PrinterKind, PrinterSettings, ShopSettings
from pos_app.domain.tax import Tax
from pos_app.services.printer_setup import (
    check_printer,
    find_printers,
    print_test_page,
    receipt_picture,
    sample_sale,
)
from pos_app.services.printer_trial import (
    Strip,
    open_drawer,
    print_strip,
    scan_network,
    why_silent,
    why_strange,
)
from pos_app.texts import t
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.printer_answers import STRANGE, Step, Trial, answered, found, sent
from pos_app.ui.presenters.printer_questions import WizardChoice, WizardPage, kind_icon, page_of
from pos_app.ui.presenters.printer_words import free_name
from pos_app.ui.presenters.refusals import sentence_of

if TYPE_CHECKING:
    from pos_app.printing.discovery import Found

SCAN = "scan"


@dataclass(frozen=True, slots=True)
class WizardState:
    """Everything in the window: a page with its question, and what goes on meanwhile."""

    page: WizardPage
    problem: str = ""
    is_busy: bool = False
    busy_text: str = ""
    done: int = 0
    total: int = 0
    can_go_back: bool = False
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the wizard works with; tests give their own."""

    find: "Callable[[], list[Found]]" = find_printers
    scan: "Callable[..., list[Found]]" = scan_network
    print_strip: Callable[..., Strip] = print_strip
    open_drawer: Callable[..., None] = open_drawer
    print_page: Callable[..., bytes | None] = print_test_page
    draw: Callable[..., bytes] = receipt_picture


class PrinterWizard:
    """`save(printer)` puts it on the list and returns what is wrong, if anything."""

    def __init__(
        self,
        shop: ShopSettings,
        taxes: tuple[Tax, ...],
        run: RunWork,
        on_state: Callable[[WizardState], None],
        now: Callable[[], datetime],
        *,
        save: Callable[[PrinterSettings], str],
        tools: Tools | None = None,
    ) -> None:
        self._shop = shop
        self._taxes = taxes
        self._run = run
        self._on_state = on_state
        self._now = now
        self._save = save
        self._tools = tools or Tools()
        self._trial = Trial()
        self._before: list[Trial] = []
        self._found: list[Found] = []
        self._has_searched = False
        self._strip = Strip()
        self._job: Stoppable | None = None
        self._state = WizardState(page_of(self._trial, self._strip))

    @property
    def state(self) -> WizardState:
        """What the window shows now."""
        return self._state

    @property
    def printer(self) -> PrinterSettings:
        """What is known of the printer so far."""
        return self._trial.printer

    def begin(self) -> None:
        """Look for printers at once."""
        self._work(t("Looking for printers …"), lambda _w: self._tools.find(), self._take_found)

    def scan(self) -> None:
        """Ask every address of the local network, on request only."""

        def work(working: Working) -> "list[Found]":
            return self._tools.scan(working.report, working.stop_if_cancelled)

        self._work(t("Asking every address of the network …"), work, self._take_found)

    def choose(self, key: str) -> None:
        """Take an answer: a printer that was found, or what was seen."""
        if self._state.is_busy and self._trial.step is not Step.FIND:
            return
        if self._trial.step is Step.FIND:
            if key == SCAN:
                self.scan()
            else:
                one = self._found[int(key)]
                self._take(one.kind, one.target, one.name)
        elif self._trial.step is not Step.DONE:
            answers = dict(self._strip.page_of)
            self._go(answered(self._trial, key, answers))

    def enter(self, address: str) -> None:
        """Take an address that was typed."""
        self._take(PrinterKind.NETWORK, address.strip(), t("Printer"))

    def back(self) -> None:
        """Return to the question before."""
        self._cancel()
        if self._before:
            self._trial = self._before.pop()
            self._show(problem="", is_busy=False)

    def try_again(self) -> None:
        """Print the sample receipt once more."""
        if self._trial.step is Step.DONE and not self._state.is_busy:
            self._print_sample()

    def stop(self) -> None:
        """Let go of what still runs: the window closes."""
        self._cancel()

    def _take(self, kind: PrinterKind, target: str, name: str) -> None:
        taken = [printer.name for printer in self._shop.printers]
        trial = found(self._trial, kind, target, free_name(name[:40], taken))
        try:
            check_printer(trial.printer)
        except PosError as refusal:
            self._show(problem=sentence_of(refusal))
            return
        self._go(trial)

    def _go(self, trial: Trial) -> None:
        """Turn to the next page; what asks nothing is done at once."""
        self._cancel()
        if self._trial.step not in (Step.STRIP, Step.PULSE):
            self._before.append(self._trial)
        self._trial = trial
        self._show(problem=self._trouble(), is_busy=False)
        if trial.step is Step.STRIP:
            self._print_strip()
        elif trial.step is Step.PULSE:
            self._pulse()
        elif trial.step is Step.DONE:
            self._finish()

    def _trouble(self) -> str:
        if self._trial.step is not Step.TROUBLE:
            return ""
        strange = self._trial.trouble == STRANGE
        return sentence_of(why_strange() if strange else why_silent(self._trial.printer))

    def _print_strip(self) -> None:
        shop, printer = self._shop, self._trial.printer

        def done(strip: Strip) -> None:
            self._strip = strip
            self._trial = sent(self._trial)
            self._show(is_busy=False)

        self._work(
            t("A strip is printed …"), lambda _w: self._tools.print_strip(shop, printer), done
        )

    def _pulse(self) -> None:
        printer = self._trial.printer

        def done(_nothing: None) -> None:
            self._trial = sent(self._trial)
            self._show(is_busy=False)

        self._work(t("The drawer is told to open …"), lambda _w: self._open(printer), done)

    def _open(self, printer: PrinterSettings) -> None:
        self._tools.open_drawer(printer)

    def _finish(self) -> None:
        problem = self._save(self._trial.printer)
        if problem:
            self._show(problem=problem)
            return
        self._print_sample()

    def _print_sample(self) -> None:
        shop, printer, at = self._shop, self._trial.printer, self._now()
        shut = replace(printer, kicks_drawer=False)  # The drawer has been tried.

        def work(_working: Working) -> bytes:
            self._tools.print_page(shop, shut, self._taxes, at)
            return self._tools.draw(sample_sale(shop, self._taxes, at), shop, printer)

        self._work(
            t("A sample receipt is printed …"),
            work,
            lambda picture: self._show(is_busy=False, picture=picture),
        )

    def _take_found(self, ones: "list[Found]") -> None:
        known = {(one.kind, one.target) for one in self._found}
        self._found += [one for one in ones if (one.kind, one.target) not in known]
        self._has_searched = True
        self._show(is_busy=False, done=0, total=0)

    def _work(self, text: str, work: Callable[[Working], Any], done: Callable[[Any], None]) -> None:
        self._cancel()
        self._show(is_busy=True, busy_text=text, problem="", done=0, total=0)
        self._job = self._run(work, done, self._failed, self._progressed)

    def _progressed(self, done: int, total: int) -> None:
        self._show(done=done, total=total)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, PosError):
            self._show(is_busy=False)
            raise error
        if self._trial.step is Step.STRIP:
            self._trial = replace(self._trial, step=Step.TROUBLE)
        elif self._trial.step is Step.PULSE:
            self._trial = self._before.pop()
        self._show(is_busy=False, problem=sentence_of(error))

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _show(self, **values: Any) -> None:
        page = page_of(self._trial, self._strip)
        if self._trial.step is Step.FIND:
            page = replace(page, choices=self._found_choices())
        can_go_back = bool(self._before) and self._trial.step is not Step.DONE
        self._state = replace(self._state, page=page, can_go_back=can_go_back, **values)
        self._on_state(self._state)

    def _found_choices(self) -> tuple[WizardChoice, ...]:
        ones = tuple(
            WizardChoice(str(place), one.name, one.target, kind_icon(one.kind))
            for place, one in enumerate(self._found)
        )
        if not self._has_searched:
            return ones
        word = t("Search the whole network")
        text = t("Asks every address beside this till. Takes a few seconds.")
        return (*ones, WizardChoice(SCAN, word, text, "search"))

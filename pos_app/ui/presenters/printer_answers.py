"""What the answers about a printer's strip say about the printer, one question after the other."""

from dataclasses import dataclass, replace
from enum import StrEnum

from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing.printer_profile import ASCII
from pos_app.services.printer_trial import paper_width_mm

# Pin and length (ms) of the pulses that are tried: most drawers open at the first.
PULSES = ((2, 100), (5, 100), (2, 200), (5, 200))
SPEEDS = (9600, 19200, 38400, 115200)
YES, NO = "yes", "no"
NOTHING, STRANGE = "nothing", "strange"
NONE = "none"


class Step(StrEnum):
    """The pages, in their order; STRIP and PULSE send something and ask nothing."""

    FIND = "find"
    STRIP = "strip"
    WIDTH = "width"
    LETTERS = "letters"
    CUT = "cut"
    DRAWER = "drawer"
    PULSE = "pulse"
    OPENED = "opened"
    DONE = "done"
    TROUBLE = "trouble"


_NOBODY = PrinterSettings(name="", kind=PrinterKind.NETWORK)


@dataclass(frozen=True, slots=True)
class Trial:
    """How far a printer has been tried out.

    `tries` counts the speeds or pulses that brought nothing; `trouble` is NOTHING or STRANGE on
    the page of that name; `drawer_failed` where a drawer was there and did not open.
    """

    step: Step = Step.FIND
    printer: PrinterSettings = _NOBODY
    tries: int = 0
    trouble: str = ""
    drawer_failed: bool = False


def found(trial: Trial, kind: PrinterKind, target: str, name: str) -> Trial:
    """Go on with a printer that was found or typed: its strip comes next."""
    printer = PrinterSettings(name=name, kind=kind, target=target)
    return replace(trial, step=Step.STRIP, printer=printer, tries=0, trouble="")


def answered(trial: Trial, answer: str, page_of: dict[str, str]) -> Trial:
    """Return the trial after an answer; `page_of` maps the strip's letters to code pages."""
    if trial.step is Step.WIDTH:
        return _after_width(trial, answer)
    if trial.step is Step.LETTERS:
        page = ASCII if answer == NONE else page_of[answer]
        return _with(trial, Step.CUT, code_page=page)
    if trial.step is Step.CUT:
        return _with(trial, Step.DRAWER, cuts=answer == YES)
    if trial.step is Step.DRAWER:
        return _after_drawer(trial, answer)
    if trial.step is Step.OPENED:
        return _after_pulse(trial, answer)
    if trial.step is Step.TROUBLE:
        return replace(trial, step=Step.STRIP, tries=0, trouble="")
    return trial


def sent(trial: Trial) -> Trial:
    """Return the trial once the strip or the pulse is out: now it is asked about."""
    following = {Step.STRIP: Step.WIDTH, Step.PULSE: Step.OPENED}
    return replace(trial, step=following.get(trial.step, trial.step))


def _after_width(trial: Trial, answer: str) -> Trial:
    if answer not in (NOTHING, STRANGE):
        columns = int(answer)
        return _with(trial, Step.LETTERS, columns=columns, width_mm=paper_width_mm(columns))
    # A wrong speed of a serial line brings nothing or strange signs: the next one is tried.
    tries = trial.tries + 1
    if trial.printer.kind is PrinterKind.SERIAL and tries < len(SPEEDS):
        port = trial.printer.target.partition(",")[0]
        return _with(replace(trial, tries=tries), Step.STRIP, target=f"{port},{SPEEDS[tries]}")
    return replace(trial, step=Step.TROUBLE, trouble=answer)


def _after_drawer(trial: Trial, answer: str) -> Trial:
    if answer == NO:
        return _with(trial, Step.DONE, kicks_drawer=False)
    return _pulse(replace(trial, drawer_failed=False), 0)


def _after_pulse(trial: Trial, answer: str) -> Trial:
    if answer == YES:
        return replace(trial, step=Step.DONE)
    if trial.tries + 1 < len(PULSES):
        return _pulse(trial, trial.tries + 1)
    pin, length = PULSES[0]
    given_up = replace(trial, drawer_failed=True)
    return _with(given_up, Step.DONE, kicks_drawer=False, drawer_pin=pin, pulse_ms=length)


def _pulse(trial: Trial, number: int) -> Trial:
    pin, length = PULSES[number]
    tried = replace(trial, tries=number)
    return _with(tried, Step.PULSE, kicks_drawer=True, drawer_pin=pin, pulse_ms=length)


def _with(trial: Trial, step: Step, **settings: object) -> Trial:
    printer = replace(trial.printer, **settings)  # type: ignore[arg-type]
    return replace(trial, step=step, printer=printer)

"""The pages of the printer wizard: one question each, with its choices."""

from dataclasses import dataclass

from pos_app.domain.shop import PrinterKind
from pos_app.services.printer_trial import Strip
from pos_app.texts import t
from pos_app.ui.presenters.printer_answers import NO, NONE, NOTHING, STRANGE, YES, Step, Trial
from pos_app.ui.presenters.refusals import isolated


@dataclass(frozen=True, slots=True)
class WizardChoice:
    """One large choice: a word, a sentence, and an icon or a picture (PNG)."""

    key: str
    label: str
    text: str = ""
    icon: str = ""
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class WizardPage:
    """A question with its choices; `asks_address` where an address may be typed as well."""

    step: Step
    place: str
    question: str
    hint: str = ""
    choices: tuple[WizardChoice, ...] = ()
    asks_address: bool = False


def page_of(trial: Trial, strip: Strip) -> WizardPage:
    """Return the page of a trial's step."""
    return _PAGES[trial.step](trial, strip)


def kind_icon(kind: PrinterKind) -> str:
    """Return the icon of how a printer is reached."""
    if kind in (PrinterKind.USB, PrinterKind.SERIAL, PrinterKind.FILE):
        return "plug"
    return "monitor" if kind is PrinterKind.QUEUE else "printer"


def _find(_trial: Trial, _strip: Strip) -> WizardPage:
    return WizardPage(
        Step.FIND,
        _place(1),
        t("Which is the printer?"),
        t("Switch it on and put paper in. It prints a short strip as soon as you choose it."),
        asks_address=True,
    )


def _sending(trial: Trial, _strip: Strip) -> WizardPage:
    wait = t("It may take a moment.")
    if trial.step is Step.PULSE:
        return WizardPage(trial.step, _place(5), t("Watch the drawer"), wait)
    return WizardPage(trial.step, _place(2), t("Watch the printer"), wait)


def _width(_trial: Trial, strip: Strip) -> WizardPage:
    widths = [WizardChoice(one.key, one.label, picture=one.picture) for one in strip.widths]
    nothing = WizardChoice(NOTHING, t("Nothing came out"), icon="circle-x")
    strange = WizardChoice(STRANGE, t("Only strange signs"), icon="circle-question-mark")
    return WizardPage(
        Step.WIDTH,
        _place(2),
        t("Which strip came out?"),
        t("Choose the largest number that stands at the end of an unbroken line."),
        (*widths, nothing, strange),
    )


def _letters(_trial: Trial, strip: Strip) -> WizardPage:
    pages = [WizardChoice(one.key, one.label, picture=one.picture) for one in strip.pages]
    none = WizardChoice(NONE, t("None of them"), icon="circle-x")
    return WizardPage(
        Step.LETTERS,
        _place(3),
        t("Which line looks on paper as it does here?"),
        t("Choose the first that is right. If none is, such letters are drawn as pictures."),
        (*pages, none),
    )


def _cut(_trial: Trial, _strip: Strip) -> WizardPage:
    return WizardPage(
        Step.CUT,
        _place(4),
        t("Did the printer cut the paper?"),
        t("A cut leaves a straight edge, often with a small bridge in the middle."),
        (
            WizardChoice(YES, t("Yes, it cut"), icon="check"),
            WizardChoice(NO, t("No, I tear it off"), icon="x"),
        ),
    )


def _drawer(_trial: Trial, _strip: Strip) -> WizardPage:
    return WizardPage(
        Step.DRAWER,
        _place(5),
        t("Is a cash drawer plugged into this printer?"),
        t("Its cable looks like a telephone's. Yes opens the drawer once."),
        (
            WizardChoice(YES, t("Yes, open it"), icon="inbox"),
            WizardChoice(NO, t("No drawer here"), icon="x"),
        ),
    )


def _opened(trial: Trial, _strip: Strip) -> WizardPage:
    tried = t("Pin {pin}, {length} ms.").format(
        pin=trial.printer.drawer_pin, length=trial.printer.pulse_ms
    )
    return WizardPage(
        Step.OPENED,
        _place(5),
        t("Did the drawer open?"),
        tried,
        (
            WizardChoice(YES, t("Yes, it opened"), icon="check"),
            WizardChoice(NO, t("No, try another way"), icon="rotate-ccw"),
        ),
    )


def _done(trial: Trial, _strip: Strip) -> WizardPage:
    name = isolated(trial.printer.name)
    hint = t("A sample receipt comes out now. The list keeps everything you have answered.")
    if trial.drawer_failed:
        hint = t(
            "The drawer did not open in any way. Check its cable and its lock, "
            "then set the printer up again."
        )
    return WizardPage(Step.DONE, _place(6), t("{name} is ready").format(name=name), hint)


def _trouble(trial: Trial, _strip: Strip) -> WizardPage:
    again = WizardChoice(YES, t("Retry"), t("Prints the strip again."), "rotate-ccw")
    name = isolated(trial.printer.name)
    return WizardPage(
        Step.TROUBLE,
        _place(2),
        t("{name} printed no strip").format(name=name),
        choices=(again,),
    )


_PAGES = {
    Step.FIND: _find,
    Step.STRIP: _sending,
    Step.WIDTH: _width,
    Step.LETTERS: _letters,
    Step.CUT: _cut,
    Step.DRAWER: _drawer,
    Step.PULSE: _sending,
    Step.OPENED: _opened,
    Step.DONE: _done,
    Step.TROUBLE: _trouble,
}


def _place(number: int) -> str:
    return t("{number} of 6").format(number=number)

"""The printer wizard without a window: what each answer says, and what it does in trouble."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing.discovery import Found
from pos_app.printing.errors import PaperOut
from pos_app.services.printer_trial import print_strip
from pos_app.ui.presenters.printer_answers import (
    NO,
    NONE,
    NOTHING,
    PULSES,
    STRANGE,
    YES,
    Step,
    Trial,
    answered,
    found,
    sent,
)
from pos_app.ui.presenters.printer_wizard import PrinterWizard, Tools, WizardState
from tests.printing.simulated_printer import Printer, free_port, on_the_network
from tests.ui.at_once import Later, at_once
from tests.ui.conftest import NOW, SHOP, VAT

BAR = PrinterSettings("Bar", PrinterKind.NETWORK, "192.0.2.20:9100")
SERIAL = PrinterSettings("Till", PrinterKind.SERIAL, "/dev/ttyUSB0,9600")
PAGES = {"A": "CP858", "B": "CP1252"}


@pytest.mark.parametrize(
    ("step", "answer", "following", "learned"),
    [
        (Step.WIDTH, "32", Step.LETTERS, {"columns": 32, "width_mm": 58}),
        (Step.WIDTH, "42", Step.LETTERS, {"columns": 42, "width_mm": 80}),
        (Step.WIDTH, NOTHING, Step.TROUBLE, {}),
        (Step.WIDTH, STRANGE, Step.TROUBLE, {}),
        (Step.LETTERS, "B", Step.CUT, {"code_page": "CP1252"}),
        (Step.LETTERS, NONE, Step.CUT, {"code_page": "ASCII"}),
        (Step.CUT, YES, Step.DRAWER, {"cuts": True}),
        (Step.CUT, NO, Step.DRAWER, {"cuts": False}),
        (Step.DRAWER, NO, Step.DONE, {"kicks_drawer": False}),
        (Step.DRAWER, YES, Step.PULSE, {"kicks_drawer": True, "drawer_pin": 2, "pulse_ms": 100}),
        (Step.OPENED, YES, Step.DONE, {}),
        (Step.OPENED, NO, Step.PULSE, {"drawer_pin": 5, "pulse_ms": 100}),
        (Step.TROUBLE, YES, Step.STRIP, {}),
        (Step.DONE, YES, Step.DONE, {}),
    ],
)
def test_each_answer_tells_something_about_the_printer(
    step: Step, answer: str, following: Step, learned: dict[str, Any]
) -> None:
    after = answered(Trial(step, BAR), answer, PAGES)
    assert after.step is following
    assert after.printer == replace(BAR, **learned)


def test_a_serial_printer_is_tried_at_every_speed_before_it_is_given_up() -> None:
    trial, speeds = Trial(Step.WIDTH, SERIAL), []
    while trial.step is not Step.TROUBLE:
        speeds.append(trial.printer.target.partition(",")[2])
        trial = sent(answered(trial, STRANGE, PAGES))
    assert speeds == ["9600", "19200", "38400", "115200"]


def test_a_drawer_that_opens_by_no_pulse_is_left_out_and_said_so() -> None:
    trial, tried = answered(Trial(Step.DRAWER, BAR), YES, PAGES), []
    while trial.step is not Step.DONE:
        tried.append((trial.printer.drawer_pin, trial.printer.pulse_ms))
        trial = answered(sent(trial), NO, PAGES)
    assert tuple(tried) == PULSES
    assert trial.drawer_failed
    assert not trial.printer.kicks_drawer


def test_what_was_found_begins_anew() -> None:
    tired = Trial(Step.TROUBLE, SERIAL, tries=3, trouble=NOTHING)
    assert found(tired, PrinterKind.USB, "04b8:0e15", "Star") == Trial(
        Step.STRIP, PrinterSettings("Star", PrinterKind.USB, "04b8:0e15")
    )


@dataclass
class Desk:
    """A wizard with a wire of its own; every state it gave and every job it sent."""

    run: Any = at_once
    problem: str = ""
    refuses: list[Exception] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    saved: list[PrinterSettings] = field(default_factory=list)
    states: list[WizardState] = field(default_factory=list)
    found: tuple[Found, ...] = (Found(PrinterKind.NETWORK, "192.0.2.20:9100", "Star"),)

    def __post_init__(self) -> None:
        tools = Tools(
            find=lambda: list(self.found),
            scan=lambda report, _stop: [report(1, 2), Found(PrinterKind.NETWORK, "b:1", "B")][1:],
            print_strip=lambda shop, printer: print_strip(shop, printer, self.send),
            open_drawer=lambda printer: self.send(printer, f"drawer {printer.drawer_pin}".encode()),
            print_page=lambda _shop, printer, *_: self.send(printer, b"sample"),
        )
        self.wizard = PrinterWizard(
            SHOP, (VAT,), self.run, self.states.append, lambda: NOW, save=self.save, tools=tools
        )

    def send(self, _printer: PrinterSettings, payload: bytes, **_: object) -> None:
        if self.refuses:
            raise self.refuses.pop()
        self.sent.append(payload)

    def save(self, printer: PrinterSettings) -> str:
        self.saved.append(printer)
        return self.problem

    @property
    def state(self) -> WizardState:
        return self.wizard.state

    def answer(self, *keys: str) -> None:
        for key in keys:
            self.wizard.choose(key)


def test_seven_touches_set_a_printer_up_and_try_it() -> None:
    desk = Desk()
    desk.wizard.begin()
    desk.answer("0", "42", "A", YES, YES, NO, YES)
    assert desk.state.page.step is Step.DONE
    assert desk.saved == [
        PrinterSettings(
            "Star", PrinterKind.NETWORK, "192.0.2.20:9100", 80, code_page="CP858",
            columns=42, drawer_pin=5,
        )
    ]  # fmt: skip
    assert desk.sent[1:] == [b"drawer 2", b"drawer 5", b"sample"]
    assert desk.state.picture.startswith(b"\x89PNG")
    assert not desk.state.can_go_back


def test_the_pages_ask_one_question_each_and_show_what_may_be_seen() -> None:
    desk = Desk()
    desk.wizard.begin()
    desk.answer("0")
    widths = desk.state.page.choices
    assert [one.label for one in widths[:3]] == ["32", "36", "42"]
    assert all(one.picture.startswith(b"\x89PNG") for one in widths[:6])
    desk.answer("48")
    assert [one.key for one in desk.state.page.choices][:2] == ["A", "B"]
    questions = [state.page.question for state in desk.states]
    assert all(question.count("?") <= 1 for question in questions)


def test_a_strip_that_cannot_print_says_why_and_retries() -> None:
    desk = Desk(refuses=[PaperOut(name="Star")])
    desk.wizard.begin()
    desk.answer("0")
    assert desk.state.page.step is Step.TROUBLE
    assert "out of paper" in desk.state.problem
    desk.answer(YES)
    assert desk.state.page.step is Step.WIDTH
    assert desk.state.problem == ""


def test_back_returns_to_the_question_before() -> None:
    desk = Desk()
    desk.wizard.begin()
    desk.answer("0", "42", "A")
    desk.wizard.back()
    assert desk.state.page.step is Step.LETTERS
    desk.wizard.back()
    desk.wizard.back()
    assert desk.state.page.step is Step.FIND
    assert not desk.state.can_go_back
    assert [one.key for one in desk.state.page.choices] == ["0", "scan"]


def test_the_whole_network_is_asked_only_on_request_and_tells_how_far_it_is() -> None:
    desk = Desk()
    desk.wizard.begin()
    assert all(state.total == 0 for state in desk.states)
    desk.answer("scan")
    assert any((state.done, state.total) == (1, 2) for state in desk.states)
    assert [one.label for one in desk.state.page.choices][:2] == ["Star", "B"]


def test_an_answer_does_not_overtake_a_strip_that_is_on_its_way() -> None:
    later = Later()
    desk = Desk(run=later)
    desk.wizard.begin()
    later.run()
    desk.answer("0", "42", "42")
    assert desk.state.page.step is Step.STRIP
    later.run()
    assert desk.state.page.step is Step.WIDTH


def test_a_name_that_is_taken_gets_a_number_and_a_wrong_address_a_sentence() -> None:
    desk = Desk(found=(Found(PrinterKind.NETWORK, "192.0.2.20:9100", "Counter"),))
    desk.wizard.begin()
    desk.wizard.enter("not an address")
    assert "192.0.2.20:9100" in desk.state.problem
    assert desk.state.page.step is Step.FIND
    desk.answer("0")
    assert desk.wizard.printer.name == "Counter 2"


def test_a_printer_that_cannot_be_saved_says_so_and_prints_no_sample() -> None:
    desk = Desk(problem="No room on the list.")
    desk.wizard.begin()
    desk.answer("0", "42", "A", YES, NO)
    assert desk.state.problem == "No room on the list."
    assert len(desk.sent) == 1


def real_wizard(saved: list[PrinterSettings]) -> PrinterWizard:
    return PrinterWizard(
        SHOP,
        (VAT,),
        at_once,
        lambda _state: None,
        lambda: NOW,
        save=lambda printer: saved.append(printer) or "",
        tools=Tools(find=list),
    )


@pytest.mark.parametrize("answers", [True, False])
def test_a_real_connection_gets_strip_pulse_and_sample(answers: bool) -> None:
    """Also from a printer that answers nothing: many cheap ones stay silent."""
    saved: list[PrinterSettings] = []
    with on_the_network(Printer(answers=answers)) as printer:
        wizard = real_wizard(saved)
        wizard.enter(printer.target)
        for key in ("48", "A", YES, YES, YES):
            wizard.choose(key)
        assert wizard.state.page.step is Step.DONE
        assert wizard.state.problem == ""
        strip, pulse, sample = (job for job in printer.jobs if job)
    assert b"45-48\n" in strip
    assert pulse == b"\x1bp\x0022"
    assert b"TEST-000001" in sample
    assert saved[0].columns == 48


def test_nothing_on_paper_from_a_silent_printer_asks_to_look_at_it() -> None:
    with on_the_network(Printer(answers=False)) as printer:
        wizard = real_wizard([])
        wizard.enter(printer.target)
        wizard.choose(NOTHING)
        assert wizard.state.page.step is Step.TROUBLE
        assert "not the one of receipt printers" in wizard.state.problem


def test_a_port_where_nobody_listens_is_told_from_a_printer_that_is_off() -> None:
    wizard = real_wizard([])
    wizard.enter(f"127.0.0.1:{free_port()}")
    assert wizard.state.page.step is Step.TROUBLE
    assert "is on, but takes no print jobs" in wizard.state.problem

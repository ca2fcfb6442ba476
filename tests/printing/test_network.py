"""Printing over the network: whole or not at all, once, and never for ever."""

import time
from dataclasses import replace

import pytest

from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing import devices
from pos_app.printing.errors import (
    CoverOpen,
    PaperOut,
    PaperRanOut,
    PrintCutShort,
    PrinterFault,
    PrinterOff,
    PrinterUnknown,
)
from tests.printing import simulated_printer as simulated
from tests.printing.simulated_printer import Printer, on_the_network

JOB = b"\x1b@" + b"a receipt line\n" * 200 + b"\x1dV\x01"


def settings_of(printer: Printer) -> PrinterSettings:
    return PrinterSettings("Counter", PrinterKind.NETWORK, printer.target)


def arrived(printer: Printer) -> bytes:
    """What came on the last connection, once it has stopped coming."""
    until = time.monotonic() + 30
    while printer.jobs[-1] != JOB and time.monotonic() < until:
        time.sleep(0.01)
    return printer.jobs[-1]


def test_a_job_arrives_whole_and_once() -> None:
    with on_the_network(Printer()) as printer:
        devices.send(settings_of(printer), JOB)
        assert arrived(printer) == JOB
        assert printer.connections == 1


def test_a_printer_that_never_answers_gets_its_job_all_the_same() -> None:
    with on_the_network(Printer(answers=False)) as printer:
        devices.send(settings_of(printer), JOB)
        assert arrived(printer) == JOB


def test_paper_that_is_nearly_out_is_paper() -> None:
    with on_the_network(Printer(paper=simulated.PAPER_NEAR_END)) as printer:
        devices.send(settings_of(printer), JOB)
        assert arrived(printer) == JOB


@pytest.mark.parametrize(
    ("printer", "refusal"),
    [
        (Printer(paper=simulated.PAPER_END), PaperOut),
        (Printer(state=simulated.OFFLINE, cause=simulated.COVER_OPEN), CoverOpen),
        (Printer(state=simulated.OFFLINE, cause=simulated.OUT_OF_PAPER), PaperOut),
        (Printer(state=simulated.OFFLINE, cause=simulated.FAULT), PrinterFault),
    ],
)
def test_what_keeps_it_from_printing_is_named_before_a_byte_goes_out(
    printer: Printer, refusal: type[PrinterOff]
) -> None:
    with on_the_network(printer):
        with pytest.raises(refusal, match="Counter") as caught:
            devices.send(settings_of(printer), JOB)
        assert not caught.value.may_have_printed
        assert arrived_nothing(printer)


def arrived_nothing(printer: Printer) -> bool:
    time.sleep(0.05)
    return printer.jobs[-1] == b""


def test_the_drawer_opens_though_paper_is_out() -> None:
    with on_the_network(Printer(state=simulated.OFFLINE, paper=simulated.PAPER_END)) as printer:
        devices.send(settings_of(printer), b"\x1bp\x0022", needs_paper=False)
        time.sleep(0.1)
        assert printer.jobs == [b"\x1bp\x0022"]


def test_a_printer_that_is_switched_off_is_named_quickly() -> None:
    began = time.monotonic()
    nobody = PrinterSettings("Counter", PrinterKind.NETWORK, f"127.0.0.1:{simulated.free_port()}")
    with pytest.raises(PrinterOff, match="Switch it on"):
        devices.send(nobody, JOB)
    assert time.monotonic() - began < 15


def test_a_host_that_nobody_knows_is_named() -> None:
    nowhere = PrinterSettings("Counter", PrinterKind.NETWORK, "printer.invalid:9100")
    with pytest.raises(PrinterUnknown, match=r"printer\.invalid"):
        devices.send(nowhere, JOB)


@pytest.mark.parametrize("answers", [True, False])
def test_a_connection_that_breaks_in_the_middle_may_have_printed(answers: bool) -> None:
    with on_the_network(Printer(answers=answers, dies_after=500)) as printer:
        with pytest.raises(PrintCutShort, match="Look at the paper") as caught:
            devices.send(settings_of(printer), JOB * 200)
        assert caught.value.may_have_printed


def test_a_printer_that_falls_silent_after_the_job_may_have_printed() -> None:
    with (
        on_the_network(Printer(stops_answering_after=100)) as printer,
        pytest.raises(PrintCutShort),
    ):
        devices.send(settings_of(printer), JOB, timeout_s=0.5)


def test_paper_that_ends_while_it_prints_is_told_with_the_doubt() -> None:
    with on_the_network(Printer(paper_ends_after=100)) as printer:
        with pytest.raises(PaperRanOut, match="look at the paper") as caught:
            devices.send(settings_of(printer), JOB)
        assert caught.value.may_have_printed


def test_a_half_open_connection_is_given_up_after_the_time_allowed() -> None:
    with on_the_network(Printer(reads=False)) as printer:
        began = time.monotonic()
        with pytest.raises(PrintCutShort):
            devices.send(settings_of(printer), JOB * 10_000, timeout_s=0.5)
        assert time.monotonic() - began < 15


def test_a_slow_printer_is_waited_for() -> None:
    with on_the_network(Printer(delay_s=0.05)) as printer:
        devices.send(settings_of(printer), JOB, timeout_s=5)
        assert arrived(printer) == JOB


def test_nothing_is_sent_for_the_preview() -> None:
    devices.send(replace(PrinterSettings(), kind=PrinterKind.PREVIEW), JOB)

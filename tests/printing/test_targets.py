"""Printer names and addresses are read at the door; bad ones get a sentence, hostile ones too."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.errors import PosError
from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing.errors import (
    BadPrinterName,
    BadPrinterTarget,
    NoSuchCodePage,
    NoSuchProfile,
)
from pos_app.printing.targets import (
    FileTarget,
    NetworkTarget,
    PreviewTarget,
    QueueTarget,
    SerialTarget,
    Target,
    UsbTarget,
    check_printer,
    parse_target,
)


@pytest.mark.parametrize(
    ("kind", "text", "target"),
    [
        (PrinterKind.NETWORK, "192.0.2.20", NetworkTarget("192.0.2.20", 9100)),
        (PrinterKind.NETWORK, " kitchen.example:9101 ", NetworkTarget("kitchen.example", 9101)),
        (PrinterKind.NETWORK, "[2001:db8::7]:9100", NetworkTarget("2001:db8::7", 9100)),
        (PrinterKind.NETWORK, "[fe80::1%eth0]", NetworkTarget("fe80::1%eth0", 9100)),
        (PrinterKind.USB, "04b8:0e15", UsbTarget(0x04B8, 0x0E15)),
        (PrinterKind.USB, "0x4b8:0xE15:A1-7", UsbTarget(0x04B8, 0x0E15, "A1-7")),
        (PrinterKind.SERIAL, "/dev/ttyUSB0,19200", SerialTarget("/dev/ttyUSB0", 19200)),
        (PrinterKind.SERIAL, "COM3", SerialTarget("COM3", 9600)),
        (PrinterKind.FILE, "/dev/usb/lp0", FileTarget(Path("/dev/usb/lp0"))),
        (PrinterKind.QUEUE, "Bon Drucker", QueueTarget("Bon Drucker")),
        (PrinterKind.PREVIEW, "", PreviewTarget()),
    ],
)
def test_an_address_is_read(kind: PrinterKind, text: str, target: Target) -> None:
    assert parse_target(kind, text) == target


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (PrinterKind.NETWORK, ""),
        (PrinterKind.NETWORK, "host:0"),
        (PrinterKind.NETWORK, "host:70000"),
        (PrinterKind.NETWORK, "-oProxy"),
        (PrinterKind.NETWORK, "host name:9100"),
        (PrinterKind.NETWORK, "a;reboot"),
        (PrinterKind.NETWORK, "h" * 300),
        (PrinterKind.USB, "04b8"),
        (PrinterKind.USB, "04b8:zzzz"),
        (PrinterKind.SERIAL, ""),
        (PrinterKind.SERIAL, "/dev/ttyS0,7"),
        (PrinterKind.SERIAL, "socket://x"),
        (PrinterKind.FILE, ""),
        (PrinterKind.FILE, "lp0"),
        (PrinterKind.FILE, "/dev/../etc/passwd"),
        (PrinterKind.QUEUE, ""),
        (PrinterKind.QUEUE, "-o raw"),
        (PrinterKind.QUEUE, "a\x1b@b"),
        (PrinterKind.QUEUE, "a\x00b"),
    ],
)
def test_a_bad_address_is_refused_with_the_form_it_should_have(
    kind: PrinterKind, text: str
) -> None:
    with pytest.raises(BadPrinterTarget, match="Correct the printer Bar in the settings"):
        parse_target(kind, text, "Bar")


@given(st.sampled_from(PrinterKind), st.text(max_size=40))
def test_no_address_crashes_or_passes_with_control_characters(kind: PrinterKind, text: str) -> None:
    try:
        target: Target | None = parse_target(kind, text)
    except PosError as refused:
        target = None
        assert str(refused)  # noqa: PT017 - most texts are refused, some are not
    assert isinstance(target, PreviewTarget) or text.strip().isprintable() or target is None


@pytest.mark.parametrize("name", ["", "  ", "\x1b@Bar", "Bar\nFoot", "x" * 61, "a\u202eb"])
def test_a_bad_name_is_refused(name: str) -> None:
    with pytest.raises(BadPrinterName):
        check_printer(PrinterSettings(name))


def test_a_models_name_and_code_page_are_checked_at_the_door() -> None:
    printer = PrinterSettings("Bar")
    assert check_printer(printer) == PreviewTarget()
    with pytest.raises(NoSuchProfile):
        check_printer(replace(printer, profile="nothing"))
    with pytest.raises(NoSuchCodePage):
        check_printer(replace(printer, code_page="CP1"))

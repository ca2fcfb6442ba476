"""Printing on serial ports, device files and the system's queues."""

import os
import pty
import select
import stat
import sys
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing import devices
from pos_app.printing.errors import (
    PaperOut,
    PrintCutShort,
    PrinterOff,
    PrinterRefused,
    PrinterUnknown,
)

JOB = b"\x1b@" + b"a receipt line\n" * 100 + b"\x1dV\x01"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ptys and CUPS are Unix things")


class Serial:
    """The printer's end of a pseudo-terminal."""

    def __init__(self, paper: int = 0x12, answers: bool = True) -> None:
        self.paper, self.answers = paper, answers
        self.got = b""
        self.end, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        self.name = os.ttyname(self._theirs)

    def run(self) -> None:
        while True:
            try:
                data = os.read(self.end, 4096)
            except OSError:
                return
            if not data:
                return
            for question, answer in ((b"\x10\x04\x01", 0x12), (b"\x10\x04\x04", self.paper)):
                for _ in range(data.count(question)):
                    if self.answers:
                        os.write(self.end, bytes([answer]))
                data = data.replace(question, b"")
            self.got += data

    def close(self) -> None:
        os.close(self._theirs)
        os.close(self.end)


@contextmanager
def on_serial(printer: Serial) -> Iterator[PrinterSettings]:
    thread = threading.Thread(target=printer.run, daemon=True)
    thread.start()
    yield PrinterSettings("Bar", PrinterKind.SERIAL, f"{printer.name},115200")
    printer.close()
    thread.join(2)


@pytest.mark.parametrize("answers", [True, False])
def test_a_job_goes_over_a_serial_line(answers: bool) -> None:
    printer = Serial(answers=answers)
    with on_serial(printer) as settings:
        devices.send(settings, JOB)
    assert printer.got == JOB


def test_a_serial_printer_without_paper_gets_nothing() -> None:
    printer = Serial(paper=0x72)
    with on_serial(printer) as settings, pytest.raises(PaperOut):
        devices.send(settings, JOB)
    assert printer.got == b""


def test_a_serial_port_that_is_not_there_is_named() -> None:
    with pytest.raises(PrinterUnknown, match="/dev/ttyNOWHERE"):
        devices.send(PrinterSettings("Bar", PrinterKind.SERIAL, "/dev/ttyNOWHERE"), JOB)


def test_a_missing_device_is_never_made_into_a_file() -> None:
    path = Path("/dev/pos-app-no-such-printer")
    with pytest.raises(PrinterUnknown, match="There is no printer at /dev/pos-app"):
        devices.send(PrinterSettings("Bar", PrinterKind.FILE, str(path)), JOB)
    assert not path.exists()


def test_a_folder_is_no_printer(tmp_path: Path) -> None:
    with pytest.raises(PrinterUnknown):
        devices.send(PrinterSettings("Bar", PrinterKind.FILE, str(tmp_path)), JOB)
    missing = PrinterSettings("Bar", PrinterKind.FILE, str(tmp_path / "no" / "file"))
    with pytest.raises(PrinterUnknown):
        devices.send(missing, JOB)


def test_a_file_collects_jobs_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "receipts.bin"
    settings = PrinterSettings("Archive", PrinterKind.FILE, str(path))
    devices.send(settings, JOB)
    devices.send(settings, b"second")
    assert path.read_bytes() == JOB + b"second"


def test_a_device_takes_a_job_as_fast_as_it_can(tmp_path: Path) -> None:
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    got: list[bytes] = []
    handle = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    settings = PrinterSettings("Bar", PrinterKind.FILE, str(pipe))

    def read_slowly() -> None:
        os.set_blocking(handle, True)
        select.select([handle], [], [], 5)  # without a writer a read would say that it is over
        while data := os.read(handle, 1000):
            got.append(data)

    reader = threading.Thread(target=read_slowly)
    sender = threading.Thread(target=devices.send, args=(settings, JOB * 100))
    sender.start()
    reader.start()
    sender.join(5)
    reader.join(5)
    os.close(handle)
    assert b"".join(got) == JOB * 100


def test_a_device_that_stalls_half_way_may_have_printed(tmp_path: Path) -> None:
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    handle = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    settings = PrinterSettings("Bar", PrinterKind.FILE, str(pipe))
    with pytest.raises(PrintCutShort):
        devices.send(settings, JOB * 1000, timeout_s=0.3)
    os.close(handle)


def test_a_device_that_nobody_reads_is_off(tmp_path: Path) -> None:
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    with pytest.raises((PrinterOff, PrinterUnknown)):
        devices.send(PrinterSettings("Bar", PrinterKind.FILE, str(pipe)), JOB, timeout_s=0.3)


def fake_lp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> PrinterSettings:
    program = tmp_path / "lp"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return PrinterSettings("Bar", PrinterKind.QUEUE, "Bon Drucker; rm -rf x")


def test_a_queue_gets_the_job_raw_and_its_name_as_one_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = f'for word in "$@"; do echo "[$word]"; done > {tmp_path}/words; cat > {tmp_path}/job'
    devices.send(fake_lp(tmp_path, monkeypatch, script), JOB)
    assert (tmp_path / "job").read_bytes() == JOB
    words = (tmp_path / "words").read_text().splitlines()
    assert words == ["[-d]", "[Bon Drucker; rm -rf x]", "[-o]", "[raw]"]


@pytest.mark.parametrize(
    ("script", "refusal"),
    [
        ('echo "lp: The printer or class does not exist." >&2; exit 1', PrinterUnknown),
        ('echo "lp: Destination is not accepting jobs." >&2; exit 1', PrinterRefused),
        ('echo "lp: Error - scheduler not responding." >&2; exit 1', PrinterOff),
        ("exec sleep 5", PrintCutShort),
    ],
)
def test_what_the_queue_says_is_named(
    script: str, refusal: type[PrinterOff], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(refusal, match="Bar"):
        devices.send(fake_lp(tmp_path, monkeypatch, script), JOB, timeout_s=0.5)


def test_a_system_without_queues_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PrinterRefused, match="lp is missing"):
        devices.send(PrinterSettings("Bar", PrinterKind.QUEUE, "Bon"), JOB)


def test_a_usb_printer_that_is_not_plugged_in_is_named() -> None:
    with pytest.raises(PrinterUnknown, match="1234:5678"):
        devices.send(PrinterSettings("Bar", PrinterKind.USB, "1234:5678"), JOB)


def test_looking_for_printers_finds_queues_and_survives_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos_app.printing.discovery import Found, discover

    program = tmp_path / "lpstat"
    program.write_text("#!/bin/sh\necho Counter\necho Kitchen\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    found = discover(network_wait_s=0)
    assert Found(PrinterKind.QUEUE, "Counter", "Counter") in found
    assert Found(PrinterKind.QUEUE, "Kitchen", "Kitchen") in found

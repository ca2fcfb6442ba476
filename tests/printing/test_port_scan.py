"""Looking for printers address by address, and telling why one does not answer (loopback only)."""

import pytest

from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing import port_scan
from pos_app.printing.diagnosis import (
    CableSilent,
    NobodySpeaks,
    NothingAnswers,
    OtherPort,
    PortIsShut,
    QueueSwallowed,
    TakenAtAnotherPort,
    TakenInSilence,
    diagnose,
    silence,
)
from pos_app.printing.errors import PaperOut, PrinterOff
from pos_app.printing.port_scan import neighbours, scan
from tests.printing.simulated_printer import Printer, free_port, on_the_network


def network(target: str) -> PrinterSettings:
    return PrinterSettings("Bar", PrinterKind.NETWORK, target)


def test_who_listens_is_found_and_every_address_is_told() -> None:
    told: list[tuple[int, int]] = []
    with on_the_network(Printer()) as printer:
        hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
        found = scan(hosts, printer.port, report=lambda done, total: told.append((done, total)))
    assert [(one.kind, one.target, one.name) for one in found] == [
        (PrinterKind.NETWORK, printer.target, "127.0.0.1")
    ]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_scan_stops_when_somebody_asks() -> None:
    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        scan(["127.0.0.1"] * 200, free_port(), stop_if_cancelled=stop)


@pytest.mark.parametrize(
    ("own", "count"), [("192.168.7.20", 253), ("10.0.0.1", 253), ("8.8.8.8", 0), (None, 0)]
)
def test_only_a_private_network_is_asked_and_never_oneself(
    monkeypatch: pytest.MonkeyPatch, own: str | None, count: int
) -> None:
    monkeypatch.setattr(port_scan, "_own_address", lambda: own)
    hosts = neighbours()
    assert len(hosts) == count
    assert own not in hosts


def off(cause: OSError) -> PrinterOff:
    refusal = PrinterOff(name="Bar")
    refusal.__cause__ = cause
    return refusal


def test_a_shut_port_names_the_open_one(monkeypatch: pytest.MonkeyPatch) -> None:
    shut = network(f"127.0.0.1:{free_port()}")
    monkeypatch.setattr(port_scan, "OTHER_PORTS", (free_port(),))
    assert isinstance(diagnose(shut, off(ConnectionRefusedError())), PortIsShut)
    with on_the_network(Printer()) as printer:
        monkeypatch.setattr(port_scan, "OTHER_PORTS", (printer.port,))
        told = diagnose(shut, off(ConnectionRefusedError()))
    assert isinstance(told, OtherPort)
    assert f"Use {printer.target}" in str(told)


@pytest.mark.parametrize("cause", [TimeoutError(), OSError(113, "No route to host")])
def test_nobody_at_an_address_is_told_from_a_shut_port(cause: OSError) -> None:
    told = diagnose(network("192.0.2.20"), off(cause))
    assert isinstance(told, NothingAnswers)
    assert "192.0.2.20" in str(told)


def test_what_a_printer_says_itself_is_not_explained_away() -> None:
    refusal = PaperOut(name="Bar")
    assert diagnose(network("127.0.0.1"), refusal) is refusal


@pytest.mark.parametrize(
    ("kind", "target", "told"),
    [
        (PrinterKind.NETWORK, "192.0.2.20", TakenInSilence),
        (PrinterKind.NETWORK, "192.0.2.20:80", TakenAtAnotherPort),
        (PrinterKind.QUEUE, "Laser", QueueSwallowed),
        (PrinterKind.SERIAL, "/dev/ttyUSB0,9600", NobodySpeaks),
        (PrinterKind.USB, "04b8:0e15", CableSilent),
        (PrinterKind.FILE, "/dev/usb/lp0", CableSilent),
    ],
)
def test_silence_is_explained_by_how_the_printer_is_reached(
    kind: PrinterKind, target: str, told: type[Exception]
) -> None:
    refusal = silence(PrinterSettings("Bar", kind, target))
    assert isinstance(refusal, told)
    assert "{" not in str(refusal)

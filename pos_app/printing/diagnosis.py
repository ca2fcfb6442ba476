"""Why nothing came out of a printer, in a sentence that says what to try."""

from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing.errors import PrinterError, PrinterOff
from pos_app.printing.port_scan import open_ports
from pos_app.printing.targets import RAW_PORT, NetworkTarget, parse_target


class NothingAnswers(PrinterError):
    """No device answers at the address."""

    sentence = (
        "Nothing answers at {target}. Is the printer on and its network cable in? "
        "Its self-test page (hold the feed button while switching it on) shows its address."
    )


class PortIsShut(PrinterError):
    """A device answers, but takes no print jobs."""

    sentence = (
        "The device at {host} is on, but takes no print jobs at port {port}. "
        "Is it the printer? Receipt printers listen at port 9100."
    )


class OtherPort(PrinterError):
    """The device takes print jobs at another port."""

    sentence = "The device at {host} listens at port {other}, not {port}. Use {host}:{other}."


class TakenInSilence(PrinterError):
    """A network printer took everything and printed nothing."""

    sentence = (
        "{target} took the strip and says nothing. Look at the printer: is paper in, the shiny "
        "side outwards, the cover shut, no light blinking? An office printer cannot print receipts."
    )


class TakenAtAnotherPort(PrinterError):
    """Something else than a printer may listen there."""

    sentence = (
        "{target} took the strip, but nothing came out. Port {port} is not the one "
        "of receipt printers: try {host}:9100."
    )


class QueueSwallowed(PrinterError):
    """The system's queue took the strip."""

    sentence = (
        "The queue {target} took the strip, but nothing came out. Look in the system's printers: "
        "it may be paused, or its driver must be set to raw (or generic text)."
    )


class NobodySpeaks(PrinterError):
    """Neither speed of a serial line brings paper."""

    sentence = (
        "Nothing came at any speed. Check that the cable goes to {target} and that the printer is "
        "on; its self-test page shows its speed."
    )


class CableSilent(PrinterError):
    """A printer on a cable took the strip."""

    sentence = (
        "The strip went to {target}, but nothing came out. Is the printer on, paper in, "
        "the shiny side outwards, and the cover shut?"
    )


class NotAReceiptPrinter(PrinterError):
    """Strange signs instead of rulers."""

    sentence = (
        "This printer does not understand ESC/POS, which receipt printers speak. Look in its "
        "manual for an ESC/POS or EPSON mode, or choose another printer."
    )


def diagnose(printer: PrinterSettings, failure: PrinterError) -> PrinterError:
    """Return what a failed try says, more exactly where the network tells more.

    Asks the device's other ports, so it takes up to two seconds: not for the screen's own thread.
    """
    if not isinstance(failure, PrinterOff) or printer.kind is not PrinterKind.NETWORK:
        return failure
    target = parse_target(printer.kind, printer.target, printer.name)
    if not isinstance(target, NetworkTarget):
        return failure
    known = {"host": target.host, "port": target.port, "target": printer.target}
    if not isinstance(failure.__cause__, ConnectionRefusedError):
        return NothingAnswers(**known)
    other = next(open_ports(target.host, target.port), None)
    return PortIsShut(**known) if other is None else OtherPort(other=other, **known)


def silence(printer: PrinterSettings) -> PrinterError:
    """Return what may be wrong where a printer took everything and printed nothing."""
    known = {"target": printer.target}
    if printer.kind is PrinterKind.QUEUE:
        return QueueSwallowed(**known)
    if printer.kind is PrinterKind.SERIAL:
        return NobodySpeaks(**known)
    target = parse_target(printer.kind, printer.target, printer.name)
    if not isinstance(target, NetworkTarget):
        return CableSilent(**known)
    if target.port != RAW_PORT:
        return TakenAtAnotherPort(host=target.host, port=target.port, **known)
    return TakenInSilence(**known)

"""The doors to paper: printer names and addresses, and every text that stands on a receipt."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import strategies as st

from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing.receipt import render_receipt
from pos_app.printing.targets import FileTarget, check_printer, parse_target
from tests.printing.test_escpos_injection import ATTACKS, documents, shape
from tests.proofs.fuzz_doors.door import HOSTILE, TEXTS, Door, Knock, Seen

_TARGETS = st.one_of(
    HOSTILE,
    st.from_regex(r"[a-z0-9.:\[\]%-]{0,30}(:[0-9]{0,7})?", fullmatch=True),
    st.from_regex(r"(0x)?[0-9a-f]{0,5}:[0-9a-f]{0,5}(:.{0,5})?", fullmatch=True),
    st.from_regex(r"/?[A-Za-z0-9/._-]{0,20}(,[0-9]{0,7})?", fullmatch=True),
)
PRINTERS = st.builds(
    PrinterSettings,
    name=HOSTILE,
    kind=st.sampled_from(PrinterKind),
    target=_TARGETS,
    width_mm=st.one_of(st.sampled_from((58, 80)), st.integers(-5, 500)),
    profile=st.one_of(st.just("default"), HOSTILE),
    code_page=st.one_of(st.just(""), st.just("CP858"), HOSTILE),
)


@contextmanager
def printers(_folder: Path, seen: Seen) -> Iterator[Knock]:
    """Check a printer: it is one that can be reached, or a sentence says what its form is."""

    def knock(printer: PrinterSettings) -> None:
        with seen.refusing():
            target = parse_target(printer.kind, printer.target, printer.name[:60])
            assert not isinstance(target, FileTarget) or target.path.is_absolute()
        with seen.refusing():
            check_printer(printer)

    yield knock


@contextmanager
def receipts(_folder: Path, _seen: Seen) -> Iterator[Knock]:
    """Print a text everywhere on a receipt: the printer gets no command that a clean one lacks."""
    printer = PrinterSettings()
    expected = {name for name, _ in shape(render_receipt(*documents("harmless"), printer))}

    def knock(text: str) -> None:
        found = [name for name, _ in shape(render_receipt(*documents(text), printer))]
        # A letter beyond the code page is drawn: the one thing that text may bring about.
        assert set(found) <= expected | {b"\x1dv"}
        for once in (b"\x1b@", b"\x1dV", b"\x1bt", b"\x1c."):
            assert found.count(once) == 1
        assert b"\x1bp" not in found

    yield knock


DOORS = (
    Door("printers", PRINTERS, printers, tuple(PrinterSettings(name=text) for text in TEXTS)),
    Door("receipts", HOSTILE, receipts, (*TEXTS, *ATTACKS)),
)

"""The doors to paper: printer names and addresses, and every text that stands on a receipt."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from hypothesis import strategies as st

from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing.preview import receipt_picture
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


PAPERS = (
    ("en", PrinterSettings()),
    ("de", PrinterSettings(width_mm=58, code_page="CP437", cuts=False)),
    ("ar", PrinterSettings(width_mm=58)),
    ("ar", PrinterSettings(profile="simple")),
    ("xx", PrinterSettings(profile="TM-T88V", code_page="CP866")),
)


def _printed(text: str, language: str, printer: PrinterSettings) -> bytes:
    sale, shop = documents(text)
    shop = replace(shop, receipt=replace(shop.receipt, language=language))
    return render_receipt(sale, shop, printer, copy=True)


@contextmanager
def receipts(_folder: Path, _seen: Seen) -> Iterator[Knock]:
    """Print a text everywhere on a receipt: the printer gets no command that a clean one lacks."""
    clean = {place: [name for name, _ in shape(_printed("harmless", *place))] for place in PAPERS}

    def knock(printed: tuple[str, tuple[str, PrinterSettings]]) -> None:
        text, place = printed
        payload = _printed(text, *place)
        found = [name for name, _ in shape(payload)]
        # A letter beyond the code page is drawn: the one thing that text may bring about.
        assert set(found) <= {*clean[place], b"\x1dv"}
        for name in (b"\x1b@", b"\x1dV", b"\x1bt", b"\x1c."):
            assert found.count(name) == clean[place].count(name) <= 1
        assert b"\x1bp" not in found
        assert receipt_picture(payload, place[1]).width > 0

    yield knock


DOORS = (
    Door("printers", PRINTERS, printers, tuple(PrinterSettings(name=text) for text in TEXTS)),
    Door(
        "receipts",
        st.tuples(HOSTILE, st.sampled_from(PAPERS)),
        receipts,
        tuple(zip((*TEXTS, *ATTACKS), cycle(PAPERS), strict=False)),
    ),
)

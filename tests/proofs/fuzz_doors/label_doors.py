"""The doors to labels and slips: names on PDF and ZPL labels, badges, X and Z reports."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from itertools import cycle
from pathlib import Path

import pypdfium2
from hypothesis import strategies as st

from pos_app.domain.label_order import LabelOrder
from pos_app.domain.product import KILOGRAM, PIECE, Product
from pos_app.domain.shop import PrinterSettings, ScreenSettings
from pos_app.printing.badge import render_badge
from pos_app.printing.cash_slips import movement_slip, opening_slip
from pos_app.printing.escpos_job import write_job
from pos_app.printing.label_formats import FORMATS
from pos_app.printing.shift_slip import report_slip, z_slip
from pos_app.services.labels import LabelJob, printer_job, write_pdf
from tests.printing.test_cash_slips import MOVEMENT, REPORT, SALES, SHIFT, X_REPORT
from tests.printing.test_escpos_injection import ATTACKS, shape
from tests.printing.zpl_reader import commands
from tests.proofs.fuzz_doors.counter_doors import NOW
from tests.proofs.fuzz_doors.door import HOSTILE, Door, Knock, Seen
from tests.proofs.fuzz_doors.paper_doors import PAPERS
from tests.proofs.small_shop import SHOP

ZPL_ATTACKS = ("^XZ^XA^FDx^FS", "~JR", "^FS^FO0,0^FDx", "_5EXZ", "\\^XA", "^CC!", "~CT!", "\x10^")
_ALLOWED = {"XA", "CI", "LH", "PW", "LL", "FO", "FH", "FD", "FS", "GF", "BY", "PQ", "XZ", "A0",
            "BE", "B8", "BU", "BC", "BQ"}  # fmt: skip
_FIGURES = st.decimals(0, 10**9, places=4, allow_nan=False)
_PRICES = st.one_of(st.none(), _FIGURES)
_SHOPS = tuple(
    replace(SHOP, receipt=replace(SHOP.receipt, language=language)) for language in ("en", "ar")
)
LABELS = st.tuples(HOSTILE, _PRICES, st.sampled_from(FORMATS), st.booleans(), st.booleans())


@contextmanager
def labels(folder: Path, seen: Seen) -> Iterator[Knock]:
    """Label a product: the PDF opens elsewhere, and the printer gets no command of the text's."""
    path = folder / "labels.pdf"

    def knock(wanted: tuple[str, Decimal | None, object, bool, bool]) -> None:
        text, price, paper, is_code, is_weighed = wanted
        code = text[:60].encode("utf-8", "replace").decode()  # as the catalogue takes it
        product = Product(
            "p", code if is_code else "A1", text, price,
            barcodes=(code,) if is_code and code else (),
            unit=KILOGRAM if is_weighed else PIECE,
        )  # fmt: skip
        job = LabelJob(paper=paper, shows_date=True, cut_marks=is_code)  # type: ignore[arg-type]
        shop = _SHOPS[is_weighed]
        with seen.refusing():
            report = write_pdf((LabelOrder(product),), job, shop, NOW, path)
            _open_elsewhere(path, report.pages)
        with seen.refusing():
            payload = printer_job((LabelOrder(product),), job, shop, NOW, 203)
            names = [one.name for one in commands(payload)]
            assert set(names) <= _ALLOWED, names
            assert names.count("XA") == names.count("XZ") == names.count("PQ") == 1
            assert names.count("FO") == names.count("FS")

    yield knock


def _open_elsewhere(path: Path, pages: int) -> None:
    pdf = pypdfium2.PdfDocument(path)
    try:
        assert len(pdf) == pages == 1
        pdf[0].get_textpage().get_text_range()
    finally:
        pdf.close()


def _slips(text: str, language: str, printer: PrinterSettings) -> Iterator[bytes]:
    """Every slip of the drawer and a badge, with a text wherever somebody can type."""
    shop = replace(
        SHOP, name=text, tax_number=text, time_zone=text, screen=ScreenSettings(language=language)
    )
    taxes = tuple(replace(one, tax=replace(one.tax, name=text)) for one in SALES.taxes)
    figures = replace(SALES, first_number=text, last_number=text, taxes=taxes)
    shift = replace(
        SHIFT, drawer=text, opened_by=text, closed_by=text, bag_reference=text, note=text,
        report=replace(REPORT, sales=figures),
    )  # fmt: skip
    slips = (
        movement_slip(replace(MOVEMENT, reason=text, reference=text, by=text), shop),
        opening_slip(shift, shop),
        report_slip(shift, replace(X_REPORT, sales=figures), shop),
        z_slip(shift, shop, is_copy=True),
    )
    yield from (write_job(slip, printer) for slip in slips)
    yield render_badge(text, "B0000000000001", shop, printer)


@contextmanager
def slips(_folder: Path, _seen: Seen) -> Iterator[Knock]:
    """Write a text as a name and a reason on X and Z reports: it never is a command there."""
    once = (b"\x1b@", b"\x1dV", b"\x1bt", b"\x1c.", b"\x1bp", b"\x1d(")

    def named(text: str, place: tuple[str, PrinterSettings]) -> list[list[bytes]]:
        return [[name for name, _ in shape(payload)] for payload in _slips(text, *place)]

    clean = {place: named("harmless", place) for place in PAPERS}

    def knock(printed: tuple[str, tuple[str, PrinterSettings]]) -> None:
        text, place = printed
        for found, expected in zip(named(text, place), clean[place], strict=True):
            # A letter beyond the code page is drawn: the one thing that text may bring about.
            assert set(found) <= {*expected, b"\x1dv"}
            for name in once:
                assert found.count(name) == expected.count(name)

    yield knock


_PRICED = cycle((Decimal("1.19"), None))
DOORS = (
    Door(
        "labels",
        LABELS,
        labels,
        tuple(
            (text, next(_PRICED), paper, is_code, is_code)
            for is_code in (False, True)
            for text, paper in zip(ZPL_ATTACKS, cycle(FORMATS), strict=False)
        ),
    ),
    Door(
        "slips",
        st.tuples(HOSTILE, st.sampled_from(PAPERS)),
        slips,
        tuple(zip(ATTACKS, cycle(PAPERS), strict=False)),
    ),
)

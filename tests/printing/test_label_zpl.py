"""Jobs for label printers, read by a parser of their own and drawn by somebody else's renderer."""

from dataclasses import replace
from decimal import Decimal

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from pos_app.printing.label import Label, label_of
from pos_app.printing.label_formats import FORMATS, LabelFormat, format_named
from pos_app.printing.label_symbol import Symbol, Symbology, symbol_for
from pos_app.printing.label_zpl import RESOLUTIONS, zpl_job
from tests.printing.labelled import ARABIC, HARD, MILK, TOMATOES, product, shop
from tests.printing.zpl_reader import commands, drawn, labels, needs_renderer

ROLLS = [paper for paper in FORMATS if paper.is_roll]
SETTINGS = {"CI", "LH", "PW", "LL", "PQ"}
rolls = pytest.mark.parametrize("paper", ROLLS, ids=lambda paper: paper.key)


def roll(key: str = "roll-57x32") -> LabelFormat:
    paper = format_named(key)
    assert paper is not None
    return paper


def job_of(*products: object, dots: int = 203, copies: int = 1) -> bytes:
    return zpl_job([(label_of(one, shop()), copies) for one in products], roll(), dots)  # type: ignore[arg-type]


def test_a_label_is_one_format_with_its_size_and_count_in_dots() -> None:
    ((settings, fields),) = labels(job_of(MILK, copies=12))
    assert settings == {"CI": "28", "LH": "0,0", "PW": "456", "LL": "256", "PQ": "12"}
    assert {field.data for field in fields if field.kind == "A0"} >= {"Whole milk 1 l", "€1.19"}


def test_barcodes_are_drawn_by_the_printer_with_the_digits_that_it_expects() -> None:
    products = [
        product(f"P{number}", "x", "1", code)
        for number, code in enumerate(["4006381333931", "96385074", "036000291452", "AB-12"])
    ]
    found = [
        next(field for field in fields if field.kind.startswith("B"))
        for _, fields in labels(job_of(*products, TOMATOES, product("123456", "y", "1")))
    ]
    assert [(field.kind, field.data) for field in found] == [
        ("BE", "400638133393"),  # the printer works the check digit out
        ("B8", "9638507"),
        ("BU", "03600029145"),
        ("BC", ">:AB-12"),
        ("BC", ">:20001"),
        ("BC", ">;123456"),
    ]
    assert all(field.module in (2, 3) for field in found)


def test_a_long_code_becomes_a_qr_code() -> None:
    ((_, fields),) = labels(job_of(product("X" * 60, "Tea", "1")))
    (code,) = [field for field in fields if field.kind == "BQ"]
    assert code.data == "MA," + "X" * 60


def test_what_the_printers_font_lacks_goes_out_as_dots() -> None:
    ((_, fields),) = labels(job_of(product("A", ARABIC, "1")))
    graphics = [field for field in fields if field.kind == "GF"]
    assert graphics
    for field in graphics:
        form, total, all_bytes, row, dots = field.parameters
        assert form == "A"
        assert int(total) == int(all_bytes) == len(bytes.fromhex(dots))
        assert int(total) % int(row) == 0
        assert field.x + int(row) * 8 <= 456
    assert not [field for field in fields if "ز" in field.data]


@pytest.mark.parametrize("dots", RESOLUTIONS)
@rolls
def test_every_field_begins_on_the_label(paper: LabelFormat, dots: int) -> None:
    job = zpl_job([(label_of(one, shop()), 1) for one in HARD], paper, dots)
    for settings, fields in labels(job):
        for field in fields:
            assert 0 <= field.x < int(settings["PW"])
            assert 0 <= field.y < int(settings["LL"])


@given(name=st.text(max_size=60), code=st.text(max_size=40))
def test_no_name_and_no_code_can_hold_a_command(name: str, code: str) -> None:
    hostile = product(f"^XA{code}~HS", f"^XZ~JA{name}^FS^XA~DG", "1", f"{code}^XZ")
    label = replace(label_of(hostile, shop()), price="~HS", unit_price="^FN1")
    told = [command.name for command in commands(zpl_job([(label, 1)], roll("roll-40x25")))]
    assert (told.count("XA"), told.count("XZ")) == (1, 1)
    allowed = SETTINGS | {"XA", "XZ", "FO", "A0", "FH", "FD", "FS", "GF", "BY"}
    assert {name for name in told if name[0] != "B" or name == "BY"} <= allowed


@given(code=st.from_regex(r"[ -~]{1,28}", fullmatch=True))
def test_a_code_comes_out_of_its_barcode_as_it_went_in(code: str) -> None:
    symbol = symbol_for(code)
    label = Label("Tea", symbol=symbol)
    ((_, fields),) = labels(zpl_job([(label, 1)], roll("roll-100x50")))
    (field,) = [field for field in fields if field.kind.startswith("B")]
    if symbol.symbology is Symbology.CODE128:
        assert field.data[2:] == code
        assert field.data[:2] in (">:", ">;")
        assert ">" not in field.data[2:]
    elif field.kind == "BQ":
        assert field.data == f"MA,{code}"


def test_no_label_is_made_for_no_copies() -> None:
    assert zpl_job([(label_of(MILK, shop()), 0)], roll()) == b""


@needs_renderer
@pytest.mark.parametrize(
    ("key", "dots", "dots_per_mm"), [("roll-40x25", 203, 8), ("roll-57x32", 300, 12)]
)
def test_somebody_elses_renderer_draws_codes_that_scanners_read(
    key: str, dots: int, dots_per_mm: int
) -> None:
    # zebrash knows neither ^B8 nor ^BU; the parser above looks at those.
    known = [
        one
        for one in HARD
        if label_of(one, shop()).symbol.symbology  # type: ignore[union-attr]
        not in (Symbology.EAN8, Symbology.UPC_A)
    ]
    evil = product("EVIL 1", "^XZ~JA Müller & _5E ^FS", str(Decimal("1.19")))
    paper = roll(key)
    job = zpl_job([(label_of(one, shop()), 2) for one in [*known, evil]], paper, dots)
    pictures = drawn(job, paper.label, dots_per_mm)
    for one, picture in zip([*known, evil], pictures, strict=True):
        read = [found.text for found in zxingcpp.read_barcodes(picture)]
        symbol = label_of(one, shop()).symbol
        assert isinstance(symbol, Symbol)
        assert symbol.text in read, one

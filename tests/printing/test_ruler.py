"""The strip that tells what a printer can do, read by somebody else's decoder."""

from dataclasses import replace

import pytest

from pos_app.domain.shop import PrinterSettings
from pos_app.printing.escpos_job import kick_job, write_job
from pos_app.printing.preview import receipt_picture
from pos_app.printing.printer_profile import paper_of, profile_names
from pos_app.printing.ruler import WIDTHS, page_lines, ruler_job, ruler_line
from pos_app.printing.slip import Line, Slip
from tests.printing.someone_elses import commands, decode, lines, needs_npos

PRINTER = PrinterSettings()


@pytest.mark.parametrize("width", WIDTHS)
def test_each_number_stands_at_its_own_place_and_the_last_at_the_end(width: int) -> None:
    line = ruler_line(width).decode()
    assert len(line) == width
    for number in (5, 10, 25, width):
        assert line[:number].endswith(str(number))


@needs_npos
def test_the_strip_is_ruled_in_plain_letters_and_cut() -> None:
    payload = ruler_job(PRINTER)
    printed = lines(payload)
    assert [len(line) for line in printed[: len(WIDTHS)]] == list(WIDTHS)
    names = [seen.name for seen in commands(payload)]
    assert names[:2] == ["ESC @", "FS ."]
    assert names[-1] == "GS V"
    assert "ESC p" not in names
    assert "GS !" not in names


@needs_npos
def test_each_line_is_written_in_its_own_code_page() -> None:
    seen = decode(ruler_job(PRINTER))
    page_of = {"A": "cp858", "B": "cp1252", "C": "iso8859-15", "I": "cp850", "J": "cp437"}
    number = None
    shown: dict[str, tuple[int | None, str]] = {}
    for one in seen:
        if one.name == "ESC t":
            number = one.data[0]
        elif one.name == "text":
            for raw in one.data.split(b"\n"):
                key = raw[:1].decode("ascii", "replace")
                if raw[1:3] == b"  " and key in page_of:
                    shown[key] = (number, raw[3:].decode(page_of[key]))
    whole = "ä ö ü ß é € £"
    assert shown == {
        "A": (19, whole),
        "B": (16, whole),
        "C": (40, whole),
        "I": (2, whole.replace("€", "?")),
        "J": (0, whole.replace("€", "?")),
    }


@needs_npos
def test_the_drawer_opens_only_where_it_is_asked_for() -> None:
    asked = replace(PRINTER, drawer_pin=5, pulse_ms=200)
    kicks = [seen.data for seen in commands(ruler_job(asked, kick=True)) if seen.name == "ESC p"]
    assert kicks == [b"\x01\x64\x64"]


@pytest.mark.parametrize(
    ("pulse_ms", "times"), [(100, b"22"), (60, b"\x1e2"), (1, b"\x012"), (900, b"\xff\xff")]
)
def test_the_pulse_is_as_long_as_it_is_set_and_no_longer_than_a_byte(
    pulse_ms: int, times: bytes
) -> None:
    assert kick_job(replace(PRINTER, pulse_ms=pulse_ms)) == b"\x1bp\x00" + times


@pytest.mark.parametrize(("sign", "page"), [("zł", "CP1250"), ("₽", ""), ("₪", ""), ("£", "CP858")])
def test_the_shops_currency_is_asked_for_where_a_page_has_it(sign: str, page: str) -> None:
    found = page_lines(PRINTER, sign)
    if page:
        assert page in [line.page for line in found if sign in line.text]
    else:
        assert not any(sign in line.text for line in found)


@pytest.mark.parametrize("profile", profile_names())
def test_every_known_model_gets_a_strip_with_something_to_choose(profile: str) -> None:
    printer = replace(PRINTER, profile=profile)
    assert ruler_job(printer).startswith(b"\x1b@")
    assert page_lines(printer)


@pytest.mark.parametrize(("columns", "dots"), [(32, 384), (42, 504), (48, 576), (64, 576)])
def test_counted_columns_go_before_what_the_model_says(columns: int, dots: int) -> None:
    width_mm = 58 if columns == 32 else 80
    paper = paper_of(PrinterSettings(profile="TM-T88V", columns=columns, width_mm=width_mm))
    assert (paper.columns, paper.dots) == (columns, dots)
    nonsense = paper_of(PrinterSettings(columns=3))
    assert nonsense.columns == 48


@needs_npos
def test_letters_beyond_ascii_are_drawn_where_no_page_reads_right() -> None:
    printer = replace(PRINTER, code_page="ASCII")
    payload = write_job(Slip((Line("Käse"), Line("Brot"))), printer)
    names = [seen.name for seen in commands(payload)]
    assert names.count("GS v0") == 1
    assert [line for line in lines(payload) if line.strip()] == ["Brot"]


def test_a_ruler_that_is_too_wide_goes_on_below_as_it_does_on_paper() -> None:
    narrow = replace(PRINTER, width_mm=58)
    short, long = (
        receipt_picture(b"x" * 32 + b"\n", narrow),
        receipt_picture(b"x" * 33 + b"\n", narrow),
    )
    assert long.height - short.height == 30

"""The preview shows what the bytes say: others read its codes, and its dots are the printer's."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from pos_app.domain.receipt_code import parse_receipt_qr
from pos_app.domain.shop import PrinterSettings
from pos_app.printing.escpos_reader import NotOurCommand, read_job
from pos_app.printing.preview import receipt_image, receipt_picture
from pos_app.printing.receipt import render_receipt
from tests.printing import sales
from tests.printing.someone_elses import decode, dots, needs_npos, qr_texts

MARGIN_PX = 28


@pytest.mark.parametrize("width_mm", [58, 80])
@pytest.mark.parametrize("profile", ["default", "POS-5890", "TM-T88V"])
def test_somebody_elses_reader_finds_the_sale_by_the_picture(width_mm: int, profile: str) -> None:
    printer = PrinterSettings(width_mm=width_mm, profile=profile)
    payload = render_receipt(sales.rich_sale(), sales.GERMAN, printer, journal_hash="0f" * 32)
    (text,) = qr_texts(receipt_picture(payload, printer))
    code = parse_receipt_qr(text)
    assert code is not None
    assert code.number == "1-000123"
    assert code.is_of(sales.SALE_ID)
    assert code.journal_hash_start == "0f" * 6


@pytest.mark.parametrize(("width_mm", "dots_across"), [(58, 384), (80, 576)])
def test_the_picture_is_as_wide_as_the_paper(width_mm: int, dots_across: int) -> None:
    printer = PrinterSettings(width_mm=width_mm)
    png = receipt_image(render_receipt(sales.simple_sale(), sales.GERMAN, printer), printer)
    assert png.startswith(b"\x89PNG")
    assert Image.open(BytesIO(png)).width == dots_across + 2 * MARGIN_PX


@needs_npos
def test_drawn_lines_come_out_dot_for_dot() -> None:
    printer = PrinterSettings(width_mm=58)
    payload = render_receipt(sales.arabic_sale(), sales.ARABIC, printer)
    sheet = receipt_picture(payload, printer)
    black = sheet.point(lambda value: 255 * (value > 127), mode="1")
    first = dots(next(seen for seen in decode(payload) if seen.name == "GS v0"))
    box = (MARGIN_PX, MARGIN_PX, MARGIN_PX + first.width, MARGIN_PX + first.height)
    assert black.crop(box).tobytes() == first.tobytes()


def test_letters_are_where_the_printer_puts_them() -> None:
    printer = PrinterSettings(width_mm=58)
    payload = b"\x1b@\x1bt\x13" + b" " * 31 + b"X\n" + b"X\n"
    sheet = receipt_picture(payload, printer)
    right = sheet.crop((MARGIN_PX + 31 * 12, MARGIN_PX, MARGIN_PX + 384, MARGIN_PX + 30))
    left = sheet.crop((MARGIN_PX, MARGIN_PX + 30, MARGIN_PX + 12, MARGIN_PX + 60))
    assert right.tobytes() == left.tobytes()
    assert min(right.get_flattened_data()) < 128


def test_big_letters_take_four_times_the_room() -> None:
    printer = PrinterSettings(width_mm=58)
    small = receipt_picture(b"X\n", printer)
    big = receipt_picture(b"\x1d!\x11X\n", printer)
    assert big.height - small.height == 30

    def ink(sheet: Image.Image) -> int:
        return sum(value < 128 for value in sheet.get_flattened_data())

    assert ink(big) == 4 * ink(small)


@pytest.mark.parametrize(
    "payload",
    [b"\x1bZ", b"\x1d(L\x02\x00ab", b"\x07", b"\x1d", b"\x1dv0\x00\xff\xff\xff\xff", b"\x00"],
)
def test_a_command_that_is_not_ours_is_named_and_not_drawn_over(payload: bytes) -> None:
    with pytest.raises(NotOurCommand, match="unknown command"):
        list(read_job(payload))


def test_a_copy_looks_different_from_its_original() -> None:
    printer = PrinterSettings()
    sale, shop = sales.simple_sale(), sales.GERMAN
    original = receipt_picture(render_receipt(sale, shop, printer), printer)
    copy = receipt_picture(render_receipt(sale, shop, printer, copy=True), printer)
    assert copy.height > original.height


def test_an_arabic_line_joins_its_letters_and_runs_from_right_to_left() -> None:
    from pos_app.printing.raster import Lettering, Placed, draw_line

    plain = Lettering()
    joined, apart = plain.width("بقالة"), sum(plain.width(c) for c in "بقالة")
    assert joined < apart
    # Alif is a lone upright stroke: drawn first in the word it stands at the right.
    word = "ابب"
    line = draw_line([Placed(word, 0)], plain, 200).convert("L")
    ink = [x for x in range(200) if min(line.crop((x, 0, x + 1, 30)).get_flattened_data()) == 0]
    tall = [x for x in ink if line.getpixel((x, 8)) == 0]
    assert tall
    assert min(tall) > (min(ink) + max(ink)) / 2


def test_a_minus_stays_before_its_figure_on_arabic_paper() -> None:
    from pos_app.printing.raster import Lettering, Placed, draw_line

    plain = Lettering()
    line = draw_line([Placed("-4", 10)], plain, 60).convert("L")
    columns = [sum(line.getpixel((x, y)) == 0 for y in range(30)) for x in range(60)]
    ink = [x for x, count in enumerate(columns) if count]
    assert columns[ink[0]] <= 4 < max(columns)


def test_the_preview_does_not_depend_on_the_drawer_or_the_cutter() -> None:
    sale = sales.simple_sale()
    cutting, tearing = PrinterSettings(), replace(PrinterSettings(), cuts=False, kicks_drawer=False)
    one = receipt_picture(render_receipt(sale, sales.GERMAN, cutting), cutting)
    other = receipt_picture(render_receipt(sale, sales.GERMAN, tearing), tearing)
    assert one.size == other.size


def ink(sheet: Image.Image) -> int:
    return sum(value < 128 for value in sheet.get_flattened_data())


@pytest.mark.parametrize(
    ("on", "off"),
    [(b"\x1b-\x01", b"\x1b-\x00"), (b"\x1dB\x01", b"\x1dB\x00"), (b"\x1bE\x01", b"\x1bE\x00"),
     (b"\x1b!\x08", b"\x1b!\x00"), (b"\x1b!\x80", b"\x1b!\x00")],
)  # fmt: skip
def test_bold_underlined_and_reversed_letters_have_more_ink_until_switched_off(
    on: bytes, off: bytes
) -> None:
    printer = PrinterSettings(width_mm=58)
    plain = ink(receipt_picture(b"Total\n", printer))
    assert ink(receipt_picture(on + b"Total\n", printer)) > plain
    assert ink(receipt_picture(on + off + b"Total\n", printer)) == plain


def test_the_small_font_puts_more_letters_on_a_line() -> None:
    printer = PrinterSettings(width_mm=58)
    full = receipt_picture(b"x" * 42 + b"\n", printer)
    small = receipt_picture(b"\x1bM\x01" + b"x" * 42 + b"\n", printer)
    assert full.height - small.height == 30


def test_the_mode_command_sets_size_and_font_at_once() -> None:
    printer = PrinterSettings(width_mm=58)
    by_mode = receipt_picture(b"\x1b!\x30X\n", printer)
    by_size = receipt_picture(b"\x1d!\x11X\n", printer)
    assert by_mode.tobytes() == by_size.tobytes()


def test_dots_and_spacing_move_the_paper_as_far_as_they_say() -> None:
    printer = PrinterSettings(width_mm=58)
    plain = receipt_picture(b"X\nX\n", printer)
    assert receipt_picture(b"X\n\x1bJ\x14X\n", printer).height == plain.height + 20
    assert receipt_picture(b"\x1b3\x32X\nX\n", printer).height == plain.height + 40
    assert receipt_picture(b"\x1b3\x32\x1b2X\nX\n", printer).height == plain.height


def test_a_cut_in_the_middle_is_seen() -> None:
    printer = PrinterSettings(width_mm=58)
    one = receipt_picture(b"X\n\x1dV\x01", printer)
    two = receipt_picture(b"X\n\x1dV\x01X\n\x1dV\x01", printer)
    assert two.height == one.height + 60


def test_a_byte_that_the_page_does_not_define_leaves_a_gap() -> None:
    printer = PrinterSettings(code_page="CP1252")
    undefined = receipt_picture(b"\x1bt\x10A\x81B\n", printer)
    assert undefined.tobytes() == receipt_picture(b"A B\n", printer).tobytes()

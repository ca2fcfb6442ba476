"""Sheets of labels as others see them: PDFium draws, zxing-cpp reads, pypdf looks inside."""

import hashlib
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import combinations

import pypdf
import pytest
import zxingcpp
from PIL import Image

from pos_app.printing.label import LabelContent, label_of
from pos_app.printing.label_formats import FORMATS, LabelFormat, format_named
from pos_app.printing.label_layout import MM
from pos_app.printing.label_picture import draw_page, page_picture
from pos_app.printing.label_sheet import LabelRun, write_sheet
from tests.printing.labelled import (
    ARABIC,
    HARD,
    MILK,
    TOMATOES,
    Ink,
    codes,
    inks,
    pdf_of,
    product,
    read_from_the_right,
    shop,
)

A4_3X8 = FORMATS[0]
papers = pytest.mark.parametrize("paper", FORMATS, ids=lambda paper: paper.key)
PLACES = {"en": ("IE", "EUR"), "de": ("DE", "EUR"), "ar": ("EG", "EGP")}


def run_of(*products: object, language: str = "en", **more: object) -> LabelRun:
    content = LabelContent(day=date(2026, 5, 4))
    setting = shop(language, *PLACES[language])
    return LabelRun([(label_of(one, setting, content), 1) for one in products], **more)  # type: ignore[arg-type]


def corners(paper: LabelFormat, number: int) -> tuple[float, float, float, float]:
    left, top = (side * MM for side in paper.place(number))
    return left, top, left + paper.label[0] * MM, top + paper.label[1] * MM


@papers
def test_every_label_stands_whole_on_the_page(paper: LabelFormat) -> None:
    for number in range(paper.per_page):
        left, top, right, bottom = corners(paper, number)
        assert left >= -0.01
        assert top >= -0.01
        assert right <= paper.page[0] * MM + 0.01
        assert bottom <= paper.page[1] * MM + 0.01


@papers
@pytest.mark.parametrize("language", PLACES)
def test_nothing_leaves_its_label_and_nothing_lies_on_another_thing(
    paper: LabelFormat, language: str
) -> None:
    pdf = pdf_of(run_of(*HARD, language=language), paper)
    for number, one in enumerate(HARD):
        page, place = divmod(number, paper.per_page)
        edges = corners(paper, place)
        found = [ink for ink in inks(pdf, page) if touches(ink, edges)]
        assert len(found) >= 2, one
        assert all(ink.is_inside(*edges) for ink in found), one
        for ink, other in combinations(found, 2):
            assert not ink.overlaps(other), (ink, other)


def touches(ink: Ink, edges: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = edges
    return ink.left < right and ink.right > left and ink.top < bottom and ink.bottom > top


@papers
def test_the_barcodes_are_read_by_somebody_elses_reader(paper: LabelFormat) -> None:
    pdf = pdf_of(run_of(*HARD), paper)
    pages = len(pypdf.PdfReader(BytesIO(pdf)).pages)
    read = {text.zfill(13) for page in range(pages) for _, text in codes(pdf, page)}
    wanted = [label_of(one, shop()).symbol for one in HARD]
    assert {symbol.text.zfill(13) for symbol in wanted if symbol is not None} == read


def test_the_kind_of_barcode_is_the_one_that_was_chosen() -> None:
    read = codes(pdf_of(run_of(MILK, TOMATOES, product("B", "x", "1", "96385074")), A4_3X8))
    kinds = {text: kind for kind, text in read}
    assert kinds == {"4006381333931": "EAN13", "20001": "Code128", "96385074": "EAN8"}


def test_name_price_and_code_can_be_read_out_of_the_file() -> None:
    pdf = pdf_of(run_of(MILK, TOMATOES), A4_3X8)
    text = pypdf.PdfReader(BytesIO(pdf)).pages[0].extract_text()
    for part in ("Whole milk 1 l", "€1.19", "A001", "4006381333931", "€3.99 / kg", "04/05/2026"):
        assert part in text
    assert "\x00" not in text


def test_arabic_is_joined_and_in_its_own_order() -> None:
    pdf = pdf_of(run_of(product("A", "زيت زيتون", "1"), language="ar"), A4_3X8)
    text = pypdf.PdfReader(BytesIO(pdf)).pages[0].extract_text()
    assert any("\ufe70" <= char <= "\ufefc" for char in text)  # joined forms, not bare letters
    assert read_from_the_right(pdf) == "زيتزيتونجم"  # the name, then the pound of its price


def test_all_fonts_are_inside_the_file() -> None:
    pdf = pdf_of(run_of(MILK, product("A", ARABIC + " 中文", "1"), language="de"), A4_3X8)
    fonts = pypdf.PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    used = [fonts[name].get_object() for name in fonts]
    drawn = [font for font in used if "Noto" in str(font.get("/BaseFont"))]
    assert len(drawn) >= 3
    for font in drawn:
        descriptor = font["/FontDescriptor"].get_object()
        assert "/FontFile2" in descriptor, font["/BaseFont"]


def test_the_same_labels_are_the_same_bytes_in_any_process() -> None:
    program = (
        "import sys, hashlib; sys.path.insert(0, '.')\n"
        "from tests.printing.test_label_sheet import *\n"
        "print(hashlib.sha256(pdf_of(run_of(*HARD), A4_3X8)).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert told == {hashlib.sha256(pdf_of(run_of(*HARD), A4_3X8)).hexdigest()}


def test_labels_begin_at_the_first_free_place_and_go_on_over_the_page() -> None:
    run = LabelRun([(label_of(MILK, shop()), 5)], start=23)
    pdf = pdf_of(run, A4_3X8)
    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) == 2
    assert len(codes(pdf, 0)) == 2
    assert len(codes(pdf, 1)) == 3
    first = min(inks(pdf, 0), key=lambda ink: (ink.top, ink.left))
    assert first.is_inside(*corners(A4_3X8, 22))


@pytest.mark.parametrize("start", [-3, 0, 1, 24, 99])
def test_a_wrong_start_stays_on_the_sheet(start: int) -> None:
    run = LabelRun([(label_of(MILK, shop()), 1)], start=start)
    place = min(max(start, 1), 24) - 1
    assert all(ink.is_inside(*corners(A4_3X8, place)) for ink in inks(pdf_of(run, A4_3X8)))


def test_cut_marks_stand_at_the_corners_only_when_wanted() -> None:
    marked = pdf_of(run_of(MILK, cut_marks=True), A4_3X8)
    strokes = [ink for ink in inks(marked) if ink.what == "bars"]
    assert len(strokes) == 1 + 8
    assert len([ink for ink in inks(pdf_of(run_of(MILK), A4_3X8)) if ink.what == "bars"]) == 1


def test_each_label_of_a_roll_is_a_page_of_its_size() -> None:
    paper = format_named("roll-57x32")
    assert paper is not None
    pages = pypdf.PdfReader(BytesIO(pdf_of(run_of(MILK, TOMATOES), paper))).pages
    assert len(pages) == 2
    assert [round(float(side) / MM) for side in pages[0].mediabox[2:]] == [57, 32]


@papers
def test_the_preview_shows_what_the_file_prints(paper: LabelFormat) -> None:
    picture = draw_page(run_of(MILK), paper, 300)
    read = [(one.format.name, one.text) for one in zxingcpp.read_barcodes(picture)]
    assert read == [("EAN13", "4006381333931")]
    shown = Image.open(BytesIO(page_picture(run_of(MILK), paper)))
    assert abs(shown.width / shown.height - paper.page[0] / paper.page[1]) < 0.02


def test_a_stop_leaves_the_drawing_at_once() -> None:
    class Stopped(Exception):
        pass

    def stop(done: int, _total: int) -> None:
        if done:
            raise Stopped

    with pytest.raises(Stopped):
        write_sheet(LabelRun([(label_of(MILK, shop()), 500)]), A4_3X8, BytesIO(), stop)


def test_a_thousand_labels_take_a_few_seconds() -> None:
    many = [replace(MILK, name=f"Product {number}", code=f"C{number}") for number in range(1000)]
    begun = time.perf_counter()
    pdf_of(run_of(*many), A4_3X8)
    assert time.perf_counter() - begun < 60  # 1 s on a quiet machine; this one may be busy


def test_the_pdf_library_is_loaded_only_when_labels_are_made() -> None:
    program = (
        "import sys\nimport pos_app.ui.catalogue_screen, pos_app.app.cli\n"
        "pos_app.app.cli.build_parser()\n"
        "sys.exit(any(name.split('.')[0] in ('reportlab', 'barcode') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

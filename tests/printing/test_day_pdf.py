"""The manager's page: always one, read back by other programs, and nothing over its edge."""

import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from pos_app.domain.day_review import DayReview, Unsent
from pos_app.domain.shift_report import OfficeProof
from pos_app.domain.shop import ScreenSettings, ShopSettings
from pos_app.printing.day_paper import shared_rows
from pos_app.printing.day_pdf import lay_day, render_day
from pos_app.printing.document_page import PaperSize
from pos_app.printing.document_sheet import MM, Block
from tests import days
from tests.printing import sales
from tests.printing.papers import picture, whole_text

ENGLISH = sales.ENGLISH
GERMAN = replace(sales.GERMAN, screen=ScreenSettings(language="de"))
ARABIC = replace(sales.ARABIC, screen=ScreenSettings(language="ar"))
SHOPS = {"en": ENGLISH, "de": GERMAN, "ar": ARABIC}
REVIEWS = {
    "ordinary": days.ordinary(),
    "month": days.month(),
    "enormous": days.enormous(),
    "empty": days.empty(),
    "hostile": days.hostile(),
}


def lines(review: DayReview, shop: ShopSettings = ENGLISH) -> list[str]:
    return [line.strip() for line in whole_text(render_day(review, shop)).splitlines()]


@pytest.mark.parametrize("size", list(PaperSize))
@pytest.mark.parametrize("language", sorted(SHOPS))
@pytest.mark.parametrize("name", sorted(REVIEWS))
def test_a_day_is_one_page_and_nothing_leaves_it(name: str, language: str, size: PaperSize) -> None:
    sheet = lay_day(REVIEWS[name], SHOPS[language], size)
    assert len(sheet.pages) == 1
    page = sheet.pages[0]
    for one in page.letters:
        assert one.left > 10 * MM
        assert one.left + one.piece.width * one.size < sheet.width - 10 * MM
        assert one.size < one.baseline < sheet.height - 5 * MM
    for block in page.blocks:
        assert block.width >= 0 <= block.height
        assert block.left >= 10 * MM
        assert block.left + block.width <= sheet.width - 10 * MM
        assert block.top + block.height < sheet.height - 5 * MM
    for stroke in page.strokes:
        assert all(0 < x < sheet.width and 0 < y < sheet.height for x, y in stroke.points)


@pytest.mark.parametrize("language", sorted(SHOPS))
@pytest.mark.parametrize("name", sorted(REVIEWS))
def test_no_two_texts_lie_on_each_other(name: str, language: str) -> None:
    page = lay_day(REVIEWS[name], SHOPS[language]).pages[0]
    boxes = [
        (
            one.left,
            one.left + one.piece.width * one.size,
            one.baseline - one.size * 0.6,
            one.baseline,
        )
        for one in page.letters
    ]
    for place, (left, right, top, bottom) in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = right <= other[0] + 0.1 or other[1] <= left + 0.1
            assert apart or bottom <= other[2] + 0.1 or other[3] <= top + 0.1, (
                page.letters[place].piece.runs, (left, right, top, bottom), other,
            )  # fmt: skip


def test_the_same_day_gives_the_same_bytes() -> None:
    first = render_day(days.ordinary(), ENGLISH)
    assert first == render_day(days.ordinary(), ENGLISH)
    assert first != render_day(replace(days.ordinary(), shop="Other"), ENGLISH)


def test_figures_and_words_are_read_back() -> None:
    found = lines(days.ordinary())
    text = "\n".join(found)
    for words in (
        "Corner Bakery", "Saturday, 14 March 2026", "€4,823.60", "+9.2%", "against 4,418.70",
        "Mean of 4 weeks: 4,501.20 (+7.2%)", "22.54", "604.05", "131 × Card", "2,991.40", "60.8%",
        "VAT 19%", "2,310.40", "Rye bread, sliced, 500 g", "Hot drinks", "No category",
        "€12.50 is missing from the drawer.", "T1-000412", "Rusks", "9 Jan 2026",
    ):  # fmt: skip
        assert words in text, words


def test_another_reader_finds_the_same_page() -> None:
    reader = pypdf.PdfReader(BytesIO(render_day(days.ordinary(), ENGLISH)))
    assert len(reader.pages) == 1
    assert "4,823.60" in reader.pages[0].extract_text()
    assert reader.metadata is not None
    assert reader.metadata.title == "Corner Bakery – 14 Mar 2026"
    for font in reader.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        described = font.get_object()
        if "/DescendantFonts" in described:
            described = described["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in described["/FontDescriptor"].get_object()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_poppler_reads_it_without_a_word_of_complaint(tmp_path: Path) -> None:
    for name, review in REVIEWS.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(render_day(review, ARABIC))
        done = subprocess.run(
            ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True
        )
        assert not done.stderr
        assert b"\f" not in done.stdout[:-1]  # a form feed ends each page


def test_german_figures_are_written_as_germans_write_them() -> None:
    text = "\n".join(lines(days.ordinary(), GERMAN))
    assert "Samstag, 14. März 2026" in text
    assert "4.823,60 €" in text
    assert "+9,2 %" in text


def test_arabic_reads_from_the_right() -> None:
    sheet = lay_day(days.ordinary(), ARABIC)
    shop = sheet.pages[0].letters[0]
    assert shop.left + shop.piece.width * shop.size == pytest.approx(sheet.width - 14 * MM)
    english = lay_day(days.ordinary(), ENGLISH)
    assert english.pages[0].letters[0].left == pytest.approx(14 * MM)


def bars(review: DayReview) -> list[Block]:
    """The chart's bars: the blocks as wide as each other that stand on one line."""
    sheet = lay_day(review, ENGLISH)
    ink = next(one.colour for one in sheet.pages[0].blocks if one.height == 2.2)
    found = [one for one in sheet.pages[0].blocks if one.colour == ink and one.height > 8]
    return [one for one in found if one.width < 60]


def test_bars_are_as_high_as_what_was_taken() -> None:
    review = days.ordinary()
    drawn = bars(review)
    assert len(drawn) == len(review.hours)
    most = max(one.takings for one in review.hours)
    highest = max(one.height for one in drawn)
    for block, hour in zip(drawn, review.hours, strict=True):
        assert block.height / highest == pytest.approx(hour.takings / most, abs=1e-6)


def test_last_weeks_line_stands_on_the_same_scale() -> None:
    review = days.ordinary()
    page = lay_day(review, ENGLISH).pages[0]
    line = max(page.strokes, key=lambda one: len(one.points))
    bar, hour = bars(review)[0], review.hours[0]
    zero, per_minor = bar.top + bar.height, bar.height / hour.takings
    for (_, y), before in zip(line.points, review.before.hours, strict=True):
        assert zero - y == pytest.approx(before.takings * per_minor, abs=1e-6)


def test_each_day_of_a_month_has_its_bar() -> None:
    review = days.month()
    assert len(bars(review)) == review.period.days


def test_what_has_no_room_is_counted() -> None:
    found = lines(days.enormous())
    assert sum(line.startswith("and ") and line.endswith(" more") for line in found) >= 5
    shown = sum(line.startswith("Cashier ") and "An arti" in line for line in found)
    assert f"and {40 - shown} more" in found


def test_no_figure_is_ever_cut() -> None:
    found = "\n".join(lines(days.enormous()))
    assert "€4,823,600,033,765.20" in found
    assert "€12,500,000,087.50 is missing from the drawer." in found


def test_a_running_day_says_so_and_is_held_against_the_same_hours_only() -> None:
    day = days.ordinary()
    so_far = replace(day.before.totals, takings=100_000, tickets=50)
    text = "\n".join(
        lines(replace(day, is_running=True, before=replace(day.before, so_far=so_far)))
    )
    assert "So far: the day still runs." in text
    assert "against 1,000.00" in text
    assert "before: 71.20" not in text


def test_an_empty_day_says_that_nothing_was_sold() -> None:
    text = "\n".join(lines(days.empty()))
    assert "Nothing was sold." in text
    assert "Nothing needs a look." in text


def test_the_foot_tells_what_waits_to_be_sent() -> None:
    proof = OfficeProof(223, 223, days.MADE, is_same=True)
    text = "\n".join(lines(replace(days.ordinary(), unsent=Unsent(12, 0, proof))))
    assert "Entries not sent yet: 12. Heads equal." in text


def test_the_page_is_drawn_in_the_shops_colour() -> None:
    red = replace(ENGLISH, documents=replace(ENGLISH.documents, colour="#8A1538"))
    shades = {colour for _, colour in picture(render_day(days.ordinary(), red)).getcolors(1 << 20)}
    assert (0x8A, 0x15, 0x38) in shades


def test_rows_are_shared_fairly_among_lists() -> None:
    assert shared_rows([2, 9, 9], [10, 10, 10], 100) == [2, 4, 4]
    assert shared_rows([2, 2], [10, 10], 100) == [2, 2]
    assert shared_rows([5, 5], [30, 10], 50) == [1, 2]
    assert shared_rows([], [], 50) == []


def test_a_long_list_of_what_runs_low_takes_no_more_than_its_place() -> None:
    day = days.ordinary()
    short = [replace(day.low_stock[0], name=f"Short {at}") for at in range(200)]
    found = lines(replace(day, low_stock=tuple(short), tenders=(), cash=(), staff=()))
    assert sum(line.startswith("Short ") for line in found) == 4
    assert "and 196 more" in found

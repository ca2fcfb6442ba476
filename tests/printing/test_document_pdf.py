"""Papers of sales documents as others see them: pypdf and PDFium read, zxing-cpp scans."""

import random
import re
import time
import unicodedata
from dataclasses import replace

import pytest

from pos_app.domain.money import Money
from pos_app.printing.document_fonts import widths_of
from pos_app.printing.document_page import (
    LANGUAGES,
    Address,
    Detail,
    PaperSize,
    Passage,
    Table,
    Total,
    Weight,
)
from pos_app.printing.document_pdf import lay_document, render_document
from pos_app.printing.document_sheet import MM
from pos_app.printing.document_text import set_text
from pos_app.printing.document_words import word
from tests.printing.papers import (
    BUYER,
    LOGO,
    codes,
    columns_of,
    paper,
    picture,
    reader,
    rows_of,
    sample,
    texts,
    whole_text,
)

languages = pytest.mark.parametrize("language", LANGUAGES)


def lines_of(*names: str, below: str = "") -> Table:
    rows, _ = rows_of("en", len(names))
    changed = tuple(
        replace(row, cells=(*row.cells[:2], name, *row.cells[3:]), below=below)
        for row, name in zip(rows, names, strict=True)
    )
    return Table(columns_of("en"), changed)


@languages
@pytest.mark.parametrize("lines", [20, 70])
def test_the_same_paper_gives_the_same_bytes(language: str, lines: int) -> None:
    first = render_document(paper(language, lines, logo_path=LOGO))
    render_document(paper("zh", 3))
    assert render_document(paper(language, lines, logo_path=LOGO)) == first


@languages
def test_every_font_is_embedded_and_the_colours_are_named(language: str) -> None:
    pdf = reader(sample(language, 70))
    fonts = [
        font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    for font in fonts:
        assert "/FontFile2" in font["/FontDescriptor"], font["/BaseFont"]
        assert "/ToUnicode" in font
    (intent,) = pdf.trailer["/Root"]["/OutputIntents"]
    profile = intent["/DestOutputProfile"].get_data()
    assert profile[36:40] == b"acsp"
    assert profile[16:20] == b"RGB "
    assert pdf.trailer["/Root"]["/Lang"] == language


@languages
def test_nothing_in_the_file_is_transparent(language: str) -> None:
    pdf = render_document(paper(language, logo_path=LOGO, mark=word(language, "draft")))
    for page in reader(pdf).pages:
        assert "/ExtGState" not in page["/Resources"]
        for image in page["/Resources"].get("/XObject", {}).values():
            assert "/SMask" not in image.get_object()


def test_the_file_has_the_documents_date_and_title_and_none_of_today() -> None:
    about = reader(sample("de", 20)).metadata
    assert about is not None
    assert (about.title, about.author) == ("Rechnung INV2026110042", "Eckladen Müller & Söhne GmbH")
    assert f"{about.creation_date:%Y-%m-%d}" == "2026-11-21"


@pytest.mark.parametrize("language", ["en", "de", "fr", "zh"])
def test_everything_on_the_paper_can_be_read_back(language: str) -> None:
    page, text = paper(language), whole_text(sample(language, 20)).replace("\r\n", "\n")
    assert page.table is not None
    squeezed = "".join(text.split())
    wanted = [page.title, page.number, page.seller.name, page.buyer.name, *page.buyer.lines]
    wanted += [part for detail in page.details for part in (detail.label, detail.value)]
    wanted += [cell for row in page.table.rows for cell in row.cells]
    wanted += [part for total in page.totals for part in (total.label, total.amount)]
    for part in wanted:
        assert "".join(unicodedata.normalize("NFKC", part).split()) in squeezed, part


def test_arabic_is_joined_and_its_figures_keep_their_order() -> None:
    drawn = "\n".join(page.extract_text() for page in reader(sample("ar", 20)).pages)
    text = unicodedata.normalize("NFKC", drawn)
    for figure in ("INV2026110042", "212.10", "21.11.2026", "DE89 3704 0044 0532 0130 00", "19%"):
        assert figure in text, figure
    letters = set("".join(text.split()))
    assert set("فاتورة") <= letters, "NFKC makes joined forms plain again"
    assert "\u202e" not in text


def test_an_arabic_page_is_the_mirror_of_the_others() -> None:
    ltr, rtl = lay_document(paper("en", 3)).pages[0], lay_document(paper("ar", 3)).pages[0]
    width = lay_document(paper("en", 3)).width
    title = next(line for line in ltr.letters if line.size > 15 and line.baseline > 90 * MM)
    mirrored = next(line for line in rtl.letters if line.size > 15 and line.baseline > 90 * MM)
    right = mirrored.left + mirrored.piece.width * mirrored.size
    assert right == pytest.approx(width - title.left, abs=0.5)


@languages
@pytest.mark.parametrize("lines", [1, 20, 70, 300])
def test_nothing_leaves_the_page_or_lies_in_the_footer(language: str, lines: int) -> None:
    sheet = lay_document(paper(language, lines, logo_path=LOGO))
    for page in sheet.pages:
        for line in page.letters:
            assert line.left >= 15 * MM, line
            assert line.left + line.piece.width * line.size <= sheet.width - 15 * MM, line
            assert 8 * MM < line.baseline < sheet.height - 5 * MM, line


def test_twenty_lines_with_all_that_belongs_to_them_are_one_page() -> None:
    assert {len(reader(sample(one, 20)).pages) for one in ("en", "de", "fr", "zh")} == {1}


@languages
def test_each_page_says_which_of_how_many_it_is(language: str) -> None:
    pages = texts(sample(language, 70))
    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        digits = re.findall(r"\d+", text)
        assert f"{number}" in digits
        assert f"{len(pages)}" in digits
        if language != "ar":
            told = word(language, "page", page=f"{number}", pages=f"{len(pages)}")
            plain = told.translate({0x2068: None, 0x2069: None})
            assert "".join(plain.split()).replace("，", ",") in "".join(text.split())


@pytest.mark.parametrize("lines", [40, 70, 200])
def test_what_a_page_carries_forward_is_the_sum_of_the_lines_so_far(lines: int) -> None:
    pages = texts(render_document(paper("en", lines)))
    sum_so_far, number = 0, 0
    for place, text in enumerate(pages):
        found = [int(code) for code in re.findall(r"\bA(\d{5})\b", text)]
        if place:
            assert told(text, "Brought forward") == sum_so_far
        sum_so_far += sum(101 * code for code in found)
        number += len(found)
        if place < len(pages) - 1 and number < lines:
            assert told(text, "Carried forward") == sum_so_far
    assert number == lines


def told(text: str, name: str) -> int:
    found = re.search(rf"{name}\s*([\d,]+\.\d\d)", text)
    assert found, text
    return int(re.sub(r"\D", "", found[1]))


def test_totals_never_stand_on_a_page_without_a_line() -> None:
    for lines in range(18, 60):
        sheet = lay_document(paper("en", lines))
        due = [n for n, page in enumerate(sheet.pages) if has(page, "Amount due")]
        last = [n for n, page in enumerate(sheet.pages) if has(page, f"A{lines:05d}")]
        assert due == last, lines


def has(page: object, text: str) -> bool:
    drawn = ("".join(run.letters for run in line.piece.runs) for line in page.letters)  # type: ignore[attr-defined]
    return any(text in line for line in drawn)


def test_a_bank_reads_the_payment_code() -> None:
    (code,) = codes(sample("de", 20))
    assert code.split("\n") == [
        "BCD", "002", "1", "SCT", "COBADEFFXXX", "Eckladen Müller & Söhne GmbH",
        "DE89370400440532013000", "EUR212.10", "", "", "INV2026110042",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Money(0, "EUR")},
        {"amount": Money(-1, "EUR")},
        {"amount": Money(100, "GBP")},
        {"iban": "DE89370400440532013001"},
        {"iban": ""},
        {"name": " "},
    ],
)
def test_without_euros_to_pay_and_a_sound_iban_there_is_no_code(change: dict[str, object]) -> None:
    page = paper("en", 3)
    assert page.payment is not None
    assert page.payment.transfer is not None
    transfer = replace(page.payment.transfer, **change)  # type: ignore[arg-type]
    pdf = render_document(replace(page, payment=replace(page.payment, transfer=transfer)))
    assert codes(pdf) == []
    assert "DE89 3704" in whole_text(pdf)


def test_markup_in_a_name_is_drawn_as_it_is_written() -> None:
    evil = '<b>Big</b> <font color="red">&amp; <a href="x">Co</a></font> (Tj) ET \\) Q'
    page = paper("en", 2, buyer=Address(evil, (evil,)), closing=(Passage(evil, evil),))
    text = " ".join(whole_text(render_document(replace(page, table=lines_of(evil, evil)))).split())
    assert text.count("<b>Big</b>") >= 4
    assert "(Tj) ET" in text


def test_control_characters_and_steering_marks_do_no_harm() -> None:
    hard = "a\x00b\x07c\x1b[31m\ud800 \u202egnp.exe\u202c \u200bz\tw\x7f"
    page = paper("en", 2, buyer=Address(hard, (hard,)), number="N\x001", mark="\x02")
    pdf = render_document(replace(page, table=lines_of(hard, hard, below=hard), seller=page.buyer))
    text = whole_text(pdf)
    assert "a?b?c?[31m?" in text
    assert "gnp.exe zw" not in text
    assert not set(text) & {"\x00", "\x07", "\x1b", "\u202e"}


def test_a_paper_of_nothing_but_noise_is_drawn_and_stays_on_its_pages() -> None:
    dice = random.Random(5)
    ranges = ((0, 32), (32, 127), (0x300, 0x370), (0x5D0, 0x700), (0x2000, 0x2070),
              (0x4E00, 0x9FFF), (0xD800, 0xE000), (0x10000, 0x110000))  # fmt: skip

    def noise() -> str:
        length = dice.choice((0, 1, 5, 40, 200))
        return "".join(chr(dice.randrange(*dice.choice(ranges))) for _ in range(length))

    for language in LANGUAGES * 3:
        page = paper(language, 6)
        assert page.table is not None
        rows = tuple(
            replace(row, cells=tuple(noise() for _ in row.cells), below=noise())
            for row in page.table.rows
        )
        page = replace(
            page,
            table=replace(page.table, rows=rows),
            title=noise(),
            number=noise(),
            buyer=Address(noise(), (noise(), noise())),
            seller=Address(noise(), (noise(),)),
            delivery=Address(noise(), (noise(),), noise()),
            details=tuple(Detail(noise(), noise()) for _ in range(4)),
            totals=tuple(Total(noise(), noise(), weight) for weight in Weight),
            figures=(Detail(noise(), noise()), Detail(noise(), noise())),
            signatures=(noise(), noise()),
            closing=(Passage(noise(), noise()),),
            footer=((noise(),), (noise(), noise())),
            mark=noise(),
        )
        sheet = lay_document(page)
        assert len(reader(render_document(page)).pages) == len(sheet.pages)
        for line in (line for made in sheet.pages for line in made.letters):
            assert line.left >= 0, line
            assert line.left + line.piece.width * line.size <= sheet.width, line


def test_a_letter_that_no_font_has_becomes_a_box_that_can_be_seen() -> None:
    box = "□"
    page = paper("en", 1, closing=(Passage("한글 עברית 🙂"),))
    assert box in whole_text(render_document(page))


def test_a_rare_chinese_letter_beyond_the_first_plane_can_be_read_back() -> None:
    rare = next(chr(code) for code in widths_of("NotoSansSC-Regular") if code > 0x20000)
    pdf = render_document(paper("zh", 1, closing=(Passage(f"姓名：{rare}田"),)))
    assert f"{rare}田" in reader(pdf).pages[0].extract_text()


def test_brackets_turn_with_the_text_around_them() -> None:
    def drawn(text: str) -> str:
        return "".join(run.letters for run in set_text(text).runs)

    assert drawn("خصم (Treue) 5") == "5 (Treue) " + drawn("خصم")
    assert drawn("abc (اب) x") == f"abc ({drawn('اب')}) x"
    assert drawn("ا [ب] «ج» <د>").count("<") == 1
    for text in ("ا [ب] «ج» <د>", "ا ((a)) ()", "(ا)"):
        shown = drawn(text)
        assert all(shown.index(one) < shown.rindex(two) for one, two in ("()", "[]", "«»", "<>")
                   if one in shown)  # fmt: skip
    assert drawn("-5.00") == "-5.00"


def test_a_name_of_five_hundred_letters_wraps_and_stays_whole() -> None:
    name = "ß" * 250 + "ð" * 250
    page = replace(paper("en", 2), table=lines_of(name, "x"), closing=(Passage(name),))
    text = whole_text(render_document(page))
    assert (text.count("ß"), text.count("ð")) == (500, 500)
    sheet = lay_document(page)
    assert len(sheet.pages) == 1


def test_an_address_too_long_for_the_window_keeps_its_street_and_stays_in_it() -> None:
    buyer = Address("N" * 500, ("Second line of the name", "1 Long Street", "12345 Town"))
    sheet = lay_document(paper("en", 2, buyer=buyer))
    assert has(sheet.pages[0], "1 Long Street")
    assert has(sheet.pages[0], "12345 Town")
    window = [
        line
        for line in sheet.pages[0].letters
        if 60 * MM < line.baseline < 94 * MM and line.left < 100 * MM
    ]
    assert all(line.baseline < 90 * MM for line in window)
    assert all(line.left + line.piece.width * line.size <= 105.1 * MM for line in window)


def test_the_address_stands_in_the_window_of_the_envelope() -> None:
    for language in LANGUAGES:
        found = [
            line
            for line in lay_document(paper(language, 3)).pages[0].letters
            if line.size == 10.5 and line.baseline < 95 * MM
        ]
        assert len(found) == 1 + len(BUYER[language].lines)
        assert all(57 * MM < line.baseline < 90 * MM for line in found)


def test_a_text_higher_than_a_page_goes_on_over_the_next() -> None:
    below = "\n".join(f"line-{number}" for number in range(300))
    pdf = render_document(replace(paper("en", 2), table=lines_of("x", "y", below=below)))
    text = whole_text(pdf)
    assert all(len(re.findall(rf"line-{number}\b", text)) == 2 for number in range(300))
    assert len(reader(pdf).pages) < 14


def test_long_terms_and_very_many_rates_go_on_over_pages() -> None:
    page = paper("en", 2)
    assert page.taxes is not None
    many = replace(page.taxes, rows=tuple((f"R{n}%", "1.00", "0.10") for n in range(150)))
    terms = "\n".join(f"term-{number}" for number in range(200))
    text = whole_text(render_document(replace(page, taxes=many, closing=(Passage(terms),))))
    assert all(f"R{n}%" in text for n in range(150))
    assert all(f"term-{n}" in text for n in range(200))


def test_five_thousand_lines_take_time_by_their_number() -> None:
    render_document(paper("en", 100))
    took = {}
    for lines in (1_000, 5_000):
        page = paper("en", lines)
        begun = time.process_time()
        pdf = render_document(page)
        took[lines] = time.process_time() - begun
    assert took[5_000] < 15 * took[1_000]  # by the square of their number it would be 25
    last = texts(pdf)[-1]
    assert "A05000" in last
    assert "126,275,250" not in last
    assert "126,275.25" not in texts(pdf)[0]
    assert f"{101 * 5000 * 5001 // 2 / 100:,.2f}" in last


def test_a_paper_without_prices_or_with_nothing_but_text_is_drawn() -> None:
    note = replace(
        paper("de", 3), taxes=None, totals=(), payment=None, signatures=("Ort, Datum", "Erhalten"),
        delivery=Address("Lager", ("Hof 2",), heading="Lieferanschrift"),
    )  # fmt: skip
    text = whole_text(render_document(note))
    assert "Lieferanschrift" in text
    assert "Erhalten" in text
    assert render_document(replace(note, table=None, footer=(), contact=(), details=()))


@pytest.mark.parametrize("colour", ["#1D4E89", "#FFE600", "#FFFFFF", "#000000", "red", ""])
def test_any_colour_leaves_the_letters_readable(colour: str) -> None:
    image = picture(render_document(paper("en", 3, colour=colour)))
    dark = sum(image.convert("L").resize((300, 424)).histogram()[:200])
    assert dark > 800


def test_a_logo_that_cannot_be_read_leaves_the_shops_name(tmp_path) -> None:  # type: ignore[no-untyped-def]
    broken = tmp_path / "logo.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    for path in (str(broken), str(tmp_path), "/nowhere/logo.png", "\x00"):
        assert lay_document(paper("en", 1, logo_path=path)).pages[0].pictures == []
    assert len(lay_document(paper("en", 1, logo_path=LOGO)).pages[0].pictures) == 1


def test_letter_paper_is_its_own_size() -> None:
    box = reader(render_document(paper("en", 70, size=PaperSize.LETTER))).pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (612, 792)


def test_two_threads_may_write_papers_at_once() -> None:
    from concurrent.futures import ThreadPoolExecutor

    wanted = {one: sample(one, 20) for one in LANGUAGES}
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda one: (one, render_document(paper(one, 20))), LANGUAGES * 4))
    assert all(wanted[one] == pdf for one, pdf in made)

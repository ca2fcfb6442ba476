"""The bytes of a receipt, read by somebody else's decoder, on every kind of paper and printer."""

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.sale import Sale
from pos_app.domain.shop import PrinterKind, PrinterSettings, ShopSettings
from pos_app.printing.errors import NoSuchCodePage, NoSuchProfile
from pos_app.printing.escpos_job import kick_job
from pos_app.printing.printer_profile import paper_of, profile_names
from pos_app.printing.receipt import render_receipt
from tests.printing import sales
from tests.printing.someone_elses import commands, decode, dots, lines, needs_npos, qr_texts

GOLDEN = Path(__file__).parent / "golden"
NARROW, WIDE = PrinterSettings(width_mm=58), PrinterSettings(width_mm=80)
CASES: dict[str, tuple[Sale, ShopSettings, PrinterSettings, bool]] = {
    "english-80": (sales.rich_sale("GBP"), sales.ENGLISH, WIDE, False),
    "english-58": (sales.rich_sale("GBP"), sales.ENGLISH, NARROW, False),
    "german-80": (sales.rich_sale(), sales.GERMAN, WIDE, False),
    "german-58-copy-of-return": (sales.returned(sales.rich_sale()), sales.GERMAN, NARROW, True),
    "english-80-exchange": (sales.exchanged(sales.rich_sale("GBP")), sales.ENGLISH, WIDE, False),
    "german-58-void": (sales.undone(sales.rich_sale()), sales.GERMAN, NARROW, False),
    "english-58-void-of-return": (
        sales.undone(sales.returned(sales.rich_sale("GBP"))),
        sales.ENGLISH,
        NARROW,
        False,
    ),
    "arabic-58-void": (sales.undone(sales.arabic_sale()), sales.ARABIC, NARROW, False),
    "arabic-58": (sales.arabic_sale(), sales.ARABIC, NARROW, False),
    "chinese-80": (sales.chinese_sale(), sales.GERMAN, WIDE, False),
}


@pytest.fixture(autouse=True)
def _source_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Golden bytes are of the source texts, so that a better translation changes none of them."""
    monkeypatch.setattr("pos_app.printing.receipt.t_in", lambda _language, text: text)


@pytest.mark.parametrize("name", CASES)
def test_the_bytes_are_those_that_were_looked_at(name: str) -> None:
    sale, shop, printer, copy = CASES[name]
    payload = render_receipt(sale, shop, printer, copy=copy, journal_hash="ab" * 32)
    golden = GOLDEN / f"{name}.bin"
    if os.environ.get("POS_APP_WRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(payload)
    assert payload == golden.read_bytes()
    assert payload == render_receipt(sale, shop, printer, copy=copy, journal_hash="ab" * 32)


@needs_npos
@pytest.mark.parametrize(("printer", "columns"), [(NARROW, 32), (WIDE, 48)])
def test_no_line_is_wider_than_the_paper_and_amounts_end_at_the_edge(
    printer: PrinterSettings, columns: int
) -> None:
    printed = lines(render_receipt(sales.rich_sale("GBP"), sales.ENGLISH, printer))
    assert max(map(len, printed)) == columns
    soap = next(line for line in printed if line.startswith("Dish soap"))
    assert (len(soap), soap[-6:]) == (columns, "8.37 B")
    change = next(line for line in printed if line.startswith("Change"))
    assert (len(change), change[-5:]) == (columns, " 7.75")
    total = next(line for line in printed if line.startswith("Total"))
    assert 2 * len(total) == columns


@needs_npos
def test_the_euro_sign_goes_out_in_the_printers_own_code_page() -> None:
    for page, number, byte in (("CP858", 19, b"\xd5"), ("CP1252", 16, b"\x80")):
        printer = replace(WIDE, code_page=page)
        payload = render_receipt(sales.rich_sale(), sales.GERMAN, printer)
        chosen = [seen.data for seen in decode(payload) if seen.name == "ESC t"]
        assert chosen == [bytes([number])]
        total = next(line for line in lines(payload, page.lower()) if "22,23" in line)
        assert total.endswith("22,23 €")
        assert b"22,23 " + byte in payload


def test_a_printer_without_the_euro_sign_draws_the_line() -> None:
    payload = render_receipt(sales.simple_sale(), sales.GERMAN, replace(WIDE, code_page="CP437"))
    assert b"\x1dv0" in payload
    assert b"?" not in payload.split(b"\x1d(k")[0].replace(b"\x1dv0", b"")[:40]


@needs_npos
def test_a_printer_for_china_is_told_to_leave_its_chinese_mode() -> None:
    seen = [one.name for one in decode(render_receipt(sales.simple_sale(), sales.GERMAN, WIDE))]
    assert seen[:2] == ["ESC @", "FS ."]


@needs_npos
def test_arabic_and_chinese_are_drawn_and_low_enough_for_any_printer() -> None:
    arabic = commands(render_receipt(sales.arabic_sale(), sales.ARABIC, NARROW))
    pictures = [dots(seen) for seen in arabic if seen.name == "GS v0"]
    assert len(pictures) > 20
    assert all(picture.size[0] == 384 and picture.size[1] <= 96 for picture in pictures)
    inked = [min(picture.convert("L").get_flattened_data()) for picture in pictures]
    assert set(inked) == {0}
    chinese = commands(render_receipt(sales.chinese_sale(), sales.GERMAN, WIDE))
    assert sum(seen.name == "GS v0" for seen in chinese) == 3


@needs_npos
def test_the_total_of_nine_digits_fits_narrow_paper_in_double_size() -> None:
    huge = sales.sold(sales.cart_of((sales.product("Crane", "1234567.89"), "1")))
    payload = render_receipt(huge, sales.GERMAN, NARROW)
    printed = lines(payload)
    at = next(i for i, line in enumerate(printed) if line.strip() == "1.234.567,89 €")
    assert len(printed[at]) == 16
    assert printed[at - 1].strip() == "Total"


@needs_npos
def test_the_drawer_opens_for_cash_and_for_nothing_else() -> None:
    def kicks(payload: bytes) -> int:
        return sum(seen.name == "ESC p" for seen in commands(payload))

    cash, card = sales.simple_sale(), sales.chinese_sale()
    assert kicks(render_receipt(cash, sales.GERMAN, WIDE)) == 1
    assert kicks(render_receipt(card, sales.GERMAN, WIDE)) == 0
    assert kicks(render_receipt(card, sales.GERMAN, WIDE, kick=True)) == 1
    assert kicks(render_receipt(cash, sales.GERMAN, WIDE, copy=True)) == 0
    assert kicks(render_receipt(cash, sales.GERMAN, replace(WIDE, kicks_drawer=False))) == 0
    assert kick_job(replace(WIDE, drawer_pin=5)) == b"\x1bp\x0122"


@needs_npos
def test_a_printer_without_a_cutter_feeds_to_the_tear_bar() -> None:
    with_cutter = commands(render_receipt(sales.simple_sale(), sales.GERMAN, WIDE))
    without = commands(render_receipt(sales.simple_sale(), sales.GERMAN, replace(WIDE, cuts=False)))
    assert [seen.name for seen in with_cutter[-2:]] == ["ESC d", "GS V"]
    assert [seen.name for seen in without[-1:]] == ["ESC d"]


@needs_npos
def test_a_printer_that_knows_no_codes_gets_the_code_as_a_picture() -> None:
    payload = render_receipt(sales.simple_sale(), sales.GERMAN, replace(NARROW, profile="POS-5890"))
    seen = commands(payload)
    assert not [one for one in seen if one.name == "GS (k"]
    from PIL import Image

    pictures = [dots(one) for one in seen if one.name == "GS v0"]
    whole = Image.new("1", (384, sum(p.height for p in pictures)), 1)
    top = 0
    for picture in pictures:
        whole.paste(picture, (0, top))
        top += picture.height
    assert qr_texts(whole) == ["POS1:1-000123:00000a1b2c3d:"]


@pytest.mark.parametrize("profile", profile_names())
@pytest.mark.parametrize("width_mm", [58, 80])
def test_every_known_printer_model_gets_every_receipt(profile: str, width_mm: int) -> None:
    printer = PrinterSettings(profile=profile, width_mm=width_mm)
    assert paper_of(printer).columns >= 20
    for sale, shop in (
        (sales.rich_sale(), sales.GERMAN),
        (sales.arabic_sale(), sales.ARABIC),
        (sales.chinese_sale(), sales.GERMAN),
    ):
        assert render_receipt(sale, shop, printer).startswith(b"\x1b@")


def test_a_printer_that_cannot_be_is_refused_with_its_name() -> None:
    with pytest.raises(NoSuchProfile, match="TM-9999 is not known"):
        render_receipt(sales.simple_sale(), sales.GERMAN, replace(WIDE, profile="TM-9999"))
    for page in ("CP9999", "CP932", "Unknown", "\x1b@"):
        with pytest.raises(NoSuchCodePage):
            render_receipt(sales.simple_sale(), sales.GERMAN, replace(WIDE, code_page=page))


def test_a_logo_is_printed_and_a_broken_one_is_left_out(tmp_path: Path) -> None:
    from PIL import Image

    logo = tmp_path / "logo.png"
    Image.new("RGBA", (900, 300), (0, 0, 0, 255)).save(logo)
    plain = render_receipt(sales.simple_sale(), sales.GERMAN, WIDE)

    def with_logo(path: str) -> bytes:
        receipt = replace(sales.GERMAN.receipt, logo_path=path)
        shop = replace(sales.GERMAN, receipt=receipt)
        return render_receipt(sales.simple_sale(), shop, WIDE)

    assert with_logo(str(logo)).count(b"\x1dv0") == 2  # 160 dots high: two fragments
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    for path in (str(broken), str(tmp_path / "missing.png"), str(tmp_path), "\x00", "a" * 5000):
        assert with_logo(path).replace(b"\n", b"") == plain.replace(b"\n", b"")


def test_the_preview_is_a_printer_like_any_other() -> None:
    preview = replace(WIDE, kind=PrinterKind.PREVIEW)
    network = replace(WIDE, kind=PrinterKind.NETWORK, target="192.0.2.20")
    sale = sales.rich_sale()
    assert render_receipt(sale, sales.GERMAN, preview) == render_receipt(
        sale, sales.GERMAN, network
    )


def test_amounts_are_grouped_and_rounded_half_up() -> None:
    from pos_app.domain.money import Money
    from pos_app.printing.amounts import writing

    english = writing("en", "GB")
    assert english.money(Money(-123456789, "EUR")) == "-1,234,567.89"
    assert english.number(Decimal("0.125"), 2) == "0.13"
    assert english.money(Money(5, "JPY")) == "5"
    assert english.money(Money(1234567, "KWD")) == "1,234.567"
    assert writing("xx", "YY").money(Money(100, "EUR")) == "1.00"

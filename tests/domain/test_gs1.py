"""GS1 element strings: raw, bracketed and as web address; dates, weights, prices."""

from calendar import monthrange
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.barcode import (
    Barcode,
    BarcodeCheckDigitWrong,
    BarcodeKind,
    Gs1DateWrong,
    Gs1Unreadable,
    parse_barcode,
    with_check_digit,
)
from pos_app.domain.gs1 import FNC1, read_date, read_elements

TODAY = date(2026, 3, 14)
GTIN = "09501101530003"


def read(text: str) -> Barcode:
    return parse_barcode(text, today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        f"]C101{GTIN}1714070410AB-123",
        f"]d201{GTIN}1714070410AB-123",
        f"]Q301{GTIN}1714070410AB-123{FNC1}",
        f"]e001{GTIN}1714070410AB-123",
        f"{FNC1}01{GTIN}1714070410AB-123",
        f"01{GTIN}1714070410AB-123",
        f"(01){GTIN}(17)140704(10)AB-123",
        f"(01) {GTIN} (17) 140704 (10) AB-123",
        f"]C101{GTIN}{FNC1}17140704{FNC1}10AB-123",
        f"https://id.gs1.org/01/{GTIN}/10/AB-123?17=140704",
    ],
)
def test_every_written_form_tells_the_same(text: str) -> None:
    barcode = read(text)
    assert barcode.kind is BarcodeKind.GS1
    assert barcode.lookup_codes == (GTIN, GTIN[1:])
    assert barcode.expires == date(2014, 7, 4)
    assert barcode.batch == "AB-123"
    assert set(barcode.gs1) == {("01", GTIN), ("17", "140704"), ("10", "AB-123")}


def test_a_variable_field_in_the_middle_ends_at_fnc1() -> None:
    barcode = read(f"]d201{GTIN}10LOT7{FNC1}21SER-1{FNC1}3103001250")
    assert (barcode.batch, barcode.serial) == ("LOT7", "SER-1")
    assert barcode.weight_kg == Decimal("1.250")


def test_a_scanner_without_prefix_still_delivers_gs1_when_all_of_it_reads_so() -> None:
    assert read(f"01{GTIN}3103001250").weight_kg == Decimal("1.250")
    assert read(f"01{GTIN}ZZ").kind is BarcodeKind.INTERNAL
    assert read(f"01{GTIN[:-1]}4").kind is BarcodeKind.INTERNAL


@pytest.mark.parametrize(
    ("element", "weight"),
    [
        ("3100000012", "12"),
        ("3102001250", "12.50"),
        ("3103001250", "1.250"),
        ("3105001250", "0.01250"),
        ("3202000150", "0.680388555"),  # 1.50 lb
        ("3561000010", "0.0311034768"),  # 1 troy ounce
        ("3570000016", "0.453592370000"),  # 16 oz are one pound
    ],
)
def test_net_weights_come_in_kilograms(element: str, weight: str) -> None:
    assert read(f"]C101{GTIN}{element}").weight_kg == Decimal(weight)


@pytest.mark.parametrize("element", ["3103000000", "3301001250", "3370001250"])
def test_no_weight_gross_weight_and_weight_per_area_are_no_net_weight(element: str) -> None:
    assert read(f"]C101{GTIN}{element}").weight_kg is None


@pytest.mark.parametrize(
    ("element", "price", "currency"),
    [
        ("3922000599", "5.99", None),
        ("3932978000599", "5.99", "978"),
        ("3930392000599", "599", "392"),
        ("3902001234", "12.34", None),
        ("3912826001234", "12.34", "826"),
        (f"39021{FNC1}39222", "0.02", None),  # a price of the item goes before an amount
    ],
)
def test_prices_come_with_their_currency(element: str, price: str, currency: str | None) -> None:
    barcode = read(f"]C101{GTIN}{element}")
    assert (barcode.price, barcode.price_currency) == (Decimal(price), currency)


def test_a_price_of_nothing_is_no_price() -> None:
    assert read(f"]C101{GTIN}3932978000000").price is None
    assert read(f"]C101{GTIN}3932978000000").price_currency is None


@pytest.mark.parametrize(("element", "count"), [("30008", "8"), ("3024", "24"), ("300", None)])
def test_a_count_is_the_quantity(element: str, count: str | None) -> None:
    expected = None if count is None else Decimal(count)
    assert read(f"]C101{GTIN}{element}").quantity == expected


def test_a_pallet_is_looked_up_by_the_goods_on_it() -> None:
    barcode = read(f"]C100{with_check_digit('37610425002123456')}02{GTIN}3712")
    assert barcode.lookup_codes == (GTIN, GTIN[1:])
    assert barcode.quantity == Decimal(12)


def test_a_pallet_without_goods_named_is_looked_up_by_its_own_number() -> None:
    assert read("]C100376104250021234569").lookup_codes == ("376104250021234569",)


def test_a_message_without_any_number_is_looked_up_as_it_stands() -> None:
    assert read("]C110LOT7").lookup_codes == ("]C110LOT7",)


@pytest.mark.parametrize(
    ("elements", "expires"),
    [
        ("17261231", date(2026, 12, 31)),
        ("15261200", date(2026, 12, 31)),
        ("15260200", date(2026, 2, 28)),
        ("15280200", date(2028, 2, 29)),
        ("15261130" + "17261231", date(2026, 12, 31)),  # use by goes before best before
        ("16261130", date(2026, 11, 30)),
        ("11261130", None),  # made, not expiring
        ("70032612312359", date(2026, 12, 31)),
    ],
)
def test_the_last_day_of_sale_is_read(elements: str, expires: date | None) -> None:
    assert read(f"]C101{GTIN}{elements}").expires == expires


@pytest.mark.parametrize(
    ("digits", "today", "year"),
    [
        # GS1 General Specifications 7.12: within 49 years back and 50 ahead
        ("760101", date(2026, 1, 1), 2076),
        ("770101", date(2026, 1, 1), 1977),
        ("260101", date(2026, 1, 1), 2026),
        ("990101", date(2000, 1, 1), 1999),
        ("500101", date(2000, 1, 1), 2050),
        ("510101", date(2000, 1, 1), 1951),
        ("000101", date(2051, 1, 1), 2100),
        ("010101", date(2051, 1, 1), 2101),
        ("020101", date(2051, 1, 1), 2002),
        ("490101", date(1999, 1, 1), 2049),
        ("500101", date(1999, 1, 1), 1950),
    ],
)
def test_two_digits_of_year_find_their_century(digits: str, today: date, year: int) -> None:
    assert read_date(digits, today).year == year


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(-49, 50), st.booleans())
def test_any_date_near_today_comes_back(today: date, years: int, last_day: bool) -> None:
    month_end = monthrange(today.year + years, today.month)[1]
    day = month_end if last_day else min(today.day, month_end)
    day_written = 0 if last_day else day
    written = f"{(today.year + years) % 100:02}{today.month:02}{day_written:02}"
    assert read_date(written, today) == date(today.year + years, today.month, day)


@pytest.mark.parametrize("digits", ["261301", "260230", "260001", "269999", "2612", "26123x", ""])
def test_what_is_no_date_is_refused(digits: str) -> None:
    with pytest.raises(Gs1DateWrong):
        read_date(digits, TODAY)


def test_a_wrong_date_in_a_marked_code_is_refused() -> None:
    with pytest.raises(Gs1DateWrong, match="261301"):
        read(f"]C101{GTIN}17261301")


@pytest.mark.parametrize(
    "text",
    [
        f"]C101{GTIN[:-1]}4",
        f"(01){GTIN[:-1]}4(10)A",
        f"]C102{GTIN[:-1]}4379",
        "]C100376104250021234560",
    ],
)
def test_check_digits_of_numbers_inside_gs1_are_verified(text: str) -> None:
    with pytest.raises(BarcodeCheckDigitWrong):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "]C101",
        "]C1019501",
        f"]C101{GTIN}18260101",  # no such identifier
        f"]C101{GTIN}17",
        f"]C101{GTIN}10",
        f"]C101{GTIN}10{'A' * 21}",
        f"]C101{GTIN}10A B",  # a blank is outside character set 82
        f"]C101{GTIN}310300125X",
        f"]C101{GTIN}3106001250",
        f"]C101{GTIN}39420{FNC1}",
        f"]C101{GTIN}01{with_check_digit('1950110153000')}",
        f"(01){GTIN}(9)A",
        "]C1(01)",
        "https://id.gs1.org/01/123456789",
    ],
)
def test_a_broken_marked_code_is_refused_with_the_place(text: str) -> None:
    with pytest.raises((Gs1Unreadable, BarcodeCheckDigitWrong)) as refused:
        read(text)
    assert str(refused.value).isprintable()


def test_an_escaped_sign_in_a_web_address_is_decoded() -> None:
    assert read(f"https://id.gs1.org/01/{GTIN}/10/A%2FB%21").batch == "A/B!"


def test_a_repeated_equal_element_is_harmless() -> None:
    assert read(f"]C101{GTIN}01{GTIN}").lookup_codes == (GTIN, GTIN[1:])


def test_two_marked_codes_in_one_scan_are_two_scans() -> None:
    from pos_app.domain.barcode import split_run_together

    first, second = f"]C101{GTIN}10A", f"]C101{GTIN}10B"
    assert split_run_together(first + second) == (first, second)


@pytest.mark.parametrize(
    ("link", "lookup_code"),
    [
        ("https://id.gs1.org/01/09506000134352", "09506000134352"),
        ("https://shop.example/some/path/01/9506000134352?lang=de&3103=001250", "09506000134352"),
        ("HTTPS://ID.GS1.ORG/01/036000291452#top", "00036000291452"),
    ],
)
def test_web_addresses_in_qr_codes_name_their_product(link: str, lookup_code: str) -> None:
    assert read(link).lookup_codes[0] == lookup_code


VALUES = {
    "01": st.text("0123456789", min_size=13, max_size=13).map(with_check_digit),
    "10": st.from_regex(r"[!\"%-?A-Z_a-z]{1,20}", fullmatch=True),
    "17": st.dates(date(2000, 1, 1), date(2070, 1, 1)).map(lambda day: f"{day:%y%m%d}"),
    "21": st.from_regex(r"[!\"%-?A-Z_a-z]{1,20}", fullmatch=True),
    "30": st.from_regex(r"[0-9]{1,8}", fullmatch=True),
    "3103": st.from_regex(r"[0-9]{6}", fullmatch=True),
    "3932": st.from_regex(r"[0-9]{4,18}", fullmatch=True),
    "422": st.from_regex(r"[0-9]{3}", fullmatch=True),
    "8008": st.from_regex(r"[0-9]{8}([0-9]{2}){0,2}", fullmatch=True),
}


@given(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, unique=True), st.data())
def test_what_is_written_comes_back_in_order(ais: list[str], data: st.DataObject) -> None:
    elements = tuple((ai, data.draw(VALUES[ai])) for ai in ais)
    written = "]C1" + FNC1.join(ai + value for ai, value in elements)
    assert read_elements(written) == elements


FIXED = ("00", "01", "11", "15", "17", "20", "3103", "3202", "410")


@pytest.mark.parametrize("ai", FIXED)
def test_fields_of_predefined_length_need_no_separator(ai: str) -> None:
    value = {"00": "376104250021234569", "01": GTIN, "20": "07", "410": "9501101530003"}.get(
        ai, "001201" if len(ai) == 4 else "261201"
    )
    assert read_elements(f"]C1{ai}{value}10LOT")[0] == (ai, value)
    assert read_elements(f"]C1{ai}{value}10LOT")[1] == ("10", "LOT")

"""Labels of scales: layouts, price check digits and the national presets."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.barcode import (
    PATTERNS_BY_COUNTRY,
    PATTERNS_BY_SCALE,
    BarcodeKind,
    EmbeddedPattern,
    LabelPatternWrong,
    parse_barcode,
    pattern_from_text,
    price_check_digit,
    with_check_digit,
)
from pos_app.domain.embedded import read_label


@pytest.mark.parametrize(
    ("digits", "expected"),
    [("2875", 9), ("14685", 6), ("0000", 0), ("00000", 0)],  # first two: 7.9.3 and 7.9.4
)
def test_price_check_digits_agree_with_the_general_specifications(
    digits: str, expected: int
) -> None:
    assert price_check_digit(digits) == expected


@given(st.text("0123456789", min_size=4, max_size=4))
def test_four_digits_are_weighed_as_defined(digits: str) -> None:
    # 7.9.2: "2-" and "5-" take the tens of the product off its units, "3" has no such term.
    first, second, third, fourth = map(int, digits)
    twos = sum((2 * digit - 2 * digit // 10) % 10 for digit in (first, second))
    total = twos + 3 * third + (5 * fourth - 5 * fourth // 10) % 10
    assert price_check_digit(digits) == 3 * total % 10


@given(st.text("0123456789", min_size=5, max_size=5))
def test_five_digits_are_weighed_as_defined(digits: str) -> None:
    first, second, third, fourth, fifth = map(int, digits)
    total = sum((5 * digit + 5 * digit // 10) % 10 for digit in (first, fourth))
    total += sum((2 * digit - 2 * digit // 10) % 10 for digit in (second, fifth))
    total += (5 * third - 5 * third // 10) % 10
    check = price_check_digit(digits)
    assert (total + (5 * check - 5 * check // 10) % 10) % 10 == 0


@given(st.integers(4, 5), st.data())
def test_a_price_check_digit_catches_every_wrong_digit(size: int, data: st.DataObject) -> None:
    digits = data.draw(st.text("0123456789", min_size=size, max_size=size))
    place = data.draw(st.integers(0, size - 1))
    wrong = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != digits[place]))
    changed = digits[:place] + wrong + digits[place + 1 :]
    assert price_check_digit(changed) != price_check_digit(digits)


@pytest.mark.parametrize("digits", ["", "123", "123456", "12a4", "١٢٣٤"])
def test_a_price_check_digit_needs_four_or_five_digits(digits: str) -> None:
    with pytest.raises(LabelPatternWrong):
        price_check_digit(digits)


@pytest.mark.parametrize(
    ("country", "code", "field", "value"),
    [
        # gs1.dk and labels seen in shops
        ("DK", "2135040039753", "price", "39.75"),
        ("DK", "2623570001505", "weight_kg", "0.150"),
        ("DK", "2712341002251", "weight_kg", "0.225"),
        ("DK", "2823570001509", "weight_kg", "0.150"),
        ("FI", "2388060112344", "weight_kg", "1.234"),
        ("FI", "2488060112341", "weight_kg", "12.34"),
        ("LV", "2511111112349", "weight_kg", "123.4"),
        ("GB", "2011122912346", "price", "12.34"),
        ("NO", "2302148210869", "weight_kg", "1.086"),  # a cheese in a Norwegian shop
        ("SE", "2088060112343", "price", "12.34"),
        ("SE", "2188060112340", "price", "123.4"),
        ("SE", "2288060112347", "price", "1234"),
        ("SE", "2588060112348", "weight_kg", "123.4"),
        ("IT", with_check_digit("220000101250"), "price", "12.50"),
        ("US", with_check_digit("21234592875"), "price", "28.75"),
        ("US", "0" + with_check_digit("21234592875"), "price", "28.75"),
        ("DE", with_check_digit("221234614685"), "price", "146.85"),
        ("DE", with_check_digit("281234614685"), "weight_kg", "14.685"),
        ("DE", with_check_digit("251234614685"), "quantity", "14685"),
    ],
)
def test_national_labels_give_their_value(country: str, code: str, field: str, value: str) -> None:
    barcode = parse_barcode(code, PATTERNS_BY_COUNTRY[country])
    assert barcode.kind is BarcodeKind.EMBEDDED
    assert getattr(barcode, field) == Decimal(value)
    others = {"price", "weight_kg", "quantity"} - {field}
    assert all(getattr(barcode, other) is None for other in others)


@pytest.mark.parametrize(
    ("name", "code", "field", "value", "item"),
    [
        ("odoo", with_check_digit("211234501250"), "weight_kg", "1.250", "12345"),
        ("odoo", with_check_digit("231234501250"), "price", "12.50", "12345"),
        ("upc five-digit price", with_check_digit("20401112345"), "price", "123.45", "4011"),
        ("upc five-digit weight", with_check_digit("20401101250"), "weight_kg", "1.250", "4011"),
        (
            "upc four-digit price, unverified",
            with_check_digit("21234501995"),
            "price",
            "19.95",
            "12345",
        ),
    ],
)
def test_labels_as_scale_makers_set_them(
    name: str, code: str, field: str, value: str, item: str
) -> None:
    barcode = parse_barcode(code, PATTERNS_BY_SCALE[name])
    assert getattr(barcode, field) == Decimal(value)
    assert barcode.lookup_codes[-1] == item


def test_a_scale_set_to_five_digits_of_price_is_unmasked_by_the_price_check_digit() -> None:
    code = with_check_digit("21234512345")  # 123.45, where the preset would read 23.45
    barcode = parse_barcode(code, PATTERNS_BY_COUNTRY["US"])
    assert barcode.price is None
    assert barcode.suspect


def test_the_masked_code_leads_the_lookup_and_is_the_same_for_every_weight() -> None:
    patterns = (EmbeddedPattern("21IIIIIWWWWWC"),)
    light = parse_barcode(with_check_digit("210004200001"), patterns)
    heavy = parse_barcode(with_check_digit("210004299999"), patterns)
    assert light.lookup_codes == heavy.lookup_codes
    assert light.lookup_codes == (with_check_digit("210004200000"), "2100042", "00042", "42")
    assert heavy.weight_kg == Decimal("99.999")


def test_a_label_with_zeros_for_its_value_sells_nothing_for_nothing() -> None:
    barcode = parse_barcode(with_check_digit("231234500000"), PATTERNS_BY_SCALE["odoo"])
    assert barcode.kind is BarcodeKind.EMBEDDED
    assert barcode.price is None


def test_the_currency_sets_the_places_of_a_price_unless_the_pattern_does() -> None:
    patterns = (EmbeddedPattern("23IIIIIPPPPPC"), EmbeddedPattern("24IIIIIPPPPPC", 1))
    yen, fixed = with_check_digit("231234501250"), with_check_digit("241234501250")
    assert parse_barcode(yen, patterns, currency_digits=0).price == Decimal(1250)
    assert parse_barcode(yen, patterns, currency_digits=3).price == Decimal("1.250")
    assert parse_barcode(fixed, patterns, currency_digits=0).price == Decimal("125.0")


def test_long_labels_may_carry_weight_and_price_together() -> None:
    barcode = parse_barcode("2712345012500399", (EmbeddedPattern("27IIIIIWWWWWPPPP"),))
    assert (barcode.weight_kg, barcode.price) == (Decimal("1.250"), Decimal("3.99"))


def test_a_misread_label_is_not_trusted() -> None:
    code = "2135040039754"  # should end in 3
    barcode = parse_barcode(code, PATTERNS_BY_COUNTRY["DK"])
    assert (barcode.kind, barcode.price, barcode.suspect) == (BarcodeKind.INTERNAL, None, True)


def test_the_first_fitting_pattern_decides_and_a_sound_one_goes_first() -> None:
    code = with_check_digit("201112281234")  # wrong for the British layout, fit for the plain one
    plain = EmbeddedPattern("20IIIIIPPPPPC")
    reading = read_label(code, (*PATTERNS_BY_COUNTRY["GB"], plain))
    assert reading is not None
    assert reading.is_sound
    assert reading.price == Decimal("812.34")


@pytest.mark.parametrize("code", ["4006381333931", "73513537", "2911111111111"])
def test_other_codes_are_no_labels(code: str) -> None:
    assert read_label(code, PATTERNS_BY_COUNTRY["SE"]) is None


def test_a_pattern_is_written_with_its_decimals() -> None:
    assert pattern_from_text(" 24IIIIIIWWWWC:2 ") == EmbeddedPattern("24IIIIIIWWWWC", 2)
    assert pattern_from_text("21IIIIIWWWWWC") == EmbeddedPattern("21IIIIIWWWWWC")
    assert hash(EmbeddedPattern("21IIIIIWWWWWC")) == hash(pattern_from_text("21IIIIIWWWWWC"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "IIIIIWWWWWC",  # no prefix: every product would be a label
        "21IIIII",
        "21WWWWW",
        "21IIWWIIWWWWC",
        "21IIIIIWWWWCW",
        "21IIIIIVVPPPPC",
        "21IIIIIVPPPPPPC",
        "21IIIIIVPPPC",
        "21IIIIIxWWWWC",
        "21iiiiiwwwwwc",
        "٢١IIIIIWWWWWC",
        "21IIIII{NNDDD}",
        "21IIIIIWWWWWCC",
        "2" * 20 + "I" * 20 + "W",
        "21IIIIIWWWWWC:",
        "21IIIIIWWWWWC:x",
        "21IIIIIWWWWWC:12",
        "21IIIIIWWWWWC:-1",
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(LabelPatternWrong, match="20IIIIIVPPPPC"):
        pattern_from_text(text)


@given(st.text("0129IPWQVC.:{}", max_size=16))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    try:
        pattern = pattern_from_text(text)
    except LabelPatternWrong:
        return
    read_label(with_check_digit(pattern.prefix.ljust(len(pattern.layout) - 1, "7")), (pattern,))


@given(item=st.integers(0, 99_999), grams=st.integers(1, 99_999), country=st.sampled_from(["odoo"]))
def test_what_a_scale_writes_comes_back(item: int, grams: int, country: str) -> None:
    barcode = parse_barcode(with_check_digit(f"21{item:05}{grams:05}"), PATTERNS_BY_SCALE[country])
    assert barcode.weight_kg == Decimal(grams) / 1000
    assert f"{item:05}" in barcode.lookup_codes


def test_no_preset_reads_the_same_prefix_in_two_ways() -> None:
    for patterns in (*PATTERNS_BY_COUNTRY.values(), *PATTERNS_BY_SCALE.values()):
        prefixes = [(len(pattern.layout), pattern.prefix) for pattern in patterns]
        assert len(set(prefixes)) == len(prefixes)

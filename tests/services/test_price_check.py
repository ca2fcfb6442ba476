import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.services.price_check import PriceInputError, check_price

EXAMPLE = {
    "currency": "EUR",
    "policy": {
        "prices_include_tax": True,
        "tax_rounding": "per_line",
        "rounding": "half_up",
        "step": "0.01",
    },
    "lines": [
        {
            "quantity": "5",
            "unit_price": "5.75",
            "discount_percent": "18",
            "discount_amount_per_unit": None,
            "min_unit_price": None,
            "taxes": [
                {"rate": "21", "included": None, "affects_next": False},
                {"fixed_per_unit": "0.10"},
            ],
        }
    ],
    "document_discounts": [{"type": "amount", "value": "10.00", "on": "gross"}],
    "cash_rounding": {"step": "0.05", "mode": "half_up", "only_cash": True},
    "payments": [{"method": "card", "amount": "0.68"}, {"method": "cash", "tendered": "20.00"}],
}
SMALL = {"currency": "EUR", "lines": [{"quantity": "2", "unit_price": "1.99"}]}


def changed(path: str, value: object, base=None) -> str:
    """The example with one field set; a path such as `lines.0.quantity`."""
    document = json.loads(json.dumps(EXAMPLE if base is None else base))
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = document
    for parent in parents:
        place = place[parent]
    place[last] = value
    return json.dumps(document)


def refusal(text: str | bytes) -> str:
    with pytest.raises(PriceInputError) as caught:
        check_price(text)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert sentence.isprintable()
    assert len(sentence) < 300
    return sentence


def test_the_example_of_the_definitions():
    answer = check_price(json.dumps(EXAMPLE))
    trace = answer.pop("trace")
    assert answer == {
        "net": "10.81",
        "tax": "2.77",
        "gross": "13.58",
        "taxes": [
            {"rate": "21", "base": "10.81", "amount": "2.27"},
            {"fixed_per_unit": "0.10", "base": "10.81", "amount": "0.50"},
        ],
        "lines": [{"net": "10.81", "tax": "2.77", "gross": "13.58", "discount": "15.17"}],
        "amount_due": "13.58",
        "rounding": "0.00",
        "paid": "20.68",
        "change": "7.10",
        "remaining": "0.00",
    }
    assert trace[1].startswith("Line 1: 5 × 5.75 = 28.75; 18 % off = 5.175, leaves 23.575")


def test_what_is_missing_or_null_has_a_sensible_default():
    short = check_price(json.dumps(SMALL))
    assert (short["gross"], short["remaining"], short["taxes"]) == ("3.98", "3.98", [])
    nulls = {
        **SMALL,
        "policy": dict.fromkeys(EXAMPLE["policy"]),
        "document_discounts": None,
        "cash_rounding": None,
        "payments": None,
        "lines": [{**SMALL["lines"][0], "taxes": None, "discount_percent": None}],
    }
    assert check_price(json.dumps(nulls)) == short
    assert check_price(json.dumps({**SMALL, "lines": []}))["gross"] == "0.00"


def test_bytes_and_a_byte_order_mark_are_read():
    text = json.dumps(SMALL)
    assert check_price(text.encode()) == check_price("\ufeff" + text) == check_price(text)
    assert check_price(b"\xef\xbb\xbf" + text.encode()) == check_price(text)


def test_amounts_have_the_places_of_the_currency():
    for code, gross in (("JPY", "4"), ("EUR", "3.98"), ("KWD", "3.980")):
        assert check_price(json.dumps({**SMALL, "currency": code}))["gross"] == gross


def test_a_refund_is_the_negative_and_its_payments_are_negative():
    text = changed("lines.0.quantity", "-5")
    sale = check_price(changed("payments", [{"method": "cash"}]))
    back = check_price(changed("payments", [{"method": "cash"}], json.loads(text)))
    for figure in ("net", "tax", "gross", "amount_due", "rounding", "paid"):
        assert Decimal(back[figure]) == -Decimal(sale[figure])
    assert "payments[0].amount must be below zero" in refusal(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The input is empty; it must be a JSON object."),
        (" \n", "The input is empty; it must be a JSON object."),
        ("price", "The input is not JSON at line 1, column 1."),
        ('{"currency": "EUR",\n "lines": [}', "The input is not JSON at line 2, column 12."),
        ("[]", "The input must be a JSON object, not a list."),
        ("null", "The input must be a JSON object, not null."),
        ("5", "The input must be a JSON object, not the bare number 5."),
        ('"EUR"', "The input must be a JSON object, not 'EUR'."),
        ("[" * 100_000, "The input is nested too deeply."),
        ('{"lines":' * 100_000, "The input is nested too deeply."),
        (b"\xff\xfe{\x00}\x00", "The input must be UTF-8 text; byte 1 is not."),
        ('{"currency": "EUR", "currency": "USD", "lines": []}', "currency appears twice."),
        (
            '{"currency": "EUR", "lines": [{"quantity": "1", "quantity": "2"}]}',
            "lines[0].quantity appears twice.",
        ),
        ('{"currency": "EUR"}', "lines is missing; it must be a list."),
        ('{"lines": []}', 'currency must be a code of ISO 4217 such as "EUR", not null.'),
    ],
)
def test_input_of_the_wrong_shape_is_refused(text, sentence):
    assert refusal(text) == sentence


BAD_NUMBERS = [
    (5, 'must be written in quotes: "5"'),
    (5.5, 'must be written in quotes: "5.5"'),
    (True, 'must be a number in quotes such as "12.50", not true'),
    ([], "not a list"),
    ({}, "not an object"),
    ("", "must be a plain number"),
    ("five", "must be a plain number such as \"12.50\", not 'five'"),
    ("NaN", "must be a plain number"),
    ("-Infinity", "must be a plain number"),
    ("1e400", "must be a plain number"),
    ("1e-400", "must be a plain number"),
    ("1E9999999999", "must be a plain number"),
    ("0x10", "must be a plain number"),
    ("1_000", "must be a plain number"),
    ("1,5", "must be a plain number"),
    (" 1", "must be a plain number"),
    ("1\n", "must be a plain number"),
    ("+1", "must be a plain number"),
    ("١٢", "must be a plain number"),
    ("1.1234567", "must have at most 6 decimal places, not '1.1234567'"),
    ("1" * 13, "must have at most 12 digits before the point"),
    ("9" * 5000, "must have at most 12 digits before the point"),
]
NUMBER_FIELDS = [
    "lines.0.quantity",
    "lines.0.unit_price",
    "lines.0.discount_percent",
    "lines.0.min_unit_price",
    "lines.0.taxes.0.rate",
    "lines.0.taxes.1.fixed_per_unit",
    "document_discounts.0.value",
    "cash_rounding.step",
    "policy.step",
    "payments.0.amount",
    "payments.1.tendered",
]


def named(path: str) -> str:
    parts = [f"[{part}]" if part.isdigit() else f".{part}" for part in path.split(".")]
    return "".join(parts).removeprefix(".")


@pytest.mark.parametrize("path", NUMBER_FIELDS)
@pytest.mark.parametrize(("value", "problem"), BAD_NUMBERS)
def test_every_number_is_read_with_suspicion(path, value, problem):
    sentence = refusal(changed(path, value))
    assert sentence.startswith(f"{named(path)} ")
    assert problem in sentence


def test_bare_constants_of_python_are_no_numbers():
    text = json.dumps(EXAMPLE).replace('"quantity": "5"', '"quantity": NaN')
    assert refusal(text).startswith("lines[0].quantity must be a plain number such as")


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("currency", "EURO", "currency must be a code of ISO 4217 such as \"EUR\", not 'EURO'."),
        ("currency", 978, 'currency must be a code of ISO 4217 such as "EUR", not the bare number'),
        ("policy", [], "policy must be a JSON object, not a list."),
        (
            "policy.tax_rounding",
            "per_cart",
            (
                "policy.tax_rounding must be one of per_line, per_unit, per_document,"
                " sum_then_round, round_lines_then_tax_per_rate, not 'per_cart'."
            ),
        ),
        ("policy.rounding", "HALF_UP", "policy.rounding must be one of half_up, half_even,"),
        ("policy.step", "0.001", "policy.step must be a multiple of 0.01 above zero, not 0.001."),
        ("policy.step", "0", "policy.step must be a multiple of 0.01 above zero, not 0."),
        ("policy.prices_include_tax", "yes", "policy.prices_include_tax must be true or false,"),
        ("policy.mode", "x", "policy.mode is not a field here; the fields are prices_include_tax,"),
        ("lines", {}, "lines must be a list."),
        ("lines.0", "x", "lines[0] must be a JSON object, not 'x'."),
        ("lines.0.quantity", None, "lines[0].quantity is missing;"),
        ("lines.0.unit_price", None, "lines[0].unit_price is missing;"),
        ("lines.0.price", "1", "lines[0].price is not a field here;"),
        ("lines.0.discount_percent", "100.01", "lines[0].discount_percent must be 100 or less"),
        ("lines.0.discount_percent", "-1", "lines[0].discount_percent must be 0 or more, not -1."),
        ("lines.0.discount_amount_per_unit", "-1", "lines[0].discount_amount_per_unit must be 0"),
        ("lines.0.min_unit_price", "-0.01", "lines[0].min_unit_price must be 0 or more"),
        ("lines.0.taxes.0", {}, "lines[0].taxes[0] must have either rate or fixed_per_unit."),
        ("lines.0.taxes.1.rate", "5", "lines[0].taxes[1] must have either rate or fixed_per_unit."),
        ("lines.0.taxes.0.rate", "-21", "lines[0].taxes[0].rate must be 0 or more, not -21."),
        ("lines.0.taxes.0.included", "no", "lines[0].taxes[0].included must be true or false"),
        ("lines.0.taxes.0.affects_next", 1, "lines[0].taxes[0].affects_next must be true or false"),
        ("document_discounts.0.type", "euro", "document_discounts[0].type must be one of amount"),
        ("document_discounts.0.type", None, "document_discounts[0].type must be one of amount"),
        ("document_discounts.0.on", "line", "document_discounts[0].on must be one of net, gross"),
        ("document_discounts.0.value", "-1", "document_discounts[0].value must be 0 or more"),
        ("cash_rounding.step", "0.025", "cash_rounding.step must be a multiple of 0.01"),
        ("cash_rounding.mode", "nearest", "cash_rounding.mode must be one of half_up"),
        ("cash_rounding.only_cash", 1, "cash_rounding.only_cash must be true or false"),
        (
            "payments.0.method",
            "barter",
            (
                "payments[0].method must be one of cash, card, bank_transfer, on_account, mobile, "
                "cheque, gift_card, store_credit, deposit, points,"
                " not 'barter'."
            ),
        ),
        ("payments.0.method", None, "payments[0].method must be one of cash, card"),
        ("payments.0.amount", "0.681", "payments[0].amount must have at most 2 decimal places"),
        ("payments.0.amount", "-0.68", "payments[0].amount must be above zero."),
        ("payments.0.amount", "0", "payments[0].amount must be above zero."),
        ("payments.0.amount", "50.00", "payments[0].amount is more than the 13.58 EUR left to pay"),
        ("payments.0.tendered", "1.00", "payments[0].tendered is only for cash;"),
        ("payments.1.amount", "21.00", "payments[1].tendered must not be less than the amount."),
        ("payments.1.tendered", "-1.00", "payments[1].tendered must be above zero."),
        ("\ud800", "x", "'\\ud800' is not a field here;"),
        ("a b\nc", "x", "'a b\\nc' is not a field here;"),
        ("x" * 5000, "x", "'" + "x" * 40 + "...' is not a field here;"),
    ],
)
def test_a_wrong_field_is_named_with_what_it_must_be(path, value, sentence):
    assert refusal(changed(path, value)).startswith(sentence)


def test_a_percentage_of_a_document_is_a_hundred_at_most():
    text = changed("document_discounts.0", {"type": "percent", "value": "101"})
    assert refusal(text).startswith("document_discounts[0].value must be 100 or less")


def test_lists_have_a_limit():
    lines = [{"quantity": "1", "unit_price": "1"}] * 10_001
    assert refusal(changed("lines", lines)) == "lines must not have more than 10000 entries."
    assert refusal(changed("payments", [{}] * 51)).startswith("payments must not have more than")


def test_a_payment_that_is_too_small_leaves_the_rest_to_pay():
    answer = check_price(changed("payments", [{"method": "card", "amount": "3.58"}]))
    assert (answer["paid"], answer["remaining"], answer["amount_due"]) == ("3.58", "10.00", "13.58")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
PATHS = [
    *NUMBER_FIELDS,
    "lines",
    "lines.0",
    "lines.0.taxes",
    "lines.0.taxes.0",
    "policy",
    "policy.rounding",
    "document_discounts",
    "cash_rounding",
    "payments",
    "payments.0.method",
    "currency",
]


@given(st.sampled_from(PATHS), json_values)
def test_any_value_anywhere_is_priced_or_refused_in_a_sentence(path, value):
    try:
        answer = check_price(changed(path, value))
    except PriceInputError as caught:
        assert str(caught).isprintable()  # noqa: PT017 - either outcome is right
    else:
        assert Decimal(answer["net"]) + Decimal(answer["tax"]) == Decimal(answer["gross"])


@given(st.text() | st.binary())
def test_any_text_is_refused_in_a_sentence(text):
    refusal(text)


@given(st.integers(0, 700), st.characters())
def test_a_single_damaged_character_never_crashes(position, character):
    text = json.dumps(EXAMPLE)
    damaged = text[:position] + character + text[position + 1 :]
    try:
        check_price(damaged)
    except PriceInputError as caught:
        assert str(caught).isprintable()  # noqa: PT017 - either outcome is right

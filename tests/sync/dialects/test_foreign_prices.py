"""Unit prices and rates that come to our amounts, by a table and by chance."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.money import Money, smallest_step
from pos_app.sync.foreign_prices import (
    figure,
    number,
    paired,
    parts_of,
    read_amount,
    tax_rate,
    unit_price,
)

D = Decimal


@pytest.mark.parametrize(
    ("amount", "quantity", "lines", "price"),
    [
        ("30.00", "3", 1, "10.00"),
        ("10.00", "3", 1, "3.333"),
        ("10.00", "3", 50, "3.33333"),
        ("44247.79", "10", 1, "4424.779"),
        ("2.99", "0.535", 1, "5.59"),
        ("-30.00", "-3", 1, "10.00"),
        ("0.00", "7", 1, "0.00"),
        ("1234.57", "1000", 1, "1.23457"),
    ],
)
def test_the_price_has_as_few_places_as_it_can(
    amount: str, quantity: str, lines: int, price: str
) -> None:
    assert unit_price(Money.of(amount, "EUR"), D(quantity), lines) == D(price)


def test_a_line_that_no_price_of_six_places_fits_is_told_in_two() -> None:
    amount = Money.of("140391.33", "EUR")
    assert unit_price(amount, D(80995)) is None
    first, last = parts_of(amount, D(80995))
    assert (first.quantity, first.unit_price) == (D(80994), D("1.733333"))
    assert (last.quantity, last.unit_price) == (D(1), D("1.76"))
    assert first.amount + last.amount == amount


@given(
    st.integers(-(10**9), 10**9),
    st.integers(1, 10**6).map(D) | st.decimals("0.001", "5000", places=3),
    st.sampled_from(["EUR", "JPY", "KWD"]),
    st.integers(1, 60),
)
def test_the_parts_come_to_the_amount_however_it_is_rounded(
    minor: int, quantity: Decimal, currency: str, lines: int
) -> None:
    amount, step = Money(minor, currency), smallest_step(currency)
    parts = parts_of(amount, quantity, lines)
    assert sum((part.quantity for part in parts), D(0)) == quantity
    for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN):
        told = [(part.quantity * part.unit_price).quantize(step, rounding) for part in parts]
        assert len(parts) == 2 or told == [amount.amount]
        assert sum((part.amount for part in parts), Money(0, currency)) == amount
    for part in parts:
        product = (part.quantity * part.unit_price).quantize(step, ROUND_HALF_UP)
        assert product == part.amount.amount
        exponent = part.unit_price.as_tuple().exponent
        assert isinstance(exponent, int)
        assert exponent >= -6


@pytest.mark.parametrize(
    ("net", "tax", "nominal", "rate"),
    [
        ("44247.79", "5752.21", "13", "13"),
        ("46.87", "5.63", "12", "12.01"),  # 52.50 with 12 % in it, by the included tax's rounding
        ("0.50", "0.03", "5", "5"),  # a half goes away from zero
        ("10.00", "0.00", "0", "0"),
        ("10.00", "1.23", None, "12.3"),
        ("0.00", "0.00", None, "0"),
    ],
)
def test_the_rate_is_the_nominal_one_wherever_that_comes_to_the_tax(
    net: str, tax: str, nominal: str | None, rate: str
) -> None:
    said = None if nominal is None else D(nominal)
    assert tax_rate(Money.of(net, "EUR"), Money.of(tax, "EUR"), said) == D(rate)


def test_tax_on_nothing_has_no_rate() -> None:
    assert tax_rate(Money.of("0.00", "EUR"), Money.of("0.25", "EUR"), None) is None


def test_figures_are_written_without_an_exponent_or_a_float() -> None:
    assert figure(Money.of("65", "EUR")) == "65.00"
    assert figure(Money.of("1.234", "KWD")) == "1.234"
    assert figure(Money.of("65", "JPY")) == "65.00"
    assert figure(D("-0.00")) == "0.00"
    assert figure(D("3.333300")) == "3.3333"
    assert number(D("50000.00")) == 50000
    assert isinstance(number(D("50000.00")), int)
    assert number(D("4424.780")) == D("4424.78")
    assert str(number(D("1200.5"))) == "1200.5"


@pytest.mark.parametrize("plain", [True, None, [], "x", "NaN", "Infinity", {}])
def test_what_is_no_amount_is_none(plain: object) -> None:
    assert read_amount(plain) is None


def test_pairs_are_read_as_people_write_them() -> None:
    assert paired("CUS001=42, CUS002 = 43;x\n CUS003=44") == {
        "CUS001": "42",
        "CUS002": "43",
        "CUS003": "44",
    }

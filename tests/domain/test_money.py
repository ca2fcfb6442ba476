from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.money import (
    CurrencyMismatch,
    Money,
    NotWholeMinorUnits,
    RoundingMode,
    UnknownCurrency,
    round_steps,
    share_out,
    smallest_step,
    total,
)

HALVES = [
    ("half_up", [-3, -2, -2, -1, -1, 0, 1, 1, 2, 2, 3]),
    ("half_even", [-2, -2, -2, -1, 0, 0, 0, 1, 2, 2, 2]),
    ("half_down", [-2, -2, -1, -1, 0, 0, 0, 1, 1, 2, 2]),
    ("up", [-3, -2, -2, -1, -1, 0, 1, 1, 2, 2, 3]),
    ("down", [-2, -2, -1, -1, 0, 0, 0, 1, 1, 2, 2]),
]


@pytest.mark.parametrize(("mode", "expected"), HALVES)
def test_halves_are_rounded_as_the_mode_says_on_both_sides_of_zero(mode, expected):
    halves = [Fraction(n, 2) for n in range(-5, 6)]
    assert [round_steps(half, RoundingMode(mode)) for half in halves] == expected


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("half_up", 2), ("half_even", 2), ("half_down", 2), ("up", 3), ("down", 2)],
)
def test_what_is_no_half_goes_to_the_nearer_step(mode, expected):
    assert round_steps(Fraction(249, 100), RoundingMode(mode)) == expected
    assert round_steps(Fraction(-249, 100), RoundingMode(mode)) == -expected


@given(st.fractions(-1000, 1000), st.sampled_from(RoundingMode))
def test_rounding_moves_less_than_a_step_and_mirrors(value, mode):
    rounded = round_steps(value, mode)
    assert abs(rounded - value) < 1
    assert round_steps(-value, mode) == -rounded


@given(st.integers(-10_000, 10_000), st.lists(st.integers(0, 1000), min_size=1, max_size=20))
def test_shares_sum_to_the_total_and_stay_within_a_step_of_their_part(steps, weights):
    shares = share_out(steps, weights)
    assert sum(shares) == steps
    assert share_out(-steps, weights) == [-share for share in shares]
    if sum(weights):
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - Fraction(steps * weight, sum(weights))) < 1


def test_ties_between_shares_go_to_the_earlier():
    assert share_out(2, [1, 1, 1]) == [1, 1, 0]
    assert share_out(3, [0, 0]) == [3, 0]
    assert share_out(3, []) == []


@given(st.integers(-(10**20), 10**20), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_an_amount_and_its_minor_units_are_the_same_money(minor, currency):
    money = Money(minor, currency)
    assert Money.of(money.amount, currency) == money
    assert Money.of(str(money.amount), currency) == money


def test_currencies_have_their_own_smallest_unit():
    units = [str(smallest_step(code)) for code in ("EUR", "JPY", "KWD")]
    assert units == ["0.01", "1", "0.001"]
    assert str(Money(1234, "KWD")) == "1.234 KWD"
    assert str(Money(1234, "JPY")) == "1234 JPY"
    assert str(Money(0, "EUR")) == "0.00 EUR"


@pytest.mark.parametrize(
    "amount", ["0.001", "NaN", "Infinity", "-Infinity", "sNaN", "1e400", "1e-400", "1" * 60 + ".5"]
)
def test_what_is_no_whole_number_of_cents_is_refused(amount):
    with pytest.raises(NotWholeMinorUnits, match="has more places than EUR has"):
        Money.of(amount, "EUR")


def test_twenty_nine_digits_are_kept_exactly():
    assert Money.of("123456789012345678901234567.89", "EUR").minor == 12345678901234567890123456789


def test_different_currencies_never_meet():
    euro, yen = Money(1, "EUR"), Money(1, "JPY")
    for meet in (lambda: euro + yen, lambda: euro - yen, lambda: euro < yen, lambda: euro <= yen):
        with pytest.raises(CurrencyMismatch, match="Convert one of them first"):
            meet()
    with pytest.raises(CurrencyMismatch):
        total([euro, yen], "EUR")
    with pytest.raises(UnknownCurrency, match="no currency EURO"):
        smallest_step("EURO")


def test_money_adds_and_compares():
    assert total([Money(2, "EUR"), Money(3, "EUR")], "EUR") == Money(5, "EUR")
    assert Money(2, "EUR") < Money(3, "EUR") <= Money(3, "EUR")
    assert not Money.zero("EUR")
    assert -Money(2, "EUR") == Money(1, "EUR") - Money(3, "EUR")
    assert Decimal("0.05") == Money(5, "EUR").amount

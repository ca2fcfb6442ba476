"""Counting cash, what cannot be a count, and parting it into float and bag."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.cash_count import (
    CashCount,
    CountBelowZero,
    CountHasLetters,
    CountNotWhole,
    CountTooLarge,
    LooseNotPossible,
    MoreThanADrawerHolds,
    Pieces,
    put_loose,
    put_pieces,
    read_pieces,
)
from pos_app.domain.denominations import (
    NotADenomination,
    counted_denominations,
    denominations_of,
)
from pos_app.domain.errors import PosError
from pos_app.domain.float_plan import FloatTooLarge, plan_float
from pos_app.domain.money import MINOR_DIGITS, Money

CURRENCIES = [code for code in MINOR_DIGITS if denominations_of(code)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", 0),
        ("  ", 0),
        ("0", 0),
        ("12", 12),
        (" 7 ", 7),
        ("007", 7),
        ("٣٤", 34),
        ("99999", 99_999),
        ("twelve", CountHasLetters),
        ("12a", CountHasLetters),
        ("1 2", CountHasLetters),
        ("²", CountHasLetters),
        ("1e3", CountHasLetters),
        ("2.5", CountNotWhole),
        ("2,5", CountNotWhole),
        ("-3", CountBelowZero),
        ("\u22123", CountBelowZero),
        ("100000", CountTooLarge),
        ("9" * 5_000, CountTooLarge),
    ],
)
def test_what_is_typed_is_a_count_or_says_why_not(text: str, wanted: int | type[PosError]) -> None:
    if isinstance(wanted, int):
        assert read_pieces(text) == wanted
        return
    with pytest.raises(wanted) as refused:
        read_pieces(text)
    assert str(refused.value).endswith(".")
    assert len(str(refused.value)) < 120


def test_pieces_and_unsorted_cash_add_up() -> None:
    count = put_pieces(CashCount("EUR"), Decimal("0.50"), 3)
    count = put_loose(put_pieces(count, Decimal(20), 2), Decimal("7.77"))
    assert count.total == Money.of("49.27", "EUR")
    assert [one.value for one in count.pieces] == [Decimal(20), Decimal("0.50")]
    assert put_pieces(count, Decimal(20), 0).of(Decimal(20)) == 0


@pytest.mark.parametrize("amount", ["-1", "0.001", "NaN", "Infinity"])
def test_an_amount_that_no_scale_shows_is_refused(amount: str) -> None:
    with pytest.raises(LooseNotPossible):
        put_loose(CashCount("EUR"), Decimal(amount))


@pytest.mark.parametrize("currency", CURRENCIES)
def test_denominations_are_whole_amounts_of_their_currency_in_order(currency: str) -> None:
    found = denominations_of(currency)
    values = [one.value for one in found]
    assert values == sorted(set(values), reverse=True)
    assert all(Money.of(value, currency).minor > 0 for value in values)
    assert any(one.is_note for one in found)
    assert any(not one.is_note for one in found)


def test_more_than_twenty_currencies_are_known() -> None:
    assert len(CURRENCIES) > 20
    assert denominations_of("XAF") == ()


def test_a_shop_counts_its_own_denominations() -> None:
    own = counted_denominations("EUR", [Decimal(50), Decimal("0.05"), Decimal(7), Decimal(50)])
    assert [(one.value, one.is_note) for one in own] == [
        (Decimal(50), True),
        (Decimal(7), True),
        (Decimal("0.05"), False),
    ]
    for wrong in ("0", "-5", "0.001"):
        with pytest.raises(NotADenomination):
            counted_denominations("EUR", [Decimal(wrong)])


VALUES = (Decimal(50), Decimal(20), Decimal(10), Decimal(5), Decimal(2), Decimal("0.50"))


def counts(*numbers: int, loose: str = "0") -> CashCount:
    pieces = tuple(Pieces(v, n) for v, n in zip(VALUES, numbers, strict=True) if n)
    return CashCount("EUR", pieces, Decimal(loose))


def test_the_float_is_exact_and_the_large_notes_are_bagged() -> None:
    plan = plan_float(counts(3, 4, 2, 3, 5, 10), Money.of(100, "EUR"))
    assert plan.kept.total == Money.of(100, "EUR")
    assert not plan.missing
    assert plan.kept.of(Decimal(50)) == 0
    assert plan.bagged.of(Decimal(50)) == 3


def test_a_float_that_cannot_be_made_stays_below_the_target_and_says_by_how_much() -> None:
    plan = plan_float(counts(3, 0, 0, 0, 0, 0), Money.of(120, "EUR"))
    assert plan.kept.total == Money.of(100, "EUR")
    assert plan.missing == Money.of(20, "EUR")


def test_less_than_the_float_all_stays() -> None:
    plan = plan_float(counts(0, 1, 0, 0, 0, 1, loose="3.20"), Money.of(100, "EUR"))
    assert plan.kept.total == Money.of("23.70", "EUR")
    assert not plan.bagged.total
    assert plan.missing == Money.of("76.30", "EUR")


def test_a_float_beyond_all_drawers_is_refused() -> None:
    with pytest.raises(FloatTooLarge):
        plan_float(counts(1, 0, 0, 0, 0, 0), Money.of(1_000_000, "EUR"))


@given(
    st.tuples(*[st.integers(0, 3)] * 6),
    st.integers(0, 30_000),
    st.sampled_from(["0", "1.37", "80"]),
)
def test_no_other_choice_comes_closer_to_the_float(
    numbers: tuple[int, ...], target: int, loose: str
) -> None:
    counted = counts(*numbers, loose=loose)
    plan = plan_float(counted, Money(target, "EUR"))
    both = {value: plan.kept.of(value) + plan.bagged.of(value) for value in VALUES}
    assert both == {value: counted.of(value) for value in VALUES}
    assert plan.kept.loose + plan.bagged.loose == counted.loose
    stays = plan.kept.loose
    best = max(
        (
            total
            for some in product(*(range(n + 1) for n in numbers))
            if (total := sum((v * n for v, n in zip(VALUES, some, strict=True)), stays))
            <= Decimal(target) / 100
        ),
        default=Decimal(0),
    )
    assert plan.kept.total.amount == best
    assert plan.missing.minor == target - plan.kept.total.minor


def test_a_barcode_scanned_as_an_amount_is_refused() -> None:
    with pytest.raises(MoreThanADrawerHolds, match="do not fit a drawer"):
        put_loose(CashCount("EUR"), Decimal(4006381333931))

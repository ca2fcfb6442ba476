"""The rules of stock: when to order, what it is worth, which batch is left, how a take goes on."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import product as pairs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.delivery import Batch, batches_left
from pos_app.domain.stock_rule import StockRule, order_quantity
from pos_app.domain.stock_take import NEXT, StockTake, TakeAction, TakeNotPossible, TakeState, step
from pos_app.domain.stock_value import average_after, value_of

D = Decimal


@pytest.mark.parametrize(
    ("at", "to", "level", "order"),
    [
        (None, None, "0", None),
        ("5", "20", "6", None),
        ("5", "20", "5", "15"),
        ("5", "20", "-2", "22"),
        ("5", None, "3", "2"),
        ("0", "10", "0", "10"),
    ],
)
def test_what_is_ordered_fills_up_to_the_rule(
    at: str | None, to: str | None, level: str, order: str | None
) -> None:
    rule = StockRule("p", reorder_at=at and D(at), reorder_to=to and D(to))
    assert order_quantity(rule, D(level)) == (None if order is None else D(order))


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 99_999)), min_size=1, max_size=12))
def test_the_average_is_what_was_paid_over_what_came(receipts: list[tuple[int, int]]) -> None:
    average, level, paid = None, D(0), Fraction(0)
    for quantity, cents in receipts:
        cost = D(cents).scaleb(-2)
        average = average_after(average, level, D(quantity), cost)
        level += quantity
        paid += Fraction(cents, 100) * quantity
    exact = paid / int(level)
    assert average is not None
    assert abs(Fraction(average) - exact) < Fraction(len(receipts), 1_000_000)


def test_an_average_begins_anew_where_nothing_was_left() -> None:
    assert average_after(D("9.99"), D(-3), D(5), D("2.50")) == D("2.500000")
    assert average_after(D(1), D(1), D(1), D(2)) == D("1.500000")


def test_a_value_is_rounded_to_the_minor_unit_and_never_below_zero() -> None:
    assert value_of(D(3), D("0.335000"), "EUR").minor == 101
    assert value_of(D(-3), D(1), "EUR").minor == 0
    assert value_of(D(7), D("100.5"), "JPY").minor == 704


def test_what_expires_first_has_gone_first() -> None:
    old = Batch("p", "A", D(10), date(2026, 3, 1))
    new = Batch("p", "B", D(10), date(2026, 4, 1))
    undated = Batch("p", "C", D(5))
    assert batches_left([new, old, undated], D(14)) == [(old, D(4)), (new, D(10))]
    assert batches_left([new, old], D(30)) == [(old, D(10)), (new, D(10))]
    assert batches_left([new, old], D(-1)) == []


@pytest.mark.parametrize(("state", "action"), list(pairs(TakeState, TakeAction)))
def test_every_step_of_a_stock_take_is_allowed_or_says_what_to_do(
    state: TakeState, action: TakeAction
) -> None:
    take = StockTake("t", "Shelf", "shop", datetime(2026, 1, 1, tzinfo=UTC), "1", state)
    if (state, action) in NEXT:
        assert step(take, action).state is NEXT[state, action]
    else:
        with pytest.raises(TakeNotPossible, match=r"\. \w+"):
            step(take, action)

"""Parts that sum exactly: a bill among people, points, foreign cash, gift cards, tips."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.cart import (
    Cart,
    FixedByItself,
    add_product,
    discount_cart,
    discount_line,
    price_cart,
    set_price,
)
from pos_app.domain.cash_settings import AcceptedCurrency
from pos_app.domain.discount import DiscountKind, DocumentDiscount, LineDiscount
from pos_app.domain.foreign_cash import CurrencyNotTaken, enough_of, foreign_request, worth_of
from pos_app.domain.held_lines import add_gift_card, add_tip
from pos_app.domain.money import Money
from pos_app.domain.payment import settle
from pos_app.domain.points import PointsEffect, PointsOfSale, after, points_for
from pos_app.domain.points import worth_of as points_worth
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.split import PartsOutOfRange, equal_parts
from pos_app.domain.stored_value import ValueNotPositive
from tests.store.shops import product

EMPTY = Cart("cart", PricePolicy("EUR"))
DOLLAR = AcceptedCurrency("USD", Decimal("0.92"))


def goods(*numbers: int) -> Cart:
    cart = EMPTY
    for number in numbers:
        cart = add_product(cart, product(number))
    return cart


@given(st.integers(-(10**9), 10**9), st.integers(2, 50))
def test_equal_parts_sum_exactly_and_differ_by_one_at_most(minor: int, parts: int) -> None:
    shares = [part.minor for part in equal_parts(Money(minor, "EUR"), parts)]
    assert sum(shares) == minor
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize("parts", [-1, 0, 1, 51])
def test_a_bill_has_two_parts_or_more(parts: int) -> None:
    with pytest.raises(PartsOutOfRange):
        equal_parts(Money(100, "EUR"), parts)


def test_money_held_for_somebody_has_no_tax_and_no_share_of_a_discount() -> None:
    cart = add_tip(add_gift_card(goods(1), "GC1", Money(5000, "EUR")), Money(100, "EUR"))
    half = discount_cart(cart, DocumentDiscount(DiscountKind.PERCENT, Decimal(50)))
    whole, halved = price_cart(cart), price_cart(half)
    assert [line.gross.minor for line in halved.lines[1:]] == [5000, 100]
    assert halved.lines[1].tax.minor == 0
    assert whole.gross.minor - halved.gross.minor == (whole.lines[0].gross.minor + 1) // 2
    with pytest.raises(FixedByItself):
        set_price(cart, 2, Decimal(1))
    with pytest.raises(FixedByItself):
        discount_line(cart, 3, LineDiscount(percent=Decimal(10)))


def test_a_second_tip_grows_the_first() -> None:
    cart = add_tip(add_tip(goods(1), Money(100, "EUR")), Money(50, "EUR"))
    assert [line.figures.gross.minor for line in cart.lines[1:] if line.figures] == [150]
    with pytest.raises(ValueNotPositive):
        add_tip(cart, Money(0, "EUR"))


@given(
    base=st.integers(0, 10**7),
    rate=st.decimals("0.01", "100", places=2),
    parts=st.lists(st.integers(0, 10**6), max_size=8),
)
def test_points_of_parts_that_come_back_sum_to_what_the_sale_earned(
    base: int, rate: Decimal, parts: list[int]
) -> None:
    points = after(PointsOfSale("s", "a", "EUR", rate), PointsEffect("s", base=base))
    earned, taken = points.earned, 0
    for part in [*parts, base]:
        before, points = points, after(points, PointsEffect("s", returned=part))
        taken += before.earned - points.earned
        assert before.earned >= points.earned >= 0
    assert taken == earned
    for part in [*parts, base]:
        points = after(points, PointsEffect("s", returned=-part))
    assert points.earned == earned


@given(paid=st.integers(1, 10**6), cost=st.integers(1, 10**6), part=st.integers(0, 10**6))
def test_points_that_go_back_are_never_more_than_were_spent(
    paid: int, cost: int, part: int
) -> None:
    points = after(PointsOfSale("s", "a", "EUR", Decimal(1)), PointsEffect("s", paid=paid), cost)
    assert points.spent == cost
    some = after(points, PointsEffect("s", refunded=min(part, paid)))
    whole = after(some, PointsEffect("s", refunded=paid - min(part, paid)))
    assert cost >= some.spent >= whole.spent == 0


@given(st.integers(1, 10**6), st.decimals("0.001", "5", places=3))
def test_points_pay_no_more_than_they_are_worth(minor: int, worth: Decimal) -> None:
    needed = points_for(Money(minor, "EUR"), worth)
    assert points_worth(needed, worth, "EUR").minor >= minor
    assert points_worth(needed - 1, worth, "EUR").minor < minor or needed == 1


@given(st.integers(1, 10**7), st.decimals("0.0001", "500", places=4))
def test_enough_foreign_cash_covers_what_is_due(minor: int, rate: Decimal) -> None:
    due = Money(minor, "EUR")
    enough = enough_of(due, AcceptedCurrency("USD", rate))
    assert worth_of(enough, rate, "EUR") >= due


def test_foreign_cash_is_taken_at_its_rate_and_change_is_ours() -> None:
    request = foreign_request(Decimal(20), "USD", (DOLLAR,), "EUR")
    settled = settle(Money(1500, "EUR"), [request])
    assert request.tendered == Money(1840, "EUR")
    assert settled.change == Money(340, "EUR")
    assert settled.tenders[0].foreign == request.foreign
    for code in ("EUR", "GBP"):
        with pytest.raises(CurrencyNotTaken):
            foreign_request(Decimal(20), code, (DOLLAR,), "EUR")

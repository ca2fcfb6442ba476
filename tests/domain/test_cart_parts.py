"""Splitting and joining carts keeps every piece, every price and every total."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain import cart as carts
from pos_app.domain.cart import Cart, CartLine, NoSuchLine
from pos_app.domain.cart_parts import (
    FixedDiscount,
    NothingToSplit,
    OtherCustomer,
    OtherPolicy,
    PaidInPart,
    merge_carts,
    split_cart,
)
from pos_app.domain.customer import Customer
from pos_app.domain.discount import DiscountKind, DocumentDiscount
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy

EUR = PricePolicy("EUR")


def cart_of(*prices: str, cart_id: str = "c1") -> Cart:
    lines = tuple(
        CartLine(number, None, f"c{number}", f"Item {number}", Decimal(2), Decimal(price))
        for number, price in enumerate(prices, 1)
    )
    return Cart(cart_id, EUR, lines=lines, next_line_id=len(lines) + 1)


@given(st.lists(st.integers(1, 999), min_size=2, max_size=8), st.data())
def test_what_is_split_and_joined_again_costs_the_same(
    cents: list[int], data: st.DataObject
) -> None:
    cart = cart_of(*(f"{c / 100:.2f}" for c in cents))
    ids = data.draw(st.sets(st.integers(1, len(cents)), min_size=1, max_size=len(cents) - 1))
    stays, goes = split_cart(cart, ids, "c2")
    assert {line.id for line in goes.lines} == ids
    assert goes.id == "c2"
    assert carts.total_due(stays) + carts.total_due(goes) == carts.total_due(cart)
    joined = merge_carts(stays, goes)
    assert carts.total_due(joined) == carts.total_due(cart)
    assert len({line.id for line in joined.lines}) == len(cart.lines)


@pytest.mark.parametrize("ids", [[], [1, 2]])
def test_all_or_nothing_is_no_split(ids: list[int]) -> None:
    with pytest.raises(NothingToSplit):
        split_cart(cart_of("1", "2"), ids, "c2")


def test_an_unknown_line_is_no_split() -> None:
    with pytest.raises(NoSuchLine):
        split_cart(cart_of("1", "2"), [7], "c2")


def test_what_belongs_to_the_whole_sale_is_not_torn_apart() -> None:
    paid = carts.take_payment(cart_of("1", "2"), TenderRequest(TenderMethod.CASH))
    with pytest.raises(PaidInPart):
        split_cart(paid, [1], "c2")
    off = DocumentDiscount(DiscountKind.AMOUNT, Decimal(1))
    with pytest.raises(FixedDiscount):
        split_cart(carts.discount_cart(cart_of("1", "2"), off), [1], "c2")


def test_sales_of_two_customers_or_two_rules_are_not_joined() -> None:
    one = replace(cart_of("1"), customer=Customer("a", "1", "Anna"))
    two = replace(cart_of("2"), customer=Customer("b", "2", "Ben"))
    with pytest.raises(OtherCustomer, match=r"Anna.*Ben"):
        merge_carts(one, two)
    assert merge_carts(cart_of("1"), two).customer == two.customer
    with pytest.raises(OtherPolicy):
        merge_carts(one, replace(cart_of("2"), policy=PricePolicy("GBP")))

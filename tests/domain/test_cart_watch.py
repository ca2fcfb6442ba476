"""What a gesture takes back from a sale becomes a fact and asks for rights; nothing else does."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pos_app.domain import cart as carts
from pos_app.domain.approval import Action
from pos_app.domain.cart import Cart, SaleKind
from pos_app.domain.cart_watch import price_changed, watch
from pos_app.domain.discount import DiscountKind, DocumentDiscount, LineDiscount
from pos_app.domain.facts import FactKind, canonical
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import Product

MILK = Product("m", "A1", "Milk", Decimal("1.20"), cost=Decimal("0.90"))
WINE = Product("w", "A2", "Wine", Decimal("10.00"))


def cart(milk: int = 5, wine: int = 1) -> Cart:
    empty = Cart("c", PricePolicy("EUR"))
    return carts.add_product(carts.add_product(empty, MILK, Decimal(milk)), WINE, Decimal(wine))


def percent(value: str) -> LineDiscount:
    return LineDiscount(percent=Decimal(value))


def whole(value: str, kind: DiscountKind = DiscountKind.PERCENT) -> DocumentDiscount:
    return DocumentDiscount(kind, Decimal(value), reason="Staff")


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def test_a_lowered_quantity_is_told_with_what_it_was_worth() -> None:
    before = cart()
    seen = watch(before, carts.set_quantity(before, 1, Decimal(2)))
    [fact], [asked] = seen.facts, seen.requests
    assert fact.kind is FactKind.QUANTITY_LOWERED
    assert (fact.payload["before"], fact.payload["after"], fact.payload["amount"]) == (
        "5",
        "2",
        360,
    )
    assert (asked.action, asked.amount, asked.about) == (Action.REMOVE_LINE, euros(360), "Milk")
    canonical(fact.payload)


def test_more_of_something_another_line_a_note_or_a_customer_are_nobodys_business() -> None:
    before = cart()
    for after in (
        before,
        carts.set_quantity(before, 1, Decimal(6)),
        carts.add_product(before, WINE),
        carts.note_line(before, 1, "cold"),
        carts.note_cart(before, "gift"),
        carts.remove_line(before, 1),  # which is told as such
    ):
        assert watch(before, after).facts == ()
        assert watch(before, after).requests == ()


def test_a_line_discount_is_told_with_percent_and_amount() -> None:
    before = cart()
    seen = watch(before, carts.discount_line(before, 2, percent("25")))
    [fact], [asked] = seen.facts, seen.requests
    assert fact.kind is FactKind.DISCOUNT_GIVEN
    assert (fact.payload["percent"], fact.payload["amount"], fact.payload["name"]) == (
        "25", 250, "Wine",
    )  # fmt: skip
    assert (asked.action, asked.percent, asked.amount) == (
        Action.DISCOUNT, Decimal(25), euros(250),
    )  # fmt: skip


def test_an_amount_off_counts_as_the_percentage_that_it_is() -> None:
    before = cart()
    off = LineDiscount(amount_per_unit=Decimal("3.50"))
    [asked] = watch(before, carts.discount_line(before, 2, off)).requests
    assert asked.percent == Decimal(35)


def test_two_discounts_that_follow_each_other_count_together() -> None:
    before = carts.discount_line(cart(milk=1), 2, percent("10"))
    [asked] = watch(before, carts.discount_cart(before, whole("10"))).requests
    assert (asked.action, asked.percent) == (Action.DISCOUNT, Decimal(19))
    other_way = carts.discount_cart(cart(milk=1), whole("10"))
    [asked] = watch(other_way, carts.discount_line(other_way, 2, percent("10"))).requests
    assert asked.percent == Decimal(19)


def test_a_discount_taken_away_lowered_or_reasoned_again_is_not_given() -> None:
    before = carts.discount_line(cart(), 2, percent("25"))
    reasoned = replace(percent("25"), reason="Damaged")
    for discount in (percent("0"), percent("20"), reasoned):
        seen = watch(before, carts.discount_line(before, 2, discount))
        assert (seen.facts, seen.requests) == ((), ())


def test_a_discount_on_the_whole_sale_is_told_with_its_reason() -> None:
    before = cart(milk=1)
    seen = watch(before, carts.discount_cart(before, whole("2.24", DiscountKind.AMOUNT)))
    [fact], [asked] = seen.facts, seen.requests
    assert (fact.payload["reason"], fact.payload["amount"], fact.payload["code"]) == (
        "Staff", 224, "",
    )  # fmt: skip
    assert asked.percent == Decimal(20)


def test_selling_below_cost_is_asked_for_however_it_comes_about() -> None:
    before = cart(milk=2)
    cheap = carts.discount_line(before, 1, percent("50"))
    assert [(r.action, r.amount) for r in watch(before, cheap).requests] == [
        (Action.DISCOUNT, euros(120)),
        (Action.PRICE_BELOW_COST, euros(60)),
    ]
    named = carts.set_price(before, 1, Decimal("0.50"))
    asked = price_changed(before, named, named.line(1))
    assert [(r.action, r.amount, r.about) for r in asked] == [
        (Action.PRICE_CHANGE, euros(140), "Milk"),
        (Action.PRICE_BELOW_COST, euros(80), "Milk"),
    ]
    dearer = carts.set_price(before, 1, Decimal("1.50"))
    assert [r.percent for r in price_changed(before, dearer, dearer.line(1))] == [None]


def test_a_line_that_sold_below_cost_already_is_not_asked_for_again() -> None:
    before = carts.discount_line(cart(milk=2), 1, percent("50"))
    seen = watch(before, carts.discount_line(before, 2, percent("5")))
    assert [asked.action for asked in seen.requests] == [Action.DISCOUNT]


def test_a_payment_given_back_is_told() -> None:
    ten = TenderRequest(TenderMethod.CASH, tendered=euros(1000))
    before = carts.take_payment(carts.take_payment(cart(), ten), ten)
    seen = watch(before, carts.give_back_payment(before, 1))
    [fact] = seen.facts
    assert fact.kind is FactKind.PAYMENT_GIVEN_BACK
    assert (fact.payload["method"], fact.payload["amount"]) == ("cash", 1000)
    assert watch(before, carts.take_payment(before, ten)).facts == ()


@pytest.mark.parametrize("kind", [SaleKind.RETURN, SaleKind.ADJUSTMENT, SaleKind.VOID])
def test_documents_that_give_back_are_not_watched(kind: SaleKind) -> None:
    before = replace(cart(), kind=kind)
    after = replace(before, lines=tuple(replace(x, quantity=-x.quantity) for x in before.lines))
    assert watch(before, after).facts == ()


def test_another_cart_has_nothing_to_do_with_this_one() -> None:
    assert watch(cart(), replace(cart(milk=1), id="other")).facts == ()

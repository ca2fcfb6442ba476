from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from pos_app.domain.cart import Cart, add_product, add_unknown, choose_customer, price_cart
from pos_app.domain.customer import Customer
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import Product, ProductKind
from pos_app.domain.sale import (
    CartIsEmpty,
    CustomerNeeded,
    LineWithoutPrice,
    NotFullyPaid,
    complete,
    stock_moves,
)
from pos_app.domain.stock import MoveReason
from tests.domain.documents import STAMP, sales

BREAD = Product("p1", "100", "Bread", Decimal("2.50"))
CARD = [TenderRequest(TenderMethod.CARD)]
EMPTY = Cart("c1", PricePolicy("EUR"))


@given(sales)
def test_a_finished_sale_balances(sale):
    assert sale.net + sale.tax == sale.gross
    assert sale.gross + sale.rounding == sale.amount_due
    assert sale.paid - sale.change == sale.amount_due
    assert sum(line.figures.gross.minor for line in sale.lines) == sale.gross.minor
    assert [line.line_no for line in sale.lines] == list(range(1, len(sale.lines) + 1))
    assert len(sale.discounts) == len(sale.discount_amounts)


def test_what_cannot_be_sold_is_refused_with_what_to_do():
    with pytest.raises(CartIsEmpty, match="Scan or choose an item first"):
        complete(EMPTY, CARD, "1", STAMP)
    with pytest.raises(LineWithoutPrice, match="4711 has no price yet"):
        complete(add_unknown(EMPTY, "4711"), CARD, "1", STAMP)
    unpriced = add_unknown(EMPTY, "4711")
    with pytest.raises(LineWithoutPrice):
        complete(unpriced, CARD, "1", STAMP, priced=price_cart(unpriced))
    cart = add_product(EMPTY, BREAD)
    with pytest.raises(NotFullyPaid, match=r"2\.50 EUR is still to pay"):
        complete(cart, [], "1", STAMP)
    with pytest.raises(NotFullyPaid, match=r"0\.50 EUR"):
        complete(cart, [TenderRequest(TenderMethod.CASH, Money(200, "EUR"))], "1", STAMP)


def test_on_account_needs_somebody_who_owes_it():
    cart = add_product(EMPTY, BREAD)
    with pytest.raises(CustomerNeeded, match="Choose the customer first"):
        complete(cart, [TenderRequest(TenderMethod.ON_ACCOUNT)], "1", STAMP)
    known = choose_customer(cart, Customer("k1", "17", "Corner café"))
    sale = complete(known, [TenderRequest(TenderMethod.ON_ACCOUNT)], "1", STAMP)
    assert sale.customer == known.customer
    assert sale.id == cart.id


def test_only_goods_move_stock_and_they_go_out():
    cart = add_product(EMPTY, BREAD, Decimal(3))
    cart = add_product(cart, replace(BREAD, id="p2", kind=ProductKind.SERVICE))
    moves = stock_moves(complete(cart, CARD, "1", STAMP), "shop")
    assert [(m.product_id, m.location, m.quantity, m.reason) for m in moves] == [
        ("p1", "shop", Decimal(-3), MoveReason.SALE)
    ]

"""A return that waited, parked or kept, while the same goods came back another way is refused."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.cart import Cart, SaleKind, append_line
from pos_app.domain.ids import uuid7
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.product import PIECE, Product
from pos_app.domain.return_ import MoreThanWasSold, ReturnedMeanwhile, return_line
from pos_app.domain.sale import Sale
from pos_app.domain.shop import ShopSettings
from pos_app.domain.tax import Tax
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout
from pos_app.services.verification import verify
from pos_app.store.store import Store, create_store

NOON = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
CARD = [TenderRequest(TenderMethod.CARD)]
VAT = Tax(Decimal(20), name="VAT", code="S")
# Three for 10.00: the shares are 3.33, 3.34 and 3.33, so it matters which one comes back.
LAMP = Product(uuid7(1, 1), "1", "Lamp", Decimal("3.3333"), taxes=(VAT,))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with create_store(tmp_path / "shop.db", ShopSettings(), now=NOON) as made:
        catalogue = Catalogue(made, lambda: NOON)
        catalogue.save_unit(PIECE)
        catalogue.save_tax(VAT)
        catalogue.save_product(LAMP)
        yield made


@pytest.fixture
def checkout(store: Store) -> Checkout:
    return Checkout(store, lambda: NOON)


@pytest.fixture
def sale(checkout: Checkout) -> Sale:
    cart = checkout.add(checkout.new_cart(), LAMP.id, Decimal(3))
    return checkout.complete(cart, CARD)


def giving_back(checkout: Checkout, sale: Sale, quantity: int, times: int = 1) -> Cart:
    cart = checkout.new_cart(SaleKind.RETURN)
    for _ in range(times):
        line = return_line(sale, 1, Decimal(quantity), Decimal(0), "broken")
        cart = append_line(cart, line)
    return cart


def test_goods_that_came_back_meanwhile_cannot_come_back_again(
    checkout: Checkout, store: Store, sale: Sale
) -> None:
    waiting = giving_back(checkout, sale, 3)
    checkout.park(waiting)
    checkout.complete(giving_back(checkout, sale, 3), CARD)
    with pytest.raises(MoreThanWasSold, match="Only 0 of Lamp can still come back"):
        checkout.complete(checkout.recall(waiting.id), CARD)
    assert store.sales.count() == 2
    assert verify(store.path).faults == ()


def test_the_same_goods_twice_in_one_return_are_refused(checkout: Checkout, sale: Sale) -> None:
    with pytest.raises(MoreThanWasSold):
        checkout.complete(giving_back(checkout, sale, 2, times=2), CARD)


def test_shares_that_were_reckoned_before_another_part_came_back_are_refused(
    checkout: Checkout, store: Store, sale: Sale
) -> None:
    waiting = giving_back(checkout, sale, 1)
    checkout.complete(giving_back(checkout, sale, 1), CARD)
    with pytest.raises(ReturnedMeanwhile, match="enter the return again"):
        checkout.complete(waiting, CARD)
    assert verify(store.path).faults == ()

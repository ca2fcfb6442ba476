"""What the kitchen hears: the goods of its categories, once, and what changed since."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pos_app.domain.cart import Cart, CartLine, add_product
from pos_app.domain.kitchen import (
    KitchenItem,
    KitchenRoute,
    follow_renamed,
    items_for,
    items_of,
    still_to_tell,
)
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import KILOGRAM, PIECE, Product

SOUP = KitchenItem("soup", "Soup", Decimal(2), PIECE)
BREAD = KitchenItem("bread", "Bread", Decimal(1), PIECE)
BAR = KitchenRoute("Bar", "Bar printer", ("drinks",))


def lines(*names: str) -> tuple[CartLine, ...]:
    cart = Cart("cart-1", PricePolicy("EUR"))
    for name in names:
        cart = add_product(cart, Product(name.lower(), name, name, Decimal(4)))
    return cart.lines


def test_equal_lines_come_together_and_notes_keep_them_apart() -> None:
    soup, tea = lines("Soup", "Tea")
    salted, more = replace(soup, note="no salt"), replace(soup, quantity=Decimal(3))
    told = [(item.name, item.quantity, item.note) for item in items_of((salted, tea, soup, more))]
    assert told == [("Soup", 1, "no salt"), ("Tea", 1, ""), ("Soup", 4, "")]


def test_what_comes_back_or_is_unknown_is_not_made() -> None:
    (line,) = lines("Soup")
    assert items_of([replace(line, quantity=Decimal(-1)), replace(line, product_id=None)]) == ()


@pytest.mark.parametrize(
    ("items", "told", "expected"),
    [
        ((SOUP, BREAD), (), [("Soup", 2), ("Bread", 1)]),
        ((SOUP, BREAD), (SOUP, BREAD), []),
        ((replace(SOUP, quantity=Decimal(3)),), (SOUP,), [("Soup", 1)]),
        ((), (SOUP,), [("Soup", -2)]),
        ((BREAD,), (SOUP,), [("Bread", 1), ("Soup", -2)]),
        ((replace(SOUP, note="hot"),), (SOUP,), [("Soup", 2), ("Soup", -2)]),
    ],
)
def test_only_what_differs_from_what_was_told_is_told(
    items: tuple[KitchenItem, ...],
    told: tuple[KitchenItem, ...],
    expected: list[tuple[str, int]],
) -> None:
    assert [(item.name, item.quantity) for item in still_to_tell(items, told)] == expected


def test_a_route_takes_its_own_categories() -> None:
    weighed = KitchenItem("ham", "Ham", Decimal("0.25"), KILOGRAM)
    category_of = {"soup": "food", "bread": None, "ham": "drinks"}
    assert items_for(BAR, (SOUP, BREAD, weighed), category_of) == (weighed,)
    assert items_for(replace(BAR, categories=()), (SOUP, BREAD), category_of) == ()


@pytest.mark.parametrize(
    ("before", "after", "printer"),
    [
        (("Counter", "Bar printer"), ("Counter", "Taps"), "Taps"),
        (("Counter", "Bar printer"), ("Bar printer", "Counter"), "Bar printer"),
        (("Counter", "Bar printer"), ("Counter",), "Bar printer"),
        (("Counter", "Bar printer"), ("Counter", "Bar printer", "Taps"), "Bar printer"),
    ],
)
def test_slips_follow_a_printer_that_is_called_otherwise(
    before: tuple[str, ...], after: tuple[str, ...], printer: str
) -> None:
    assert follow_renamed((BAR,), before, after)[0].printer == printer

"""What all of a product that is in stock is worth, as the retail sale API keeps it.

A sale takes quantity × unit price off, never below zero, and a void puts the same back on, as
published. Values are minor units of the company's currency.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import msgspec
from sqlalchemy import Connection, func, select

from pos_app.domain.money import Money, RoundingMode, round_ratio
from pos_app.domain.product import Product
from pos_app.domain.stock_value import value_of
from pos_app.server.bulk_rows import insert_rows, overwriting
from pos_app.server.stock_sums import MICRO_PLACES
from pos_app.server.tables import stock_levels, stock_values

_AT_ONCE = 500  # ids in one statement
_CLAUSE = overwriting("company_id, product_id", ("value",))


@dataclass(frozen=True, slots=True)
class PlaceLevel:
    """How many units of a product stand at a place of a shop."""

    shop: str
    location: str
    quantity: Decimal


class _ValueRow(msgspec.Struct, frozen=True):
    company_id: str
    product_id: str
    value: int


def stock_value(connection: Connection, company_id: str, product: Product, currency: str) -> Money:
    """Return what the stock of a product is worth; where nobody said, by what it costs."""
    return _standing(connection, company_id, [product], currency)[product.id]


def change_stock_values(
    connection: Connection,
    company_id: str,
    changes: Sequence[tuple[Product, Money]],
    currency: str,
) -> None:
    """Let the stock of products be worth more or less, one after the other, never below nothing.

    The caller holds the company's revision. Call it before the stock itself moves.
    """
    values = _standing(connection, company_id, [product for product, _ in changes], currency)
    for product, change in changes:
        after = values[product.id].minor + change.minor
        values[product.id] = Money(max(after, 0), currency)
    rows = [_ValueRow(company_id, product_id, value.minor) for product_id, value in values.items()]
    insert_rows(connection, stock_values, rows, _CLAUSE)


def put_stock_value(connection: Connection, company_id: str, product_id: str, value: Money) -> None:
    """Say what the stock of a product is worth."""
    row = _ValueRow(company_id, product_id, value.minor)
    insert_rows(connection, stock_values, [row], _CLAUSE)


def levels_by_place(connection: Connection, company_id: str, product_id: str) -> list[PlaceLevel]:
    """Return how much of a product stands where, in order of shops and places."""
    level = func.sum(stock_levels.c.level_micro)
    rows = connection.execute(
        select(stock_levels.c.shop, stock_levels.c.location, level)
        .where(stock_levels.c.company_id == company_id, stock_levels.c.product_id == product_id)
        .group_by(stock_levels.c.shop, stock_levels.c.location)
        .order_by(stock_levels.c.shop, stock_levels.c.location)
    )
    return [
        PlaceLevel(shop, location, Decimal(int(micro)).scaleb(-MICRO_PLACES))
        for shop, location, micro in rows
    ]


def _standing(
    connection: Connection, company_id: str, products: Iterable[Product], currency: str
) -> dict[str, Money]:
    by_id = {product.id: product for product in products}
    ids, found = list(by_id), dict[str, Money]()
    for start in range(0, len(ids), _AT_ONCE):
        rows = connection.execute(
            select(stock_values.c.product_id, stock_values.c.value).where(
                stock_values.c.company_id == company_id,
                stock_values.c.product_id.in_(ids[start : start + _AT_ONCE]),
            )
        )
        found.update((row.product_id, Money(int(row.value), currency)) for row in rows)
    for product_id, product in by_id.items():
        if product_id not in found:
            found[product_id] = _by_cost(connection, company_id, product, currency)
    return found


def _by_cost(connection: Connection, company_id: str, product: Product, currency: str) -> Money:
    if product.cost is None:
        return Money.zero(currency)
    places = levels_by_place(connection, company_id, product.id)
    level = sum((place.quantity for place in places), Decimal(0))
    return value_of(level, product.cost, currency)


def worth(quantity: Decimal, unit_price: Decimal, currency: str) -> Money:
    """Return quantity × unit price, half up to the minor unit."""
    exact = quantity * unit_price * Money.of(Decimal(1), currency).minor
    return Money(round_ratio(*exact.as_integer_ratio(), RoundingMode.HALF_UP), currency)

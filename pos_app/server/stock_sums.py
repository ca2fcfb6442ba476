"""Stock as sums of movements: by shop, product, place and the till that moved it.

Sums commute, so it does not matter which till is heard first. Quantities are integer millionths
of a product's unit.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from pos_app.domain.errors import PosError
from pos_app.server.bulk_rows import insert_rows
from pos_app.server.tables import stock_levels

MICRO_PLACES = 6
QUANTITY_LIMIT = Decimal(10) ** 11  # units: what fits a column of 64 bits with room for sums
# How a movement is told: of a document in `stock`, of everything else in `moves`.
TOLD_AS = ("stock", "moves")
Moved = dict[tuple[str, str], int]  # millionths by product and place
_ADD = (
    "ON CONFLICT (company_id, shop, product_id, location, till_id) DO UPDATE SET "
    "level_micro = stock_levels.level_micro + excluded.level_micro, revision = excluded.revision"
)


class QuantityUnreadable(PosError):
    """A quantity that is no number, or finer than a millionth."""

    sentence = "{quantity} is not a quantity that stock can move by."


class MoveTold(msgspec.Struct, frozen=True):
    """A movement as a journal entry tells it."""

    product: str
    location: str
    quantity: str


class LevelRow(msgspec.Struct, frozen=True):
    """How much a till moved of a product, as the table keeps it."""

    company_id: str
    shop: str
    product_id: str
    location: str
    till_id: str
    level_micro: int
    revision: int


def moves_told(payload: Mapping[str, Any]) -> tuple[MoveTold, ...]:
    """Return the movements that a fact tells of; raises msgspec.ValidationError."""
    found: list[MoveTold] = []
    for name in TOLD_AS:
        told = payload.get(name)
        if isinstance(told, list):  # the settings' part of this name is a map
            found += msgspec.convert(told, list[MoveTold])
    return tuple(found)


def sum_moves(moves: Iterable[MoveTold]) -> Moved:
    """Sum movements by product and place; raises QuantityUnreadable."""
    sums: Moved = {}
    for move in moves:
        key = (move.product, move.location)
        sums[key] = sums.get(key, 0) + micro_of(move.quantity)
    return sums


def add_up(sums: Moved, more: Moved) -> None:
    """Add more movements to sums that are being made."""
    for key, micro in more.items():
        sums[key] = sums.get(key, 0) + micro


@lru_cache(maxsize=4096)
def micro_of(quantity: str) -> int:
    """Return a quantity in millionths; raises QuantityUnreadable."""
    try:
        number = Decimal(quantity)
        is_sensible = number.is_finite() and abs(number) < QUANTITY_LIMIT
        scaled = number.scaleb(MICRO_PLACES) if is_sensible else None
    except ArithmeticError as failure:
        raise QuantityUnreadable(quantity=quantity[:40]) from failure
    if scaled is None or scaled != int(scaled):
        raise QuantityUnreadable(quantity=quantity[:40])
    return int(scaled)


def add_moves(
    connection: Connection,
    company_id: str,
    shop: str,
    till_id: str,
    moved: Moved,
    revision: int,
) -> None:
    """Add what a till moved to its sums, under a revision that the transaction holds."""
    rows = [
        LevelRow(company_id, shop, product_id, location, till_id, micro, revision)
        for (product_id, location), micro in sorted(moved.items())
    ]
    insert_rows(connection, stock_levels, rows, _ADD)


def level_of(
    connection: Connection, company_id: str, shop: str, product_id: str, location: str | None = None
) -> Decimal:
    """Return how many units a shop has of a product, at one place or (None) at all of them."""
    wanted = select(func.coalesce(func.sum(stock_levels.c.level_micro), 0)).where(
        stock_levels.c.company_id == company_id,
        stock_levels.c.shop == shop,
        stock_levels.c.product_id == product_id,
    )
    if location is not None:
        wanted = wanted.where(stock_levels.c.location == location)
    return Decimal(int(connection.execute(wanted).scalar_one())).scaleb(-MICRO_PLACES)

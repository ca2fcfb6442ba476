"""Stock as signed movements; the level of a product at a location is their sum."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum


class MoveReason(StrEnum):
    """Why stock moved."""

    SALE = "sale"
    RETURN = "return"
    RECEIPT = "receipt"
    WRITE_OFF = "write_off"
    FOUND = "found"
    COUNT = "count"
    OPENING = "opening"
    VOID = "void"
    TRANSFER = "transfer"
    SUPPLIER_RETURN = "supplier_return"


@dataclass(frozen=True, slots=True)
class StockMove:
    """A signed movement of `quantity` units (out is negative) at one location."""

    product_id: str
    location: str
    quantity: Decimal
    reason: MoveReason
    note: str = ""
    batch: str = ""


DEFAULT_LOCATION = "shop"


def difference_of(before: Iterable[StockMove], after: Iterable[StockMove]) -> tuple[StockMove, ...]:
    """Return the moves that turn some into others, as when a document is written anew."""
    sums: dict[StockMove, Decimal] = {}
    for sign, moves in ((-1, before), (1, after)):
        for move in moves:
            key = replace(move, quantity=Decimal(0))
            sums[key] = sums.get(key, Decimal(0)) + sign * move.quantity
    return tuple(replace(move, quantity=units) for move, units in sums.items() if units)

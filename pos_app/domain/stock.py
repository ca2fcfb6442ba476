"""Stock as signed movements; the level of a product at a location is their sum."""

from dataclasses import dataclass
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

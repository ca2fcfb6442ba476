"""Goods that come in: a delivery is collected line by line and then booked as a whole."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.errors import PosError


class DeliveryState(StrEnum):
    """A delivery is open until it is booked or given up."""

    OPEN = "open"
    BOOKED = "booked"
    DISCARDED = "discarded"


class DeliveryClosed(PosError):
    """The delivery was booked or given up before."""

    sentence = "That delivery is booked or given up already. Begin a new one."


class DeliveryTooLong(PosError):
    """More lines than one delivery takes."""

    sentence = "A delivery takes {limit} lines. Book this one and begin another."


class NothingReceived(PosError):
    """There is nothing to book."""

    sentence = "Nothing was received yet. Scan the first item."


class UnknownGoods(PosError):
    """A line still waits for its product."""

    sentence = "{code} is not in the catalogue yet. Choose its product or remove the line."


class ReceivedFigureWrong(PosError):
    """A quantity or cost that cannot be."""

    sentence = "{figure} is not possible here. Enter a number above 0 with at most {places} places."


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who the goods come from."""

    id: str
    name: str
    number: str = ""
    phone: str = ""
    email: str = ""
    note: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Delivery:
    """The head of a delivery; `document` is the supplier's number on the paper, `at` is UTC."""

    id: str
    location: str
    at: datetime
    staff: str
    supplier_id: str = ""
    supplier_name: str = ""
    document: str = ""
    state: DeliveryState = DeliveryState.OPEN
    booked_at: datetime | None = None
    line_count: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One line: unit cost in currency units; a quantity of 0 is a line that was taken out.

    `product_id` is empty for a code that nobody knows yet.
    """

    delivery_id: str
    no: int
    product_id: str
    code: str
    name: str
    quantity: Decimal
    unit_cost: Decimal | None = None
    batch: str = ""
    expiry: date | None = None

    @property
    def id(self) -> str:
        """The delivery's id with the line's number."""
        return f"{self.delivery_id}/{self.no:05d}"

    @property
    def place(self) -> str:
        """Where it stands among the lines of its delivery; one that was taken out is nowhere."""
        goods = place_of_goods(self.delivery_id, self.product_id or self.code, self.batch)
        return f"{goods}{self.no:05d}" if self.quantity else f"{self.delivery_id}/-/{self.no:05d}"


def place_of_goods(delivery_id: str, goods: str, batch: str = "") -> str:
    """Return how the places of all lines of some goods begin: of a product id or unknown code."""
    return f"{delivery_id}/{goods}/{batch}/"


@dataclass(frozen=True, slots=True)
class Batch:
    """Goods of one batch that came in; `received` counts all that ever did."""

    product_id: str
    batch: str
    received: Decimal
    expiry: date | None = None

    @property
    def id(self) -> str:
        """The product's id with the batch."""
        return f"{self.product_id}/{self.batch}"


def batches_left(batches: list[Batch], level: Decimal) -> list[tuple[Batch, Decimal]]:
    """Return how much of each batch is left, when what expires first goes first.

    The level is shared out from the last date backwards; a batch without a date goes first of all.
    What no batch explains is not in the list.
    """
    left = []
    rest = max(level, Decimal(0))
    for batch in sorted(batches, key=_expires, reverse=True):
        part = min(batch.received, rest)
        rest -= part
        if part > 0:
            left.append((batch, part))
    left.reverse()
    return left


def _expires(batch: Batch) -> tuple[date, str]:
    return batch.expiry or date.min, batch.batch

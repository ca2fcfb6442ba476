"""Labels that a shop wants: which products, how many of each, and when labels were last made."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from pos_app.domain.errors import PosError
from pos_app.domain.product import Product, Unit

MOST_LABELS = 20_000


class NothingToLabel(PosError):
    """The choice holds no product."""

    sentence = "There are no products to make labels for. Choose other products."


class TooManyLabels(PosError):
    """More labels than anybody sticks in a day: a figure slipped."""

    sentence = "That would be {count} labels, more than {limit}. Choose fewer products or copies."


@dataclass(frozen=True, slots=True)
class LabelOrder:
    """A product and how many labels of it are wanted."""

    product: Product
    copies: int = 1


@dataclass(frozen=True, slots=True)
class LabelsMade:
    """The last time labels were made, UTC; one for the whole shop.

    `changes_seen` is the moment up to which changed prices have their labels, None before the
    first such run; `paper` and `printer` are offered again the next time.
    """

    at: datetime
    labels: int
    paper: str
    printer: str = ""
    dots_per_inch: int = 203
    changes_seen: datetime | None = None
    id: str = "last"


def check_orders(orders: tuple[LabelOrder, ...]) -> int:
    """Return how many labels are wanted in all; raises NothingToLabel or TooManyLabels."""
    count = sum(order.copies for order in orders)
    if count < 1:
        raise NothingToLabel()
    if count > MOST_LABELS:
        raise TooManyLabels(count=count, limit=MOST_LABELS)
    return count


def copies_for(quantity: Decimal, unit: Unit) -> int:
    """Return how many labels a delivery needs: one for each piece, one for what is weighed."""
    if unit.decimals > 0:
        return 1
    return max(int(quantity.to_integral_value(ROUND_CEILING)), 1)

"""What the shop says about the stock of a product: at zero, when to order, whether by batch."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.errors import PosError
from pos_app.domain.stock import DEFAULT_LOCATION


class AtZero(StrEnum):
    """What happens when more is sold than the books say is there."""

    ALLOW = "allow"
    WARN = "warn"
    BLOCK = "block"


class OutOfStock(PosError):
    """The books have less than is being sold, and the shop wants to be told."""

    sentence = "{name}: the books have {level} left. Check the shelf; the sale can go on."


class NoneLeftToSell(PosError):
    """The books have less than is being sold, and the shop does not allow that."""

    sentence = "{name} cannot be sold: the books have {level} left. Remove the line or count it."


class GoodsExpired(PosError):
    """Goods past their date."""

    sentence = "{name}: the date {date} is over. Take another one from the shelf."


class GoodsExpireSoon(PosError):
    """Goods that are past their date within the shop's days of notice."""

    sentence = "{name}: good until {date} only. Tell the customer."


@dataclass(frozen=True, slots=True)
class StockRule:
    """One product's own rule; `at_zero` None follows the shop.

    At or below `reorder_at` the product is on the low-stock list, to be filled up to `reorder_to`.
    """

    product_id: str
    at_zero: AtZero | None = None
    reorder_at: Decimal | None = None
    reorder_to: Decimal | None = None
    tracks_batches: bool = False


@dataclass(frozen=True, slots=True)
class StockSettings:
    """The shop's rule for products without one, its places, and the notice before a date."""

    at_zero: AtZero = AtZero.ALLOW
    locations: tuple[str, ...] = field(default=(DEFAULT_LOCATION,))
    expiry_notice_days: int = 3


def date_warning(name: str, expires: date | None, today: date, notice_days: int) -> PosError | None:
    """Return what to say of goods that are or soon will be past their date, or None."""
    if expires is None or expires > today + timedelta(days=notice_days):
        return None
    warning = GoodsExpired if expires < today else GoodsExpireSoon
    return warning(name=name, date=expires.isoformat())


def order_quantity(rule: StockRule, level: Decimal) -> Decimal | None:
    """Return how much to order, or None where the level is above the point of ordering."""
    if rule.reorder_at is None or level > rule.reorder_at:
        return None
    wanted = rule.reorder_to if rule.reorder_to is not None else rule.reorder_at
    return max(wanted - level, Decimal(0))

"""The date of goods in hand: from their code, or from the batch that was received."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.shop import ShopSettings
from pos_app.domain.stock_rule import date_warning
from pos_app.services.stock_records import BATCH
from pos_app.services.time_zones import shop_zone

if TYPE_CHECKING:
    from pos_app.store.store import Store


def date_of(store: "Store", product_id: str, batch: str) -> date | None:
    """Return the last day of a batch that was received, or None where nobody knows it."""
    known = store.records.get(BATCH, f"{product_id}/{batch}") if batch else None
    return known.expiry if known else None


def warn_of(name: str, expires: date | None, shop: ShopSettings, now: datetime) -> PosError | None:
    """Return what to say of goods with a last day, or None; `now` is UTC."""
    if expires is None:
        return None
    today = now.astimezone(shop_zone(shop.time_zone)).date()
    return date_warning(name, expires, today, shop.stock.expiry_notice_days)

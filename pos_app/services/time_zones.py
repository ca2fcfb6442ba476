"""The shop's time zone by its name, and its date."""

from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from pos_app.domain.shop import ZONE_NAME_LIMIT, ShopSettings

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


def business_day(at: datetime, shop: ShopSettings) -> date:
    """Return the shop's date of a moment (UTC)."""
    return at.astimezone(shop_zone(shop.time_zone)).date()


@lru_cache(maxsize=8)
def shop_zone(name: str) -> "ZoneInfo | None":
    """Return the zone; None is the machine's own, for shops that name none or one unknown here.

    Selling goes on where a machine lacks a zone; the settings refuse to save such a name.
    """
    return known_zone(name) if name else None


def known_zone(name: str) -> "ZoneInfo | None":
    """Return the zone of a name in the IANA time zone database, or None."""
    if len(name) > ZONE_NAME_LIMIT:
        return None
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - not before the first sale: 4 % of the start

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None

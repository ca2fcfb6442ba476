"""Moments as a person reads them, by the shop's clock."""

from datetime import UTC, datetime

from pos_app.domain.shop import ShopSettings
from pos_app.services.time_zones import shop_zone
from pos_app.ui.presenters.receipt_words import day_words
from pos_app.ui.presenters.refusals import isolated


def moment_words(at: datetime, now: datetime, shop: ShopSettings) -> str:
    """Write a moment: the time alone where that was today."""
    zone = shop_zone(shop.time_zone)
    local = at.astimezone(zone)
    time = f"{local:%H:%M}"
    if local.date() == now.astimezone(zone).date():
        return time
    return isolated(f"{day_words(local.date(), shop)} {time}")


def told_moment(at: str, now: datetime, shop: ShopSettings) -> str:
    """Write a moment that is told in ISO 8601, nothing for what is something else."""
    known = read_moment(at)
    return "" if known is None else moment_words(known, now, shop)


def read_moment(at: str) -> datetime | None:
    """Read ISO 8601, which means UTC where it names no zone; None for what is something else."""
    try:
        known = datetime.fromisoformat(at)
    except ValueError:
        return None
    return known if known.tzinfo is not None else known.replace(tzinfo=UTC)

"""What the other tills of the shop did to a product's stock, and how fresh that is."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.store.remotes import HEAD_OFFICE, OTHER_TILLS
from pos_app.store.stock import quantity_of

if TYPE_CHECKING:
    from pos_app.store.store import Store


@dataclass(frozen=True, slots=True)
class TillStock:
    """What another till moved at a location in sum, and when it was last heard (UTC, or never)."""

    till: str
    location: str
    moved: Decimal
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class StockElsewhere:
    """A product's level at a location: by this till's own movements, and with all the others'.

    `tills` are all other tills of the shop, also those that never moved it.
    """

    location: str
    own: Decimal
    level: Decimal
    tills: tuple[TillStock, ...]


def stock_elsewhere(store: "Store", product_id: str, location: str = "") -> StockElsewhere:
    """Return what is known of a product at a location, by default the till's own."""
    place = location or store.settings.shop().location
    heard = other_tills(store)
    moved = {
        one.till: quantity_of(one.quantity_micro)
        for one in store.received.elsewhere(product_id)
        if one.location == place
    }
    tills = tuple(
        TillStock(till, place, moved.get(till, Decimal(0)), heard.get(till))
        for till in sorted({*heard, *moved})
    )
    own = store.stock.level(product_id, place)
    return StockElsewhere(place, own, own + sum(moved.values(), Decimal(0)), tills)


def other_tills(store: "Store") -> dict[str, datetime | None]:
    """Return when head office last heard of each other till of the shop (UTC; None: never)."""
    told = json.loads(store.remotes.value(HEAD_OFFICE, OTHER_TILLS) or "[]")
    return {till: datetime.fromisoformat(at) if at else None for till, at in told}

"""A small real store for the office services, and ways to read what was journalled."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import KILOGRAM, PIECE, Category, Product
from pos_app.domain.shop import ShopSettings
from pos_app.domain.tax import Tax
from pos_app.store.store import Store

NOON = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
VAT = Tax(rate=Decimal(23), name="VAT 23 %", code="S")
DAIRY = Category("01900000-0000-7000-9000-000000000001", "Dairy", "#3B6FB6", 1)
MILK = Product(
    "01900000-0000-7000-8000-000000000001",
    "1001",
    "Whole milk",
    Decimal("1.19"),
    category_id=DAIRY.id,
    taxes=(VAT,),
    barcodes=("5391000000019",),
)
SHOP = ShopSettings(name="Corner", policy=PricePolicy("EUR"), time_zone="Europe/Dublin")


def now() -> datetime:
    return NOON


def fill(store: Store) -> None:
    with store.transaction() as tx:
        for unit in (PIECE, KILOGRAM):
            tx.products.save_unit(unit)
        tx.products.save_tax(VAT)
        tx.products.save_category(DAIRY)
        tx.products.save(MILK)


def facts_of(store: Store) -> list[tuple[str, dict[str, Any]]]:
    """Every fact after the store's opening: its kind and what it says."""
    return [(entry.kind, json.loads(entry.payload)) for entry in store.journal.entries(after_seq=1)]

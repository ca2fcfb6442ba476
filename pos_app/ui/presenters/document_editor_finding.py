"""Finding customers and products for a document, and what the products cost another customer."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.customer import Customer
from pos_app.domain.document import DocumentLine
from pos_app.domain.errors import PosError
from pos_app.domain.product import Product
from pos_app.services.document_desk import DocumentDesk
from pos_app.services.document_lines import product_line
from pos_app.services.scanning import Scanning
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.views import SearchHit

if TYPE_CHECKING:
    from pos_app.store.store import Store

HITS_MOST = 8
_LONGEST = 200
_ONE = Decimal(1)


def customer_hits(store: "Store", text: str) -> tuple[SearchHit, ...]:
    """Return the active customers for what was typed, the best first."""
    found = store.customers.search(text[:_LONGEST], 2 * HITS_MOST) if text.strip() else []
    active = [one for one in found if one.is_active][:HITS_MOST]
    return tuple(SearchHit(one.id, one.name, one.number, "", one.city) for one in active)


def product_hits(store: "Store", amounts: AmountFormat, text: str) -> tuple[SearchHit, ...]:
    """Return the products for what was typed, with their price and stock, the best first."""
    found = store.products.search(text[:_LONGEST], HITS_MOST) if text.strip() else []
    return tuple(
        SearchHit(
            one.product.id,
            one.product.name,
            one.product.code,
            "" if one.product.price is None else amounts.price(one.product.price),
            amounts.quantity(one.stock, one.product.unit) if one.stock else "",
        )
        for one in found
    )


def look_up(desk: DocumentDesk, code: str) -> tuple[Product | None, Decimal]:
    """Return the product that a code stands for, or None, and how many it says."""
    counter = desk.checkout
    try:
        looked = Scanning(counter.store, counter.now, counter.shop).look_up(code)
    except PosError:
        return None, _ONE
    return looked.product, looked.quantity or _ONE


def found_product(desk: DocumentDesk, store: "Store", text: str) -> tuple[Product | None, Decimal]:
    """Return the product of a typed code, or the first one for a name."""
    product, quantity = look_up(desk, text)
    if product is None:
        found = store.products.search(text[:_LONGEST], 1)
        return (found[0].product, _ONE) if found else (None, _ONE)
    return product, quantity


def repriced(
    store: "Store", lines: Sequence[DocumentLine], before: Customer | None, after: Customer
) -> list[DocumentLine]:
    """Return the lines that stood at one customer's price, at another's where that differs."""
    old_list = "" if before is None else before.price_list
    if old_list == after.price_list:
        return []
    changed = []
    for line in lines:
        product = store.products.get(line.product_id) if line.product_id else None
        if product is None:
            continue
        usual = product_line(store, before, (), product).unit_price
        new = product_line(store, after, (), product).unit_price
        if line.unit_price == usual != new:
            changed.append(replace(line, unit_price=new))
    return changed

"""Choosing the products that get labels: by code, by group, by changed price or by delivery.

Every choice only reads, so it may run on a reader of its own while the till sells.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.label_order import LabelOrder, copies_for
from pos_app.domain.payloads import optional_text
from pos_app.domain.stock import MoveReason

if TYPE_CHECKING:
    from pos_app.store.store import Store

Orders = tuple[LabelOrder, ...]
_PAGE = 500
_CODES_NAMED = 10


class LabelCodesUnknown(PosError):
    """Codes that no product has."""

    sentence = "No product has the code {codes}. Check it in the catalogue."


class CategoryUnknown(PosError):
    """A group of products that the shop does not have."""

    sentence = "There is no category {name}. The shop has {known}."


def by_codes(store: "Store", counts: Mapping[str, int]) -> Orders:
    """Choose products by own code or barcode, each with its count; raises LabelCodesUnknown."""
    found = {code: store.products.find(code) for code in counts}
    unknown = [code[:60] for code, product in found.items() if product is None]
    if unknown:
        raise LabelCodesUnknown(codes=", ".join(unknown[:_CODES_NAMED]))
    return tuple(
        LabelOrder(product, counts[code]) for code, product in found.items() if product is not None
    )


def by_ids(store: "Store", counts: Mapping[str, int]) -> Orders:
    """Choose products by id, each with its count; those that are gone or not sold are left out."""
    return tuple(_known(store, counts))


def of_category(store: "Store", category_id: str | None = None) -> Orders:
    """Choose all products for sale by name, or those of a group."""
    return tuple(_listed(store, category_id))


def category_named(store: "Store", name: str) -> str:
    """Return the id of a group by its name; raises CategoryUnknown."""
    categories = store.products.categories()
    for category in categories:
        if category.name.casefold() == name.strip().casefold():
            return category.id
    known = ", ".join(category.name for category in categories)
    raise CategoryUnknown(name=name[:60], known=known[:300])


def price_changed_since(store: "Store", since: datetime) -> Orders:
    """Choose products for sale whose price is another than the one told last before `since` (UTC).

    New products count as changed. The journal is read twice, so that memory holds only what was
    told since then.
    """
    moment = since.astimezone(UTC).isoformat(timespec="milliseconds")
    fresh = {told["id"] for told in _prices_told(store, lambda at: at >= moment)}
    earlier = _prices_told(store, lambda at: at < moment) if fresh else ()
    before = {told["id"]: told["price"] for told in earlier if told["id"] in fresh}
    orders = by_ids(store, dict.fromkeys(fresh, 1))
    changed = [
        order
        for order in orders
        if order.product.id not in before
        or before[order.product.id] != optional_text(order.product.price)
    ]
    return tuple(sorted(changed, key=lambda order: order.product.name.casefold()))


def delivered_since(store: "Store", since: datetime) -> Orders:
    """Choose what came in since a moment, with a label for each piece."""
    came = store.stock.came_in(MoveReason.RECEIPT, since)
    orders = by_ids(store, dict.fromkeys((key for key, count in came.items() if count > 0), 1))
    return tuple(
        LabelOrder(order.product, copies_for(came[order.product.id], order.product.unit))
        for order in orders
    )


def _known(store: "Store", counts: Mapping[str, int]) -> Iterator[LabelOrder]:
    for product_id, copies in counts.items():
        product = store.products.get(product_id)
        if product is not None and product.is_active:
            yield LabelOrder(product, copies)


def _listed(store: "Store", category_id: str | None) -> Iterator[LabelOrder]:
    offset = 0
    while page := store.products.page(offset, _PAGE, category_id=category_id):
        yield from (LabelOrder(found.product) for found in page if found.product.is_active)
        offset += len(page)


def _prices_told(store: "Store", is_wanted: Callable[[str], bool]) -> Iterator[Mapping[str, Any]]:
    """Yield what the journal told of products at the moments that are wanted (ISO, UTC)."""
    for at, payload in store.journal.told(FactKind.PRODUCT_SAVED, FactKind.PRODUCTS_IMPORTED):
        if is_wanted(at):
            told = json.loads(payload)
            # An import tells of many products, and once more of its end, which names none.
            yield from told.get("products", [told] if "price" in told else [])

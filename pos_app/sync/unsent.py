"""What this till has changed and head office has not merged yet: that is not overwritten."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pos_app.domain.facts import FactKind
from pos_app.domain.machine_settings import without_machine
from pos_app.store.base_revision import RECEIVED, SHARED_RECORDS

if TYPE_CHECKING:
    from pos_app.store.journal import Journal
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

Key = tuple[str, str]  # kind and id of a thing
Told = Mapping[str, Any]
_BESIDE = ("unit", "tax", "base", RECEIVED)


def changed_after(journal: "Journal", seq: int) -> set[Key]:
    """Return what entries after a number tell of the catalogue, the settings and customers.

    What came from head office is not among it.
    """
    changed: set[Key] = set()
    for _, kind, payload in journal.told_after(seq, *_HEARD):
        told = json.loads(payload)
        if RECEIVED not in told:
            changed.update(_HEARD[FactKind(kind)](told))
    return changed


def is_record_changed(source: "Store | Transaction", kind: str, thing_id: str, seq: int) -> bool:
    """Whether the till itself changed a record after an entry."""
    if kind not in SHARED_RECORDS:
        return False
    last = source.records.last_told(kind, thing_id)
    if last <= seq:
        return False
    entry = source.journal.get(last)
    return entry is not None and entry.kind != FactKind.RECORD_RECEIVED


def key_of(kind: str, thing_id: str) -> Key:
    """Return what a thing is known by here: a till has the settings of one shop only."""
    return (kind, "") if kind == "settings" else (kind, thing_id)


def _product(told: Told) -> Iterator[Key]:
    yield "product", told["id"]


def _products(told: Told) -> Iterator[Key]:
    yield from (("product", one["id"]) for one in told["products"])


def _category(told: Told) -> Iterator[Key]:
    yield "category", told["id"]


def _customer(told: Told) -> Iterator[Key]:
    yield "customer", told["id"]


def _customers(told: Told) -> Iterator[Key]:
    yield from (("customer", one["id"]) for one in told["customers"])


def _settings(told: Told) -> Iterator[Key]:
    for kind in ("unit", "tax"):
        if kind in told:
            yield kind, told[kind]["code"]
    if without_machine({name: told[name] for name in told if name not in _BESIDE}):
        yield "settings", ""


_HEARD: dict[FactKind, Callable[[Told], Iterator[Key]]] = {
    FactKind.PRODUCT_SAVED: _product,
    FactKind.PRODUCTS_IMPORTED: _products,
    FactKind.CATEGORY_SAVED: _category,
    FactKind.CUSTOMER_SAVED: _customer,
    FactKind.CUSTOMERS_IMPORTED: _customers,
    FactKind.SETTINGS_CHANGED: _settings,
}

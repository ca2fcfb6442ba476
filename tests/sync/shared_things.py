"""What one till's journal tells, as head office would hand it on to another till."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pos_app.domain.customer import Customer
from pos_app.domain.facts import FactKind, canonical
from pos_app.domain.machine_settings import without_machine
from pos_app.domain.payloads import customer_payload, product_payload, unit_payload
from pos_app.domain.product import Product
from pos_app.services.verification import verify
from pos_app.store.base_revision import SHARED_RECORDS
from pos_app.store.remotes import HEAD_OFFICE
from pos_app.store.store import Store
from pos_app.sync import wire
from pos_app.sync.received import Applied, apply_page
from pos_app.sync.received_records import KINDS

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
Key = tuple[str, str]


def thing(kind: str, thing_id: str, state: Any, revision: int = 1, lost: str = "") -> wire.Thing:
    text = "" if state is None else canonical(state)
    return wire.Thing(kind=kind, id=thing_id, revision=revision, state=text, lost=lost)


def product_thing(product: Product, revision: int = 1) -> wire.Thing:
    state = {**product_payload(product), "units": [unit_payload(product.unit)]}
    return thing("product", product.id, state, revision)


def customer_thing(customer: Customer, revision: int = 1) -> wire.Thing:
    return thing("customer", customer.id, customer_payload(customer), revision)


def page(
    things: Iterable[wire.Thing], cursor: str = "c1", left: int = 0, **more: Any
) -> wire.Pulled:
    return wire.Pulled(cursor=cursor, things=tuple(things), left=left, **more)


def receive(store: Store, *things: wire.Thing, cursor: str = "c1") -> Applied:
    return apply_page(store, page(things, cursor), NOW)


def all_told(store: Store) -> None:
    """Let head office have everything that the till wrote so far."""
    with store.transaction() as tx:
        tx.cursors.set(HEAD_OFFICE, tx.journal.pending.seq)


def things_of(store: Store) -> list[wire.Thing]:
    """Everything shared that a till's journal tells, each with a revision of its own, in order."""
    states: dict[Key, Any] = {}
    settings: dict[str, Any] = {}
    for entry in store.journal.entries(limit=100_000):
        told = json.loads(entry.payload)
        states.update(_states(entry.kind, told, settings))
    if settings:
        states["settings", store.identity.shop] = without_machine(settings)
    order = {kind: place for place, kind in enumerate(KINDS)}
    keys = sorted(states, key=lambda key: order[key[0]])
    return [
        thing(kind, thing_id, states[kind, thing_id], revision)
        for revision, (kind, thing_id) in enumerate(keys, 1)
    ]


def _states(kind: str, told: dict[str, Any], settings: dict[str, Any]) -> dict[Key, Any]:
    if kind == FactKind.STORE_OPENED:
        settings.update(told["settings"])
    elif kind == FactKind.SETTINGS_CHANGED:
        for name in ("unit", "tax"):
            if name in told:
                return {(name, told[name]["code"]): told[name]}
        settings.update(told)
    elif kind == FactKind.PRODUCT_SAVED:
        return {("product", told["id"]): told}
    elif kind == FactKind.CATEGORY_SAVED:
        return {("category", told["id"]): told}
    elif kind == FactKind.CUSTOMER_SAVED:
        return {("customer", told["id"]): told}
    elif told.get("record") in SHARED_RECORDS:
        state = {name: told[name] for name in ("state", "code", "place", "is_open")}
        return {(told["record"], told["id"]): state}
    return {}


def shared_state(store: Store) -> dict[str, Any]:
    """All that head office has a say in, as a till holds it, whatever way it came in."""
    records = {
        name: [
            store.records.plain(name, found.id) for found in things_of(store) if found.kind == name
        ]
        for name in SHARED_RECORDS
    }
    shop = store.settings.shop()
    return {
        "products": sorted(map(repr, store.products.every())),
        "categories": store.products.categories(),
        "units": store.products.units(),
        "taxes": store.products.taxes(),
        "customers": sorted(map(repr, store.customers.stream())),
        "settings": replace(shop, printers=(), kitchen=()),
        "records": records,
        "revisions": sorted(
            (one.kind, one.id, store.received.revision(one.kind, one.id))
            for one in things_of(store)
        ),
    }


def assert_sound(store: Store) -> None:
    assert verify(store.path).faults == ()

"""What must hold of things once a world has healed: alike everywhere, and no edit gone unseen."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from pos_app.domain.facts import FactKind
from pos_app.domain.payloads import customer_payload, product_payload, tax_payload, unit_payload
from pos_app.server.tables import journal, quarrels, thing_states, things
from pos_app.services.catalogue import category_saved
from pos_app.services.stored_value_records import STORED_VALUE
from pos_app.store.plain import to_plain

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from tests.proofs.sync_world.ledger import Edit
    from tests.proofs.sync_world.till_machine import TillMachine

_OWN = ("unconfirmed", "is_foreign", "limit")  # what a till keeps of a card for itself


def thing_faults(connection: Connection, machine: "TillMachine") -> Iterator[str]:
    """What a till sells by is what head office has, at the same revision."""
    store = machine.store
    assert store is not None
    for row in connection.execute(select(things).where(things.c.is_pulled == 1)):
        if row.shop not in ("", store.identity.shop) or row.kind not in _READ:
            continue
        wanted, found = json.loads(row.state), _READ[row.kind](store, row.id)
        if row.kind == "product":
            wanted.pop("units", None)
        if row.kind == STORED_VALUE.name:
            wanted = {name: v for name, v in wanted["state"].items() if name not in _OWN}
        if found != wanted:
            different = {
                name: (wanted.get(name), (found or {}).get(name))
                for name in {*wanted, *(found or {})}
                if wanted.get(name) != (found or {}).get(name)
            }
            named = f"{machine.name}: {row.kind} {row.id[-4:]}"
            yield f"{named} differs (head office, till): {different}"
        revision = store.received.revision(row.kind, row.id)
        if revision != row.revision:
            yield f"{machine.name}: {row.kind} {row.id[-4:]} is at {revision}, not {row.revision}"


def value_faults(connection: Connection, told: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The balance of a card is the sum of what was loaded and spent, wherever."""
    sums: dict[str, int] = defaultdict(int)
    for one in told:
        if one.get("record") == STORED_VALUE.name and "units" in one:
            sums[one["id"]] += one["units"]
    query = select(things).where(things.c.kind == STORED_VALUE.name)
    found = {row.id: json.loads(row.state)["state"] for row in connection.execute(query)}
    for id, units in sums.items():
        if id not in found:
            yield f"head office does not know {id}"
        elif found[id]["balance"] != units:
            yield f"{found[id]['number']} has {found[id]['balance']}, its movements sum to {units}"


def edit_faults(connection: Connection, edits: "list[Edit]") -> Iterator[str]:
    """Each value that somebody wrote stands, was seen and replaced, or is kept as one that lost."""
    lost = " ".join(row.lost for row in connection.execute(select(quarrels.c.lost)))
    now = {
        (row.kind, row.id): json.loads(row.state)
        for row in connection.execute(select(things).where(things.c.kind.in_(_EDITED)))
    }
    seen = {(edit.kind, edit.id, edit.field, edit.before) for edit in edits}
    seen |= set(_seen_by_the_dead(connection))
    for edit in edits:
        stands = now[edit.kind, edit.id].get(edit.field) == edit.after
        is_replaced = (edit.kind, edit.id, edit.field, edit.after) in seen
        if not stands and not is_replaced and json.dumps(edit.after) not in lost:
            yield f"{edit.kind} {edit.id[-4:]}: {edit.field} {edit.after!r} was lost silently"


def _seen_by_the_dead(connection: Connection) -> Iterator[tuple[str, str, str, Any]]:
    """Yield each value that a till had pulled and put another one for, as its entry says.

    A till that dies right after the commit leaves the entry, and nobody to write the edit down.
    """
    changed = select(journal.c.payload).where(
        journal.c.kind.in_([FactKind.PRODUCT_SAVED.value, FactKind.CUSTOMER_SAVED.value])
    )
    by_base: defaultdict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(changed):
        told = json.loads(row.payload)
        by_base[told["id"], told.get("base", 0)].append(told)
    stood = select(thing_states).where(thing_states.c.kind.in_(_EDITED))
    for row in connection.execute(stood):
        state = json.loads(row.state)
        for told in by_base[row.id, row.revision]:
            for name, value in state.items():
                if isinstance(value, str) and told.get(name) != value:
                    yield row.kind, row.id, name, value


def _product(store: "Store", id: str) -> dict[str, Any] | None:
    found = store.products.get(id)
    return None if found is None else dict(product_payload(found))


def _customer(store: "Store", id: str) -> dict[str, Any] | None:
    found = store.customers.get(id)
    return None if found is None else dict(customer_payload(found))


def _unit(store: "Store", code: str) -> dict[str, Any] | None:
    return next((unit_payload(one) for one in store.products.units() if one.code == code), None)


def _tax(store: "Store", code: str) -> dict[str, Any] | None:
    return next((tax_payload(one) for one in store.products.taxes() if one.code == code), None)


def _category(store: "Store", id: str) -> dict[str, Any] | None:
    known = (one for one in store.products.categories() if one.id == id)
    return next((dict(category_saved(one).payload) for one in known), None)


def _value(store: "Store", id: str) -> dict[str, Any] | None:
    found = store.records.get(STORED_VALUE, id)
    if found is None:
        return None
    return {name: value for name, value in to_plain(found).items() if name not in _OWN}


_EDITED = ("product", "customer")
_READ = {
    "unit": _unit,
    "tax": _tax,
    "category": _category,
    "product": _product,
    "customer": _customer,
    STORED_VALUE.name: _value,
}

"""What a journal entry says of things: products, customers, settings and records of the till."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pos_app.domain.customer import Customer
from pos_app.domain.customer_erasure import ERASED_NAME, erased
from pos_app.domain.facts import FactKind
from pos_app.domain.payload_reading import category_of, customer_of, product_of, tax_of, unit_of
from pos_app.domain.payloads import customer_payload
from pos_app.domain.plain import UNREADABLE
from pos_app.domain.product import Unit
from pos_app.server.journal_entries import Told
from pos_app.server.judge_sales import PayloadUnreadable
from pos_app.server.thing_kinds import (
    CATEGORY,
    CONNECTION,
    CREDIT_TERMS,
    CUSTOMER,
    CUSTOMER_ERASURE,
    PRODUCT,
    SETTINGS,
    STORED_VALUE,
    TAX,
    UNIT,
    shop_of,
    thing_id,
)
from pos_app.server.things import Change, ChangedElsewhere, Things

Plain = Mapping[str, Any]
# What a fact says of its way between till and head office is no part of the thing.
BASE, RECEIVED = "base", "received"
_BESIDE = frozenset({BASE, RECEIVED})


def read_payload(entry: Told) -> dict[str, Any]:
    """Return what an entry tells; raises PayloadUnreadable."""
    try:
        told = json.loads(entry.payload)
    except (ValueError, RecursionError) as failure:
        raise PayloadUnreadable(detail=str(failure)[:200]) from failure
    if not isinstance(told, dict):
        raise PayloadUnreadable(detail="it is no map")
    return told


def changes_told(entry: Told, told: Plain) -> list[Change]:
    """Return what an entry says of things, in its order; raises PayloadUnreadable."""
    if RECEIVED in told:
        return []  # head office itself said so
    hearer = _HEARERS.get(entry.kind) or (_record if isinstance(told.get("record"), str) else None)
    if hearer is None:
        return []
    try:
        return list(hearer(entry, told))
    except UNREADABLE as failure:
        detail = f"{type(failure).__name__}: {failure}"[:200]
        raise PayloadUnreadable(detail=detail) from failure


def apply_changes(things: Things, changes: list[Change]) -> None:
    """Merge an entry's changes, all or none; raises ChangedElsewhere after telling the till."""
    things.begin()
    try:
        for change in changes:
            things.put(change)
            if change.kind == CUSTOMER_ERASURE:
                _erase(things, change)
    except ChangedElsewhere:
        things.undo()
        for change in changes:
            things.touch(*change.key)
        raise
    except Exception:
        things.undo()
        raise


def _erase(things: Things, erasure: Change) -> None:
    """Leave nothing personal of a customer, whatever other tills said of them meanwhile."""
    standing = things.thing(CUSTOMER, erasure.id)
    if standing is not None:
        state = json.loads(standing.state)
        name = state["name"] if standing.till_id == erasure.till_id else str(ERASED_NAME)
        left = erased(Customer(erasure.id, state["number"], ""), name)
        things.put(_final(erasure, CUSTOMER, customer_payload(left)))
        things.forget(CUSTOMER, erasure.id)
    terms = things.thing(CREDIT_TERMS, erasure.id)
    if terms is not None:
        record = json.loads(terms.state)
        record["state"] = {"customer_id": erasure.id}
        things.put(_final(erasure, CREDIT_TERMS, record))
        things.forget(CREDIT_TERMS, erasure.id)


def _final(change: Change, kind: str, state: Plain) -> Change:
    return Change(
        kind=kind,
        id=change.id,
        state=state,
        by=change.by,
        at=change.at,
        till_id=change.till_id,
        epoch=change.epoch,
        branch=change.branch,
        is_final=True,
    )


def _product(entry: Told, told: Plain) -> Iterator[Change]:
    yield _product_change(entry, told, {})


def _products(entry: Told, told: Plain) -> Iterator[Change]:
    units = {unit["code"]: unit for unit in told.get("units", ())}
    for product in told["products"]:
        yield _product_change(entry, product, units)


def _product_change(entry: Told, told: Plain, units: Mapping[str, Plain]) -> Change:
    own = {unit["code"]: unit for unit in told.get("units", ())}
    unit = {**units, **own}.get(told["unit"])
    state = {**told, "units": [] if unit is None else [unit]}
    # A unit that is told nowhere stands on the company's list, or will.
    product_of(state, [Unit(told["unit"], told["unit"])])
    return _change(entry, PRODUCT, told["id"], state)


def _category(entry: Told, told: Plain) -> Iterator[Change]:
    category_of(told)
    yield _change(entry, CATEGORY, told["id"], told)


def _customer(entry: Told, told: Plain) -> Iterator[Change]:
    customer_of(told)
    yield _change(entry, CUSTOMER, told["id"], told)


def _customers(entry: Told, told: Plain) -> Iterator[Change]:
    for customer in told["customers"]:
        yield from _customer(entry, customer)


def _opening(entry: Told, told: Plain) -> Iterator[Change]:
    if told.get("settings"):
        yield _change(entry, SETTINGS, entry.shop, dict(told["settings"]), is_first_only=True)


def _settings(entry: Told, told: Plain) -> Iterator[Change]:
    own = dict(told)
    base = own.get(BASE, 0)
    for kind, parsed in ((UNIT, unit_of), (TAX, tax_of)):
        part = own.pop(kind, None)
        if part is not None:
            parsed(part)
            yield _change(entry, kind, part["code"], {**part, BASE: base})
    if set(own) - _BESIDE:
        yield _change(entry, SETTINGS, entry.shop, own, is_partial=True)


def _record(entry: Told, told: Plain) -> Iterator[Change]:
    record, state, code, place = told["record"], told["state"], told["code"], told["place"]
    is_shaped = isinstance(state, dict) and isinstance(place, str)
    if not is_shaped or not isinstance(code, str | None) or not isinstance(told["is_open"], bool):
        raise TypeError("a record has another shape")
    if record == CONNECTION:  # or one till could let all others tell its sales to anybody
        raise ValueError("head office alone says where tills send to")
    kept = {"state": state, "code": code, "place": place, "is_open": told["is_open"]}
    units = told.get("units")
    yield _change(
        entry,
        record,
        thing_id(record, told["id"], entry.till_id),
        {**kept, BASE: told.get(BASE, 0)},
        units=_whole(units) if record == STORED_VALUE and units is not None else None,
    )


def _change(
    entry: Told,
    kind: str,
    id: Any,
    told: Plain,
    *,
    is_partial: bool = False,
    is_first_only: bool = False,
    units: int | None = None,
) -> Change:
    if not isinstance(id, str) or not id:
        raise TypeError("an id is missing")
    return Change(
        kind=kind,
        id=id,
        state={name: value for name, value in told.items() if name not in _BESIDE},
        by=entry.by,
        at=entry.heard_at,
        till_id=entry.till_id,
        shop=shop_of(kind, entry.shop),
        base=_whole(told.get(BASE, 0)),
        epoch=entry.epoch,
        branch=entry.branch,
        units=units,
        is_partial=is_partial,
        is_first_only=is_first_only,
    )


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(f"{value!r:.40} stands where a whole number should")
    return value


_HEARERS: dict[str, Callable[[Told, Plain], Iterator[Change]]] = {
    FactKind.STORE_OPENED: _opening,
    FactKind.PRODUCT_SAVED: _product,
    FactKind.PRODUCTS_IMPORTED: _products,
    FactKind.CATEGORY_SAVED: _category,
    FactKind.CUSTOMER_SAVED: _customer,
    FactKind.CUSTOMERS_IMPORTED: _customers,
    FactKind.SETTINGS_CHANGED: _settings,
}

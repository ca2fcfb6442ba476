"""What a change of a thing goes back to: the revision in which it last came from head office.

Head office merges by it. A thing that never came from there has none, and its facts are written
as ever; finding that out costs a sale nothing, because it changes no such thing.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pos_app.domain.facts import Fact, FactKind, Payload
from pos_app.store.connection import Database

BASE, RECEIVED = "base", "received"
# Beside the state of a received document: its number was not taken from this till's series.
NUMBERED_ELSEWHERE = "numbered_elsewhere"
# The kinds of records that head office hands on to the other tills.
SHARED_RECORDS = frozenset(
    {
        "role",
        "staff",
        "price_list",
        "list_price",
        "credit_terms",
        "stored_value",
        "quotation",
        "order",
        "invoice",
    }
)
_REVISION = "SELECT revision FROM received WHERE kind = ? AND id = ?"
_SETTINGS = "SELECT max(revision) FROM received WHERE kind = 'settings'"  # a till has its shop's


def payload_with_base(database: Database, fact: Fact) -> Payload:
    """Return what a fact tells, with the revision that its thing goes back to, if there is one."""
    told = fact.payload
    adding = _BY_KIND.get(fact.kind)
    if adding is None:
        adding = _record if told.get("record") in SHARED_RECORDS else None
    return told if adding is None or RECEIVED in told else adding(database, told)


def _record(database: Database, told: Payload) -> Payload:
    return _based(database, str(told["record"]), told)


def _product(database: Database, told: Payload) -> Payload:
    return _based(database, "product", told)


def _category(database: Database, told: Payload) -> Payload:
    return _based(database, "category", told)


def _customer(database: Database, told: Payload) -> Payload:
    return _based(database, "customer", told)


def _products(database: Database, told: Payload) -> Payload:
    return {**told, "products": [_product(database, one) for one in told["products"]]}


def _customers(database: Database, told: Payload) -> Payload:
    return {**told, "customers": [_customer(database, one) for one in told["customers"]]}


def _settings(database: Database, told: Payload) -> Payload:
    for kind in ("unit", "tax"):
        if kind in told:
            return _with(told, database.value(_REVISION, (kind, told[kind]["code"])))
    return _with(told, database.value(_SETTINGS))


def _based(database: Database, kind: str, told: Payload) -> Payload:
    return _with(told, database.value(_REVISION, (kind, told["id"])))


def _with(told: Payload, revision: int | None) -> Payload:
    return {**told, BASE: revision} if revision else told


_BY_KIND: Mapping[FactKind, Callable[[Database, Payload], dict[str, Any] | Payload]] = {
    FactKind.PRODUCT_SAVED: _product,
    FactKind.PRODUCTS_IMPORTED: _products,
    FactKind.CATEGORY_SAVED: _category,
    FactKind.CUSTOMER_SAVED: _customer,
    FactKind.CUSTOMERS_IMPORTED: _customers,
    FactKind.SETTINGS_CHANGED: _settings,
}

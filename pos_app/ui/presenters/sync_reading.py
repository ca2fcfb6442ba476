"""What the screen of head office reads from the store, beside the counter: names and numbers."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos_app.domain.facts import FactKind
from pos_app.store.remotes import Refusal

if TYPE_CHECKING:
    from pos_app.store.store import Store

QUARRELS_MOST = 50
# So many receipts are counted at most: who waits for more looks at the backlog's own figure.
_MISSING_MOST = 200
_ENTRIES_MOST = 20_000
_ENTRIES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Quarrel:
    """A field that two sides changed: what stands, what gave way to it, whose that was, and when.

    `name` is what the thing is called, `at` ISO 8601 UTC.
    """

    kind: str
    id: str
    name: str
    field: str
    kept: str
    lost: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class SyncReading:
    """What beside the status stands on the screen.

    `missing` are the numbers of receipts that head office has not; `documents` are the numbers of
    refused receipts by the entry's id.
    """

    missing: tuple[str, ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    quarrels: tuple[Quarrel, ...] = ()


def read_sync(
    store: "Store", missing: Iterable[tuple[int, int]], refusals: Iterable[Refusal]
) -> SyncReading:
    """Look up what the screen names; `missing` are ranges (first, last) of journal entries."""
    return SyncReading(
        tuple(_missing_numbers(store, missing)),
        tuple((one.id, _number_at(store, one)) for one in refusals),
        tuple(_quarrels(store)),
    )


def _missing_numbers(store: "Store", ranges: Iterable[tuple[int, int]]) -> list[str]:
    numbers: list[str] = []
    for first, last in ranges:
        after, end = first - 1, min(last, first + _ENTRIES_MOST)
        while after < end and len(numbers) < _MISSING_MOST:
            entries = store.journal.entries(after, min(_ENTRIES_AT_ONCE, end - after))
            if not entries:
                break
            numbers += [
                _number_in(entry.payload)
                for entry in entries
                if entry.kind == FactKind.SALE_COMPLETED.value
            ]
            after = entries[-1].seq
    return [number for number in numbers[:_MISSING_MOST] if number]


def _number_at(store: "Store", refusal: Refusal) -> str:
    entry = store.journal.get(refusal.seq)
    is_same = entry is not None and entry.id == refusal.id
    return _number_in(entry.payload) if entry is not None and is_same else ""


def _number_in(payload: str) -> str:
    """Return a document's number, nothing for facts that have none."""
    try:
        told = json.loads(payload)
    except ValueError:
        return ""
    number = told.get("number", "") if isinstance(told, dict) else ""
    return number if isinstance(number, str) else ""


def _quarrels(store: "Store") -> Iterable[Quarrel]:
    for kind, thing_id, lost in store.received.quarrels(QUARRELS_MOST):
        name = _name_of(store, kind, thing_id)
        for told in _told(lost):
            yield Quarrel(
                kind,
                thing_id,
                name,
                str(told.get("name", "")),
                _value(told.get("kept")),
                _value(told.get("lost")),
                str(told.get("by", "") or ""),
                str(told.get("at", "") or ""),
            )


def _told(lost: str) -> list[dict[str, object]]:
    try:
        told = json.loads(lost)
    except ValueError:
        return []
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


def _value(value: object) -> str:
    if value is None or value == "":
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _name_of(store: "Store", kind: str, thing_id: str) -> str:
    """Return what a person calls a thing, its id where it has no name here."""
    if kind == "customer":
        customer = store.customers.get(thing_id)
        return thing_id if customer is None else customer.name
    if kind == "product":
        product = store.products.get(thing_id)
        return thing_id if product is None else product.name
    told = store.records.plain(kind, thing_id) or {}
    named = told.get("name") or told.get("number") or told.get("code")
    return str(named) if named else thing_id

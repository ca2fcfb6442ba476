"""What a till has promised, told line by line as it sells, and whether a store keeps it.

A till tells three kinds of lines: `next` before it writes something (what will be so if the write
lands), `paper` when bytes went out to the printer, and `done` after a gesture (what the cashier
now sees). What was told as done must be in the store; what was only announced may be, in order.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pos_app.domain.errors import PosError
from pos_app.domain.shop import sale_number
from pos_app.store.store import open_store
from tests.proofs.found import Found, found_in
from tests.proofs.small_shop import SHOP, TILL

Told = Mapping[str, Any]
# A sale that was announced but not told as done: only its id is known.
UNTOLD = ""


@dataclass(frozen=True, slots=True)
class Promises:
    """Everything the cashier has been told, and in `flight` what was announced since then.

    `sales` and `parked` hold texts by id, `cart` the one on the screen, `entries` the journal's
    length, `owed` how often a receipt may be on paper at most.
    """

    is_open: bool = False
    sales: Mapping[str, str] = field(default_factory=dict)
    cart: str | None = None
    parked: Mapping[str, str] = field(default_factory=dict)
    moves: int = 0
    entries: int = 0
    paper: Mapping[str, int] = field(default_factory=dict)
    owed: Mapping[str, int] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    flight: tuple[Told, ...] = ()
    faults: tuple[str, ...] = ()
    records: Mapping[str, str] = field(default_factory=dict)


def lines_of(raw: bytes) -> list[Told]:
    """The whole lines of what a till told; one that was cut short was never told."""
    return [json.loads(line) for line in raw.split(b"\n")[:-1]]


def fold(promises: Promises, told: Told) -> Promises:
    """The promises after one more told line."""
    what = told["what"]
    if what == "next":
        return replace(promises, flight=(*promises.flight, told))
    if what == "paper":
        count = promises.paper.get(told["number"], 0) + 1
        return replace(promises, paper={**promises.paper, told["number"]: count})
    if what == "look":  # somebody looked at the paper and had a receipt printed again, or not
        return replace(
            promises,
            owed=_one_more(promises.owed, told["again"]),
            skipped=promises.skipped | set(told["skipped"]),
        )
    if what == "done":
        return _done(promises, told)
    if what == "trouble":
        return replace(promises, faults=(*promises.faults, f"the till said: {told['text']}"))
    return promises


def _done(promises: Promises, told: Told) -> Promises:
    after = promises
    for landed in told["landed"]:
        after = with_change(after, landed)
    faults = list(promises.faults)
    for sale_id, text in after.sales.items():
        before = promises.sales.get(sale_id)
        if before not in (None, UNTOLD, text):
            faults.append(f"sale {sale_id} was told twice with different contents")
    return replace(
        after,
        is_open=True,
        cart=told["cart"],
        entries=told["entries"],
        flight=(),
        faults=tuple(faults),
        records={**promises.records, **told.get("records", {})},
    )


def with_change(promises: Promises, change: Told) -> Promises:
    """The promises with one announced change landed."""
    kind = change["change"]
    moved = replace(promises, moves=promises.moves + change.get("moves", kind == "moved"))
    if kind == "sold":
        return _sold(promises, change)
    if kind == "copied":
        return replace(promises, owed=_one_more(promises.owed, [change["id"]]))
    return _with_cart(moved, change)


def _with_cart(promises: Promises, change: Told) -> Promises:
    """What changes the cart on the screen or the parked ones; other changes are as they were."""
    kind, parked = change["change"], dict(promises.parked)
    if kind == "cart":
        return replace(promises, cart=change["cart"])
    if kind == "parked":
        parked[change["id"]] = change["cart"]
        return replace(promises, parked=parked, cart=None)
    if kind == "split":
        parked[change["id"]] = change["goes"]
        return replace(promises, parked=parked, cart=change["cart"])
    if kind in ("recalled", "merged"):
        taken = parked.pop(change["id"], None)
        return replace(promises, cart=change.get("cart", taken), parked=parked)
    return promises


def _sold(promises: Promises, change: Told) -> Promises:
    sale_id, text = change["id"], change.get("sale", UNTOLD)
    known = promises.sales.get(sale_id)
    if known is not None:  # finished before: the same document was given again
        return replace(promises, sales={**promises.sales, sale_id: text or known})
    return replace(
        promises,
        sales={**promises.sales, sale_id: text},
        owed=_one_more(promises.owed, [sale_id]),
        cart=promises.cart if change.get("keeps_cart") else None,
        moves=promises.moves + change.get("moves", 0),
    )


def _one_more(counts: Mapping[str, int], ids: list[str]) -> Mapping[str, int]:
    more = dict(counts)
    for sale_id in ids:
        more[sale_id] = more.get(sale_id, 0) + 1
    return more


def outcomes(promises: Promises) -> Iterator[Promises]:
    """Everything that may be so after a crash: nothing announced landed, or the first one, or …"""
    outcome = replace(promises, flight=())
    yield outcome
    for change in promises.flight:
        outcome = with_change(outcome, change)
        yield outcome


def check_store(path: Path, promises: Promises) -> tuple[list[str], Promises]:
    """Open a store as the till would and compare it with what was promised.

    Returns what is wrong in words, and the promises as they stand now that the dust has settled.
    """
    try:
        with open_store(path) as store:
            found = found_in(store)
    except PosError as refusal:
        if not promises.is_open:
            return [], promises
        return [f"the store does not open: {refusal}"], promises
    if not promises.is_open:
        return [], promises
    faults = [*promises.faults, *_numbers(found), *_closings(found), *_undone(found)]
    faults += _records(promises, found)
    settled = min(outcomes(promises), key=lambda outcome: len(differences(outcome, found)))
    faults += differences(settled, found)
    faults += _receipts(settled, found) + _entries(promises, found)
    sales = {sale_id: found.sales.get(sale_id, UNTOLD) for sale_id in settled.sales}
    copied = [told["id"] for told in promises.flight if told["change"] == "copied"]
    settled = replace(
        settled,
        sales=sales,
        entries=found.entries,
        records=found.records,
        owed=_one_more(settled.owed, copied),
        flight=(),
        faults=(),
    )
    return faults, settled


def differences(promises: Promises, found: Found) -> list[str]:
    """How a store differs from one possible outcome."""
    faults = [
        f"sale {key} was told but is gone" for key in promises.sales if key not in found.sales
    ]
    faults += [
        f"sale {found.number_of[key]} is there, but nobody rang it up"
        for key in found.sales
        if key not in promises.sales
    ]
    faults += [
        f"sale {found.number_of[key]} is not what was told"
        for key, text in promises.sales.items()
        if text != UNTOLD and key in found.sales and found.sales[key] != text
    ]
    if promises.cart != found.cart:
        faults.append(f"the cart on the screen was {promises.cart}, and {found.cart} came back")
    if dict(promises.parked) != dict(found.parked):
        faults.append(f"parked were {sorted(promises.parked)}, and {sorted(found.parked)} are")
    if promises.moves != found.moves:
        faults.append(f"stock was moved {promises.moves} times, {found.moves} are written down")
    return faults


def _numbers(found: Found) -> list[str]:
    wanted = tuple(sale_number(SHOP, TILL, place + 1) for place in range(len(found.numbers)))
    if found.numbers != wanted or found.last_number != len(wanted):
        return [f"the numbers have gaps: {found.numbers[-5:]}, {found.last_number} were taken"]
    return []


def _closings(found: Found) -> list[str]:
    """Z reports are numbered without gaps, and none was numbered in vain."""
    if found.closings != tuple(range(1, found.last_closing + 1)):
        return [f"the Z reports have gaps: {found.closings}, {found.last_closing} were taken"]
    return []


def _undone(found: Found) -> list[str]:
    twice = {sale_id for sale_id in found.undone if found.undone.count(sale_id) > 1}
    return [f"sale {found.number_of[sale_id]} was voided twice" for sale_id in twice]


def _records(promises: Promises, found: Found) -> list[str]:
    """What was told of a shift, a card or a delivery is so; what was in flight may be newer."""
    faults = [f"{key} was told but is gone" for key in promises.records if key not in found.records]
    if not promises.flight and not faults and dict(promises.records) != dict(found.records):
        changed = {key for key, text in found.records.items() if promises.records.get(key) != text}
        faults = [f"{key} is not what was told" for key in sorted(changed)]
    return faults


def _receipts(settled: Promises, found: Found) -> list[str]:
    faults = []
    for sale_id, number in found.number_of.items():
        printed = settled.paper.get(number, 0)
        if not printed and sale_id not in found.waiting and sale_id not in settled.skipped:
            faults.append(f"the receipt of sale {number} is neither on paper nor in the spool")
        if printed > settled.owed.get(sale_id, 0):
            faults.append(f"the receipt of sale {number} is on paper {printed} times")
    return faults


def _entries(promises: Promises, found: Found) -> list[str]:
    most = promises.entries + sum(change.get("most", 1) for change in promises.flight)
    if not promises.entries <= found.entries <= most:
        return [f"the journal had {promises.entries} entries, and {found.entries} came back"]
    return []

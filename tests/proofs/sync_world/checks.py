"""What must hold once a world has healed; every fault is a sentence."""

import json
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from pos_app.domain.facts import FactKind
from pos_app.server.tables import branches, inbox, journal, sales, stock_levels, things
from pos_app.sync.own_head import own_head
from tests.proofs.sync_world.checks_things import edit_faults, thing_faults, value_faults

if TYPE_CHECKING:
    from tests.proofs.sync_world.till_machine import TillMachine
    from tests.proofs.sync_world.world import World

Place = tuple[str, int, int, int]  # till, epoch, branch, number
SOLD = FactKind.SALE_COMPLETED.value


@dataclass(frozen=True, slots=True)
class Stored:
    """What head office's journal holds: the digest at each place, and what is told there."""

    hashes: dict[Place, str]
    told: dict[str, dict[str, Any]]
    waiting: list[Any]

    @property
    def refused(self) -> set[Place]:
        """The places of documents that wait for a person."""
        return {_place(row) for row in self.waiting if row.kind == SOLD and not row.raw}


def faults_of(world: "World") -> list[str]:
    """Return everything that is not as it must be."""
    with world.office.company() as connection:
        stored = _stored(connection)
        found = [
            *_journal_faults(world, connection, stored),
            *_sale_faults(world, connection, stored),
            *_stock_faults(connection, stored),
            *_inbox_faults(world, stored),
            *value_faults(connection, stored.told.values()),
            *edit_faults(connection, _facts(world, stored)),
        ]
        for machine in world.machines:
            found += _till_faults(world, machine, stored)
            found += thing_faults(connection, machine)
    return found


def revision_of(connection: Connection) -> int:
    """Return the latest revision of any thing."""
    rows = connection.execute(select(things.c.revision)).scalars().all()
    return max(rows, default=0)


def _stored(connection: Connection) -> Stored:
    rows = connection.execute(select(journal)).all()
    waiting = connection.execute(select(inbox).where(inbox.c.state == "waiting")).all()
    return Stored(
        {_place(row): bytes(row.hash).hex() for row in rows},
        {bytes(row.hash).hex(): json.loads(row.payload) | {"": row.kind} for row in rows},
        list(waiting),
    )


def _journal_faults(world: "World", connection: Connection, stored: Stored) -> Iterator[str]:
    """Every entry that a till or head office vouched for is there once, and nothing else is."""
    ledger = world.ledger
    count = Tally(stored.hashes.values())
    yield from (f"entry {digest[:8]} is there {n} times" for digest, n in count.items() if n > 1)
    wanted = set(ledger.promised)
    for machine in world.machines:
        assert machine.store is not None
        wanted |= {entry.hash for entry in machine.store.journal.entries(0, 100_000)}
    damaged = _damaged(stored)
    for digest in sorted(wanted - set(count) - damaged):
        entry = ledger.entries[digest]
        promise = "promised and " if digest in ledger.promised else ""
        yield f"entry {entry.till}/{entry.epoch}/{entry.seq} ({entry.kind}) is {promise}missing"
    for row in connection.execute(select(journal)):
        known = ledger.entries.get(bytes(row.hash).hex())
        if known is None:
            yield f"entry {row.epoch}/{row.seq} ({row.kind}) was never written by any till"
        elif (known.id, known.kind, known.payload) != (row.id, row.kind, row.payload):
            yield f"entry {row.epoch}/{row.seq} ({row.kind}) is not what the till wrote"
    ids = Tally(row.id for row in connection.execute(select(journal.c.id)))
    yield from (f"fact {id} is there {n} times" for id, n in ids.items() if n > 1)
    for row in connection.execute(select(branches).where(branches.c.judged_seq < branches.c.seq)):
        yield f"branch {row.epoch}/{row.branch} is judged up to {row.judged_seq} of {row.seq}"


def _sale_faults(world: "World", connection: Connection, stored: Stored) -> Iterator[str]:
    """Each document is in the books or in the inbox, to the cent, and refused for a reason."""
    rows = {row.id: row for row in connection.execute(select(sales))}
    places = {place: stored.told[digest] for place, digest in stored.hashes.items()}
    told = {place: one for place, one in places.items() if one[""] == SOLD}
    taken = {place: one for place, one in told.items() if place not in stored.refused}
    numbers = Tally((place[0], one["number"]) for place, one in told.items())
    ids = Tally(one["id"] for one in told.values())
    for place, one in told.items():
        has_reason = (
            one["id"] in world.ledger.odd
            or numbers[place[0], one["number"]] > 1
            or ids[one["id"]] > 1
        )
        if place in stored.refused and not has_reason:
            yield f"document {one['number']} waits in the inbox for no reason"
        if place not in stored.refused and one["id"] in world.ledger.odd:
            yield f"document {one['number']} does not add up and was taken"
        if place not in stored.refused and one["id"] not in rows:
            yield f"document {one['number']} is neither in the books nor in the inbox"
    double = Tally((place[0], one["number"]) for place, one in taken.items())
    yield from (f"number {key[1]} is in the books {n} times" for key, n in double.items() if n > 1)
    if len(taken) != len(rows):
        yield f"{len(taken)} documents were told and not refused, {len(rows)} are in the books"
    for name in ("amount_due", "gross", "net", "tax", "rounding"):
        there = sum(getattr(row, name) for row in rows.values())
        here = sum(one[name] for one in taken.values())
        if there != here:
            yield f"the {name} of all documents is {here} at the tills and {there} in the books"


def _stock_faults(connection: Connection, stored: Stored) -> Iterator[str]:
    """Stock is the sum of what was told to have moved it."""
    wanted: Tally[tuple[str, str, str]] = Tally()
    for place, digest in stored.hashes.items():
        if place in stored.refused:
            continue
        for move in (*stored.told[digest].get("stock", ()), *stored.told[digest].get("moves", ())):
            key = (place[0], move["product"], move["location"])
            wanted[key] += int(Decimal(move["quantity"]) * 1_000_000)
    found = {
        (row.till_id, row.product_id, row.location): row.level_micro
        for row in connection.execute(select(stock_levels))
    }
    for key in sorted({*wanted, *found}):
        if wanted[key] != found.get(key, 0):
            here, there = wanted[key] / 10**6, found.get(key, 0) / 10**6
            yield f"stock of {key[1][-2:]} moved by {here} at a till, head office says {there}"


def _inbox_faults(world: "World", stored: Stored) -> Iterator[str]:
    """Nothing waits for a person but what a person has to look at."""
    for row in stored.waiting:
        is_known = (
            (row.raw and bool(world.ledger.rotten))
            or row.kind == SOLD
            or "Two machines" in row.reason
            or "spent beyond" in row.reason
        )
        if not is_known:
            yield f"entry {row.epoch}/{row.seq} ({row.kind}) waits in the inbox: {row.reason}"


def _till_faults(world: "World", machine: "TillMachine", stored: Stored) -> Iterator[str]:
    """The till's head is equal to the one that head office signs for it."""
    assert machine.store is not None
    entries = machine.store.journal.entries(0, 100_000)
    if world.ledger.rotten & {entry.hash for entry in entries}:
        return  # what waits as damaged is missing, and the proof says so
    proof, own = machine.engine.status().proof, own_head(machine.store)
    if proof is None or not proof.is_genuine:
        yield f"{machine.name}: there is no proof, or a wrong signature"
    elif proof.own != own:
        yield f"{machine.name}: the proof is of {proof.own}, the head is {own}"
    elif proof.verdict != "equal" and not (
        machine.may_be_behind and own.hash in stored.told and proof.office.head.seq > own.seq
    ):
        yield f"{machine.name}: the proof says {proof.verdict}: {own}, {proof.office.head}"


def _facts(world: "World", stored: Stored) -> "list[Any]":
    """Return the edits that head office has heard of."""
    there = set(stored.hashes.values())
    return [edit for edit in world.ledger.edits if not edit.entry or edit.entry in there]


def _damaged(stored: Stored) -> set[str]:
    return {entry["hash"] for row in stored.waiting if row.raw for entry in json.loads(row.raw)}


def _place(row: Any) -> Place:
    return row.till_id, row.epoch, row.branch, row.seq

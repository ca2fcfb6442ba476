"""Whether head office has what its tills have: each entry, document and movement once."""

import json
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, RowMapping, func, select

from pos_app.server.database import Office
from pos_app.server.tables import branches, inbox, journal, sales, stock_levels, things, tills
from pos_app.services.verification import verify
from pos_app.store.store import Store, open_store
from pos_app.sync.own_head import own_head
from pos_app.sync.remote import Remote, is_genuine, remote_in, signed_head_in
from tests.proofs.sync_world.checks_things import thing_faults

PAGE = 2_000
MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Machine:
    """One till's store, open, under the name that faults give it."""

    name: str
    store: Store


@dataclass(slots=True)
class TillEvidence:
    """What one till and head office have; amounts in minor units."""

    name: str
    entries: int = 0
    sales: int = 0
    due: int = 0
    office_entries: int = 0
    office_sales: int = 0
    office_due: int = 0
    lost: int = 0
    doubled: int = 0
    heads: str = ""
    faults: list[str] = field(default_factory=list)


def examine(
    name: str, path: Path, office: Office, sold: dict[str, int], *, is_verified: bool = True
) -> TillEvidence:
    """Lay a till's store beside head office; `sold` is what the till promised, by number.

    The till must not run any more, and head office must have judged everything.
    """
    found = TillEvidence(name)
    with open_store(path) as store:
        remote = remote_in(store.remotes)
        if remote is None:
            found.faults.append(f"{name} never joined")
            return found
        with office.company(remote.company_id) as connection:
            _compare_journals(found, store, connection, remote)
            _compare_documents(found, store, connection, remote, sold)
            _compare_stock(found, store, connection, remote)
            found.faults += thing_faults(connection, Machine(name, store))  # type: ignore[arg-type]
        _compare_heads(found, store, remote)
    if is_verified:
        found.faults += [f"{name}: {fault}" for fault in verify(path).faults[:5]]
    return found


def examine_office(office: Office, company_id: str) -> list[str]:
    """Return what is wrong with head office by itself: what waits, and what it has twice."""
    with office.company(company_id) as connection:
        found = [
            f"{row.kind} {row.epoch}/{row.seq} waits in the inbox: {row.reason}"
            for row in connection.execute(select(inbox).where(inbox.c.state == "waiting"))
        ]
        for what, column in (("entry", journal.c.id), ("document", sales.c.number)):
            ids = Tally(connection.execute(select(column)).scalars())
            found += [f"{what} {one} is there {n} times" for one, n in ids.items() if n > 1]
    return found


def is_judged(office: Office, company_id: str) -> bool:
    """Whether nothing waits to be judged."""
    with office.company(company_id) as connection:
        waiting = select(branches.c.seq).where(branches.c.judged_seq < branches.c.seq)
        return connection.execute(waiting).first() is None


def is_pulled(office: Office, company_id: str) -> bool:
    """Whether every till has asked for what came after the last thing that changed."""
    with office.company(company_id) as connection:
        last = connection.execute(
            select(func.max(things.c.revision)).where(things.c.is_pulled == 1)
        ).scalar()
        behind = select(tills.c.id).where(tills.c.pulled_revision < (last or 0))
        return connection.execute(behind).first() is None


def till_count(office: Office, company_id: str) -> int:
    """Return how many tills joined."""
    with office.company(company_id) as connection:
        return len(connection.execute(select(tills.c.id)).all())


def _compare_journals(
    found: TillEvidence, store: Store, connection: Connection, remote: Remote
) -> None:
    """Every entry is at its place once, as the till wrote it."""
    there: dict[tuple[int, int], list[tuple[str, str, str]]] = {}
    rows = connection.execute(
        select(journal.c.epoch, journal.c.seq, journal.c.id, journal.c.hash, journal.c.payload)
        .where(journal.c.till_id == remote.till_id)
        .execution_options(yield_per=PAGE)
    )
    for epoch, seq, entry_id, digest, payload in rows:
        there.setdefault((epoch, seq), []).append((entry_id, bytes(digest).hex(), payload))
        found.office_entries += 1
    for entries in _pages(store):
        for entry in entries:
            found.entries += 1
            copies = there.pop((entry.epoch, entry.seq), [])
            found.lost += not copies
            found.doubled += max(len(copies) - 1, 0)
            if copies and copies[0] != (entry.id, entry.hash, entry.payload):
                found.faults.append(f"{found.name}: entry {entry.seq} is another at head office")
    found.faults += [f"{found.name}: entry {place} is nobody's" for place in list(there)[:5]]


def _pages(store: Store) -> Iterator[Sequence]:  # type: ignore[type-arg]
    after = 0
    while entries := store.journal.entries(after, PAGE):
        yield entries
        after = entries[-1].seq


def _compare_documents(
    found: TillEvidence,
    store: Store,
    connection: Connection,
    remote: Remote,
    sold: dict[str, int],
) -> None:
    """Every document is in the books once, to the cent, and so is every one that was promised."""
    rows = connection.execute(
        select(sales.c.number, sales.c.amount_due, sales.c.gross, sales.c.tax).where(
            sales.c.till_id == remote.till_id
        )
    ).all()
    found.office_sales, found.office_due = len(rows), sum(row.amount_due for row in rows)
    books = {row.number: (row.amount_due, row.gross, row.tax) for row in rows}
    found.doubled += len(rows) - len(books)
    here = {}
    for _, sale in store.sales.stream():
        here[sale.number] = (sale.amount_due.minor, sale.gross.minor, sale.tax.minor)
    found.sales, found.due = len(here), sum(due for due, _, _ in here.values())
    found.lost += len(here.keys() - books.keys())
    for number in here.keys() & books.keys():
        if here[number] != books[number]:
            found.faults.append(f"{number} is {here[number]} here, {books[number]} at head office")
    for number, due in sold.items():
        if here.get(number, ("",))[0] != due:
            found.faults.append(f"{number} was promised, {here.get(number)} is in the store")
    found.faults += [f"{number} is nobody's" for number in sorted(books.keys() - here.keys())[:5]]


def _compare_stock(
    found: TillEvidence, store: Store, connection: Connection, remote: Remote
) -> None:
    """The till's levels are what head office says that it moved."""
    rows: list[RowMapping] = list(
        connection.execute(
            select(stock_levels).where(stock_levels.c.till_id == remote.till_id)
        ).mappings()
    )
    there = {(row["product_id"], row["location"]): row["level_micro"] for row in rows}
    for product in store.products.every():
        for location, level in store.stock.levels(product.id).items():
            here, at_office = int(level * MICRO), there.pop((product.id, location), 0)
            if here != at_office:
                found.faults.append(
                    f"{found.name}: {product.code} is {here} here, {at_office} at head office"
                )
    found.faults += [f"{found.name}: stock of {key} is nobody's" for key, n in there.items() if n]


def _compare_heads(found: TillEvidence, store: Store, remote: Remote) -> None:
    """The head that head office signed is the till's own."""
    own, signed = own_head(store), signed_head_in(store.remotes)
    if signed is None or not is_genuine(remote, signed):
        found.heads = "not signed"
    else:
        found.heads = "equal" if signed.head == own else "different"
    if found.heads != "equal":
        office_head = json.dumps(str(signed.head if signed else None))
        found.faults.append(f"{found.name}: the head is {own}, head office signed {office_head}")

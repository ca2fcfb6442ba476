"""What tests of judging tell head office, and what head office made of it."""

import json
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from pos_app.domain.facts import Fact, FactKind, sale_completed
from pos_app.domain.ids import uuid7
from pos_app.domain.payloads import product_payload, unit_payload
from pos_app.domain.product import Product
from pos_app.server.database import Office
from pos_app.server.ingest import ingest
from pos_app.server.judging import judge_some
from pos_app.server.tables import inbox, sales, stock_levels, things
from pos_app.server.till_identity import Till
from pos_app.store.store import Store
from pos_app.sync.wire import Push, wire_entry
from tests.server.offices import NOW, EnrolledTill
from tests.server.paper_tills import PaperTill
from tests.store.shops import Counter, new_shop


@cache
def real_sale() -> dict[str, Any]:
    """The payload of a document with five lines that a real checkout made."""
    with tempfile.TemporaryDirectory() as folder, new_shop(Path(folder) / "shop.db") as store:
        sale = Counter(store).sell()
        entry = next(
            one for one in store.journal.entries(0, 99) if one.kind == FactKind.SALE_COMPLETED
        )
        assert sale_completed(sale).payload["id"] == json.loads(entry.payload)["id"]
        return dict(json.loads(entry.payload))


def sale_payload(till: str, count: int, **changes: Any) -> dict[str, Any]:
    """A document like `real_sale` with an id and a number of its own."""
    own = {"id": uuid7(count, int(till) << 40 | count), "number": f"{till}-{count:06d}"}
    return {**json.loads(json.dumps(real_sale())), **own, **changes}


def saved(made: Product, base: int = 0) -> dict[str, Any]:
    """The payload of a product that was saved."""
    told = {**product_payload(made), "units": [unit_payload(made.unit)]}
    return {**told, "base": base} if base else told


def record(kind: str, record_id: str, state: dict[str, Any], **details: Any) -> dict[str, Any]:
    """The payload of a fact about a record of the till."""
    found_by = {"code": None, "place": "", "is_open": False}
    return {**found_by, **details, "record": kind, "id": record_id, "state": state}


def push(office: Office, paper: PaperTill, first: int = 1) -> None:
    """Push a paper till's journal from an entry on, an epoch at a time."""
    for epoch in sorted({epoch for epoch, _, _ in paper.journal[first - 1 :]}):
        numbers = [
            entry.seq for told, _, entry in paper.journal if told == epoch and entry.seq >= first
        ]
        with office.company(paper.company_id) as connection:
            pushed = ingest(
                connection,
                paper.company_id,
                paper.identity(epoch=epoch),
                paper.batch(min(numbers), max(numbers), epoch),
                NOW,
            )
        assert pushed.verdict == "accepted", pushed


def push_store(office: Office, till: EnrolledTill, store: Store) -> None:
    """Push all of a real till's journal."""
    entries = list(store.journal.entries(0, 100_000))
    identity = Till(till.company_id, till.till_id, till.shop, till.till, "", entries[0].epoch, 0)
    with office.company(till.company_id) as connection:
        for start in range(0, len(entries), 1_000):
            batch = entries[start : start + 1_000]
            sent = Push(
                epoch=batch[0].epoch,
                prev=batch[0].prev,
                entries=tuple(wire_entry(one) for one in batch),
            )
            pushed = ingest(connection, till.company_id, identity, sent, NOW)
            assert pushed.verdict == "accepted", pushed


def judge_all(office: Office, company_id: str, limit: int = 500) -> int:
    """Judge until nothing is left; returns how many entries there were."""
    total = 0
    while judged := judge_some(office, company_id, NOW, limit):
        total += judged
        assert total < 20_000, "the same entries are judged again and again"
    return total


def state_of(office: Office, company_id: str, kind: str, thing_id: str) -> dict[str, Any]:
    """The state of a thing at head office."""
    row = thing_row(office, company_id, kind, thing_id)
    return dict(json.loads(row.state))


def thing_row(office: Office, company_id: str, kind: str, thing_id: str) -> Any:
    """The row of a thing at head office."""
    with office.company(company_id) as connection:
        return connection.execute(
            select(things).where(
                things.c.company_id == company_id, things.c.kind == kind, things.c.id == thing_id
            )
        ).one()


def waiting(office: Office, company_id: str) -> list[Any]:
    """What waits in the inbox."""
    with office.company(company_id) as connection:
        return list(
            connection.execute(
                select(inbox)
                .where(inbox.c.company_id == company_id, inbox.c.state == "waiting")
                .order_by(inbox.c.seq, inbox.c.reason)
            )
        )


def sold(office: Office, company_id: str) -> list[tuple[str, int]]:
    """Number and amount due of every document, by number."""
    with office.company(company_id) as connection:
        rows = connection.execute(
            select(sales.c.number, sales.c.amount_due)
            .where(sales.c.company_id == company_id)
            .order_by(sales.c.number, sales.c.till_id)
        )
        return [(row.number, row.amount_due) for row in rows]


def levels(office: Office, company_id: str) -> dict[tuple[str, str, str], int]:
    """Millionths by product, place and till."""
    with office.company(company_id) as connection:
        return levels_in(connection, company_id)


def levels_in(connection: Connection, company_id: str) -> dict[tuple[str, str, str], int]:
    rows = connection.execute(select(stock_levels).where(stock_levels.c.company_id == company_id))
    return {(row.product_id, row.location, row.till_id): row.level_micro for row in rows}


def tell_all(paper: PaperTill, facts: Iterable[Fact]) -> None:
    """Write facts into a paper till's journal."""
    for fact in facts:
        paper.tell(fact.kind, dict(fact.payload))

"""A new till's first synchronisation: the whole catalogue, and how long the counter may wait.

Each turn to write is measured from when the store is locked until it is let go: so long would a
sale wait that is finished at that moment. The engine does it as fast as it can here; beside a
counter it takes breath between pages.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from time import perf_counter_ns

from sqlalchemy import insert, update

from pos_app.domain.facts import canonical
from pos_app.domain.payloads import product_payload, unit_payload
from pos_app.domain.product import Product
from pos_app.domain.shop import ShopSettings
from pos_app.server.stamps import stamp, utc_now
from pos_app.server.tables import companies, thing_states, things
from pos_app.services.catalogue import category_saved
from pos_app.store.store import Store, create_store
from pos_app.store.transaction import Transaction
from pos_app.sync.engine import Did, SyncEngine
from pos_app.sync.http_transport import HttpTransport
from tests.benchmarks.figures import MS, Figure, Size, median, p99
from tests.benchmarks.head_offices import NOTHING, HeadOffice, head_office
from tests.benchmarks.shops import CATEGORIES, kept_folder, now, product

COUNT = {Size.TINY: 60, Size.QUICK: 20_000, Size.FULL: 100_000}
REVISION_THINGS = 500  # as many as an import at head office keeps together
BAR_TURN_MS = 50.0


def measure(size: Size) -> list[Figure]:
    with (
        tempfile.TemporaryDirectory(dir=kept_folder()) as folder,
        head_office(Path(folder), size) as head,
    ):
        if head is None:
            return NOTHING
        _fill(head, COUNT[size])
        path = Path(folder) / "shop.db"
        with create_store(path, ShopSettings(name="Benchmark"), till="2", now=now()) as store:
            head.join(store)
            return _first_sync(store, COUNT[size])


def _fill(head: HeadOffice, count: int) -> None:
    """Give head office a catalogue, as if it had been imported there."""
    groups = [("category", one.id, dict(category_saved(one).payload)) for one in CATEGORIES]
    _save(head, 1, groups)
    for revision, start in enumerate(range(0, count, REVISION_THINGS), 2):
        made = map(product, range(start, min(start + REVISION_THINGS, count)))
        _save(head, revision, [("product", one.id, _state(one)) for one in made])


def _state(made: Product) -> dict[str, object]:
    without_tile = replace(made, tile_position=None)
    return {**product_payload(without_tile), "units": [unit_payload(made.unit)]}


def _save(head: HeadOffice, revision: int, made: list[tuple[str, str, dict[str, object]]]) -> None:
    whose = {"company_id": head.company_id, "revision": revision, "by": "owner"}
    whose["at"] = stamp(utc_now())
    rows = [
        whose | {"kind": kind, "id": thing_id, "state": canonical(state)}
        for kind, thing_id, state in made
    ]
    with head.books.company(head.company_id) as connection:
        connection.execute(insert(things), rows)
        connection.execute(insert(thing_states), rows)
        connection.execute(update(companies).values(revision=revision))


def _first_sync(store: Store, count: int) -> list[Figure]:
    transport = HttpTransport()
    engine = SyncEngine(store, transport, now, Random(1))
    begun = perf_counter_ns()
    with _turns(store) as turns:
        while (step := engine.step()).did is not Did.IDLE:
            if step.did is Did.FAILED:
                raise RuntimeError(engine.status().sentence)
    took_s = (perf_counter_ns() - begun) / MS / 1_000
    transport.close()
    if store.products.count() != count:
        refusals = [refusal.reason for refusal in engine.status().refusals[:3]]
        raise RuntimeError(f"{store.products.count()} of {count} products came: {refusals}")
    return [
        Figure(f"first synchronisation, {count:,} products", took_s, "s",
               note=f"{count / took_s:,.0f} products/s, told in the till's journal and sent back"),
        Figure("… longest turn of the store held", max(turns), bar=BAR_TURN_MS,
               note=f"of {len(turns):,}; median {median(turns):.1f} ms, p99 {p99(turns):.1f} ms"),
    ]  # fmt: skip


@contextmanager
def _turns(store: Store) -> Iterator[list[float]]:
    """Measure how long each transaction of a store holds it, in ms."""
    held: list[float] = []
    begin, commit = Transaction.begin, Transaction.commit
    since = [0]

    def begun(transaction: Transaction) -> None:
        begin(transaction)
        since[0] = perf_counter_ns()

    def committed(transaction: Transaction) -> None:
        commit(transaction)
        held.append((perf_counter_ns() - since[0]) / MS)

    Transaction.begin, Transaction.commit = begun, committed  # type: ignore[method-assign]
    try:
        yield held
    finally:
        Transaction.begin, Transaction.commit = begin, commit  # type: ignore[method-assign]

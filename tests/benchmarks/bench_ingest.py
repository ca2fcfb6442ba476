"""What a till pushes, from its outbox to committed at head office, against COPY of the same rows.

Batches of a thousand documents of five lines each. The floor writes the same rows, made ready, by
COPY into the same table of the same durable PostgreSQL, one commit a batch, in turns with what is
measured. Head office runs as a process of its own, without judging here.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from time import perf_counter_ns

import psycopg

from pos_app.domain.journal import JournalEntry
from pos_app.server.ingest import ingest
from pos_app.server.stamps import stamp, utc_now
from pos_app.server.till_identity import Till
from pos_app.store.store import Store, open_store
from pos_app.sync import wire
from pos_app.sync.engine import Did, SyncEngine
from pos_app.sync.http_transport import HttpTransport
from tests.benchmarks.figures import MS, Figure, Size, median
from tests.benchmarks.head_offices import NOTHING, HeadOffice, head_office, push_of, till_row
from tests.benchmarks.shops import copy_of, kept_folder, now, shop_with_backlog

BATCH = {Size.TINY: 20, Size.QUICK: 1_000, Size.FULL: 1_000}
BATCHES = {Size.TINY: 2, Size.QUICK: 20, Size.FULL: 100}
SHARE = {Size.TINY: 2, Size.QUICK: 7, Size.FULL: 30}  # of each of those that send at once
TILLS = ("2", "3", "4")
SENDING = Path(__file__).with_name("sending_till.py")
PRODUCTS = 300
BAR, AIM = round(1 / 0.60, 2), round(1 / 0.75, 2)  # of COPY's time: 60 % of its speed, 75 %
_COPY = (
    "COPY journal (company_id, till_id, epoch, branch, seq, id, kind, at, staff, payload, prev, "
    "hash, signature, stored_at) FROM STDIN"
)
Row = tuple[object, ...]


def measure(size: Size) -> list[Figure]:
    batch, count = BATCH[size], BATCHES[size]
    shop = shop_with_backlog(batch * count, PRODUCTS)
    with (
        tempfile.TemporaryDirectory(dir=kept_folder()) as folder,
        head_office(Path(folder), size, JUDGES="0") as head,
    ):
        if head is None:
            return NOTHING
        with open_store(copy_of(shop, Path(folder))) as store:
            head.join(store)
            times = _times(head, store, batch)
        together_ms = _together(head, Path(folder), batch, SHARE[size])
        return _figures(times, together_ms, batch)


def _together(head: HeadOffice, folder: Path, batch: int, count: int) -> float:
    """Let some tills send at once; returns how long a batch took of all that time, in ms."""
    sending = []
    for till in TILLS:
        path = copy_of(shop_with_backlog(batch * count, PRODUCTS, till), folder, f"{till}.db")
        with open_store(path) as store:
            head.join(store)
        sending.append(
            subprocess.Popen(
                [sys.executable, str(SENDING), str(path), str(batch)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
    with ExitStack() as stack:
        lines = [stack.enter_context(process) for process in sending]
        for process in lines:
            _told(process)
        begun = perf_counter_ns()
        for process in lines:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        sent = sum(int(_told(process)) for process in lines)
        return (perf_counter_ns() - begun) / MS / (sent / batch)


def _told(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("a till that sends ended by itself")
    return line


def _times(head: HeadOffice, store: Store, batch: int) -> dict[str, list[float]]:
    """Send the whole outbox, and beside each batch let its rows go the other ways too."""
    names = ("outbox", "ingest", "known", "copy")
    times: dict[str, list[float]] = {name: [] for name in names}
    till = till_row(head, store)
    with psycopg.connect(head.admin) as connection:
        copying = _Copying(connection, head.company_id)
        for entries, pushing_ms in _pushes(head, store, batch):
            if len(entries) < batch:
                break  # what the first and the last batch hold is not a thousand documents
            body, _ = wire.squeeze(wire.encode(push_of(entries)))
            rows = copying.rows(entries)
            times["outbox"].append(pushing_ms)
            times["copy"].append(_timed(lambda rows=rows: copying.write(rows)))
            times["ingest"].append(_timed(lambda body=body: _ingested(head, till, body)))
            times["known"].append(_timed(lambda body=body: _ingested(head, till, body)))
    return times


def _pushes(
    head: HeadOffice, store: Store, batch: int
) -> Iterator[tuple[list[JournalEntry], float]]:
    """Let the till's engine send everything; yields each batch and how long it took, in ms."""
    transport = HttpTransport()
    engine = SyncEngine(store, transport, now, Random(1), batch_entries=batch)
    sent = 0
    while True:
        begun = perf_counter_ns()
        step = engine.step()
        took = (perf_counter_ns() - begun) / MS
        if step.did is Did.PUSH:
            entries = store.journal.entries(sent, batch)
            sent = entries[-1].seq
            yield entries, took
        elif step.did in {Did.IDLE, Did.FAILED}:
            break
    transport.close()
    if sent < store.journal_seq:
        raise RuntimeError(engine.status().sentence)


def _ingested(head: HeadOffice, till: Till, body: bytes) -> None:
    """Do what head office does with a push, from the compressed body to the commit."""
    push = wire.decode(wire.Push, wire.unsqueeze(body))
    with head.books.company(head.company_id) as connection:
        pushed = ingest(connection, head.company_id, till, push, utc_now())
    if pushed.verdict != "accepted":
        raise RuntimeError(pushed.reason)


class _Copying:
    """Writes ready rows into the journal's own table, past row-level security."""

    def __init__(self, connection: psycopg.Connection, company_id: str) -> None:
        self._connection = connection
        self._company_id = company_id

    def rows(self, entries: list[JournalEntry]) -> list[Row]:
        """Return entries as the journal's rows, of a till that there is not."""
        till, moment = "a till of the floor", stamp(utc_now())
        return [
            (
                *(self._company_id, till, entry.epoch, 0, entry.seq, entry.id),
                *(entry.kind, entry.at, entry.staff, entry.payload),
                *(bytes.fromhex(entry.prev), bytes.fromhex(entry.hash), entry.signature),
                moment,
            )
            for entry in entries
        ]

    def write(self, rows: list[Row]) -> None:
        """COPY rows as psycopg writes them, and commit."""
        with self._connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for row in rows:
                copy.write_row(row)
        self._connection.commit()


def _timed(act: Callable[[], object]) -> float:
    begun = perf_counter_ns()
    act()
    return (perf_counter_ns() - begun) / MS


def _figures(times: dict[str, list[float]], together_ms: float, batch: int) -> list[Figure]:
    floor = median(times["copy"])
    ingested = median(times["ingest"])
    of = f"{batch:,} documents"
    return [
        Figure(f"push of {of}, outbox to committed, {len(TILLS)} tills at once", together_ms,
               floor=floor, bar=BAR, aim=AIM, note="floor: the same rows by COPY, "
               f"{batch / floor * 1_000:,.0f} rows/s"),
        Figure("… by one till alone", median(times["outbox"]),
               floor=floor),
        Figure("… head office's part, from the body to committed", ingested, floor=floor,
               bar=BAR, aim=AIM, note=f"{batch / ingested * 1_000:,.0f} documents/s"),
        Figure("… once more, all of it known", median(times["known"]), floor=ingested, bar=0.4,
               aim=0.33, note="floor: the first time"),
    ]  # fmt: skip

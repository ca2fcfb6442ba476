"""A month's backlog on its way to head office, and what the counter notices of it.

The till's own thread sends, as `SyncRunner` does it beside a counter; meanwhile documents are
finished one after the other, in turns with and without it. Head office judges as it comes. It
shares this machine's processors and disk, which in a shop it does not: so it runs at the lowest
priority. `full` has the 100,000 documents of a busy month, `quick` a part, and its bar for the
time is that part of ten minutes.
"""

import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pos_app.services.checkout import Checkout
from pos_app.store.remotes import HEAD_OFFICE
from pos_app.store.store import Store, open_store
from pos_app.sync.runner import SyncRunner
from tests.benchmarks.bench_sale import sale_of
from tests.benchmarks.figures import MS, Figure, Size, median, p99
from tests.benchmarks.head_offices import NOTHING, HeadOffice, head_office
from tests.benchmarks.shops import copy_of, kept_folder, now, shop_with_backlog

COUNT = {Size.TINY: 60, Size.QUICK: 20_000, Size.FULL: 100_000}
MINUTES = 10
WHOLE = 100_000
PRODUCTS = 300
WINDOW_S = {Size.TINY: 0.5, Size.QUICK: 5.0, Size.FULL: 10.0}
PAUSE_S = 0.010  # between two documents: many times faster than any cashier
LOWEST = 19
WARM_UP = 100


@dataclass(slots=True)
class _Noticed:
    """What the counter noticed: documents finished with and without the backlog moving, in ms."""

    beside: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    moving_s: float = 0.0


def measure(size: Size) -> list[Figure]:
    count = COUNT[size]
    shop = shop_with_backlog(count, PRODUCTS)
    with (
        tempfile.TemporaryDirectory(dir=kept_folder()) as folder,
        head_office(Path(folder), size) as head,
    ):
        if head is None:
            return NOTHING
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, head.process.pid, LOWEST)
        quiet_s = _without_counter(head, copy_of(shop, Path(folder), "quiet.db"))
        noticed = _beside_counter(head, copy_of(shop, Path(folder), "busy.db"), WINDOW_S[size])
    return _figures(count, quiet_s, noticed)


def _without_counter(head: HeadOffice, shop: Path) -> float:
    """Send everything while nobody sells; returns seconds."""
    with open_store(shop) as store:
        head.join(store)
        begun = time.monotonic()
        runner = SyncRunner(store, now)
        runner.start()
        try:
            while store.cursors.unsent(HEAD_OFFICE):
                time.sleep(0.05)
            return time.monotonic() - begun
        finally:
            runner.stop()


def _beside_counter(head: HeadOffice, shop: Path, window_s: float) -> _Noticed:
    """Sell all the time, with the engine at work in every other window, until all is sent."""
    noticed = _Noticed()
    with open_store(shop) as store:
        head.join(store)
        counter = _Counter(store)
        for _ in range(WARM_UP):
            counter.sell()
        while not counter.is_sent():
            noticed.alone += counter.sell_for(window_s)
            runner = SyncRunner(store, now)
            begun = time.monotonic()
            runner.start()
            noticed.beside += counter.sell_for(window_s, until_sent=True)
            noticed.moving_s += time.monotonic() - begun
            runner.stop()
    return noticed


class _Counter:
    """Sells in a store whose backlog up to now is on its way."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._checkout = Checkout(store, now)
        self._backlog_end = store.journal_seq
        self._turn = 0

    def is_sent(self) -> bool:
        """Whether head office has the backlog."""
        return self._store.cursors.of(HEAD_OFFICE) >= self._backlog_end

    def sell(self) -> float:
        """Finish a document; returns how long that took, in ms."""
        act = sale_of(self._checkout, self._turn)
        self._turn += 1
        begun = time.perf_counter_ns()
        act()
        return (time.perf_counter_ns() - begun) / MS

    def sell_for(self, window_s: float, *, until_sent: bool = False) -> list[float]:
        """Finish documents for so long, or until the backlog is sent."""
        times: list[float] = []
        end = time.monotonic() + window_s
        while time.monotonic() < end:
            times.append(self.sell())
            if until_sent and self._turn % 10 == 0 and self.is_sent():
                break
            time.sleep(PAUSE_S)
        return times


def _figures(count: int, quiet_s: float, noticed: _Noticed) -> list[Figure]:
    bar_s = MINUTES * 60 * count / WHOLE
    sold = len(noticed.beside)
    return [
        Figure(f"backlog of {count:,} documents, while nobody sells", quiet_s, "s", bar=bar_s,
               note=f"{count / quiet_s:,.0f} documents/s"),
        Figure("… while something is sold all the time", noticed.moving_s, "s", bar=bar_s,
               note=f"{count / noticed.moving_s:,.0f} documents/s beside {sold:,} sales"),
        Figure("… a five-line sale meanwhile, median", median(noticed.beside),
               floor=median(noticed.alone), note="floor: without the backlog moving, in turns"),
        Figure("… p99", p99(noticed.beside), floor=p99(noticed.alone), bar=1.10),
        Figure("… the longest", max(noticed.beside), floor=max(noticed.alone)),
    ]  # fmt: skip

"""How long the window waits while many invoices are made beside it, and how fast they are made.

The till sells meanwhile, four gestures a second; a timer beats every two milliseconds, and the
time between two beats is how long a touch could have waited. Then it sells without a pause, one
gesture every 15 ms, which no cashier does: alone, beside the invoices, and beside invoices whose
papers are made in a thread instead of a process of their own.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from time import perf_counter, perf_counter_ns

from tests.benchmarks.bench_loop import BEAT_MS, WAITED, _waited_ns, day
from tests.benchmarks.figures import MS, Figure, Size, median, p99
from tests.benchmarks.shops import copy_of, kept_folder, product, shop_with_products

INVOICES = {Size.TINY: 3, Size.QUICK: 1_000, Size.FULL: 1_000}
PRODUCTS = {Size.TINY: 500, Size.QUICK: 100_000, Size.FULL: 1_000_000}
LINES = 20
PACE_MS, PAUSE_MS = 250, 15
FRAME_MS = 16.7
ALONE_S = {Size.TINY: 0.3, Size.QUICK: 15, Size.FULL: 60}

Gaps = list[tuple[float, float]]  # by the clock, and without waiting for a processor (ms)


def measure(size: Size) -> list[Figure]:
    from tests.benchmarks.counter import use_offscreen

    with tempfile.TemporaryDirectory(dir=kept_folder()) as folder:
        use_offscreen(Path(folder))
        shop = copy_of(shop_with_products(PRODUCTS[size]), Path(folder))
        _write_invoices(shop, INVOICES[size])
        return _measure(size, shop, Path(folder))


def _measure(size: Size, shop: Path, folder: Path) -> list[Figure]:
    from tests.benchmarks.counter import Counter

    counter = Counter(shop)
    gestures = day(counter, PRODUCTS[size], None)

    def sell(pause_ms: int, begin: Callable[[Callable[[], None]], object]) -> tuple[Gaps, float]:
        return _selling(gestures, pause_ms, begin)

    def batch(name: str) -> Callable[[Callable[[], None]], object]:
        return lambda end: _batch(counter, folder, name, end)

    paced, took_s = sell(PACE_MS, batch("process"))
    alone, _ = sell(PAUSE_MS, lambda end: _after(ALONE_S[size], end))
    apart, _ = sell(PAUSE_MS, batch("process, no pause"))
    within, _ = sell(PAUSE_MS, batch("thread"))
    made = len(list((folder / "process").iterdir()))
    counter.close()
    assert made == INVOICES[size], made
    return _figures(INVOICES[size], took_s, paced, [alone, apart, within])


def _figures(count: int, took_s: float, paced: Gaps, stress: list[Gaps]) -> list[Figure]:
    clocks = [clock for clock, _ in paced]
    alone, apart, within = ([clock for clock, _ in gaps] for gaps in stress)
    rows = [
        Figure(f"wait of the event loop while {count:,} invoices are made, p99", p99(clocks),
               bar=50, note="the till sells meanwhile, four gestures a second"),
        Figure("… in the middle", median(clocks)),
        Figure("… the longest", max(clocks)),
        Figure("… p99 with a gesture every 15 ms", p99(apart),
               note=f"the same selling alone: {p99(alone):.1f} ms; with the papers in a thread "
               f"instead of a process: {p99(within):.1f} ms"),
        Figure("one invoice of 20 lines, made and written", took_s / count * 1000,
               note=f"{count / took_s:.0f} a second, behind the window"),
    ]  # fmt: skip
    if WAITED.exists():
        owned = [own for _, own in paced]
        rows += [
            Figure("wait, p99, without the time in which the machine gave the window no processor",
                   p99(owned), bar=50),
            Figure("waits longer than a frame (16.7 ms)", sum(own > FRAME_MS for own in owned),
                   "waits", note=f"as above; of {len(owned):,} beats"),
        ]  # fmt: skip
    return rows


def _selling(
    gestures: Iterator[tuple[str, Callable[[], object]]],
    pause_ms: int,
    begin: Callable[[Callable[[], None]], object],
) -> tuple[Gaps, float]:
    """Sell until what was begun has ended; return the gaps between the beats and the seconds."""
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    gaps: Gaps = []
    loop, pause, pulse = QEventLoop(), QTimer(), QTimer()
    last = [perf_counter_ns(), _waited_ns()]

    def beat() -> None:
        now = perf_counter_ns(), _waited_ns()
        clock = (now[0] - last[0]) / MS - BEAT_MS
        gaps.append((clock, clock - (now[1] - last[1]) / MS))
        last[:] = now

    def step() -> None:
        _, act = next(gestures)
        act()
        pause.start(pause_ms)

    pause.setSingleShot(True)
    pause.timeout.connect(step)
    pulse.setTimerType(Qt.TimerType.PreciseTimer)
    pulse.timeout.connect(beat)
    started = perf_counter()
    kept = begin(loop.quit)
    last[:] = perf_counter_ns(), _waited_ns()
    pulse.start(BEAT_MS)
    pause.start(0)
    loop.exec()
    took_s = perf_counter() - started
    for timer in (pulse, pause):
        timer.stop()
    del kept
    return gaps, took_s


def _after(seconds: float, end: Callable[[], None]) -> None:
    from PySide6.QtCore import QTimer

    QTimer.singleShot(round(seconds * 1000), end)


def _batch(counter, folder: Path, name: str, end: Callable[[], None]) -> object:  # type: ignore[no-untyped-def]
    """Make all invoices as the sheet does; `thread` makes the papers in the same process."""
    from pos_app.services.document_batch import Chosen
    from pos_app.store.documents import DocumentFilter
    from pos_app.ui.background import run_in_background
    from pos_app.ui.presenters import document_paper_batch as batches

    out = folder / name
    out.mkdir()
    store = counter.till.store

    def show(state: batches.BatchState) -> None:
        if not state.is_running and state.told:
            end()

    press = batches.PaperPress
    batches.PaperPress = _InThread if name == "thread" else press  # type: ignore[misc,assignment]
    presenter = batches.BatchPresenter(
        store,
        Chosen("invoice", every=DocumentFilter()),
        run_in_background,
        show,
        lambda *_job: None,
    )
    presenter.save_into(out)
    return presenter


class _InThread:
    """What a press would be without a process of its own."""

    def __enter__(self):  # type: ignore[no-untyped-def]
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def begin(self, order: object) -> object:
        return order

    def finish(self, order) -> bytes:  # type: ignore[no-untyped-def]
        from pos_app.services.document_files import made

        return made(order)


def _write_invoices(shop: Path, count: int) -> None:
    """Issue invoices of twenty lines each to one customer, as the office does."""
    from datetime import UTC, datetime

    from pos_app.domain.customer import Customer
    from pos_app.domain.document import line_of
    from pos_app.services.checkout import Checkout
    from pos_app.services.customers import Customers
    from pos_app.services.invoicing import Invoicing
    from pos_app.store.store import open_store

    store = open_store(shop)

    def now() -> datetime:
        return datetime.now(UTC)

    customers = Customers(store, now)
    who = customers.save(Customer(customers.new_id(), "", "Quayside Hotel", city="Galway"))
    invoicing = Invoicing(Checkout(store, now))
    lines = tuple(line_of(product(n), str(n), Decimal(1 + n % 5)) for n in range(1, LINES + 1))
    for number in range(count):
        draft = invoicing.draft(who, lines)
        head = replace(draft.head, remarks=f"Delivery {number}")
        invoicing.issue(invoicing.save_draft(replace(draft, head=head)))
    store.close()

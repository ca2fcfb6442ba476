"""The longest stop of the event loop in ten minutes of selling.

A timer beats every two milliseconds; the longest time between two beats is how long a touch or a
scan could have waited. `full` sells for ten minutes at a cashier's pace, a gesture every one or two
seconds; `quick` does a thousand gestures one right after the other. An office screen is opened now
and then. On Linux the system tells how long the thread waited for a processor: without that, a
stop is what the program itself made, by computing or by waiting for a lock or the disk.
"""

import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path
from time import perf_counter_ns, thread_time_ns

from tests.benchmarks.figures import MS, Figure, Size
from tests.benchmarks.shops import KINDS, barcode, copy_of, kept_folder, shop_with_products

GESTURES = {Size.TINY: 30, Size.QUICK: 1_000}
MINUTES = 10
PAUSE_MS = {Size.TINY: (5, 5), Size.QUICK: (15, 15), Size.FULL: (1_000, 2_000)}
PRODUCTS = {Size.TINY: 500, Size.QUICK: 1_000_000, Size.FULL: 1_000_000}
BEAT_MS = 2
SEED = 3
OFFICE = "office: "
WAITED = Path("/proc/thread-self/schedstat")  # its second figure, in ns (Linux)


@dataclass(frozen=True, slots=True)
class Stop:
    """The time between two beats in ms: by the clock, of the processor, and without waiting for
    a processor."""

    clock: float
    processor: float
    own: float
    during: str


def measure(size: Size) -> list[Figure]:
    from tests.benchmarks.counter import use_offscreen

    with tempfile.TemporaryDirectory(dir=kept_folder()) as folder:
        use_offscreen(Path(folder))
        return _measure(size, copy_of(shop_with_products(PRODUCTS[size]), Path(folder)))


def _measure(size: Size, shop: Path) -> list[Figure]:
    from PySide6.QtCore import QEventLoop, QTimer

    from tests.benchmarks.counter import Counter

    counter = Counter(shop)
    gestures = day(counter, PRODUCTS[size], GESTURES.get(size))
    pauses = random.Random(SEED)
    stops: list[Stop] = []
    last = [perf_counter_ns(), thread_time_ns(), _waited_ns()]
    doing = ["start"]
    until = perf_counter_ns() + MINUTES * 60 * 1_000 * MS

    def beat() -> None:
        now = perf_counter_ns(), thread_time_ns(), _waited_ns()
        clock, processor, waited = (
            (at - before) / MS for at, before in zip(now, last, strict=True)
        )
        stops.append(Stop(clock - BEAT_MS, processor, clock - BEAT_MS - waited, doing[0]))
        last[:] = now

    loop = QEventLoop()

    def step() -> None:
        following = next(gestures, None)
        if following is None or perf_counter_ns() > until:
            loop.quit()
            return
        doing[0], act = following
        act()
        pause.start(pauses.randint(*PAUSE_MS[size]))

    pause, pulse = QTimer(), QTimer()
    pause.setSingleShot(True)
    pause.timeout.connect(step)
    pulse.setTimerType(pulse.timerType().PreciseTimer)
    pulse.timeout.connect(beat)
    pulse.start(BEAT_MS)
    pause.start(200)
    loop.exec()
    pulse.stop()
    store = counter.till.store
    assert store is not None
    sales = store.sales.count()
    counter.close()
    return _figures(size, stops, sales)


def _figures(size: Size, stops: list[Stop], sales: int) -> list[Figure]:
    selling = [stop for stop in stops if not stop.during.startswith(OFFICE)]
    longest = max(selling, key=lambda stop: stop.clock)
    owned = max(selling, key=lambda stop: stop.own)
    busiest = max(selling, key=lambda stop: stop.processor)
    office = max(stops, key=lambda stop: stop.own)
    frames = sum(stop.own > 16.7 for stop in selling)
    of_what = (
        f"{MINUTES} minutes at a cashier's pace"
        if size is Size.FULL
        else f"{GESTURES[size]:,} gestures without pauses"
    )
    rows = [
        Figure(f"longest stop of the event loop, {of_what}", longest.clock,
               bar=50, note=f"{sales} sales; during: {longest.during}"),
        Figure("… most processor time in one stop", busiest.processor,
               note=f"during: {busiest.during}"),
    ]  # fmt: skip
    if WAITED.exists():
        rows += [
            Figure("… without the time in which the machine gave it no processor", owned.own,
                   bar=50, note=f"during: {owned.during}"),
            Figure("… when office screens are opened between sales too", office.own,
                   bar=50, note=f"as the row above; during: {office.during}"),
            Figure("stops longer than a frame (16.7 ms)", frames, "stops",
                   note=f"as above; of {len(selling):,} beats"),
        ]  # fmt: skip
    return rows


def _waited_ns() -> int:
    """How long this thread has waited for a processor so far; 0 where the system does not tell."""
    return int(WAITED.read_bytes().split()[1]) if WAITED.exists() else 0


def day(counter, products: int, most: int | None) -> Iterator[tuple[str, Callable[[], object]]]:  # type: ignore[no-untyped-def]
    """What a cashier does, at random but always the same; for ever where `most` is None."""
    pick = random.Random(SEED)
    presenter, window = counter.presenter, counter.window

    def scan() -> None:
        counter.scan(barcode(pick.randrange(products)))

    def pay() -> None:
        presenter.press(pick.choice(("F12", "F12", "F11")))

    def search() -> None:
        for char in pick.choice(KINDS)[: pick.randrange(1, 6)]:
            counter.press(char, 250)

    def leave_office() -> None:
        window.show_screen("sell")

    usual = [("scan", scan)] * 12 + [("pay", pay)] * 2
    others: list[tuple[str, Callable[[], object]]] = [
        ("search", search),
        ("choose what was found", lambda: counter.press("\r", 250)),
        ("quantity", lambda: presenter.lines.change_by(1)),
        ("remove", presenter.lines.remove),
        ("discount", lambda: presenter.lines.discount_preset(Decimal(10))),
        ("unknown code", lambda: counter.scan("4006381333931")),
        ("clear", lambda: counter.press("\x1b", 250)),
        ("park", lambda: presenter.press("F7")),
        ("recall", lambda: presenter.press("F8")),
        ("customer", lambda: presenter.press("F4")),
        ("reprint", lambda: presenter.press("F9")),
        ("drawer", lambda: presenter.press("F10")),
        (f"{OFFICE}receipts", lambda: window.show_screen("receipts")),
        (f"{OFFICE}products", lambda: window.show_screen("catalogue")),
        (f"{OFFICE}customers", lambda: window.show_screen("customers")),
    ]
    for turn in count() if most is None else range(most):
        yield pick.choice(others if turn % 4 == 3 else usual)
        if window.current_screen() != "sell":
            yield f"{OFFICE}back to selling", leave_office

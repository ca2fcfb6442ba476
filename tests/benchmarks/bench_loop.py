"""The longest stop of the event loop in ten minutes of selling.

A timer beats every two milliseconds; the longest time between two beats is how long a touch or a
scan could have waited. `full` sells for ten minutes at a cashier's pace, `quick` does the same
thousand gestures one right after the other.
"""

import random
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from time import perf_counter_ns, thread_time_ns

from tests.benchmarks.figures import MS, Figure, Size
from tests.benchmarks.shops import KINDS, barcode, copy_of, kept_folder, shop_with_products

GESTURES = {Size.TINY: 30, Size.QUICK: 1_000, Size.FULL: 1_000}
PAUSE_MS = {Size.TINY: 5, Size.QUICK: 15, Size.FULL: 600}
PRODUCTS = {Size.TINY: 500, Size.QUICK: 1_000_000, Size.FULL: 1_000_000}
BEAT_MS = 2
SEED = 3
OFFICE = "office: "


def measure(size: Size) -> list[Figure]:
    from tests.benchmarks.counter import use_offscreen

    with tempfile.TemporaryDirectory(dir=kept_folder()) as folder:
        use_offscreen(Path(folder))
        return _measure(size, copy_of(shop_with_products(PRODUCTS[size]), Path(folder)))


def _measure(size: Size, shop: Path) -> list[Figure]:
    from PySide6.QtCore import QEventLoop, QTimer

    from tests.benchmarks.counter import Counter

    counter = Counter(shop)
    gestures = day(counter, PRODUCTS[size], GESTURES[size])
    gaps: list[tuple[float, float, str]] = []
    last = [perf_counter_ns(), thread_time_ns()]
    doing = ["start"]

    def beat() -> None:
        clock, processor = perf_counter_ns(), thread_time_ns()
        gaps.append(((clock - last[0]) / MS - BEAT_MS, (processor - last[1]) / MS, doing[0]))
        last[:] = clock, processor

    loop = QEventLoop()

    def step() -> None:
        following = next(gestures, None)
        if following is None:
            loop.quit()
            return
        doing[0], act = following
        act()
        pause.start(PAUSE_MS[size])

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
    selling = [gap for gap in gaps if not gap[2].startswith(OFFICE)]
    by_clock, by_processor = max(selling), max(selling, key=lambda gap: gap[1])
    office = max(gaps, key=lambda gap: gap[1])
    frames = sum(gap[0] > 16.7 for gap in selling)
    pace = "at a cashier's pace" if size is Size.FULL else "without pauses"
    return [
        Figure(f"longest stop of the event loop, {GESTURES[size]:,} gestures {pace}", by_clock[0],
               bar=50, note=f"{sales} sales; during: {by_clock[2]}"),
        Figure("… most processor time in one stop", by_processor[1],
               note=f"during: {by_processor[2]}"),
        Figure("… when office screens are opened between sales too", office[1],
               note=f"processor time; during: {office[2]}"),
        Figure("stops longer than a frame (16.7 ms)", frames, "stops",
               note=f"of {len(selling):,} beats"),
    ]  # fmt: skip


def day(counter, products: int, count: int) -> Iterator[tuple[str, Callable[[], object]]]:  # type: ignore[no-untyped-def]
    """What a cashier does, at random but always the same."""
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
    for turn in range(count):
        yield pick.choice(others if turn % 4 == 3 else usual)
        if window.current_screen() != "sell":
            yield f"{OFFICE}back to selling", leave_office

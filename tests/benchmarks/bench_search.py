"""Search as you type: from the key to the painted results, over a large catalogue."""

import gc
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter_ns, thread_time_ns

from tests.benchmarks.figures import MS, Figure, Size, median, p99
from tests.benchmarks.shops import (
    KINDS,
    MAKERS,
    SIZES,
    SORTS,
    barcode,
    copy_of,
    kept_folder,
    shop_with_products,
)

TEXTS = {Size.TINY: 6, Size.QUICK: 120, Size.FULL: 500}
PRODUCTS = {Size.TINY: 500, Size.QUICK: 1_000_000, Size.FULL: 1_000_000}


def texts(count: int) -> Iterator[str]:
    """What cashiers type: beginnings, whole names, middles, codes, and what is not there."""
    pick = random.Random(7)
    for _ in range(count):
        maker, sort, kind = pick.choice(MAKERS), pick.choice(SORTS), pick.choice(KINDS)
        yield pick.choice(
            (kind, maker.lower(), f"{sort} {kind}", f"{maker} {sort} {kind}", kind[1:],
             f"{kind} {pick.choice(SIZES)}", f"p{pick.randrange(10**6):07d}",
             f"a{barcode(pick.randrange(10**6))[3:9]}", f"{kind[:3]} {maker[:2].lower()}",
             f"{kind[:4]}qx", "e", "s a")
        )  # fmt: skip


def measure(size: Size) -> list[Figure]:
    from tests.benchmarks.counter import use_offscreen

    with tempfile.TemporaryDirectory(dir=kept_folder()) as folder:
        use_offscreen(Path(folder))
        return _measure(size, copy_of(shop_with_products(PRODUCTS[size]), Path(folder)))


def _measure(size: Size, shop: Path) -> list[Figure]:
    from tests.benchmarks.counter import PERSON_GAP_MS, Counter, PaintWatch, painted, settle

    counter = Counter(shop)
    assert counter.presenter is not None
    entry = counter.window.checkout.entry
    watch = PaintWatch()
    watch.watch(entry)
    took: list[float] = []
    processor: list[float] = []
    slowest: list[tuple[float, str]] = []
    for typed in ["milk", *texts(TEXTS[size])]:
        for place, char in enumerate(typed):
            watch.was_painted = False
            begun, worked = perf_counter_ns(), thread_time_ns()
            counter.press(char, PERSON_GAP_MS)
            painted(watch)
            processor.append((thread_time_ns() - worked) / MS)
            took.append((perf_counter_ns() - begun) / MS)
            slowest.append((processor[-1], typed[: place + 1]))
        gc.collect(0)
        assert entry.text() == typed
        counter.press("\x1b", PERSON_GAP_MS)
        settle()
    counter.close()
    worst = ", ".join(f"{text!r} {ms:.1f}" for ms, text in sorted(slowest, reverse=True)[:3])
    return [
        Figure(f"key to painted results, median ({PRODUCTS[size]:,} products)", median(took)),
        Figure("key to painted results, p99", p99(took), bar=16.7, note=f"{len(took):,} keys"),
        Figure("… processor time, median", median(processor)),
        Figure("… processor time, p99", p99(processor), note=f"slowest: {worst}"),
    ]

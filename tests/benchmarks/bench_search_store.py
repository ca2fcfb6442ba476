"""Times the look-up of a code and the search as you type in a catalogue of a million products.

Run it as `python tests/benchmarks/bench_search_store.py [products]`; the store it makes is kept
in the temporary folder and used again by the next run.
"""

import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

os.environ.setdefault("POS_APP_KEYS", "file")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pos_app.domain.product import Category, Product
from pos_app.domain.shop import ShopSettings
from pos_app.domain.tax import Tax
from pos_app.store.store import Store, create_store, open_store

SYLLABLES = (
    "ba ke ro ti mu la sen der vo ni cho co ap fel kä se mil ch but ter brot wein saft öl ga nu "
    "del reis boh ne lin se pa pri ka zwie bel toma te gur ke sal at"
).split()
COMMON = (
    "bio fresh organic red green large small classic original light extra family pack premium "
    "box bottle can fine whole natural"
).split()
HOSTILE = [
    '"',
    "'",
    '"" OR 1=1',
    "a* OR b*",
    "NEAR(a b)",
    "-a",
    "%",
    "_",
    "a\0b",
    "\0",
    "x" * 10_000,
    "a " * 5_000,
    "(",
    ")",
    "^a",
    "name:a",
    "{a b}",
    "AND OR NOT",
    "\ud800",
    "🍎",
    "ab\u0301",
    "  ",
    "''--",
    "; DROP TABLE products",
]


def products(count: int) -> Iterator[Product]:
    dice = random.Random(7)
    vocabulary = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(20_000)]
    weights = [1 / (rank + 10) for rank in range(len(vocabulary))]
    words = dice.choices(vocabulary, weights, k=count * 2)
    tax = (Tax(rate=Decimal(20), code="A", name="VAT"),)
    for index in range(count):
        name = (
            f"{words[2 * index]} {dice.choice(COMMON)} {words[2 * index + 1]} "
            f"{dice.choice((100, 250, 500, 750))} g"
        )
        yield Product(
            f"01900000-0000-7000-8000-{index:012d}",
            f"{index:07d}",
            name.capitalize(),
            Decimal(dice.randint(50, 9_999)) / 100,
            category_id="c",
            taxes=tax,
            barcodes=(barcode(index),),
        )


def barcode(index: int) -> str:
    return f"40{index * 7_919_999_983 % 10**11:011d}"


def filled_store(count: int) -> Store:
    folder = Path(tempfile.gettempdir()) / f"bench-search-{count}"
    path = folder / "store.db"
    if path.exists():
        return open_store(path)
    folder.mkdir(exist_ok=True)
    store = create_store(path, ShopSettings(), now=datetime.now(UTC))
    start = time.perf_counter()
    with store.transaction() as tx:
        tx.products.save_category(Category("c", "All"))
        tx.products.save_many(products(count))
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{count} products written in {took:.0f} s, {count / took:.0f} a second, {peak} MB peak")
    return store


def typed_texts(count: int) -> list[str]:
    """Beginnings of names, words, inner parts, codes and two-word texts of 1 to 10 letters."""
    dice = random.Random(3)
    names = [product.name for product in products(2_000)]
    texts = []
    for _ in range(count):
        name = dice.choice(names)
        words = name.split()
        length = dice.randint(1, 10)
        inside = dice.randrange(max(1, len(name) - length))
        texts.append(
            dice.choice(
                (
                    name[:length],
                    dice.choice(words)[:length],
                    name[inside : inside + length],
                    f"{words[-2][:2]} {words[0][: length - 2]}",
                    f"{dice.randrange(10**7):07d}"[:length],
                    barcode(dice.randrange(10**6))[dice.randrange(3) :][:length],
                    "".join(dice.choices("abcdefghijklmnopqrst", k=length)),
                    f"{dice.choice('abcdefg')} {dice.choice('abcdefg')}",
                )
            )
        )
    return texts


def main(count: int) -> None:
    store = filled_store(count)
    finds = []
    for index in random.Random(1).sample(range(count), 2_000):
        start = time.perf_counter_ns()
        assert store.products.find(barcode(index)) is not None
        finds.append((time.perf_counter_ns() - start) / 1e6)
    report("find", finds)
    times = []
    busy = []
    for text in [*typed_texts(3_000), *HOSTILE]:
        start = time.perf_counter_ns()
        busy_start = time.thread_time_ns()
        found = store.products.search(text, 30)
        busy.append((time.thread_time_ns() - busy_start) / 1e6)
        times.append(((time.perf_counter_ns() - start) / 1e6, text[:20], len(found)))
    report("search", [entry[0] for entry in times])
    report("its CPU", busy)  # what it would take on a machine that does nothing else
    for entry in sorted(times, reverse=True)[:15]:
        print("   slowest", entry)
    store.close()


def report(name: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=1000)
    print(
        f"{name:8} median {statistics.median(times):.3f} ms  p99 {cuts[989]:.3f} ms  "
        f"p99.9 {cuts[998]:.3f} ms  worst {max(times):.3f} ms"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)

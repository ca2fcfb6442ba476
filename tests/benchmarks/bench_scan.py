"""From the Enter that ends a scan to the painted line, in the real window of 1920 by 1080.

The cart has fifty lines. The floor is a bare table that gets one row more, in turns with it.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.figures import Figure, Size, in_turns, median, p99
from tests.benchmarks.shops import barcode, copy_of, kept_folder, shop_with_products

ROUNDS = {Size.TINY: 5, Size.QUICK: 400, Size.FULL: 2_000}
PRODUCTS = {Size.TINY: 500, Size.QUICK: 1_000_000, Size.FULL: 1_000_000}
CART = 50
EVERY = 10  # the cart starts again from fifty lines after so many scans


def measure(size: Size) -> list[Figure]:
    from tests.benchmarks.counter import use_offscreen

    with tempfile.TemporaryDirectory(dir=kept_folder()) as folder:
        use_offscreen(Path(folder))
        return _measure(size, copy_of(shop_with_products(PRODUCTS[size]), Path(folder)))


def _measure(size: Size, shop: Path) -> list[Figure]:
    from tests.benchmarks.bare_table import BareTable
    from tests.benchmarks.counter import Counter, PaintWatch, painted, settle

    counter = Counter(shop)
    assert counter.presenter is not None
    lines, cells = PaintWatch(), PaintWatch()
    lines.watch(counter.cart.viewport())
    for number in range(CART):
        counter.scan(barcode(number * 7))
        settle()
    sale = counter.presenter.sale
    fifty = sale.cart
    table = BareTable(CART)
    cells.watch(table.view.viewport())
    settle()
    step = PRODUCTS[size] // 2_003

    def scan(turn: int) -> Callable[[], object]:
        if turn % EVERY == 0:
            sale.put(fifty)
            sale.show()
            settle()
        counter.begin_scan(barcode(CART * 7 + 1 + turn * max(step, 1) % (PRODUCTS[size] - 400)))
        settle()
        before = len(sale.cart.lines)
        lines.was_painted = False

        def act() -> None:
            counter.end_scan()
            painted(lines)
            assert len(sale.cart.lines) == before + 1

        return act

    def add(turn: int) -> Callable[[], object]:
        if turn % EVERY == 0:
            table.model.keep(CART)
            settle()
        cells.was_painted = False

        def act() -> None:
            table.add()
            painted(cells)

        return act

    in_turns({"scan": scan, "table": add}, min(10, ROUNDS[size]))
    times = in_turns({"scan": scan, "table": add}, ROUNDS[size])
    counter.close()
    mine, bare = times["scan"], times["table"]
    said = f"{PRODUCTS[size]:,} products, {CART}-line cart"
    return [
        Figure(f"scan to painted line, median ({said})", median(mine.clock),
               floor=median(bare.clock), note="floor: a bare QTableView gets a row"),
        Figure("scan to painted line, p99", p99(mine.clock), bar=16.7, aim=8.3,
               note=f"the bare table's p99: {p99(bare.clock):.1f} ms"),
        Figure("… processor time, median", median(mine.processor),
               floor=median(bare.processor)),
        Figure("… processor time, p99", p99(mine.processor)),
    ]  # fmt: skip

"""Lists of a million invoices and their orders: opening, filtering, scrolling and going far.

The real screens in a window that nobody sees. The floor of a list that opens is the same list
with its hundred rows at hand; the floor of a window far down is a hundred rows by their keys.
"""

import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter_ns, thread_time_ns
from typing import TYPE_CHECKING

from tests.benchmarks.bench_customers import customer
from tests.benchmarks.figures import MS, Figure, Size, median, p99
from tests.benchmarks.shops import kept_folder, now, schema_mark

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.ui.document_screen import DocumentsScreen

INVOICES = {Size.TINY: 1_500, Size.QUICK: 1_000_000, Size.FULL: 1_000_000}
OTHERS = {Size.TINY: 300, Size.QUICK: 100_000, Size.FULL: 1_000_000}
CUSTOMERS = {Size.TINY: 50, Size.QUICK: 5_000, Size.FULL: 20_000}
ROUNDS = {Size.TINY: 2, Size.QUICK: 5, Size.FULL: 40}
FRAMES = {Size.TINY: 20, Size.QUICK: 600, Size.FULL: 3_000}
FIRST, DAYS = date(2021, 1, 4), 1_900
OPEN_MS, FRAME_MS = 100.0, 16.7
STATES = {
    "invoice": (("fully_paid", 90), ("unpaid", 6), ("partially_paid", 2), ("draft", 1),
                ("deleted", 1)),
    "order": (("fully_delivered", 80), ("partially_delivered", 5), ("approved", 8), ("draft", 3),
              ("cancelled", 4)),
    "quotation": (("approved", 60), ("rejected", 10), ("expired", 20), ("submitted", 7),
                  ("draft", 3)),
    "delivery_note": (("completed", 99), ("cancelled", 1)),
    "sales_return": (("completed", 100),),
}  # fmt: skip
PREFIXES = {"invoice": "INV", "order": "SO", "quotation": "QT", "delivery_note": "DL",
            "sales_return": "RTN"}  # fmt: skip
_COLUMNS = (
    "record, id, number, customer_id, status, day, until, made, origin, origin_number, total, "
    "open, currency, remind"
)


def measure(size: Size) -> list[Figure]:
    from tests.benchmarks.counter import use_offscreen

    with tempfile.TemporaryDirectory(dir=kept_folder()) as folder:
        use_offscreen(Path(folder))
        from PySide6.QtWidgets import QApplication

        from pos_app.ui import theme
        from pos_app.ui.background import cancel_all

        app = QApplication.instance() or QApplication([])
        assert isinstance(app, QApplication)
        theme.apply_theme(app, theme.LIGHT)
        with _shop(size) as store:
            figures = list(_figures(store, size))
            cancel_all()
        return figures


def _figures(store: "Store", size: Size) -> Iterator[Figure]:
    from pos_app.services.checkout import Checkout
    from pos_app.ui.invoices_screen import invoices_screen
    from pos_app.ui.orders_screen import orders_screen

    checkout = Checkout(store, now)
    rounds = ROUNDS[size]
    orders = _opened(orders_screen(checkout))
    for tab in ("orders", "deliveries", "returns", "quotations"):
        yield from _opening(orders, tab, rounds, OTHERS[size])
    orders.close()
    invoices = _opened(invoices_screen(checkout))
    for tab in ("remind", "invoices"):
        yield from _opening(invoices, tab, rounds, INVOICES[size])
    yield from _filters(invoices, rounds)
    yield from _scrolling(invoices, store, size)
    invoices.close()


def _opened(screen: "DocumentsScreen") -> "DocumentsScreen":
    from tests.benchmarks.counter import WINDOW

    screen.resize(*WINDOW)
    screen.show()
    _wait_counted(screen)
    return screen


def _opening(screen: "DocumentsScreen", tab: str, rounds: int, count: int) -> Iterator[Figure]:
    """From the touch on a tab to its painted rows, and until it says how many there are."""
    presenter = screen.presenter
    others = [chip.key for chip in presenter.state.tabs if chip.key != tab]
    shown, counted, floor = [], [], []
    for turn in range(rounds):
        presenter.turn(others[turn % len(others)])
        _wait_counted(screen)
        presenter._read.clear()  # as if it were opened for the first time
        begun = perf_counter_ns()
        presenter.turn(tab)
        _wait_painted(screen)
        shown.append((perf_counter_ns() - begun) / MS)
        _wait_counted(screen)
        counted.append((perf_counter_ns() - begun) / MS)
        floor.append(_painted_again(screen))
    what = f"{tab} opened to painted rows ({count:,})"
    note = f"slowest of {rounds} {max(shown):.0f} ms; its rows at hand {median(floor):.0f} ms"
    yield Figure(f"{what}, median", median(shown), bar=OPEN_MS, note=note)
    yield Figure("… and counted, median", median(counted))


def _filters(screen: "DocumentsScreen", rounds: int) -> Iterator[Figure]:
    """Each filter of the invoices, from the gesture to its painted rows."""
    presenter = screen.presenter
    pick = random.Random(2)
    middle = (FIRST + timedelta(days=DAYS // 2)).isoformat()
    gestures: dict[str, Callable[[], None]] = {
        "most of them (paid)": lambda: presenter.choose_state("fully_paid"),
        "some (unpaid)": lambda: presenter.choose_state("unpaid"),
        "few (drafts)": lambda: presenter.choose_state("draft"),
        "overdue": lambda: presenter.choose_state("overdue"),
        "invoiced until the middle": lambda: presenter.filter("day_to", middle),
        "due from the middle": lambda: presenter.filter("until_from", middle),
        "created until the middle": lambda: presenter.filter("made_to", middle),
        "a narrow total": lambda: presenter.filter("total_from", "9999.00"),
        "part of a number": lambda: presenter.filter("number", f"{pick.randrange(1000):04d}"),
        "part of an order's number": lambda: presenter.filter(
            "origin", f"{pick.randrange(1000):04d}"
        ),
        "one customer": lambda: presenter.show_customer(customer(pick.randrange(50)).id),
        "many customers' name": lambda: presenter.filter("customer", "Hotel"),
        "typed: a number": lambda: presenter.search(f"{pick.randrange(100_000):05d}"),
        "typed: a name": lambda: presenter.search("bakery"),
        "typed: nothing there": lambda: presenter.search("qzxqzx"),
    }
    for what, gesture in gestures.items():
        shown, counted = [], []
        for _ in range(rounds):
            presenter.clear()
            _wait_counted(screen)
            begun = perf_counter_ns()
            gesture()
            _wait_painted(screen)
            shown.append((perf_counter_ns() - begun) / MS)
            _wait_counted(screen)
            counted.append((perf_counter_ns() - begun) / MS)
        yield Figure(
            f"filter to painted rows: {what}, median",
            median(shown),
            note=f"slowest {max(shown):.0f}, counted {median(counted):.0f} ms, "
            f"{presenter.state.rows.count():,} rows",
        )
    presenter.clear()
    _wait_counted(screen)


def _scrolling(screen: "DocumentsScreen", store: "Store", size: Size) -> Iterator[Figure]:
    """Frames while scrolling steadily, and frames at places anywhere in the list."""
    table = screen.frame.table
    bar = table.verticalScrollBar()
    pick = random.Random(3)
    frames = FRAMES[size]
    steady, far, floor = [], [], []
    busy: dict[str, list[float]] = {"steady": [], "far": []}
    for turn in range(frames):
        bar.setValue(turn * 90)  # two rows further at each frame
        steady.append(_frame(screen, busy["steady"]))
    for _ in range(frames):
        bar.setValue(pick.randrange(bar.maximum() or 1))
        far.append(_frame(screen, busy["far"]))
    ids = [row.key for row in screen.presenter.state.rows.fetch(0, 100)]
    marks = ", ".join("?" * len(ids))
    for _ in range(frames):
        begun = perf_counter_ns()
        store._own.database.rows(
            f"SELECT * FROM documents WHERE record = 'invoice' AND id IN ({marks})", ids
        )
        floor.append((perf_counter_ns() - begun) / MS)
    for what, took, worked in (
        ("frame while scrolling", steady, busy["steady"]),
        ("frame anywhere in the list", far, busy["far"]),
    ):
        yield Figure(f"{what}, median", median(took))
        note = f"{frames:,} frames, processor {p99(worked):.1f} ms"
        yield Figure(f"{what}, p99", p99(took), bar=FRAME_MS, note=note)
    yield Figure("a hundred rows by their keys (floor of a window)", median(floor))


def _frame(screen: "DocumentsScreen", busy: list[float]) -> float:
    begun, worked = perf_counter_ns(), thread_time_ns()
    screen.frame.table.viewport().repaint()
    busy.append((thread_time_ns() - worked) / MS)
    return (perf_counter_ns() - begun) / MS


def _painted_again(screen: "DocumentsScreen") -> float:
    """Show the same rows once more, all of them at hand: the floor of a list that opens."""
    from pos_app.ui.presenters.office_rows import FixedRows

    rows = FixedRows(tuple(screen.presenter.state.rows.fetch(0, 100)))
    begun = perf_counter_ns()
    screen.frame.table.show_source(screen.presenter.state.columns, rows)
    screen.frame.table.viewport().repaint()
    return (perf_counter_ns() - begun) / MS


def _is_busy(screen: "DocumentsScreen") -> bool:
    return screen.presenter.state.is_searching


def _wait_painted(screen: "DocumentsScreen") -> None:
    from tests.benchmarks.counter import wait_for

    wait_for(lambda: not _is_busy(screen))
    screen.frame.table.viewport().repaint()


def _wait_counted(screen: "DocumentsScreen") -> None:
    from tests.benchmarks.counter import settle, wait_for

    wait_for(lambda: not screen.presenter.list.is_reading)
    settle()


def _shop(size: Size) -> "Store":
    """Return a shop with so many documents, made once and kept."""
    from pos_app.domain.shop import ShopSettings
    from pos_app.store.store import create_store, open_store

    count = INVOICES[size]
    path = kept_folder() / f"documents-{count}-{OTHERS[size]}-{schema_mark()}.db"
    if path.exists():
        return open_store(path)
    making = path.with_name("making-" + path.name)
    for suffix in ("", "-wal", "-shm", ".key", ".lock", ".seen"):
        making.with_name(making.name + suffix).unlink(missing_ok=True)
    with create_store(making, ShopSettings(name="Benchmark"), now=now()) as store:
        with store.transaction() as tx:
            for number in range(CUSTOMERS[size]):
                tx.customers.save(customer(number))
        _fill(store, size)
    for suffix in (".key", ".seen", ""):
        made = making.with_name(making.name + suffix)
        if made.exists():
            made.replace(path.with_name(path.name + suffix))
    return open_store(path)


def _fill(store: "Store", size: Size) -> None:
    """Write the rows of the lists straight into their table, spread as a shop's would be."""
    database = store._own.database
    marks = ", ".join("?" * 14)
    database.run("BEGIN IMMEDIATE")
    for record in STATES:
        count = INVOICES[size] if record == "invoice" else OTHERS[size]
        database.many(
            f"INSERT INTO documents ({_COLUMNS}) VALUES ({marks})",
            _rows(record, count, CUSTOMERS[size]),
        )
    database.run("COMMIT")
    database.run("PRAGMA wal_checkpoint(TRUNCATE)")


def _rows(record: str, count: int, customers: int) -> Iterator[tuple[object, ...]]:
    pick = random.Random(record)
    states, weights = zip(*STATES[record], strict=True)
    prefix, kind = PREFIXES[record], list(STATES).index(record)
    for number in range(count):
        day = FIRST + timedelta(days=number * DAYS // count)
        status = pick.choices(states, weights)[0]
        total = int(pick.lognormvariate(9, 1.2))
        owed = {"unpaid": total, "partially_paid": total // 2}.get(status, 0)
        until = day + timedelta(days=30)
        # A few customers buy most, as they do.
        buyer = int(customers * pick.random() ** 3)
        has_origin = record != "quotation" or pick.random() < 0.5
        yield (
            record,
            f"0190{kind}{number:07x}-0000-7000-8000-{pick.randrange(16**12):012x}",
            f"{prefix}{day:%Y%m}{number % 30_000:04d}" if status != "draft" else "",
            f"01900000-0000-7000-a000-{buyer:012d}",
            status,
            day.isoformat(),
            until.isoformat(),
            day.isoformat(),
            f"0191{kind}{number:07x}-0000-7000-8000-000000000000" if has_origin else "",
            f"SO{day:%Y%m}{number % 30_000:04d}" if has_origin else "",
            total,
            owed,
            "EUR",
            (until + timedelta(days=8)).isoformat() if owed else "",
        )

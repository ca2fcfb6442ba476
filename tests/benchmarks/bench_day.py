"""The manager's day in a store of a million tickets: its figures, its first sums, and their price.

The floor of a review is one plain sum over the same day's lines. The first sums of an older store
are made in another thread while the counter sells, as the till's upkeep makes them.
"""

import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Thread
from time import perf_counter_ns

from pos_app.domain.day_figures import ReceiptQuery
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.report_period import ReportPeriod
from pos_app.services.checkout import Checkout
from pos_app.services.day_review import receipts_of, review_day
from pos_app.services.upkeep import Upkeep
from pos_app.store.store import Store, open_store
from tests.benchmarks.figures import MS, Figure, Size, median, p99
from tests.benchmarks.shops import copy_of, kept_folder, product_id, shop_with_days

TICKETS = {Size.TINY: 30, Size.QUICK: 2_000, Size.FULL: 2_000}
PAST = {Size.TINY: (60, 90), Size.QUICK: (10_000, 100_000), Size.FULL: (100_000, 1_000_000)}
PRODUCTS = {Size.TINY: 40, Size.QUICK: 20_000, Size.FULL: 20_000}
ROUNDS = {Size.TINY: 2, Size.QUICK: 15, Size.FULL: 25}
ALONE = {Size.TINY: 5, Size.QUICK: 300, Size.FULL: 1_000}
DAY_MS, YEAR_MS = 150.0, 1_000.0
_MEASURED_DAY = "SELECT business_day, at FROM sales ORDER BY row DESC LIMIT 1"
_PLAIN_SUM = (
    "SELECT count(DISTINCT s.row), sum(l.gross), sum(l.net), sum(l.discount) FROM sales s "
    "CROSS JOIN sale_lines l ON l.sale = s.row WHERE s.business_day = ?"
)


class Counter:
    """Sells five lines at a time, as late as the shop's last ticket was sold."""

    def __init__(self, store: Store) -> None:
        day, at = store._session().database.row(_MEASURED_DAY) or ("", "")
        self.store, self.day = store, date.fromisoformat(day)
        self.moment = datetime.fromisoformat(at)
        self.checkout = Checkout(store, self.now)
        self.turn = 0

    def now(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def sell(self) -> float:
        """Return how long the finishing of one sale took, in ms."""
        self.turn += 1
        cart = self.checkout.new_cart()
        for line in range(5):
            cart = self.checkout.add(cart, product_id((self.turn * 5 + line) % 40))
        begun = perf_counter_ns()
        self.checkout.complete(cart, [TenderRequest(TenderMethod.CASH)])
        return (perf_counter_ns() - begun) / MS


def measure(size: Size) -> list[Figure]:
    few, many = PAST[size]
    before = _memory_mb()
    small, grown_small = _measured(size, few)
    del small
    figures, grown = _measured(size, many)
    note = f"{grown_small:.0f} MB with {few:,} tickets; {before:.0f} MB before"
    figures.append(Figure("memory more, sums and reviews", grown, "MB", bar=64, note=note))
    return figures


def _measured(size: Size, past: int) -> tuple[list[Figure], float]:
    shop = shop_with_days(past, PRODUCTS[size], TICKETS[size])
    with (
        tempfile.TemporaryDirectory(dir=kept_folder()) as folder,
        open_store(copy_of(shop, Path(folder))) as store,
    ):
        before = _memory_mb()
        counter = Counter(store)
        figures = [*_first_sums(counter, size, past), *_reviews(counter, size, past)]
        return figures, _memory_mb() - before


def _first_sums(counter: Counter, size: Size, past: int) -> Iterator[Figure]:
    upkeep = Upkeep(counter.store)
    thread = Thread(target=upkeep.work_once, name="first sums")
    during: list[float] = []
    counter.moment += timedelta(days=1)  # the day that is looked at stays as it is
    begun = perf_counter_ns()
    thread.start()
    while not during or thread.is_alive():
        during.append(counter.sell())
        thread.join(0.02)
    took = (perf_counter_ns() - begun) / MS
    alone = []
    for _ in range(ALONE[size]):
        alone.append(counter.sell())
        thread.join(0.02)
    counter.moment -= timedelta(days=1)
    note = f"{past:,} tickets, selling meanwhile"
    yield Figure("first sums of all days", took / 1000, "s", note=note)
    note = f"p99 {p99(during):.1f} ms, alone {p99(alone):.1f} ms"
    yield Figure("sale while they are made", median(during), floor=median(alone), note=note)


def _reviews(counter: Counter, size: Size, past: int) -> Iterator[Figure]:
    store, rounds = counter.store, ROUNDS[size]
    day = ReportPeriod(counter.day, counter.day)
    year = ReportPeriod(counter.day - timedelta(days=364), counter.day)
    database = store._session().database
    values = (counter.day.isoformat(),)
    floor = median(_took(rounds, lambda: database.row(_PLAIN_SUM, values)))
    review = review_day(store, day, now=counter.now())
    note = f"{review.totals.tickets:,} tickets of {past:,}"
    yield Figure("one sum over the day's lines", floor, note=note)

    def of(period: ReportPeriod) -> Callable[[], object]:
        return lambda: review_day(store, period, now=counter.now())

    yield _timed("the day", _took(rounds, of(day)), floor, DAY_MS)
    after_one = _took(rounds, of(day), counter.sell)
    yield _timed("the day after one more sale", after_one, floor, DAY_MS)
    yield _timed("a year against the year before", _took(rounds, of(year)), floor, YEAR_MS)
    query = ReceiptQuery(counter.day, counter.day, review.currency, hour=counter.moment.hour)
    page = _took(rounds, lambda: receipts_of(store, query))
    yield _timed("fifty receipts of an hour", page, floor, DAY_MS)


def _timed(what: str, times: list[float], floor: float, bar: float) -> Figure:
    note = f"p99 {p99(times):.0f} ms; {median(times) / floor:.1f} times the floor"
    return Figure(what, median(times), bar=bar, note=note)


def _took(
    rounds: int, do: Callable[[], object], before: Callable[[], object] = lambda: None
) -> list[float]:
    times = []
    for _ in range(rounds):
        before()
        begun = perf_counter_ns()
        do()
        times.append((perf_counter_ns() - begun) / MS)
    return times


def _memory_mb() -> float:
    """What the process keeps in memory by itself, without the pages of mapped files."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return int(lines["RssAnon"].split()[0]) / 1024

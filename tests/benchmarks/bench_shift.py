"""X and Z reports: a day of 1,500 sales in four shifts, on top of very many past ones."""

import random
import tempfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter_ns

from pos_app.domain.cash_count import CashCount, put_loose
from pos_app.domain.cash_movement import MovementKind
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.services.checkout import Checkout
from pos_app.services.shifts import Shifts
from pos_app.store.store import Store, open_store
from tests.benchmarks.bench_sale import PRODUCTS
from tests.benchmarks.figures import MS, Figure, Size, median
from tests.benchmarks.shops import copy_of, kept_folder, now, product_id, shop_with_sales

PAST = {Size.TINY: 40, Size.QUICK: 20_000, Size.FULL: 1_000_000}
SALES = {Size.TINY: 20, Size.QUICK: 1_500, Size.FULL: 1_500}
SHIFTS, LINES = 4, 5
BAR_MS = 100.0


def measure(size: Size) -> list[Figure]:
    with tempfile.TemporaryDirectory(dir=kept_folder()) as folder:
        past = shop_with_sales(PAST[size], PRODUCTS)
        with open_store(copy_of(past, Path(folder))) as store:
            return _measure(size, store)


def _measure(size: Size, store: Store) -> list[Figure]:
    tomorrow = timedelta(days=1)
    shifts, checkout = Shifts(store, lambda: now() + tomorrow), Checkout(store, now)
    dice = random.Random(5)
    opening_ms = _timed(lambda: shifts.open([_euros("100")]))
    reads: list[float] = []
    closings: list[float] = []
    for turn in range(SHIFTS):
        if turn:
            shifts.open([_euros("100")])
        _sell(store, checkout, SALES[size] // SHIFTS, PRODUCTS, dice)
        for number in range(20):
            shifts.move(MovementKind.PAY_IN, Money(100 + number, "EUR"), "change")
        reads += [_timed(shifts.figures) for _ in range(5)]
        reads.append(_timed(shifts.read_x))
        expected = shifts.figures().drawers[0].expected
        shift = shifts.confirm_count([_euros(expected.amount)])
        closings.append(_timed(lambda shift=shift: shifts.close(shift.id)))
    shifts.open([_euros("100")])
    _sell(store, checkout, SALES[size], PRODUCTS, dice)
    whole = [_timed(shifts.figures) for _ in range(5)]
    shifts.confirm_count([_euros("100")])
    causes = [_timed(shifts.causes) for _ in range(3)]
    per_shift = SALES[size] // SHIFTS
    past = f"on top of {PAST[size]:,} past sales"
    return [
        Figure(f"X, a shift of {per_shift:,} sales, slowest", max(reads), bar=BAR_MS, note=past),
        Figure("Z, the same, durable, slowest", max(closings), bar=BAR_MS),
        Figure(f"X, one shift of {SALES[size]:,} sales, median", median(whole), bar=BAR_MS),
        Figure("why the drawer differs, the same shift, median", median(causes)),
        Figure("the first shift ever opened", opening_ms, note="sums all past turnover once"),
    ]


def _sell(store: Store, checkout: Checkout, count: int, products: int, dice: random.Random) -> None:
    with store.transaction() as tx:
        for _ in range(count):
            cart = checkout.new_cart()
            for _ in range(LINES):
                cart = checkout.add(cart, product_id(dice.randrange(products)))
            method = dice.choice((TenderMethod.CASH, TenderMethod.CASH, TenderMethod.CARD))
            checkout.complete_in(tx, cart, [TenderRequest(method)])


def _euros(amount: Decimal | str) -> CashCount:
    return put_loose(CashCount("EUR"), Decimal(amount))


def _timed(do) -> float:  # type: ignore[no-untyped-def]
    begun = perf_counter_ns()
    do()
    return (perf_counter_ns() - begun) / MS

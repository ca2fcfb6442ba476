"""Stock while other things happen: a kill at any statement, and selling beside a stock take.

`python -m tests.services.test_stock_under_fire 500` kills at 500 random places.
"""

import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter as Tally
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.delivery import DeliveryState
from pos_app.domain.facts import FactKind
from pos_app.domain.stock import MoveReason
from pos_app.domain.stock_rule import StockRule
from pos_app.domain.stock_take import TakeState
from pos_app.services.receiving import Receiving
from pos_app.services.stock import StockRoom
from pos_app.services.stock_records import RULE
from pos_app.services.stock_takes import StockTakes
from pos_app.services.verification import verify
from pos_app.store.store import open_store
from tests.store.killed_at_the_shelf import STEPS
from tests.store.shops import (
    START,
    Counter,
    behind_our_back,
    new_shop,
    new_store,
    product,
    product_id,
)

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tests" / "store" / "killed_at_the_shelf.py"
LOW_LIST_MS = 1000  # a tenth of it on a quiet machine; only an accident needs more


@pytest.fixture(autouse=True)
def _keys_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_APP_KEYS", "file")


def kill_once(path: Path, left: int) -> list[str]:
    """Let a process work until statement `left`, and say what it had told until then."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(path), str(left)],
        env={**os.environ, "POS_APP_KEYS": "file", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    return done.stdout.split("\n")[1:-1]


def check_after_kill(path: Path, told: list[str]) -> None:
    """What was told is there once; the one step on the way is there whole, or not at all."""
    assert verify(path).faults == ()
    steps = [f"{what} {number}" for what, number in STEPS]
    told = [one for one in told if one != "whole"]
    assert told == steps[: len(told)]
    could = (told, steps[: len(told) + 1])
    with open_store(path) as store:
        checkout = Counter(store).checkout
        receiving, takes = Receiving(checkout), StockTakes(checkout)
        (delivery,), (take,) = receiving.latest(), takes.latest()
        received = Tally({one.product_id: int(one.quantity) for one in receiving.lines(delivery)})
        counted = Tally({one.product_id: int(one.counted) for one in takes.counts(take)})
        found = (
            received,
            counted,
            delivery.state is DeliveryState.BOOKED,
            take.state is TakeState.BOOKED,
        )
        assert found in [outcome(steps) for steps in could]
        for number in (1, 2, 3):
            level = store.stock.level(product_id(number), "shop")
            wanted = received[product_id(number)] if found[2] else 0
            if found[3] and product_id(number) in counted:
                wanted = counted[product_id(number)]
            assert level == wanted


def outcome(steps: list[str]) -> tuple[Tally[str], Tally[str], bool, bool]:
    received: Tally[str] = Tally()
    counted: Tally[str] = Tally()
    for step in steps:
        what, number = step.split()
        if what in ("receive", "count"):
            (received if what == "receive" else counted)[product_id(int(number))] += 1
    return received, counted, "book 0" in steps, "take 0" in steps


@pytest.mark.parametrize("left", [0, 3, 11, 17, 26, 40, 55, 63, 90, 10_000])
def test_a_kill_at_any_statement_loses_nothing_and_doubles_nothing(
    tmp_path: Path, left: int
) -> None:
    path = tmp_path / "shop.db"
    new_shop(path).close()
    check_after_kill(path, kill_once(path, left))


def test_selling_in_another_thread_goes_on_during_a_stock_take(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    store = new_shop(path)
    counter = Counter(store)
    for number in (1, 2, 3):
        counter.deliver(number, "1000")
    takes = StockTakes(counter.checkout)
    take = takes.begin("Shelf 1")
    sold: Tally[int] = Tally()
    wrong: list[Exception] = []
    stop = threading.Event()

    def sell() -> None:
        try:
            own = Counter(store)
            while not stop.is_set():
                number = 1 + sum(sold.values()) % 3
                own.sell(number)
                sold[number] += 1
        except Exception as error:  # noqa: BLE001 - told to the test
            wrong.append(error)

    seller = threading.Thread(target=sell)
    seller.start()
    while not sold and not wrong:
        time.sleep(0.001)
    try:
        # One of each product is missing from the shelf; each is counted at one go.
        slowest = 0.0
        for number in (1, 2, 3):
            start = time.perf_counter()
            level = store.stock.level(product_id(number), "shop")
            count = takes.count(take, product(number), level)
            takes.count(take, product(number), count.expected - 1 - level, adds=True)
            slowest = max(slowest, time.perf_counter() - start)
        takes.book(takes.review(take))
    finally:
        stop.set()
        seller.join(30)
    assert wrong == []
    assert sum(sold.values()) >= 1
    for number in (1, 2, 3):
        assert store.stock.level(product_id(number), "shop") == 999 - sold[number]
    store.close()
    assert verify(path).faults == ()


def test_the_low_list_of_a_hundred_thousand_rules_is_quick(tmp_path: Path) -> None:
    """Printed by `pytest -s`; a few products are below their point, as in a shop that orders."""
    store = new_store(tmp_path / "shop.db", 1)
    count = 100_000
    with store.transaction() as tx:
        tx.products.save_many(
            [product(number, taxes=(), barcodes=()) for number in range(2, count + 1)]
        )
    rule = StockRule(product_id(1), reorder_at=Decimal(3), reorder_to=Decimal(10))
    with store.transaction() as tx:
        tx.records.put(RULE, rule, FactKind.STOCK_RULE_SAVED, START, "1")
    store.close()
    behind_our_back(
        tmp_path / "shop.db",
        "INSERT INTO records SELECT r.record, p.id, r.code, r.place, r.is_open, "
        "replace(r.state, r.id, p.id), r.seq FROM products p, records r "
        "WHERE r.record = 'stock_rule' AND p.id <> r.id",
        "INSERT OR REPLACE INTO stock_levels SELECT id, 'shop', "
        "CASE WHEN substr(id, -3) = '007' THEN 1000000 ELSE 50000000 END FROM products",
    )
    with open_store(tmp_path / "shop.db") as store:
        room = StockRoom(Counter(store).checkout)
        room.to_order()
        times = []
        for _ in range(5):
            start = time.perf_counter()
            found = room.to_order()
            times.append((time.perf_counter() - start) * 1000)
    print(f"low list: {len(found)} of {count} products in {min(times):.0f} ms")
    assert len(found) == 100
    assert min(times) < LOW_LIST_MS


def test_an_average_that_no_delivery_made_is_found(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    store = new_shop(path)
    receiving = Receiving(Counter(store).checkout)
    delivery = receiving.begin()
    line = receiving.add(delivery, product(1), Decimal(4))
    receiving.change(replace(line, unit_cost=Decimal(3)))
    original, receiving._renew_cost = receiving._renew_cost, lambda *_: None  # type: ignore[method-assign]
    receiving.book(delivery)
    receiving._renew_cost = original  # type: ignore[method-assign]
    store.close()
    faults = verify(path).faults
    assert any("average costs" in fault.sentence for fault in faults)


def test_a_stock_take_that_moved_something_else_is_found(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    store = new_shop(path)
    counter = Counter(store)
    takes = StockTakes(counter.checkout)
    take = takes.begin("Shelf 1")
    takes.count(take, product(1), Decimal(4))
    move_in = counter.checkout.move_stock_in
    counter.checkout.move_stock_in = lambda tx, moves, at: move_in(  # type: ignore[method-assign]
        tx, tuple(replace(move, quantity=move.quantity + 1) for move in moves), at
    )
    takes.book(takes.review(take))
    assert store.stock.of_product(product_id(1))[0].move.reason is MoveReason.COUNT
    store.close()
    faults = verify(path).faults
    assert any("by its differences" in fault.sentence for fault in faults)


def main() -> int:
    dice = random.Random(time.time_ns())
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    os.environ["POS_APP_KEYS"] = "file"
    for turn in range(kills):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "shop.db"
            new_shop(path).close()
            check_after_kill(path, kill_once(path, dice.randint(0, 160)))
        if turn % 25 == 24:
            print(f"{turn + 1} kills, nothing lost, nothing doubled", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Receives, books and counts until it kills itself with SIGKILL before statement N.

Each gesture that has come back is told on a line of its own, which the parent reads.
"""

import os
import signal
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from pos_app.services.receiving import Receiving
from pos_app.services.stock_takes import StockTakes
from pos_app.store.store import open_store
from tests.store.shops import Counter, product

os.environ["POS_APP_KEYS"] = "file"
STEPS = (
    *(("receive", number) for number in (1, 2, 1, 3)),
    ("book", 0),
    *(("count", number) for number in (1, 2, 1)),
    ("take", 0),
)


class Dying:
    """A connection that counts statements down to its death."""

    def __init__(self, raw: Any, left: int) -> None:
        self.raw = raw
        self.left = left

    def __getattr__(self, name: str) -> Any:
        if name in ("execute", "executemany"):
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            self.left -= 1
        return getattr(self.raw, name)


def work(path: Path, left: int) -> None:
    """Do every step, telling each, and die on the way."""
    store = open_store(path)
    checkout = Counter(store).checkout
    receiving, takes = Receiving(checkout), StockTakes(checkout)
    delivery, take = receiving.begin(), takes.begin("Shelf 1")
    print("begun", flush=True)
    database = store._own.database
    database.raw = Dying(database.raw, left)
    for what, number in STEPS:
        if what == "receive":
            receiving.add(delivery, product(number))
        elif what == "book":
            receiving.book(delivery)
        elif what == "count":
            takes.count(take, product(number), Decimal(1), adds=True)
        else:
            takes.book(takes.review(take))
        print(f"{what} {number}", flush=True)


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]))
    print("whole", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

"""Sells once and kills itself with SIGKILL before statement N of that transaction."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from pos_app.store.store import open_store
from tests.store.shops import CASH, Counter

os.environ["POS_APP_KEYS"] = "file"
store = open_store(Path(sys.argv[1]))
counter = Counter(store)
cart = counter.cart(1, 2)
counter.checkout.keep(cart)


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


database = store._own.database
database.raw = Dying(database.raw, int(sys.argv[2]))
counter.checkout.complete(cart, CASH)
os.kill(os.getpid(), signal.SIGKILL)

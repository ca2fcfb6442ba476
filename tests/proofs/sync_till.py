"""A till in a process of its own that joins a head office, sells, and keeps the two alike.

`python tests/proofs/sync_till.py --store FILE --office URL --code CODE --sales N --seed 1` sells
until the store has so many documents, then only keeps in touch. It may be killed at any moment and
started again with the same words. Each line on standard output is a promise (JSON): what was
committed, and how things stand with head office. It ends when its standard input does.
"""

import argparse
import json
import logging
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

os.environ.setdefault("POS_APP_KEYS", "file")
if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pos_app.domain.errors import PosError
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout
from pos_app.services.customers import Customers
from pos_app.services.returning import Returning
from pos_app.store.store import Store, open_store
from pos_app.sync.enrolment import enrol
from pos_app.sync.http_transport import HttpTransport
from pos_app.sync.remote import remote_in
from pos_app.sync.runner import Listeners, SyncRunner
from pos_app.sync.status import SyncStatus
from tests.proofs.small_shop import CUSTOMERS, PRODUCTS

TRY_AGAIN_S = 0.2


def now() -> datetime:
    return datetime.now(UTC)


def tell(what: str, **more: object) -> None:
    """Write one line at once, so that it counts however the process ends."""
    os.write(1, json.dumps({"what": what, **more}).encode() + b"\n")


class Seller:
    """Whoever stands at the till."""

    def __init__(self, store: Store, dice: random.Random) -> None:
        self.store, self.dice = store, dice
        self.checkout = Checkout(store, now)
        self.returning = Returning(self.checkout)

    def gesture(self) -> None:
        """Do one thing that happens in a shop."""
        doings: tuple[tuple[Callable[[], None], int], ...] = (
            (self.sell, 90),
            (self.void, 3),
            (self.receive, 3),
            (self.change_customer, 2),
            (self.change_price, 2),
        )
        self.dice.choices([doing for doing, _ in doings], [weight for _, weight in doings])[0]()

    def sell(self) -> None:
        """Sell one to five lines, for cash or by card."""
        cart = self.checkout.new_cart()
        for product in self.dice.choices(PRODUCTS, k=self.dice.randint(1, 5)):
            cart = self.checkout.add(cart, product.id)
        method = self.dice.choice((TenderMethod.CASH, TenderMethod.CARD))
        sale = self.checkout.complete(cart, [TenderRequest(method)])
        tell("sold", number=sale.number, due=sale.amount_due.minor)

    def void(self) -> None:
        """Undo the last document, where that can be."""
        last = self.store.sales.last()
        if last is None or last.voids:
            return
        void = self.returning.void(last.id, "wrong customer")
        tell("sold", number=void.number, due=void.amount_due.minor)

    def receive(self) -> None:
        """Put goods on the shelf."""
        product = self.dice.choice(PRODUCTS)
        move = StockMove(
            product.id, self.checkout.shop.location, Decimal(5), MoveReason.RECEIPT, "delivery"
        )
        with self.store.transaction() as tx:
            self.checkout.move_stock_in(tx, (move,))

    def change_customer(self) -> None:
        """Write down another telephone number, as another till may at the same time."""
        known = self.store.customers.get(self.dice.choice(CUSTOMERS).id)
        if known is not None:
            phone = str(self.dice.randint(100_000, 999_999))
            Customers(self.store, now).save(replace(known, phone=phone), known)

    def change_price(self) -> None:
        """Change the price of an article."""
        known = self.store.products.get(self.dice.choice(PRODUCTS).id)
        if known is not None:
            price = Decimal(self.dice.randint(50, 900)) / 100
            Catalogue(self.store, now).save_product(replace(known, price=price))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--office", required=True)
    parser.add_argument("--code", required=True)
    parser.add_argument("--sales", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause-ms", type=float, default=0)
    options = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    end = threading.Event()
    threading.Thread(target=_hear_the_end, args=(end,), daemon=True).start()
    with open_store(options.store) as store:
        _join(store, options, end)
        runner = SyncRunner(store, now, Listeners(status=_tell_status))
        runner.start()
        try:
            _sell(store, options, end, runner)
            end.wait()
        finally:
            runner.stop()
    tell("ended")
    return 0


def _hear_the_end(end: threading.Event) -> None:
    while os.read(0, 4_096):
        pass
    end.set()


def _join(store: Store, options: argparse.Namespace, end: threading.Event) -> None:
    """Come to head office by the code, however often it takes."""
    transport = HttpTransport()
    while remote_in(store.remotes) is None and not end.is_set():
        try:
            enrol(store, options.office, options.code, transport, now())
        except PosError as refusal:
            tell("not joined", why=str(refusal))
            end.wait(TRY_AGAIN_S)
    transport.close()
    tell("joined")


def _sell(
    store: Store, options: argparse.Namespace, end: threading.Event, runner: SyncRunner
) -> None:
    while not end.is_set() and store.products.get(PRODUCTS[-1].id) is None:
        end.wait(0.05)  # the first till's catalogue is on its way
    count = store.sales.count()
    dice = random.Random(f"{options.seed} {count}")
    seller = Seller(store, dice)
    while count < options.sales and not end.is_set():
        seller.gesture()
        runner.wake()
        if options.pause_ms:
            time.sleep(dice.expovariate(1_000 / options.pause_ms))
        count = store.sales.count()
    tell("sold all", count=count)


def _tell_status(status: SyncStatus) -> None:
    proof: Any = status.proof
    tell(
        "status",
        phase=status.phase.value,
        detail=status.detail,
        unsent=status.backlog.entries,
        heads=proof.verdict.value if proof is not None else "",
        is_genuine=proof is not None and proof.is_genuine,
        revision=status.revision,
    )


if __name__ == "__main__":
    sys.exit(main())

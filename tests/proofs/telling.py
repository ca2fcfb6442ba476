"""The real checkout and receipts, telling the outside what they write before and after they do."""

import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pos_app.domain import facts
from pos_app.domain.cart import Cart
from pos_app.domain.payment import TenderRequest
from pos_app.domain.pricing import Priced
from pos_app.domain.sale import Sale
from pos_app.services.checkout import Checkout
from pos_app.services.receipts import Receipts
from pos_app.store.store import Store
from tests.proofs.found import cart_text, sale_text


class Teller:
    """Tells the outside what happens, one line at a time, through a file handle."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self.landed: list[dict[str, Any]] = []
        self.gestures = 0

    def tell(self, what: str, **more: Any) -> None:
        os.write(self._handle, json.dumps({"what": what, **more}).encode() + b"\n")

    @contextmanager
    def writing(self, change: str, **more: Any) -> Iterator[dict[str, Any]]:
        """Announce a change before it is written, and remember it when it landed."""
        told = {"change": change, **more}
        self.tell("next", **told)
        yield told
        self.landed.append(told)

    def done(self, store: Store, cart: Cart) -> None:
        """Tell what the cashier sees after a gesture."""
        landed, self.landed = self.landed, []
        self.gestures += 1
        entries = store.journal.count()
        self.tell("done", cart=cart_text(cart), landed=landed, entries=entries)


class TroubleTeller(logging.Handler):
    """Tells of every error that the till logs: none is expected."""

    def __init__(self, teller: Teller) -> None:
        super().__init__(logging.ERROR)
        self._teller = teller

    def emit(self, record: logging.LogRecord) -> None:
        self._teller.tell("trouble", text=self.format(record))


class ToldCheckout(Checkout):
    """The real checkout, announcing each write before it is made."""

    teller: Teller

    def keep(self, cart: Cart | None) -> None:
        with self.teller.writing("cart", cart=cart_text(cart)):
            super().keep(cart)

    def complete(
        self, cart: Cart, requests: Sequence[TenderRequest], priced: Priced | None = None
    ) -> Sale:
        with self.teller.writing("sold", id=cart.id) as told:
            sale = super().complete(cart, requests, priced)
            told.update(id=sale.id, sale=sale_text(sale))
        return sale

    def park(self, cart: Cart, name: str = "") -> None:
        with self.teller.writing("parked", id=cart.id, cart=cart_text(cart)):
            super().park(cart, name)

    def recall(self, parked_id: str) -> Cart:
        with self.teller.writing("recalled", id=parked_id):
            return super().recall(parked_id)

    def open_drawer(self, reason: str = "") -> None:
        with self.teller.writing("fact"):
            super().open_drawer(reason)

    def _write(self, fact: facts.Fact, draft: Cart | None) -> None:
        with self.teller.writing("cart", cart=cart_text(draft)):
            super()._write(fact, draft)


class ToldReceipts(Receipts):
    """The real receipts, announcing each copy before it is ordered."""

    teller: Teller

    def reprint(self, sale: Sale) -> None:
        with self.teller.writing("copied", id=sale.id):
            super().reprint(sale)

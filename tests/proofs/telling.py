"""The real checkout and receipts, telling the outside what they write before and after they do."""

import json
import logging
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pos_app.domain import facts
from pos_app.domain.cart import Cart, SaleKind
from pos_app.domain.cart_parts import merge_carts, split_cart
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.pricing import Priced
from pos_app.domain.product import ProductKind
from pos_app.domain.return_settings import ReturnSettings
from pos_app.domain.sale import Sale
from pos_app.services.checkout import Checkout
from pos_app.services.receipts import Receipts
from pos_app.services.returning import Returning
from pos_app.store.store import Store
from pos_app.store.transaction import Transaction
from tests.proofs.found import cart_text, records_in, sale_text

# Entries that a document may write beside its own: a movement, an approval, what cards hold.
BESIDE = 8
_PLAIN = (ProductKind.GOODS, ProductKind.SERVICE, ProductKind.MANUAL)


class Teller:
    """Tells the outside what happens, one line at a time, through a file handle."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self.landed: list[dict[str, Any]] = []
        self.gestures = 0
        self.refused = 0
        self._records: dict[str, str] = {}

    def tell(self, what: str, **more: Any) -> None:
        os.write(self._handle, json.dumps({"what": what, **more}).encode() + b"\n")

    @contextmanager
    def writing(self, change: str, **more: Any) -> Iterator[dict[str, Any]]:
        """Announce a change before it is written, and remember it when it landed."""
        told = {"change": change, **more}
        self.tell("next", **told)
        yield told
        self.landed.append(told)

    def done(self, store: Store, cart: Cart | None) -> None:
        """Tell what the cashier sees after a gesture."""
        landed, self.landed = self.landed, []
        self.gestures += 1
        entries = store.journal.count()
        records = records_in(store)
        news = {key: text for key, text in records.items() if self._records.get(key) != text}
        self._records = records
        self.tell("done", cart=cart_text(cart), landed=landed, entries=entries, records=news)


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
    _split: dict[str, Any] = {}  # noqa: RUF012 - replaced, never changed in place
    voiding: dict[str, Any] = {}  # noqa: RUF012 - as above

    def keep(self, cart: Cart | None, *more: Any) -> None:
        with self.teller.writing("cart", cart=cart_text(cart)):
            super().keep(cart, *more)

    def complete(
        self, cart: Cart, requests: Sequence[TenderRequest], priced: Priced | None = None
    ) -> Sale:
        moves = moves_beside(cart, self.shop.returns)
        most = BESIDE + moves if beside_itself(cart, requests) else 1 + moves
        with self.teller.writing("sold", id=cart.id, moves=moves, most=most) as told:
            sale = super().complete(cart, requests, priced)
            told.update(id=sale.id, sale=sale_text(sale))
        return sale

    def park(self, cart: Cart, name: str = "") -> None:
        with self.teller.writing("parked", id=cart.id, cart=cart_text(cart)):
            super().park(cart, name)

    def split(self, cart: Cart, line_ids: Collection[int], name: str = "") -> Cart:
        stays, _ = split_cart(cart, line_ids, "later")
        self._split = {"change": "split", "cart": cart_text(stays)}
        try:
            rest = super().split(cart, line_ids, name)
            self.teller.landed.append(self._split)
        finally:
            self._split = {}
        return rest

    def merge(self, cart: Cart, parked_id: str) -> Cart:
        other = self.store.parked.get(parked_id)
        assert other is not None
        joined = cart_text(merge_carts(cart, other))
        with self.teller.writing("merged", id=parked_id, cart=joined):
            return super().merge(cart, parked_id)

    def _park_in(self, tx: Transaction, cart: Cart, name: str) -> None:
        if self._split:  # only now there is an id for what is split off
            self._split.update(id=cart.id, goes=cart_text(cart))
            self.teller.tell("next", **self._split)
        super()._park_in(tx, cart, name)

    def void_in(self, tx: Transaction, original: Sale, sale_id: str, reason: str) -> Sale:
        moves = moves_beside(original, self.shop.returns)
        self.voiding = {"change": "sold", "id": sale_id, "moves": moves, "most": BESIDE + moves}
        self.voiding["keeps_cart"] = True
        self.teller.tell("next", **self.voiding)
        return super().void_in(tx, original, sale_id, reason)

    def recall(self, parked_id: str) -> Cart:
        with self.teller.writing("recalled", id=parked_id):
            return super().recall(parked_id)

    def open_drawer(self, reason: str = "") -> None:
        with self.teller.writing("fact"):
            super().open_drawer(reason)

    def discard(self, cart: Cart) -> None:
        if cart.is_empty:
            super().discard(cart)
            return
        with self.teller.writing("cart", cart=cart_text(None)):
            super().discard(cart)

    def _write(self, fact: facts.Fact, draft: Cart, *requests: Any) -> None:
        with self.teller.writing("cart", cart=cart_text(draft)):
            super()._write(fact, draft, *requests)


def moves_beside(document: Cart | Sale, settings: ReturnSettings) -> int:
    """How often stock moves beside a document: once where goods that came back are spoilt."""
    spoilt = {reason.text for reason in settings.reasons if reason.written_off}
    kind = document.kind in (SaleKind.RETURN, SaleKind.EXCHANGE)
    back = [line for line in document.lines if line.quantity < 0 and line.product_id]
    return int(kind and any(line.returns and line.returns.reason in spoilt for line in back))


def beside_itself(cart: Cart, requests: Sequence[TenderRequest]) -> bool:
    """Whether a document may move more than goods and money."""
    held = any(line.kind not in _PLAIN for line in cart.lines)
    return (
        held
        or bool(cart.order_id)
        or any(request.method not in (TenderMethod.CASH, TenderMethod.CARD) for request in requests)
    )


class ToldReturning(Returning):
    """The real returning, telling of a void when it has landed."""

    def void(self, sale_id: str, reason: str) -> Sale:
        checkout = self._checkout
        assert isinstance(checkout, ToldCheckout)
        checkout.voiding = {}
        sale = super().void(sale_id, reason)
        if checkout.voiding:
            checkout.voiding["sale"] = sale_text(sale)
            checkout.teller.landed.append(checkout.voiding)
        return sale


class ToldReceipts(Receipts):
    """The real receipts, announcing each copy before it is ordered."""

    teller: Teller

    def reprint(self, sale: Sale) -> None:
        with self.teller.writing("copied", id=sale.id):
            super().reprint(sale)

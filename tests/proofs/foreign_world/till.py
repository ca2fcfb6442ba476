"""One till in the world: the real store, the real engine, and a process that can die."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.cart import SaleKind, choose_customer
from pos_app.domain.errors import PosError
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.sale import Sale
from pos_app.services.checkout import Checkout
from pos_app.services.returning import Returning
from pos_app.store.foreign import Held, HeldState
from pos_app.store.store import Store, open_store
from pos_app.store.transaction import Transaction
from pos_app.sync.connections import Entered, add_connection
from pos_app.sync.foreign import ForeignEngine
from pos_app.sync.foreign_status import Turn
from pos_app.sync.knowing import PRODUCT, product_key
from tests.proofs.foreign_world.shop import CUSTOMERS, PRODUCTS
from tests.proofs.foreign_world.wire import ForeignWire, Killed

if TYPE_CHECKING:
    from tests.proofs.foreign_world.world import World

URL = "http://127.0.0.1:8700"
log = logging.getLogger(__name__)
_OPEN = (HeldState.AGAIN, HeldState.ANEW, HeldState.FAULTY)


@dataclass(frozen=True, slots=True)
class Setup:
    """How a till's connection is entered."""

    api: str
    key: str
    user: str
    options: Mapping[str, str]
    url: str = URL


class Till:
    """A till that can be killed at any time; `dice` draws what it does."""

    def __init__(self, world: "World", path: Path, wire: ForeignWire, setup: Setup) -> None:
        self.world, self.path, self.wire, self.setup = world, path, wire, setup
        self.dice = wire.dice
        self.deaths = 0
        self.due = world.now
        self.is_idle = self._is_stepping = False
        self._is_pausing = False
        self.store: Store | None = None
        self.remote = ""
        self.customers = CUSTOMERS
        self.cut_off: set[str] = set()  # numbers of what a death left without an answer

    def switch_on(self) -> None:
        """Start the program; the first time, the connection is set up."""
        self.store = open_store(self.path)
        self.checkout = Checkout(self.store, lambda: self.world.now)
        self.returning = Returning(self.checkout)
        if self.setup.api == "feed":
            return  # nothing is sent there
        if not self.remote:
            entered = Entered(
                self.setup.api, "Remote", self.setup.url, self.setup.key, self.setup.user,
                options=self.setup.options,
            )  # fmt: skip
            made = add_connection(self.store, entered, self.world.now)
            self._connection, self.remote = made.id, made.remote
            if self.setup.options.get("product_ids") == "mapping":
                self._enter_product_ids()
        self.engine = ForeignEngine(
            self.store, self._connection, self.wire, lambda: self.world.now, self.dice
        )
        self.due, self._is_pausing, self.is_idle = self.world.now, False, False
        self.cut_off |= set(self._in_flight())

    def switch_off(self) -> None:
        """End the program; killed or in peace is all the same to what is on the disk."""
        store, self.store = self.store, None
        if store is None:
            return
        for session in (store._own, *(one for _, one in store._others.values())):
            session.database.close()
        store._lock.release()  # the operating system does so for a dead process

    def step(self) -> None:
        """Let the engine do its next step, and see when the one after is due."""
        self._is_stepping = True
        try:
            turn = self.engine.step()
        except Killed:
            self.die()
            return
        finally:
            self._is_stepping = False
        self._take(turn)

    def _take(self, turn: Turn) -> None:
        self.is_idle, self._is_pausing = turn.is_idle, turn.is_pause
        self.due = self.world.now + timedelta(seconds=turn.wait_s)

    def die(self) -> None:
        """Lose the process now; somebody starts it again some seconds later."""
        self.deaths += 1
        self.switch_off()
        self.due = datetime.max.replace(tzinfo=self.world.now.tzinfo)
        self.world.after(self.dice.choice((0.5, 20.0, 200.0)), self.switch_on)

    def commit(self, transaction: Transaction, real: Callable[[Transaction], None]) -> None:
        """Stand in for the store's commit, so that the till can die before it or after it."""
        is_fatal = self._is_stepping and self.dice.random() < self.wire.weather.commit_kill
        if is_fatal and self.dice.random() < 0.5:
            raise Killed
        real(transaction)
        if is_fatal:
            raise Killed

    def do(self, gesture: Callable[["Till"], None]) -> None:
        """Let the cashier do something, if the till runs; refusals are for the cashier."""
        if self.store is None:
            return
        try:
            gesture(self)
        except PosError as refusal:
            log.debug("%s", refusal)
        self.is_idle = False
        if not self._is_pausing:
            self.due = min(self.due, self.world.now)

    def held(self, *states: HeldState) -> list[Held]:
        """Return what was put aside."""
        assert self.store is not None
        return self.store.foreign.held(self.remote, *states)

    def is_done(self) -> bool:
        """Whether nothing is left that the engine does by itself."""
        if self.store is None or not self.is_idle:
            return False
        return not self.held(*_OPEN)

    def sales(self) -> list[Sale]:
        """Return every document of the checkout, in order."""
        assert self.store is not None
        return [sale for _, sale in self.store.sales.stream()]

    def _enter_product_ids(self) -> None:
        """Enter what the remote calls each product; head office calls them as the till does."""
        assert self.store is not None
        with self.store.transaction() as tx:
            for product in PRODUCTS:
                ids = {PRODUCT: product.id}
                tx.foreign.remember(self.remote, product_key(product.id), ids)

    def _in_flight(self) -> Iterator[str]:
        """Return the numbers of documents that were written down as about to leave."""
        assert self.store is not None
        for sale in self.sales():
            keys = (f"{kind} {sale.id}" for kind in ("sale", "void", "return"))
            if any(self.store.foreign.attempt(self.remote, key) for key in keys):
                yield sale.number

    # What happens at the counter.

    def sell(self) -> None:
        """Sell one to three things, to somebody or to whoever comes."""
        cart = self.checkout.new_cart()
        for _ in range(self.dice.randint(1, 3)):
            product = self.dice.choice(PRODUCTS)
            quantity = Decimal(self.dice.choice(("0.345", "1.2") if product.code == "4" else "123"))
            cart = self.checkout.add(cart, product.id, quantity)
        if self.dice.random() < 0.4:
            cart = choose_customer(cart, self.dice.choice(self.customers))
        method = self.dice.choice((TenderMethod.CASH, TenderMethod.CARD))
        self.checkout.complete(cart, (TenderRequest(method),))

    def sell_the_same(self) -> None:
        """Sell one piece of one thing to whoever comes, as a shop does all day."""
        cart = self.checkout.add(self.checkout.new_cart(), PRODUCTS[1].id)
        self.checkout.complete(cart, (TenderRequest(TenderMethod.CASH),))

    def void(self) -> None:
        """Undo a document."""
        sales = self.sales()
        if sales:
            self.returning.void(self.dice.choice(sales).id, "Wrong payment")

    def void_sale(self) -> None:
        """Undo a sale, where nothing of it came back."""
        sales = [one for one in self.sales() if one.kind is SaleKind.SALE]
        if sales:
            self.returning.void(self.dice.choice(sales).id, "Wrong payment")

    def give_back(self) -> None:
        """Take back what is left of a document."""
        sales = self.sales()
        sale = self.dice.choice(sales) if sales else None
        if sale is None or not self.returning.returnable(sale):
            return
        cart = self.returning.give_back_all(self.returning.begin(sale), sale, "Faulty")
        self.checkout.complete(cart, self.returning.refund(cart))

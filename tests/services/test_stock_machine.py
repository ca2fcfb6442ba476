"""Whatever comes in, goes out, moves and is counted: books are the sum of movements and the shelf.

The model keeps the goods that are really there. Some vanish without a word; a stock take finds
that out although selling goes on while it counts.
"""

import os
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pos_app.domain.delivery import Delivery
from pos_app.domain.errors import PosError
from pos_app.domain.stock_take import StockTake, TakeState
from pos_app.services.receiving import Receiving
from pos_app.services.returning import Returning
from pos_app.services.stock import StockRoom
from pos_app.services.stock_takes import StockTakes
from pos_app.services.verification import verify
from pos_app.store.store import open_store
from tests.store.shops import CASH, Counter, new_shop, product, product_id

SHOP, CELLAR = "shop", "cellar"
NUMBERS = st.integers(1, 3)
QUANTITIES = st.integers(1, 9).map(Decimal)
COSTS = st.sampled_from([None, Decimal("0.99"), Decimal("1.2345"), Decimal(2)])


class Goods(RuleBasedStateMachine):
    """A shop with a cellar, a delivery in progress, and a stock take that goes on for days."""

    def __init__(self) -> None:
        super().__init__()
        os.environ.setdefault("POS_APP_KEYS", "file")
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "shop.db"
        new_shop(self.path).close()
        self.there: dict[tuple[int, str], Decimal] = {}
        self.counted: set[int] = set()
        self.vanished_since_count: set[int] = set()
        self.received: dict[int, Decimal] = {}
        self.delivery: Delivery | None = None
        self.take: StockTake | None = None
        self.open()

    def open(self) -> None:
        self.store = open_store(self.path)
        self.counter = Counter(self.store)
        checkout = self.counter.checkout
        self.stock, self.takes = StockRoom(checkout), StockTakes(checkout)
        self.receiving, self.returning = Receiving(checkout), Returning(checkout)

    def change(self, number: int, place: str, quantity: Decimal) -> None:
        self.there[number, place] = self.there.get((number, place), Decimal(0)) + quantity

    @rule(number=NUMBERS, quantity=QUANTITIES)
    def sell(self, number: int, quantity: Decimal) -> None:
        checkout = self.counter.checkout
        cart = checkout.add(checkout.new_cart(), product_id(number), quantity)
        checkout.complete(cart, CASH)
        self.change(number, SHOP, -quantity)

    @rule()
    def bring_the_last_sale_back(self) -> None:
        sale = self.store.sales.last()
        if sale is None:
            return
        try:
            cart = self.returning.give_back_all(self.returning.begin(sale), sale, "Not needed")
        except PosError:
            return
        self.counter.checkout.complete(cart, self.returning.refund(cart))
        for line in cart.lines:
            number = int((line.product_id or "0")[-3:])
            self.change(number, SHOP, -line.quantity)

    @rule(number=NUMBERS, quantity=QUANTITIES, cost=COSTS)
    def receive(self, number: int, quantity: Decimal, cost: Decimal | None) -> None:
        if self.delivery is None:
            self.delivery = self.receiving.begin(document="D 1")
        line = self.receiving.add(self.delivery, product(number), quantity)
        self.receiving.change(replace(line, unit_cost=cost))
        self.received[number] = self.received.get(number, Decimal(0)) + quantity

    @precondition(lambda self: self.delivery is not None)
    @rule()
    def book_the_delivery(self) -> None:
        assert self.delivery is not None
        self.receiving.book(self.delivery)
        with pytest.raises(PosError):
            self.receiving.book(self.delivery)
        for number, quantity in self.received.items():
            self.change(number, SHOP, quantity)
        self.delivery, self.received = None, {}

    @rule(number=NUMBERS, quantity=QUANTITIES, to_cellar=st.booleans())
    def carry(self, number: int, quantity: Decimal, to_cellar: bool) -> None:
        origin, target = (SHOP, CELLAR) if to_cellar else (CELLAR, SHOP)
        self.stock.transfer(product(number), origin, target, quantity)
        self.change(number, origin, -quantity)
        self.change(number, target, quantity)

    @rule(number=NUMBERS, quantity=QUANTITIES)
    def write_off(self, number: int, quantity: Decimal) -> None:
        self.stock.write_off(product(number), SHOP, quantity, "Broken")
        self.change(number, SHOP, -quantity)

    @rule(number=NUMBERS, quantity=QUANTITIES)
    def something_vanishes(self, number: int, quantity: Decimal) -> None:
        self.change(number, SHOP, -quantity)
        self.vanished_since_count.add(number)

    @rule(number=NUMBERS)
    def count(self, number: int) -> None:
        if self.take is None:
            self.take = self.takes.begin("Shelf 1")
        there = self.there.get((number, SHOP), Decimal(0))
        if there < 0:
            return
        self.takes.count(self.take, product(number), Decimal(0))
        self.takes.count(self.take, product(number), there, adds=True)
        self.counted.add(number)
        self.vanished_since_count.discard(number)

    @precondition(lambda self: self.take is not None)
    @rule()
    def book_the_take(self) -> None:
        assert self.take is not None
        reviewed = self.takes.review(self.take)
        booked = self.takes.book(reviewed)
        assert booked.state is TakeState.BOOKED
        with pytest.raises(PosError):
            self.takes.book(reviewed)
        for number in self.counted - self.vanished_since_count:
            assert self.level(number, SHOP) == self.there.get((number, SHOP), Decimal(0))
        for number in self.counted & self.vanished_since_count:
            self.there[number, SHOP] = self.level(number, SHOP)
        self.take, self.counted = None, set()
        self.settle()

    def settle(self) -> None:
        """Take the books for the truth where nobody has counted since something vanished."""
        for number in range(1, 4):
            self.there[number, SHOP] = self.level(number, SHOP)
        self.vanished_since_count.clear()

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.open()

    def level(self, number: int, place: str) -> Decimal:
        return self.store.stock.level(product_id(number), place)

    @invariant()
    def the_cellar_is_as_it_is(self) -> None:
        for number in range(1, 4):
            assert self.level(number, CELLAR) == self.there.get((number, CELLAR), Decimal(0))

    @invariant()
    def what_is_worth_something_is_there(self) -> None:
        for one, money in self.stock.worth():
            assert money.minor >= 0
            assert one.level == self.store.stock.level(one.product_id, SHOP)

    def teardown(self) -> None:
        self.store.close()
        faults = verify(self.path).faults
        self.folder.cleanup()
        assert not faults


TestGoods = Goods.TestCase
TestGoods.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)

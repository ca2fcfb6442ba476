"""What happens at a till beside selling: shifts, approvals, gift cards, deliveries, stock takes.

Each thing is announced before it is written and told afterwards, as selling is.
"""

import random
from collections.abc import Callable, Iterator
from decimal import Decimal

from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.domain.cash_count import CashCount, put_loose
from pos_app.domain.cash_movement import MovementKind
from pos_app.domain.delivery import Delivery
from pos_app.domain.errors import PosError
from pos_app.domain.held_lines import add_gift_card
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.sale import Sale
from pos_app.domain.shift import Shift
from pos_app.domain.stock_take import StockTake, TakeState
from pos_app.services.approvals import Approvals
from pos_app.services.authority import UNRESTRICTED, StaffAuthority
from pos_app.services.receiving import Receiving
from pos_app.services.shifts import Shifts
from pos_app.services.sign_in import SignIn
from pos_app.services.staff_secrets import StaffSecrets
from pos_app.services.stock_takes import StockTakes
from pos_app.services.stored_value_records import STORED_VALUE
from tests.proofs.small_shop import BADGE_OF_CASHIER, BADGE_OF_OWNER, GIFT_CARDS, PRODUCTS, now
from tests.proofs.telling import ToldCheckout, ToldReturning

MOST = 40  # entries of one of these transactions, at the very most
Doing = tuple[Callable[[], None], int]


class BackOffice:
    """The drawer, the staff, the cards and the stock room of one till."""

    def __init__(
        self, checkout: ToldCheckout, returning: ToldReturning, dice: random.Random
    ) -> None:
        self.checkout, self.returning, self.dice = checkout, returning, dice
        self.store, self.teller = checkout.store, checkout.teller
        self.shifts = Shifts(self.store, now)
        self.receiving, self.takes = Receiving(checkout), StockTakes(checkout)
        self.authority = StaffAuthority(self.store, now)
        self.sign_in = SignIn(self.store, now, self.authority, StaffSecrets(self.store))
        self.approvals = Approvals(self.store, now, self.authority, self.sign_in)

    def doings(self) -> Iterator[Doing]:
        """What can be done now, and how often it is done."""
        yield from self._of_the_drawer()
        yield from self._of_deliveries()
        yield from self._of_stock_takes()
        yield self.sell_gift_card, 2
        if any(card.balance for card in self.store.records.latest(STORED_VALUE, 20)):
            yield self.pay_with_gift_card, 2
        if self.store.sales.count():
            yield self.void_with_approval, 2

    def _of_the_drawer(self) -> Iterator[Doing]:
        shift = self.shifts.current()
        if shift is None:
            yield self.open_shift, 6
            return
        yield self.pay_in, 1
        yield self.pay_out, 1
        yield self.begin_count, 1
        yield lambda: self.close_shift(shift), 6

    def _of_deliveries(self) -> Iterator[Doing]:
        deliveries = self.receiving.open()
        if deliveries:
            yield lambda: self.receive(deliveries[0]), 3
            yield lambda: self.book_delivery(deliveries[0]), 3
        else:
            yield self.begin_delivery, 2

    def _of_stock_takes(self) -> Iterator[Doing]:
        takes = self.takes.open()
        if takes:
            yield lambda: self.count(takes[0]), 3
            yield lambda: self.book_count(takes[0]), 3
        else:
            yield self.begin_count_of_goods, 2

    def open_shift(self) -> None:
        with self._records():
            self.shifts.open([put_loose(CashCount("EUR"), Decimal(100))])

    def pay_in(self) -> None:
        with self._records():
            self.shifts.move(MovementKind.PAY_IN, self._euros(1, 50), "Change from the bank")

    def pay_out(self) -> None:
        with self._records():
            self.shifts.move(MovementKind.PAY_OUT, self._euros(1, 3), "Postage")

    def begin_count(self) -> None:
        with self._records():
            self.shifts.keep_count([put_loose(CashCount("EUR"), Decimal(self.dice.randint(0, 90)))])

    def close_shift(self, shift: Shift) -> None:
        """Count, close, and because the answer did not come through, close again."""
        self.count_drawer(shift)
        self.close(shift)

    def count_drawer(self, shift: Shift) -> None:
        """Confirm that all is there that should be."""
        [drawer, *_] = self.shifts.drawers(shift)
        there = max(drawer.expected.amount, Decimal(0))
        with self._records():
            self.shifts.confirm_count([put_loose(CashCount("EUR"), there)])

    def close(self, shift: Shift) -> None:
        """Close a counted shift, twice."""
        with self._records():
            closed = self.shifts.close(shift.id)
        again = self.shifts.close(shift.id)
        if again.z_number != closed.z_number:
            self._trouble(f"one shift was closed as Z {closed.z_number} and {again.z_number}")

    def begin_delivery(self) -> None:
        with self._records():
            self.receiving.begin(document=f"D {self.dice.randint(1, 99)}")

    def receive(self, delivery: Delivery) -> None:
        with self._records():
            number = Decimal(self.dice.randint(1, 9))
            self.receiving.add(delivery, self.dice.choice(PRODUCTS), number, batch="L7")

    def book_delivery(self, delivery: Delivery) -> None:
        """Book it, and book it again; the second time must be refused."""
        if not self.receiving.lines(delivery):
            return
        with self._records(moves=1):
            self.receiving.book(delivery)
        self._try_again(lambda: self.receiving.book(delivery), "a delivery was booked twice")

    def begin_count_of_goods(self) -> None:
        with self._records():
            self.takes.begin("Shelf")

    def count(self, take: StockTake) -> None:
        if take.state is not TakeState.COUNTING:
            return
        with self._records():
            figure = Decimal(self.dice.randint(0, 30))
            self.takes.count(take, self.dice.choice(PRODUCTS), figure)

    def book_count(self, take: StockTake) -> None:
        """Review and book what was counted, and book it again; that must be refused."""
        if take.state is TakeState.COUNTING:
            with self._records():
                self.takes.review(take)
        differs = any(count.difference for count in self.takes.counts(take))
        with self._records(moves=int(differs)):
            self.takes.book(take)
        self._try_again(lambda: self.takes.book(take), "a count was applied twice")

    def sell_gift_card(self) -> None:
        cart = self.checkout.new_cart()
        number = self.dice.choice(GIFT_CARDS)
        self.checkout.complete(
            add_gift_card(cart, number, self._euros(5, 50)), [TenderRequest(TenderMethod.CASH)]
        )

    def pay_with_gift_card(self) -> None:
        """Pay part of a sale with a card, finish it again, and now and then undo it."""
        cards = [c for c in self.store.records.latest(STORED_VALUE, 20) if c.balance > 0]
        cart = self.checkout.add(self.checkout.new_cart(), self.dice.choice(PRODUCTS[:3]).id)
        part = Money(self.dice.randint(1, 49), "EUR")
        requests = (
            TenderRequest(TenderMethod.GIFT_CARD, part, reference=self.dice.choice(cards).number),
            TenderRequest(TenderMethod.CASH),
        )
        sale = self.checkout.complete(cart, requests)
        self.checkout.complete(cart, requests)
        if self.dice.random() < 0.3:
            self.returning.void(sale.id, "Wrong payment")

    def void_with_approval(self) -> None:
        """A cashier undoes a sale; the owner's badge lets that happen, once."""
        sale = self._some_sale()
        self.checkout.authority = self.authority
        try:
            with self._records():
                self.sign_in.by_badge(BADGE_OF_CASHIER)
            self._void_approved(sale)
            with self._records():
                self.sign_in.sign_out()
        finally:
            self.checkout.authority = UNRESTRICTED

    def _void_approved(self, sale: Sale) -> None:
        try:
            self.returning.void(sale.id, "Wrong customer")
        except ApprovalNeeded as need:
            with self._records():
                self.approvals.by_badge(need.request, BADGE_OF_OWNER, "Wrong customer")
            self.returning.void(sale.id, "Wrong customer")
        except PosError:
            return
        again = ApprovalRequest(Action.VOID, Money(10**9, "EUR"), about=sale.number)
        if self.authority.allows(again):
            self._trouble("an approval was good for more than what it was given for")

    def _some_sale(self) -> Sale:
        count = self.store.sales.count()
        [summary] = self.store.sales.page(self.dice.randrange(count), 1)
        sale = self.store.sales.get(summary.id)
        assert sale is not None
        return sale

    def _records(self, moves: int = 0):  # type: ignore[no-untyped-def]
        return self.teller.writing("records", most=MOST, moves=moves)

    def _try_again(self, do: Callable[[], object], trouble: str) -> None:
        try:
            do()
        except PosError:
            return
        self._trouble(trouble)

    def _trouble(self, text: str) -> None:
        self.teller.tell("trouble", text=text)

    def _euros(self, least: int, most: int) -> Money:
        return Money.of(Decimal(self.dice.randint(least, most)), "EUR")

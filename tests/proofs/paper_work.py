"""What happens to sales documents at a till: ordered, delivered, invoiced, paid, brought back.

Each thing is announced before it is written and told afterwards, as selling is.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from pos_app.domain.document import DocumentChanged, line_of
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis, Order, OrderState
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.taking_back import Back
from pos_app.services.document_records import INVOICE, ORDER
from pos_app.services.document_use_cases import document_use_cases
from pos_app.services.invoicing import Received
from tests.proofs.small_shop import CUSTOMERS, PRODUCTS
from tests.proofs.telling import ToldCheckout

MOST = 12  # entries of one of these transactions, at the very most
ORDERS_MOST = 6  # so that a long run does not grow with every step
Doing = tuple[Callable[[], None], int]


class PaperWork:
    """The office of one till."""

    def __init__(self, checkout: ToldCheckout, dice: random.Random) -> None:
        self.checkout, self.dice = checkout, dice
        self.store, self.teller = checkout.store, checkout.teller
        self.use = document_use_cases(checkout)

    def doings(self) -> Iterator[Doing]:
        """What can be done now, and how often it is done."""
        orders = self._orders()
        if len(orders) < ORDERS_MOST:
            yield self.order_quoted_goods, 3
        if orders:
            order = self.dice.choice(orders)
            yield lambda: self.deliver(order), 4
            yield lambda: self.invoice(order), 3
            yield lambda: self.take_back(order), 2
            yield lambda: self.collect(order), 2
        owed = self.store.documents.owed(INVOICE.name)
        if owed:
            invoice = self.use.invoicing.get(INVOICE, self.dice.choice(owed).id)
            yield lambda: self.receive(invoice), 3
            yield lambda: self.pay_at_till(invoice), 2
            yield lambda: self.cancel(invoice), 1

    def order_quoted_goods(self) -> None:
        """Quote, approve, order; then order the same quotation again, which must be refused."""
        draft = self.use.quotations.draft(self.dice.choice(CUSTOMERS))
        lines = tuple(
            line_of(PRODUCTS[place], str(place + 1), Decimal(self.dice.randint(1, 9)))
            for place in range(3)
        )
        with self._records():
            made = self.use.quotations.create(replace(draft, lines=lines))
        with self._records():
            handed_in = self.use.quotations.submit(made)
        with self._records():
            approved = self.use.quotations.decide(handed_in, True)
        with self._records():
            order = self.use.quotations.to_order(approved)
        self._refused(lambda: self.use.quotations.to_order(approved), "a quotation ordered twice")
        with self._records():
            self.use.orders.decide(order, True)

    def deliver(self, order: Order) -> None:
        """Deliver some of it, and deliver it again from the same screen; that must be refused."""
        quantities = {
            line.line.id: min(Decimal(self.dice.randint(0, 4)), line.to_deliver)
            for line in order.lines
        }
        if not any(quantities.values()):
            return
        self._fill_up(order)
        with self._records(moves=1):
            self.use.deliveries.deliver(order, quantities)
        self._refused(lambda: self.use.deliveries.deliver(order, quantities), "delivered twice")

    def invoice(self, order: Order) -> None:
        basis = self.dice.choice(list(InvoiceBasis))
        if any(line.to_invoice(basis) for line in order.lines):
            with self._records():
                self.use.invoicing.of_order(order, basis)
            self._refused(lambda: self.use.invoicing.of_order(order, basis), "invoiced twice")

    def receive(self, invoice: Invoice) -> None:
        part = Money(self.dice.randint(1, max(invoice.balance.minor, 1)), "EUR")
        if invoice.balance.minor > 0:
            with self._records():
                self.use.invoicing.receive(invoice, Received(part))
        elif invoice.balance.minor < 0:
            with self._records():
                self.use.invoicing.pay_back(invoice, Received(-invoice.balance))

    def take_back(self, order: Order) -> None:
        backs = {
            line.line.id: Back(min(Decimal(1), line.to_return), is_spoilt=self.dice.random() < 0.3)
            for line in order.lines
        }
        if any(back.quantity for back in backs.values()):
            try:
                with self._records(moves=1):
                    self.use.returns.take_back(order, backs)
            except PosError:
                return  # some of it was collected and paid at the till

    def cancel(self, invoice: Invoice) -> None:
        if any(line.to_credit for line in invoice.lines):
            with self._records():
                self.use.returns.credit(invoice, "mistake")

    def collect(self, order: Order) -> None:
        try:
            cart = self.use.till.cart_of(order)
        except PosError:
            return
        self.checkout.complete(cart, [TenderRequest(TenderMethod.CASH)])

    def pay_at_till(self, invoice: Invoice) -> None:
        if invoice.balance.minor <= 0:
            return
        part = Money(self.dice.randint(1, invoice.balance.minor), "EUR")
        cart = self.use.till.cart_paying(invoice, part)
        self.checkout.complete(cart, [TenderRequest(TenderMethod.CARD)])

    def _fill_up(self, order: Order) -> None:
        """Find goods where there are too few of what goes out."""
        with self._records(moves=1), self.store.transaction() as tx:
            moves = tuple(
                StockMove(line.line.product_id or "", "shop", Decimal(9), MoveReason.FOUND)
                for line in order.lines
            )
            self.checkout.move_stock_in(tx, moves)
        for line in order.lines:
            if self.store.stock.level(line.line.product_id or "", "shop") < 9:
                self._fill_up(order)
                return

    def _orders(self) -> list[Order]:
        listed = self.store.documents.page(ORDER.name, limit=ORDERS_MOST)
        found = [self.use.orders.get(ORDER, one.id) for one in listed]
        return [one for one in found if one.state is not OrderState.DRAFT]

    def _records(self, moves: int = 0):  # type: ignore[no-untyped-def]
        return self.teller.writing("records", most=MOST, moves=moves)

    def _refused(self, do: Callable[[], object], trouble: str) -> None:
        try:
            do()
        except DocumentChanged:
            return
        self.teller.tell("trouble", text=trouble)

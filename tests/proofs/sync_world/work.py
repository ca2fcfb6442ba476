"""What happens at a counter: sales, voids, returns, stock, cards, and changes of what is sold."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pos_app.domain import facts
from pos_app.domain.customer import Customer
from pos_app.domain.facts import Fact, FactKind
from pos_app.domain.held_lines import add_gift_card
from pos_app.domain.money import Money
from pos_app.domain.payloads import text
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.product import KILOGRAM, PIECE
from pos_app.domain.sale import Sale
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout
from pos_app.services.customers import Customers
from pos_app.services.returning import Returning
from pos_app.services.stored_value_records import account_by_number
from tests.proofs.small_shop import (
    CODES,
    CUSTOMERS,
    GIFT_CARDS,
    PRODUCTS,
    REDUCED,
    SHOP,
    STANDARD,
)
from tests.proofs.sync_world.chance import replaced
from tests.proofs.sync_world.ledger import Edit

if TYPE_CHECKING:
    from tests.proofs.sync_world.till_machine import TillMachine

CARDS = GIFT_CARDS[:2]
SCANNED = CODES[:4]
CARD, CASH = TenderRequest(TenderMethod.CARD), TenderRequest(TenderMethod.CASH)


class Counter:
    """The services of one open till; every gesture draws from the till's own dice."""

    def __init__(self, machine: "TillMachine") -> None:
        assert machine.store is not None
        self._machine, self.dice = machine, machine.dice
        self.store = store = machine.store
        now = machine.now
        self.checkout = Checkout(store, now)
        self.returning = Returning(self.checkout)
        self.catalogue, self.customers = Catalogue(store, now), Customers(store, now)

    def stock_up(self) -> None:
        """Write down what the shop sells, and to whom."""
        for unit in (PIECE, KILOGRAM):
            self.catalogue.save_unit(unit)
        for tax in (STANDARD, REDUCED):
            self.catalogue.save_tax(tax)
        for one in PRODUCTS:
            self.catalogue.save_product(one)
        for customer in CUSTOMERS:
            self.customers.save(customer)

    def anything(self) -> None:
        """Do one thing as often as it happens in a shop."""
        gestures, weights = zip(*GESTURES, strict=True)
        self.dice.choices(gestures, weights)[0](self)

    def sell(self) -> None:
        """Sell one to three things to somebody."""
        cart = self.checkout.new_cart()
        for _ in range(self.dice.randint(1, 3)):
            cart = self.checkout.scan(cart, self.dice.choice(SCANNED)).cart
        self.checkout.complete(cart, (self.dice.choice((CARD, CASH)),))

    def void(self) -> None:
        """Undo a document of this till."""
        sale = self._some_sale()
        if sale is not None:
            self.returning.void(sale.id, "Wrong payment")

    def give_back(self) -> None:
        """Take back what is left of a document."""
        sale = self._some_sale()
        if sale is None or not self.returning.returnable(sale):
            return
        cart = self.returning.give_back_all(self.returning.begin(sale), sale, "Faulty")
        self.checkout.complete(cart, self.returning.refund(cart))

    def move_stock(self) -> None:
        """Receive goods, or write some off."""
        reason = self.dice.choice((MoveReason.RECEIPT, MoveReason.WRITE_OFF, MoveReason.COUNT))
        figure = Decimal(self.dice.randint(1, 40))
        product = self.dice.choice(PRODUCTS)
        self.catalogue.correct_stock(product.id, SHOP.location, reason, figure)

    def sell_card(self) -> None:
        """Sell a gift card, or load one that is known."""
        amount = Money(self.dice.randint(500, 5_000), "EUR")
        cart = add_gift_card(self.checkout.new_cart(), self.dice.choice(CARDS), amount)
        self.checkout.complete(cart, (CASH,))

    def pay_with_card(self) -> None:
        """Pay a part of a sale with a gift card."""
        number = self.dice.choice(CARDS)
        account = account_by_number(self.store, number)
        if account is None or account.balance <= 0:
            return
        part = Money(self.dice.randint(1, min(account.balance, 100)), "EUR")
        cart = self.checkout.scan(self.checkout.new_cart(), SCANNED[2]).cart
        with_card = TenderRequest(TenderMethod.GIFT_CARD, part, reference=number)
        self.checkout.complete(cart, (with_card, CARD))

    def change_product(self) -> None:
        """Give a product another price or name."""
        product = self.store.products.get(self.dice.choice(PRODUCTS[:3]).id)
        if product is None:
            return
        price = Decimal(self._machine.world.fresh()) / 100
        field, value = self.dice.choice((("price", price), ("name", f"Goods {price}")))
        self.catalogue.save_product(replace(product, **{field: value}))
        self._edited("product", product.id, field, getattr(product, field), value)

    def change_customer(self) -> None:
        """Write down a customer's other phone or note."""
        known = self.store.customers.search("", 20)
        if known:
            customer = self.dice.choice(known)
            field = self.dice.choice(("phone", "note"))
            value = f"{field} {self._machine.world.fresh()}"
            self.customers.save(replace(customer, **{field: value}))
            self._edited("customer", customer.id, field, getattr(customer, field), value)

    def add_customer(self) -> None:
        """Write down a new customer; the number is one that no other till gives."""
        number = f"N{self._machine.world.fresh()}"
        self.customers.save(Customer(self.customers.new_id(), number, f"Customer {number}"))

    def sell_oddly(self) -> None:
        """Tell of a document whose figures do not add up, as a faulty program would."""

        def odd(sale: Sale, moves: tuple[StockMove, ...] = ()) -> Fact:
            told = real(sale, moves)
            self._machine.world.ledger.odd.add(sale.id)
            return Fact(told.kind, {**told.payload, "gross": sale.gross.minor + 1})

        real = facts.sale_completed
        with replaced(facts, "sale_completed", odd):
            self.sell()

    def _some_sale(self) -> Sale | None:
        """Return one of the latest documents of this till."""
        latest = [
            self._machine.world.ledger.payload(entry.hash)["id"]
            for entry in self.store.journal.entries(max(self.store.journal_seq - 40, 0))
            if entry.kind == FactKind.SALE_COMPLETED
        ]
        return self.store.sales.get(self.dice.choice(latest)) if latest else None

    def _edited(self, kind: str, id: str, field: str, before: Any, after: Any) -> None:
        head = self.store.journal.head()
        assert head is not None
        edit = Edit(kind, id, field, _plain(before), _plain(after), head.hash)
        self._machine.world.ledger.edits.append(edit)


def _plain(value: Any) -> Any:
    return text(value) if isinstance(value, Decimal) else value


GESTURES: tuple[tuple[Callable[[Counter], None], int], ...] = (
    (Counter.sell, 24),
    (Counter.void, 3),
    (Counter.give_back, 2),
    (Counter.move_stock, 4),
    (Counter.sell_card, 3),
    (Counter.pay_with_card, 4),
    (Counter.change_product, 4),
    (Counter.change_customer, 5),
    (Counter.add_customer, 1),
    (Counter.sell_oddly, 1),
)

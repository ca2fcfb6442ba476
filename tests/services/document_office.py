"""A shop's office over a real store: every use case of sales documents, and a clock to turn."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pos_app.domain.customer import Customer
from pos_app.domain.document import DocumentLine, line_of
from pos_app.domain.order import Order, OrderLine
from pos_app.domain.product import Product
from pos_app.domain.quotation import Quotation
from pos_app.domain.shop import ShopSettings
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.tax import Tax
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout
from pos_app.services.customers import Customers
from pos_app.services.delivery_notes import DeliveryNotes
from pos_app.services.document_records import ORDER
from pos_app.services.invoicing import Invoicing
from pos_app.services.orders import Orders
from pos_app.services.quotations import Quotations
from pos_app.services.sales_returns import SalesReturns
from pos_app.services.till_documents import TillDocuments
from pos_app.store.store import Store, create_store

START = datetime(2023, 6, 1, 8, tzinfo=UTC)
LAPTOP = Product(
    "01900000-0000-7000-8000-0000000000a1",
    "PROD001",
    "Laptop",
    Decimal("99.99"),
    taxes=(Tax(rate=Decimal(19), name="VAT 19 %", code="A"),),
)
PAPER = Product(
    "01900000-0000-7000-8000-0000000000a2",
    "PROD002",
    "Paper",
    Decimal("3.33"),
    taxes=(Tax(rate=Decimal(7), name="VAT 7 %", code="B"),),
)


class Office:
    """All use cases over one store, with a clock that the test sets."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.time = START
        self.checkout = Checkout(store, self.clock)
        self.quotations = Quotations(self.checkout)
        self.orders = Orders(self.checkout)
        self.notes = DeliveryNotes(self.checkout)
        self.invoicing = Invoicing(self.checkout)
        self.returns = SalesReturns(self.checkout)
        self.till = TillDocuments(self.checkout)
        customers = Customers(store, self.clock)
        self.customer = customers.save(
            Customer(customers.new_id(), "CUS001", "Rye & Sons", contact="Li", country="DE")
        )
        catalogue = Catalogue(store, self.clock)
        for product in (LAPTOP, PAPER):
            catalogue.save_product(product)
        moves = tuple(
            StockMove(p.id, "shop", Decimal(100), MoveReason.OPENING) for p in (LAPTOP, PAPER)
        )
        with store.transaction() as tx:
            self.checkout.move_stock_in(tx, moves)

    def clock(self) -> datetime:
        return self.time

    def pass_days(self, days: int) -> None:
        self.time += timedelta(days=days)

    def lines(self, quantity: int = 10) -> tuple[DocumentLine, ...]:
        return (
            line_of(LAPTOP, "1", Decimal(quantity)),
            replace(line_of(PAPER, "2", Decimal(3)), remark="A4"),
        )

    def quotation(self) -> Quotation:
        draft = self.quotations.draft(self.customer)
        return self.quotations.create(replace(draft, lines=self.lines()))

    def order(self, quantity: int = 10) -> Order:
        draft = self.orders.draft(self.customer)
        lines = tuple(OrderLine(line) for line in self.lines(quantity))
        order = self.orders.create(replace(draft, lines=lines))
        return self.orders.decide(order, True)

    def now(self, order: Order) -> Order:
        return self.orders.get(ORDER, order.head.id)

    def level(self) -> Decimal:
        return self.store.stock.level(LAPTOP.id, "shop")


def new_office(path: Path, shop: ShopSettings | None = None) -> Office:
    """Make a shop with two products, a hundred of each, and a customer."""
    return Office(create_store(path, shop or ShopSettings(name="Corner", country="DE"), now=START))

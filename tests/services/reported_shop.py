"""A shop with something to report: a real history at the counter, and orders, invoices, returns."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pos_app.domain.customer import Customer
from pos_app.domain.document import line_of
from pos_app.domain.money import Money
from pos_app.domain.order import Order, OrderLine
from pos_app.domain.taking_back import Back, ReturnTerms
from pos_app.services.customers import Customers
from pos_app.services.invoicing import Received
from pos_app.services.sales_import import history_shop, import_sales
from pos_app.store.store import Store, create_store
from tests.services.document_office import LAPTOP, PAPER, Office

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "online-retail-sample.csv"
BEGIN = datetime(2010, 12, 1, 9, tzinfo=UTC)
NAMES = ("Harbour Gifts", "Sally’s Tea Room", "Castle Museum Shop")


def historic_shop(path: Path) -> Store:
    """The sample of the retailer's history, rung up."""
    store = create_store(path, history_shop(), now=BEGIN)
    import_sales(store, SAMPLE, lambda: BEGIN + timedelta(days=200))
    return store


def with_documents(store: Store, begin: datetime = BEGIN) -> Office:
    """Add a few orders in every state of their way, invoices of every age, and a return."""
    office = Office(store)
    office.time = begin
    customers = [office_customer(office, number, name) for number, name in enumerate(NAMES, 1)]
    for turn in range(9):
        order = ordered(office, customers[turn % 3], 4 + turn)
        if turn % 4 != 3:
            carry_out(office, order, turn)
        office.pass_days(17)
    cancelled = ordered(office, customers[0], 2)
    office.orders.cancel(cancelled, "too dear")
    return office


def office_customer(office: Office, number: int, name: str) -> Customer:
    customers = Customers(office.store, office.clock)
    return customers.save(Customer(customers.new_id(), f"B{number}", name, country="GB"))


def ordered(office: Office, customer: Customer, quantity: int) -> Order:
    draft = office.orders.draft(customer)
    lines = (line_of(LAPTOP, "1", Decimal(quantity)), line_of(PAPER, "2", Decimal(3)))
    order = office.orders.create(replace(draft, lines=tuple(OrderLine(one) for one in lines)))
    return office.orders.decide(order, True)


def carry_out(office: Office, order: Order, turn: int) -> None:
    """Deliver, invoice, and take the money or something back, a little else each time."""
    first: Sequence[tuple[str, int]] = (("1", 2),) if turn % 3 == 1 else (("1", 4 + turn), ("2", 3))
    office.notes.deliver(order, {line: Decimal(units) for line, units in first})
    invoice = office.invoicing.of_order(office.now(order))
    if turn % 4 == 0:
        office.invoicing.receive(invoice, Received(invoice.balance))
    if turn % 4 == 1:
        office.invoicing.receive(invoice, Received(Money(5000, invoice.currency)))
    if turn == 2:
        office.returns.take_back(office.now(order), {"1": Back(Decimal(2))}, ReturnTerms("broken"))

"""Orders of a till on paper: agreed to, delivered, invoiced and paid as far as the day brings."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pos_app.domain.document import line_of
from pos_app.domain.order import InvoiceBasis, Order, OrderLine, OrderState
from pos_app.services.document_records import INVOICE, ORDER
from pos_app.services.document_use_cases import document_use_cases
from pos_app.services.invoicing import Received
from tests.proofs.foreign_world.shop import PRODUCTS
from tests.proofs.foreign_world.till import Till


@dataclass(frozen=True, slots=True)
class Paper:
    """An order as it stands at the till: amounts in currency units."""

    order: Order
    deliveries: int
    invoices: int
    invoiced: Decimal
    paid: Decimal


def take_order(till: Till) -> None:
    """Take an order of two things and agree to it; often more is done at once."""
    use = document_use_cases(till.checkout)
    draft = use.orders.draft(till.dice.choice(till.customers))
    lines = tuple(
        OrderLine(line_of(PRODUCTS[place], str(place + 1), Decimal(till.dice.randint(1, 4))))
        for place in (0, 1)
    )
    order = use.orders.create(replace(draft, lines=lines))
    use.orders.decide(order, True)
    for _ in range(till.dice.choice((0, 0, 2, 4))):
        go_on_with_orders(till)


def go_on_with_orders(till: Till) -> None:
    """Deliver, invoice or collect the money of an order, whatever comes next."""
    use = document_use_cases(till.checkout)
    for paper in papers(till):
        order = paper.order
        if order.state in {OrderState.APPROVED, OrderState.PARTIALLY_DELIVERED}:
            open_ = use.deliveries.open_quantities(order)
            some = {line: till.dice.choice((units, Decimal(1))) for line, units in open_.items()}
            use.deliveries.deliver(order, {line: units for line, units in some.items() if units})
        elif order.state is OrderState.FULLY_DELIVERED and not paper.invoices:
            use.invoicing.of_order(order, InvoiceBasis.DELIVERED)
        elif paper.paid < paper.invoiced:
            [invoice] = [
                use.invoicing.get(INVOICE, one.id)
                for one in use.invoicing.store.documents.of_origin(INVOICE.name, order.head.id)
            ]
            use.invoicing.receive(invoice, Received(invoice.balance))


def papers(till: Till) -> Iterator[Paper]:
    """Return every order of the till's that is no draft."""
    assert till.store is not None
    use, documents = document_use_cases(till.checkout), till.store.documents
    for listed in documents.page(ORDER.name, limit=50):
        order = use.orders.get(ORDER, listed.id)
        if order.state is OrderState.DRAFT:
            continue
        own = documents.of_origin(INVOICE.name, listed.id)
        invoices = [use.invoicing.get(INVOICE, one.id) for one in own]
        yield Paper(
            order,
            len(use.deliveries.of_order(listed.id)),
            len(invoices),
            sum((one.gross.amount for one in invoices), Decimal()),
            sum((one.paid.amount for one in invoices), Decimal()),
        )

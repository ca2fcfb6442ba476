"""From a quotation to the money: the documents of one deal, in a real store."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.delivering import NotInStock, Transport
from pos_app.domain.document import DocumentChanged
from pos_app.domain.invoice import InvoiceState, MoreThanOwed
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis, MoreThanOrdered, OrderState
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.quotation import QuotationExpired, QuotationState
from pos_app.domain.taking_back import Back, BilledAtTheTill, ReturnTerms
from pos_app.services.document_papers import render_paper
from pos_app.services.document_records import DELIVERY_NOTE, INVOICE
from pos_app.services.invoicing import Received
from pos_app.services.returning import Returning
from pos_app.services.verification import verify
from tests.services.document_office import LAPTOP, Office, new_office
from tests.store.shops import behind_our_back


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    path = tmp_path / "shop.db"
    made = new_office(path)
    yield made
    made.store.close()
    assert verify(path).faults == ()


def test_a_quotation_becomes_an_order_once_and_keeps_its_prices(office: Office) -> None:
    quotation = office.quotation()
    assert quotation.head.number == "QT2023060001"
    approved = office.quotations.decide(office.quotations.submit(quotation), True, "fine")
    order = office.quotations.to_order(approved)
    assert order.head.number == "SO2023060001"
    assert order.priced.gross == quotation.priced.gross
    with pytest.raises(DocumentChanged):
        office.quotations.to_order(approved)


def test_a_quotation_ends_with_its_date(office: Office) -> None:
    submitted = office.quotations.submit(office.quotation())
    office.pass_days(31)
    with pytest.raises(QuotationExpired):
        office.quotations.decide(submitted, True)
    assert office.quotations.expire_due() == 1
    listed = office.store.documents.page("quotation")
    assert [one.status for one in listed] == [QuotationState.EXPIRED.value]


def test_deliveries_invoices_and_payments_in_parts_sum_to_the_order(office: Office) -> None:
    order = office.order()
    note = office.notes.deliver(order, {"1": Decimal(4)}, Transport(carrier="DHL"))
    assert note.head.number == "DL2023060001"
    assert office.level() == 96
    first = office.invoicing.of_order(office.now(order))
    assert [line.line.quantity for line in first.lines] == [4]
    office.notes.deliver(office.now(order), {"1": Decimal(6), "2": Decimal(3)})
    assert office.now(order).state is OrderState.FULLY_DELIVERED
    second = office.invoicing.of_order(office.now(order))
    assert first.total + second.total == order.priced.gross
    assert first.tax + second.tax == order.priced.tax
    part = office.invoicing.receive(first, Received(Money(10000, "EUR")))
    assert part.state is InvoiceState.PARTIALLY_PAID
    with pytest.raises(MoreThanOwed):
        office.invoicing.receive(part, Received(part.total))
    paid = office.invoicing.receive(part, Received(part.balance))
    assert paid.state is InvoiceState.FULLY_PAID
    owed = office.store.documents.owed(INVOICE.name)
    assert [one.open for one in owed] == [second.total.minor]


def test_nothing_is_delivered_beyond_the_order_or_the_stock(office: Office) -> None:
    order = office.order(200)
    with pytest.raises(NotInStock):
        office.notes.deliver(order, {"1": Decimal(101)})
    with pytest.raises(MoreThanOrdered):
        office.notes.deliver(order, {"1": Decimal(201)})
    assert office.level() == 100
    assert office.now(order) == order


def test_of_two_windows_the_second_is_told(office: Office) -> None:
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(1)})
    with pytest.raises(DocumentChanged):
        office.notes.deliver(order, {"1": Decimal(1)})
    assert office.level() == 99


def test_a_return_credits_what_was_invoiced_and_brings_the_stock_back(office: Office) -> None:
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(10)})
    invoice = office.invoicing.of_order(office.now(order), quantities={"1": Decimal(7)})
    back = office.returns.take_back(
        office.now(order), {"1": Back(Decimal(5), "broken", is_spoilt=False)}, ReturnTerms("faulty")
    )
    assert back.head.number == "RTN2023060001"
    assert office.level() == 95
    assert [line.quantity for line in back.credited] == [2]  # three had not been invoiced
    invoice = office.invoicing.get(INVOICE, invoice.head.id)
    assert invoice.balance == invoice.total - back.credit
    rest = office.returns.take_back(office.now(order), {"1": Back(Decimal(5))})
    assert office.invoicing.get(INVOICE, invoice.head.id).balance.minor == 0
    assert back.credit + rest.credit == invoice.total


def test_an_invoice_is_cancelled_by_a_credit_and_billed_again(office: Office) -> None:
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(4)})
    invoice = office.invoicing.of_order(office.now(order))
    credit = office.returns.credit(invoice, "wrong address")
    assert credit.credit == invoice.total
    again = office.invoicing.of_order(office.now(order))
    assert again.total == invoice.total
    ahead = office.invoicing.of_order(office.now(order), InvoiceBasis.ORDERED)
    assert again.total + ahead.total == order.priced.gross


def test_a_sale_at_the_till_becomes_one_invoice(office: Office) -> None:
    cart = office.checkout.add(office.checkout.new_cart(), LAPTOP.id, Decimal(2))
    sale = office.checkout.complete(cart, [TenderRequest(TenderMethod.CASH)])
    invoice = office.invoicing.of_sale(sale, office.customer)
    assert (invoice.total, invoice.balance.minor) == (sale.amount_due, 0)
    assert office.invoicing.of_sale(sale, office.customer) == invoice


def test_an_order_is_collected_and_paid_at_the_till_and_a_void_gives_it_back(
    office: Office,
) -> None:
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(4)})
    cart = office.till.cart_of(office.now(order))
    sale = office.checkout.complete(cart, [TenderRequest(TenderMethod.CASH)])
    done = office.now(order)
    assert done.state is OrderState.FULLY_DELIVERED
    assert office.level() == 90
    with pytest.raises(BilledAtTheTill):
        office.returns.take_back(done, {"2": Back(Decimal(1))})
    Returning(office.checkout).void(sale.id, "changed their mind")
    undone = office.now(order)
    assert undone.state is OrderState.PARTIALLY_DELIVERED
    assert office.level() == 96
    notes = office.notes.of_order(order.head.id)
    assert [note.state.value for note in notes] == ["completed", "cancelled"]
    assert office.store.documents.count(DELIVERY_NOTE.name) == 2


def test_an_invoice_is_paid_at_the_till_and_a_void_undoes_the_payment(office: Office) -> None:
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(1)})
    invoice = office.invoicing.of_order(office.now(order))
    cart = office.till.cart_paying(invoice, Money(5000, "EUR"))
    sale = office.checkout.complete(cart, [TenderRequest(TenderMethod.CASH)])
    paid = office.invoicing.get(INVOICE, invoice.head.id)
    assert paid.paid == Money(5000, "EUR")
    Returning(office.checkout).void(sale.id, "wrong customer")
    assert office.invoicing.get(INVOICE, invoice.head.id).balance == invoice.total


def test_a_list_that_lies_goods_that_stayed_and_a_number_that_is_missing_are_found(
    tmp_path: Path,
) -> None:
    path = tmp_path / "other.db"
    made = new_office(path)
    order = made.order()
    made.notes.deliver(order, {"1": Decimal(1)})
    made.invoicing.of_order(made.now(order))
    made.store.close()
    lies = {
        "UPDATE documents SET open = 0 WHERE record = 'invoice'": "listed as something else",
        "DELETE FROM documents WHERE record = 'order'": "missing from its list",
        "UPDATE sequences SET last = 2 WHERE series LIKE 'invoice:%'": "2 numbers were taken, 1",
    }
    for lie, says in lies.items():
        copy = path.with_name("copy.db")
        copy.write_bytes(path.read_bytes())
        copy.with_name("copy.db.key").write_bytes(path.with_name("other.db.key").read_bytes())
        behind_our_back(copy, lie)
        assert says in " | ".join(fault.sentence for fault in verify(copy).faults)


def test_an_old_invoice_prints_as_it_did_when_the_shop_has_moved(office: Office) -> None:
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(1)})
    invoice = office.invoicing.of_order(office.now(order))
    before = render_paper(invoice, office.checkout.shop)
    moved = replace(office.checkout.shop, name="Elsewhere", country="FR")
    moved = replace(moved, documents=replace(moved.documents, colour="#FF0000"))
    assert render_paper(invoice, moved) == before
    filled_in = replace(moved, documents=replace(moved.documents, vat_id="DE123456788"))
    assert render_paper(invoice, filled_in) != before  # what was missing is there now
    assert render_paper(order, moved) != render_paper(order, office.checkout.shop)

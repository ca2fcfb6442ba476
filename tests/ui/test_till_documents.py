"""Orders and invoices at the counter: by their number, from the list, and what is parked first."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pos_app.domain.document import line_of
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.order import Order, OrderLine, OrderState
from pos_app.domain.product import ProductKind
from pos_app.services.document_records import INVOICE, ORDER
from pos_app.services.document_use_cases import DocumentUseCases, document_use_cases
from pos_app.services.verification import verify
from tests.ui.conftest import BREAD, CUSTOMERS, MILK, PRODUCTS, Till
from tests.ui.paying_desk import EVERYTHING, enter, more, refusal, use


@pytest.fixture
def office(till: Till) -> DocumentUseCases:
    return document_use_cases(till.checkout)


def ordered(office: DocumentUseCases, pieces: int = 3) -> Order:
    draft = office.orders.draft(CUSTOMERS[0])
    lines = (OrderLine(line_of(PRODUCTS[0], "1", Decimal(pieces))),)
    return office.orders.decide(office.orders.create(replace(draft, lines=lines)), True)


def invoiced(office: DocumentUseCases) -> Invoice:
    draft = office.invoicing.draft(CUSTOMERS[1], (line_of(PRODUCTS[1], "1", Decimal(10)),))
    return office.invoicing.issue(office.invoicing.save_draft(draft))


def now(till: Till, order: Order) -> Order:
    found = till.store.records.get(ORDER, order.head.id)
    assert found is not None
    return found


def invoice_now(till: Till, invoice: Invoice) -> Invoice:
    found = till.store.records.get(INVOICE, invoice.head.id)
    assert found is not None
    return found


def test_a_scanned_order_number_brings_its_goods_and_its_customer(
    till: Till, office: DocumentUseCases
) -> None:
    order = ordered(office)
    till.scan(order.head.number)
    assert [(row.name, row.quantity) for row in till.state.rows] == [("Whole milk", "3")]
    assert till.state.customer == "Muller & Sons"
    till.press("F12")
    assert now(till, order).state is OrderState.FULLY_DELIVERED


def test_the_receipt_names_the_order_and_the_invoice(till: Till, office: DocumentUseCases) -> None:
    order, invoice = ordered(office), invoiced(office)
    till.scan(order.head.number)
    till.press("F12")
    assert order.head.number in till.receipts.printed[-1][0].note
    till.scan(invoice.head.number)
    till.press("F12")
    assert invoice.head.number in till.receipts.printed[-1][0].lines[0].name


def test_a_typed_invoice_number_brings_what_is_owed(till: Till, office: DocumentUseCases) -> None:
    invoice = invoiced(office)
    enter(till, invoice.head.number.lower())
    assert "48.00" in till.state.total.total
    till.press("F12")
    assert invoice_now(till, invoice).state is InvoiceState.FULLY_PAID


def test_a_product_that_is_called_like_a_document_is_sold(
    till: Till, office: DocumentUseCases
) -> None:
    order = ordered(office)
    milk = replace(PRODUCTS[0], barcodes=(MILK, order.head.number))
    with till.store.transaction() as tx:
        tx.products.save(milk)
    enter(till, order.head.number)
    assert [row.quantity for row in till.state.rows] == ["1"]
    assert till.state.customer == ""


def test_a_sale_on_the_screen_is_parked_before_an_order_comes(
    till: Till, office: DocumentUseCases
) -> None:
    order = ordered(office)
    till.scan(BREAD, order.head.number)
    assert order.head.number in till.state.sheet.title
    assert [row.name for row in till.state.rows] == ["Rye bread"]
    assert [way.key for way in till.state.sheet.ways] == ["park", "leave"]
    till.presenter.sheet.choose("park")
    assert [row.name for row in till.state.rows] == ["Whole milk"]
    assert till.state.parked_count == 1
    till.press("F12", "F8")
    assert [row.name for row in till.state.rows] == ["Rye bread"]


def test_leaving_the_question_changes_nothing(till: Till, office: DocumentUseCases) -> None:
    order = ordered(office)
    till.scan(BREAD, order.head.number)
    till.presenter.sheet.choose("leave")
    assert [row.name for row in till.state.rows] == ["Rye bread"]
    assert not till.state.sheet.kind
    assert till.state.parked_count == 0


def test_a_sale_with_payments_is_not_parked(till: Till, office: DocumentUseCases) -> None:
    order = ordered(office)
    till.scan(BREAD)
    till.keys("1")
    till.press("F11")
    till.scan(order.head.number)
    till.presenter.sheet.choose("park")
    assert refusal(till)
    assert [row.name for row in till.state.rows] == ["Rye bread"]


def test_an_invoice_is_paid_together_with_goods_but_not_twice(
    till: Till, office: DocumentUseCases
) -> None:
    invoice = invoiced(office)
    till.scan(BREAD, invoice.head.number)
    till.presenter.sheet.choose("add")
    assert len(till.state.rows) == 2
    assert till.state.customer == "Quayside Hotel"
    till.scan(invoice.head.number)
    assert "already" in refusal(till)
    till.press("F12")
    assert invoice_now(till, invoice).state is InvoiceState.FULLY_PAID
    till.scan(invoice.head.number)
    assert "settled" in refusal(till)


def test_the_list_of_orders_is_narrowed_as_one_types(till: Till, office: DocumentUseCases) -> None:
    first, second = ordered(office), ordered(office, 5)
    more(till, "collect")
    assert [row.code for row in till.state.sheet.rows] == [second.head.number, first.head.number]
    till.presenter.entry.type_text(first.head.number[-4:])
    assert [row.code for row in till.state.sheet.rows] == [first.head.number]
    till.presenter.entry.enter()
    assert [row.quantity for row in till.state.rows] == ["3"]


def test_part_of_an_invoice_is_paid_and_never_more_than_is_owed(
    till: Till, office: DocumentUseCases
) -> None:
    invoice = invoiced(office)
    more(till, "invoice")
    till.presenter.sheet.choose(invoice.head.id)
    assert "48.00" in till.state.sheet.about
    enter(till, "50")
    assert "Only" in refusal(till)
    assert till.state.sheet.kind
    enter(till, "20")
    assert "20.00" in till.state.total.total
    till.press("F12")
    assert invoice_now(till, invoice).balance.minor == 2800
    more(till, "invoice")
    enter(till)
    enter(till)
    assert "28.00" in till.state.total.total


def test_a_deposit_carries_its_order_in_the_note(till: Till, office: DocumentUseCases) -> None:
    use(till, EVERYTHING)
    order = ordered(office)
    more(till, "order_deposit")
    enter(till)
    enter(till, "25")
    till.press("F12")
    [line] = till.receipts.printed[-1][0].lines
    assert line.kind is ProductKind.DEPOSIT
    assert order.head.number in line.note
    assert till.receipts.printed[-1][0].customer == CUSTOMERS[0]


def test_the_counter_offers_documents_only_where_there_are_some(till: Till) -> None:
    till.press("Ctrl+M")
    assert "collect" not in {way.key for way in till.state.sheet.ways}
    ordered(document_use_cases(till.checkout))
    till.presenter.sheet.close()
    till.press("Ctrl+M")
    assert {"collect", "invoice"} <= {way.key for way in till.state.sheet.ways}
    assert "order_deposit" not in {way.key for way in till.state.sheet.ways}


def test_another_screen_hands_a_cart_over(till: Till, office: DocumentUseCases) -> None:
    order = ordered(office)
    cart = office.till.cart_of(order)
    till.presenter.documents.sell(cart)
    till.press("F12")
    assert now(till, order).state is OrderState.FULLY_DELIVERED


def test_what_is_brought_is_back_after_a_crash_and_the_store_stays_sound(
    till: Till, office: DocumentUseCases
) -> None:
    before = {str(fault) for fault in verify(till.store.path).faults}  # its catalogue has no facts
    order = ordered(office)
    till.scan(order.head.number)
    kept = till.checkout.resume()
    assert kept is not None
    assert kept.order_id == order.head.id
    till.press("F12")
    assert {str(fault) for fault in verify(till.store.path).faults} <= before

"""The sheets that write documents and take their steps, in all their states, for `shots_office`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from pos_app.domain.customer import Customer
from pos_app.domain.invoice import InvoiceAction
from pos_app.domain.order import InvoiceBasis, OrderAction, OrderLine
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.services.checkout import Checkout
from pos_app.services.customers import Customers
from pos_app.services.document_lines import product_line
from pos_app.services.document_records import INVOICE, ORDER
from pos_app.services.document_use_cases import document_use_cases
from pos_app.store.store import Store
from pos_app.ui.document_editor import TERMS
from pos_app.ui.document_editor_sheet import open_editor
from pos_app.ui.document_steps import open_step
from tests.ui.at_once import at_once


def document_sheet_pages(  # noqa: PLR0915 - one state after the other
    store: Store, now: Callable[[], datetime]
) -> Iterator[tuple[str, QWidget]]:
    """Yield (name, window) of each state."""
    checkout = Checkout(store, now)
    cases = document_use_cases(checkout)
    customer = _customer(store, now)
    window = QWidget()
    window.resize(1800, 1000)
    window.show()

    sheet = open_editor(window, cases, store, None, "quotation", lambda _kept: None, run=at_once)
    yield "editor-empty", window
    sheet._editor.use_customer(customer)
    for found in store.products.search("e", 7):
        sheet._editor.add_product(found.product.id)
        sheet._editor.change("line.quantity", "12")
    sheet._editor.change("line.discount", "10")
    sheet._editor.change("line.reason", "Loyal customer")
    sheet._editor.change("line.specification", "Box of 12, best before the end of the year")
    sheet._editor.change("discount", "5")
    sheet._editor.change("discount_reason", "Summer offer")
    yield "editor-lines", window
    sheet._editor.remove()
    yield "editor-removed", window
    sheet._editor.look_for_product("ap")
    yield "editor-hits", window
    sheet._editor.look_for_product("")
    sheet.turn(TERMS)
    yield "editor-terms", window
    sheet.turn("lines")
    for name, text in {
        "line.quantity": "1,5",
        "line.price": "-3",
        "until": "soon",
        "discount": "300",
    }.items():
        sheet._editor.change(name, text)
    sheet._press("draft")
    yield "editor-errors", window
    sheet.hide()
    sheet.deleteLater()

    order = _order(store, cases, checkout, customer)
    step = open_step(window, cases, order, OrderAction.DELIVER, lambda _made: None)
    yield "step-deliver", window
    step._form.plan.quantities.type("99999")  # type: ignore[union-attr]
    step._form.change("day", "2020-01-01")
    step.press("done")
    yield "step-deliver-error", window
    _close(step)
    note = cases.deliveries.deliver(order, {line.line.id: Decimal(2) for line in order.lines[:4]})
    order = cases.orders.get(ORDER, order.head.id)
    step = open_step(window, cases, order, OrderAction.INVOICE, lambda _made: None)
    yield "step-invoice", window
    _close(step)
    step = open_step(window, cases, order, OrderAction.TAKE_BACK, lambda _made: None)
    step._form.change("delivery", note.head.id)
    assert step.quantities is not None
    step._form.plan.quantities.type("1")  # type: ignore[union-attr]
    step._form.plan.quantities.choose_reason("Faulty")  # type: ignore[union-attr]
    step._form.show()
    yield "step-take-back", window
    _close(step)
    step = open_step(window, cases, order, OrderAction.FINISH, lambda _made: None)
    yield "step-finish", window
    _close(step)
    invoice = cases.invoicing.of_order(order, InvoiceBasis.DELIVERED)
    step = open_step(
        window,
        cases,
        invoice,
        InvoiceAction.RECEIVE,
        lambda _made: None,
        sell=lambda _cart: None,
    )
    step._form.change("amount", "9999")
    step.press("done")
    yield "step-receive", window
    _close(step)
    cases.invoicing.postpone(invoice, now().date() + timedelta(days=14))
    invoice = cases.invoicing.get(INVOICE, invoice.head.id)
    step = open_step(window, cases, invoice, InvoiceAction.REMIND, lambda _made: None)
    yield "step-remind", window
    _close(step)
    window.hide()


def _close(sheet: QWidget) -> None:
    sheet.hide()
    sheet.deleteLater()


def _customer(store: Store, now: Callable[[], datetime]) -> Customer:
    customers = Customers(store, now)
    known = store.customers.find("CUS7001")
    return known or customers.save(
        Customer(
            customers.new_id(),
            "CUS7001",
            "Quayside Hotel & Restaurant",
            email="office@quayside.example",
            address="12 Harbour Road",
            postcode="H91 X0F1",
            city="Galway",
            country="IE",
        )
    )


def _order(store, cases, checkout, customer):  # type: ignore[no-untyped-def]
    lines = []
    for found in store.products.search("e", 9):
        lines.append(product_line(store, customer, lines, found.product, Decimal(8)))
    goods = [line for line in lines if line.product_id]
    moves = tuple(
        StockMove(line.product_id, checkout.shop.location, Decimal(20), MoveReason.OPENING)
        for line in goods
    )
    with store.transaction() as tx:
        checkout.move_stock_in(tx, moves)
    draft = cases.orders.draft(customer)
    order = cases.orders.create(replace(draft, lines=tuple(OrderLine(line) for line in lines)))
    return cases.orders.decide(order, True)

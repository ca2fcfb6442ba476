"""A document screen in a window, and documents in each of their states, for the tests of both."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.domain.cart import Cart
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.money import Money
from pos_app.domain.order import Order
from pos_app.domain.quotation import Quotation, QuotationState
from pos_app.services.document_records import QUOTATION
from pos_app.services.invoicing import Received
from pos_app.ui.changes import ChangeHub
from pos_app.ui.document_screen import DocumentsScreen
from tests.services.document_office import Office


class Till:
    """Stands for the checkout: remembers the carts that were brought."""

    def __init__(self) -> None:
        self.carts: list[Cart] = []

    def sell(self, cart: Cart) -> None:
        self.carts.append(cart)


class Window:
    """A screen that is shown, with its till and where it sent one elsewhere."""

    def __init__(
        self, make: Callable[..., DocumentsScreen], office: Office, qtbot: QtBot, hub: ChangeHub
    ) -> None:
        self.till = Till()
        self.sent: list[tuple[str, str]] = []
        self.qtbot = qtbot
        self.screen = make(
            office.checkout,
            lambda changes: hub.publish(changes, self),
            counter=self.till,
            elsewhere=lambda record, key: self.sent.append((record, key)),
        )
        hub.subscribe(lambda changes, _origin: self.screen.refresh(changes))
        self.screen.resize(1280, 800)
        qtbot.addWidget(self.screen)
        with qtbot.waitExposed(self.screen):
            self.screen.show()
        self.settle()

    def settle(self) -> None:
        """Wait until the list says how long it is and the history is there."""
        presenter = self.screen.presenter

        def is_quiet() -> bool:
            state = presenter.state
            has_history = state.detail is None or bool(state.detail.history)
            return has_history and not presenter.list.is_reading

        self.qtbot.waitUntil(is_quiet)
        QApplication.processEvents()

    def show(self, record: str, key: str) -> None:
        self.screen.presenter.open_any(record, key)
        self.settle()

    def press(self, key: str) -> None:
        button = self.screen.detail.button(key)
        if button.isHidden():
            self.screen.presenter.press(key)
        else:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    @property
    def told(self) -> str:
        return " | ".join(notice.text for notice in self.screen.presenter.state.notices)

    @property
    def keys(self) -> list[str]:
        return self.screen.detail.button_keys()

    @property
    def main(self) -> str:
        detail = self.screen.presenter.state.detail
        return "" if detail is None or detail.main is None else detail.main.key


def quotation_in(office: Office, state: QuotationState) -> Quotation:
    quotation = office.quotation()
    if state is QuotationState.DRAFT:
        return quotation
    quotation = office.quotations.submit(quotation)
    if state in (QuotationState.APPROVED, QuotationState.REJECTED):
        return office.quotations.decide(quotation, state is QuotationState.APPROVED, "so it is")
    if state is QuotationState.EXPIRED:
        office.pass_days(60)
        office.quotations.expire_due()
    return office.quotations.get(QUOTATION, quotation.head.id)


def order_in(office: Office, state: str) -> Order:
    if state == "draft":
        draft = office.orders.draft(office.customer)
        return office.orders.create(replace(draft, lines=office.order().lines))
    order = office.order()
    if state == "cancelled":
        return office.orders.cancel(order, "changed their mind")
    if state in ("partly", "delivered", "done"):
        some = {"1": Decimal(4)}
        every = {"1": Decimal(10), "2": Decimal(3)}
        office.notes.deliver(order, some if state == "partly" else every)
    if state == "done":
        office.invoicing.of_order(office.now(order))
    return office.now(order)


def invoice_in(office: Office, state: InvoiceState) -> Invoice:
    if state is InvoiceState.DRAFT:
        return office.invoicing.save_draft(office.invoicing.draft(office.customer, office.lines()))
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(4)})
    invoice = office.invoicing.of_order(office.now(order))
    if state is InvoiceState.PARTIALLY_PAID:
        return office.invoicing.receive(invoice, Received(Money(100, "EUR")))
    if state is InvoiceState.FULLY_PAID:
        return office.invoicing.receive(invoice, Received(invoice.balance))
    return invoice

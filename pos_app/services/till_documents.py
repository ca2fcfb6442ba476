"""Sales documents at the till: orders that are collected and invoices that are paid there.

They follow a finished document in its own transaction, so that no crash can part them.
"""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain import invoice as invoices
from pos_app.domain import till_documents as rules
from pos_app.domain.cart import Cart, SaleKind
from pos_app.domain.customer import Customer
from pos_app.domain.delivery_note import DeliveredLine, DeliveryNote, DeliveryNoteState
from pos_app.domain.document_settings import Series
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.held_lines import add_invoice_payment
from pos_app.domain.invoice import Invoice, InvoicePayment
from pos_app.domain.money import Money
from pos_app.domain.order import Order
from pos_app.domain.payment import TenderMethod
from pos_app.domain.sale import Sale
from pos_app.services.customer_records import survivor_id
from pos_app.services.document_desk import DocumentDesk
from pos_app.services.document_records import DELIVERY_NOTE, INVOICE, ORDER

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction

_NONE = Decimal(0)


class InvoiceUnknown(PosError):
    """A payment for an invoice that this store does not have."""

    sentence = "The invoice {number} is not in this store. Check its number."


class TillDocuments(DocumentDesk):
    """Brings orders and invoices to the till, and follows what was sold and paid of them."""

    def cart_of(self, order: Order) -> Cart:
        """Return a cart that sells what is left of an order; nothing is written yet."""
        now = self.get(ORDER, order.head.id)
        return rules.cart_of_order(now, self.checkout.new_cart(), self._customer_of(now))

    def cart_paying(self, invoice: Invoice, amount: Money | None = None) -> Cart:
        """Return a cart that pays an invoice, or a part of it; raises MoreThanOwed."""
        now = self.get(INVOICE, invoice.head.id)
        invoices.check_action(now, invoices.InvoiceAction.RECEIVE)
        wanted = amount or now.balance
        if wanted.minor > now.balance.minor:
            raise invoices.MoreThanOwed(balance=now.balance, number=now.head.number)
        number, currency = now.head.number, now.currency
        if {wanted.currency, self.shop.policy.currency} != {currency}:
            raise invoices.PaidInOtherCurrency(number=number, currency=currency)
        cart = replace(self.checkout.new_cart(), customer=self._customer_of(now))
        return add_invoice_payment(cart, now.head.number, wanted)

    def by_code(self, code: str) -> Order | Invoice | None:
        """Return the order or invoice whose number was scanned or typed."""
        return self.by_number(ORDER, code) or self.by_number(INVOICE, code)

    def collect_in(self, tx: "Transaction", cart: Cart, sale: Sale) -> None:
        """Write the delivery of what a finished cart sold of its order; raises OrderMovedOn."""
        order = tx.records.get(ORDER, cart.order_id)
        if order is None:
            return
        quantities = rules.collected_quantities(order, cart)
        if not quantities:
            return
        note = self._note(order, quantities, sale)
        number = self.next_number(tx, Series.DELIVERY_NOTE, note.head.day)
        note = replace(note, head=replace(note.head, number=number))
        sold = rules.collected(order, quantities)
        self.keep(tx, ORDER, sold, FactKind.ORDER_SAVED, "collect")
        self.keep_new(tx, DELIVERY_NOTE, note, FactKind.DELIVERY_NOTE_SAVED)

    def follow_in(self, tx: "Transaction", sale: Sale) -> None:
        """Pay the invoices that a document pays, and undo what a void undoes.

        Raises InvoiceUnknown or what `invoice.received` refuses.
        """
        for number, minor in rules.invoice_payments(sale):
            invoice = tx.records.by_code(INVOICE, number)
            if invoice is None:
                raise InvoiceUnknown(number=number)
            payment = self._payment(sale, Money(minor, sale.currency), invoice)
            is_in = minor > 0 and sale.kind is not SaleKind.VOID
            paid = (
                invoices.received(invoice, payment)
                if is_in
                else rules.payment_undone(invoice, payment)
            )
            self.keep(tx, INVOICE, paid, FactKind.INVOICE_PAID, "till")
        if sale.voids:
            self._uncollect(tx, sale.voids)
        if any(line.returns for line in sale.lines) and tx.records.has_any(INVOICE.name):
            from pos_app.services.invoiced_sales import InvoicedSales  # noqa: PLC0415 - few sales

            InvoicedSales(self.checkout).follow_in(tx, sale)

    def _customer_of(self, document: Order | Invoice) -> Customer | None:
        """Return the customer of a document as the till knows them now, merged records included."""
        known = survivor_id(self.store, document.head.customer.id)
        return self.store.customers.get(known)

    def _uncollect(self, tx: "Transaction", sale_id: str) -> None:
        """Give an order back what a voided sale had collected of it."""
        for note in tx.records.starting_with(DELIVERY_NOTE, sale_id, 2):
            order = tx.records.get(ORDER, note.order_id)
            if note.sale_id != sale_id or order is None:
                continue
            quantities = {line.order_line_id: line.line.quantity for line in note.lines}
            back = rules.uncollected(order, quantities)
            self.keep(tx, ORDER, back, FactKind.ORDER_SAVED, "uncollect")
            undone = replace(note, state=DeliveryNoteState.CANCELLED)
            self.keep(tx, DELIVERY_NOTE, undone, FactKind.DELIVERY_NOTE_SAVED, "cancel")

    def _note(self, order: Order, quantities: dict[str, Decimal], sale: Sale) -> DeliveryNote:
        stamp = sale.stamp
        head = replace(
            order.head,
            id=self.new_id(),
            number="",
            day=stamp.business_day,
            version=1,
            created_at=stamp.at,
            created_by=stamp.staff,
            updated_at=stamp.at,
            updated_by=stamp.staff,
        )
        lines = tuple(
            DeliveredLine(
                line.line.id,
                replace(line.line, quantity=quantities[line.line.id]),
                line.line.quantity,
            )
            for line in order.lines
            if line.line.id in quantities
        )
        return DeliveryNote(
            head,
            order.head.id,
            order.head.number,
            self.shop.location,
            lines,
            sale_id=sale.id,
            sale_number=sale.number,
        )

    def _payment(self, sale: Sale, amount: Money, invoice: Invoice) -> InvoicePayment:
        methods = {tender.method for tender in sale.tenders}
        method = next(iter(methods)) if len(methods) == 1 else TenderMethod.CASH
        return InvoicePayment(
            id=self.new_id(),
            day=max(sale.stamp.business_day, invoice.head.day),
            amount=amount,
            method=method,
            staff=sale.stamp.staff,
            at=sale.stamp.at,
            remark=sale.number,
            sale_id=sale.id,
        )

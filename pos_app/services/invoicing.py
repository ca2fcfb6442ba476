"""Invoices: of orders, of sales at the till, or written freely; paid, reminded, postponed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain import invoice as rules
from pos_app.domain import order as orders
from pos_app.domain.customer import Customer
from pos_app.domain.document import DocumentHead, DocumentLine, check_dates, party_of
from pos_app.domain.document_settings import Series
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice, InvoicePayment, Reminder
from pos_app.domain.invoice_draft import (
    blank_invoice,
    due_day,
    reminder_day,
    reminder_day_after,
    unpriced,
)
from pos_app.domain.invoice_of_order import head_of_invoice, of_order, shared_lines, wanted_of
from pos_app.domain.invoice_of_sale import SaleUndone, invoice_of_sale
from pos_app.domain.issuer import issuer_of
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis, Order
from pos_app.domain.payment import TenderMethod
from pos_app.domain.sale import Sale
from pos_app.domain.till_documents import payment_undone
from pos_app.services.credit_check import credit_days, require_credit
from pos_app.services.customer_records import survivor_id
from pos_app.services.document_desk import DocumentDesk
from pos_app.services.document_records import DELIVERY_NOTE, INVOICE, ORDER
from pos_app.services.invoiced_sales import InvoicedSales, invoices_of_sale, is_cancelled
from pos_app.services.order_billing import billed_after_cancelling
from pos_app.services.receivables import put_on_account, take_off_account

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Received:
    """Money that came in for an invoice; no `day` is today."""

    amount: Money
    method: TenderMethod = TenderMethod.BANK_TRANSFER
    day: date | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceTerms:
    """When an invoice is dated and due; what is missing follows the customer and the shop."""

    day: date | None = None
    due: date | None = None
    remarks: str = ""


class Invoicing(DocumentDesk):
    """The use cases; each is one transaction."""

    def draft(self, customer: Customer, lines: tuple[DocumentLine, ...] = ()) -> Invoice:
        """Return an invoice that is not kept yet, for lines written freely."""
        head = self.new_head(customer)
        due = self._due(self.store, head, None)
        return blank_invoice(head, unpriced(lines, head.policy.currency), self.shop.documents, due)

    def save_draft(self, draft: Invoice) -> Invoice:
        """Keep a new draft; it has no number yet. Raises what `invoice.checked` does."""
        new = rules.checked(rules.figured(draft))
        with self.store.transaction() as tx:
            return self.keep_new(tx, INVOICE, new, FactKind.INVOICE_SAVED)

    def change(self, seen: Invoice, new: Invoice) -> Invoice:
        """Keep a draft as it was written anew; raises InvoiceIssued or DocumentChanged."""
        with self.store.transaction() as tx:
            now = self.same(tx, INVOICE, seen)
            changed = rules.changed(now, new)
            return self.keep(tx, INVOICE, changed, FactKind.INVOICE_SAVED, "change")

    def delete(self, seen: Invoice) -> Invoice:
        """Throw a draft away; it never had a number."""
        with self.store.transaction() as tx:
            now = self.same(tx, INVOICE, seen)
            return self.keep(tx, INVOICE, rules.deleted(now), FactKind.INVOICE_SAVED, "delete")

    def issue(self, seen: Invoice, day: date | None = None) -> Invoice:
        """Give a draft its number; from here on its figures stand.

        Raises CustomerOverLimit, CustomerPastDue or ApprovalNeeded where credit does not allow it.
        """
        with self.store.transaction() as tx:
            now = self.same(tx, INVOICE, seen)
            rules.check_action(now, rules.InvoiceAction.ISSUE)
            require_credit(self, tx, now.head.customer, now.total)
            when = day or now.head.day
            if now.remind_on is not None and now.remind_on < when:
                now = replace(now, remind_on=reminder_day(self.shop.documents, now.due, 0))
            # A draft that somebody else's system wrote has its number already.
            number = now.head.number or self.next_number(tx, Series.INVOICE, when)
            issued = self._issued(now, number, when)
            return self.keep(tx, INVOICE, issued, FactKind.INVOICE_ISSUED, "issue")

    def of_order(
        self,
        seen: Order,
        basis: InvoiceBasis = InvoiceBasis.DELIVERED,
        quantities: Mapping[str, Decimal] | None = None,
        terms: InvoiceTerms = InvoiceTerms(),
    ) -> Invoice:
        """Invoice an order's lines, by line id; without quantities all that can be.

        The figures are shares of the order's, so that all its invoices sum to it exactly. Raises
        MoreThanDelivered, OrderNotApproved, DocumentEmpty or DocumentChanged.
        """
        with self.store.transaction() as tx:
            order = self.same(tx, ORDER, seen)
            wanted = wanted_of(order, basis, quantities)
            progressed = orders.invoiced(order, wanted, basis)
            invoice = self._of_order(tx, order, basis, wanted, terms)
            check_dates(order.head.day, invoice.head.day)
            self.keep(tx, ORDER, progressed, FactKind.ORDER_SAVED, "invoice")
            number = self.next_number(tx, Series.INVOICE, invoice.head.day)
            issued = self._issued(invoice, number, invoice.head.day)
            return self.keep_new(tx, INVOICE, issued, FactKind.INVOICE_ISSUED)

    def of_sale(self, sale: Sale, customer: Customer | None = None) -> Invoice:
        """Invoice a finished sale of the till, once; what was paid there is paid here.

        A second call gives the first invoice again, unless that was cancelled: then what was paid
        on it goes over. What has come back already is credited at once. Raises SaleNotInvoiced for
        what is no sale, SaleUndone, or CustomerMissing where neither the sale nor the caller names
        one.
        """
        with self.store.transaction() as tx:
            before = invoices_of_sale(tx, sale.id)
            returns = tx.sales.returns_of(sale.id)
            if before and (returns or not is_cancelled(before[-1])):
                return before[-1]
            if tx.sales.void_of(sale.id) is not None:
                raise SaleUndone(number=sale.number)
            who = customer or sale.customer
            head = self.new_head(who or Customer("", "", ""), self.today)
            head = replace(head, policy=sale.policy)
            due = self._due(tx, head, None)
            invoice = invoice_of_sale(sale, head, due, self.new_id)
            if before:
                invoice = replace(invoice, payments=self._taken_over(tx, before[-1]))
            number = self.next_number(tx, Series.INVOICE, head.day)
            issued = self._issued(invoice, number, head.day)
            if not before and self.shop.tenders.keeps_accounts:
                units = put_on_account(sale)
                take_off_account(tx, sale, units, head.created_at, self.staff)
            kept = self.keep_new(tx, INVOICE, issued, FactKind.INVOICE_ISSUED)
            invoiced = InvoicedSales(self.checkout)
            for document in returns:
                kept = invoiced.credit_back_in(tx, kept, document, sale.id)
            return kept

    def of_sale_id(self, sale_id: str) -> Invoice | None:
        """Return the invoice of a sale at the till; None where it needs one, or one again."""
        found = invoices_of_sale(self.store, sale_id)
        if found and is_cancelled(found[-1]) and not self.store.sales.returns_of(sale_id):
            return None
        return found[-1] if found else None

    def _taken_over(self, tx: "Transaction", cancelled: Invoice) -> tuple[InvoicePayment, ...]:
        """Return what was paid on a cancelled invoice as a payment of the next; it leaves it."""
        if not cancelled.paid.minor:
            return ()
        number, method = cancelled.head.number, cancelled.payments[-1].method
        payment = self._payment(
            Received(cancelled.paid, method, None, number), cancelled.paid, cancelled
        )
        gone = payment_undone(cancelled, replace(payment, id=self.new_id(), amount=-payment.amount))
        self.keep(tx, INVOICE, gone, FactKind.INVOICE_PAID, "taken_over")
        return (payment,)

    def receive(self, seen: Invoice, received: Received) -> Invoice:
        """Write down money that came in; raises MoreThanOwed, InvoiceSettled or PaidBeforeInvoiced.

        Cash and cards go through the till, see `invoice_at_till`.
        """
        with self.store.transaction() as tx:
            now = self.same(tx, INVOICE, seen)
            paid = rules.received(now, self._payment(received, received.amount, now))
            return self.keep(tx, INVOICE, paid, FactKind.INVOICE_PAID, "receive")

    def pay_back(self, seen: Invoice, received: Received) -> Invoice:
        """Write down money paid too much that went back; its amount is above zero."""
        with self.store.transaction() as tx:
            now = self.same(tx, INVOICE, seen)
            paid = rules.paid_back(now, self._payment(received, -received.amount, now))
            return self.keep(tx, INVOICE, paid, FactKind.INVOICE_PAID, "pay_back")

    def postpone(self, seen: Invoice, due: date, remind_on: date | None = None) -> Invoice:
        """Give the customer until another day."""
        with self.store.transaction() as tx:
            now = self.same(tx, INVOICE, seen)
            check_dates(now.head.day, due)
            remind = reminder_day_after(due, remind_on, now.remind_on)
            later = rules.postponed(now, due, remind)
            return self.keep(tx, INVOICE, later, FactKind.INVOICE_SAVED, "postpone")

    def remind(self, seen: Invoice) -> Invoice:
        """Write down that a reminder went out today; the next is due as the shop's days say."""
        today = self.today
        with self.store.transaction() as tx:
            now = self.same(tx, INVOICE, seen)
            level = len(now.reminders) + 1
            reminder = Reminder(level, today, self.staff, self.now)
            reminded = rules.reminded(
                now, reminder, reminder_day(self.shop.documents, today, level)
            )
            return self.keep(tx, INVOICE, reminded, FactKind.INVOICE_REMINDED, "remind")

    def _issued(self, invoice: Invoice, number: str, day: date) -> Invoice:
        """Return a draft issued by the shop as it is now."""
        issued = rules.issued(invoice, number, day)
        return replace(issued, issuer=issuer_of(self.shop))

    def _of_order(
        self,
        tx: "Transaction",
        order: Order,
        basis: InvoiceBasis,
        wanted: Mapping[str, Decimal],
        terms: InvoiceTerms,
    ) -> Invoice:
        customer = tx.customers.get(survivor_id(tx, order.head.customer.id))
        party = order.head.customer if customer is None else party_of(customer)
        new = self.new_head(customer or Customer("", "", ""), terms.day)
        head = head_of_invoice(new, order, party, terms.remarks)
        lines = shared_lines(order, wanted, billed_after_cancelling(tx, order))
        due = self._due(tx, head, terms.due)
        invoice = rules.summed(blank_invoice(head, lines, self.shop.documents, due))
        named = of_order(invoice, order, basis, self._last_delivery(tx, order))
        return replace(named, discounts=order.discounts)

    def _due(self, tx: "Transaction | Store", head: DocumentHead, due: date | None) -> date:
        if due is not None:
            return due
        return due_day(head.day, credit_days(tx, head.customer.id), self.shop.documents)

    def _last_delivery(self, tx: "Transaction", order: Order) -> date | None:
        listed = tx.documents.of_origin(DELIVERY_NOTE.name, order.head.id)
        return listed[-1].day if listed else None

    def _payment(self, received: Received, amount: Money, invoice: Invoice) -> InvoicePayment:
        return InvoicePayment(
            id=self.new_id(),
            day=received.day or max(self.today, invoice.head.day),
            amount=amount,
            method=received.method,
            staff=self.staff,
            at=self.now,
            remark=received.remark,
        )

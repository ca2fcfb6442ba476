"""Goods of an order come back: stock, what had been invoiced is credited, all in one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pos_app.domain import invoice as invoices
from pos_app.domain import order as orders
from pos_app.domain import sales_return as rules
from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.document import DocumentHead, check_dates
from pos_app.domain.document_settings import Series
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice
from pos_app.domain.issuer import issuer_of
from pos_app.domain.order import Order
from pos_app.domain.order_of_quotation import head_anew
from pos_app.domain.sales_return import CreditedLine, ReturnedLine, SalesReturn
from pos_app.domain.taking_back import (
    USUAL_TERMS,
    Back,
    ReturnTerms,
    credited_invoices,
    planned_return,
    return_document,
)
from pos_app.services.document_desk import DocumentDesk
from pos_app.services.document_records import INVOICE, ORDER, SALES_RETURN

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction


class SalesReturns(DocumentDesk):
    """The use cases; each is one transaction."""

    def take_back(
        self,
        seen: Order,
        backs: Mapping[str, Back],
        terms: ReturnTerms = USUAL_TERMS,
    ) -> SalesReturn:
        """Take units of an order's lines back, by line id; what had been invoiced is credited.

        Raises MoreThanDelivered, BilledAtTheTill, DocumentEmpty, DocumentChanged or ApprovalNeeded.
        """
        with self.store.transaction() as tx:
            order = self.same(tx, ORDER, seen)
            billed = self._invoices_of(tx, order.head.id)
            head = self._head(order.head, terms)
            plan = planned_return(
                order,
                backs,
                billed,
                head,
                terms,
                location=self.shop.location,
                issuer=issuer_of(self.shop),
            )
            document = self._keep_in(tx, plan.document, billed)
            self.keep(tx, ORDER, plan.order, FactKind.ORDER_SAVED, "take_back")
            moves = rules.goods_back(document)
            if moves:
                self.checkout.move_stock_in(tx, moves, document.head.created_at)
        return document

    def credit(self, seen: Invoice, reason: str, day: date | None = None) -> SalesReturn:
        """Credit all that is left of an invoice, without goods: the way to cancel one.

        What it billed of an order can be invoiced again. Raises MoreThanInvoiced or
        InvoiceNotIssued.
        """
        with self.store.transaction() as tx:
            now = self.same(tx, INVOICE, seen)
            invoices.check_action(now, invoices.InvoiceAction.CREDIT)
            lines = [
                rules.credit_line(now, line, line.to_credit) for line in now.lines if line.to_credit
            ]
            terms = ReturnTerms(reason=reason, day=day or max(self.today, now.head.day))
            document = self._document(now.head, (), lines, [now], terms)
            document = replace(document, order_id=now.order_id, order_number=now.order_number)
            check_dates(now.head.day, document.head.day)
            document = self._keep_in(tx, document, [now])
            self._bill_again(tx, now)
        return document

    def of_order(self, order_id: str) -> list[SalesReturn]:
        """Return the returns of an order, the first first."""
        listed = self.store.documents.of_origin(SALES_RETURN.name, order_id)
        return [self.get(SALES_RETURN, one.id) for one in listed]

    def _bill_again(self, tx: "Transaction", invoice: Invoice) -> None:
        order = tx.records.get(ORDER, invoice.order_id) if invoice.order_id else None
        if order is None or invoice.basis is None:
            return
        quantities = rules.still_billed(invoice)
        freed = orders.uninvoiced(order, quantities, invoice.basis)
        self.keep(tx, ORDER, freed, FactKind.ORDER_SAVED, "uninvoice")

    def _invoices_of(self, tx: "Transaction", order_id: str) -> list[Invoice]:
        """Return the issued invoices of an order, the latest first."""
        listed = tx.documents.of_origin(INVOICE.name, order_id)
        found = [tx.records.get(INVOICE, one.id) for one in reversed(listed) if one.number]
        return [one for one in found if one is not None]

    def _document(
        self,
        head: DocumentHead,
        lines: tuple[ReturnedLine, ...],
        credited: list[CreditedLine],
        billed: list[Invoice],
        terms: ReturnTerms,
    ) -> SalesReturn:
        new = self._head(head, terms)
        return return_document(new, lines, credited, billed, terms, issuer_of(self.shop))

    def _head(self, head: DocumentHead, terms: ReturnTerms) -> DocumentHead:
        return head_anew(head, self.new_id(), terms.day or self.today, self.now, self.staff)

    def _keep_in(
        self, tx: "Transaction", document: SalesReturn, billed: list[Invoice]
    ) -> SalesReturn:
        """Number the return and credit the invoices that it credits."""
        if document.credit.minor:
            request = ApprovalRequest(Action.REFUND, document.credit, about=document.order_number)
            self.authority.require(request, tx)
        number = self.next_number(tx, Series.RETURN, document.head.day)
        document = replace(document, head=replace(document.head, number=number))
        for now in credited_invoices(document, billed):
            self.keep(tx, INVOICE, now, FactKind.INVOICE_CREDITED, "credit")
        return self.keep_new(tx, SALES_RETURN, document, FactKind.GOODS_TAKEN_BACK)

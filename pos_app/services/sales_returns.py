"""Goods of an order come back: stock, what had been invoiced is credited, all in one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain import invoice as invoices
from pos_app.domain import order as orders
from pos_app.domain import sales_return as rules
from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.document import DocumentEmpty, DocumentHead, check_dates
from pos_app.domain.document_settings import Series
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice, InvoiceCredit
from pos_app.domain.issuer import issuer_of
from pos_app.domain.line_shares import share_of
from pos_app.domain.money import Money
from pos_app.domain.order import Order
from pos_app.domain.sales_return import CreditedLine, ReturnedLine, SalesReturn
from pos_app.services.document_desk import DocumentDesk
from pos_app.services.document_records import INVOICE, ORDER, SALES_RETURN

if TYPE_CHECKING:
    from pos_app.store.transaction import Transaction

_NONE = Decimal(0)


class BilledAtTheTill(PosError):
    """Goods that were collected and paid at the till are on a receipt, not on an invoice."""

    sentence = (
        "{name} was collected and paid at the till. Take it back there with its receipt, so that "
        "the money goes back the way it came."
    )


@dataclass(frozen=True, slots=True)
class Back:
    """How much of an order's line comes back, why, and whether it can be sold again."""

    quantity: Decimal
    reason: str = ""
    is_spoilt: bool = False


@dataclass(frozen=True, slots=True)
class ReturnTerms:
    """What goes for a whole return; no `day` is today, no `location` the order's."""

    reason: str = ""
    day: date | None = None
    location: str = ""
    remarks: str = ""
    delivery_id: str = ""
    delivery_number: str = ""


class SalesReturns(DocumentDesk):
    """The use cases; each is one transaction."""

    def take_back(
        self,
        seen: Order,
        backs: Mapping[str, Back],
        terms: ReturnTerms = ReturnTerms(),
    ) -> SalesReturn:
        """Take units of an order's lines back, by line id; what had been invoiced is credited.

        Raises MoreThanDelivered, BilledAtTheTill, DocumentEmpty, DocumentChanged or ApprovalNeeded.
        """
        wanted = {line_id: back for line_id, back in backs.items() if back.quantity}
        if not wanted:
            raise DocumentEmpty()
        with self.store.transaction() as tx:
            order = self.same(tx, ORDER, seen)
            quantities = {line_id: back.quantity for line_id, back in wanted.items()}
            _check_not_sold(order, quantities)
            progressed = orders.taken_back(order, quantities)
            billed = self._invoices_of(tx, order.head.id)
            credited = _credited(order, quantities, billed)
            lines = _returned_lines(order, wanted)
            document = self._document(order.head, lines, credited, billed, terms)
            document = replace(
                document,
                order_id=order.head.id,
                order_number=order.head.number,
                location=terms.location or order.location or self.shop.location,
            )
            check_dates(order.head.day, document.head.day)
            document = self._keep_in(tx, document, billed)
            self.keep(tx, ORDER, progressed, FactKind.ORDER_SAVED, "take_back")
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
        currency = head.policy.currency
        taxes, net, tax, gross = rules.figures_of(credited, currency)
        rounding = Money(sum(rules.rounding_back(credited, i).minor for i in billed), currency)
        worth = sum(line.figures.gross.minor for line in lines)
        at = self.now
        new_head = replace(
            head,
            id=self.new_id(),
            number="",
            day=terms.day or self.today,
            version=1,
            created_at=at,
            created_by=self.staff,
            updated_at=at,
            updated_by=self.staff,
            remarks=terms.remarks,
        )
        return rules.checked(
            SalesReturn(
                head=new_head,
                order_id="",
                order_number="",
                reason=terms.reason,
                lines=lines,
                credited=tuple(credited),
                taxes=taxes,
                net=net,
                tax=tax,
                gross=gross,
                rounding=rounding,
                total=Money(worth, currency) if lines else gross + rounding,
                delivery_id=terms.delivery_id,
                delivery_number=terms.delivery_number,
                issuer=issuer_of(self.shop),
            )
        )

    def _keep_in(
        self, tx: "Transaction", document: SalesReturn, billed: list[Invoice]
    ) -> SalesReturn:
        """Number the return and credit the invoices that it credits."""
        if document.credit.minor:
            request = ApprovalRequest(Action.REFUND, document.credit, about=document.order_number)
            self.authority.require(request, tx)
        number = self.next_number(tx, Series.RETURN, document.head.day)
        document = replace(document, head=replace(document.head, number=number))
        for invoice in billed:
            quantities = _by_line(document.credited, invoice.head.id)
            if not quantities:
                continue
            amount = rules.credit_of(document.credited, invoice)
            credit = InvoiceCredit(document.head.id, number, amount)
            now = invoices.credited(invoice, quantities, credit)
            self.keep(tx, INVOICE, now, FactKind.INVOICE_CREDITED, "credit")
        return self.keep_new(tx, SALES_RETURN, document, FactKind.GOODS_TAKEN_BACK)


def _check_not_sold(order: Order, quantities: Mapping[str, Decimal]) -> None:
    """Refuse what only the till can take back; raises BilledAtTheTill."""
    for line in order.lines:
        quantity = quantities.get(line.line.id, _NONE)
        if line.sold and line.to_return < quantity <= line.to_return + line.sold:
            raise BilledAtTheTill(name=line.line.name)


def _credited(
    order: Order, quantities: Mapping[str, Decimal], billed: list[Invoice]
) -> list[CreditedLine]:
    """Return what is credited of what comes back."""
    due = {
        line.line.id: line.to_credit(quantities[line.line.id])
        for line in order.lines
        if line.line.id in quantities
    }
    return rules.credit_lines(billed, due)


def _returned_lines(order: Order, wanted: Mapping[str, Back]) -> tuple[ReturnedLine, ...]:
    priced = order.priced
    lines = []
    for line, figures in zip(order.lines, priced.lines, strict=True):
        back = wanted.get(line.line.id)
        if back is None:
            continue
        whole, policy = line.line.quantity, order.head.policy
        share = share_of(figures, whole, line.returned, back.quantity, policy)
        back_line = replace(line.line, quantity=back.quantity)
        lines.append(ReturnedLine(line.line.id, back_line, share, back.reason, back.is_spoilt))
    return tuple(lines)


def _by_line(credited: tuple[CreditedLine, ...], invoice_id: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for line in credited:
        if line.invoice_id == invoice_id:
            before = found.get(line.invoice_line_id, _NONE)
            found[line.invoice_line_id] = before + line.quantity
    return found

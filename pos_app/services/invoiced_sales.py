"""What the till gives back of a sale that has an invoice is credited on the invoice with it.

A return, an exchange or a void and its credit note are one transaction: the invoice asks for no
more than the customer kept, and what went back stands on it.
"""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain import invoice as invoices
from pos_app.domain import sales_return as rules
from pos_app.domain.cart import SaleKind
from pos_app.domain.document_settings import Series
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice, InvoiceCredit, InvoicePayment
from pos_app.domain.money import Money, total
from pos_app.domain.payment import TenderMethod
from pos_app.domain.sale import Sale, SaleLine
from pos_app.domain.sales_return import CreditedLine, SalesReturn
from pos_app.domain.taking_back import ReturnTerms
from pos_app.domain.till_documents import payment_undone
from pos_app.services.document_records import INVOICE, SALES_RETURN
from pos_app.services.receivables import take_off_account
from pos_app.services.sales_returns import SalesReturns

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction

_MOST = 100  # invoices of one sale: each but the last was cancelled


class CreditedWithInvoice(PosError):
    """A void of a return whose goods were credited on an invoice."""

    sentence = (
        "{number} gave back goods that were invoiced, with the credit note {note}. That cannot be "
        "undone: ring the goods up again as a new sale."
    )


def invoices_of_sale(source: "Source", sale_id: str) -> list[Invoice]:
    """Return the invoices of a sale at the till; each but the last was cancelled."""
    found = source.records.starting_with(INVOICE, sale_id, _MOST) if sale_id else []
    mine = [one for one in found if one.sale_id == sale_id]
    return sorted(mine, key=lambda one: (not is_cancelled(one), one.head.created_at))


def is_cancelled(invoice: Invoice) -> bool:
    """Whether all of an issued invoice was credited."""
    return not any(line.to_credit for line in invoice.lines)


class InvoicedSales(SalesReturns):
    """Follows documents of the till that give goods back."""

    def follow_in(self, tx: "Transaction", document: Sale) -> None:
        """Credit the invoice of what a document gives back; raises CreditedWithInvoice."""
        for sale_id in _origins(document):
            _check_no_credit(tx, document, sale_id)
            of_sale = invoices_of_sale(tx, sale_id)
            if of_sale:
                self.credit_back_in(tx, of_sale[-1], document, sale_id)
        if document.voids:
            self._undo_in(tx, document, document.voids)

    def _undo_in(self, tx: "Transaction", void: Sale, return_id: str) -> None:
        """Give a cancelled invoice back what a return had moved on it, now that that is void."""
        original = tx.sales.get(return_id)
        if original is None:
            return
        for sale_id in _origins(original):
            for invoice in invoices_of_sale(tx, sale_id)[-1:]:
                paid = [-p.amount for p in invoice.payments if p.sale_id == return_id]
                amount = total(paid, invoice.currency)
                owed = _back(original, sale_id) - amount
                if owed and self.shop.tenders.keeps_accounts:
                    take_off_account(tx, void, owed.minor, self.now, self.staff)
                if amount:
                    now = payment_undone(invoice, self._paid_back(invoice, void, amount))
                    self.keep(tx, INVOICE, now, FactKind.INVOICE_PAID, "till")

    def credit_back_in(
        self, tx: "Transaction", invoice: Invoice, document: Sale, sale_id: str
    ) -> Invoice:
        """Credit what a document gives back of a sale, and write down the money that went."""
        lines = [
            line for line in document.lines if line.returns and line.returns.sale_id == sale_id
        ]
        credited = _credited(invoice, lines)
        back = _back(document, sale_id)
        rounding = _rounding(document)
        given = total((line.figures.gross for line in credited), invoice.currency)
        given = given + rounding if credited else given
        owed = self._off_account(tx, invoice, document, (back, given))
        now = invoice
        if credited:
            note = self._note(tx, invoice, document, (credited, rounding))
            units = {line.invoice_line_id: line.quantity for line in credited}
            credit = InvoiceCredit(note.head.id, note.head.number, note.credit)
            now = invoices.credited(now, units, credit)
        if back != owed:
            now = payment_undone(now, self._paid_back(invoice, document, owed - back))
        return self.keep(tx, INVOICE, now, FactKind.INVOICE_CREDITED, "till_back")

    def _off_account(
        self, tx: "Transaction", invoice: Invoice, document: Sale, amounts: tuple[Money, Money]
    ) -> Money:
        """Return how much of what went back to the customer's account was owed on the invoice.

        The invoice asks for that much less, so it does not stand to their credit as well. `amounts`
        are what went back, and what of it the invoice is credited now and was not before.
        """
        back, credited = amounts
        on_account = -sum(
            tender.amount.minor
            for tender in document.tenders
            if tender.method is TenderMethod.ON_ACCOUNT and tender.amount.minor < 0
        )
        owed = invoice.balance + back - credited
        units = max(min(on_account, back.minor, owed.minor), 0)
        if units and self.shop.tenders.keeps_accounts:
            take_off_account(tx, document, -units, self.now, self.staff)
        return Money(units, invoice.currency)

    def _note(
        self,
        tx: "Transaction",
        invoice: Invoice,
        document: Sale,
        credit: tuple[list[CreditedLine], Money],
    ) -> SalesReturn:
        credited, rounding = credit
        day = max(document.stamp.business_day, invoice.head.day)
        reasons = [line.returns.reason for line in document.lines if line.returns is not None]
        reason = next((reason for reason in reasons if reason), document.note)
        terms = ReturnTerms(reason=reason[: rules.REASON_LIMIT], day=day, remarks=document.number)
        note = self._document(invoice.head, (), credited, [], terms)
        number = self.next_number(tx, Series.RETURN, day)
        note = replace(
            note,
            head=replace(note.head, number=number),
            rounding=rounding,
            total=note.gross + rounding,
            sale_id=document.id,
            sale_number=document.number,
        )
        return self.keep_new(tx, SALES_RETURN, note, FactKind.GOODS_TAKEN_BACK)

    def _paid_back(self, invoice: Invoice, document: Sale, amount: Money) -> InvoicePayment:
        is_out = amount.minor < 0
        methods = {t.method for t in document.tenders if (t.amount.minor < 0) is is_out}
        return InvoicePayment(
            id=self.new_id(),
            day=max(document.stamp.business_day, invoice.head.day),
            amount=amount,
            method=next(iter(methods)) if len(methods) == 1 else TenderMethod.CASH,
            staff=document.stamp.staff,
            at=document.stamp.at,
            remark=document.number,
            sale_id=document.id,
        )


def _origins(document: Sale) -> list[str]:
    """Return the documents that one gives goods back of."""
    origins = (line.returns.sale_id for line in document.lines if line.returns is not None)
    return list(dict.fromkeys(origin for origin in origins if origin))


def _rounding(document: Sale) -> Money:
    """Return what was rounded with what went back; an exchange rounds only its difference."""
    is_back = document.kind in (SaleKind.RETURN, SaleKind.VOID)
    return -document.rounding if is_back else Money(0, document.currency)


def _back(document: Sale, sale_id: str) -> Money:
    """Return what a document gives back for goods of a sale."""
    lines = (line for line in document.lines if line.returns and line.returns.sale_id == sale_id)
    return _rounding(document) - total((line.figures.gross for line in lines), document.currency)


def _check_no_credit(tx: "Transaction", document: Sale, sale_id: str) -> None:
    """Refuse to void a return that credited an invoice: a credit note stays."""
    if document.voids != sale_id:
        return
    for note in tx.records.starting_with(SALES_RETURN, sale_id, 1):
        if note.sale_id == sale_id:
            number = next(line.returns.sale_number for line in document.lines if line.returns)
            raise CreditedWithInvoice(number=number, note=note.head.number)


def _credited(invoice: Invoice, lines: list[SaleLine]) -> list[CreditedLine]:
    """Return what of some lines that came back is still on the invoice."""
    back: dict[str, Decimal] = {}
    for line in lines:
        place = "" if line.returns is None else str(line.returns.line_no)
        back[place] = back.get(place, Decimal(0)) - line.quantity
    found = []
    for billed in invoice.lines:
        units = min(billed.to_credit, back.get(billed.line.id, Decimal(0)))
        if units > 0:
            found.append(rules.credit_line(invoice, billed, units))
    return found

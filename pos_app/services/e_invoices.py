"""E-invoices of the shop's invoices and credit notes: Factur-X, XRechnung, Peppol.

An e-invoice is the invoice as it left the house: what was paid, credited or reminded later is not
on it, so that the same invoice is the same file for ever.
"""

from collections.abc import Sequence
from dataclasses import replace

from pos_app.domain.document import Party
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice, InvoiceNotIssued, InvoiceState
from pos_app.domain.issuer import shop_of
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.sales_return import SalesReturn
from pos_app.domain.shop import ShopSettings
from pos_app.printing.e_invoice import (
    EAddress,
    EarlyPayment,
    EContact,
    EInvoice,
    EInvoiceKind,
    EInvoiceRules,
    EParty,
    EPayment,
    Preceding,
    VatCategory,
)
from pos_app.printing.e_invoice_body import EBody, Settled, body_of
from pos_app.printing.e_invoice_check import require_complete
from pos_app.printing.e_invoice_cii import cii_xml
from pos_app.printing.e_invoice_codes import NOT_SAID, country_code, means_code
from pos_app.printing.e_invoice_pdf import embed
from pos_app.printing.e_invoice_ubl import ubl_xml

_CREDIT_TRANSFER = "30"


class NoEInvoiceInTraining(PosError):
    """An e-invoice of a sale that never was; the mark on training papers is lost in it."""

    sentence = "This is a training: its invoices are not real. Leave the training first."


def factur_x(invoice: EInvoice, paper: bytes) -> bytes:
    """Return the paper as Factur-X / ZUGFeRD (EN 16931 profile); raises EInvoiceIncomplete.

    `paper` must be that of the invoice as issued, see `as_issued`: both have to say the same.
    """
    whole = require_complete(invoice, EInvoiceRules.EN_16931)
    return embed(paper, cii_xml(whole), whole.issued)


def ubl_file(invoice: EInvoice, rules: EInvoiceRules) -> bytes:
    """Return the XML file of an XRechnung or Peppol invoice; raises EInvoiceIncomplete."""
    return ubl_xml(require_complete(invoice, rules), rules)


def as_issued(invoice: Invoice) -> Invoice:
    """Return an invoice as it left the house: only what was paid in its own sale is paid."""
    own = tuple(
        payment
        for payment in invoice.payments
        if payment.sale_id and payment.sale_id == invoice.sale_id
    )
    return replace(invoice, payments=own, credits=(), reminders=())


def e_invoice_of(invoice: Invoice, shop: ShopSettings) -> EInvoice:
    """Return an issued invoice as EN 16931 sees it.

    Raises InvoiceNotIssued, TwoVatRates or NoEInvoiceInTraining.
    """
    shop = shop_of(shop, invoice.issuer)
    _check_real(shop)
    if invoice.state in (InvoiceState.DRAFT, InvoiceState.DELETED):
        raise InvoiceNotIssued()
    issued = as_issued(invoice)
    body = body_of(
        [(line.line, line.figures) for line in issued.lines],
        issued.head.policy,
        issued.discounts,
        Settled(issued.rounding, issued.paid),
    )
    head = issued.head
    return EInvoice(
        kind=EInvoiceKind.INVOICE,
        number=head.number,
        issued=head.day,
        currency=issued.currency,
        seller=_seller(shop),
        buyer=_buyer(head.customer),
        lines=body.lines,
        taxes=body.taxes,
        totals=body.totals,
        payment=_payment(issued, shop),
        allowances=body.allowances,
        due=issued.due,
        delivered=issued.delivered_on,
        delivery=_delivery(body, head.customer),
        buyer_reference=head.reference,
        sales_order=issued.order_number,
        terms=head.payment_terms,
        early=_early(issued, shop),
        note=_note(head.remarks, shop.documents.invoice_note),
    )


def e_credit_note_of(
    document: SalesReturn, credited: Sequence[Invoice], shop: ShopSettings
) -> EInvoice:
    """Return the credit note of a return as EN 16931 sees it; `credited` are the invoices it names.

    Raises TwoVatRates or NoEInvoiceInTraining; one without lines is refused when it is written.
    """
    shop = shop_of(shop, document.issuer)
    _check_real(shop)
    discounts = [discount for invoice in credited for discount in invoice.discounts]
    body = body_of(
        [(replace(one.line, quantity=one.quantity), one.figures) for one in document.credited],
        document.head.policy,
        discounts,
        Settled(document.rounding, Money(0, document.gross.currency)),
    )
    head = document.head
    days = {invoice.head.number: invoice.head.day for invoice in credited}
    return EInvoice(
        kind=EInvoiceKind.CREDIT_NOTE,
        number=head.number,
        issued=head.day,
        currency=document.gross.currency,
        seller=_seller(shop),
        buyer=_buyer(head.customer),
        lines=body.lines,
        taxes=body.taxes,
        totals=body.totals,
        allowances=body.allowances,
        due=head.day,
        delivered=head.day,
        delivery=_delivery(body, head.customer),
        buyer_reference=head.reference,
        sales_order=document.order_number,
        preceding=tuple(Preceding(number, days.get(number)) for number in document.invoice_numbers),
        note=_note(document.reason, head.remarks),
    )


def _check_real(shop: ShopSettings) -> None:
    if shop.is_training:
        raise NoEInvoiceInTraining()


def _seller(shop: ShopSettings) -> EParty:
    settings = shop.documents
    vat_id, tax_number = settings.vat_id, shop.tax_number
    if not vat_id and _is_vat_id(tax_number):
        vat_id, tax_number = tax_number, ""
    own = settings.address
    street, *more = shop.address or ("",)
    address = EAddress(
        street=own.street or street,
        more="" if own.street else ", ".join(more),
        city=own.city,
        postcode=own.postcode,
        state=own.state,
        country=country_code(shop.country),
    )
    return EParty(
        name=shop.name,
        address=address,
        # A seller is known by one number at least (BR-CO-26), if need be by the tax office's.
        id="" if vat_id or settings.register else tax_number,
        vat_id=vat_id,
        tax_number=tax_number,
        registration=settings.register,
        contact=EContact(settings.contact, shop.phone, settings.email),
        endpoint=settings.email,
    )


def _buyer(customer: Party) -> EParty:
    return EParty(
        name=customer.name,
        address=_address(customer),
        id=customer.number,
        # EN 16931 has no place for a buyer's tax number that is none of VAT.
        vat_id=customer.tax_number if _is_vat_id(customer.tax_number) else "",
        contact=EContact(customer.contact, customer.phone, customer.email),
        endpoint=customer.email,
    )


def _address(customer: Party) -> EAddress:
    street, *more = customer.address.splitlines() or [""]
    return EAddress(
        street=street,
        more=", ".join(more),
        city=customer.city,
        postcode=customer.postcode,
        state=customer.state,
        country=country_code(customer.country),
    )


def _is_vat_id(number: str) -> bool:
    """Whether a tax number begins with its country, as VAT numbers do."""
    prefix = number.strip()[:2].upper()
    return prefix in ("EL", "XI") or (len(prefix) == 2 and country_code(prefix) == prefix)


def _payment(invoice: Invoice, shop: ShopSettings) -> EPayment:
    """What is paid says how it was; what is owed goes to the shop's account."""
    bank = shop.documents.bank
    if invoice.balance.minor <= 0 and invoice.payments:
        return EPayment(code=_code_paid(invoice.payments[0].method))
    if not bank.iban.strip():
        return EPayment()
    transfer = means_code(TenderMethod.BANK_TRANSFER)
    return EPayment(
        code=transfer if invoice.currency == "EUR" else _CREDIT_TRANSFER,
        iban=bank.iban,
        bic=bank.bic,
        holder=bank.holder or shop.name,
        reference=invoice.head.number,
    )


def _code_paid(method: TenderMethod) -> str:
    """A transfer that came in needs no account any more, so it is not said."""
    return NOT_SAID if method is TenderMethod.BANK_TRANSFER else means_code(method)


def _delivery(body: EBody, customer: Party) -> EAddress | None:
    """Goods that leave the country without VAT name where they went (BR-IC-12)."""
    is_abroad = any(row.category is VatCategory.INTRA_COMMUNITY for row in body.taxes)
    return _address(customer) if is_abroad else None


def _early(invoice: Invoice, shop: ShopSettings) -> EarlyPayment | None:
    """What is granted for paying early, where all of it is still to be paid, as on the paper."""
    settings = shop.documents
    is_granted = settings.early_days > 0 and settings.early_percent > 0
    is_owed = invoice.balance == invoice.total and invoice.total.minor > 0
    if not is_granted or not is_owed:
        return None
    return EarlyPayment(settings.early_days, settings.early_percent)


def _note(*texts: str) -> str:
    return "\n".join(text.strip() for text in texts if text.strip())

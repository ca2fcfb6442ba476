"""Is everything there and do the sums agree? Looked at before an e-invoice is written.

These are the rules of EN 16931, XRechnung and Peppol BIS 3 that our documents can break. The
official rules themselves are run in the tests; a till needs no rule engine.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import chain

from pos_app.domain.iban import compact, is_iban
from pos_app.domain.money import Money, RoundingMode, minor_digits, round_steps
from pos_app.printing import e_invoice_problems as problem
from pos_app.printing.e_invoice import (
    EAddress,
    EInvoice,
    EInvoiceRules,
    ELine,
    ETax,
    VatCategory,
)
from pos_app.printing.e_invoice_codes import country_code
from pos_app.printing.e_invoice_price import comes_to
from pos_app.printing.e_invoice_problems import EInvoiceIncomplete
from pos_app.printing.e_invoice_xml import endpoint_of, has_text, vat_id

_TRANSFERS = ("30", "58")
_SELLER_VAT = (VatCategory.REVERSE_CHARGE, VatCategory.INTRA_COMMUNITY, VatCategory.EXPORT)
_BUYER_VAT = (VatCategory.REVERSE_CHARGE, VatCategory.INTRA_COMMUNITY)
_WITHOUT_REASON = (VatCategory.STANDARD, VatCategory.ZERO_RATED)
# VAT numbers of Greece and Northern Ireland begin with letters that are no country (BR-CO-09).
_MORE_PREFIXES = ("EL", "XI", "1A")


def checked(
    invoice: EInvoice, rules: EInvoiceRules = EInvoiceRules.EN_16931
) -> list[EInvoiceIncomplete]:
    """Return what is missing or wrong, the easiest to mend first; nothing where it can be sent."""
    found = chain(
        _parties(invoice),
        _vat_numbers(invoice),
        _payment(invoice),
        _figures(invoice),
        _xrechnung(invoice) if rules is EInvoiceRules.XRECHNUNG else (),
        _network(invoice, rules) if rules is not EInvoiceRules.EN_16931 else (),
    )
    return list(found)


def require_complete(invoice: EInvoice, rules: EInvoiceRules = EInvoiceRules.EN_16931) -> EInvoice:
    """Return the invoice; raises the first EInvoiceIncomplete that `checked` finds."""
    for fault in checked(invoice, rules):
        raise fault
    return invoice


def _parties(invoice: EInvoice) -> Iterator[EInvoiceIncomplete]:
    number, buyer = invoice.number, invoice.buyer.name
    names = (number, invoice.seller.name, buyer, *(line.name for line in invoice.lines))
    if not all(map(has_text, names)):
        yield problem.NameMissing(number=number)
    if not invoice.lines:
        yield problem.NoEInvoiceLines(number=number)
    if not _is_country(invoice.seller.address.country):
        yield problem.SellerCountryMissing(number=number)
    if not _is_country(invoice.buyer.address.country):
        yield problem.BuyerCountryMissing(number=number, buyer=buyer)


def _vat_numbers(invoice: EInvoice) -> Iterator[EInvoiceIncomplete]:
    number, seller, buyer = invoice.number, invoice.seller, invoice.buyer
    categories = {row.category for row in invoice.taxes}
    own = vat_id(invoice, seller)
    is_taxed = invoice.is_outside_vat or has_text(own, seller.tax_number)
    if not is_taxed or not has_text(own, seller.id, seller.registration):
        yield problem.SellerTaxNumberMissing(number=number)
    if categories.intersection(_SELLER_VAT) and not own:
        yield problem.SellerVatIdMissing(number=number)
    if categories.intersection(_BUYER_VAT) and not vat_id(invoice, buyer):
        yield problem.BuyerVatIdMissing(number=number, buyer=buyer.name)
    for one in (own, vat_id(invoice, buyer)):
        if one and one[:2] not in _MORE_PREFIXES and not _is_country(one[:2]):
            yield problem.VatIdWrong(number=number, vat_id=one)
    if invoice.is_outside_vat and len(categories) > 1:
        yield problem.VatMixed(number=number)
    if VatCategory.INTRA_COMMUNITY in categories:
        place = invoice.delivery
        if invoice.delivered is None or place is None or not _is_country(place.country):
            yield problem.DeliveryPlaceMissing(number=number)


def _payment(invoice: EInvoice) -> Iterator[EInvoiceIncomplete]:
    number, payment = invoice.number, invoice.payment
    if invoice.totals.due.minor > 0 and invoice.due is None and not has_text(invoice.terms):
        yield problem.DueDateMissing(number=number)
    if payment.code in _TRANSFERS and not has_text(payment.iban):
        yield problem.BankAccountMissing(number=number)
    if has_text(payment.iban) and not is_iban(payment.iban):
        yield problem.IbanWrong(number=number, iban=compact(payment.iban))


def _figures(invoice: EInvoice) -> Iterator[EInvoiceIncomplete]:
    if minor_digits(invoice.currency) > 2:
        yield problem.CurrencyTooFine(number=invoice.number, currency=invoice.currency)
    for line in invoice.lines:
        price = Fraction(line.price) / Fraction(line.price_base)
        if line.price < 0 or not comes_to(price, line.quantity, _before_allowances(line)):
            yield problem.LineSumWrong(number=invoice.number, name=line.name, found=line.net)
    for row in invoice.taxes:
        yield from _tax_row(invoice, row)
    for expected, found in _sums(invoice):
        if expected != found:
            yield problem.SumWrong(number=invoice.number, expected=expected, found=found)


def _before_allowances(line: ELine) -> Money:
    amount = line.net
    for allowance in line.allowances:
        part = allowance.amount
        amount = amount - part if allowance.is_charge else amount + part
    return amount


def _tax_row(invoice: EInvoice, row: ETax) -> Iterator[EInvoiceIncomplete]:
    """Base and tax of a row; a difference of less than one currency unit is allowed."""
    base = _base_of(invoice, row)
    if base != row.base:
        yield problem.SumWrong(number=invoice.number, expected=base, found=row.base)
    expected = _tax_of(row)
    is_rated = row.category is VatCategory.STANDARD
    if abs(expected - row.amount.amount) >= (1 if is_rated else Decimal("0.01")):
        words = {"number": invoice.number, "rate": f"{row.rate:f}", "found": row.amount}
        yield problem.TaxFarFromRate(**words, expected=f"{expected:f} {invoice.currency}")
    has_reason = has_text(row.reason, row.reason_code)
    if row.category not in _WITHOUT_REASON and not has_reason:
        yield problem.ReasonMissing(number=invoice.number)


def _tax_of(row: ETax) -> Decimal:
    """Base times rate, rounded half up to two places as BR-CO-17 has it in every currency."""
    share = Fraction(row.base.amount) * Fraction(row.rate)
    return Decimal(round_steps(share, RoundingMode.HALF_UP)).scaleb(-2)


def _base_of(invoice: EInvoice, row: ETax) -> Money:
    key = row.category, row.rate
    base = sum(line.net.minor for line in invoice.lines if (line.category, line.rate) == key)
    for one in invoice.allowances:
        if (one.category, one.rate) == key:
            part = one.allowance.amount.minor
            base += part if one.allowance.is_charge else -part
    return Money(base, invoice.currency)


def _sums(invoice: EInvoice) -> Iterator[tuple[Money, Money]]:
    """Each sum as it should be and as it is: BR-CO-10 to BR-CO-16."""
    totals = invoice.totals
    parts = [one.allowance for one in invoice.allowances]
    off = [part.amount.minor for part in parts if not part.is_charge]
    on = [part.amount.minor for part in parts if part.is_charge]
    currency = invoice.currency
    yield Money(sum(line.net.minor for line in invoice.lines), currency), totals.lines
    yield Money(sum(off), currency), totals.allowances
    yield Money(sum(on), currency), totals.charges
    yield totals.lines - totals.allowances + totals.charges, totals.net
    yield Money(sum(row.amount.minor for row in invoice.taxes), currency), totals.tax
    yield Money(sum(row.base.minor for row in invoice.taxes), currency), totals.net
    yield totals.net + totals.tax, totals.gross
    yield totals.gross - totals.prepaid + totals.rounding, totals.due


def _xrechnung(invoice: EInvoice) -> Iterator[EInvoiceIncomplete]:
    number, contact = invoice.number, invoice.seller.contact
    if not has_text(invoice.buyer_reference):
        yield problem.BuyerReferenceMissing(number=number, buyer=invoice.buyer.name)
    if not all(map(has_text, (contact.name, contact.phone, contact.email))):
        yield problem.SellerContactMissing(number=number)
    if not _has_town(invoice.seller.address):
        yield problem.SellerTownMissing(number=number)
    places = (invoice.buyer.address, invoice.delivery)
    if not all(_has_town(place) for place in places if place is not None):
        yield problem.BuyerTownMissing(number=number, buyer=invoice.buyer.name)


def _network(invoice: EInvoice, rules: EInvoiceRules) -> Iterator[EInvoiceIncomplete]:
    number, buyer = invoice.number, invoice.buyer
    is_named = has_text(invoice.buyer_reference, invoice.order_number, invoice.sales_order)
    if rules is EInvoiceRules.PEPPOL and not is_named:
        yield problem.BuyerReferenceMissing(number=number, buyer=buyer.name)
    if not all(endpoint_of(one, rules)[1] for one in (invoice.seller, buyer)):
        is_peppol = rules is EInvoiceRules.PEPPOL
        missing = problem.PeppolAddressMissing if is_peppol else problem.EndpointMissing
        yield missing(number=number, buyer=buyer.name)


def _is_country(code: str) -> bool:
    return len(code) == 2 and country_code(code) == code


def _has_town(address: EAddress) -> bool:
    return has_text(address.city) and has_text(address.postcode)

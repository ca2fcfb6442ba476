"""XRechnung and Peppol BIS Billing 3: an e-invoice as UBL 2.1 (OASIS) Invoice or CreditNote."""

from pos_app.domain.iban import compact
from pos_app.domain.money import Money
from pos_app.printing.e_invoice import (
    Allowance,
    DocumentAllowance,
    EAddress,
    EInvoice,
    EInvoiceKind,
    EInvoiceRules,
    ELine,
    EParty,
    EPayment,
    ETax,
    VatCategory,
)
from pos_app.printing.e_invoice_codes import CARD, NOT_SAID
from pos_app.printing.e_invoice_xml import (
    Node,
    XmlWriter,
    amount,
    endpoint_of,
    has_text,
    plain,
    terms_of,
    vat_id,
)

_SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd:"
# The business process "billing" (BT-23), which Peppol wants and XRechnung takes.
_PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


def ubl_xml(invoice: EInvoice, rules: EInvoiceRules) -> bytes:
    """Write an invoice as a file of its own; same input, same bytes."""
    is_credit = invoice.kind is EInvoiceKind.CREDIT_NOTE
    kind = "CreditNote" if is_credit else "Invoice"
    spaces = {
        None: f"{_SCHEMA}{kind}-2",
        "cac": f"{_SCHEMA}CommonAggregateComponents-2",
        "cbc": f"{_SCHEMA}CommonBasicComponents-2",
    }
    xml = XmlWriter(spaces, kind)
    _head(xml, invoice, rules, is_credit=is_credit)
    _references(xml, invoice)
    for name, party in (("Supplier", invoice.seller), ("Customer", invoice.buyer)):
        node = xml.path(xml.root, f"cac:Accounting{name}Party", "cac:Party")
        scheme, endpoint = endpoint_of(party, rules)
        xml.text(node, "cbc:EndpointID", endpoint, schemeID=scheme)
        _party(xml, node, party, invoice)
    _delivery(xml, invoice)
    _payment(xml, invoice, rules)
    for one in invoice.allowances:
        _document_allowance(xml, one)
    _taxes(xml, invoice)
    _sums(xml, invoice)
    for line in invoice.lines:
        _line(xml, line, is_credit=is_credit)
    return xml.bytes()


def _head(xml: XmlWriter, invoice: EInvoice, rules: EInvoiceRules, *, is_credit: bool) -> None:
    root = xml.root
    xml.text(root, "cbc:CustomizationID", rules.value)
    xml.text(root, "cbc:ProfileID", _PROFILE)
    xml.text(root, "cbc:ID", invoice.number)
    xml.text(root, "cbc:IssueDate", invoice.issued.isoformat())
    if invoice.due is not None and not is_credit:
        xml.text(root, "cbc:DueDate", invoice.due.isoformat())
    kind = "cbc:CreditNoteTypeCode" if is_credit else "cbc:InvoiceTypeCode"
    xml.text(root, kind, invoice.kind.value)
    xml.text(root, "cbc:Note", invoice.note)
    xml.text(root, "cbc:DocumentCurrencyCode", invoice.currency)
    xml.text(root, "cbc:BuyerReference", invoice.buyer_reference)


def _references(xml: XmlWriter, invoice: EInvoice) -> None:
    if has_text(invoice.order_number, invoice.sales_order):
        order = xml.node(xml.root, "cac:OrderReference")
        # UBL wants the buyer's number even where there is none; EN 16931-3-2 then says NA.
        xml.text(order, "cbc:ID", invoice.order_number or "NA")
        xml.text(order, "cbc:SalesOrderID", invoice.sales_order)
    for preceding in invoice.preceding:
        place = xml.path(xml.root, "cac:BillingReference", "cac:InvoiceDocumentReference")
        xml.text(place, "cbc:ID", preceding.number)
        if preceding.issued is not None:
            xml.text(place, "cbc:IssueDate", preceding.issued.isoformat())


def _party(xml: XmlWriter, node: Node, party: EParty, invoice: EInvoice) -> None:
    xml.under(node, "cac:PartyIdentification", "cbc:ID", party.id)
    _address(xml, xml.node(node, "cac:PostalAddress"), party.address)
    for number, scheme in ((vat_id(invoice, party), "VAT"), (party.tax_number, "FC")):
        if has_text(number):
            place = xml.node(node, "cac:PartyTaxScheme")
            xml.text(place, "cbc:CompanyID", number)
            xml.text(xml.node(place, "cac:TaxScheme"), "cbc:ID", scheme)
    legal = xml.node(node, "cac:PartyLegalEntity")
    xml.text(legal, "cbc:RegistrationName", party.name)
    xml.text(legal, "cbc:CompanyID", party.registration)
    contact = party.contact
    if has_text(contact.name, contact.phone, contact.email):
        person = xml.node(node, "cac:Contact")
        xml.text(person, "cbc:Name", contact.name)
        xml.text(person, "cbc:Telephone", contact.phone)
        xml.text(person, "cbc:ElectronicMail", contact.email)


def _address(xml: XmlWriter, node: Node, address: EAddress) -> None:
    xml.text(node, "cbc:StreetName", address.street)
    xml.text(node, "cbc:AdditionalStreetName", address.more)
    xml.text(node, "cbc:CityName", address.city)
    xml.text(node, "cbc:PostalZone", address.postcode)
    xml.text(node, "cbc:CountrySubentity", address.state)
    xml.under(node, "cac:Country", "cbc:IdentificationCode", address.country)


def _delivery(xml: XmlWriter, invoice: EInvoice) -> None:
    if invoice.delivered is None and invoice.delivery is None:
        return
    delivery = xml.node(xml.root, "cac:Delivery")
    if invoice.delivered is not None:
        xml.text(delivery, "cbc:ActualDeliveryDate", invoice.delivered.isoformat())
    if invoice.delivery is not None:
        place = xml.path(delivery, "cac:DeliveryLocation", "cac:Address")
        _address(xml, place, invoice.delivery)


def _payment(xml: XmlWriter, invoice: EInvoice, rules: EInvoiceRules) -> None:
    payment = invoice.payment
    is_credit = invoice.kind is EInvoiceKind.CREDIT_NOTE
    means = xml.node(xml.root, "cac:PaymentMeans")
    words = {"name": payment.text} if has_text(payment.text) else {}
    xml.text(means, "cbc:PaymentMeansCode", _means(payment, rules), **words)
    if invoice.due is not None and is_credit:
        xml.text(means, "cbc:PaymentDueDate", invoice.due.isoformat())
    xml.text(means, "cbc:PaymentID", payment.reference)
    if has_text(payment.card_number):
        card = xml.node(means, "cac:CardAccount")
        xml.text(card, "cbc:PrimaryAccountNumberID", payment.card_number)
        xml.text(card, "cbc:NetworkID", "NA")
    if has_text(payment.iban):
        account = xml.node(means, "cac:PayeeFinancialAccount")
        xml.text(account, "cbc:ID", compact(payment.iban))
        xml.text(account, "cbc:Name", payment.holder)
        branch = "cac:FinancialInstitutionBranch"
        xml.under(account, branch, "cbc:ID", compact(payment.bic))
    terms = terms_of(invoice)
    if terms:
        xml.passage(xml.node(xml.root, "cac:PaymentTerms"), "cbc:Note", terms)


def _means(payment: EPayment, rules: EInvoiceRules) -> str:
    """XRechnung wants the card's last digits with a card (BR-DE-24), and tills keep none."""
    is_unnumbered_card = payment.code == CARD and not has_text(payment.card_number)
    return NOT_SAID if is_unnumbered_card and rules is EInvoiceRules.XRECHNUNG else payment.code


def _document_allowance(xml: XmlWriter, one: DocumentAllowance) -> None:
    node = _allowance(xml, xml.root, one.allowance)
    _category(xml, xml.node(node, "cac:TaxCategory"), one.category, one)


def _taxes(xml: XmlWriter, invoice: EInvoice) -> None:
    total = xml.node(xml.root, "cac:TaxTotal")
    _money(xml, total, "cbc:TaxAmount", invoice.totals.tax)
    for row in invoice.taxes:
        part = xml.node(total, "cac:TaxSubtotal")
        _money(xml, part, "cbc:TaxableAmount", row.base)
        _money(xml, part, "cbc:TaxAmount", row.amount)
        _category(xml, xml.node(part, "cac:TaxCategory"), row.category, row)


def _category(
    xml: XmlWriter, node: Node, category: VatCategory, of: ETax | DocumentAllowance | ELine
) -> None:
    xml.text(node, "cbc:ID", category.value)
    if category is not VatCategory.NOT_SUBJECT:
        xml.text(node, "cbc:Percent", plain(of.rate))
    if isinstance(of, ETax):
        xml.text(node, "cbc:TaxExemptionReasonCode", of.reason_code)
        xml.text(node, "cbc:TaxExemptionReason", of.reason)
    xml.text(xml.node(node, "cac:TaxScheme"), "cbc:ID", "VAT")


def _sums(xml: XmlWriter, invoice: EInvoice) -> None:
    totals = invoice.totals
    sums = xml.node(xml.root, "cac:LegalMonetaryTotal")
    _money(xml, sums, "cbc:LineExtensionAmount", totals.lines)
    _money(xml, sums, "cbc:TaxExclusiveAmount", totals.net)
    _money(xml, sums, "cbc:TaxInclusiveAmount", totals.gross)
    for name, money in (
        ("cbc:AllowanceTotalAmount", totals.allowances),
        ("cbc:ChargeTotalAmount", totals.charges),
        ("cbc:PrepaidAmount", totals.prepaid),
        ("cbc:PayableRoundingAmount", totals.rounding),
    ):
        if money:
            _money(xml, sums, name, money)
    _money(xml, sums, "cbc:PayableAmount", totals.due)


def _line(xml: XmlWriter, line: ELine, *, is_credit: bool) -> None:
    node = xml.node(xml.root, "cac:CreditNoteLine" if is_credit else "cac:InvoiceLine")
    xml.text(node, "cbc:ID", line.id)
    xml.text(node, "cbc:Note", line.note)
    quantity = "cbc:CreditedQuantity" if is_credit else "cbc:InvoicedQuantity"
    xml.text(node, quantity, plain(line.quantity), unitCode=line.unit)
    _money(xml, node, "cbc:LineExtensionAmount", line.net)
    for allowance in line.allowances:
        _allowance(xml, node, allowance)
    item = xml.node(node, "cac:Item")
    xml.text(item, "cbc:Description", line.description)
    xml.text(item, "cbc:Name", line.name)
    xml.under(item, "cac:SellersItemIdentification", "cbc:ID", line.code)
    _category(xml, xml.node(item, "cac:ClassifiedTaxCategory"), line.category, line)
    price = xml.node(node, "cac:Price")
    xml.text(price, "cbc:PriceAmount", plain(line.price), currencyID=line.net.currency)
    if line.price_base != 1:
        xml.text(price, "cbc:BaseQuantity", plain(line.price_base), unitCode=line.unit)


def _allowance(xml: XmlWriter, place: Node, allowance: Allowance) -> Node:
    node = xml.node(place, "cac:AllowanceCharge")
    xml.text(node, "cbc:ChargeIndicator", "true" if allowance.is_charge else "false")
    xml.text(node, "cbc:AllowanceChargeReasonCode", allowance.code)
    xml.text(node, "cbc:AllowanceChargeReason", allowance.reason)
    _money(xml, node, "cbc:Amount", allowance.amount)
    return node


def _money(xml: XmlWriter, place: Node, name: str, money: Money) -> None:
    xml.text(place, name, amount(money), currencyID=money.currency)

"""Factur-X / ZUGFeRD: an e-invoice as UN/CEFACT Cross Industry Invoice (D16B), EN 16931 profile."""

from datetime import date

from pos_app.domain.iban import compact
from pos_app.printing.e_invoice import (
    Allowance,
    EAddress,
    EContact,
    EInvoice,
    EInvoiceRules,
    ELine,
    EParty,
    ETax,
    VatCategory,
)
from pos_app.printing.e_invoice_xml import (
    Node,
    XmlWriter,
    amount,
    has_text,
    plain,
    terms_of,
    vat_id,
)

_SPACES: dict[str | None, str] = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}


def cii_xml(invoice: EInvoice) -> bytes:
    """Write the XML that goes into a Factur-X PDF; same input, same bytes."""
    xml = XmlWriter(_SPACES, "rsm:CrossIndustryInvoice")
    context = xml.path(
        xml.root, "rsm:ExchangedDocumentContext", "ram:GuidelineSpecifiedDocumentContextParameter"
    )
    xml.text(context, "ram:ID", EInvoiceRules.EN_16931.value)
    _document(xml, invoice)
    deal = xml.node(xml.root, "rsm:SupplyChainTradeTransaction")
    for line in invoice.lines:
        _line(xml, deal, line)
    _agreement(xml, deal, invoice)
    _delivery(xml, deal, invoice)
    _settlement(xml, deal, invoice)
    return xml.bytes()


def _document(xml: XmlWriter, invoice: EInvoice) -> None:
    document = xml.node(xml.root, "rsm:ExchangedDocument")
    xml.text(document, "ram:ID", invoice.number)
    xml.text(document, "ram:TypeCode", invoice.kind.value)
    _day(xml, document, "ram:IssueDateTime", invoice.issued)
    xml.under(document, "ram:IncludedNote", "ram:Content", invoice.note)


def _line(xml: XmlWriter, deal: Node, line: ELine) -> None:
    item = xml.node(deal, "ram:IncludedSupplyChainTradeLineItem")
    head = xml.node(item, "ram:AssociatedDocumentLineDocument")
    xml.text(head, "ram:LineID", line.id)
    xml.under(head, "ram:IncludedNote", "ram:Content", line.note)
    product = xml.node(item, "ram:SpecifiedTradeProduct")
    xml.text(product, "ram:SellerAssignedID", line.code)
    xml.text(product, "ram:Name", line.name)
    xml.text(product, "ram:Description", line.description)
    price = xml.path(item, "ram:SpecifiedLineTradeAgreement", "ram:NetPriceProductTradePrice")
    xml.text(price, "ram:ChargeAmount", plain(line.price))
    if line.price_base != 1:
        xml.text(price, "ram:BasisQuantity", plain(line.price_base), unitCode=line.unit)
    delivery = xml.node(item, "ram:SpecifiedLineTradeDelivery")
    xml.text(delivery, "ram:BilledQuantity", plain(line.quantity), unitCode=line.unit)
    settlement = xml.node(item, "ram:SpecifiedLineTradeSettlement")
    tax = xml.node(settlement, "ram:ApplicableTradeTax")
    _vat(xml, tax, ETax(line.category, line.rate, line.net, line.net), is_row=False)
    for allowance in line.allowances:
        _allowance(xml, settlement, allowance)
    total = xml.node(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
    xml.text(total, "ram:LineTotalAmount", amount(line.net))


def _agreement(xml: XmlWriter, deal: Node, invoice: EInvoice) -> None:
    agreement = xml.node(deal, "ram:ApplicableHeaderTradeAgreement")
    xml.text(agreement, "ram:BuyerReference", invoice.buyer_reference)
    _party(xml, agreement, "ram:SellerTradeParty", invoice.seller, invoice)
    _party(xml, agreement, "ram:BuyerTradeParty", invoice.buyer, invoice)
    order = "ram:IssuerAssignedID"
    xml.under(agreement, "ram:SellerOrderReferencedDocument", order, invoice.sales_order)
    xml.under(agreement, "ram:BuyerOrderReferencedDocument", order, invoice.order_number)


def _delivery(xml: XmlWriter, deal: Node, invoice: EInvoice) -> None:
    delivery = xml.node(deal, "ram:ApplicableHeaderTradeDelivery")
    if invoice.delivery is not None:
        _address(xml, xml.node(delivery, "ram:ShipToTradeParty"), invoice.delivery)
    if invoice.delivered is not None:
        event = xml.node(delivery, "ram:ActualDeliverySupplyChainEvent")
        _day(xml, event, "ram:OccurrenceDateTime", invoice.delivered)


def _settlement(xml: XmlWriter, deal: Node, invoice: EInvoice) -> None:
    settlement = xml.node(deal, "ram:ApplicableHeaderTradeSettlement")
    xml.text(settlement, "ram:PaymentReference", invoice.payment.reference)
    xml.text(settlement, "ram:InvoiceCurrencyCode", invoice.currency)
    _payment(xml, settlement, invoice)
    for row in invoice.taxes:
        _vat(xml, xml.node(settlement, "ram:ApplicableTradeTax"), row, is_row=True)
    for one in invoice.allowances:
        place = _allowance(xml, settlement, one.allowance)
        tax = xml.node(place, "ram:CategoryTradeTax")
        zero = one.allowance.amount
        _vat(xml, tax, ETax(one.category, one.rate, zero, zero), is_row=False)
    terms_text = terms_of(invoice)
    if terms_text or invoice.due is not None:
        terms = xml.node(settlement, "ram:SpecifiedTradePaymentTerms")
        xml.passage(terms, "ram:Description", terms_text)
        if invoice.due is not None:
            _day(xml, terms, "ram:DueDateDateTime", invoice.due)
    _sums(xml, settlement, invoice)
    for preceding in invoice.preceding:
        place = xml.node(settlement, "ram:InvoiceReferencedDocument")
        xml.text(place, "ram:IssuerAssignedID", preceding.number)
        if preceding.issued is not None:
            when = xml.node(place, "ram:FormattedIssueDateTime")
            xml.text(when, "qdt:DateTimeString", f"{preceding.issued:%Y%m%d}", format="102")


def _payment(xml: XmlWriter, settlement: Node, invoice: EInvoice) -> None:
    payment = invoice.payment
    means = xml.node(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")
    xml.text(means, "ram:TypeCode", payment.code)
    xml.text(means, "ram:Information", payment.text)
    card = "ram:ApplicableTradeSettlementFinancialCard"
    xml.under(means, card, "ram:ID", payment.card_number)
    if payment.iban:
        account = xml.node(means, "ram:PayeePartyCreditorFinancialAccount")
        xml.text(account, "ram:IBANID", compact(payment.iban))
        xml.text(account, "ram:AccountName", payment.holder)
        bank = "ram:PayeeSpecifiedCreditorFinancialInstitution"
        xml.under(means, bank, "ram:BICID", compact(payment.bic))


def _sums(xml: XmlWriter, settlement: Node, invoice: EInvoice) -> None:
    totals = invoice.totals
    sums = xml.node(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    xml.text(sums, "ram:LineTotalAmount", amount(totals.lines))
    if totals.charges:
        xml.text(sums, "ram:ChargeTotalAmount", amount(totals.charges))
    if totals.allowances:
        xml.text(sums, "ram:AllowanceTotalAmount", amount(totals.allowances))
    xml.text(sums, "ram:TaxBasisTotalAmount", amount(totals.net))
    xml.text(sums, "ram:TaxTotalAmount", amount(totals.tax), currencyID=invoice.currency)
    if totals.rounding:
        xml.text(sums, "ram:RoundingAmount", amount(totals.rounding))
    xml.text(sums, "ram:GrandTotalAmount", amount(totals.gross))
    if totals.prepaid:
        xml.text(sums, "ram:TotalPrepaidAmount", amount(totals.prepaid))
    xml.text(sums, "ram:DuePayableAmount", amount(totals.due))


def _vat(xml: XmlWriter, place: Node, row: ETax, *, is_row: bool) -> None:
    if is_row:
        xml.text(place, "ram:CalculatedAmount", amount(row.amount))
    xml.text(place, "ram:TypeCode", "VAT")
    if is_row:
        xml.text(place, "ram:ExemptionReason", row.reason)
        xml.text(place, "ram:BasisAmount", amount(row.base))
    xml.text(place, "ram:CategoryCode", row.category.value)
    if is_row:
        xml.text(place, "ram:ExemptionReasonCode", row.reason_code)
    if row.category is not VatCategory.NOT_SUBJECT:
        xml.text(place, "ram:RateApplicablePercent", plain(row.rate))


def _allowance(xml: XmlWriter, place: Node, allowance: Allowance) -> Node:
    node = xml.node(place, "ram:SpecifiedTradeAllowanceCharge")
    indicator = xml.node(node, "ram:ChargeIndicator")
    xml.text(indicator, "udt:Indicator", "true" if allowance.is_charge else "false")
    xml.text(node, "ram:ActualAmount", amount(allowance.amount))
    xml.text(node, "ram:ReasonCode", allowance.code)
    xml.text(node, "ram:Reason", allowance.reason)
    return node


def _party(xml: XmlWriter, place: Node, name: str, party: EParty, invoice: EInvoice) -> None:
    node = xml.node(place, name)
    xml.text(node, "ram:ID", party.id)
    xml.text(node, "ram:Name", party.name)
    xml.under(node, "ram:SpecifiedLegalOrganization", "ram:ID", party.registration)
    _contact(xml, node, party.contact)
    _address(xml, node, party.address)
    scheme = party.endpoint_scheme
    xml.under(node, "ram:URIUniversalCommunication", "ram:URIID", party.endpoint, schemeID=scheme)
    registration = "ram:SpecifiedTaxRegistration"
    xml.under(node, registration, "ram:ID", party.tax_number, schemeID="FC")
    xml.under(node, registration, "ram:ID", vat_id(invoice, party), schemeID="VA")


def _contact(xml: XmlWriter, place: Node, contact: EContact) -> None:
    if not has_text(contact.name, contact.phone, contact.email):
        return
    person = xml.node(place, "ram:DefinedTradeContact")
    xml.text(person, "ram:PersonName", contact.name)
    number = "ram:TelephoneUniversalCommunication"
    xml.under(person, number, "ram:CompleteNumber", contact.phone)
    xml.under(person, "ram:EmailURIUniversalCommunication", "ram:URIID", contact.email)


def _address(xml: XmlWriter, place: Node, address: EAddress) -> None:
    node = xml.node(place, "ram:PostalTradeAddress")
    xml.text(node, "ram:PostcodeCode", address.postcode)
    xml.text(node, "ram:LineOne", address.street)
    xml.text(node, "ram:LineTwo", address.more)
    xml.text(node, "ram:CityName", address.city)
    xml.text(node, "ram:CountryID", address.country)
    xml.text(node, "ram:CountrySubDivisionName", address.state)


def _day(xml: XmlWriter, place: Node, name: str, day: date) -> None:
    xml.text(xml.node(place, name), "udt:DateTimeString", f"{day:%Y%m%d}", format="102")

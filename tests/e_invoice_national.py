"""What XRechnung and Peppol BIS 3 want beyond EN 16931, written by us after their published rules.

Sources: XRechnung 3.0 (KoSIT, rules BR-DE-*), Peppol BIS Billing 3.0 (OpenPeppol, rules
PEPPOL-EN16931-*). Only rules that a shop's invoice can meet are here: no direct debit, no
attachments, no country rules outside Germany.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from lxml import etree

_SPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
_XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
_PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_PROCESS = re.compile(r"urn:fdc:peppol\.eu:2017:poacc:billing:\d{2}:1\.0")
_SELLER = "cac:AccountingSupplierParty/cac:Party"
_BUYER = "cac:AccountingCustomerParty/cac:Party"
# Those of the code list of Peppol (release 3.0.15 of May 2023); e-mail (EM) is not among them.
_SCHEMES = set(
    "0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0151 0183 0184 0188 "
    "0190 0191 0192 0193 0195 0196 0198 0199 0200 0201 0202 0204 0208 0209 0210 0211 "
    "0212 0213 0215 0216 0218 0221 0230 9901 9910 9913 9914 9915 9918 9919 9920 9922 "
    "9923 9924 9925 9926 9927 9928 9929 9930 9931 9932 9933 9934 9935 9936 9937 9938 "
    "9939 9940 9941 9942 9943 9944 9945 9946 9947 9948 9949 9950 9951 9952 9953 9957 "
    "9959".split()
)
_FORMS = {
    "0192": re.compile(r"\d{9}"),
    "0184": re.compile(r"DK\d{8}"),
    "0208": re.compile(r"\d{10}"),
    "0007": re.compile(r"\d{10}"),
}
_VATEX = {"VATEX-EU-G": "G", "VATEX-EU-O": "O", "VATEX-EU-IC": "K", "VATEX-EU-AE": "AE"}
_EARLY = re.compile(r"#SKONTO#TAGE=\d+#PROZENT=\d+\.\d\d#(BASISBETRAG=-?\d+\.\d\d#)?\n")
_EMAIL = re.compile(r"[^@\s.][^@\s]*[^@\s.]@[^@\s.][^@\s]*[^@\s.]")


class _Reader:
    """A UBL document to ask."""

    def __init__(self, xml: bytes) -> None:
        self.root = etree.fromstring(xml)

    def all(self, path: str, start: etree._Element | None = None) -> list[etree._Element]:
        return (self.root if start is None else start).xpath(path, namespaces=_SPACES)

    def text(self, path: str, start: etree._Element | None = None) -> str:
        found = self.all(path, start)
        return (found[0].text or "").strip() if found else ""

    def number(self, path: str, start: etree._Element, default: str = "0") -> Decimal:
        return Decimal(self.text(path, start) or default)


def xrechnung_broken(xml: bytes) -> list[str]:
    """Return the XRechnung rules that a UBL document breaks."""
    read = _Reader(xml)
    return [*_german(read), *_shared(read)]


def peppol_broken(xml: bytes) -> list[str]:
    """Return the Peppol rules that a UBL document breaks."""
    read = _Reader(xml)
    return [*_peppol(read), *_shared(read)]


def _german(read: _Reader) -> Iterator[str]:
    wanted = {
        "BR-DE-1": "cac:PaymentMeans/cbc:PaymentMeansCode",
        "BR-DE-15": "cbc:BuyerReference",
        "BR-DE-16": f"{_SELLER}/cac:PartyTaxScheme/cbc:CompanyID",
        "BR-DE-3": f"{_SELLER}/cac:PostalAddress/cbc:CityName",
        "BR-DE-4": f"{_SELLER}/cac:PostalAddress/cbc:PostalZone",
        "BR-DE-5": f"{_SELLER}/cac:Contact/cbc:Name",
        "BR-DE-6": f"{_SELLER}/cac:Contact/cbc:Telephone",
        "BR-DE-7": f"{_SELLER}/cac:Contact/cbc:ElectronicMail",
        "BR-DE-8": f"{_BUYER}/cac:PostalAddress/cbc:CityName",
        "BR-DE-9": f"{_BUYER}/cac:PostalAddress/cbc:PostalZone",
    }
    yield from (rule for rule, path in wanted.items() if not read.text(path))
    for place in read.all("cac:Delivery/cac:DeliveryLocation/cac:Address"):
        if not read.text("cbc:CityName", place):
            yield "BR-DE-10"
        if not read.text("cbc:PostalZone", place):
            yield "BR-DE-11"
    if read.text("cbc:InvoiceTypeCode|cbc:CreditNoteTypeCode") not in ("380", "381"):
        yield "BR-DE-17"
    if not _early_is_right(read):
        yield "BR-DE-18"
    if read.text("cbc:CustomizationID") != _XRECHNUNG:
        yield "BR-DE-21"
    if len(re.findall(r"\d", read.text(wanted["BR-DE-6"]))) < 3:
        yield "BR-DE-27"
    if not _EMAIL.fullmatch(read.text(wanted["BR-DE-7"])):
        yield "BR-DE-28"
    yield from _german_payment(read)


def _early_is_right(read: _Reader) -> bool:
    notes = read.all("cac:PaymentTerms/cbc:Note")
    lines = (notes[0].text or "").splitlines(keepends=True) if notes else []
    marked = [line for line in lines if line.strip().startswith("#")]
    return all(_EARLY.fullmatch(line) for line in marked)


def _german_payment(read: _Reader) -> Iterator[str]:
    for means in read.all("cac:PaymentMeans"):
        code = read.text("cbc:PaymentMeansCode", means)
        account = read.text("cac:PayeeFinancialAccount/cbc:ID", means)
        card = read.all("cac:CardAccount", means)
        if code == "58" and not _is_iban(account):
            yield "BR-DE-19"
        if code in ("30", "58") and not account:
            yield "BR-DE-23-a"
        if code in ("30", "58") and card:
            yield "BR-DE-23-b"
        if code in ("48", "54", "55") and not card:
            yield "BR-DE-24-a"
        if code in ("48", "54", "55") and account:
            yield "BR-DE-24-b"


def _is_iban(text: str) -> bool:
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Za-z0-9]{1,30}", text):
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def _peppol(read: _Reader) -> Iterator[str]:
    if not read.text("cbc:BuyerReference") and not read.text("cac:OrderReference/cbc:ID"):
        yield "PEPPOL-EN16931-R003"
    if not read.text("cbc:CustomizationID").startswith(_PEPPOL):
        yield "PEPPOL-EN16931-R004"
    schemes = {one.get("schemeID") for one in read.all("//cbc:EndpointID")}
    if not schemes <= _SCHEMES:
        yield "PEPPOL-EN16931-CL008"
    for one in read.all("//cbc:EndpointID"):
        form = _FORMS.get(one.get("schemeID", ""))
        if form is not None and not form.fullmatch(one.text or ""):
            yield "PEPPOL-COMMON-R041/R042/R043/R049"
    for category in read.all("//cac:TaxCategory"):
        code = read.text("cbc:TaxExemptionReasonCode", category)
        if code and _VATEX.get(code) != read.text("cbc:ID", category):
            yield "PEPPOL-EN16931-P0104/P0107"


def _shared(read: _Reader) -> Iterator[str]:
    """Peppol rules that XRechnung has taken over too."""
    yield from _parts(read)
    if not _PROCESS.fullmatch(read.text("cbc:ProfileID")):
        yield "PEPPOL-EN16931-R001/R007"
    if len(read.all("cbc:Note")) > 1:
        yield "PEPPOL-EN16931-R002"
    if read.all("//*[not(*) and not(normalize-space())]"):
        yield "PEPPOL-EN16931-R008"
    currency = read.text("cbc:DocumentCurrencyCode")
    if any(one.get("currencyID") != currency for one in read.all("//*[@currencyID]")):
        yield "PEPPOL-EN16931-R051"
    for day in read.all("//*[contains(local-name(), 'Date')]"):
        if date.fromisoformat(day.text or "").isoformat() != day.text:
            yield "PEPPOL-EN16931-F001"
    indicators = {one.text for one in read.all("//cbc:ChargeIndicator")}
    if not indicators <= {"true", "false"}:
        yield "PEPPOL-EN16931-R043"
    for line in read.all("cac:InvoiceLine | cac:CreditNoteLine"):
        yield from _line(read, line)


def _parts(read: _Reader) -> Iterator[str]:
    if not read.text(f"{_BUYER}/cbc:EndpointID"):
        yield "PEPPOL-EN16931-R010"
    if not read.text(f"{_SELLER}/cbc:EndpointID"):
        yield "PEPPOL-EN16931-R020"
    if len(read.all("cac:TaxTotal[cac:TaxSubtotal]")) != 1:
        yield "PEPPOL-EN16931-R053"
    if read.all("cac:TaxTotal[not(cac:TaxSubtotal)]"):
        yield "PEPPOL-EN16931-R054"


def _line(read: _Reader, line: etree._Element) -> Iterator[str]:
    base = read.number("cac:Price/cbc:BaseQuantity", line, "1")
    quantity = read.number("cbc:InvoicedQuantity | cbc:CreditedQuantity", line)
    if base <= 0:
        yield "PEPPOL-EN16931-R121"
        return
    amount = quantity * read.number("cac:Price/cbc:PriceAmount", line) / base
    for allowance in read.all("cac:AllowanceCharge", line):
        part = read.number("cbc:Amount", allowance)
        amount += part if read.text("cbc:ChargeIndicator", allowance) == "true" else -part
    if abs(amount - read.number("cbc:LineExtensionAmount", line)) > Decimal("0.02"):
        yield "PEPPOL-EN16931-R120"
    units = read.all("cac:Price/cbc:BaseQuantity/@unitCode", line)
    own = read.all("cbc:InvoicedQuantity/@unitCode | cbc:CreditedQuantity/@unitCode", line)
    if units and units != own:
        yield "PEPPOL-EN16931-R130"

"""What keeps an invoice from becoming an e-invoice, in words for the shop, with the rule's name."""

from typing import ClassVar

from pos_app.domain.errors import PosError


class EInvoiceIncomplete(PosError):
    """Something that an e-invoice must say is missing or does not fit; `rule` is the official name.

    Each is a class of its own with its own sentence; `number` is the invoice's.
    """

    sentence = (
        "There can be no e-invoice for {number} yet. Complete the shop's and the customer's data."
    )
    rule: ClassVar[str] = ""


class SellerCountryMissing(EInvoiceIncomplete):
    """The shop's country."""

    sentence = "{number} has no country for the shop. Enter it in the shop's settings."
    rule = "BR-09"


class BuyerCountryMissing(EInvoiceIncomplete):
    """The customer's country."""

    sentence = "{number} has no country for {buyer}. Enter it in the customer's address."
    rule = "BR-11"


class NameMissing(EInvoiceIncomplete):
    """The shop's or the customer's name, or a line's, or the invoice's number."""

    sentence = (
        "{number} lacks a name or a number: the invoice, the shop, the customer and every line "
        "need one. Complete what is empty."
    )
    rule = "BR-02 BR-06 BR-07 BR-25"


class SellerTaxNumberMissing(EInvoiceIncomplete):
    """No tax number of the shop at all."""

    sentence = (
        "{number} has no tax number of the shop. Enter the VAT number or the tax number in the "
        "shop's settings."
    )
    rule = "BR-CO-26 BR-S-02"


class SellerVatIdMissing(EInvoiceIncomplete):
    """A supply without VAT to another country or with reverse charge, and no VAT number."""

    sentence = (
        "{number} has lines without VAT that the shop's VAT number must stand beside. Enter it in "
        "the shop's settings."
    )
    rule = "BR-AE-02 BR-IC-02 BR-G-02"


class BuyerVatIdMissing(EInvoiceIncomplete):
    """A supply that the customer owes the VAT of, and no VAT number of the customer."""

    sentence = (
        "{number} leaves the VAT to {buyer}, so it needs the customer's VAT number. Enter it in "
        "the customer's record."
    )
    rule = "BR-AE-02 BR-IC-02"


class VatIdWrong(EInvoiceIncomplete):
    """A VAT number that does not begin with a country."""

    sentence = (
        "The VAT number {vat_id} does not begin with its country, such as DE or FR. Correct it, or "
        "enter it as plain tax number."
    )
    rule = "BR-CO-09"


class NoEInvoiceLines(EInvoiceIncomplete):
    """Nothing on it."""

    sentence = "{number} has no lines. Add at least one."
    rule = "BR-16"


class DueDateMissing(EInvoiceIncomplete):
    """Something is owed, and nothing says until when."""

    sentence = "{number} does not say until when to pay. Enter a due date or payment terms."
    rule = "BR-CO-25"


class BankAccountMissing(EInvoiceIncomplete):
    """A transfer without an account."""

    sentence = "{number} asks for a transfer and names no IBAN. Enter it in the shop's settings."
    rule = "BR-61"


class IbanWrong(EInvoiceIncomplete):
    """An IBAN whose check digits do not fit (ISO 13616)."""

    sentence = "{iban} is not a valid IBAN. Correct it in the shop's settings."
    rule = "BR-DE-19"


class CurrencyTooFine(EInvoiceIncomplete):
    """A currency with more than two places."""

    sentence = (
        "E-invoices know amounts with two places only, and {currency} has three. Send {number} as "
        "plain PDF."
    )
    rule = "BR-DEC-09"


class ReasonMissing(EInvoiceIncomplete):
    """A row without VAT that does not say why."""

    sentence = (
        "{number} does not say why there is no VAT on some lines. Name the reason on the tax."
    )
    rule = "BR-E-10 BR-AE-10 BR-IC-10 BR-G-10 BR-O-10"


class VatMixed(EInvoiceIncomplete):
    """Lines outside VAT beside lines with it."""

    sentence = (
        "{number} mixes lines that VAT has nothing to do with and others. Write two invoices."
    )
    rule = "BR-O-11"


class DeliveryPlaceMissing(EInvoiceIncomplete):
    """An intra-community supply without the day and the country of the delivery."""

    sentence = "{number} needs the day and the country of the delivery. Enter them on the delivery."
    rule = "BR-IC-11 BR-IC-12"


class LineSumWrong(EInvoiceIncomplete):
    """A line whose amount is not price times quantity."""

    sentence = "{found} for {name} on {number} is not price times quantity. Please report this."
    rule = "BT-131 PEPPOL-EN16931-R120 BR-27"


class SumWrong(EInvoiceIncomplete):
    """A sum of the document that is not the sum of its parts."""

    sentence = (
        "A sum on {number} is wrong: {expected} was expected, {found} stands there. Please report "
        "this."
    )
    rule = "BR-CO-10 BR-CO-11 BR-CO-12 BR-CO-13 BR-CO-14 BR-CO-15 BR-CO-16 BR-S-08"


class TaxFarFromRate(EInvoiceIncomplete):
    """Tax that differs from base times rate by a whole currency unit or more."""

    sentence = (
        "The tax of {rate} % on {number} is {found}, but {expected} on the whole amount: rounding "
        "it in small parts adds up to more than an e-invoice may hold. Let the shop's prices round "
        "the tax once per document, or write several invoices."
    )
    rule = "BR-CO-17 BR-S-09"


class BuyerReferenceMissing(EInvoiceIncomplete):
    """XRechnung without a Leitweg-ID; Peppol without it and without an order number."""

    sentence = (
        "{number} has no reference of {buyer}, such as a Leitweg-ID. Ask the customer for it and "
        "enter it as reference of the invoice."
    )
    rule = "BR-DE-15 PEPPOL-EN16931-R003"


class EndpointMissing(EInvoiceIncomplete):
    """No electronic address of the shop or the customer."""

    sentence = (
        "{number} needs an e-mail address of the shop and of {buyer}. Enter what is missing in "
        "the shop's settings or the customer's record."
    )
    rule = "PEPPOL-EN16931-R010 PEPPOL-EN16931-R020"


class PeppolAddressMissing(EInvoiceIncomplete):
    """A party that the Peppol network cannot find: it delivers to businesses by their numbers."""

    sentence = (
        "Peppol finds the shop and {buyer} by their VAT numbers, and {number} lacks one of them. "
        "Enter it in the shop's settings or the customer's record, or send another kind of file."
    )
    rule = "PEPPOL-EN16931-CL008"


class SellerContactMissing(EInvoiceIncomplete):
    """XRechnung without name, telephone and e-mail of somebody in the shop."""

    sentence = (
        "{number} needs a contact in the shop with name, telephone and e-mail. Enter what is "
        "missing in the shop's settings."
    )
    rule = "BR-DE-2 BR-DE-5 BR-DE-6 BR-DE-7"


class SellerTownMissing(EInvoiceIncomplete):
    """XRechnung without town or postcode of the shop."""

    sentence = "{number} needs the shop's town and postcode. Enter them in the shop's settings."
    rule = "BR-DE-3 BR-DE-4"


class BuyerTownMissing(EInvoiceIncomplete):
    """XRechnung without town or postcode of the customer, or of the place of delivery."""

    sentence = "{number} needs town and postcode of {buyer}. Enter them in the customer's address."
    rule = "BR-DE-8 BR-DE-9 BR-DE-10 BR-DE-11"

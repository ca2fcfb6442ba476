"""An invoice or credit note as EN 16931 sees it, whatever file it is written to.

The BT and BG numbers are those of the semantic model in EN 16931-1.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.money import Money

# The scheme of e-mail addresses in the CEF EAS code list; Peppol delivers to none.
MAIL = "EM"


class EInvoiceKind(StrEnum):
    """The type of the document (BT-3, UNTDID 1001)."""

    INVOICE = "380"
    CREDIT_NOTE = "381"


class EInvoiceRules(StrEnum):
    """By which rules a file is written; the value is its specification identifier (BT-24)."""

    EN_16931 = "urn:cen.eu:en16931:2017"
    XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
    PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"


class VatCategory(StrEnum):
    """How VAT applies (UNTDID 5305 as EN 16931 uses it); all but the standard one have no rate."""

    STANDARD = "S"
    ZERO_RATED = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    NOT_SUBJECT = "O"


@dataclass(frozen=True, slots=True)
class EAddress:
    """A postal address; `country` is ISO 3166-1 alpha-2."""

    street: str = ""
    more: str = ""
    city: str = ""
    postcode: str = ""
    state: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class EContact:
    """Whom to ask."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class EParty:
    """Seller or buyer.

    `vat_id` begins with its country (BT-31, BT-48), `tax_number` is the local one (BT-32),
    `registration` the number in a register of companies (BT-30, BT-47), `id` the other side's or
    our own number for the party (BT-29, BT-46). `endpoint` is where invoices reach it, by default
    an e-mail address (BT-34, BT-49).
    """

    name: str
    address: EAddress = EAddress()
    id: str = ""
    vat_id: str = ""
    tax_number: str = ""
    registration: str = ""
    contact: EContact = EContact()
    endpoint: str = ""
    endpoint_scheme: str = MAIL


@dataclass(frozen=True, slots=True)
class Allowance:
    """An amount above zero taken off, or added as a charge; without tax.

    `code` is of UNTDID 5189 for what is taken off (95: discount), of UNTDID 7161 for a charge.
    """

    amount: Money
    reason: str
    is_charge: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class DocumentAllowance:
    """An allowance or charge on the whole document, which has its own VAT (BG-20, BG-21)."""

    allowance: Allowance
    category: VatCategory
    rate: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class ELine:
    """One line (BG-25).

    `net` is price / price_base * quantity - allowances + charges, rounded half up to the cent;
    `price` in currency units for `price_base` units, without VAT. `unit` is of UN/ECE Rec 20,
    `rate` in percent.
    """

    id: str
    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    net: Money
    category: VatCategory
    rate: Decimal = Decimal(0)
    price_base: Decimal = Decimal(1)
    code: str = ""
    description: str = ""
    note: str = ""
    allowances: tuple[Allowance, ...] = ()


@dataclass(frozen=True, slots=True)
class ETax:
    """One row of the VAT table (BG-23); one without a rate says why (VATEX code, words or both)."""

    category: VatCategory
    rate: Decimal
    base: Money
    amount: Money
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class ETotals:
    """The sums (BG-22).

    net = lines - allowances + charges; gross = net + tax; due = gross - prepaid + rounding.
    """

    lines: Money
    allowances: Money
    charges: Money
    net: Money
    tax: Money
    gross: Money
    rounding: Money
    prepaid: Money
    due: Money


@dataclass(frozen=True, slots=True)
class EPayment:
    """How to pay (BG-16); `code` is of UNTDID 4461: 58 SEPA, 10 cash, 48 card, 1 not said.

    `card_number` is at most the last digits of a card (BT-87).
    """

    code: str = "1"
    text: str = ""
    iban: str = ""
    bic: str = ""
    holder: str = ""
    card_number: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class EarlyPayment:
    """What is taken off for paying within some days of the date, in percent."""

    days: int
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Preceding:
    """The invoice that a credit note takes back (BG-3)."""

    number: str
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class EInvoice:
    """Everything that a structured invoice says; all amounts are of `currency`.

    `buyer_reference` is what the buyer asked for, such as a Leitweg-ID (BT-10); `order_number` the
    buyer's, `sales_order` the seller's. `delivery` is where the goods went, if elsewhere.
    """

    kind: EInvoiceKind
    number: str
    issued: date
    currency: str
    seller: EParty
    buyer: EParty
    lines: tuple[ELine, ...]
    taxes: tuple[ETax, ...]
    totals: ETotals
    payment: EPayment = EPayment()
    allowances: tuple[DocumentAllowance, ...] = ()
    due: date | None = None
    delivered: date | None = None
    delivery: EAddress | None = None
    buyer_reference: str = ""
    order_number: str = ""
    sales_order: str = ""
    preceding: tuple[Preceding, ...] = ()
    terms: str = ""
    early: EarlyPayment | None = None
    note: str = ""

    @property
    def is_outside_vat(self) -> bool:
        """Whether VAT has nothing to do with it; then no VAT number may stand on it (BR-O-02)."""
        return any(row.category is VatCategory.NOT_SUBJECT for row in self.taxes)

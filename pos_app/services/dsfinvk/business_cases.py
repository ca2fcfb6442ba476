"""What lines and payments are called in DSFinV-K: its kinds of business cases and of payments.

Source: DSFinV-K 2.4, annexes C (GV_TYP) and D (ZAHLART_TYP). What is paid from money that the shop
holds or is owed is no payment there but a case of its own, with the amount turned round.
"""

from dataclasses import dataclass

from pos_app.domain.payment import TenderMethod
from pos_app.domain.product import ProductKind

SALES, REDUCTION, SURCHARGE = "Umsatz", "Rabatt", "Aufschlag"
OPENING, CASH_TRANSFER, DIFFERENCE = "Anfangsbestand", "Geldtransit", "DifferenzSollIst"
PAID_IN, PAID_OUT = "Einzahlung", "Auszahlung"
CASH, NO_PAYMENT = "Bar", "Keine"
ROUNDING = "Rundung"

_LINES = {
    ProductKind.GIFT_CARD: "MehrzweckgutscheinKauf",
    ProductKind.TIP: "TrinkgeldAN",
    ProductKind.DEPOSIT: "Anzahlungseinstellung",
    ProductKind.ACCOUNT_PAYMENT: "Forderungsaufloesung",
    ProductKind.INVOICE_PAYMENT: "Forderungsaufloesung",
    ProductKind.DISCOUNT: REDUCTION,
}
_SETTLED_BY = {
    TenderMethod.GIFT_CARD: ("MehrzweckgutscheinEinloesung", "Gutscheinkarte"),
    TenderMethod.STORE_CREDIT: ("MehrzweckgutscheinEinloesung", "Gutschrift"),
    TenderMethod.DEPOSIT: ("Anzahlungsaufloesung", "Anzahlung"),
    TenderMethod.ON_ACCOUNT: ("Forderungsentstehung", "Auf Rechnung"),
}
# Whether a card is a debit or a credit card is the terminal's business: the till does not know.
_PAYMENTS = {
    TenderMethod.CASH: (CASH, "Bargeld"),
    TenderMethod.CARD: ("Unbar", "Karte"),
    TenderMethod.BANK_TRANSFER: ("Unbar", "Überweisung"),
    TenderMethod.CHEQUE: ("Unbar", "Scheck"),
    TenderMethod.MOBILE: ("ElZahlungsdienstleister", "Mobiles Bezahlen"),
    TenderMethod.POINTS: ("Guthabenkarte", "Punkte"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A kind of case or payment, and what the shop calls it."""

    kind: str
    name: str = ""


def case_of_line(kind: str) -> str:
    """Return the kind of case that a line of a kind of product is."""
    return _LINES.get(ProductKind(kind), SALES)


def case_of_tender(method: str) -> Named | None:
    """Return the case that a payment is there, or None where it is a payment."""
    found = _SETTLED_BY.get(TenderMethod(method))
    return None if found is None else Named(*found)


def payment_of(method: str) -> Named:
    """Return the kind of payment."""
    return Named(*_PAYMENTS[TenderMethod(method)])

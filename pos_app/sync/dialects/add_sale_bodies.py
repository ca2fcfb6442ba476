"""Sales and invoices as Add Sale wants them written: every field of its table, amounts as texts."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pos_app.domain.invoice import Invoice
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.pricing import LineFigures
from pos_app.domain.product import ProductKind
from pos_app.domain.sale import Sale
from pos_app.sync.dialect import Known, NotSayable
from pos_app.sync.foreign_prices import (
    figure,
    in_words,
    largest,
    paired,
    parts_of,
    told_exactly,
)
from pos_app.texts import later

ON, LEFT_OUT, NUMBERED = "on", "left_out", "number"
DEFAULT_DUE_DAYS = "30"
_PLACES, _MOST = 2, Decimal(100_000_000)  # decimal (10,2)
_SIX = re.compile(r"([0-9]{6})\Z")
_TYPES = {
    TenderMethod.CASH: "Cash",
    TenderMethod.CARD: "Card Payment",
    TenderMethod.MOBILE: "Mobile Money",
    TenderMethod.BANK_TRANSFER: "Bank Transfer / Deposit",
    TenderMethod.CHEQUE: "Cheque",
}
_OTHER = "Other Payment"
_POS, _MAIN = "pos", "main"
_PAYMENTS = (ProductKind.ACCOUNT_PAYMENT, ProductKind.INVOICE_PAYMENT)


class CustomerIdUnknown(NotSayable):
    """A customer whose id at the remote nobody entered."""

    sentence = (
        "{name} cannot be sent there: the customer id of {customer} is not known. Enter it in the "
        "connection, or the id for customers that have none."
    )


class AmountNotKept(NotSayable):
    """An amount that a decimal (10,2) cannot hold."""

    sentence = "{name} cannot be sent there: the API keeps amounts of two places below 100 million."


class PaysSomethingElse(NotSayable):
    """A sale at which something was paid that the remote has as unpaid."""

    sentence = (
        "{name} cannot be sent there: it takes money for an invoice or an account, and the API has "
        "no call for that. Enter it there by hand."
    )


def body_of_sale(sale: Sale, known: Known) -> dict[str, Any]:
    """Return a sale of the till.

    Raises CustomerIdUnknown, AmountNotKept or PaysSomethingElse.
    """
    if any(line.kind in _PAYMENTS for line in sale.lines):
        raise PaysSomethingElse(name=sale.number)
    customer, stamp = sale.customer, sale.stamp
    on_account = _sum_of(sale, TenderMethod.ON_ACCOUNT)
    paid = sale.amount_due - on_account
    due = stamp.business_day + timedelta(days=_due_days(known) if on_account.minor else 0)
    _check_amounts(sale.number, (sale.net, sale.amount_due, paid))
    items = [
        _item(line.name or line.code, line.note, line.quantity, line.figures, len(sale.lines))
        for line in sale.lines
    ]
    return {
        **_code(sale.number, known),
        "invoice_number": sale.number,
        "customer_id": _customer_id(
            sale.number,
            customer.id if customer else "",
            customer.number if customer else "",
            customer.name if customer else "",
            known,
        ),
        "sub_total_amount": figure(sale.net),
        "total_amount": figure(sale.amount_due),
        "amount_paid": figure(paid),
        "discount": "0.00",
        "invoice_type": _POS,
        "invoice_note": sale.note,
        "payment_internal_note": in_words(sale.tenders, sale.rounding),
        "payment_date": stamp.business_day.isoformat(),
        "payment_type": _type_of(sale),
        "payment_status": _status(paid, sale.amount_due),
        "issued_by": stamp.staff,
        "due_date": due.isoformat(),
        **_items(items, known),
    }


def body_of_invoice(invoice: Invoice, known: Known) -> dict[str, Any]:
    """Return an issued invoice; raises CustomerIdUnknown or AmountNotKept."""
    head, party, number = invoice.head, invoice.head.customer, invoice.head.number
    paid, payments = invoice.paid, invoice.payments
    _check_amounts(number, (invoice.net, invoice.total, paid))
    method = payments[-1].method if payments else None
    items = [
        _item(
            line.line.name,
            line.line.specification or line.line.remark,
            line.line.quantity,
            line.figures,
            len(invoice.lines),
        )
        for line in invoice.lines
    ]
    return {
        **_code(number, known),
        "invoice_number": number,
        "customer_id": _customer_id(number, party.id, party.number, party.name, known),
        "sub_total_amount": figure(invoice.net),
        "total_amount": figure(invoice.total),
        "amount_paid": figure(paid),
        "discount": "0.00",
        "invoice_type": _MAIN,
        **({"invoice_colour": invoice.colour} if invoice.colour else {}),
        "invoice_note": head.remarks,
        "invoice_terms": head.payment_terms,
        "payment_date": _day(payments[-1].day if payments else head.day),
        # Not `None`: with nothing paid that would be a draft.
        "payment_type": _OTHER if method is None else _TYPES.get(method, _OTHER),
        "payment_status": _status(paid, invoice.total),
        "issued_by": head.created_by,
        "due_date": _day(invoice.due),
        **_reminder(invoice),
        **_items(items, known),
    }


def _reminder(invoice: Invoice) -> dict[str, str]:
    if invoice.remind_on is None:
        return {}
    return {"reminder_date": _day(invoice.remind_on), "reminder_message": ""}


def _customer_id(name: str, own_id: str, number: str, called: str, known: Known) -> str:
    """Return the customer's id there, or that for all others; raises CustomerIdUnknown."""
    mapped = (known.ids(f"customer {own_id}") or {}).get("customer") if own_id else None
    entered = paired(known.option("customers")).get(number) if number else None
    found = mapped or entered or known.option("walk_in").strip()
    if not found:
        raise CustomerIdUnknown(name=name, customer=called or later("a walk-in customer"))
    return found


def _code(number: str, known: Known) -> dict[str, str]:
    ending = _SIX.search(number)
    wanted = known.option("invoice_code") == NUMBERED and ending is not None
    return {"invoice_code": ending[1]} if wanted and ending else {}


def _check_amounts(name: str, amounts: tuple[Money, ...]) -> None:
    for amount in amounts:
        if not told_exactly(amount, _PLACES) or abs(amount.amount) >= _MOST:
            raise AmountNotKept(name=name)


def _sum_of(sale: Sale, method: TenderMethod) -> Money:
    minor = sum(tender.amount.minor for tender in sale.tenders if tender.method is method)
    return Money(minor, sale.currency)


def _type_of(sale: Sale) -> str:
    """Return how most was paid; never `None`, which with nothing paid would be a draft."""
    paid = [tender for tender in sale.tenders if tender.method is not TenderMethod.ON_ACCOUNT]
    most = largest(paid)
    return _OTHER if most is None else _TYPES.get(most, _OTHER)


def _status(paid: Money, total: Money) -> str:
    if paid == total:
        return "paid"
    return "partial" if paid.minor else "unpaid"


def _due_days(known: Known) -> int:
    entered = known.option("due_days").strip() or DEFAULT_DUE_DAYS
    return int(entered) if entered.isascii() and entered.isdigit() and len(entered) < 5 else 0


def _items(items: list[list[dict[str, str]]], known: Known) -> dict[str, Any]:
    if known.option("items") != ON:
        return {}
    return {"items": [part for parts in items for part in parts]}


def _item(
    name: str, description: str, quantity: Decimal, figures: LineFigures, lines: int
) -> list[dict[str, str]]:
    """Return a line with its net price and its tax; two where no unit price comes to it."""
    parts = parts_of(figures.net, quantity, lines)
    return [
        {
            "item_name": name,
            "description": description,
            "unit_price": figure(part.unit_price),
            "quantity": f"{part.quantity.normalize():f}",
            "tax": figure(figures.tax) if part is parts[0] else "0.00",
        }
        for part in parts
    ]


def _day(day: date) -> str:
    return day.isoformat()

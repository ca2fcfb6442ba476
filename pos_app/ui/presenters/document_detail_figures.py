"""The figures of a document on show, and how far an order has come."""

from dataclasses import dataclass
from decimal import Decimal

from pos_app.domain.delivery_note import DeliveryNote
from pos_app.domain.invoice import Invoice
from pos_app.domain.money import Money
from pos_app.domain.order import Order
from pos_app.domain.pricing import TaxFigure
from pos_app.domain.quotation import Quotation
from pos_app.texts import t
from pos_app.ui.presenters.document_words import SalesDocument
from pos_app.ui.presenters.office_desk import OfficeDesk
from pos_app.ui.presenters.office_words import method_words, tax_name


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about a document: what it is, and its value as text.

    `share` is how much of the whole it is (0 to 100), for a bar beside it.
    """

    label: str
    value: str
    is_strong: bool = False
    share: int | None = None


def figures_of(document: SalesDocument, desk: OfficeDesk) -> tuple[Fact, ...]:
    """Return net, taxes and totals, and what of them was paid and is owed."""
    money = desk.amounts.money
    if isinstance(document, DeliveryNote):
        return (Fact(t("Units"), desk.amounts.number(document.quantity), is_strong=True),)
    if isinstance(document, (Quotation, Order)):
        priced = document.priced
        return (
            Fact(t("Net"), money(priced.net)),
            *_taxes(priced.taxes, desk),
            Fact(t("Total"), money(priced.gross), is_strong=True),
        )
    taxes = _taxes(document.taxes, desk)
    if isinstance(document, Invoice):
        return (
            Fact(t("Net"), money(document.net)),
            *taxes,
            *_unless_zero(t("Rounding"), document.rounding, desk),
            Fact(t("Total"), money(document.total), is_strong=True),
            *_payments(document, desk),
            *_unless_zero(t("Credited"), -document.credited, desk),
            Fact(t("Outstanding"), money(document.balance), is_strong=True),
        )
    return (
        Fact(t("Worth of what came back"), money(document.total)),
        *_unless_zero(t("Net credited"), document.net, desk),
        *(taxes if document.is_credit_note else ()),
        *_unless_zero(t("Rounding"), document.rounding, desk),
        Fact(t("Credited to the customer"), money(document.credit), is_strong=True),
    )


def progress_of(document: SalesDocument, desk: OfficeDesk) -> tuple[Fact, ...]:
    """Return how many units of an order were delivered, invoiced and returned, with shares."""
    if not isinstance(document, Order):
        return ()
    lines = document.lines
    ordered = sum((one.line.quantity for one in lines), Decimal(0))
    done = (
        (t("Shipped"), sum((one.delivered for one in lines), Decimal(0))),
        (t("Invoiced"), sum((one.billed for one in lines), Decimal(0))),
        (t("Returned"), sum((one.returned for one in lines), Decimal(0))),
    )
    number = desk.amounts.number
    return tuple(
        Fact(
            label,
            t("{count} of {total}").format(count=number(count), total=number(ordered)),
            share=int(count * 100 / ordered) if ordered else 0,
        )
        for label, count in done
        if count or label != done[2][0]  # hardly any order has returns
    )


def _taxes(taxes: tuple[TaxFigure, ...], desk: OfficeDesk) -> tuple[Fact, ...]:
    amounts = desk.amounts
    return tuple(Fact(tax_name(one.tax, amounts), amounts.money(one.amount)) for one in taxes)


def _payments(invoice: Invoice, desk: OfficeDesk) -> tuple[Fact, ...]:
    words = method_words()
    return tuple(
        Fact(
            f"{desk.day_words(one.day)} · {words[one.method]}",
            desk.amounts.money(-one.amount),
        )
        for one in invoice.payments
    )


def _unless_zero(label: str, amount: Money, desk: OfficeDesk) -> tuple[Fact, ...]:
    return (Fact(label, desk.amounts.money(amount)),) if amount.minor else ()

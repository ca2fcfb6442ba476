"""Sales as a feed tells them: each business transaction once, with the figures of every line.

A feed holds the documents of the counter, invoices that are of no such document, and credit notes
that belong to none. What came back and what was voided are documents with figures below zero. Lines
whose money the shop only holds for somebody (gift cards, tips, deposits, payments of accounts and
invoices) are no sales and left out. Amounts are Decimals in currency units, because a feed that
somebody else writes may have more places than the currency; net + tax = gross.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.money import Money
from pos_app.domain.price_figures import LineFigures, PricePolicy
from pos_app.domain.product import ProductKind
from pos_app.domain.sale import Sale
from pos_app.domain.sales_return import SalesReturn
from pos_app.domain.shift_report import HELD_KINDS

_NONE = Decimal(0)
_NOT_ISSUED = (InvoiceState.DRAFT, InvoiceState.DELETED)


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A line: `key` is its own within the document, `identifier` what the shop calls the product.

    `discount` is what was taken off the whole line, without tax; `price_list` names why.
    """

    key: str
    name: str
    identifier: str
    quantity: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    discount: Decimal = _NONE
    price_list: str = ""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A document: `id` is ours and empty on somebody else's, `due` the last day to pay.

    `outstanding` is what is still to pay; both are None where nobody knows.
    """

    id: str
    reference: str
    day: date
    due: date | None
    currency: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    outstanding: Decimal | None
    lines: tuple[FeedLine, ...]


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What a document is before its lines are known."""

    id: str
    reference: str
    day: date
    due: date | None
    currency: str
    outstanding: Decimal | None


def of_sale(sale: Sale, outstanding: Money | None, due: date | None = None) -> FeedDocument | None:
    """Return a document of the counter as the feed tells it, or None where nothing was sold.

    It has a last day to pay only where an invoice asks for its money.
    """
    day = sale.stamp.business_day
    price_list = "" if sale.customer is None else sale.customer.price_list
    lines = [
        line_of(
            str(line.line_no),
            (line.name, line.code, line.kind),
            line.quantity,
            line.figures,
            sale.policy,
            line.discount.reason or price_list,
        )
        for line in sale.lines
    ]
    owed = None if outstanding is None else outstanding.amount
    return summed(FeedHead(sale.id, sale.number, day, due, sale.currency, owed), sold(lines))


def of_invoice(invoice: Invoice) -> FeedDocument | None:
    """Return an invoice as the feed tells it, or None for a draft or one of a counter's sale."""
    if invoice.state in _NOT_ISSUED or invoice.sale_id:
        return None
    head = invoice.head
    lines = [
        line_of(
            one.line.id,
            (one.line.name, one.line.code, one.line.kind),
            one.line.quantity,
            one.figures,
            head.policy,
            one.line.discount.reason,
        )
        for one in invoice.lines
    ]
    told = FeedHead(
        head.id, head.number, head.day, invoice.due, invoice.currency, invoice.balance.amount
    )
    return summed(told, sold(lines))


def of_credit_note(note: SalesReturn) -> FeedDocument | None:
    """Return a credit note with figures below zero; None for what the counter told, or credits 0.

    What it takes off stands on its invoice already, so that nothing is outstanding on itself.
    """
    if note.sale_id or not note.credited:
        return None
    head = note.head
    lines = [
        negative(
            line_of(
                f"{number}",
                (one.line.name, one.line.code, one.line.kind),
                one.quantity,
                one.figures,
                head.policy,
                one.line.discount.reason,
            )
        )
        for number, one in enumerate(note.credited, 1)
    ]
    told = FeedHead(head.id, head.number, head.day, head.day, head.policy.currency, _NONE)
    return summed(told, sold(lines))


Named = tuple[str, str, ProductKind]  # name and code of a product, and what it is


def line_of(
    key: str,
    product: Named,
    quantity: Decimal,
    figures: LineFigures,
    policy: PricePolicy,
    price_list: str,
) -> FeedLine | None:
    """Return a line with its figures, or None for one that is no sale."""
    name, code, kind = product
    if kind in HELD_KINDS:
        return None
    rates = (figure.tax.rate or _NONE for figure in figures.taxes)
    discount = net_discount(
        figures.discount.amount,
        (figures.net.amount, figures.gross.amount),
        sum(rates, _NONE),
        is_with_tax=policy.prices_include_tax,
    )
    return FeedLine(
        key,
        name or code,
        code or name,
        quantity,
        figures.net.amount,
        figures.tax.amount,
        figures.gross.amount,
        discount,
        price_list,
    )


def net_discount(
    discount: Decimal, figures: tuple[Decimal, Decimal], rate: Decimal, *, is_with_tax: bool
) -> Decimal:
    """Return a discount without its tax, rounded half up to the places that it has.

    `figures` are what is left, net and gross; where nothing is left, the taxes' `rate` (percent)
    says how much of the discount was tax.
    """
    if not is_with_tax or not discount:
        return discount
    net, gross = figures
    share = net / gross if gross else Decimal(100) / (100 + rate)
    return (discount * share).quantize(discount, ROUND_HALF_UP)


def sold(lines: Iterable[FeedLine | None]) -> tuple[FeedLine, ...]:
    """Return the lines that are sales."""
    return tuple(line for line in lines if line is not None)


def summed(head: FeedHead, lines: Sequence[FeedLine]) -> FeedDocument | None:
    """Return a document with the sums of its lines, or None for one without any."""
    if not lines:
        return None
    net = sum((line.net for line in lines), _NONE)
    tax = sum((line.tax for line in lines), _NONE)
    return FeedDocument(
        head.id,
        head.reference,
        head.day,
        head.due,
        head.currency,
        net,
        tax,
        net + tax,
        head.outstanding,
        tuple(lines),
    )


def negative(line: FeedLine | None) -> FeedLine | None:
    """Return a line that takes back as much as it gave."""
    if line is None:
        return None
    return FeedLine(
        line.key,
        line.name,
        line.identifier,
        -line.quantity,
        -line.net,
        -line.tax,
        -line.gross,
        -line.discount,
        line.price_list,
    )


def reference_of(number: str, shop: str, first_shop: str) -> str:
    """Return what a feed calls a document: its number, with its shop's code before it.

    The company's first shop keeps its numbers as they are.
    """
    return number if shop == first_shop else f"{shop}/{number}"


def still_owed(charges: Sequence[tuple[str, int]], debt: int) -> dict[str, int]:
    """Return by id how much of what was put on an account is still owed, in minor units.

    `charges` are ids and minor units, the latest first; what was paid settled the earliest ones
    first, so what is owed lies on the latest.
    """
    owed, left = {}, debt
    for charge_id, amount in charges:
        part = min(amount, max(left, 0))
        if part:
            owed[charge_id] = part
        left -= part
    return owed

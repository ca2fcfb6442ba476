"""Sums for reports over the counter's documents of some days, as head office heard of them.

Amounts are minor units of one currency. Lines that are no turnover (gift cards, deposits, tips,
payments of what was owed) are left out: the rows do not say which they are, so lines that could be
are looked up in the journal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Subquery, and_, case, func, select

from pos_app.domain.cart import SaleKind
from pos_app.domain.report_customers import Bought
from pos_app.domain.report_trend import Sold
from pos_app.domain.shift_report import HELD_KINDS
from pos_app.server.document_kinds import INVOICE
from pos_app.server.tables import journal, listed, sale_lines, sales, tenders

NOT_ISSUED = ("draft", "deleted")
_HELD = frozenset(kind.value for kind in HELD_KINDS)
_ON_ACCOUNT = "on_account"


@dataclass(frozen=True, slots=True)
class Days:
    """Whose business days a sum is over, both within, and in which currency (ISO 4217)."""

    connection: Connection
    company_id: str
    start: date
    end: date
    currency: str


@dataclass(frozen=True, slots=True)
class _Held:
    """A line that is no turnover; `purchases` where there is nothing else on its document."""

    customer_id: str
    day: date
    quantity: Decimal
    net: int
    gross: int
    purchases: int


class _LineKind(msgspec.Struct, frozen=True):
    line_no: int
    kind: str = ""


class _LineKinds(msgspec.Struct, frozen=True):
    lines: tuple[_LineKind, ...]


_DECODER = msgspec.json.Decoder(_LineKinds)


def bought_at_counter(days: Days) -> Iterator[Bought]:
    """Yield what each customer bought at the counter; a sale is one purchase, its void takes it.

    Whoever bought without a name and had an invoice written for it is known by that.
    """
    documents = _documents(days)
    amounts = (
        select(documents.c.buyer, func.sum(sale_lines.c.net), func.sum(sale_lines.c.gross))
        .join_from(documents, sale_lines, sale_lines.c.sale_id == documents.c.id)
        .where(sale_lines.c.company_id == days.company_id)
        .group_by(documents.c.buyer)
    )
    for customer_id, net, gross in days.connection.execute(amounts):
        yield Bought(customer_id, 0, int(net), int(gross))
    purchases = (
        select(documents.c.buyer, func.sum(documents.c.purchases))
        .where(
            select(sale_lines.c.line_no)
            .where(
                sale_lines.c.company_id == days.company_id,
                sale_lines.c.sale_id == documents.c.id,
            )
            .exists()
        )
        .group_by(documents.c.buyer)
    )
    for customer_id, count in days.connection.execute(purchases):
        yield Bought(customer_id, int(count))
    for held in _held_lines(days):
        yield Bought(held.customer_id, -held.purchases, -held.net, -held.gross)


def sold_at_counter(days: Days, product_id: str = "") -> Iterator[Sold]:
    """Yield what was sold in each month, of one product or of all."""
    documents = _documents(days)
    found = (
        select(
            documents.c.month,
            sale_lines.c.quantity,
            func.count(),
            func.sum(sale_lines.c.net),
            func.sum(sale_lines.c.gross),
        )
        .join_from(documents, sale_lines, sale_lines.c.sale_id == documents.c.id)
        .where(sale_lines.c.company_id == days.company_id)
        .group_by(documents.c.month, sale_lines.c.quantity)
    )
    if product_id:
        found = found.where(sale_lines.c.product_id == product_id)
    for month, quantity, times, net, gross in days.connection.execute(found):
        day = date.fromisoformat(f"{month}-01")
        yield Sold(day, "", Decimal(quantity) * int(times), int(net), int(gross))
    for held in () if product_id else _held_lines(days):
        yield Sold(held.day, "", -held.quantity, -held.net, -held.gross)


def owed_for_sales(days: Days) -> dict[str, int]:
    """Return what is open on invoices for sales of the counter, by customer id."""
    documents = _documents(days)
    found = (
        select(documents.c.buyer, func.sum(listed.c.open))
        .join_from(documents, listed, listed.c.origin == documents.c.id)
        .where(*_invoices(days), listed.c.open > 0)
        .group_by(documents.c.buyer)
    )
    return {customer_id: int(owed) for customer_id, owed in days.connection.execute(found)}


def on_account(days: Days) -> dict[str, tuple[int, int]]:
    """Return what was charged on account in the days and after them, by customer id."""
    last = days.end.isoformat()
    charges = (
        select(
            sales.c.customer_id,
            (sales.c.business_day <= last).label("is_within"),
            tenders.c.amount,
        )
        .join_from(sales, tenders, tenders.c.sale_id == sales.c.id)
        .where(
            sales.c.company_id == days.company_id,
            tenders.c.company_id == days.company_id,
            tenders.c.method == _ON_ACCOUNT,
            sales.c.business_day >= days.start.isoformat(),
            sales.c.currency == days.currency,
            sales.c.customer_id != "",
            ~select(listed.c.id).where(*_invoices(days), listed.c.origin == sales.c.id).exists(),
        )
        .subquery("charges")
    )
    found: dict[str, tuple[int, int]] = {}
    for customer_id, is_within, amount in days.connection.execute(
        select(charges.c.customer_id, charges.c.is_within, func.sum(charges.c.amount)).group_by(
            charges.c.customer_id, charges.c.is_within
        )
    ):
        within, later = found.get(customer_id, (0, 0))
        more = int(amount)
        found[customer_id] = (within + more, later) if is_within else (within, later + more)
    return found


def _documents(days: Days) -> Subquery:
    """Return the documents of the days, each with its buyer and how many purchases it is."""
    voided = sales.alias("voided")
    of_void = and_(voided.c.company_id == sales.c.company_id, voided.c.id == sales.c.voids)
    invoiced = (
        select(func.min(listed.c.customer_id))
        .where(*_invoices(days), listed.c.origin == sales.c.id)
        .scalar_subquery()
    )
    named = sales.c.customer_id
    is_sale = sales.c.kind == SaleKind.SALE
    is_undone = and_(sales.c.kind == SaleKind.VOID, voided.c.kind == SaleKind.SALE)
    return (
        select(
            sales,
            func.substr(sales.c.business_day, 1, 7).label("month"),
            case((named != "", named), else_=func.coalesce(invoiced, "")).label("buyer"),
            case((is_sale, 1), (is_undone, -1), else_=0).label("purchases"),
        )
        .join_from(sales, voided, of_void, isouter=True)
        .where(
            sales.c.company_id == days.company_id,
            sales.c.business_day >= days.start.isoformat(),
            sales.c.business_day <= days.end.isoformat(),
            sales.c.currency == days.currency,
        )
        .subquery("documents")
    )


def _invoices(days: Days) -> list[ColumnElement[bool]]:
    """Say which rows of the lists are issued invoices."""
    return [
        listed.c.company_id == days.company_id,
        listed.c.kind == INVOICE,
        listed.c.status.not_in(NOT_ISSUED),
    ]


def _held_lines(days: Days) -> Iterator[_Held]:
    """Yield the lines of the days that are no turnover."""
    documents = _documents(days)
    could_be = (
        select(sale_lines.c.line_no)
        .where(
            sale_lines.c.company_id == days.company_id,
            sale_lines.c.sale_id == documents.c.id,
            sale_lines.c.product_id == "",
            sale_lines.c.tax == 0,
        )
        .exists()
    )
    entry = and_(
        journal.c.company_id == days.company_id,
        journal.c.till_id == documents.c.till_id,
        journal.c.epoch == documents.c.epoch,
        journal.c.branch == documents.c.branch,
        journal.c.seq == documents.c.seq,
    )
    found = (
        select(documents, journal.c.payload).join_from(documents, journal, entry).where(could_be)
    )
    for document in days.connection.execute(found).all():
        yield from _held_of(days, document)


def _held_of(days: Days, document: Row[Any]) -> Iterator[_Held]:
    kinds = {line.line_no: line.kind for line in _DECODER.decode(document.payload).lines}
    held = [number for number, kind in kinds.items() if kind in _HELD]
    if not held:
        return
    lines = days.connection.execute(
        select(sale_lines.c.quantity, sale_lines.c.net, sale_lines.c.gross).where(
            sale_lines.c.company_id == days.company_id,
            sale_lines.c.sale_id == document.id,
            sale_lines.c.line_no.in_(held),
        )
    )
    # A document with nothing else on it is no purchase either.
    purchases = document.purchases if len(held) == len(kinds) else 0
    for quantity, net, gross in lines:
        day = date.fromisoformat(document.business_day)
        yield _Held(document.buyer, day, Decimal(quantity), int(net), int(gross), purchases)
        purchases = 0

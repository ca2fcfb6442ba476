"""All sales of a company as a feed tells them, read at one moment: page by page, in little memory.

Receipts come first, in the order of their ids, then invoices and credit notes in the order in which
head office came to know them. What each came to stands in the journal, as the till told it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, select

from pos_app.domain.invoice import Invoice
from pos_app.domain.money import minor_digits
from pos_app.domain.payment import TenderMethod
from pos_app.domain.product import ProductKind
from pos_app.domain.sales_feed import (
    FeedDocument,
    FeedHead,
    FeedLine,
    net_discount,
    of_credit_note,
    of_invoice,
    still_owed,
    summed,
)
from pos_app.domain.sales_return import SalesReturn
from pos_app.domain.shift_report import HELD_KINDS
from pos_app.domain.stored_value import ValueKind, value_id
from pos_app.server.document_kinds import INVOICE, SALES_RETURN, document_of
from pos_app.server.feed_references import References
from pos_app.server.merged_customers import members_of, survivor_id
from pos_app.server.tables import journal, listed, sales, tenders, things
from pos_app.server.thing_kinds import STORED_VALUE
from pos_app.server.thing_rows import load_things

PAGE_ROWS = 500
_Row = Any  # a row of one of the statements here, by the names of its columns
_ON_ACCOUNT = TenderMethod.ON_ACCOUNT.value
_NOT_OWED = ("draft", "deleted")


class _TaxTold(msgspec.Struct, frozen=True):
    rate: str | None = None


class _LineTold(msgspec.Struct, frozen=True):
    line_no: int
    code: str
    name: str
    quantity: str
    net: int
    tax: int
    gross: int
    discount: int
    taxes: tuple[_TaxTold, ...] = ()
    kind: str = ProductKind.GOODS.value
    discount_reason: str = ""


class _PolicyTold(msgspec.Struct, frozen=True):
    prices_include_tax: bool = True


class _BuyerTold(msgspec.Struct, frozen=True):
    price_list: str = ""


class _SaleTold(msgspec.Struct, frozen=True):
    lines: tuple[_LineTold, ...]
    policy: _PolicyTold = _PolicyTold()
    customer: _BuyerTold | None = None


@dataclass
class _Reading:
    """A reading of the whole company; what a customer still owes is worked out once."""

    connection: Connection
    company_id: str
    page_rows: int
    references: References
    owed_by_customer: dict[str, dict[str, int]] = field(default_factory=dict)


_DECODER = msgspec.json.Decoder(_SaleTold)


def feed_documents(
    connection: Connection, company_id: str, *, page_rows: int = PAGE_ROWS
) -> Iterator[FeedDocument]:
    """Yield everything that was sold, given back and voided, each business transaction once.

    The transaction should see one moment: `Office.snapshot`.
    """
    reading = _Reading(connection, company_id, page_rows, References.of(connection, company_id))
    yield from _receipts(reading)
    yield from _documents(reading, INVOICE)
    yield from _documents(reading, SALES_RETURN)


def _receipts(reading: _Reading) -> Iterator[FeedDocument]:
    whole = select(
        sales.c.id,
        sales.c.shop,
        sales.c.number,
        sales.c.business_day,
        sales.c.currency,
        sales.c.customer_id,
        journal.c.payload,
    ).join_from(
        sales,
        journal,
        and_(
            journal.c.company_id == sales.c.company_id,
            journal.c.till_id == sales.c.till_id,
            journal.c.epoch == sales.c.epoch,
            journal.c.branch == sales.c.branch,
            journal.c.seq == sales.c.seq,
        ),
    )
    after = ""
    while True:
        rows = reading.connection.execute(
            whole.where(sales.c.company_id == reading.company_id, sales.c.id > after)
            .order_by(sales.c.id)
            .limit(reading.page_rows)
        ).all()
        if not rows:
            return
        owing = _owing(reading, rows)
        references = reading.references.of_receipts(rows)
        for row in rows:
            document = _receipt(row, references[row.id], owing.get(row.id))
            if document is not None:
                yield document
        after = rows[-1].id


def _receipt(row: _Row, reference: str, owing: tuple[int, str] | None) -> FeedDocument | None:
    told = _DECODER.decode(row.payload)
    places = minor_digits(row.currency)
    day = date.fromisoformat(row.business_day)
    owed, until = owing or (0, "")
    head = FeedHead(
        row.id,
        reference,
        day,
        date.fromisoformat(until) if until else day,
        row.currency,
        _amount(owed, places),
    )
    price_list = "" if told.customer is None else told.customer.price_list
    lines = [
        _line(line, places, price_list, is_with_tax=told.policy.prices_include_tax)
        for line in told.lines
        if line.kind not in HELD_KINDS
    ]
    return summed(head, lines)


def _line(line: _LineTold, places: int, price_list: str, *, is_with_tax: bool) -> FeedLine:
    net, tax, gross, discount = (
        _amount(minor, places) for minor in (line.net, line.tax, line.gross, line.discount)
    )
    rate = sum((Decimal(tax.rate or 0) for tax in line.taxes), Decimal(0))
    return FeedLine(
        str(line.line_no),
        line.name or line.code,
        line.code or line.name,
        Decimal(line.quantity),
        net,
        tax,
        gross,
        net_discount(discount, (net, gross), rate, is_with_tax=is_with_tax),
        line.discount_reason or price_list,
    )


def _amount(minor: int, places: int) -> Decimal:
    return Decimal(minor).scaleb(-places)


def _owing(reading: _Reading, rows: Sequence[_Row]) -> dict[str, tuple[int, str]]:
    """Return by sale what is still to pay (minor units) and until when: of sales on account."""
    on_account = _on_account(reading, [row.id for row in rows])
    if not on_account:
        return {}
    found: dict[str, tuple[int, str]] = {}
    for row in reading.connection.execute(
        select(listed.c.origin, listed.c.open, listed.c.until)
        .where(
            listed.c.company_id == reading.company_id,
            listed.c.kind == INVOICE,
            listed.c.origin.in_(on_account),
            listed.c.status.not_in(_NOT_OWED),
        )
        .order_by(listed.c.place)
    ):
        before, _ = found.get(row.origin, (0, ""))
        found[row.origin] = (before + row.open, row.until)
    for row in rows:
        if row.id in on_account and row.id not in found:
            owed = _owed_without_invoice(reading, row.customer_id, row.id, on_account[row.id])
            found[row.id] = (owed, "")
    return found


def _on_account(reading: _Reading, sale_ids: Sequence[str]) -> dict[str, int]:
    rows = reading.connection.execute(
        select(tenders.c.sale_id, tenders.c.amount).where(
            tenders.c.company_id == reading.company_id,
            tenders.c.sale_id.in_(sale_ids),
            tenders.c.method == _ON_ACCOUNT,
            tenders.c.amount > 0,
        )
    )
    found: dict[str, int] = {}
    for row in rows:
        found[row.sale_id] = found.get(row.sale_id, 0) + row.amount
    return found


def _owed_without_invoice(reading: _Reading, customer_id: str, sale_id: str, charged: int) -> int:
    """Return what is left of a charge: of what the customer's account says, the latest charges."""
    if not customer_id:
        return 0 if _is_voided(reading, sale_id) else charged
    survivor = survivor_id(reading.connection, reading.company_id, customer_id)
    if survivor not in reading.owed_by_customer:
        reading.owed_by_customer[survivor] = _owed_by(reading, survivor)
    return reading.owed_by_customer[survivor].get(sale_id, 0)


def _owed_by(reading: _Reading, customer_id: str) -> dict[str, int]:
    members = members_of(reading.connection, reading.company_id, customer_id)
    voids = sales.alias("voids")
    rows = reading.connection.execute(
        select(sales.c.id, tenders.c.amount)
        .join_from(
            sales,
            tenders,
            and_(tenders.c.company_id == sales.c.company_id, tenders.c.sale_id == sales.c.id),
        )
        .where(
            sales.c.company_id == reading.company_id,
            sales.c.customer_id.in_(members),
            tenders.c.method == _ON_ACCOUNT,
            tenders.c.amount > 0,
            ~select(listed.c.id)
            .where(
                listed.c.company_id == sales.c.company_id,
                listed.c.kind == INVOICE,
                listed.c.origin == sales.c.id,
                listed.c.status.not_in(_NOT_OWED),
            )
            .exists(),
            ~select(voids.c.id)
            .where(
                voids.c.company_id == sales.c.company_id,
                voids.c.customer_id == sales.c.customer_id,
                voids.c.voids == sales.c.id,
            )
            .exists(),
        )
        .order_by(sales.c.at.desc(), sales.c.id.desc())
    )
    charges = [(row.id, row.amount) for row in rows]
    debt = _debt(reading, customer_id)
    return dict(charges) if debt is None else still_owed(charges, debt)


def _debt(reading: _Reading, customer_id: str) -> int | None:
    """Return what a customer's account says that they owe, or None where no till keeps one."""
    key = STORED_VALUE, value_id(ValueKind.ACCOUNT, customer_id)
    row = load_things(reading.connection, reading.company_id, [key]).get(key)
    if row is None:
        return None
    state: Mapping[str, Any] = json.loads(row.state)["state"]
    return -int(state["balance"])


def _is_voided(reading: _Reading, sale_id: str) -> bool:
    found = select(sales.c.id).where(
        sales.c.company_id == reading.company_id,
        sales.c.customer_id == "",
        sales.c.voids == sale_id,
    )
    return reading.connection.execute(found).first() is not None


def _documents(reading: _Reading, kind: str) -> Iterator[FeedDocument]:
    for rows in _pages(reading, kind):
        references = reading.references.of_documents(rows, kind)
        for row in rows:
            if kind == INVOICE:
                document = of_invoice(document_of(Invoice, row.state))
            else:
                document = of_credit_note(document_of(SalesReturn, row.state))
            if document is not None:
                yield replace(document, reference=references[row.id])


def _pages(reading: _Reading, kind: str) -> Iterator[Sequence[_Row]]:
    after = 0
    while True:
        rows = reading.connection.execute(
            select(listed.c.id, listed.c.number, listed.c.place, things.c.till_id, things.c.state)
            .join_from(
                listed,
                things,
                and_(
                    things.c.company_id == listed.c.company_id,
                    things.c.kind == listed.c.kind,
                    things.c.id == listed.c.id,
                ),
            )
            .where(
                listed.c.company_id == reading.company_id,
                listed.c.kind == kind,
                listed.c.place > after,
                listed.c.status.not_in(_NOT_OWED),
            )
            .order_by(listed.c.place)
            .limit(reading.page_rows)
        ).all()
        if not rows:
            return
        yield rows
        after = rows[-1].place

"""Documents of the counter as head office's rows: for lists, sums and the sales APIs.

The journal holds the whole truth; these rows can be made from it again.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, select

from pos_app.domain.errors import PosError
from pos_app.server.bulk_rows import insert_rows, is_one_of
from pos_app.server.day_adding import Placed, add_sales
from pos_app.server.journal_entries import Told
from pos_app.server.judge_sales import JudgedSale, NumberTaken, SaleTold, SaleToldTwice
from pos_app.server.tables import sale_lines, sale_taxes, sales, tenders


class SaleRow(msgspec.Struct, frozen=True):
    """A row of `sales`."""

    company_id: str
    id: str
    shop: str
    till_id: str
    epoch: int
    branch: int
    seq: int
    number: str
    kind: str
    at: str
    business_day: str
    staff: str
    customer_id: str
    voids: str
    currency: str
    net: int
    tax: int
    gross: int
    rounding: int
    amount_due: int
    stored_at: str
    flag: str = ""


class LineRow(msgspec.Struct, frozen=True):
    """A row of `sale_lines`."""

    company_id: str
    sale_id: str
    line_no: int
    product_id: str
    code: str
    name: str
    quantity: str
    unit_price: str
    net: int
    tax: int
    gross: int
    discount: int
    business_day: str


class TaxRow(msgspec.Struct, frozen=True):
    """A row of `sale_taxes`; a tax by the piece has no rate."""

    company_id: str
    sale_id: str
    position: int
    code: str
    name: str
    rate: str
    base: int
    amount: int


class TenderRow(msgspec.Struct, frozen=True):
    """A row of `tenders`."""

    company_id: str
    sale_id: str
    position: int
    method: str
    amount: int
    reference: str


def check_sales_new(
    connection: Connection, company_id: str, judged: Sequence[JudgedSale]
) -> dict[int, PosError]:
    """Return by seq why documents of one branch clash with others: NumberTaken, SaleToldTwice."""
    if not judged:
        return {}
    numbers = _known_numbers(connection, company_id, judged)
    known = _known_ids(connection, company_id, judged)
    refused: dict[int, PosError] = {}
    for sale in judged:
        told = sale.told
        if told.id in known:
            refused[sale.entry.seq] = SaleToldTwice(number=told.number, other=known[told.id])
        elif told.number in numbers:
            refused[sale.entry.seq] = NumberTaken(number=told.number)
        else:
            known[told.id] = told.number
            numbers.add(told.number)
    return refused


def has_sale_of(connection: Connection, company_id: str, entry: Told) -> bool:
    """Whether an entry's document is here already."""
    found = connection.execute(
        select(sales.c.id).where(
            sales.c.company_id == company_id,
            sales.c.till_id == entry.till_id,
            sales.c.epoch == entry.epoch,
            sales.c.branch == entry.branch,
            sales.c.seq == entry.seq,
        )
    )
    return found.first() is not None


def write_sales(connection: Connection, company_id: str, judged: Sequence[JudgedSale]) -> None:
    """Write documents that clash with no other, and add them to the sums of their days."""
    add_sales(connection, company_id, [Placed(one.entry, one.told, one.told.id) for one in judged])
    insert_rows(connection, sales, [sale_row(company_id, one, one.told.id) for one in judged])
    _write_parts(connection, company_id, [(one.told, one.told.id) for one in judged])


def write_doubtful_sale(connection: Connection, company_id: str, sale: JudgedSale) -> None:
    """Write a document that a person accepts as it is, its id beside another one's if need be."""
    sale_id = sale.told.id
    if sale_id in _known_ids(connection, company_id, [sale]):
        entry = sale.entry
        sale_id = f"{sale_id}.{entry.epoch}.{entry.branch}.{entry.seq}"
    add_sales(connection, company_id, [Placed(sale.entry, sale.told, sale_id)])
    insert_rows(connection, sales, [sale_row(company_id, sale, sale_id)])
    _write_parts(connection, company_id, [(sale.told, sale_id)])


def _write_parts(
    connection: Connection, company_id: str, judged: Sequence[tuple[SaleTold, str]]
) -> None:
    lines, taxes, payments = [], [], []
    for told, sale_id in judged:
        lines += line_rows(company_id, told, sale_id)
        taxes += tax_rows(company_id, told, sale_id)
        payments += tender_rows(company_id, told, sale_id)
    insert_rows(connection, sale_lines, lines)
    insert_rows(connection, sale_taxes, taxes)
    insert_rows(connection, tenders, payments)


def _known_ids(
    connection: Connection, company_id: str, judged: Sequence[JudgedSale]
) -> dict[str, str]:
    """Return the numbers of documents that are here already, by id."""
    found = connection.execute(
        select(sales.c.id, sales.c.number).where(
            sales.c.company_id == company_id,
            is_one_of(connection, sales.c.id, [one.told.id for one in judged]),
        )
    )
    return {row.id: row.number for row in found}


def _known_numbers(
    connection: Connection, company_id: str, judged: Sequence[JudgedSale]
) -> set[str]:
    """Return which numbers the till has used for documents that are here already."""
    found = connection.execute(
        select(sales.c.number).where(
            sales.c.company_id == company_id,
            is_one_of(connection, sales.c.number, [one.told.number for one in judged]),
            sales.c.till_id == judged[0].entry.till_id,
        )
    )
    return set(found.scalars())


def sale_row(company_id: str, sale: JudgedSale, sale_id: str) -> SaleRow:
    """Return a document's own row; `sale_id` is its id, or another one where that is taken."""
    entry, told = sale.entry, sale.told
    return SaleRow(
        company_id,
        sale_id,
        entry.shop,
        entry.till_id,
        entry.epoch,
        entry.branch,
        entry.seq,
        told.number,
        told.kind,
        told.at,
        told.business_day,
        told.staff,
        "" if told.customer is None else told.customer.id,
        told.voids,
        told.currency,
        told.net,
        told.tax,
        told.gross,
        told.rounding,
        told.amount_due,
        entry.stored_at,
        sale.flag,
    )


def line_rows(company_id: str, told: SaleTold, sale_id: str) -> list[LineRow]:
    """Return the rows of a document's lines."""
    return [
        LineRow(
            company_id,
            sale_id,
            line.line_no,
            line.product or "",
            line.code,
            line.name,
            line.quantity,
            line.unit_price,
            line.net,
            line.tax,
            line.gross,
            line.discount,
            told.business_day,
        )
        for line in told.lines
    ]


def tax_rows(company_id: str, told: SaleTold, sale_id: str) -> list[TaxRow]:
    """Return the rows of a document's taxes."""
    return [
        TaxRow(company_id, sale_id, place, tax.code, tax.name, tax.rate or "", tax.base, tax.amount)
        for place, tax in enumerate(told.taxes)
    ]


def tender_rows(company_id: str, told: SaleTold, sale_id: str) -> list[TenderRow]:
    """Return the rows of a document's payments."""
    return [
        TenderRow(company_id, sale_id, place, one.method, one.amount, one.reference)
        for place, one in enumerate(told.tenders)
    ]

"""Finished documents of the counter, read back: tills' and head office's own alike.

The journal holds the whole truth of each; rows beside it say which there are and which of them
were voided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, literal_column, select

from pos_app.domain.cart import SaleKind
from pos_app.domain.discount import DiscountBasis, DiscountKind, DocumentDiscount, LineDiscount
from pos_app.domain.money import Money, RoundingMode
from pos_app.domain.payload_reading import customer_of, tax_of
from pos_app.domain.payment import Tender, TenderMethod
from pos_app.domain.pricing import LineFigures, PricePolicy, TaxFigure
from pos_app.domain.product import ProductKind, Unit
from pos_app.domain.sale import Sale, SaleLine, Stamp
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.tax import TaxRounding
from pos_app.server.own_journal import own_till_id
from pos_app.server.tables import journal, sales

Plain = Mapping[str, Any]
_AT_ONCE = 500  # ids in one statement
_IS_VOID = sales.c.voids != literal_column("''")  # as the index says it


@dataclass(frozen=True, slots=True)
class SaleSeen:
    """A document as its journal entry tells it (`told`), and what became of it since.

    `id` is that of its row, `at` when it was made (ISO 8601 UTC); `is_own` says that head office
    made it itself.
    """

    id: str
    shop: str
    number: str
    is_own: bool
    is_voided: bool
    told: dict[str, Any]


def sale_ids(
    connection: Connection,
    company_id: str,
    first_day: date | None = None,
    last_day: date | None = None,
) -> list[str]:
    """Return the ids of a company's documents but for voids, the latest first.

    Without days in the order in which head office came to know them; between two business days
    (both included) in that of their own moments.
    """
    rules = [sales.c.company_id == company_id, sales.c.kind != SaleKind.VOID.value]
    order = [sales.c.stored_at, sales.c.till_id, sales.c.epoch, sales.c.branch, sales.c.seq]
    if first_day is not None:
        rules.append(sales.c.business_day >= first_day.isoformat())
    if last_day is not None:
        rules.append(sales.c.business_day <= last_day.isoformat())
    if first_day is not None or last_day is not None:
        order.insert(0, sales.c.at)
    found = select(sales.c.id).where(*rules).order_by(*(column.desc() for column in order))
    return list(connection.execute(found).scalars())


def sales_seen(connection: Connection, company_id: str, wanted: Sequence[str]) -> list[SaleSeen]:
    """Return documents by their ids, in the order of these; unknown ones are left out."""
    found: dict[str, SaleSeen] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        voided = _voided(connection, company_id, part)
        for row in connection.execute(_with_entries(company_id).where(sales.c.id.in_(part))):
            told = msgspec.json.decode(row.payload)
            found[row.id] = SaleSeen(
                row.id,
                row.shop,
                row.number,
                row.till_id == own_till_id(row.shop),
                row.id in voided,
                told,
            )
    return [found[sale_id] for sale_id in wanted if sale_id in found]


def sale_numbered(connection: Connection, company_id: str, number: str) -> str | None:
    """Return the id of the document with a number, whoever made it, or None."""
    found: str | None = connection.execute(
        select(sales.c.id)
        .where(sales.c.company_id == company_id, sales.c.number == number)
        .order_by(sales.c.id)
        .limit(1)
    ).scalar_one_or_none()
    return found


def sale_of(told: Plain) -> Sale:
    """Return a document from what its entry tells (`facts.sale_completed`).

    Raises KeyError, TypeError, ValueError or ArithmeticError where that has another shape. What
    nothing can be undone by (lines that give back, foreign notes, cash rounding) is left out.
    """
    currency = told["currency"]
    return Sale(
        id=told["id"],
        number=told["number"],
        kind=SaleKind(told["kind"]),
        stamp=Stamp(
            till=told["till"],
            shop=told["shop"],
            staff=told["staff"],
            at=datetime.fromisoformat(told["at"]),
            business_day=date.fromisoformat(told["business_day"]),
        ),
        policy=_policy(told["policy"]),
        cash_rounding=None,
        customer=None if told["customer"] is None else customer_of(told["customer"]),
        lines=tuple(_line(line, currency) for line in told["lines"]),
        discounts=tuple(
            DocumentDiscount(
                DiscountKind(one["kind"]),
                Decimal(one["value"]),
                DiscountBasis(one["basis"]),
                one["reason"],
            )
            for one in told["discounts"]
        ),
        discount_amounts=tuple(Money(one["amount"], currency) for one in told["discounts"]),
        taxes=_taxes(told["taxes"], currency),
        tenders=tuple(
            Tender(
                TenderMethod(one["method"]),
                Money(one["amount"], currency),
                Money(one["tendered"], currency),
                Money(one["change"], currency),
                one["reference"],
            )
            for one in told["tenders"]
        ),
        note=told["note"],
        voids=told.get("voids"),
        **{name: Money(told[name], currency) for name in _SUMS},
    )


def moves_of(told: Plain) -> tuple[StockMove, ...]:
    """Return the stock that a document moved."""
    return tuple(
        StockMove(
            one["product"],
            one["location"],
            Decimal(one["quantity"]),
            MoveReason(one["reason"]),
            one["note"],
            one.get("batch", ""),
        )
        for one in told["stock"]
    )


_SUMS = ("net", "tax", "gross", "rounding", "amount_due", "paid", "change")


def _with_entries(company_id: str) -> Any:
    is_entry = and_(
        journal.c.company_id == sales.c.company_id,
        journal.c.till_id == sales.c.till_id,
        journal.c.epoch == sales.c.epoch,
        journal.c.branch == sales.c.branch,
        journal.c.seq == sales.c.seq,
    )
    return (
        select(sales.c.id, sales.c.shop, sales.c.number, sales.c.till_id, journal.c.payload)
        .join_from(sales, journal, is_entry)
        .where(sales.c.company_id == company_id, journal.c.company_id == company_id)
    )


def _voided(connection: Connection, company_id: str, wanted: Sequence[str]) -> set[str]:
    found = select(sales.c.voids).where(
        sales.c.company_id == company_id, _IS_VOID, sales.c.voids.in_(wanted)
    )
    return set(connection.execute(found).scalars())


def _policy(told: Plain) -> PricePolicy:
    step = told["step"]
    return PricePolicy(
        told["currency"],
        told["prices_include_tax"],
        TaxRounding(told["tax_rounding"]),
        RoundingMode(told["rounding"]),
        None if step is None else Decimal(step),
    )


def _line(told: Plain, currency: str) -> SaleLine:
    return SaleLine(
        line_no=told["line_no"],
        product_id=told["product"],
        code=told["code"],
        name=told["name"],
        kind=ProductKind(told["kind"]),
        quantity=Decimal(told["quantity"]),
        unit=Unit(told["unit"], told["unit_name"], told["unit_decimals"]),
        unit_price=Decimal(told["unit_price"]),
        list_price=None if told["list_price"] is None else Decimal(told["list_price"]),
        cost=None if told["cost"] is None else Decimal(told["cost"]),
        discount=LineDiscount(
            Decimal(told["discount_percent"]),
            Decimal(told["discount_per_unit"]),
            told["discount_reason"],
        ),
        figures=LineFigures(
            net=Money(told["net"], currency),
            tax=Money(told["tax"], currency),
            gross=Money(told["gross"], currency),
            discount=Money(told["discount"], currency),
            document_discount=Money(told["document_discount"], currency),
            taxes=_taxes(told["taxes"], currency),
        ),
        note=told["note"],
    )


def _taxes(told: Sequence[Plain], currency: str) -> tuple[TaxFigure, ...]:
    return tuple(
        TaxFigure(tax_of(one), Money(one["base"], currency), Money(one["amount"], currency))
        for one in told
    )

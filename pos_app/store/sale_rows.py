"""A document of the counter as rows, and rows as the same document again."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pos_app.domain.cart import ReturnOf, SaleKind
from pos_app.domain.customer import Customer
from pos_app.domain.discount import (
    NO_DISCOUNT,
    DiscountBasis,
    DiscountKind,
    DocumentDiscount,
    LineDiscount,
)
from pos_app.domain.money import Money, RoundingMode
from pos_app.domain.payloads import customer_payload, optional_text, text
from pos_app.domain.payment import CashRounding, ForeignCash, Tender, TenderMethod
from pos_app.domain.pricing import LineFigures, PricePolicy, TaxFigure
from pos_app.domain.product import ProductKind, Unit
from pos_app.domain.sale import Sale, SaleLine, Stamp
from pos_app.domain.tax import TaxRounding
from pos_app.store.connection import Row
from pos_app.store.vocabulary import Vocabulary

_NOTHING_FOREIGN: Row = (None, None, None)
_METHODS = {method.value: method for method in TenderMethod}
_PRODUCT_KINDS = {kind.value: kind for kind in ProductKind}


def sale_row(row: int, sale: Sale) -> Row:
    """Return the values of the `sales` table in its order."""
    stamp, policy, cash, customer = sale.stamp, sale.policy, sale.cash_rounding, sale.customer
    if stamp.at.utcoffset() != UTC.utcoffset(None):
        raise ValueError("a document's time is UTC")
    return (
        row,
        sale.id,
        sale.number,
        sale.kind.value,
        stamp.till,
        stamp.shop,
        stamp.staff,
        stamp.at.isoformat(),
        stamp.business_day.isoformat(),
        policy.currency,
        policy.prices_include_tax,
        policy.tax_rounding.value,
        policy.rounding.value,
        optional_text(policy.step),
        text(cash.step) if cash else None,
        cash.mode.value if cash else None,
        cash.only_cash if cash else None,
        customer.id if customer else None,
        customer.name if customer else "",
        _customer_text(customer) if customer else None,
        _discounts_text(sale) if sale.discounts else "[]",
        len(sale.lines),
        sale.net.minor,
        sale.tax.minor,
        sale.gross.minor,
        sale.rounding.minor,
        sale.amount_due.minor,
        sale.paid.minor,
        sale.change.minor,
        sale.note,
        sale.voids,
    )


def line_rows(row: int, sale: Sale, vocabulary: Vocabulary) -> Iterator[Row]:
    """Yield the values of the `sale_lines` table in its order."""
    for line in sale.lines:
        figures, discount, returns = line.figures, line.discount, line.returns
        plain = discount is NO_DISCOUNT
        yield (
            row,
            line.line_no,
            line.product_id,
            line.code,
            line.name,
            line.kind.value,
            text(line.quantity),
            line.unit.code,
            line.unit.name,
            line.unit.decimals,
            text(line.unit_price),
            optional_text(line.list_price),
            optional_text(line.cost),
            "0" if plain else text(discount.percent),
            "0" if plain else text(discount.amount_per_unit),
            discount.reason,
            figures.net.minor,
            figures.tax.minor,
            figures.gross.minor,
            figures.discount.minor,
            figures.document_discount.minor,
            _taxes_text(figures.taxes, vocabulary),
            line.note,
            returns is not None,
            returns.sale_id if returns else None,
            returns.sale_number if returns else "",
            returns.line_no if returns else None,
            returns.reason if returns else "",
        )


def tax_rows(row: int, sale: Sale, vocabulary: Vocabulary) -> list[Row]:
    """Return the values of the `sale_taxes` table in its order."""
    return [
        (row, position, vocabulary.tax_row(figure.tax), figure.base.minor, figure.amount.minor)
        for position, figure in enumerate(sale.taxes, 1)
    ]


def tender_rows(row: int, sale: Sale) -> list[Row]:
    """Return the values of the `tenders` table in its order."""
    return [
        (
            row,
            position,
            tender.method.value,
            tender.amount.minor,
            tender.tendered.minor,
            tender.change.minor,
            tender.reference,
            *_foreign_columns(tender.foreign),
        )
        for position, tender in enumerate(sale.tenders, 1)
    ]


def sale_of(
    row: Row,
    lines: Iterable[Row],
    taxes: Iterable[Row],
    tenders: Iterable[Row],
    vocabulary: Vocabulary,
) -> Sale:
    """Return the document of its rows (the same columns as they were written)."""
    currency = row[9]
    discounts = _discounts_of(row[20], currency)
    return Sale(
        id=row[1],
        number=row[2],
        kind=SaleKind(row[3]),
        stamp=Stamp(
            till=row[4],
            shop=row[5],
            staff=row[6],
            at=datetime.fromisoformat(row[7]),
            business_day=date.fromisoformat(row[8]),
        ),
        policy=_policy_of(currency, *row[10:14]),
        cash_rounding=_cash_rounding_of(*row[14:17]),
        customer=_customer_of(row[19]) if row[19] else None,
        lines=tuple(line_of(line, currency, vocabulary) for line in lines),
        discounts=tuple(discount for discount, _ in discounts),
        discount_amounts=tuple(amount for _, amount in discounts),
        taxes=tuple(
            TaxFigure(vocabulary.tax(tax), Money(base, currency), Money(amount, currency))
            for _, _, tax, base, amount in taxes
        ),
        net=Money(row[22], currency),
        tax=Money(row[23], currency),
        gross=Money(row[24], currency),
        rounding=Money(row[25], currency),
        amount_due=Money(row[26], currency),
        tenders=tuple(_tender_of(tender, currency) for tender in tenders),
        paid=Money(row[27], currency),
        change=Money(row[28], currency),
        note=row[29],
        voids=row[30],
    )


def line_of(row: Row, currency: str, vocabulary: Vocabulary) -> SaleLine:
    """Return the document line of its row."""
    return SaleLine(
        line_no=row[1],
        product_id=row[2],
        code=row[3],
        name=row[4],
        kind=_PRODUCT_KINDS[row[5]],
        quantity=Decimal(row[6]),
        unit=_unit_of(*row[7:10]),
        unit_price=Decimal(row[10]),
        list_price=None if row[11] is None else Decimal(row[11]),
        cost=None if row[12] is None else Decimal(row[12]),
        discount=_discount_of(*row[13:16]),
        figures=LineFigures(
            net=Money(row[16], currency),
            tax=Money(row[17], currency),
            gross=Money(row[18], currency),
            discount=Money(row[19], currency),
            document_discount=Money(row[20], currency),
            taxes=tuple(
                TaxFigure(vocabulary.tax(tax), Money(base, currency), Money(amount, currency))
                for tax, base, amount in json.loads(row[21])
            ),
        ),
        note=row[22],
        returns=ReturnOf(*row[24:28]) if row[23] else None,
    )


def _taxes_text(taxes: Sequence[TaxFigure], vocabulary: Vocabulary) -> str:
    """Rows of [tax, base, amount] as JSON, written by hand because every line has them."""
    parts = [
        f"[{vocabulary.tax_row(figure.tax)},{figure.base.minor},{figure.amount.minor}]"
        for figure in taxes
    ]
    return f"[{','.join(parts)}]"


def _tender_of(row: Row, currency: str) -> Tender:
    _, _, method, amount, tendered, change, reference, abroad, handed, rate = row
    return Tender(
        _METHODS[method],
        Money(amount, currency),
        Money(tendered, currency),
        Money(change, currency),
        reference,
        None if abroad is None else ForeignCash(Money(handed, abroad), Decimal(rate)),
    )


def _foreign_columns(foreign: ForeignCash | None) -> Row:
    if foreign is None:
        return _NOTHING_FOREIGN
    return (foreign.tendered.currency, foreign.tendered.minor, text(foreign.rate))


@lru_cache(maxsize=64)
def _customer_text(customer: Customer) -> str:
    return json.dumps(customer_payload(customer), ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=1024)
def _customer_of(plain: str) -> Customer:
    return Customer(**json.loads(plain))


def _discounts_text(sale: Sale) -> str:
    rows: list[list[Any]] = [
        [given.kind.value, text(given.value), given.basis.value, given.reason, amount.minor]
        for given, amount in zip(sale.discounts, sale.discount_amounts, strict=True)
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _discounts_of(plain: str, currency: str) -> list[tuple[DocumentDiscount, Money]]:
    if plain == "[]":
        return []
    return [
        (
            DocumentDiscount(DiscountKind(kind), Decimal(value), DiscountBasis(basis), reason),
            Money(amount, currency),
        )
        for kind, value, basis, reason, amount in json.loads(plain)
    ]


@lru_cache(maxsize=64)
def _policy_of(
    currency: str, prices_include_tax: int, tax_rounding: str, rounding: str, step: str | None
) -> PricePolicy:
    return PricePolicy(
        currency=currency,
        prices_include_tax=bool(prices_include_tax),
        tax_rounding=TaxRounding(tax_rounding),
        rounding=RoundingMode(rounding),
        step=None if step is None else Decimal(step),
    )


@lru_cache(maxsize=64)
def _cash_rounding_of(step: str | None, mode: str | None, only: int | None) -> CashRounding | None:
    if step is None or mode is None:
        return None
    return CashRounding(Decimal(step), RoundingMode(mode), bool(only))


@lru_cache(maxsize=256)
def _unit_of(code: str, name: str, decimals: int) -> Unit:
    return Unit(code, name, decimals)


@lru_cache(maxsize=256)
def _discount_of(percent: str, per_unit: str, reason: str) -> LineDiscount:
    if (percent, per_unit, reason) == ("0", "0", ""):
        return NO_DISCOUNT
    return LineDiscount(Decimal(percent), Decimal(per_unit), reason)

"""What a document comes to: line amounts, discounts and taxes under a named rounding policy.

Amounts stay exact whole-number ratios until the policy says to round, so no order of operations
can lose a minor unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pos_app.domain.discount import DocumentDiscount
from pos_app.domain.document_discount import Shared, share_discount
from pos_app.domain.line_pricing import (
    LineResult,
    Terms,
    line_work,
    rounded_lines,
    tax_key,
    terms_of,
)
from pos_app.domain.money import Money, StepTooFine
from pos_app.domain.price_figures import LineFigures, Priced, PriceLine, PricePolicy, TaxFigure
from pos_app.domain.remember import by_identity
from pos_app.domain.tax import Tax

__all__ = [
    "LineFigures",
    "PriceLine",
    "PricePolicy",
    "Priced",
    "Stage",
    "StepTooFine",
    "TaxFigure",
    "price",
    "price_stages",
    "sum_lines",
]


@dataclass(frozen=True, slots=True)
class Stage:
    """The lines as they stand before any document discount (`shared` None), or after one."""

    results: list[LineResult]
    shared: Shared | None = None


def price(
    lines: Sequence[PriceLine],
    policy: PricePolicy,
    discounts: Sequence[DocumentDiscount] = (),
) -> Priced:
    """Price a document by the definitions of the shop's pricing policy.

    A document discount larger than what the lines' minimum prices leave is given only as far as
    they leave it.
    """
    terms = terms_of(policy)
    stages = price_stages(lines, terms, discounts)
    figures = tuple(_figures(result, terms) for result in stages[-1].results)
    given = tuple(
        Money(stage.shared.given * terms.size, policy.currency)
        for stage in stages
        if stage.shared is not None
    )
    return sum_lines(figures, policy.currency, given)


def price_stages(
    lines: Sequence[PriceLine], terms: Terms, discounts: Sequence[DocumentDiscount]
) -> list[Stage]:
    """Return the lines' figures first without and then after each document discount."""
    stages = [Stage(rounded_lines([line_work(line, terms) for line in lines], terms))]
    for discount in discounts:
        shared = share_discount(stages[-1].results, discount, terms)
        stages.append(Stage(rounded_lines(shared.works, terms), shared))
    return stages


@by_identity
def _figures(result: LineResult, terms: Terms) -> LineFigures:
    size, currency = terms.size, terms.policy.currency
    work = result.work
    base = result.net
    taxes = []
    for tax, steps in zip(work.plan.taxes, result.taxes, strict=True):
        taxes.append(TaxFigure(tax, Money(base * size, currency), Money(steps * size, currency)))
        if tax.affects_next:
            base += steps
    return LineFigures(
        net=Money(result.net * size, currency),
        tax=Money((result.gross - result.net) * size, currency),
        gross=Money(result.gross * size, currency),
        discount=Money((work.line_discount + work.shared) * size, currency),
        document_discount=Money(work.shared * size, currency),
        taxes=tuple(taxes),
    )


def sum_lines(
    lines: tuple[LineFigures, ...], currency: str, discounts: tuple[Money, ...] = ()
) -> Priced:
    """Add up line figures to a document: net, tax, gross and the tax table."""
    net = sum(line.net.minor for line in lines)
    gross = sum(line.gross.minor for line in lines)
    return Priced(
        net=Money(net, currency),
        tax=Money(gross - net, currency),
        gross=Money(gross, currency),
        lines=lines,
        taxes=_tax_table(lines, currency),
        document_discounts=discounts,
    )


@dataclass(slots=True)
class _Row:
    tax: Tax
    base: int = 0
    amount: int = 0


def _tax_table(lines: tuple[LineFigures, ...], currency: str) -> tuple[TaxFigure, ...]:
    rows: dict[object, _Row] = {}
    known: dict[int, _Row] = {}
    for line in lines:
        for figure in line.taxes:
            row = known.get(id(figure.tax))
            if row is None:
                row = rows.setdefault(tax_key(figure.tax), _Row(figure.tax))
                known[id(figure.tax)] = row
            row.base += figure.base.minor
            row.amount += figure.amount.minor
    return tuple(
        TaxFigure(row.tax, Money(row.base, currency), Money(row.amount, currency))
        for row in rows.values()
    )

"""Whether a finished document adds up: its identities, its prices, and what it gives back."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from pos_app.domain.cart import SaleKind
from pos_app.domain.discount import NO_DISCOUNT
from pos_app.domain.errors import PosError
from pos_app.domain.foreign_cash import worth_of
from pos_app.domain.held_moves import HELD_KINDS
from pos_app.domain.line_shares import share_of, turned
from pos_app.domain.money import Money
from pos_app.domain.pricing import (
    LineFigures,
    Priced,
    PriceLine,
    PricePolicy,
    TaxFigure,
    price,
    sum_lines,
)
from pos_app.domain.return_ import refund_figures
from pos_app.domain.sale import Sale, SaleLine


def document_faults(sale: Sale) -> Iterator[str]:
    """Yield what does not add up inside one document, the first line first."""
    for line in sale.lines:
        yield from _line_faults(sale, line)
    yield from _sum_faults(sale)
    yield from _payment_faults(sale)
    yield from _price_faults(sale)


def refund_faults(
    line: SaleLine, original: SaleLine, already: Decimal, policy: PricePolicy
) -> Iterator[str]:
    """Yield what is wrong with a line that gives back a part of `original`.

    `already` is what came back before, above 0; `policy` is the original document's.
    """
    back = -line.quantity
    if already + back > original.quantity:
        yield (
            f"line {line.line_no} gives back {back}, but only {original.quantity - already} of "
            f"{original.quantity} were left"
        )
        return
    expected = refund_figures(original, back, already, policy)
    whole = original.quantity
    earlier = turned(share_of(original.figures, whole, already, back, policy, on_net=True))
    if line.figures == earlier:
        return  # given back before the gross amount was what is shared
    for name, found, wanted in _differing(line.figures, expected):
        yield f"line {line.line_no}: the {name} given back is {found}; its sale says {wanted}"


def _line_faults(sale: Sale, line: SaleLine) -> Iterator[str]:
    figures, where = line.figures, f"line {line.line_no}"
    if figures.net + figures.tax != figures.gross:
        net, tax, gross = _n(figures.net), _n(figures.tax), _n(figures.gross)
        yield f"{where}: net {net} and tax {tax} are not {gross}"
    taxes = sum(figure.amount.minor for figure in figures.taxes)
    if taxes != figures.tax.minor:
        yield f"{where}: its taxes are {_n(Money(taxes, sale.currency))}, not {_n(figures.tax)}"
    wrong_sign = {
        SaleKind.SALE: line.quantity <= 0,
        SaleKind.RETURN: line.quantity >= 0,
        SaleKind.ADJUSTMENT: False,
        SaleKind.EXCHANGE: line.quantity == 0,
        SaleKind.VOID: line.quantity == 0,
    }
    if wrong_sign[sale.kind]:
        yield f"{where}: a {sale.kind.value} has no quantity of {line.quantity}"
    if line.kind in HELD_KINDS:
        yield from _held_faults(line)


def _sum_faults(sale: Sale) -> Iterator[str]:
    if [line.line_no for line in sale.lines] != list(range(1, len(sale.lines) + 1)):
        yield "its lines are not numbered 1, 2, 3 and so on"
    total = sum_lines(tuple(line.figures for line in sale.lines), sale.currency)
    for name in ("net", "tax", "gross"):
        lines, document = getattr(total, name), getattr(sale, name)
        if lines != document:
            yield f"its lines have a {name} of {_n(lines)}, the document one of {_n(document)}"
    if _by_tax(total.taxes) != _by_tax(sale.taxes):
        yield "its tax table is not the sum of its lines"
    shared = sum(line.figures.document_discount.minor for line in sale.lines)
    given = sum(amount.minor for amount in sale.discount_amounts)
    fixed = any(line.returns is not None and _is_fixed(line) for line in sale.lines)
    if shared != given and not fixed:
        yield "the shares of its discount are not the discount"


def _payment_faults(sale: Sale) -> Iterator[str]:
    if sale.gross + sale.rounding != sale.amount_due:
        yield "gross and rounding are not the amount due"
    if sale.paid - sale.change != sale.amount_due:
        yield "what was paid less the change is not the amount due"
    sums: tuple[tuple[str, int, Money], ...] = (
        ("amount due", sum(t.amount.minor for t in sale.tenders), sale.amount_due),
        ("sum paid", sum(t.tendered.minor for t in sale.tenders), sale.paid),
        ("change", sum(t.change.minor for t in sale.tenders), sale.change),
    )
    for name, tenders, document in sums:
        if tenders != document.minor:
            yield f"its payments make a {name} of {tenders}, the document says {document.minor}"
    for tender in sale.tenders:
        if tender.foreign is not None:
            worth = worth_of(tender.foreign.tendered, tender.foreign.rate, sale.currency)
            if worth != tender.tendered:
                told = _n(tender.tendered)
                yield f"its foreign cash is worth {_n(worth)}, the payment says {told}"
    rounding = sale.cash_rounding
    step = Money.of(rounding.step, sale.currency).minor if rounding else 1
    if abs(sale.rounding.minor) >= step:
        yield f"it is rounded by {_n(sale.rounding)}, which its cash rounding does not allow"


def _price_faults(sale: Sale) -> Iterator[str]:
    """Price the lines again that no earlier document fixes, under the document's own policy."""
    free = [line for line in sale.lines if not _is_fixed(line)]
    if not free:
        return
    lines = [
        PriceLine(
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount=line.discount,
            taxes=tuple(figure.tax for figure in line.figures.taxes),
        )
        for line in free
    ]
    try:
        priced = price(lines, sale.policy, sale.discounts)
    except (PosError, ArithmeticError) as failure:
        yield f"it cannot be priced again: {failure}"
        return
    if _has_less_discount(sale, free, priced):
        return
    for line, expected in zip(free, priced.lines, strict=True):
        for name, found, wanted in _differing(line.figures, expected):
            yield f"line {line.line_no}: its {name} is {found}, priced again it is {wanted}"
            return


def _has_less_discount(sale: Sale, lines: list[SaleLine], priced: Priced) -> bool:
    """Whether a minimum price, which documents do not keep, held a discount back."""
    has_discount = sale.discounts or any(line.discount != NO_DISCOUNT for line in lines)
    given = sum(abs(line.figures.discount.minor) for line in lines)
    asked = sum(abs(line.discount.minor) for line in priced.lines)
    return bool(has_discount) and given < asked


def _is_fixed(line: SaleLine) -> bool:
    """Whether the line gives back a part of a known line, or is worth what was entered for it."""
    is_return = line.returns is not None and line.returns.line_no is not None
    return is_return or line.kind in HELD_KINDS


def _held_faults(line: SaleLine) -> Iterator[str]:
    """Money held for somebody has no tax and no discount, and is worth its price."""
    figures, where = line.figures, f"line {line.line_no}"
    if figures.taxes or figures.tax:
        yield f"{where}: money held for somebody has no tax"
    if figures.discount or figures.document_discount:
        yield f"{where}: money held for somebody has no discount"
    if figures.gross.amount != line.unit_price * line.quantity:
        yield f"{where}: it is worth {_n(figures.gross)}, not {line.unit_price} x {line.quantity}"


def _differing(found: LineFigures, wanted: LineFigures) -> Iterator[tuple[str, str, str]]:
    names: dict[str, Callable[[LineFigures], Money]] = {
        "net": lambda figures: figures.net,
        "tax": lambda figures: figures.tax,
        "gross": lambda figures: figures.gross,
        "discount": lambda figures: figures.discount,
        "share of the discount": lambda figures: figures.document_discount,
    }
    for name, of in names.items():
        if of(found) != of(wanted):
            yield name, _n(of(found)), _n(of(wanted))


def _by_tax(figures: tuple[TaxFigure, ...]) -> dict[object, tuple[int, int]]:
    return {
        (figure.tax.rate, figure.tax.fixed_per_unit, figure.tax.code): (
            figure.base.minor,
            figure.amount.minor,
        )
        for figure in figures
    }


def _n(money: Money) -> str:
    return f"{money.amount:f}"

"""The lines, totals and taxes of a document as its paper shows them; every sum adds up there.

Lines stand with or without tax as the shop's prices do, and before discounts on the whole
document, which follow the subtotal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pos_app.domain.discount import DiscountKind, DocumentDiscount, LineDiscount
from pos_app.domain.document import DocumentLine, price_lines
from pos_app.domain.money import Money, total
from pos_app.domain.pricing import LineFigures, PricePolicy, TaxFigure
from pos_app.printing.document_page import Align, Column, Row, Table, TaxTable, Total, Weight
from pos_app.printing.receipt_totals import tax_name
from pos_app.services.paper_parts import Pen

_FIGURES = (
    "position", "quantity", "ordered", "delivered", "unit_price", "line_discount", "tax_rate",
    "amount",
)  # fmt: skip
# More taxes than these stand in the table of taxes only, and in one sum among the totals.
_MOST_TAXES = 3


@dataclass(frozen=True, slots=True)
class Billed:
    """What a document bills: lines with their final figures, and what they come to.

    `discount_amounts` are those of `discounts` where each is known by itself.
    """

    lines: tuple[tuple[DocumentLine, LineFigures], ...]
    policy: PricePolicy
    taxes: tuple[TaxFigure, ...]
    net: Money
    gross: Money
    rounding: Money
    discounts: tuple[DocumentDiscount, ...] = ()
    discount_amounts: tuple[Money, ...] = ()


def priced_table(pen: Pen, billed: Billed) -> Table:
    """Return the lines with prices; columns that no line uses are left out."""
    keys = ["position", "code", "description", "quantity", "unit_price", "line_discount",
            "tax_rate", "amount"]  # fmt: skip
    lines = [line for line, _ in billed.lines]
    if not any(line.code for line in lines):
        keys.remove("code")
    if not any(_has_discount(line.discount) for line in lines):
        keys.remove("line_discount")
    if not any(figures.taxes for _, figures in billed.lines):
        keys.remove("tax_rate")
    rows = []
    before = _before_discounts(billed)
    for number, ((line, figures), amount) in enumerate(zip(billed.lines, before, strict=True), 1):
        cells = _cells(pen, billed.policy, (number, line, figures), amount)
        rows.append(Row(tuple(cells[key] for key in keys), below(line), amount))
    return Table(columns(pen, keys, billed.policy.currency), tuple(rows))


def columns(pen: Pen, keys: Sequence[str], currency: str = "") -> tuple[Column, ...]:
    """Return the columns with these words as heads; figures stand at the right.

    The last one says the currency, in which all amounts are.
    """
    return tuple(
        Column(
            f"{pen.word(key)} {currency}".strip() if key == keys[-1] else pen.word(key),
            Align.FIGURE if key in _FIGURES else Align.START,
            grows=key == "description",
        )
        for key in keys
    )


def below(line: DocumentLine, *more: str) -> str:
    """Return what stands smaller under a line: what it is, and what was remarked."""
    return "\n".join(text.strip() for text in (line.specification, line.remark, *more) if text)


def totals_of(pen: Pen, billed: Billed) -> tuple[Total, ...]:
    """Return the way from the lines to the total: discounts, taxes on top, rounding."""
    return tuple(_way_to_total(pen, billed))


def taxes_of(pen: Pen, taxes: Sequence[TaxFigure]) -> TaxTable | None:
    """Return the taxes by rate, None where there are none."""
    if not taxes:
        return None
    heads = tuple(pen.word(key) for key in ("tax_rate", "taxable", "tax_amount"))
    money = pen.figures.money
    rows = tuple((_tax_name(pen, row), money(row.base), money(row.amount)) for row in taxes)
    return TaxTable(heads, rows)


def percent_of(pen: Pen, value: Decimal) -> str:
    """Write a percentage without the places that say nothing: 5%, not 5.00%."""
    return pen.figures.percent(Decimal(f"{value.normalize():f}"))


def _cells(
    pen: Pen, policy: PricePolicy, of: tuple[int, DocumentLine, LineFigures], amount: Money
) -> dict[str, str]:
    number, line, figures = of
    return {
        "position": f"{number}",
        "code": line.code,
        "description": line.name,
        "quantity": pen.figures.quantity(line.quantity, line.unit),
        "unit_price": pen.figures.unit_price(line.unit_price, policy.currency),
        "line_discount": _discount(pen, line.discount, policy),
        "tax_rate": " + ".join(_rate(pen, figure) for figure in figures.taxes),
        "amount": pen.figures.money(amount),
    }


def _before_discounts(billed: Billed) -> list[Money]:
    """Return what each line came to before discounts on the whole document.

    A discount counted on the other basis than the prices are is found by pricing the lines again
    without it; whatever that differs by is part of the discount.
    """
    with_tax = billed.policy.prices_include_tax
    shown = _shown(billed)
    if not billed.discounts:
        return shown
    basis = "gross" if with_tax else "net"
    if all(discount.basis == basis for discount in billed.discounts):
        return [
            amount + figures.document_discount
            for amount, (_, figures) in zip(shown, billed.lines, strict=True)
        ]
    again = price_lines([line for line, _ in billed.lines], billed.policy)
    return [figures.gross if with_tax else figures.net for figures in again.lines]


def _shown(billed: Billed) -> list[Money]:
    with_tax = billed.policy.prices_include_tax
    return [figures.gross if with_tax else figures.net for _, figures in billed.lines]


def _way_to_total(pen: Pen, billed: Billed) -> Iterator[Total]:
    currency, money = billed.policy.currency, pen.figures.money
    before = total(_before_discounts(billed), currency)
    after = total(_shown(billed), currency)
    if billed.discounts:
        yield Total(pen.word("subtotal"), money(before))
        yield from _discounts(pen, billed, after - before)
    on_top = billed.gross - after
    if not billed.policy.prices_include_tax and billed.taxes:
        yield Total(pen.word("net"), money(after))
        yield from _taxes_on_top(pen, billed.taxes, on_top)
    word = "gross" if billed.taxes else "total"
    yield Total(pen.word(word), money(billed.gross), Weight.STRONG)
    if billed.rounding:
        yield Total(pen.word("rounding"), money(billed.rounding))


def _discounts(pen: Pen, billed: Billed, off: Money) -> Iterator[Total]:
    """Yield a row for each discount, or one for all where their parts are not known."""
    amounts = billed.discount_amounts
    if len(amounts) != len(billed.discounts):
        discount = billed.discounts[0] if len(billed.discounts) == 1 else None
        yield Total(_discount_name(pen, discount), pen.figures.money(off))
        return
    left = off
    for number, (discount, amount) in enumerate(zip(billed.discounts, amounts, strict=True), 1):
        given = left if number == len(amounts) else -amount
        left = left - given
        yield Total(_discount_name(pen, discount), pen.figures.money(given))


def _discount_name(pen: Pen, discount: DocumentDiscount | None) -> str:
    name = pen.word("discount")
    if discount is None:
        return name
    if discount.kind is DiscountKind.PERCENT:
        name = f"{name} {percent_of(pen, discount.value)}"
    return f"{name} ({discount.reason})" if discount.reason else name


def _taxes_on_top(pen: Pen, taxes: Sequence[TaxFigure], on_top: Money) -> Iterator[Total]:
    whole = total((row.amount for row in taxes), on_top.currency)
    if len(taxes) > _MOST_TAXES or whole != on_top:
        yield Total(pen.word("tax"), pen.figures.money(on_top))
        return
    for row in taxes:
        yield Total(_tax_name(pen, row), pen.figures.money(row.amount))


def _tax_name(pen: Pen, row: TaxFigure) -> str:
    words = {"VAT": pen.word("tax_rate"), "Levy": pen.word("levy")}
    return tax_name(row.tax, pen.figures, lambda text: words.get(text, text))


def _rate(pen: Pen, figure: TaxFigure) -> str:
    if figure.tax.rate is None:
        return figure.tax.name or pen.word("levy")
    return percent_of(pen, figure.tax.rate)


def _has_discount(discount: LineDiscount) -> bool:
    return bool(discount.percent or discount.amount_per_unit)


def _discount(pen: Pen, discount: LineDiscount, policy: PricePolicy) -> str:
    """Write a line's discount: its percentage, then what each unit is cheaper."""
    texts = []
    if discount.percent:
        texts.append(percent_of(pen, discount.percent))
    if discount.amount_per_unit:
        texts.append(pen.figures.unit_price(discount.amount_per_unit, policy.currency))
    return " + ".join(texts)

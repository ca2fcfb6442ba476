"""The goods on a receipt: each line with its quantity, discount, note and tax letters."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from string import ascii_uppercase

from pos_app.domain.money import Money
from pos_app.domain.pricing import PriceLine, TaxFigure, price
from pos_app.domain.sale import Sale, SaleLine
from pos_app.domain.tax import Tax
from pos_app.printing.amounts import Writing
from pos_app.printing.printable import printable
from pos_app.printing.slip import Line, Part, Row

Translate = Callable[[str], str]


def goods_parts(sale: Sale, writing: Writing, t: Translate) -> Iterator[Part]:
    """Yield what stands on the receipt for the sale's lines; their figures sum to the subtotal."""
    letters = tax_letters(sale)
    columns = 1 + max((len(_letters(line, letters)) for line in sale.lines), default=0)
    columns = columns if letters else 0
    for line, before in zip(sale.lines, before_document_discount(sale), strict=True):
        yield from _line_parts(line, before, writing, t, (_letters(line, letters), columns))


def before_document_discount(sale: Sale) -> list[Money]:
    """Return what each line came to before discounts on the whole sale.

    With or without tax as the shop's prices are. A line that gives goods back already holds its
    share of the sale's discount. A discount counted on the other basis than the prices is found
    by pricing the lines again without it.
    """
    if not sale.discounts or any(line.returns for line in sale.lines):
        return [shown(sale, line) for line in sale.lines]
    basis = "gross" if sale.policy.prices_include_tax else "net"
    if all(discount.basis == basis for discount in sale.discounts):
        return [shown(sale, line) + line.figures.document_discount for line in sale.lines]
    again = price([_price_line(line) for line in sale.lines], sale.policy)
    with_tax = sale.policy.prices_include_tax
    return [figures.gross if with_tax else figures.net for figures in again.lines]


def shown(sale: Sale, line: SaleLine) -> Money:
    """Return what a line comes to in the way the shop's prices are: with or without tax."""
    return line.figures.gross if sale.policy.prices_include_tax else line.figures.net


def tax_letters(sale: Sale) -> Mapping[Tax, str]:
    """Name the taxes of a sale A, B, C … where there are several to tell apart."""
    if len(sale.taxes) < 2:
        return {}
    letters = [*ascii_uppercase, *(f"{a}{b}" for a in ascii_uppercase for b in ascii_uppercase)]
    return {figure.tax: letter for figure, letter in zip(sale.taxes, letters, strict=False)}


def _letters(line: SaleLine, letters: Mapping[Tax, str]) -> str:
    named = (_letter(figure, letters) for figure in line.figures.taxes)
    return "".join(sorted(letter for letter in named if letter))


def _letter(figure: TaxFigure, letters: Mapping[Tax, str]) -> str:
    """The letter of the row that sums this tax: rows go by rate and code, whatever the name."""
    for tax, letter in letters.items():
        same_rate = (tax.rate, tax.fixed_per_unit) == (figure.tax.rate, figure.tax.fixed_per_unit)
        if same_rate and tax.code == figure.tax.code:
            return letter
    return ""


def _line_parts(
    line: SaleLine, before: Money, writing: Writing, t: Translate, tail: tuple[str, int]
) -> Iterator[Part]:
    off = _own_discount(line)
    name = printable(line.name or line.code)
    yield Row(name, writing.money(before + off), tail=tail[0], tail_columns=tail[1])
    if line.quantity != 1 or line.unit.decimals:
        each = writing.unit_price(line.unit_price, before.currency)
        yield Line(f"{writing.quantity(line.quantity, line.unit)} × {each}", indent=2)
    if off:
        label = discount_label(line.discount.percent, line.discount.reason, writing, t)
        yield Row(label, writing.money(-off), indent=2, tail_columns=tail[1])
    if note := printable(line.note):
        yield Line(note, indent=2)


def discount_label(percent: Decimal, reason: str, writing: Writing, t: Translate) -> str:
    """Write what a discount is for: its percentage if it has one, and its reason."""
    label = t("Discount")
    if percent:
        label = f"{label} {writing.percent(percent)}"
    return f"{label} ({printable(t(reason))})" if reason else label


def _own_discount(line: SaleLine) -> Money:
    """The line's discount apart from its share of the whole sale's; a returned line shows both."""
    figures = line.figures
    if line.returns is not None:
        return figures.discount
    return figures.discount - figures.document_discount


def _price_line(line: SaleLine) -> PriceLine:
    taxes = tuple(figure.tax for figure in line.figures.taxes)
    return PriceLine(line.quantity, line.unit_price, line.discount, None, taxes)

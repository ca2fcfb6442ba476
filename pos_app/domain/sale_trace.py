"""Why a finished document came to its total: the trace of its prices, rebuilt from its lines."""

from pos_app.domain.price_trace import explain
from pos_app.domain.pricing import PriceLine, price
from pos_app.domain.sale import Sale, SaleLine
from pos_app.domain.words import Say, as_written, later

FIXED_BEFORE = later("The figures of this receipt were fixed by an earlier one or a lowest price.")
_LINE = later("{name} – {words}")
_FIXED_LINE = later("{quantity} × {price} came to {amount}.")
_RETURNED_LINE = later(
    "{quantity} × {price} came to {amount}, taken back as it stands on receipt {number}."
)


def explain_sale(sale: Sale, say: Say = as_written, decimal: str = ".") -> tuple[str, ...]:
    """Tell step by step how a document came to its total ("Why this price?").

    `say` translates the words, `decimal` is the decimal sign of the figures.
    """
    lines = [
        PriceLine(
            line.quantity,
            line.unit_price,
            line.discount,
            taxes=tuple(figure.tax for figure in line.figures.taxes),
        )
        for line in sale.lines
    ]
    again = price(lines, sale.policy, sale.discounts)
    if again.gross != sale.gross or again.tax != sale.tax:
        # A return carries its sale's figures, a lowest price holds a discount back.
        fixed = (_named(line, _fixed(line, say, decimal), say) for line in sale.lines)
        return (say(FIXED_BEFORE), *fixed)
    opening, *told = explain(lines, sale.policy, sale.discounts, say, decimal)
    by_line = zip(sale.lines, told, strict=False)
    named = (_named(line, words, say) for line, words in by_line)
    return (opening, *named, *told[len(sale.lines) :])


def _fixed(line: SaleLine, say: Say, decimal: str) -> str:
    """Say what a line came to whose figures were fixed, and by which receipt."""
    number = "" if line.returns is None else line.returns.sale_number
    return say(_RETURNED_LINE if number else _FIXED_LINE).format(
        quantity=f"{line.quantity:f}".replace(".", decimal),
        price=f"{line.unit_price:f}".replace(".", decimal),
        amount=f"{line.figures.gross.amount:f}".replace(".", decimal),
        number=number,
    )


def _named(line: SaleLine, words: str, say: Say) -> str:
    # A name of another script keeps to itself, whichever way the sentence is read (UAX 9).
    name = f"\u2068{line.name or line.code}\u2069"
    return say(_LINE).format(name=name, words=words)

"""Lines as the ERP multiplies them: order prices, net invoice prices with a rate, and its line ids.

An order's amount is quantity x unit price; an invoice adds tax to a net price by a rate. Both are
told so that they come to our own amounts to the last cent.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pos_app.domain.document import DocumentLine
from pos_app.domain.money import Money, RoundingMode, round_steps
from pos_app.domain.pricing import LineFigures
from pos_app.domain.product import ProductKind
from pos_app.domain.sale import SaleLine
from pos_app.sync.dialect import Known, NotSayable
from pos_app.sync.dialects.erp_replies import Row, text_of
from pos_app.sync.foreign_prices import Part, number, parts_of, read_amount, tax_rate

REST = " rest"
NET = "net"


class ProductNotThere(NotSayable):
    """A line whose product the remote does not have, as far as anybody said."""

    sentence = (
        "{name} cannot be sent there: the product id of {product} is not known. Enter it in the "
        "connection, or a product there for lines that have none."
    )


class BelowZero(NotSayable):
    """A line with an amount below zero, which orders and invoices do not have there."""

    sentence = (
        "{name} cannot be sent there: {product} is below zero, and the API has no such lines."
    )


class TaxNotSaid(NotSayable):
    """A tax that no rate in percent comes to."""

    sentence = "{name} cannot be sent there: no tax rate comes to the tax of {product}."


@dataclass(frozen=True, slots=True)
class Line:
    """A line of ours that is told there; `key` is what its id there is kept under."""

    key: str
    product_id: str | None
    code: str
    name: str
    quantity: Decimal
    figures: LineFigures
    kind: ProductKind = ProductKind.GOODS
    remark: str = ""


def of_document(lines: Iterable[tuple[DocumentLine, LineFigures]]) -> tuple[Line, ...]:
    """Return the lines of a document with their figures."""
    return tuple(
        Line(
            key_of(line.id),
            line.product_id,
            line.code,
            line.name,
            line.quantity,
            figures,
            line.kind,
            line.remark,
        )
        for line, figures in lines
    )


def of_sale(lines: Iterable[SaleLine]) -> tuple[Line, ...]:
    """Return lines of the till."""
    return tuple(
        Line(
            key_of(str(line.line_no)),
            line.product_id,
            line.code,
            line.name or line.code,
            line.quantity,
            line.figures,
            line.kind,
            line.note,
        )
        for line in lines
    )


def key_of(line_id: str) -> str:
    """Return what the id of one of our lines is kept under."""
    return f"line {line_id}"


def ordered_parts(line: Line, known: Known, lines: int) -> list[tuple[str, Part]]:
    """Return how a line is ordered there, by what each part's id is kept under."""
    parts = parts_of(order_amount(line.figures, known), line.quantity, lines)
    return [(line.key + REST * place, part) for place, part in enumerate(parts)]


def order_amount(figures: LineFigures, known: Known) -> Money:
    """Return what a line comes to on orders and returns there: with its tax, or without."""
    return figures.net if known.option("order_prices") == NET else figures.gross


def order_items(name: str, lines: Sequence[Line], known: Known) -> list[Row]:
    """Write the lines of a quotation or order; raises ProductNotThere or BelowZero."""
    items = []
    for line in lines:
        product = _product(name, line, known)
        for _, part in ordered_parts(line, known, len(lines)):
            items.append(
                {
                    "productId": product,
                    "quantity": number(part.quantity),
                    "unitPrice": number(part.unit_price),
                    "remark": line.remark,
                }
            )
    return items


def invoice_items(name: str, lines: Sequence[Line], known: Known) -> list[Row]:
    """Write the lines of an invoice; raises ProductNotThere, BelowZero or TaxNotSaid."""
    items = []
    for line in lines:
        product = _product(name, line, known)
        parts = parts_of(line.figures.net, line.quantity, len(lines))
        nominal = _nominal(line.figures)
        for part, tax in zip(parts, _taxes(line.figures, parts, nominal), strict=True):
            rate = tax_rate(part.amount, tax, nominal)
            if rate is None or rate < 0:
                raise TaxNotSaid(name=name, product=line.name)
            items.append(
                {
                    "productId": product,
                    "quantity": number(part.quantity),
                    "unitPrice": number(part.unit_price),
                    "taxRate": number(rate),
                }
            )
    return items


def same_items(sent: Sequence[Row], there: Any, *fields: str) -> bool:
    """Whether a document there has the lines that were sent, by some of their fields."""
    if not isinstance(there, list) or not all(isinstance(item, dict) for item in there):
        return False
    words = {text_of(item.get("productId")) for item in sent}
    return sorted(_told(item, fields) for item in sent) == sorted(
        _told({**item, "productId": called(item, words)}, fields) for item in there
    )


def called(item: Row, words: Collection[str]) -> str:
    """Return what a line's product there is called in our `words`: its id, or else its code."""
    own, code = text_of(item.get("productId")), text_of(item.get("productCode"))
    return code if own not in words and code in words else own


def line_ids(
    wanted: Sequence[tuple[str, str, Decimal | None]], there: Any
) -> dict[str, str] | None:
    """Return which line there each of ours is: by product and, where given, the ordered quantity.

    `wanted` are what an id is kept under, the product there, and the quantity. None where a line is
    missing.
    """
    if not isinstance(there, list) or not all(isinstance(item, dict) for item in there):
        return None
    left = list(there)
    found = {}
    for key, product, quantity in wanted:
        of_product = [item for item in left if called(item, {product}) == product]
        exact = [item for item in of_product if read_amount(item.get("quantity")) == quantity]
        chosen = next(iter(exact or of_product), None)
        if chosen is None or not text_of(chosen.get("id")):
            return None
        left.remove(chosen)
        found[key] = text_of(chosen["id"])
    return found


def product_there(name: str, line: Line | DocumentLine, known: Known) -> str:
    """Return a line's product there; raises ProductNotThere."""
    if line.product_id is None:
        found = known.option("other_product").strip()
    else:
        found = known.product(line.product_id, line.code) or ""
    if not found:
        raise ProductNotThere(name=name, product=line.name)
    return found


def _product(name: str, line: Line, known: Known) -> str:
    if line.quantity <= 0 or line.figures.gross.minor < 0 or line.figures.net.minor < 0:
        raise BelowZero(name=name, product=line.name)
    return product_there(name, line, known)


def _nominal(figures: LineFigures) -> Decimal | None:
    """Return the rate of a line's taxes together, None where they are no plain percentages."""
    if not figures.taxes:
        return Decimal(0)
    taxes = [figure.tax for figure in figures.taxes]
    if any(tax.rate is None or (tax.affects_next and len(taxes) > 1) for tax in taxes):
        return None
    return sum((tax.rate for tax in taxes if tax.rate is not None), Decimal(0))


def _taxes(
    figures: LineFigures, parts: Sequence[Part], nominal: Decimal | None
) -> tuple[Money, ...]:
    """Return a line's tax part by part: the last, small one takes the odd cents where it can."""
    whole = figures.tax
    if len(parts) == 1:
        return (whole,)
    first, last = parts
    share = Fraction(whole.minor * first.amount.minor, figures.net.minor)
    if nominal is not None:
        share = Fraction(nominal) * first.amount.minor / 100
    most = Money(round_steps(share, RoundingMode.HALF_UP), whole.currency)
    rest = whole - most
    has_room = rest.minor >= 0 and (last.amount.minor or not rest.minor)
    return (most, rest) if has_room else (whole, Money.zero(whole.currency))


def _told(item: Row, fields: Sequence[str]) -> tuple[str, ...]:
    """Return fields as texts that are alike where the values are."""
    texts = []
    for field in fields:
        value = item.get(field)
        amount = None if isinstance(value, str) else read_amount(value)
        texts.append(text_of(value) if amount is None else f"{amount.normalize():f}")
    return tuple(texts)

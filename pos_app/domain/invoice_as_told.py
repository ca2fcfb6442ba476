"""An invoice whose totals somebody else worked out: taken word for word, to the last cent.

Sub-total less discount plus the items' tax is what the lines say. What lies between that and the
total stands as a line of its own, or comes off as a further discount. The items' prices are without
tax, and a discount lowers their net amounts and not their tax.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pos_app.domain.discount import DiscountBasis, DiscountKind, DocumentDiscount
from pos_app.domain.document import DocumentLine
from pos_app.domain.errors import PosError
from pos_app.domain.given_sale import DiscountTooHigh, TotalOff
from pos_app.domain.invoice import InvoiceLine
from pos_app.domain.money import Money, RoundingMode, round_ratio, share_out, total
from pos_app.domain.pricing import LineFigures, TaxFigure
from pos_app.domain.product import PIECE, Product, ProductKind, Unit
from pos_app.domain.tax import RATE_LIMIT, Tax

WHOLE_SALE, CHARGES = "Sale", "Tax and charges"
FURTHER_DISCOUNT = "Total as agreed"
_FINE = Unit("unit", "unit", 3)
_RATE_PLACES = 12
_ONE = Decimal(1)


class TaxWithoutAmount(PosError):
    """A tax that no rate makes of its amount."""

    sentence = "{name}: a tax of {tax} does not go with an amount of {amount}. Correct the item."


class TaxBeyondTotal(PosError):
    """Taxes of items that are more than the whole total."""

    sentence = "The items' taxes come to more than the total of {total}. Correct the sale."


@dataclass(frozen=True, slots=True)
class ToldItem:
    """An item: `unit_price` in currency units without tax, `tax` the whole item's."""

    name: str
    quantity: Decimal
    unit_price: Decimal
    tax: Money
    description: str = ""
    product: Product | None = None


@dataclass(frozen=True, slots=True)
class ToldTotals:
    """What somebody says that a sale comes to; amounts are of one currency, none below zero."""

    sub_total: Money
    discount: Money
    total: Money


@dataclass(frozen=True, slots=True)
class ToldLines:
    """The lines with their figures, and the discounts that are shared out over them."""

    lines: tuple[InvoiceLine, ...]
    discounts: tuple[DocumentDiscount, ...]
    discount_amounts: tuple[Money, ...]


def lines_as_told(
    totals: ToldTotals, items: Sequence[ToldItem], rounding: RoundingMode
) -> ToldLines:
    """Return lines that come to exactly the total; without items one stands for the whole sale.

    Raises TotalOff, DiscountTooHigh, TaxBeyondTotal or TaxWithoutAmount.
    """
    sub_total, currency = totals.sub_total, totals.sub_total.currency
    if sub_total < totals.discount:
        raise DiscountTooHigh(discount=totals.discount, total=sub_total)
    told = list(items) or [
        ToldItem(WHOLE_SALE, _ONE, sub_total.amount, Money.zero(currency)),
    ]
    amounts = [_amount(item, currency, rounding) for item in told]
    if total(amounts, currency) != sub_total:
        raise TotalOff(expected=total(amounts, currency), total=sub_total)
    taxes = total((item.tax for item in told), currency)
    between = totals.total - (sub_total - totals.discount + taxes)
    further = max(-between, Money.zero(currency))
    taken = totals.discount + further
    if sub_total < taken:
        raise TaxBeyondTotal(total=totals.total)
    lines = _lines(told, amounts, taken, rounding)
    if between.minor > 0:
        lines.append(_charges(str(len(lines) + 1), between))
    given = [(totals.discount, ""), (further, FURTHER_DISCOUNT)]
    return ToldLines(
        tuple(lines),
        tuple(_discount(amount, reason) for amount, reason in given if amount),
        tuple(amount for amount, _ in given if amount),
    )


def tax_of(net: Money, amount: Money, known: Iterable[Tax], rounding: RoundingMode) -> Tax | None:
    """Return the tax that makes an amount of a net one: a known one, or that of the roundest rate.

    None where no rate does.
    """
    for tax in known:
        if tax.rate is not None and _taken(net, tax.rate, rounding) == amount.minor:
            return tax
    if net.minor <= 0:
        return None
    exact = Decimal(100 * amount.minor) / net.minor
    for places in range(_RATE_PLACES + 1):
        rate = round(exact, places)
        if rate < RATE_LIMIT and _taken(net, rate, rounding) == amount.minor:
            return Tax(rate=rate, name=f"{rate:f} %")
    return None


def _taken(net: Money, rate: Decimal, rounding: RoundingMode) -> int:
    return round_ratio(*(net.minor * rate / 100).as_integer_ratio(), rounding)


def _amount(item: ToldItem, currency: str, rounding: RoundingMode) -> Money:
    exact = item.quantity * item.unit_price * Money.of(_ONE, currency).minor
    return Money(round_ratio(*exact.as_integer_ratio(), rounding), currency)


def _lines(
    items: Sequence[ToldItem], amounts: Sequence[Money], taken: Money, rounding: RoundingMode
) -> list[InvoiceLine]:
    shares = share_out(taken.minor, [amount.minor for amount in amounts])
    found = []
    for number, (item, amount, minor) in enumerate(zip(items, amounts, shares, strict=True), 1):
        share = Money(minor, taken.currency)
        net = amount - share
        figures: tuple[TaxFigure, ...] = ()
        if item.tax:
            known = () if item.product is None else item.product.taxes
            # What was taken before the discount is what the rate is of.
            tax = tax_of(amount, item.tax, known, rounding)
            if tax is None:
                raise TaxWithoutAmount(name=item.name, tax=item.tax, amount=amount)
            figures = (TaxFigure(tax, amount, item.tax),)
        line_figures = LineFigures(net, item.tax, net + item.tax, share, share, figures)
        line = _document_line(str(number), item, tuple(figure.tax for figure in figures))
        found.append(InvoiceLine(line, line_figures))
    return found


def _document_line(line_id: str, item: ToldItem, taxes: tuple[Tax, ...]) -> DocumentLine:
    product = item.product
    if product is not None:
        unit, kind = product.unit, product.kind
    else:
        is_whole = item.quantity == item.quantity.to_integral_value()
        unit, kind = (PIECE if is_whole else _FINE), ProductKind.MANUAL
    return DocumentLine(
        id=line_id,
        name=item.name,
        quantity=item.quantity,
        unit_price=item.unit_price,
        product_id=None if product is None else product.id,
        code="" if product is None else product.code,
        specification=item.description,
        unit=unit,
        kind=kind,
        taxes=taxes,
    )


def _charges(line_id: str, amount: Money) -> InvoiceLine:
    zero = Money.zero(amount.currency)
    line = DocumentLine(line_id, CHARGES, _ONE, amount.amount, kind=ProductKind.FEE)
    return InvoiceLine(line, LineFigures(amount, zero, amount, zero, zero))


def _discount(amount: Money, reason: str) -> DocumentDiscount:
    return DocumentDiscount(DiscountKind.AMOUNT, amount.amount, DiscountBasis.NET, reason)

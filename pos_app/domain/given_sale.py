"""A sale whose figures somebody else worked out, as an API sends it: checked and taken over.

Prices are without tax and the tax stands beside them, whatever the shop's own prices hold: the
total is the sum of the lines before discount and tax, and total + tax - discount is due. A discount
lowers the net amounts of the lines and not the tax, which was taken before it. A line without
taxes of its own gets those of its product, rounded as the shop rounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pos_app.domain.cart import PRICE_LIMIT, QUANTITY_LIMIT, QuantityTooFine, SaleKind
from pos_app.domain.customer import Customer
from pos_app.domain.discount import NO_DISCOUNT, DiscountBasis, DiscountKind, DocumentDiscount
from pos_app.domain.document import LINE_LIMIT, DocumentEmpty, LineFigureWrong, TooManyLines
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money, RoundingMode, round_ratio, share_out, total
from pos_app.domain.payment import Tender, TenderMethod
from pos_app.domain.pricing import (
    LineFigures,
    Priced,
    PriceLine,
    PricePolicy,
    TaxFigure,
    price,
    sum_lines,
)
from pos_app.domain.product import PIECE, Product, ProductKind
from pos_app.domain.sale import Sale, SaleLine, Stamp
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.tax import Tax

AMOUNT_LIMIT = Decimal(10) ** 11  # currency units: sums of it still fit what keeps them
GIVEN_PLACES = 6  # of a unit price: an amount divided by its quantity is rarely shorter
_ONE = Decimal(1)


class SubtotalOff(PosError):
    """A line whose amount is not its quantity times its price."""

    sentence = (
        "{name}: {quantity} × {unit_price} is {expected} and not {subtotal}. Correct the line and "
        "send the sale again."
    )


class TotalOff(PosError):
    """A total that is not the sum of the lines."""

    sentence = "The lines sum to {expected} and not to {total}. Correct the sale and send it again."


class TaxesOff(PosError):
    """A line whose taxes are not its tax."""

    sentence = "{name}: its taxes sum to {expected} and not to {tax}. Correct the line."


class DiscountTooHigh(PosError):
    """A discount of more than there is, or of the other sign."""

    sentence = "A discount of {discount} does not fit a total of {total}. Enter at most the total."


class AmountTooLarge(PosError):
    """An amount that no shop takes."""

    sentence = "{amount} is too large an amount. Correct the sale and send it again."


@dataclass(frozen=True, slots=True)
class GivenTax:
    """A tax on a line; without an amount it is worked out."""

    tax: Tax
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class GivenLine:
    """A line as it was given: `unit_price` in currency units without tax, below 0 for a rebate.

    What is None is worked out: the amount before tax, the taxes (from the product's), their sum.
    `location` is where the goods came from.
    """

    name: str
    quantity: Decimal
    unit_price: Decimal
    subtotal: Money | None = None
    product: Product | None = None
    taxes: tuple[GivenTax, ...] | None = None
    tax: Money | None = None
    location: str = ""


@dataclass(frozen=True, slots=True)
class GivenSale:
    """A sale as it was given; without a `total` the lines' sum is."""

    id: str
    number: str
    stamp: Stamp
    lines: tuple[GivenLine, ...]
    method: TenderMethod
    discount: Money
    total: Money | None = None
    customer: Customer | None = None
    note: str = ""


def taken_over(given: GivenSale, policy: PricePolicy) -> Sale:
    """Return the document of a sale that was given, by the shop's `policy` for what it left open.

    Raises DocumentEmpty, TooManyLines, LineFigureWrong, QuantityTooFine, SubtotalOff, TotalOff,
    TaxesOff, DiscountTooHigh or AmountTooLarge.
    """
    policy = replace(policy, prices_include_tax=False, step=None)
    if not given.lines:
        raise DocumentEmpty()
    if len(given.lines) > LINE_LIMIT:
        raise TooManyLines(limit=LINE_LIMIT)
    subtotals = [_subtotal(line, policy) for line in given.lines]
    summed = total(subtotals, policy.currency)
    if given.total is not None and given.total != summed:
        raise TotalOff(expected=summed, total=given.total)
    _check_discount(given.discount, summed)
    taxes = _taxes(given.lines, subtotals, policy)
    shares = _shares(given.discount, subtotals)
    figures = tuple(map(_figures, subtotals, shares, taxes))
    priced = sum_lines(figures, policy.currency)
    return _sale(given, policy, priced)


def given_moves(given: GivenSale, sale: Sale, usual_place: str) -> tuple[StockMove, ...]:
    """Return the stock that goes out, or comes back with a quantity below zero."""
    return tuple(
        StockMove(
            line.product.id,
            line.location or usual_place,
            -line.quantity,
            MoveReason.SALE if line.quantity > 0 else MoveReason.RETURN,
            sale.number,
        )
        for line in given.lines
        if line.product is not None and line.product.is_stocked
    )


def _subtotal(line: GivenLine, policy: PricePolicy) -> Money:
    """Return a line's amount before tax: what was given, within a rounding of what it should be."""
    _check_figures(line)
    exact = line.quantity * line.unit_price * Money.of(_ONE, policy.currency).minor
    minor = round_ratio(*exact.as_integer_ratio(), policy.rounding)
    expected = Money(minor, policy.currency)
    _check_amount(expected)
    if line.subtotal is None:
        return expected
    if abs(line.subtotal.minor - exact) > 1:
        raise SubtotalOff(
            name=line.name,
            quantity=line.quantity,
            unit_price=line.unit_price,
            expected=expected,
            subtotal=line.subtotal,
        )
    return line.subtotal


def _check_figures(line: GivenLine) -> None:
    quantity, unit_price = line.quantity, line.unit_price
    if not quantity.is_finite() or not 0 < abs(quantity) < QUANTITY_LIMIT:
        raise LineFigureWrong(figure=quantity, name=line.name, limit=f"{QUANTITY_LIMIT:,}")
    unit = PIECE if line.product is None else line.product.unit
    places = GIVEN_PLACES if line.product is None else unit.decimals
    if quantity != round(quantity, places):
        raise QuantityTooFine(quantity=quantity, unit=unit.name, name=line.name, places=places)
    if not unit_price.is_finite() or abs(unit_price) >= PRICE_LIMIT:
        raise LineFigureWrong(figure=unit_price, name=line.name, limit=f"{PRICE_LIMIT:,}")
    if unit_price != round(unit_price, GIVEN_PLACES):
        raise LineFigureWrong(figure=unit_price, name=line.name, limit=f"{PRICE_LIMIT:,}")


def _check_discount(discount: Money, summed: Money) -> None:
    is_same_way = discount.minor * summed.minor >= 0
    if not is_same_way or abs(discount.minor) > abs(summed.minor):
        raise DiscountTooHigh(discount=discount, total=summed)


def _check_amount(amount: Money) -> None:
    if abs(amount.amount) >= AMOUNT_LIMIT:
        raise AmountTooLarge(amount=amount)


def _shares(discount: Money, subtotals: Sequence[Money]) -> list[Money]:
    """Share a discount out over the lines that go the total's way, by their amounts."""
    sign = -1 if discount.minor < 0 else 1
    weights = [max(sign * amount.minor, 0) for amount in subtotals]
    return [Money(share, discount.currency) for share in share_out(discount.minor, weights)]


def _taxes(
    lines: Sequence[GivenLine], subtotals: Sequence[Money], policy: PricePolicy
) -> list[tuple[TaxFigure, ...]]:
    """Return each line's taxes: as given, or the product's, worked out for all of them together."""
    open_lines = [
        _price_line(line, amount)
        for line, amount in zip(lines, subtotals, strict=True)
        if line.taxes is None
    ]
    worked_out = iter(price(open_lines, policy).lines if open_lines else ())
    found = []
    for line, amount in zip(lines, subtotals, strict=True):
        if line.taxes is None:
            found.append(_by_the_piece(line, next(worked_out).taxes))
        else:
            found.append(_given_taxes(line, amount, policy.rounding))
    return found


def _price_line(line: GivenLine, amount: Money) -> PriceLine:
    """Return the whole line as one unit, so that its tax is taken on exactly its amount."""
    taxes = () if line.product is None else line.product.taxes
    size = abs(line.quantity)
    return PriceLine(
        -_ONE if amount.minor < 0 or line.quantity < 0 else _ONE,
        abs(amount.amount),
        taxes=tuple(_beside(tax, size) for tax in taxes),
    )


def _beside(tax: Tax, quantity: Decimal) -> Tax:
    if tax.fixed_per_unit is None:
        return replace(tax, included=False)
    return replace(tax, included=False, fixed_per_unit=tax.fixed_per_unit * quantity)


def _by_the_piece(line: GivenLine, taxes: tuple[TaxFigure, ...]) -> tuple[TaxFigure, ...]:
    """Return figures with the product's own taxes again, fixed amounts by the unit and all."""
    own = () if line.product is None else line.product.taxes
    return tuple(
        replace(figure, tax=replace(tax, included=False))
        for figure, tax in zip(taxes, own, strict=True)
    )


def _given_taxes(line: GivenLine, amount: Money, rounding: RoundingMode) -> tuple[TaxFigure, ...]:
    figures = tuple(
        TaxFigure(one.tax, amount, _amount_of(one, amount, rounding)) for one in line.taxes or ()
    )
    summed = total((figure.amount for figure in figures), amount.currency)
    _check_amount(summed)
    if line.tax is not None and line.tax != summed:
        raise TaxesOff(name=line.name, expected=summed, tax=line.tax)
    return figures


def _amount_of(given: GivenTax, amount: Money, rounding: RoundingMode) -> Money:
    if given.amount is not None:
        _check_amount(given.amount)
        return given.amount
    parts, whole = (amount.minor * (given.tax.rate or Decimal(0)) / 100).as_integer_ratio()
    return Money(round_ratio(parts, whole, rounding), amount.currency)


def _figures(subtotal: Money, share: Money, taxes: tuple[TaxFigure, ...]) -> LineFigures:
    net = subtotal - share
    tax = total((figure.amount for figure in taxes), subtotal.currency)
    return LineFigures(net, tax, net + tax, share, share, taxes)


def _sale(given: GivenSale, policy: PricePolicy, priced: Priced) -> Sale:
    zero, due = Money.zero(policy.currency), priced.gross
    _check_amount(due)
    discounts: tuple[DocumentDiscount, ...] = ()
    if given.discount:
        value = abs(given.discount.amount)
        discounts = (DocumentDiscount(DiscountKind.AMOUNT, value, DiscountBasis.NET),)
    return Sale(
        id=given.id,
        number=given.number,
        kind=_kind(given.lines),
        stamp=given.stamp,
        policy=policy,
        cash_rounding=None,
        customer=given.customer,
        lines=tuple(
            _line(number, line, figures)
            for number, (line, figures) in enumerate(zip(given.lines, priced.lines, strict=True), 1)
        ),
        discounts=discounts,
        discount_amounts=(given.discount,) * len(discounts),
        taxes=priced.taxes,
        net=priced.net,
        tax=priced.tax,
        gross=priced.gross,
        rounding=zero,
        amount_due=due,
        tenders=(Tender(given.method, due, due, zero),),
        paid=due,
        change=zero,
        note=given.note,
    )


def _kind(lines: Sequence[GivenLine]) -> SaleKind:
    ways = {line.quantity > 0 for line in lines}
    if ways == {True}:
        return SaleKind.SALE
    return SaleKind.RETURN if ways == {False} else SaleKind.EXCHANGE


def _line(number: int, line: GivenLine, figures: LineFigures) -> SaleLine:
    product = line.product
    return SaleLine(
        line_no=number,
        product_id=None if product is None else product.id,
        code="" if product is None else product.code,
        name=line.name,
        kind=ProductKind.MANUAL if product is None else product.kind,
        quantity=line.quantity,
        unit=PIECE if product is None else product.unit,
        unit_price=line.unit_price,
        list_price=None if product is None else product.price,
        cost=None if product is None else product.cost,
        discount=NO_DISCOUNT,
        figures=figures,
    )

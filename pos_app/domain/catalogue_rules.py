"""What a product, group, unit or tax must be before it is saved; refusals name their field."""

import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal
from re import fullmatch

from pos_app.domain.cart import PRICE_LIMIT, PRICE_PLACES
from pos_app.domain.errors import PosError
from pos_app.domain.product import Category, Product, Unit
from pos_app.domain.tax import Tax

NAME_LIMIT = 200
CODE_LIMIT = 64
TILE_LIMIT = 9_999_999
COLOUR_FORM = r"#[0-9A-Fa-f]{6}"


class FieldRefusal(PosError):
    """A refusal that belongs under one field of a form; `field` is its key."""

    def __init__(self, field: str, **fields: object) -> None:
        super().__init__(**fields)
        self.field = field


class FieldEmpty(FieldRefusal):
    """A field that has to hold something."""

    sentence = "This cannot stay empty. Fill it in."


class FieldTooLong(FieldRefusal):
    """A text beyond its limit."""

    sentence = "The text has {length} characters. Shorten it to {limit}."


class FieldHoldsControls(FieldRefusal):
    """Text with characters that no label shows, such as printer commands."""

    sentence = "The text holds invisible control characters. Type it again by hand."


class PriceWrong(FieldRefusal):
    """A price below zero, beyond the limit, or with more than four places."""

    sentence = "A price of {price} is not possible. Enter 0 or more, with at most 4 decimal places."


class LowestAbovePrice(FieldRefusal):
    """The lowest price is above the price."""

    sentence = "The lowest price {lowest} is above the price {price}. Correct one of them."


class CodeTwice(FieldRefusal):
    """The same barcode is listed twice, or is the product's own code as well."""

    sentence = "{code} stands there twice. Take one of them away."


class ColourWrong(FieldRefusal):
    """A colour that is not written as `#RRGGBB`."""

    sentence = "{colour} is not a colour. Write it like #2F7D4F, or choose one."


class PlaceWrong(FieldRefusal):
    """A position or number of places that is not possible."""

    sentence = "{number} is not possible here. Enter a whole number from {least} to {most}."


class NameTaken(FieldRefusal):
    """Another group has this name."""

    sentence = "There is already a group called {name}. Choose another name."


class TaxTwice(FieldRefusal):
    """A product has the same tax twice."""

    sentence = "{name} is chosen twice. Take one of them away."


class StockFigureWrong(PosError):
    """A stock figure that is not possible."""

    sentence = "A stock figure of {figure} is not possible. Enter a number above 0."


Refusals = dict[str, FieldRefusal]


def product_refusals(product: Product) -> Refusals:
    """Return what is wrong with a product, by field; empty when it can be saved."""
    return _gather(
        lambda: _check_text("name", product.name, NAME_LIMIT),
        lambda: _check_text("code", product.code, CODE_LIMIT),
        lambda: _check_barcodes(product),
        lambda: _check_taxes(product.taxes),
        lambda: _check_price("price", product.price),
        lambda: _check_price("cost", product.cost),
        lambda: _check_price("min_price", product.min_price),
        lambda: _check_lowest(product),
        lambda: _check_place("tile_position", product.tile_position, 1, TILE_LIMIT),
    )


def category_refusals(category: Category, others: Iterable[Category] = ()) -> Refusals:
    """Return what is wrong with a group of products, by field."""
    return _gather(
        lambda: _check_text("name", category.name, NAME_LIMIT),
        lambda: _check_name_free(category, others),
        lambda: _check_colour(category.colour),
    )


def unit_refusals(unit: Unit) -> Refusals:
    """Return what is wrong with a unit of measure, by field."""
    return _gather(
        lambda: _check_text("code", unit.code, 12),
        lambda: _check_text("name", unit.name, NAME_LIMIT),
        lambda: _check_place("decimals", unit.decimals, 0, 4),
    )


def tax_refusals(tax: Tax) -> Refusals:
    """Return what is wrong with a tax beyond what the tax itself refuses, by field."""
    return _gather(
        lambda: _check_text("code", tax.code, 24),
        lambda: _check_text("name", tax.name, NAME_LIMIT),
    )


def _gather(*checks: Callable[[], None]) -> Refusals:
    refusals: Refusals = {}
    for check in checks:
        try:
            check()
        except FieldRefusal as refusal:
            refusals.setdefault(refusal.field, refusal)
    return refusals


def _check_text(field: str, text: str, limit: int, *, is_needed: bool = True) -> None:
    if is_needed and not text.strip():
        raise FieldEmpty(field)
    if len(text) > limit:
        raise FieldTooLong(field, length=len(text), limit=limit)
    if any(unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn") for char in text):
        raise FieldHoldsControls(field)


def check_line(field: str, text: str, limit: int = NAME_LIMIT, *, is_needed: bool = False) -> None:
    """Refuse a one-line text that is too long or holds control characters; raises FieldRefusal."""
    _check_text(field, text, limit, is_needed=is_needed)


def _check_barcodes(product: Product) -> None:
    seen = {product.code}
    for barcode in product.barcodes:
        _check_text("barcodes", barcode, CODE_LIMIT)
        if barcode in seen and barcode != product.code:
            raise CodeTwice("barcodes", code=barcode)
        seen.add(barcode)


def _check_taxes(taxes: tuple[Tax, ...]) -> None:
    for place, tax in enumerate(taxes):
        if tax in taxes[:place]:
            raise TaxTwice("taxes", name=tax.name or tax.code)


def _check_price(field: str, price: Decimal | None) -> None:
    if price is None:
        return
    if not price.is_finite() or not 0 <= price < PRICE_LIMIT or price != round(price, PRICE_PLACES):
        raise PriceWrong(field, price=price)


def _check_lowest(product: Product) -> None:
    lowest, price = product.min_price, product.price
    if lowest is not None and price is not None and lowest > price:
        raise LowestAbovePrice("min_price", lowest=lowest, price=price)


def _check_place(field: str, number: int | None, least: int, most: int) -> None:
    if number is not None and not least <= number <= most:
        raise PlaceWrong(field, number=number, least=least, most=most)


def _check_colour(colour: str) -> None:
    if colour and not fullmatch(COLOUR_FORM, colour):
        raise ColourWrong("colour", colour=colour[:40])


def _check_name_free(category: Category, others: Iterable[Category]) -> None:
    name = category.name.strip().casefold()
    if any(other.id != category.id and other.name.casefold() == name for other in others):
        raise NameTaken("name", name=category.name)

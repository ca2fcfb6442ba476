"""What stands on a label: a pure function of the product and of how the shop writes figures."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency

from pos_app.domain.money import minor_digits
from pos_app.domain.product import Product, Unit
from pos_app.domain.shop import ShopSettings
from pos_app.printing.amounts import Writing, writing
from pos_app.printing.label_symbol import Symbol, symbol_of
from pos_app.printing.printable import printable

NAME_LIMIT, CODE_LIMIT = 300, 60
# What a law or a customer compares by, and how many of the shop's unit make one of it.
_COMPARED_BY = {
    "kg": ("kg", 1),
    "g": ("kg", 1000),
    "l": ("l", 1),
    "cl": ("l", 100),
    "ml": ("l", 1000),
    "m": ("m", 1),
    "cm": ("m", 100),
    "m2": ("m²", 1),
    "lb": ("lb", 1),
    "oz": ("lb", 16),
}
_LETTER_BEFORE_FIGURE = re.compile(r"(?<=[A-Za-z])(?=\d)")
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


@dataclass(frozen=True, slots=True)
class Label:
    """A label before anyone knows its size: texts as people read them, and the barcode.

    `price` is empty where the cashier names it, `unit_price` where the product is sold by the
    piece; `is_mirrored` where the shop's language runs from right to left.
    """

    name: str
    price: str = ""
    unit_price: str = ""
    code: str = ""
    date: str = ""
    symbol: Symbol | None = None
    is_mirrored: bool = False


@dataclass(frozen=True, slots=True)
class LabelContent:
    """What a shop wants on its labels; `day` is the date that stands on them, None for none."""

    shows_price: bool = True
    day: date | None = None


PRICE_LABEL = LabelContent()


def label_of(product: Product, shop: ShopSettings, content: LabelContent = PRICE_LABEL) -> Label:
    """Return what stands on a product's label in the language of the shop's receipts."""
    language = shop.receipt.language or shop.screen.language
    hand = writing(language, shop.country, shop.time_zone)
    price = product.price if content.shows_price else None
    currency = shop.policy.currency
    return Label(
        name=printable(product.name, NAME_LIMIT),
        price="" if price is None else price_text(price, currency, hand),
        unit_price="" if price is None else unit_price_text(price, product.unit, currency, hand),
        code=printable(product.code, CODE_LIMIT),
        date="" if content.day is None else _date_text(content.day, hand),
        symbol=symbol_of(product),
        is_mirrored=language[:2] in _RIGHT_TO_LEFT,
    )


def price_text(price: Decimal, currency: str, hand: Writing) -> str:
    """Write a price with its currency: at least the currency's places, all that the price has."""
    places = minor_digits(currency)
    exponent = price.normalize().as_tuple().exponent
    wanted = max(places, -exponent if isinstance(exponent, int) else 0)
    exact = price.quantize(Decimal(1).scaleb(-wanted))
    written = format_currency(
        exact, currency, locale=hand.locale, currency_digits=wanted == places,
        decimal_quantization=wanted == places,
    )  # fmt: skip
    # CLDR's currencySpacing: a currency written in letters stands off the figure.
    return printable(_LETTER_BEFORE_FIGURE.sub(" ", written))


def unit_price_text(price: Decimal, unit: Unit, currency: str, hand: Writing) -> str:
    """Write the price per kilogram, litre or metre where the unit is weighed or measured.

    Empty for pieces. Directive 98/6/EC, article 2(b), names these units.
    """
    if unit.code not in _COMPARED_BY:
        return ""
    name, count = _COMPARED_BY[unit.code]
    return f"{price_text(price * count, currency, hand)} / {name}"


def _date_text(day: date, hand: Writing) -> str:
    return printable(format_date(day, "short", locale=hand.locale))

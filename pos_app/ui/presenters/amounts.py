"""Amounts, prices, quantities and days as text in the shop's language: exact, cached, no float.

The signs come from CLDR (see `figure_signs`). Figures are always written with the digits 0 to 9,
as on the number pad and on the receipt.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from pos_app.domain.money import Money, minor_digits
from pos_app.domain.product import Unit
from pos_app.domain.shop import ShopSettings
from pos_app.ui.presenters.figure_signs import figure_signs

PRICE_PLACES = 4
_MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class AmountFormat:
    """How a shop writes figures; `before` and `after` stand around an amount with its currency.

    `language` and `country` (ISO 639-1 and 3166-1) say how a date beside them is written.
    """

    currency: str
    digits: int = 2
    decimal: str = "."
    group: str = ","
    first_group: int = 3
    next_groups: int = 3
    before: str = ""
    after: str = ""
    percent_after: str = "%"
    language: str = "en"
    country: str = ""

    def money(self, amount: Money) -> str:
        """Write an amount with its currency: €1,234.50."""
        return _money(self, amount.minor)

    def plain(self, amount: Money) -> str:
        """Write an amount without its currency: 1,234.50."""
        return _plain(self, amount.minor)

    def price(self, price: Decimal) -> str:
        """Write a price per unit with as many places as it needs, at least the currency's."""
        return _number(self, price, self.digits, PRICE_PLACES)

    def quantity(self, quantity: Decimal, unit: Unit) -> str:
        """Write a quantity with the unit's places, and the unit unless it is the piece."""
        text = _number(self, quantity, unit.decimals, unit.decimals)
        return text if unit.code == "pc" else f"{text}\u00a0{unit.code}"

    def count(self, number: int) -> str:
        """Write how many there are: 1,234."""
        return _grouped(self, str(number))

    def number(self, number: Decimal) -> str:
        """Write a bare number without trailing zeros."""
        return _number(self, number, 0, 6)

    def percent(self, percent: Decimal) -> str:
        """Write a percentage: 7.5%."""
        return f"{self.number(percent)}{self.percent_after}"

    def day(self, day: date) -> str:
        """Write a date as the country does, in the language of the screen."""
        return day_in(day, self.language, self.country)


def amount_format(shop: ShopSettings) -> AmountFormat:
    """Return the format of the shop's language, country and currency (CLDR)."""
    return _from_cldr(shop.screen.language, shop.country, shop.policy.currency)


@lru_cache(maxsize=4096)
def day_in(day: date, language: str, country: str) -> str:
    """Write a date as `language` does in `country` (CLDR), in ISO 8601 where neither is known."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - after the first paint
    from babel.dates import format_date  # noqa: PLC0415 - as above

    for name in (f"{language}_{country}", language, "en"):
        try:
            # Without its direction marks a date reads as in the fields and on paper.
            return format_date(day, "medium", locale=Locale.parse(name)).replace("\u200f", "")
        except (UnknownLocaleError, ValueError):
            continue
    return day.isoformat()


@lru_cache(maxsize=16)
def _from_cldr(language: str, country: str, currency: str) -> AmountFormat:
    signs, symbol = figure_signs(language, country, currency)
    before, after = (_around(part, symbol) for part in (signs.before, signs.after))
    return AmountFormat(
        currency=currency,
        digits=minor_digits(currency),
        decimal=signs.decimal,
        group=signs.group,
        first_group=signs.first_group,
        next_groups=signs.next_groups,
        before=before,
        after=after,
        percent_after=signs.percent_after,
        language=language,
        country=country,
    )


def _around(part: str, symbol: str) -> str:
    text = part.replace("\u00a4", symbol).replace("\u200f", "")
    # CLDR spaces a currency written in letters off the figure.
    if part.startswith("\u00a4") and len(symbol) > 1 and symbol[-1].isalpha() and len(part) == 1:
        return f"{text}\u00a0"
    return text


@lru_cache(maxsize=4096)
def _money(fmt: AmountFormat, minor: int) -> str:
    sign = _MINUS if minor < 0 else ""
    return f"{sign}{fmt.before}{_plain(fmt, abs(minor))}{fmt.after}"


@lru_cache(maxsize=4096)
def _plain(fmt: AmountFormat, minor: int) -> str:
    return _number(fmt, Decimal(minor).scaleb(-fmt.digits), fmt.digits, fmt.digits)


@lru_cache(maxsize=4096)
def _number(fmt: AmountFormat, value: Decimal, least: int, most: int) -> str:
    whole, _, fraction = f"{abs(value):f}".partition(".")
    fraction = fraction[:most].rstrip("0").ljust(least, "0")
    sign = _MINUS if value < 0 else ""
    return sign + _grouped(fmt, whole) + (fmt.decimal + fraction if fraction else "")


def _grouped(fmt: AmountFormat, whole: str) -> str:
    if len(whole) <= fmt.first_group:
        return whole
    parts = [whole[-fmt.first_group :]]
    rest = whole[: -fmt.first_group]
    while rest:
        parts.append(rest[-fmt.next_groups :])
        rest = rest[: -fmt.next_groups]
    return fmt.group.join(reversed(parts))

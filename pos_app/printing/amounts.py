"""Amounts, quantities and times as the shop's country writes them (CLDR, through babel)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, format_percent

from pos_app.domain.money import Money, minor_digits
from pos_app.domain.product import Unit
from pos_app.domain.shop import ZONE_NAME_LIMIT
from pos_app.printing.printable import printable


@dataclass(frozen=True, slots=True)
class Writing:
    """How one receipt writes figures: its locale and the shop's time zone (IANA name or empty)."""

    locale: Locale
    time_zone: str = ""

    def money(self, amount: Money) -> str:
        """Write an amount with its currency's places and grouped digits, without the currency."""
        return self.number(amount.amount, minor_digits(amount.currency))

    def money_with_currency(self, amount: Money) -> str:
        """Write an amount with its currency as the locale does: €1,234.50 or 1.234,50 €."""
        places = minor_digits(amount.currency)
        exact = amount.amount.quantize(Decimal(1).scaleb(-places))
        return printable(format_currency(exact, amount.currency, locale=self.locale))

    def unit_price(self, price: Decimal, currency: str) -> str:
        """Write a price per unit: at least the currency's places, at most the four it may have."""
        places = max(minor_digits(currency), _places(price))
        return self.number(price, places)

    def quantity(self, quantity: Decimal, unit: Unit) -> str:
        """Write a quantity; what is weighed or measured shows all its places and its unit."""
        if unit.decimals == 0:
            return self.number(quantity, _places(quantity))
        return f"{self.number(quantity, unit.decimals)} {printable(unit.code)}"

    def plain(self, value: Decimal) -> str:
        """Write a number with the decimal places that it has and no zeros behind them."""
        return self.number(value, _places(value))

    def percent(self, rate: Decimal) -> str:
        """Write a rate given in percent: 7%, or 7 % where the locale keeps a space."""
        text = format_percent(rate / 100, locale=self.locale, decimal_quantization=False)
        return printable(text)

    def number(self, value: Decimal, places: int) -> str:
        """Write a number with exactly `places` decimal places.

        Rounded half up before babel sees it, because babel rounds half to even.
        """
        exact = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return printable(format_decimal(exact, pattern, locale=self.locale))

    def date_and_time(self, at: datetime) -> str:
        """Write a moment in the shop's zone, to the minute."""
        local = at.astimezone(_zone(self.time_zone))
        day = format_date(local.date(), "short", locale=self.locale)
        if f"{local.year}" not in day:
            day = format_date(local.date(), "medium", locale=self.locale)
        return printable(f"{day} {format_time(local, 'short', locale=self.locale)}")


@lru_cache(maxsize=16)
def writing(language: str, country: str, time_zone: str = "") -> Writing:
    """Return how a shop in `country` (ISO 3166) writes for readers of `language` (ISO 639-1).

    A pair that CLDR does not know falls back to the language, an unknown language to English.
    """
    for name in (f"{language}_{country}", language, f"en_{country}", "en"):
        try:
            return Writing(Locale.parse(name), time_zone)
        except (UnknownLocaleError, ValueError):
            continue
    return Writing(Locale("en"), time_zone)


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo | None:
    """Return the shop's zone; None is the machine's, for shops that name none or a wrong one."""
    if not name or len(name) > ZONE_NAME_LIMIT:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None

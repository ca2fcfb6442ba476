"""Dates as people type them into a form, and as a form shows them for editing."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache

from pos_app.domain.errors import PosError
from pos_app.domain.shop import ShopSettings
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.refusals import sentence_of

FAR_YEARS = 30
_DAY_FIRST = ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y")
_MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%d.%m.%Y", "%d.%m.%y")
_PLAIN = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%y%m%d")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_MARKS = "\u200e\u200f\u061c\u2066\u2067\u2068\u2069"


class DateWrong(PosError):
    """A date that cannot be read."""

    sentence = "“{text}” is not a date. Write it like {example}."


class DateFarOff(PosError):
    """A date in another generation: the year is mistyped."""

    sentence = "{day} is far away. Check the year."


def typed_day(text: str, today: date, shop: ShopSettings) -> date | None:
    """Read a date as the shop's country writes it, or +14 for days from today; None for nothing.

    Dates such as 2026-12-31 are read everywhere. Raises DateWrong, or DateFarOff for more than
    thirty years away.
    """
    cleaned = "".join(text.split()).translate(_DIGITS).strip(_MARKS)
    if not cleaned:
        return None
    if cleaned[0] == "+" and cleaned[1:].isascii() and cleaned[1:].isdigit():
        days = min(int(cleaned[1:7]), 366 * (FAR_YEARS + 1))
        return _near(today + timedelta(days=days), today)
    is_month_first = _order(shop).startswith("%m")
    for form in (*_PLAIN, *(_MONTH_FIRST if is_month_first else _DAY_FIRST)):
        with suppress(ValueError):
            return _near(datetime.strptime(cleaned, form).date(), today)  # noqa: DTZ007 - a day
    example = shown_day(date(today.year + 1, 12, 31), shop)
    raise DateWrong(text=text.strip()[:20], example=example)


def shown_day(day: date | None, shop: ShopSettings) -> str:
    """Write a date in figures for editing, its parts in the order of the shop's country."""
    return "" if day is None else day.strftime(_order(shop))


def sentence_with_days(refusal: PosError, amounts: AmountFormat, shop: ShopSettings) -> str:
    """Return a refusal's sentence with its dates as they are typed here."""
    fields = refusal.fields.items()
    refusal.fields = {
        name: shown_day(value, shop) if isinstance(value, date) else value for name, value in fields
    }
    return sentence_of(refusal, amounts)


def _near(day: date, today: date) -> date:
    if abs(day.year - today.year) > FAR_YEARS:
        raise DateFarOff(day=day)
    return day


def _order(shop: ShopSettings) -> str:
    return _pattern(shop.screen.language, shop.country)


@lru_cache(maxsize=16)
def _pattern(language: str, country: str) -> str:
    """Return the order of a country's short date (CLDR) as strftime wants it."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - after the first paint

    for name in (f"{language}_{country}", language):
        try:
            short = Locale.parse(name).date_formats["short"].pattern
        except (UnknownLocaleError, ValueError):
            continue
        parts = sorted("dMy", key=short.find)
        sign = next((one for one in "./-" if one in short), "-")
        year_first = sign == "-" or parts[0] == "y"
        return "%Y-%m-%d" if year_first else sign.join(f"%{_CODE[part]}" for part in parts)
    return "%Y-%m-%d"


_CODE = {"d": "d", "M": "m", "y": "Y"}

"""Amounts, numbers, days and moments as a page writes them (CLDR), with the digits 0 to 9."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta
from babel.numbers import format_currency, format_decimal

from pos_app.domain.money import Money, minor_digits

NOTHING = "\u2013"
_LATIN = "latn"


@lru_cache(maxsize=8)
def locale_of(language: str) -> Locale:
    """Return how a language writes; days before months for English too."""
    return Locale.parse("en_GB" if language == "en" else language)


@lru_cache(maxsize=8192)
def money_words(amount: Money | None, language: str) -> str:
    """Write an amount with its currency, a dash for none: €1,234.50."""
    if amount is None:
        return NOTHING
    value = Decimal(amount.minor).scaleb(-minor_digits(amount.currency))
    written = format_currency(
        value, amount.currency, locale=locale_of(language), numbering_system=_LATIN
    )
    return _in_one_piece(_plain_signs(written), language)


@lru_cache(maxsize=8192)
def number_words(number: Decimal | int | None, language: str) -> str:
    """Write a number with what decimals it has, a dash for none."""
    if number is None:
        return NOTHING
    written = format_decimal(
        number, "#,##0.######", locale=locale_of(language), numbering_system=_LATIN
    )
    return _plain_signs(written)


def percent_words(percent: Decimal | None, language: str) -> str:
    """Write a percentage, a dash for none: 7.5 %."""
    if percent is None:
        return NOTHING
    return number_words(percent, language) + ("\u00a0%" if language == "de" else "%")


def change_words(percent: Decimal | None, language: str) -> str:
    """Write by how much something grew, with its sign: +7.5%."""
    if percent is None:
        return NOTHING
    return _in_one_piece(("+" if percent > 0 else "") + percent_words(percent, language), language)


@lru_cache(maxsize=2048)
def day_words(day: date | None, language: str, style: str = "medium") -> str:
    """Write a day, a dash for none; `style` is CLDR's short, medium, long or full."""
    if day is None:
        return NOTHING
    # CLDR gives Arabic its own digits; figures are the same everywhere here.
    written = format_date(day, style, locale=_latin_locale(language))
    return _plain_signs(written)


def day_mark(day: date, language: str) -> str:
    """Write a day without its year, as short as it goes: 25/05."""
    return _plain_signs(format_skeleton("Md", day, locale=_latin_locale(language)))


def moment_words(at: datetime | str | None, zone: ZoneInfo, language: str) -> str:
    """Write a moment in a zone, a dash for none; texts are ISO 8601, and UTC unless they say."""
    known = as_moment(at)
    if known is None:
        return NOTHING
    local = known.astimezone(zone)
    return f"{day_words(local.date(), language)} {local:%H:%M}"


def ago_words(at: datetime | str | None, now: datetime, language: str) -> str:
    """Write how long ago a moment was, a dash for none: 3 minutes ago."""
    known = as_moment(at)
    if known is None:
        return NOTHING
    passed = min(known - now, timedelta(seconds=-1))
    return format_timedelta(passed, add_direction=True, locale=locale_of(language))


def as_moment(at: datetime | str | None) -> datetime | None:
    """Return a moment told as ISO 8601 (UTC unless it says); None for what is none."""
    if isinstance(at, str):
        try:
            at = datetime.fromisoformat(at)
        except ValueError:
            return None
    if at is None:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _latin_locale(language: str) -> Locale:
    return Locale.parse("ar_AE") if language == "ar" else locale_of(language)


def _in_one_piece(figure: str, language: str) -> str:
    """Keep a figure and its signs in order between Arabic words (Unicode UAX 9)."""
    return f"\u2068{figure}\u2069" if language == "ar" else figure


def _plain_signs(text: str) -> str:
    """Without direction marks, and with a true minus."""
    return (
        text.replace("\u200f", "")
        .replace("\u200e", "")
        .replace("\u061c", "")
        .replace("-", "\u2212")
    )

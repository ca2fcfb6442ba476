"""What the cashier has typed on the entry line: digits for an operation, or letters to search.

Register style: figures first, then the key that says what they are. Digits of any script count,
and both `.` and `,` part the places.
"""

from decimal import Decimal
from unicodedata import decimal

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money, minor_digits

ENTRY_LIMIT = 200
FIGURE_LIMIT = 12
SEARCH_FROM_DIGITS = 5
_POINTS = ".,\u066b\uff0c\uff0e"


class NotANumber(PosError):
    """The key needs figures in front of it, and something else was typed."""

    sentence = "{text} is not a number. Type digits first, then press the key."


class NumberMissing(PosError):
    """The key needs figures in front of it, and nothing was typed."""

    sentence = "Type the number first, then press the key."


class NumberTooLong(PosError):
    """More figures than any amount or quantity has."""

    sentence = "That number has too many digits. Check it and type it again."


def clean_entry(text: str) -> str:
    """Return `text` without signs that cannot be typed on purpose, cut to the limit."""
    if text.isascii() and text.isprintable() and len(text) <= ENTRY_LIMIT:
        return text
    return "".join(sign for sign in text[: ENTRY_LIMIT * 2] if sign.isprintable())[:ENTRY_LIMIT]


def is_figures(text: str) -> bool:
    """Tell whether `text` consists of digits with at most one decimal point."""
    plain = _plain(text)
    return bool(plain.replace(".", "", 1).isdigit()) if plain else False


def is_search(text: str) -> bool:
    """Tell whether `text` should look for products while it is typed: a word, or part of a code."""
    if is_figures(text):
        return len(text) >= SEARCH_FROM_DIGITS and has_no_point(text)
    return bool(text.strip())


def has_no_point(text: str) -> bool:
    """Tell whether no decimal point was typed."""
    return not any(point in text for point in _POINTS)


def number_of(text: str) -> Decimal:
    """Read the figures; raises NumberMissing, NotANumber or NumberTooLong."""
    if not text.strip():
        raise NumberMissing()
    if not is_figures(text):
        raise NotANumber(text=text[:30])
    plain = _plain(text)
    if len(plain) > FIGURE_LIMIT:
        raise NumberTooLong()
    return Decimal(plain)


def amount_of(text: str, currency: str) -> Money:
    """Read the figures as an amount in currency units: `20` is 20.00."""
    return Money.of(number_of(text), currency)


def price_of(text: str, currency: str) -> Decimal:
    """Read the figures as a price: without a point the last digits are cents, `199` is 1.99."""
    number = number_of(text)
    return number.scaleb(-minor_digits(currency)) if has_no_point(text) else number


def _plain(text: str) -> str:
    """Write the figures with ASCII digits and a point; empty where `text` holds anything else."""
    if text.isascii() and text.isdigit():
        return text
    signs = []
    for sign in text.strip():
        digit = decimal(sign, None)
        if digit is None and sign not in _POINTS:
            return ""
        signs.append("." if digit is None else str(digit))
    return "".join(signs)

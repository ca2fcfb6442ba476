"""Sentences of refusals in the language of the screen, their amounts written the shop's way."""

from datetime import date
from decimal import Decimal

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.texts import Later, t
from pos_app.ui.presenters.amounts import AmountFormat

FIRST_ISOLATE, LAST_ISOLATE = "\u2068", "\u2069"


def sentence_of(refusal: PosError, amounts: AmountFormat | None = None) -> str:
    """Return the refusal's own sentence, translated and filled, figures as `amounts` writes."""
    fields = {name: _written(value, amounts) for name, value in refusal.fields.items()}
    try:
        return t(refusal.sentence).format(**fields)
    except (KeyError, IndexError, ValueError):  # a damaged translation must not hide the refusal
        return str(refusal)


def isolated(text: str) -> str:
    """Keep a name or figure in one piece beside text of the other direction (Unicode UAX 9)."""
    return text if text.isascii() else in_one_piece(text)


def in_one_piece(number: str) -> str:
    """Keep a document's number in one piece, also between Arabic words (Unicode UAX 9)."""
    return f"{FIRST_ISOLATE}{number}{LAST_ISOLATE}" if not number.isdigit() else number


def bare(text: str) -> str:
    """Take out the marks that keep pieces together, where a text stands alone or in a file."""
    return text.replace(FIRST_ISOLATE, "").replace(LAST_ISOLATE, "")


def _written(value: object, amounts: AmountFormat | None) -> object:
    if isinstance(value, PosError):  # a refusal that carries another one's words
        return sentence_of(value, amounts)
    if isinstance(value, Later):
        return t(value)
    if amounts is None:
        return value
    if isinstance(value, Money):
        return isolated(amounts.money(value))
    if isinstance(value, Decimal) and value.is_finite():
        return amounts.number(value)
    if type(value) is date:
        return isolated(amounts.day(value))
    return value

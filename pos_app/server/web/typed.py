"""Figures and lists as people type them into a form, and as a form shows them for editing."""

from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_decimal_symbol

from pos_app.domain.errors import PosError
from pos_app.domain.written_numbers import shown_number, typed_number
from pos_app.server.web.figures import locale_of
from pos_app.server.web.forms import Posted, Problems
from pos_app.server.web.visits import Visit

_LONGEST = 60


@lru_cache(maxsize=8)
def decimal_mark(language: str) -> str:
    """Return what parts the decimals in a language, with the digits 0 to 9."""
    return str(get_decimal_symbol(locale_of(language), numbering_system="latn"))


def figure(visit: Visit, form: Posted, name: str, problems: Problems) -> Decimal | None:
    """Return a number typed in the person's notation, None where there is none."""
    try:
        return typed_number(form.text(name, most=_LONGEST), decimal_mark(visit.language))
    except PosError as refusal:
        problems.add(name, refusal)
        return None


def shown(visit: Visit, value: Decimal | str | None, places: int = 0) -> str:
    """Return a number as it stands in a field; a text is a number as things keep it."""
    if value is None or value == "":
        return ""
    return shown_number(Decimal(value), decimal_mark(visit.language), places)


def lines(form: Posted, name: str, most: int = 20_000) -> list[str]:
    """Return the lines of a field that say something."""
    return [line.strip() for line in form.text(name, most=most).splitlines() if line.strip()]

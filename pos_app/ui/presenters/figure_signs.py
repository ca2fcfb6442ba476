"""The signs a country writes its figures with, from the Unicode CLDR.

Our own languages stand in `resources/locale/figures.json` (written from CLDR by
`tests/ui/figures_table.py`, compared with it by a test), because reading CLDR through babel takes a
third of the time in which the till should be ready. Other languages are asked of babel.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pos_app.assets import resource

TABLE = "locale/figures.json"


@dataclass(frozen=True, slots=True)
class Signs:
    """Decimal and group sign, sizes of groups, and what stands around an amount (¤ is its sign)."""

    decimal: str = "."
    group: str = ","
    first_group: int = 3
    next_groups: int = 3
    before: str = ""
    after: str = "\u00a0¤"
    percent_after: str = "%"


def figure_signs(language: str, country: str, currency: str) -> tuple[Signs, str]:
    """Return the signs and the currency's symbol for a language as spoken in a country.

    A country where CLDR does not know the language writes as the language does; an unknown
    language writes plainly, with the currency's code.
    """
    known = _table().get(language)
    return _written(known, country, currency) if known else _asked(language, country, currency)


def signs_from_cldr(language: str, country: str = "") -> tuple[Signs, dict[str, str]] | None:
    """Ask babel for the signs and all currency symbols; None where CLDR has no such language."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - takes a third of the start
    from babel.numbers import parse_pattern  # noqa: PLC0415 - as above

    try:
        locale = Locale.parse(f"{language}_{country}" if country else language)
    except (UnknownLocaleError, ValueError):
        return signs_from_cldr(language) if country else None
    numbers = locale.number_symbols.get("latn") or {}
    amount = parse_pattern(locale.currency_formats["standard"].pattern)
    percent = parse_pattern(locale.percent_formats[None].pattern)
    signs = Signs(
        decimal=numbers.get("decimal", "."),
        group=numbers.get("group", ","),
        first_group=amount.grouping[0],
        next_groups=amount.grouping[1],
        before=amount.prefix[0],
        after=amount.suffix[0],
        percent_after=percent.suffix[0] or "%",
    )
    return signs, dict(locale.currency_symbols)


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resource(TABLE).read_text("utf-8"))
    return found


def _written(known: dict[str, Any], country: str, currency: str) -> tuple[Signs, str]:
    usual, here = known[""], known.get(country, {})
    symbols = {**usual["symbols"], **here.get("symbols", {})}
    return Signs(*here.get("signs", usual["signs"])), symbols.get(currency, currency)


def _asked(language: str, country: str, currency: str) -> tuple[Signs, str]:
    found = signs_from_cldr(language, country)
    if found is None:
        return Signs(), currency
    return found[0], found[1].get(currency, currency)

"""Names of countries and currencies in the language of the screen (CLDR through babel)."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from pos_app.services.country_presets import country_presets

if TYPE_CHECKING:
    from babel import Locale


@lru_cache(maxsize=4)
def country_names(language: str) -> dict[str, str]:
    """Return every country with a preset, by its name in `language` (ISO 639-1)."""
    territories = _locale(language).territories
    named = {preset.code: territories.get(preset.code, preset.name) for preset in country_presets()}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def currency_names(language: str, codes: Iterable[str]) -> dict[str, str]:
    """Return each currency as its code and its name in `language`, in order of the codes."""
    known = _locale(language).currencies
    return {code: f"{code} – {known.get(code, code)}" for code in sorted(codes)}


def _locale(language: str) -> "Locale":
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - after the first paint

    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")

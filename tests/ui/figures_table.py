"""Writes `resources/locale/figures.json` from the Unicode CLDR that babel carries.

Run as `python tests/ui/figures_table.py` after an update of babel or a new language.
"""

import json
import sys
from dataclasses import astuple
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from babel import Locale, UnknownLocaleError, localedata

from pos_app.assets import resource
from pos_app.domain.money import MINOR_DIGITS
from pos_app.texts import LANGUAGES
from pos_app.ui.presenters.figure_signs import TABLE, Signs, signs_from_cldr


def table() -> dict[str, Any]:
    """How each of our languages writes figures, and which countries differ from that."""
    return {language: countries(language) for language in LANGUAGES}


def countries(language: str) -> dict[str, Any]:
    usual = known(language)
    found: dict[str, Any] = {"": {"signs": usual[0], "symbols": short(usual[1], {})}}
    for country in territories(language):
        here = known(language, country)
        differs: dict[str, Any] = {}
        if here[0] != usual[0]:
            differs["signs"] = here[0]
        if here[1] != usual[1]:
            differs["symbols"] = short(here[1], usual[1])
        if differs:
            found[country] = differs
    return found


def known(language: str, country: str = "") -> tuple[list[Any], dict[str, str]]:
    found = signs_from_cldr(language, country)
    signs, symbols = found or (Signs(), {})
    return list(astuple(signs)), {code: symbols.get(code, code) for code in MINOR_DIGITS}


def short(symbols: dict[str, str], usual: dict[str, str]) -> dict[str, str]:
    return {code: sign for code, sign in sorted(symbols.items()) if sign != usual.get(code, code)}


def territories(language: str) -> list[str]:
    found = []
    for name in sorted(localedata.locale_identifiers()):
        try:
            locale = Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
        is_plain = locale.territory and not locale.script and not locale.variant
        if locale.language == language and is_plain:
            found.append(locale.territory)
    return found


def main() -> None:
    text = json.dumps(table(), ensure_ascii=False, separators=(",", ":"))
    resource(TABLE).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

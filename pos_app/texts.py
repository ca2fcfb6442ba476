"""Words shown to people, translated by gettext; the English source text is the key."""

import gettext
from functools import lru_cache
from pathlib import Path

from pos_app.assets import resource
from pos_app.domain.words import Later, later

__all__ = ["DOMAIN", "LANGUAGES", "Later", "later", "t", "t_in", "translations", "use_language"]

DOMAIN = "pos_app"
LANGUAGES = {"en": "English", "de": "Deutsch", "ar": "العربية"}

_current = gettext.NullTranslations()


def use_language(code: str) -> None:
    """Make `code` (ISO 639-1; unknown codes mean English) the language of every later `t`."""
    global _current
    _current = translations(code)


def t(text: str) -> str:
    """Return `text` in the language in use, or `text` itself where it has no translation."""
    return _current.gettext(text) if text else text


def t_in(language: str, text: str) -> str:
    """Return `text` in `language` whatever the screen speaks, as a receipt for a guest needs."""
    return translations(language).gettext(text) if text else text


@lru_cache(maxsize=8)
def translations(code: str) -> gettext.NullTranslations:
    """Load the catalogue of `code`; English and unknown languages get the source texts."""
    if code == "en":
        return gettext.NullTranslations()
    folder = Path(resource("locale"))
    return gettext.translation(DOMAIN, folder, languages=[code], fallback=True)

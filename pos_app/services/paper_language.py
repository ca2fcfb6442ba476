"""Which language a customer is written to in."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from pos_app.domain.document import DocumentHead
from pos_app.domain.shop import ShopSettings
from pos_app.printing.document_page import LANGUAGES


def paper_language(head: DocumentHead, shop: ShopSettings) -> str:
    """Return the language of a document's paper (ISO 639-1), one that papers are written in.

    It is the document's own, else that of the customer's country, else the shop's.
    """
    return language_for(head.customer.country, shop, head.language)


def language_for(country: str, shop: ShopSettings, wanted: str = "") -> str:
    """Return the language for a customer in a country (ISO 3166); the shop's own at home."""
    code = country.strip().upper()
    choices = (
        wanted,
        _spoken_in(code) if code and code != shop.country else "",
        shop.documents.language,
        shop.screen.language,
    )
    return next((one for one in choices if one in LANGUAGES), "en")


@lru_cache(maxsize=256)
def _spoken_in(country: str) -> str:
    """The language most spoken in a country (CLDR's likely subtags), empty for none known."""
    try:
        return Locale.parse(f"und_{country}").language
    except (UnknownLocaleError, ValueError):
        return ""

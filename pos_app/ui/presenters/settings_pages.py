"""The pages of the settings, and on which of them a field stands."""

from collections.abc import Iterable
from enum import StrEnum

from pos_app.texts import t


class Page(StrEnum):
    """The pages of the settings, in their order."""

    SHOP = "shop"
    PRICES = "prices"
    PRINTERS = "printers"
    SCREEN = "screen"
    SCANNER = "scanner"
    CASH = "cash"
    PAYMENTS = "payments"
    STOCK = "stock"
    STAFF = "staff"
    DOCUMENTS = "documents"
    DEVICES = "devices"
    CONNECTIONS = "connections"
    DATA = "data"


_PRICE_FIELDS = frozenset(
    "currency step cash_step quick_amounts discount_presets "
    "return_days return_reasons return_spoilt".split()
)
_SCANNER_FIELDS = frozenset({"patterns"})


def where_to_look(fields: Iterable[str]) -> str:
    """Say on which page something is wrong."""
    wrong = set(fields)
    pages = {
        t("Prices and taxes"): _PRICE_FIELDS,
        t("Scanner"): _SCANNER_FIELDS,
    }
    page = next((word for word, names in pages.items() if names & wrong), t("Shop"))
    told = t("Please look at the fields marked red on the page {page}. Nothing is lost.")
    return told.format(page=page)

"""The code lists of e-invoices: units, ways to pay, countries, and why there is no VAT."""

import unicodedata
from functools import lru_cache

from babel import Locale

from pos_app.domain.payment import TenderMethod
from pos_app.domain.product import Unit
from pos_app.printing.e_invoice import VatCategory

# UN/ECE Recommendation 20 (and 21 for packages, with an X before); H87 piece, C62 one.
_UNITS = {
    "pc": "H87",
    "kg": "KGM",
    "g": "GRM",
    "l": "LTR",
    "ml": "MLT",
    "m": "MTR",
    "cm": "CMT",
    "m2": "MTK",
    "h": "HUR",
    "box": "XBX",
    "pack": "XPK",
    "set": "SET",
    "pair": "PR",
}
CARD = "48"
# UNTDID 4461.
_MEANS = {
    TenderMethod.CASH: "10",
    TenderMethod.CHEQUE: "20",
    TenderMethod.CARD: CARD,
    TenderMethod.MOBILE: "68",
    TenderMethod.BANK_TRANSFER: "58",
}
NOT_SAID = "1"
DISCOUNT = "95"
# CEF VATEX code list.
_REASONS = {
    VatCategory.REVERSE_CHARGE: ("VATEX-EU-AE", "Reverse charge"),
    VatCategory.INTRA_COMMUNITY: ("VATEX-EU-IC", "Intra-community supply"),
    VatCategory.EXPORT: ("VATEX-EU-G", "Export outside the EU"),
    VatCategory.NOT_SUBJECT: ("VATEX-EU-O", "Not subject to VAT"),
    VatCategory.EXEMPT: ("", "Exempt from VAT"),
}
# Electronic addresses (EAS) that Peppol delivers to and that follow from the VAT number.
_PEPPOL = dict(
    pair.split(":")
    for pair in (
        "AT:9914 BE:0208 BG:9926 CH:9927 CY:9928 CZ:9929 DE:9930 DK:0184 EE:9931 EL:9933 ES:9920 "
        "FI:0213 FR:9957 GB:9932 HR:9934 HU:9910 IE:9935 IT:0211 LI:9936 LT:9937 LU:9938 LV:9939 "
        "MC:9940 MT:9943 NL:9944 NO:0192 PL:9945 PT:9946 RO:9947 SE:0007 SI:9949 SK:9950 TR:9952"
    ).split()
)
# Here it is the number of the register, the first so many digits of the VAT number.
_BY_REGISTER = {"BE": 10, "NO": 9, "SE": 10}
_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "zh", "ar")
# Names that shops write and CLDR does not.
_MORE_NAMES = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "eire": "IE",
    "holland": "NL",
    "usa": "US",
    "rsa": "ZA",
    "turkey": "TR",
    "czech republic": "CZ",
}


def peppol_address(vat_number: str) -> tuple[str, str]:
    """Return scheme and number of a business in the Peppol network by its VAT number.

    Empty where there is none, or none by which Peppol knows businesses of that country.
    """
    number = "".join(vat_number.split()).upper()
    country, digits = number[:2], number[2:]
    scheme = _PEPPOL.get(country, "")
    if country in _BY_REGISTER:
        wanted = _BY_REGISTER[country]
        digits = "".join(filter(str.isdecimal, digits))[:wanted]
        return (scheme, digits) if len(digits) == wanted else ("", "")
    return (scheme, number) if scheme and digits else ("", "")


def unit_code(unit: Unit) -> str:
    """Return a unit's code; what the list does not know is counted in ones."""
    return _UNITS.get(unit.code.strip().casefold(), "C62")


def means_code(method: TenderMethod) -> str:
    """Return the code of a way to pay."""
    return _MEANS.get(method, NOT_SAID)


def exemption(category: VatCategory) -> tuple[str, str]:
    """Return code and words of why a category has no VAT; a zero rate needs no reason."""
    return _REASONS.get(category, ("", ""))


def country_code(text: str) -> str:
    """Return the ISO 3166-1 code of a country written as code or name; empty where unknown."""
    return _countries().get(_folded(text), "")


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    found = dict(_MORE_NAMES)
    for language in reversed(_LANGUAGES):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES:
                found[_folded(name)] = code
                found[code.casefold()] = code
    return found


# CLDR's own and reserved codes, which no invoice may name.
_NOT_COUNTRIES = frozenset("AC CP CQ DG EA EU EZ IC TA UN XA XB ZZ XK QO".split())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()

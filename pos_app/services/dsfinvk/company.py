"""The shop as it was on the day of a closing, told by the journal's settings up to there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# ISO 3166-1: what the standard wants in three letters, for where shops with German tills are.
_COUNTRIES = {
    "AT": "AUT", "BE": "BEL", "BG": "BGR", "CH": "CHE", "CY": "CYP", "CZ": "CZE", "DE": "DEU",
    "DK": "DNK", "EE": "EST", "ES": "ESP", "FI": "FIN", "FR": "FRA", "GB": "GBR", "GR": "GRC",
    "HR": "HRV", "HU": "HUN", "IE": "IRL", "IS": "ISL", "IT": "ITA", "LI": "LIE", "LT": "LTU",
    "LU": "LUX", "LV": "LVA", "MT": "MLT", "NL": "NLD", "NO": "NOR", "PL": "POL", "PT": "PRT",
    "RO": "ROU", "SE": "SWE", "SI": "SVN", "SK": "SVK", "TR": "TUR", "US": "USA",
}  # fmt: skip
_TOWN = re.compile(r"(?P<postcode>\d{4,5})\s+(?P<city>\S.*)")


@dataclass(frozen=True, slots=True)
class Company:
    """Who sold, where; `country` is ISO 3166-1 alpha-3, empty where it is none of those known."""

    name: str
    street: str
    postcode: str
    city: str
    country: str
    tax_number: str
    vat_id: str


def company_of(settings: Mapping[str, Any]) -> Company:
    """Return the company of a shop's settings as the journal holds them."""
    documents = settings.get("documents") or {}
    parts = documents.get("address") or {}
    street, postcode, city = (parts.get(name, "") for name in ("street", "postcode", "city"))
    if not (street or postcode or city):
        street, postcode, city = _parted(settings.get("address") or [])
    return Company(
        name=settings.get("name", ""),
        street=street,
        postcode=postcode,
        city=city,
        country=_COUNTRIES.get(settings.get("country", ""), ""),
        tax_number=settings.get("tax_number", ""),
        vat_id=documents.get("vat_id", ""),
    )


def alpha_3(country: str) -> str:
    """Return a country's code in three letters, empty where it is none of those known."""
    return _COUNTRIES.get(country.strip().upper(), "")


def _parted(lines: Sequence[str]) -> tuple[str, str, str]:
    """Part an address as people write it: the line with a postcode is the town's."""
    for place, line in enumerate(lines):
        if found := _TOWN.fullmatch(line.strip()):
            street = ", ".join((*lines[:place], *lines[place + 1 :]))
            return street, found["postcode"], found["city"]
    return ", ".join(lines), "", ""

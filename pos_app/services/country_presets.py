"""What a country usually means for a shop: currency, taxes, cash rounding and language.

A start to be checked and changed, not advice. Rates as in force in autumn 2026; each country names
the office that publishes them. European Union: ec.europa.eu, Taxes in Europe Database (TEDB), and
each state's rules on rounding cash.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pos_app.domain.money import RoundingMode
from pos_app.domain.payment import CashRounding
from pos_app.domain.tax import Tax

# code | name | currency | prices hold tax | tax word | rates, standard first | cash step |
# languages | source. An `@` after the cash step means that cash is always rounded down.
_TABLE = """
GB | United Kingdom | GBP | yes | VAT | 20 5 0 | | en | gov.uk: VAT rates
IE | Ireland | EUR | yes | VAT | 23 13.5 9 4.8 0 | 0.05 | en | revenue.ie; centralbank.ie: rounding
DE | Germany | EUR | yes | MwSt. | 19 7 0 | | de | §12 UStG
AT | Austria | EUR | yes | USt. | 20 13 10 0 | | de | §10 UStG 1994
CH | Switzerland | CHF | yes | MwSt. | 8.1 3.8 2.6 0 | 0.05 | de fr it | estv.admin.ch; MWSTG 25
LI | Liechtenstein | CHF | yes | MwSt. | 8.1 3.8 2.6 0 | 0.05 | de | stv.llv.li
LU | Luxembourg | EUR | yes | TVA | 17 14 8 3 | | fr de | TEDB; aed.public.lu
FR | France | EUR | yes | TVA | 20 10 5.5 2.1 | | fr | CGI art. 278 to 281
BE | Belgium | EUR | yes | TVA | 21 12 6 0 | 0.05 | nl fr de | TEDB; Code de droit économique VI.7/1
NL | Netherlands | EUR | yes | btw | 21 9 0 | 0.05 | nl | belastingdienst.nl; dnb.nl: rounding
ES | Spain | EUR | yes | IVA | 21 10 4 0 | | es | Ley 37/1992 art. 90, 91
PT | Portugal | EUR | yes | IVA | 23 13 6 | | pt | CIVA art. 18
IT | Italy | EUR | yes | IVA | 22 10 5 4 | 0.05 | it de | DPR 633/1972; DL 50/2017 art. 13-quater
GR | Greece | EUR | yes | ΦΠΑ | 24 13 6 | | el | TEDB; aade.gr
CY | Cyprus | EUR | yes | VAT | 19 9 5 3 0 | | el en | TEDB
MT | Malta | EUR | yes | VAT | 18 12 7 5 0 | | mt en | TEDB; cfr.gov.mt
FI | Finland | EUR | yes | ALV | 25.5 13.5 10 0 | 0.05 | fi sv | vero.fi; laki 890/2000: rounding
SE | Sweden | SEK | yes | moms | 25 12 6 0 | 1 | sv | skatteverket.se; lag 1970:1029
DK | Denmark | DKK | yes | moms | 25 0 | 0.50 | da | skat.dk; nationalbanken.dk: rounding
NO | Norway | NOK | yes | MVA | 25 15 12 0 | 1 | nb | skatteetaten.no; sentralbankloven
IS | Iceland | ISK | yes | VSK | 24 11 0 | | is | skatturinn.is
PL | Poland | PLN | yes | VAT | 23 8 5 0 | | pl | podatki.gov.pl
CZ | Czechia | CZK | yes | DPH | 21 12 0 | 1 | cs | zákon 235/2004; zákon 634/1992: rounding
SK | Slovakia | EUR | yes | DPH | 23 19 5 | 0.05 | sk | zákon 222/2004; zákon 18/1996: rounding
HU | Hungary | HUF | yes | ÁFA | 27 18 5 0 | 5 | hu | 2007. évi CXXVII. tv.; 2008. évi III. tv.
SI | Slovenia | EUR | yes | DDV | 22 9.5 5 | | sl | TEDB; ZDDV-1
HR | Croatia | EUR | yes | PDV | 25 13 5 0 | | hr | TEDB; Zakon o PDV-u
RO | Romania | RON | yes | TVA | 21 11 0 | | ro | Legea 141/2025
BG | Bulgaria | EUR | yes | ДДС | 20 9 0 | | bg | TEDB; ЗДДС
EE | Estonia | EUR | yes | KM | 24 13 9 0 | 0.05 | et | emta.ee; eestipank.ee: rounding
LV | Latvia | EUR | yes | PVN | 21 12 5 0 | | lv | TEDB; vid.gov.lv
LT | Lithuania | EUR | yes | PVM | 21 12 5 0 | 0.05 | lt | vmi.lt; lb.lt: rounding
US | United States | USD | no | Sales tax | 0 | | en es | each state's department of revenue
CA | Canada | CAD | no | GST | 5 0 | 0.05 | en fr | canada.ca: GST/HST; mint.ca: rounding
MX | Mexico | MXN | yes | IVA | 16 8 0 | | es | Ley del IVA art. 1, 2-A
AU | Australia | AUD | yes | GST | 10 0 | 0.05 | en | ato.gov.au; accc.gov.au: rounding
NZ | New Zealand | NZD | yes | GST | 15 0 | 0.10 | en | ird.govt.nz; rbnz.govt.nz: rounding
ZA | South Africa | ZAR | yes | VAT | 15 0 | 0.10@ | en af | sars.gov.za; resbank.co.za
JP | Japan | JPY | yes | 消費税 | 10 8 | | ja | nta.go.jp: consumption tax
SG | Singapore | SGD | yes | GST | 9 0 | 0.05 | en zh | iras.gov.sg; mas.gov.sg: rounding
CN | China | CNY | yes | 增值税 | 13 9 6 0 | | zh | chinatax.gov.cn
IN | India | INR | yes | GST | 18 5 40 0 | | hi en | cbic.gov.in: rates from 22 September 2025
TR | Türkiye | TRY | yes | KDV | 20 10 1 0 | | tr | gib.gov.tr
AE | United Arab Emirates | AED | yes | VAT | 5 0 | 0.25 | ar en | tax.gov.ae; centralbank.ae
SA | Saudi Arabia | SAR | yes | VAT | 15 0 | | ar en | zatca.gov.sa
EG | Egypt | EGP | yes | VAT | 14 5 0 | | ar | eta.gov.eg: law 67 of 2016
JO | Jordan | JOD | yes | GST | 16 4 0 | | ar | istd.gov.jo
"""
# The notes that customers hand over most, small to large, in currency units.
_BANKNOTES = {
    "EUR": "5 10 20 50",
    "GBP": "5 10 20 50",
    "CHF": "10 20 50 100",
    "SEK": "50 100 200 500",
    "DKK": "50 100 200 500",
    "NOK": "50 100 200 500",
    "ISK": "1000 2000 5000 10000",
    "PLN": "10 20 50 100",
    "CZK": "100 200 500 1000",
    "HUF": "1000 2000 5000 10000",
    "RON": "10 50 100 200",
    "USD": "5 10 20 50",
    "CAD": "5 10 20 50",
    "MXN": "50 100 200 500",
    "AUD": "5 10 20 50",
    "NZD": "5 10 20 50",
    "ZAR": "20 50 100 200",
    "JPY": "1000 2000 5000 10000",
    "SGD": "5 10 20 50",
    "CNY": "10 20 50 100",
    "INR": "50 100 200 500",
    "TRY": "20 50 100 200",
    "AED": "10 20 50 100",
    "SAR": "10 50 100 500",
    "EGP": "20 50 100 200",
    "JOD": "5 10 20 50",
}
_CODES = ("S", "R", "R2", "R3", "R4")


@dataclass(frozen=True, slots=True)
class CountryPreset:
    """A country's usual set-up; `taxes` has the standard rate first, languages are ISO 639-1."""

    code: str
    name: str
    currency: str
    prices_include_tax: bool
    taxes: tuple[Tax, ...]
    cash_rounding: CashRounding | None
    languages: tuple[str, ...]
    banknotes: tuple[Decimal, ...]
    source: str

    @property
    def needs_own_rate(self) -> bool:
        """Whether the tax depends on the place, so that the shop has to enter its own."""
        return all(not tax.rate for tax in self.taxes)


@cache
def country_presets() -> tuple[CountryPreset, ...]:
    """Return every country that is known, by name."""
    rows = (line for line in _TABLE.splitlines() if line.strip())
    return tuple(sorted(map(_preset, rows), key=lambda preset: preset.name.casefold()))


def preset_of(code: str) -> CountryPreset | None:
    """Return the preset of a country (ISO 3166-1 alpha-2), or None."""
    return next((preset for preset in country_presets() if preset.code == code.upper()), None)


def _preset(row: str) -> CountryPreset:
    cells = [cell.strip() for cell in row.split("|")]
    code, name, currency, includes, word, rates, cash_step, languages, source = cells
    return CountryPreset(
        code=code,
        name=name,
        currency=currency,
        prices_include_tax=includes == "yes",
        taxes=tuple(_tax(word, place, rate) for place, rate in enumerate(rates.split())),
        cash_rounding=_cash_rounding(cash_step),
        languages=tuple(languages.split()),
        banknotes=tuple(Decimal(note) for note in _BANKNOTES[currency].split()),
        source=source,
    )


def _tax(word: str, place: int, rate: str) -> Tax:
    is_zero = rate == "0" and place > 0
    return Tax(rate=Decimal(rate), name=f"{word} {rate} %", code="Z" if is_zero else _CODES[place])


def _cash_rounding(step: str) -> CashRounding | None:
    if not step:
        return None
    mode = RoundingMode.DOWN if step.endswith("@") else RoundingMode.HALF_UP
    return CashRounding(Decimal(step.rstrip("@")), mode)

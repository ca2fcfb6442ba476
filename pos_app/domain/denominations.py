"""The notes and coins that people pay with, by currency.

As the issuing banks list them in circulation in 2026 (European Central Bank, Bank of England and
Royal Mint, Federal Reserve and United States Mint, Swiss National Bank, Sveriges Riksbank, Norges
Bank, Danmarks Nationalbank, Sedlabanki, Narodowy Bank Polski, Česká národní banka, Magyar Nemzeti
Bank, Banca Naţională a României, the central banks of Türkiye, the Emirates, Saudi Arabia, Kuwait,
Bahrain, Qatar, Oman, Jordan, Egypt and Morocco, Bank of Japan, People's Bank of China, Reserve
Bank of India, Bank of Korea, Monetary Authority of Singapore, Hong Kong Monetary Authority,
Reserve Banks of Australia, New Zealand and South Africa, Bank of Canada, Banco de México, Banco
Central do Brasil, Bank of Israel). A value that is both a note and a coin stands among the notes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money, NotWholeMinorUnits

MOST_DENOMINATIONS = 40


class NotADenomination(PosError):
    """No note or coin can have that value."""

    sentence = (
        "There is no note or coin of {value} {currency}. Enter its value, such as 20 or 0.50."
    )


@dataclass(frozen=True, slots=True)
class Denomination:
    """A note or coin by its value in currency units."""

    value: Decimal
    is_note: bool


# Notes before the stroke, coins after it, the largest first.
_CIRCULATING = {
    "AED": "1000 500 200 100 50 20 10 5 | 1 0.50 0.25",
    "AUD": "100 50 20 10 5 | 2 1 0.50 0.20 0.10 0.05",
    "BHD": "20 10 5 1 0.500 | 0.100 0.050 0.025 0.010 0.005",
    "BRL": "200 100 50 20 10 5 2 | 1 0.50 0.25 0.10 0.05",
    "CAD": "100 50 20 10 5 | 2 1 0.25 0.10 0.05",
    "CHF": "1000 200 100 50 20 10 | 5 2 1 0.50 0.20 0.10 0.05",
    "CNY": "100 50 20 10 5 1 | 0.50 0.10",
    "CZK": "5000 2000 1000 500 200 100 | 50 20 10 5 2 1",
    "DKK": "500 200 100 50 | 20 10 5 2 1 0.50",
    "EGP": "200 100 50 20 10 5 | 1 0.50 0.25",
    "EUR": "500 200 100 50 20 10 5 | 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "GBP": "50 20 10 5 | 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "HKD": "1000 500 100 50 20 10 | 5 2 1 0.50 0.20 0.10",
    "HUF": "20000 10000 5000 2000 1000 500 | 200 100 50 20 10 5",
    "ILS": "200 100 50 20 | 10 5 2 1 0.50 0.10",
    "INR": "500 200 100 50 20 10 | 5 2 1",
    "ISK": "10000 5000 1000 500 | 100 50 10 5 1",
    "JOD": "50 20 10 5 1 | 0.500 0.250 0.100 0.050",
    "JPY": "10000 5000 2000 1000 | 500 100 50 10 5 1",
    "KRW": "50000 10000 5000 1000 | 500 100 50 10",
    "KWD": "20 10 5 1 0.500 0.250 | 0.100 0.050 0.020 0.010 0.005",
    "MAD": "200 100 50 20 | 10 5 2 1 0.50 0.20 0.10",
    "MXN": "1000 500 200 100 50 20 | 10 5 2 1 0.50",
    "NOK": "1000 500 200 100 50 | 20 10 5 1",
    "NZD": "100 50 20 10 5 | 2 1 0.50 0.20 0.10",
    "OMR": "50 20 10 5 1 0.500 0.100 | 0.050 0.025 0.010 0.005",
    "PLN": "500 200 100 50 20 10 | 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "QAR": "500 200 100 50 10 5 1 | 0.50 0.25",
    "RON": "500 200 100 50 20 10 5 1 | 0.50 0.10 0.05 0.01",
    "SAR": "500 200 100 50 10 5 | 2 1 0.50 0.25 0.10 0.05",
    "SEK": "1000 500 200 100 50 20 | 10 5 2 1",
    "SGD": "100 50 10 5 2 | 1 0.50 0.20 0.10 0.05",
    "TRY": "200 100 50 20 10 5 | 1 0.50 0.25 0.10 0.05",
    "USD": "100 50 20 10 5 2 1 | 0.50 0.25 0.10 0.05 0.01",
    "ZAR": "200 100 50 20 10 | 5 2 1 0.50 0.20 0.10",
}


def denominations_of(currency: str) -> tuple[Denomination, ...]:
    """Return the notes and coins in circulation, the largest first; none where unknown here."""
    notes, _, coins = _CIRCULATING.get(currency, "").partition("|")
    return (
        *(Denomination(Decimal(value), is_note=True) for value in notes.split()),
        *(Denomination(Decimal(value), is_note=False) for value in coins.split()),
    )


def counted_denominations(currency: str, own: Iterable[Decimal] = ()) -> tuple[Denomination, ...]:
    """Return what is counted: the shop's `own` values where it names any, else what circulates.

    Raises NotADenomination for a value that the currency cannot have.
    """
    known = {one.value: one for one in denominations_of(currency)}
    least_note = min((value for value, one in known.items() if one.is_note), default=Decimal(0))
    values = sorted({_checked(value, currency) for value in own}, reverse=True)
    if not values:
        return tuple(known.values())
    return tuple(known.get(v, Denomination(v, is_note=v >= least_note)) for v in values)


def _checked(value: Decimal, currency: str) -> Decimal:
    try:
        minor = Money.of(value, currency).minor
    except NotWholeMinorUnits:
        minor = 0
    if minor <= 0:
        raise NotADenomination(value=value, currency=currency)
    return value

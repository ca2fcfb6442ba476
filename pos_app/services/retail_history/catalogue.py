"""The first pass over a history: what was sold, by which name and price, and who bought."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pos_app.domain.product import ProductKind
from pos_app.domain.tax import Tax
from pos_app.services.retail_history.lines import EXACT, HistoryLine

VAT = Tax(rate=Decimal(20), name="VAT 20 %", code="VAT20")

# Codes that are no goods, compared in capitals (from the data's own description and its use).
KINDS: dict[str, ProductKind] = {
    "POST": ProductKind.POSTAGE,
    "DOT": ProductKind.POSTAGE,
    "C2": ProductKind.POSTAGE,
    "C3": ProductKind.POSTAGE,
    "M": ProductKind.MANUAL,
    "D": ProductKind.DISCOUNT,
    "S": ProductKind.SAMPLE,
    "PADS": ProductKind.SAMPLE,
    "BANK CHARGES": ProductKind.FEE,
    "AMAZONFEE": ProductKind.FEE,
    "CRUK": ProductKind.FEE,
    "B": ProductKind.ADJUSTMENT,
    "ADJUST": ProductKind.ADJUSTMENT,
    "ADJUST2": ProductKind.ADJUSTMENT,
}
_VOUCHER = "GIFT_"
# Entries of the books that no customer pays value-added tax on.
_UNTAXED = frozenset({ProductKind.FEE, ProductKind.ADJUSTMENT})
_NAMES = {"M": "Manual", "D": "Discount", "S": "Samples", "POST": "POSTAGE", "C2": "CARRIAGE"}


@dataclass(frozen=True, slots=True)
class HistoryProduct:
    """A product as the file shows it: most usual spelling, description and price (before tax)."""

    code: str
    name: str
    price: Decimal | None
    kind: ProductKind

    @property
    def taxes(self) -> tuple[Tax, ...]:
        """20 % VAT, but for entries of the books."""
        return () if self.kind in _UNTAXED else (VAT,)


@dataclass(frozen=True, slots=True)
class Survey:
    """What a whole file holds; `sum_file` is the exact sum of quantity times price."""

    line_count: int
    sum_file: Decimal
    is_in_day_order: bool
    products: dict[str, HistoryProduct]
    customers: dict[str, str]


@dataclass
class _Seen:
    """How often a code was spelt, described and priced in which way."""

    spellings: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    prices: Counter[Decimal] = field(default_factory=Counter)


def survey(lines: Iterable[HistoryLine]) -> Survey:
    """Read a whole file once; holds what grows with the catalogue, not with the file."""
    seen: dict[str, _Seen] = {}
    countries: dict[str, Counter[str]] = {}
    count = 0
    amount = Decimal(0)
    latest = date.min
    in_order = True
    for line in lines:
        count += 1
        amount = EXACT.add(amount, line.amount)
        if line.refusal is not None:
            continue
        in_order = in_order and line.at.date() >= latest
        latest = max(latest, line.at.date())
        _note(seen.setdefault(line.key, _Seen()), line)
        if line.customer:
            countries.setdefault(line.customer, Counter())[line.country] += 1
    return Survey(
        line_count=count,
        sum_file=amount,
        is_in_day_order=in_order,
        products={key: _product(key, found) for key, found in seen.items()},
        customers={number: most_usual(found) for number, found in countries.items()},
    )


def kind_of_code(key: str) -> ProductKind:
    """Tell what a code (in capitals) stands for; every code that is not special is goods."""
    if key.startswith(_VOUCHER):
        return ProductKind.VOUCHER
    return KINDS.get(key, ProductKind.GOODS)


def most_usual(counts: Counter[str]) -> str:
    """Return what was counted most; of equals the first in the alphabet, so that runs agree."""
    return min(counts, key=lambda text: (-counts[text], text))


def _note(seen: _Seen, line: HistoryLine) -> None:
    seen.spellings[line.code] += 1
    if line.price > 0 and line.quantity > 0:
        seen.prices[line.price.normalize()] += 1
    if line.description:
        # Descriptions of unpriced lines are mostly remarks such as "damaged".
        (seen.names if line.price != 0 else seen.notes)[line.description] += 1


def _product(key: str, seen: _Seen) -> HistoryProduct:
    spelling = key if key in seen.spellings else most_usual(seen.spellings)
    prices = seen.prices
    price = min(prices, key=lambda amount: (-prices[amount], amount)) if prices else None
    return HistoryProduct(spelling, _name(key, seen), price, kind_of_code(key))


def _name(key: str, seen: _Seen) -> str:
    if seen.names:
        return most_usual(seen.names)
    titles = Counter({note: n for note, n in seen.notes.items() if note.isupper()})
    if titles:  # the file writes descriptions in capitals and remarks in small letters
        return most_usual(titles)
    return _NAMES.get(key, f"Item {key}")

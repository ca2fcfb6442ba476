"""Figures as other people's servers multiply them: unit prices and rates that come to our amounts.

A remote works with quantity x unit price, and with a rate in percent of a net amount. Ours are
rounded otherwise (discounts, included tax, rounding per document), so a price is told with as many
places as it takes, six at most, and a line that no such price fits is told in two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

from pos_app.domain.money import Money, smallest_step
from pos_app.domain.payment import Tender, TenderMethod

MOST_PLACES = 6
_LEAST_PLACES = 2
_FINEST = Decimal(1).scaleb(-MOST_PLACES)
_RATE_PLACES = 10
_HUNDRED = Decimal(100)
_WIDE = Context(prec=50)


@dataclass(frozen=True, slots=True)
class Part:
    """So many units at a price in currency units, whose product rounds to `amount`."""

    quantity: Decimal
    unit_price: Decimal
    amount: Money


def parts_of(amount: Money, quantity: Decimal, lines: int = 1) -> tuple[Part, ...]:
    """Return a line as quantities and unit prices whose products come to `amount`.

    One part where a price of six places or fewer fits, else a second one for the last unit. Of
    `lines` in a document, each product is so near its amount that the sum of them all, rounded once
    at its end, is right as well, where the places allow it.
    """
    price = unit_price(amount, quantity, lines)
    if price is not None:
        return (Part(quantity, price, amount),)
    last = Decimal(1) if quantity > 0 else Decimal(-1)
    most = quantity - last
    each = _divided(amount.amount, quantity).quantize(_FINEST, ROUND_DOWN, _WIDE)
    step = smallest_step(amount.currency)
    told = Money.of(
        _WIDE.multiply(most, each).quantize(step, ROUND_HALF_UP, _WIDE), amount.currency
    )
    rest = amount - told
    return Part(most, each, told), Part(last, rest.amount / last, rest)


def unit_price(amount: Money, quantity: Decimal, lines: int = 1) -> Decimal | None:
    """Return the price with the fewest places whose product with `quantity` is `amount`, or None.

    What the product is off is less than half the currency's smallest unit, so that every way of
    rounding gives `amount`; and less than its share of that in a document of `lines`, where six
    places allow it.
    """
    if not quantity:
        return Decimal(0) if not amount.minor else None
    exact = _divided(amount.amount, quantity)
    half = smallest_step(amount.currency) / 2
    for places in range(_LEAST_PLACES, MOST_PLACES + 1):
        price = _rounded(exact, places)
        off = abs(_WIDE.subtract(_WIDE.multiply(price, quantity), amount.amount))
        if off * max(lines, 1) < half or (places == MOST_PLACES and off < half):
            return price
    return None


def tax_rate(net: Money, tax: Money, nominal: Decimal | None) -> Decimal | None:
    """Return the rate in percent that a remote needs to come to `tax` on `net`, or None.

    It is the `nominal` one wherever that comes to it, halves rounded away from zero; elsewhere (a
    tax inside the price, rounded with it) the one with the fewest places that does.
    """
    step = smallest_step(net.currency)
    if nominal is not None and _tax(net, nominal, step) == tax.amount:
        return nominal
    if not net.minor:
        return None if tax.minor else Decimal(0)
    exact = _divided(tax.amount * _HUNDRED, net.amount)
    for places in range(_RATE_PLACES + 1):
        rate = _rounded(exact, places)
        if _tax(net, rate, step) == tax.amount:
            return rate
    return None


def number(value: Decimal | Money) -> int | Decimal:
    """Return a figure for JSON's numbers: 50000 or 4424.78; its digits are the figure's own."""
    plain = value.amount if isinstance(value, Money) else value
    return int(plain) if plain == plain.to_integral_value() else plain.normalize(_WIDE)


def figure(value: Decimal | Money) -> str:
    """Return a figure as a text with two places or more: 10.00 or 3.3333."""
    plain = (value.amount if isinstance(value, Money) else value) + 0  # no negative zero
    digits = f"{plain:f}"
    whole, _, fraction = digits.partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(_LEAST_PLACES, '0')}"


def told_exactly(amount: Money, places: int) -> bool:
    """Whether an amount has no more places than a remote keeps."""
    plain = amount.amount
    return plain == round(plain, places)


def largest(tenders: Sequence[Tender]) -> TenderMethod | None:
    """Return how most of a document was paid, the first of equals; None where nothing was."""
    best = max(tenders, key=lambda tender: abs(tender.amount.minor), default=None)
    return None if best is None else best.method


def in_words(tenders: Sequence[Tender], rounding: Money) -> str:
    """Return what one word cannot say of how it was paid; empty where one word says it all."""
    words = []
    if len({tender.method for tender in tenders}) > 1:
        sums: dict[TenderMethod, Money] = {}
        for tender in tenders:
            before = sums.get(tender.method, Money.zero(tender.amount.currency))
            sums[tender.method] = before + tender.amount
        words.append("paid: " + ", ".join(f"{_word(m)} {figure(sums[m])}" for m in sums))
    if rounding.minor:
        words.append(f"rounded by {figure(rounding)}")
    return "; ".join(words)


def joined(*texts: str) -> str:
    """Return the texts that say something, one behind the other."""
    return " · ".join(text for text in texts if text)


def read_amount(plain: object) -> Decimal | None:
    """Read an amount that a remote tells as a number or a text; None where it is neither."""
    if isinstance(plain, bool) or not isinstance(plain, int | str | Decimal):
        return None
    try:
        value = Decimal(plain)
    except ArithmeticError:
        return None
    return value if value.is_finite() else None


def paired(text: str) -> Mapping[str, str]:
    """Read what a person entered as `ours=theirs` pairs, parted by commas, semicolons or lines."""
    pairs = (pair.partition("=") for pair in text.replace(",", "\n").replace(";", "\n").split("\n"))
    return {ours.strip(): theirs.strip() for ours, is_pair, theirs in pairs if is_pair}


def _word(method: TenderMethod) -> str:
    return method.value.replace("_", " ")


def _tax(net: Money, rate: Decimal, step: Decimal) -> Decimal:
    exact = _WIDE.multiply(net.amount, rate) / _HUNDRED
    return exact.quantize(step, ROUND_HALF_UP, _WIDE)


def _divided(amount: Decimal, quantity: Decimal) -> Decimal:
    return _WIDE.divide(amount, quantity)


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)

"""Net unit prices for e-invoices, exact enough that price times quantity gives the line's amount.

A shop that prices with tax rounds on the line, so its net unit price is not a whole number of
cents: 3.49 with 19 % is 2.932773… without. EN 16931 allows any number of places (BT-146), and
where none of up to ten is enough, the price of the whole quantity (BT-149).
"""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from pos_app.domain.money import Money, RoundingMode, minor_digits, round_steps

_MOST_PLACES = 10
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


def price_for(amount: Money, quantity: Decimal, listed: Fraction | None) -> tuple[Decimal, Decimal]:
    """Return a price per unit and the units it is for, such that the quantity comes to `amount`.

    `listed` is the price that the shop itself names; it is kept where it gives the amount.
    """
    digits = minor_digits(amount.currency)
    if listed is not None and comes_to(listed, quantity, amount):
        exact = _exact(listed)
        if exact is not None:
            return exact, Decimal(1)
    if quantity and (amount.minor >= 0) == (quantity > 0):
        whole = Fraction(amount.amount) / Fraction(quantity)
        for places in range(digits, _MOST_PLACES + 1):
            price = _rounded(whole, places)
            if comes_to(Fraction(price), quantity, amount):
                return price, Decimal(1)
    return abs(amount.amount), abs(quantity)


def comes_to(price: Fraction, quantity: Decimal, amount: Money) -> bool:
    """Whether price times quantity is the amount to two places, whatever the currency has."""
    exact = price * Fraction(quantity) * 100
    return round_steps(exact, RoundingMode.HALF_UP) == Fraction(amount.amount) * 100


def times(price: Fraction, quantity: Decimal, currency: str) -> Money:
    """Return price times quantity, rounded half up to the currency's smallest unit."""
    minor = price * Fraction(quantity) * 10 ** minor_digits(currency)
    return Money(round_steps(minor, RoundingMode.HALF_UP), currency)


def without_tax(amount: Money, rate: Decimal) -> Money:
    """Return the part of an amount with tax that is not tax, rounded half up."""
    share = Fraction(amount.minor * 100) / (100 + Fraction(rate))
    return Money(round_steps(share, RoundingMode.HALF_UP), amount.currency)


def _exact(price: Fraction) -> Decimal | None:
    """The price as a decimal, if it has one of few places."""
    rounded = _rounded(price, _MOST_PLACES)
    if Fraction(rounded) != price:
        return None
    return rounded.normalize(_WIDE)


def _rounded(price: Fraction, places: int) -> Decimal:
    steps = round_steps(price * 10**places, RoundingMode.HALF_UP)
    return Decimal(steps).scaleb(-places, _WIDE)

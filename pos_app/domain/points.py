"""Loyalty points: what a sale earns, what paying with them costs, and what comes back of both.

A sale keeps one account of its own points. Parts that come back are the difference of two floors
of what is left, so that all parts together take exactly what the whole gave.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money, minor_digits


class PointsNotPaidThere(PosError):
    """More points are to go back than the sale was paid with."""

    sentence = "Only {left} of that sale was paid with points. Give the rest back in another way."


class PointsAreOff(PosError):
    """The shop takes no points."""

    sentence = "This shop takes no points. Choose another way to pay."


@dataclass(frozen=True, slots=True)
class PointsOfSale:
    """The points of one document: amounts in minor units, `rate` in points per currency unit.

    `base` earns points; `returned` of it came back. `paid` was paid with `points_paid` points, and
    `refunded` of it went back. The sums are kept as they are, so that undoing is exact.
    """

    sale_id: str
    account_id: str
    currency: str
    rate: Decimal
    base: int = 0
    returned: int = 0
    paid: int = 0
    points_paid: int = 0
    refunded: int = 0

    @property
    def earned(self) -> int:
        """The points that the goods which stayed with the customer are worth."""
        left = self.base - self.returned
        left = max(min(left, self.base), 0) if self.base >= 0 else left
        sign = -1 if left < 0 else 1
        exact = abs(left) * Fraction(self.rate) / 10 ** minor_digits(self.currency)
        return sign * int(exact.numerator // exact.denominator)

    @property
    def spent(self) -> int:
        """The points that what is still paid with them cost."""
        if self.paid <= 0:
            return 0
        left = min(max(self.paid - self.refunded, 0), self.paid)
        return -(-self.points_paid * left // self.paid)


@dataclass(frozen=True, slots=True)
class PointsEffect:
    """How one document changes the points of a sale: its own, or of one it gives back of."""

    sale_id: str
    base: int = 0
    returned: int = 0
    paid: int = 0
    refunded: int = 0

    def negated(self) -> "PointsEffect":
        """The effect of undoing it."""
        return PointsEffect(self.sale_id, -self.base, -self.returned, -self.paid, -self.refunded)


def points_for(amount: Money, worth: Decimal) -> int:
    """Return how many points pay `amount` at a `worth` in currency units; a part counts as one.

    Raises PointsAreOff where a point is worth nothing.
    """
    if worth <= 0:
        raise PointsAreOff()
    exact = Fraction(amount.amount) / Fraction(worth)
    return -(-exact.numerator // exact.denominator)


def worth_of(points: int, worth: Decimal, currency: str) -> Money:
    """Return what points can pay at most, in whole minor units."""
    exact = max(points, 0) * Fraction(worth) * 10 ** minor_digits(currency)
    return Money(exact.numerator // exact.denominator, currency)


def after(record: PointsOfSale, effect: PointsEffect, points_paid: int = 0) -> PointsOfSale:
    """Return a sale's points after a document changed them; raises PointsNotPaidThere."""
    paid = record.paid + effect.paid
    refunded = record.refunded + effect.refunded
    if refunded > paid and effect.refunded > 0:
        left = Money(max(paid - record.refunded, 0), record.currency)
        raise PointsNotPaidThere(left=left)
    return replace(
        record,
        base=record.base + effect.base,
        returned=record.returned + effect.returned,
        paid=paid,
        points_paid=record.points_paid + points_paid if paid else 0,
        refunded=refunded,
    )

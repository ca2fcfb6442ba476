"""Counting cash: how many of each note and coin, and what they come to."""

from dataclasses import dataclass, replace
from decimal import Decimal

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money, NotWholeMinorUnits

MOST_PIECES = 99_999
MOST_CASH = Decimal(10_000_000_000)  # less than the figure that a product's barcode makes


class CountHasLetters(PosError):
    """What was typed as a count is no number."""

    sentence = "{text} is not a count. Enter how many there are, such as 12."


class CountNotWhole(PosError):
    """There are no halves of coins."""

    sentence = "There cannot be {text} of a note or coin. Enter a whole number."


class CountBelowZero(PosError):
    """Fewer than none."""

    sentence = "A count of {text} is not possible. Enter 0 or more."


class CountTooLarge(PosError):
    """More pieces than any drawer holds."""

    sentence = "{text} of one note or coin do not fit a drawer. Enter at most {most}."


class LooseNotPossible(PosError):
    """An amount counted otherwise is below zero or has places that the currency lacks."""

    sentence = "{amount} {currency} cannot be counted. Enter an amount of 0 or more."


class MoreThanADrawerHolds(PosError):
    """An amount of cash that no drawer holds: a code was probably scanned as an amount."""

    sentence = "{amount} do not fit a drawer. Check the figure and enter it again."


@dataclass(frozen=True, slots=True)
class Pieces:
    """So many of one note or coin; `value` is in currency units."""

    value: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class CashCount:
    """The cash of one currency: pieces by denomination, largest first, and what is not sorted.

    `loose` is in currency units: rolls, bags and whatever a scale has counted.
    """

    currency: str
    pieces: tuple[Pieces, ...] = ()
    loose: Decimal = Decimal(0)

    @property
    def total(self) -> Money:
        """What all of it comes to."""
        amount = sum((one.value * one.count for one in self.pieces), self.loose)
        return Money.of(amount, self.currency)

    def of(self, value: Decimal) -> int:
        """Return how many of a note or coin there are."""
        return next((one.count for one in self.pieces if one.value == value), 0)


def put_pieces(count: CashCount, value: Decimal, pieces: int) -> CashCount:
    """Return the count with so many of one note or coin; raises CountBelowZero, CountTooLarge."""
    _check_pieces(pieces)
    others = [one for one in count.pieces if one.value != value]
    if pieces:
        others.append(Pieces(value, pieces))
    ordered = sorted(others, key=lambda one: one.value, reverse=True)
    return replace(count, pieces=tuple(ordered))


def put_loose(count: CashCount, amount: Decimal) -> CashCount:
    """Return the count with an amount that was not sorted.

    Raises LooseNotPossible or MoreThanADrawerHolds.
    """
    try:
        minor = Money.of(amount, count.currency).minor
    except NotWholeMinorUnits:
        minor = -1
    if minor < 0:
        raise LooseNotPossible(amount=amount, currency=count.currency)
    if amount >= MOST_CASH:
        raise MoreThanADrawerHolds(amount=amount)
    return replace(count, loose=amount)


def read_pieces(text: str) -> int:
    """Read how many there are from what was typed; nothing typed is none.

    Raises CountHasLetters, CountNotWhole, CountBelowZero or CountTooLarge.
    """
    typed = text.strip()
    if not typed:
        return 0
    if typed.isdecimal():
        digits = typed.lstrip("0") or "0"
        if len(digits) > len(str(MOST_PIECES)):
            raise CountTooLarge(text=typed[:12], most=MOST_PIECES)
        return _check_pieces(int(digits))
    figures = typed.lstrip("-+\u2212").replace(",", ".")
    if figures.replace(".", "", 1).isdecimal():
        if "." in figures:
            raise CountNotWhole(text=typed[:20])
        raise CountBelowZero(text=typed[:20])
    raise CountHasLetters(text=typed[:20])


def total_of(counts: tuple[CashCount, ...], currency: str) -> Money:
    """Return what was counted of one currency."""
    found = next((count for count in counts if count.currency == currency), None)
    return Money.zero(currency) if found is None else found.total


def _check_pieces(pieces: int) -> int:
    if pieces < 0:
        raise CountBelowZero(text=pieces)
    if pieces > MOST_PIECES:
        raise CountTooLarge(text=pieces, most=MOST_PIECES)
    return pieces

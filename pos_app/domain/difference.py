"""Why a drawer may differ from the books: likely causes, the most likely first.

Each cause is a piece of arithmetic that gives exactly the difference: digits typed in the wrong
order differ by a multiple of nine, a card sale rung as cash leaves its whole amount missing, and
a bundle counted wrongly is a whole number of equal notes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.cart import SaleKind
from pos_app.domain.cash_count import CashCount
from pos_app.domain.cash_movement import CashMovement, MovementKind
from pos_app.domain.denominations import Denomination
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod

MOST_CAUSES = 6
MOST_RECEIPTS = 8
# How many notes are banded and how many coins are rolled.
NOTE_BUNDLES = (100, 50, 25, 20, 10)
COIN_ROLLS = (50, 40, 25, 20)


class CauseKind(StrEnum):
    """What may have happened."""

    FOREIGN_CHANGE = "foreign_change"
    FOREIGN_COUNTED_AS_OWN = "foreign_counted_as_own"
    OPENING_MISCOUNTED = "opening_miscounted"
    CARD_RUNG_AS_CASH = "card_rung_as_cash"
    CASH_RUNG_AS_CARD = "cash_rung_as_card"
    DIGITS_SWAPPED = "digits_swapped"
    MOVEMENT_NOT_MADE = "movement_not_made"
    MOVEMENT_MADE_TWICE = "movement_made_twice"
    REFUND_NOT_GIVEN = "refund_not_given"
    WRONG_NOTE = "wrong_note"
    BUNDLE_MISCOUNTED = "bundle_miscounted"
    ROLL_MISCOUNTED = "roll_miscounted"
    PIECE_MISCOUNTED = "piece_miscounted"
    PAY_OUT_MISSING = "pay_out_missing"
    PAY_IN_MISSING = "pay_in_missing"
    SMALL_CHANGE = "small_change"


# What is likely before anything is known of how many receipts fit.
_WEIGHTS = {
    CauseKind.FOREIGN_COUNTED_AS_OWN: 95,
    CauseKind.OPENING_MISCOUNTED: 92,
    CauseKind.FOREIGN_CHANGE: 90,
    CauseKind.CARD_RUNG_AS_CASH: 85,
    CauseKind.CASH_RUNG_AS_CARD: 85,
    CauseKind.MOVEMENT_MADE_TWICE: 80,
    CauseKind.MOVEMENT_NOT_MADE: 80,
    CauseKind.DIGITS_SWAPPED: 75,
    CauseKind.REFUND_NOT_GIVEN: 70,
    CauseKind.WRONG_NOTE: 60,
    CauseKind.BUNDLE_MISCOUNTED: 65,
    CauseKind.PIECE_MISCOUNTED: 55,
    CauseKind.ROLL_MISCOUNTED: 50,
    CauseKind.PAY_OUT_MISSING: 40,
    CauseKind.PAY_IN_MISSING: 38,
    CauseKind.SMALL_CHANGE: 30,
}


@dataclass(frozen=True, slots=True)
class PaymentTrace:
    """One payment of a document as evidence; `foreign` is what was handed over of another kind."""

    sale_id: str
    number: str
    kind: SaleKind
    at: datetime
    method: TenderMethod
    amount: Money
    tendered: Money
    change: Money
    foreign: Money | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known where `difference` (counted less expected) is not zero.

    `others` are the differences of other currencies, `opening_difference` that of the opening
    count, `was` what was paid out in earlier shifts.
    """

    difference: Money
    count: CashCount
    denominations: tuple[Denomination, ...]
    payments: Sequence[PaymentTrace] = ()
    movements: Sequence[CashMovement] = ()
    opening: CashCount | None = None
    opening_difference: Money | None = None
    others: tuple[Money, ...] = ()
    earlier: Sequence[CashMovement] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """A document to look at."""

    sale_id: str
    number: str


@dataclass(frozen=True, slots=True)
class Cause:
    """What may have happened; `rank` is higher for what is likelier.

    `amount` is what the cause speaks of: a payment, a movement, or the value of a piece;
    `pieces` how many of it; `other` what it was taken for; `reason` a movement's.
    """

    kind: CauseKind
    rank: int
    amount: Money
    other: Money | None = None
    pieces: int = 0
    reason: str = ""
    receipts: tuple[Receipt, ...] = ()


def likely_causes(evidence: Evidence) -> tuple[Cause, ...]:
    """Return what may explain a difference, the likeliest first; nothing where there is none."""
    if not evidence.difference:
        return ()
    found = [cause for find in _FINDERS for cause in find(evidence)]
    found.sort(key=lambda cause: (-cause.rank, list(CauseKind).index(cause.kind), cause.pieces))
    return tuple(found[:MOST_CAUSES])


def _cause(
    kind: CauseKind,
    amount: Money,
    *,
    other: Money | None = None,
    pieces: int = 0,
    reason: str = "",
    traces: Iterable[PaymentTrace] = (),
) -> Cause:
    """Make a cause; the more receipts fit, the less each of them tells."""
    fitting = list(dict.fromkeys(Receipt(one.sale_id, one.number) for one in traces))
    penalty = min(2 * max(len(fitting) - 1, 0), 25)
    receipts = tuple(fitting[:MOST_RECEIPTS])
    return Cause(kind, _WEIGHTS[kind] - penalty, amount, other, pieces, reason, receipts)


def _foreign_as_own(evidence: Evidence) -> Iterator[Cause]:
    """Foreign notes that were counted among the shop's own: one too much, the other short."""
    for other in evidence.others:
        if other.minor < 0 and -other.amount == evidence.difference.amount:
            yield _cause(CauseKind.FOREIGN_COUNTED_AS_OWN, evidence.difference, other=-other)


def _foreign_change(evidence: Evidence) -> Iterator[Cause]:
    """Change given on a foreign note as if it were worth its face in the shop's currency."""
    fits = [
        one
        for one in evidence.payments
        if one.foreign is not None
        and one.tendered.amount - one.foreign.amount == evidence.difference.amount
    ]
    if fits:
        yield _cause(CauseKind.FOREIGN_CHANGE, fits[0].tendered, other=fits[0].foreign, traces=fits)


def _opening(evidence: Evidence) -> Iterator[Cause]:
    """An opening count that was wrong by just this much the other way."""
    opened = evidence.opening_difference
    if opened is not None and opened == -evidence.difference:
        yield _cause(CauseKind.OPENING_MISCOUNTED, opened)


def _wrong_method(evidence: Evidence) -> Iterator[Cause]:
    """A payment that was rung under the other method."""
    short = -evidence.difference
    cash = [one for one in _own_cash(evidence) if one.amount == short]
    if cash and short.minor > 0:
        yield _cause(CauseKind.CARD_RUNG_AS_CASH, short, traces=cash)
    card = [
        one
        for one in evidence.payments
        if one.method is TenderMethod.CARD and one.amount == evidence.difference
    ]
    if card and evidence.difference.minor > 0:
        yield _cause(CauseKind.CASH_RUNG_AS_CARD, evidence.difference, traces=card)


def _swapped(evidence: Evidence) -> Iterator[Cause]:
    """Two digits in the wrong order, in what was handed over, in a movement or in the count."""
    if evidence.difference.minor % 9:
        return
    typed = [
        one
        for one in _own_cash(evidence)
        if one.change and _is_swap(one.tendered.minor, evidence.difference.minor)
    ]
    if typed:
        shown = typed[0].tendered
        yield _cause(
            CauseKind.DIGITS_SWAPPED, shown, other=shown + evidence.difference, traces=typed
        )
    for movement in evidence.movements:
        sign = 1 if movement.kind.is_out else -1
        really = Money(movement.amount.minor - sign * evidence.difference.minor, _code(evidence))
        if _is_same_currency(movement, evidence) and _is_swap(
            movement.amount.minor, -sign * evidence.difference.minor
        ):
            yield _cause(
                CauseKind.DIGITS_SWAPPED, movement.amount, other=really, reason=movement.reason
            )
    for one in evidence.count.pieces:
        value = Money.of(one.value, _code(evidence)).minor
        if evidence.difference.minor % value == 0:
            wrong_by = -evidence.difference.minor // value
            if _is_swap(one.count, wrong_by):
                yield _cause(
                    CauseKind.DIGITS_SWAPPED, Money(value, _code(evidence)), pieces=one.count
                )


def _movements(evidence: Evidence) -> Iterator[Cause]:
    """A movement that is in the books and was not made, or was made once more."""
    size = abs(evidence.difference.minor)
    for movement in evidence.movements:
        if not _is_same_currency(movement, evidence) or movement.amount.minor != size:
            continue
        is_over = evidence.difference.minor > 0
        kind = (
            CauseKind.MOVEMENT_NOT_MADE
            if movement.kind.is_out == is_over
            else CauseKind.MOVEMENT_MADE_TWICE
        )
        yield _cause(kind, movement.amount, reason=movement.reason)


def _refunds(evidence: Evidence) -> Iterator[Cause]:
    """A refund in cash that stands in the books and was never handed out."""
    fits = [one for one in _own_cash(evidence) if -one.amount == evidence.difference]
    if fits and evidence.difference.minor > 0:
        yield _cause(CauseKind.REFUND_NOT_GIVEN, evidence.difference, traces=fits)


def _wrong_note(evidence: Evidence) -> Iterator[Cause]:
    """A note taken for another: change was given on a fifty, and a twenty lay in the drawer."""
    code = _code(evidence)
    notes = {Money.of(one.value, code).minor for one in evidence.denominations if one.is_note}
    for taken_for in sorted(notes):
        really = taken_for + evidence.difference.minor
        fits = [
            one
            for one in _own_cash(evidence)
            if one.tendered.minor == taken_for and one.change.minor > 0
        ]
        if really in notes and fits:
            yield _cause(
                CauseKind.WRONG_NOTE, Money(taken_for, code), other=Money(really, code), traces=fits
            )


def _bundles(evidence: Evidence) -> Iterator[Cause]:
    """A banded bundle or a roll counted once too often or not at all, and single pieces."""
    size, code = abs(evidence.difference.minor), _code(evidence)
    counted = {one.value: one.count for one in evidence.count.pieces}
    is_over = evidence.difference.minor > 0
    for one in evidence.denominations:
        value = Money.of(one.value, code).minor
        pieces, rest = divmod(size, value)
        if rest or (is_over and counted.get(one.value, 0) < pieces):
            continue
        if one.is_note and pieces in NOTE_BUNDLES:
            yield _cause(CauseKind.BUNDLE_MISCOUNTED, Money(value, code), pieces=pieces)
        elif not one.is_note and pieces in COIN_ROLLS:
            yield _cause(CauseKind.ROLL_MISCOUNTED, Money(value, code), pieces=pieces)
        elif pieces == 1:
            yield _cause(CauseKind.PIECE_MISCOUNTED, Money(value, code), pieces=1)


def _unbooked(evidence: Evidence) -> Iterator[Cause]:
    """Cash taken or brought that nobody wrote down; likelier if the same was moved before."""
    is_short = evidence.difference.minor < 0
    kind = CauseKind.PAY_OUT_MISSING if is_short else CauseKind.PAY_IN_MISSING
    amount = Money(abs(evidence.difference.minor), _code(evidence))
    wanted = (MovementKind.PAY_OUT, MovementKind.DROP) if is_short else (MovementKind.PAY_IN,)
    before = [one for one in evidence.earlier if one.kind in wanted and one.amount == amount]
    if before:
        cause = _cause(kind, amount, reason=before[0].reason)
        yield Cause(cause.kind, 78, amount, reason=cause.reason)
    elif _is_round(evidence, amount):
        yield _cause(kind, amount)


def _small_change(evidence: Evidence) -> Iterator[Cause]:
    """Cents that go astray when change is given."""
    notes = [one.value for one in evidence.denominations if one.is_note]
    if notes and abs(evidence.difference.amount) < min(notes):
        yield _cause(CauseKind.SMALL_CHANGE, evidence.difference)


_FINDERS = (
    _foreign_as_own,
    _foreign_change,
    _opening,
    _wrong_method,
    _swapped,
    _movements,
    _refunds,
    _wrong_note,
    _bundles,
    _unbooked,
    _small_change,
)


def _own_cash(evidence: Evidence) -> list[PaymentTrace]:
    return [
        one for one in evidence.payments if one.method is TenderMethod.CASH and one.foreign is None
    ]


def _code(evidence: Evidence) -> str:
    return evidence.difference.currency


def _is_same_currency(movement: CashMovement, evidence: Evidence) -> bool:
    return movement.amount.currency == _code(evidence)


def _is_round(evidence: Evidence, amount: Money) -> bool:
    """Whether an amount can be made of notes alone, as people take cash."""
    notes = [one.value for one in evidence.denominations if one.is_note]
    return bool(notes) and amount.amount % min(notes) == Decimal(0)


def _is_swap(figure: int, wrong_by: int) -> bool:
    """Whether two neighbouring digits of a figure, changed about, make it larger by `wrong_by`."""
    digits = str(abs(figure))
    wanted = str(abs(figure) + wrong_by).rjust(len(digits), "0")
    return figure > 0 and any(
        digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] == wanted != digits
        for i in range(len(digits) - 1)
    )

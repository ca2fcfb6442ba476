"""What to leave in the drawer for tomorrow and what to bag, from the notes that were counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pos_app.domain.cash_count import CashCount, Pieces
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money

# A reachable sum is one bit; more of them than this would make a plan slow.
MOST_STEPS = 20_000_000


class FloatTooLarge(PosError):
    """A float beyond anything that a drawer holds."""

    sentence = "A float of {target} is too large to plan. Set a smaller one in the settings."


@dataclass(frozen=True, slots=True)
class FloatPlan:
    """The counted cash parted in two: kept and bagged together are what was counted.

    `missing` says how much the kept cash is below the target.
    """

    kept: CashCount
    bagged: CashCount
    missing: Money


def plan_float(counted: CashCount, target: Money) -> FloatPlan:
    """Keep exactly `target` where the pieces allow it, else as much below it as can be kept.

    The largest notes go into the bag and what gives change stays. Unsorted cash stays if it fits.
    Raises FloatTooLarge.
    """
    currency = counted.currency
    goal = max(target.minor, 0)
    if goal > MOST_STEPS:
        raise FloatTooLarge(target=target)
    loose = Money.of(counted.loose, currency).minor
    loose_kept = loose if loose <= goal else 0
    kept = _kept(counted, goal - loose_kept)
    keep = CashCount(currency, kept, counted.loose if loose_kept else Decimal(0))
    bag = CashCount(
        currency,
        _less(counted.pieces, keep),
        counted.loose - keep.loose,
    )
    return FloatPlan(keep, bag, Money(max(goal - keep.total.minor, 0), currency))


def _kept(counted: CashCount, goal: int) -> tuple[Pieces, ...]:
    """Choose pieces worth `goal` or the most below it; as few as possible of the largest."""
    pieces = sorted(counted.pieces, key=lambda one: one.value)
    values = [Money.of(one.value, counted.currency).minor for one in pieces]
    # sums[i] has a bit for each sum that the i smallest denominations can make.
    sums = [1]
    mask = (1 << (goal + 1)) - 1
    for one, value in zip(pieces, values, strict=True):
        sums.append(_with(sums[-1], value, one.count, mask))
    left = sums[-1].bit_length() - 1
    kept: list[Pieces] = []
    for index in range(len(pieces) - 1, -1, -1):
        needed = _fewest(sums[index], left, values[index], pieces[index].count)
        left -= needed * values[index]
        if needed:
            kept.append(Pieces(pieces[index].value, needed))
    return tuple(kept)


def _with(sums: int, value: int, count: int, mask: int) -> int:
    """Return the sums after up to `count` pieces more (each power of two of them at once)."""
    part = 1
    while count > 0:
        some = min(part, count)
        sums |= (sums << min(value * some, mask.bit_length())) & mask
        count -= some
        part *= 2
    return sums


def _fewest(smaller: int, left: int, value: int, count: int) -> int:
    """Return the fewest pieces of one value with which the smaller ones can make up the rest."""
    return next(
        some
        for some in range(count + 1)
        if left >= some * value and smaller >> (left - some * value) & 1
    )


def _less(pieces: Sequence[Pieces], kept: CashCount) -> tuple[Pieces, ...]:
    rest = (Pieces(one.value, one.count - kept.of(one.value)) for one in pieces)
    return tuple(one for one in rest if one.count)

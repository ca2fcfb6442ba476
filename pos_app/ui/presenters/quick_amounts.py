"""Which cash amounts a customer probably hands over: the next round sums above what is due."""

from collections.abc import Sequence
from decimal import Decimal

from pos_app.domain.money import Money, minor_digits


def quick_amounts(due: Money, notes: Sequence[Decimal], limit: int = 4) -> tuple[Money, ...]:
    """Return `limit` sums above `due`, the smallest first; `notes` in currency units.

    Each note leads to the next sum that can be laid down with notes of that kind alone; where
    these are too few, more of the largest note follow. Without notes there are none.
    """
    digits = minor_digits(due.currency)
    steps = {int(note.scaleb(digits)) for note in notes if note > 0} - {0}
    if not steps:
        return ()
    floor = max(due.minor, 0)
    sums = {-(-floor // step) * step for step in steps} | (steps if floor == 0 else set())
    wanted = {amount for amount in sums if amount > floor}
    largest = max(steps)
    following = (floor // largest + 1) * largest
    while len(wanted) < limit:
        wanted.add(following)
        following += largest
    return tuple(Money(amount, due.currency) for amount in sorted(wanted)[:limit])

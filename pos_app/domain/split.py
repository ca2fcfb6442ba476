"""Splitting a bill among people: equal parts that sum exactly."""

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money, share_out

MOST_PARTS = 50


class PartsOutOfRange(PosError):
    """A bill that is split into fewer than two parts or into very many."""

    sentence = "A bill can be split into 2 to {most} parts. Type how many people pay."


def equal_parts(amount: Money, parts: int) -> tuple[Money, ...]:
    """Split an amount so that the parts sum exactly, the larger first; raises PartsOutOfRange."""
    if not 2 <= parts <= MOST_PARTS:
        raise PartsOutOfRange(most=MOST_PARTS)
    shares = share_out(amount.minor, [1] * parts)
    return tuple(Money(share, amount.currency) for share in shares)

"""Rates in reports: percentages that say 100 only when all of it is done."""

from decimal import Decimal

from pos_app.domain.money import RoundingMode, round_ratio

# A tenth of a percent is as fine as these reports go.
_TENTHS = 1000


def percent_of(part: int, whole: int) -> Decimal | None:
    """Return how much `part` is of `whole` in percent with one place; None of nothing.

    Rounded towards zero, so that 100 says that nothing is missing.
    """
    if whole == 0:
        return None
    if whole < 0:
        part, whole = -part, -whole
    return Decimal(round_ratio(part * _TENTHS, whole, RoundingMode.DOWN)).scaleb(-1)

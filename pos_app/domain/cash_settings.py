"""How a shop counts its cash: what it counts, the float it wants, the notes it takes."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AcceptedCurrency:
    """A foreign currency taken in cash; `rate` is units of the shop's currency for one of it."""

    code: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class CashSettings:
    """The rules of the drawer; amounts are in currency units of the shop's currency.

    `is_blind` hides what the drawer should hold until the count is confirmed. `denominations`
    are the notes and coins counted (empty: those in circulation); the reasons are offered for
    putting money in and taking it out (empty: the usual ones). A `float_target` of zero plans
    no float.
    """

    is_blind: bool = False
    needs_shift: bool = False
    float_target: Decimal = Decimal(0)
    reasons_in: tuple[str, ...] = ()
    reasons_out: tuple[str, ...] = ()
    denominations: tuple[Decimal, ...] = ()
    accepted: tuple[AcceptedCurrency, ...] = ()

"""What a void owes to a card until the terminal has done it: nothing of it is ever forgotten."""

from dataclasses import dataclass, replace
from datetime import datetime

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money


class NothingOwed(PosError):
    """The card has had its money meanwhile, or never was owed any."""

    sentence = "Nothing is open for that card any more."


@dataclass(frozen=True, slots=True)
class CardOwed:
    """The card's part of a void (below zero: it goes back), open until `left` is nothing.

    `id` is the void's. `why` is the last refusal of the terminal, `by_hand` why somebody ended it
    without the terminal. Times are UTC.
    """

    id: str
    number: str
    amount: Money
    left: Money
    since: datetime
    why: str = ""
    by_hand: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the card still waits for it."""
        return self.left.minor != 0 and not self.by_hand


def owed(void_id: str, number: str, amount: Money, at: datetime) -> CardOwed:
    """Return what a void owes from the moment it is made."""
    return CardOwed(void_id, number, amount, amount, at)


def paid(debt: CardOwed, amount: Money) -> CardOwed:
    """Return what is left after the terminal moved `amount`; raises NothingOwed."""
    if not debt.is_open:
        raise NothingOwed()
    return replace(debt, left=debt.left - amount, why="")


def refused(debt: CardOwed, why: str) -> CardOwed:
    """Return it as open as it was, with the terminal's reason."""
    return replace(debt, why=why[:100])


def ended_by_hand(debt: CardOwed, how: str) -> CardOwed:
    """Return it as ended by somebody in another way; raises NothingOwed."""
    if not debt.is_open:
        raise NothingOwed()
    return replace(debt, by_hand=how[:100])

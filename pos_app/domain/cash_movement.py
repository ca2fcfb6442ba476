"""Cash that goes into or out of the drawer without a sale."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pos_app.domain.cash_count import MOST_CASH, MoreThanADrawerHolds
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money

REASON_LIMIT = 200


class AmountNotPositive(PosError):
    """A movement of nothing or less."""

    sentence = "{amount} cannot be moved. Enter an amount above zero."


class ReasonMissing(PosError):
    """Nobody said why cash left or entered the drawer."""

    sentence = "Say why the cash moves. Choose a reason or enter one."


class CurrencyNotTaken(PosError):
    """Cash of a currency that the shop does not take."""

    sentence = "The shop does not take {currency}. Choose a currency that it takes."


class LessInDrawer(PosError):
    """More should leave the drawer than the books know in it."""

    sentence = (
        "By the books there is less than {amount} in the drawer. "
        "Enter a smaller amount, or count the drawer first."
    )


class MovementKind(StrEnum):
    """Why cash moves: put in, taken out for something, or taken to the safe."""

    PAY_IN = "pay_in"
    PAY_OUT = "pay_out"
    DROP = "drop"

    @property
    def is_out(self) -> bool:
        """Whether the drawer then holds less."""
        return self is not MovementKind.PAY_IN


@dataclass(frozen=True, slots=True)
class CashMovement:
    """One movement with its slip number, gapless per till; `at` is UTC.

    `amount` is above zero whatever the direction. `reference` names the paper that goes with it:
    a bill, a safe bag. `epoch` is above 1 in a restored store, which counts slips once more;
    `drawer` is the till's name, for the number on the slip.
    """

    id: str
    shift_id: str
    number: int
    kind: MovementKind
    amount: Money
    reason: str
    at: datetime
    by: str
    reference: str = ""
    epoch: int = 1
    drawer: str = ""


def check_movement(movement: CashMovement, in_drawer: Money) -> None:
    """Refuse what cannot be moved; `in_drawer` is of the movement's currency.

    Raises AmountNotPositive, MoreThanADrawerHolds, ReasonMissing or LessInDrawer.
    """
    if movement.amount.minor <= 0:
        raise AmountNotPositive(amount=movement.amount)
    if movement.amount.amount >= MOST_CASH:
        raise MoreThanADrawerHolds(amount=movement.amount)
    if not movement.reason.strip():
        raise ReasonMissing()
    if movement.kind.is_out and in_drawer < movement.amount:
        raise LessInDrawer(amount=movement.amount)

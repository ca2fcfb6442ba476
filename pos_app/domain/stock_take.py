"""Counting the stock while selling goes on: what is there, what should be, and the difference.

A product is counted at one go. Its difference is what was counted less what the books said when
the go began, because what is sold meanwhile comes from the shelf that is counted: it is in the
count and in the books of that moment alike. Counting again later replaces the difference.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.errors import PosError


class TakeState(StrEnum):
    """A stock take is counted, then looked through, then booked or given up."""

    COUNTING = "counting"
    REVIEWED = "reviewed"
    BOOKED = "booked"
    DISCARDED = "discarded"


class TakeAction(StrEnum):
    """What can be done with a stock take."""

    COUNT = "count"
    REVIEW = "review"
    REOPEN = "reopen"
    BOOK = "book"
    DISCARD = "discard"


NEXT: dict[tuple[TakeState, TakeAction], TakeState] = {
    (TakeState.COUNTING, TakeAction.COUNT): TakeState.COUNTING,
    (TakeState.COUNTING, TakeAction.REVIEW): TakeState.REVIEWED,
    (TakeState.COUNTING, TakeAction.DISCARD): TakeState.DISCARDED,
    (TakeState.REVIEWED, TakeAction.REOPEN): TakeState.COUNTING,
    (TakeState.REVIEWED, TakeAction.BOOK): TakeState.BOOKED,
    (TakeState.REVIEWED, TakeAction.DISCARD): TakeState.DISCARDED,
}


class TakeNotPossible(PosError):
    """The stock take is not at the step for that."""

    sentence = "The stock take is at another step by now. Open it again from the list."

    def __init__(self, state: TakeState, action: TakeAction) -> None:
        super().__init__()
        self.state = state
        self.action = action


@dataclass(frozen=True, slots=True)
class StockTake:
    """The head of a stock take; `at` is UTC, `name` says which part of the shop."""

    id: str
    name: str
    location: str
    at: datetime
    staff: str
    state: TakeState = TakeState.COUNTING
    booked_at: datetime | None = None
    counted: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it is still being worked on."""
        return self.state in (TakeState.COUNTING, TakeState.REVIEWED)


@dataclass(frozen=True, slots=True)
class StockCount:
    """One product's count: `expected` is the books' level when its go began."""

    take_id: str
    product_id: str
    code: str
    name: str
    counted: Decimal
    expected: Decimal
    at: datetime
    staff: str

    @property
    def id(self) -> str:
        """The stock take's id with the product's."""
        return f"{self.take_id}/{self.product_id}"

    @property
    def difference(self) -> Decimal:
        """What is there more (above 0) or less than the books said."""
        return self.counted - self.expected


def step(take: StockTake, action: TakeAction) -> StockTake:
    """Return the stock take after a step; raises TakeNotPossible."""
    state = NEXT.get((take.state, action))
    if state is None:
        raise TakeNotPossible(take.state, action)
    return take if state is take.state else replace(take, state=state)

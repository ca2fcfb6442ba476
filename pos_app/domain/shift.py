"""The shift of a drawer: opened with a counted float, counted at its end, and closed for good."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from pos_app.domain.cash_count import CashCount
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.shift_report import ShiftReport


class ShiftAlreadyOpen(PosError):
    """The drawer has a shift already."""

    sentence = "A shift is open since {since}. Close it before you open the next."


class NoShiftOpen(PosError):
    """Something needs an open shift and there is none."""

    sentence = "No shift is open. Count the float and open one first."


class ShiftNeeded(PosError):
    """The shop sells only while a shift is open."""

    sentence = "Open a shift before you sell: count the float under Cash drawer."


class ShiftIsClosed(PosError):
    """A closed shift stays as it is."""

    sentence = "This shift is closed. What is to be changed belongs to the next one."


class CountFirst(PosError):
    """A shift is to be closed whose drawer nobody has counted to the end."""

    sentence = "The drawer is not counted yet. Count it and confirm the count first."


class NothingCounted(PosError):
    """There is no count to give up."""

    sentence = "No count was begun. Go on selling, or count the drawer."


class CountIsStale(PosError):
    """Cash came or went after the count was confirmed."""

    sentence = "Cash came or went after the drawer was counted. Check the count and confirm again."


class ShiftState(StrEnum):
    """How far a shift is."""

    OPEN = "open"
    COUNTING = "counting"
    COUNTED = "counted"
    CLOSED = "closed"


class ShiftAction(StrEnum):
    """What is done with a shift after it was opened."""

    MOVE = "move"
    COUNT = "count"
    CONFIRM = "confirm"
    GIVE_UP = "give_up"
    CLOSE = "close"


class ShiftWarning(StrEnum):
    """What is unusual about an open shift."""

    OPEN_SINCE_ANOTHER_DAY = "open_since_another_day"
    CLOCK_SET_BACK = "clock_set_back"
    CLOSING_INTERRUPTED = "closing_interrupted"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the store: the last document's row and the last journal entry up to there."""

    sale_row: int = 0
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift of one drawer; times are UTC, `number` counts the till's shifts from 1.

    Its documents are those after `since` (the last closing), its cash what came after `opened`,
    because what was sold between the two lay in the drawer when the opening was counted.
    `opening_expected` is what should have lain there then. `grand_total_before` is all turnover
    of the till up to `since`. `expected` is what should have been there when it was counted.
    `epoch` is the store's at the opening, and then the one in which its Z was numbered;
    `opened_epoch` stays the one in which `number` was taken (0 where nobody wrote it down).
    """

    id: str
    number: int
    epoch: int
    drawer: str
    currency: str
    since: Mark
    opened: Mark
    opened_at: datetime
    opened_by: str
    business_day: date
    opening: tuple[CashCount, ...]
    opening_expected: tuple[Money, ...]
    grand_total_before: Money
    state: ShiftState = ShiftState.OPEN
    counts: tuple[CashCount, ...] = ()
    counted_at: datetime | None = None
    counted_by: str = ""
    expected: tuple[Money, ...] = ()
    closed_at: datetime | None = None
    closed_by: str = ""
    ended: Mark | None = None
    report: ShiftReport | None = None
    kept: tuple[CashCount, ...] = ()
    bagged: tuple[CashCount, ...] = ()
    bag_reference: str = ""
    note: str = ""
    opened_epoch: int = 0

    @property
    def is_closed(self) -> bool:
        """Whether nothing about it can change any more."""
        return self.state is ShiftState.CLOSED

    @property
    def z_number(self) -> int:
        """The number of its Z report, or 0 before it is closed."""
        return 0 if self.report is None else self.report.number


_NEXT = {
    (ShiftState.OPEN, ShiftAction.MOVE): ShiftState.OPEN,
    (ShiftState.OPEN, ShiftAction.COUNT): ShiftState.COUNTING,
    (ShiftState.OPEN, ShiftAction.CONFIRM): ShiftState.COUNTED,
    (ShiftState.COUNTING, ShiftAction.MOVE): ShiftState.COUNTING,
    (ShiftState.COUNTING, ShiftAction.COUNT): ShiftState.COUNTING,
    (ShiftState.COUNTING, ShiftAction.CONFIRM): ShiftState.COUNTED,
    (ShiftState.COUNTING, ShiftAction.GIVE_UP): ShiftState.OPEN,
    (ShiftState.COUNTED, ShiftAction.MOVE): ShiftState.COUNTING,
    (ShiftState.COUNTED, ShiftAction.COUNT): ShiftState.COUNTING,
    (ShiftState.COUNTED, ShiftAction.CONFIRM): ShiftState.COUNTED,
    (ShiftState.COUNTED, ShiftAction.GIVE_UP): ShiftState.OPEN,
    (ShiftState.COUNTED, ShiftAction.CLOSE): ShiftState.CLOSED,
}


def state_after(state: ShiftState, action: ShiftAction) -> ShiftState:
    """Return how far a shift is after an action; raises ShiftIsClosed, CountFirst, NothingCounted.

    Cash that moves after the count was confirmed opens the count again.
    """
    found = _NEXT.get((state, action))
    if found is not None:
        return found
    if state is ShiftState.CLOSED:
        raise ShiftIsClosed()
    raise CountFirst() if action is ShiftAction.CLOSE else NothingCounted()


def moved(shift: Shift) -> Shift:
    """Return the shift after cash moved without a sale."""
    return replace(shift, state=state_after(shift.state, ShiftAction.MOVE))


def counting(shift: Shift, counts: tuple[CashCount, ...]) -> Shift:
    """Return the shift with a count in progress, so that a restart does not lose it."""
    return replace(shift, state=state_after(shift.state, ShiftAction.COUNT), counts=counts)


def confirmed(
    shift: Shift,
    counts: tuple[CashCount, ...],
    expected: tuple[Money, ...],
    at: datetime,
    by: str,
) -> Shift:
    """Return the shift with its count confirmed against what should have been there."""
    state = state_after(shift.state, ShiftAction.CONFIRM)
    return replace(
        shift, state=state, counts=counts, expected=expected, counted_at=at, counted_by=by
    )


def given_up(shift: Shift) -> Shift:
    """Return the shift without the count that was begun."""
    state = state_after(shift.state, ShiftAction.GIVE_UP)
    return replace(shift, state=state, counts=(), expected=(), counted_at=None, counted_by="")


def closed(
    shift: Shift,
    report: ShiftReport,
    ended: Mark,
    at: datetime,
    by: str,
    *,
    kept: tuple[CashCount, ...] = (),
    bagged: tuple[CashCount, ...] = (),
    bag_reference: str = "",
    note: str = "",
) -> Shift:
    """Return the shift closed with its Z report.

    Raises ShiftIsClosed, CountFirst, or CountIsStale where cash came or went after the count.
    """
    state = state_after(shift.state, ShiftAction.CLOSE)
    if set(nonzero(drawer.expected for drawer in report.drawers)) != set(nonzero(shift.expected)):
        raise CountIsStale()
    return replace(
        shift,
        state=state,
        report=report,
        ended=ended,
        closed_at=at,
        closed_by=by,
        kept=kept,
        bagged=bagged,
        bag_reference=bag_reference,
        note=note,
    )


def nonzero(amounts: Iterable[Money]) -> list[Money]:
    """Return the amounts that are not zero."""
    return [amount for amount in amounts if amount]


def warnings_of(shift: Shift, now: datetime, today: date, last_at: datetime) -> list[ShiftWarning]:
    """Return what is unusual; `last_at` is when something was written last, all times UTC.

    A clock that was set back harms no figure: documents count in the order of writing.
    """
    found = []
    if today > shift.business_day:
        found.append(ShiftWarning.OPEN_SINCE_ANOTHER_DAY)
    if now < max(shift.opened_at, last_at):
        found.append(ShiftWarning.CLOCK_SET_BACK)
    if shift.state in (ShiftState.COUNTING, ShiftState.COUNTED):
        found.append(ShiftWarning.CLOSING_INTERRUPTED)
    return found

"""A shift goes from open over counted to closed, and nothing else happens to it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from pos_app.domain import shift as rules
from pos_app.domain.cash_count import CashCount, Pieces
from pos_app.domain.cash_movement import (
    AmountNotPositive,
    CashMovement,
    LessInDrawer,
    MovementKind,
    ReasonMissing,
    check_movement,
)
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.shift import (
    CountFirst,
    CountIsStale,
    Mark,
    NothingCounted,
    Shift,
    ShiftAction,
    ShiftIsClosed,
    ShiftState,
    ShiftWarning,
)
from pos_app.domain.shift_report import (
    CashFlow,
    ForeignFigure,
    SalesFigures,
    ShiftReport,
    drawer_figures,
)

AT = datetime(2026, 3, 4, 9, tzinfo=UTC)
S, A = ShiftState, ShiftAction
EXPECTED: dict[tuple[ShiftState, ShiftAction], ShiftState | type[PosError]] = {
    (S.OPEN, A.MOVE): S.OPEN,
    (S.OPEN, A.COUNT): S.COUNTING,
    (S.OPEN, A.CONFIRM): S.COUNTED,
    (S.OPEN, A.GIVE_UP): NothingCounted,
    (S.OPEN, A.CLOSE): CountFirst,
    (S.COUNTING, A.MOVE): S.COUNTING,
    (S.COUNTING, A.COUNT): S.COUNTING,
    (S.COUNTING, A.CONFIRM): S.COUNTED,
    (S.COUNTING, A.GIVE_UP): S.OPEN,
    (S.COUNTING, A.CLOSE): CountFirst,
    (S.COUNTED, A.MOVE): S.COUNTING,
    (S.COUNTED, A.COUNT): S.COUNTING,
    (S.COUNTED, A.CONFIRM): S.COUNTED,
    (S.COUNTED, A.GIVE_UP): S.OPEN,
    (S.COUNTED, A.CLOSE): S.CLOSED,
    **{(S.CLOSED, action): ShiftIsClosed for action in A},
}


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def count(amount: str) -> CashCount:
    return CashCount("EUR", (Pieces(Decimal(amount), 1),))


def shift(state: ShiftState = S.OPEN, **changes: object) -> Shift:
    fields: dict[str, object] = {
        "id": "s",
        "number": 1,
        "epoch": 1,
        "drawer": "1",
        "currency": "EUR",
        "since": Mark(),
        "opened": Mark(),
        "opened_at": AT,
        "opened_by": "1",
        "business_day": AT.date(),
        "opening": (count("100"),),
        "opening_expected": (),
        "grand_total_before": eur("0"),
        "state": state,
    }
    return Shift(**{**fields, **changes})  # type: ignore[arg-type]


def report(expected: str) -> ShiftReport:
    nothing = eur("0")
    sales = SalesFigures(
        (), 0, "", "", *[nothing] * 3, (), (), (), CashFlow(nothing), *[nothing] * 5
    )
    drawers = drawer_figures("EUR", (count(expected),), CashFlow(nothing), ())
    return ShiftReport(1, AT, AT.date(), sales, (), drawers, nothing, 0, nothing, nothing)


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("action", A)
def test_every_action_in_every_state(state: ShiftState, action: ShiftAction) -> None:
    wanted = EXPECTED[state, action]
    if isinstance(wanted, ShiftState):
        assert rules.state_after(state, action) is wanted
        return
    with pytest.raises(wanted) as refused:
        rules.state_after(state, action)
    assert str(refused.value).endswith(".")


def test_the_table_of_states_is_whole() -> None:
    assert len(EXPECTED) == len(S) * len(A)


def test_a_count_is_kept_confirmed_and_given_up() -> None:
    begun = rules.counting(shift(), (count("50"),))
    assert begun.counts == (count("50"),)
    sure = rules.confirmed(begun, (count("100"),), (eur("100"),), AT, "2")
    assert (sure.state, sure.counted_by) == (S.COUNTED, "2")
    assert rules.given_up(sure) == shift()


def test_a_closed_shift_has_its_report_and_its_parted_cash() -> None:
    sure = rules.confirmed(shift(), (count("100"),), (eur("100"),), AT, "1")
    done = rules.closed(sure, report("100"), Mark(3, 9), AT, "1", kept=(count("100"),))
    assert done.is_closed
    assert done.z_number == 1
    assert done.ended == Mark(3, 9)
    with pytest.raises(ShiftIsClosed):
        rules.counting(done, ())


def test_cash_that_came_after_the_count_is_not_closed_over() -> None:
    sure = rules.confirmed(shift(), (count("100"),), (eur("100"),), AT, "1")
    with pytest.raises(CountIsStale):
        rules.closed(sure, report("110"), Mark(), AT, "1")


@pytest.mark.parametrize(
    ("kind", "amount", "reason", "refusal"),
    [
        (MovementKind.PAY_IN, "0", "change", AmountNotPositive),
        (MovementKind.PAY_IN, "-5", "change", AmountNotPositive),
        (MovementKind.PAY_OUT, "5", "  ", ReasonMissing),
        (MovementKind.PAY_OUT, "100.01", "stamps", LessInDrawer),
        (MovementKind.DROP, "101", "safe", LessInDrawer),
        (MovementKind.PAY_OUT, "100", "stamps", None),
        (MovementKind.PAY_IN, "500", "change", None),
    ],
)
def test_what_cannot_be_moved_says_why(
    kind: MovementKind, amount: str, reason: str, refusal: type[PosError] | None
) -> None:
    movement = CashMovement("m", "s", 1, kind, eur(amount), reason, AT, "1")
    if refusal is None:
        check_movement(movement, eur("100"))
        return
    with pytest.raises(refusal) as refused:
        check_movement(movement, eur("100"))
    assert str(refused.value).endswith(".")


def test_a_drawer_adds_up_in_each_currency() -> None:
    dollars = CashCount("USD", (Pieces(Decimal(20), 1),))
    moved = [
        CashMovement("a", "s", 1, MovementKind.PAY_IN, eur("10"), "change", AT, "1"),
        CashMovement("b", "s", 2, MovementKind.PAY_OUT, eur("3"), "stamps", AT, "1"),
        CashMovement("c", "s", 3, MovementKind.DROP, eur("50"), "safe", AT, "1"),
    ]
    flow = CashFlow(eur("40"), (ForeignFigure(1, Money.of(20, "USD"), eur("18.40")),))
    own, foreign = drawer_figures("EUR", (count("100"),), flow, moved, (count("90"), dollars))
    assert own.expected == eur("97")
    assert own.difference == eur("-7")
    assert foreign.expected == Money.of(20, "USD")
    assert foreign.difference == Money.of(0, "USD")


def test_an_open_shift_says_what_is_unusual() -> None:
    evening, today = AT + timedelta(hours=9), AT.date()
    assert rules.warnings_of(shift(), evening, today, AT) == []
    tomorrow = date(2026, 3, 5)
    found = rules.warnings_of(shift(), evening, tomorrow, AT)
    assert found == [ShiftWarning.OPEN_SINCE_ANOTHER_DAY]
    back = rules.warnings_of(shift(), AT - timedelta(minutes=1), today, AT)
    assert back == [ShiftWarning.CLOCK_SET_BACK]
    begun = rules.warnings_of(shift(S.COUNTING), evening, today, AT)
    assert begun == [ShiftWarning.CLOSING_INTERRUPTED]

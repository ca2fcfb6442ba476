"""Value held for customers: every action in every state, and the arithmetic around it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain import stored_value as rules
from pos_app.domain.card_number import is_card_code, passes_luhn
from pos_app.domain.errors import PosError
from pos_app.domain.stored_value import (
    AlreadyIssued,
    CreditLimitReached,
    NotBlocked,
    NotEnoughPoints,
    NotEnoughValue,
    OfflineAllowanceReached,
    SpentAlready,
    StoredValue,
    ValueAction,
    ValueHasExpired,
    ValueIsBlocked,
    ValueKind,
    ValueNotPositive,
    ValueState,
)
from pos_app.domain.value_numbers import (
    NumberMistyped,
    check_digit,
    checked,
    grouped,
    kind_of,
    number_of,
    short,
)

TODAY = date(2026, 3, 4)
CARD = StoredValue("gift_card:GC1", ValueKind.GIFT_CARD, "GC1", "EUR", 5000)
DO: dict[ValueAction, Callable[[StoredValue], StoredValue]] = {
    ValueAction.ISSUE: lambda one: rules.issue(one, one, 100),
    ValueAction.TOP_UP: lambda one: rules.top_up(one, 100),
    ValueAction.REDEEM: lambda one: rules.redeem(one, 100, TODAY),
    ValueAction.REFUND: lambda one: rules.refund_to(one, 100),
    ValueAction.TAKE_BACK: lambda one: rules.take_back(one, 100),
    ValueAction.EXPIRE: rules.expire,
    ValueAction.BLOCK: rules.block,
    ValueAction.UNBLOCK: rules.unblock,
    ValueAction.CONFIRM: lambda one: rules.confirm(one, 4000),
}
A, B, E = ValueState.ACTIVE, ValueState.BLOCKED, ValueState.EXPIRED
# What becomes of a card with 50.00 on it: its state and balance, or the refusal.
TABLE = {
    A: [AlreadyIssued, (A, 5100), (A, 4900), (A, 5100), (A, 4900), (E, 0), (B, 5000), NotBlocked,
        (A, 4000)],
    B: [AlreadyIssued, ValueIsBlocked, ValueIsBlocked, (B, 5100), (B, 4900), (E, 0),
        ValueIsBlocked, (A, 5000), (B, 4000)],
    E: [AlreadyIssued, ValueHasExpired, ValueHasExpired, (A, 5100), (E, 4900), ValueHasExpired,
        ValueHasExpired, ValueHasExpired, (E, 4000)],
}  # fmt: skip


@pytest.mark.parametrize("state", ValueState)
@pytest.mark.parametrize("action", ValueAction)
def test_every_action_in_every_state(state: ValueState, action: ValueAction) -> None:
    wanted = TABLE[state][list(ValueAction).index(action)]
    account = replace(CARD, state=state, expires=TODAY if state is E else None)
    if isinstance(wanted, tuple):
        after = DO[action](account)
        assert (after.state, after.balance) == wanted
    else:
        with pytest.raises(wanted):
            DO[action](account)


@pytest.mark.parametrize(
    ("account", "units", "refusal"),
    [
        (CARD, 5001, NotEnoughValue),
        (CARD, 0, ValueNotPositive),
        (CARD, -5, ValueNotPositive),
        (replace(CARD, expires=date(2026, 3, 3)), 1, ValueHasExpired),
        (replace(CARD, kind=ValueKind.POINTS, currency=""), 5001, NotEnoughPoints),
        (replace(CARD, kind=ValueKind.ACCOUNT, limit=1000), 6001, CreditLimitReached),
        (replace(CARD, balance=0, is_foreign=True, limit=500), 501, OfflineAllowanceReached),
    ],
)
def test_nothing_is_spent_beyond_what_there_is(
    account: StoredValue, units: int, refusal: type[PosError]
) -> None:
    with pytest.raises(refusal):
        rules.redeem(account, units, TODAY)


def test_a_card_is_good_on_its_last_day_and_an_account_down_to_its_limit() -> None:
    assert rules.redeem(replace(CARD, expires=TODAY), 5000, TODAY).balance == 0
    account = replace(CARD, kind=ValueKind.ACCOUNT, limit=1000)
    assert rules.redeem(account, 6000, TODAY).balance == -1000
    assert rules.redeem(replace(account, limit=None), 999_999, TODAY).balance == -994_999


def test_a_till_alone_lets_only_its_allowance_be_spent_until_head_office_confirms() -> None:
    once = rules.redeem(CARD, 1500, TODAY, allowance=2000)
    with pytest.raises(OfflineAllowanceReached) as refused:
        rules.redeem(once, 501, TODAY, allowance=2000)
    assert refused.value.fields["left"].minor == 500  # type: ignore[attr-defined]
    assert rules.redeem(rules.refund_to(once, 1500), 2000, TODAY, allowance=2000).balance == 3000
    assert rules.redeem(rules.confirm(once, 3500), 2000, TODAY, allowance=2000).balance == 1500


def test_a_load_that_was_spent_cannot_be_taken_back_but_points_can() -> None:
    with pytest.raises(SpentAlready):
        rules.take_back(CARD, 5001)
    assert rules.take_back(replace(CARD, kind=ValueKind.POINTS), 6000).balance == -1000


def test_what_is_owed_stays_owed_when_an_account_runs_out() -> None:
    assert rules.expire(replace(CARD, balance=-300)).balance == -300


@given(st.integers(0, 10**13 - 1), st.sampled_from(list(ValueKind)[:3]))
def test_a_number_reads_back_and_never_passes_for_a_payment_card(
    serial: int, kind: ValueKind
) -> None:
    number = number_of(kind, serial)
    if number is None:
        return
    assert kind_of(number) is kind
    assert checked(f" {grouped(number).lower()} ", kind) == number
    assert checked(number[2:], kind) == number
    assert not passes_luhn(number[2:])
    assert short(number) == f"*{number[-4:]}"


@given(st.integers(0, 10**13 - 1), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(serial: int, place: int, by: int) -> None:
    digits = f"{serial:013d}"
    digits += str(check_digit(digits))
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    with pytest.raises(NumberMistyped):
        checked(f"GC{wrong}", ValueKind.GIFT_CARD)


def test_the_check_digit_is_that_of_the_standard() -> None:
    assert check_digit("0794") == 5  # ISO/IEC 7064, the example of MOD 11,10


def test_a_card_that_came_with_a_number_keeps_it() -> None:
    assert checked("shop-77", ValueKind.GIFT_CARD) == "SHOP-77"


@pytest.mark.parametrize(
    ("code", "is_card"),
    [
        ("4111111111111111", True),
        ("378282246310005", True),
        ("%B4111111111111111^A/B^2512", True),
        (";4111111111111111=2512", True),
        ("4006381333931", False),
        ("14006381333938", False),
        ("340123450000000018", False),
        ("4111111111111112", False),
    ],
)
def test_a_payment_card_is_told_from_goods(code: str, is_card: bool) -> None:
    assert is_card_code(code) is is_card

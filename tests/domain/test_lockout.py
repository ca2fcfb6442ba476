"""Wrong PINs: three are free, then the wait doubles, and no clock that is set shortens it."""

from datetime import UTC, datetime, timedelta

import pytest

from pos_app.domain.lockout import LockedOut, Tries, check_tries, failed
from pos_app.domain.staff import PinNotPossible, PinTooSimple, check_pin

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
UPTIME_MS = 5_000_000


def after(failures: int) -> Tries:
    tries = Tries()
    for _ in range(failures):
        tries = failed(tries, NOW, UPTIME_MS)
    return tries


@pytest.mark.parametrize(
    ("failures", "wait_s"),
    [(0, 0), (1, 0), (2, 0), (3, 30), (4, 60), (5, 120), (7, 480), (8, 900), (400, 900)],
)
def test_the_wait_grows_with_each_wrong_try(failures: int, wait_s: int) -> None:
    tries = after(failures)
    assert (tries.until or NOW) - NOW == timedelta(seconds=wait_s)
    check_tries(tries, UPTIME_MS + wait_s * 1000)
    if wait_s:
        with pytest.raises(LockedOut) as refused:
            check_tries(tries, UPTIME_MS + 1)
        assert refused.value.fields["seconds"] == wait_s


def test_a_machine_that_was_started_anew_has_waited_as_long_as_it_runs() -> None:
    with pytest.raises(LockedOut) as refused:
        check_tries(after(4), 10_000)
    assert refused.value.fields["seconds"] == 50
    check_tries(after(4), 60_000)


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "12.4", "１２３４", "12 34"])
def test_a_pin_is_four_to_eight_digits(pin: str) -> None:
    with pytest.raises(PinNotPossible):
        check_pin(pin)


@pytest.mark.parametrize("pin", ["0000", "1234", "9876", "55555", "12345678"])
def test_a_pin_that_anybody_tries_first_is_refused(pin: str) -> None:
    with pytest.raises(PinTooSimple):
        check_pin(pin)


@pytest.mark.parametrize("pin", ["2580", "1357", "7294", "90210", "11112222"])
def test_other_pins_are_possible(pin: str) -> None:
    check_pin(pin)

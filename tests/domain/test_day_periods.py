"""The periods of the manager's day: what a word means, steps to and fro, and what is compared."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.day_periods import (
    Comparison,
    DayChoice,
    choice_of,
    compared_period,
    day_period,
    stepped,
)
from pos_app.domain.report_period import Grain, ReportPeriod

SUNDAY = date(2026, 3, 1)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def period(start: str, end: str) -> ReportPeriod:
    return ReportPeriod(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("choice", "start", "end"),
    [
        (DayChoice.TODAY, "2026-03-01", "2026-03-01"),
        (DayChoice.YESTERDAY, "2026-02-28", "2026-02-28"),
        (DayChoice.THIS_WEEK, "2026-02-23", "2026-03-01"),
        (DayChoice.LAST_WEEK, "2026-02-16", "2026-02-22"),
        (DayChoice.THIS_MONTH, "2026-03-01", "2026-03-01"),
        (DayChoice.LAST_MONTH, "2026-02-01", "2026-02-28"),
        (DayChoice.THIS_YEAR, "2026-01-01", "2026-03-01"),
    ],
)
def test_a_word_means_these_days(choice: DayChoice, start: str, end: str) -> None:
    assert day_period(choice, SUNDAY) == period(start, end)


@pytest.mark.parametrize(
    ("before", "ways", "after"),
    [
        (("2026-03-01", "2026-03-01"), -1, ("2026-02-28", "2026-02-28")),
        (("2026-02-27", "2026-02-27"), 1, ("2026-02-28", "2026-02-28")),
        (("2026-02-23", "2026-03-01"), -1, ("2026-02-16", "2026-02-22")),
        (("2026-02-01", "2026-02-28"), -1, ("2026-01-01", "2026-01-31")),
        (("2026-01-01", "2026-01-31"), 1, ("2026-02-01", "2026-02-28")),
        (("2026-02-01", "2026-02-28"), 1, ("2026-03-01", "2026-03-01")),
        (("2026-01-01", "2026-03-01"), -1, ("2025-01-01", "2025-12-31")),
        (("2026-02-10", "2026-02-12"), -1, ("2026-02-07", "2026-02-09")),
        (("2026-02-24", "2026-02-27"), 1, ("2026-02-28", "2026-03-01")),
        (("2026-03-01", "2026-03-01"), 1, ("2026-03-01", "2026-03-01")),
    ],
)
def test_a_step_goes_to_the_neighbour_and_never_beyond_today(
    before: tuple[str, str], ways: int, after: tuple[str, str]
) -> None:
    assert stepped(period(*before), ways, SUNDAY) == period(*after)


def test_on_the_first_of_a_month_a_step_back_from_this_month_is_last_month() -> None:
    begun = day_period(DayChoice.THIS_MONTH, SUNDAY)
    assert stepped(begun, -1, SUNDAY, Grain.MONTH) == period("2026-02-01", "2026-02-28")


def test_days_are_called_by_the_shortest_word_that_fits() -> None:
    assert choice_of(period("2026-03-01", "2026-03-01"), SUNDAY) is DayChoice.TODAY
    assert choice_of(period("2026-02-16", "2026-02-22"), SUNDAY) is DayChoice.LAST_WEEK
    assert choice_of(period("2026-02-16", "2026-02-21"), SUNDAY) is None


@pytest.mark.parametrize(
    ("days", "comparison", "compared"),
    [
        (("2026-03-01", "2026-03-01"), Comparison.SAME_WEEKDAYS, ("2026-02-22", "2026-02-22")),
        (("2026-02-01", "2026-02-28"), Comparison.SAME_WEEKDAYS, ("2026-01-04", "2026-01-31")),
        (("2026-02-01", "2026-02-28"), Comparison.PERIOD_BEFORE, ("2026-01-04", "2026-01-31")),
        (("2026-02-10", "2026-02-12"), Comparison.PERIOD_BEFORE, ("2026-02-07", "2026-02-09")),
        (("2024-02-01", "2024-02-29"), Comparison.LAST_YEAR, ("2023-02-01", "2023-02-28")),
    ],
)
def test_a_period_is_held_against_these_days(
    days: tuple[str, str], comparison: Comparison, compared: tuple[str, str]
) -> None:
    assert compared_period(period(*days), comparison) == period(*compared)


@given(DAYS, st.sampled_from(list(DayChoice)), st.integers(1, 5))
def test_steps_back_and_on_again_lead_to_the_same_days(
    today: date, choice: DayChoice, steps: int
) -> None:
    """A period cut off by today comes back cut off by the same day."""
    begun = found = day_period(choice, today)
    for _ in range(steps):
        before = stepped(found, -1, today)
        assert before.end == found.start - timedelta(days=1)
        found = before
    for _ in range(steps):
        found = stepped(found, 1, today)
    if begun.days > 1:
        assert found == begun
    else:
        assert found.start <= begun.start <= found.end

"""The periods of the manager's day: chosen by a word, stepped to and fro, and compared."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pos_app.domain.day_review import week_before
from pos_app.domain.report_period import Grain, ReportPeriod, first_day, last_day

_WHOLE = (Grain.WEEK, Grain.MONTH, Grain.YEAR)


class DayChoice(StrEnum):
    """Periods that a manager asks for most; the present ones end today."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_YEAR = "this_year"


class Comparison(StrEnum):
    """What a period is held against; `OWN` is any other period."""

    SAME_WEEKDAYS = "same_weekdays"
    PERIOD_BEFORE = "period_before"
    LAST_YEAR = "last_year"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class _Words:
    """Which piece of the calendar a choice is, and how many of them ago."""

    grain: Grain
    ago: int


_CHOICES = {
    DayChoice.TODAY: _Words(Grain.DAY, 0),
    DayChoice.YESTERDAY: _Words(Grain.DAY, 1),
    DayChoice.THIS_WEEK: _Words(Grain.WEEK, 0),
    DayChoice.LAST_WEEK: _Words(Grain.WEEK, 1),
    DayChoice.THIS_MONTH: _Words(Grain.MONTH, 0),
    DayChoice.LAST_MONTH: _Words(Grain.MONTH, 1),
    DayChoice.THIS_YEAR: _Words(Grain.YEAR, 0),
}


def day_period(choice: DayChoice, today: date) -> ReportPeriod:
    """Return the days that a choice means on a day; weeks begin on Monday (ISO 8601)."""
    words = _CHOICES[choice]
    start = first_day(today, words.grain)
    for _ in range(words.ago):
        start = first_day(start - timedelta(days=1), words.grain)
    return ReportPeriod(start, min(last_day(start, words.grain), today))


def choice_of(period: ReportPeriod, today: date) -> DayChoice | None:
    """Return the word for a period, None where it has none; the shortest word that fits."""
    return next((one for one in DayChoice if day_period(one, today) == period), None)


def grain_of_choice(choice: DayChoice) -> Grain:
    """Return which piece of the calendar a word means."""
    return _CHOICES[choice].grain


def stepped(
    period: ReportPeriod, ways: int, today: date, grain: Grain | None = None
) -> ReportPeriod:
    """Return the period before (`ways` -1) or after (1) one, never beyond today.

    A week, month or year, whole or up to today, steps to its whole neighbour; other periods step by
    their own length. `grain` says which it is where the days alone do not: on the first of a month
    they are one day. Where there is nothing further the period stays as it is.
    """
    grain = grain or calendar_piece(period, today)
    if grain is None:
        length = timedelta(days=period.days * ways)
        start, end = period.start + length, period.end + length
    else:
        beside = period.start - timedelta(days=1) if ways < 0 else last_day(period.start, grain)
        start = first_day(beside if ways < 0 else beside + timedelta(days=1), grain)
        end = last_day(start, grain)
    return period if start > today else ReportPeriod(start, min(end, today))


def calendar_piece(period: ReportPeriod, today: date) -> Grain | None:
    """Return which piece of the calendar a period of several days is, None for any other."""
    if period.days == 1:
        return None
    for grain in _WHOLE:
        starts = first_day(period.start, grain) == period.start
        if starts and period.end in (last_day(period.start, grain), _within(period, grain, today)):
            return grain
    return None


def compared_period(period: ReportPeriod, comparison: Comparison) -> ReportPeriod:
    """Return what a period is held against: the same weekdays before for `OWN` too.

    29 February is held against the 28th of a year that has none.
    """
    match comparison:
        case Comparison.PERIOD_BEFORE:
            length = timedelta(days=period.days)
            return ReportPeriod(period.start - length, period.end - length)
        case Comparison.LAST_YEAR:
            return ReportPeriod(_year_before(period.start), _year_before(period.end))
        case _:
            return week_before(period)


def _within(period: ReportPeriod, grain: Grain, today: date) -> date | None:
    """Return today where the present piece of the calendar is meant."""
    return today if first_day(today, grain) == period.start else None


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)

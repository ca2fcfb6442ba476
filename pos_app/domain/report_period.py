"""The days that a report is about, and how they are cut into days, weeks, months or years."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pos_app.domain.errors import PosError

# A chart of more pieces than this shows nothing any more.
_MOST_PIECES = 400
_DAYS_BY_DAY, _DAYS_BY_WEEK = 31, 92


class PeriodTurned(PosError):
    """The last day of a report is before its first."""

    sentence = "The report would end on {end}, before it begins on {start}. Check the two dates."


class Grain(StrEnum):
    """How long the pieces of a period are; a week begins on Monday (ISO 8601)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class PeriodChoice(StrEnum):
    """Periods that are asked for most; each ends today or is over."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """The business days from `start` to `end`, both within."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days they are."""
        return (self.end - self.start).days + 1


def period_of(start: date, end: date) -> ReportPeriod:
    """Return the period between two days; raises PeriodTurned."""
    if end < start:
        raise PeriodTurned(start=start, end=end)
    return ReportPeriod(start, end)


def chosen_period(choice: PeriodChoice, today: date) -> ReportPeriod:
    """Return the days that a choice means on a day; the present ones end with it."""
    first_of_month = today.replace(day=1)
    match choice:
        case PeriodChoice.THIS_MONTH:
            return ReportPeriod(first_of_month, today)
        case PeriodChoice.LAST_MONTH:
            before = first_of_month - timedelta(days=1)
            return ReportPeriod(before.replace(day=1), before)
        case PeriodChoice.THIS_QUARTER:
            return ReportPeriod(date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), today)
        case PeriodChoice.THIS_YEAR:
            return ReportPeriod(date(today.year, 1, 1), today)
        case PeriodChoice.LAST_YEAR:
            return ReportPeriod(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))


def grain_of(period: ReportPeriod, wanted: Grain | None = None) -> Grain:
    """Return how a period is cut: as wanted unless the pieces would be too many to look at."""
    if wanted is None:
        wanted = Grain.MONTH
        if period.days <= _DAYS_BY_WEEK:
            wanted = Grain.DAY if period.days <= _DAYS_BY_DAY else Grain.WEEK
    grains = list(Grain)
    for grain in grains[grains.index(wanted) :]:
        if _least_pieces(period, grain) <= _MOST_PIECES:
            return grain
    return Grain.YEAR


def first_day(day: date, grain: Grain) -> date:
    """Return the first day of the piece in which a day lies."""
    match grain:
        case Grain.DAY:
            return day
        case Grain.WEEK:
            return date.fromordinal(max(day.toordinal() - day.weekday(), 1))
        case Grain.MONTH:
            return day.replace(day=1)
        case Grain.YEAR:
            return date(day.year, 1, 1)


def last_day(day: date, grain: Grain) -> date:
    """Return the last day of the piece in which a day lies."""
    match grain:
        case Grain.DAY:
            return day
        case Grain.WEEK:
            return date.fromordinal(min(day.toordinal() + 6 - day.weekday(), date.max.toordinal()))
        case Grain.MONTH:
            if day.month == 12:
                return date(day.year, 12, 31)
            return date(day.year, day.month + 1, 1) - timedelta(days=1)
        case Grain.YEAR:
            return date(day.year, 12, 31)


def pieces(period: ReportPeriod, grain: Grain) -> Iterator[date]:
    """Yield the first day of each piece of a period, also of those at its edges."""
    day = first_day(period.start, grain)
    while day <= period.end:
        yield day
        last = last_day(day, grain)
        if last == date.max:
            return
        day = last + timedelta(days=1)


def _least_pieces(period: ReportPeriod, grain: Grain) -> int:
    lengths = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 31, Grain.YEAR: 366}
    return period.days // lengths[grain]

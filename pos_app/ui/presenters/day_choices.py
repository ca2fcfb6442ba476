"""Which days the day screen shows, what they are compared with, and in which currency."""

from dataclasses import dataclass, replace
from datetime import date

from pos_app.domain.day_periods import (
    Comparison,
    DayChoice,
    choice_of,
    compared_period,
    day_period,
    grain_of_choice,
    stepped,
)
from pos_app.domain.report_period import ReportPeriod, period_of
from pos_app.texts import later, t
from pos_app.ui.presenters.product_form import Choice

OWN_DAYS = "own"
START, END = "start", "end"
BEFORE_START, BEFORE_END = "before_start", "before_end"
_PERIODS = {
    DayChoice.TODAY: later("Today"),
    DayChoice.YESTERDAY: later("Yesterday"),
    DayChoice.THIS_WEEK: later("This week"),
    DayChoice.LAST_WEEK: later("Last week"),
    DayChoice.THIS_MONTH: later("This month"),
    DayChoice.LAST_MONTH: later("Last month"),
    DayChoice.THIS_YEAR: later("This year"),
}
_COMPARISONS = {
    Comparison.SAME_WEEKDAYS: later("Same weekdays"),
    Comparison.PERIOD_BEFORE: later("Period before"),
    Comparison.LAST_YEAR: later("Last year"),
    Comparison.OWN: later("Other days"),
}


@dataclass(frozen=True, slots=True)
class DayChoices:
    """What is chosen on the screen; `before` is set while the comparison is with other days.

    An empty `key` means days that have no word.
    """

    period: ReportPeriod
    key: str = DayChoice.TODAY.value
    comparison: Comparison = Comparison.SAME_WEEKDAYS
    before: ReportPeriod | None = None
    currency: str = ""

    @property
    def compared(self) -> ReportPeriod:
        """The period that this one is held against."""
        return self.before or compared_period(self.period, self.comparison)


def first_choices(today: date) -> DayChoices:
    """Return what is chosen when the screen opens: today."""
    return DayChoices(day_period(DayChoice.TODAY, today))


def kept_up(choices: DayChoices, today: date) -> DayChoices:
    """Return them as they are meant on another day: today stays today after midnight."""
    if choices.key == OWN_DAYS:
        return choices
    return replace(choices, period=day_period(DayChoice(choices.key), today))


def with_period(choices: DayChoices, key: str, today: date) -> DayChoices:
    """Return them with a period by its key; own days keep those that stand there."""
    if key == OWN_DAYS:
        return replace(choices, key=key)
    return replace(choices, key=key, period=day_period(DayChoice(key), today))


def with_step(choices: DayChoices, ways: int, today: date) -> DayChoices:
    """Return them a period earlier (-1) or later (1); other days to compare with are let go."""
    grain = None if choices.key == OWN_DAYS else grain_of_choice(DayChoice(choices.key))
    period = stepped(choices.period, ways, today, grain)
    same = Comparison.SAME_WEEKDAYS if choices.before else choices.comparison
    found = choice_of(period, today)
    key = OWN_DAYS if found is None else found.value
    return replace(choices, period=period, key=key, comparison=same, before=None)


def with_day(choices: DayChoices, which: str, day: date) -> DayChoices:
    """Return them with one day typed or picked; raises PeriodTurned.

    A first day after the last one takes the last one along, and the other way round only where
    both are one day, so that a single day is chosen with one touch.
    """
    if which in (BEFORE_START, BEFORE_END):
        known = choices.compared
        new = _moved(known, which == BEFORE_START, day)
        return replace(choices, comparison=Comparison.OWN, before=new)
    return replace(choices, period=_moved(choices.period, which == START, day), key=OWN_DAYS)


def with_comparison(choices: DayChoices, key: str) -> DayChoices:
    """Return them held against something else; other days begin with those that stand there."""
    chosen = Comparison(key)
    before = choices.compared if chosen is Comparison.OWN else None
    return replace(choices, comparison=chosen, before=before)


def day_of(choices: DayChoices, which: str) -> date:
    """Return the day that a field shows."""
    return {
        START: choices.period.start,
        END: choices.period.end,
        BEFORE_START: choices.compared.start,
        BEFORE_END: choices.compared.end,
    }[which]


def period_choices() -> tuple[Choice, ...]:
    """Return the periods to choose from."""
    chosen = tuple(Choice(key.value, t(word)) for key, word in _PERIODS.items())
    return (*chosen, Choice(OWN_DAYS, t("Own days")))


def comparison_choices() -> tuple[Choice, ...]:
    """Return what can be compared with."""
    return tuple(Choice(key.value, t(word)) for key, word in _COMPARISONS.items())


def _moved(period: ReportPeriod, is_start: bool, day: date) -> ReportPeriod:
    if not is_start:
        if period.days == 1 and day < period.start:
            return ReportPeriod(day, day)
        return period_of(period.start, day)
    return ReportPeriod(day, max(day, period.end))

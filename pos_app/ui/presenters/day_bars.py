"""The chart of the day: takings by hour, day, week or month, with the line of another time."""

from dataclasses import dataclass, replace
from datetime import date

from pos_app.domain.day_figures import HourFigure, ReceiptQuery
from pos_app.domain.day_periods import Comparison
from pos_app.domain.day_review import DayReview, DaySum
from pos_app.domain.report_period import Grain, ReportPeriod, first_day, grain_of, last_day, pieces
from pos_app.texts import later, t
from pos_app.ui.presenters.day_state import Target
from pos_app.ui.presenters.day_writing import DayWriting
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.presenters.reports_chart import ChartGroup, ChartView, with_scale

_TITLES = {
    Grain.DAY: later("Takings by day"),
    Grain.WEEK: later("Takings by week"),
    Grain.MONTH: later("Takings by month"),
    Grain.YEAR: later("Takings by year"),
}


@dataclass(frozen=True, slots=True)
class _Bar:
    """Takings and tickets of a piece of time, and the takings of the other period there."""

    label: str
    full_label: str
    takings: int
    tickets: int
    before: int | None
    query: ReceiptQuery


def chart_of(
    review: DayReview, comparison: Comparison, say: DayWriting
) -> tuple[ChartView, tuple[str, ...], dict[str, Target]]:
    """Return the chart, the key of each bar, and where each leads."""
    is_day = review.period.days == 1
    bars = _by_hour(review) if is_day else _by_day(review, say)
    against = say.against(review, comparison)
    groups = tuple(_group(bar, against, say) for bar in bars)
    title = t("Takings by hour") if is_day else t(_TITLES[grain_of(review.period)])
    has_any = any(bar.takings or bar.before or bar.tickets for bar in bars)
    view = ChartView(
        title, (t("Takings"),), groups if has_any else (), line_name=against, opens=True
    )
    keys = tuple(f"bar:{place}" for place in range(len(bars)))
    targets = {key: Target(bar.full_label, bar.query) for key, bar in zip(keys, bars, strict=True)}
    return with_scale(view, say.amounts), keys, targets


def _group(bar: _Bar, against: str, say: DayWriting) -> ChartGroup:
    tickets = t("{count} tickets").format(count=say.count(bar.tickets))
    if bar.tickets == 1:
        tickets = t("1 ticket")
    texts = [say.minor(bar.takings), tickets]
    if bar.before is not None:
        texts.append(f"{against} {isolated(say.minor(bar.before))}")
    return ChartGroup(bar.label, (bar.takings,), tuple(texts), bar.full_label, bar.before)


def _by_hour(review: DayReview) -> list[_Bar]:
    now = {one.hour: one for one in review.hours}
    old = {one.hour: one for one in review.before.hours}
    known = [*now, *old]
    if not known:
        return []
    base = ReceiptQuery(review.period.start, review.period.end, review.currency)
    return [
        _hour_bar(hour, now.get(hour), old.get(hour), base, has_line=bool(old))
        for hour in range(min(known), max(known) + 1)
    ]


def _hour_bar(
    hour: int, now: HourFigure | None, old: HourFigure | None, base: ReceiptQuery, *, has_line: bool
) -> _Bar:
    before = (0 if old is None else old.takings) if has_line else None
    span = isolated(f"{hour:02}:00–{(hour + 1) % 24:02}:00")
    takings, tickets = (0, 0) if now is None else (now.takings, now.tickets)
    return _Bar(f"{hour:02}", span, takings, tickets, before, replace(base, hour=hour))


def _by_day(review: DayReview, say: DayWriting) -> list[_Bar]:
    grain = grain_of(review.period)
    now = _folded(review.days, review.period, grain)
    old = _shifted(review, grain)
    found = []
    for start in pieces(review.period, grain):
        takings, tickets = now.get(start, (0, 0))
        last = min(last_day(start, grain), review.period.end)
        query = ReceiptQuery(max(start, review.period.start), last, review.currency)
        label = say.days.short(start, grain)
        full = say.days.named(start, grain)
        if grain is Grain.DAY:
            full = say.days.short_with_weekday(start)
        found.append(_Bar(label, full, takings, tickets, old.get(start), query))
    return found


def _folded(
    days: tuple[DaySum, ...], period: ReportPeriod, grain: Grain
) -> dict[date, tuple[int, int]]:
    found: dict[date, tuple[int, int]] = {}
    for one in days:
        if period.start <= one.day <= period.end:
            start = first_day(one.day, grain)
            takings, tickets = found.get(start, (0, 0))
            found[start] = takings + one.totals.takings, tickets + one.totals.tickets
    return found


def _shifted(review: DayReview, grain: Grain) -> dict[date, int]:
    """The other period's takings laid upon this one's pieces, day upon day."""
    if not review.before.days:
        return {}
    period, before = review.period, review.before.period
    back = period.start - before.start
    laid = tuple(
        replace(one, day=one.day + back)
        for one in review.before.days
        if one.day + back <= period.end
    )
    found = _folded(laid, period, grain)
    return {start: found.get(start, (0, 0))[0] for start in pieces(period, grain)}

"""Takings over the hours of a day or the days of a period: bars, and what was before as a line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from babel.dates import format_date

from pos_app.domain.day_review import DaySum
from pos_app.domain.money import Money
from pos_app.domain.report_period import Grain, ReportPeriod, first_day, grain_of, pieces
from pos_app.printing.day_paper import DayPaper, Span, fitted
from pos_app.printing.day_telling import period_words
from pos_app.printing.document_sheet import FAINT, INK, MM, QUIET, Colour

_AXIS = 15 * MM
_TITLE = 17.0
_BELOW = 19.0
_BEFORE: Colour = (0.80, 0.45, 0.05)
_STEPS = (1, 2, 5)
_LEAST_PITCH = 11.0


@dataclass(frozen=True, slots=True)
class _Bar:
    """One piece of time: what it is called, what it took, and what was taken before (or None)."""

    label: str
    takings: int
    before: int | None


def draw_chart(paper: DayPaper, top: float, height: float) -> float:
    """Draw the chart with its title and what its signs mean; return where the page goes on."""
    bars = _bars(paper)
    _draw_title(paper, top)
    if not bars:
        start, end = paper.span
        words = paper.t("Nothing was sold.")
        paper.text(words, (start, end), top + _TITLE + 16, 8.5, QUIET)
        return top + _TITLE + 26
    plot_top, plot = top + _TITLE, height - _TITLE - _BELOW
    known = [bar.takings for bar in bars] + [bar.before for bar in bars if bar.before is not None]
    ticks = _ticks(min((0, *known)), max((1, *known)))
    low, high = ticks[0], ticks[-1]
    start, end = paper.span[0] + _AXIS, paper.span[1]

    def at(minor: int) -> float:
        return plot_top + plot * (high - minor) / (high - low)

    for tick in ticks:
        paper.sheet.fill((start, end), at(tick) - 0.2, 0.4, FAINT if tick else QUIET)
        amount = _rounded(paper, tick)
        paper.figure(amount, (paper.span[0], start - 5), at(tick) + 2.3, 6.5, QUIET)
    pitch = (end - start) / len(bars)
    _draw_bars(paper, bars, start, pitch, at)
    line = [
        (start + (place + 0.5) * pitch, at(bar.before))
        for place, bar in enumerate(bars)
        if bar.before is not None
    ]
    if len(line) > 1:
        paper.sheet.line(line, 1.3, _BEFORE)
    for x, y in line if len(bars) <= 40 else ():
        paper.sheet.fill((x - 1.4, x + 1.4), y - 1.4, 2.8, _BEFORE)
    return top + height + 6


def _draw_bars(
    paper: DayPaper, bars: Sequence[_Bar], start: float, pitch: float, at: Callable[[int], float]
) -> None:
    zero = at(0)
    width = max(pitch * 0.62, 0.4)
    every = max(1, -(-int(_LEAST_PITCH * 100) // max(int(pitch * 100), 1)))
    below = zero if all(bar.takings >= 0 for bar in bars) else at(min(b.takings for b in bars))
    for place, bar in enumerate(bars):
        middle = start + (place + 0.5) * pitch
        y = at(bar.takings)
        box = (middle - width / 2, middle + width / 2)
        paper.sheet.fill(box, min(y, zero), abs(zero - y), paper.ink)
        if place % every == 0:
            room = (middle - pitch * every / 2, middle + pitch * every / 2)
            _centred(paper, bar.label, room, below + 9, 7, INK)
        if pitch >= 20:
            _centred(
                paper, _rounded(paper, bar.takings), _around(middle, pitch), below + 17, 6, QUIET
            )


def _around(middle: float, pitch: float) -> Span:
    return middle - pitch / 2 + 1, middle + pitch / 2 - 1


def _centred(
    paper: DayPaper, text: str, span: Span, below: float, size: float, colour: Colour
) -> None:
    piece, fitting = fitted(text, "regular", span[1] - span[0], size)
    middle, half = (span[0] + span[1]) / 2, piece.width * fitting / 2
    paper.sheet.put(piece, (middle - half, middle + half), below, fitting, colour)


def _draw_title(paper: DayPaper, top: float) -> None:
    review, t = paper.review, paper.t
    start, end = paper.span
    title = t("Takings by hour") if _is_by_hour(paper) else t("Takings over time")
    paper.text(title, (start, start + 60 * MM), top + 8.2, 8.5, paper.ink, "strong")
    x = end
    for period, is_line in ((review.before.period, True), (review.period, False)):
        if is_line and review.before.totals.is_empty:
            continue
        words = period_words(period, paper.written, "medium")
        piece, size = fitted(words, "regular", 50 * MM, 7)
        left = x - piece.width * size
        paper.sheet.put(piece, (left, x), top + 8, size, QUIET)
        if is_line:
            paper.sheet.line(((left - 14, top + 5.6), (left - 4, top + 5.6)), 1.3, _BEFORE)
        else:
            paper.sheet.fill((left - 10, left - 4), top + 2.6, 6, paper.ink)
        x = left - 24


def _bars(paper: DayPaper) -> list[_Bar]:
    review = paper.review
    if _is_by_hour(paper):
        now = {one.hour: one.takings for one in review.hours}
        before = {one.hour: one.takings for one in review.before.hours}
        if not now and not before:
            return []
        hours = range(min((*now, *before)), max((*now, *before)) + 1)
        return [
            _Bar(f"{hour}", now.get(hour, 0), before.get(hour, 0) if before else None)
            for hour in hours
        ]
    return _day_bars(paper, review.period, review.before.period)


def _is_by_hour(paper: DayPaper) -> bool:
    return paper.review.period.days == 1 or not paper.review.days


def _day_bars(paper: DayPaper, period: ReportPeriod, before: ReportPeriod) -> list[_Bar]:
    """Days, or weeks, months or years where days would be too many to be seen."""
    review = paper.review
    grain = grain_of(period)
    offset = period.start - before.start
    now = _folded(review.days, grain, timedelta(0), period)
    earlier = _folded(review.before.days, grain, offset, period)
    return [
        _Bar(
            _label(paper, start, grain),
            now.get(start, 0),
            earlier.get(start, 0) if earlier else None,
        )
        for start in pieces(period, grain)
    ]


def _folded(
    days: Sequence[DaySum], grain: Grain, offset: timedelta, period: ReportPeriod
) -> Mapping[date, int]:
    """Takings by the first day of each piece; earlier days are put where they are compared."""
    found: dict[date, int] = {}
    for one in days:
        day = one.day + offset
        if period.start <= day <= period.end:
            start = first_day(day, grain)
            found[start] = found.get(start, 0) + one.totals.takings
    return found


def _label(paper: DayPaper, start: date, grain: Grain) -> str:
    locale = paper.written.locale
    if grain is Grain.DAY:
        return f"{start.day}"
    if grain is Grain.WEEK:
        return str(format_date(start, "d.M.", locale=locale))
    if grain is Grain.MONTH:
        return str(format_date(start, "MMM", locale=locale))
    return f"{start.year}"


def _ticks(low: int, high: int) -> list[int]:
    """Round amounts (minor units) from below the least to above the most, about four of them."""
    rough = max((high - low) // 4, 1)
    power = 10 ** (len(str(rough)) - 1)
    step = next((one * power for one in _STEPS if one * power >= rough), 10 * power)
    first, last = low // step * step, -(-high // step) * step
    return list(range(first, last + 1, step))


def _rounded(paper: DayPaper, minor: int) -> str:
    """An amount without its smaller places: a chart is no book."""
    amount = Money(minor, paper.review.currency).amount
    places = 0 if abs(amount) >= 10 or not minor else 2
    return paper.written.number(Decimal(amount), places)

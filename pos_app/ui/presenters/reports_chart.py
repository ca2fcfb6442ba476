"""What the chart of a report shows: bars with their values as texts, and a scale of round steps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pos_app.domain.money import Money, minor_digits
from pos_app.domain.report_customers import CustomerAnalysis
from pos_app.domain.report_orders import OrderExecution, executed_by_piece
from pos_app.domain.report_period import Grain, grain_of
from pos_app.domain.report_receivables import Receivables
from pos_app.domain.report_trend import ProductTrend
from pos_app.services.report_runs import Report
from pos_app.texts import later, t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.reports_words import DayWords

_STEPS_WANTED = 4
_MOST_CUSTOMERS = 6
_WORDS_OF_AGES = (
    later("Not due"),
    later("1–30 days"),
    later("31–60 days"),
    later("61–90 days"),
    later("> 90 days"),
)


@dataclass(frozen=True, slots=True)
class ChartGroup:
    """Bars that stand together: one value for each series, in minor units, and what it says.

    `line` is where the line of another period runs across them, None where it has no point.
    """

    label: str
    values: tuple[int, ...]
    texts: tuple[str, ...]
    full_label: str = ""
    line: int | None = None

    @property
    def sentence(self) -> str:
        """What a reader of the screen says."""
        return f"{self.full_label or self.label}: {', '.join(self.texts)}"


@dataclass(frozen=True, slots=True)
class ChartTick:
    """A line of the scale."""

    value: int
    text: str


@dataclass(frozen=True, slots=True)
class ChartView:
    """A bar chart; lying bars have their labels beside them and need no scale.

    `line_name` is what the line across standing bars is called, empty without one. `opens` says
    that a bar leads on to something.
    """

    title: str = ""
    series: tuple[str, ...] = ()
    groups: tuple[ChartGroup, ...] = ()
    ticks: tuple[ChartTick, ...] = ()
    is_lying: bool = False
    line_name: str = ""
    opens: bool = False

    @property
    def low(self) -> int:
        """Where the scale begins: zero, or below it."""
        return min((tick.value for tick in self.ticks), default=0)

    @property
    def high(self) -> int:
        """Where the scale ends."""
        return max((tick.value for tick in self.ticks), default=1)


NO_CHART = ChartView()


def chart_of(report: Report, amounts: AmountFormat, days: DayWords) -> ChartView:
    """Return the chart of a report, without groups where there is nothing to see."""
    if isinstance(report, OrderExecution):
        return _of_orders(report, amounts, days)
    if isinstance(report, CustomerAnalysis):
        return _of_customers(report, amounts)
    if isinstance(report, ProductTrend):
        return _of_trend(report, amounts, days)
    return _of_ages(report, amounts)


def scale(values: Sequence[int], wanted: int = _STEPS_WANTED) -> tuple[int, ...]:
    """Return round values from below the lowest to above the highest, zero among them.

    Steps are 1, 2 or 5 times a power of ten, at most `wanted` + 2 of them.
    """
    low, high = min((0, *values)), max((0, *values))
    if low == high:
        return (0, 1)
    step = 1
    while (high - low) > step * wanted:
        figures = str(step)
        step = {"1": 2, "2": 5, "5": 10}[figures[0]] * 10 ** (len(figures) - 1)
    first, last = low // step, -(-high // step)
    return tuple(place * step for place in range(first, last + 1))


def _of_orders(report: OrderExecution, amounts: AmountFormat, days: DayWords) -> ChartView:
    grain = grain_of(report.period)
    found = executed_by_piece(report, grain) if report.orders else ()
    series = (t("Ordered"), t("Went out"))
    groups = tuple(
        _group(days, start, grain, (amount, delivered), series, amounts)
        for start, amount, delivered in found
    )
    return with_scale(ChartView(t("Ordered and delivered"), series, groups), amounts)


def _of_trend(report: ProductTrend, amounts: AmountFormat, days: DayWords) -> ChartView:
    has_any = any(one.amount or any(one.quantities) for one in report.trend)
    found = report.trend if has_any else ()
    groups = tuple(
        _group(days, one.start, report.grain, (one.amount,), ("",), amounts) for one in found
    )
    return with_scale(ChartView(t("Amount with tax"), (t("Amount"),), groups), amounts)


def _of_customers(report: CustomerAnalysis, amounts: AmountFormat) -> ChartView:
    groups = tuple(
        ChartGroup(one.name or one.number, (one.amount.minor,), (amounts.money(one.amount),))
        for one in report.customers[:_MOST_CUSTOMERS]
    )
    view = ChartView(t("Who bought most"), (t("Amount"),), groups, is_lying=True)
    return with_scale(view, amounts)


def _of_ages(report: Receivables, amounts: AmountFormat) -> ChartView:
    ages = report.total.ages
    sums = (ages.not_due, ages.to_30, ages.to_60, ages.to_90, ages.older)
    groups = tuple(
        ChartGroup(t(word), (amount.minor,), (amounts.money(amount),))
        for word, amount in zip(_WORDS_OF_AGES, sums, strict=True)
    )
    shown = groups if report.customers else ()
    return with_scale(ChartView(t("Owed by age"), (t("Owed"),), shown), amounts)


def _group(
    days: DayWords,
    start: date,
    grain: Grain,
    values: tuple[Money, ...],
    series: tuple[str, ...],
    amounts: AmountFormat,
) -> ChartGroup:
    texts = tuple(
        f"{name} {amounts.money(value)}".strip() for name, value in zip(series, values, strict=True)
    )
    minor = tuple(value.minor for value in values)
    return ChartGroup(days.short(start, grain), minor, texts, days.named(start, grain))


def with_scale(view: ChartView, amounts: AmountFormat) -> ChartView:
    """Return a chart with the lines of a scale that all its bars and its line fit into."""
    values = [value for group in view.groups for value in group.values]
    values += [group.line for group in view.groups if group.line is not None]
    ticks = tuple(ChartTick(value, _tick(value, amounts)) for value in scale(values))
    return replace(view, ticks=ticks)


def _tick(value: int, amounts: AmountFormat) -> str:
    """A value of the scale: without the places of the currency where they are all zero."""
    whole, rest = divmod(abs(value), 10 ** minor_digits(amounts.currency))
    if rest:
        return amounts.plain(Money(value, amounts.currency))
    return ("\u2212" if value < 0 else "") + amounts.count(whole)

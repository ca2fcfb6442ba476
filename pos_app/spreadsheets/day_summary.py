"""The first sheet of the manager's day: each figure, what it was before, and how it changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from pos_app.domain.day_figures import DayTotals, change_percent
from pos_app.domain.day_review import DayReview
from pos_app.domain.money import minor_digits
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.words import Later, Say, later
from pos_app.spreadsheets.sheet import (
    Cell,
    CellKind,
    Figure,
    Formula,
    Sheet,
    SheetColumn,
    Value,
)

Of = Callable[[DayTotals], Value]


@dataclass(frozen=True, slots=True)
class _Line:
    """A figure of the day: where it comes from, or how it is worked out from the others.

    `minor` gives what a change is worked out from where a growth tells something.
    """

    key: str
    title: Later
    kind: CellKind
    of: Of
    formula: str = ""
    minor: Callable[[DayTotals], int] | None = None


def _amount(key: str, title: Later, *, grows: bool = True) -> _Line:
    minor = (lambda one: int(getattr(one, key))) if grows else None
    return _Line(key, title, CellKind.MONEY, lambda one: one.money(key), minor=minor)


def _count(key: str, title: Later) -> _Line:
    def read(one: DayTotals) -> int:
        return int(getattr(one, key))

    return _Line(key, title, CellKind.COUNT, read, minor=read)


def _lines(digits: int) -> tuple[_Line, ...]:
    return (
        _amount("takings", later("Takings")),
        _amount("net", later("Before tax")),
        _amount("tax", later("Tax")),
        _count("tickets", later("Tickets")),
        _count("items", later("Items")),
        _Line(
            "basket",
            later("Average basket"),
            CellKind.MONEY,
            lambda one: one.basket,
            f'IF({{tickets}}<=0,"",ROUND({{takings}}/{{tickets}},{digits}))',
        ),
        _Line(
            "items_per_ticket",
            later("Items per ticket"),
            CellKind.QUANTITY,
            lambda one: one.items_per_ticket,
            'IF({tickets}<=0,"",ROUND({items}/{tickets},2))',
        ),
        _amount("discounts", later("Discounts")),
        _count("refund_count", later("Refunds (count)")),
        _amount("refunds", later("Refunds")),
        _count("void_count", later("Voids (count)")),
        _amount("voids", later("Voids")),
        _amount("costed_net", later("Before tax, of goods with a cost")),
        _amount("cost", later("Cost of goods")),
        _Line(
            "margin",
            later("Margin"),
            CellKind.MONEY,
            lambda one: one.margin,
            "{costed_net}-{cost}",
            lambda one: one.costed_net - one.cost,
        ),
        _Line(
            "margin_percent",
            later("Margin %"),
            CellKind.PERCENT,
            lambda one: one.margin_percent,
            'IF({costed_net}<=0,"",ROUND(({costed_net}-{cost})/{costed_net},3))',
        ),
        _amount("held", later("Held for others")),
        _amount("rounding", later("Rounding"), grows=False),
        _count("documents", later("Documents")),
    )


def summary_sheet(review: DayReview, t: Say, zone: tzinfo) -> Sheet:
    """Return the figures of a review beside those before, with the mean where there is one."""
    before, mean = review.before.totals, review.mean
    columns = [
        SheetColumn("figure", t("Figure")),
        SheetColumn("now", period_words(review.period), CellKind.MONEY),
        SheetColumn("before", period_words(review.before.period), CellKind.MONEY),
        SheetColumn("change", t("Against before"), CellKind.PERCENT),
    ]
    if mean is not None:
        title = t("Mean of {count} weeks").format(count=review.mean_days)
        columns.append(SheetColumn("mean", title, CellKind.MONEY))
    lines = _lines(minor_digits(review.currency))
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        change: Cell = None
        if line.minor is not None:
            change = change_cell("now", "before", line.minor(review.totals), line.minor(before))
        cells = [t(line.title), _cell(line, review.totals), _cell(line, before), change]
        rows.append((*cells, _cell(line, mean)) if mean is not None else tuple(cells))
    about = (
        (t("Shop"), review.shop),
        (t("Period"), period_words(review.period)),
        (t("Against"), period_words(review.before.period)),
        (t("Currency"), review.currency),
        (t("Made"), review.made_at.astimezone(zone)),
    )
    keys = [line.key for line in lines]
    return Sheet(t("Summary"), review.currency, about, tuple(columns), rows, keys=keys)


def change_cell(now: str, before: str, is_now: int, was: int) -> Formula:
    """Return by how much the figure of a column grew against that of another, as a formula."""
    text = f'IF({{{before}}}<=0,"",ROUND(({{{now}}}-{{{before}}})/{{{before}}},3))'
    return Formula(text, change_percent(is_now, was))


def period_words(period: ReportPeriod) -> str:
    """Return the days of a period as machines write them (ISO 8601)."""
    first, last = period.start.isoformat(), period.end.isoformat()
    return first if first == last else f"{first} – {last}"


def _cell(line: _Line, totals: DayTotals) -> Cell:
    value = line.of(totals)
    return Figure(line.kind, Formula(line.formula, value) if line.formula else value)

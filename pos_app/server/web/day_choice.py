"""What a day's page is asked for: shop, days, comparison and currency, as its address says it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query

from pos_app.domain.day_figures import ReceiptQuery, Watched
from pos_app.domain.day_periods import (
    Comparison,
    DayChoice,
    choice_of,
    compared_period,
    day_period,
    stepped,
)
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.words import later

CHOICE_WORDS = {
    DayChoice.TODAY: later("Today"),
    DayChoice.YESTERDAY: later("Yesterday"),
    DayChoice.THIS_WEEK: later("This week"),
    DayChoice.LAST_WEEK: later("Last week"),
    DayChoice.THIS_MONTH: later("This month"),
    DayChoice.LAST_MONTH: later("Last month"),
    DayChoice.THIS_YEAR: later("This year"),
}
COMPARISON_WORDS = {
    Comparison.SAME_WEEKDAYS: later("Same weekdays before"),
    Comparison.PERIOD_BEFORE: later("Period before"),
    Comparison.LAST_YEAR: later("Last year"),
}
_Text = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class DayAsked:
    """What somebody looks at; `shop` and `currency` are empty for all shops and the company's."""

    period: ReportPeriod
    today: date
    compare: Comparison = Comparison.SAME_WEEKDAYS
    shop: str = ""
    currency: str = ""

    @property
    def shops(self) -> list[str] | None:
        """The shops that are meant; None for all."""
        return [self.shop] if self.shop else None

    @property
    def compared(self) -> ReportPeriod:
        """The days that these are held against."""
        return compared_period(self.period, self.compare)

    @property
    def choice(self) -> DayChoice | None:
        """The word for the period, where it has one."""
        return choice_of(self.period, self.today)

    def step(self, ways: int) -> "DayAsked":
        """The same look at the period before (-1) or after (1)."""
        return replace(self, period=stepped(self.period, ways, self.today))

    def of_choice(self, choice: DayChoice) -> "DayAsked":
        """The same look at a period that has a word."""
        return replace(self, period=day_period(choice, self.today))

    def at(self, period: ReportPeriod, shop: str | None = None) -> "DayAsked":
        """The same look at other days, or at another shop."""
        return replace(self, period=period, shop=self.shop if shop is None else shop)

    def path(self, page: str = "", **more: Any) -> str:
        """Return the address of this look, or of a page below it with `more` to ask."""
        asked = {
            "start": self.period.start.isoformat(),
            "end": self.period.end.isoformat(),
            "compare": "" if self.compare is Comparison.SAME_WEEKDAYS else self.compare.value,
            "shop": self.shop,
            "currency": self.currency,
            **more,
        }
        kept = {name: str(value) for name, value in asked.items() if value not in ("", None)}
        if "category" in more:  # products in no category are asked for by an empty one
            kept["category"] = str(more["category"])
        return f"/office/day{page}?{urlencode(kept)}"


def day_asked(
    today: date, start: str, end: str, compare: str, shop: str, currency: str
) -> DayAsked:
    """Read an address; what it does not say, or says wrong, is today, and days turn by themselves.

    Nothing lies after today.
    """
    first, last = _day(start), _day(end)
    first = min(first or last or today, today)
    last = min(last or first, today)
    period = ReportPeriod(min(first, last), max(first, last))
    chosen = next((one for one in COMPARISON_WORDS if one.value == compare), None)
    return DayAsked(period, today, chosen or Comparison.SAME_WEEKDAYS, shop, currency)


def receipt_query(asked: DayAsked, currency: str, filters: dict[str, str]) -> ReceiptQuery:
    """Return which receipts an address asks for; what it says wrong is not asked."""
    watched = filters.get("watched", "")
    return ReceiptQuery(
        asked.period.start,
        asked.period.end,
        currency,
        hour=hour_in(filters),
        method=filters.get("method", ""),
        tax_code=filters.get("tax", ""),
        product_id=filters.get("product", ""),
        product_name=filters.get("name", ""),
        category_id=filters.get("category"),
        staff=filters.get("staff", ""),
        watched=Watched(watched) if watched in set(Watched) else None,
        only_discounted=filters.get("only") == "discounted",
        only_costed=filters.get("only") == "costed",
    )


def hour_in(filters: dict[str, str]) -> int | None:
    """Return which hour of the day (0 to 23) an address asks for, if any."""
    hour = filters.get("hour", "")
    is_hour = hour.isascii() and hour.isdigit() and len(hour) <= 2  # other scripts have digits too
    return int(hour) if is_hour and int(hour) < 24 else None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year >= 2000 else None

"""The manager's day: its figures, what they are compared with, and the documents behind each.

Nothing here is for the thread of the screen. Figures are those of one currency, because amounts of
several have no sum; `currencies_of` says which there are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING

from pos_app.domain.day_attention import attention_of
from pos_app.domain.day_figures import (
    SLOT_S,
    DayTotals,
    HourFigure,
    ReceiptQuery,
    by_hour,
    mean_of,
    total_of_days,
)
from pos_app.domain.day_review import (
    SLOW_DAYS,
    Before,
    DayReview,
    LowStock,
    Overdue,
    Unsent,
    mean_days_of,
    week_before,
)
from pos_app.domain.money import Money
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.shop import ShopSettings
from pos_app.services.day_cash import cash_of
from pos_app.services.day_sums import present_sums, span_of
from pos_app.services.document_reports import go_on
from pos_app.services.office_proof import office_proof
from pos_app.services.stock_records import RULE
from pos_app.services.time_zones import business_day, shop_zone
from pos_app.store.day_span import Span
from pos_app.store.day_sums import DaySums
from pos_app.store.remotes import HEAD_OFFICE, URL

if TYPE_CHECKING:
    from pos_app.store.sales import SaleSummary
    from pos_app.store.store import Store

TOP_PRODUCTS = 10
SLOW_PRODUCTS = 10
MOST_LOW = 100


def review_day(
    store: "Store",
    period: ReportPeriod,
    currency: str | None = None,
    compare_with: ReportPeriod | None = None,
    *,
    now: datetime,
    hides_cash: bool = False,
    check: Callable[[], None] = go_on,
) -> DayReview:
    """Return everything a manager sees of a period, as it is at `now` (UTC).

    Without a currency (ISO 4217) it is the shop's own; without a period to compare with, the same
    weekdays before. Cash, what waits to be sent, low stock and overdue invoices are those of now.
    With `hides_cash` a drawer that is not closed stays hidden. What the sums do not have yet is
    added first; `check` is called now and then and may raise to stop.
    """
    shop = store.settings.shop()
    asked = _Asked(
        shop=shop,
        period=period,
        compared=compare_with or week_before(period),
        currency=currency or shop.policy.currency,
        now=now,
        today=business_day(now, shop),
        hides_cash=hides_cash,
    )
    since = min(period.start, asked.compared.start, *mean_days_of(period.start))
    with present_sums(store, since, check) as sums:
        review = _review(store, sums, asked, check)
    return replace(review, attention=attention_of(review))


def receipts_of(
    store: "Store", query: ReceiptQuery, after: str = "", limit: int = 50
) -> "list[SaleSummary]":
    """Return the documents behind a figure, the latest business day and document first.

    `after` is the id of the last one of the page before; fewer than `limit` are the last page.
    """
    shop = store.settings.shop()
    span = span_of(shop, query.start, query.end, query.currency)
    if query.watched is None:
        rows = store.day_sums.receipt_rows(query, span, _hour_of(shop), after, limit)
    else:
        with present_sums(store, query.start) as sums:
            rows = sums.receipt_rows(query, span, _hour_of(shop), after, limit)
    return store.sales.summaries(rows)


def currencies_of(store: "Store", period: ReportPeriod) -> Sequence[str]:
    """Return the currencies in which something was sold in a period, the shop's own first."""
    own = store.settings.shop().policy.currency
    with present_sums(store, period.start) as sums:
        found = sums.currencies(period.start, period.end)
    return [own, *(code for code in found if code != own)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be reviewed; `today` is the shop's date at `now` (UTC)."""

    shop: ShopSettings
    period: ReportPeriod
    compared: ReportPeriod
    currency: str
    now: datetime
    today: date
    hides_cash: bool

    @property
    def is_running(self) -> bool:
        return self.period.start <= self.today <= self.period.end

    def span_of(self, period: ReportPeriod) -> Span:
        return span_of(self.shop, period.start, period.end, self.currency)


def _review(store: "Store", sums: DaySums, asked: _Asked, check: Callable[[], None]) -> DayReview:
    shop, period, code = asked.shop, asked.period, asked.currency
    span = asked.span_of(period)
    days = tuple(sums.by_day(period.start, period.end, code))
    check()
    mean, mean_days = _mean(sums, period, code)
    products, categories = sums.products(span, TOP_PRODUCTS)
    check()
    return DayReview(
        shop=shop.name,
        period=period,
        currency=code,
        made_at=asked.now.astimezone(UTC),
        totals=total_of_days((one.totals for one in days), code),
        before=_before(sums, asked),
        mean=mean,
        mean_days=mean_days,
        hours=_hours(sums, shop, span),
        days=days if period.days > 1 else (),
        tenders=sums.tenders(span),
        taxes=sums.taxes(span),
        top_products=products,
        slow_products=sums.slow_products(
            shop.location, min(period.end, asked.today), SLOW_DAYS, SLOW_PRODUCTS
        ),
        categories=categories,
        staff=sums.staff(span),
        cash=cash_of(store, period, code, asked.today, hides_open=asked.hides_cash),
        unsent=_unsent(store),
        low_stock=_low_stock(store, shop),
        overdue=_overdue(sums, asked.today, code),
        is_running=asked.is_running,
    )


def _before(sums: DaySums, asked: _Asked) -> Before:
    period, code = asked.compared, asked.currency
    days = tuple(sums.by_day(period.start, period.end, code))
    so_far = None
    if asked.is_running and asked.period.days == period.days == 1:
        until = _same_time(asked.shop, asked.now, period.start)
        so_far = sums.so_far(period.start, code, until)
    return Before(
        period=period,
        totals=total_of_days((one.totals for one in days), code),
        hours=_hours(sums, asked.shop, asked.span_of(period)),
        days=() if period.days == 1 else days,
        so_far=so_far,
    )


def _same_time(shop: ShopSettings, now: datetime, day: date) -> datetime:
    """Return the moment (UTC) at which the shop's clock showed on a day what it shows now."""
    zone = shop_zone(shop.time_zone)
    clock = now.astimezone(zone).time()
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _mean(sums: DaySums, period: ReportPeriod, code: str) -> tuple[DayTotals | None, int]:
    """Return the mean of the same weekdays before, and of how many days it is."""
    if period.days > 1:
        return None, 0
    found = [
        one.totals for day in mean_days_of(period.start) for one in sums.by_day(day, day, code)
    ]
    return mean_of(total_of_days(found, code), len(found)), len(found)


def _hours(sums: DaySums, shop: ShopSettings, span: Span) -> tuple[HourFigure, ...]:
    slots = sums.slots(span)
    hour_of = _hour_of(shop)
    return by_hour(slots, {one.slot: hour_of(one.slot) for one in slots})


def _hour_of(shop: ShopSettings) -> Callable[[int], int]:
    """Return what tells the hour of the shop's clock of a quarter hour since 1970 (UTC)."""
    zone = shop_zone(shop.time_zone)

    @cache
    def hour_of(slot: int) -> int:
        return datetime.fromtimestamp(slot * SLOT_S, UTC).astimezone(zone).hour

    return hour_of


def _unsent(store: "Store") -> Unsent | None:
    """Return what waits for other servers; None where the till speaks to none."""
    remotes = store.remotes.names()
    if not remotes:
        return None
    has_office = bool(store.remotes.value(HEAD_OFFICE, URL))
    waiting = store.cursors.unsent(HEAD_OFFICE) if has_office else 0
    refused = sum(len(store.remotes.refusals(name)) for name in remotes)
    return Unsent(waiting, refused, office_proof(store))


def _low_stock(store: "Store", shop: ShopSettings) -> tuple[LowStock, ...]:
    found = []
    for one in store.stock.low(shop.location, MOST_LOW):
        rule = store.records.get(RULE, one.product_id)
        if rule is not None and rule.reorder_at is not None:
            found.append(LowStock(one.product_id, one.code, one.name, one.level, rule.reorder_at))
    return tuple(found)


def _overdue(sums: DaySums, today: date, code: str) -> Overdue | None:
    count, amount = sums.overdue(today, code)
    return Overdue(count, Money(amount, code)) if count else None

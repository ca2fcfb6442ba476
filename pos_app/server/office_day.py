"""The manager's day over all shops or some of them: the same review that a till makes of its own.

Everything is read from sums beside the documents, so that it takes as long for a company of a
hundred shops as for one. Hours are those of each shop's own clock.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, exists, func, select

from pos_app.domain.day_attention import attention_of
from pos_app.domain.day_figures import CategorySum, DayTotals, mean_of, total_of_days
from pos_app.domain.day_review import (
    SLOW_DAYS,
    Before,
    DayReview,
    Overdue,
    Unsent,
    mean_days_of,
    week_before,
)
from pos_app.domain.money import Money
from pos_app.domain.report_period import ReportPeriod
from pos_app.server.companies import ShopUnknown, company_of
from pos_app.server.day_sums import (
    Scope,
    hours_of,
    products_of,
    so_far,
    staff_of,
    taxes_of,
    tenders_of,
    totals_by_day,
    totals_by_shop,
    totals_on,
)
from pos_app.server.day_tables import day_totals
from pos_app.server.document_kinds import INVOICE
from pos_app.server.office_cash import cash_of
from pos_app.server.office_stock import low_stock, named, slow_products
from pos_app.server.report_sums import NOT_ISSUED
from pos_app.server.tables import listed, shops, things
from pos_app.server.thing_kinds import CATEGORY
from pos_app.server.thing_rows import load_things
from pos_app.server.till_states import TillState, till_states

__all__ = [
    "ShopTotals",
    "TillState",
    "currencies_of",
    "office_review",
    "shop_totals",
    "till_states",
    "today_of",
]
TOP, SLOW = 10, 10
# Quarter hours of more shops and days than this take longer than anybody waits.
MOST_SHOP_DAYS = 100 * 31


@dataclass(frozen=True, slots=True)
class ShopTotals:
    """What a shop (code and name) came to in a period, and in the one it is compared with."""

    shop: str
    name: str
    totals: DayTotals
    before: DayTotals


@dataclass(frozen=True, slots=True)
class _Shop:
    code: str
    name: str
    zone: ZoneInfo


def office_review(  # noqa: PLR0917 - what is asked for, as a till is asked
    connection: Connection,
    company_id: str,
    shops: Sequence[str] | None,
    period: ReportPeriod,
    currency: str | None,
    compare_with: ReportPeriod | None,
    now: datetime,
) -> DayReview:
    """Return what a manager sees of a period, of some shops or (None) of all; `now` is UTC.

    `currency` None is the company's. Raises ShopUnknown.
    """
    company = company_of(connection, company_id)
    meant = _shops(connection, company_id, shops)
    chosen = None if shops is None else tuple(one.code for one in meant)
    scope = Scope(connection, company_id, chosen, currency or company.currency)
    today = _today(meant, now)
    compared = compare_with or week_before(period)
    days = totals_by_day(scope, period)
    mean, mean_days = _mean(scope, period)
    has_hours = period.days * len(meant) <= MOST_SHOP_DAYS
    is_running = period.start <= today <= period.end
    best, categories = products_of(scope, period, TOP)
    review = DayReview(
        shop=meant[0].name if len(meant) == 1 else company.name,
        period=period,
        currency=scope.currency,
        made_at=now,
        totals=total_of_days((one.totals for one in days), scope.currency),
        before=_before(scope, compared, has_hours, is_running, (period, now)),
        mean=mean,
        mean_days=mean_days,
        hours=hours_of(scope, period) if has_hours else (),
        days=tuple(days) if period.days > 1 else (),
        tenders=tenders_of(scope, period),
        taxes=taxes_of(scope, period),
        top_products=named(scope, best),
        slow_products=slow_products(scope, min(period.end, today), SLOW_DAYS, SLOW),
        categories=_categories(scope, categories),
        staff=staff_of(scope, period),
        cash=cash_of(scope, period),
        unsent=_unsent(scope, now),
        low_stock=low_stock(scope),
        overdue=_overdue(scope, today),
        is_running=is_running,
    )
    return replace(review, attention=attention_of(review))


def shop_totals(
    connection: Connection,
    company_id: str,
    period: ReportPeriod,
    currency: str | None,
    compare_with: ReportPeriod | None = None,
    shops: Sequence[str] | None = None,
) -> list[ShopTotals]:
    """Return what each shop came to, who took most first; raises ShopUnknown."""
    meant = _shops(connection, company_id, shops)
    chosen = None if shops is None else tuple(one.code for one in meant)
    currency = currency or company_of(connection, company_id).currency
    scope = Scope(connection, company_id, chosen, currency)
    now = totals_by_shop(scope, period)
    before = totals_by_shop(scope, compare_with or week_before(period))
    nothing = DayTotals(currency)
    found = [
        ShopTotals(one.code, one.name, now.get(one.code, nothing), before.get(one.code, nothing))
        for one in meant
    ]
    return sorted(found, key=lambda one: (-one.totals.takings, one.shop))


def today_of(
    connection: Connection, company_id: str, shops: Sequence[str] | None, now: datetime
) -> date:
    """Return the business day that it is now in the shops, the latest of them; `now` is UTC."""
    return _today(_shops(connection, company_id, shops), now)


def currencies_of(
    connection: Connection, company_id: str, period: ReportPeriod, shops: Sequence[str] | None
) -> list[str]:
    """Return the currencies in which something was sold in a period, the company's own first."""
    own = company_of(connection, company_id).currency
    rules = [
        day_totals.c.company_id == company_id,
        day_totals.c.business_day >= period.start.isoformat(),
        day_totals.c.business_day <= period.end.isoformat(),
    ]
    if shops is not None:
        rules.append(day_totals.c.shop.in_(shops))
    found = set(
        connection.execute(select(day_totals.c.currency).where(*rules).distinct()).scalars()
    )
    return [own, *sorted(found - {own})]


def _shops(connection: Connection, company_id: str, wanted: Sequence[str] | None) -> list[_Shop]:
    rows = connection.execute(
        select(shops.c.code, shops.c.name, shops.c.time_zone)
        .where(shops.c.company_id == company_id)
        .order_by(shops.c.code)
    )
    found = {row.code: _Shop(row.code, row.name, ZoneInfo(row.time_zone)) for row in rows}
    if wanted is None:
        return list(found.values())
    for code in wanted:
        if code not in found:
            raise ShopUnknown(code=code)
    return [found[code] for code in dict.fromkeys(wanted)]


def _today(meant: Sequence[_Shop], now: datetime) -> date:
    return max((now.astimezone(one.zone).date() for one in meant), default=now.date())


def _mean(scope: Scope, period: ReportPeriod) -> tuple[DayTotals | None, int]:
    """Return the mean of the same weekday in the weeks before, and of how many days it is."""
    if period.days > 1:
        return None, 0
    days = totals_on(scope, mean_days_of(period.start))
    total = total_of_days((one.totals for one in days), scope.currency)
    return mean_of(total, len(days)), len(days)


def _before(
    scope: Scope,
    period: ReportPeriod,
    has_hours: bool,
    is_running: bool,
    present: tuple[ReportPeriod, datetime],
) -> Before:
    """Return what a period (`present`, with the moment) is compared with."""
    days = totals_by_day(scope, period)
    until = None
    if is_running and present[0].days == period.days == 1:
        back = (present[0].start - period.start).days
        until = so_far(scope, period.start, present[1], back)
    return Before(
        period=period,
        totals=total_of_days((one.totals for one in days), scope.currency),
        hours=hours_of(scope, period) if has_hours else (),
        days=tuple(days) if period.days > 1 else (),
        so_far=until,
    )


def _categories(scope: Scope, sums: Sequence[CategorySum]) -> tuple[CategorySum, ...]:
    """Return the categories by what they are called today, the one that brought most first."""
    keys = [(CATEGORY, one.category_id) for one in sums if one.category_id]
    names = {
        row.id: str(json.loads(row.state).get("name", ""))
        for row in load_things(scope.connection, scope.company_id, keys).values()
        if row.state
    }
    merged: dict[str, CategorySum] = {}
    for one in sums:
        own = one.category_id if one.category_id in names else ""
        other = merged.get(own, CategorySum(own, names.get(own, ""), one.items * 0, 0, 0))
        merged[own] = CategorySum(
            own,
            other.name,
            other.items + one.items,
            other.takings + one.takings,
            other.net + one.net,
        )
    return tuple(sorted(merged.values(), key=lambda one: (-one.takings, one.category_id)))


def _unsent(scope: Scope, now: datetime) -> Unsent:
    """Return how many entries of the tills are not judged yet, and how many were refused."""
    states = till_states(scope.connection, scope.company_id, now, scope.shops)
    return Unsent(sum(one.waiting for one in states), sum(one.refused for one in states))


def _overdue(scope: Scope, today: date) -> Overdue | None:
    """Return what customers should have paid by now: invoices are in the company's currency."""
    if scope.currency != company_of(scope.connection, scope.company_id).currency:
        return None
    rules = [
        listed.c.company_id == scope.company_id,
        listed.c.kind == INVOICE,
        listed.c.open > 0,
        listed.c.until < today.isoformat(),
        listed.c.until != "",
        listed.c.status.not_in(NOT_ISSUED),
    ]
    if scope.shops is not None:
        rules.append(
            exists().where(
                things.c.company_id == listed.c.company_id,
                things.c.kind == listed.c.kind,
                things.c.id == listed.c.id,
                things.c.shop.in_((*scope.shops, "")),
            )
        )
    found = select(func.count(), func.coalesce(func.sum(listed.c.open), 0)).where(*rules)
    count, amount = scope.connection.execute(found).one()
    return Overdue(int(count), Money(int(amount), scope.currency)) if count else None

"""What business days came to, read from the sums beside the documents: of all shops or of some.

Days are both within, amounts minor units of one currency. Long periods read the products by whole
months and only the days at both ends one by one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Table,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)

from pos_app.domain.day_figures import (
    SLOT_S,
    SUMMED,
    CategorySum,
    DayTotals,
    ExceptionSum,
    HourFigure,
    ProductSum,
    SlotFigure,
    StaffSum,
    TaxSum,
    TenderSum,
    Watched,
    by_hour,
)
from pos_app.domain.day_review import DaySum
from pos_app.domain.payment import TenderMethod
from pos_app.domain.report_period import ReportPeriod
from pos_app.server.day_fold import MICRO
from pos_app.server.day_tables import (
    day_exceptions,
    day_products,
    day_slots,
    day_staff,
    day_taxes,
    day_tenders,
    day_totals,
    event_exceptions,
    month_products,
)
from pos_app.server.tables import listed, shops
from pos_app.server.thing_kinds import PRODUCT

DAY_S = 86_400
_METHODS = [method.value for method in TenderMethod]
_Watched = tuple[str, str, int, int]  # staff, kind, count, amount
_KINDS = [kind.value for kind in Watched]
_PRODUCT = ("product_id", "code", "name")
_PRODUCT_SUMS = ("items", "quantity_micro", "takings", "net", "cost", "costed_net")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose sums are read: a company's, of some shops (None: of all), in one currency."""

    connection: Connection
    company_id: str
    shops: tuple[str, ...] | None
    currency: str

    def of(self, table: Table) -> list[ColumnElement[bool]]:
        """Say which rows of a table are meant, of any day."""
        rules = [table.c.company_id == self.company_id, table.c.currency == self.currency]
        if self.shops is not None:
            rules.append(table.c.shop.in_(self.shops))
        return rules

    def within(self, table: Table, period: ReportPeriod) -> list[ColumnElement[bool]]:
        """Say which rows of a table are meant, of the days of a period."""
        day = table.c.business_day
        return [
            *self.of(table),
            day >= period.start.isoformat(),
            day <= period.end.isoformat(),
        ]


def totals_by_day(scope: Scope, period: ReportPeriod) -> list[DaySum]:
    """Return the totals of each day that has any documents, the first first."""
    return totals_of_days(scope, scope.within(day_totals, period))


def totals_on(scope: Scope, days: Iterable[date]) -> list[DaySum]:
    """Return the totals of those of some days that have any documents, the first first."""
    wanted = [day.isoformat() for day in days]
    return totals_of_days(scope, [*scope.of(day_totals), day_totals.c.business_day.in_(wanted)])


def totals_of_days(scope: Scope, rules: Sequence[ColumnElement[bool]]) -> list[DaySum]:
    """Return the totals of each day whose rows fit."""
    day = day_totals.c.business_day
    found = select(day, *_summed(day_totals, SUMMED)).where(*rules).group_by(day).order_by(day)
    return [
        DaySum(date.fromisoformat(row[0]), DayTotals(scope.currency, *map(int, row[1:])))
        for row in scope.connection.execute(found)
    ]


def totals_by_shop(scope: Scope, period: ReportPeriod) -> dict[str, DayTotals]:
    """Return the totals of each shop that has any documents, by its code."""
    shop = day_totals.c.shop
    found = (
        select(shop, *_summed(day_totals, SUMMED))
        .where(*scope.within(day_totals, period))
        .group_by(shop)
    )
    return {
        row[0]: DayTotals(scope.currency, *map(int, row[1:]))
        for row in scope.connection.execute(found)
    }


def hours_of(scope: Scope, period: ReportPeriod) -> tuple[HourFigure, ...]:
    """Return tickets and takings by the hour of each shop's own clock."""
    found: dict[int, tuple[int, int]] = {}
    for zone, slots in _slots_by_zone(scope, period).items():
        for one in slots:
            hour = _local(one.slot, zone).hour
            tickets, takings = found.get(hour, (0, 0))
            found[hour] = tickets + one.tickets, takings + one.takings
    figures = [SlotFigure(hour, *sums) for hour, sums in sorted(found.items())]
    return by_hour(figures, {hour: hour for hour in range(24)})


def so_far(scope: Scope, day: date, until: datetime, days_back: int) -> DayTotals:
    """Return tickets and takings of a day up to the time of day that it is now in each shop.

    `until` is UTC and `days_back` days after the moment that is meant; it counts by quarter hours
    that were begun by then.
    """
    total = DayTotals(scope.currency)
    for zone, slots in _slots_by_zone(scope, ReportPeriod(day, day)).items():
        here = until.astimezone(zone).replace(tzinfo=None) - timedelta(days=days_back)
        last = int(here.replace(tzinfo=zone).timestamp()) // SLOT_S
        for one in slots:
            if one.slot <= last:
                more = DayTotals(scope.currency, tickets=one.tickets, takings=one.takings)
                total += more
    return total


def tenders_of(scope: Scope, period: ReportPeriod) -> tuple[TenderSum, ...]:
    """Return how was paid, in the order of `TenderMethod`."""
    method = day_tenders.c.method
    found = (
        select(method, *_summed(day_tenders, ("count", "taken", "given_back")))
        .where(*scope.within(day_tenders, period))
        .group_by(method)
    )
    sums = [TenderSum(row[0], *map(int, row[1:])) for row in scope.connection.execute(found)]
    return tuple(sorted(sums, key=_place_of_method))


def taxes_of(scope: Scope, period: ReportPeriod) -> tuple[TaxSum, ...]:
    """Return the taxes by code, name and rate."""
    keys = [day_taxes.c[name] for name in ("code", "name", "rate")]
    found = (
        select(*keys, *_summed(day_taxes, ("base", "amount")))
        .where(*scope.within(day_taxes, period))
        .group_by(*keys)
    )
    sums = [TaxSum(*row[:3], *map(int, row[3:])) for row in scope.connection.execute(found)]
    return tuple(sorted(sums, key=lambda one: (one.code, one.name, one.rate)))


def products_of(
    scope: Scope, period: ReportPeriod, limit: int
) -> tuple[list[ProductSum], list[CategorySum]]:
    """Return the products that brought most, and the categories they are sorted into today.

    What belongs to the catalogue has no name here yet. The database looks at the sums once, which
    is what a review spends most of its time on, and gives the few rows that are shown.
    """
    by_product = _by_product(scope, period)
    sums = [by_product.c[name] for name in _PRODUCT_SUMS]
    takings, product_id = by_product.c.takings, by_product.c.product_id
    is_product = and_(
        listed.c.company_id == scope.company_id,
        listed.c.kind == PRODUCT,
        listed.c.id == product_id,
    )
    category = func.coalesce(listed.c.category, "").label("id")
    categories = (
        select(literal(False).label("is_product"), category, *map(func.sum, sums))
        .select_from(by_product.outerjoin(listed, is_product))
        .group_by(category)
    )
    # Those that brought as much as the last one belong to them too: only here is their order whole.
    # The one without an id says that there are lines without a product.
    is_good = and_(takings > 0, product_id != "")
    first = select(takings).where(is_good).order_by(takings.desc()).limit(limit).subquery()
    least = select(func.min(first.c.takings)).scalar_subquery()
    best = select(literal(True), product_id, *sums).where(
        or_(and_(is_good, takings >= least), product_id == "")
    )
    products, sorted_into = list[ProductSum](), list[CategorySum]()
    for is_one, key, items, *rest in scope.connection.execute(union_all(categories, best)).all():
        quantity, taken, net, *costs = map(int, rest)
        if not is_one:
            sorted_into.append(CategorySum(key, "", Decimal(int(items)), taken, net))
        elif key:
            products.append(ProductSum(key, "", "", units_of(quantity), taken, net, *costs))
        else:
            products += _without_product(scope, period)
    products.sort(key=lambda one: (-one.takings, one.product_id, one.code, one.name))
    return products[:limit], sorted_into


def _by_product(scope: Scope, period: ReportPeriod) -> CTE:
    """Return the sums of each product; of all lines without one together."""
    sold = _sold(scope, period)
    sums = (func.sum(sold.c[name]).label(name) for name in _PRODUCT_SUMS)
    found = select(sold.c.product_id, *sums).group_by(sold.c.product_id)
    return found.cte("by_product")


def _without_product(scope: Scope, period: ReportPeriod) -> list[ProductSum]:
    """Return what was sold without a product, by code and name."""
    sold = _sold(scope, period)
    keys = (sold.c.code, sold.c.name)
    found = (
        select(*keys, *(func.sum(sold.c[name]) for name in _PRODUCT_SUMS))
        .where(sold.c.product_id == "")
        .group_by(*keys)
        .having(func.sum(sold.c.takings) > 0)
    )
    return [
        ProductSum("", code, name, units_of(quantity), *map(int, sums))
        for code, name, _, quantity, *sums in scope.connection.execute(found)
    ]


def staff_of(scope: Scope, period: ReportPeriod) -> tuple[StaffSum, ...]:
    """Return everybody who sold or did what is worth a look, who sold most first."""
    kinds: dict[str, dict[str, tuple[int, int]]] = {}
    for row in (*_exceptions(scope, period), *_events(scope, period)):
        staff, kind, count, amount = row
        own = kinds.setdefault(staff, {})
        before = own.get(kind, (0, 0))
        own[kind] = before[0] + int(count), before[1] + int(amount)
    sold = (
        select(day_staff.c.staff, *_summed(day_staff, ("tickets", "takings")))
        .where(*scope.within(day_staff, period))
        .group_by(day_staff.c.staff)
    )
    own_sales = {row[0]: (int(row[1]), int(row[2])) for row in scope.connection.execute(sold)}
    found = [
        StaffSum(staff, *own_sales.get(staff, (0, 0)), _listed(kinds.get(staff, {})))
        for staff in own_sales.keys() | kinds.keys()
    ]
    return tuple(sorted(found, key=lambda one: (-one.takings, one.staff)))


def slots_of(period: ReportPeriod, zone: ZoneInfo) -> tuple[int, int]:
    """Return the first quarter hour of a period by a clock, and the one after the last."""
    after = period.end + timedelta(days=1)
    first, end = (
        int(datetime.combine(day, time(), zone).timestamp()) // SLOT_S
        for day in (period.start, after)
    )
    return first, end


def zones_of(scope: Scope) -> dict[str, tuple[str, ...]]:
    """Return the shops that are meant, by the name of their time zone."""
    rules = [shops.c.company_id == scope.company_id]
    if scope.shops is not None:
        rules.append(shops.c.code.in_(scope.shops))
    found: dict[str, tuple[str, ...]] = {}
    for row in scope.connection.execute(select(shops.c.code, shops.c.time_zone).where(*rules)):
        found[row.time_zone] = (*found.get(row.time_zone, ()), row.code)
    return found


def units_of(micro: object) -> Decimal:
    """Return millionths as units."""
    return Decimal(int(str(micro))) / MICRO


def whole_months(period: ReportPeriod) -> tuple[date, date]:
    """Return the first day of a period's whole months, and the day after their last."""
    start, after = period.start, period.end + timedelta(days=1)
    first = start
    if start.day > 1:
        first = (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first, max(after.replace(day=1), first)


def _sold(scope: Scope, period: ReportPeriod) -> Subquery:
    """Return the products' sums of a period: by whole months, and the days at both ends."""
    first, end = whole_months(period)
    columns = (*_PRODUCT, *_PRODUCT_SUMS)
    parts: list[Select[tuple[object, ...]]] = []
    edges = [period]
    if first < end:
        month = month_products.c.month
        parts.append(
            select(*(month_products.c[name] for name in columns)).where(
                *scope.of(month_products),
                month >= f"{first:%Y-%m}",
                month <= f"{end - timedelta(days=1):%Y-%m}",
            )
        )
        edges = [
            ReportPeriod(period.start, first - timedelta(days=1)),
            ReportPeriod(end, period.end),
        ]
    parts += [
        select(*(day_products.c[name] for name in columns)).where(*scope.within(day_products, edge))
        for edge in edges
        if edge.start <= edge.end
    ]
    return union_all(*parts).subquery("sold")


def _slots_by_zone(scope: Scope, period: ReportPeriod) -> dict[ZoneInfo, list[SlotFigure]]:
    is_shop = and_(shops.c.company_id == day_slots.c.company_id, shops.c.code == day_slots.c.shop)
    keys = (shops.c.time_zone, day_slots.c.slot)
    found = (
        select(*keys, *_summed(day_slots, ("tickets", "takings")))
        .select_from(day_slots.join(shops, is_shop))
        .where(*scope.within(day_slots, period))
        .group_by(*keys)
    )
    zones: dict[ZoneInfo, list[SlotFigure]] = {}
    for zone, slot, tickets, takings in scope.connection.execute(found):
        figure = SlotFigure(int(slot), int(tickets), int(takings))
        zones.setdefault(ZoneInfo(zone), []).append(figure)
    return zones


def _exceptions(scope: Scope, period: ReportPeriod) -> list[_Watched]:
    table = day_exceptions
    keys = (table.c.staff, table.c.kind)
    query = (
        select(*keys, func.sum(table.c.count), func.sum(table.c.amount))
        .where(*scope.within(table, period))
        .group_by(*keys)
    )
    return [(row[0], row[1], row[2], row[3]) for row in scope.connection.execute(query)]


def _events(scope: Scope, period: ReportPeriod) -> list[_Watched]:
    """Return what happened beside the documents, each shop's days by its own clock."""
    table = event_exceptions
    found: list[_Watched] = []
    keys = (table.c.staff, table.c.kind)
    for zone, codes in zones_of(scope).items():
        first, end = slots_of(period, ZoneInfo(zone))
        own = replace(scope, shops=codes)
        query = (
            select(*keys, func.sum(table.c.count), func.sum(table.c.amount))
            .where(*own.of(table), table.c.slot >= first, table.c.slot < end)
            .group_by(*keys)
        )
        found += [(row[0], row[1], row[2], row[3]) for row in scope.connection.execute(query)]
    return found


def _summed(table: Table, names: Iterable[str]) -> list[ColumnElement[int]]:
    return [func.sum(table.c[name]) for name in names]


def _listed(kinds: dict[str, tuple[int, int]]) -> tuple[ExceptionSum, ...]:
    return tuple(
        ExceptionSum(Watched(kind), *kinds[kind])
        for kind in _KINDS
        if kind in kinds and kinds[kind][0]
    )


def _place_of_method(one: TenderSum) -> tuple[int, str]:
    place = _METHODS.index(one.method) if one.method in _METHODS else len(_METHODS)
    return place, one.method


def _local(slot: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(slot * SLOT_S, UTC).astimezone(zone)

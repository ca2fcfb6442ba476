"""The documents behind a figure, and one of them whole: its lines, why they cost that, its past.

A page is made day by day from the latest on, and only of the days and shops whose sums say that
something is there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, and_, literal_column, select, tuple_

from pos_app.domain.day_figures import SLOT_S, ReceiptQuery, Watched
from pos_app.domain.money import MINOR_DIGITS, Money
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.shift_report import HELD_KINDS
from pos_app.server.day_fold import EVENTS, is_day, slot_of
from pos_app.server.day_sums import Scope, slots_of, zones_of
from pos_app.server.day_tables import (
    day_exceptions,
    day_products,
    day_staff,
    day_taxes,
    day_tenders,
    day_totals,
)
from pos_app.server.receipt_rules import IN_DOCUMENTS, about_hour, document_rules, in_category
from pos_app.server.tables import (
    is_watched,
    journal,
    sales,
    tills,
)

_HELD = frozenset(kind.value for kind in HELD_KINDS)
_IS_VOID = sales.c.voids != literal_column("''")  # as the index says it
_SCANNED = 500  # documents looked at in one statement


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A document in a list; `till` is its till's number, `flag` what is wrong with it."""

    id: str
    shop: str
    till_id: str
    till: str
    number: str
    kind: str
    at: datetime
    day: date
    staff: str
    customer_id: str
    gross: Money
    is_voided: bool
    flag: str


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """Some documents, the latest first; `after` goes on from here and is empty at the end."""

    rows: tuple[ReceiptRow, ...]
    after: str


class _LineSeen(msgspec.Struct, frozen=True):
    name: str = ""
    kind: str = ""
    discount: int = 0
    cost: str | None = None


class _LinesSeen(msgspec.Struct, frozen=True):
    lines: tuple[_LineSeen, ...] = ()


_LINES = msgspec.json.Decoder(_LinesSeen)


def receipts_of(
    connection: Connection,
    company_id: str,
    query: ReceiptQuery,
    shops: Sequence[str] | None = None,
    after: str = "",
    limit: int = 50,
) -> ReceiptPage:
    """Return the documents behind a figure, the latest business day and document first.

    `after` is that of the page before; one that nobody gave out begins anew.
    """
    chosen = None if shops is None else tuple(shops)
    scope = Scope(connection, company_id, chosen, query.currency)
    found = list(islice(_matching(scope, query, _read_mark(after)), limit + 1))
    page, mark = found[:limit], ""
    if len(found) > limit:
        last = page[-1]
        mark = f"{last.business_day}|{last.at}|{last.id}"
    return ReceiptPage(receipt_rows(connection, company_id, page), mark)


def receipt_rows(
    connection: Connection, company_id: str, rows: Sequence[Any]
) -> tuple[ReceiptRow, ...]:
    """Return rows of `sales` as lists show them."""
    ids = [row.id for row in rows]
    voided = set(
        connection.execute(
            select(sales.c.voids).where(
                sales.c.company_id == company_id, _IS_VOID, sales.c.voids.in_(ids)
            )
        ).scalars()
    )
    numbers = {
        row.id: row.till
        for row in connection.execute(
            select(tills.c.id, tills.c.till).where(
                tills.c.company_id == company_id,
                tills.c.id.in_({row.till_id for row in rows}),
            )
        )
    }
    return tuple(
        ReceiptRow(
            id=row.id,
            shop=row.shop,
            till_id=row.till_id,
            till=numbers.get(row.till_id, ""),
            number=row.number,
            kind=row.kind,
            at=_moment(row),
            day=_day(row),
            staff=row.staff,
            customer_id=row.customer_id,
            gross=Money(int(row.gross), row.currency),
            is_voided=row.id in voided,
            flag=row.flag,
        )
        for row in rows
        if row.currency in MINOR_DIGITS
    )


def _matching(
    scope: Scope, query: ReceiptQuery, mark: tuple[str, str, str] | None
) -> Iterator[Any]:
    """Yield the documents that fit, the latest first; those after a mark."""
    if query.watched is not None and query.watched not in IN_DOCUMENTS:
        carts = _carts(scope, query)
        period = ReportPeriod(query.start, query.end)
        rows: list[Any] = []
        for start in range(0, len(carts), _SCANNED):
            part = carts[start : start + _SCANNED]
            found = select(sales).where(*scope.within(sales, period), sales.c.id.in_(part))
            rows += scope.connection.execute(found).all()
        rows.sort(key=_place, reverse=True)
        yield from (row for row in rows if mark is None or _place(row) < mark)
        return
    for day, codes in _days(scope, query):
        if mark is None or day <= mark[0]:
            from_here = mark if mark is not None and day == mark[0] else None
            yield from _of_day(scope, query, (day, codes), from_here)


def _place(row: Any) -> tuple[str, str, str]:
    return row.business_day, row.at, row.id


def _days(scope: Scope, query: ReceiptQuery) -> Iterator[tuple[str, list[str]]]:
    """Yield the days on which there could be such documents, the latest first, and where."""
    period = ReportPeriod(query.start, query.end)
    table, rules = _sums_of(query)
    if query.category_id is not None and table is day_products:
        rules.append(in_category(scope, table.c.product_id, query.category_id))
    day, shop = table.c.business_day, table.c.shop
    found: dict[str, list[str]] = {}
    rows = scope.connection.execute(
        select(day, shop).where(*scope.within(table, period), *rules).distinct()
    )
    for row in rows:
        found.setdefault(row[0], []).append(row[1])
    for one in sorted(found, reverse=True):
        yield one, found[one]


def _sums_of(query: ReceiptQuery) -> tuple[Table, list[ColumnElement[bool]]]:
    """Return the sums that say best where such documents are."""
    if query.watched in IN_DOCUMENTS:
        rules = [day_exceptions.c.kind == query.watched.value]
        if query.staff:
            rules.append(day_exceptions.c.staff == query.staff)
        return day_exceptions, rules
    if query.product_id or query.product_name or query.category_id is not None:
        rules = [day_products.c.product_id == query.product_id] if query.product_id else []
        if query.product_name:
            rules += [day_products.c.product_id == "", day_products.c.name == query.product_name]
        return day_products, rules
    if query.staff and query.watched is None:
        return day_staff, [day_staff.c.staff == query.staff]
    if query.method:
        return day_tenders, [day_tenders.c.method == query.method]
    if query.tax_code:
        return day_taxes, [day_taxes.c.code == query.tax_code]
    return day_totals, []


def _of_day(
    scope: Scope,
    query: ReceiptQuery,
    where: tuple[str, Sequence[str]],
    mark: tuple[str, str, str] | None,
) -> Iterator[Any]:
    """Yield a day's documents that fit, the latest first; those after a mark."""
    day, codes = where
    rules = [
        sales.c.company_id == scope.company_id,
        sales.c.shop.in_(codes),
        sales.c.business_day == day,
        sales.c.currency == scope.currency,
        *document_rules(scope, query),
    ]
    zones = {code: ZoneInfo(name) for name, some in zones_of(scope).items() for code in some}
    if query.hour is not None:
        rules.append(about_hour(day, query.hour, {code: zones[code] for code in codes}))
    while True:
        paged = [*rules]
        if mark is not None:
            paged.append(tuple_(sales.c.at, sales.c.id) < mark[1:])
        order = (sales.c.at.desc(), sales.c.id.desc())
        rows = scope.connection.execute(
            select(sales).where(*paged).order_by(*order).limit(_SCANNED)
        ).all()
        payloads = _payloads(scope, rows) if _looks_inside(query) else {}
        for row in rows:
            if query.hour is not None and _hour(row, zones[row.shop]) != query.hour:
                continue
            if row.id in payloads and not _fits_inside(query, payloads[row.id]):
                continue
            yield row
        if len(rows) < _SCANNED:
            return
        mark = ("", rows[-1].at, rows[-1].id)


def _carts(scope: Scope, query: ReceiptQuery) -> list[str]:
    """Return the carts in which something happened that left nothing on their documents."""
    carts: set[str] = set()
    for name, codes in zones_of(scope).items():
        first, end = slots_of(ReportPeriod(query.start, query.end), ZoneInfo(name))
        is_till = and_(tills.c.company_id == journal.c.company_id, tills.c.id == journal.c.till_id)
        rules = [
            journal.c.company_id == scope.company_id,
            is_watched,
            journal.c.kind.in_([kind for kind, one in EVENTS.items() if one is query.watched]),
            journal.c.at >= _text_at(first),
            journal.c.at < _text_at(end),
            tills.c.shop.in_(codes),
        ]
        if query.staff:
            rules.append(journal.c.staff == query.staff)
        found = select(journal.c.payload).select_from(journal.join(tills, is_till)).where(*rules)
        for payload in scope.connection.execute(found).scalars():
            cart = msgspec.json.decode(payload).get("cart")
            if isinstance(cart, str):
                carts.add(cart)
    return sorted(carts)


def _looks_inside(query: ReceiptQuery) -> bool:
    return (
        query.only_costed
        or query.only_discounted
        or query.watched is Watched.DISCOUNT
        or query.category_id == ""
        or bool(query.product_name)
    )


def _fits_inside(query: ReceiptQuery, payload: str) -> bool:
    """Whether a document fits by what only its entry tells: which lines are no goods, what cost."""
    try:
        lines = [one for one in _LINES.decode(payload).lines if one.kind not in _HELD]
    except msgspec.MsgspecError:
        return True
    if query.only_costed and not any(one.cost is not None for one in lines):
        return False
    if query.category_id == "" and not lines:
        return False
    if query.product_name and query.product_name not in {one.name for one in lines}:
        return False
    if query.watched is Watched.DISCOUNT and not any(one.discount > 0 for one in lines):
        return False
    return not query.only_discounted or any(one.discount for one in lines)


def _payloads(scope: Scope, rows: Sequence[Any]) -> Mapping[str, str]:
    is_entry = and_(
        journal.c.company_id == sales.c.company_id,
        journal.c.till_id == sales.c.till_id,
        journal.c.epoch == sales.c.epoch,
        journal.c.branch == sales.c.branch,
        journal.c.seq == sales.c.seq,
    )
    found = (
        select(sales.c.id, journal.c.payload)
        .select_from(sales.join(journal, is_entry))
        .where(sales.c.company_id == scope.company_id, sales.c.id.in_([row.id for row in rows]))
    )
    return {row[0]: row[1] for row in scope.connection.execute(found)}


def _hour(row: Any, zone: ZoneInfo) -> int:
    slot = slot_of(row.at, row.business_day)
    return datetime.fromtimestamp(slot * SLOT_S, UTC).astimezone(zone).hour


def _moment(row: Any) -> datetime:
    try:
        found = datetime.fromisoformat(row.at)
    except ValueError:
        found = datetime.fromtimestamp(0, UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _day(row: Any) -> date:
    return date.fromisoformat(row.business_day) if is_day(row.business_day) else _moment(row).date()


def _read_mark(after: str) -> tuple[str, str, str] | None:
    parts = after.split("|", 2)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def _text_at(slot: int) -> str:
    return datetime.fromtimestamp(slot * SLOT_S, UTC).isoformat(timespec="milliseconds")

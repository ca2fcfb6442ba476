"""What documents behind a figure must be like: rules on the rows of sales and of their parts."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Table, and_, or_, select

from pos_app.domain.cart import SaleKind
from pos_app.domain.day_figures import ReceiptQuery, Watched
from pos_app.server.day_sums import Scope
from pos_app.server.tables import listed, sale_lines, sale_taxes, sales, tenders
from pos_app.server.thing_kinds import PRODUCT

IN_DOCUMENTS = (Watched.VOID, Watched.REFUND, Watched.DISCOUNT)
COMES_BACK = (SaleKind.RETURN.value, SaleKind.EXCHANGE.value)


def about_hour(day: str, hour: int, zones: Mapping[str, ZoneInfo]) -> ColumnElement[bool]:
    """Say which documents may be of an hour, so that a page need not look at a whole day's.

    A till may keep another clock than its shop here, so the days beside it count too; an hour that
    a change of the clock repeats is taken twice.
    """
    by_zone: dict[ZoneInfo, list[str]] = {}
    for code, zone in zones.items():
        by_zone.setdefault(zone, []).append(code)
    found = []
    for zone, codes in by_zone.items():
        spans = []
        for beside in (-1, 0, 1):
            first = datetime.fromisoformat(day) + timedelta(days=beside, hours=hour)
            start = first.replace(tzinfo=zone).astimezone(UTC)
            end = first.replace(tzinfo=zone, fold=1).astimezone(UTC) + timedelta(hours=1)
            spans.append(and_(sales.c.at >= _minute(start), sales.c.at < _minute(end)))
        found.append(and_(sales.c.shop.in_(codes), or_(*spans)))
    return or_(*found, sales.c.at.not_like("%+00:00"))  # whatever is no moment of ours, too


def _minute(moment: datetime) -> str:
    """Return how the texts of a minute's moments begin."""
    return moment.strftime("%Y-%m-%dT%H:%M")


def document_rules(scope: Scope, query: ReceiptQuery) -> list[ColumnElement[bool]]:
    """Return what the rows must say; what only the entries know is looked for there."""
    rules = _line_rules(scope, query)
    if query.staff and (query.watched is None or query.watched in IN_DOCUMENTS):
        rules.append(sales.c.staff == query.staff)
    if query.method:
        rules.append(_has(scope, tenders, tenders.c.method == query.method))
    if query.tax_code:
        rules.append(_has(scope, sale_taxes, sale_taxes.c.code == query.tax_code))
    if query.watched is Watched.VOID:
        rules.append(sales.c.kind == SaleKind.VOID.value)
    elif query.watched is Watched.REFUND:
        rules.append(sales.c.kind.in_(COMES_BACK))
        rules.append(_has(scope, sale_lines, sale_lines.c.gross < 0))
    return rules


def _line_rules(scope: Scope, query: ReceiptQuery) -> list[ColumnElement[bool]]:
    """Say what must stand on a line; what the rows do not know is looked for in the entries."""
    rules: list[ColumnElement[bool]] = []
    if query.product_id:
        rules.append(_has(scope, sale_lines, sale_lines.c.product_id == query.product_id))
    elif query.product_name:
        is_named = and_(sale_lines.c.product_id == "", sale_lines.c.name == query.product_name)
        rules.append(_has(scope, sale_lines, is_named))
    elif query.category_id is not None:
        category = in_category(scope, sale_lines.c.product_id, query.category_id)
        rules.append(_has(scope, sale_lines, category))
    if query.only_discounted or query.watched is Watched.DISCOUNT:
        rules.append(_has(scope, sale_lines, sale_lines.c.discount != 0))
    return rules


def _has(scope: Scope, table: Table, rule: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(table.c.sale_id)
        .where(table.c.company_id == scope.company_id, table.c.sale_id == sales.c.id, rule)
        .exists()
    )


def in_category(scope: Scope, product: Any, category_id: str) -> ColumnElement[bool]:
    """Say that a product is sorted into a category today; "" asks for those in none."""
    is_listed = [
        listed.c.company_id == scope.company_id,
        listed.c.kind == PRODUCT,
        listed.c.id == product,
    ]
    if category_id:
        return select(listed.c.id).where(*is_listed, listed.c.category == category_id).exists()
    return ~select(listed.c.id).where(*is_listed, listed.c.category != "").exists()

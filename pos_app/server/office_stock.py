"""What runs low and what nobody buys, as far as head office knows the shops' stock.

A till tells from which level on a product is to be ordered; the level is that of its shop, all
places together.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, select

from pos_app.domain.day_figures import ProductSum
from pos_app.domain.day_review import LowStock, SlowProduct
from pos_app.server.day_sums import Scope, units_of
from pos_app.server.day_tables import day_products, month_products
from pos_app.server.stock_sums import micro_of
from pos_app.server.tables import stock_levels, things, tills
from pos_app.server.thing_kinds import PRODUCT
from pos_app.server.thing_rows import load_things

STOCK_RULE = "stock_rule"
MOST_RULES = 5_000  # with more, what runs low is shown shop by shop
MOST_LOW = 100
_AT_ONCE = 500


def low_stock(scope: Scope) -> tuple[LowStock, ...]:
    """Return what is at or below the level at which it should be ordered, the emptiest first."""
    rules = _rules(scope)
    if not rules or len(rules) > MOST_RULES:
        return ()
    levels = _levels(scope, {product for _, product in rules})
    low = [
        (product, levels.get((shop, product), 0), micro)
        for (shop, product), micro in rules.items()
        if levels.get((shop, product), 0) <= micro
    ]
    names = names_of(scope, (product for product, _, _ in low))
    found = [
        LowStock(product, *names[product], units_of(level), units_of(micro))
        for product, level, micro in low
        if product in names
    ]
    found.sort(key=lambda one: (one.level, one.name, one.product_id))
    return tuple(found[:MOST_LOW])


def slow_products(scope: Scope, end: date, days: int, limit: int) -> tuple[SlowProduct, ...]:
    """Return products in stock that nobody bought in the `days` up to `end`, most of it first.

    Only for one shop: what stands still in one is sold in the next.
    """
    if scope.shops is None or len(scope.shops) != 1:
        return ()
    start = (end - timedelta(days=days - 1)).isoformat()
    level = func.sum(stock_levels.c.level_micro)
    bought = (
        select(day_products.c.product_id)
        .where(
            day_products.c.company_id == scope.company_id,
            day_products.c.shop.in_(scope.shops),
            day_products.c.business_day >= start,
            day_products.c.business_day <= end.isoformat(),
            day_products.c.times > 0,
        )
        .distinct()
    )
    found = (
        select(stock_levels.c.product_id, level)
        .where(
            stock_levels.c.company_id == scope.company_id,
            stock_levels.c.shop.in_(scope.shops),
            stock_levels.c.product_id.not_in(bought),
        )
        .group_by(stock_levels.c.product_id)
        .having(level > 0)
        .order_by(level.desc(), stock_levels.c.product_id)
        .limit(limit)
    )
    rows = scope.connection.execute(found).all()
    ids = [row[0] for row in rows]
    names, last = names_of(scope, ids), _last_bought(scope, ids, end)
    return tuple(
        SlowProduct(product, *names[product], units_of(micro), last.get(product))
        for product, micro in rows
        if product in names
    )


def named(scope: Scope, sums: Iterable[ProductSum]) -> tuple[ProductSum, ...]:
    """Return products by what they are called today."""
    found = list(sums)
    names = names_of(scope, (one.product_id for one in found if one.product_id))
    return tuple(
        ProductSum(
            one.product_id,
            *names.get(one.product_id, (one.code, one.name or one.product_id)),
            one.quantity,
            one.takings,
            one.net,
            one.cost,
            one.costed_net,
        )
        for one in found
    )


def names_of(scope: Scope, product_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return code and name of products of the catalogue, by id."""
    keys = [(PRODUCT, product_id) for product_id in product_ids]
    rows = load_things(scope.connection, scope.company_id, keys).values()
    found = {}
    for row in rows:
        state = json.loads(row.state) if row.state else {}
        found[row.id] = (str(state.get("code", "")), str(state.get("name", "")))
    return found


def _rules(scope: Scope) -> dict[tuple[str, str], int]:
    """Return from which level on (millionths) to order, by shop and product; the latest word."""
    is_of_till = and_(tills.c.company_id == things.c.company_id, tills.c.id == things.c.till_id)
    found = (
        select(tills.c.shop, things.c.state)
        .select_from(things.join(tills, is_of_till))
        .where(things.c.company_id == scope.company_id, things.c.kind == STOCK_RULE)
        .order_by(things.c.revision)
        .limit(MOST_RULES + 1)
    )
    if scope.shops is not None:
        found = found.where(tills.c.shop.in_(scope.shops))
    rules: dict[tuple[str, str], int] = {}
    for shop, state in scope.connection.execute(found):
        rule = _rule(json.loads(state) if state else {})
        if rule is not None:
            product, at = rule
            rules.pop((shop, product), None)
            if at is not None:
                rules[shop, product] = at
    return rules


def _rule(state: Mapping[str, Any]) -> tuple[str, int | None] | None:
    told = state.get("state")
    if not isinstance(told, dict) or not isinstance(told.get("product_id"), str):
        return None
    at = told.get("reorder_at")
    try:
        return told["product_id"], None if at is None else micro_of(str(Decimal(str(at))))
    except (ArithmeticError, ValueError):
        return None


def _levels(scope: Scope, products: Collection[str]) -> dict[tuple[str, str], int]:
    """Return how much of products there is (millionths), by shop and product."""
    keys = (stock_levels.c.shop, stock_levels.c.product_id)
    found: dict[tuple[str, str], int] = {}
    wanted = sorted(products)
    for start in range(0, len(wanted), _AT_ONCE):
        query = (
            select(*keys, func.sum(stock_levels.c.level_micro))
            .where(
                stock_levels.c.company_id == scope.company_id,
                stock_levels.c.product_id.in_(wanted[start : start + _AT_ONCE]),
            )
            .group_by(*keys)
        )
        if scope.shops is not None:
            query = query.where(stock_levels.c.shop.in_(scope.shops))
        for shop, product, micro in scope.connection.execute(query):
            found[shop, product] = int(micro)
    return found


def _last_bought(scope: Scope, products: Collection[str], end: date) -> dict[str, date]:
    """Return when products were bought last, by the sums of months and then of days.

    What was only bought after `end` in its month is looked for in the months before.
    """
    found = _last_in_months(scope, products, end, f"{end:%Y-%m}")
    left = [product for product in products if product not in found]
    before = end.replace(day=1) - timedelta(days=1)
    return found | _last_in_months(scope, left, before, f"{before:%Y-%m}")


def _last_in_months(
    scope: Scope, products: Collection[str], end: date, last_month: str
) -> dict[str, date]:
    by_month: defaultdict[str, list[str]] = defaultdict(list)
    for product, month in _latest(scope, products, month_products.c.month, last_month).items():
        by_month[month].append(product)
    found: dict[str, date] = {}
    for month, ids in by_month.items():
        last = min(f"{month}-31", end.isoformat())
        days = _latest(scope, ids, day_products.c.business_day, last, f"{month}-01")
        found |= {product: date.fromisoformat(day) for product, day in days.items()}
    return found


def _latest(
    scope: Scope, products: Collection[str], when: Any, last: str, first: str = ""
) -> dict[str, str]:
    table = when.table
    rows = scope.connection.execute(
        select(table.c.product_id, func.max(when))
        .where(
            table.c.company_id == scope.company_id,
            table.c.shop.in_(scope.shops or ()),
            table.c.product_id.in_(list(products)),
            table.c.times > 0,
            when <= last,
            when >= first,
        )
        .group_by(table.c.product_id)
    )
    return {row[0]: str(row[1]) for row in rows}

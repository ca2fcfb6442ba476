"""The documents behind a figure of the day: found page by page, the latest first."""

from collections.abc import Callable, Iterator

from pos_app.domain.day_figures import ReceiptQuery, Watched
from pos_app.store.connection import Database
from pos_app.store.day_fold import HELD_SQL, SLOT_SQL
from pos_app.store.day_span import Span

Value = str | int
LAST_ROW = 2**63 - 1
_LINE = f"EXISTS (SELECT 1 FROM sale_lines l WHERE l.sale = s.row AND NOT {HELD_SQL} AND {{rule}})"
_IN_CATEGORY = (
    f"EXISTS (SELECT 1 FROM sale_lines l LEFT JOIN products p ON p.id = l.product_id "
    f"WHERE l.sale = s.row AND NOT {HELD_SQL} AND coalesce(p.category_id, '') = ?)"
)
_PAID_BY = "EXISTS (SELECT 1 FROM tenders t WHERE t.sale = s.row AND t.method = ?)"
_TAXED_BY = (
    "EXISTS (SELECT 1 FROM sale_taxes x JOIN taxes t ON t.row = x.tax "
    "WHERE x.sale = s.row AND t.code = ?)"
)
_OF_FACTS = (
    "s.id IN (SELECT cart FROM watched_facts WHERE slot >= ? AND slot < ? AND kind = ? "
    "AND cart <> '' AND (? = '' OR staff = ?))"
)
_IN_DOCUMENTS = {
    Watched.VOID: "s.kind = 'void'",
    Watched.REFUND: (
        "s.kind IN ('return', 'exchange') AND EXISTS "
        "(SELECT 1 FROM sale_lines l WHERE l.sale = s.row AND l.gross < 0)"
    ),
    Watched.DISCOUNT: _LINE.format(rule="l.discount > 0"),
}


def receipt_rows(
    database: Database,
    query: ReceiptQuery,
    span: Span,
    hour_of: Callable[[int], int],
    after: str,
    limit: int,
) -> list[int]:
    """Return the rows of the documents that fit a query, the latest business day first.

    `hour_of` tells the shop's hour of a quarter hour since 1970 (UTC), `after` is the id of the
    last document of the page before. What happened in a sale without leaving a document of its own
    leads to that sale, on whatever day it was finished.
    """
    database.raw.create_function("shop_hour", 1, hour_of, deterministic=True)
    rules: list[str] = ["s.currency = ?"]
    values: list[Value] = [query.currency]
    for rule, *more in _rules(query, span):
        rules.append(rule)
        values.extend(more)
    if after:
        rules.append("(s.business_day, s.row) < (SELECT business_day, row FROM sales WHERE id = ?)")
        values.append(after)
    rows = database.rows(
        f"SELECT s.row FROM sales s WHERE {' AND '.join(rules)} "
        "ORDER BY s.business_day DESC, s.row DESC LIMIT ?",
        (*values, limit),
    )
    return [row for (row,) in rows]


def _rules(query: ReceiptQuery, span: Span) -> Iterator[tuple[str, *tuple[Value, ...]]]:
    """Yield each condition with its values."""
    if query.watched is not None and query.watched not in _IN_DOCUMENTS:
        slots = (span.first_slot, span.end_slot)
        yield (_OF_FACTS, *slots, query.watched.value, query.staff, query.staff)
    else:
        start, end, _ = span.values
        yield "s.business_day BETWEEN ? AND ?", start, end
        if query.watched is not None:
            yield (_IN_DOCUMENTS[query.watched],)
        if query.staff or query.is_unnamed:
            yield "s.staff = ?", query.staff
    yield from _narrowing(query)


def _narrowing(query: ReceiptQuery) -> Iterator[tuple[str, *tuple[Value, ...]]]:
    if query.hour is not None:
        yield f"shop_hour({SLOT_SQL}) = ?", query.hour
    if query.method:
        yield _PAID_BY, query.method
    if query.tax_code:
        yield _TAXED_BY, query.tax_code
    if query.product_id:
        yield _LINE.format(rule="l.product_id = ?"), query.product_id
    if query.product_name:
        rule = _LINE.format(rule="l.product_id IS NULL AND l.name = ?")
        yield rule, query.product_name
    if query.category_id is not None:
        yield _IN_CATEGORY, query.category_id
    if query.only_discounted:
        yield (_LINE.format(rule="l.discount <> 0"),)
    if query.after_row or query.up_to_row is not None:
        last = LAST_ROW if query.up_to_row is None else query.up_to_row
        yield "s.row > ? AND s.row <= ?", query.after_row, last
    if query.only_costed:
        yield (_LINE.format(rule="l.cost IS NOT NULL"),)

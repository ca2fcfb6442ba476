"""Adding documents and facts to the sums of their days, some hundred at a time.

What is added is first put together beside the store, where nobody waits for it; the transaction
then only adds it. Amounts are whole minor units and quantities whole millionths, never floats.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Any

from pos_app.domain.day_figures import SLOT_S, SUMMED, Watched, line_cost
from pos_app.domain.facts import FactKind
from pos_app.domain.money import minor_digits
from pos_app.domain.plain import UNREADABLE
from pos_app.domain.shift_report import HELD_KINDS
from pos_app.store.connection import Database

CHUNK = 400  # documents; their transaction takes some milliseconds
_ENTRIES = 4_000
_MICRO = Decimal(1_000_000)
SLOT_SQL = f"CAST(strftime('%s', substr(s.at, 1, 19)) AS INTEGER) / {SLOT_S}"
_WATCHED = {
    FactKind.PRICE_OVERRIDDEN: Watched.PRICE_OVERRIDE,
    FactKind.LINE_REMOVED: Watched.LINE_REMOVED,
    FactKind.QUANTITY_LOWERED: Watched.QUANTITY_LOWERED,
    FactKind.SALE_DISCARDED: Watched.SALE_DISCARDED,
    FactKind.DRAWER_OPENED: Watched.NO_SALE,
}


@dataclass(frozen=True, slots=True)
class FoldMark:
    """How far the sums go; `currency` is that of facts that name none."""

    sale_row: int = 0
    seq: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be added next: everything after one mark up to another."""

    after: FoldMark
    up_to: FoldMark
    facts: tuple[tuple[Any, ...], ...]


HELD_SQL = "l.kind IN ({})".format(", ".join(f"'{kind.value}'" for kind in HELD_KINDS))
TICKETS_SQL = (
    "CASE s.kind WHEN 'sale' THEN 1 WHEN 'exchange' THEN 1 WHEN 'void' THEN -coalesce("
    "(SELECT v.kind IN ('sale', 'exchange') FROM sales v WHERE v.id = s.voids_sale_id), 0) "
    "ELSE 0 END"
)
_PIECES = (
    "CASE WHEN l.unit_decimals = 0 THEN CAST(l.quantity AS INTEGER) "
    "WHEN substr(l.quantity, 1, 1) = '-' THEN -1 ELSE 1 END"
)
_QUANTITY = (
    "CASE WHEN instr(l.quantity, '.') THEN quantity_micro(l.quantity) "
    "ELSE CAST(l.quantity AS INTEGER) * 1000000 END"
)
_BOUGHT = "s.kind <> 'void' AND substr(l.quantity, 1, 1) <> '-'"
_COST = "CASE WHEN l.cost IS NULL THEN 0 ELSE line_cost(l.cost, l.quantity, s.currency) END"
_COSTED = "CASE WHEN l.cost IS NULL THEN 0 ELSE l.net END"
# CROSS JOIN keeps SQLite from walking through all lines that there ever were.
_NEXT = "s.row > ? AND s.row <= ?"
_NEXT_LINES = f"FROM sales s CROSS JOIN sale_lines l ON l.sale = s.row WHERE {_NEXT}"


def _sold(expression: str) -> str:
    return f"sum(CASE WHEN {HELD_SQL} THEN 0 ELSE {expression} END)"


_GATHER_DOCUMENTS = (
    "CREATE TEMP TABLE next_documents AS SELECT s.business_day, s.currency, s.staff, "
    f"{SLOT_SQL} AS slot, s.kind, abs(s.gross) AS size, s.rounding, "
    f"{TICKETS_SQL} AS tickets, {_sold(_PIECES)} AS items, {_sold('l.gross')} AS takings, "
    f"{_sold('l.net')} AS net, {_sold('l.tax')} AS tax, {_sold('l.discount')} AS discounts, "
    "-sum(CASE WHEN s.kind IN ('return', 'exchange') THEN min(l.gross, 0) ELSE 0 END) AS refunds, "
    f"sum(l.gross) - {_sold('l.gross')} AS held, {_sold(_COST)} AS cost, "
    f"{_sold(_COSTED)} AS costed_net, {_sold('l.discount > 0')} AS discount_count, "
    f"{_sold('max(l.discount, 0)')} AS discounted {_NEXT_LINES} GROUP BY s.row"
)
_GATHER_PRODUCTS = (
    "CREATE TEMP TABLE next_products AS SELECT s.business_day, s.currency, "
    "coalesce(l.product_id, '') AS product_id, "
    "CASE WHEN l.product_id IS NULL THEN l.code ELSE '' END AS code, "
    "CASE WHEN l.product_id IS NULL THEN l.name ELSE '' END AS name, "
    f"sum({_BOUGHT}) AS times, sum({_PIECES}) AS items, sum({_QUANTITY}) AS quantity_micro, "
    "sum(l.gross) AS takings, sum(l.net) AS net, "
    f"sum({_COST}) AS cost, sum({_COSTED}) AS costed_net "
    f"{_NEXT_LINES} AND NOT {HELD_SQL} GROUP BY 1, 2, 3, 4, 5"
)
_IS_VOID = "kind = 'void'"
_TOTALS = {
    "documents": "count(*)",
    "refund_count": "sum(refunds > 0)",
    "void_count": f"sum({_IS_VOID})",
    "voids": f"sum(CASE WHEN {_IS_VOID} THEN size ELSE 0 END)",
}
_DAY = "business_day, currency"
_PRODUCT = "product_id, code, name"
_PRODUCT_SUMS = ("times", "items", "quantity_micro", "takings", "net", "cost", "costed_net")


def _adding(table: str, key: str, sums: Sequence[str], source: str) -> str:
    """Return the statement that adds what `source` selects (key and sums) to a table's rows."""
    more = ", ".join(f"{name} = {name} + excluded.{name}" for name in sums)
    return f"INSERT INTO {table} {source} ON CONFLICT ({key}) DO UPDATE SET {more}"


def _from_documents(table: str, key: str, sums: Mapping[str, str]) -> str:
    chosen = ", ".join(sums.values())
    source = f"SELECT {key}, {chosen} FROM next_documents WHERE true GROUP BY {key}"
    return _adding(table, key, tuple(sums), source)


@cache
def _statements() -> tuple[tuple[str, bool], ...]:
    """Return the statements that add the next part, and whether each asks for its rows."""
    totals = {name: _TOTALS.get(name, f"sum({name})") for name in SUMMED}
    slots = {"tickets": "sum(tickets)", "takings": "sum(takings)"}
    staff = {
        **slots,
        "void_count": totals["void_count"],
        "voids": totals["voids"],
        "refund_count": totals["refund_count"],
        "refunds": totals["refunds"],
        "discount_count": "sum(discount_count)",
        "discounts": "sum(discounted)",
    }
    tenders = (
        "SELECT s.business_day, s.currency, t.method, count(*), sum(max(t.amount, 0)), "
        "-sum(min(t.amount, 0)) FROM sales s CROSS JOIN tenders t ON t.sale = s.row "
        f"WHERE {_NEXT} GROUP BY 1, 2, 3"
    )
    taxes = (
        "SELECT s.business_day, s.currency, t.tax, sum(t.base), sum(t.amount) "
        f"FROM sales s CROSS JOIN sale_taxes t ON t.sale = s.row WHERE {_NEXT} GROUP BY 1, 2, 3"
    )
    sums = ", ".join(f"sum({name})" for name in _PRODUCT_SUMS)
    products = f"SELECT * FROM next_products WHERE true ORDER BY {_DAY}, {_PRODUCT}"
    months = (
        f"SELECT substr(business_day, 1, 7), currency, {_PRODUCT}, {sums} FROM next_products "
        "WHERE true GROUP BY 1, 2, 3, 4, 5"
    )
    bought = (
        "INSERT INTO last_bought SELECT product_id, max(business_day) FROM next_products "
        "WHERE times > 0 AND product_id <> '' GROUP BY product_id ON CONFLICT (product_id) "
        "DO UPDATE SET business_day = excluded.business_day "
        "WHERE excluded.business_day > business_day"
    )
    return (
        (_from_documents("day_totals", _DAY, totals), False),
        (_from_documents("day_slots", f"{_DAY}, slot", slots), False),
        (_from_documents("day_staff", f"{_DAY}, staff", staff), False),
        (
            _adding(
                "day_tenders",
                f"{_DAY}, method",
                ("payments", "taken", "given_back"),
                tenders,
            ),
            True,
        ),
        (_adding("day_taxes", f"{_DAY}, tax", ("base", "amount"), taxes), True),
        (_adding("day_products", f"{_DAY}, {_PRODUCT}", _PRODUCT_SUMS, products), False),
        (
            _adding("month_products", f"month, currency, {_PRODUCT}", _PRODUCT_SUMS, months),
            False,
        ),
        (bought, False),
    )


_FACTS = (
    "SELECT seq, at, staff, kind, payload FROM journal WHERE seq > ? AND seq <= ? AND kind IN ({})"
).format(", ".join(f"'{kind.value}'" for kind in _WATCHED))
_ADD_FACT = "INSERT INTO watched_facts VALUES (?, ?, ?, ?, ?, ?, ?)"
_SET_MARK = (
    "INSERT INTO day_fold VALUES (1, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET "
    "sale_row = excluded.sale_row, seq = excluded.seq, currency = excluded.currency"
)
SUM_TABLES = (
    "day_totals",
    "day_slots",
    "day_tenders",
    "day_taxes",
    "day_staff",
    "day_products",
    "month_products",
    "last_bought",
    "watched_facts",
)


def fold_mark(database: Database) -> FoldMark:
    """Return how far the sums go."""
    row = database.row("SELECT sale_row, seq, currency FROM day_fold")
    return FoldMark() if row is None else FoldMark(*row)


def head_mark(database: Database) -> tuple[int, int]:
    """Return where documents and journal end: the last row, the last entry."""
    row = database.row("SELECT (SELECT max(row) FROM sales), (SELECT max(seq) FROM journal)")
    return (0, 0) if row is None else (row[0] or 0, row[1] or 0)


def gather(
    database: Database, currency: str, end: tuple[int, int] | None = None, chunk: int = CHUNK
) -> Part | None:
    """Put together what is to be added next, outside of any transaction; None where all is.

    `currency` (ISO 4217) is that of facts that name none, `end` how far to go at most.
    """
    after = fold_mark(database)
    last_row, last_seq = head_mark(database) if end is None else end
    up_to = FoldMark(
        max(min(after.sale_row + chunk, last_row), after.sale_row),
        max(min(after.seq + max(_ENTRIES, chunk), last_seq), after.seq),
        currency,
    )
    if (up_to.sale_row, up_to.seq) == (after.sale_row, after.seq):
        return None
    _teach(database)
    rows = (after.sale_row, up_to.sale_row)
    for table, sql in (("documents", _GATHER_DOCUMENTS), ("products", _GATHER_PRODUCTS)):
        database.run(f"DROP TABLE IF EXISTS temp.next_{table}")
        database.run(sql, rows)
    return Part(after, up_to, _facts(database, after.seq, up_to.seq, currency))


def add_part(database: Database, part: Part) -> bool:
    """Add what was put together, in the running transaction; False where somebody was quicker."""
    if fold_mark(database) != part.after:
        return False
    rows = (part.after.sale_row, part.up_to.sale_row)
    for sql, asks_for_rows in _statements():
        database.run(sql, rows if asks_for_rows else ())
    database.many(_ADD_FACT, part.facts)
    database.run(_SET_MARK, (part.up_to.sale_row, part.up_to.seq, part.up_to.currency))
    return True


def forget_sums(database: Database) -> None:
    """Remove every sum, in the running transaction, so that all are made anew."""
    for table in (*SUM_TABLES, "day_fold"):
        database.run(f"DELETE FROM {table}")


def _facts(database: Database, after: int, up_to: int, currency: str) -> tuple[Any, ...]:
    found = []
    for seq, at, staff, kind, payload in database.rows(_FACTS, (after, up_to)):
        with suppress(*UNREADABLE):  # an entry that somebody changed: its hash says so
            watched, told = _WATCHED[FactKind(kind)], json.loads(payload)
            own = str(told.get("currency", currency))
            slot = int(datetime.fromisoformat(at).timestamp()) // SLOT_S
            amount, cart = fact_amount(watched, told, own), str(told.get("cart", ""))
            found.append((slot, seq, own, staff, watched.value, amount, cart))
    return tuple(found)


def fact_amount(watched: Watched, told: Mapping[str, Any], currency: str) -> int:
    """Return what a fact is about in minor units, 0 or above, rounded half up once."""
    match watched:
        case Watched.QUANTITY_LOWERED:
            return abs(int(told["amount"]))
        case Watched.SALE_DISCARDED:
            return abs(int(told["gross"]))
        case Watched.LINE_REMOVED:
            price = Decimal(told.get("unit_price") or 0)
        case Watched.PRICE_OVERRIDE:
            listed, given = told.get("list_price"), told.get("unit_price")
            if listed is None or given is None:
                return 0
            price = Decimal(listed) - Decimal(given)
        case _:
            return 0
    quantity = Decimal(told.get("quantity") or 1)
    return abs(line_cost(price, quantity, minor_digits(currency)))


def _teach(database: Database) -> None:
    """Give SQLite the two pieces of arithmetic that it would do with floats."""
    database.raw.create_function("line_cost", 3, _line_cost, deterministic=True)
    database.raw.create_function("quantity_micro", 1, _quantity_micro, deterministic=True)


@lru_cache(maxsize=4096)
def _line_cost(cost: str, quantity: str, currency: str) -> int:
    return line_cost(Decimal(cost), Decimal(quantity), minor_digits(currency))


@lru_cache(maxsize=4096)
def _quantity_micro(quantity: str) -> int:
    return int((Decimal(quantity) * _MICRO).to_integral_value(ROUND_HALF_UP))

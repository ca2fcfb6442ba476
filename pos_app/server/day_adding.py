"""Adding to the sums of business days whatever is placed, in the transaction that places it.

Every key names the till: only who judges the same till could want the same rows, and of those there
is one at a time.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, literal_column, select

from pos_app.server.bulk_rows import is_one_of, text_array
from pos_app.server.companies import company_of
from pos_app.server.day_fold import (
    DayEvent,
    DaySums,
    Whose,
    fold_event,
    fold_known_kind,
    fold_sale,
    is_currency,
)
from pos_app.server.journal_entries import OWN_TILL, Told
from pos_app.server.judge_sales import SaleTold
from pos_app.server.tables import metadata, sales
from pos_app.server.thing_kinds import SETTINGS
from pos_app.server.thing_rows import load_things

_IS_VOID = sales.c.voids != literal_column("''")  # as the index says it


class Placed(NamedTuple):
    """A document that is about to be placed: whose it is, and the id of its row."""

    entry: Told
    told: SaleTold
    sale_id: str


def add_sales(connection: Connection, company_id: str, placed: Sequence[Placed]) -> None:
    """Add documents to the sums of their days, before their rows are written."""
    if not placed:
        return
    sums = DaySums()
    known = {one.sale_id: (one.told.kind, one.entry.till_id) for one in placed}
    voided = [one.told.voids for one in placed if one.told.voids and one.told.voids not in known]
    known |= _kinds(connection, company_id, voided)
    for one in placed:
        whose = Whose(one.entry.shop, one.entry.till_id)
        kind, till_id = known.get(one.told.voids, ("", ""))
        is_known = bool(one.told.voids) and is_of_same(till_id, one.entry.till_id)
        fold_sale(sums, whose, one.told, kind if is_known else None)
    for void in _voids(connection, company_id, [one.sale_id for one in placed]):
        kind, till_id = known[void["voids"]]
        if is_of_same(till_id, void["till_id"]):
            fold_known_kind(sums, Whose(void["shop"], void["till_id"]), void, kind)
    write_sums(connection, company_id, sums)


def add_events(
    connection: Connection, company_id: str, events: Iterable[tuple[Told, DayEvent]]
) -> None:
    """Add what happened beside the documents; the shops' settings must be written before."""
    told = list(events)
    if not told:
        return
    sums, currencies = DaySums(), dict[str, str]()
    for entry, event in told:
        if entry.shop not in currencies:
            currencies[entry.shop] = currency_of(connection, company_id, entry.shop)
        fold_event(sums, Whose(entry.shop, entry.till_id), event, currencies[entry.shop])
    write_sums(connection, company_id, sums)


def write_sums(connection: Connection, company_id: str, sums: DaySums) -> None:
    """Add sums to what the tables hold, of products to their months' too."""
    rows = {name: found for name, found in sums.rows().items() if found}
    if not rows:
        return
    if connection.dialect.name == "postgresql":  # all tables in one statement
        told = {name: list(zip(*found, strict=True)) for name, found in rows.items()}
        values = [company_id]
        for columns in told.values():
            values += [_array(column) for column in columns]
        connection.exec_driver_sql(_statement_for_arrays(tuple(rows)), tuple(values))
        return
    for name, found in rows.items():
        connection.exec_driver_sql(_statement_for_many(name), [(company_id, *row) for row in found])


def currency_of(connection: Connection, company_id: str, shop: str) -> str:
    """Return the currency in which a shop sells (ISO 4217): by its settings, or the company's."""
    row = load_things(connection, company_id, [(SETTINGS, shop)]).get((SETTINGS, shop))
    state = {} if row is None or not row.state else json.loads(row.state)
    policy = state.get("policy")
    told = policy.get("currency") if isinstance(policy, dict) else None
    return told if is_currency(told) else company_of(connection, company_id).currency


def is_of_same(till_id: str, other: str) -> bool:
    """Whether two documents are of journals that are judged one after the other, never at once.

    Those are the same till's, and head office's own. Only there does a void know what it voided:
    of two tills at the same time neither could see the other's document.
    """
    return till_id == other or (till_id.startswith(OWN_TILL) and other.startswith(OWN_TILL))


def _kinds(
    connection: Connection, company_id: str, wanted: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """Return kind and till of documents that are here already, by id."""
    if not wanted:
        return {}
    rows = connection.execute(
        select(sales.c.id, sales.c.kind, sales.c.till_id).where(
            sales.c.company_id == company_id, is_one_of(connection, sales.c.id, wanted)
        )
    )
    return {row.id: (row.kind, row.till_id) for row in rows}


def _voids(
    connection: Connection, company_id: str, wanted: Sequence[str]
) -> list[Mapping[str, Any]]:
    """Return voids of documents that came before what they void."""
    columns = [
        sales.c[name] for name in "voids shop till_id business_day currency at staff".split()
    ]
    rows = connection.execute(
        select(*columns).where(
            sales.c.company_id == company_id,
            _IS_VOID,
            is_one_of(connection, sales.c.voids, wanted),
            sales.c.kind == "void",
        )
    )
    return [dict(row) for row in rows.mappings()]


def _array(values: Sequence[str] | Sequence[int]) -> str:
    """Return a column's values as PostgreSQL writes an array."""
    if isinstance(values[0], int):
        return "{" + ",".join(map(str, values)) + "}"
    return text_array([str(value) for value in values])


@cache
def _statement_for_arrays(names: tuple[str, ...]) -> str:
    """Return the statement that adds to tables: a company, then an array of each column."""
    parts = []
    for name in names:
        table = metadata.tables[name]
        columns = list(table.columns)[1:]
        arrays = ", ".join(
            f"%s::{'bigint' if column.type.python_type is int else 'text'}[]" for column in columns
        )
        parts.append(
            f"add_{name} AS (INSERT INTO {name} ({_columns(table)}) "
            f"SELECT company.id, told.* FROM company, unnest({arrays}) AS told {_adding(table)})"
        )
    return f"WITH company AS (SELECT %s::text AS id), {', '.join(parts)} SELECT 1"


@cache
def _statement_for_many(name: str) -> str:
    table = metadata.tables[name]
    marks = ", ".join("?" * len(table.columns))
    return f"INSERT INTO {name} ({_columns(table)}) VALUES ({marks}) {_adding(table)}"


def _columns(table: Table) -> str:
    return ", ".join(column.name for column in table.columns)


def _adding(table: Table) -> str:
    keys = [column.name for column in table.primary_key]
    sums = [column.name for column in table.columns if column.name not in keys]
    added = ", ".join(f"{one} = {table.name}.{one} + excluded.{one}" for one in sums)
    return f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}"

"""Many rows at once: one statement with all of them as JSON on PostgreSQL, a batch on SQLite.

COPY itself does not go where row-level security is, and a statement for each row takes three
times as long. A row is a msgspec structure whose fields are named like the table's columns.
"""

from collections.abc import Sequence
from functools import cache

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    Text,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[msgspec.Struct], conflict: str = ""
) -> None:
    """Insert rows, all of one kind; `conflict` is an ON CONFLICT clause for rows that are there.

    With a clause no two of the rows may have the same key.
    """
    if not rows:
        return
    columns = rows[0].__struct_fields__
    if connection.dialect.name == "postgresql":
        statement = _statement_for_json(table.name, columns, conflict)
        connection.exec_driver_sql(statement, (msgspec.json.encode(rows).decode(),))
        return
    statement = _statement_for_many(table.name, columns, conflict)
    connection.exec_driver_sql(statement, [msgspec.structs.astuple(row) for row in rows])


def is_one_of(
    connection: Connection, column: Column[str], values: Sequence[str]
) -> ColumnElement[bool]:
    """Say that a column is one of many texts: one value of the statement, however many they are."""
    if connection.dialect.name == "postgresql":
        return column == func.any(cast(literal(text_array(values), Text), ARRAY(Text)))
    told = func.json_each(msgspec.json.encode(values).decode()).table_valued("value")
    return column.in_(select(told.c.value))


def text_array(values: Sequence[str]) -> str:
    """Return texts as PostgreSQL writes an array of them."""
    return "{" + ",".join(map(_quoted, values)) + "}"


def _quoted(value: str) -> str:
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'


@cache
def _statement_for_json(table: str, columns: tuple[str, ...], conflict: str) -> str:
    names = ", ".join(columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {names} "
        f"FROM json_populate_recordset(NULL::{table}, %s::json) {conflict}"
    )


@cache
def _statement_for_many(table: str, columns: tuple[str, ...], conflict: str) -> str:
    names = ", ".join(columns)
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({names}) VALUES ({marks}) {conflict}"


def overwriting(key: str, columns: Sequence[str]) -> str:
    """Return the clause by which rows take the place of those with the same key."""
    values = ", ".join(f"{column} = excluded.{column}" for column in columns)
    return f"ON CONFLICT ({key}) DO UPDATE SET {values}"

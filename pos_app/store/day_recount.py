"""The sums of the days made once more beside the store: to compare them, or to read them there.

They are made in a file of SQLite's own that has no name and vanishes, so that memory stays flat;
the store is only read, also while it sells.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pysqlite3

from pos_app.store.connection import Database, naming
from pos_app.store.day_fold import SUM_TABLES, add_part, fold_mark, gather, head_mark
from pos_app.store.schema import declared_statements

_CHUNK = 5_000
MOST_FAULTS = 20  # of each table
Located = tuple[str, str]


@contextmanager
def beside(path: Path) -> Iterator[Database]:
    """Open empty sums with the store attached as it is at this moment.

    Names mean these sums first and then the tables of the store.
    """
    with naming(path):
        raw = pysqlite3.connect("file:", uri=True, isolation_level=None)
    database = Database(raw, path)
    try:
        database.run("PRAGMA journal_mode = OFF")
        database.run("PRAGMA synchronous = OFF")
        database.run("ATTACH ? AS store", (f"{path.absolute().as_uri()}?mode=ro",))
        for statement in declared_statements():
            if statement.startswith(_MADE):
                database.run(statement)
        database.run("BEGIN")
        yield database
    finally:
        database.close()


_MADE = tuple(f"CREATE TABLE {table} (" for table in (*SUM_TABLES, "day_fold"))


def uneven_sums(path: Path) -> Iterator[Located]:
    """Yield (where, sentence) for each row of the sums that is not what its documents come to."""
    with beside(path) as database:
        row = database.row("SELECT sale_row, seq, currency FROM store.day_fold WHERE one = 1")
        sale_row, seq, currency = row or (0, 0, "")
        # SQLite's own check passes over the rules of tables without row numbers.
        if database.value("SELECT count(*) FROM store.day_fold WHERE one <> 1"):
            yield "day sums", "the sums of the days have a mark in day_fold that nothing reads"
        last_row, last_seq = head_mark(database)
        if not 0 <= sale_row <= last_row or not 0 <= seq <= last_seq:
            sentence = f"they go up to document {sale_row} and entry {seq}, which are not there"
            yield "day sums", f"the sums of the days are uneven: {sentence}"
            return
        _fold(database, currency, (sale_row, seq))
        for table in SUM_TABLES:
            yield from _uneven_rows(database, table)


def bring_up(database: Database, since: date, currency: str) -> None:
    """Copy the store's sums since a day and add what they do not have yet.

    `currency` is that of facts that name none. Products' months and last days come whole.
    """
    for table in (*SUM_TABLES, "day_fold"):
        columns = [row[1] for row in database.rows(f"PRAGMA main.table_info({table})")]
        is_by_day = table != "last_bought" and "business_day" in columns
        rule = " WHERE business_day >= ?" if is_by_day else ""
        values = (since.isoformat(),) if is_by_day else ()
        database.run(f"INSERT INTO main.{table} SELECT * FROM store.{table}{rule}", values)
    _fold(database, currency, head_mark(database))


def _fold(database: Database, currency: str, end: tuple[int, int]) -> None:
    while (part := gather(database, currency, end, _CHUNK)) is not None:
        add_part(database, part)
    if (fold_mark(database).sale_row, fold_mark(database).seq) != end:
        raise RuntimeError("the sums did not come to their end")


def _uneven_rows(database: Database, table: str) -> Iterator[Located]:
    info = database.rows(f"PRAGMA main.table_info({table})")
    keys = [name for _, name, _, _, _, place in info if place]
    sums = [name for _, name, _, _, _, place in info if not place]
    same = " AND ".join(f"k.{name} = m.{name}" for name in keys)
    other = " OR ".join(f"k.{name} <> m.{name}" for name in sums)
    columns = ", ".join(f"{side}.{name}" for side in ("m", "k") for name in (*keys, *sums))
    missing = f"k.{keys[0]} IS NULL"
    pairs = database.stream(
        f"SELECT {columns} FROM main.{table} m LEFT JOIN store.{table} k ON {same} "
        f"WHERE {missing} OR {other} LIMIT {MOST_FAULTS}"
    )
    names = (*keys, *sums)
    for row in pairs:
        real = dict(zip(names, row[: len(names)], strict=True))
        kept = dict(zip(names, row[len(names) :], strict=True))
        where = _where(table, real)
        if kept[keys[0]] is None:
            yield where, f"{table} has no sums of {_called(real, keys)}"
            continue
        for name in sums:
            if kept[name] != real[name]:
                what = f"{table}, {_called(real, keys)}: {name} is {kept[name]}"
                yield where, f"{what}, the documents come to {real[name]}"
    added = database.stream(
        f"SELECT {', '.join(f'k.{name}' for name in names)} FROM store.{table} k "
        f"LEFT JOIN main.{table} m ON {same} WHERE m.{keys[0]} IS NULL LIMIT {MOST_FAULTS}"
    )
    for row in added:
        kept = dict(zip(names, row, strict=True))
        yield (
            _where(table, kept),
            f"{table} has sums of {_called(kept, keys)} that nothing explains",
        )


def _where(table: str, row: dict[str, object]) -> str:
    if "business_day" in row and table != "last_bought":
        return f"day {row['business_day']}"
    if "month" in row:
        return f"month {row['month']}"
    return f"entry {row['seq']}" if "seq" in row else f"product {row['product_id']}"


def _called(row: dict[str, object], keys: list[str]) -> str:
    return " ".join(str(row[name]) for name in keys if row[name] != "")

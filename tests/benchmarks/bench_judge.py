"""How fast head office makes documents in its books of what tills told, against COPY of the rows.

The floor writes the same rows of the same five tables, made ready, by COPY into the same durable
PostgreSQL, one commit for as many documents, in turns with what is measured.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter_ns
from typing import Any

import psycopg
from psycopg import sql

from pos_app.server.ingest import ingest
from pos_app.server.judging import LIMIT, judge_some
from pos_app.server.stamps import utc_now
from pos_app.store.store import Store, open_store
from tests.benchmarks.figures import MS, Figure, Size, median
from tests.benchmarks.head_offices import NOTHING, HeadOffice, head_office, push_of, till_row
from tests.benchmarks.shops import copy_of, kept_folder, shop_with_backlog

COUNT = {Size.TINY: 40, Size.QUICK: 20_000, Size.FULL: 100_000}
PUSHED = 1_000
PRODUCTS = 300
BAR = 0.5  # ms a document: two thousand of them a second
TABLES = ("sales", "sale_lines", "sale_taxes", "tenders")
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    columns: Sequence[str]
    rows: Rows


def measure(size: Size) -> list[Figure]:
    shop = shop_with_backlog(COUNT[size], PRODUCTS)
    with (
        tempfile.TemporaryDirectory(dir=kept_folder()) as folder,
        head_office(Path(folder), size, JUDGES="0") as head,
    ):
        if head is None:
            return NOTHING
        with open_store(copy_of(shop, Path(folder))) as store:
            _tell(head, store)
        return _figures(*_times(head))


def _tell(head: HeadOffice, store: Store) -> None:
    """Let head office have all entries, unjudged."""
    till, after = till_row(head, store), 0
    while entries := store.journal.entries(after, PUSHED):
        after = entries[-1].seq
        with head.books.company(head.company_id) as connection:
            ingest(connection, head.company_id, till, push_of(entries), utc_now())


def _times(head: HeadOffice) -> tuple[list[float], list[float], int]:
    """Judge batch by batch; beside each, write the rows that it made once more by COPY."""
    judging, copying, least = [], [], LIMIT
    with psycopg.connect(head.admin) as connection:
        floor = _Floor(connection)
        while True:
            begun = perf_counter_ns()
            count = judge_some(head.books, head.company_id, utc_now())
            took = (perf_counter_ns() - begun) / MS
            if not count:
                break
            made = floor.new_rows()
            begun = perf_counter_ns()
            floor.write(made)
            copying.append((perf_counter_ns() - begun) / MS)
            judging.append(took)
            least = min(least, count)
    return judging, copying, LIMIT if len(judging) > 2 else least


class _Floor:
    """Takes the rows that were judged last, and writes them once more beside."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._seen: set[str] = set()
        for name in TABLES:
            connection.execute(
                sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(
                    sql.Identifier(f"floor_{name}"), sql.Identifier(name)
                )
            )
        connection.commit()

    def new_rows(self) -> list[_Table]:
        """Return the rows of documents that are not among the floor's yet."""
        missing = "SELECT id FROM sales EXCEPT SELECT id FROM floor_sales"
        keys = [row[0] for row in self._connection.execute(missing)]
        found = []
        for name in TABLES:
            key = "id" if name == "sales" else "sale_id"
            query = sql.SQL("SELECT * FROM {} WHERE {} = ANY(%s)").format(
                sql.Identifier(name), sql.Identifier(key)
            )
            cursor = self._connection.execute(query, (keys,))
            columns = [column.name for column in cursor.description or ()]
            found.append(_Table(f"floor_{name}", columns, cursor.fetchall()))
        self._connection.commit()
        return found

    def write(self, tables: list[_Table]) -> None:
        """COPY rows and commit."""
        for table in tables:
            copy_in = sql.SQL("COPY {} ({}) FROM STDIN").format(
                sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
            )
            with self._connection.cursor() as cursor, cursor.copy(copy_in) as copy:
                for row in table.rows:
                    copy.write_row(row)
        self._connection.commit()


def _figures(judging: list[float], copying: list[float], batch: int) -> list[Figure]:
    took = median(judging)
    return [
        Figure("a document judged, of five lines", took / batch, bar=BAR,
               note=f"{batch / took * 1_000:,.0f} documents/s in batches of {batch}"),
        Figure(f"a batch of {batch} judged", took, floor=median(copying),
               note="floor: its rows of four tables by COPY"),
    ]  # fmt: skip

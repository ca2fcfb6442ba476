"""Reports over the retailer's half year at the counter and many orders and invoices beside it.

Each report is asked for as the screen asks; one plain sum over the same lines stands beside them.
"""

import json
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter_ns, thread_time_ns
from typing import Any

from pos_app.domain.report_period import ReportPeriod
from pos_app.services.document_records import INVOICE, ORDER
from pos_app.services.document_reports import ReportAsked
from pos_app.services.report_runs import make_report, save_report
from pos_app.services.report_sheet import ReportKind
from pos_app.services.sales_import import history_shop, import_sales
from pos_app.store.connection import Database
from pos_app.store.store import Store, create_store, open_store
from tests.benchmarks.bench_import import SAMPLE, half_year
from tests.benchmarks.figures import MS, Figure, Size, median
from tests.benchmarks.shops import _kept, copy_of, kept_folder, now
from tests.services.reported_shop import with_documents

DOCUMENTS = {Size.TINY: 60, Size.QUICK: 5_000, Size.FULL: 20_000}
TURNS = {Size.TINY: 1, Size.QUICK: 7, Size.FULL: 9}
PERIOD = ReportPeriod(date(2010, 12, 1), date(2011, 5, 31))
BAR_MS = 1_000
_WORDS = {
    ReportKind.ORDERS: "order execution",
    ReportKind.CUSTOMERS: "customer analysis",
    ReportKind.TREND: "product trend",
    ReportKind.RECEIVABLES: "receivables by age",
}


def measure(size: Size) -> list[Figure]:
    whole = None if size is Size.TINY else half_year()
    source = whole or SAMPLE
    shop = _kept(f"reported-{source.stat().st_size}", lambda path: _make(path, source))
    with (
        tempfile.TemporaryDirectory(dir=kept_folder()) as folder,
        open_store(copy_of(shop, Path(folder))) as store,
    ):
        _add_documents(store, DOCUMENTS[size])
        return _measure(store, TURNS[size], DOCUMENTS[size], Path(folder))


def _make(path: Path, source: Path) -> None:
    with create_store(path, history_shop(), now=now()) as store:
        import_sales(store, source, now)


def _add_documents(store: Store, count: int) -> None:
    """Write orders and invoices in every state as rows, copies of a few that were made whole."""
    with_documents(store)
    with store.transaction() as tx:
        for kind in (ORDER.name, INVOICE.name):
            records = _rows(tx._db, "records", kind)
            listed = _rows(tx._db, "documents", kind)
            for turn in range(count):
                place = turn % len(records)
                _copy(tx._db, turn, records[place], listed[place])


def _rows(database: Database, table: str, kind: str) -> list[dict[str, Any]]:
    names = [row[1] for row in database.rows(f"PRAGMA table_info({table})")]
    rows = database.rows(f"SELECT * FROM {table} WHERE record = ? ORDER BY id", (kind,))
    return [dict(zip(names, row, strict=True)) for row in rows]


def _copy(database: Database, turn: int, record: dict[str, Any], listed: dict[str, Any]) -> None:
    new_id, number = f"copy-{turn:07d}", f"{listed['number'][:2]}{turn:07d}"
    day = (PERIOD.start + timedelta(days=turn % PERIOD.days)).isoformat()
    state = json.loads(record["state"])
    state["head"] |= {"id": new_id, "number": number, "day": day}
    text = json.dumps(state, sort_keys=True, separators=(",", ":"))
    _insert(database, "records", record | {"id": new_id, "code": number, "state": text})
    _insert(database, "documents", listed | {"id": new_id, "number": number, "day": day})


def _insert(database: Database, table: str, values: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"
    database.run(sql, tuple(values.values()))


def _measure(store: Store, turns: int, documents: int, folder: Path) -> list[Figure]:
    lines = store._session().database
    floor, _ = _took(turns, lambda: lines.value("SELECT sum(gross), sum(net) FROM sale_lines"))
    count = lines.value("SELECT count(*) FROM sale_lines")
    figures = [
        Figure(
            "one sum over all lines",
            floor,
            note=f"{count:,} lines; {documents:,} orders and as many invoices beside them",
        )
    ]

    def add(what: str, do: Callable[[], object], note: str = "") -> None:
        clock, processor = _took(turns, do)
        told = f"processor {processor:.0f} ms{note}"
        figures.append(Figure(what, clock, bar=BAR_MS, note=told))

    asked = ReportAsked(PERIOD)
    for kind in ReportKind:
        add(_WORDS[kind], lambda k=kind: make_report(store, k, asked, PERIOD.end))
    product = store.products.find("85123A") or store.products.search("lantern", 1)[0].product
    mine = ReportAsked(PERIOD, product_id=product.id)
    add("product trend of one", lambda: make_report(store, ReportKind.TREND, mine, PERIOD.end))
    sheet = make_report(store, ReportKind.CUSTOMERS, asked, PERIOD.end).sheet
    rows = f"; {len(sheet.rows):,} rows"
    path = folder / "report.xlsx"
    add("customer analysis as a workbook", lambda: save_report(store, sheet, path, now()), rows)
    return figures


def _took(turns: int, do: Callable[[], object]) -> tuple[float, float]:
    """Medians by the clock and of the processor, in ms."""
    clock, processor = [], []
    for _ in range(turns):
        begun, worked = perf_counter_ns(), thread_time_ns()
        do()
        clock.append((perf_counter_ns() - begun) / MS)
        processor.append((thread_time_ns() - worked) / MS)
    return median(clock), median(processor)

"""The reports over a real history, to the penny what a few lines of plain reading say.

The short form runs over the project's sample. The whole half year is read with --run-long, where it
stands beside the project.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl
import pytest

from pos_app.domain.report_period import Grain, ReportPeriod
from pos_app.services.document_reports import ReportAsked, customer_analysis, product_trend
from pos_app.services.report_runs import make_report, save_report
from pos_app.services.report_sheet import ReportKind
from pos_app.services.sales_import import history_shop, import_sales
from pos_app.store.store import Store, create_store

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "data" / "online-retail-sample.csv"
HALF_YEAR = ROOT.parent / "shared" / "data" / "online-retail-2010-12--2011-05.csv.gz"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PERIOD = ReportPeriod(date(2010, 12, 1), date(2011, 5, 31))
PENNY = Decimal("0.01")
# Entries of the books, on which there is no tax: the only codes that the shop rings up without.
UNTAXED = {"BANK CHARGES", "AMAZONFEE", "CRUK", "B", "ADJUST", "ADJUST2"}


class Plain:
    """The file added up by itself: what every customer bought, and what was sold every month."""

    def __init__(self, path: Path) -> None:
        self.net: dict[str, Decimal] = defaultdict(Decimal)
        self.gross: dict[str, Decimal] = defaultdict(Decimal)
        self.returned_lines: dict[str, int] = defaultdict(int)
        self.months: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 2)
        self.sold: dict[str, dict[str, list[Decimal]]] = defaultdict(
            lambda: defaultdict(lambda: [Decimal(0)] * 2)
        )
        rows = list(self.rows(path))
        # Goods without a customer that are all free are no sale: stock was written off or found.
        customer_of: dict[tuple[str, str], str] = defaultdict(str)
        is_sale: dict[tuple[str, str], bool] = defaultdict(bool)
        for row in rows:
            key = (row["InvoiceNo"], row["InvoiceDate"][:10])
            customer_of[key] = customer_of[key] or row["CustomerID"]
            is_sale[key] |= Decimal(row["UnitPrice"]) != 0 or not is_goods(row["StockCode"])
        for row in rows:
            key = (row["InvoiceNo"], row["InvoiceDate"][:10])
            code = row["StockCode"].upper()
            if not customer_of[key] and not is_sale[key]:
                continue
            units, month = Decimal(row["Quantity"]), row["InvoiceDate"][:7]
            net = (units * Decimal(row["UnitPrice"])).quantize(PENNY, ROUND_HALF_UP)
            rate = Decimal(0) if code in UNTAXED else Decimal(20)
            tax = (net * rate / 100).quantize(PENNY, ROUND_HALF_UP)
            self.net[customer_of[key]] += net
            self.gross[customer_of[key]] += net + tax
            self.returned_lines[customer_of[key]] += units < 0
            for place, value in enumerate((units, net)):
                self.months[month][place] += value
            self.sold[code][month][0] += units
            self.sold[code][month][1] += net

    @staticmethod
    def rows(path: Path) -> Iterator[dict[str, str]]:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                # The file's maker wrote customer numbers as floats.
                yield row | {"CustomerID": row["CustomerID"].removesuffix(".0")}


def is_goods(written: str) -> bool:
    code = written.upper()
    others = {"POST", "DOT", "C2", "C3", "M", "D", "S", "PADS", *UNTAXED}
    return code not in others and not code.startswith("GIFT_")


def reconcile(store: Store, plain: Plain) -> None:
    asked = ReportAsked(PERIOD)
    found = customer_analysis(store, asked)
    by_number = {one.number: one for one in (*found.customers, found.unnamed)}
    assert {number: one.net.amount for number, one in by_number.items()} == dict(plain.net)
    # The tax of what came back is a share of the tax that was paid, so that all of it sums to that:
    # a penny more or less than the tax of the returned line by itself.
    for number, one in by_number.items():
        difference = abs(one.amount.amount - plain.gross[number])
        assert difference <= PENNY * plain.returned_lines[number], number
    assert found.total.net.amount == sum(plain.net.values())

    trend = product_trend(store, ReportAsked(PERIOD, grain=Grain.MONTH))
    assert trend.units == ("pc",)
    months = {
        f"{one.start:%Y-%m}": [one.quantities[0], one.net.amount]
        for one in trend.trend
        if one.net or any(one.quantities)
    }
    assert months == dict(plain.months)
    assert trend.total.amount == found.total.amount


def reconcile_products(store: Store, plain: Plain, codes: list[str]) -> None:
    for code in codes:
        product = store.products.find(code)
        assert product is not None
        asked = ReportAsked(PERIOD, product_id=product.id, grain=Grain.MONTH)
        trend = product_trend(store, asked).trend
        months = {
            f"{one.start:%Y-%m}": [sum(one.quantities), one.net.amount]
            for one in trend
            if one.net or any(one.quantities)
        }
        wanted = {month: sums for month, sums in plain.sold[code].items() if any(sums)}
        assert months == wanted, code


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "shop.db", history_shop(), now=NOW) as made:
        yield made


def test_the_reports_of_a_real_sample_are_its_own_sums(store: Store, tmp_path: Path) -> None:
    import_sales(store, SAMPLE, lambda: NOW)
    plain = Plain(SAMPLE)
    reconcile(store, plain)
    reconcile_products(store, plain, sorted(plain.sold)[::25])
    made = make_report(store, ReportKind.CUSTOMERS, ReportAsked(PERIOD), NOW.date())
    path = tmp_path / "customers.xlsx"
    save_report(store, made.sheet, path, NOW)
    assert written_sum(path, "Before tax") == sum(plain.net.values())


@pytest.mark.long
def test_the_reports_of_half_a_year_are_its_own_sums(store: Store, tmp_path: Path) -> None:
    if not HALF_YEAR.exists():
        pytest.skip(f"the half year is not here: {HALF_YEAR.name} stands beside the project")
    import_sales(store, HALF_YEAR, lambda: NOW)
    plain = Plain(HALF_YEAR)
    assert len(plain.net) > 2000
    reconcile(store, plain)
    best = sorted(plain.sold, key=lambda code: -sum(n for _, n in plain.sold[code].values()))
    reconcile_products(store, plain, [*best[:20], *best[-20:]])
    made = make_report(store, ReportKind.CUSTOMERS, ReportAsked(PERIOD), NOW.date())
    path = tmp_path / "customers.xlsx"
    save_report(store, made.sheet, path, NOW)
    assert written_sum(path, "Before tax") == sum(plain.net.values())


def written_sum(path: Path, title: str) -> Decimal:
    """The column of a workbook added up by somebody else's reader."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    heads = [row for row in sheet.iter_rows() if title in [cell.value for cell in row]]
    column = next(cell.column for cell in heads[0] if cell.value == title)
    first = heads[0][0].row + 1
    cells = [sheet.cell(row, column).value for row in range(first, sheet.max_row)]
    return sum((Decimal(str(value)).quantize(PENNY) for value in cells), Decimal(0))

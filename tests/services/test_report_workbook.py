"""Reports as workbooks, read back by another library: types, totals, a header that stays."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pos_app.domain.money import Money
from pos_app.domain.report_period import ReportPeriod
from pos_app.services.document_reports import ReportAsked
from pos_app.services.report_runs import make_report, save_report
from pos_app.services.report_sheet import ReportKind, ReportSheet
from pos_app.services.report_workbook import write_workbook
from pos_app.spreadsheets import workbook
from pos_app.spreadsheets.cells import money_format
from pos_app.spreadsheets.sheet import SUM, CellKind, SheetColumn, Value
from pos_app.spreadsheets.writing import FileNotWritable, TooManyRowsForSheet
from pos_app.store.store import Store
from tests.services.reported_shop import historic_shop, with_documents

MADE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HALF_YEAR = ReportPeriod(date(2010, 12, 1), date(2011, 5, 31))
EVIL = '=HYPERLINK("http://example.org";"pay")'


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POS_APP_KEYS", "file")
        with historic_shop(tmp_path_factory.mktemp("reported") / "shop.db") as made:
            with_documents(made)
            yield made


def sheet(rows: list[tuple[Value, ...]], currency: str = "EUR") -> ReportSheet:
    columns = (
        SheetColumn("name", "Customer"),
        SheetColumn("day", "Date", CellKind.DAY),
        SheetColumn("units", "Quantity", CellKind.QUANTITY, SUM),
        SheetColumn("amount", "Amount", CellKind.MONEY, SUM),
        SheetColumn("each", "Each", CellKind.MONEY, 'IF({units}=0,"",{amount}/{units})'),
        SheetColumn("rate", "Rate", CellKind.PERCENT),
    )
    totals: tuple[Value, ...] = (
        "Total",
        None,
        sum((row[2] for row in rows), Decimal(0)),  # type: ignore[misc]
        Money(sum(row[3].minor for row in rows), currency),  # type: ignore[union-attr]
        None,
        None,
    )
    about = (("Period", "June"),)
    return ReportSheet(
        "Order/execution", currency, about, columns, rows, totals, kind=ReportKind.ORDERS
    )


def row(name: str, minor: int, currency: str = "EUR") -> tuple[Value, ...]:
    return name, date(2023, 6, 1), Decimal("1.5"), Money(minor, currency), None, Decimal("95.5")


def opened(path: Path, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(path, data_only=values).worksheets[0]


def head(page: Any, title: str) -> Any:
    """The cell of a column's title."""
    return next(cell for cells in page.iter_rows() for cell in cells if cell.value == title)


def test_cells_have_types_and_formats(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    assert write_workbook(path, sheet([row("Rye", 123456)]), "Corner", MADE) == 1
    page = opened(path)
    first = head(page, "Customer").row + 1
    name, day, units, amount, each, rate = (page.cell(first, place) for place in range(1, 7))
    assert (name.value, name.data_type) == ("Rye", "s")
    assert day.value == datetime(2023, 6, 1)  # noqa: DTZ001 - a sheet knows no zone
    assert day.number_format == "yyyy-mm-dd"
    assert (units.value, units.data_type) == (1.5, "n")
    assert (amount.value, amount.number_format) == (1234.56, "#,##0.00 [$EUR]")
    assert each.value is None
    assert (rate.value, rate.number_format) == (0.955, "0.0%")


def test_totals_are_formulas_that_know_their_values_already(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_workbook(path, sheet([row("a", 100), row("b", 250)]), "Corner", MADE)
    page, values = opened(path), opened(path, values=True)
    first = head(page, "Amount").row + 1
    last = first + 2
    assert page.cell(last, 4).value == f"=SUBTOTAL(109,D{first}:D{last - 1})"
    assert values.cell(last, 4).value == 3.5
    assert page.cell(last, 3).value == f"=SUBTOTAL(109,C{first}:C{last - 1})"
    assert values.cell(last, 3).value == 3
    assert page.cell(last, 5).value == f'=IF(C{last}=0,"",D{last}/C{last})'
    assert page.cell(last, 1).value == "Total"
    assert page.cell(last, 1).font.b


def test_the_header_stays_and_filters_and_names_shop_period_and_moment(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_workbook(path, sheet([row("a", 100), row("b", 1)]), "Corner", MADE)
    page = opened(path)
    titles = head(page, "Customer").row
    assert page.freeze_panes == f"A{titles + 1}"
    assert page.auto_filter.ref == f"A{titles}:F{titles + 2}"
    assert page.title == "Order execution"
    above = {page.cell(place, 1).value: page.cell(place, 2).value for place in range(1, titles)}
    assert above["Shop"] == "Corner"
    assert above["Period"] == "June"
    assert above["Made"] == datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 - a sheet knows no zone
    assert page.column_dimensions["A"].width >= 12
    assert page.print_title_rows == f"${titles}:${titles}"


def test_text_never_runs_as_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    names = [EVIL, "+1", "-1", "@SUM(A1)", "https://example.org", "'=1", "x" * 500]
    write_workbook(path, sheet([row(name, 1) for name in names]), EVIL, MADE)
    page = opened(path)
    first = head(page, "Customer").row + 1
    for place, name in enumerate(names, first):
        assert (page.cell(place, 1).value, page.cell(place, 1).data_type) == (name, "s")
        assert page.cell(place, 1).hyperlink is None
    assert page["B2"].data_type == "s"


@pytest.mark.parametrize(
    ("currency", "minor", "value", "format"),
    [
        ("JPY", 1234, 1234, "#,##0 [$JPY]"),
        ("KWD", 1234, 1.234, "#,##0.000 [$KWD]"),
        ("EUR", -5, -0.05, "#,##0.00 [$EUR]"),
    ],
)
def test_amounts_wear_their_own_currency(
    tmp_path: Path, currency: str, minor: int, value: float, format: str
) -> None:
    path = tmp_path / "report.xlsx"
    write_workbook(path, sheet([row("a", minor, currency)], currency), "Corner", MADE)
    page = opened(path)
    cell = page.cell(head(page, "Amount").row + 1, 4)
    assert (cell.value, cell.number_format) == (value, format)
    assert money_format(currency) == format


def test_a_figure_that_a_sheet_would_round_stays_exact_as_text(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_workbook(path, sheet([row("a", 12345678901234567)]), "Corner", MADE)
    page = opened(path)
    assert page.cell(head(page, "Amount").row + 1, 4).value == "123456789012345.67"


def test_an_empty_report_is_a_workbook_too(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    assert write_workbook(path, sheet([]), "Corner", MADE) == 0
    page = opened(path, values=True)
    assert page.cell(head(page, "Amount").row + 1, 4).value == 0


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in (first, second):
        write_workbook(path, sheet([row("a", 100)]), "Corner", MADE)
    assert first.read_bytes() == second.read_bytes()


def test_arabic_sheets_read_from_the_right(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_workbook(path, sheet([row("a", 100)]), "Corner", MADE, is_rtl=True)
    assert opened(path).sheet_view.rightToLeft


def test_where_no_file_can_be_written_a_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotWritable):
        write_workbook(tmp_path / "none" / "report.xlsx", sheet([]), "Corner", MADE)


def test_more_rows_than_a_sheet_has_are_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "SHEET_ROWS", 10)
    path = tmp_path / "report.xlsx"
    with pytest.raises(TooManyRowsForSheet):
        write_workbook(path, sheet([row("a", 1)] * 8), "Corner", MADE)
    assert not path.exists()


@pytest.mark.parametrize("kind", list(ReportKind))
def test_each_report_is_read_back_with_its_own_sums(
    store: Store, tmp_path: Path, kind: ReportKind
) -> None:
    made = make_report(store, kind, ReportAsked(HALF_YEAR), date(2011, 6, 1))
    path = tmp_path / "report.xlsx"
    count = save_report(store, made.sheet, path, MADE)
    assert count == len(made.sheet.rows) > 2
    page, values = opened(path), opened(path, values=True)
    titles = head(page, made.sheet.columns[0].title).row
    for place, column in enumerate(made.sheet.columns, 1):
        if column.kind is not CellKind.MONEY or column.total != SUM:
            continue
        cells = [page.cell(titles + 1 + line, place).value for line in range(count)]
        written = sum((Decimal(str(value)) for value in cells), Decimal(0))
        total = made.sheet.totals[place - 1]
        assert isinstance(total, Money)
        assert written == total.amount, column.title
        cached = values.cell(titles + 1 + count, place).value
        assert Decimal(str(cached)) == total.amount


def test_a_trend_brings_its_chart_along(store: Store, tmp_path: Path) -> None:
    made = make_report(store, ReportKind.TREND, ReportAsked(HALF_YEAR), date(2011, 6, 1))
    path = tmp_path / "report.xlsx"
    save_report(store, made.sheet, path, MADE)
    with zipfile.ZipFile(path) as book:
        chart = book.read("xl/charts/chart1.xml").decode()
    assert "Product trend" in chart
    assert "barChart" in chart


def test_a_report_says_what_it_was_narrowed_to(store: Store) -> None:
    customer = store.customers.find("B1")
    product = store.products.find("PROD001")
    assert customer is not None
    assert product is not None
    asked = ReportAsked(HALF_YEAR, customer_id=customer.id, product_id=product.id)
    about = make_report(store, ReportKind.ORDERS, asked, date(2011, 6, 1)).sheet.about
    assert about == (
        ("Period", "2010-12-01 – 2011-05-31"),
        ("Customer", "Harbour Gifts"),
        ("Product", "Laptop"),
    )
    trend = make_report(store, ReportKind.TREND, replace(asked, customer_id=""), date(2011, 6, 1))
    assert ("Product", "Laptop") in trend.sheet.about

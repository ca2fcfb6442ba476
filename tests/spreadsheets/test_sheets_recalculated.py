"""Every workbook that we write, opened and worked out anew by LibreOffice: it comes to the same."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pos_app.domain.customer import Customer
from pos_app.domain.money import Money
from pos_app.domain.product import PIECE
from pos_app.domain.report_customers import CustomerAnalysis, CustomerFigures
from pos_app.domain.report_period import ReportPeriod
from pos_app.server.report_workbooks import customers_workbook
from pos_app.services.customer_export import export_customers
from pos_app.services.document_reports import ReportAsked
from pos_app.services.product_export import export_products
from pos_app.services.report_runs import make_report, save_report
from pos_app.services.report_sheet import ReportKind
from pos_app.services.stock_export import write_table
from pos_app.spreadsheets.day_sheets import day_sheets
from pos_app.spreadsheets.day_workbook import day_csv, day_workbook
from pos_app.spreadsheets.sheet import CellKind, Formula, Sheet, SheetColumn
from pos_app.spreadsheets.workbook import workbook_bytes
from pos_app.store.store import Store
from tests import days
from tests.printing import sales
from tests.services.reported_shop import historic_shop, with_documents
from tests.spreadsheets.office import needs_soffice, recalculated

MADE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HALF_YEAR = ReportPeriod(date(2010, 12, 1), date(2011, 5, 31))
REVIEWS = {
    "ordinary": days.ordinary(),
    "month": days.month(),
    "empty": days.empty(),
    "hostile": days.hostile(),
    "yen": days.ordinary(3, "JPY"),
    "dinar": days.ordinary(7, "KWD"),
    "enormous": days.enormous(),
}
pytestmark = needs_soffice


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A shop with half a year of sales, and products and customers of hostile names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POS_APP_KEYS", "file")
        with historic_shop(tmp_path_factory.mktemp("reported") / "shop.db") as made:
            with_documents(made)
            with made.transaction() as tx:
                tx.products.save_unit(PIECE)
                for number, name in enumerate(days.HOSTILE):
                    tx.products.save(sales.product(name, "2.50"))
                    tx.customers.save(Customer(f"evil{number}", f"E{number}", name))
            yield made


@pytest.fixture(scope="module")
def written(store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each kind of workbook that we write, by its name."""
    folder = tmp_path_factory.mktemp("written")
    found = {f"day-{name}.xlsx": day_workbook(one, "en") for name, one in REVIEWS.items()}
    found["wrong.xlsx"] = workbook_bytes([lying_sheet()], MADE)
    found["head-office.xlsx"] = customers_workbook(analysis())
    found["table.csv"] = day_csv(REVIEWS["hostile"], "en")
    for name, content in found.items():
        (folder / name).write_bytes(content)
    for kind in ReportKind:
        made = make_report(store, kind, ReportAsked(HALF_YEAR), date(2011, 6, 1))
        save_report(store, made.sheet, folder / f"report-{kind}.xlsx", MADE)
    export_products(store, folder / "products.xlsx")
    export_customers(store, folder / "customers.xlsx")
    rows = [["Product", "Level"], *([name, Decimal("1.5")] for name in days.HOSTILE)]
    write_table(folder / "stock.xlsx", rows)
    return {path.name: path for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def anew(written: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return recalculated(list(written.values()), tmp_path_factory.mktemp("office"))


def lying_sheet() -> Sheet:
    """A sheet whose formulas do not come to what it says they do."""
    columns = (SheetColumn("name", "Name"), SheetColumn("count", "Count", CellKind.COUNT, "sum"))
    rows = [("a", 1), ("b", Formula("1+1", 77))]
    return Sheet("Wrong", "EUR", (), columns, rows, ("Total", 99))


def analysis() -> CustomerAnalysis:
    figures = tuple(
        CustomerFigures(
            f"c{at}",
            f"C{at}",
            name,
            at + 1,
            Money(900 * at, "EUR"),
            Money(1000 * at, "EUR"),
            Money(10 * at, "EUR"),
        )
        for at, name in enumerate(days.HOSTILE)
    )
    unnamed = CustomerFigures("", "", "", 0, *(Money(0, "EUR"),) * 3)
    return CustomerAnalysis(HALF_YEAR, "EUR", figures, unnamed)


def pages(path: Path, *, values: bool) -> list[Any]:
    return openpyxl.load_workbook(path, data_only=values).worksheets


def formulas(path: Path) -> list[tuple[str, str, Any]]:
    """Each formula of a workbook of ours: its sheet, its place and the value that we gave it."""
    told = {page.title: page for page in pages(path, values=True)}
    return [
        (page.title, cell.coordinate, told[page.title][cell.coordinate].value)
        for page in pages(path, values=False)
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def differing(ours: Path, theirs: Path) -> list[tuple[str, str, Any, Any]]:
    """The formulas whose value is another when LibreOffice works it out."""
    found = {page.title: page for page in pages(theirs, values=True)}
    pairs = [
        (title, place, value, found[title][place].value) for title, place, value in formulas(ours)
    ]
    return [one for one in pairs if not is_same(one[2], one[3])]


def is_same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return theirs == pytest.approx(ours, rel=1e-12, abs=1e-9)
    return (ours or None) == (theirs or None)


def test_libreoffice_really_works_formulas_out_anew(
    written: dict[str, Path], anew: dict[str, Path]
) -> None:
    found = differing(written["wrong.xlsx"], anew["wrong.xlsx"])
    assert [(ours, theirs) for _, _, ours, theirs in found] == [(77, 2), (99, 3)]


@pytest.mark.parametrize("name", [f"day-{name}.xlsx" for name in REVIEWS])
def test_every_figure_of_a_day_comes_to_what_we_say(
    written: dict[str, Path], anew: dict[str, Path], name: str
) -> None:
    assert differing(written[name], anew[name]) == []


@pytest.mark.parametrize("name", [f"report-{kind}.xlsx" for kind in ReportKind])
def test_every_sum_of_a_report_comes_to_what_we_say(
    written: dict[str, Path], anew: dict[str, Path], name: str
) -> None:
    assert len(formulas(written[name])) >= 2
    assert differing(written[name], anew[name]) == []


def test_every_sum_of_head_offices_report_comes_to_what_we_say(
    written: dict[str, Path], anew: dict[str, Path]
) -> None:
    assert len(formulas(written["head-office.xlsx"])) == 3
    assert differing(written["head-office.xlsx"], anew["head-office.xlsx"]) == []


def test_a_days_sums_are_formulas(written: dict[str, Path]) -> None:
    sheets = day_sheets(REVIEWS["ordinary"], "en")
    wanted = sum(1 for sheet in sheets if sheet.totals for column in sheet.columns if column.total)
    found = [text for _, text, _ in formulas(written["day-ordinary.xlsx"])]
    assert len(found) > wanted > 20


def test_no_text_of_a_hostile_name_runs(
    store: Store, written: dict[str, Path], anew: dict[str, Path]
) -> None:
    for name, path in written.items():
        if path.suffix != ".xlsx":
            continue
        ours, theirs = pages(path, values=False), pages(anew[name], values=False)
        kept = [
            (page.title, cell.coordinate, cell.value)
            for page in ours
            for row in page.iter_rows()
            for cell in row
            if cell.data_type == "s"
            and str(cell.value).lstrip("\t\r").startswith(("=", "+", "-", "@"))
        ]
        there = {page.title: page for page in theirs}
        for title, place, value in kept:
            cell = there[title][place]
            assert (cell.data_type, cell.hyperlink) == ("s", None), (name, title, place, value)
            assert str(cell.value).strip() == str(value).strip()
    for name in ("day-hostile.xlsx", "products.xlsx", "customers.xlsx", "stock.xlsx"):
        texts = {
            str(cell.value) for page in pages(written[name], values=False)
            for row in page.iter_rows() for cell in row if cell.data_type == "s"
        }  # fmt: skip
        assert days.HOSTILE[-1] in texts, name


def test_a_csv_of_hostile_names_holds_no_formula_when_it_is_opened(anew: dict[str, Path]) -> None:
    (page,) = pages(anew["table.csv"], values=False)
    found = [cell for row in page.iter_rows() for cell in row]
    assert [cell.coordinate for cell in found if cell.data_type == "f"] == []
    assert any("HYPERLINK" in str(cell.value) for cell in found)


def test_types_and_formats_survive_another_program(anew: dict[str, Path]) -> None:
    sheets = {page.title: page for page in pages(anew["day-month.xlsx"], values=True)}
    page = sheets["Days"]
    titles = {cell.value: cell.column for row in page.iter_rows(max_row=4) for cell in row}
    day, takings = (page.cell(5, titles[name]) for name in ("Day", "Takings"))
    assert day.is_date
    assert isinstance(takings.value, int | float)
    assert "EUR" in takings.number_format

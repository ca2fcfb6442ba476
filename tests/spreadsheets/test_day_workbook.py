"""The manager's day as workbook and table, read back by another library."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from pos_app.domain.day_figures import Watched
from pos_app.domain.day_review import CashSum, DayReview
from pos_app.domain.money import Money
from pos_app.spreadsheets.day_workbook import day_csv, day_workbook
from pos_app.spreadsheets.formula_text import neutralised
from tests import days

BERLIN = ZoneInfo("Europe/Berlin")


def book(review: DayReview, language: str = "en", *, values: bool = True) -> dict[str, Any]:
    content = BytesIO(day_workbook(review, language, BERLIN))
    return {page.title: page for page in openpyxl.load_workbook(content, data_only=values)}


def table(page: Any, first: str) -> list[dict[str, Any]]:
    """The rows below the titles, as cells by title; `first` is the first title."""
    top = next(cell.row for row in page.iter_rows() for cell in row if cell.value == first)
    titles = [cell.value for cell in page[top]]
    rows = page.iter_rows(min_row=top + 1)
    return [dict(zip(titles, row, strict=False)) for row in rows]


def rows_of(review: DayReview) -> list[dict[str, str]]:
    text = day_csv(review, "en").decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def test_each_part_of_the_day_has_its_sheet() -> None:
    one_day = ["Summary", "Hours", "Payments", "Taxes", "Products", "Slow products", "Low stock"]
    assert list(book(days.ordinary())) == [*one_day, "Categories", "Cashiers", "Cash"]
    assert "Days" in book(days.month())
    assert "Hours" not in book(days.month())


def test_figures_stand_beside_those_before_with_their_own_formats() -> None:
    found = {row["Figure"].value: row for row in table(book(days.ordinary())["Summary"], "Figure")}
    takings, tickets = found["Takings"], found["Tickets"]
    assert (takings["2026-03-14"].value, takings["2026-03-07"].value) == (4823.6, 4418.7)
    assert takings["2026-03-14"].number_format == "#,##0.00 [$EUR]"
    assert (takings["Against before"].value, takings["Against before"].number_format) == (
        0.092,
        "0.0%",
    )
    assert takings["Mean of 4 weeks"].value == 4501.2
    assert (tickets["2026-03-14"].value, tickets["2026-03-14"].number_format) == (214, "#,##0")
    assert found["Margin %"]["2026-03-14"].number_format == "0.0%"
    assert found["Items per ticket"]["2026-03-14"].value == 2.86


def test_what_follows_from_other_figures_is_a_formula() -> None:
    page = book(days.ordinary(), values=False)["Summary"]
    found = {row["Figure"].value: row["2026-03-14"] for row in table(page, "Figure")}
    place = {name: cell.coordinate for name, cell in found.items()}
    assert found["Average basket"].value == (
        f'=IF({place["Tickets"]}<=0,"",ROUND({place["Takings"]}/{place["Tickets"]},2))'
    )
    assert found["Takings"].data_type == "n"


def test_sums_know_their_values_already() -> None:
    review = days.ordinary()
    page = book(review)["Payments"]
    total = table(page, "Payment")[-1]
    assert total["Payment"].value == "Total"
    assert total["Count"].value == 222
    whole = sum(one.taken - one.given_back for one in review.tenders)
    assert Decimal(str(total["Left"].value)) == Money(whole, "EUR").amount
    formula = table(book(review, values=False)["Payments"], "Payment")[-1]["Left"].value
    assert formula.startswith("=SUBTOTAL(109,")


def test_every_exception_has_count_amount_and_share() -> None:
    review = days.ordinary()
    rows = table(book(review)["Cashiers"], "Cashier")
    first = review.staff[0]
    assert rows[0]["Prices changed"].value == first.of(Watched.PRICE_OVERRIDE).count
    amount = first.of(Watched.PRICE_OVERRIDE).amount
    assert rows[0]["Prices changed: Amount"].value == pytest.approx(amount / 100)
    assert rows[0]["Prices changed: Share"].value == 0.005
    assert rows[-1]["Takings"].value == pytest.approx(4823.6)


def test_moments_stand_in_the_shops_own_zone() -> None:
    row = table(book(days.ordinary())["Cash"], "Z report")[0]
    assert row["Closed"].value == datetime(2026, 3, 14, 20, 1)  # noqa: DTZ001 - a sheet's own
    assert row["Closed"].number_format == "yyyy-mm-dd hh:mm"
    assert row["Difference"].value == -12.5
    assert row["Likely cause"].value == (
        "A payment of 12.50 EUR by card may have been rung up as cash."
    )


def test_days_are_dates() -> None:
    row = table(book(days.month())["Days"], "Day")[0]
    assert row["Day"].value == datetime(2026, 2, 15)  # noqa: DTZ001 - a sheet's own
    assert row["Day"].is_date
    assert row["Day before"].value == datetime(2026, 1, 18)  # noqa: DTZ001 - a sheet's own


def test_drawers_of_two_currencies_are_never_summed() -> None:
    dollars = CashSum(
        "h2", 88, datetime(2026, 3, 14, 7, tzinfo=UTC), None, "1", Money(2_000, "USD"), None, None
    )
    review = replace(days.ordinary(), cash=(*days.ordinary().cash, dollars))
    rows = table(book(review)["Cash"], "Z report")
    assert len(rows) == 2
    assert rows[1]["Expected"].number_format == "#,##0.00 [$USD]"
    assert rows[1]["Difference"].value is None


def test_amounts_beyond_a_sheets_digits_stay_exact_as_texts() -> None:
    review = replace(days.ordinary(), totals=replace(days.totals(), takings=12345678901234567))
    page = book(review, values=False)["Summary"]
    found = {row["Figure"].value: row["2026-03-14"].value for row in table(page, "Figure")}
    assert found["Takings"] == "123456789012345.67"
    assert not str(found["Average basket"]).startswith("=")


def test_words_are_in_the_language_asked_for_and_arabic_reads_from_the_right() -> None:
    assert "Zahlungen" in book(days.ordinary(), "de")
    pages = book(days.ordinary(), "ar")
    assert all(page.sheet_view.rightToLeft for page in pages.values())


def test_the_same_day_gives_the_same_bytes() -> None:
    for make in (day_workbook, day_csv):
        assert make(days.ordinary(), "en") == make(days.ordinary(), "en")


def test_names_that_look_like_formulas_are_texts_everywhere() -> None:
    pages = book(days.hostile(), values=False)
    for page in pages.values():
        for row in page.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert "HYPERLINK" not in cell.value
                    assert "A1)" not in cell.value
    products = [cell.value for cell in pages["Products"]["B"]]
    # A carriage return is written as its number (ECMA-376 part 1, 22.9.2.19).
    assert {name.replace("\r", "_x000D_") for name in days.HOSTILE} <= set(products)


def test_the_table_has_one_row_for_each_figure() -> None:
    rows = rows_of(days.ordinary())
    takings = next(row for row in rows if row["Figure"] == "Takings")
    assert (takings["Part"], takings["Value"], takings["Before"]) == (
        "Summary", "4823.60", "4418.70",
    )  # fmt: skip
    assert (takings["From"], takings["Currency"]) == ("2026-03-14", "EUR")
    hour = next(row for row in rows if row["Of"] == "12:00" and row["Figure"] == "Takings")
    assert (hour["Part"], hour["Value"], hour["Before"]) == ("Hours", "612.30", "510.00")
    shown = [row for row in rows if row["Of"] == "1000 Sourdough loaf"]
    assert {row["Figure"]: row["Value"] for row in shown}["Quantity"] == "84"


def test_the_table_sums_to_the_days_takings() -> None:
    rows = rows_of(days.ordinary())
    hours = [row for row in rows if row["Part"] == "Hours" and row["Figure"] == "Takings"]
    assert sum(Decimal(row["Value"]) for row in hours) == Decimal("4823.60")


def test_no_cell_of_the_table_begins_like_a_formula() -> None:
    text = day_csv(days.hostile(), "en")
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(text.decode("utf-8-sig"), newline="")))
    cells = [cell for row in rows for cell in row]
    begins = {cell[0] for cell in cells if cell and cell[0] in "=+-@\t\r"}
    assert begins <= {"-"}
    assert all(Decimal(cell) < 0 for cell in cells if cell.startswith("-"))
    assert neutralised(days.HOSTILE[-1]) in cells


def test_an_empty_day_is_a_workbook_and_a_table_too() -> None:
    assert next(iter(book(days.empty()))) == "Summary"
    found = {row["Figure"]: row["Value"] for row in rows_of(days.empty())}
    assert (found["Takings"], found["Average basket"]) == ("0.00", "")


def test_hours_of_both_days_are_listed() -> None:
    review = replace(days.ordinary(), hours=days.ordinary().hours[2:5])
    rows = table(book(review)["Hours"], "Hour")
    assert [row["Hour"].value for row in rows[:2]] == ["09:00", "10:00"]
    assert (rows[0]["Takings"].value, rows[0]["Takings before"].value) == (0, 280.8)

"""Reports as Excel workbooks: typed cells, totals as formulas, a header that stays, a chart.

Numbers are numbers in the currency's format, dates are dates, texts are texts that never run. The
format is Office Open XML (ECMA-376). Same input, same bytes.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from pos_app.domain.money import Money, minor_digits
from pos_app.services.report_sheet import DATES, SUM, CellKind, ReportSheet, SheetColumn, Value
from pos_app.services.report_sheets import as_share
from pos_app.services.spreadsheets.writing import FileNotWritable, TooManyRowsForSheet
from pos_app.services.spreadsheets.xlsx_table import SHEET_ROWS
from pos_app.texts import t

_SHEET_NAME_MOST = 31
_DIGITS_KEPT = 15  # a spreadsheet's numbers keep no more
_NARROWEST, _WIDEST = 10, 44
_MEASURED_ROWS = 500
_PAPER_A4 = 9
_FIRST_DATE = date(1900, 3, 1)  # before it Excel's days are one off
_DATE_FORMATS = {
    CellKind.DAY: "yyyy-mm-dd",
    CellKind.WEEK: "yyyy-mm-dd",
    CellKind.MONTH: "yyyy-mm",
    CellKind.YEAR: "yyyy",
}


def write_workbook(
    path: Path, sheet: ReportSheet, shop: str, made_at: datetime, *, is_rtl: bool = False
) -> int:
    """Write a report to `path` and return how many rows it has.

    `made_at` is the shop's own time. Raises FileNotWritable or TooManyRowsForSheet.
    """
    head_rows = len(_head(sheet, shop, made_at)) + 1
    if head_rows + len(sheet.rows) + 2 > SHEET_ROWS:
        raise TooManyRowsForSheet(limit=f"{SHEET_ROWS:,}")
    try:
        path.open("wb").close()  # xlsxwriter itself would only notice at the end
    except OSError:
        raise FileNotWritable(name=path.name) from None
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    book: Any = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"title": sheet.title, "created": made_at.replace(tzinfo=None)})
    _Page(book, sheet, head_rows, is_rtl=is_rtl).write(shop, made_at)
    try:
        book.close()
    except (OSError, xlsxwriter.exceptions.FileCreateError):
        raise FileNotWritable(name=path.name) from None
    return len(sheet.rows)


def money_format(currency: str) -> str:
    """Return a currency's number format, such as `#,##0.00 [$EUR]`."""
    digits = minor_digits(currency)
    return f"#,##0{'.' + '0' * digits if digits else ''} [${currency}]"


class _Page:
    """One worksheet while it is written, row after row as constant memory needs it."""

    def __init__(self, book: Any, sheet: ReportSheet, first_row: int, *, is_rtl: bool) -> None:
        self._book = book
        self._sheet = sheet
        self._first = first_row  # the row of the column titles
        name = "".join(" " if letter in "[]:*?/\\'" else letter for letter in sheet.title)
        self._page: Any = book.add_worksheet(name[:_SHEET_NAME_MOST].strip() or "Report")
        if is_rtl:
            self._page.right_to_left()
        self._formats = {kind: self._format(kind) for kind in CellKind}
        self._bold = {kind: self._format(kind, bold=True, top=1) for kind in CellKind}

    def write(self, shop: str, made_at: datetime) -> None:
        """Write everything from the top to the totals."""
        self._set_up()
        self._write_head(shop, made_at)
        titles = self._book.add_format({"bold": True, "bg_color": "#E9EDF2", "bottom": 1})
        figures = self._book.add_format(
            {"bold": True, "bg_color": "#E9EDF2", "bottom": 1, "align": "right"}
        )
        for place, column in enumerate(self._sheet.columns):
            format = titles if _is_near(column) else figures
            self._page.write_string(self._first, place, column.title, format)
        row = self._first
        for row, values in enumerate(self._sheet.rows, self._first + 1):
            for place, value in enumerate(values):
                self._write_value(row, place, value, self._formats)
        self._add_chart()
        self._write_totals(row + 1)

    def _set_up(self) -> None:
        page, columns = self._page, self._sheet.columns
        for place, column in enumerate(columns):
            page.set_column(place, place, self._width(place, column))
        page.freeze_panes(self._first + 1, 0)
        last = self._first + max(len(self._sheet.rows), 1)
        page.autofilter(self._first, 0, last, len(columns) - 1)
        page.repeat_rows(self._first)
        page.set_landscape()
        page.set_paper(_PAPER_A4)
        page.fit_to_pages(1, 0)
        page.set_footer("&L&A&R&P / &N")

    def _write_head(self, shop: str, made_at: datetime) -> None:
        large = self._book.add_format({"bold": True, "font_size": 16})
        quiet = self._book.add_format({"font_color": "#4A5461"})
        moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self._page.write_string(0, 0, self._sheet.title, large)
        for row, (label, value) in enumerate(_head(self._sheet, shop, made_at)[1:], 1):
            self._page.write_string(row, 0, label, quiet)
            if isinstance(value, datetime):
                self._page.write_datetime(row, 1, value.replace(tzinfo=None), moment)
            else:
                self._page.write_string(row, 1, value)

    def _write_value(
        self, row: int, place: int, value: Value, formats: Mapping[CellKind, Any]
    ) -> None:
        kind = self._sheet.columns[place].kind
        format = formats[kind]
        if value is None or value == "":
            self._page.write_blank(row, place, None, format)
        elif isinstance(value, str):
            self._page.write_string(row, place, value, formats[CellKind.TEXT])
        elif isinstance(value, date):
            if value < _FIRST_DATE:
                self._page.write_string(row, place, value.isoformat(), format)
            else:
                self._page.write_datetime(row, place, value, format)
        else:
            number = _number(value, kind)
            if len(number.normalize().as_tuple().digits) > _DIGITS_KEPT:
                self._page.write_string(row, place, f"{number:f}", format)
            else:
                self._page.write_number(row, place, number, format)

    def _write_totals(self, row: int) -> None:
        cells = {
            column.key: f"{_letters(place)}{row + 1}"
            for place, column in enumerate(self._sheet.columns)
        }
        for place, column in enumerate(self._sheet.columns):
            value = self._sheet.totals[place]
            if not column.total:
                self._write_value(row, place, value, self._bold)
                continue
            letters = _letters(place)
            if column.total == SUM and not self._sheet.rows:
                formula = "=0"
            elif column.total == SUM:
                # 109 sums what a filter leaves in sight (ECMA-376 part 1, 18.17.7.319).
                formula = f"=SUBTOTAL(109,{letters}{self._first + 2}:{letters}{row})"
            else:
                formula = "=" + column.total.format(**cells)
            cached: Any = "" if value is None else _number(value, column.kind)
            self._page.write_formula(row, place, formula, self._bold[column.kind], cached)

    def _add_chart(self) -> None:
        wanted = self._sheet.chart
        if wanted is None or wanted.rows < 1:
            return
        chart: Any = self._book.add_chart({"type": "column"})
        name = self._page.get_name()
        first, last = self._first + 1, self._first + wanted.rows
        label = self._sheet.place(wanted.label)
        for key in wanted.series:
            place = self._sheet.place(key)
            chart.add_series(
                {
                    "name": [name, self._first, place],
                    "categories": [name, first, label, last, label],
                    "values": [name, first, place, last, place],
                    "fill": {"color": "#0B57C4"},
                    "gap": 60,
                }
            )
        chart.set_title({"name": self._sheet.title, "overlay": False})
        chart.set_legend({"none": True})
        chart.set_x_axis({"text_axis": True})
        chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#D9DEE6"}}})
        chart.set_size({"width": 720, "height": 380})
        self._page.insert_chart(self._first, len(self._sheet.columns) + 1, chart)

    def _format(self, kind: CellKind, **more: object) -> Any:
        numbers = {
            CellKind.MONEY: money_format(self._sheet.currency),
            CellKind.COUNT: "#,##0",
            CellKind.QUANTITY: "#,##0.######",
            CellKind.PERCENT: "0.0%",
            **_DATE_FORMATS,
        }
        look: dict[str, object] = {**more}
        if kind is CellKind.QUANTITY:
            look["num_format"] = "General"
        elif kind in numbers:
            look["num_format"] = numbers[kind]
        if kind in DATES:
            look["align"] = "left"
        return self._book.add_format(look)

    def _width(self, place: int, column: SheetColumn) -> int:
        sample = [row[place] for row in self._sheet.rows[:_MEASURED_ROWS]]
        widest = max((_length(value) for value in (*sample, self._sheet.totals[place])), default=0)
        return min(max(widest + 2, len(column.title) + 4, _NARROWEST), _WIDEST)


def _head(sheet: ReportSheet, shop: str, made_at: datetime) -> list[tuple[str, str | datetime]]:
    """What stands above the table, the title first."""
    return [
        (sheet.title, ""),
        (t("Shop"), shop),
        *sheet.about,
        (t("Currency"), sheet.currency),
        (t("Made"), made_at),
    ]


def _number(value: Value, kind: CellKind) -> Decimal:
    if isinstance(value, Money):
        return value.amount
    if not isinstance(value, (Decimal, int)):
        raise TypeError(value)
    number = Decimal(value)
    share = as_share(number)
    return share if kind is CellKind.PERCENT and share is not None else number


def _is_near(column: SheetColumn) -> bool:
    return column.kind is CellKind.TEXT or column.kind in DATES


def _length(value: Value) -> int:
    if isinstance(value, Money):
        return len(f"{value.amount:,f}") + len(value.currency) + 1
    if isinstance(value, Decimal):
        return len(f"{value:,f}")
    return len(str(value)) if value is not None else 0


def _letters(place: int) -> str:
    """The column's letters: A, B, … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

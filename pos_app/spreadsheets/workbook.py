"""Sheets written as an Excel workbook: typed cells, totals as formulas, a header that stays.

Numbers are numbers in the currency's format, dates are dates, texts are texts that never run. The
format is Office Open XML (ECMA-376). Same input, same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import xlsxwriter

from pos_app.domain.money import Money
from pos_app.spreadsheets.cells import is_exact, look_of, number_of, put
from pos_app.spreadsheets.sheet import (
    DATES,
    SUM,
    Cell,
    CellKind,
    Figure,
    Formula,
    Sheet,
    SheetColumn,
    Value,
    kind_of,
    value_of,
)
from pos_app.spreadsheets.writing import FileNotWritable, TooManyRowsForSheet
from pos_app.spreadsheets.xlsx_table import SHEET_ROWS

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NAME_MOST = 31
_NARROWEST, _WIDEST = 10, 44
_MEASURED_ROWS = 500
_PAPER_A4 = 9
_SERIES = ("#0B57C4", "#9AA5B1")
# Texts that look like formulas or addresses stay texts.
_SAFE = {"strings_to_urls": False, "strings_to_formulas": False}


def write_workbook(
    path: Path, sheets: Sequence[Sheet], created: datetime, *, is_rtl: bool = False
) -> int:
    """Write sheets to `path` row by row and return how many rows they have.

    Raises FileNotWritable or TooManyRowsForSheet.
    """
    _check_rows(sheets)
    try:
        path.open("wb").close()  # xlsxwriter itself would only notice at the end
    except OSError:
        raise FileNotWritable(name=path.name) from None
    book: Any = xlsxwriter.Workbook(str(path), {"constant_memory": True, **_SAFE})
    try:
        _fill(book, sheets, created, is_rtl=is_rtl)
        book.close()
    except (OSError, xlsxwriter.exceptions.FileCreateError):
        raise FileNotWritable(name=path.name) from None
    return sum(len(sheet.rows) for sheet in sheets)


def workbook_bytes(sheets: Sequence[Sheet], created: datetime, *, is_rtl: bool = False) -> bytes:
    """Return sheets as a workbook, made in memory; raises TooManyRowsForSheet."""
    _check_rows(sheets)
    target = BytesIO()
    book: Any = xlsxwriter.Workbook(target, {"in_memory": True, **_SAFE})
    _fill(book, sheets, created, is_rtl=is_rtl)
    book.close()
    return target.getvalue()


def _check_rows(sheets: Sequence[Sheet]) -> None:
    if any(_first_row(sheet) + len(sheet.rows) + 2 > SHEET_ROWS for sheet in sheets):
        raise TooManyRowsForSheet(limit=f"{SHEET_ROWS:,}")


def _fill(book: Any, sheets: Sequence[Sheet], created: datetime, *, is_rtl: bool) -> None:
    book.set_properties({"title": sheets[0].title, "created": created.replace(tzinfo=None)})
    names: set[str] = set()
    for sheet in sheets:
        page: Any = book.add_worksheet(_name(sheet.title, names))
        if is_rtl:
            page.right_to_left()
        _Page(book, page, sheet).write()


def _first_row(sheet: Sheet) -> int:
    """The row of the column titles: below the title, what the sheet is about, and air."""
    return len(sheet.about) + 2


def _name(title: str, taken: set[str]) -> str:
    """A title as the name of a worksheet; two of one workbook differ, whatever their case."""
    plain = "".join(" " if letter in "[]:*?/\\'" else letter for letter in title)
    stem = plain[:_NAME_MOST].strip() or "Sheet"
    name, number = stem, 2
    while name.casefold() in taken:
        ending = f" {number}"
        name, number = stem[: _NAME_MOST - len(ending)] + ending, number + 1
    taken.add(name.casefold())
    return name


@dataclass(slots=True)
class _Page:
    """One worksheet while it is written, row after row as constant memory needs it."""

    book: Any
    page: Any
    sheet: Sheet
    formats: dict[tuple[CellKind, str, bool], Any] = field(default_factory=dict)
    is_exact: bool = True  # a figure that is kept as text would be missing from formulas

    def __post_init__(self) -> None:
        columns = self.sheet.columns
        self.is_exact = all(
            _is_kept(value_of(cell), kind_of(cell, column))
            for row in chain(self.sheet.rows, [self.sheet.totals])
            for column, cell in zip(columns, row, strict=False)
        )

    @property
    def first(self) -> int:
        return _first_row(self.sheet)

    def write(self) -> None:
        """Write everything from the top to the totals."""
        self._set_up()
        self._write_head()
        self._write_titles()
        for row, cells in enumerate(self.sheet.rows, self.first + 1):
            for place, cell in enumerate(cells):
                self._write_cell(row, place, cell)
        self._add_chart()
        if self.sheet.totals:
            self._write_totals(self._total_row)

    @property
    def _total_row(self) -> int:
        return self.first + len(self.sheet.rows) + 1

    def _set_up(self) -> None:
        page, columns = self.page, self.sheet.columns
        for place, column in enumerate(columns):
            page.set_column(place, place, self._width(place, column))
        page.freeze_panes(self.first + 1, 0)
        if self.sheet.totals:
            last = self.first + max(len(self.sheet.rows), 1)
            page.autofilter(self.first, 0, last, len(columns) - 1)
        page.repeat_rows(self.first)
        page.set_landscape()
        page.set_paper(_PAPER_A4)
        page.fit_to_pages(1, 0)
        page.set_footer("&L&A&R&P / &N")

    def _write_head(self) -> None:
        large = self.book.add_format({"bold": True, "font_size": 16})
        quiet = self.book.add_format({"font_color": "#4A5461"})
        self.page.write_string(0, 0, self.sheet.title, large)
        for row, (label, value) in enumerate(self.sheet.about, 1):
            self.page.write_string(row, 0, label, quiet)
            kind = CellKind.MOMENT if isinstance(value, datetime) else CellKind.TEXT
            put(self.page, row, 1, value, kind, self._format(kind, ""))

    def _write_titles(self) -> None:
        look = {"bold": True, "bg_color": "#E9EDF2", "bottom": 1}
        near, far = self.book.add_format(look), self.book.add_format({**look, "align": "right"})
        for place, column in enumerate(self.sheet.columns):
            format = near if _is_near(column) else far
            self.page.write_string(self.first, place, column.title, format)

    def _write_cell(self, row: int, place: int, cell: Cell) -> None:
        kind, value = kind_of(cell, self.sheet.columns[place]), value_of(cell)
        currency = value.currency if isinstance(value, Money) else self.sheet.currency
        inner = cell.value if isinstance(cell, Figure) else cell
        if isinstance(inner, Formula) and self.is_exact:
            text = "=" + inner.text.format_map(self._cells_for(row, place))
            cached: Any = "" if value is None else number_of(value, kind)
            self.page.write_formula(row, place, text, self._format(kind, currency), cached)
        else:
            shown = CellKind.TEXT if isinstance(value, str) else kind
            put(self.page, row, place, value, kind, self._format(shown, currency))

    def _cells_for(self, row: int, place: int) -> Mapping[str, str]:
        """What the braces of a formula in a cell stand for."""
        here = {
            column.key: f"{_letters(at)}{row + 1}" for at, column in enumerate(self.sheet.columns)
        }
        sums = {
            f"sum_{column.key}": f"{_letters(at)}${self._total_row + 1}"
            for at, column in enumerate(self.sheet.columns)
        }
        letters = _letters(place)
        rows = {
            key: f"{letters}{at + 1}"
            for at, key in enumerate(self.sheet.keys, self.first + 1)
            if len(self.sheet.keys) <= _MEASURED_ROWS
        }
        return {**rows, **sums, **here}

    def _write_totals(self, row: int) -> None:
        cells = {
            column.key: f"{_letters(place)}{row + 1}"
            for place, column in enumerate(self.sheet.columns)
        }
        for place, column in enumerate(self.sheet.columns):
            value = self.sheet.totals[place]
            currency = value.currency if isinstance(value, Money) else self.sheet.currency
            kind = CellKind.TEXT if isinstance(value, str) else column.kind
            bold = self._format(kind, currency, is_total=True)
            if not column.total or not self.is_exact:
                put(self.page, row, place, value, column.kind, bold)
                continue
            cached: Any = "" if value is None else number_of(value, column.kind)
            self.page.write_formula(
                row, place, self._total_formula(place, row, cells), bold, cached
            )

    def _total_formula(self, place: int, row: int, cells: Mapping[str, str]) -> str:
        total, letters = self.sheet.columns[place].total, _letters(place)
        if total != SUM:
            return "=" + total.format(**cells)
        if not self.sheet.rows:
            return "=0"
        # 109 sums what a filter leaves in sight (ECMA-376 part 1, 18.17.7.319).
        return f"=SUBTOTAL(109,{letters}{self.first + 2}:{letters}{row})"

    def _add_chart(self) -> None:
        wanted = self.sheet.chart
        if wanted is None or wanted.rows < 1:
            return
        chart: Any = self.book.add_chart({"type": "column"})
        name = self.page.get_name()
        first, last = self.first + 1, self.first + wanted.rows
        label = self.sheet.place(wanted.label)
        for number, key in enumerate(wanted.series):
            place = self.sheet.place(key)
            chart.add_series(
                {
                    "name": [name, self.first, place],
                    "categories": [name, first, label, last, label],
                    "values": [name, first, place, last, place],
                    "fill": {"color": _SERIES[number % len(_SERIES)]},
                    "gap": 60,
                }
            )
        chart.set_title({"name": self.sheet.title, "overlay": False})
        chart.set_legend({"none": True} if len(wanted.series) == 1 else {"position": "bottom"})
        chart.set_x_axis({"text_axis": True})
        chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#D9DEE6"}}})
        chart.set_size({"width": 720, "height": 380})
        self.page.insert_chart(self.first, len(self.sheet.columns) + 1, chart)

    def _format(self, kind: CellKind, currency: str, *, is_total: bool = False) -> Any:
        key = (kind, currency if kind is CellKind.MONEY else "", is_total)
        if key not in self.formats:
            more = {"bold": True, "top": 1} if is_total else {}
            self.formats[key] = self.book.add_format(
                {**more, **look_of(kind, currency or self.sheet.currency)}
            )
        return self.formats[key]

    def _width(self, place: int, column: SheetColumn) -> int:
        sample = [value_of(row[place]) for row in self.sheet.rows[:_MEASURED_ROWS]]
        totals = self.sheet.totals[place : place + 1]
        widest = max((_length(value) for value in (*sample, *totals)), default=0)
        return min(max(widest + 2, len(column.title) + 4, _NARROWEST), _WIDEST)


def _is_kept(value: Value, kind: CellKind) -> bool:
    is_number = not isinstance(value, str | date) and value is not None
    return not is_number or is_exact(number_of(value, kind))


def _is_near(column: SheetColumn) -> bool:
    return column.kind is CellKind.TEXT or column.kind in DATES


def _length(value: Value) -> int:
    if isinstance(value, Money):
        return len(f"{value.amount:,f}") + len(value.currency) + 1
    if isinstance(value, Decimal):
        return len(f"{value:,f}")
    if isinstance(value, datetime):
        return len("2000-01-01 00:00")
    if isinstance(value, date):
        return len("2000-01-01")
    return len(str(value)) if value is not None else 0


def _letters(place: int) -> str:
    """The column's letters: A, B, … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

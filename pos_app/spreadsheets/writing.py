"""Writing tables for people: CSV and XLSX, row by row, that no spreadsheet takes for formulas."""

import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import xlsxwriter

from pos_app.domain.errors import PosError
from pos_app.spreadsheets.cells import put
from pos_app.spreadsheets.formula_text import neutralised
from pos_app.spreadsheets.sheet import CellKind
from pos_app.spreadsheets.table import TableFormat
from pos_app.spreadsheets.xlsx_table import SHEET_ROWS

Cell = str | Decimal | int | None


class FileNotWritable(PosError):
    """The file cannot be made where it was asked for."""

    sentence = "{name} cannot be written there. Choose another folder, or free some space."


class TooManyRowsForSheet(PosError):
    """A sheet ends at 1,048,576 rows."""

    sentence = "A sheet holds at most {limit} rows. Choose CSV instead."


class TableWriter(Protocol):
    """Takes rows until it is closed."""

    def write(self, cells: Sequence[Cell]) -> None:
        """Write one row; numbers stay numbers where the format knows them."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def open_writer(
    path: Path, format: TableFormat, delimiter: str = ",", with_mark: bool = True
) -> TableWriter:
    """Make a file to write rows into.

    A CSV is UTF-8 (`with_mark`: with the byte order mark by which Excel knows it) with CRLF as
    in RFC 4180. Raises FileNotWritable.
    """
    try:
        if format is TableFormat.XLSX:
            return XlsxWriter(path)
        return CsvWriter(path, delimiter, with_mark)
    except OSError:
        raise FileNotWritable(name=path.name) from None


class CsvWriter:
    """Writes a CSV with formula-looking text made harmless."""

    def __init__(self, path: Path, delimiter: str, with_mark: bool) -> None:
        encoding = "utf-8-sig" if with_mark else "utf-8"
        self._path = path
        self._file = path.open("w", encoding=encoding, newline="")
        self._rows = csv.writer(self._file, delimiter=delimiter, lineterminator="\r\n")

    def write(self, cells: Sequence[Cell]) -> None:
        """Write one row; raises FileNotWritable where the disk is full."""
        try:
            self._rows.writerow(csv_texts(cells))
        except OSError:
            raise FileNotWritable(name=self._path.name) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._file.close()
        except OSError:
            raise FileNotWritable(name=self._path.name) from None


class XlsxWriter:
    """Writes one sheet in constant memory; text is stored as text and never runs."""

    def __init__(self, path: Path) -> None:
        path.open("wb").close()  # xlsxwriter itself would only notice at the end
        self._path = path
        options = {"constant_memory": True, "strings_to_urls": False, "in_memory": False}
        self._book: Any = xlsxwriter.Workbook(str(path), options)
        self._sheet: Any = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._row = 0

    def write(self, cells: Sequence[Cell]) -> None:
        """Write one row; raises TooManyRowsForSheet."""
        if self._row >= SHEET_ROWS:
            raise TooManyRowsForSheet(limit=f"{SHEET_ROWS:,}")
        for column, cell in enumerate(cells):
            put(self._sheet, self._row, column, cell, CellKind.TEXT)
        self._row += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._book.close()
        except (OSError, xlsxwriter.exceptions.FileCreateError):
            raise FileNotWritable(name=self._path.name) from None


def csv_texts(cells: Sequence[Cell]) -> list[str]:
    """Return a row as it stands in a CSV: numbers plain, formula-looking text made harmless."""
    return [neutralised(cell) if isinstance(cell, str) else _plain(cell) for cell in cells]


def _plain(cell: Decimal | int | None) -> str:
    return "" if cell is None else f"{cell:f}" if isinstance(cell, Decimal) else str(cell)

"""XLSX (ECMA-376) as shops have it: values instead of formulas, and nothing that is a bomb."""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import repeat
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from pos_app.domain.errors import PosError
from pos_app.spreadsheets.table import (
    CELL_LIMIT,
    COLUMN_LIMIT,
    FileIsEmpty,
    Row,
    WorkbookDamaged,
    WorkbookTooLarge,
)

SHEET_ROWS = 1_048_576
UNPACKED_LIMIT_BYTES = 2 << 30
STRINGS_LIMIT_BYTES = 256 << 20
# Sheets pack about ten to one; a million equal cells reach some hundred to one.
RATIO_LIMIT = 400
RATIO_MATTERS_BYTES = 32 << 20
# What zipfile, zlib, the XML parser and openpyxl were seen to raise for changed bytes.
_DAMAGE = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # of the XML; ElementTree and lxml both raise it
    LookupError,
    ValueError,
    TypeError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    EOFError,
    RuntimeError,
    OSError,
)


class FormulaWithoutValue(PosError):
    """A cell holds a formula whose result was never saved."""

    sentence = (
        "The cell in column {column} holds a formula without a saved result. "
        "Write the value itself into the cell."
    )


class CellHoldsFault(PosError):
    """A cell shows a fault such as #N/A instead of a value."""

    sentence = "The cell in column {column} shows {fault}. Write the right value into the cell."


class CellTooWide(PosError):
    """A cell with more text than a list has."""

    sentence = "The cell in column {column} has more than {limit} characters. Shorten it."


def check_workbook(path: Path) -> None:
    """Refuse a workbook that is damaged or would unpack to too much, before unpacking it."""
    with _damage_named(path), zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if not any(part.filename == "[Content_Types].xml" for part in parts):
            raise WorkbookDamaged(name=path.name)
        _check_sizes(path, parts)
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _check_no_doctype(archive, part, path)


def _check_sizes(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    size = sum(part.file_size for part in parts)
    strings = sum(p.file_size for p in parts if p.filename.lower().endswith("sharedstrings.xml"))
    packed = max(path.stat().st_size, 1)
    is_bomb = size > RATIO_MATTERS_BYTES and size > packed * RATIO_LIMIT
    if is_bomb or size > UNPACKED_LIMIT_BYTES or strings > STRINGS_LIMIT_BYTES:
        raise WorkbookTooLarge(name=path.name, megabytes=size >> 20)


def _check_no_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> None:
    """Office writes no document type; one that is there would only define entities to blow up."""
    with archive.open(part) as file:
        if b"<!DOCTYPE" in file.read(2048).replace(b"\0", b""):
            raise WorkbookDamaged(name=path.name)


def xlsx_row_estimate(path: Path) -> int:
    """Return how many rows the first sheet says it has (0 where it does not say)."""
    with _damage_named(path), _workbook(path, values=True) as book:
        sheet = _first_sheet(book, path)
        return min(sheet.max_row or 0, SHEET_ROWS)


def xlsx_rows(path: Path) -> Iterator[Row]:
    """Yield every row of the first sheet as text, with formulas' saved values.

    A row with a formula that has no saved value, or with a fault value, carries its refusal.
    Raises WorkbookDamaged where the file breaks off.
    """
    with _damage_named(path):
        formulas: Any = repeat(())
        with _workbook(path, values=True) as book, _workbook(path, values=False) as twin:
            sheet = _first_sheet(book, path)
            if _has_formulas(path):
                formulas = _cells(_first_sheet(twin, path))
            for number, (cells, behind) in enumerate(zip(_cells(sheet), formulas, strict=False), 1):
                yield _row(number, cells, behind)


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGE:
        raise WorkbookDamaged(name=path.name) from None


@contextmanager
def _workbook(path: Path, values: bool) -> Iterator[Any]:
    with path.open("rb") as file:  # by its path openpyxl would refuse a name that is not .xlsx
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it leaves out
            book = openpyxl.load_workbook(file, read_only=True, data_only=values, keep_links=False)
        try:
            yield book
        finally:
            book.close()


def _first_sheet(book: Any, path: Path) -> Any:
    sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
    if not sheets:
        raise FileIsEmpty(name=path.name)
    return next((sheet for sheet in sheets if sheet.sheet_state == "visible"), sheets[0])


def _cells(sheet: Any) -> Iterator[tuple[Any, ...]]:
    # The size that a sheet claims may be wrong; with it openpyxl would cut the rows.
    sheet.reset_dimensions()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield from _trimmed(sheet.iter_rows(max_row=SHEET_ROWS))


def _trimmed(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Pass rows on, but not the empty ones with which openpyxl fills a sheet to its last row."""
    empty = 0
    for row in rows:
        if row:
            yield from repeat((), empty)
            empty = 0
            yield row
        else:
            empty += 1


def _has_formulas(path: Path) -> bool:
    """Whether any sheet holds a formula: only then is the slow second look worth its time."""
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if not part.startswith("xl/worksheets/"):
                continue
            with archive.open(part) as file:
                tail = b""
                while block := file.read(1 << 20):
                    if re.search(rb"<(?:\w+:)?f[\s>/]", tail + block):
                        return True
                    tail = block[-16:]
    return False


def _row(number: int, cells: tuple[Any, ...], behind: tuple[Any, ...]) -> Row:
    texts = []
    for index, cell in enumerate(cells[:COLUMN_LIMIT]):
        value, type_ = cell.value, cell.data_type
        if value is None and index < len(behind) and behind[index].data_type == "f":
            return _faulty(number, cells, FormulaWithoutValue(column=_letters(index)))
        if type_ == "e":
            return _faulty(number, cells, CellHoldsFault(column=_letters(index), fault=value))
        text = cell_text(value)
        if len(text) > CELL_LIMIT:
            fault = CellTooWide(column=_letters(index), limit=CELL_LIMIT)
            return _faulty(number, cells, fault)
        texts.append(text)
    return Row(number, tuple(texts))


def _faulty(number: int, cells: tuple[Any, ...], fault: PosError) -> Row:
    texts = tuple(cell_text(cell.value)[:CELL_LIMIT] for cell in cells[:COLUMN_LIMIT])
    return Row(number, texts, fault)


def cell_text(value: object) -> str:
    """Write a cell's value as plain text: a number with the 15 digits that a sheet keeps."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        plain = f"{value:.15g}"
        return f"{value:.0f}" if "e+" in plain else _without_exponent(plain)
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)


def _without_exponent(plain: str) -> str:
    if "e-" not in plain:
        return plain
    digits, _, exponent = plain.partition("e-")
    sign = "-" if digits.startswith("-") else ""
    bare = digits.lstrip("-").replace(".", "")
    return f"{sign}0.{'0' * (int(exponent) - 1)}{bare}"


def _letters(index: int) -> str:
    """The letters over a sheet's column, from A."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

"""Opening a table: what kind of file it is, told from its bytes and not from its name."""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from pos_app.spreadsheets.csv_table import (
    csv_rows,
    examine_text,
    guess_delimiter,
    read_sample,
)
from pos_app.spreadsheets.table import (
    HEADER_SEARCH_ROWS,
    FileIsEmpty,
    FileMissing,
    FileUnreadable,
    OldWorkbook,
    PackedFile,
    Row,
    Table,
    TableFormat,
)
from pos_app.spreadsheets.xlsx_table import check_workbook, xlsx_row_estimate, xlsx_rows

_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BLOCK_BYTES = 1 << 20

# Tells how much a row looks like a header; the highest of the first rows is taken as the header.
HeaderScore = Callable[[tuple[str, ...]], int]


def read_table(path: Path, header_score: HeaderScore | None = None) -> Table:
    """Open a CSV or XLSX file as a table without holding more than a row of it.

    The header is the row of the first twenty with the highest `header_score`, or the first that
    holds text. Raises FileMissing, FileUnreadable, FileIsEmpty, NotATable, OldWorkbook,
    PackedFile, EncodingUnknown, WorkbookDamaged or WorkbookTooLarge.
    """
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except FileNotFoundError:
        raise FileMissing(name=path.name) from None
    except OSError:
        raise FileUnreadable(name=path.name) from None
    if not head:
        raise FileIsEmpty(name=path.name)
    if head.startswith(_OLE):
        raise OldWorkbook(name=path.name)
    if head.startswith(_GZIP):
        raise PackedFile(name=path.name)
    if head.startswith(_ZIP):
        return _workbook(path, header_score)
    return _text(path, header_score)


def _workbook(path: Path, header_score: HeaderScore | None) -> Table:
    check_workbook(path)
    open_rows = partial(xlsx_rows, path)
    header = _find_header(open_rows, header_score, path)
    return Table(
        path=path,
        format=TableFormat.XLSX,
        header=_titles(header),
        header_row=header.number,
        row_estimate=max(xlsx_row_estimate(path) - header.number, 0),
        sha256=file_sha256(path),
        open_rows=open_rows,
    )


def _text(path: Path, header_score: HeaderScore | None) -> Table:
    told = examine_text(path)
    delimiter = guess_delimiter(read_sample(path, told.encoding))
    open_rows = partial(csv_rows, path, told.encoding, delimiter)
    header = _find_header(open_rows, header_score, path)
    return Table(
        path=path,
        format=TableFormat.CSV,
        header=_titles(header),
        header_row=header.number,
        row_estimate=max(told.line_count - header.number, 0),
        sha256=told.sha256,
        open_rows=open_rows,
        delimiter=delimiter,
        encoding=told.encoding,
    )


def _find_header(
    open_rows: Callable[[], Iterator[Row]], score: HeaderScore | None, path: Path
) -> Row:
    first: list[Row] = []
    for row in open_rows():
        if row.fault is not None and not first:
            raise row.fault
        if not row.is_blank and row.fault is None:
            first.append(row)
        if len(first) >= HEADER_SEARCH_ROWS or row.number >= 10 * HEADER_SEARCH_ROWS:
            break
    if not first:
        raise FileIsEmpty(name=path.name)
    if score is None:
        return first[0]
    # max() keeps the first of equals: without any known title the first row is the header.
    return max(first, key=lambda row: score(row.cells))


def _titles(header: Row) -> tuple[str, ...]:
    return tuple(" ".join(cell.split()) for cell in header.cells)


def file_sha256(path: Path) -> str:
    """Return the hex SHA-256 of a file's bytes, by which a journal knows it again."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()

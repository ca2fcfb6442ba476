"""A table in a file: where its header stands, and its rows as plain text, one at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pos_app.domain.errors import PosError

CELL_LIMIT = 10_000
COLUMN_LIMIT = 500
HEADER_SEARCH_ROWS = 20


class FileMissing(PosError):
    """There is no such file."""

    sentence = "There is no file {name}. Check where it was saved and choose it again."


class FileUnreadable(PosError):
    """The system does not let us read the file."""

    sentence = "{name} cannot be read. Close it in other programs, or copy it to another folder."


class FileIsEmpty(PosError):
    """The file holds nothing, or no row with text."""

    sentence = "{name} holds no rows. Save the list again and choose the new file."


class NotATable(PosError):
    """The bytes are neither text nor a workbook."""

    sentence = "{name} is not a table. Save it in the spreadsheet as CSV or XLSX."


class OldWorkbook(PosError):
    """A workbook of the format before 2007, or one locked with a password."""

    sentence = (
        "{name} is an old (XLS) or locked workbook. "
        "Open it in the spreadsheet and save it as XLSX without a password."
    )


class PackedFile(PosError):
    """A packed file where a plain one is needed."""

    sentence = "{name} is packed. Unpack it and choose the file inside."


class EncodingUnknown(PosError):
    """The text is in no encoding that we know, or changes its encoding on the way."""

    sentence = (
        "{name} holds letters that cannot be read (first in line {line}). "
        "Save it again as CSV in UTF-8."
    )


class WorkbookDamaged(PosError):
    """A workbook that cannot be opened or read to its end."""

    sentence = "The workbook {name} is damaged. Open it in the spreadsheet and save it again."


class WorkbookTooLarge(PosError):
    """A workbook that would unpack to more than a till should hold."""

    sentence = "The workbook {name} unpacks to {megabytes} MB. Save the list as CSV instead."


class TableFormat(StrEnum):
    """What kind of file a table came in, and goes out in."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Row:
    """One row as text; `number` counts lines or sheet rows from 1, `fault` says what is broken."""

    number: int
    cells: tuple[str, ...]
    fault: PosError | None = None

    def cell(self, index: int) -> str:
        """Return a cell, or nothing where the row is shorter."""
        return self.cells[index] if index < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return self.fault is None and not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A table found in a file: `open_rows` starts reading it from the top each time it is called.

    `row_estimate` is how many rows to expect (exact but for line breaks inside cells),
    `sha256` is over the file's bytes, `delimiter` and `encoding` are those of a CSV.
    """

    path: Path
    format: TableFormat
    header: tuple[str, ...]
    header_row: int
    row_estimate: int
    sha256: str
    open_rows: Callable[[], Iterator[Row]]
    delimiter: str = ","
    encoding: str = "utf-8"

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    def rows(self) -> Iterator[Row]:
        """Yield every row below the header that holds something, one at a time."""
        for row in self.open_rows():
            if row.number > self.header_row and not row.is_blank:
                yield row

"""Writing a list of stock as a table for people."""

from collections.abc import Sequence
from pathlib import Path

from pos_app.spreadsheets.table import TableFormat
from pos_app.spreadsheets.writing import Cell, open_writer


def write_table(path: Path, rows: Sequence[Sequence[Cell]]) -> int:
    """Write titles and rows to `path` and return how many rows; the ending says the format.

    Raises FileNotWritable or TooManyRowsForSheet.
    """
    format = TableFormat.XLSX if path.suffix.lower() == ".xlsx" else TableFormat.CSV
    with open_writer(path, format) as writer:
        for row in rows:
            writer.write(row)
    return max(len(rows) - 1, 0)

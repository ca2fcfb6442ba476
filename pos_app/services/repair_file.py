"""The repair file: refused rows as they came, with a column that says what to do."""

import re
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from pos_app.domain.errors import PosError
from pos_app.spreadsheets.table import Row, Table, TableFormat
from pos_app.spreadsheets.writing import TableWriter, open_writer
from pos_app.texts import later, t

ADVICE_TITLE = later("What to do")


class RepairFile:
    """Written only when there is something to repair, in the format of the list itself.

    `path` is None until then. An older repair file is never overwritten.
    """

    def __init__(self, table: Table, folder: Path) -> None:
        self._table = table
        self._folder = folder
        self._writer: TableWriter | None = None
        self._kept = [i for i, title in enumerate(table.header) if title not in advice_titles()]
        self.path: Path | None = None

    def add(self, row: Row, refusal: PosError) -> None:
        """Write a refused row down with its refusal's sentence; raises FileNotWritable."""
        if self._writer is None:
            self.path = free_path(self._folder, self._table)
            self._writer = open_writer(self.path, self._table.format, self._table.delimiter)
            self._writer.write([*self._cells(self._table.header), t(ADVICE_TITLE)])
        self._writer.write([*self._cells(row.cells), told(refusal)])

    def _cells(self, cells: Sequence[str]) -> list[str]:
        return [cells[index] if index < len(cells) else "" for index in self._kept]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer is not None:
            self._writer.__exit__(type_, value, trace)


def told(refusal: PosError) -> str:
    """A refusal's sentence in the language in use, with that of a refusal inside it."""
    fields = {
        name: told(value) if isinstance(value, PosError) else value
        for name, value in refusal.fields.items()
    }
    try:
        return t(refusal.sentence).format(**fields)
    except (KeyError, IndexError, ValueError):  # a damaged translation must not hide the refusal
        return str(refusal)


def advice_titles() -> frozenset[str]:
    """The advice column's title in English and in the language in use."""
    return frozenset({ADVICE_TITLE, t(ADVICE_TITLE)})


def free_path(folder: Path, table: Table) -> Path:
    """Return a name that nothing has yet: `list.repair.csv`, then `list.repair-2.csv`."""
    ending = "xlsx" if table.format is TableFormat.XLSX else "csv"
    stem = re.sub(r"\.repair(?:-\d+)?$", "", table.path.stem)
    number = 1
    while True:
        mark = "" if number == 1 else f"-{number}"
        path = folder / f"{stem}.repair{mark}.{ending}"
        if not path.exists():
            return path
        number += 1

"""A sheet before it is written: columns with their kinds, rows of values, formulas that follow.

Screen, workbook and command line show the same sheet; each writes the values its own way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.money import Money

Value = str | date | Decimal | int | Money | None
SUM = "sum"


class CellKind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    MOMENT = "moment"
    MONEY = "money"
    COUNT = "count"
    QUANTITY = "quantity"
    PERCENT = "percent"


DATES = (CellKind.DAY, CellKind.WEEK, CellKind.MONTH, CellKind.YEAR, CellKind.MOMENT)


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that the spreadsheet works out; `value` is what it comes to.

    The text names other cells in braces: a column by its key (in the same row), a row by its key
    (in the same column), or `sum_` and a column's key for what stands below it.
    """

    text: str
    value: Value


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell of another kind than its column's."""

    kind: CellKind
    value: Value | Formula


Cell = Value | Formula | Figure


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column; its total is `SUM`, nothing, or a formula over the totals of other columns.

    A formula names columns by their keys in braces, such as `{amount}/{purchases}`.
    """

    key: str
    title: str
    kind: CellKind = CellKind.TEXT
    total: str = ""


@dataclass(frozen=True, slots=True)
class SheetChart:
    """A chart over the first `rows` rows: labels from one column, a series for each other."""

    label: str
    series: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole sheet in one currency: `about` are labels and values that stand above the table.

    `keys` name the rows for formulas, or for whoever opens one; `totals` has a value for each
    column, or none at all where nothing is summed. Money of another currency keeps its own format.
    """

    title: str
    currency: str
    about: tuple[tuple[str, str | datetime], ...]
    columns: tuple[SheetColumn, ...]
    rows: Sequence[tuple[Cell, ...]]
    totals: tuple[Value, ...] = ()
    keys: Sequence[str] = ()
    chart: SheetChart | None = None

    def place(self, key: str) -> int:
        """Return where a column stands."""
        return [column.key for column in self.columns].index(key)


def value_of(cell: Cell) -> Value:
    """Return what a cell shows."""
    if isinstance(cell, Figure):
        cell = cell.value
    return cell.value if isinstance(cell, Formula) else cell


def kind_of(cell: Cell, column: SheetColumn) -> CellKind:
    """Return what kind of value a cell shows."""
    return cell.kind if isinstance(cell, Figure) else column.kind


def as_share(percent: Decimal | None) -> Decimal | None:
    """Return a percentage as the share that spreadsheets keep: 95.5 is 0.955."""
    return None if percent is None else percent / 100

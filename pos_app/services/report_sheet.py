"""A report as a table: columns with their kinds, rows of values, and totals that follow the rows.

The screen, the workbook and the command line show the same table; each writes the values its own
way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.money import Money

Value = str | date | Decimal | int | Money | None
SUM = "sum"


class ReportKind(StrEnum):
    """Which report it is, by the names that remote systems ask for them with."""

    ORDERS = "order_execution"
    CUSTOMERS = "customer_analysis"
    TREND = "product_trend"
    RECEIVABLES = "receivables"


class CellKind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    MONEY = "money"
    COUNT = "count"
    QUANTITY = "quantity"
    PERCENT = "percent"


DATES = (CellKind.DAY, CellKind.WEEK, CellKind.MONTH, CellKind.YEAR)


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
class ReportSheet:
    """A whole report: `about` are labels and values that stand above the table.

    `keys` name the rows for whoever opens one; `totals` has a value for each column.
    """

    kind: ReportKind
    title: str
    currency: str
    about: tuple[tuple[str, str], ...]
    columns: tuple[SheetColumn, ...]
    rows: Sequence[tuple[Value, ...]]
    totals: tuple[Value, ...]
    keys: Sequence[str] = ()
    chart: SheetChart | None = None

    def place(self, key: str) -> int:
        """Return where a column stands."""
        return [column.key for column in self.columns].index(key)

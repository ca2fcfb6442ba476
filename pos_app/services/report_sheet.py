"""A report as a sheet, and which report it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pos_app.spreadsheets.sheet import Sheet, Value


class ReportKind(StrEnum):
    """Which report it is, by the names that remote systems ask for them with."""

    ORDERS = "order_execution"
    CUSTOMERS = "customer_analysis"
    TREND = "product_trend"
    RECEIVABLES = "receivables"


@dataclass(frozen=True, slots=True)
class ReportSheet(Sheet):
    """A whole report: its keys name the rows for whoever opens one; plain values, no formulas."""

    rows: Sequence[tuple[Value, ...]]
    kind: ReportKind = field(kw_only=True)

"""The reports of sales as Excel workbooks (Office Open XML, ECMA-376): typed cells, totals below.

Numbers are numbers in the currency's format, days and months are dates, and texts are written as
texts that never run, whatever they begin with. Same input, same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from typing import Any

import xlsxwriter

from pos_app.domain.money import Money, minor_digits
from pos_app.domain.report_customers import CustomerAnalysis
from pos_app.domain.report_orders import OrderExecution
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.report_trend import ProductTrend

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DIGITS_KEPT = 15  # a spreadsheet's numbers keep no more
_FIRST_DATE = date(1900, 3, 1)  # before it Excel's days are one off
_NARROWEST, _WIDEST = 10, 44
_HUNDRED = Decimal(100)
_MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's moments have no zone
Cell = str | int | Decimal | Money | date | None


class Kind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    DAY = "day"
    MONTH = "month"
    MONEY = "money"
    COUNT = "count"
    QUANTITY = "quantity"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `is_summed` has a formula below its figures."""

    title: str
    kind: Kind = Kind.TEXT
    is_summed: bool = False


def orders_workbook(report: OrderExecution) -> bytes:
    """Return the orders of a period as a workbook."""
    columns = (
        Column("Order"),
        Column("Customer"),
        Column("Date", Kind.DAY),
        Column("Amount", Kind.MONEY, is_summed=True),
        Column("State"),
        Column("Delivered", Kind.MONEY, is_summed=True),
        Column("Delivered %", Kind.PERCENT),
    )
    rows = [
        (
            one.number,
            one.customer_name,
            one.day,
            one.amount,
            one.state.value,
            one.delivered,
            one.delivered_rate,
        )
        for one in report.orders
    ]
    return _workbook("Order execution", report.period, report.currency, columns, rows)


def customers_workbook(report: CustomerAnalysis) -> bytes:
    """Return the customers of a period as a workbook."""
    columns = (
        Column("Number"),
        Column("Customer"),
        Column("Orders", Kind.COUNT, is_summed=True),
        Column("Amount", Kind.MONEY, is_summed=True),
        Column("On average", Kind.MONEY),
        Column("Still owed", Kind.MONEY, is_summed=True),
        Column("Paid %", Kind.PERCENT),
    )
    rows = [
        (
            one.number,
            one.name,
            one.purchases,
            one.amount,
            one.average,
            one.unpaid,
            one.payment_rate,
        )
        for one in report.customers
    ]
    return _workbook("Customer analysis", report.period, report.currency, columns, rows)


def trend_workbook(report: ProductTrend) -> bytes:
    """Return what was sold month by month as a workbook."""
    columns = (
        Column("Month", Kind.MONTH),
        Column("Quantity", Kind.QUANTITY, is_summed=True),
        Column("Amount", Kind.MONEY, is_summed=True),
    )
    rows = [(one.start, sum(one.quantities, Decimal(0)), one.amount) for one in report.trend]
    return _workbook("Product trend", report.period, report.currency, columns, rows)


def _workbook(
    title: str,
    period: ReportPeriod,
    currency: str,
    columns: Sequence[Column],
    rows: Sequence[tuple[Cell, ...]],
) -> bytes:
    """Return a workbook of one sheet: its title, the days, the table, and its totals."""
    target = BytesIO()
    # Texts that look like formulas or addresses stay texts; nothing is written beside the bytes.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book: Any = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": title, "created": _MADE_AT})
    page: Any = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "bottom": 1})
    formats = {kind: book.add_format(_look(kind, currency)) for kind in Kind}
    sums = {kind: book.add_format({**_look(kind, currency), "bold": True}) for kind in Kind}
    page.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16}))
    page.write_string(1, 0, f"{period.start.isoformat()} – {period.end.isoformat()}")
    page.write_string(2, 0, currency)
    first = 5
    for place, column in enumerate(columns):
        page.set_column(place, place, _width(column, [row[place] for row in rows]))
        page.write_string(first - 1, place, column.title, bold)
        for row, cells in enumerate(rows, first):
            _write(page, (row, place), cells[place], formats[column.kind], formats[Kind.TEXT])
    last = first + len(rows)
    page.write_string(last, 0, "Total", sums[Kind.TEXT])
    for place, column in enumerate(columns):
        if column.is_summed:
            cached = sum((_figure(row[place]) for row in rows), Decimal(0))
            letter = chr(ord("A") + place)
            formula = f"=SUM({letter}{first + 1}:{letter}{last})" if rows else "=0"
            page.write_formula(last, place, formula, sums[column.kind], cached)
    page.freeze_panes(first, 0)
    page.autofilter(first - 1, 0, max(last - 1, first), len(columns) - 1)
    book.close()
    return target.getvalue()


def _look(kind: Kind, currency: str) -> dict[str, Any]:
    digits = minor_digits(currency)
    numbers = {
        Kind.MONEY: f"#,##0{'.' + '0' * digits if digits else ''} [${currency}]",
        Kind.COUNT: "#,##0",
        Kind.PERCENT: "0.0%",
        Kind.DAY: "yyyy-mm-dd",
        Kind.MONTH: "yyyy-mm",
    }
    return {"num_format": numbers[kind]} if kind in numbers else {}


def _write(page: Any, place: tuple[int, int], cell: Cell, look: Any, plain: Any) -> None:
    if cell is None or cell == "":
        page.write_blank(*place, None, look)
    elif isinstance(cell, str):
        page.write_string(*place, cell, plain)
    elif isinstance(cell, date):
        if cell < _FIRST_DATE:
            page.write_string(*place, cell.isoformat(), plain)
        else:
            page.write_datetime(*place, cell, look)
    else:
        figure = _figure(cell)
        number = figure / _HUNDRED if look.num_format == "0.0%" else figure
        if len(number.normalize().as_tuple().digits) > _DIGITS_KEPT:
            page.write_string(*place, f"{number:f}", plain)
        else:
            page.write_number(*place, number, look)


def _figure(cell: Cell) -> Decimal:
    if isinstance(cell, Money):
        return cell.amount
    return Decimal(cell) if isinstance(cell, Decimal | int) else Decimal(0)


def _width(column: Column, cells: Sequence[Cell]) -> int:
    widest = max((len(_shown(cell)) for cell in cells), default=0)
    return min(max(widest + 2, len(column.title) + 4, _NARROWEST), _WIDEST)


def _shown(cell: Cell) -> str:
    return f"{cell.amount:,f} {cell.currency}" if isinstance(cell, Money) else str(cell)

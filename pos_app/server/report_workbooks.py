"""Head office's reports as Excel workbooks of one sheet each, in English as remote systems read."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from pos_app.domain.money import Money
from pos_app.domain.report_customers import CustomerAnalysis
from pos_app.domain.report_orders import OrderExecution
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.report_trend import ProductTrend
from pos_app.spreadsheets.sheet import SUM, CellKind, Sheet, SheetColumn, Value
from pos_app.spreadsheets.workbook import workbook_bytes

_MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's moments have no zone


def orders_workbook(report: OrderExecution) -> bytes:
    """Return the orders of a period as a workbook."""
    columns = (
        SheetColumn("order", "Order"),
        SheetColumn("customer", "Customer"),
        SheetColumn("date", "Date", CellKind.DAY),
        SheetColumn("amount", "Amount", CellKind.MONEY, SUM),
        SheetColumn("state", "State"),
        SheetColumn("delivered", "Delivered", CellKind.MONEY, SUM),
        SheetColumn("delivered_rate", "Delivered %", CellKind.PERCENT),
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
        SheetColumn("number", "Number"),
        SheetColumn("customer", "Customer"),
        SheetColumn("orders", "Orders", CellKind.COUNT, SUM),
        SheetColumn("amount", "Amount", CellKind.MONEY, SUM),
        SheetColumn("on_average", "On average", CellKind.MONEY),
        SheetColumn("still_owed", "Still owed", CellKind.MONEY, SUM),
        SheetColumn("paid_rate", "Paid %", CellKind.PERCENT),
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
        SheetColumn("month", "Month", CellKind.MONTH),
        SheetColumn("quantity", "Quantity", CellKind.QUANTITY, SUM),
        SheetColumn("amount", "Amount", CellKind.MONEY, SUM),
    )
    rows = [(one.start, sum(one.quantities, Decimal(0)), one.amount) for one in report.trend]
    return _workbook("Product trend", report.period, report.currency, columns, rows)


def _workbook(
    title: str,
    period: ReportPeriod,
    currency: str,
    columns: tuple[SheetColumn, ...],
    rows: Sequence[tuple[Value, ...]],
) -> bytes:
    """Return a workbook of one sheet: its title, the days, the table, and its totals."""
    about = (
        ("Period", f"{period.start.isoformat()} – {period.end.isoformat()}"),
        ("Currency", currency),
    )
    sums = [
        _sum([row[place] for row in rows], column, currency) for place, column in enumerate(columns)
    ]
    totals = ("Total", *sums[1:])
    sheet = Sheet(title, currency, about, columns, rows, totals)
    return workbook_bytes([sheet], _MADE_AT)


def _sum(values: Sequence[Value], column: SheetColumn, currency: str) -> Value:
    if not column.total:
        return None
    if column.kind is CellKind.MONEY:
        return Money(sum(one.minor for one in values if isinstance(one, Money)), currency)
    return sum((Decimal(one) for one in values if isinstance(one, Decimal | int)), Decimal(0))

"""Each report as its table, in the language of the screen."""

from collections.abc import Sequence

from pos_app.domain.money import Money, minor_digits
from pos_app.domain.order import OrderState
from pos_app.domain.report_customers import CustomerAnalysis, CustomerFigures
from pos_app.domain.report_orders import OrderExecution
from pos_app.domain.report_period import Grain
from pos_app.domain.report_receivables import CustomerAges, Receivables
from pos_app.domain.report_trend import ProductTrend, TrendFigures
from pos_app.services.report_sheet import ReportKind, ReportSheet
from pos_app.spreadsheets.sheet import SUM, CellKind, SheetChart, SheetColumn, Value
from pos_app.texts import later, t

TITLES = {
    ReportKind.ORDERS: later("Order execution"),
    ReportKind.CUSTOMERS: later("Customer analysis"),
    ReportKind.TREND: later("Product trend"),
    ReportKind.RECEIVABLES: later("Receivables by age"),
}
_STATES = {
    OrderState.DRAFT: later("Draft"),
    OrderState.APPROVED: later("Approved"),
    OrderState.PARTIALLY_DELIVERED: later("Partly delivered"),
    OrderState.FULLY_DELIVERED: later("Fully delivered"),
    OrderState.CANCELLED: later("Cancelled"),
    OrderState.DELETED: later("Deleted"),
}
_KINDS = {
    Grain.DAY: (later("Day"), CellKind.DAY),
    Grain.WEEK: (later("Week from"), CellKind.WEEK),
    Grain.MONTH: (later("Month"), CellKind.MONTH),
    Grain.YEAR: (later("Year"), CellKind.YEAR),
}
_CHARTED = 10
_CHARTED_PIECES = 400
About = tuple[tuple[str, str], ...]
Report = OrderExecution | CustomerAnalysis | ProductTrend | Receivables


def orders_sheet(report: OrderExecution, about: About = ()) -> ReportSheet:
    """Return the orders of a period as a table."""
    columns = (
        SheetColumn("number", t("Order")),
        SheetColumn("customer", t("Customer")),
        SheetColumn("amount", t("Amount"), CellKind.MONEY, SUM),
        SheetColumn("delivered", t("Went out"), CellKind.MONEY, SUM),
        SheetColumn(
            "rate",
            t("Went out %"),
            CellKind.PERCENT,
            'IF({amount}=0,"",ROUNDDOWN({delivered}/{amount},3))',
        ),
        SheetColumn("day", t("Date"), CellKind.DAY),
        SheetColumn("state", t("State")),
        SheetColumn("returned", t("Came back"), CellKind.MONEY, SUM),
    )
    rows = [
        (
            one.number,
            one.customer_name,
            one.amount,
            one.delivered,
            one.delivered_rate,
            one.day,
            t(_STATES[one.state]),
            one.returned,
        )
        for one in report.orders
    ]
    totals: tuple[Value, ...] = (
        t("Total"),
        None,
        report.amount,
        report.delivered,
        report.delivered_rate,
        None,
        None,
        report.returned,
    )
    keys = [one.order_id for one in report.orders]
    return _sheet(ReportKind.ORDERS, report, about, columns, rows, totals, keys=keys)


def customers_sheet(report: CustomerAnalysis, about: About = ()) -> ReportSheet:
    """Return the customers of a period as a table, sales to nobody in particular last."""
    digits = minor_digits(report.currency)
    columns = (
        SheetColumn("number", t("Number")),
        SheetColumn("name", t("Customer")),
        SheetColumn("purchases", t("Purchases"), CellKind.COUNT, SUM),
        SheetColumn("amount", t("Amount"), CellKind.MONEY, SUM),
        SheetColumn("net", t("Before tax"), CellKind.MONEY, SUM),
        SheetColumn(
            "average",
            t("On average"),
            CellKind.MONEY,
            f'IF({{purchases}}<=0,"",ROUND({{amount}}/{{purchases}},{digits}))',
        ),
        SheetColumn("unpaid", t("Still owed"), CellKind.MONEY, SUM),
        SheetColumn(
            "rate",
            t("Paid %"),
            CellKind.PERCENT,
            'IF({amount}<=0,"",ROUNDDOWN(({amount}-{unpaid})/{amount},3))',
        ),
    )
    shown = list(report.customers)
    rows = [_customer_row(one, one.number, one.name) for one in shown]
    keys = [one.customer_id for one in shown]
    unnamed = report.unnamed
    if unnamed.purchases or unnamed.amount or unnamed.net:
        rows.append(_customer_row(unnamed, "", t("Without a name")))
        keys.append("")
    totals = _customer_row(report.total, t("Total"), "")
    chart = SheetChart("name", ("amount",), min(len(shown), _CHARTED))
    return _sheet(
        ReportKind.CUSTOMERS, report, about, columns, rows, totals, keys=keys, chart=chart
    )


def trend_sheet(report: ProductTrend, about: About = ()) -> ReportSheet:
    """Return what was sold piece by piece as a table, with a column for each unit."""
    title, kind = _KINDS[report.grain]
    units = [
        SheetColumn(
            f"quantity{place}",
            t("Quantity") if unit == "pc" else f"{t('Quantity')} ({unit})",
            CellKind.QUANTITY,
            SUM,
        )
        for place, unit in enumerate(report.units)
    ]
    columns = (
        SheetColumn("start", t(title), kind),
        *units,
        SheetColumn("amount", t("Amount"), CellKind.MONEY, SUM),
        SheetColumn("net", t("Before tax"), CellKind.MONEY, SUM),
    )
    rows = [_trend_row(one, one.start) for one in report.trend]
    totals = _trend_row(report.total, t("Total"))
    chart = SheetChart("start", ("amount",), min(len(rows), _CHARTED_PIECES))
    return _sheet(ReportKind.TREND, report, about, columns, rows, totals, chart=chart)


def receivables_sheet(report: Receivables, about: About = ()) -> ReportSheet:
    """Return what customers owe by age as a table."""
    columns = (
        SheetColumn("number", t("Number")),
        SheetColumn("name", t("Customer")),
        SheetColumn("balance", t("Balance"), CellKind.MONEY, SUM),
        SheetColumn("not_due", t("Not due"), CellKind.MONEY, SUM),
        SheetColumn("to_30", t("1–30 days"), CellKind.MONEY, SUM),
        SheetColumn("to_60", t("31–60 days"), CellKind.MONEY, SUM),
        SheetColumn("to_90", t("61–90 days"), CellKind.MONEY, SUM),
        SheetColumn("older", t("> 90 days"), CellKind.MONEY, SUM),
        SheetColumn("credit", t("Paid too much"), CellKind.MONEY, SUM),
    )
    rows = [_ages_row(one, one.number, one.name) for one in report.customers]
    totals = _ages_row(report.total, t("Total"), "")
    keys = [one.customer_id for one in report.customers]
    chart = SheetChart("name", ("balance",), min(len(rows), _CHARTED))
    return _sheet(
        ReportKind.RECEIVABLES, report, about, columns, rows, totals, keys=keys, chart=chart
    )


def _sheet(
    kind: ReportKind,
    report: Report,
    about: About,
    columns: tuple[SheetColumn, ...],
    rows: Sequence[tuple[Value, ...]],
    totals: tuple[Value, ...],
    *,
    keys: Sequence[str] = (),
    chart: SheetChart | None = None,
) -> ReportSheet:
    title = t(TITLES[kind])
    return ReportSheet(title, report.currency, about, columns, rows, totals, keys, chart, kind=kind)


def _customer_row(one: CustomerFigures, number: str, name: str) -> tuple[Value, ...]:
    return (
        number,
        name,
        one.purchases,
        one.amount,
        one.net,
        one.average,
        one.unpaid,
        one.payment_rate,
    )


def _trend_row(one: TrendFigures, first: Value) -> tuple[Value, ...]:
    return (first, *one.quantities, one.amount, one.net)


def _ages_row(one: CustomerAges, number: str, name: str) -> tuple[Value, ...]:
    ages = one.ages
    amounts: tuple[Money, ...] = (
        one.balance,
        ages.not_due,
        ages.to_30,
        ages.to_60,
        ages.to_90,
        ages.older,
        one.credit,
    )
    return (number, name, *amounts)

"""Making a report whole: its figures, and the table of them with what it was narrowed to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.report_customers import CustomerAnalysis
from pos_app.domain.report_orders import OrderExecution
from pos_app.domain.report_receivables import Receivables
from pos_app.domain.report_trend import ProductTrend
from pos_app.services.document_reports import (
    ReportAsked,
    customer_analysis,
    go_on,
    order_execution,
    product_trend,
    receivables,
)
from pos_app.services.report_sheet import ReportKind, ReportSheet
from pos_app.services.report_sheets import (
    customers_sheet,
    orders_sheet,
    receivables_sheet,
    trend_sheet,
)
from pos_app.services.time_zones import shop_zone
from pos_app.texts import t

if TYPE_CHECKING:
    from pos_app.store.store import Store

Report = OrderExecution | CustomerAnalysis | ProductTrend | Receivables
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report's figures and their table."""

    report: Report
    sheet: ReportSheet


def make_report(
    store: "Store",
    kind: ReportKind,
    asked: ReportAsked,
    today: date,
    check: Callable[[], None] = go_on,
) -> MadeReport:
    """Return a report; `today` is the day by which receivables are aged.

    `check` is called now and then and may raise to stop the work.
    """
    about = _about(store, kind, asked, today)
    match kind:
        case ReportKind.ORDERS:
            orders = order_execution(store, asked, check)
            return MadeReport(orders, orders_sheet(orders, about))
        case ReportKind.CUSTOMERS:
            customers = customer_analysis(store, asked, check)
            return MadeReport(customers, customers_sheet(customers, about))
        case ReportKind.TREND:
            trend = product_trend(store, asked, check)
            return MadeReport(trend, trend_sheet(trend, about))
        case ReportKind.RECEIVABLES:
            owed = receivables(store, today, asked.currency, check)
            return MadeReport(owed, receivables_sheet(owed, about))


def save_report(store: "Store", sheet: ReportSheet, path: Path, now: datetime) -> int:
    """Write a report's table as a workbook and return how many rows it has.

    `now` is UTC; the workbook says the shop's own time. Raises FileNotWritable or
    TooManyRowsForSheet.
    """
    from pos_app.services.report_workbook import write_workbook  # noqa: PLC0415 - seldom, heavy

    shop = store.settings.shop()
    made_at = now.astimezone(shop_zone(shop.time_zone))
    is_rtl = shop.screen.language in _RIGHT_TO_LEFT
    return write_workbook(path, sheet, shop.name, made_at, is_rtl=is_rtl)


def _about(
    store: "Store", kind: ReportKind, asked: ReportAsked, today: date
) -> tuple[tuple[str, str], ...]:
    if kind is ReportKind.RECEIVABLES:
        return ((t("Day"), today.isoformat()),)
    about = [(t("Period"), f"{asked.period.start.isoformat()} – {asked.period.end.isoformat()}")]
    if kind is ReportKind.ORDERS and asked.customer_id:
        customer = store.customers.get(asked.customer_id)
        about.append((t("Customer"), customer.name if customer else asked.customer_id))
    if kind in (ReportKind.ORDERS, ReportKind.TREND) and asked.product_id:
        product = store.products.get(asked.product_id)
        about.append((t("Product"), product.name if product else asked.product_id))
    if kind in (ReportKind.CUSTOMERS, ReportKind.TREND):
        about.append(
            (t("What counts"), t("Sales at the counter and invoices, less what came back"))
        )
    return tuple(about)

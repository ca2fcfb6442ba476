"""Chapter 9 of the ERP sales module: reports over all that head office heard, and as Excel files.

Amounts are with tax. What the counter sold without an order counts as a customer's purchase too.
"""

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from pos_app.domain.report_customers import CustomerFigures
from pos_app.domain.report_orders import OrderFigures
from pos_app.domain.report_period import ReportPeriod
from pos_app.server import office_reports
from pos_app.server.apis.erp_goods_examples import (
    CUSTOMER_ANALYSIS,
    ORDER_EXECUTION,
    PRODUCT_TREND,
)
from pos_app.server.apis.erp_shapes import (
    Answer,
    Asked,
    Day,
    Number,
    Shape,
    Visitor,
    example,
    refusals,
)
from pos_app.server.apis.exact import ExactRoute, whole_or_fraction
from pos_app.server.report_workbooks import (
    customers_workbook,
    orders_workbook,
    trend_workbook,
)
from pos_app.spreadsheets.workbook import XLSX_TYPE

router = APIRouter(prefix="/api/v1/sales/reports", tags=["ERP: reports"], route_class=ExactRoute)


class ReportType(StrEnum):
    """Which report is wanted as a file."""

    ORDER_EXECUTION = "order_execution"
    CUSTOMER_ANALYSIS = "customer_analysis"
    PRODUCT_TREND = "product_trend"


class DaysAsked(Shape):
    """Which days, both within."""

    start_date: Day
    end_date: Day


class OrdersAsked(DaysAsked):
    """Which orders: those of a customer, or with a product, whose lines alone count then."""

    customer_id: Asked = None
    product_id: Asked = None


class TrendAsked(DaysAsked):
    """Which product, or everything."""

    product_id: Asked = None


class ExportAsked(OrdersAsked):
    """Which report, and what it is narrowed to."""

    type: ReportType


class OrderExecuted(Shape):
    """An order, and what of it went out; the rate is in percent, 100 when all of it did."""

    order_no: str
    customer_name: str
    order_date: str
    amount: Number
    status: Literal["approved", "partially_delivered", "fully_delivered"]
    delivered_amount: Number
    delivered_rate: Number


class OrdersExecuted(Shape):
    """How the approved orders of a period are carried out."""

    period: str
    total_orders: int
    total_amount: Number
    orders: list[OrderExecuted]


class CustomerAnalysed(Shape):
    """What a customer bought; the rate is how much of the amount is paid, in percent."""

    customer_id: str
    customer_name: str
    total_orders: int
    total_amount: Number
    avg_order_amount: Number
    payment_rate: Number


class CustomersAnalysed(Shape):
    """The customers of a period, who bought most first."""

    period: str
    customers: list[CustomerAnalysed]


class TrendPoint(Shape):
    """What was sold in a month, less what came back."""

    period: str
    quantity: Number
    amount: Number


class Trend(Shape):
    """The months of a period, also those without a sale."""

    period: str
    trends: list[TrendPoint]


@router.get(
    "/order-execution",
    summary="Order execution",
    responses={**refusals(400, 401, 403), **example(ORDER_EXECUTION)},
)
def order_execution(
    visitor: Visitor, asked: Annotated[OrdersAsked, Query()]
) -> Answer[OrdersExecuted]:
    """Report how the approved orders of some days are carried out; drafts do not count."""
    with visitor.reading() as connection:
        report = office_reports.order_execution(connection, visitor.company_id, _meant(asked))
    return Answer(
        data=OrdersExecuted(
            period=_period(report.period),
            total_orders=len(report.orders),
            total_amount=whole_or_fraction(report.amount),
            orders=[_order(one) for one in report.orders],
        )
    )


@router.get(
    "/customer-analysis",
    summary="Customer analysis",
    responses={**refusals(400, 401, 403), **example(CUSTOMER_ANALYSIS)},
)
def customer_analysis(
    visitor: Visitor, asked: Annotated[DaysAsked, Query()]
) -> Answer[CustomersAnalysed]:
    """Report what customers bought in some days and how much of it they have paid."""
    with visitor.reading() as connection:
        report = office_reports.customer_analysis(connection, visitor.company_id, _meant(asked))
    customers = [_customer(one) for one in report.customers]
    return Answer(data=CustomersAnalysed(period=_period(report.period), customers=customers))


@router.get(
    "/product-trend",
    summary="Product trend",
    responses={**refusals(400, 401, 403), **example(PRODUCT_TREND)},
)
def product_trend(visitor: Visitor, asked: Annotated[TrendAsked, Query()]) -> Answer[Trend]:
    """Report how a product, or everything, sold month by month."""
    with visitor.reading() as connection:
        report = office_reports.product_trend(connection, visitor.company_id, _meant(asked))
    trends = [
        TrendPoint(
            period=f"{one.start:%Y-%m}",
            quantity=whole_or_fraction(sum(one.quantities, Decimal(0))),
            amount=whole_or_fraction(one.amount),
        )
        for one in report.trend
    ]
    return Answer(data=Trend(period=_period(report.period), trends=trends))


@router.get(
    "/export",
    summary="A report as an Excel file",
    response_class=Response,
    responses={
        **refusals(400, 401, 403),
        200: {
            "description": "The workbook",
            "content": {XLSX_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        },
    },
)
def export(visitor: Visitor, asked: Annotated[ExportAsked, Query()]) -> Response:
    """Return a report as a workbook with the columns that it has as JSON, and totals."""
    with visitor.reading() as connection:
        book = _EXPORTS[asked.type](connection, visitor.company_id, _meant(asked))
    name = f"{asked.type.value}_{asked.start_date.isoformat()}_{asked.end_date.isoformat()}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(book, media_type=XLSX_TYPE, headers=headers)


_EXPORTS: dict[ReportType, Callable[[Connection, str, office_reports.Asked], bytes]] = {
    ReportType.ORDER_EXECUTION: lambda *asked: orders_workbook(
        office_reports.order_execution(*asked)
    ),
    ReportType.CUSTOMER_ANALYSIS: lambda *asked: customers_workbook(
        office_reports.customer_analysis(*asked)
    ),
    ReportType.PRODUCT_TREND: lambda *asked: trend_workbook(office_reports.product_trend(*asked)),
}


def _meant(asked: DaysAsked) -> office_reports.Asked:
    return office_reports.Asked(
        asked.start_date,
        asked.end_date,
        getattr(asked, "customer_id", None) or "",
        getattr(asked, "product_id", None) or "",
    )


def _period(period: ReportPeriod) -> str:
    """Write a period as published: 2023-06-01 至 2023-06-30."""
    return f"{period.start.isoformat()} 至 {period.end.isoformat()}"


def _order(one: OrderFigures) -> OrderExecuted:
    state: Any = one.state.value
    return OrderExecuted(
        order_no=one.number,
        customer_name=one.customer_name,
        order_date=one.day.isoformat(),
        amount=whole_or_fraction(one.amount),
        status=state,
        delivered_amount=whole_or_fraction(one.delivered),
        delivered_rate=_rate(one.delivered_rate),
    )


def _customer(one: CustomerFigures) -> CustomerAnalysed:
    return CustomerAnalysed(
        customer_id=one.customer_id,
        customer_name=one.name,
        total_orders=one.purchases,
        total_amount=whole_or_fraction(one.amount),
        avg_order_amount=0 if one.average is None else whole_or_fraction(one.average),
        payment_rate=_rate(one.payment_rate),
    )


def _rate(percent: Decimal | None) -> int | float:
    """Write a rate; of nothing it is 0."""
    return 0 if percent is None else whole_or_fraction(percent)

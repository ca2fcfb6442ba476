"""Chapter 9 of the ERP sales module over HTTP: figures that are the documents', and Excel files."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pos_app.spreadsheets.workbook import XLSX_TYPE
from tests.server.apis.erp_goods import add_stock, approved_order, deliver, invoicing, take_back
from tests.server.apis.erp_offices import (
    ErpShop,
    erp_served,
    other_company,
)
from tests.server.offices import Template, sqlite_copy

JUNE = {"startDate": "2026-06-01", "endDate": "2026-06-30"}
HALF = {"startDate": "2026-05-15", "endDate": "2026-08-14"}
EVIL = '=HYPERLINK("http://example.com";"Click")'
REPORTS = ("order-execution", "customer-analysis", "product-trend")


@pytest.fixture(scope="module")
def erp(sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ErpShop]:
    """A company with three orders: one delivered, one in part, one not; invoices in two months."""
    with (
        sqlite_copy(sqlite_template, tmp_path_factory) as office,
        erp_served(office, sqlite_template.founded.company_id) as found,
    ):
        add_stock(found, 100)
        whole, part = approved_order(found, 5), approved_order(found, 3)
        approved_order(found, 2, orderDate="2026-07-03")
        found.make_order()  # a draft counts nowhere
        deliver(found, whole, 5)
        deliver(found, part, 1)
        found.done("POST", "/invoices", invoicing(whole, 4) | {"invoiceDate": "2026-06-10"})
        paid = found.done("POST", "/invoices", invoicing(whole, 1) | {"invoiceDate": "2026-07-10"})
        money = {"amount": 120, "receiveDate": "2026-07-10"}
        found.done("POST", f"/invoices/{paid['id']}/receive", money)
        take_back(found, whole, 1, returnDate="2026-07-20")
        evil = found.done("POST", "/customers", {"name": EVIL})["id"]
        other = approved_order(found, 1, customerId=evil)
        deliver(found, other, 1)
        found.done("POST", "/invoices", invoicing(other, 1))
        yield found


def report(erp: ErpShop, name: str, **query: Any) -> Any:
    return erp.got(f"/reports/{name}", **query)


def test_orders_are_reported_with_what_went_out(erp: ErpShop) -> None:
    told = report(erp, "order-execution", **JUNE)
    assert told["period"] == "2026-06-01 至 2026-06-30"
    assert (told["totalOrders"], told["totalAmount"]) == (3, 900)
    rows = [
        (row["amount"], row["status"], row["deliveredAmount"], row["deliveredRate"])
        for row in told["orders"]
    ]
    assert rows == [
        (500, "fully_delivered", 500, 100),
        (300, "partially_delivered", 100, 33.3),
        (100, "fully_delivered", 100, 100),
    ]
    assert {row["orderDate"] for row in told["orders"]} == {"2026-06-01"}
    assert report(erp, "order-execution", **HALF)["totalOrders"] == 4


def test_orders_are_the_sum_of_what_the_list_shows(erp: ErpShop) -> None:
    told = report(erp, "order-execution", **HALF)
    listed = [row for row in erp.got("/orders", pageSize=100)["list"] if row["status"] != "draft"]
    assert told["totalAmount"] == sum(row["totalAmount"] for row in listed)
    assert {row["orderNo"] for row in told["orders"]} == {row["orderNo"] for row in listed}


def test_orders_are_narrowed_to_a_customer_and_a_product(erp: ErpShop) -> None:
    named = report(erp, "order-execution", **JUNE, customerId="customer-001")
    assert (named["totalOrders"], named["totalAmount"]) == (2, 800)
    assert report(erp, "order-execution", **JUNE, customerId="nobody")["orders"] == []
    lamps = report(erp, "order-execution", **JUNE, productId="prod-001")
    assert lamps["totalAmount"] == 900
    assert report(erp, "order-execution", **JUNE, productId="prod-002")["orders"] == []


def test_customers_are_reported_with_what_they_bought_and_paid(erp: ErpShop) -> None:
    told = report(erp, "customer-analysis", **HALF)
    first, second = told["customers"]
    # 4 × 120 and 1 × 120, less 1 × 120 that came back; of the 480 left, 120 was paid and 360 owed.
    assert (first["customerName"], first["totalOrders"]) == ("Rye & Sons", 1)
    assert (first["totalAmount"], first["avgOrderAmount"]) == (480, 480)
    owed = sum(
        row["balanceAmount"]
        for row in erp.got("/invoices", customerId="customer-001", pageSize=100)["list"]
        if row["balanceAmount"] > 0
    )
    assert first["paymentRate"] == float(
        ((Decimal(480) - Decimal(str(owed))) * 100 / 480).quantize(Decimal("0.1"))
    )
    assert (second["customerName"], second["totalAmount"], second["paymentRate"]) == (EVIL, 120, 0)
    assert report(erp, "customer-analysis", startDate="2020-01-01", endDate="2020-12-31") == {
        "period": "2020-01-01 至 2020-12-31",
        "customers": [],
    }


def test_the_trend_goes_month_by_month(erp: ErpShop) -> None:
    told = report(erp, "product-trend", **HALF)
    assert told["trends"] == [
        {"period": "2026-05", "quantity": 0, "amount": 0},
        {"period": "2026-06", "quantity": 5, "amount": 600},
        {"period": "2026-07", "quantity": 0, "amount": 0},
        {"period": "2026-08", "quantity": 0, "amount": 0},
    ]
    july = report(erp, "product-trend", startDate="2026-07-01", endDate="2026-07-15")
    assert july["trends"] == [{"period": "2026-07", "quantity": 1, "amount": 120}]
    ribbons = report(erp, "product-trend", **HALF, productId="prod-002")
    assert [one["amount"] for one in ribbons["trends"]] == [0, 0, 0, 0]


def test_the_workbook_has_typed_cells_and_totals(erp: ErpShop) -> None:
    page = workbook(erp, "order_execution", **JUNE)
    rows = list(page.iter_rows(min_row=5, values_only=True))
    assert rows[0] == (
        "Order",
        "Customer",
        "Date",
        "Amount",
        "State",
        "Delivered",
        "Delivered %",
    )
    number, customer, day, amount, state, delivered, rate = rows[2]
    assert isinstance(number, str)
    assert (customer, day) == ("Rye & Sons", datetime(2026, 6, 1))  # noqa: DTZ001 - a sheet's date
    assert (amount, state, delivered) == (300, "partially_delivered", 100)
    assert rate == 0.333
    assert rows[-1][0] == "Total"
    assert rows[-1][3] == "=SUBTOTAL(109,D6:D8)"
    assert "EUR" in str(page["D6"].number_format)
    assert page["C6"].is_date


def test_a_text_that_looks_like_a_formula_stays_a_text(erp: ErpShop) -> None:
    page = workbook(erp, "customer_analysis", **JUNE)
    cells = [cell for row in page.iter_rows() for cell in row if cell.value == EVIL]
    assert [cell.data_type for cell in cells] == ["s"]
    assert [cell.hyperlink for cell in cells] == [None]


def test_each_report_can_be_exported(erp: ErpShop) -> None:
    trend = workbook(erp, "product_trend", **HALF)
    rows = list(trend.iter_rows(min_row=5, values_only=True))
    assert rows[0] == ("Month", "Quantity", "Amount")
    assert rows[2] == (datetime(2026, 6, 1), 5, 600)  # noqa: DTZ001 - a sheet's date
    narrowed = workbook(erp, "customer_analysis", **HALF, customerId="customer-001")
    names = [row[1] for row in narrowed.iter_rows(min_row=6, values_only=True)]
    assert names == ["Rye & Sons", None]
    empty = workbook(erp, "order_execution", startDate="2020-01-01", endDate="2020-01-02")
    assert [row[0] for row in empty.iter_rows(min_row=5, values_only=True)] == ["Order", "Total"]


def test_the_same_question_gets_the_same_bytes(erp: ErpShop) -> None:
    asked = {"type": "order_execution", **JUNE}
    first, second = (erp.ask("GET", "/reports/export", **asked).content for _ in range(2))
    assert first == second


WRONG = [
    {},
    {"startDate": "2026-06-01"},
    {"startDate": "", "endDate": "2026-06-30"},
    {"startDate": "2026-06-30", "endDate": "2026-06-01"},
    {"startDate": "0000-01-01", "endDate": "2026-06-30"},
    {"startDate": "0001-01-01", "endDate": "2026-06-30"},
    {"startDate": "2026-06-01", "endDate": "9999-12-31"},
    {"startDate": "2026-06-31", "endDate": "2026-07-31"},
    {"startDate": "20260601", "endDate": "20260630"},
    {"startDate": "'; DROP TABLE sales; --", "endDate": "2026-06-30"},
]


@pytest.mark.parametrize("query", WRONG, ids=str)
def test_days_that_are_none_are_refused(erp: ErpShop, query: dict[str, str]) -> None:
    for name in REPORTS:
        answer = erp.ask("GET", f"/reports/{name}", **query)
        assert (answer.status_code, answer.json()["code"]) == (400, 400)
    answer = erp.ask("GET", "/reports/export", type="product_trend", **query)
    assert (answer.status_code, answer.json()["data"]) == (400, None)


def test_a_report_that_there_is_not_is_refused(erp: ErpShop) -> None:
    for kind in ("", "receivables", "order-execution"):
        assert erp.ask("GET", "/reports/export", type=kind, **JUNE).status_code == 400
    assert erp.ask("GET", "/reports/export", **JUNE).status_code == 400
    erp.refused("GET", "/reports/profit", code=501)
    erp.refused("POST", "/reports/export", {}, code=501)


def test_nobody_reads_anothers_reports(erp: ErpShop) -> None:
    theirs = other_company(erp)
    assert report(theirs, "order-execution", **HALF)["orders"] == []
    assert report(theirs, "customer-analysis", **HALF)["customers"] == []
    assert {one["amount"] for one in report(theirs, "product-trend", **HALF)["trends"]} == {0}
    with erp.shop.served.client() as nobody:
        for name in REPORTS:
            answer = nobody.get(f"/api/v1/sales/reports/{name}", params=JUNE)
            assert (answer.status_code, answer.json()["code"]) == (401, 401)


def workbook(erp: ErpShop, kind: str, **query: str) -> Worksheet:
    """Return the sheet of an exported report, as somebody else's library reads it."""
    answer = erp.ask("GET", "/reports/export", type=kind, **query)
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX_TYPE)
    name = f"{kind}_{query['startDate']}_{query['endDate']}.xlsx"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    page = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert isinstance(page, Worksheet)
    return page

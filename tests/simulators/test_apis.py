"""The five small servers answer the published samples word for word, and refuse what is not so.

`apis/published.json` holds the JSON of the five documents, by API and chapter.
"""

import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone
from decimal import Decimal
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.simulators.apis.add_sale import AddSale
from tests.simulators.apis.answering import LOOPBACK, Answer
from tests.simulators.apis.data_feed import (
    PUBLISHED_COMPANY,
    PUBLISHED_CONNECTION,
    DataFeed,
    FeedLine,
    sale,
)
from tests.simulators.apis.erp import Erp, Product
from tests.simulators.apis.retail_sale import RetailSale
from tests.simulators.apis.sales_api import SalesApi

PUBLISHED = json.loads((Path(__file__).parent / "apis/published.json").read_text("utf-8"))
SALES, RETAIL, XTRAKIT, FEED, ERP = (
    PUBLISHED[api] for api in ("sales", "retail", "xtrakit", "feed", "erp")
)
JSON = {"Content-Type": "application/json"}
RETAIL_PATH = "/rest/inventory/sale"


class Server(Protocol):
    def handle(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Answer: ...


def ask(
    server: Server, method: str, target: str, body: Any = None, key: str = ""
) -> tuple[int, Any]:
    """Ask without a network; returns the status and what JSON said."""
    headers = JSON | ({"Authorization": key} if key else {})
    data = b"" if body is None else json.dumps(body).encode()
    status, _, said = server.handle(method, target, headers, data)
    return status, json.loads(said)


def shape(value: Any) -> Any:
    """Return names and types only; of a list, its first; null may stand for anything."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value[:1]]
    return "number" if type(value) in (int, float) else type(value).__name__


def assert_same_shape(answer: Any, sample: Any, where: str = "") -> None:
    if isinstance(answer, dict) and isinstance(sample, dict):
        assert answer.keys() == sample.keys(), where
        for name in sample:
            assert_same_shape(answer[name], sample[name], f"{where}.{name}")
    elif isinstance(answer, list) and isinstance(sample, list):
        for one in answer:
            assert_same_shape(one, sample[0], f"{where}[]")
    elif answer is not None and sample is not None:
        assert shape(answer) == shape(sample), where


# Sales API.


def sales_sample(name: str, **said: Any) -> Any:
    """Return a request of the document with something in the place of its words `string`."""
    return {**SALES[f"{name} request"], **said}


def sales_server(**options: Any) -> tuple[SalesApi, str]:
    server = SalesApi(**options)
    _, customer = ask(server, "POST", "/api/sales/customers", sales_sample("Create Customer"), KEY)
    return server, customer["id"]


KEY = "Bearer token"
LINE = {"product_id": "p", "quantity": 3, "unit_price": 0.335}


def test_an_order_of_the_sales_api_is_summed_and_listed_as_published() -> None:
    server, customer = sales_server()
    body = sales_sample("Create Order", customer_id=customer, items=[LINE, LINE])
    assert ask(server, "POST", "/api/sales/orders", body, KEY)[0] == 201
    status, listed = ask(server, "GET", "/api/sales/orders", key=KEY)
    sample = json.loads(json.dumps(SALES["List Orders response"]).replace('"number"', "1"))
    assert status == 200
    assert_same_shape(listed, sample)
    assert (listed["items"][0]["total_amount"], listed["total"], listed["size"]) == (2.02, 1, 20)


def test_the_sales_api_refuses_as_published() -> None:
    server, customer = sales_server()
    order = sales_sample("Create Order", customer_id="nobody", items=[LINE])
    refusals = [
        (order, 404, SALES["Customer Not Found response"]),
        (order | {"customer_id": customer, "items": []}, 400, SALES["Invalid Order response"]),
        (order | {"note": "unknown"}, 400, SALES["Invalid Order response"]),
        ({"customer_id": 1, "items": [LINE]}, 400, SALES["Invalid Order response"]),
    ]
    for body, status, said in refusals:
        assert ask(server, "POST", "/api/sales/orders", body, KEY) == (status, said)
    missing = ask(server, "POST", "/api/sales/invoices", {"order_id": "none"}, KEY)
    assert missing == (404, SALES["Order Not Found response"])
    assert ask(server, "GET", "/api/sales/orders", key="Bearer other")[0] == 401
    assert not server.orders


def test_pages_of_the_sales_api_are_as_big_as_the_server_says() -> None:
    server, customer = sales_server()
    for _ in range(5):
        ask(server, "POST", "/api/sales/orders", {"customer_id": customer, "items": [LINE]}, KEY)
    server.page_size = 2
    _, page = ask(server, "GET", "/api/sales/orders?page=3&size=50", key=KEY)
    assert ([one["id"] for one in page["items"]], page["size"]) == (["ord-5"], 2)


@pytest.mark.parametrize(("is_once", "count"), [(True, 1), (False, 2)])
def test_an_invoice_of_the_sales_api_is_generated_of_an_order(is_once: bool, count: int) -> None:
    server, customer = sales_server(invoices_once=is_once, stock={"p": Decimal(3)})
    body = {"customer_id": customer, "items": [LINE]}
    _, order = ask(server, "POST", "/api/sales/orders", body, KEY)
    assert ask(server, "POST", "/api/sales/orders", body, KEY)[0] == 400  # nothing is left
    body = sales_sample("Generate Invoice", order_id=order["id"])
    made = [ask(server, "POST", "/api/sales/invoices", body, KEY)[1]["id"] for _ in range(2)]
    assert len(server.invoices) == len(set(made)) == count
    assert ask(server, "GET", f"/api/sales/invoices/{made[0]}", key=KEY)[1]["total_amount"] == 1.01


# Retail Sale API.


def test_the_published_retail_sale_is_read_back_as_published() -> None:
    server = RetailSale(zone=timezone(timedelta(hours=5, minutes=30)))
    body = RETAIL["Create a Sale request"]
    assert ask(server, "POST", f"{RETAIL_PATH}/create", body) == (200, {"data": True})
    listed = RETAIL["List All Sales response"]
    assert ask(server, "GET", f"{RETAIL_PATH}/list/admin/abc123") == (200, listed)
    _, one = ask(server, "GET", f"{RETAIL_PATH}/get/1/admin/abc123")
    assert_same_shape(one, RETAIL["Get Sale by ID response"])
    search = f"{RETAIL_PATH}/search/2026-02-01/2026-02-28/admin/abc123"
    assert ask(server, "GET", search) == (200, listed)
    assert ask(server, "GET", search.replace("02-01", "02-21"))[1] == {"data": []}


def test_a_void_restores_what_a_retail_sale_took_and_says_so_once() -> None:
    server = RetailSale()
    server.stock, server.value = {1: Decimal(10), 3: Decimal(10)}, {1: Decimal(100), 3: Decimal(20)}
    server.places = {(1, 1): Decimal(4)}
    ask(server, "POST", f"{RETAIL_PATH}/create", RETAIL["Create a Sale request"])
    assert server.stock == {1: 7, 3: 5}
    assert server.value == {1: 70, 3: 0}  # not below 0
    assert server.places == {(1, 1): 1}
    void = f"{RETAIL_PATH}/void/1/admin/abc123"
    assert ask(server, "GET", void)[1] == RETAIL["Void a Sale response"]
    assert ask(server, "GET", void)[1] == RETAIL["Void a Sale response 2"]
    assert (server.stock, server.value[1], server.places) == ({1: 10, 3: 10}, 100, {(1, 1): 4})


def test_taxes_of_the_item_are_taken_where_a_retail_sale_names_none() -> None:
    server = RetailSale(item_taxes={1: (("GST", Decimal(10)),)})
    body = json.loads(json.dumps(RETAIL["Create a Sale request"]))
    for item in body["sale"]["items"]:
        del item["taxes"], item["taxAmount"]
    ask(server, "POST", f"{RETAIL_PATH}/create", body)
    _, listed = ask(server, "GET", f"{RETAIL_PATH}/list/admin/abc123")
    assert listed["data"][0]["totalTaxAmount"] == "3.00"


@pytest.mark.parametrize(
    "change",
    [
        {"totalAmount": "64.00"},
        {"totalAmount": 65.0},
        {"paymentMethod": "GOLD"},
        {"saleDate": "2026-02-20T10:30:00Z"},
        {"items": []},
        {"cashier": "unknown"},
    ],
)
def test_a_retail_sale_that_is_not_as_published_is_refused(change: dict[str, Any]) -> None:
    server = RetailSale()
    body = RETAIL["Create a Sale request"]
    wrong = body | {"sale": body["sale"] | change}
    assert ask(server, "POST", f"{RETAIL_PATH}/create", wrong) == (400, {"data": False})
    assert not server.sales
    assert ask(server, "POST", f"{RETAIL_PATH}/create", body | {"authKey": "x"})[0] == 401
    assert ask(server, "GET", f"{RETAIL_PATH}/list/admin/other")[0] == 401


def test_a_retail_sale_sent_twice_is_there_twice() -> None:
    server = RetailSale()
    for _ in range(2):
        ask(server, "POST", f"{RETAIL_PATH}/create", RETAIL["Create a Sale request"])
    assert [one["saleNumber"] for one in server.sales] == ["INV-2026-0042"] * 2


# Add Sale.


def test_the_published_sale_is_added_with_the_published_answer() -> None:
    server = AddSale()
    status, said = ask(server, "POST", "/api/v1/sales/add", XTRAKIT["request"], "Bearer API_KEY")
    sample = XTRAKIT["response"]
    assert (status, said["status"], said["message"]) == (200, 200, sample["message"])
    assert_same_shape(said, sample)
    same = {"id", "invoice_code", "invoice_number", "customer_id", "total_amount", "discount"}
    assert {name: said["data"]["sales"][name] for name in same} == {
        name: sample["data"]["sales"][name] for name in same
    }


def test_add_sale_says_401_word_for_word() -> None:
    for key, said in (("", XTRAKIT["missing"]), ("Bearer other", XTRAKIT["invalid"])):
        answer = ask(AddSale(), "POST", "/api/v1/sales/add", XTRAKIT["request"], key)
        assert answer == (401, said)


def test_a_sale_with_nothing_paid_and_no_method_is_a_draft_and_gets_the_prefix() -> None:
    body = XTRAKIT["request"] | {"amount_paid": "0.00", "invoice_number": "000007"}
    _, said = ask(AddSale(), "POST", "/api/v1/sales/add", body, "Bearer API_KEY")
    sales = said["data"]["sales"]
    assert (sales["payment_status"], sales["invoice_number"]) == ("draft", "INV-000007")
    assert said["data"]["sales-payment"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"total_amount": "200.0"},
        {"total_amount": 200},
        {"customer_id": "7"},
        {"payment_type": "Gold"},
        {"due_date": "30.08.2024"},
        {"items": []},
        {"invoice_number": "1"},
    ],
)
def test_a_sale_that_is_not_as_published_is_not_added(change: dict[str, Any]) -> None:
    server = AddSale()
    body = XTRAKIT["request"] | change
    status, said = ask(server, "POST", "/api/v1/sales/add", body, "Bearer API_KEY")
    assert (status, said.keys(), server.sales) == (400, {"status", "error"}, [])


# Sales data feed.


def test_the_feed_shows_a_company_its_own_sales_as_published() -> None:
    server = DataFeed(is_full=False)
    server.connect(PUBLISHED_COMPANY, PUBLISHED_CONNECTION, "API_KEY")
    server.connect("other", "line", "OTHER")
    line = FeedLine("Dining Chair 1029", "Dining Chair", Decimal(10), Decimal(2800), Decimal(200))
    one = sale("070", "2021-04-05T00:00:00.000Z", line, due="2021-05-05T00:00:00.000Z")
    server.add(PUBLISHED_COMPANY, PUBLISHED_CONNECTION, one)
    path = f"/companies/{PUBLISHED_COMPANY}/connections/{PUBLISHED_CONNECTION}/data/sales"
    status, said = ask(server, "GET", path, key="API_KEY")
    sample = FEED["Sales response"]
    said["results"][0]["data"]["line_items"][0]["system_id"] = sample["results"][0]["data"][
        "line_items"
    ][0]["system_id"]
    assert (status, said) == (200, sample)
    answers = [ask(server, "GET", path, key=key)[0] for key in ("", "Bearer API_KEY", "OTHER")]
    assert answers == [401, 401, 404]


# ERP.


class Desk:
    """Somebody who is signed in at the ERP and sends the document's samples."""

    def __init__(self, **options: Any) -> None:
        self.server = Erp(
            products={"prod-001": Product("PROD001", "笔记本电脑", unit="台")}, **options
        )
        login = {"username": "admin", "password": "secret"}
        self.key = f"Bearer {self.at('POST', '/api/v1/auth/login', login)['token']}"

    def at(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        key = getattr(self, "key", "")
        got, said = ask(self.server, method, path, body, key)
        assert (got, said["code"]) == (status, status), said
        return said["data"]

    def send(self, path: str, chapter: str, **said: Any) -> Any:
        """Send a sample with other ids; the answer has the published shape."""
        body = ERP[f"{chapter} request"] | said
        data = self.at("POST", f"/api/v1/sales/{path}", body)
        assert_same_shape(data, ERP[f"{chapter} response"]["data"], chapter)
        return data

    def shows(self, path: str, chapter: str) -> Any:
        data = self.at("GET", f"/api/v1/sales/{path}")
        sample = ERP[f"{chapter} response"]["data"]
        assert_same_shape(data, sample, chapter)
        return data

    def change(self, path: str, chapter: str, **said: Any) -> None:
        self.at("PUT", f"/api/v1/sales/{path}", ERP[f"{chapter} request"] | said)

    def no(self, path: str, body: Any, method: str = "POST") -> None:
        self.at(method, f"/api/v1/sales/{path}", body, 400)


@pytest.fixture
def desk() -> Desk:
    ready = Desk()
    assert ready.send("customers", "3.3") == ERP["3.3 response"]["data"]
    return ready


def approved_order(desk: Desk) -> tuple[str, str]:
    """Return the ids of an order and its line."""
    order = desk.send("orders", "5.3")["id"]
    desk.send(f"orders/{order}/approve", "5.6")
    return order, desk.at("GET", f"/api/v1/sales/orders/{order}")["items"][0]["id"]


def test_a_customer_of_the_erp_is_made_shown_changed_evaluated_and_deleted(desk: Desk) -> None:
    desk.shows("customers?status=active&name=北京&page=1", "3.1")
    shown = desk.shows("customers/customer-001", "3.2")
    sample = ERP["3.2 response"]["data"]
    sent = ERP["3.3 request"].keys() | {"id", "customerNo", "status"}
    assert {name: shown[name] for name in sent} == {name: sample[name] for name in sent}
    desk.change("customers/customer-001", "3.4")
    desk.send("customers/customer-001/credit-evaluate", "3.6")
    assert desk.shows("customers/customer-001", "3.2")["creditDays"] == 45
    desk.at("DELETE", "/api/v1/sales/customers/customer-001")
    desk.at("GET", "/api/v1/sales/customers/customer-001", status=404)


def test_a_quotation_of_the_erp_goes_its_way_to_an_order(desk: Desk) -> None:
    assert desk.send("quotations", "4.3") == ERP["4.3 response"]["data"]
    desk.shows("quotations?expiryDateStart=2023-06-30&expiryDateEnd=2023-06-30", "4.1")
    desk.shows("quotations/quotation-001", "4.2")
    desk.no("quotations/quotation-001/generate-order", ERP["4.7 request"])
    desk.change("quotations/quotation-001", "4.4")
    desk.send("quotations/quotation-001/approve", "4.6")
    desk.no("quotations/quotation-001", {"remarks": "late"}, "PUT")
    made = desk.send("quotations/quotation-001/generate-order", "4.7")
    assert made == ERP["4.7 response"]["data"]
    assert desk.shows("orders/order-001", "5.2")["totalAmount"] == 72000  # 15 x 4800


def test_an_order_of_the_erp_is_changed_only_as_a_draft(desk: Desk) -> None:
    order = desk.send("orders", "5.3")["id"]
    desk.change(f"orders/{order}", "5.4")
    desk.send(f"orders/{order}/approve", "5.6", approved=False)
    desk.send(f"orders/{order}/approve", "5.6")
    desk.no(f"orders/{order}", ERP["5.4 request"], "PUT")
    desk.no(f"orders/{order}", None, "DELETE")
    desk.send(f"orders/{order}/cancel", "5.7")
    desk.no(f"orders/{order}/approve", ERP["5.6 request"])
    filters = "status=cancelled&totalAmountStart=72000&createDateStart=2026-02-20"
    assert desk.shows(f"orders?{filters}", "5.1")["total"] == 1
    desk.at("GET", "/api/v1/sales/orders?remarks=x", status=400)


def test_no_more_is_delivered_invoiced_received_and_returned_than_there_is(desk: Desk) -> None:
    order, line = approved_order(desk)
    some = [{"orderItemId": line, "quantity": 4}]
    desk.send(f"orders/{order}/generate-delivery", "5.8", items=some)
    assert desk.shows(f"orders/{order}", "5.2")["status"] == "partially_delivered"
    rest = [{"orderItemId": line, "deliveredQuantity": 7}]
    desk.no("deliveries", ERP["6.3 request"] | {"items": rest})
    desk.no("invoices", ERP["7.3 request"])
    delivery = desk.send("deliveries", "6.3", items=[rest[0] | {"deliveredQuantity": 6}])["id"]
    desk.shows(f"deliveries?orderId={order}", "6.1")
    desk.shows(f"deliveries/{delivery}", "6.2")
    desk.change(f"deliveries/{delivery}", "6.4", items=[rest[0] | {"deliveredQuantity": 6}])
    assert desk.shows(f"orders/{order}", "5.2")["status"] == "fully_delivered"

    invoice = desk.send("invoices", "7.3")["id"]
    desk.shows("invoices?status=unpaid&orderNo=SO2023060001", "7.1")
    shown = desk.shows(f"invoices/{invoice}", "7.2")
    assert (shown["netAmount"], shown["taxAmount"], shown["totalAmount"]) == (
        44247.80, 5752.21, 50000.01)  # fmt: skip
    desk.change(f"invoices/{invoice}", "7.4")
    desk.send(f"invoices/{invoice}/receive", "7.6")
    desk.no(f"invoices/{invoice}/receive", ERP["7.6 request"])
    assert desk.shows(f"invoices/{invoice}", "7.2")["balanceAmount"] == 0.01

    back = [{"orderItemId": line, "quantity": 1, "unitPrice": 5000, "reason": "质量问题"}]
    made = desk.send("returns", "8.3", items=back)
    assert made == ERP["8.3 response"]["data"]
    desk.shows("returns?returnDateStart=2023-06-20", "8.1")
    assert desk.shows("returns/return-001", "8.2")["totalAmount"] == 5000
    desk.change("returns/return-001", "8.4", items=back)
    desk.no("returns", ERP["8.3 request"] | {"items": [back[0] | {"quantity": 10}]})
    desk.at("DELETE", "/api/v1/sales/returns/return-001")


def test_reports_of_the_erp_have_the_published_shape_and_a_real_spreadsheet(desk: Desk) -> None:
    order, line = approved_order(desk)
    desk.send(f"orders/{order}/generate-delivery", "5.8",
              items=[{"orderItemId": line, "quantity": 5}])  # fmt: skip
    days = "startDate=2023-06-01&endDate=2023-06-30"
    report = desk.shows(f"reports/order-execution?{days}", "9.1")
    assert report["orders"][0]["deliveredRate"] == 50
    desk.shows(f"reports/customer-analysis?{days}", "9.2")
    desk.shows(f"reports/product-trend?{days}&productId=prod-001", "9.3")
    export = f"/api/v1/sales/reports/export?type=order_execution&{days}"
    _, headers, data = desk.server.handle("GET", export, {"Authorization": desk.key}, b"")
    assert "spreadsheetml" in headers["Content-Type"]
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert "SO2023060001" in archive.read("xl/sheet.xml").decode()


def test_the_erp_wants_a_token_that_still_holds(desk: Desk) -> None:
    desk.server.forget_tokens()
    desk.at("GET", "/api/v1/sales/customers", status=401)
    wrong = {"username": "admin", "password": "wrong"}
    desk.at("POST", "/api/v1/auth/login", wrong, 401)


def test_what_is_over_the_credit_limit_is_not_approved(desk: Desk) -> None:
    dear = [{"productId": "prod-001", "quantity": 41, "unitPrice": 5000}]
    order = desk.send("orders", "5.3", items=dear)["id"]
    desk.no(f"orders/{order}/approve", ERP["5.6 request"])


# All of them.


def test_each_server_listens_on_a_real_port() -> None:
    for server in (SalesApi(), RetailSale(zone=UTC), AddSale(), DataFeed(), Erp()):
        with server.serve() as port:
            line = HTTPConnection(LOOPBACK, port, timeout=60)
            for _ in range(2):
                line.request("POST", "/nothing", body=b"{}", headers=JSON)
                answer = line.getresponse()
                assert answer.status in {401, 404}
                json.loads(answer.read())
            line.close()
        assert len(server.arrived) == 2

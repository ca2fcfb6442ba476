"""Chapter 7 of the ERP sales module over HTTP: what was delivered is invoiced and paid, no more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from pos_app.server.api_keys import Right
from tests.server.apis.erp_goods import (
    add_stock,
    approved_order,
    deliver,
    invoice,
    invoicing,
    line_of,
    progress,
    take_back,
)
from tests.server.apis.erp_offices import (  # noqa: F401 - two of them are fixtures
    ErpShop,
    erp,
    other_company,
    shared_erp,
    with_rights,
)
from tests.server.offices import NOW

PAID: dict[str, Any] = {"amount": 240, "paymentMethod": "cash"}


@pytest.fixture
def stocked(shared_erp: ErpShop) -> ErpShop:  # noqa: F811 - the fixture
    """The file's company with stock enough for what a test does."""
    add_stock(shared_erp, 20)
    return shared_erp


def delivered_order(erp: ErpShop, units: int = 5) -> str:  # noqa: F811 - another one
    """Make an order, deliver all of it, and return its id."""
    order_id = approved_order(erp, units)
    deliver(erp, order_id, units)
    return order_id


def test_an_order_is_invoiced_at_net_prices_and_paid_in_parts(
    erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    order_id = delivered_order(erp)
    invoice_id = invoice(erp, order_id, 2)
    told = erp.got(f"/invoices/{invoice_id}")
    assert (told["netAmount"], told["taxAmount"], told["totalAmount"]) == (200, 40, 240)
    assert (told["status"], told["paidAmount"], told["balanceAmount"]) == ("unpaid", 0, 240)
    [item] = told["items"]
    assert (item["unitPrice"], item["taxRate"]) == (100, 20)
    assert (item["taxAmount"], item["totalAmount"]) == (40, 240)
    erp.done("POST", f"/invoices/{invoice_id}/receive", {**PAID, "amount": 100.5})
    row = erp.got("/invoices")["list"][0]
    assert (row["status"], row["paidAmount"], row["balanceAmount"]) == (
        "partially_paid",
        100.5,
        139.5,
    )
    much = {**PAID, "amount": 139.51}
    said = erp.refused("POST", f"/invoices/{invoice_id}/receive", much)
    assert "is owed on" in said
    erp.done("POST", f"/invoices/{invoice_id}/receive", {**PAID, "amount": 139.5})
    told = erp.got(f"/invoices/{invoice_id}")
    assert (told["status"], told["balanceAmount"]) == ("fully_paid", 0)
    assert "is settled" in erp.refused("POST", f"/invoices/{invoice_id}/receive", PAID)


def test_never_more_than_was_delivered_is_invoiced(
    erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    order_id = approved_order(erp, 5)
    assert "Only an approved order" not in erp.refused("POST", "/invoices", invoicing(order_id, 1))
    deliver(erp, order_id, 3)
    assert "Only 3 of Lamp" in erp.refused("POST", "/invoices", invoicing(order_id, 4))
    invoice(erp, order_id, 2)
    assert "Only 1 of Lamp" in erp.refused("POST", "/invoices", invoicing(order_id, 2))
    other = {**invoicing(order_id, 1)}
    other["items"] = [{"productId": "prod-002", "quantity": 1, "unitPrice": 1, "taxRate": 0}]
    assert "Only 0 of prod-002" in erp.refused("POST", "/invoices", other)
    twice = invoicing(order_id, 1)
    twice["items"] *= 2
    assert "Only 0 of Lamp" in erp.refused("POST", "/invoices", twice)
    assert line_of(erp, order_id).invoiced == 2


def test_of_two_who_invoice_the_same_rest_at_once_one_wins(
    erp: ErpShop,  # noqa: F811 - the fixture
) -> None:
    order_id = delivered_order(erp)
    with ThreadPoolExecutor(4) as pool:
        asked = [
            pool.submit(erp.ask, "POST", "/invoices", invoicing(order_id, 5)) for _ in range(4)
        ]
        statuses = sorted(one.result().status_code for one in asked)
    assert statuses == [200, 400, 400, 400]
    assert len(erp.listed("/invoices")) == 1


def test_several_lines_of_one_product_are_taken_from_in_turn(stocked: ErpShop) -> None:
    order_id = approved_order(stocked, 2, 3)
    deliver(stocked, order_id, 2, "1")
    deliver(stocked, order_id, 3, "2")
    invoice_id = invoice(stocked, order_id, 4)
    told = stocked.got(f"/invoices/{invoice_id}")
    assert [item["quantity"] for item in told["items"]] == [2, 2]
    assert told["totalAmount"] == 480
    ids = [item["id"] for item in told["items"]]
    assert ids == [f"{invoice_id}:1", f"{invoice_id}:2"]


def test_figures_follow_the_rounding_of_the_document(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked, 3)
    invoice_id = invoice(stocked, order_id, 3, price=33.3333, rate=7.7)
    told = stocked.got(f"/invoices/{invoice_id}")
    # 3 × 33.3333 = 99.9999 → 100.00; 7.7 % of it is 7.70.
    assert (told["netAmount"], told["taxAmount"], told["totalAmount"]) == (100, 7.7, 107.7)
    assert told["items"][0]["unitPrice"] == 33.3333
    assert told["items"][0]["taxRate"] == 7.7


def test_an_untouched_invoice_is_written_anew_and_keeps_its_number(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked)
    invoice_id = invoice(stocked, order_id, 2)
    number = stocked.got(f"/invoices/{invoice_id}")["invoiceNo"]
    anew = {"items": invoicing(order_id, 5, 80, 10)["items"], "dueDate": "2030-01-01"}
    stocked.done("PUT", f"/invoices/{invoice_id}", anew)
    told = stocked.got(f"/invoices/{invoice_id}")
    assert (told["invoiceNo"], told["dueDate"]) == (number, "2030-01-01")
    assert (told["netAmount"], told["taxAmount"], told["totalAmount"]) == (400, 40, 440)
    assert line_of(stocked, order_id).invoiced == 5
    more = {"items": invoicing(order_id, 6)["items"]}
    assert "Only 5 of Lamp" in stocked.refused("PUT", f"/invoices/{invoice_id}", more)


def test_a_paid_invoice_only_gets_another_last_day(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked)
    invoice_id = invoice(stocked, order_id, 2)
    stocked.done("POST", f"/invoices/{invoice_id}/receive", {**PAID, "amount": 40})
    same = {"dueDate": "2030-02-02", "items": invoicing(order_id, 2)["items"]}
    stocked.done("PUT", f"/invoices/{invoice_id}", same)
    assert stocked.got(f"/invoices/{invoice_id}")["dueDate"] == "2030-02-02"
    other = {"items": invoicing(order_id, 1)["items"]}
    stocked.refused("PUT", f"/invoices/{invoice_id}", other)
    stocked.refused("DELETE", f"/invoices/{invoice_id}")
    early = {"dueDate": "2020-01-01"}
    assert "is before" in stocked.refused("PUT", f"/invoices/{invoice_id}", early)
    stocked.done("POST", f"/invoices/{invoice_id}/receive", {**PAID, "amount": 200})
    late = {"dueDate": "2031-01-01"}
    assert "is settled" in stocked.refused("PUT", f"/invoices/{invoice_id}", late)


def test_a_deleted_invoice_lets_the_goods_be_invoiced_again(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked)
    before = progress(stocked, order_id)
    invoice_id = invoice(stocked, order_id, 5)
    number = stocked.got(f"/invoices/{invoice_id}")["invoiceNo"]
    stocked.done("DELETE", f"/invoices/{invoice_id}")
    assert progress(stocked, order_id) == before
    stocked.refused("GET", f"/invoices/{invoice_id}", code=404)
    again = invoice(stocked, order_id, 5)
    assert stocked.got(f"/invoices/{again}")["invoiceNo"] > number


def test_what_was_credited_is_in_the_balance(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked)
    invoice_id = invoice(stocked, order_id, 5)
    take_back(stocked, order_id, 1)
    told = stocked.got(f"/invoices/{invoice_id}")
    assert (told["totalAmount"], told["paidAmount"], told["balanceAmount"]) == (600, 0, 480)
    assert told["status"] == "partially_paid"
    stocked.refused("DELETE", f"/invoices/{invoice_id}")


@pytest.mark.parametrize(
    "method",
    ["bank_transfer", "cash", "card", "credit_card", "mobile", "wechat", "alipay", "check"],
)
def test_money_comes_in_many_ways(stocked: ErpShop, method: str) -> None:
    invoice_id = invoice(stocked, delivered_order(stocked, 1), 1)
    body = {"amount": 120, "paymentMethod": method, "receiveDate": "2026-06-02", "remarks": "x"}
    stocked.done("POST", f"/invoices/{invoice_id}/receive", body)
    assert stocked.got(f"/invoices/{invoice_id}")["status"] == "fully_paid"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"amount": 0},
        {"amount": -1},
        {"amount": "120"},
        {"amount": 0.001},
        {"amount": 1, "paymentMethod": "shells"},
        {"amount": 1, "paymentMethod": "gift_card"},
        {"amount": 1, "receiveDate": "2020-01-01"},
        {"amount": 1, "receiveDate": "9999-12-31"},
        {"amount": 1, "receiveDate": "0000-12-31"},
        {"amount": 1, "remarks": "x" * 501},
        {"amount": 10**14},
    ],
    ids=str,
)
def test_money_that_cannot_be_is_refused(stocked: ErpShop, body: dict[str, Any]) -> None:
    [invoice_id] = stocked.listed("/invoices", pageSize=1)
    told = stocked.got(f"/invoices/{invoice_id}")
    stocked.refused("POST", f"/invoices/{invoice_id}/receive", body)
    assert stocked.got(f"/invoices/{invoice_id}") == told


@pytest.mark.parametrize(
    "item",
    [
        {"quantity": 0},
        {"quantity": -1},
        {"quantity": 0.5},
        {"quantity": "1"},
        {"quantity": None},
        {"unitPrice": -1},
        {"unitPrice": 10**12},
        {"unitPrice": 1.0000001},
        {"taxRate": -1},
        {"taxRate": 101},
        {"taxRate": "13"},
        {"productId": "nothing"},
        {"productId": 1},
    ],
    ids=str,
)
def test_lines_that_cannot_be_are_refused(stocked: ErpShop, item: dict[str, Any]) -> None:
    order_id = delivered_order(stocked, 1)
    before = progress(stocked, order_id)
    body = invoicing(order_id, 1)
    body["items"][0].update(item)
    stocked.refused("POST", "/invoices", body)
    assert progress(stocked, order_id) == before


def test_numbers_that_are_none_are_refused(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked, 1)
    for price in ("NaN", "1e400", "-Infinity", "1e-400"):
        items = f'[{{"productId": "prod-001", "quantity": 1, "unitPrice": {price}}}]'
        raw = f'{{"orderId": "{order_id}", "items": {items}}}'
        answer = stocked.client.post("/api/v1/sales/invoices", content=raw.encode())
        assert answer.status_code == 400, answer.text
    raw = raw.replace("1e-400", "-0")
    answer = stocked.client.post("/api/v1/sales/invoices", content=raw.encode())
    assert answer.status_code == 200, answer.text
    assert stocked.got(f"/invoices/{answer.json()['data']['id']}")["totalAmount"] == 0


def test_prices_above_the_orders_are_within_the_credit_or_approved(stocked: ErpShop) -> None:
    who = stocked.done("POST", "/customers", {"name": "Alder Ltd", "creditLimit": 650})["id"]
    order_id = approved_order(stocked, 5, customerId=who)
    deliver(stocked, order_id, 5)
    dear = invoicing(order_id, 5, price=200)
    before = progress(stocked, order_id)
    assert "650" in stocked.refused("POST", "/invoices", dear)
    assert progress(stocked, order_id) == before
    invoice(stocked, order_id, 1)  # 120 instead of 100: more, and within the limit
    approver = with_rights(stocked, Right.READ, Right.WRITE, Right.APPROVE)
    approver.done("POST", "/invoices", invoicing(order_id, 4, price=200))
    assert "approval_given" in stocked.shop.told()


def test_the_customer_must_be_the_orders(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked, 1)
    body = invoicing(order_id, 1)
    stocked.refused("POST", "/invoices", {**body, "customerId": "nobody"}, code=404)
    other = stocked.done("POST", "/customers", {"name": "Alder Ltd"})["id"]
    said = stocked.refused("POST", "/invoices", {**body, "customerId": other})
    assert "is an order of Rye & Sons" in said
    stocked.done("POST", "/invoices", {**body, "customerId": "customer-001"})


def test_dates_are_the_shops_unless_given(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked, 2)
    told = stocked.got(f"/invoices/{invoice(stocked, order_id, 1)}")
    assert told["invoiceDate"] == "2026-06-01"
    assert told["dueDate"] == (NOW.date() + timedelta(days=30)).isoformat()
    body = invoicing(order_id, 1) | {"invoiceDate": "2026-07-01", "dueDate": "2026-06-30"}
    assert "is before" in stocked.refused("POST", "/invoices", body)
    dated = stocked.done("POST", "/invoices", body | {"dueDate": "2026-07-31"})
    assert dated["invoiceNo"].startswith("INV202607")


def test_lists_filter_by_everything_that_the_document_names(stocked: ErpShop) -> None:
    first, second = delivered_order(stocked), delivered_order(stocked)
    one, two, three = (
        stocked.done("POST", "/invoices", invoicing(order_id, 1) | {"invoiceDate": day})["id"]
        for order_id, day in (
            (first, "2032-01-01"),
            (first, "2032-01-02"),
            (second, "2032-01-03"),
        )
    )
    stocked.done("POST", f"/invoices/{two}/receive", {"amount": 20, "receiveDate": "2032-01-05"})
    stocked.done("POST", f"/invoices/{three}/receive", {"amount": 120, "receiveDate": "2032-01-05"})
    span = {"invoiceDateStart": "2032-01-01", "invoiceDateEnd": "2032-01-03"}
    told = stocked.got(f"/invoices/{one}")
    assert stocked.listed("/invoices", **span) == [one, two, three]
    assert stocked.listed("/invoices", **span, page=2, pageSize=1) == [two]
    assert stocked.listed("/invoices", **span, status="unpaid") == [one]
    assert stocked.listed("/invoices", **span, status="partially_paid") == [two]
    assert stocked.listed("/invoices", **span, status="fully_paid") == [three]
    assert stocked.listed("/invoices", **span, orderId=first) == [one, two]
    assert stocked.listed("/invoices", **span, orderNo=told["orderNo"]) == [one, two]
    assert stocked.listed("/invoices", invoiceNo=told["invoiceNo"]) == [one]
    assert stocked.listed("/invoices", **span, customerId="customer-001") == [one, two, three]
    assert stocked.listed("/invoices", **span, customerName="SONS") == [one, two, three]
    assert stocked.listed("/invoices", **span, customerName="_") == []
    assert stocked.ask("GET", "/invoices", status="draft").status_code == 400
    row = stocked.got("/invoices", invoiceNo=told["invoiceNo"])["list"][0]
    assert row == {name: told[name] for name in row}


def test_another_company_sees_and_touches_nothing(stocked: ErpShop) -> None:
    order_id = delivered_order(stocked)
    invoice_id = invoice(stocked, order_id, 1)
    theirs = other_company(stocked)
    assert theirs.listed("/invoices") == []
    theirs.refused("POST", "/invoices", invoicing(order_id, 1), code=404)
    for method, path, body in (
        ("GET", "", None),
        ("PUT", "", {"dueDate": "2030-01-01"}),
        ("DELETE", "", None),
        ("POST", "/receive", {"amount": 1}),
    ):
        theirs.refused(method, f"/invoices/{invoice_id}{path}", body, code=404)
    assert stocked.got(f"/invoices/{invoice_id}")["paidAmount"] == 0
    reader = with_rights(stocked, Right.READ)
    reader.refused("POST", f"/invoices/{invoice_id}/receive", {"amount": 1}, code=403)
    assert Decimal(str(reader.got(f"/invoices/{invoice_id}")["balanceAmount"])) == 120

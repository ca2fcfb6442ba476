"""What goes around the ERP sales module: its envelope, what is not built, and bodies of no use."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from pos_app.domain.order import Order
from tests.server.apis.erp_offices import (
    LOGIN,
    SALES,
    ErpShop,
)

ORDER = {
    "customerId": "customer-001",
    "items": [{"productId": "prod-001", "quantity": 1, "unitPrice": 5}],
}
HOSTILE = (
    "' OR 1=1 --",
    '"; DROP TABLE listed; --',
    "{{7*7}} ${7*7} <script>alert(1)</script>",
    "../../../etc/passwd",
    "a\r\nX-Injected: 1",
    "\u202e\u0338 null \ufeff",
    "=cmd|'/C calc'!A0",
    "😀" * 60,
)


@pytest.fixture(scope="module")
def shop(shared_erp: ErpShop) -> Iterator[ErpShop]:
    return shared_erp


def refusal(answer: httpx2.Response, code: int) -> str:
    """Check that an answer is a refusal in the published shape, and return its sentence."""
    told = answer.json()
    assert (answer.status_code, told["code"]) == (code, code), answer.text
    assert set(told) == {"code", "message", "data"}
    assert told["data"] is None
    assert told["message"]
    return str(told["message"])


def sent(shop: ErpShop, text: str | bytes, path: str = "/orders") -> httpx2.Response:
    headers = {"Content-Type": "application/json"}
    return shop.client.post(SALES + path, content=text, headers=headers)


@pytest.mark.parametrize(
    "path", ["", "/", "/leads", "/orders/", "/orders/x/y", "/opportunities/1", "/orders/x/ship"]
)
def test_what_no_document_names_is_not_built(shop: ErpShop, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert "not built" in refusal(shop.ask(method, path), 501)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/orders/x"),
        ("DELETE", "/orders"),
        ("PUT", "/customers"),
        ("GET", "/orders/x/approve"),
        ("POST", "/quotations/x"),
    ],
)
def test_a_method_that_no_document_names_is_not_built(
    shop: ErpShop, method: str, path: str
) -> None:
    assert "not built" in refusal(shop.ask(method, path), 501)


def test_signing_in_has_the_envelope_too(shop: ErpShop) -> None:
    with shop.shop.served.client() as client:
        refusal(client.get(LOGIN), 501)
        refusal(client.post("/api/v1/auth/logout"), 501)
        refusal(client.post(LOGIN, content=b"{"), 400)


def test_other_rooms_keep_their_own_shape(shop: ErpShop) -> None:
    with shop.shop.served.client() as client:
        assert set(client.get("/office/v1/me").json()) == {"code", "message", "request_id"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '"order"',
        "NaN",
        "{" * 50_000,
        '{"items":' + "[" * 50_000,
        '{"customerId":"customer-001","items":[{"productId":"prod-001","quantity":NaN}]}',
        '{"customerId":"customer-001","items":[{"productId":"prod-001","quantity":Infinity}]}',
        '{"customerId":"customer-001","items":[{"productId":"prod-001","quantity":-Infinity}]}',
        '{"customerId":"customer-001","items":[{"productId":"prod-001","quantity":1e400}]}',
        '{"customerId":"customer-001","items":[{"productId":"prod-001","quantity":1e-400}]}',
        '{"customerId":"customer-001","items":[{"productId":"prod-001","quantity":-0}]}',
        '{"customerId":"customer-001","items":[{"productId":"prod-001","quantity":-0.0}]}',
        '{"customerId":"customer-001","items":[{"productId":"prod-001","quantity":'
        + "9" * 5000
        + "}]}",
        '{"customerId":"customer-001","items":[{"productId":"prod-001","quantity":"1"}]}',
        '{"customerId":"customer-001","items":[{"productId":"prod-001","quantity":true}]}',
        '{"customerId":"customer-001","items":[{"productId":"prod-001","quantity":null}]}',
        '{"customerId":"customer-001","items":[{"productId":7,"quantity":1}]}',
        '{"customerId":"customer-001","items":[{"quantity":1}]}',
        '{"customerId":"customer-001","items":[null]}',
        '{"customerId":"customer-001","items":{"0":{"productId":"prod-001","quantity":1}}}',
        '{"customerId":["customer-001"],"items":[]}',
        '{"customerId":"\\ud800","items":[{"productId":"prod-001","quantity":1}]}',
        '{"customerId":"a\\u0000","items":[{"productId":"prod-001","quantity":1}]}',
    ],
)
def test_a_body_of_no_use_is_refused_and_nothing_is_kept(shop: ErpShop, text: str) -> None:
    told = shop.shop.told()
    refusal(sent(shop, text), 400)
    assert shop.shop.told() == told


def test_bytes_that_are_no_text_are_refused(shop: ErpShop) -> None:
    refusal(sent(shop, b'{"customerId":"\xff\xfe"}'), 400)


@pytest.mark.parametrize(
    "day", ["0000-01-01", "0001-01-01", "9999-12-31", "2026-02-29", "20260601", "", 0, 1e9, True]
)
@pytest.mark.parametrize("name", ["orderDate", "deliveryDate"])
def test_a_day_that_cannot_be_is_refused(shop: ErpShop, name: str, day: Any) -> None:
    refusal(shop.ask("POST", "/orders", {**ORDER, name: day}), 400)


def test_fields_that_nobody_knows_are_let_pass_unread(shop: ErpShop) -> None:
    item = {**ORDER["items"][0], "amount": 999_999, "id": "mine", "deliveredQuantity": 5}
    body = {**ORDER, "items": [item], "id": "mine", "status": "approved", "totalAmount": -1}
    made = shop.done("POST", "/orders", body)
    shown = shop.got(f"/orders/{made['id']}")
    assert made["id"] != "mine"
    assert (shown["status"], shown["totalAmount"]) == ("draft", 5)
    assert shown["items"][0]["deliveredQuantity"] == 0


def test_a_price_of_minus_zero_is_zero_and_large_figures_are_written_plainly(
    shop: ErpShop,
) -> None:
    text = (
        '{"customerId":"customer-001","items":['
        '{"productId":"prod-001","quantity":1E+3,"unitPrice":-0.00},'
        '{"productId":"prod-001","quantity":2.000,"unitPrice":10.500000}]}'
    )
    made = sent(shop, text).json()["data"]["id"]
    with shop.shop.desk() as desk:
        lines = [line.line for line in desk.get(Order, made).lines]
    figures = [(str(line.quantity), str(line.unit_price)) for line in lines]
    assert figures == [("1000", "0"), ("2", "10.5")]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_are_kept_as_they_are_or_refused(shop: ErpShop, hostile: str) -> None:
    body = dict.fromkeys(("contact", "phone", "taxNo", "category", "remarks"), hostile)
    answer = shop.ask("POST", "/customers", {"name": hostile, **body})
    if answer.status_code == 400:  # control characters have no place in a name
        assert "\r" in hostile or "\u202e" in hostile
        return
    shown = shop.got(f"/customers/{answer.json()['data']['id']}")
    assert {name: shown[name] for name in body} == body
    assert shown["name"] == hostile
    assert shop.listed("/customers", name=hostile[:200], pageSize=500) == [shown["id"]]
    order = shop.make_order(customerId=shown["id"], remarks=hostile, paymentTerms=hostile)
    assert shop.got(f"/orders/{order}")["remarks"] == hostile
    refusal(shop.ask("GET", "/orders/" + quote(hostile, safe="")), 501 if "/" in hostile else 404)


def test_a_body_of_ten_megabytes_is_refused(shop: ErpShop) -> None:
    text = json.dumps({**ORDER, "remarks": "x" * 10_000_000})
    try:
        answer = sent(shop, text)
    except httpx2.HTTPError:
        return  # head office hung up before all was sent
    refusal(answer, 413)


def test_without_a_content_type_a_body_is_read_all_the_same(shop: ErpShop) -> None:
    answer = shop.client.post(SALES + "/orders", content=json.dumps(ORDER).encode())
    assert answer.status_code == 200


def test_the_description_tells_the_truth_about_every_call(shop: ErpShop) -> None:
    described = shop.shop.served.app.openapi()
    calls = {
        (method.upper(), path): call
        for path, methods in described["paths"].items()
        if path.startswith((f"{SALES}/customers", f"{SALES}/quotations", f"{SALES}/orders"))
        for method, call in methods.items()
    }
    assert len(calls) == 6 + 7 + 8
    for (method, path), call in calls.items():
        assert "422" not in call["responses"], path
        assert {"200", "400", "401", "403", "500"} <= set(call["responses"]), path
        assert ("404" in call["responses"]) == ("{id}" in path or method == "POST") or path == (
            f"{SALES}/customers"
        )
        assert call["security"] == [{"erp": []}]
        if method == "GET":
            assert call["responses"]["200"]["content"]["application/json"]["example"]
        if "requestBody" in call:
            named = call["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            shape = described["components"]["schemas"][named.rpartition("/")[2]]
            assert shape["examples"], path
    scheme = described["components"]["securitySchemes"]["erp"]
    assert (scheme["scheme"], scheme["bearerFormat"]) == ("bearer", "JWT")
    names = {one["name"] for one in calls["GET", f"{SALES}/orders"]["parameters"]}
    assert names == {
        "page",
        "pageSize",
        "orderNo",
        "customerId",
        "customerName",
        "status",
        "createDateStart",
        "createDateEnd",
        "deliveryDateStart",
        "deliveryDateEnd",
        "totalAmountStart",
        "totalAmountEnd",
    }

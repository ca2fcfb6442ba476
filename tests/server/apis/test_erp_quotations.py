"""Quotations of the ERP sales module: every state, what is allowed in it and what is not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from tests.server.apis.erp_offices import (
    ErpShop,
)
from tests.server.offices import NOW

APPROVE, REJECT = {"approved": True, "remarks": "yes"}, {"approved": False, "remarks": "no"}
ITEM = {"productId": "prod-001", "quantity": 3, "unitPrice": 99.95, "remark": "wrapped"}
CALLS: dict[str, tuple[str, str, Any]] = {
    "change": ("PUT", "", {"remarks": "anew"}),
    "delete": ("DELETE", "", None),
    "approve": ("POST", "/approve", APPROVE),
    "reject": ("POST", "/approve", REJECT),
    "order": ("POST", "/generate-order", {}),
}
# What may be done in which state; the rest is refused.
ALLOWED = {
    "draft": {"change", "delete", "approve", "reject"},
    "approved": {"order"},
    "rejected": set(),
    "expired": set(),
    "ordered": set(),
}


@pytest.fixture
def shop(shared_erp: ErpShop) -> Iterator[ErpShop]:
    yield shared_erp
    if shared_erp.clock.now != NOW:
        shared_erp.at(NOW)


def in_state(shop: ErpShop, state: str) -> str:
    """Return a quotation that was brought into a state."""
    quotation = shop.make_quotation(expiryDate="2026-06-10")
    path = f"/quotations/{quotation}"
    if state in {"approved", "ordered"}:
        shop.done("POST", f"{path}/approve", APPROVE)
    if state == "ordered":
        shop.done("POST", f"{path}/generate-order", {})
    if state == "rejected":
        shop.done("POST", f"{path}/approve", REJECT)
    if state == "expired":
        shop.at(NOW + timedelta(days=10))
    return quotation


def test_a_quotation_shows_what_was_said_and_what_it_comes_to(
    erp: ErpShop,
) -> None:
    body = {
        "customerId": "customer-001",
        "quotationDate": "2026-05-30",
        "expiryDate": "2026-06-30",
        "paymentTerms": "30 days",
        "shippingTerms": "we pay",
        "remarks": "cheaper by the dozen",
        "items": [ITEM, {"productId": "prod-002", "quantity": 1, "unitPrice": 0}],
    }
    made = erp.done("POST", "/quotations", body)
    assert made["quotationNo"] == "QT2026050001"
    shown = erp.got(f"/quotations/{made['id']}")
    lines = shown.pop("items")
    assert shown == {
        **made,
        "customerId": "customer-001",
        "customerName": "Rye & Sons",
        "contact": "",
        "phone": "",
        "address": "Rye",
        "quotationDate": "2026-05-30",
        "expiryDate": "2026-06-30",
        "paymentTerms": "30 days",
        "shippingTerms": "we pay",
        "remarks": "cheaper by the dozen",
        "totalAmount": 299.85,
        "status": "draft",
        "createdBy": "erp key",
        "createdAt": "2026-06-01T08:00:00Z",
        "updatedBy": "erp key",
        "updatedAt": "2026-06-01T08:00:00Z",
    }
    assert lines == [
        {
            "id": f"{made['id']}:1",
            "productId": "prod-001",
            "productCode": "PROD001",
            "productName": "Lamp",
            "specification": "",
            "unit": "piece",
            "quantity": 3,
            "unitPrice": 99.95,
            "amount": 299.85,
            "remark": "wrapped",
        },
        {
            "id": f"{made['id']}:2",
            "productId": "prod-002",
            "productCode": "PROD002",
            "productName": "Ribbon",
            "specification": "",
            "unit": "piece",
            "quantity": 1,
            "unitPrice": 0,
            "amount": 0,
            "remark": "",
        },
    ]


def test_what_is_left_out_is_as_the_shop_usually_does_it(shop: ErpShop) -> None:
    body = {"customerId": "customer-001", "items": [{"productId": "prod-001", "quantity": 2}]}
    shown = shop.got(f"/quotations/{shop.done('POST', '/quotations', body)['id']}")
    assert (shown["quotationDate"], shown["expiryDate"]) == ("2026-06-01", "2026-07-01")
    with shop.shop.desk() as desk:
        assert shown["items"][0]["unitPrice"] == float(desk.product("prod-001").price or 0)


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("call", CALLS)
def test_in_each_state_only_what_it_allows_can_be_done(
    shop: ErpShop, state: str, call: str
) -> None:
    quotation = in_state(shop, state)
    before, told = shop.got(f"/quotations/{quotation}"), shop.shop.told()
    assert before["status"] == ("approved" if state == "ordered" else state)
    method, path, body = CALLS[call]
    if call in ALLOWED[state]:
        shop.done(method, f"/quotations/{quotation}{path}", body)
        assert shop.shop.told() != told
        return
    sentence = shop.refused(method, f"/quotations/{quotation}{path}", body)
    assert before["quotationNo"] in sentence
    assert shop.got(f"/quotations/{quotation}") == before
    assert shop.shop.told() == told


def test_a_change_leaves_what_it_does_not_name_and_a_line_its_id(shop: ErpShop) -> None:
    quotation = shop.make_quotation(remarks="first", paymentTerms="now")
    before = shop.got(f"/quotations/{quotation}")
    shop.at(NOW + timedelta(hours=1))
    items = [{"productId": "prod-002", "quantity": 1, "unitPrice": 2}, {**ITEM, "quantity": 4}]
    shop.done("PUT", f"/quotations/{quotation}", {"expiryDate": "2026-07-15", "items": items})
    after = shop.got(f"/quotations/{quotation}")
    assert [line["id"] for line in after["items"]] == [f"{quotation}:2", f"{quotation}:1"]
    assert after.pop("items") != before.pop("items")
    assert after == {
        **before,
        "expiryDate": "2026-07-15",
        "totalAmount": 401.8,
        "updatedAt": "2026-06-01T09:00:00Z",
    }


def test_a_whole_quotation_sent_back_changes_nothing_but_its_date(shop: ErpShop) -> None:
    quotation = shop.make_quotation(remarks="first")
    before = shop.got(f"/quotations/{quotation}")
    shop.done("PUT", f"/quotations/{quotation}", before)
    assert shop.got(f"/quotations/{quotation}") == before


def test_a_quotation_becomes_one_order_with_its_lines_and_prices(shop: ErpShop) -> None:
    quotation = in_state(shop, "approved")
    days = {"orderDate": "2026-06-10", "deliveryDate": "2026-06-20"}
    made = shop.done("POST", f"/quotations/{quotation}/generate-order", days)
    assert made["orderNo"].startswith("SO202606")
    ordered, quoted = shop.got(f"/orders/{made['orderId']}"), shop.got(f"/quotations/{quotation}")
    assert (ordered["orderDate"], ordered["deliveryDate"]) == ("2026-06-10", "2026-06-20")
    assert (ordered["status"], ordered["totalAmount"]) == ("draft", quoted["totalAmount"])
    assert ordered["items"][0]["unitPrice"] == quoted["items"][0]["unitPrice"]
    shop.at(NOW + timedelta(days=300))
    assert shop.got(f"/quotations/{quotation}")["status"] == "approved"  # it was used in time


def test_a_deleted_order_sets_its_quotation_free(shop: ErpShop) -> None:
    quotation = in_state(shop, "approved")
    path = f"/quotations/{quotation}/generate-order"
    order = shop.done("POST", path, {})["orderId"]
    assert "already" in shop.refused("POST", path, {})
    shop.done("DELETE", f"/orders/{order}")
    assert shop.done("POST", path, {})["orderId"] != order


def test_a_deleted_quotation_is_gone(shop: ErpShop) -> None:
    quotation = shop.make_quotation()
    shop.done("DELETE", f"/quotations/{quotation}")
    for method, path, body in CALLS.values():
        assert shop.refused(method, f"/quotations/{quotation}{path}", body, code=404)
    assert shop.refused("GET", f"/quotations/{quotation}", code=404)
    assert quotation not in shop.listed("/quotations", pageSize=500)


def test_its_last_day_still_counts_and_the_next_does_not(shop: ErpShop) -> None:
    quotation = shop.make_quotation(expiryDate="2026-06-10")
    shop.at(NOW + timedelta(days=9))
    assert shop.got(f"/quotations/{quotation}")["status"] == "draft"
    shop.done("POST", f"/quotations/{quotation}/approve", APPROVE)
    shop.at(NOW + timedelta(days=10))
    assert shop.got(f"/quotations/{quotation}")["status"] == "expired"
    assert "2026-06-10" in shop.refused("POST", f"/quotations/{quotation}/generate-order", {})


def test_a_quotation_past_its_date_is_listed_as_expired_and_as_nothing_else(
    shop: ErpShop,
) -> None:
    late = {
        "draft": shop.make_quotation(expiryDate="2026-06-10"),
        "approved": in_state(shop, "approved"),
        "rejected": in_state(shop, "rejected"),
        "ordered": in_state(shop, "ordered"),
    }
    fresh = shop.make_quotation(expiryDate="2026-12-31")
    shop.at(NOW + timedelta(days=10))
    states = ("draft", "submitted", "approved", "rejected", "expired")
    found = {one: set(shop.listed("/quotations", status=one, pageSize=500)) for one in states}
    assert {late["draft"], late["approved"]} <= found["expired"]
    assert late["rejected"] in found["rejected"]
    assert late["ordered"] in found["approved"]
    assert fresh in found["draft"]
    everything = shop.listed("/quotations", pageSize=500)
    assert sum(len(one) for one in found.values()) == len(everything)
    assert set().union(*found.values()) == set(everything)


@pytest.mark.parametrize("call", ["approve", "order"])
def test_two_who_do_the_same_at_once_do_it_once(
    erp: ErpShop,
    call: str,
) -> None:
    for _ in range(4):
        quotation = in_state(erp, "draft" if call == "approve" else "approved")
        method, path, body = CALLS[call]
        with ThreadPoolExecutor(3) as threads:
            answers = list(
                threads.map(
                    lambda _n: erp.ask(method, f"/quotations/{quotation}{path}", body),  # noqa: B023
                    range(3),
                )
            )
        assert sorted(answer.status_code for answer in answers) == [200, 400, 400]
    orders = erp.got("/orders")["total"]
    assert orders == (4 if call == "order" else 0)


@pytest.mark.parametrize(
    ("change", "about"),
    [
        ({"customerId": "nobody"}, "nobody"),
        ({"items": [{"productId": "nothing", "quantity": 1}]}, "nothing"),
    ],
)
def test_who_or_what_is_unknown_is_404(shop: ErpShop, change: Any, about: str) -> None:
    body = {"customerId": "customer-001", "items": [ITEM], **change}
    told = shop.shop.told()
    assert about in shop.refused("POST", "/quotations", body, code=404)
    assert shop.shop.told() == told


@pytest.mark.parametrize(
    "change",
    [
        {"items": []},
        {"items": None},
        {"items": [{**ITEM, "quantity": 0}]},
        {"items": [{**ITEM, "quantity": -1}]},
        {"items": [{**ITEM, "quantity": 1.5}]},  # pieces
        {"items": [{**ITEM, "quantity": 1_000_000}]},
        {"items": [{**ITEM, "unitPrice": -0.01}]},
        {"items": [{**ITEM, "unitPrice": 1.0000001}]},
        {"items": [{**ITEM, "unitPrice": 100_000_000}]},
        {"items": [{**ITEM, "quantity": 999_999, "unitPrice": 99_999_999}] * 11},
        {"items": [{**ITEM, "remark": "x" * 2001}]},
        {"items": [ITEM] * 5001},
        {"quotationDate": "2026-06-30", "expiryDate": "2026-06-29"},
        {"quotationDate": "1969-12-31"},
        {"quotationDate": "9999-12-31", "expiryDate": "9999-12-31"},
        {"customerId": ""},
        {"remarks": "x" * 2001},
    ],
)
def test_a_quotation_that_cannot_be_is_refused_and_takes_no_number(
    shop: ErpShop, change: Any
) -> None:
    body = {"customerId": "customer-001", "items": [ITEM], **change}
    code = 404 if change == {"customerId": ""} else 400
    assert shop.refused("POST", "/quotations", body, code=code)
    quotation = shop.make_quotation()
    before = shop.got(f"/quotations/{quotation}")
    if change != {"items": None} and code == 400:
        assert shop.refused("PUT", f"/quotations/{quotation}", change)
    assert shop.got(f"/quotations/{quotation}") == before

"""Lists of the ERP sales module: every filter, pages while others write, and no other's rows."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from pos_app.server.database import Office
from tests.server.apis.erp_offices import (
    ErpShop,
    erp_served,
    other_company,
)
from tests.server.offices import NOW

KINDS = ("customers", "quotations", "orders")


@pytest.fixture(scope="module")
def shop(shared_erp: ErpShop) -> Iterator[ErpShop]:
    """A company with three customers, and an order and a quotation of each on a day of its own."""
    for number, name in enumerate(("Ärmel AG", "Bolt 100% Ltd", "bolt_works"), 1):
        shared_erp.done(
            "POST",
            "/customers",
            {
                "name": name,
                "contact": f"Contact {number}",
                "phone": f"0{number}00-555",
                "category": "trade" if number < 3 else "private",
                "region": f"r{number}",
            },
        )
    rows = shared_erp.got("/customers")["list"][1:]
    for number, row in enumerate(rows, 1):
        shared_erp.at(NOW + timedelta(days=number))
        day = f"2026-0{6 + number}-15"
        items = [{"productId": "prod-002", "quantity": number, "unitPrice": 100.5}]
        body = {"customerId": row["id"], "items": items}
        shared_erp.done("POST", "/orders", {**body, "deliveryDate": day})
        shared_erp.done("POST", "/quotations", {**body, "expiryDate": day})
    first = shared_erp.listed("/orders")[0]
    shared_erp.done("POST", f"/orders/{first}/approve", {"approved": True})
    shared_erp.done("DELETE", f"/customers/{rows[2]['id']}")
    return shared_erp


def names(shop: ErpShop, path: str, **query: Any) -> list[str]:
    """Return the customers of a list by their first letter."""
    name = "name" if path == "/customers" else "customerName"
    return [str(row[name])[0] for row in shop.got(path, **query)["list"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "RÄBb"),
        ({"customerNo": "CUS002"}, "Ä"),
        ({"customerNo": "cus00"}, "RÄBb"),
        ({"customerNo": "002"}, ""),
        ({"customerNo": "CUS%"}, ""),
        ({"name": "bolt"}, "Bb"),
        ({"name": "100%"}, "B"),
        ({"name": "t_w"}, "b"),
        ({"name": "_"}, "b"),
        ({"name": "' OR 1=1 --"}, ""),
        ({"contact": "contact 1"}, "Ä"),
        ({"phone": "00-5"}, "ÄBb"),
        ({"phone": "0300"}, "b"),
        ({"status": "active"}, "RÄB"),
        ({"status": "inactive"}, "b"),
        ({"category": "trade"}, "ÄB"),
        ({"category": "trad"}, ""),
        ({"region": "r3"}, "b"),
        ({"name": "bolt", "region": "r2", "status": "active"}, "B"),
        ({"name": "", "status": "", "category": "", "customerNo": ""}, "RÄBb"),
        ({"unknown": "x"}, "RÄBb"),
    ],
)
def test_customers_are_found_by_each_filter(
    shop: ErpShop, query: dict[str, str], found: str
) -> None:
    assert "".join(names(shop, "/customers", **query)) == found


@pytest.mark.parametrize("path", ["/orders", "/quotations"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "ÄBb"),
        ({"customerName": "BOLT"}, "Bb"),
        ({"customerName": "100%"}, "B"),
        ({"createDateStart": "2026-06-03"}, "Bb"),
        ({"createDateEnd": "2026-06-03"}, "ÄB"),
        ({"createDateStart": "2026-06-03", "createDateEnd": "2026-06-03"}, "B"),
        ({"createDateStart": "2026-06-05"}, ""),
        ({"createDateStart": "0001-01-01", "createDateEnd": "9999-12-31"}, "ÄBb"),
        ({"createDateStart": "9999-12-31"}, ""),
        ({"createDateEnd": "0001-01-01"}, ""),
        ({"createDateStart": "", "customerName": "", "status": "", "customerId": ""}, "ÄBb"),
    ],
)
def test_documents_are_found_by_the_filters_of_both(
    shop: ErpShop, path: str, query: dict[str, str], found: str
) -> None:
    assert "".join(names(shop, path, **query)) == found


@pytest.mark.parametrize(
    ("path", "start", "end"),
    [
        ("/orders", "deliveryDateStart", "deliveryDateEnd"),
        ("/quotations", "expiryDateStart", "expiryDateEnd"),
    ],
)
def test_documents_are_found_by_their_last_day(
    shop: ErpShop, path: str, start: str, end: str
) -> None:
    assert names(shop, path, **{start: "2026-08-15"}) == ["B", "b"]
    assert names(shop, path, **{start: "2026-08-16"}) == ["b"]
    assert names(shop, path, **{end: "2026-08-15"}) == ["Ä", "B"]
    assert names(shop, path, **{start: "2026-08-15", end: "2026-08-15"}) == ["B"]
    assert names(shop, path, **{start: "2026-09-15", end: "2026-07-15"}) == []


def test_names_are_found_whatever_their_capitals(sqlite_office: Office, company_id: str) -> None:
    """On PostgreSQL the database's own locale says what is a capital; that of the tests is C."""
    with erp_served(sqlite_office, company_id) as erp:
        found = erp.done("POST", "/customers", {"name": "Ärmel ŽIŽKA Ωmega"})["id"]
        for part in ("ärmel", "ÄRMEL", "žižka", "ωMEGA", "L Žižka ω"):
            assert erp.listed("/customers", name=part) == [found], part


def test_an_order_without_a_delivery_date_is_in_no_range_of_them(
    erp: ErpShop,
) -> None:
    order = erp.make_order()
    assert erp.listed("/orders") == [order]
    assert erp.listed("/orders", deliveryDateEnd="9999-12-31") == []
    assert erp.listed("/orders", deliveryDateStart="0001-01-01") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"totalAmountStart": "100.5"}, "ÄBb"),
        ({"totalAmountStart": "100.51"}, "Bb"),
        ({"totalAmountEnd": "201"}, "ÄB"),
        ({"totalAmountEnd": "200.999"}, "Ä"),
        ({"totalAmountStart": "201", "totalAmountEnd": "201.0"}, "B"),
        ({"totalAmountStart": "-5"}, "ÄBb"),
        ({"totalAmountStart": "1e3"}, ""),
        ({"totalAmountStart": "-0"}, "ÄBb"),
        ({"totalAmountStart": "", "totalAmountEnd": ""}, "ÄBb"),
        ({"status": "approved"}, "Ä"),
        ({"status": "draft"}, "Bb"),
        ({"status": "cancelled"}, ""),
        ({"status": "partially_delivered"}, ""),
        ({"status": "fully_delivered"}, ""),
        ({"orderNo": "SO202606"}, "ÄBb"),
        ({"orderNo": "so2026060002"}, "B"),
        ({"orderNo": "2026060002"}, ""),
    ],
)
def test_orders_are_found_by_their_own_filters(
    shop: ErpShop, query: dict[str, str], found: str
) -> None:
    assert "".join(names(shop, "/orders", **query)) == found


def test_quotations_are_found_by_number_and_status(shop: ErpShop) -> None:
    assert names(shop, "/quotations", quotationNo="QT2026060003") == ["b"]
    assert names(shop, "/quotations", status="draft") == ["Ä", "B", "b"]
    assert names(shop, "/quotations", status="submitted") == []
    customer = shop.got("/customers", customerNo="CUS003")["list"][0]["id"]
    assert names(shop, "/quotations", customerId=customer) == ["B"]
    assert names(shop, "/orders", customerId=customer) == ["B"]
    assert names(shop, "/orders", customerId=customer[:8]) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"},
        {"page": "-1"},
        {"page": "1.5"},
        {"page": "x"},
        {"page": "1000001"},
        {"page": "9" * 400},
        {"pageSize": "0"},
        {"pageSize": "501"},
        {"pageSize": "1e2"},
        {"pageSize": "NaN"},
        {"status": "everything"},
        {"status": "deleted"},
    ],
)
def test_a_page_or_status_that_cannot_be_is_refused(
    shop: ErpShop, kind: str, query: dict[str, str]
) -> None:
    answer = shop.ask("GET", f"/{kind}", **query)
    told = answer.json()
    assert (answer.status_code, told["code"], told["data"]) == (400, 400, None)
    assert next(iter(query)) in told["message"]


@pytest.mark.parametrize(
    "query",
    [
        {"createDateStart": "0000-01-01"},
        {"createDateStart": "2026-02-30"},
        {"createDateEnd": "2026-6-1"},
        {"createDateEnd": "20260601"},
        {"deliveryDateStart": "yesterday"},
        {"deliveryDateEnd": "2026-06-01T00:00:00Z"},
        {"totalAmountStart": "NaN"},
        {"totalAmountStart": "Infinity"},
        {"totalAmountEnd": "1e400"},
        {"totalAmountEnd": "ten"},
        {"totalAmountEnd": "1_000"},
        {"customerName": "x" * 201},
        {"customerName": "a\u0000b"},
    ],
)
def test_a_filter_that_cannot_be_is_refused(shop: ErpShop, query: dict[str, str]) -> None:
    answer = shop.ask("GET", "/orders", **query)
    assert (answer.status_code, answer.json()["code"]) == (400, 400), answer.text


def test_pages_have_the_asked_size_and_tell_the_total(shop: ErpShop) -> None:
    first = shop.got("/customers", page=1, pageSize=3)
    second = shop.got("/customers", page=2, pageSize=3)
    beyond = shop.got("/customers", page=1_000_000, pageSize=500)
    assert (len(first["list"]), len(second["list"]), beyond["list"]) == (3, 1, [])
    for found, number, size in ((first, 1, 3), (second, 2, 3), (beyond, 1_000_000, 500)):
        assert (found["total"], found["page"], found["pageSize"]) == (4, number, size)
    usual = shop.got("/customers")
    assert (usual["page"], usual["pageSize"], len(usual["list"])) == (1, 10, 4)


def test_pages_are_whole_while_others_write(erp: ErpShop) -> None:
    for number in range(25):
        erp.done("POST", "/customers", {"name": f"There from the start {number}"})
    before = erp.listed("/customers", pageSize=500)
    stop, faults = threading.Event(), []

    def write() -> None:
        try:
            with erp.shop.served.client() as client:
                client.headers["Authorization"] = erp.client.headers["Authorization"]
                number = 0
                while not stop.is_set() and number < 200:
                    number += 1
                    body = {"name": f"New {number}", "remarks": "x"}
                    answer = client.post("/api/v1/sales/customers", json=body)
                    assert answer.status_code == 200, answer.text
                    change = {"phone": str(number)}
                    path = f"/api/v1/sales/customers/{before[number % len(before)]}"
                    assert client.put(path, json=change).status_code == 200
        except AssertionError as fault:
            faults.append(fault)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            seen: list[str] = []
            number, total = 1, 1
            while len(seen) < total and number < 100:
                found = erp.got("/customers", page=number, pageSize=7)
                seen += [row["id"] for row in found["list"]]
                total, number = found["total"], number + 1
            assert len(set(seen)) == len(seen)  # nobody twice
            assert set(before) <= set(seen)  # nobody left out
            assert seen[: len(before)] == before
    finally:
        stop.set()
        writer.join(60)
    assert not faults


def test_another_companys_things_are_not_there(
    erp: ErpShop,
) -> None:
    mine = {
        "customers": erp.done("POST", "/customers", {"name": "Secret Friend"})["id"],
        "quotations": erp.make_quotation(),
        "orders": erp.make_order(),
    }
    other = other_company(erp)
    assert other.got("/orders")["total"] == other.got("/quotations")["total"] == 0
    assert [row["name"] for row in other.got("/customers")["list"]] == ["Rye & Sons"]
    before, told = [erp.got(f"/{kind}/{mine[kind]}") for kind in KINDS], erp.shop.told()
    body = {"customerId": mine["customers"], "items": [{"productId": "prod-001", "quantity": 1}]}
    delivery = {"items": [{"orderItemId": "1", "quantity": 1}]}
    for method, path, sent in (
        *[("GET", f"/{kind}/{mine[kind]}", None) for kind in KINDS],
        *[("PUT", f"/{kind}/{mine[kind]}", {"remarks": "taken"}) for kind in KINDS],
        *[("DELETE", f"/{kind}/{mine[kind]}", None) for kind in KINDS],
        ("POST", "/orders", body),
        ("POST", "/quotations", body),
        ("POST", f"/orders/{mine['orders']}/approve", {"approved": True}),
        ("POST", f"/orders/{mine['orders']}/cancel", {"reason": "x"}),
        ("POST", f"/orders/{mine['orders']}/generate-delivery", delivery),
        ("POST", f"/quotations/{mine['quotations']}/approve", {"approved": True}),
        ("POST", f"/quotations/{mine['quotations']}/generate-order", {}),
        (
            "POST",
            f"/customers/{mine['customers']}/credit-evaluate",
            {"creditScore": 1, "riskLevel": "low"},
        ),
    ):
        sentence = other.refused(method, path, sent, code=404)
        assert "Secret Friend" not in sentence
    assert [erp.got(f"/{kind}/{mine[kind]}") for kind in KINDS] == before
    assert erp.shop.told() == told

"""Customers of the ERP sales module: made, changed by field, put away, judged as debtors."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from pos_app.domain.credit import CreditTerms, Risk
from pos_app.domain.customer_merge import CustomerMerge
from pos_app.domain.facts import FactKind, record_changed
from pos_app.domain.plain import from_plain, to_plain
from pos_app.server.api_keys import Right
from pos_app.server.tables import things
from tests.server.apis.erp_offices import (
    ErpShop,
    with_rights,
)
from tests.server.offices import NOW

WHOLE = {
    "name": "Pell & Daughters",
    "contact": "Ann Pell",
    "phone": "0151 496 0000",
    "email": "ann@pell.example",
    "address": "Quay 4",
    "taxNo": "GB 123",
    "bankName": "Harbour Bank",
    "bankAccount": "12-34-56 0001",
    "category": "wholesale",
    "region": "north",
    "creditLimit": 1234.5,
    "creditDays": 14,
    "remarks": "rings twice",
}


@pytest.fixture(scope="module")
def shop(shared_erp: ErpShop) -> Iterator[ErpShop]:
    return shared_erp


def made(shop: ErpShop, **body: Any) -> str:
    return str(shop.done("POST", "/customers", {"name": "Somebody", **body})["id"])


def test_what_was_said_of_a_customer_is_shown(erp: ErpShop) -> None:
    answer = erp.done("POST", "/customers", WHOLE)
    assert answer["customerNo"] == "CUS002"  # the first one was there
    shown = erp.got(f"/customers/{answer['id']}")
    assert shown == {
        **WHOLE,
        **answer,
        "status": "active",
        "createdBy": "erp key",
        "createdAt": "2026-06-01T08:00:00Z",
        "updatedBy": "erp key",
        "updatedAt": "2026-06-01T08:00:00Z",
    }
    assert "customer_saved" in erp.shop.told()
    assert "credit_terms_saved" in erp.shop.told()


def test_a_change_leaves_what_it_does_not_name(shop: ErpShop) -> None:
    customer = made(shop, **WHOLE)
    before = shop.got(f"/customers/{customer}")
    change = {"name": "Pell Ltd", "phone": "", "creditLimit": 5000, "creditDays": None}
    assert shop.done("PUT", f"/customers/{customer}", change) is None
    assert shop.got(f"/customers/{customer}") == {**before, **change}


def test_nothing_named_changes_nothing_and_tells_nothing(shop: ErpShop) -> None:
    customer = made(shop, **WHOLE)
    before, told = shop.got(f"/customers/{customer}"), shop.shop.told()
    shop.done("PUT", f"/customers/{customer}", {})
    shop.done("PUT", f"/customers/{customer}", before)
    assert shop.got(f"/customers/{customer}") == before
    assert shop.shop.told() == told


def test_without_a_limit_a_customer_shows_none(shop: ErpShop) -> None:
    shown = shop.got(f"/customers/{made(shop)}")
    assert (shown["creditLimit"], shown["creditDays"]) == (None, None)
    customer = made(shop, creditLimit=0, creditDays=0)
    shown = shop.got(f"/customers/{customer}")
    assert (shown["creditLimit"], shown["creditDays"]) == (0, 0)


def test_an_address_in_parts_is_shown_in_one_and_kept_in_parts_until_it_is_said_anew(
    shop: ErpShop,
) -> None:
    customer = made(shop)
    with shop.shop.desk() as desk:
        kept = desk.customer(customer)
        desk.save_customer(replace(kept, address="Quay 4", postcode="L1", city="Port"))
    shown = shop.got(f"/customers/{customer}")
    assert shown["address"] == "Quay 4, L1 Port"
    shop.done("PUT", f"/customers/{customer}", {"address": shown["address"], "phone": "1"})
    with shop.shop.desk() as desk:
        assert (desk.customer(customer).address, desk.customer(customer).city) == ("Quay 4", "Port")
    shop.done("PUT", f"/customers/{customer}", {"address": "Mill 9, Hull"})
    with shop.shop.desk() as desk:
        assert (desk.customer(customer).address, desk.customer(customer).city) == (
            "Mill 9, Hull",
            "",
        )


def test_a_deleted_customer_is_inactive_and_gets_no_new_documents(shop: ErpShop) -> None:
    customer = made(shop, name="Leaving Soon")
    order = shop.make_order(customerId=customer)
    assert shop.done("DELETE", f"/customers/{customer}") is None
    assert shop.got(f"/customers/{customer}")["status"] == "inactive"
    for kind in ("orders", "quotations"):
        body = {"customerId": customer, "items": [{"productId": "prod-001", "quantity": 1}]}
        assert "Leaving Soon" in shop.refused("POST", f"/{kind}", body)
    assert shop.got(f"/orders/{order}")["customerName"] == "Leaving Soon"
    shop.done("DELETE", f"/customers/{customer}")  # again: as it is
    shop.done("PUT", f"/customers/{customer}", {"status": "active"})
    assert shop.make_order(customerId=customer)


def test_a_merged_customers_documents_are_for_who_stayed(shop: ErpShop) -> None:
    gone, stayed = made(shop, name="Old record"), made(shop, name="New record")
    with shop.shop.desk() as desk:
        merge = CustomerMerge(gone, stayed, "CUS9", "Old record", "", "1", NOW)
        found = {"code": None, "place": f"{stayed} {gone}", "is_open": False}
        fact = FactKind.CUSTOMERS_MERGED
        desk.tell(record_changed(fact, "customer_merge", gone, to_plain(merge), found))
    order = shop.make_order(customerId=gone)
    assert shop.got(f"/orders/{order}")["customerId"] == stayed


@pytest.mark.parametrize(
    ("body", "about"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"name": None}, "name"),
        ({"name": 5}, "name"),
        ({"name": "x" * 201}, "200"),
        ({"name": "a\u0000b"}, "name"),
        ({"name": "A", "email": "no address"}, "e-mail"),
        ({"name": "A", "creditLimit": -1}, "credit limit"),
        ({"name": "A", "creditLimit": 1.005}, "places"),
        ({"name": "A", "creditLimit": "200000"}, "creditLimit"),
        ({"name": "A", "creditLimit": True}, "creditLimit"),
        ({"name": "A", "creditDays": -1}, "days"),
        ({"name": "A", "creditDays": 3651}, "days"),
        ({"name": "A", "creditDays": 1.5}, "whole"),
        ({"name": "A", "status": "deleted"}, "status"),
        ({"name": "A", "remarks": "x" * 501}, "500"),
        ([], "body"),
        ("name", "body"),
    ],
)
def test_a_customer_that_cannot_be_is_refused_with_a_sentence(
    shop: ErpShop, body: Any, about: str
) -> None:
    assert about in shop.refused("POST", "/customers", body)


def test_an_unknown_customer_is_404_everywhere(shop: ErpShop) -> None:
    for unknown in ("nobody", "%00", "x" * 199, "..", "' OR 1=1 --"):
        path = f"/customers/{unknown}" if unknown != ".." else "/customers/%2E%2E"
        assert shop.refused("GET", path, code=400 if unknown == "%00" else 404)
    assert shop.refused("PUT", "/customers/nobody", {"name": "A"}, code=404)
    assert shop.refused("DELETE", "/customers/nobody", code=404)
    evaluation = {"creditScore": 1, "riskLevel": "low"}
    assert shop.refused("POST", "/customers/nobody/credit-evaluate", evaluation, code=404)


def evaluations(shop: ErpShop, customer: str) -> CreditTerms:
    with shop.shop.served.office.company(shop.shop.company_id) as connection:
        state = connection.execute(
            select(things.c.state).where(
                things.c.company_id == shop.shop.company_id,
                things.c.kind == "credit_terms",
                things.c.id == customer,
            )
        ).scalar_one()
    return from_plain(CreditTerms, json.loads(state)["state"])


def test_an_evaluation_is_kept_with_the_customer_and_the_latest_day_counts(shop: ErpShop) -> None:
    customer = made(shop, creditLimit=10)
    said = {"evaluationDate": "2026-05-01", "creditScore": 90, "riskLevel": "low"}
    path = f"/customers/{customer}/credit-evaluate"
    assert shop.done("POST", path, {**said, "remarks": "fine"}) is None
    shop.done("POST", path, {"creditScore": 20, "riskLevel": "high"})  # today
    shop.done("POST", path, {**said, "evaluationDate": "2026-04-01", "creditScore": 50})
    terms = evaluations(shop, customer)
    assert [one.score for one in terms.evaluations] == [20, 90, 50]
    assert terms.latest is not None
    assert terms.latest.risk is Risk.HIGH
    assert terms.credit_limit is not None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"creditScore": 101, "riskLevel": "low"},
        {"creditScore": -1, "riskLevel": "low"},
        {"creditScore": 90.5, "riskLevel": "low"},
        {"creditScore": "90", "riskLevel": "low"},
        {"creditScore": 90, "riskLevel": "none"},
        {"creditScore": 90},
        {"creditScore": 90, "riskLevel": "low", "evaluationDate": "2026-06-02"},  # tomorrow
        {"creditScore": 90, "riskLevel": "low", "evaluationDate": "0000-01-01"},
        {"creditScore": 90, "riskLevel": "low", "evaluationDate": "9999-12-31"},
        {"creditScore": 90, "riskLevel": "low", "evaluationDate": "2023-02-30"},
        {"creditScore": 90, "riskLevel": "low", "evaluationDate": "1.6.2023"},
        {"creditScore": 90, "riskLevel": "low", "evaluationDate": 20230601},
        {"creditScore": 90, "riskLevel": "low", "remarks": "x" * 501},
    ],
)
def test_an_evaluation_that_cannot_be_is_refused(shop: ErpShop, body: Any) -> None:
    assert shop.refused("POST", "/customers/customer-001/credit-evaluate", body)


def test_who_only_reads_changes_nothing(shop: ErpShop) -> None:
    reader, before = with_rights(shop, Right.READ), shop.shop.told()
    for method, path, body in (
        ("POST", "/customers", {"name": "A"}),
        ("PUT", "/customers/customer-001", {"name": "A"}),
        ("DELETE", "/customers/customer-001", None),
        (
            "POST",
            "/customers/customer-001/credit-evaluate",
            {"creditScore": 1, "riskLevel": "low"},
        ),
    ):
        assert reader.refused(method, path, body, code=403)
    assert reader.got("/customers/customer-001")
    assert shop.shop.told() == before


def test_numbers_count_on_and_leave_out_what_is_taken(shop: ErpShop) -> None:
    last = int(shop.done("POST", "/customers", {"name": "A"})["customerNo"][3:])
    with shop.shop.desk() as desk:
        desk.save_customer(replace(desk.customer("customer-001"), number=f"CUS{last + 1:03}"))
    following = shop.done("POST", "/customers", {"name": "B"})["customerNo"]
    assert following == f"CUS{last + 2:03}"

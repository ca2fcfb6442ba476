"""The Sales API over HTTP: published shapes, orders that must be good, invoices made once."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from pos_app.domain.credit import CreditTerms
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice, InvoiceCredit, with_state
from pos_app.domain.money import Money
from pos_app.domain.order import InvoiceBasis
from pos_app.server.api_keys import Api, Right, list_keys, revoke_key
from pos_app.server.database import Office
from pos_app.server.office_invoices import delete_invoice, invoice_order
from tests.server.apis.api_shops import ApiShop, key_of, second_company, shop_served
from tests.server.apis.transcripts import differences, transcript
from tests.server.offices import Template, sqlite_copy

ORDERS, CUSTOMERS, INVOICES = (f"/api/sales/{name}" for name in ("orders", "customers", "invoices"))


def wanted(quantity: Any = 2, price: Any = 9.99, **changes: Any) -> dict[str, Any]:
    item = {"product_id": "prod-001", "quantity": quantity, "unit_price": price}
    return {"customer_id": "customer-001", "items": [item | changes]}


@pytest.fixture
def shop(office: Office, company_id: str) -> Iterator[ApiShop]:
    with shop_served(office, company_id, Api.SALES) as served:
        yield served


@pytest.fixture(scope="module")
def kept_shop(
    sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ApiShop]:
    """One shop for all tests that leave each other alone."""
    with (
        sqlite_copy(sqlite_template, tmp_path_factory) as office,
        shop_served(office, sqlite_template.founded.company_id, Api.SALES) as served,
    ):
        yield served


def ordered(shop: ApiShop, **changes: Any) -> dict[str, Any]:
    answer = shop.client.post(ORDERS, json=wanted(**changes))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_an_order_is_made_listed_and_invoiced_once(shop: ApiShop) -> None:
    order = ordered(shop, quantity=3, price=9.995)
    assert differences(transcript("sales_api", "create-order")["response"], order) == []
    assert (order["status"], order["total_amount"]) == ("approved", 29.99)
    listed = shop.client.get(ORDERS).json()
    assert differences(transcript("sales_api", "list-orders")["response"], listed) == []
    assert listed == {"items": [order], "total": 1, "page": 1, "size": 20}

    first = shop.client.post(INVOICES, json={"order_id": order["id"]})
    again = shop.client.post(INVOICES, json={"order_id": order["id"]})
    assert (first.status_code, again.status_code) == (201, 200)
    invoice = first.json()
    assert again.json() == invoice == shop.client.get(f"{INVOICES}/{invoice['id']}").json()
    assert invoice["order_id"] == order["id"]
    assert (invoice["net_amount"], invoice["tax_amount"]) == (24.99, 5)
    assert (invoice["total_amount"], invoice["status"]) == (29.99, "unpaid")
    assert shop.told()[-4:] == ["order_saved", "order_saved", "order_saved", "invoice_issued"]


def test_of_two_at_once_one_makes_the_invoice_and_both_get_it(shop: ApiShop) -> None:
    order = ordered(shop)
    with ThreadPoolExecutor(2) as pool:
        body = {"order_id": order["id"]}
        answers = list(pool.map(lambda _: shop.client.post(INVOICES, json=body), range(2)))
    assert sorted(one.status_code for one in answers) == [200, 201]
    assert answers[0].json() == answers[1].json()


def test_a_customer_is_made_with_an_address_and_listed(kept_shop: ApiShop) -> None:
    body = transcript("sales_api", "create-customer")["request"]
    assert body["email"] == "string"  # no address: shown here again, and never written to
    literal = kept_shop.client.post(CUSTOMERS, json=body)
    assert literal.status_code == 201
    assert {name: literal.json()[name] for name in body} == body
    bare = kept_shop.client.post(CUSTOMERS, json={"name": "Only a name", "email": None})
    nowhere = dict.fromkeys(body["address"], "")
    assert bare.json() == {
        "id": bare.json()["id"],
        "name": "Only a name",
        "email": "",
        "phone": "",
        "address": nowhere,
    }
    listed = kept_shop.client.get(CUSTOMERS, params={"size": 500}).json()["items"]
    assert literal.json() in listed
    assert bare.json() in listed
    with kept_shop.desk() as desk:
        assert desk.customer(literal.json()["id"]).email == ""
        assert desk.customer(literal.json()["id"]).number.startswith("CUS")


def test_a_product_may_be_called_by_the_shops_code_and_stays_called_so(kept_shop: ApiShop) -> None:
    order = ordered(kept_shop, product_id="PROD001")
    assert order["items"][0]["product_id"] == "PROD001"
    assert order in kept_shop.client.get(ORDERS, params={"size": 500}).json()["items"]
    invoice = kept_shop.client.post(INVOICES, json={"order_id": order["id"]}).json()
    assert invoice["items"][0]["product_id"] == "PROD001"
    assert kept_shop.client.get(f"{INVOICES}/{invoice['id']}").json() == invoice


def test_the_published_refusals_are_answered_word_for_word(kept_shop: ApiShop) -> None:
    nobody = kept_shop.client.post(ORDERS, json=wanted() | {"customer_id": "nobody"})
    nothing = kept_shop.client.post(INVOICES, json={"order_id": "nothing"})
    literal = transcript("sales_api", "create-order")["request"]
    invalid = kept_shop.client.post(ORDERS, json=literal)  # its "number" is no number
    for answer, name in (
        (nobody, "customer-not-found"),
        (nothing, "order-not-found"),
        (invalid, "invalid-order"),
    ):
        published = transcript("sales_api", name)
        assert (answer.status_code, answer.json()) == (published["status"], published["response"])


BAD_NUMBERS = ("NaN", "Infinity", "1e400", "-1", "-1e400", '"2"', "true", "null", "1e-400",
               "1.0000001", "9" * 5_000, "[]")  # fmt: skip


@pytest.mark.parametrize("figure", ["quantity", "unit_price"])
@pytest.mark.parametrize("number", BAD_NUMBERS)
def test_a_number_that_is_none_makes_no_order(kept_shop: ApiShop, figure: str, number: str) -> None:
    before = kept_shop.client.get(ORDERS).json()["total"]
    body = json.dumps(wanted() | {"note": 0}).replace(
        '"quantity": 2' if figure == "quantity" else '"unit_price": 9.99', f'"{figure}": {number}'
    )
    answer = kept_shop.client.post(ORDERS, content=body)
    assert (answer.status_code, answer.json()) == (400, {"detail": "Invalid order data"})
    assert kept_shop.client.get(ORDERS).json()["total"] == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"customer_id": "customer-001", "items": []}',
        b'{"customer_id": "\\ud800", "items": [{}]}',
        json.dumps(wanted(product_id="nothing")).encode(),
        json.dumps(wanted(product_id="a\0b")).encode(),
        json.dumps(wanted(quantity=1.5)).encode(),  # the lamp is counted in pieces
        json.dumps(wanted(quantity=0)).encode(),
        b'{"a":' * 100_000,
    ],
)
def test_a_body_that_is_no_order_is_invalid(kept_shop: ApiShop, body: bytes) -> None:
    answer = kept_shop.client.post(ORDERS, content=body)
    assert (answer.status_code, answer.json()) == (400, {"detail": "Invalid order data"})


def test_unknown_fields_are_passed_over_and_a_zero_has_no_sign(kept_shop: ApiShop) -> None:
    body = json.dumps(wanted() | {"colour": "red"}).replace("9.99", "-0.0")
    answer = kept_shop.client.post(ORDERS, content=body)
    assert answer.status_code == 201
    assert str(answer.json()["items"][0]["unit_price"]) == "0.0"


def test_no_more_is_ordered_than_the_shop_has(kept_shop: ApiShop) -> None:
    lines = [wanted(quantity=6)["items"][0]] * 2
    answer = kept_shop.client.post(ORDERS, json=wanted() | {"items": lines})
    assert answer.status_code == 400
    assert answer.json() == {"detail": "Only 4 of Lamp are in stock. Order at most that."}
    assert kept_shop.level() == 10


def test_an_order_beyond_the_customers_credit_is_refused(shop: ApiShop) -> None:
    with shop.desk() as desk:
        terms = CreditTerms("customer-001", credit_limit=Money(1000, "EUR"))
        desk.save_terms(terms, FactKind.CREDIT_TERMS_SAVED)
    answer = shop.client.post(ORDERS, json=wanted())
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("This customer may owe 10.00 EUR at most")
    rights = frozenset({Right.READ, Right.WRITE, Right.APPROVE})
    approver = shop.holder(key_of(shop.served.office, shop.company_id, Api.SALES, rights))
    assert approver.post(ORDERS, json=wanted()).status_code == 201
    assert "approval_given" in shop.told()


def test_an_invoice_that_was_cancelled_or_deleted_makes_room_for_another(
    kept_shop: ApiShop,
) -> None:
    order = ordered(kept_shop)
    body = {"order_id": order["id"]}
    first = kept_shop.client.post(INVOICES, json=body).json()
    with kept_shop.desk() as desk:
        delete_invoice(desk, first["id"])
    assert kept_shop.client.get(f"{INVOICES}/{first['id']}").status_code == 404
    second = kept_shop.client.post(INVOICES, json=body)
    assert second.status_code == 201
    assert second.json()["invoice_number"] != first["invoice_number"]
    with kept_shop.desk() as desk:
        standing = desk.get(Invoice, second.json()["id"])
        credit = InvoiceCredit("r", "RTN1", standing.total)
        gone = with_state(replace(standing, credits=(credit,)))
        desk.keep(gone, FactKind.INVOICE_CREDITED, "credit")
    third = kept_shop.client.post(INVOICES, json=body)  # all of it stays billed by the order
    assert (third.status_code, third.json()["id"]) == (200, second.json()["id"])


def test_an_order_that_was_invoiced_in_part_answers_with_that_invoice(kept_shop: ApiShop) -> None:
    order = ordered(kept_shop)
    with kept_shop.desk() as desk:
        part = invoice_order(
            desk, order["id"], basis=InvoiceBasis.ORDERED, quantities={"1": Decimal(1)}
        )
    answer = kept_shop.client.post(INVOICES, json={"order_id": order["id"]})
    assert (answer.status_code, answer.json()["id"]) == (200, part.head.id)


def test_pages_stay_as_they_were_while_others_write(kept_shop: ApiShop) -> None:
    before = kept_shop.client.get(ORDERS, params={"size": 500}).json()["items"]
    made = [ordered(kept_shop, quantity=1)["id"] for _ in range(5)]
    everything = [one["id"] for one in before] + made
    seen: list[str] = []
    for number in range(1, len(everything) // 2 + 2):
        page = kept_shop.client.get(ORDERS, params={"page": number, "size": 2}).json()
        assert (page["page"], page["size"]) == (number, 2)
        seen += [one["id"] for one in page["items"]]
        ordered(kept_shop, quantity=1)  # somebody else
    assert seen[: len(everything)] == everything
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize(
    "query", ["page=0", "size=0", "size=501", "page=x", "page=1e9", f"page={'9' * 30}", "size="]
)
def test_a_page_that_cannot_be_is_refused_in_words(kept_shop: ApiShop, query: str) -> None:
    answer = kept_shop.client.get(f"{ORDERS}?{query}")
    assert (answer.status_code, list(answer.json())) == (400, ["detail"])


@pytest.mark.parametrize("invoice_id", ["nothing", "%00", "x" * 500, "%F0%9F%98%80", "..%2f"])
def test_an_unknown_invoice_is_not_found(kept_shop: ApiShop, invoice_id: str) -> None:
    assert kept_shop.client.get(f"{INVOICES}/{invoice_id}").status_code == 404


def test_only_a_key_of_this_api_opens_it_and_a_revoked_one_no_more(shop: ApiShop) -> None:
    office = shop.served.office
    for key in ("", "no key", key_of(office, shop.company_id, Api.RETAIL)):
        answer = shop.holder(key).get(ORDERS)
        assert (answer.status_code, list(answer.json())) == (401, ["detail"])
        assert answer.headers["www-authenticate"] == "Bearer"
    reader = shop.holder(key_of(office, shop.company_id, Api.SALES, frozenset({Right.READ})))
    assert reader.get(ORDERS).status_code == 200
    assert reader.post(ORDERS, json=wanted()).status_code == 403
    with office.company(shop.company_id) as connection:
        for key in list_keys(connection, shop.company_id):
            revoke_key(connection, shop.company_id, key.id)
    assert shop.client.get(ORDERS).status_code == 401


def test_a_company_sees_and_invoices_only_its_own(shop: ApiShop) -> None:
    theirs = second_company(shop, Api.SALES)
    order = ordered(shop)
    invoice = shop.client.post(INVOICES, json={"order_id": order["id"]}).json()
    customer = shop.client.post(CUSTOMERS, json={"name": "Ours"}).json()
    assert theirs.client.get(ORDERS).json()["total"] == 0
    assert customer not in theirs.client.get(CUSTOMERS).json()["items"]
    answers: list[httpx2.Response] = [
        theirs.client.get(f"{INVOICES}/{invoice['id']}"),
        theirs.client.post(INVOICES, json={"order_id": order["id"]}),
        theirs.client.post(ORDERS, json=wanted() | {"customer_id": customer["id"]}),
    ]
    assert [one.status_code for one in answers] == [404, 404, 404]
    assert shop.level() == theirs.level() == Decimal(10)


def test_the_description_has_an_example_for_every_body_and_answer(kept_shop: ApiShop) -> None:
    described = kept_shop.served.app.openapi()
    shapes = described["components"]["schemas"]
    for path, methods in described["paths"].items():
        for method, route in methods.items():
            if not path.startswith("/api/sales"):
                continue
            success = route["responses"]["200" if method == "get" else "201"]
            bodies = [success, route.get("requestBody")]
            for body in filter(None, bodies):
                ref = body["content"]["application/json"]["schema"]["$ref"]
                assert shapes[ref.rpartition("/")[2]]["examples"], (method, path)
            assert route["security"] == [{"sales": []}]

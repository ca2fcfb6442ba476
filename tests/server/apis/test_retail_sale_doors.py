"""Who comes into the Retail Sale API, what nobody honest sends, and sales of tills in it."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest

from pos_app.domain.payment import TenderMethod
from pos_app.server.api_keys import Api, NewKey, Right, list_keys, make_key, revoke_key
from pos_app.server.app import make_app
from tests.server.apis.feeds import give_back, sell, void
from tests.server.apis.retail_shops import (
    PREFIX,
    RetailShop,
    line,
    one_line,
    sample_sale,
    sentence,
)
from tests.server.offices import NOW, SHOP, enrolled_till
from tests.server.test_hostile_requests import BROKEN, INJECTIONS, ODD_NUMBERS
from tests.server.told_tills import judge_all, push_store
from tests.services.document_office import new_office

# No tax or discount at all, or a fair one; a tax is worked out where its taxes are left out.
HARMLESS = {(name, odd) for name in ("taxAmount", "discount") for odd in ("-0", "-0.0", "0.1")}
PATHS = ("list", "get/1", "search/2026-01-01/2026-12-31", "void/1")
REFUSED = {400, 409}


@dataclass
class Noise:
    """A client that goes on making sales until it is told to stop."""

    retail: RetailShop
    stopped: threading.Event

    def run(self) -> None:
        number = 0
        while not self.stopped.is_set():
            number += 1
            self.retail.create(sample_sale(saleNumber=f"NOISE-{number}"))


@pytest.fixture
def untouched(retail: RetailShop) -> Iterator[None]:
    before = retail.stock()
    yield
    assert (retail.all(), retail.stock()) == ([], before)


def test_nobody_comes_in_without_the_key_and_its_user(retail: RetailShop, untouched: None):
    for key in ("", "nobody's", retail.key + "x", retail.key[:-1], "%00", "ключ"):
        assert "key" in sentence(retail.create(sample_sale(), key), 401)
    for path in PATHS:
        for key in ("nobody's", "%00", "%F0%9F%94%91"):
            assert "key" in sentence(retail.ask(path, key), 401)
        wrong = retail.client.get(f"{PREFIX}/{path}/somebody/{retail.key}")
        assert "key" in sentence(wrong, 401)
    for body in ({}, {"sale": sample_sale()}, [], {"authKey": 1, "userName": None}):
        assert "key" in sentence(retail.client.post(f"{PREFIX}/create", json=body), 401)


def test_a_key_of_another_api_or_one_taken_back_opens_nothing(retail: RetailShop):
    retail.made()
    with retail.served.office.company(retail.company_id) as connection:
        new = NewKey(Api.SALES, SHOP, "shop window")
        other = make_key(connection, retail.company_id, new, "test", NOW).secret
    assert "key" in sentence(retail.ask("list", other), 401)
    with retail.served.office.company(retail.company_id) as connection:
        keys = {key.api: key.id for key in list_keys(connection, retail.company_id)}
        revoke_key(connection, retail.company_id, keys[Api.RETAIL])
    for path in PATHS:
        assert "key" in sentence(retail.ask(path), 401)
    assert "key" in sentence(retail.create(sample_sale(saleNumber="LATE")), 401)


def test_a_key_that_only_reads_changes_nothing(retail: RetailShop):
    sale = retail.made()
    with retail.served.office.company(retail.company_id) as connection:
        new = NewKey(Api.RETAIL, SHOP, "books", frozenset({Right.READ}))
        key = make_key(connection, retail.company_id, new, "test", NOW).secret
    assert retail.ask("list", key).json()["data"] == [sale]
    assert "write" in sentence(retail.create(sample_sale(saleNumber="NEW"), key), 403)
    assert "write" in sentence(retail.ask("void/1", key), 403)
    assert retail.all() == [sale]


def test_a_company_sees_and_voids_its_own_sales_only(retail: RetailShop, other_retail: RetailShop):
    ours = retail.made(notes="ours")
    theirs = other_retail.made(customerName="Somebody of theirs")
    assert (ours["saleId"], theirs["saleId"]) == (1, 1)  # each company counts for itself
    other_retail.made(saleNumber="SECOND")
    sentence(retail.ask("get/2"), 404)
    sentence(retail.ask("void/2"), 404)
    assert retail.void(1) is True
    assert [one["status"] for one in other_retail.all()] == ["COMPLETED", "COMPLETED"]
    assert "theirs" not in retail.ask("list").text
    assert other_retail.ask("list", retail.key).json()["data"] == retail.all()


def test_odd_numbers_are_refused_and_never_a_fault(retail: RetailShop, untouched: None):
    for name in ("quantity", "unitPrice", "subTotal", "taxAmount", "itemId", "stockLocationId"):
        for odd in ODD_NUMBERS:
            if (name, odd) in HARMLESS:
                continue
            body = body_with(retail, one_line(**{name: "ODD"})).replace('"ODD"', odd)
            assert post(retail, body).status_code in REFUSED, (name, odd)
    for name in ("totalAmount", "discount"):
        for odd in ODD_NUMBERS:
            if (name, odd) not in HARMLESS:
                body = body_with(retail, {name: "ODD"}).replace('"ODD"', odd)
                assert post(retail, body).status_code in REFUSED, (name, odd)
    for text in ("NaN", "1e9", "Infinity", "", " ", "1,00", "0x1", "٣", "1" * 30):
        assert retail.create(sample_sale(totalAmount=text)).status_code == 400, text


def test_broken_and_deep_bodies_are_refused(retail: RetailShop, untouched: None):
    for body in ("", "{", "[]", "null", '"sale"', "[" * 100_000, '{"a":' * 100_000, "\ufeff{}"):
        assert post(retail, body).status_code in {400, 401}, body[:20]
    assert post(retail, b"\xff\xfe{}").status_code in {400, 401}
    for broken in BROKEN:
        if broken == "\n":
            continue
        body = body_with(retail, {"saleNumber": broken})
        assert post(retail, body).status_code == 400, ascii(broken)
    for wrong in ({"items": []}, {"items": None}, {"items": [None]}, {"saleNumber": ""},
                  {"paymentMethod": "BARTER"}, {"items": [line(taxes=[{}] * 21)]}):  # fmt: skip
        sentence(retail.create(sample_sale(**wrong)), 400)


def test_a_body_of_ten_megabytes_is_too_large_in_the_published_envelope(
    retail: RetailShop, untouched: None
):
    body = body_with(retail, {"notes": "x" * 10_000_000})
    assert "larger than" in sentence(post(retail, body), 413)


def test_texts_of_any_kind_come_back_as_they_were(retail: RetailShop):
    for number, text in enumerate(INJECTIONS):
        names = dict.fromkeys(("customerName", "customerPhone", "createdBy"), text)
        changes = one_line(f"{number} {text}", itemName=text) | names
        sale = retail.made(**changes)
        assert sale["items"][0]["itemName"] == text
        assert {sale[name] for name in names} == {text}
    assert len(retail.all()) == len(INJECTIONS)


def test_a_void_is_never_made_by_looking_ahead(retail: RetailShop):
    retail.made()
    url = f"{PREFIX}/void/1/admin/{retail.key}"
    for name, value in (("Sec-Purpose", "prefetch;prerender"), ("Purpose", "prefetch")):
        sentence(retail.client.get(url, headers={name: value}), 409)
    assert retail.client.head(url).status_code == 405
    answer = retail.ask("list")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.json()["data"][0]["status"] == "COMPLETED"


def test_lists_are_whole_while_others_sell(retail: RetailShop):
    for number in range(5):
        retail.made(saleNumber=f"OLD-{number}", saleDate=f"2026-02-0{number + 1}T10:00:00Z")
    old = [one["saleId"] for one in retail.all()]
    noise = Noise(retail, threading.Event())
    thread = threading.Thread(target=noise.run)
    thread.start()
    try:
        for _ in range(10):
            ids = [one["saleId"] for one in retail.all()]
            assert len(set(ids)) == len(ids)
            assert ids[-5:] == old
            assert ids == sorted(ids, reverse=True)
    finally:
        noise.stopped.set()
        thread.join(60)


def test_tills_sales_are_shown_too_and_stay_the_tills(retail: RetailShop, tmp_path: Path):
    first_own = retail.made()
    shop = new_office(tmp_path / "till.db")
    try:
        first = sell(shop)
        back = give_back(shop, first)
        undone = sell(shop, percent=10, tender=TenderMethod.ON_ACCOUNT)
        void(shop, undone)
        till = enrolled_till(retail.served.office, retail.company_id, shop.store)
        push_store(retail.served.office, till, shop.store)
        judge_all(retail.served.office, retail.company_id)
    finally:
        shop.store.close()
    shown = {one["saleNumber"]: one for one in retail.all()}
    assert set(shown) == {first_own["saleNumber"], first.number, back.number, undone.number}
    assert shown[undone.number]["status"] == "VOID"
    assert shown[undone.number]["paymentMethod"] == "CREDIT"
    for sale in (first, back, undone):
        one = shown[sale.number]
        assert Decimal(one["totalAmount"]) == sale.net.amount
        assert Decimal(one["totalTaxAmount"]) == sale.tax.amount
        assert one["discount"] == "0.00"
        assert one["customerName"] == ("" if sale.customer is None else sale.customer.name)
        for item in one["items"]:
            worth = Decimal(str(item["quantity"])) * Decimal(item["unitPrice"])
            assert abs(worth - Decimal(item["subTotal"])) < Decimal("0.005")
    assert shown[back.number]["items"][0]["quantity"] == -1
    sale_id = shown[first.number]["saleId"]
    assert retail.ask(f"get/{sale_id}").json()["data"] == shown[first.number]
    assert first.number in sentence(retail.ask(f"void/{sale_id}"), 409)
    assert retail.void(shown[undone.number]["saleId"]) is False
    assert first.number in retail.refused(409, saleNumber=first.number)


def test_the_description_has_the_published_names_and_examples(retail: RetailShop):
    described = make_app(retail.served.office).openapi()
    paths = {path for path in described["paths"] if path.startswith(PREFIX)}
    assert {path.removeprefix(PREFIX + "/").partition("/")[0] for path in paths} == {
        "create",
        "list",
        "get",
        "search",
        "void",
    }
    schemas = described["components"]["schemas"]
    shown = next(one for one in schemas.values() if "saleId" in one.get("properties", ()))
    assert set(shown["properties"]) == set(retail.made())
    assert schemas["CreateSent"]["examples"][0]["sale"]["saleNumber"] == "INV-2026-0042"


def body_with(retail: RetailShop, changes: dict[str, object]) -> str:
    """Return the body of a creation with changes."""
    sale = sample_sale(**changes)
    return json.dumps({"authKey": retail.key, "userName": "admin", "sale": sale})


def post(retail: RetailShop, body: str | bytes) -> httpx2.Response:
    """Send a body as it is."""
    content = body if isinstance(body, bytes) else body.encode()
    headers = {"content-type": "application/json"}
    return retail.client.post(f"{PREFIX}/create", content=content, headers=headers)

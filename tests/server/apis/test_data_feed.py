"""The sales data feed, as a client of the published document reads it, on both databases."""

import re
import threading
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import pytest

from pos_app.server.api_keys import Api, NewKey, make_key, revoke_key
from pos_app.server.database import Office
from pos_app.server.office_feed import feed_documents
from tests.server.apis.feeds import Told, sell, told_shop
from tests.server.offices import NOW, SHOP
from tests.server.paper_tills import new_company
from tests.server.serving import Served, serve
from tests.server.told_tills import judge_all, push_store

HEAD = {
    "currency_rate": float,
    "transaction_gross_value": float,
    "transaction_net_value": float,
    "transaction_tax_value": float,
    "transaction_outstanding_amount": float,
    "transaction_date": str,
    "transaction_due_date": str,
    "transaction_reference": str,
    "transaction_currency": str,
    "transaction_status": str,
    "line_items": list,
}
LINE = {
    "product_name": str,
    "item_category": str,
    "item_type": str,
    "item_quantity": int,
    "item_identifier": str,
    "item_net_unit_sale_value": float,
    "item_net_unit_discount_value": float,
    "item_unit_tax_value": float,
    "item_price_list_reference": str,
    "item_total_net_value": float,
    "item_total_tax_value": float,
    "item_total_gross_value": float,
    "system_id": str,
}


@pytest.fixture(scope="module")
def served(shared_office: Office) -> Iterator[Served]:
    with serve(shared_office, now=lambda: NOW) as running:
        yield running


@pytest.fixture(scope="module")
def told(shared_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    path = tmp_path_factory.mktemp("till") / "shop.db"
    one = told_shop(shared_office, new_company(shared_office), path)
    yield one
    one.shop.store.close()


def ask(served: Served, told: Told, **headers: str) -> httpx2.Response:
    with served.client() as client:
        return client.get(told.path, headers=headers or {"Authorization": told.key.secret})


@pytest.fixture(scope="module")
def feed(served: Served, told: Told) -> dict[str, Any]:
    answer = ask(served, told)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert set(answer.json()) == {"results"}
    return {one["data"]["transaction_reference"]: one["data"] for one in answer.json()["results"]}


def test_every_published_field_is_there_with_its_published_type(feed: dict[str, Any]):
    for sale in feed.values():
        assert {name: type(value) for name, value in sale.items()} == HEAD
        for name in ("transaction_date", "transaction_due_date"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00\.000Z", sale[name])
        assert sale["transaction_currency"] == "EUR"
        assert sale["currency_rate"] == 1.0
        for line in sale["line_items"]:
            assert {name: type(value) for name, value in line.items()} == LINE
            assert (line["item_category"], line["item_type"]) == ("sales-revenue", "goods-service")
            assert str(uuid.UUID(line["system_id"])) == line["system_id"]


def test_gross_is_net_and_tax_and_lines_sum_to_their_sale_to_the_cent(feed: dict[str, Any]):
    for sale in feed.values():
        for kind in ("net", "tax", "gross"):
            sums = sum(cents(line[f"item_total_{kind}_value"]) for line in sale["line_items"])
            assert sums == cents(sale[f"transaction_{kind}_value"])
        net, tax = sale["transaction_net_value"], sale["transaction_tax_value"]
        assert cents(net) + cents(tax) == cents(sale["transaction_gross_value"])
        for line in sale["line_items"]:
            unit, quantity = line["item_net_unit_sale_value"], line["item_quantity"]
            assert abs(unit * quantity - line["item_total_net_value"]) < 0.005


def cents(value: float) -> int:
    return round(Decimal(repr(value)) * 100)


def test_each_business_transaction_is_told_once(feed: dict[str, Any], told: Told):
    receipts = {sale.number: sale for _, sale in told.shop.store.sales.stream()}
    documents = {number for number in feed if number not in receipts}
    assert set(feed) >= set(receipts)
    # One invoice of an order and its credit note; the invoice of a receipt is that receipt.
    assert sorted(number[:3] for number in documents) == ["INV", "RTN"]
    for number, sale in receipts.items():
        shown = feed[number]
        assert cents(shown["transaction_gross_value"]) == sale.gross.minor
        assert cents(shown["transaction_tax_value"]) == sale.tax.minor
        assert len(shown["line_items"]) == len(sale.lines)
        assert shown["transaction_date"] == f"{sale.stamp.business_day}T00:00:00.000Z"
    total = sum(cents(shown["transaction_gross_value"]) for shown in feed.values())
    invoiced = sum(cents(feed[number]["transaction_gross_value"]) for number in documents)
    assert total == sum(sale.gross.minor for sale in receipts.values()) + invoiced


def test_what_came_back_or_was_voided_is_below_zero(feed: dict[str, Any]):
    back, undone, void = feed["1-000003"], feed["1-000004"], feed["1-000005"]
    for name in ("gross", "net", "tax"):
        field = f"transaction_{name}_value"
        assert back[field] < 0
        assert void[field] == -undone[field]
    assert back["line_items"][0]["item_quantity"] == -1
    assert back["line_items"][0]["item_net_unit_sale_value"] > 0
    note = next(sale for number, sale in feed.items() if number.startswith("RTN"))
    assert note["transaction_gross_value"] < 0
    assert note["line_items"][0]["item_quantity"] == -2
    for sale in (back, void, note):
        assert (sale["transaction_status"], sale["transaction_outstanding_amount"]) == ("PAID", 0.0)


def test_what_is_still_owed_is_outstanding_and_unpaid(feed: dict[str, Any], told: Told):
    assert feed["1-000001"]["transaction_outstanding_amount"] == 0.0
    for number in ("1-000006", "1-000007"):  # on account: one with an invoice, one without
        sale = feed[number]
        assert sale["transaction_status"] == "UNPAID"
        assert sale["transaction_outstanding_amount"] == sale["transaction_gross_value"]
    assert feed["1-000006"]["transaction_due_date"] > feed["1-000006"]["transaction_date"]
    invoice = next(sale for number, sale in feed.items() if number.startswith("INV"))
    note = next(sale for number, sale in feed.items() if number.startswith("RTN"))
    left = invoice["transaction_gross_value"] + note["transaction_gross_value"] - 100
    assert cents(invoice["transaction_outstanding_amount"]) == cents(left)
    assert invoice["transaction_status"] == "UNPAID"


def test_a_discount_is_told_for_one_unit_without_tax_and_with_its_reason(feed: dict[str, Any]):
    line = feed["1-000002"]["line_items"][0]
    whole = feed["1-000001"]["line_items"][0]["item_net_unit_sale_value"]
    assert line["item_price_list_reference"] == "Happy hour"
    assert abs(line["item_net_unit_discount_value"] - whole * 0.1) < 0.01
    each = line["item_net_unit_sale_value"] + line["item_net_unit_discount_value"]
    assert abs(each - whole) < 0.01
    assert feed["1-000001"]["line_items"][0]["item_net_unit_discount_value"] == 0.0


def test_an_answer_is_the_same_again_with_the_ids_of_its_lines(
    served: Served, told: Told, feed: dict[str, Any]
):
    first, again = ask(served, told), ask(served, told)
    assert first.content == again.content
    ids = [line["system_id"] for sale in feed.values() for line in sale["line_items"]]
    assert len(set(ids)) == len(ids)
    assert not re.search(rb":-0(\.0)?[,}]", first.content)


@pytest.mark.parametrize("words", ["{key}", "Bearer {key}", "bearer   {key}"])
def test_the_key_comes_with_or_without_a_scheme(served: Served, told: Told, words: str):
    answer = ask(served, told, Authorization=words.format(key=told.key.secret))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "words", ["", "Bearer", "x" * 43, "Basic YWJj", "API_KEY", "Bearer Bearer x"]
)
def test_without_a_good_key_it_says_so(served: Served, told: Told, words: str):
    with served.client() as client:
        answer = client.get(told.path, headers={"Authorization": words} if words else {})
    assert answer.status_code == 401
    refused = answer.json()
    assert set(refused) == {"status", "error", "message"}
    assert refused["status"] == 401


def test_a_key_opens_its_own_connection_alone(served: Served, told: Told, shared_office: Office):
    other = new_company(shared_office)
    company = told.till.company_id
    with shared_office.company(company) as connection:
        second = make_key(connection, company, NewKey(Api.FEED, SHOP, "second"), "test", NOW)
        sales = make_key(connection, company, NewKey(Api.SALES, SHOP, "sales"), "test", NOW)
        gone = make_key(connection, company, NewKey(Api.FEED, SHOP, "gone"), "test", NOW)
        revoke_key(connection, company, gone.key.id)
    key_id, secret = told.key.key.id, told.key.secret
    with served.client() as client:
        for path, key, status in (
            (f"/companies/{company}/connections/{second.key.id}/data/sales", secret, 404),
            (f"/companies/{other}/connections/{key_id}/data/sales", secret, 404),
            (f"/companies/{company.upper()}/connections/{key_id}/data/sales", secret, 404),
            ("/companies/'/connections/%00/data/sales", secret, 404),
            (f"/companies/{company}/connections/{key_id}/data/purchases", secret, 404),
            (told.path, sales.secret, 401),
            (told.path, gone.secret, 401),
            (f"/companies/{company}/connections/{gone.key.id}/data/sales", gone.secret, 401),
        ):
            answer = client.get(path, headers={"Authorization": key})
            assert answer.status_code == status, path
            assert set(answer.json()) == {"status", "error", "message"}
        assert client.post(told.path, headers={"Authorization": secret}).status_code == 405
        empty = f"/companies/{company}/connections/{second.key.id}/data/sales"
        assert client.get(empty, headers={"Authorization": second.secret}).status_code == 200


def test_a_company_without_sales_has_an_empty_list(served: Served, shared_office: Office):
    company = new_company(shared_office)
    with shared_office.company(company) as connection:
        key = make_key(connection, company, NewKey(Api.FEED, SHOP, "books"), "test", NOW)
    path = f"/companies/{company}/connections/{key.key.id}/data/sales"
    with served.client() as client:
        assert client.get(path, headers={"Authorization": key.secret}).json() == {"results": []}


def test_a_reading_sees_one_moment_and_stands_in_nobodys_way(shared_office: Office, tmp_path: Path):
    """While a feed is read page by page, the till goes on selling, and the feed knows it not."""
    company = new_company(shared_office)
    told = told_shop(shared_office, company, tmp_path / "shop.db")
    with shared_office.snapshot(company) as looking:
        documents = feed_documents(looking, company, page_rows=2)
        seen = [next(documents).reference]
        writing = threading.Thread(target=_sell_more, args=(shared_office, told))
        writing.start()
        writing.join(60)
        assert not writing.is_alive(), "the reading stood in the way"
        seen += [document.reference for document in documents]
    assert "1-000008" not in seen
    assert len(seen) == 9
    with shared_office.snapshot(company) as looking:
        again = [one.reference for one in feed_documents(looking, company)]
    assert len(again) == 10
    assert len(set(again)) == 10
    told.shop.store.close()


def _sell_more(office: Office, told: Told) -> None:
    sell(told.shop)
    push_store(office, told.till, told.shop.store)
    judge_all(office, told.till.company_id)

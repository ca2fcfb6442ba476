"""What clients of the other APIs make stands in the sales data feed, each of it once."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.apis.every_route import ROUTES, Pair, pair_served
from tests.server.offices import Template, sqlite_copy

FEED = ROUTES["GET /companies/{company}/connections/{connection}/data/sales"]


@pytest.fixture(scope="module")
def pair(sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with sqlite_copy(sqlite_template, tmp_path_factory) as office, pair_served(office) as served:
        yield served


def feed(pair: Pair) -> dict[str, Any]:
    answer = pair.ask(FEED, pair.ours, "own", pair.ours)
    assert answer.status_code == 200, answer.text
    listed = [one["data"] for one in answer.json()["results"]]
    found = {data["transaction_reference"]: data for data in listed}
    assert len(found) == len(listed), "a document is told twice"
    return found


def erp(pair: Pair, noun: str) -> list[Any]:
    route = ROUTES[f"GET /api/v1/sales/{noun}"]
    listed = pair.ask(route, pair.ours, "own", pair.ours).json()["data"]["list"]
    assert len(listed) < 20
    rows: list[Any] = listed
    return rows


def test_each_sale_invoice_and_credit_note_of_an_api_is_told_once(pair: Pair):
    told = feed(pair)
    invoices = {row["invoiceNo"]: row for row in erp(pair, "invoices")}
    returns = {row["returnNo"] for row in erp(pair, "returns")}
    credited = {number for number in returns if number in told}
    # A client called the retail sale and what Add Sale kept by one number: they are told apart.
    mark = pair.ours.mark
    assert set(told) - returns == {*invoices, f"{mark} (invoice)"}
    assert mark in invoices
    told[mark] = told.pop(f"{mark} (invoice)")
    for number, row in invoices.items():
        assert told[number]["transaction_gross_value"] == row["totalAmount"]
        owed = row["totalAmount"] - row["paidAmount"]
        if not credited:
            assert abs(told[number]["transaction_outstanding_amount"] - owed) < 0.005
    for number in credited:
        assert told[number]["transaction_gross_value"] < 0


def test_a_void_of_the_retail_api_is_a_document_of_the_opposite_value(pair: Pair):
    before = feed(pair)
    void = ROUTES["GET /rest/inventory/sale/void/{saleId}/{userName}/{authKey}"]
    create = ROUTES["POST /rest/inventory/sale/create"]
    again = pair.request(create, pair.ours, "own", pair.ours)
    assert pair.client.send(again).json() == {"data": True}
    sold = feed(pair)
    (number,) = set(sold) - set(before)
    listed = pair.ask(
        ROUTES["GET /rest/inventory/sale/list/{userName}/{authKey}"], pair.ours, "own", pair.ours
    ).json()["data"]
    sale_id = next(one["saleId"] for one in listed if one["saleNumber"] == number)
    request = pair.request(void, pair.ours, "own", pair.ours, saleId=str(sale_id))
    assert pair.client.send(request).json() == {"data": True}
    voided = feed(pair)
    (other,) = set(voided) - set(sold)
    for name in ("gross", "net", "tax"):
        field = f"transaction_{name}_value"
        assert voided[other][field] == -voided[number][field]
        assert voided[number] == sold[number]

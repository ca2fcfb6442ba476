"""The sales data feed as a client reads it: the published sample, and answers that lie."""

import copy
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pos_app.domain.sales_feed import FeedDocument
from pos_app.sync.dialect import (
    Again,
    Carried,
    Credentials,
    Done,
    NoGoodAnswer,
    Refused,
    Reply,
    SignInNeeded,
    Unclear,
)
from pos_app.sync.dialects.data_feed import DataFeed

# As the document prints it, but for the three dots.
SAMPLE = """{
  "results": [
    {
      "data": {
        "currency_rate": 1.0,
        "transaction_gross_value": 3000.0,
        "transaction_net_value": 2800.0,
        "transaction_tax_value": 200.0,
        "transaction_date": "2021-04-05T00:00:00.000Z",
        "transaction_due_date": "2021-05-05T00:00:00.000Z",
        "transaction_reference": "070",
        "transaction_currency": "NZD",
        "transaction_status": "PAID",
        "line_items": [
          {
            "product_name": "Dining Chair",
            "item_category": "sales-revenue",
            "item_type": "goods-service",
            "item_quantity": 10,
            "item_identifier": "Dining Chair 1029",
            "item_net_unit_sale_value": 280.0,
            "item_total_net_value": 2800.0,
            "item_total_tax_value": 200.0,
            "item_total_gross_value": 3000.0,
            "system_id": "5287889d-c45b-4a65-9ef6-68494d4fdeb0"
          }
        ]
      }
    }
  ]
}"""
KEY = Credentials(
    "https://feed.example",
    "abc123",
    company="69894a02-9c03-40ac-a06a-ee6e4b38c6fb",
    connection="52684382-abff-45fa-a3f2-ced175adfe61",
)


def read(body: str | bytes, status: int = 200, **headers: str) -> list[FeedDocument]:
    walk = DataFeed().sales()
    next(walk)
    raw = body.encode() if isinstance(body, str) else body
    try:
        walk.send(Reply(status, headers, raw))
    except StopIteration as end:
        found: list[FeedDocument] = end.value
        return found
    raise AssertionError("it asks again")


def test_the_published_request_is_asked_word_for_word():
    dialect = DataFeed()
    ask = dialect.with_key(next(dialect.sales()), KEY)
    assert (ask.method, ask.body, ask.is_change) == ("GET", None, False)
    assert ask.path == (
        "/companies/69894a02-9c03-40ac-a06a-ee6e4b38c6fb/connections/"
        "52684382-abff-45fa-a3f2-ced175adfe61/data/sales"
    )
    assert dict(ask.headers) == {"Authorization": "abc123"}


def test_ids_of_strange_signs_stay_within_their_place_of_the_path():
    odd = Credentials("https://feed.example", "k", company="../{key}?", connection="a/b c")
    ask = DataFeed().with_key(next(DataFeed().sales()), odd)
    assert ask.path == "/companies/..%2F%7Bkey%7D%3F/connections/a%2Fb%20c/data/sales"


def test_the_published_sample_is_read_exactly():
    (sale,) = read(SAMPLE)
    assert (sale.reference, sale.currency) == ("070", "NZD")
    assert (sale.day, sale.due) == (date(2021, 4, 5), date(2021, 5, 5))
    assert (sale.net, sale.tax, sale.gross) == (Decimal(2800), Decimal(200), Decimal(3000))
    assert sale.outstanding is None
    (line,) = sale.lines
    assert (line.name, line.identifier, line.quantity) == (
        "Dining Chair",
        "Dining Chair 1029",
        Decimal(10),
    )
    assert (line.net, line.tax, line.gross) == (Decimal(2800), Decimal(200), Decimal(3000))


def test_no_cent_is_lost_in_reading():
    body = SAMPLE.replace("3000.0", "9007199254740993.01")
    assert read(body)[0].gross == Decimal("9007199254740993.01")


def sample() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SAMPLE)
    return loaded


def test_what_the_document_leaves_open_may_be_missing_or_more():
    body = sample()
    data = body["results"][0]["data"]
    for name in ("transaction_tax_value", "transaction_due_date", "currency_rate"):
        del data[name]
    data["shop"] = {"anything": [1]}
    (sale,) = read(json.dumps(body))
    assert (sale.tax, sale.due) == (Decimal(200), None)


def broken() -> list[tuple[str, str]]:
    """Return answers of which one field is missing or of the wrong kind."""
    found = []
    for name in (
        *("transaction_gross_value", "transaction_net_value", "transaction_reference"),
        *("transaction_date", "transaction_currency", "line_items"),
    ):
        for value in (None, [], {}, True, "much", float("nan")):
            body = sample()
            body["results"][0]["data"][name] = value
            if not (name == "transaction_reference" and isinstance(value, str)) and not (
                name == "line_items" and value == []
            ):
                found.append((f"{name} {value}", json.dumps(body)))
        body = sample()
        del body["results"][0]["data"][name]
        found.append((f"{name} left out", json.dumps(body)))
    for name in ("item_quantity", "item_total_net_value", "item_identifier", "product_name"):
        for value in (None, [], True):
            body = copy.deepcopy(sample())
            body["results"][0]["data"]["line_items"][0][name] = value
            found.append((f"{name} {value}", json.dumps(body)))
    return found


@pytest.mark.parametrize(("what", "body"), broken(), ids=lambda value: str(value)[:40])
def test_an_answer_that_lies_about_its_shape_is_no_good_answer(what: str, body: str):
    with pytest.raises(NoGoodAnswer) as refused:
        read(body)
    assert isinstance(refused.value.verdict, Unclear), what


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><body>Sign in to the network</body></html>",
        "null",
        "[]",
        "{}",
        '{"results": null}',
        '{"results": {}}',
        '{"results": [1]}',
        '{"results": [{}]}',
        '{"results": [{"data": []}]}',
        "[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_something_else_than_a_feed_is_no_good_answer(body: str | bytes):
    with pytest.raises(NoGoodAnswer):
        read(body)


def test_a_feed_that_was_cut_anywhere_is_no_good_answer():
    for length in range(0, len(SAMPLE) - 1, 7):
        with pytest.raises(NoGoodAnswer):
            read(SAMPLE[:length])


def test_numbers_and_dates_beyond_all_measure_are_no_good_answer():
    for old, new in (
        ("3000.0", "1e999999999999999999"),
        ("2021-04-05T00:00:00.000Z", "0000-00-00T00:00:00.000Z"),
        ("2021-04-05T00:00:00.000Z", "9999-12-31T23:59:59-23:00"),
        ("2021-04-05T00:00:00.000Z", "yesterday"),
    ):
        with pytest.raises(NoGoodAnswer):
            read(SAMPLE.replace(old, new))


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (401, SignInNeeded),
        (403, SignInNeeded),
        (404, Refused),
        (429, Again),
        (500, Unclear),
        (302, Unclear),
        (204, Unclear),
    ],
)
def test_a_refusal_says_what_to_do(status: int, verdict: type):
    with pytest.raises(NoGoodAnswer) as refused:
        read(SAMPLE, status)
    assert isinstance(refused.value.verdict, verdict)


def test_nothing_is_ever_sent_and_the_test_of_a_connection_reads():
    dialect = DataFeed()
    known: Any = None
    assert {one.kind for one in dialect.abilities(known)} == set(Carried)
    assert not any(one.carries for one in dialect.abilities(known))
    assert dialect.steps(known, known) == ()
    (probe,) = dialect.probes(known)
    assert isinstance(probe.judge(Reply(200, {}, SAMPLE.encode())), Done)
    assert isinstance(probe.judge(Reply(200, {}, b"{}")), Unclear)
    assert isinstance(probe.judge(Reply(401, {}, b"{}")), SignInNeeded)

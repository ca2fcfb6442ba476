"""The Sales API as published: what is asked has its shapes, and what it answers is understood."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from pos_app.domain.customer import Customer
from pos_app.sync.dialect import (
    Again,
    Carried,
    Credentials,
    Done,
    NoGoodAnswer,
    Outgoing,
    Refused,
    Reply,
    SignInNeeded,
    Unclear,
    Verdict,
)
from pos_app.sync.dialects.sales_api import SalesApi
from pos_app.sync.dialects.sales_api_replies import find_order
from tests.store.shops import START
from tests.sync.dialects.telling import SAMPLES, KnownHere, walked

RYE = Customer(
    "c1", "1001", "Rye & Sons", "111", "rye@example.org", address="1 Quay", city="Cork",
    postcode="T12", country="IE",
)  # fmt: skip
DIALECT = SalesApi()


def sample(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SAMPLES / "sales_api" / f"{name}.json").read_text("utf-8"))
    return read


def shape(body: Any) -> Any:
    """Names and kinds of a body's values, as the document writes them."""
    if isinstance(body, Mapping):
        return {name: shape(value) for name, value in body.items()}
    if isinstance(body, list):
        return [shape(one) for one in body[:1]]
    if body in {"string", "number"}:
        return body
    return "string" if isinstance(body, str) else "number"


def reply(status: int, body: Any) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, {}, raw)


def customer_step() -> Any:
    thing = Outgoing(Carried.CUSTOMER, RYE.id, RYE.number, START, RYE, "save")
    (step,) = DIALECT.steps(thing, KnownHere(DIALECT))
    return step


def judged(answer: Reply) -> Verdict:
    verdict: Verdict = customer_step().judge(answer, KnownHere(DIALECT))
    return verdict


def test_a_customer_is_asked_for_as_published() -> None:
    published = sample("create-customer")
    ask = customer_step().request(KnownHere(DIALECT))
    assert (ask.method, ask.path) == (published["method"], published["path"])
    assert shape(ask.body) == published["request"]
    assert ask.is_change
    opened = DIALECT.with_key(ask, Credentials("https://sales.example.com", "abc"))
    assert opened.headers["Authorization"] == "Bearer abc"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (reply(201, {"id": "7"}), Done({"customer": "7"})),
        (reply(200, {"id": 7}), Done({"customer": "7"})),
        (reply(404, sample("customer-not-found")["response"]), Refused("Customer not found")),
        (reply(400, sample("invalid-order")["response"]), Refused("Invalid order data")),
        (reply(401, {"detail": "Not authenticated"}), SignInNeeded("Not authenticated")),
        (reply(403, b""), SignInNeeded("HTTP 403")),
        (reply(429, b""), Again("HTTP 429")),
    ],
)
def test_what_it_says_of_itself_is_understood(answer: Reply, verdict: Verdict) -> None:
    assert judged(answer) == verdict


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, b"<html>Sign in</html>"),
        reply(404, b"<html>no such page</html>"),
        reply(400, b""),
        reply(201, b'{"id":"7"'),
        reply(201, {}),
        reply(201, {"id": None}),
        reply(201, {"id": ""}),
        reply(201, {"id": True}),
        reply(201, [1]),
        reply(201, b'{"id":NaN}'),
        reply(302, b""),
        reply(500, {"detail": "Internal Server Error"}),
        reply(201, b"[" * 100_000),
    ],
)
def test_what_somebody_else_says_leaves_it_open(answer: Reply) -> None:
    assert isinstance(judged(answer), Unclear)


def page(orders: list[Any], number: int = 1, total: int | None = None, size: int = 2) -> Reply:
    whole = {"items": orders, "total": total, "page": number, "size": size}
    return reply(200, {name: value for name, value in whole.items() if value is not None})


def order(order_id: str, quantity: int = 1) -> dict[str, Any]:
    item = {"product_id": "P1", "quantity": quantity, "unit_price": 2.50, "total": 2.50 * quantity}
    return {"id": order_id, "customer_id": "7", "total_amount": 2.5, "items": [item]}


def looked_up(*pages: Reply, known: KnownHere | None = None) -> Any:
    """Look for one P1 for customer 7 on these pages, in their order."""
    item = {"product_id": "P1", "quantity": 1, "unit_price": Decimal("2.5")}
    body = {"customer_id": "7", "items": [item]}
    left = list(pages)
    search = find_order(body, Decimal("2.5"), known or KnownHere(DIALECT))
    return walked(search, lambda _ask: left.pop(0))


def test_an_order_is_found_on_the_last_page_and_not_where_it_is_another_of_ours() -> None:
    pages = (page([order("a", 2), order("b", 3)], total=3), page([order("c")], 2, total=3))
    assert looked_up(*pages) == Done({"order": "c", "total": "2.5"})
    known = KnownHere(DIALECT)
    known.done["sale x"] = {"order": "c"}
    assert type(looked_up(*pages, known=known)).__name__ == "Absent"


def test_several_orders_that_could_be_it_are_for_a_person() -> None:
    both = page([order("a"), order("b")], total=2)
    empty = page([], 2, total=2)
    assert type(looked_up(both, empty)).__name__ == "Undecidable"


def test_pages_that_change_their_size_are_read_from_the_beginning_again() -> None:
    first = (page([order("a", 2)], total=3, size=1), page([order("c")], 2, total=3, size=2))
    again = (page([order("a", 2), order("b", 3)], total=3), page([order("c")], 2, total=3))
    assert looked_up(*first, *again) == Done({"order": "c", "total": "2.5"})


@pytest.mark.parametrize(
    "pages",
    [
        [page([order("a", 2)], total=9, size=2), page([], 2, total=9)] * 3,
        [reply(200, {"message": "ok"})],
        [reply(200, {"items": [{"no": "id"}]})],
        [reply(200, b"<html>")],
        [reply(500, b"")],
    ],
)
def test_a_list_that_is_not_whole_says_nothing(pages: list[Reply]) -> None:
    with pytest.raises(NoGoodAnswer):
        looked_up(*pages)


def test_the_published_list_is_a_page() -> None:
    published = sample("list-orders")
    probe = DIALECT.probes(KnownHere(DIALECT))[0]
    assert probe.ask.path == published["path"]
    assert isinstance(probe.judge(reply(200, published["response"])), Done)

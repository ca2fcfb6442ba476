"""What nobody honest sends to the five APIs: a refusal in the API's shape, and nothing stays."""

import itertools
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from pos_app.server.api_keys import Api
from tests.server.apis.every_route import (
    ROUTES,
    Pair,
    Route,
    named_body,
    pair_served,
    sample_body,
)
from tests.server.apis.hostile import (
    DAYS,
    JSON_BODY,
    check_answer,
    places,
    send_raw,
    values,
    with_more,
    with_value,
)
from tests.server.offices import Template, sqlite_copy
from tests.server.test_hostile_requests import BROKEN, INJECTIONS, ODD_NUMBERS

SOME = 3  # values for each field in the short form; `--run-long` takes them all
WITH_BODY = [route for route in ROUTES.values() if route.method in {"POST", "PUT"}]
# What is taken away by the request itself is made anew before the next one.
_MADE = {"quotations", "orders", "customers"}
_turn = itertools.count()


@pytest.fixture(scope="module")
def pair(sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with sqlite_copy(sqlite_template, tmp_path_factory) as office, pair_served(office) as served:
        yield served


def by_name(route: Any) -> str:
    return route.name if isinstance(route, Route) else str(route)


def body_of(pair: Pair, route: Route) -> Any:
    if route.does == "login":
        return {"username": "admin", "password": "not the key"}
    body = named_body(sample_body(pair.served.app, route), pair.ours) or {}
    if route.api is Api.RETAIL:
        body |= {"authKey": pair.ours.keys[Api.RETAIL, "own"], "userName": "admin"}
    return body


def fresh_parts(pair: Pair, route: Route) -> dict[str, str]:
    """Make the thing that a route is about, if it can be made at once; return its id."""
    parts = route.path.split("/")
    noun = parts[parts.index("{id}") - 1] if "{id}" in parts else ""
    if noun not in _MADE:
        return {}
    post = ROUTES[f"POST /api/v1/sales/{noun}"]
    answer = pair.ask(post, pair.ours, "own", pair.ours)
    assert answer.status_code == 200, answer.text
    return {"id": answer.json()["data"]["id"]}


def some_of(texts: list[str], request: pytest.FixtureRequest, count: int = SOME) -> list[str]:
    """Return all of them in the long form, in the short one a few, other ones each time."""
    if request.config.getoption("--run-long"):
        return texts
    return [texts[(next(_turn) * 37) % len(texts)] for _ in range(count)]


def request_of(pair: Pair, route: Route, **parts: str) -> httpx2.Request:
    return pair.request(route, pair.ours, "own", pair.ours, body_of(pair, route), **parts)


@pytest.mark.parametrize("route", WITH_BODY, ids=by_name)
def test_odd_values_in_every_field_are_refused_or_taken_whole(
    pair: Pair, route: Route, request: pytest.FixtureRequest
):
    body = body_of(pair, route)
    sent = request_of(pair, route, **fresh_parts(pair, route))
    before, theirs = pair.ours.rows(), pair.theirs.rows()
    for place in places(body):
        for value in some_of(values(), request):
            answer = send_raw(pair, sent, with_value(body, place, value))
            check_answer(route, answer, (place, value[:60]))
            if answer.status_code < 400:
                sent = request_of(pair, route, **fresh_parts(pair, route))
                before = pair.ours.rows()
        assert pair.ours.rows() == before, place
    assert pair.theirs.rows() == theirs


@pytest.mark.parametrize("route", WITH_BODY, ids=by_name)
def test_fields_that_nobody_knows_are_passed_over_or_refused(pair: Pair, route: Route):
    sent = request_of(pair, route, **fresh_parts(pair, route))
    answer = send_raw(pair, sent, with_more(body_of(pair, route)))
    check_answer(route, answer, "unknown fields")


def test_half_a_letter_in_the_place_of_a_key_is_no_key(pair: Pair):
    for name, place in (
        ("POST /rest/inventory/sale/create", ("authKey",)),
        ("POST /rest/inventory/sale/create", ("userName",)),
        ("POST /api/v1/auth/login", ("password",)),
        ("POST /api/v1/auth/login", ("username",)),
    ):
        route = ROUTES[name]
        for text in BROKEN:
            body = with_value(body_of(pair, route), place, json.dumps(text))
            answer = send_raw(pair, request_of(pair, route), body)
            check_answer(route, answer, (name, text))
            assert answer.status_code in {400, 401}, (name, text)


NO_BODIES = (
    *(b"", b"{", b"nonsense", b"\xff\xfe\x00", b'"text"', b"[]", b"null", b"{}", b"12"),
    *(b'{"a": 1} trailing', b"{'a': 1}", b'{"a": NaN}', b"[" * 100_000, b'{"a":' * 100_000),
)


@pytest.mark.parametrize("route", WITH_BODY, ids=by_name)
def test_a_body_that_is_no_body_of_the_api_is_refused(pair: Pair, route: Route):
    sent = request_of(pair, route)
    for content in NO_BODIES:
        before = pair.ours.rows()
        answer = send_raw(pair, sent, content)
        check_answer(route, answer, content[:20])
        if content not in {b"{}", b""}:  # where every field may be left out
            assert answer.status_code in {400, 401, 404}, answer.text
        if answer.status_code >= 400:
            assert pair.ours.rows() == before


@pytest.mark.parametrize("route", WITH_BODY, ids=by_name)
def test_a_body_of_ten_megabytes_is_refused_in_the_apis_shape(pair: Pair, route: Route):
    before = pair.ours.rows()
    sent = request_of(pair, route)
    try:
        answer = send_raw(pair, sent, b'{"name": "' + b"x" * 10_000_000 + b'"}')
    except (httpx2.WriteError, httpx2.ReadError):
        return  # it hung up in the middle, as it may
    assert answer.status_code == 413
    check_answer(route, answer, "10 MB")
    assert pair.ours.rows() == before


def sayable(texts: tuple[str, ...]) -> list[str]:
    """Return the texts that a client can write into an address."""
    return [text for text in texts if not any("\ud800" <= sign <= "\udfff" for sign in text)]


@pytest.mark.parametrize("route", ROUTES.values(), ids=by_name)
def test_odd_parts_of_a_path_find_nothing(pair: Pair, route: Route, request: pytest.FixtureRequest):
    texts = sayable((*INJECTIONS, *BROKEN, *ODD_NUMBERS, *DAYS, "x" * 5_000, "%00", "%FF", "."))
    for name in (part.strip("{}") for part in route.path.split("/") if part.startswith("{")):
        for text in some_of(texts, request, 8):
            part = text if text in {"%00", "%FF"} else quote(text, safe="")
            sent = pair.request(route, pair.ours, "own", pair.ours, **{name: part})
            check_answer(route, pair.client.send(sent), (name, text[:60]))


QUERIES = {
    "/api/sales/": ("page", "size"),
    "/api/v1/sales/reports/": ("startDate", "endDate", "customerId", "productId", "type"),
    "/api/v1/sales/": (
        *("page", "pageSize", "customerNo", "name", "contact", "phone", "status", "category"),
        *("region", "quotationNo", "customerId", "customerName", "createDateStart"),
        *("createDateEnd", "expiryDateStart", "expiryDateEnd", "orderNo", "deliveryDateStart"),
        *("deliveryDateEnd", "totalAmountStart", "totalAmountEnd", "deliveryNo", "orderId"),
        *("invoiceNo", "invoiceDateStart", "invoiceDateEnd", "returnNo", "returnDateStart"),
        *("returnDateEnd",),
    ),
    "/": ("page", "anything"),
}
LISTS = [route for route in ROUTES.values() if route.does == "look" and "{id}" not in route.path]


@pytest.mark.parametrize("route", LISTS, ids=by_name)
def test_odd_queries_are_refused_or_find_nothing(
    pair: Pair, route: Route, request: pytest.FixtureRequest
):
    names = next(found for path, found in QUERIES.items() if route.path.startswith(path))
    odd = (*INJECTIONS, *BROKEN, *ODD_NUMBERS, *DAYS, "", "x" * 2_000, "%", "_", "0", "-1")
    sent = pair.request(route, pair.ours, "own", pair.ours)
    before = pair.ours.rows()
    for name in names:
        for text in some_of(sayable(odd), request):
            asked = sent.url.copy_with(params={**dict(sent.url.params), name: text})
            answer = pair.client.get(asked, headers=sent.headers)
            check_answer(route, answer, (name, text[:60]))
    assert pair.ours.rows() == before


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES.values()}))
def test_a_method_or_an_address_that_there_is_not_is_refused_in_the_apis_shape(
    pair: Pair, path: str
):
    route = next(one for one in ROUTES.values() if one.path == path)
    sent = request_of(pair, route)
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        for asked in (sent.url.path, f"{sent.url.path}/more/and/more"):
            if f"{method} {path}" in ROUTES and asked == sent.url.path:
                continue
            answer = pair.client.request(method, asked, content=b"{}", headers=JSON_BODY)
            assert answer.status_code in {404, 405, 501}, (method, asked)
            check_answer(route, answer, (method, asked))


HEADERS: tuple[dict[str, Any], ...] = (
    {"Authorization": "Bearer"},
    {"Authorization": "Basic eDp5"},
    {"Authorization": "Bearer " + "x" * 10_000},
    {"Authorization": "Bearer \u00e9\u00ff".encode("latin-1")},
    {"Authorization": "Bearer a b c"},
    {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."},
    {"Authorization": "Bearer ..", "Content-Type": "text/plain; charset=nonsense"},
    {"Authorization": "Bearer " + "." * 500, "Content-Type": "multipart/form-data"},
)


@pytest.mark.parametrize("route", ROUTES.values(), ids=by_name)
def test_odd_headers_are_no_way_in(pair: Pair, route: Route):
    before = pair.ours.rows()
    sent = pair.request(route, pair.ours, "stranger", pair.ours)
    for headers in HEADERS:
        answer = pair.client.request(
            route.method, sent.url, content=b"{}", headers={**JSON_BODY, **headers}
        )
        assert answer.status_code in {400, 401, 415}, answer.text
        check_answer(route, answer, headers)
    assert pair.ours.rows() == before

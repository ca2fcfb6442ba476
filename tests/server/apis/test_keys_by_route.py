"""Every route of the five APIs with every kind of key: who is let in, and who learns what."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pos_app.server.api_keys import Api
from pos_app.server.database import Office
from tests.server.apis.every_route import (
    ENVELOPES,
    KINDS,
    ROUTES,
    ApiCompany,
    Pair,
    Route,
    pair_served,
)
from tests.server.test_routes_by_role import OF_APIS

NO_KEY = ("revoked", "other_api", "stranger", "nobody")
NAMED = [route for route in ROUTES.values() if route.does != "login"]


@pytest.fixture(scope="module")
def pair(shared_office: Office) -> Iterator[Pair]:
    with pair_served(shared_office) as served:
        yield served


def by_name(route: Any) -> str:
    return route.name if isinstance(route, Route) else str(route)


def test_the_description_and_the_table_name_the_same_routes(pair: Pair):
    described = {
        f"{method.upper()} {path}"
        for path, methods in pair.served.app.openapi()["paths"].items()
        for method in methods
        if path.startswith(OF_APIS)
    }
    assert described == set(ROUTES)


def test_the_description_claims_no_answer_of_the_frameworks_own(pair: Pair):
    description = pair.served.app.openapi()
    assert "HTTPValidationError" not in json.dumps(description)
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if path.startswith(OF_APIS):
                assert "422" not in operation["responses"], (method, path)
                assert operation.get("summary"), (method, path)


def told_of(company: ApiCompany, text: str, said: str) -> set[str]:
    """Return what a text tells of a company that who asked did not say themselves."""
    return {secret for secret in company.secrets() if secret in text and secret not in said}


def refusal(route: Route, answer: Any) -> dict[str, Any]:
    """Return a refusal, which has the API's own shape and a sentence."""
    told: dict[str, Any] = answer.json()
    assert set(told) == ENVELOPES[route.api], answer.text
    words = told.get("detail") or told.get("message") or told.get("error")
    assert isinstance(words, str)
    assert words
    return told


@pytest.mark.parametrize("route", NAMED, ids=by_name)
def test_without_a_key_for_it_nobody_is_let_in_and_nothing_is_told(pair: Pair, route: Route):
    before = pair.ours.rows()
    for kind in NO_KEY:
        answer = pair.ask(route, pair.ours, kind, pair.ours)
        assert answer.status_code == 401, (kind, answer.text)
        refusal(route, answer)
        said = f"{answer.request.url} {answer.request.read()!r}"
        assert not told_of(pair.ours, f"{answer.headers} {answer.text}", said), kind
    assert pair.ours.rows() == before


@pytest.mark.parametrize("route", NAMED, ids=by_name)
def test_a_key_does_what_it_may_and_nothing_else(pair: Pair, route: Route):
    kind = "writer" if route.does == "look" else "reader"
    if route.api is Api.FEED:
        return  # a feed's key only ever reads
    before = pair.ours.rows()
    answer = pair.ask(route, pair.ours, kind, pair.ours)
    assert answer.status_code == 403, answer.text
    refusal(route, answer)
    assert pair.ours.rows() == before


@pytest.mark.parametrize("route", NAMED, ids=by_name)
def test_another_companys_key_learns_and_changes_nothing_of_ours(pair: Pair, route: Route):
    before = pair.ours.rows()
    answer = pair.ask(route, pair.theirs, "own", pair.ours)
    said = f"{answer.request.url} {answer.request.read()!r}"
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        refusal(route, answer)
    assert not told_of(pair.ours, f"{answer.headers} {answer.text}", said)
    assert pair.ours.rows() == before
    names_ours = any(secret in said for secret in pair.ours.ids.values())
    if names_ours and route.does == "change":
        assert answer.status_code in {400, 404}, answer.text


@pytest.mark.parametrize("route", NAMED, ids=by_name)
def test_ones_own_key_is_let_in(pair: Pair, route: Route):
    """What another route did to the thing before may refuse it; the key does not."""
    answer = pair.ask(route, pair.theirs, "own", pair.theirs)
    assert answer.status_code not in {401, 403, 405, 501}, answer.text
    assert answer.status_code < 500, answer.text
    said = f"{answer.request.url} {answer.request.read()!r}"
    if route.does == "look":
        assert answer.status_code == 200, answer.text
        if "/reports/" not in route.path:  # what is kept from others is there for one's own
            assert told_of(pair.theirs, answer.text, said), answer.text
    assert not told_of(pair.ours, f"{answer.headers} {answer.text}", said)


def test_a_sign_in_takes_a_key_of_its_own_api_that_stands(pair: Pair):
    route = next(route for route in ROUTES.values() if route.does == "login")
    for kind in KINDS:
        answer = pair.ask(route, pair.ours, kind, pair.ours)
        is_good = kind in {"own", "reader", "writer"}
        assert answer.status_code == (200 if is_good else 401), kind
        assert json.loads(answer.text)["code"] == answer.status_code
        said = answer.request.read().decode()
        assert not told_of(pair.theirs, answer.text, said)

"""Somebody else's client against the five APIs: what the description says is true, or it fails.

Requests are drawn from the description, whole ones and broken ones, with a key that may all; the
short form tries a few for each route, `--run-long` many times as many.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pos_app.server.api_keys import Api
from tests.server.apis.every_route import ROUTES, Pair, Route, pair_served
from tests.server.apis.hostile import check_answer
from tests.server.offices import Template, sqlite_copy
from tests.server.test_schemathesis import SENT

EXAMPLES, LONG = 4, 100
TRUE = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@dataclass(frozen=True, slots=True)
class Described:
    """The APIs as their description says they are, and two companies behind them."""

    pair: Pair
    schema: Any


@pytest.fixture(scope="module")
def described(
    sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Described]:
    with sqlite_copy(sqlite_template, tmp_path_factory) as office, pair_served(office) as pair:
        described_so = copy.deepcopy(pair.served.app.openapi())
        for methods in described_so["paths"].values():
            for operation in methods.values():
                operation.pop("security", None)  # who is let in, test_keys_by_route.py tries
                for kind in _FORMS:  # sent as forms in test_add_sale.py
                    operation.get("requestBody", {}).get("content", {}).pop(kind, None)
        schema = schemathesis.openapi.from_dict(described_so)
        schema.config.base_url = pair.served.url
        yield Described(pair, schema)


def send(described: Described, case: Case, route: Route, draw_real: bool) -> httpx2.Response:
    """Send a drawn request with our own key; with `draw_real` about things that are there."""
    pair = described.pair
    real = pair.request(route, pair.ours, "own", pair.ours)
    parts = dict(zip(route.path.split("/"), real.url.path.split("/"), strict=True))
    always = {"userName", "authKey", "company", "connection"}
    for name in case.path_parameters or {}:
        if draw_real or name in always:
            case.path_parameters[name] = parts[f"{{{name}}}"]
    if route.api is Api.RETAIL and isinstance(case.body, dict):
        case.body |= {"authKey": pair.ours.keys[Api.RETAIL, "own"], "userName": "admin"}
    words = case.as_transport_kwargs(base_url=pair.served.url)
    if isinstance(words.get("data"), (bytes, str)):
        words["content"] = words.pop("data")
    request = pair.client.build_request(
        **{key: value for key, value in words.items() if key in SENT and value is not None}
    )
    if "authorization" in real.headers:
        request.headers["Authorization"] = real.headers["Authorization"]
    return pair.client.send(request)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", ROUTES)
def test_an_answer_is_as_described_whatever_is_asked(
    described: Described, name: str, mode: GenerationMode, request: pytest.FixtureRequest
):
    route = ROUTES[name]
    operation = described.schema[route.path][route.method]
    is_open = operation.body or any(one.location != "path" for one in operation.iter_parameters())
    if mode is GenerationMode.NEGATIVE and not is_open:
        return  # a part of a path is any text: test_hostile_apis.py tries odd ones
    drawn = iter(range(10**9))
    examples = LONG if request.config.getoption("--run-long") else EXAMPLES

    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=(Phase.explicit, Phase.generate),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def each(case: Case) -> None:
        answer = send(described, case, route, next(drawn) % 2 == 0)
        check_answer(route, answer, case)
        case.validate_response(answer, checks=TRUE)

    each()

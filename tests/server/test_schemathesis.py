"""Somebody else's client against every route that the description names: it is true, or it fails.

Requests are drawn from the description, whole ones and broken ones, and the answers are held
against it. The short form tries a few for each route; `--run-long` many times as many.
"""

import copy
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pos_app.server.roles import Role
from pos_app.sync import wire
from tests.server.offices import NOW, Template, sqlite_copy
from tests.server.test_routes_by_role import EXPECTED, OF_APIS
from tests.server.two_companies import Both, both_served

EXAMPLES, LONG = 6, 100
TRUE = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# A body of the right shape may still be refused by a rule that no schema can say: a signature, a
# cursor, what a product needs.
RULES_BEYOND_SHAPE = {"PUT /office/v1/catalogue/{kind}/{thing_id}"} | {
    name for name in EXPECTED if name.startswith("POST /sync/")
}
SENT = {"method", "url", "params", "headers", "json", "content", "data", "files"}
# Headers that `sign` makes itself.
OWN = {"x-pos-at", "x-pos-nonce", "x-pos-proof", "authorization"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Described:
    """Head office as its description says it is, and who asks it."""

    both: Both
    schema: Any
    client: httpx2.Client


@pytest.fixture(scope="module")
def described(
    sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Described]:
    with (
        sqlite_copy(sqlite_template, tmp_path_factory) as office,
        both_served(office) as both,
    ):
        both.served.app.state.serving.news.stop_waiting()  # whoever waits is told at once
        described_so = copy.deepcopy(both.served.app.openapi())
        for methods in described_so["paths"].values():
            for operation in methods.values():
                operation.pop("security", None)  # who is let in, test_routes_by_role.py tries
        schema = schemathesis.openapi.from_dict(described_so)
        schema.config.base_url = both.served.url
        yield Described(both, schema, both.anybody)


def send(described: Described, case: Case, name: str, draw_real: bool) -> httpx2.Response:
    """Send a drawn request as the owner or as a till; with `draw_real` about what is there."""
    both = described.both
    ours, path = both.ours, name.split()[1]
    if draw_real:
        real = {
            "till_id": ours.spare_till,
            "account_id": ours.spare_person,
            "code": ours.shop,
            "thing_id": "pc",
            "kind": "unit",
            "key_id": ours.key,
        }
        for part in set(case.path_parameters or {}) & set(real):
            case.path_parameters[part] = real[part]
    words = case.as_transport_kwargs(base_url=both.served.url)
    if isinstance(words.get("data"), (bytes, str)):
        words["content"] = words.pop("data")
    drawn_headers = dict(words.get("headers") or {})
    words["headers"] = {
        header: value for header, value in drawn_headers.items() if header.lower() not in OWN
    }
    request = described.client.build_request(
        **{key: value for key, value in words.items() if key in SENT and value is not None}
    )
    if path.startswith("/sync/"):
        sign(request, both)
    elif path.endswith(("sign-out", "/me/password")):
        token = both.served.sign_in(ours.email(Role.MANAGER))
        request.headers["Authorization"] = f"Bearer {token}"
    else:
        owner = both.clients[ours.mark, Role.OWNER]
        request.headers["Authorization"] = owner.headers["Authorization"]
    return described.client.send(request)


def sign(request: httpx2.Request, both: Both) -> None:
    """Sign a request by our till's key, so that it is read and not only refused."""
    till, target = both.ours.till, request.url.raw_path.decode()
    at, nonce = NOW.isoformat(timespec="milliseconds"), secrets.token_hex(16)
    message = wire.request_message(request.method, target, request.read(), at, nonce)
    request.headers.update(
        {
            "Authorization": f"Bearer {till.access}",
            "X-Pos-At": at,
            "X-Pos-Nonce": nonce,
            "X-Pos-Proof": till.keys[till.told_epoch].sign(message).hex(),
        }
    )


def try_route(described: Described, name: str, mode: GenerationMode, examples: int) -> None:
    method, path = name.split()
    operation = described.schema[path][method]
    is_good = mode is GenerationMode.POSITIVE
    checks = [*TRUE]
    if is_good and name not in RULES_BEYOND_SHAPE:
        checks.append(positive_data_acceptance)
    if not is_good and not path.startswith("/sync/"):
        checks.append(negative_data_rejection)
    drawn = iter(range(10**9))

    @settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def each(case: Case) -> None:
        draw_real = is_good and next(drawn) % 2 == 0
        answer = send(described, case, name, draw_real)
        case.validate_response(answer, checks=checks)

    each()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_whole_request_is_answered_as_described(
    described: Described, name: str, request: pytest.FixtureRequest
):
    examples = LONG if request.config.getoption("--run-long") else EXAMPLES
    try_route(described, name, GenerationMode.POSITIVE, examples)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_request_is_refused_as_described(
    described: Described, name: str, request: pytest.FixtureRequest
):
    method, path = name.split()
    operation = described.schema[path][method]
    if not (list(operation.iter_parameters()) or operation.body):
        return  # there is nothing to break
    examples = LONG if request.config.getoption("--run-long") else EXAMPLES
    try_route(described, name, GenerationMode.NEGATIVE, examples)


def test_a_method_that_no_line_names_is_refused_in_the_one_shape(described: Described):
    routes = described.schema.raw_schema["paths"]
    for path, methods in routes.items():
        for method in METHODS:
            if method.lower() in methods or path.startswith(OF_APIS):
                continue
            answer = described.client.request(method, described.both.served.url + path)
            assert answer.status_code == 405, (method, path)
            assert set(answer.json()) == {"code", "message", "request_id"}

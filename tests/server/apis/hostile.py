"""What nobody honest sends to an API: values for every field of a body, and what an answer is."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2

from pos_app.server.api_keys import Api
from tests.server.apis.every_route import ENVELOPES, Pair, Route
from tests.server.test_hostile_requests import BROKEN, INJECTIONS, ODD_MOMENTS, ODD_NUMBERS

DAYS = (
    *("0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "-0001-01-01", "2023-02-30"),
    *("2023-13-01", "20230601", "2023-W01-1", "2023-06-01T00:00:00.000+0530", "1e9", "٢٠٢٣-٠٦-٠١"),
)
LONG = ("x" * 70_000, "9" * 4_301, "é" * 3_000)
# As they stand in the body; everything else goes in as a JSON text.
OTHERS = ("null", "true", "[]", "{}", '[[["a"]]]', '{"a": {"b": 1}}', "-1", "0", "1", "2147483648")
DEEP = ("[" * 500 + "]" * 500, '{"a":' * 500 + "1" + "}" * 500, "[" * 100_000 + "]" * 100_000)
_HOLE = "here goes what nobody honest sends"
JSON_BODY = {"Content-Type": "application/json"}
FAULTS = ("Traceback", "sqlalchemy", "psycopg", "pydantic.dev", "sqlite3", 'File "')


def values() -> list[str]:
    """Return every value as it stands in a body."""
    texts = [*INJECTIONS, *BROKEN, *ODD_MOMENTS, *DAYS, *LONG, *ODD_NUMBERS, "", " "]
    return [*map(json.dumps, texts), *ODD_NUMBERS, *OTHERS, *DEEP]


def places(body: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where each field of a body stands, and each list and map in it."""
    if place:
        yield place
    if isinstance(body, dict):
        for name, inner in body.items():
            yield from places(inner, (*place, name))
    elif isinstance(body, list):
        for number, inner in enumerate(body):
            yield from places(inner, (*place, number))


def with_value(body: Any, place: tuple[Any, ...], value: str) -> bytes:
    """Return the text of a body with a raw value at a place."""
    text = json.dumps(_filled(body, place))
    return text.replace(json.dumps(_HOLE), value).encode("utf-8", "surrogatepass")


def with_more(body: Any) -> bytes:
    """Return the text of a body in which every map has a field that nobody knows."""
    if isinstance(body, dict):
        more = {name: json.loads(with_more(inner)) for name, inner in body.items()}
        return json.dumps(more | {"__unknown__": {"a": [1, None, "x"]}}).encode()
    if isinstance(body, list):
        return json.dumps([json.loads(with_more(one)) for one in body]).encode()
    return json.dumps(body).encode()


def send_raw(pair: Pair, request: httpx2.Request, content: bytes) -> httpx2.Response:
    """Send other bytes in the place of a request's body, as its own client would."""
    headers = {
        name: value
        for name, value in request.headers.items()
        if name not in {"content-length", "content-type"}
    }
    return pair.client.request(
        request.method, request.url, content=content, headers={**headers, **JSON_BODY}
    )


def check_answer(route: Route, answer: httpx2.Response, what: object) -> None:
    """Hold an answer to what every answer of the API is: never a fault, always its own shape."""
    is_not_built = route.api is Api.ERP and answer.status_code == 501
    assert answer.status_code < 500 or is_not_built, (what, answer.text[:300])
    if answer.status_code < 400:
        return
    told = answer.json()
    assert set(told) == ENVELOPES[route.api], (what, answer.text[:300])
    words = told.get("detail") or told.get("message") or told.get("error")
    assert isinstance(words, str), what
    assert words, what
    assert not any(fault in words for fault in FAULTS), (what, words)


def _filled(body: Any, place: tuple[Any, ...]) -> Any:
    if not place:
        return _HOLE
    first, *rest = place
    if isinstance(body, list):
        return [_filled(one, tuple(rest)) if at == first else one for at, one in enumerate(body)]
    return {name: _filled(one, tuple(rest)) if name == first else one for name, one in body.items()}

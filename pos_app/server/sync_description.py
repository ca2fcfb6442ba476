"""The native protocol's part of the OpenAPI document: bodies, answers, headers, every status."""

from typing import Any

import msgspec

from pos_app.server.till_identity import CLOCK_WINDOW_S
from pos_app.sync.wire import Failure

_REFUSALS = {
    400: "The request is not one of this protocol: `bad_request`.",
    401: "Token or proof is not good: `unauthorised`, `token_expired`, `clock`.",
    403: "Refused for good: `revoked`, `code_wrong`, `code_used`, `code_expired`, …",
    404: "There is no such thing: `not_found`.",
    408: "The request did not arrive whole: `bad_request`.",
    409: "It does not fit what is there: `replayed`, `till_taken`, `currency`, `epoch_unknown`, "
    "`refused`.",
    413: "The body is too large: `too_large`.",
    429: "Too many requests: `busy`, with Retry-After.",
    500: "A fault of head office's own: `internal`.",
    503: "The database does not answer: `unavailable`, with Retry-After.",
}
_ALWAYS = (408, 413, 429, 500, 503)
_SIGNED = (
    (
        "X-Pos-At",
        f"Moment of the request, ISO 8601 UTC, within {CLOCK_WINDOW_S} s of head office's clock.",
    ),
    ("X-Pos-Nonce", "16 random bytes in hex, used once."),
    ("X-Pos-Proof", "Ed25519 signature in hex by the till's key over the request."),
)


def described(
    *refusals: int,
    body: type[msgspec.Struct] | None = None,
    answer: type[msgspec.Struct] | None = None,
    signed: bool = True,
) -> dict[str, Any]:
    """Return a route's `openapi_extra`: what goes in, what comes out and how it may be refused."""
    codes = sorted({*refusals, *_ALWAYS, *((401,) if signed else ())})
    responses: dict[str, Any] = {
        str(code): {"description": _REFUSALS[code], "content": _json(Failure)} for code in codes
    }
    if answer is not None:
        responses["200"] = {"description": _first_line(answer), "content": _json(answer)}
    extra: dict[str, Any] = {"responses": responses}
    if body is not None:
        extra["requestBody"] = {"required": True, "content": _json(body)}
    if signed:
        extra["parameters"] = [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": what,
                "schema": {"type": "string"},
            }
            for name, what in _SIGNED
        ]
    return extra


def _json(shape: type[msgspec.Struct]) -> dict[str, Any]:
    return {"application/json": {"schema": schema_of(shape)}}


def schema_of(shape: Any) -> Any:
    """Return the JSON Schema of a shape, with the shapes inside it written out."""
    (schema,), parts = msgspec.json.schema_components([shape], ref_template="#/{name}")
    return _written_out(schema, parts)


def _written_out(schema: Any, parts: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_written_out(one, parts) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _written_out(parts[schema["$ref"].removeprefix("#/")], parts)
    places = schema.get("prefixItems", [])
    if places and all(place == places[0] for place in places):
        # As true, and read by more programs: not all know tuples of JSON Schema 2020-12.
        schema = {name: value for name, value in schema.items() if name != "prefixItems"}
        schema["items"] = places[0]
    return {name: _written_out(value, parts) for name, value in schema.items()}


def _first_line(shape: type[msgspec.Struct]) -> str:
    return (shape.__doc__ or "").partition("\n")[0]

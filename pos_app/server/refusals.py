"""Refusals as head office answers them: a status, a code for programs, a sentence for people.

Every error of every route has the shape `wire.Failure`; whatever no rule names becomes a plain
"unavailable" or "internal", never a trace.
"""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from pos_app.domain.errors import PosError
from pos_app.server.accounts import (
    AccountUnknown,
    NotSignedIn,
    SignInWrong,
)
from pos_app.server.api_keys import KeyInvalid, KeyMissing, KeyNotAllowed, KeyUnknown
from pos_app.server.apis.envelopes import refused_as_published
from pos_app.server.catalogue import StateUnreadable, ThingUnknown
from pos_app.server.companies import ShopUnknown
from pos_app.server.office_desk import CustomerUnknown, DocumentUnknown, ProductUnknown
from pos_app.server.office_receipt import ReceiptUnknown
from pos_app.server.office_shapes import FailureShape
from pos_app.server.password_tries import TooManyRequests
from pos_app.server.passwords import PasswordTooShort
from pos_app.server.roles import NotAllowed
from pos_app.server.second_step import CodeNeeded, CodesTriedTooOften, CodeWrong
from pos_app.server.sync_refusals import SyncRefusal
from pos_app.server.till_list import TillUnknown
from pos_app.server.visitors import PasswordFirst
from pos_app.server.web.forms import FormStrange
from pos_app.sync.wire import BodyTooLarge, Failure, NotOurWire, encode

RETRY_S = 5
JSON = "application/json"


class Unreadable(PosError):
    """A request that does not say what its route needs."""

    sentence = "The request cannot be used: {problem}."


# What is not named here is a rule's refusal: 409, because of what the company has.
STATUSES: dict[type[PosError], tuple[int, str]] = {
    SignInWrong: (401, "unauthorised"),
    NotSignedIn: (401, "unauthorised"),
    KeyMissing: (401, "unauthorised"),
    KeyInvalid: (401, "unauthorised"),
    KeyNotAllowed: (403, "forbidden"),
    NotAllowed: (403, "forbidden"),
    PasswordFirst: (403, "password_first"),
    FormStrange: (403, "forbidden"),
    AccountUnknown: (404, "not_found"),
    ShopUnknown: (404, "not_found"),
    TillUnknown: (404, "not_found"),
    ThingUnknown: (404, "not_found"),
    KeyUnknown: (404, "not_found"),
    CustomerUnknown: (404, "not_found"),
    DocumentUnknown: (404, "not_found"),
    ProductUnknown: (404, "not_found"),
    ReceiptUnknown: (404, "not_found"),
    StateUnreadable: (422, "bad_request"),
    PasswordTooShort: (422, "bad_request"),
    BodyTooLarge: (413, "too_large"),
    NotOurWire: (400, "bad_request"),
    TooManyRequests: (429, "busy"),
    CodesTriedTooOften: (429, "busy"),
    CodeNeeded: (401, "code_needed"),
    CodeWrong: (401, "code_wrong"),
}
_HTTP = {
    400: ("bad_request", "The request cannot be read."),
    404: ("not_found", "There is nothing at this address."),
    405: ("bad_request", "This address does not take that method."),
    413: ("too_large", "The message is too large. Send it in smaller parts."),
    415: ("bad_request", "The body is not of a kind that this address takes."),
}
_DESCRIPTIONS = {
    400: "The request cannot be read",
    401: "Nobody is signed in, or the password is wrong",
    403: "The role does not allow it, or the password has to be changed first",
    404: "There is no such thing",
    408: "The request did not arrive whole",
    409: "A rule of the company refuses it",
    413: "The body is too large",
    422: "A field is missing or wrong",
    429: "Too many requests; see Retry-After",
    500: "A fault of head office",
    503: "The database does not answer; see Retry-After",
}
_ANY_ROUTE = (400, 408, 413, 429, 500, 503)
_UNAVAILABLE = "Head office's database does not answer. Try again shortly."
INTERNAL = "Something went wrong at head office. Try again, and name the request to who runs it."


def refusal(
    request: Request, status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> Response:
    """Return an error in the shape that all of them have, or in that of a published API."""
    published = refused_as_published(request, status, code, message, headers)
    if published is not None:
        return published
    page: Response | None = request.app.state.refused_as_page(
        request, status, message, getattr(request.state, "refused", None)
    )
    if page is not None:
        page.headers.update(headers or {})
        return page
    failure = Failure(code=code, message=message, request_id=request_id(request))
    return Response(encode(failure), status, headers, media_type=JSON)


def request_id(request: Request) -> str:
    """Return the id that the request got when it came in."""
    found: str = getattr(request.state, "request_id", "")
    return found


def status_of(failure: PosError) -> tuple[int, str]:
    """Return the status and the code of a named refusal."""
    if isinstance(failure, SyncRefusal):
        return failure.status, failure.code
    for kind in type(failure).__mro__:
        if kind in STATUSES:
            return STATUSES[kind]
    return 409, "refused"


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the errors of a route for OpenAPI, with those that any route can give."""
    return {
        status: {"model": FailureShape, "description": _DESCRIPTIONS[status]}
        for status in (*statuses, *_ANY_ROUTE)
    }


def add_refusals(app: FastAPI) -> None:
    """Make the app answer every error in one shape."""
    app.add_exception_handler(PosError, _named)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _unreadable)
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(kind, _no_database)
    app.add_exception_handler(DataError, _not_for_database)


def _named(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, PosError)  # noqa: S101 - the handler is kept for these alone
    status, code = status_of(failure)
    request.state.refused = failure
    headers = {}
    if isinstance(failure, TooManyRequests | CodesTriedTooOften):
        headers["Retry-After"] = str(failure.fields["wait_s"])
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return refusal(request, status, code, str(failure), headers)


def _of_http(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, HTTPException)  # noqa: S101 - as above
    code, message = _HTTP.get(failure.status_code, ("bad_request", "The request was refused."))
    headers = dict(failure.headers or {})
    return refusal(request, failure.status_code, code, message, headers)


def _unreadable(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, RequestValidationError)  # noqa: S101 - as above
    problems = "; ".join(_problem(error) for error in failure.errors()[:5])
    return refusal(request, 422, "bad_request", str(Unreadable(problem=problems)))


def _problem(error: Any) -> str:
    """One fault in words; the value is not among them: it may be a password."""
    place = ".".join(str(part) for part in error["loc"] if part != "body")
    words = str(error["msg"])
    return f"{place or 'body'}: {words[:1].lower()}{words[1:]}"


def _no_database(request: Request, failure: Exception) -> Response:
    request.state.failure = failure
    return refusal(request, 503, "unavailable", _UNAVAILABLE, {"Retry-After": str(RETRY_S)})


def _not_for_database(request: Request, failure: Exception) -> Response:
    """A text or a number that the shapes let pass and no column can hold."""
    request.state.failure = failure
    return refusal(request, 400, *_HTTP[400])

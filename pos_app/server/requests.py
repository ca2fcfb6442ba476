"""What happens to every request: an id, limits of rate and size, safe headers, a line in the log.

The body is read here, whole and within its limits, before any route runs: a route never waits for
a slow sender. Plain ASGI, because long answers must pass through as they come.
"""

import asyncio
import hashlib
import logging
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pos_app.server.logs import failure_of
from pos_app.server.metrics import Metrics
from pos_app.server.rate_limits import RateLimits, network_of
from pos_app.server.refusals import INTERNAL, refusal
from pos_app.server.settings import ServerSettings
from pos_app.sync.wire import PREFIX, BodyTooLarge

DOORS = frozenset(
    {
        f"{PREFIX}/enrol",
        f"{PREFIX}/token",
        "/office/v1/sign-in",
        "/office/sign-in",
        "/office/sign-in/code",
        "/api/v1/auth/login",
    }
)
SAFE_HEADERS = {
    "X-Pos-Office": "1",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
UNKNOWN_ROUTE = "(no route)"
_READ_AWAY_BYTES, _READ_AWAY_S = 64 * 1024, 1.0
_USABLE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())
_log = logging.getLogger("pos_app.server.requests")


class _SenderGone(Exception):
    """The sender hung up or fell silent in the middle of the body."""


@dataclass(slots=True)
class _Course:
    """How one request goes."""

    scope: Scope
    began_s: float
    status: int = 0
    body_bytes: int = 0
    state: dict[str, Any] = field(default_factory=dict)


class RequestFrame:
    """Goes around the whole application."""

    def __init__(
        self,
        app: ASGIApp,
        settings: ServerSettings,
        limits: RateLimits,
        metrics: Metrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._settings = settings
        self._limits = limits
        self._metrics = metrics
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        course = _Course(scope, self._clock(), state=scope.setdefault("state", {}))
        headers = Headers(scope=scope)
        course.state["request_id"] = _request_id(headers)
        MutableHeaders(scope=scope)["x-request-id"] = course.state["request_id"]
        self._metrics.running.inc()
        try:
            await self._answer(course, headers, receive, _framed(course, send))
        finally:
            self._metrics.running.dec()
            self._note(course)

    async def _answer(
        self, course: _Course, headers: Headers, receive: Receive, send: Send
    ) -> None:
        refused, body = self._over_limit(course.scope, headers), b""
        if refused is not None:
            await self._let_pass(headers, receive)
        else:
            try:
                body = await self._body(course.scope, headers, receive)
            except BodyTooLarge as failure:
                refused = _refused(course.scope, 413, "too_large", str(failure))
            except (TimeoutError, _SenderGone):
                refused = _refused(course.scope, 408, "bad_request", "The request did not arrive.")
        if refused is not None:
            refused.headers["Connection"] = "close"  # the rest of a large body is not read
            await refused(course.scope, receive, send)
            return
        course.body_bytes = len(body)
        try:
            await self._app(course.scope, _replayed(body, receive), send)
        except Exception as failure:  # noqa: BLE001 - the last one to know what to do
            course.state["failure"] = failure
            if not course.status:
                answer = _refused(course.scope, 500, "internal", INTERNAL)
                await answer(course.scope, receive, send)

    async def _let_pass(self, headers: Headers, receive: Receive) -> None:
        """Read away a small body that nobody wants: unread, it would reset the connection.

        Whoever asked would then never see why the request was refused.
        """
        announced = headers.get("content-length", "")
        if not announced.isdigit() or int(announced) > _READ_AWAY_BYTES:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_READ_AWAY_S):
                while (await receive()).get("more_body", False):
                    pass

    def _over_limit(self, scope: Scope, headers: Headers) -> Response | None:
        now_s = self._clock()
        client = scope.get("client")
        address = network_of(client[0]) if client else ""
        if scope["path"].startswith("/health/"):
            return None
        wait_s = self._limits.address.take(address, now_s)
        if not wait_s and scope["path"] in DOORS:
            wait_s = self._limits.door.take(address, now_s)
        if not wait_s and (token := headers.get("authorization")):
            digest = hashlib.sha256(token.encode("latin-1", "replace")).hexdigest()
            wait_s = self._limits.token.take(digest, now_s)
        if not wait_s:
            return None
        seconds = max(1, int(wait_s + 0.999))
        answer = _refused(scope, 429, "busy", f"Too many requests. Try again in {seconds} seconds.")
        answer.headers["Retry-After"] = str(seconds)
        return answer

    async def _body(self, scope: Scope, headers: Headers, receive: Receive) -> bytes:
        most = self._settings.office_body_most
        if scope["path"].startswith(PREFIX):
            most = self._settings.sync_body_most
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced) > most:
            raise BodyTooLarge(limit=most)
        parts: list[bytes] = []
        size = 0
        async with asyncio.timeout(self._settings.body_s):
            while True:
                async with asyncio.timeout(self._settings.body_pause_s):
                    message = await receive()
                if message["type"] == "http.disconnect":
                    raise _SenderGone()
                size += len(message.get("body", b""))
                if size > most:
                    raise BodyTooLarge(limit=most)
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    return b"".join(parts)

    def _note(self, course: _Course) -> None:
        seconds = self._clock() - course.began_s
        state, scope = course.state, course.scope
        route = route_of(scope)
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self._metrics.answered(method, route, course.status, seconds, course.body_bytes)
        failure = state.get("failure")
        _log.log(
            logging.ERROR if failure is not None else logging.INFO,
            "request",
            extra={
                "request_id": state["request_id"],
                "company": state.get("company", ""),
                "till": state.get("till", ""),
                "person": state.get("person", ""),
                "method": method,
                "route": route,
                "status": course.status,
                "ms": round(seconds * 1000),
                "failure": failure_of(failure) if failure is not None else "",
            },
        )


def route_of(scope: Scope) -> str:
    """Return the template of the route that a request took, never the path with its ids."""
    path: str = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
    return path


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _USABLE_ID.fullmatch(given) else secrets.token_hex(8)


def _refused(scope: Scope, status: int, code: str, message: str) -> Response:
    return refusal(Request(scope), status, code, message)


def _framed(course: _Course, send: Send) -> Send:
    """Put our headers on the answer, and note its status."""

    async def framed(message: Message) -> None:
        if message["type"] == "http.response.start":
            course.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = course.state["request_id"]
            for name, value in SAFE_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return framed


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Give the body that was read, and afterwards what still comes (that the sender hung up)."""
    is_given = False

    async def replayed() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed

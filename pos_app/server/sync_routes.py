"""The native protocol's routes: thin, for everything is in `sync_door`."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response, Security
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPBearer
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from pos_app.domain.errors import PosError
from pos_app.server.database import Office
from pos_app.server.enrolment import ACCESS_S
from pos_app.server.news import News
from pos_app.server.pulling import news_revision
from pos_app.server.settings import ServerSettings
from pos_app.server.stamps import utc_now
from pos_app.server.sync_description import described
from pos_app.server.sync_door import Latest, SyncAnswer, SyncDoor
from pos_app.server.till_identity import SyncRequest, Till, is_active
from pos_app.server.waiting import Waiting
from pos_app.sync.wire import (
    PREFIX,
    Enrolled,
    Enrolment,
    Hello,
    NewEpoch,
    Pull,
    Pulled,
    Push,
    Pushed,
    Renewal,
    Report,
    Settle,
    Tokens,
    encode,
)

WAIT_S = 25.0
KEEP_ALIVE_S = 15.0
_token = HTTPBearer(
    scheme_name="till",
    bearerFormat="opaque",
    description="The access token of a till; it opens nothing without the till's proof.",
    auto_error=False,
)
_Since = Annotated[int, Query(ge=0, description="The revision that the till knows of.")]
_Route = Callable[[Request], Awaitable[Response]]


def sync_router(
    office: Office,
    settings: ServerSettings,
    news: News,
    now: Callable[[], datetime] = utc_now,
    wait_s: float = WAIT_S,
) -> APIRouter:
    """Return the routes under /sync/v1; `now` is head office's clock."""
    del settings  # limits of size and rate stand around every route, see `requests`
    door = SyncDoor(office, news)
    router, elsewhere = APIRouter(prefix=PREFIX, tags=["tills"]), APIRouter()
    signed = [Security(_token)]

    async def answered(request: Request) -> Response:
        asked = await _asked(request)
        answer = await run_in_threadpool(door.handle, asked, now())
        return _response(request, answer)

    for method, name, summary, extra in _PLAIN:
        router.add_api_route(
            f"/{name}",
            _named(answered, name),
            methods=[method],
            summary=summary,
            openapi_extra=extra,
            response_class=Response,
            dependencies=signed if "parameters" in extra else [],
        )

    waiting = Waiting(news, lambda company_id, shop: _revision(office, company_id, shop))

    @router.get(
        "/wait",
        summary="Wait until there is something to pull.",
        openapi_extra=described(403, 409, answer=Latest)
        | {"responses": described(403, 409, answer=Latest)["responses"] | _NOTHING_NEW},
        response_class=Response,
        dependencies=signed,
    )
    async def wait(request: Request, since: _Since = 0) -> Response:
        asked = await _asked(request)
        moment = now()
        try:
            till = await run_in_threadpool(door.who_waits, asked, moment)
            found = await waiting.newer(till.company_id, till.shop, since, wait_s)
        except (PosError, SQLAlchemyError) as failure:
            return _response(request, door.refused(asked, failure, moment))
        _note(request, till)
        if found is None:
            return Response(status_code=204)
        return Response(encode(Latest(found)), media_type="application/json")

    @router.get(
        "/events",
        summary="The same news as `wait`, as server-sent events.",
        openapi_extra={
            "responses": described(403, 409)["responses"] | _EVENTS,
            "parameters": described()["parameters"],
        },
        response_class=Response,
        dependencies=signed,
    )
    async def events(request: Request, since: _Since = 0) -> Response:
        asked = await _asked(request)
        moment = now()
        try:
            till = await run_in_threadpool(door.who_waits, asked, moment)
        except (PosError, SQLAlchemyError) as failure:
            return _response(request, door.refused(asked, failure, moment))
        _note(request, till)
        told = _told(waiting, news, office, till, since, request)
        return StreamingResponse(told, media_type="text/event-stream")

    elsewhere.add_api_route(
        "/sync/{rest:path}",
        _named(answered, "elsewhere"),
        methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        include_in_schema=False,  # other versions, and what is no route: each has its answer
        response_class=Response,
    )
    both = APIRouter()
    both.include_router(router)
    both.include_router(elsewhere)
    return both


async def _told(
    waiting: Waiting, news: News, office: Office, till: Till, since: int, request: Request
) -> AsyncIterator[str]:
    """Tell of each new revision for as long as an access token lives: then the till asks anew.

    A till that is shut out meanwhile hears no more.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + ACCESS_S
    yield ": news follow\n\n"
    while loop.time() < until and not news.is_stopping:
        try:
            found = await waiting.newer(till.company_id, till.shop, since, KEEP_ALIVE_S)
            is_let_in = await run_in_threadpool(is_active, office, till)
        except SQLAlchemyError:
            return  # the till comes back by itself
        if not is_let_in or await request.is_disconnected():
            return
        if found is None:
            yield ": still here\n\n"
            continue
        since = found
        yield f'event: revision\nid: {found}\ndata: {{"revision":{found}}}\n\n'


def _revision(office: Office, company_id: str, shop: str) -> int:
    with office.company(company_id) as connection:
        return news_revision(connection, company_id, shop)


def _named(route: _Route, name: str) -> _Route:
    async def named(request: Request) -> Response:
        return await route(request)

    named.__name__ = name
    return named


async def _asked(request: Request) -> SyncRequest:
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    query: bytes = request.scope["query_string"]
    target = raw.partition(b"?")[0] + (b"?" + query if query else b"")
    headers = dict(request.headers)
    headers["x-request-id"] = getattr(request.state, "request_id", "")
    body = await request.body()
    return SyncRequest(request.method, target.decode("latin-1"), headers, body)


def _response(request: Request, answer: SyncAnswer) -> Response:
    if answer.till is not None:
        _note(request, answer.till)
    return Response(answer.body, answer.status, dict(answer.headers))


def _note(request: Request, till: Till) -> None:
    request.state.company, request.state.till = till.company_id, till.id


_NOTHING_NEW = {"204": {"description": "Nothing new came in time."}}
_EVENTS = {
    "200": {
        "description": 'Events `revision` with `{"revision": N}`, for ten minutes.',
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}
_PLAIN: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (
        "GET",
        "hello",
        "Who is there, and which versions are spoken.",
        described(answer=Hello, signed=False),
    ),
    (
        "POST",
        "enrol",
        "Take a till into a shop by a one-time code.",
        described(400, 403, 409, body=Enrolment, answer=Enrolled, signed=False),
    ),
    (
        "POST",
        "token",
        "New tokens for a refresh token, which works once.",
        described(400, 403, 409, body=Renewal, answer=Tokens),
    ),
    (
        "POST",
        "epoch",
        "Tell the key of a till's new epoch.",
        described(400, 403, 409, body=NewEpoch, answer=Report),
    ),
    (
        "POST",
        "push",
        "Store journal entries, each exactly once.",
        described(400, 403, 409, body=Push, answer=Pushed),
    ),
    (
        "POST",
        "pull",
        "What is new since a cursor.",
        described(400, 403, 409, body=Pull, answer=Pulled),
    ),
    (
        "GET",
        "report",
        "What head office has of the till: its signed head and what waits.",
        described(403, 409, answer=Report),
    ),
    (
        "POST",
        "settle",
        "Settle an entry that waits.",
        described(400, 403, 404, 409, body=Settle, answer=Report),
    ),
)

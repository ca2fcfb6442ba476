"""Head office, assembled: database, news, judge, routes and what goes around them."""

import asyncio
import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from pos_app import __version__
from pos_app.server import (
    catalogue_routes,
    company_routes,
    day_routes,
    health,
    key_routes,
    people_routes,
    review_routes,
    stock_routes,
)
from pos_app.server.apis import add_sale, data_feed, erp, retail_sale, sales_api
from pos_app.server.database import Office
from pos_app.server.doors import sweep_doors
from pos_app.server.judge_thread import JudgeThread
from pos_app.server.metrics import Metrics
from pos_app.server.news import News
from pos_app.server.rate_limits import RateLimits
from pos_app.server.refusals import add_refusals, answers
from pos_app.server.requests import RequestFrame
from pos_app.server.roles import Action
from pos_app.server.setting_up import open_checked_office
from pos_app.server.settings import DATABASE, ServerSettings, read_settings
from pos_app.server.stamps import utc_now
from pos_app.server.sync_routes import sync_router
from pos_app.server.true_description import describe_truly
from pos_app.server.visitors import Serving, may
from pos_app.server.web import rooms as pages
from pos_app.server.web.refused_pages import refused_as_page

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
SWEEP_EACH_S = 3_600.0
FORGET_AFTER = timedelta(days=1)
router = APIRouter()
_log = logging.getLogger(__name__)


def make_app(
    office: Office,
    settings: ServerSettings | None = None,
    *,
    now: Callable[[], datetime] = utc_now,
    clock: Callable[[], float] = time.monotonic,
) -> FastAPI:
    """Return head office as an ASGI application over an open database of the present schema.

    Its lifespan starts and ends the threads for news and judging. The database stays open: it
    belongs to the caller.
    """
    settings = settings or ServerSettings()
    news = News(office)
    serving = Serving(office, settings, news, RateLimits(settings), Metrics(), now, clock)
    app = FastAPI(
        title="pos_app head office",
        version=__version__,
        summary="Keeps every till's journal, and what the tills sell by.",
        lifespan=_lifespan(serving),
        # Given to people who are signed in: see `description`.
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # an address has one form
    )
    app.state.serving = serving
    app.state.refused_as_page = refused_as_page
    add_refusals(app)
    rooms = (
        people_routes.router,
        company_routes.router,
        review_routes.router,
        catalogue_routes.router,
        key_routes.router,
        stock_routes.router,
        day_routes.router,
        data_feed.router,
        sales_api.router,
        retail_sale.router,
        add_sale.router,
        erp.router,
        router,
        health.router,
        pages.router,
    )
    for room in (sync_router(office, settings, news, now), *rooms):
        app.include_router(room)
    describe_truly(app)
    app.add_middleware(
        RequestFrame,  # the outermost but for what answers faults, whose answers it frames too
        settings=settings,
        limits=serving.limits,
        metrics=serving.metrics,
        clock=clock,
    )
    return app


def app_from_environment() -> FastAPI:
    """Return head office as a serving process makes it: database and settings from the environment.

    Raises DatabaseUrlWrong, SettingWrong, KeyError where no database is named.
    """
    settings = read_settings()
    office = serving_office(os.environ[DATABASE], settings)
    app = make_app(office, settings)
    app.state.closes_office = True
    return app


def serving_office(url: str, settings: ServerSettings) -> Office:
    """Open a database to serve from, on which no statement takes for ever.

    Raises DatabaseUrlWrong, DatabaseAway, SchemaMissing, SchemaOlder, SchemaNewer.
    """
    office = open_checked_office(url)
    if office.is_postgresql:
        limit_ms = int(settings.statement_s * 1000)

        def limit_statements(raw: Any, _record: Any) -> None:
            with raw.cursor() as cursor:
                cursor.execute(f"SET statement_timeout = {limit_ms}")
                cursor.execute(f"SET idle_in_transaction_session_timeout = {limit_ms}")
            raw.commit()

        event.listen(office.engine, "connect", limit_statements)
    return office


@router.get(
    "/office/v1/openapi.json",
    tags=["company"],
    responses=answers(401, 403),
    dependencies=[may(Action.SEE)],
)
def description(request: Request) -> dict[str, Any]:
    """Describe every route (OpenAPI 3.1)."""
    app: FastAPI = request.app
    return app.openapi()


def _lifespan(
    serving: Serving,
) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        judge = (
            JudgeThread(serving.office, serving.news, serving.now)
            if serving.settings.judges
            else None
        )
        restore_signals = _call_on_stop(serving.news.stop_waiting)
        serving.news.start()
        if judge is not None:
            judge.start()
        sweeping = asyncio.create_task(_forget_now_and_then(serving))
        _log.info("head office serves")
        try:
            yield
        finally:
            sweeping.cancel()
            restore_signals()
            if judge is not None:
                await asyncio.to_thread(judge.stop)
            await asyncio.to_thread(serving.news.stop)
            if getattr(app.state, "closes_office", False):
                serving.office.close()
            _log.info("head office stopped")

    return lifespan


def _call_on_stop(call: Callable[[], None]) -> Callable[[], None]:
    """Call in the event loop when the process is told to stop, before uvicorn waits for others."""
    loop = asyncio.get_running_loop()
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}

    def told(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(call)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in STOP_SIGNALS:
        signal.signal(number, told)

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    return restore


async def _forget_now_and_then(serving: Serving) -> None:
    while True:
        try:
            await asyncio.to_thread(forget_old_doors, serving.office, serving.now())
        except SQLAlchemyError as failure:
            _log.warning("expired tokens stay for now: %s", type(failure).__name__)
        await asyncio.sleep(SWEEP_EACH_S)


def forget_old_doors(office: Office, now: datetime) -> int:
    """Forget tokens and codes that expired a day ago; returns how many there were."""
    with office.shared() as connection:
        return sweep_doors(connection, now - FORGET_AFTER)

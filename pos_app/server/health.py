"""Whether head office lives, whether it can serve, and its metrics."""

import hmac
import shutil
from ipaddress import ip_address
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from pos_app.domain.errors import PosError
from pos_app.server.metrics import CONTENT_TYPE
from pos_app.server.refusals import answers
from pos_app.server.schema import check_schema
from pos_app.server.visitors import Serving, serving_of

router = APIRouter(tags=["health"])
_TEXT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {}}}}


class Health(BaseModel):
    """What works: each check is `ok` or a plain reason."""

    state: str
    checks: dict[str, str] = {}


@router.get("/health/live")
def live() -> Health:
    """Say that the process answers."""
    return Health(state="live")


@router.get("/health/ready", responses={503: {"model": Health, "description": "Not ready"}})
def ready(request: Request, response: Response) -> Health:
    """Say whether requests can be served: the database answers, its schema fits, disk is left."""
    checks = check_health(serving_of(request))
    is_ready = all(found == "ok" for found in checks.values())
    if not is_ready:
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return Health(state="ready" if is_ready else "not ready", checks=checks)


@router.get(
    "/metrics",
    response_class=Response,
    responses=_TEXT | answers(404),
)
def metrics(request: Request) -> Response:
    """Give the metrics in Prometheus' format to this machine, or to whoever has the token."""
    serving = serving_of(request)
    if not _may_read(request, serving.settings.metrics_token):
        raise HTTPException(404)
    return Response(serving.metrics.exposition(), media_type=CONTENT_TYPE)


def check_health(serving: Serving) -> dict[str, str]:
    """Return each check by name; `ok` or what is wrong."""
    return {"database": _database(serving), "schema": _schema(serving), "disk": _disk(serving)}


def _database(serving: Serving) -> str:
    try:
        with serving.office.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return "does not answer"
    return "ok"


def _schema(serving: Serving) -> str:
    try:
        check_schema(serving.office.engine)
    except SQLAlchemyError:
        return "cannot be read"
    except PosError as refusal:
        return str(refusal)
    return "ok"


def _disk(serving: Serving) -> str:
    try:
        left = shutil.disk_usage(serving.settings.disk_folder).free
    except OSError:
        return "cannot be read"
    return "ok" if left >= serving.settings.disk_least else "nearly full"


def _may_read(request: Request, token: str) -> bool:
    if token:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    try:
        is_here = ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
    # A proxy on this machine asks for somebody else.
    return is_here and "x-forwarded-for" not in request.headers

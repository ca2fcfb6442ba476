"""The ERP sales module as head office serves it: signing in, its envelope, and its chapters.

Published as `erp-sales-module.md`. The HTTP status is the answer's `code`; what the document names
no code for (408, 413, 429, 503) keeps its own.
"""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field

from pos_app.server.api_keys import Right
from pos_app.server.apis import (
    erp_customers,
    erp_deliveries,
    erp_invoices,
    erp_orders,
    erp_quotations,
    erp_reports,
    erp_returns,
)
from pos_app.server.apis.envelopes import add_envelope
from pos_app.server.apis.erp_shapes import Answer, Shape, Text, example, moment, refusals
from pos_app.server.apis.erp_tokens import TOKEN_LASTS, log_in
from pos_app.server.apis.exact import ExactRoute

PREFIX, AUTH = "/api/v1/sales", "/api/v1/auth"
NOT_BUILT = "This interface is not built. Look at the description of the interfaces."
_SHOWN_AS = {409: 400, 415: 400, 422: 400}

router = APIRouter()
_auth = APIRouter(
    prefix=AUTH, tags=["ERP: signing in"], route_class=ExactRoute, strict_content_type=False
)


class LogIn(Shape):
    """Who wants a token: a key's user name and the key, or a person's e-mail and password."""

    username: Annotated[Text, Field(max_length=254)]
    password: Annotated[Text, Field(max_length=200)]


class LoggedIn(Shape):
    """A token for `Authorization: Bearer …`; `expiresIn` is in seconds."""

    token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the scheme
    expires_in: int
    expires_at: str
    user_name: str
    rights: list[Right]


@_auth.post(
    "/login",
    summary="Get a token",
    responses={
        **refusals(400, 401, 403),
        **example(
            {
                "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.….…",
                "tokenType": "Bearer",
                "expiresIn": 7200,
                "expiresAt": "2023-06-01T10:00:00Z",
                "userName": "admin",
                "rights": ["read", "write"],
            }
        ),
    },
)
def logging_in(asked: LogIn, request: Request) -> Answer[LoggedIn]:
    """Give a token for two hours to the holder of a key or to a person of head office."""
    given = log_in(request, asked.username, asked.password)
    return Answer(
        data=LoggedIn(
            token=given.token,
            expires_in=int(TOKEN_LASTS.total_seconds()),
            expires_at=moment(given.expires_at),
            user_name=given.name,
            rights=[right for right in Right if right in given.rights],
        )
    )


def refused(request: Request, status: int, _code: str, message: str) -> tuple[int, Any]:
    """Return status and body of a refusal; what no route knows is not built."""
    if status == 405 or (status == 404 and "route" not in request.scope):
        status, message = 501, NOT_BUILT
    elif status in _SHOWN_AS:
        status = _SHOWN_AS[status]
    return status, {"code": status, "message": message, "data": None}


for _chapter in (
    _auth,
    erp_customers.router,
    erp_quotations.router,
    erp_orders.router,
    erp_deliveries.router,
    erp_invoices.router,
    erp_returns.router,
    erp_reports.router,
):
    router.include_router(_chapter)
for _prefix in (PREFIX, AUTH):
    add_envelope(_prefix, refused)

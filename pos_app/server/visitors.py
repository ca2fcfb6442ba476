"""Who asks a route of head office, and whether their role lets them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Connection

from pos_app.domain.errors import PosError
from pos_app.server.accounts import INVITED, Account, NotSignedIn, who_is
from pos_app.server.database import Office
from pos_app.server.metrics import Metrics
from pos_app.server.news import News
from pos_app.server.office_log import write_log
from pos_app.server.rate_limits import RateLimits
from pos_app.server.roles import Action, check_may
from pos_app.server.settings import ServerSettings

_bearer = HTTPBearer(
    scheme_name="person",
    bearerFormat="opaque",
    description="The token of `POST /office/v1/sign-in`.",
    auto_error=False,
)
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


class PasswordFirst(PosError):
    """Somebody who still has the password that was made for them."""

    sentence = "Choose a password of your own first: POST /office/v1/me/password."


@dataclass(frozen=True, slots=True)
class Serving:
    """What every route serves from: `now` is head office's clock, `clock` counts seconds."""

    office: Office
    settings: ServerSettings
    news: News
    limits: RateLimits
    metrics: Metrics
    now: Callable[[], datetime]
    clock: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person whose role lets them, and the moment of the request."""

    account: Account
    token: str
    now: datetime
    serving: Serving

    @property
    def company_id(self) -> str:
        """The company that they belong to."""
        return self.account.company_id

    @contextmanager
    def company(self) -> Iterator[Connection]:
        """A transaction of their company."""
        with self.serving.office.company(self.company_id) as connection:
            yield connection

    @contextmanager
    def change(self, what: str, about: str = "") -> Iterator[Connection]:
        """A transaction of their company that is written to the log, or fails with it."""
        with self.company() as connection:
            yield connection
            write_log(connection, self.company_id, self.signature, what, about, self.now)

    @property
    def signature(self) -> str:
        """How they stand in the log: name and address."""
        return f"{self.account.name} <{self.account.email}>"


@dataclass(frozen=True, slots=True)
class Permit:
    """Lets somebody in who is signed in and may do `action`; None is for everybody signed in."""

    action: Action | None

    def __call__(self, request: Request, credentials: _Credentials) -> Visitor:
        """Return who asks; raises NotSignedIn, NotAllowed, PasswordFirst."""
        if credentials is None:
            raise NotSignedIn()
        return visitor_with(request, credentials.credentials, self.action)


def visitor_with(request: Request, token: str, action: Action | None) -> Visitor:
    """Return whose token it is who may do `action`.

    Raises NotSignedIn, NotAllowed, PasswordFirst.
    """
    serving = serving_of(request)
    now = serving.now()
    account = who_is(serving.office, token, now)
    request.state.company = account.company_id
    request.state.person = account.id
    if action is not None:
        if account.state == INVITED:
            raise PasswordFirst()
        check_may(account.role, action)
    return Visitor(account, token, now, serving)


def may(action: Action | None) -> Any:
    """Declare what a route's visitor must be allowed to do."""
    return Depends(Permit(action))


def serving_of(request: Request) -> Serving:
    """Return what the application serves from."""
    serving: Serving = request.app.state.serving
    return serving

"""Who asks one of the sales APIs: the holder of a key, what they may do, and where they do it."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from sqlalchemy import Connection

from pos_app.server.api_keys import Api, ApiKey, KeyInvalid, KeyNotAllowed, Right, key_opened
from pos_app.server.office_desk import OfficeDesk, office_desk
from pos_app.server.visitors import Serving, serving_of


@dataclass(frozen=True, slots=True)
class ApiVisitor:
    """The holder of a key at the moment of the request; `name` stands on what they make."""

    company_id: str
    key_id: str
    name: str
    shop: str
    rights: frozenset[Right]
    now: datetime
    serving: Serving

    def check_may(self, right: Right) -> None:
        """Refuse what the key does not allow; raises KeyNotAllowed."""
        if right not in self.rights:
            raise KeyNotAllowed(right=right.value)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The company as it is at one moment, for looking; raises KeyNotAllowed."""
        self.check_may(Right.READ)
        with self.serving.office.snapshot(self.company_id) as connection:
            yield connection

    @contextmanager
    def desk(self) -> Iterator[OfficeDesk]:
        """The desk at which this key's holder changes things; raises KeyNotAllowed."""
        self.check_may(Right.WRITE)
        serving = self.serving
        with office_desk(
            serving.office, serving.news, self.company_id, self.shop, self.name, self.now
        ) as desk:
            yield desk


def admitted(request: Request, api: Api, secret: str, user_name: str | None = None) -> ApiVisitor:
    """Return who a secret lets in; raises KeyMissing or KeyInvalid.

    Where the API sends a `user_name` with the key, it must be the key's. The log of requests names
    the company and the key's id, never the key.
    """
    serving = serving_of(request)
    now = serving.now()
    company_id, key = key_opened(serving.office, api, secret, now)
    if user_name is not None and not hmac.compare_digest(
        user_name.encode("utf-8", "replace"), key.user_name.encode()
    ):
        raise KeyInvalid()
    return visitor(request, company_id, key, serving, now)


def visitor(
    request: Request, company_id: str, key: ApiKey, serving: Serving, now: datetime
) -> ApiVisitor:
    """Return the holder of a key that was checked, and let the log know."""
    request.state.company = company_id
    request.state.person = key.id
    return ApiVisitor(company_id, key.id, key.name, key.shop, key.rights, now, serving)


def bearer(request: Request, *, is_scheme_needed: bool = True) -> str:
    """Return the secret of `Authorization: Bearer …`; nothing where there is none.

    Without `is_scheme_needed` a bare key will do as well.
    """
    words = request.headers.get("authorization", "").strip()
    scheme, _, secret = words.partition(" ")
    if scheme.lower() == "bearer":
        return secret.strip()
    return "" if is_scheme_needed else words

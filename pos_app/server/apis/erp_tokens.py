"""Tokens of the ERP sales module: JWT (RFC 7519), HS256, for two hours.

A token says whose it is; whether that key or person may still come in is asked of the database at
every request. The secret is made from the company's own, so that no company's token fits another.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from fastapi import Request
from jwt.types import Options
from sqlalchemy import Connection

from pos_app.server.accounts import (
    INVITED,
    STOPPED,
    Account,
    AccountUnknown,
    NotSignedIn,
    SignInWrong,
    account_and_password,
    proven,
)
from pos_app.server.api_keys import (
    ACTIVE,
    Api,
    ApiKey,
    KeyInvalid,
    KeyMissing,
    KeyUnknown,
    Right,
    key_of,
    key_opened,
    note_use,
    rights_in,
)
from pos_app.server.apis.visits import ApiVisitor
from pos_app.server.companies import list_shops, signing_key_of
from pos_app.server.office_log import write_log
from pos_app.server.password_tries import count_try
from pos_app.server.roles import Role
from pos_app.server.visitors import PasswordFirst, Serving, serving_of

TOKEN_LASTS = timedelta(hours=2)
_ALGORITHM, _ISSUER, _AUDIENCE = "HS256", "pos_app", "erp"
_IDS = re.compile(r"[0-9a-f-]{36}")
# What is checked here with head office's own clock, and what nobody needs.
_SIGNED: Options = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "require": ["exp", "company"],
}
_UNREAD = (jwt.InvalidTokenError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was given; `expires_at` is UTC."""

    token: str
    expires_at: datetime
    name: str
    rights: frozenset[Right]


def log_in(request: Request, user_name: str, password: str) -> Token:
    """Give a token to the holder of a key, or to a person of head office.

    Raises SignInWrong, PasswordFirst or TooManyRequests.
    """
    serving = serving_of(request)
    now = serving.now()
    try:
        company_id, key = key_opened(serving.office, Api.ERP, password, now)
    except (KeyInvalid, KeyMissing):
        return _of_person(request, serving, user_name, password, now)
    if not hmac.compare_digest(user_name.strip().encode(), key.user_name.encode()):
        raise SignInWrong()
    request.state.company, request.state.person = company_id, key.id
    with serving.office.company(company_id) as connection:
        secret = _secret(connection, company_id)
    claims = {"company": company_id, "key": key.id}
    return _token(claims, key.name, key.rights, secret, now)


def visitor_of_token(request: Request, token: str) -> ApiVisitor:
    """Return whom a token lets in; raises NotSignedIn for whatever is wrong with it."""
    serving = serving_of(request)
    now = serving.now()
    company_id = _company_named(token)
    with serving.office.company(company_id) as connection:
        claims = _claims(connection, company_id, token, now)
        given = _rights(claims)
        if "person" in claims:
            found, shop = _person(connection, company_id, claims)
            name, subject, rights = found.name, found.id, rights_of(found.role)
        else:
            key = _key(connection, company_id, claims)
            name, subject, rights, shop = key.name, key.id, key.rights, key.shop
            note_use(connection, company_id, key, now)
    request.state.company, request.state.person = company_id, subject
    return ApiVisitor(company_id, subject, name, shop, rights & given, now, serving)


def rights_of(role: Role) -> frozenset[Right]:
    """Return what a person of head office may do here: an auditor only looks."""
    return frozenset({Right.READ}) if role is Role.AUDITOR else frozenset(Right)


def _of_person(
    request: Request, serving: Serving, email: str, password: str, now: datetime
) -> Token:
    count_try(serving, email, request.client.host if request.client else "")
    account, kept = proven(serving.office, email, password, now)  # no code: a key is for that
    if account.state == INVITED:
        raise PasswordFirst()
    request.state.company, request.state.person = account.company_id, account.id
    with serving.office.company(account.company_id) as connection:
        secret = _secret(connection, account.company_id)
        write_log(connection, account.company_id, account.name, "signed in", account.id, now)
    claims = {
        "company": account.company_id,
        "person": account.id,
        "mark": _mark(kept, secret),
    }
    return _token(claims, account.name, rights_of(account.role), secret, now)


def _token(
    claims: dict[str, Any], name: str, rights: frozenset[Right], secret: bytes, now: datetime
) -> Token:
    expires = now + TOKEN_LASTS
    told = {
        **claims,
        "iss": _ISSUER,
        "aud": _AUDIENCE,
        "rights": [right.value for right in Right if right in rights],
        "iat": int(now.timestamp()),
        "exp": int(expires.timestamp()),
    }
    return Token(jwt.encode(told, secret, _ALGORITHM), expires, name, rights)


def _company_named(token: str) -> str:
    """Return which company a token says it is of; nothing is proven yet."""
    try:
        told = jwt.decode(token, options={"verify_signature": False}).get("company")
    except _UNREAD as failure:
        raise NotSignedIn() from failure
    if not isinstance(told, str) or not _IDS.fullmatch(told):
        raise NotSignedIn()
    return told


def _claims(connection: Connection, company_id: str, token: str, now: datetime) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _secret(connection, company_id),
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            issuer=_ISSUER,
            options=_SIGNED,
        )
    except _UNREAD as failure:
        raise NotSignedIn() from failure
    expires = claims["exp"]
    if type(expires) is not int or expires <= now.timestamp():
        raise NotSignedIn()
    return claims


def _rights(claims: dict[str, Any]) -> frozenset[Right]:
    try:
        return rights_in(claims["rights"])
    except (KeyError, TypeError, ValueError) as failure:
        raise NotSignedIn() from failure


def _key(connection: Connection, company_id: str, claims: dict[str, Any]) -> ApiKey:
    try:
        key = key_of(connection, company_id, str(claims.get("key", "")))
    except KeyUnknown as failure:
        raise NotSignedIn() from failure
    if key.api is not Api.ERP or key.state != ACTIVE:
        raise NotSignedIn()
    return key


def _person(connection: Connection, company_id: str, claims: dict[str, Any]) -> tuple[Account, str]:
    """Return the person, and the shop that they work with: the company's first.

    Another password or being stopped ends their tokens.
    """
    try:
        account, kept = account_and_password(connection, company_id, str(claims["person"]))
    except AccountUnknown as failure:
        raise NotSignedIn() from failure
    mark = _mark(kept, _secret(connection, company_id))
    if account.state in (STOPPED, INVITED) or claims.get("mark") != mark:
        raise NotSignedIn()
    return account, list_shops(connection, company_id, "", 1)[0].code


def _secret(connection: Connection, company_id: str) -> bytes:
    key = signing_key_of(connection, company_id)
    if key is None:
        raise NotSignedIn()
    return hashlib.sha256(b"erp tokens" + key).digest()


def _mark(kept_password: str, secret: bytes) -> str:
    """Return what tells one password of a person from another, and nothing else about it."""
    return hmac.new(secret, kept_password.encode(), hashlib.sha256).hexdigest()[:16]

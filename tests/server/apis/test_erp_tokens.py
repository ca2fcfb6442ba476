"""Signing in to the ERP sales module; tokens that somebody made up, altered or kept too long."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import httpx2
import jwt
import pytest
from sqlalchemy import update

from pos_app.server.accounts import set_password
from pos_app.server.api_keys import Api, Right, revoke_key
from pos_app.server.companies import signing_key_of
from pos_app.server.roles import Role
from pos_app.server.settings import ServerSettings
from pos_app.server.tables import companies
from tests.server.apis.api_shops import key_of
from tests.server.apis.erp_offices import (
    LOGIN,
    SALES,
    ErpShop,
    data_of,
    erp_served,
    other_company,
    token_of,
    with_rights,
)
from tests.server.offices import EMAIL, NOW, PASSWORD
from tests.server.serving import add_person, serve

LIST = f"{SALES}/customers"


@pytest.fixture
def shop(shared_erp: ErpShop) -> Iterator[ErpShop]:
    shared_erp.clock.now = NOW
    yield shared_erp
    shared_erp.clock.now = NOW


def status(shop: ErpShop, token: str, scheme: str = "Bearer ") -> int:
    with shop.shop.served.client() as client:
        headers = {"Authorization": f"{scheme}{token}"} if token or scheme else {}
        answer = client.get(LIST, headers=headers)
    told = answer.json()
    assert told["code"] == answer.status_code
    if answer.status_code != 200:
        assert told["data"] is None
        assert told["message"]
    return answer.status_code


def log_in(shop: ErpShop, **body: Any) -> httpx2.Response:
    with shop.shop.served.client() as client:
        return client.post(LOGIN, json=body)


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def segment(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def test_a_key_gets_a_token_that_says_how_long_it_is_good(shop: ErpShop) -> None:
    given = data_of(log_in(shop, username="admin", password=shop.shop.key))
    assert given.pop("token").count(".") == 2
    assert given == {
        "tokenType": "Bearer",
        "expiresIn": 7200,
        "expiresAt": "2026-06-01T10:00:00Z",
        "userName": "erp key",
        "rights": ["read", "write"],
    }


def test_a_token_holds_no_secret(shop: ErpShop) -> None:
    token = token_of(shop.shop.served, shop.shop.key)
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
    claims = claims_of(token)
    assert set(claims) == {"company", "key", "iss", "aud", "rights", "iat", "exp"}
    assert shop.shop.key not in json.dumps(claims)


@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("admin", "x" * 43),
        ("admin", ""),
        ("", ""),
        ("somebody", None),
        ("admin", "\u0000"),
        (EMAIL, "a wrong password"),
        ("nobody@example.com", PASSWORD),
        ("' OR 1=1 --", "' OR 1=1 --"),
    ],
)
def test_a_wrong_name_or_password_is_refused_alike(
    shop: ErpShop, user: str, password: str | None
) -> None:
    answer = log_in(shop, username=user, password=shop.shop.key if password is None else password)
    assert answer.status_code == (400 if password == "\u0000" else 401)
    assert answer.json()["data"] is None


@pytest.mark.parametrize(
    "body", [{}, [], None, 7, {"username": 1, "password": 2}, {"username": "admin"}, {"a": {}}]
)
def test_a_login_of_another_shape_is_refused(shop: ErpShop, body: Any) -> None:
    with shop.shop.served.client() as client:
        answer = client.post(LOGIN, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, 400)


def test_a_key_of_another_api_opens_nothing_here(shop: ErpShop) -> None:
    key = key_of(shop.shop.served.office, shop.shop.company_id, Api.SALES)
    assert log_in(shop, username="admin", password=key).status_code == 401


def test_the_key_itself_is_no_token(shop: ErpShop) -> None:
    assert status(shop, shop.shop.key) == 401


def test_without_a_token_nothing_is_shown(shop: ErpShop) -> None:
    for token, scheme in (("", ""), ("", "Bearer"), ("abc", "Basic "), ("a.b.c", "Bearer ")):
        assert status(shop, token, scheme) == 401


def test_a_token_ends_after_two_hours(shop: ErpShop) -> None:
    token = token_of(shop.shop.served, shop.shop.key)
    shop.clock.now = NOW + timedelta(hours=2, seconds=-1)
    assert status(shop, token) == 200
    shop.clock.now = NOW + timedelta(hours=2)
    assert status(shop, token) == 401


def test_a_revoked_key_ends_its_tokens_at_once(shop: ErpShop) -> None:
    office, company_id = shop.shop.served.office, shop.shop.company_id
    other = with_rights(shop, Right.READ)
    assert other.ask("GET", "/customers").status_code == 200
    key = claims_of(other.client.headers["authorization"].split()[1])["key"]
    with office.company(company_id) as connection:
        revoke_key(connection, company_id, key)
    assert other.refused("GET", "/customers", code=401)
    assert shop.ask("GET", "/customers").status_code == 200


def test_an_altered_token_is_refused(shop: ErpShop) -> None:
    token = token_of(shop.shop.served, shop.shop.key)
    head, body, signature = token.split(".")
    claims = claims_of(token)
    more = segment({**claims, "rights": ["read", "write", "approve"]})
    longer = segment({**claims, "exp": claims["exp"] + 10_000_000})
    other = segment({**claims, "company": "019e8232-6000-7e8c-bf3a-96a7952c9023"})
    plain = segment({"alg": "none", "typ": "JWT"})
    for made in (
        f"{head}.{more}.{signature}",
        f"{head}.{longer}.{signature}",
        f"{head}.{other}.{signature}",
        f"{head}.{body}.{signature[:-2]}AA",
        f"{head}.{body}.",
        f"{plain}.{body}.",
        f"{plain}.{body}.{signature}",
        f"{segment({'alg': 'None'})}.{more}.",
        f"{segment({'alg': 'HS512', 'typ': 'JWT'})}.{body}.{signature}",
        f"{segment({'alg': 'HS256', 'crit': ['b64'], 'b64': False})}.{body}.{signature}",
        f"{head}.{body}",
        f"{head}..{signature}",
        "..",
    ):
        assert status(shop, made) == 401, made
    assert status(shop, token) == 200


def signed(shop: ErpShop, secret: bytes | str, algorithm: str = "HS256", **changes: Any) -> str:
    claims = {**claims_of(token_of(shop.shop.served, shop.shop.key)), **changes}
    told = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(told, secret, algorithm)


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_token_signed_with_anything_else_is_refused(shop: ErpShop) -> None:
    raw = raw_secret(shop)
    for secret in (b"", b"secret", shop.shop.key, raw, shop.shop.company_id):
        assert status(shop, signed(shop, secret or b"\0")) == 401
    assert status(shop, signed(shop, raw, "HS384")) == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"exp": "2100-01-01"},
        {"exp": 1e400},
        {"exp": True},
        {"exp": -1},
        {"company": None},
        {"company": 7},
        {"company": "' OR 1=1 --"},
        {"company": "\u0000" * 36},
        {"company": "019e8232-6000-7e8c-bf3a-96a7952c9023"},
        {"key": None},
        {"key": {"$ne": ""}},
        {"key": "'; DROP TABLE api_keys; --"},
        {"rights": None},
        {"rights": "all"},
        {"rights": ["everything"]},
        {"rights": [["read"]]},
        {"aud": "feed"},
        {"iss": "somebody"},
        {"person": "019e8232-6000-7e8c-bf3a-96a7952c9023"},
        {"person": ["x"]},
    ],
)
def test_claims_that_nobody_gave_open_nothing_even_signed_rightly(
    shop: ErpShop, changes: dict[str, Any]
) -> None:
    """Only head office can sign so; a token of an older version may look like this one day."""
    assert status(shop, signed(shop, real_secret(shop))) == 200
    assert status(shop, signed(shop, real_secret(shop), **changes)) == 401


def test_a_token_cannot_do_more_than_its_key_may_now(shop: ErpShop) -> None:
    reader = with_rights(shop, Right.READ)
    assert reader.refused("POST", "/customers", {"name": "A"}, code=403)
    claims = claims_of(reader.client.headers["authorization"].split()[1])
    forged = signed(shop, real_secret(shop), key=claims["key"], rights=["read", "write"])
    with shop.shop.served.client(forged) as client:
        answer = client.post(LIST, json={"name": "A"})
    assert answer.status_code == 403


def test_a_monstrous_token_is_refused(shop: ErpShop) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 20_000).rstrip(b"=").decode()
    for made in (f"{deep}.{deep}.x", "." * 30_000, "é" * 100, "a" * 50_000):
        with shop.shop.served.client() as client:
            headers = {"Authorization": f"Bearer {made}".encode()}
            answer = client.get(LIST, headers=headers)
        assert answer.status_code == 401, made[:20]


def test_another_companys_token_shows_their_own_and_nothing_of_ours(shop: ErpShop) -> None:
    other = other_company(shop)
    mine = shop.done("POST", "/customers", {"name": "Only Ours"})["id"]
    assert other.refused("GET", f"/customers/{mine}", code=404)
    claims = claims_of(other.client.headers["authorization"].split()[1])
    forged = jwt.encode({**claims, "company": shop.shop.company_id}, real_secret(other), "HS256")
    assert status(shop, forged) == 401


def test_people_of_head_office_come_in_by_their_role(shop: ErpShop) -> None:
    office, company_id = shop.shop.served.office, shop.shop.company_id
    add_person(office, company_id, Role.AUDITOR, "auditor@erp.example")
    add_person(office, company_id, Role.MANAGER, "manager@erp.example")
    for email, rights in (
        (EMAIL, ["read", "write", "approve"]),
        ("manager@erp.example", ["read", "write", "approve"]),
        ("auditor@erp.example", ["read"]),
    ):
        given = data_of(log_in(shop, username=email, password=PASSWORD))
        assert given["rights"] == rights
        with shop.shop.served.client(given["token"]) as client:
            made = client.post(LIST, json={"name": f"Made by {email}"})
            assert made.status_code == (200 if "write" in rights else 403)


def test_another_password_ends_a_persons_tokens(shop: ErpShop) -> None:
    office, company_id = shop.shop.served.office, shop.shop.company_id
    email = add_person(office, company_id, Role.MANAGER, "leaves@erp.example")
    given = data_of(log_in(shop, username=email, password=PASSWORD))
    assert status(shop, given["token"]) == 200
    person = claims_of(given["token"])["person"]
    with office.company(company_id) as connection:
        set_password(connection, company_id, person, "another password", is_own=True)
    assert status(shop, given["token"]) == 401


def test_who_has_to_choose_a_password_first_does_that_first(shop: ErpShop) -> None:
    office, company_id = shop.shop.served.office, shop.shop.company_id
    email = add_person(office, company_id, Role.MANAGER, "invited@erp.example")
    given = data_of(log_in(shop, username=email, password=PASSWORD))
    person = claims_of(given["token"])["person"]
    with office.company(company_id) as connection:
        set_password(connection, company_id, person, "a one-time password", is_own=False)
    answer = log_in(shop, username=email, password="a one-time password")
    assert (answer.status_code, answer.json()["code"]) == (403, 403)


def test_passwords_are_not_tried_for_ever(sqlite_office: Any, company_id: str) -> None:
    limits = ServerSettings()
    with serve(sqlite_office, limits, now=lambda: NOW) as served, served.client() as client:
        tries = [
            client.post(LOGIN, json={"username": EMAIL, "password": f"wrong {n}"})
            for n in range(12)
        ]
    last = tries[-1]
    assert [one.status_code for one in tries[:10]] == [401] * 10
    assert (last.status_code, last.json()["code"], last.json()["data"]) == (429, 429, None)
    assert company_id


def test_a_company_that_gets_another_secret_ends_every_token(
    sqlite_office: Any, company_id: str
) -> None:
    with erp_served(sqlite_office, company_id) as erp:
        assert erp.ask("GET", "/customers").status_code == 200
        with sqlite_office.company(company_id) as connection:
            connection.execute(update(companies).values(signing_key=b"another" * 5))
        assert erp.ask("GET", "/customers").status_code == 401


def raw_secret(shop: ErpShop) -> bytes:
    with shop.shop.served.office.company(shop.shop.company_id) as connection:
        key = signing_key_of(connection, shop.shop.company_id)
    assert key is not None
    return key


def real_secret(shop: ErpShop) -> bytes:
    return sha256(b"erp tokens" + raw_secret(shop)).digest()

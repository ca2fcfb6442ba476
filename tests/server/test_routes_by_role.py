"""Every route of the description as everybody, on both databases: who is let in, who learns what.

The table is written by hand: a new route without a line in it fails, and so does one that lets in
somebody else than its line says.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from pos_app.server.database import Office
from pos_app.server.roles import Role
from pos_app.server.till_identity import SyncRequest
from pos_app.sync import wire
from tests.server.offices import NOW, PASSWORD, SHOP
from tests.server.paper_tills import PaperTill, code_for
from tests.server.two_companies import PRODUCT, Both, Company, both_served

# Who asks, in the order of the columns. A stranger has a token that nobody gave out; the last
# three belong to the other company and name what is ours.
WHO = (
    "nobody stranger auditor manager owner till revoked their_auditor their_owner their_till"
).split()
TABLE = """
GET /office/v1/company                        401 401 200 200 200 401 401 200 200 401
PATCH /office/v1/company                      401 401 403 200 200 401 401 403 200 401
GET /office/v1/shops                          401 401 200 200 200 401 401 200 200 401
POST /office/v1/shops                         401 401 403 201 201 401 401 403 201 401
GET /office/v1/shops/{code}                   401 401 200 200 200 401 401 404 404 401
PATCH /office/v1/shops/{code}                 401 401 403 200 200 401 401 403 404 401
POST /office/v1/shops/{code}/withdraw-codes   401 401 403 200 200 401 401 403 404 401
POST /office/v1/enrolment-codes               401 401 403 201 201 401 401 403 404 401
GET /office/v1/tills                          401 401 200 200 200 401 401 200 200 401
GET /office/v1/tills/{till_id}                401 401 200 200 200 401 401 404 404 401
POST /office/v1/tills/{till_id}/revoke        401 401 403 200 200 401 401 403 404 401
POST /office/v1/tills/{till_id}/restore       401 401 403 200 200 401 401 403 404 401
GET /office/v1/log                            401 401 200 200 200 401 401 200 200 401
GET /office/v1/accounts                       401 401 403 200 200 401 401 403 200 401
POST /office/v1/accounts                      401 401 403 403 201 401 401 403 201 401
GET /office/v1/accounts/{account_id}          401 401 403 200 200 401 401 403 404 401
PATCH /office/v1/accounts/{account_id}        401 401 403 403 200 401 401 403 404 401
POST /office/v1/accounts/{account_id}/password 401 401 403 403 200 401 401 403 404 401
GET /office/v1/inbox                          401 401 200 200 200 401 401 200 200 401
POST /office/v1/inbox/{inbox_id}/settle       401 401 403 204 204 401 401 403 404 401
GET /office/v1/quarrels                       401 401 200 200 200 401 401 200 200 401
GET /office/v1/heads                          401 401 200 200 200 401 401 200 200 401
GET /office/v1/catalogue/{kind}               401 401 200 200 200 401 401 200 200 401
GET /office/v1/catalogue/{kind}/{thing_id}    401 401 200 200 200 401 401 404 404 401
PUT /office/v1/catalogue/{kind}/{thing_id}    401 401 403 200 200 401 401 403 200 401
GET /office/v1/keys                           401 401 200 200 200 401 401 200 200 401
POST /office/v1/keys                          401 401 403 201 201 401 401 403 404 401
DELETE /office/v1/keys/{key_id}               401 401 403 200 200 401 401 403 404 401
GET /office/v1/stock/{product_id}             401 401 200 200 200 401 401 200 200 401
GET /office/v1/day                            401 401 200 200 200 401 401 200 200 401
GET /office/v1/day/shops                      401 401 200 200 200 401 401 200 200 401
GET /office/v1/day/tills                      401 401 200 200 200 401 401 200 200 401
GET /office/v1/day/receipts                   401 401 200 200 200 401 401 200 200 401
GET /office/v1/receipts/{sale_id}             401 401 200 200 200 401 401 404 404 401
GET /office/v1/openapi.json                   401 401 200 200 200 401 401 200 200 401
POST /office/v1/sign-in                       200 200 200 200 200 200 200 200 200 200
POST /office/v1/sign-out                      401 401 204 204 204 401 401 204 204 401
GET /office/v1/me                             401 401 200 200 200 401 401 200 200 401
POST /office/v1/me/password                   401 401 401 401 401 401 401 401 401 401
GET /sync/v1/hello                            200 200 200 200 200 200 200 200 200 200
POST /sync/v1/enrol                           200 200 200 200 200 200 200 200 200 200
POST /sync/v1/token                           401 401 401 401 401 200 403 401 401 200
POST /sync/v1/epoch                           401 401 401 401 401 200 403 401 401 200
POST /sync/v1/push                            401 401 401 401 401 200 403 401 401 200
POST /sync/v1/pull                            401 401 401 401 401 200 403 401 401 200
GET /sync/v1/report                           401 401 401 401 401 200 403 401 401 200
POST /sync/v1/settle                          401 401 401 401 401 200 403 401 401 404
GET /sync/v1/wait                             401 401 401 401 401 200 403 401 401 200
GET /sync/v1/events                           401 401 401 401 401 200 403 401 401 200
GET /health/live                              200 200 200 200 200 200 200 200 200 200
GET /health/ready                             200 200 200 200 200 200 200 200 200 200
GET /metrics                                  200 200 200 200 200 200 200 200 200 200
"""
EXPECTED = {
    " ".join(words[:2]): dict(zip(WHO, map(int, words[2:]), strict=True))
    for words in map(str.split, TABLE.strip().splitlines())
}
# What no company may hear of another. Enrolment by our code is the one way in: its answer names
# the company that the code is for, whoever shows it.
TELLS_ITS_COMPANY = {"POST /sync/v1/enrol", "POST /office/v1/sign-in"}
# Names of every company's own mark stand in what these give to one's own people.
SHOWS_OURS = [
    name
    for name, expected in EXPECTED.items()
    if name.startswith("GET /office") and expected["owner"] == 200 and "openapi" not in name
]
# Whose keys open the published APIs, tests/server/apis/test_keys_by_route.py tries.
OF_APIS = ("/api/", "/rest/", "/companies/")
_numbers = itertools.count(1_000)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for people: where, and with what."""

    path: str
    body: Any = None


@pytest.fixture(scope="module")
def both(shared_office: Office) -> Iterator[Both]:
    with both_served(shared_office) as served:
        yield served


def asks(name: str, ours: Company, own: Company) -> Ask:
    """Return a request that names what is ours; `own` is the company of who asks."""
    method, path = name.split()
    number = next(_numbers)
    bodies: dict[str, Callable[[], Any]] = {
        "PATCH /office/v1/company": lambda: {"name": f"{own.mark} {number}"},
        "POST /office/v1/shops": lambda: {"code": f"s{number}", "name": f"{own.mark} {number}"},
        "PATCH /office/v1/shops/{code}": lambda: {"name": f"{own.mark} {number}"},
        "POST /office/v1/enrolment-codes": lambda: {"shop": ours.shop},
        "POST /office/v1/accounts": lambda: {
            "email": f"{number}@{own.mark.lower()}.example",
            "name": f"{own.mark} {number}",
            "role": "auditor",
        },
        "POST /office/v1/keys": lambda: {
            "api": "sales",
            "shop": ours.shop,
            "name": f"{own.mark} {number}",
        },
        "PATCH /office/v1/accounts/{account_id}": lambda: {"name": f"{own.mark} {number}"},
        "POST /office/v1/inbox/{inbox_id}/settle": lambda: {"remedy": "drop"},
        "PUT /office/v1/catalogue/{kind}/{thing_id}": lambda: {
            "state": {"code": "pc", "name": f"{own.mark} {number}", "decimals": 0}
        },
        "POST /office/v1/sign-in": lambda: {"email": own.email(Role.OWNER), "password": PASSWORD},
        "POST /office/v1/me/password": lambda: {
            "password": "not their password",
            "new_password": "what a thief would like",
        },
    }
    parts: dict[str, Callable[[], str]] = {
        "{code}": lambda: ours.shop,
        "{till_id}": lambda: ours.spare_till if method == "POST" else ours.till.till_id,
        "{account_id}": lambda: ours.spare_person,
        "{inbox_id}": ours.waiting,
        "{key_id}": lambda: ours.key,
        "{kind}": lambda: "unit",
        "{product_id}": lambda: PRODUCT,
        "{sale_id}": ours.sale,
        "{thing_id}": lambda: "pc" if method == "PUT" else ours.unit,
    }
    for part, value in parts.items():
        if part in path:
            path = path.replace(part, value())
    if path.startswith("/office/v1/day") and not path.endswith("tills"):
        path += "?start=2026-01-01&end=2026-12-31"
    return Ask(path, bodies[name]() if name in bodies else (None if method == "GET" else {}))


def signed(name: str, till: PaperTill, ours: Company) -> SyncRequest:
    """Return a till's request: everything that it sends by itself, and settling what is ours."""
    method, path = name.split()
    if not path.startswith("/sync/"):
        return till.request(method, path)
    word = path.rpartition("/")[2]
    body: Any = None
    if word == "enrol":
        new = PaperTill(number=str(next(_numbers)))
        body = new.enrolment(code_for(ours.office, till.company_id))
    elif word == "token":
        return till.request(method, word, wire.Renewal(till.refresh), access="", now=NOW)
    elif word == "epoch":
        body = till.new_epoch()
    elif word == "push":
        till.sell(1)
        body = till.batch(len(till.journal))
    elif word == "pull":
        body = wire.Pull()
    elif word == "settle":
        body = wire.Settle(ours.waiting(), "drop")
    elif word in {"wait", "events"}:
        word += "?since=0"
    return till.request(method, word, body, now=NOW)


def answer_to(both: Both, name: str, who: str) -> tuple[httpx2.Response, str, str]:
    """Ask as somebody; returns the answer, its text, and what was said in the request."""
    method, path = name.split()
    own = both.theirs if who.startswith("their") else both.ours
    tills = {
        "till": both.ours.till,
        "revoked": both.ours.revoked,
        "their_till": both.theirs.till,
    }
    if who in tills and path.startswith("/sync/"):
        sent = signed(name, tills[who], both.ours)
        headers = {header: value for header, value in sent.headers.items() if value != "Bearer "}
        content, target = sent.body, sent.target
        client = both.anybody
    else:
        ask = asks(name, both.ours, own)
        if path == "/sync/v1/enrol":
            new = PaperTill(number=str(next(_numbers)))
            content = wire.encode(new.enrolment(code_for(own.office, own.id)))
        elif path == "/sync/v1/epoch":
            content = wire.encode(both.ours.till.new_epoch())
        elif path == "/sync/v1/token":
            content = wire.encode(wire.Renewal(both.ours.till.refresh))
        else:
            content = b"" if ask.body is None else json.dumps(ask.body).encode()
        headers, target = {"content-type": "application/json"}, ask.path
        client = both.anybody
        if who in tills:
            headers["authorization"] = f"Bearer {tills[who].access}"
        elif who == "stranger":
            headers["authorization"] = "Bearer " + "x" * 43
        elif who != "nobody":
            role = Role(who.removeprefix("their_"))
            client = both.clients[own.mark, role]
            if path.endswith("sign-out"):  # a session of its own, so that the others go on
                headers["authorization"] = f"Bearer {both.served.sign_in(own.email(role))}"
    said = f"{target} {content!r}"
    with client.stream(method, target, content=content, headers=headers) as answer:
        if path.endswith("events"):
            return answer, "".join(itertools.islice(answer.iter_text(), 2)), said
        answer.read()
        return answer, answer.text, said


def test_the_description_and_the_table_name_the_same_routes(both: Both):
    described = {
        f"{method.upper()} {path}"
        for path, methods in both.served.app.openapi()["paths"].items()
        for method in methods
        if not path.startswith(OF_APIS)
    }
    assert described == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_is_let_in_where_the_table_says_and_learns_nothing_of_the_other(both: Both, name: str):
    for who in WHO:
        before = both.ours.rows() if who.startswith("their") else None
        inbox = set(before["inbox"]) if before else set()
        answer, text, said = answer_to(both, name, who)
        assert answer.status_code == EXPECTED[name][who], (who, text[:300])
        if answer.status_code >= 400:
            failure = json.loads(text)
            assert set(failure) == {"code", "message", "request_id"}
            assert failure["message"]
            if answer.status_code in {401, 403} and who in {"nobody", "stranger", "revoked"}:
                for company in (both.ours, both.theirs):
                    assert not told_of(company, text, said), who
        if name == "POST /sync/v1/token" and answer.status_code == 200:
            keep_tokens(both, who, text)
        if name in TELLS_ITS_COMPANY:
            continue
        other = both.ours if who.startswith("their") else both.theirs
        assert not told_of(other, f"{answer.headers} {text}", said), who
        if before is not None:
            after = both.ours.rows()
            added = set(after.pop("inbox")) - inbox  # what the request itself was to name
            del before["inbox"]
            assert after == before, who
            assert all("'waiting'" in row for row in added)


def told_of(company: Company, text: str, said: str) -> set[str]:
    """Return what a text tells of a company that who asked did not say themselves."""
    return {secret for secret in company.secrets() if secret in text and secret not in said}


def keep_tokens(both: Both, who: str, text: str) -> None:
    till = both.theirs.till if who == "their_till" else both.ours.till
    tokens = wire.decode(wire.Tokens, text.encode())
    till.access, till.refresh = tokens.access, tokens.refresh


@pytest.mark.parametrize("name", SHOWS_OURS)
def test_what_is_kept_from_others_is_there_for_ones_own(both: Both, name: str):
    for own, who in ((both.ours, "owner"), (both.theirs, "their_owner")):
        path = asks(name, own, own).path
        shown = both.clients[own.mark, Role.OWNER].get(path)
        assert shown.status_code == 200
        assert told_of(own, shown.text, ""), who


def test_tills_pull_the_things_of_their_own_company(both: Both):
    for own, other in ((both.ours, both.theirs), (both.theirs, both.ours)):
        pulled = both.send(own.till.request("POST", "pull", wire.Pull(), now=NOW))
        assert own.mark in pulled.text
        assert not told_of(other, pulled.text, "")
        assert {thing["id"] for thing in pulled.json()["things"]} >= {"pc", SHOP}

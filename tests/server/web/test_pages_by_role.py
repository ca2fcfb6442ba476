"""Every page and every form as everybody: the table is written by hand, one line for each route.

`door` leads to signing in, `no` is refused, `yes` is let in, whatever the form then says.
"""

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from pos_app.server.roles import Role
from pos_app.server.web import rooms
from tests.server.serving import Served
from tests.server.web.conftest import token_of
from tests.server.web.pages import paths_of
from tests.server.web.stage import Stage

WHO = "nobody auditor manager owner".split()
TABLE = """
GET /office/static/{mark}/{name:path}               yes  yes yes yes
GET /office                                         yes  yes yes yes
GET /                                               yes  yes yes yes
GET /office/sign-in                                 yes  yes yes yes
POST /office/sign-in                                yes  yes yes yes
GET /office/sign-in/code                            door door door door
POST /office/sign-in/code                           door door door door
POST /office/sign-out                               door yes yes yes
POST /office/looks                                  yes  yes yes yes
GET /office/account                                 door yes yes yes
GET /office/password                                door yes yes yes
POST /office/password                               door yes yes yes
POST /office/account/second-step                    door yes yes yes
GET /office/account/second-step                     door yes yes yes
POST /office/account/second-step/confirm            door yes yes yes
POST /office/account/recovery-codes                 door yes yes yes
POST /office/account/second-step/drop               door yes yes yes
POST /office/account/sessions/{session_id}/end      door yes yes yes
POST /office/account/sign-out-everywhere            door yes yes yes
GET /office/                                        door yes yes yes
GET /office/shops/{code}/tills/{till_id}            door yes yes yes
POST /office/shops/{code}/tills/{till_id}/revoke    door no  yes yes
POST /office/shops/{code}/tills/{till_id}/restore   door no  yes yes
GET /office/day                                     door yes yes yes
GET /office/day/figures.{kind}                      door yes yes yes
GET /office/day/receipts                            door yes yes yes
GET /office/day/receipts/{sale_id}                  door yes yes yes
GET /office/live                                    door yes yes yes
GET /office/shops                                   door yes yes yes
GET /office/shops/new                               door no  yes yes
POST /office/shops/new                              door no  yes yes
GET /office/shops/{code}                            door yes yes yes
POST /office/shops/{code}                           door no  yes yes
GET /office/codes                                   door yes yes yes
POST /office/codes                                  door no  yes yes
POST /office/codes/{code}/withdraw                  door no  yes yes
GET /office/inbox                                   door yes yes yes
POST /office/inbox/{inbox_id}                       door no  yes yes
GET /office/inbox/quarrels                          door yes yes yes
GET /office/log                                     door yes yes yes
GET /office/people                                  door no  yes yes
GET /office/people/new                              door no  no  yes
POST /office/people/new                             door no  no  yes
GET /office/people/{account_id}                     door no  yes yes
POST /office/people/{account_id}                    door no  no  yes
POST /office/people/{account_id}/stop               door no  no  yes
POST /office/people/{account_id}/start              door no  no  yes
POST /office/people/{account_id}/password           door no  no  yes
POST /office/people/{account_id}/second-step/drop   door no  no  yes
GET /office/products                                door yes yes yes
GET /office/products/edit                           door yes yes yes
POST /office/products/edit                          door no  yes yes
GET /office/prices                                  door yes yes yes
GET /office/prices/list                             door yes yes yes
POST /office/prices/list                            door no  yes yes
POST /office/prices/own                             door no  yes yes
GET /office/categories                              door yes yes yes
GET /office/categories/edit                         door yes yes yes
POST /office/categories/edit                        door no  yes yes
GET /office/units/edit                              door yes yes yes
POST /office/units/edit                             door no  yes yes
GET /office/taxes                                   door yes yes yes
GET /office/taxes/edit                              door yes yes yes
POST /office/taxes/edit                             door no  yes yes
GET /office/customers                               door yes yes yes
GET /office/customers/edit                          door yes yes yes
POST /office/customers/edit                         door no  yes yes
GET /office/staff                                   door yes yes yes
GET /office/staff/edit                              door yes yes yes
POST /office/staff/edit                             door no  yes yes
GET /office/roles/edit                              door yes yes yes
POST /office/roles/edit                             door no  yes yes
GET /office/settings                                door yes yes yes
GET /office/settings/shop                           door yes yes yes
POST /office/settings/shop                          door no  yes yes
GET /office/connections                             door yes yes yes
GET /office/connections/edit                        door yes yes yes
POST /office/connections/edit                       door no  yes yes
POST /office/connections/remove                     door no  yes yes
GET /office/keys                                    door yes yes yes
GET /office/keys/new                                door no  yes yes
POST /office/keys/new                               door no  yes yes
POST /office/keys/revoke                            door no  yes yes
"""
EXPECTED = {
    " ".join(words[:2]): dict(zip(WHO, words[2:], strict=True))
    for words in map(str.split, TABLE.strip().splitlines())
}
FORM = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


@pytest.fixture(scope="module")
def clients(served: Served, stage: Stage) -> Iterator[dict[str, httpx2.Client]]:
    made = {}
    for who in WHO:
        made[who] = served.client()
        made[who].headers["origin"] = served.url
        if who != "nobody":
            made[who].cookies.set("office_session", token_of(stage, Role(who)))
    yield made
    for client in made.values():
        client.close()


def test_the_table_names_every_route():
    assert set(routes(rooms.router)) == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_is_let_in_where_the_table_says(
    clients: dict[str, httpx2.Client], stage: Stage, name: str
):
    method, path = name.split()
    parts = {
        "{code}": "no-such-shop" if method == "POST" else "main",
        "{till_id}": "no-such-till" if method == "POST" else stage.till_id,
        "{account_id}": "nobody" if method == "POST" else stage.people[Role.AUDITOR],
        "{inbox_id}": "nothing",
        "{session_id}": "none",
        "{sale_id}": stage.sale_id,
        "{kind}": "csv",
        "{mark}": "0",
        "{name:path}": "office.css",
    }
    for part, value in parts.items():
        path = path.replace(part, value)
    told = {}
    for who, client in clients.items():
        if path == "/office/sign-out" and who != "nobody":
            told[who] = "yes"  # tried in test_door: here it would end the session of the others
            continue
        sent = {"form_token": token(client)} if method == "POST" else None
        answer = client.request(method, path, data=sent)
        told[who] = verdict(answer)
        assert answer.status_code < 500, (who, answer.text[:500])
    assert told == EXPECTED[name]


def test_an_auditor_sees_no_button_that_changes_anything(
    clients: dict[str, httpx2.Client], stage: Stage
):
    own = ("/office/sign-out", "/office/looks", "/office/password", "/office/account/")
    for name, path in paths_of(stage).items():
        page = clients["auditor"].get(path, follow_redirects=True).text
        forms = re.findall(r'<form method="post" action="([^"]+)"(.*?)</form>', page, re.DOTALL)
        found = [action for action, inside in forms if "<button" in inside]
        assert not [one for one in found if not one.startswith(own)], name


def test_the_menu_shows_only_what_a_role_may_see(clients: dict[str, httpx2.Client]):
    seen = {
        who: set(re.findall(r'<li><a href="(/office/[a-z]*)"', clients[who].get("/office/").text))
        for who in ("auditor", "owner")
    }
    assert seen["owner"] - seen["auditor"] == {"/office/people"}
    assert all(clients["auditor"].get(path).status_code == 200 for path in seen["auditor"])


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.startswith("POST")])
def test_no_form_is_taken_without_its_token(clients: dict[str, httpx2.Client], name: str):
    path = re.sub(r"\{[a-z_]+\}", "x", name.split()[1])
    answer = clients["owner"].post(path, data={})
    assert answer.status_code == 403
    assert "too old to be sent" in answer.text


def verdict(answer: httpx2.Response) -> str:
    if answer.headers.get("location", "").startswith("/office/sign-in"):
        return "door"
    return "no" if answer.status_code == 403 else "yes"


def token(client: httpx2.Client) -> str:
    return FORM.search(client.get("/office/sign-in").text)[1]


def routes(router: Any) -> Iterator[str]:
    for one in router.routes:
        if hasattr(one, "methods"):
            yield from (f"{method} {one.path}" for method in sorted(one.methods - {"HEAD"}))
        else:
            yield from routes(one.original_router)

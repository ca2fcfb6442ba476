"""Keys of the sales APIs as people at head office make them, see them and take them back."""

from collections.abc import Iterator

import httpx2
import pytest

from pos_app.server.api_keys import Api, NewKey, make_key
from pos_app.server.database import Office
from tests.server.offices import NOW
from tests.server.serving import Served, serve

KEYS = "/office/v1/keys"
WANTED = {"api": "retail", "shop": "main", "name": "web shop"}


@pytest.fixture
def served(sqlite_office: Office) -> Iterator[Served]:
    with serve(sqlite_office, now=lambda: NOW) as running:
        yield running


@pytest.fixture
def owner(served: Served) -> Iterator[httpx2.Client]:
    with served.as_owner() as client:
        yield client


def test_a_key_opens_its_api_from_when_it_is_made_until_it_is_revoked(
    served: Served, owner: httpx2.Client
):
    made = owner.post(KEYS, json=WANTED)
    assert made.status_code == 201
    sheet = made.json()
    assert (sheet["user"], sheet["rights"]) == ("admin", ["read", "write"])
    path = f"{sheet['path']}/list/{sheet['user']}/{sheet['key']}"
    with served.client() as client:
        assert client.get(path).json() == {"data": []}
        gone = owner.delete(f"{KEYS}/{sheet['id']}")
        assert (gone.status_code, gone.json()["state"]) == (200, "revoked")
        assert client.get(path).status_code == 401
    assert owner.delete(f"{KEYS}/{sheet['id']}").json()["state"] == "revoked"  # no harm done


def test_a_secret_is_shown_once_and_the_log_says_who_made_the_key(
    served: Served, owner: httpx2.Client
):
    sheet = owner.post(KEYS, json=WANTED | {"rights": ["read"], "user_name": "max"}).json()
    listed = owner.get(KEYS)
    (shown,) = listed.json()["items"]
    assert shown["id"] == sheet["id"]
    assert (shown["rights"], shown["user_name"], shown["used_at"]) == (["read"], "max", "")
    assert "owner@example.com" in shown["made_by"]
    log = owner.get("/office/v1/log")
    assert "API key made: retail" in {line["what"] for line in log.json()["items"]}
    with served.client() as client:
        client.get(f"{sheet['path']}/list/max/{sheet['key']}")
    assert owner.get(KEYS).json()["items"][0]["used_at"]
    for text in (listed.text, log.text):
        assert sheet["key"] not in text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"api": "telex"}, 422),
        ({"shop": "nowhere"}, 404),
        ({"name": ""}, 422),
        ({"name": "x" * 61}, 422),
        ({"name": "two\nlines"}, 422),
        ({"user_name": " "}, 422),
        ({"rights": []}, 422),
        ({"rights": ["rule"]}, 422),
        ({"more": 1}, 422),
    ],
)
def test_a_key_that_cannot_be_is_not_made(
    owner: httpx2.Client, changed: dict[str, object], status: int
):
    assert owner.post(KEYS, json=WANTED | changed).status_code == status
    assert owner.get(KEYS).json()["items"] == []


def test_pages_of_keys_are_walked_to_the_end(owner: httpx2.Client):
    made = [owner.post(KEYS, json=WANTED | {"name": f"key {n}"}).json()["id"] for n in range(5)]
    seen, after = [], ""
    while True:
        page = owner.get(KEYS, params={"limit": 2, "after": after}).json()
        seen += [key["id"] for key in page["items"]]
        after = page["next"]
        if not after:
            break
    assert seen == sorted(made)


def test_no_key_looks_like_an_option_of_a_command_line(sqlite_office: Office, company_id: str):
    new = NewKey(Api.SALES, "main", "many")
    with sqlite_office.company(company_id) as connection:
        made = [make_key(connection, company_id, new, "test", NOW) for _ in range(400)]
    assert not [one for one in made if one.secret.startswith("-")]

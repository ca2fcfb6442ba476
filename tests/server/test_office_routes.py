"""Every route for people, as every role and as somebody of another company, over real HTTP."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from fastapi.routing import APIRoute

from pos_app.server import app as whole_app
from pos_app.server import (
    catalogue_routes,
    company_routes,
    day_routes,
    key_routes,
    people_routes,
    review_routes,
    stock_routes,
)
from pos_app.server.companies import Founding, found_company
from pos_app.server.database import Office, open_office
from pos_app.server.roles import PERMISSIONS, Action, Role
from pos_app.server.visitors import Permit
from pos_app.store.store import Store
from tests.server.offices import NOW, PASSWORD, SHOP, Template, enrolled_till
from tests.server.postgres import PostgresServer
from tests.server.serving import Served, add_person, serve
from tests.server.test_routes_by_role import OF_APIS
from tests.store.shops import new_store

PUBLIC = {"/office/v1/sign-in", "/health/live", "/health/ready", "/metrics"}
ROOMS = (
    people_routes,
    company_routes,
    review_routes,
    catalogue_routes,
    key_routes,
    stock_routes,
    day_routes,
    whole_app,
)
ROUTES = [
    (min(route.methods), route)
    for room in ROOMS
    for route in room.router.routes
    if isinstance(route, APIRoute)
]
NAMES = [f"{method} {route.path}" for method, route in ROUTES]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "shop.db") as opened:
        yield opened


def permit_of(route: APIRoute) -> Permit | None:
    found = [one.call for one in route.dependant.dependencies if isinstance(one.call, Permit)]
    return found[0] if found else None


@pytest.fixture(scope="module")
def served(postgres_server: PostgresServer, postgresql_template: Template) -> Iterator[Served]:
    with postgres_server.database(postgresql_template.place) as database:
        office = open_office(database.url)
        for role in Role:
            add_person(office, postgresql_template.founded.company_id, role)
        with serve(office) as running:
            yield running
        office.close()


@pytest.fixture(scope="module")
def people(served: Served) -> Iterator[dict[Role | str, httpx2.Client]]:
    """A client of each role, of nobody, and of somebody with a token that nobody gave out."""
    with contextlib.ExitStack() as open_clients:
        tokens = {role: served.sign_in(f"the.{role}@example.com") for role in Role}
        others = {"nobody": "", "stranger": "x" * 43}
        yield {
            name: open_clients.enter_context(served.client(token))
            for name, token in {**tokens, **others}.items()
        }


def path_of(route: APIRoute) -> str:
    path = route.path
    for name, value in (("{kind}", "product"), ("{code}", "none")):
        path = path.replace(name, value)
    while "{" in path:
        before, _, rest = path.partition("{")
        path = before + "none" + rest.partition("}")[2]
    return path


def test_the_description_names_every_route_and_only_these_are_public(served: Served):
    described = set(served.app.openapi()["paths"])
    people = {path for path in described if not path.startswith(("/sync/", *OF_APIS))}
    assert {route.path for _, route in ROUTES} | PUBLIC == people
    unguarded = {route.path for _, route in ROUTES if permit_of(route) is None}
    assert unguarded == {"/office/v1/sign-in"}


@pytest.mark.parametrize(("method", "route"), ROUTES, ids=NAMES)
def test_a_route_lets_in_whom_the_table_names_and_nobody_else(
    people: dict[Role | str, httpx2.Client], method: str, route: APIRoute
):
    permit = permit_of(route)
    if permit is None:
        return
    body = None if method == "GET" else {}
    for name in ("nobody", "stranger"):
        refused = people[name].request(method, path_of(route), json=body)
        assert (refused.status_code, refused.json()["code"]) == (401, "unauthorised"), name
    if permit.action is None:
        return
    for role in Role:
        answer = people[role].request(method, path_of(route), json=body)
        if permit.action in PERMISSIONS[role]:
            assert answer.status_code in {200, 201, 404, 422}, (role, answer.text)
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), role


def test_an_owner_may_all_and_an_auditor_changes_nothing():
    assert PERMISSIONS[Role.OWNER] == set(Action)
    assert all(action.startswith("see") for action in PERMISSIONS[Role.AUDITOR])
    for method, route in ROUTES:
        permit = permit_of(route)
        if method != "GET" and permit is not None and permit.action is not None:
            assert permit.action not in PERMISSIONS[Role.AUDITOR], route.path


def test_nothing_of_another_company_is_listed_shown_or_changed(
    office: Office, company_id: str, store: Store
):
    till = enrolled_till(office, company_id, store)
    found_company(office, Founding("Hill", "hill@example.com", PASSWORD, shop="hill"), NOW)
    with serve(office) as served, served.as_owner() as ours:
        with served.client(served.sign_in("hill@example.com")) as theirs:
            me = ours.get("/office/v1/me").json()["id"]
            assert theirs.get("/office/v1/company").json()["name"] == "Hill"
            assert [shop["code"] for shop in items(theirs, "shops")] == ["hill"]
            assert items(theirs, "tills") == []
            assert len(items(ours, "tills")) == 1
            assert me not in {account["id"] for account in items(theirs, "accounts")}
            assert all("Harbour" not in str(line) for line in items(theirs, "log"))
            for method, path, body in (
                ("GET", f"tills/{till.till_id}", None),
                ("POST", f"tills/{till.till_id}/revoke", {}),
                ("GET", f"shops/{SHOP}", None),
                ("PATCH", f"shops/{SHOP}", {"name": "Mine now"}),
                ("POST", "enrolment-codes", {"shop": SHOP}),
                ("GET", f"accounts/{me}", None),
                ("PATCH", f"accounts/{me}", {"state": "stopped"}),
                ("POST", f"accounts/{me}/password", {}),
            ):
                answer = theirs.request(method, f"/office/v1/{path}", json=body)
                assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
        assert ours.get(f"/office/v1/tills/{till.till_id}").json()["state"] == "active"
        assert ours.get(f"/office/v1/shops/{SHOP}").json()["name"] == "Main shop"


def test_a_revoked_till_loses_its_tokens_and_comes_back(
    office: Office, company_id: str, store: Store
):
    till = enrolled_till(office, company_id, store)
    with serve(office) as served, served.as_owner() as owner:
        path = f"/office/v1/tills/{till.till_id}"
        assert owner.post(f"{path}/revoke").json()["state"] == "revoked"
        assert owner.post(f"{path}/restore").json()["state"] == "active"
        assert tokens_of(office, till.till_id) == 0
        what = [line["what"] for line in items(owner, "log")]
    assert what[:2] == ["till restored", "till revoked"]


def test_a_revoked_till_stays_out_while_another_machine_has_its_number(
    office: Office, company_id: str, store: Store
):
    lost = enrolled_till(office, company_id, store)
    with serve(office) as served, served.as_owner() as owner:
        path = f"/office/v1/tills/{lost.till_id}"
        owner.post(f"{path}/revoke")
        enrolled_till(office, company_id, store)
        refused = owner.post(f"{path}/restore")
        assert (refused.status_code, refused.json()["code"]) == (409, "refused")
        assert "Revoke that one first" in refused.json()["message"]
        assert owner.get(path).json()["state"] == "revoked"


def test_a_list_is_paged_in_a_stable_order(office: Office):
    with serve(office) as served, served.as_owner() as owner:
        for code in ("quay", "alley", "zoo", "hill"):
            made = owner.post("/office/v1/shops", json={"code": code, "name": code.title()})
            assert made.status_code == 201
        again = owner.post("/office/v1/shops", json={"code": "zoo", "name": "Other"})
        assert (again.status_code, again.json()["code"]) == (409, "refused")
        found, after = [], ""
        while True:
            page = owner.get("/office/v1/shops", params={"after": after, "limit": 2}).json()
            found += [shop["code"] for shop in page["items"]]
            after = page["next"]
            if not after:
                break
        assert found == ["alley", "hill", SHOP, "quay", "zoo"]
        for limit in (0, 501):
            refused = owner.get("/office/v1/shops", params={"limit": limit})
            assert (refused.status_code, refused.json()["code"]) == (422, "bad_request")


def items(client, name: str) -> list:
    return client.get(f"/office/v1/{name}").json()["items"]


def tokens_of(office: Office, till_id: str) -> int:
    from sqlalchemy import func, select

    from pos_app.server.tables import doors

    with office.shared() as connection:
        wanted = select(func.count()).where(doors.c.subject == till_id)
        return connection.execute(wanted).scalar_one()

"""Signing in at head office over real HTTP: right, wrong, limited, stopped and expired."""

from datetime import timedelta
from time import thread_time

import pytest

from pos_app.server.accounts import SignInWrong, set_password, sign_in
from pos_app.server.companies import Founded
from pos_app.server.database import Office
from pos_app.server.roles import Role
from pos_app.server.settings import Rate, ServerSettings
from tests.server.offices import EMAIL, NOW, PASSWORD
from tests.server.serving import Served, add_person, serve


class Clock:
    """Head office's clock, moved by hand."""

    def __init__(self) -> None:
        self.now, self.s = NOW, 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def served(sqlite_office: Office, clock: Clock):
    with serve(sqlite_office, now=clock, clock=lambda: clock.s) as running:
        yield running


def test_who_signs_in_is_named_and_signs_out_again(served: Served, founded):
    with served.as_owner() as owner:
        answer = owner.get("/office/v1/me")
        assert answer.json() | {"id": "", "made_at": ""} == {
            "id": "",
            "company_id": founded.company_id,
            "email": EMAIL,
            "name": "Owner",
            "role": "owner",
            "state": "active",
            "made_at": "",
        }
        assert owner.post("/office/v1/sign-out").status_code == 204
        gone = owner.get("/office/v1/me")
    assert (gone.status_code, gone.json()["code"]) == (401, "unauthorised")


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(served: Served):
    with served.client() as client:
        wrong, unknown = (
            client.post("/office/v1/sign-in", json={"email": email, "password": "not this one"})
            for email in (EMAIL, "nobody@example.com")
        )
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() | {"request_id": ""} == unknown.json() | {"request_id": ""}
    assert {*wrong.headers} == {*unknown.headers}


def test_an_unknown_name_costs_as_much_work_as_a_wrong_password(
    sqlite_office: Office, founded: Founded
):
    with sqlite_office.company(founded.company_id) as connection:  # as it is kept in earnest
        set_password(
            connection, founded.company_id, founded.owner_id, "an owner's own", is_own=True
        )

    def work_s(email: str) -> float:
        began_s = thread_time()
        with pytest.raises(SignInWrong):
            sign_in(sqlite_office, email, "not this one", NOW)
        return thread_time() - began_s

    wrong_s = min(work_s(EMAIL) for _ in range(3))
    unknown_s = min(work_s("nobody@example.com") for _ in range(3))
    assert unknown_s > wrong_s / 3  # a look-up alone is a twentieth


def test_an_email_signs_in_however_it_is_written(served: Served):
    assert served.sign_in(f"  {EMAIL.upper()} ")


def test_a_session_ends_after_twelve_hours(served: Served, clock: Clock):
    with served.as_owner() as owner:
        clock.now += timedelta(hours=11, minutes=59)
        assert owner.get("/office/v1/me").status_code == 200
        clock.now += timedelta(minutes=2)
        assert owner.get("/office/v1/me").status_code == 401


def test_who_tries_too_often_waits_and_the_right_password_waits_too(served: Served, clock: Clock):
    with served.client() as client:
        for _ in range(10):
            tried = client.post("/office/v1/sign-in", json={"email": EMAIL, "password": "guess"})
            assert tried.status_code == 401
        asked = {"email": EMAIL, "password": PASSWORD}
        late = client.post("/office/v1/sign-in", json=asked)
        assert (late.status_code, late.json()["code"]) == (429, "busy")
        assert int(late.headers["Retry-After"]) == 10
        clock.s += 10
        assert client.post("/office/v1/sign-in", json=asked).status_code == 200


def test_an_address_that_knocks_too_often_waits(sqlite_office: Office):
    settings = ServerSettings(door=Rate(2, 0.01))
    with serve(sqlite_office, settings, clock=lambda: 0.0) as served, served.client() as client:
        codes = [
            client.post("/office/v1/sign-in", json={"email": f"{n}@b.c", "password": "x"})
            for n in range(3)
        ]
    assert [answer.status_code for answer in codes] == [401, 401, 429]
    assert codes[2].headers["Retry-After"] == "100"


def test_who_is_stopped_is_out_at_once_and_stays_out(served: Served, company_id: str):
    with served.as_role(Role.MANAGER, company_id) as manager, served.as_owner() as owner:
        person = manager.get("/office/v1/me").json()["id"]
        stopped = owner.patch(f"/office/v1/accounts/{person}", json={"state": "stopped"})
        assert stopped.json()["state"] == "stopped"
        assert manager.get("/office/v1/me").status_code == 401
        again = owner.post(
            "/office/v1/sign-in", json={"email": "the.manager@example.com", "password": PASSWORD}
        )
        assert again.status_code == 401


def test_a_new_person_chooses_a_password_before_anything_else(served: Served):
    with served.as_owner() as owner:
        asked = {"email": "new@example.com", "name": "New", "role": "manager"}
        made = owner.post("/office/v1/accounts", json=asked)
        assert made.status_code == 201
        again = owner.post("/office/v1/accounts", json=asked)
        assert (again.status_code, again.json()["code"]) == (409, "refused")
        assert "new@example.com" in again.json()["message"]
    one_time = made.json()["password"]
    with served.client(served.sign_in("new@example.com", one_time)) as person:
        first = person.get("/office/v1/shops")
        assert (first.status_code, first.json()["code"]) == (403, "password_first")
        own = {"password": one_time, "new_password": "my very own words"}
        wrong = person.post("/office/v1/me/password", json=own | {"password": "no"})
        assert wrong.status_code == 401
        assert person.post("/office/v1/me/password", json=own).status_code == 204
        assert person.get("/office/v1/shops").status_code == 200
    assert served.sign_in("new@example.com", "my very own words")


def test_a_reset_password_ends_every_session(served: Served, company_id: str):
    with served.as_role(Role.AUDITOR, company_id) as auditor, served.as_owner() as owner:
        person = auditor.get("/office/v1/me").json()["id"]
        made = owner.post(f"/office/v1/accounts/{person}/password").json()
        assert auditor.get("/office/v1/me").status_code == 401
    assert made["account"]["state"] == "invited"
    assert served.sign_in("the.auditor@example.com", made["password"])


def test_the_last_owner_can_neither_go_nor_be_made_less(served: Served, company_id: str):
    with served.as_owner() as owner:
        me = owner.get("/office/v1/me").json()["id"]
        for change in ({"role": "auditor"}, {"state": "stopped"}):
            refused = owner.patch(f"/office/v1/accounts/{me}", json=change)
            assert (refused.status_code, refused.json()["code"]) == (409, "refused")
        add_person(served.office, company_id, Role.OWNER, "second@example.com")
        assert owner.patch(f"/office/v1/accounts/{me}", json={"role": "auditor"}).is_success

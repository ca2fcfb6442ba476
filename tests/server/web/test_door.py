"""The door of the pages: password, second step, sessions, and everything that must not open it."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import pyotp
import pytest

from pos_app.server.accounts import list_accounts
from pos_app.server.database import Office
from pos_app.server.roles import Role
from pos_app.server.second_step import begin_second_step, confirm_second_step
from pos_app.server.settings import ServerSettings
from tests.server.offices import EMAIL, NOW, PASSWORD
from tests.server.serving import Served, add_person, serve
from tests.server.web.conftest import UNLIMITED

FORM = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


class Clock:
    """Head office's clock, moved by hand."""

    def __init__(self) -> None:
        self.now, self.s = NOW, 0.0

    def __call__(self):
        return self.now

    def later(self, **more: float) -> None:
        self.now += timedelta(**more)
        self.s += timedelta(**more).total_seconds()


class Browser:
    """A browser without scripts: it keeps cookies and sends forms with their token."""

    def __init__(self, served: Served) -> None:
        self.served, self.client = served, served.client()
        self.client.headers["origin"] = served.url

    def token(self, path: str = "/office/sign-in") -> str:
        return FORM.search(self.client.get(path, follow_redirects=True).text)[1]

    def post(self, path: str, page: str = "/office/account", **fields: str) -> httpx2.Response:
        sent = {"form_token": self.token(page), **fields}
        return self.client.post(path, data=sent)

    def sign_in(self, password: str = PASSWORD, **more: str) -> httpx2.Response:
        fields = {"email": EMAIL, "password": password, **more}
        return self.post("/office/sign-in", "/office/sign-in", **fields)

    def status(self, path: str = "/office/") -> int:
        return self.client.get(path).status_code


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def served(sqlite_office: Office, clock: Clock):
    with serve(sqlite_office, UNLIMITED, now=clock, clock=lambda: clock.s) as running:
        yield running


@pytest.fixture
def person(served: Served):
    made = Browser(served)
    yield made
    made.client.close()


def second_step(office: Office, founded: Any) -> tuple[pyotp.TOTP, list[str]]:
    """Set a second step up for the owner; its first code is used by that."""
    with office.company(founded.company_id) as connection:
        offer = begin_second_step(connection, founded.company_id, founded.owner_id, EMAIL)
        totp = pyotp.TOTP(offer.secret)
        code = totp.at(NOW)
        codes = confirm_second_step(connection, founded.company_id, founded.owner_id, code, NOW)
    return totp, list(codes)


def test_a_password_opens_the_door_and_signing_out_shuts_it(person: Browser):
    assert person.client.get("/office/").headers["location"] == "/office/sign-in"
    answer = person.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/office/")
    assert person.status() == 200
    assert person.post("/office/sign-out").status_code == 303
    assert person.status() == 303


def test_a_session_is_in_a_cookie_that_no_script_reads_and_no_other_site_sends(person: Browser):
    cookie = person.sign_in().headers["set-cookie"]
    assert cookie.startswith("office_session=")
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))


def test_under_https_the_cookie_is_bound_to_its_host(sqlite_office: Office):
    settings = ServerSettings(public_url="https://office.example")
    with serve(sqlite_office, settings, now=lambda: NOW) as running:
        safe = Browser(running)
        safe.client.headers |= {"host": "office.example", "origin": "https://office.example"}
        answer = safe.client.get("/office/sign-in")
        cookie = answer.headers["set-cookie"]
        guest = re.match(r"(__Host-office_guest=[^;]+)", cookie)[1]
        sent = {"email": EMAIL, "password": PASSWORD, "form_token": FORM.search(answer.text)[1]}
        answer = safe.client.post("/office/sign-in", data=sent, headers={"cookie": guest})
        assert answer.status_code == 303, answer.text
        cookie = answer.headers["set-cookie"]
        safe.client.close()
    assert cookie.startswith("__Host-office_session=")
    assert "Secure" in cookie.split("; ")


def test_each_sign_in_gets_another_token_and_ends_the_one_before(person: Browser):
    person.sign_in()
    first = person.client.cookies["office_session"]
    person.sign_in()
    assert person.client.cookies["office_session"] != first
    old = {"cookie": f"office_session={first}"}
    with person.served.client() as thief:
        assert thief.get("/office/", headers=old).status_code == 303


def test_a_wrong_password_says_so_at_the_same_page_and_keeps_the_address(person: Browser):
    answer = person.sign_in("not this one")
    assert answer.status_code == 401
    assert "Email or password is wrong" in answer.text
    assert f'value="{EMAIL}"' in answer.text
    assert "not this one" not in answer.text


def test_after_twelve_hours_a_session_is_over(person: Browser, clock: Clock):
    person.sign_in()
    clock.later(hours=12, seconds=1)
    answer = person.client.get("/office/log?after=x")
    assert answer.headers["location"] == "/office/sign-in?next=%2Foffice%2Flog%3Fafter%3Dx"
    assert person.sign_in(next="/office/log?after=x").headers["location"] == "/office/log?after=x"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/office/",
        "//evil.example/office/",
        "/\\evil.example",
        "/office//evil.example/",
        "/office/../../evil",
        "javascript:alert(1)",
        "/office/\r\nSet-Cookie: a=b",
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(person: Browser, target: str):
    assert person.sign_in(next=target).headers["location"].startswith("/office/")
    assert "evil.example" not in person.sign_in(next=target).headers["location"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 303),
        ({"form_token": "0" * 64}, 403),
        ({"form_token": ""}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
def test_only_forms_of_our_own_pages_change_anything(
    person: Browser, change: dict[str, str], status: int
):
    person.sign_in()
    token = change.pop("form_token", None)
    sent = {"form_token": person.token("/office/account") if token is None else token}
    answer = person.client.post("/office/sign-out", data=sent, headers=change)
    assert answer.status_code == status
    assert person.status() == (303 if status == 303 else 200)


def test_the_token_of_another_session_opens_no_form(person: Browser, served: Served):
    person.sign_in()
    other = Browser(served)
    other.sign_in()
    sent = {"form_token": other.token("/office/account")}
    assert person.client.post("/office/sign-out", data=sent).status_code == 403
    other.client.close()


def test_the_second_step_is_set_up_with_a_code_and_asked_for_from_then_on(
    person: Browser, clock: Clock
):
    person.sign_in()
    refused = person.post("/office/account/second-step", password="not mine at all")
    assert refused.status_code == 422
    assert person.post("/office/account/second-step", password=PASSWORD).status_code == 303
    page = person.client.get("/office/account/second-step").text
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    totp = pyotp.TOTP(secret)
    wrong = person.post("/office/account/second-step/confirm", code="000000")
    assert wrong.status_code == 422
    done = person.post("/office/account/second-step/confirm", code=totp.at(clock.now))
    codes = re.findall(r"<li><code>([0-9A-Z-]{11})</code>", done.text)
    assert len(set(codes)) == 10
    assert person.client.get("/office/account/second-step").status_code == 409, "shown once more"
    person.post("/office/sign-out")
    clock.later(seconds=30)
    answer = person.sign_in(next="/office/log")
    assert answer.headers["location"] == "/office/sign-in/code?next=%2Foffice%2Flog"
    assert person.status() == 303, "the password alone opened the door"
    code = totp.at(clock.now)
    answer = person.post(
        "/office/sign-in/code", "/office/sign-in/code", code=code, next="/office/log"
    )
    assert answer.headers["location"] == "/office/log"
    assert person.status() == 200


def test_a_code_works_once(served: Served, sqlite_office: Office, founded: Any, clock: Clock):
    totp, _ = second_step(sqlite_office, founded)
    clock.later(seconds=30)
    code = totp.at(clock.now)
    for status in (303, 401):
        one = Browser(served)
        one.sign_in()
        answer = one.post("/office/sign-in/code", "/office/sign-in/code", code=code)
        assert answer.status_code == status
        one.client.close()


def test_the_code_that_set_the_second_step_up_opens_nothing(
    person: Browser, sqlite_office: Office, founded: Any
):
    totp, _ = second_step(sqlite_office, founded)
    person.sign_in()
    answer = person.post("/office/sign-in/code", "/office/sign-in/code", code=totp.at(NOW))
    assert answer.status_code == 401


def test_a_recovery_code_works_once_in_place_of_the_phone(
    served: Served, sqlite_office: Office, founded: Any
):
    _, codes = second_step(sqlite_office, founded)
    typed = codes[0].lower().replace("-", " ")
    for status in (303, 401):
        one = Browser(served)
        one.sign_in()
        answer = one.post("/office/sign-in/code", "/office/sign-in/code", code=typed)
        assert answer.status_code == status
        one.client.close()


def test_programs_cannot_go_around_the_second_step(
    served: Served, sqlite_office: Office, founded: Any, clock: Clock
):
    totp, codes = second_step(sqlite_office, founded)
    clock.later(seconds=30)
    body = {"email": EMAIL, "password": PASSWORD}
    with served.client() as client:
        alone = client.post("/office/v1/sign-in", json=body)
        wrong = client.post("/office/v1/sign-in", json=body | {"code": "000000"})
        right = client.post("/office/v1/sign-in", json=body | {"code": totp.at(clock.now)})
        again = client.post("/office/v1/sign-in", json=body | {"code": totp.at(clock.now)})
        spare = client.post("/office/v1/sign-in", json=body | {"code": codes[3]})
        erp = client.post("/api/v1/auth/login", json={"username": EMAIL, "password": PASSWORD})
    told = [(one.status_code, one.json().get("code", "")) for one in (alone, wrong, again)]
    assert told == [(401, "code_needed"), (401, "code_wrong"), (401, "code_wrong")]
    assert (right.status_code, spare.status_code) == (200, 200)
    assert erp.status_code >= 400, "the sales API let the password in alone"


def test_guessing_codes_has_to_wait_longer_and_longer(
    person: Browser, sqlite_office: Office, founded: Any, clock: Clock
):
    totp, _ = second_step(sqlite_office, founded)
    clock.later(seconds=30)
    person.sign_in()

    def give(code: str) -> int:
        path = "/office/sign-in/code"
        return person.post(path, path, code=code).status_code

    assert [give("000000") for _ in range(5)] == [401] * 5
    assert give(totp.at(clock.now)) == 429, "a right code while one has to wait"
    clock.later(seconds=31)
    assert give("000000") == 401
    clock.later(seconds=31)
    assert give(totp.at(clock.now)) == 429
    clock.later(seconds=31)
    assert give(totp.at(clock.now)) == 303


def test_the_password_step_is_worth_five_minutes(
    person: Browser, sqlite_office: Office, founded: Any, clock: Clock
):
    totp, _ = second_step(sqlite_office, founded)
    person.sign_in()
    clock.later(minutes=5, seconds=1)
    assert person.client.get("/office/sign-in/code").headers["location"] == "/office/sign-in"
    assert totp.at(clock.now)


def test_the_secret_is_kept_sealed_and_recovery_codes_as_hashes(
    sqlite_office: Office, founded: Any, sqlite_url: str
):
    totp, codes = second_step(sqlite_office, founded)
    with sqlite_office.engine.connect() as connection:
        rows = [
            str(tuple(row))
            for table in ("second_steps", "recovery_codes", "log", "doors")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    text = "\n".join(rows)
    assert text.count("\n") > 10
    assert not any(secret in text for secret in (totp.secret, *codes))


def test_signing_out_everywhere_ends_every_other_session(person: Browser, served: Served):
    other = Browser(served)
    other.sign_in()
    person.sign_in()
    page = person.client.get("/office/account").text
    assert page.count("This session") == 1
    assert page.count("/end") == 1
    person.post("/office/account/sign-out-everywhere")
    assert (person.status(), other.status()) == (200, 303)
    other.client.close()


def test_who_has_a_one_time_password_chooses_their_own_first(person: Browser, served: Served):
    person.sign_in()
    made = person.post("/office/people/new", name="Ben", email="ben@example.com", role="manager")
    password = re.search(r'class="secret">([a-z0-9-]+)<', made.text)[1]
    ben = Browser(served)
    fields = {"email": "ben@example.com", "password": password}
    ben.post("/office/sign-in", "/office/sign-in", **fields)
    assert ben.client.get("/office/log").headers["location"] == "/office/password"
    own = "a password of his own"
    done = ben.post(
        "/office/password", "/office/password", password=password, new_password=own, new_again=own
    )
    assert done.headers["location"] == "/office/"
    assert ben.status() == 200
    ben.client.close()


def test_an_owner_resets_the_second_step_of_who_lost_their_phone(
    person: Browser, sqlite_office: Office, founded: Any, served: Served
):
    email = add_person(sqlite_office, founded.company_id, Role.MANAGER)
    other = Browser(served)
    other.sign_in(email=email)
    with sqlite_office.company(founded.company_id) as connection:
        found = list_accounts(connection, founded.company_id, "", 10)
        manager = next(one.id for one in found if one.email == email)
        offer = begin_second_step(connection, founded.company_id, manager, email)
        code = pyotp.TOTP(offer.secret).at(NOW)
        confirm_second_step(connection, founded.company_id, manager, code, NOW)
    person.sign_in()
    person.post(f"/office/people/{manager}/second-step/drop")
    assert other.status() == 303, "their sessions go on"
    assert other.sign_in(email=email).headers["location"] == "/office/"
    other.client.close()


def test_trying_passwords_is_limited(sqlite_office: Office, clock: Clock):
    with serve(sqlite_office, now=clock, clock=lambda: clock.s) as running:
        thief = Browser(running)
        told = [thief.sign_in(f"guess {number}").status_code for number in range(11)]
        thief.client.close()
    assert told == [401] * 10 + [429]


def test_static_files_are_kept_by_their_content_and_nothing_else_is_sent(served: Served):
    with served.client() as client:
        page = client.get("/office/sign-in").text
        sheet = re.search(r'href="(/office/static/[0-9a-f]{16}/office\.css)"', page)[1]
        answer = client.get(sheet)
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"].startswith("text/css")
        old = client.get("/office/static/0000000000000000/office.css")
        assert old.headers["cache-control"] == "no-cache"
        for path in ("../app.py", "..%2fapp.py", "layout.html", "fonts/../../app.py", ""):
            assert client.get(f"/office/static/0/{path}").status_code == 404, path


def test_a_session_says_when_somebody_was_last_there(person: Browser, clock: Clock):
    person.sign_in()
    clock.later(hours=2)
    person.client.get("/office/log")
    clock.later(minutes=4)  # within the minutes in which nothing is written anew
    page = person.client.get("/office/account").text
    assert "4 minutes ago" in page

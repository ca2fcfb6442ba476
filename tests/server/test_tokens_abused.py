"""Codes, tokens and sessions in the wrong hands, over real HTTP; and no secret is ever written."""

import itertools
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, inspect, text

from pos_app.server.database import Office
from pos_app.server.logs import JsonLines
from pos_app.server.roles import Role
from pos_app.server.settings import Rate
from pos_app.sync import wire
from tests.server.offices import NOW, PASSWORD, SHOP
from tests.server.paper_tills import PaperTill, code_for
from tests.server.serving import Served, add_person, serve
from tests.server.two_companies import UNLIMITED

BODY = {"Content-Type": "application/json"}


@dataclass
class Clock:
    """Head office's clock, moved by hand; its seconds for rate limits stand still."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Door:
    """A served head office and everything that it ever answered."""

    served: Served
    client: httpx2.Client
    company_id: str
    clock: Clock
    answers: list[httpx2.Response] = field(default_factory=list)

    def post(self, path: str, body: Any, **headers: str) -> httpx2.Response:
        """Send a body as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._kept(self.client.post(path, content=content, headers=BODY | headers))

    def get(self, path: str, token: str) -> httpx2.Response:
        """Ask as somebody with a token."""
        return self._kept(self.client.get(path, headers={"Authorization": f"Bearer {token}"}))

    def enrol(self, till: PaperTill, code: str) -> httpx2.Response:
        """Enrol a till by a code."""
        return self.post("/sync/v1/enrol", wire.encode(till.enrolment(code)))

    def enrolled(self, number: str = "1") -> PaperTill:
        """Return a new till that was let in."""
        till = PaperTill(number=number)
        till.tell("store_opened", {"public_key": till.public_key})
        answer = self.enrol(till, code_for(self.served.office, self.company_id, now=self.clock()))
        assert answer.status_code == 200, answer.text
        till.keep(wire.decode(wire.Enrolled, answer.content))
        return till

    def ask(self, till: PaperTill, method: str, name: str, body: Any = None, **more: Any) -> Any:
        """Ask as a till, which signs."""
        return self.send(till.request(method, name, body, now=self.clock(), **more))

    def send(self, request: Any) -> httpx2.Response:
        """Send what was signed."""
        headers = {name: value for name, value in request.headers.items() if value != "Bearer "}
        return self._kept(
            self.client.request(
                request.method, request.target, content=request.body, headers=headers
            )
        )

    def _kept(self, answer: httpx2.Response) -> httpx2.Response:
        self.answers.append(answer)
        return answer


def said(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"] if answer.status_code >= 400 else ""


@pytest.fixture
def door(office: Office, company_id: str) -> Iterator[Door]:
    clock = Clock()
    with serve(office, UNLIMITED, now=clock) as served, served.client() as client:
        yield Door(served, client, company_id, clock)


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What every logger would write, as head office writes it."""
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not record.name.startswith("http"):  # the client of these tests
                written.append(self.format(record))

    handler, root = Kept(), logging.getLogger()
    handler.setFormatter(JsonLines())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_code_lets_one_machine_in_and_only_while_it_is_good(door: Door):
    code = code_for(door.served.office, door.company_id)
    first, second = PaperTill(number="1"), PaperTill(number="2")
    assert said(door.enrol(first, code)) == (200, "")
    assert said(door.enrol(second, code)) == (403, "code_used")
    old = code_for(door.served.office, door.company_id)
    door.clock.now += timedelta(days=1, seconds=1)
    assert said(door.enrol(second, old)) == (403, "code_expired")
    assert said(door.enrol(first, code)) == (403, "code_used")
    assert said(door.enrol(second, "00000-00000")) == (403, "code_wrong")


def test_somebody_elses_enrolment_is_no_use_without_their_key(door: Door):
    code = code_for(door.served.office, door.company_id)
    honest, thief = PaperTill(number="1"), PaperTill(number="9")
    copied = honest.enrolment(code)
    forged = wire.msgspec.structs.replace(copied, public_key=thief.public_key)
    assert said(door.post("/sync/v1/enrol", wire.encode(forged))) == (400, "bad_request")
    other = wire.msgspec.structs.replace(copied, till="7")
    assert said(door.post("/sync/v1/enrol", wire.encode(other))) == (400, "bad_request")
    assert said(door.enrol(honest, code)) == (200, "")


def test_whoever_guesses_codes_or_passwords_has_to_wait(office: Office, company_id: str):
    settings = replace(UNLIMITED, door=Rate(20, 0.01), name=Rate(5, 0.01))
    with (
        serve(office, settings, now=lambda: NOW, clock=lambda: 0.0) as served,
        served.client() as client,
    ):
        door = Door(served, client, company_id, Clock())
        guesses = [said(door.enrol(PaperTill(), f"0000{n:02}0000"))[0] for n in range(30)]
        assert guesses == [403] * 20 + [429] * 10
        good = code_for(office, company_id)
        late = door.enrol(PaperTill(), good)
        assert said(late) == (429, "busy")
        assert int(late.headers["Retry-After"]) >= 1


def test_what_was_overheard_works_no_second_time_and_for_nothing_else(door: Door):
    till = door.enrolled()
    till.sell(2)
    push = till.request("POST", "push", till.batch(), now=door.clock())
    for changes in (
        {"target": "/sync/v1/pull"},
        {"target": "/sync/v1/push?x=1"},
        {"method": "GET", "target": "/sync/v1/report", "body": b""},
        {"body": wire.encode(till.batch(1, 1))},
    ):
        assert said(door.send(replace(push, **changes))) == (401, "unauthorised")
    assert said(door.send(push)) == (200, "")
    assert said(door.send(push)) == (409, "replayed")
    door.clock.now += timedelta(seconds=301)
    assert said(door.send(push)) == (401, "clock")


def test_a_stolen_token_needs_the_key_and_opens_no_other_till(door: Door):
    till, other = door.enrolled("1"), door.enrolled("2")
    thief = PaperTill()
    for name, body in (("report", None), ("pull", wire.Pull())):
        method = "POST" if body else "GET"
        stolen = door.ask(till, method, name, body, key=thief.keys[1])
        assert said(stolen) == (401, "unauthorised")
        assert said(door.ask(other, method, name, body, access=till.access)) == (
            401,
            "unauthorised",
        )
    assert said(door.get("/office/v1/me", till.access)) == (401, "unauthorised")
    person = door.served.sign_in()
    assert said(door.ask(till, "GET", "report", access=person)) == (401, "unauthorised")
    assert said(door.ask(till, "GET", "report")) == (200, "")


def test_a_refresh_that_comes_again_ends_its_family_over_the_wire(door: Door):
    till = door.enrolled()
    old = till.copy()
    renewed = door.ask(till, "POST", "token", wire.Renewal(till.refresh), access="")
    tokens = wire.decode(wire.Tokens, renewed.content)
    till.access, till.refresh = tokens.access, tokens.refresh
    again = door.ask(old, "POST", "token", wire.Renewal(old.refresh), access="")
    assert again.status_code == 200  # the till's own key signed it: an answer was lost
    assert said(door.ask(till, "GET", "report")) == (401, "unauthorised")
    assert said(door.ask(old, "GET", "report")) == (401, "unauthorised")
    thief = PaperTill()
    stolen = door.ask(
        till, "POST", "token", wire.Renewal(till.refresh), access="", key=thief.keys[1]
    )
    assert said(stolen) == (401, "unauthorised")


def test_a_till_that_is_shut_out_is_out_with_its_next_request(door: Door):
    till = door.enrolled()
    till.sell(1)
    assert said(door.ask(till, "POST", "push", till.batch())) == (200, "")
    with door.served.as_owner() as owner:
        path = f"/office/v1/tills/{till.till_id}"
        with door.client.stream(
            "GET",
            "/sync/v1/events",
            headers=dict(till.request("GET", "events", now=door.clock()).headers),
        ) as news:
            heard = news.iter_text()
            assert "news follow" in next(heard)
            assert owner.post(f"{path}/revoke").status_code == 200
            unit = {"state": {"code": "pc", "name": "piece", "decimals": 0}}
            assert owner.put("/office/v1/catalogue/unit/pc", json=unit).is_success
            assert "revision" not in "".join(itertools.islice(heard, 3))
        till.sell(1)
        for method, name, body in (
            ("POST", "push", till.batch()),
            ("POST", "pull", wire.Pull()),
            ("GET", "report", None),
            ("GET", "wait?since=0", None),
            ("POST", "token", wire.Renewal(till.refresh)),
        ):
            assert said(door.ask(till, method, name, body)) == (403, "revoked"), name
        assert owner.post(f"{path}/restore").status_code == 200
        assert said(door.ask(till, "GET", "report")) == (401, "unauthorised")
        assert said(door.ask(till, "POST", "token", wire.Renewal(till.refresh))) == (
            401,
            "unauthorised",
        )
    assert said(door.enrol(till, code_for(door.served.office, door.company_id))) == (200, "")


def test_a_session_is_made_by_head_office_alone_and_ends_when_it_should(door: Door):
    chosen = "A" * 43
    asked = {"email": "owner@example.com", "password": PASSWORD}
    made = [
        door.post("/office/v1/sign-in", asked, Authorization=f"Bearer {chosen}").json()["token"]
        for _ in range(2)
    ]
    assert len({*made, chosen}) == 3
    assert said(door.get("/office/v1/me", chosen)) == (401, "unauthorised")
    assert door.post("/office/v1/sign-out", {}, Authorization=f"Bearer {made[0]}").is_success
    assert said(door.get("/office/v1/me", made[0])) == (401, "unauthorised")
    assert said(door.get("/office/v1/me", made[1])) == (200, "")
    door.clock.now += timedelta(hours=12)
    assert said(door.get("/office/v1/me", made[1])) == (401, "unauthorised")


def test_who_loses_a_role_or_is_stopped_notices_with_the_next_request(door: Door):
    email = add_person(door.served.office, door.company_id, Role.MANAGER)
    token = door.served.sign_in(email)
    assert said(door.post("/office/v1/enrolment-codes", {"shop": SHOP}, **bearer(token)))[0] == 201
    with door.served.as_owner() as owner:
        person = door.get("/office/v1/me", token).json()["id"]
        owner.patch(f"/office/v1/accounts/{person}", json={"role": "auditor"})
        made = door.post("/office/v1/enrolment-codes", {"shop": SHOP}, **bearer(token))
        assert said(made) == (403, "forbidden")
        owner.patch(f"/office/v1/accounts/{person}", json={"state": "stopped"})
        assert said(door.get("/office/v1/me", token)) == (401, "unauthorised")
        owner.patch(f"/office/v1/accounts/{person}", json={"state": "active"})
        assert said(door.get("/office/v1/me", token)) == (401, "unauthorised")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_no_secret_is_in_a_log_an_error_or_the_database(
    door: Door, lines: list[str], request: pytest.FixtureRequest
):
    secrets = {PASSWORD, "a wrong guess of theirs", "the very own words of them"}
    token = door.served.sign_in()
    secrets.add(token)
    code = door.post("/office/v1/enrolment-codes", {"shop": SHOP}, **bearer(token)).json()["code"]
    secrets |= {code, code.replace("-", "")}
    till = PaperTill(number="5")
    till.tell("store_opened", {"public_key": till.public_key})
    till.keep(wire.decode(wire.Enrolled, door.enrol(till, code).content))
    secrets |= {till.access, till.refresh}
    renewed = door.ask(till, "POST", "token", wire.Renewal(till.refresh), access="")
    tokens = wire.decode(wire.Tokens, renewed.content)
    secrets |= {tokens.access, tokens.refresh}
    asked = {"email": "new@example.com", "name": "New", "role": "auditor"}
    one_time = door.post("/office/v1/accounts", asked, **bearer(token)).json()["password"]
    secrets.add(one_time)
    new = {"password": one_time, "new_password": "the very own words of them"}
    theirs = door.served.sign_in("new@example.com", one_time)
    secrets.add(theirs)
    given_out = len(door.answers)
    assert door.post("/office/v1/me/password", new, **bearer(theirs)).is_success
    _go_wrong(door, till, code, token)
    door.served.app.add_api_route("/broken", _broken, methods=["POST"])
    assert said(door.post("/broken", {"password": PASSWORD}, **bearer(token))) == (500, "internal")
    until = time.monotonic() + 60  # a request's line is written after its answer was sent
    while not any('"/broken"' in line for line in list(lines)) and time.monotonic() < until:
        time.sleep(0.01)
    everything = "\n".join(lines)
    assert '"/broken"' in everything
    assert "sign-in" in everything
    for answer in door.answers[given_out:]:
        assert not [one for one in secrets if one in answer.text], answer.text
    assert not [one for one in secrets if one in everything]
    kept = "\n".join(whole_database(door.served.office, request))
    assert till.till_id in kept
    assert not [one for one in secrets if one in kept]


def _broken() -> None:
    raise ValueError(f"the password is {PASSWORD}")


def _go_wrong(door: Door, till: PaperTill, code: str, token: str) -> None:
    """Everything that a secret may stand in when it is refused."""
    wrong = {"email": "owner@example.com", "password": "a wrong guess of theirs"}
    assert said(door.post("/office/v1/sign-in", wrong))[0] == 401
    assert said(door.post("/office/v1/sign-in", {"email": 5, "pass": PASSWORD}))[0] == 422
    assert said(door.post("/office/v1/sign-in", f'{{"password": "{PASSWORD}'.encode()))[0] == 422
    short = {"password": PASSWORD, "new_password": PASSWORD[:5]}
    assert said(door.post("/office/v1/me/password", short, **bearer(token)))[0] == 422
    assert said(door.enrol(PaperTill(number="6"), code)) == (403, "code_used")
    assert said(door.get(f"/office/v1/tills/{till.access}", token))[1] == "not_found"
    assert said(door.get(f"/office/v1/shops?limit={token}", token))[0] == 422
    assert said(door.ask(till, "POST", "token", wire.Renewal(till.refresh + "x")))[0] == 401
    broken = f'{{"refresh": ["{till.refresh}"]}}'.encode()
    assert said(door.post("/sync/v1/token", broken))[0] == 400


def whole_database(office: Office, request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield every value of every table, whoever's it is."""
    from pos_app.server.database import open_engine

    url = office.engine.url.render_as_string(hide_password=False)
    if office.is_postgresql:
        url = url.replace("//pos@", "//postgres@")
    engine: Engine = open_engine(url)
    try:
        with engine.connect() as connection:
            for table in inspect(connection).get_table_names():
                for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                    for value in row:
                        yield (
                            bytes(value).decode("latin-1")
                            if isinstance(value, (bytes, memoryview))
                            else str(value)
                        )
    finally:
        engine.dispose()

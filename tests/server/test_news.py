"""News wake whoever waits, in this process and in others; over real HTTP."""

import json
import threading
import time
from datetime import datetime

import httpx2
import psycopg
import pytest
from sqlalchemy import insert

from pos_app.domain.facts import FactKind
from pos_app.server.database import Office
from pos_app.server.news import CHANNEL, News, Piece, Topic
from pos_app.server.stamps import utc_now
from pos_app.server.tables import things, tills
from pos_app.sync import wire
from tests.server.paper_tills import PaperTill, new_company
from tests.server.serving import Served, serve

LIMIT_S = 60.0


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


@pytest.fixture
def served(office: Office):
    with serve(office) as running:
        yield running


@pytest.fixture
def till(office: Office) -> PaperTill:
    till = PaperTill()
    till.tell(FactKind.STORE_OPENED, {"public_key": till.public_key}, at=utc_now())
    return till.enrol(office, new_company(office), now=utc_now())


def send(
    served: Served, till: PaperTill, method: str, name: str, body=None, now: datetime | None = None
) -> httpx2.Response:
    request = till.request(method, name, body, now=now or utc_now())
    with served.client() as client:
        return client.request(
            method, request.target, content=request.body, headers=dict(request.headers)
        )


def put_thing(office: Office, till: PaperTill, revision: int, shop: str = "") -> None:
    with office.company(till.company_id) as connection:
        connection.execute(
            insert(things),
            {
                "company_id": till.company_id,
                "kind": "product",
                "id": f"p{revision}{shop}",
                "revision": revision,
                "shop": shop,
                "state": "{}",
                "at": "",
            },
        )


def until(ready, what: str) -> None:
    end = time.monotonic() + LIMIT_S
    while not ready():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def test_news_reach_listeners_until_they_stop_listening(office):
    news, heard = News(office), []
    end = news.listen(heard.append)
    news.tell("company", Topic.ENTRIES)
    end()
    end()
    news.tell("company", Topic.THINGS)
    assert heard == [Piece(Topic.ENTRIES, "company")]


def test_news_reach_other_processes_over_postgresql(postgresql_office, postgresql_url):
    here, there, heard = News(postgresql_office), News(postgresql_office), []
    there.listen(heard.append)
    own = []
    here.listen(own.append)
    here.start()
    there.start()
    try:
        until(lambda: len(listening(postgresql_url)) == 2, "nobody listens")
        here.tell("one", Topic.THINGS)
        here.tell("two", Topic.ENTRIES)
        wanted = [Piece(Topic.THINGS, "one"), Piece(Topic.ENTRIES, "two")]
        until(lambda: len(heard) >= 2, "the other process heard nothing")
        assert heard == wanted
        assert own == wanted  # its own news do not come back to it
    finally:
        here.stop()
        there.stop()
    until(lambda: not listening(postgresql_url), "it listens for ever")


def test_news_come_again_after_the_database_was_away(postgresql_office, postgresql_url):
    here, there, heard = News(postgresql_office), News(postgresql_office), []
    there.listen(heard.append)
    there.start()
    try:
        until(lambda: listening(postgresql_url), "nobody listens")
        listening(postgresql_url, end=True)
        until(lambda: Piece(Topic.THINGS, "") in heard, "it does not come back")
        here.tell("one", Topic.THINGS)
        until(lambda: Piece(Topic.THINGS, "one") in heard, "it hears no more")
    finally:
        there.stop()


def listening(url: str, end: bool = False) -> list[int]:
    """Return the processes of the database that listen; with `end` cut their connections."""
    action = "pg_terminate_backend(pid)::int" if end else "pid"
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        rows = connection.execute(
            f"SELECT {action} FROM pg_stat_activity "
            "WHERE query = %s AND datname = current_database()",
            (f"LISTEN {CHANNEL}",),
        ).fetchall()
    return [row[0] for row in rows]


def test_what_is_there_already_is_answered_at_once_and_names_the_revision(office, served, till):
    put_thing(office, till, 7)
    answer = send(served, till, "GET", "wait?since=3")
    assert (answer.status_code, answer.json()) == (200, {"revision": 7})
    assert answer.headers["x-pos-office"] == "1"
    assert answer.headers["x-request-id"]


def test_a_waiting_till_is_woken_by_a_change_of_its_own_shop_only(office, served, till):
    put_thing(office, till, 1)
    answers = []
    thread = threading.Thread(
        target=lambda: answers.append(send(served, till, "GET", "wait?since=1"))
    )
    thread.start()
    news = served.app.state.serving.news
    put_thing(office, till, 2, shop="elsewhere")
    for _ in range(5):
        news.tell(till.company_id, Topic.THINGS)
        time.sleep(0.1)
    assert answers == []
    put_thing(office, till, 3)
    news.tell(till.company_id, Topic.THINGS)
    thread.join(LIMIT_S)
    assert answers[0].json() == {"revision": 3}


def test_a_server_that_stops_lets_the_waiting_go(office, till):
    answers = []
    with serve(office) as served:
        thread = threading.Thread(target=lambda: answers.append(send(served, till, "GET", "wait")))
        thread.start()
        waiting = served.app.state.serving
        until(lambda: waiting.metrics.running._value.get() >= 1, "the request did not come")
    thread.join(LIMIT_S)
    assert answers[0].status_code in {204, 503}


@pytest.mark.parametrize("name", ["wait", "events"])
def test_nobody_waits_without_a_token(served, till, name):
    with served.client() as client:
        answer = client.get(f"{wire.PREFIX}/{name}")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
    wrong = send(served, till, "GET", f"{name}?since=x")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad_request")


def test_events_tell_of_each_revision(office, served, till):
    put_thing(office, till, 5)
    request = till.request("GET", "events?since=1", now=utc_now())
    with (
        served.client() as client,
        client.stream("GET", request.target, headers=dict(request.headers)) as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert next_data(lines) == {"revision": 5}
        put_thing(office, till, 6)
        served.app.state.serving.news.tell(till.company_id, Topic.THINGS)
        assert next_data(lines) == {"revision": 6}


def next_data(lines) -> object:
    for line in lines:
        if line.startswith("data: "):
            return json.loads(line.removeprefix("data: "))
    raise AssertionError("the stream ended")


def test_a_till_enrols_pushes_pulls_and_renews_over_http(office, served, till):
    till.tell(FactKind.DRAWER_OPENED, {"note": "x" * 5000}, at=utc_now())  # long enough for gzip
    heard = []
    served.app.state.serving.news.listen(heard.append)
    answer = send(served, till, "POST", "push", till.batch())
    assert answer.status_code == 200, answer.text
    pushed = wire.decode(wire.Pushed, answer.content)
    assert (pushed.verdict, pushed.stored) == ("accepted", 2)
    assert Piece(Topic.ENTRIES, till.company_id) in heard
    report = wire.decode(wire.Report, send(served, till, "GET", "report").content)
    assert report.head.head == pushed.head.head
    assert wire.decode(wire.Pulled, send(served, till, "POST", "pull", wire.Pull()).content)
    tokens = send(served, till, "POST", "token", wire.Renewal(till.refresh))
    assert wire.decode(wire.Tokens, tokens.content).access != till.access
    with served.client() as client:
        hello = wire.decode(wire.Hello, client.get(f"{wire.PREFIX}/hello").content)
    assert (hello.product, hello.versions) == ("pos_app head office", wire.VERSIONS)


def test_another_version_of_the_protocol_and_no_route_have_answers_of_their_own(served):
    with served.client() as client:
        for path, status in (
            ("/sync/v2/hello", 426),
            ("/sync/v1/nothing", 404),
            ("/sync/v1/push", 405),
        ):
            answer = client.get(path)
            assert answer.status_code == status
            assert answer.json()["message"]
            assert answer.headers["x-pos-office"] == "1"


def test_what_is_no_message_is_refused_with_a_sentence(served, till):
    for body, encoding in ((b"{", ""), (b"not gzip", "gzip"), (b"\x1f\x8b", "gzip")):
        request = till.request("POST", "push", now=utc_now())
        headers = dict(request.headers)
        now = utc_now().isoformat(timespec="milliseconds")
        message = wire.request_message("POST", request.target, body, now, headers["x-pos-nonce"])
        headers |= {"x-pos-at": now, "x-pos-proof": till.keys[1].sign(message).hex()}
        headers |= {"content-encoding": encoding} if encoding else {}
        with served.client() as client:
            answer = client.post(request.target, content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_a_revoked_till_is_told_so(office, served, till):
    with office.company(till.company_id) as connection:
        connection.execute(tills.update().where(tills.c.id == till.till_id).values(state="revoked"))
    answer = send(served, till, "GET", "wait")
    assert (answer.status_code, answer.json()["code"]) == (403, "revoked")


def test_every_sync_route_describes_its_bodies_and_each_status_it_gives(served):
    with served.as_owner() as client:
        paths = client.get("/office/v1/openapi.json").json()["paths"]
    ours = {path: ways for path, ways in paths.items() if path.startswith(wire.PREFIX)}
    assert len(ours) == 10
    for path, ways in ours.items():
        for method, way in ways.items():
            assert {"413", "429", "503"} <= set(way["responses"])
            assert ("requestBody" in way) == (method == "post"), path
            assert "$ref" not in json.dumps(way["responses"]["503"])
            if not path.endswith(("hello", "enrol")):
                assert {"401"} <= set(way["responses"])
                assert {one["name"] for one in way["parameters"]} >= {"X-Pos-At", "X-Pos-Proof"}

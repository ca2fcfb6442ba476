"""What goes around every request: ids, limits, safe headers, one shape of errors, a clean log."""

import json
import logging
import socket
import threading
from collections.abc import Iterator

import httpx2
import pytest

from pos_app.server.database import Office
from pos_app.server.logs import JsonLines
from pos_app.server.rate_limits import Limit, network_of
from pos_app.server.requests import SAFE_HEADERS
from pos_app.server.settings import Rate, ServerSettings, SettingWrong, read_settings
from tests.server.offices import EMAIL, PASSWORD, Template, sqlite_copy
from tests.server.serving import Served, serve


@pytest.fixture(scope="module")
def served(sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = ServerSettings(body_pause_s=0.5, office_body_most=2_000)
    with (
        sqlite_copy(sqlite_template, tmp_path_factory) as office,
        serve(office, settings) as running,
    ):
        yield running


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What the log would write, as it writes it."""
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler, root = Kept(), logging.getLogger("pos_app")
    handler.setFormatter(JsonLines())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def test_every_answer_is_marked_as_ours_and_safe(served: Served):
    with served.client() as client:
        for path in ("/health/live", "/nowhere", "/sync/v1/hello"):
            answer = client.get(path)
            assert answer.headers["X-Pos-Office"] == "1"
            assert {name: answer.headers[name] for name in SAFE_HEADERS} == SAFE_HEADERS
            assert "server" not in answer.headers or "uvicorn" in answer.headers["server"]


def test_an_answer_names_its_request_and_takes_over_a_usable_name(served: Served):
    with served.client() as client:
        own = client.get("/nowhere")
        assert own.json()["request_id"] == own.headers["X-Request-Id"] != ""
        named = client.get("/health/live", headers={"X-Request-Id": "till-2-000017"})
        assert named.headers["X-Request-Id"] == "till-2-000017"
        for rubbish in ("short", "x" * 65, "spaces are out", 'quote"inside'):
            other = client.get("/health/live", headers={"X-Request-Id": rubbish})
            assert other.headers["X-Request-Id"] != rubbish


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/nowhere", None, 404, "not_found"),
        ("GET", "/office/v1/tills/", None, 404, "not_found"),
        ("DELETE", "/office/v1/sign-in", None, 405, "bad_request"),
        ("POST", "/office/v1/sign-in", b"{not json", 422, "bad_request"),
        ("POST", "/office/v1/sign-in", b"[]", 422, "bad_request"),
        ("POST", "/office/v1/sign-in", b'{"email": "a@b.c"}', 422, "bad_request"),
        ("POST", "/office/v1/sign-in", b'{"email": 1, "password": "\xff"}', 400, "bad_request"),
        ("GET", "/office/v1/me", None, 401, "unauthorised"),
    ],
)
def test_every_error_has_the_same_shape(
    served: Served, method: str, path: str, body: bytes | None, status: int, code: str
):
    with served.client() as client:
        headers = {"Content-Type": "application/json"}
        answer = client.request(method, path, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message", "request_id"}
    assert answer.headers["Content-Type"] == "application/json"


def test_a_wrong_field_is_named_and_its_value_is_not(served: Served):
    secret = "S" * 300
    with served.client() as client:
        answer = client.post("/office/v1/sign-in", json={"email": "a@b.c", "password": secret})
    assert answer.status_code == 422
    assert "password" in answer.json()["message"]
    assert secret not in answer.text


def test_a_fault_of_ours_is_a_500_without_a_trace_and_logged_with_its_place(
    served: Served, lines: list[str]
):
    @served.app.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError("the password is hunter2")

    with served.client() as client:
        answer = client.get("/broken")
        assert client.get("/health/live").status_code == 200
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text
    line = json.loads(next(line for line in lines if '"/broken"' in line))
    assert (line["level"], line["status"]) == ("error", 500)
    assert line["failure"][0] == "builtins.ZeroDivisionError"
    assert any("test_requests.py" in place for place in line["failure"])
    assert "hunter2" not in "".join(lines)


def test_a_body_that_says_it_is_too_large_is_not_even_read(served: Served):
    with served.client() as client:
        answer = client.post("/office/v1/sign-in", content=b"x" * 2_001)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_in_pieces_is_too_large_as_soon_as_it_is(served: Served):
    def pieces() -> Iterator[bytes]:
        for _ in range(10):
            yield b"x" * 1_000

    with served.client() as client:
        try:
            answer = client.post("/office/v1/sign-in", content=pieces())
        except httpx2.WriteError:
            return  # head office hung up in the middle: it had said what it had to say
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_sender_that_falls_silent_is_let_go(served: Served):
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(b"POST /office/v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
        answer = b""
        while piece := line.recv(4_096):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 408")


def test_a_till_that_asks_too_often_waits_and_the_others_do_not(sqlite_office: Office):
    settings = ServerSettings(token=Rate(3, 0.5))
    with (
        serve(sqlite_office, settings, clock=lambda: 0.0) as served,
        served.client("busy-token") as busy,
        served.client("calm-token") as calm,
    ):
        answers = [busy.get("/office/v1/me") for _ in range(4)]
        assert [one.status_code for one in answers] == [401, 401, 401, 429]
        assert answers[3].headers["Retry-After"] == "2"
        assert calm.get("/office/v1/me").status_code == 401


def test_an_address_that_floods_waits_but_health_is_still_told(sqlite_office: Office):
    settings = ServerSettings(address=Rate(5, 0.1))
    with serve(sqlite_office, settings, clock=lambda: 0.0) as served, served.client() as client:
        statuses = [client.get("/sync/v1/hello").status_code for _ in range(6)]
        assert statuses == [200] * 5 + [429]
        assert client.get("/health/live").status_code == 200


def test_a_bucket_fills_again_with_time_and_not_beyond_its_size():
    limit = Limit(Rate(2, 1))
    assert [limit.take("a", 0.0) for _ in range(3)] == [0, 0, 1]
    assert limit.take("a", 0.5) == 0.5
    assert limit.take("a", 1.0) == 0
    assert [limit.take("a", 1_000.0) for _ in range(3)] == [0, 0, 1]


def test_a_limit_forgets_the_longest_unheard_where_there_are_too_many():
    limit = Limit(Rate(1, 0.001), most=100)
    for number in range(1_000):
        limit.take(str(number), 0.0)
    assert len(limit) == 100
    assert limit.take("999", 0.0) > 0
    assert limit.take("0", 0.0) == 0


def test_a_limit_counts_right_from_many_threads_at_once():
    limit, let_in = Limit(Rate(50, 0.001)), []
    threads = [
        threading.Thread(target=lambda: let_in.extend(limit.take("a", 0.0) == 0 for _ in range(20)))
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(let_in) == 50


def test_an_ipv6_household_counts_as_one_address():
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("2001:db8:1:3::4") != network_of("2001:db8:1:2::4")
    assert network_of("::ffff:10.0.0.1") == network_of("10.0.0.1") == "10.0.0.1"


def test_the_log_names_the_route_and_the_person_and_holds_no_secret(
    served: Served, lines: list[str]
):
    token = served.sign_in()
    with served.client(token) as owner:
        me = owner.get("/office/v1/me", params={"secret": "in-the-query"}).json()
        code = owner.post("/office/v1/enrolment-codes", json={"shop": "main"}).json()["code"]
        made = owner.post(
            "/office/v1/accounts",
            json={"email": "new@example.com", "name": "New", "role": "auditor"},
        ).json()
        owner.get(f"/office/v1/tills/{'no-such-till'}")
        owner.post("/office/v1/sign-in", json={"email": EMAIL, "password": "a wrong guess"})
    told = [json.loads(line) for line in lines if '"route"' in line]
    assert {line["route"] for line in told} >= {"/office/v1/me", "/office/v1/tills/{till_id}"}
    line = next(line for line in told if line["route"] == "/office/v1/me")
    assert (line["person"], line["company"]) == (me["id"], me["company_id"])
    assert {"at", "level", "request_id", "status", "ms"} <= set(line)
    everything = "".join(lines)
    secrets = (token, PASSWORD, code, code.replace("-", ""), made["password"], EMAIL)
    for secret in (*secrets, "in-the-query", "a wrong guess", "no-such-till"):
        assert secret not in everything


def test_settings_come_from_the_environment_and_rubbish_is_refused():
    read = read_settings(
        {
            "POS_APP_OFFICE_TOKEN_RATE": "7",
            "POS_APP_OFFICE_PUBLIC_URL": "https://office.example",
            "POS_APP_OFFICE_JUDGES": "0",
        }
    )
    assert (read.token, read.public_url, read.judges) == (
        Rate(28, 7),
        "https://office.example",
        False,
    )
    assert read_settings({}) == ServerSettings()
    for value in ("many", "-1", "nan", "inf", "0"):
        with pytest.raises(SettingWrong, match="POS_APP_OFFICE_DOOR_RATE"):
            read_settings({"POS_APP_OFFICE_DOOR_RATE": value})

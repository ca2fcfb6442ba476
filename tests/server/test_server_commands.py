"""The commands of head office, each by a real process, on SQLite and on PostgreSQL."""

import contextlib
import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn

from pos_app.app.cli import run
from pos_app.app.server_key_commands import APIS
from pos_app.app.server_processes import prompt_socket
from pos_app.server.database import open_engine
from pos_app.server.schema import REVISION, SERVICE_ROLE
from tests.server.postgres import PostgresServer

LIMIT_S = 120
OWNER = {"email": "owner@localhost"}


@dataclass(frozen=True, slots=True)
class Running:
    """A head office in a process of its own, and what it wrote so far."""

    process: subprocess.Popen[str]
    url: str
    lines: list[str]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(LIMIT_S)


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "POS_APP" not in name}
    return kept | {"POS_APP_DATA": str(folder), "POS_APP_KEYS": "file"}


def in_a_process(folder: Path, *words: str, status: int = 0) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "pos_app", "server", *words],
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return _told(words, status, done.stdout, done.stderr)


@pytest.fixture
def pos_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """The same command in this process, which spares a second for each."""
    monkeypatch.setenv("POS_APP_DATA", str(tmp_path))

    def run_here(*words: str, status: int = 0) -> Any:
        capsys.readouterr()
        found = run(["server", *words])
        written = capsys.readouterr()
        assert found == status, written.err
        return _told(words, status, written.out, written.err)

    return run_here


def _told(words: tuple[str, ...], status: int, out: str, err: str) -> Any:
    if status:
        return err
    return json.loads(out) if "--json" in words else out


@contextlib.contextmanager
def running(folder: Path, *words: str, **more: str) -> Iterator[Running]:
    process = subprocess.Popen(
        [sys.executable, "-m", "pos_app", "server", "run", "--port", "0", *words],
        env=environment(folder) | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    told: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in process.stdout or ():
            lines.append(line)
            told.put(line)
        told.put(None)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        url = ""
        while not url:
            line = told.get(timeout=LIMIT_S)
            assert line is not None, "".join(lines)
            found = re.search(r"Uvicorn running on (http://[\d.]+:\d+)", line)
            url = found.group(1) if found else ""
        wait_until_ready(url)
        yield Running(process, url, lines)
    finally:
        process.kill()
        process.wait(LIMIT_S)
        reader.join(LIMIT_S)
        if process.stdout:
            process.stdout.close()


def wait_until_ready(url: str) -> None:
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(f"{url}/health/ready").status_code == 200:
                return
        time.sleep(0.05)
    pytest.fail("head office did not become ready")


def answers_while_it_stops(office: Running, asked: dict[str, str]) -> list[int]:
    """Sign in five times at once, stop head office meanwhile, and return each answer there was."""
    answers: list[int] = []

    def sign_in() -> None:
        with httpx2.Client(timeout=LIMIT_S) as client:
            answers.append(client.post(f"{office.url}/office/v1/sign-in", json=asked).status_code)

    before = sum('"/office/v1/sign-in"' in line for line in office.lines)
    threads = [threading.Thread(target=sign_in) for _ in range(5)]
    for thread in threads:
        thread.start()
    while sum('"/office/v1/sign-in"' in line for line in office.lines) == before:
        time.sleep(0.01)
    assert office.stop() == 0
    for thread in threads:
        thread.join(LIMIT_S)
    return answers


def test_three_commands_make_a_head_office_that_finishes_what_runs_before_it_stops(tmp_path: Path):
    made = in_a_process(tmp_path, "init", "--company", "Harbour", "--json")
    assert made["database"] == f"sqlite:///{tmp_path / 'head_office.db'}"
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", made["code"])
    with running(tmp_path) as office, httpx2.Client(base_url=office.url) as client:
        signed_in = client.post(
            "/office/v1/sign-in", json=OWNER | {"password": made["password"]}
        ).json()
        client.headers["Authorization"] = f"Bearer {signed_in['token']}"
        own = {"password": made["password"], "new_password": "my very own words"}
        assert client.post("/office/v1/me/password", json=own).status_code == 204
        assert client.get("/office/v1/company").json()["id"] == made["company"]
        assert set(answers_while_it_stops(office, OWNER | {"password": "my very own words"})) == {
            200
        }
    everything = "".join(office.lines)
    assert "head office stopped" in everything
    for secret in (made["password"], signed_in["token"], "my very own words", made["code"]):
        assert secret not in everything
    for line in office.lines[1:]:
        assert set(json.loads(line)) >= {"at", "level", "event"}


def test_an_empty_database_is_migrated_and_the_serving_role_can_use_it(
    pos_app, postgres_server: PostgresServer
):
    with postgres_server.database() as database:
        url = database.conninfo
        refused = pos_app("run", "--database", url, status=2)
        assert "pos-app server init" in refused
        told = pos_app("migrate", "--database", url, "--json")
        assert (told["from"], told["to"]) == ("", REVISION)
        again = pos_app("migrate", "--database", url, "--json")
        assert (again["from"], again["to"]) == (REVISION, REVISION)
        engine = open_engine(url)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"SET ROLE {SERVICE_ROLE}")
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
            assert found.scalar_one() == REVISION
        engine.dispose()


def test_several_workers_serve_one_postgresql_and_count_together(
    tmp_path: Path, pos_app, postgres_server: PostgresServer
):
    with postgres_server.database() as database:
        url = database.conninfo
        made = pos_app("init", "--company", "Harbour", "--database", url, "--json")
        with running(tmp_path, "--database", url, "--workers", "2") as office:
            for _ in range(20):
                assert httpx2.get(f"{office.url}/sync/v1/hello").status_code == 200
            asked = OWNER | {"password": made["password"]}
            assert httpx2.post(f"{office.url}/office/v1/sign-in", json=asked).status_code == 200
            metrics = httpx2.get(f"{office.url}/metrics").text
            count = re.search(r'route="/sync/v1/hello",status="200"} (\d+)', metrics)
            assert count is not None
            assert int(count.group(1)) == 20
            assert office.stop() == 0
        processes = {line for line in office.lines if "head office stopped" in line}
        assert len(processes) == 2


def test_connections_of_several_workers_send_small_answers_at_once():
    listening = prompt_socket(uvicorn.Config("nothing:app", host="127.0.0.1", port=0, workers=2))
    with listening:
        listening.listen()
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_several_workers_over_a_file_are_refused(pos_app):
    pos_app("init", "--company", "Harbour", "--json")
    refused = pos_app("run", "--workers", "2", status=2)
    assert "PostgreSQL" in refused


def test_a_code_is_for_a_shop_of_the_only_company_or_of_the_one_named(pos_app):
    first = pos_app("init", "--company", "Harbour", "--json")
    code = pos_app("code", "--url", "https://office.example", "--json")
    assert (code["company"], code["shop"]) == (first["company"], "main")
    assert code["invitation"].startswith("pos-app://enrol?u=https%3A%2F%2Foffice.example&c=")
    assert "nowhere" in pos_app("code", "--shop", "nowhere", status=2)
    pos_app("init", "--company", "Hill", "--email", "hill@example.com", "--json")
    refused = pos_app("code", status=2)
    assert "Harbour" in refused
    assert "Hill" in refused
    named = pos_app("code", "--company", first["company"], "--json")
    assert named["company"] == first["company"]


def test_a_password_in_an_address_is_never_shown(pos_app):
    url = "postgresql://pos:hunter2@127.0.0.1:1/office"
    away = pos_app("migrate", "--database", url, status=2)
    assert "hunter2" not in away
    assert "does not answer" in away
    wrong = pos_app("migrate", "--database", "mysql://a:hunter2@b/c", status=2)
    assert "hunter2" not in wrong


def test_a_key_is_made_for_a_company_by_its_name_and_shown_once(pos_app):
    made = pos_app("init", "--company", "Harbour", "--json")
    pos_app("init", "--company", "Hill", "--email", "hill@example.com", "--json")
    words = ("--company", "Harbour", "--name", "web shop", "--url", "https://office.example")
    sheets = {api: pos_app("key", "--api", api, *words, "--json") for api in APIS}
    for api, sheet in sheets.items():
        assert (sheet["api"], sheet["company"], sheet["user"]) == (api, made["company"], "admin")
        assert sheet["rights"] == (["read"] if api == "feed" else ["read", "write"])
        assert len(sheet["key"]) == 43
    feed, erp = sheets["feed"], sheets["erp"]
    assert feed["path"] == f"/companies/{made['company']}/connections/{feed['id']}/data/sales"
    assert feed["connection"] == feed["id"]
    assert erp["sign_in"]["password"] == erp["key"]
    listed = pos_app("key", "--list", "--company", made["company"], "--json")
    assert {key["api"] for key in listed["keys"]} == set(APIS)
    assert not any(sheet["key"] in json.dumps(listed) for sheet in sheets.values())
    assert "admin" in pos_app("key", "--api", "erp", "--company", "Hill")
    other = pos_app("key", "--list", "--company", "Hill", "--json")
    assert len(other["keys"]) == 1


def test_a_revoked_key_stays_in_the_list_and_says_so(pos_app):
    pos_app("init", "--company", "Harbour", "--json")
    assert "no keys" in pos_app("key", "--list")
    rights = "read,approve,write"
    sheet = pos_app("key", "--api", "erp", "--rights", rights, "--user", "max", "--json")
    assert (sheet["rights"], sheet["user"]) == (["read", "write", "approve"], "max")
    assert "nothing any more" in pos_app("key", "--revoke", sheet["id"])
    assert "revoked" in pos_app("key", "--list")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--api sales|retail|xtrakit|feed|erp"),
        (("--api", "sales", "--rights", "read,rule"), "read,rule"),
        (("--api", "sales", "--rights", ""), "no list of rights"),
        (("--api", "sales", "--shop", "nowhere"), "nowhere"),
        (("--api", "sales", "--company", "Heath"), "Harbour"),
        (("--api", "sales", "--name", "x" * 61), "60"),
        (("--api", "sales", "--user", "\n"), "60"),
        (("--revoke", "nothing"), "nothing"),
    ],
)
def test_a_key_command_that_cannot_be_done_says_why_and_makes_nothing(
    pos_app, words: tuple[str, ...], said: str
):
    pos_app("init", "--company", "Harbour", "--json")
    assert said in pos_app("key", *words, status=2)
    assert pos_app("key", "--list", "--json")["keys"] == []

"""Keys come in headers, bodies and paths, and stand in no log, metric or refusal afterwards."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from pos_app.server.api_keys import Api
from pos_app.server.logs import JsonLines
from tests.server.apis.every_route import ROUTES, Pair, pair_served
from tests.server.offices import Template, sqlite_copy
from tests.server.test_server_commands import pos_app, running  # noqa: F401 - a fixture

KINDS = ("own", "reader", "revoked", "other_api")


@pytest.fixture(scope="module")
def pair(sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with sqlite_copy(sqlite_template, tmp_path_factory) as office, pair_served(office) as served:
        yield served


class Listener(logging.Handler):
    """Keeps whatever any logger was told, as it is written and all that came with it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{self.format(record)} {record.__dict__!r}")


@contextmanager
def listening(*noisy: str) -> Iterator[list[str]]:
    """Hear every logger of head office at its most talkative; `noisy` ones are the client's."""
    root, listener = logging.getLogger(), Listener()
    listener.addFilter(lambda record: not record.name.startswith(noisy))
    before = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        yield listener.heard
    finally:
        root.removeHandler(listener)
        root.setLevel(before)


def asked_all_ways(pair: Pair, sent: httpx2.Request) -> list[httpx2.Response]:
    """Ask as it should be, and so that nobody knows the route, can read it or takes as much."""
    key = {"Authorization": sent.headers.get("Authorization", "")}
    url = sent.url
    return [
        pair.client.send(sent),
        pair.client.get(url.copy_with(path=f"{url.path}/more"), headers=key),
        pair.client.get(f"{url}%00", headers=key),
        pair.client.post(url, content=b"{", headers=key),
        pair.client.put(url, content=b"x" * 2_000_000, headers=key),
    ]


def test_no_route_lets_a_key_reach_a_log_a_metric_or_a_refusal(pair: Pair):
    secrets = {*pair.ours.keys.values(), *pair.theirs.keys.values(), *pair.ours.tokens.values()}
    with listening("httpx2", "httpcore2", "hpack") as heard:
        for route in ROUTES.values():
            for kind in KINDS:
                for answer in asked_all_ways(pair, pair.request(route, pair.ours, kind, pair.ours)):
                    if answer.status_code >= 400:
                        assert not any(secret in answer.text for secret in secrets), route
    assert len(heard) > len(ROUTES) * len(KINDS)  # one line for each request at least
    assert any("/rest/inventory/sale/void/{saleId}/{userName}/{authKey}" in one for one in heard)
    everything = "\n".join(heard) + pair.client.get("/metrics").text
    assert not any(secret in everything for secret in secrets)


def test_a_served_office_writes_no_key_of_a_path_on_its_output(tmp_path: Path, pos_app: Any):  # noqa: F811
    made = pos_app("init", "--company", "Harbour", "--json")
    keys = {api: pos_app("key", "--api", api, "--json") for api in ("retail", "feed")}
    retail, feed = keys["retail"]["key"], keys["feed"]["key"]
    with running(tmp_path) as office, httpx2.Client(base_url=office.url) as client:
        sale = "/rest/inventory/sale"
        for path in (
            f"{sale}/list/admin/{retail}",
            f"{sale}/void/1/admin/{retail}",
            f"{sale}/nothing/admin/{retail}",
            f"{sale}/list/admin/{feed}",
            f"//{retail}?key={retail}#{retail}",
        ):
            client.get(path, headers={"Referer": f"{office.url}{path}"})
        listed = client.get(f"{sale}/list/admin/{retail}")
        assert listed.status_code == 200
        read = client.get(keys["feed"]["path"], headers={"Authorization": feed})
        assert read.json() == {"results": []}
        assert office.stop() == 0
    everything = "".join(office.lines)
    assert everything.count('"event": "request"') >= 7
    assert made["company"] in everything  # who asked is known by company and the key's id
    assert keys["retail"]["id"] in everything
    for secret in (retail, feed):
        assert secret not in everything


def test_a_key_is_kept_as_a_hash_only(pair: Pair):
    rows = repr(pair.ours.rows())
    with pair.served.office.engine.connect() as connection:
        rows += repr(connection.exec_driver_sql("SELECT * FROM doors").all())
    assert pair.ours.connections["own"] in rows
    for (api, kind), secret in pair.ours.keys.items():
        assert secret not in rows, (api, kind)
    assert set(Api) == {api for api, _ in pair.ours.keys}

"""A connection in its thread, over real HTTP: it wakes, ends at once, and costs no till without."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from pos_app.store.store import Store
from pos_app.sync.connections import FROM_NOW, Connection, Entered, add_connection
from pos_app.sync.foreign_runner import ForeignRunner
from pos_app.sync.foreign_status import ForeignPhase, ForeignStatus
from pos_app.sync.transport import Aborted, Answer, Request
from tests.simulators.apis.sales_api import SalesApi
from tests.store.shops import Counter
from tests.sync.raw_server import heard, http, raw_server

LIMIT_S = 60.0
KEY = "token"


def utc_now() -> datetime:
    return datetime.now(UTC)


class Watch:
    """What the runner tells, and waiting for it."""

    def __init__(self) -> None:
        self.seen: list[ForeignStatus] = []
        self.came = threading.Condition()

    def __call__(self, status: ForeignStatus) -> None:
        with self.came:
            self.seen.append(status)
            self.came.notify_all()

    def until(self, phase: ForeignPhase, backlog: int = 0) -> ForeignStatus:
        with self.came:
            assert self.came.wait_for(
                lambda: (
                    bool(self.seen)
                    and self.seen[-1].phase is phase
                    and self.seen[-1].backlog == backlog
                ),
                LIMIT_S,
            ), self.seen[-1:]
            found = self.seen[-1]
            self.seen.clear()
            return found


@pytest.fixture
def served() -> Iterator[tuple[SalesApi, int]]:
    server = SalesApi(KEY)
    with server.serve() as port:
        yield server, port


def connection(store: Store, url: str) -> Connection:
    entered = Entered("sales", "Their server", url, KEY)
    return add_connection(store, entered, utc_now(), FROM_NOW)


def test_it_sends_what_waits_and_wakes_for_the_next_sale(
    store: Store, served: tuple[SalesApi, int]
) -> None:
    server, port = served
    one, watch = connection(store, f"http://127.0.0.1:{port}"), Watch()
    Counter(store).sell(1)
    runner = ForeignRunner(store, one.id, utc_now, watch)
    runner.start()
    watch.until(ForeignPhase.UP_TO_DATE)
    Counter(store).sell(2)
    runner.wake()
    watch.until(ForeignPhase.UP_TO_DATE)
    assert runner.stop(LIMIT_S)
    assert len(server.orders) == 2
    assert len(server.invoices) == 2
    assert {invoice["order_id"] for invoice in server.invoices} == {"ord-1", "ord-2"}


PAGE = b'{"items":[],"total":0,"page":1,"size":1}'


class Hanging:
    """A wire on which what changes something hangs until it is ended."""

    def __init__(self) -> None:
        self.is_asked, self.end = threading.Event(), threading.Event()

    def send(self, request: Request, timeout_s: float) -> Answer:
        if request.method == "GET":
            return Answer(200, {}, PAGE)
        self.is_asked.set()
        self.end.wait(LIMIT_S)
        raise Aborted

    def abort(self) -> None:
        self.end.set()

    def close(self) -> None:
        """Nothing is open."""


def test_it_ends_at_once_in_the_middle_of_a_request_and_the_attempt_stays(store: Store) -> None:
    wire = Hanging()
    one = connection(store, "http://127.0.0.1:1")
    Counter(store).sell(1)
    runner = ForeignRunner(store, one.id, utc_now, make_wire=lambda: wire)
    runner.start()
    assert wire.is_asked.wait(LIMIT_S)
    assert runner.stop(LIMIT_S)
    assert store.foreign.has_attempts(one.remote)


def test_a_body_that_ends_too_early_over_http_leaves_it_to_be_looked_up(store: Store) -> None:
    head = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"

    def cut(line: socket.socket) -> None:
        while request := heard(line):
            if request.startswith(b"POST"):
                line.sendall(head)
                line.shutdown(socket.SHUT_RDWR)
                return
            line.sendall(http(PAGE))

    with raw_server(cut) as url:
        one, watch = connection(store, url), Watch()
        Counter(store).sell(1)
        runner = ForeignRunner(store, one.id, utc_now, watch)
        runner.start()
        watch.until(ForeignPhase.CHECKING, backlog=1)
        assert runner.stop(LIMIT_S)
    assert store.foreign.has_attempts(one.remote)

"""The failing network does to requests and answers what it says it does, by the standard library.

Nothing of ours is on either side.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, IncompleteRead
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.simulators.fault_proxy import FAIR, LOOPBACK, Fault, FaultProxy, Weather, storm

BODY = b"0123456789" * 1_000


class Shop(ThreadingHTTPServer):
    """Answers every request that came whole, and remembers what was asked and its size in bytes."""

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), Handler)
        self.asked: list[tuple[str, int]] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        due = int(self.headers["Content-Length"])
        sent = self.rfile.read(due)
        if len(sent) < due:  # the line ended in the middle of it: nobody asked anything
            self.close_connection = True
            return
        self.server.asked.append((self.path, len(sent)))  # type: ignore[attr-defined]
        self._answer(BODY)

    def do_GET(self) -> None:
        self.server.asked.append((self.path, 0))  # type: ignore[attr-defined]
        if self.path == "/nothing":
            self.send_response(204)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in (b"first", b"second"):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as served:
        thread = threading.Thread(target=served.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield served
        served.shutdown()
        thread.join()


@pytest.fixture
def proxy(shop: Shop) -> Iterator[FaultProxy]:
    with FaultProxy(shop.server_address[1], seed=1) as proxy:
        yield proxy


def asked(proxy: FaultProxy, method: str = "POST", path: str = "/push") -> tuple[int, bytes]:
    connection = HTTPConnection(LOOPBACK, proxy.port, timeout=60)
    try:
        connection.request(method, path, BODY if method == "POST" else None)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_in_fair_weather_everything_passes_unchanged_over_one_connection(
    proxy: FaultProxy, shop: Shop
) -> None:
    connection = HTTPConnection(LOOPBACK, proxy.port, timeout=60)
    for method, path, body in (
        ("POST", "/push", BODY),
        ("GET", "/news", b"firstsecond"),
        ("GET", "/nothing", b""),
        ("POST", "/push", BODY),
    ):
        connection.request(method, path, BODY if method == "POST" else None)
        assert connection.getresponse().read() == body
    connection.close()
    assert shop.asked == [("/push", 10_000), ("/news", 0), ("/nothing", 0), ("/push", 10_000)]


@pytest.mark.parametrize(
    ("fault", "reached", "status"),
    [
        (Fault.DROPPED, 0, None),
        (Fault.SILENT, 0, None),
        (Fault.REQUEST_CUT, 0, None),
        (Fault.ANSWER_LOST, 1, None),
        (Fault.ANSWER_CUT, 1, None),
        (Fault.DELAYED, 1, 200),
        (Fault.SENT_TWICE, 2, 200),
        (Fault.GARBLED, 1, 200),
        (Fault.UNAVAILABLE, 0, 503),
        (Fault.BUSY, 0, 429),
        (Fault.BAD_GATEWAY, 0, 502),
        (Fault.SIGN_IN_PAGE, 0, 200),
    ],
)
def test_a_fault_does_what_its_name_says(
    proxy: FaultProxy, shop: Shop, fault: Fault, reached: int, status: int | None
) -> None:
    proxy.weather = Weather(silence_s=0.05)
    proxy.next(fault)
    if status is None:
        with pytest.raises((HTTPException, ConnectionError)):
            asked(proxy)
    else:
        got, body = asked(proxy)
        assert got == status
        assert (body == BODY) is (fault in {Fault.DELAYED, Fault.SENT_TWICE})
    assert [size for _, size in shop.asked] == [len(BODY)] * reached
    assert asked(proxy) == (200, BODY)  # the next one meets nothing
    assert proxy.hits == {fault: 1}


def test_a_cut_answer_is_there_in_part(proxy: FaultProxy) -> None:
    proxy.next(Fault.ANSWER_CUT)
    with pytest.raises(IncompleteRead) as cut:
        asked(proxy)
    assert 0 < len(cut.value.partial) < len(BODY)


def test_the_same_seed_gives_the_same_faults_and_fair_weather_ends_them(shop: Shop) -> None:
    told = []
    for _ in range(2):
        with FaultProxy(shop.server_address[1], seed=7) as proxy:
            proxy.weather = storm(0.5, Fault.UNAVAILABLE, Fault.BUSY)
            told.append([asked(proxy)[0] for _ in range(30)])
            proxy.weather = FAIR
            assert asked(proxy)[0] == 200
    assert told[0] == told[1]
    assert set(told[0]) == {200, 429, 503}


def test_weather_for_one_path_leaves_the_others_alone(proxy: FaultProxy) -> None:
    proxy.weather = Weather(1.0, (Fault.UNAVAILABLE,), path="/push")
    assert asked(proxy, "GET", "/news")[0] == 200
    assert asked(proxy)[0] == 503


def test_a_server_that_is_away_ends_the_connection_until_it_is_back(shop: Shop) -> None:
    with FaultProxy(shop.server_address[1], seed=1) as proxy:
        port, proxy.server_port = proxy.server_port, 9
        with pytest.raises((HTTPException, ConnectionError)):
            asked(proxy)
        proxy.server_port = port
        assert asked(proxy)[0] == 200


def test_hanging_up_ends_the_connections_that_are_open(proxy: FaultProxy) -> None:
    with socket.create_connection((LOOPBACK, proxy.port), timeout=60) as line:
        line.sendall(b"GET /nothing HTTP/1.1\r\nHost: shop\r\n\r\n")
        assert line.recv(9) == b"HTTP/1.1 "
        proxy.hang_up()
        with contextlib.suppress(ConnectionError):
            while line.recv(4_096):
                pass

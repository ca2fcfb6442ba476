"""What five small servers have in common: JSON in and out, what arrived, a port on loopback.

Written with the standard library alone, and without a look at our own server or dialects.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

LOOPBACK = "127.0.0.1"
Answer = tuple[int, dict[str, str], bytes]
Handle = Callable[[str, str, Mapping[str, str], bytes], Answer]
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Arrived:
    """One request that came whole: what was asked and sent, and the status it got."""

    method: str
    path: str
    body: Any
    status: int


class Refused(Exception):
    """A request that is answered with this status and this sentence."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status
        self.said = said


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, taken apart; names of headers are in small letters."""

    method: str
    path: str
    parts: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    raw: bytes

    def json(self, refusal: Refused) -> Any:
        """Return the body's JSON; raises the refusal where it is none or is not called JSON."""
        if "json" not in self.headers.get("content-type", ""):
            raise refusal
        try:
            return json.loads(self.raw, parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise refusal from None


def asked(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Asked:
    """Take a request apart."""
    url = urlsplit(target)
    parts = tuple(unquote(part) for part in url.path.strip("/").split("/"))
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    small = {name.lower(): value for name, value in headers.items()}
    return Asked(method, url.path, parts, query, small, body)


def told(status: int, body: Any) -> Answer:
    """Return an answer in JSON; Decimals become numbers."""
    data = json.dumps(body, default=_number, ensure_ascii=False).encode()
    return status, {"Content-Type": "application/json"}, data


def _number(value: object) -> float | int:
    if not isinstance(value, Decimal):
        raise TypeError(f"{value!r} has no place in JSON")
    return int(value) if value == value.to_integral_value() else float(value)


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def cents(amount: Decimal) -> Decimal:
    """Round to two places, halves away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


class Clock:
    """A clock that goes on by a second at every look, so that the order of things is told."""

    def __init__(self, at: datetime = datetime(2026, 2, 20, 5, 0, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    handle_it: Handle


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _met(self) -> None:
        due = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(due)
        if len(body) < due:  # the line ended in the middle of it: nobody asked anything
            self.close_connection = True
            return
        headers = dict(self.headers.items())
        status, given, data = self.server.handle_it(self.command, self.path, headers, body)
        self.send_response(status)
        for name, value in (*given.items(), ("Content-Length", str(len(data)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self._met
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(handle: Handle) -> Iterator[int]:
    """Serve on a port of loopback until the block ends; one request at a time."""
    lock = threading.Lock()

    def one_by_one(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        with lock:
            return handle(method, target, headers, body)

    with _Server((LOOPBACK, 0), _Connection) as server:
        server.handle_it = one_by_one
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()

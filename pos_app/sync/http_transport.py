"""The wire to head office over HTTP: one kept connection, no redirects, certificates checked.

Everything ends by time: connecting, each read, and the answer as a whole. `abort` ends what is
under way from another thread, so that a till closes at once.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Lock
from typing import Any

import httpx2

from pos_app import __version__
from pos_app.domain.errors import PosError
from pos_app.sync.addresses import is_own
from pos_app.sync.transport import (
    CUT_SHORT,
    TOO_SLOW,
    Aborted,
    AddressNotSafe,
    Answer,
    CertificateRefused,
    NoAnswer,
    Request,
    Unreachable,
)
from pos_app.sync.wire import BodyTooLarge, NotOurWire, unsqueeze

CONNECT_TIMEOUT_S = 5.0
ANSWER_BYTES = 64 * 1024 * 1024  # of an answer, compressed or not
_KEPT_S = 4.0  # a server closes an idle connection after five seconds at the earliest
_CONNECTED = "connection.connect_tcp.complete"
_ENCRYPTED = "connection.start_tls.complete"  # TLS takes the connection over as a new object


class HttpTransport:
    """A wire for one thread; `verify` is a TLS context where the system's own is not wanted."""

    def __init__(
        self, *, verify: ssl.SSLContext | bool = True, answer_bytes: int = ANSWER_BYTES
    ) -> None:
        self._verify = verify
        self._answer_bytes = answer_bytes
        self._client: httpx2.Client | None = None
        self._lock = Lock()
        self._sockets: list[socket.socket] = []
        self._is_aborted = False

    def send(self, request: Request, timeout_s: float) -> Answer:
        """Send a request and wait for the whole answer; raises Unreachable or NoAnswer.

        Raises NotOurWire for an answer beyond measure, and Aborted after `abort`. `timeout_s` is
        for each read, and for the answer as a whole once it has begun.
        """
        try:
            return self._tried(request, timeout_s)
        except PosError:
            if self._is_aborted:
                raise Aborted from None
            raise

    def _tried(self, request: Request, timeout_s: float) -> Answer:
        url = request.base
        if self._is_aborted:
            raise Aborted
        try:
            return self._sent(request, timeout_s)
        except (httpx2.ConnectTimeout, httpx2.PoolTimeout) as failure:
            raise Unreachable(url=url, detail=TOO_SLOW) from failure
        except (httpx2.ConnectError, httpx2.ProxyError, httpx2.UnsupportedProtocol) as failure:
            if _is_about_certificate(failure):
                raise CertificateRefused(url=url, detail=failure) from failure
            raise Unreachable(url=url, detail=failure) from failure
        except httpx2.TimeoutException as failure:
            raise NoAnswer(url=url, detail=TOO_SLOW) from failure
        except (httpx2.RequestError, httpx2.StreamError, OSError) as failure:
            raise NoAnswer(url=url, detail=CUT_SHORT) from failure
        except (httpx2.InvalidURL, UnicodeError) as failure:
            raise Unreachable(url=url, detail=failure) from failure

    def abort(self) -> None:
        """End what is under way, from any thread; nothing can be sent any more."""
        with self._lock:
            self._is_aborted = True
            for line in self._sockets:
                with suppress(OSError):
                    socket.socket.shutdown(line, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection, in the thread that sends."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _sent(self, request: Request, timeout_s: float) -> Answer:
        headers = {"Accept-Encoding": "gzip", **request.headers}
        content: bytes | Iterator[bytes] | None = request.body or None
        if request.body and request.meanwhile is not None:
            headers["Content-Length"] = str(len(request.body))
            content = _then(request.body, request.meanwhile)
        with self._opened(request.base).stream(
            request.method,
            request.base + request.target,
            headers=headers,
            content=content,
            timeout=httpx2.Timeout(timeout_s, connect=CONNECT_TIMEOUT_S),
            extensions={"trace": _Trace(self, request.base)},
        ) as response:
            body = self._body(response, time.monotonic() + timeout_s, request.base)
            kept = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, kept, body)

    def _body(self, response: httpx2.Response, until: float, url: str) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in response.iter_raw():
            size += len(part)
            if size > self._answer_bytes:
                raise NotOurWire(detail=BodyTooLarge(limit=self._answer_bytes))
            if time.monotonic() > until:
                raise NoAnswer(url=url, detail=TOO_SLOW)
            parts.append(part)
        raw = b"".join(parts)
        encoding = response.headers.get("content-encoding", "identity").lower()
        if encoding != "gzip" or not raw:
            return raw
        try:
            return unsqueeze(raw, self._answer_bytes)
        except BodyTooLarge as failure:
            raise NotOurWire(detail=failure) from failure

    def _opened(self, base: str) -> httpx2.Client:
        if self._client is None:
            self._client = httpx2.Client(
                verify=self._verify,
                follow_redirects=False,
                # A proxy of this machine's settings is for the way out of the shop only.
                trust_env=base.startswith("https:"),
                limits=httpx2.Limits(
                    max_connections=1, max_keepalive_connections=1, keepalive_expiry=_KEPT_S
                ),
                headers={"User-Agent": f"pos_app/{__version__}"},
            )
        return self._client

    def watch(self, line: socket.socket) -> None:
        """Know a new connection, so that it can be ended from another thread."""
        with self._lock:
            self._sockets = [one for one in self._sockets if one.fileno() >= 0] + [line]
            if self._is_aborted:
                with suppress(OSError):
                    socket.socket.shutdown(line, socket.SHUT_RDWR)


class _Trace:
    """Hears of new connections, and refuses a plain one that leads out of the shop's network."""

    def __init__(self, transport: HttpTransport, url: str) -> None:
        self._transport = transport
        self._url = url

    def __call__(self, event: str, info: dict[str, Any]) -> None:
        if event not in {_CONNECTED, _ENCRYPTED}:
            return
        line: socket.socket | None = info["return_value"].get_extra_info("socket")
        if line is None:
            return
        self._transport.watch(line)
        if self._url.startswith("http:") and not is_own(line.getpeername()[0]):
            line.close()
            raise AddressNotSafe(url=self._url)


def _then(body: bytes, meanwhile: Callable[[], None]) -> Iterator[bytes]:
    """Yield the whole body; it is on its way when the next part is asked for, and there is none."""
    yield body
    meanwhile()


def _is_about_certificate(failure: BaseException | None) -> bool:
    while failure is not None:
        if isinstance(failure, ssl.SSLCertVerificationError):
            return True
        failure = failure.__cause__ or failure.__context__
    return False

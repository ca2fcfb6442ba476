"""A network that fails: a proxy for HTTP on loopback which harms requests and answers by a seed.

    with FaultProxy(server_port, seed=1) as proxy:
        ...  # whoever is tested asks `proxy.url` instead of the server
        proxy.weather = storm(0.3)  # from now on three requests in ten meet a fault
        proxy.next(Fault.ANSWER_LOST)  # and the next one this fault
        proxy.weather = FAIR

It runs in a thread of its own. The same seed gives the same faults to requests that come in the
same order. Where nobody serves at `server_port`, connections are ended, as by a network without
its other end.
"""

import asyncio
import contextlib
import random
import threading
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections import Counter, deque
from collections.abc import Coroutine
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any

from tests.simulators.http_messages import (
    MOST_HEAD_BYTES,
    Head,
    has_no_body,
    pieces,
    read_body,
    read_head,
)

LOOPBACK = "127.0.0.1"
LIMIT_S = 60.0


class Fault(StrEnum):
    """What may happen to one request."""

    DROPPED = "dropped"  # the connection ends, and nothing went on
    DELAYED = "delayed"
    REQUEST_CUT = "request cut"  # half of it went on
    SENT_TWICE = "sent twice"  # the server is asked twice; the second answer comes back
    ANSWER_LOST = "answer lost"  # the server did its work, nothing comes back
    ANSWER_CUT = "answer cut"  # half of the answer comes back
    SILENT = "silent"  # nothing goes on, and the connection stays open for a while
    UNAVAILABLE = "503"
    BUSY = "429"
    BAD_GATEWAY = "502"
    SIGN_IN_PAGE = "sign-in page"  # 200 with somebody else's HTML
    GARBLED = "garbled"  # the answer's body is other bytes of the same length


ALL_FAULTS = tuple(Fault)
_STATUS = {Fault.UNAVAILABLE: "503 Service Unavailable", Fault.BUSY: "429 Too Many Requests",
           Fault.BAD_GATEWAY: "502 Bad Gateway", Fault.SIGN_IN_PAGE: "200 OK"}  # fmt: skip
_PAGE = b"<!doctype html><title>Welcome</title><h1>Sign in to go on</h1>"


@dataclass(frozen=True, slots=True)
class Weather:
    """How likely a request meets a fault (0 to 1), and which; times in seconds.

    `only` are the faults to draw from, `path` limits them to requests whose target holds it.
    """

    chance: float = 0.0
    only: tuple[Fault, ...] = ALL_FAULTS
    path: str = ""
    delay_s: tuple[float, float] = (0.01, 0.3)
    silence_s: float = 2.0
    retry_after_s: int = 1


FAIR = Weather()


def storm(chance: float = 0.3, *only: Fault) -> Weather:
    """Return weather in which so many requests meet a fault, of any kind where none is named."""
    return Weather(chance, only or ALL_FAULTS)


class _Ended(Exception):
    """The connection of the one who asked is to be ended."""


class FaultProxy:
    """Listens on `port`, passes on to `server_port` (change it when the server moves), and counts.

    `hits` are the faults that struck, `requests` how many came; `weather` may be set at any time
    from any thread.
    """

    def __init__(self, server_port: int, seed: int = 0, *, port: int = 0) -> None:
        self.server_port = server_port
        self.port = port
        self.weather = FAIR
        self.hits: Counter[Fault] = Counter()
        self.requests = 0
        self._chance = random.Random(seed)
        self._next: deque[Fault] = deque()
        self._writers: set[StreamWriter] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The address to ask instead of the server's."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()
        self._run(self._open())

    def next(self, *faults: Fault) -> None:
        """Let the next requests meet these faults, one each, whatever the weather."""
        self._next.extend(faults)

    def hang_up(self) -> None:
        """End every connection, as when somebody pulls the plug for a moment."""
        self._run(self._end_connections())

    def close(self) -> None:
        """End all connections and stop."""
        self._run(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LIMIT_S)
        self._loop.close()

    def __enter__(self) -> "FaultProxy":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self, doing: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(doing, self._loop).result(LIMIT_S)

    async def _open(self) -> None:
        self._server = await asyncio.start_server(
            self._met, LOOPBACK, self.port, limit=MOST_HEAD_BYTES
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
        await self._end_connections()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _end_connections(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _met(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Serve one connection to its end."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        line = _Line(self, reader, writer)
        self._writers.add(writer)
        try:
            with contextlib.suppress(_Ended, OSError, IncompleteReadError, asyncio.CancelledError):
                while (head := await read_head(reader)) is not None:
                    body = await read_body(reader, head)
                    await line.carry(head, body, self._drawn(head))
        finally:
            self._writers.discard(writer)
            line.end_server()
            writer.transport.abort()

    def _drawn(self, head: Head) -> Fault | None:
        weather = self.weather
        self.requests += 1
        fault = self._next.popleft() if self._next else None
        is_exposed = fault is None and weather.chance and weather.path in head.target
        if is_exposed and self._chance.random() < weather.chance:
            fault = self._chance.choice(weather.only)
        if fault is not None:
            self.hits[fault] += 1
        return fault

    def between(self, least: float, most: float) -> float:
        """Draw a number between two."""
        return self._chance.uniform(least, most)


class _Line:
    """One connection of somebody who asks, and the one to the server behind it."""

    def __init__(self, proxy: FaultProxy, reader: StreamReader, writer: StreamWriter) -> None:
        self._proxy = proxy
        self._asking, self._to_asking = reader, writer
        self._server: tuple[StreamReader, StreamWriter] | None = None

    async def carry(self, head: Head, body: bytes, fault: Fault | None) -> None:
        """Pass one request on and its answer back, or what the fault makes of it."""
        weather = self._proxy.weather
        if fault in _STATUS:
            await self._answer_ourselves(fault, weather.retry_after_s)
            return
        match fault:
            case Fault.DROPPED:
                raise _Ended
            case Fault.SILENT:
                await asyncio.sleep(weather.silence_s)
                raise _Ended
            case Fault.DELAYED:
                await asyncio.sleep(self._proxy.between(*weather.delay_s))
            case Fault.REQUEST_CUT:
                _, to_server = await self._connected()
                whole = head.raw + body
                to_server.write(whole[: max(len(whole) * 2 // 3, 1)])
                await to_server.drain()
                raise _Ended
            case Fault.SENT_TWICE:
                await self._asked(head, body)
                self.end_server()
        await self._bring_back(head, await self._asked(head, body, is_read=False), fault)

    async def _asked(self, head: Head, body: bytes, *, is_read: bool = True) -> Head:
        """Ask the server; read its answer to the end, or only up to where the body begins."""
        reader, writer = await self._connected()
        writer.write(head.raw + body)
        await writer.drain()
        answer = await read_head(reader)
        while answer is not None and answer.status == 100:
            answer = await read_head(reader)
        if answer is None:
            raise _Ended
        if is_read and not has_no_body(head, answer):
            async for _ in pieces(reader, answer, has_end=False):
                pass
        return answer

    async def _bring_back(self, request: Head, answer: Head, fault: Fault | None) -> None:
        reader, _ = await self._connected()
        writer = self._to_asking
        if fault is Fault.ANSWER_LOST:
            raise _Ended
        writer.write(answer.raw)
        if fault is Fault.ANSWER_CUT and has_no_body(request, answer):
            raise _Ended
        if not has_no_body(request, answer):
            async for piece in pieces(reader, answer, has_end=False):
                if fault is Fault.ANSWER_CUT:
                    writer.write(piece[: len(piece) // 2])
                    await writer.drain()
                    raise _Ended
                writer.write(bytes(len(piece)) if fault is Fault.GARBLED else piece)
                await writer.drain()
        await writer.drain()
        if answer.is_last or request.is_last:
            raise _Ended

    async def _answer_ourselves(self, fault: Fault, retry_after_s: int) -> None:
        is_page = fault in {Fault.SIGN_IN_PAGE, Fault.BAD_GATEWAY}
        body = _PAGE if is_page else b""
        lines = [f"HTTP/1.1 {_STATUS[fault]}", f"Content-Length: {len(body)}"]
        lines += ["Content-Type: text/html"] if is_page else [f"Retry-After: {retry_after_s}"]
        self._to_asking.write("\r\n".join([*lines, "", ""]).encode() + body)
        await self._to_asking.drain()

    async def _connected(self) -> tuple[StreamReader, StreamWriter]:
        if self._server is not None and self._server[0].at_eof():
            self.end_server()
        if self._server is None:
            self._server = await asyncio.open_connection(
                LOOPBACK, self._proxy.server_port, limit=MOST_HEAD_BYTES
            )
        return self._server

    def end_server(self) -> None:
        """End the connection to the server."""
        if self._server is not None:
            self._server[1].transport.abort()
            self._server = None

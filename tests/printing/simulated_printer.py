"""A receipt printer on the loopback that can be out of paper, silent, slow, or die half-way."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ONLINE, OFFLINE = 0x12, 0x1A
COVER_OPEN, OUT_OF_PAPER, FAULT = 0x16, 0x32, 0x52
PAPER_THERE, PAPER_NEAR_END, PAPER_END = 0x12, 0x1E, 0x72
ASK = b"\x10\x04"


@dataclass
class Printer:
    """How the printer behaves, and what it got."""

    answers: bool = True
    state: int = ONLINE
    cause: int = 0x12
    paper: int = PAPER_THERE
    dies_after: int | None = None
    stops_answering_after: int | None = None
    paper_ends_after: int | None = None
    reads: bool = True
    delay_s: float = 0
    jobs: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, question: int, got: int) -> bytes:
        if not self.answers:
            return b""
        if self.stops_answering_after is not None and got > self.stops_answering_after:
            return b""
        if self.paper_ends_after is not None and got > self.paper_ends_after:
            self.paper = PAPER_END
        return bytes([{1: self.state, 2: self.cause, 4: self.paper}[question]])


class _Conversation(socketserver.BaseRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        printer = self.server.printer
        printer.connections += 1
        job = bytearray()
        printer.jobs.append(b"")
        index = len(printer.jobs) - 1
        if not printer.reads:
            self.server.over.wait(20)
            return
        while data := self._received():
            if printer.delay_s:
                time.sleep(printer.delay_s)
            job += self._without_questions(data, len(job))
            printer.jobs[index] = bytes(job)
            if printer.dies_after is not None and len(job) > printer.dies_after:
                linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # Close with a reset, not politely.
                self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.request.close()
                return

    def _received(self) -> bytes:
        try:
            data: bytes = self.request.recv(1024)
        except OSError:
            return b""
        return data

    def _without_questions(self, data: bytes, before: int) -> bytes:
        """Answer what is asked in real time and keep the rest, as a printer does."""
        kept = b""
        while data:
            at = data.find(ASK)
            if at < 0:
                return kept + data
            kept += data[:at]
            answer = self.server.printer.answer(data[at + 2], before + len(kept))
            if answer:
                self.request.sendall(answer)
            data = data[at + 3 :]
        return kept


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, printer: Printer) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.printer = printer
        self.over = threading.Event()


@contextmanager
def on_the_network(printer: Printer) -> Iterator[Printer]:
    """Let the printer listen on a free port."""
    with _Server(printer) as server:
        printer.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield printer
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

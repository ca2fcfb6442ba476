"""A printer on the network, over a raw TCP connection (port 9100)."""

import socket
import time
from contextlib import suppress

from pos_app.printing.conversation import print_over
from pos_app.printing.errors import PrintCutShort, PrinterUnknown
from pos_app.printing.targets import NetworkTarget

CONNECT_TIMEOUT_S = 3.0
_CLOSE_WAIT_S = 0.5


def send(
    target: NetworkTarget, payload: bytes, name: str, timeout_s: float, needs_paper: bool
) -> None:
    """Connect, ask, send, ask, close; raises PrinterUnknown, OSError or a named refusal."""
    wait_s = min(CONNECT_TIMEOUT_S, timeout_s)
    try:
        connection = socket.create_connection((target.host, target.port), wait_s)
    except socket.gaierror as unknown:
        raise PrinterUnknown(name=name, target=target.host) from unknown
    with connection:
        line = _SocketLine(connection, timeout_s)
        print_over(line, payload, name, after_job_s=timeout_s, needs_paper=needs_paper)
        _close(connection, name)


class _SocketLine:
    """A TCP connection as a line; a stall longer than `timeout_s` is an OSError."""

    def __init__(self, connection: socket.socket, timeout_s: float) -> None:
        self._connection = connection
        self._timeout_s = timeout_s

    def write(self, data: bytes) -> None:
        self._connection.settimeout(self._timeout_s)
        self._connection.sendall(data)

    def read(self, timeout_s: float) -> bytes:
        self._connection.settimeout(timeout_s)
        try:
            answer = self._connection.recv(64)
        except TimeoutError:
            return b""
        if not answer:
            raise ConnectionResetError("the printer closed the connection")
        return answer


def _close(connection: socket.socket, name: str) -> None:
    """Say that the job is over, and see whether the printer took it or threw it away."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
    until = time.monotonic() + _CLOSE_WAIT_S
    while (left_s := until - time.monotonic()) > 0:
        connection.settimeout(left_s)
        try:
            if not connection.recv(64):
                return
        except TimeoutError:
            return  # Printers that keep the line open for a while are many, and well.
        except OSError as broken:
            raise PrintCutShort(name=name) from broken

"""A server of raw bytes on loopback, for what no real server does on purpose."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

Serve = Callable[[socket.socket], None]


@contextlib.contextmanager
def raw_server(serve: Serve) -> Iterator[str]:
    """Give each connection to `serve`; yields the address, and hangs up at the end."""
    lines: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def work() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                lines.append(line)
                thread = threading.Thread(target=quietly, args=(line,), daemon=True)
                thread.start()

        def quietly(line: socket.socket) -> None:
            with contextlib.suppress(OSError):
                serve(line)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
            for line in lines:
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
                line.close()
            thread.join(30)


def heard(line: socket.socket) -> bytes:
    """Read one request whole."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = line.recv(65536)
        if not part:
            return data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for row in head.split(b"\r\n"):
        if row.lower().startswith(b"content-length:"):
            length = int(row.partition(b":")[2])
    while len(body) < length:
        part = line.recv(65536)
        if not part:
            break
        body += part
    return head + b"\r\n\r\n" + body


def says(answer: bytes) -> Serve:
    """Answer every request with the same bytes."""

    def serve(line: socket.socket) -> None:
        while heard(line):
            line.sendall(answer)

    return serve


def http(body: bytes = b"", status: str = "200 OK", *headers: str) -> bytes:
    rows = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(rows).encode() + b"\r\n\r\n" + body

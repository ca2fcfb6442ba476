"""HTTP/1.1 messages as they stand on a wire (RFC 9112), read without anybody's HTTP library."""

from asyncio import IncompleteReadError, LimitOverrunError, StreamReader
from collections.abc import AsyncIterator
from dataclasses import dataclass

MOST_HEAD_BYTES = 256 * 1024
PIECE_BYTES = 64 * 1024
_ENDS_HEAD = b"\r\n\r\n"
_WITHOUT_BODY = (204, 304)


@dataclass(frozen=True, slots=True)
class Head:
    """The first lines of a message: `raw` as they came, names of headers in small letters."""

    raw: bytes
    first_line: str
    headers: dict[str, str]

    @property
    def target(self) -> str:
        """Path and query of a request."""
        return self.first_line.split(" ")[1]

    @property
    def status(self) -> int:
        """The status of an answer."""
        return int(self.first_line.split(" ")[1])

    @property
    def is_last(self) -> bool:
        """Whether the connection ends after this message."""
        return self.headers.get("connection", "").lower() == "close"


async def read_head(reader: StreamReader) -> Head | None:
    """Read a message's head; None where the other side has ended the connection."""
    try:
        raw = await reader.readuntil(_ENDS_HEAD)
    except (IncompleteReadError, LimitOverrunError, ConnectionError):
        return None
    first, *lines = raw.decode("latin-1").rstrip("\r\n").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Head(raw, first, headers)


async def read_body(reader: StreamReader, head: Head) -> bytes:
    """Read a request's whole body, as it stands on the wire."""
    return b"".join([piece async for piece in pieces(reader, head, has_end=True)])


async def pieces(reader: StreamReader, head: Head, *, has_end: bool) -> AsyncIterator[bytes]:
    """Yield a body as it comes; without a length it ends with the connection unless it `has_end`.

    Raises IncompleteReadError where the other side ended in the middle.
    """
    if head.headers.get("transfer-encoding", "").lower() == "chunked":
        async for piece in _chunks(reader):
            yield piece
        return
    length = head.headers.get("content-length")
    if length is None:
        while not has_end and (piece := await reader.read(PIECE_BYTES)):
            yield piece
        return
    left = int(length)
    while left:
        piece = await reader.readexactly(min(left, PIECE_BYTES))
        left -= len(piece)
        yield piece


async def _chunks(reader: StreamReader) -> AsyncIterator[bytes]:
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        yield line + await reader.readexactly(size + 2)
        if not size:
            return


def has_no_body(request: Head, answer: Head) -> bool:
    """Whether an answer is only a head."""
    return answer.status in _WITHOUT_BODY or request.first_line.startswith("HEAD ")

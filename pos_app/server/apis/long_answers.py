"""Answers of any length: written to a file first, so that each is whole or a refusal."""

from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

IN_MEMORY_BYTES = 1024 * 1024
SENT_BYTES = 256 * 1024


class LongAnswer(StreamingResponse):
    """JSON out of a file, which is let go whatever becomes of the connection."""

    def __init__(self, file: IO[bytes]) -> None:
        size = file.tell()
        file.seek(0)
        headers = {"Content-Length": str(size)}
        super().__init__(_parts(file), media_type="application/json", headers=headers)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._file.close()


def long_answer(pieces: Iterable[bytes]) -> LongAnswer:
    """Return an answer of pieces of JSON; what goes wrong while they come is raised."""
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - sent later
    try:
        for piece in pieces:
            file.write(piece)
        return LongAnswer(file)
    except BaseException:
        file.close()
        raise


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    while part := file.read(SENT_BYTES):
        yield part

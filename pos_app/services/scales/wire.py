"""The line to a scale, and how an answer is collected from it without waiting for ever."""

import time
from collections.abc import Callable
from typing import Protocol

_MOST_BYTES = 2048


class Wire(Protocol):
    """Bytes to a scale and back; every method raises OSError when the line is broken."""

    def write(self, data: bytes) -> None:
        """Send all of `data`."""

    def read(self, timeout_s: float) -> bytes:
        """Return what came within `timeout_s`, nothing if nothing came."""

    def forget(self) -> None:
        """Drop what has come in and was not read."""

    def close(self) -> None:
        """Let go of the line."""


class Overheard:
    """A wire that remembers the last bytes it brought, for whoever sets the scale up."""

    def __init__(self, wire: Wire, most: int = 64) -> None:
        self._wire = wire
        self._most = most
        self.heard = b""

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        self._wire.write(data)

    def read(self, timeout_s: float) -> bytes:
        """Return what came within `timeout_s`, and remember it."""
        came = self._wire.read(timeout_s)
        self.heard = (self.heard + came)[-self._most :]
        return came

    def forget(self) -> None:
        """Drop what has come in and was not read."""
        self._wire.forget()

    def close(self) -> None:
        """Let go of the line."""
        self._wire.close()


def read_until(wire: Wire, is_whole: Callable[[bytes], bool], answer_s: float) -> bytes:
    """Return all that came until the answer is whole, `answer_s` is over, or it is far too much."""
    data, until = b"", time.monotonic() + answer_s
    while len(data) < _MOST_BYTES:
        left = until - time.monotonic()
        if left <= 0:
            break
        came = wire.read(left)
        data += came
        if came and is_whole(data):
            break
    return data[:_MOST_BYTES]

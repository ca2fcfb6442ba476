"""Reads the ESC/POS that we send, command by command, as a printer would.

Written from the published command lists (Epson's ESC/POS reference), not from our own writer, so
that the preview shows what the bytes say and an unknown command is found instead of drawn over.
"""

from collections.abc import Iterator
from dataclasses import dataclass

LF = 0x0A

# How many bytes follow each command of fixed length.
_FIXED: dict[bytes, int] = {
    b"\x1b@": 0,
    b"\x1b2": 0,
    b"\x1b3": 1,
    b"\x1b!": 1,
    b"\x1bE": 1,
    b"\x1bM": 1,
    b"\x1b-": 1,
    b"\x1ba": 1,
    b"\x1bt": 1,
    b"\x1bd": 1,
    b"\x1bJ": 1,
    b"\x1bp": 3,
    b"\x1c.": 0,
    b"\x1c&": 0,
    b"\x1d!": 1,
    b"\x1dB": 1,
    b"\x10\x04": 1,
}
_CUT, _RASTER, _EXTENDED = b"\x1dV", b"\x1dv", b"\x1d("


@dataclass(frozen=True, slots=True)
class Command:
    """One step of a job: `name` is the command's first bytes, `text` or `line feed`."""

    name: bytes
    data: bytes = b""


class NotOurCommand(ValueError):
    """The stream holds a command that this till never sends, at the byte `at`."""

    def __init__(self, name: bytes, at: int) -> None:
        super().__init__(f"unknown command {name!r} at byte {at}")
        self.name, self.at = name, at


TEXT, LINE_FEED = b"text", b"\n"


def read_job(payload: bytes) -> Iterator[Command]:
    """Yield the commands of a job; raises NotOurCommand where one is unknown or cut off."""
    at = 0
    while at < len(payload):
        command, after = _next(payload, at)
        yield command
        at = after


def _next(payload: bytes, at: int) -> tuple[Command, int]:
    byte = payload[at]
    if byte == LF:
        return Command(LINE_FEED), at + 1
    if byte >= 0x20:
        end = at
        while end < len(payload) and payload[end] >= 0x20:
            end += 1
        return Command(TEXT, payload[at:end]), end
    name = payload[at : at + 2]
    length = _length(payload, at, name)
    end = at + 2 + length
    if end > len(payload):
        raise NotOurCommand(name, at)
    return Command(name, payload[at + 2 : end]), end


def _length(payload: bytes, at: int, name: bytes) -> int:
    """How many bytes follow a command's two-byte name."""
    if name in _FIXED:
        return _FIXED[name]
    rest = payload[at + 2 : at + 8]
    if name == _CUT and rest:
        return 2 if rest[0] in (65, 66) else 1
    if name == _EXTENDED and len(rest) >= 3 and rest[:1] == b"k":
        return 3 + int.from_bytes(rest[1:3], "little")
    if name == _RASTER and len(rest) == 6 and rest[:1] == b"0":
        return 6 + int.from_bytes(rest[2:4], "little") * int.from_bytes(rest[4:6], "little")
    raise NotOurCommand(name, at)

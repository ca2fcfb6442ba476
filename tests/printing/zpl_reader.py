"""Reads ZPL as its programming guide says, without our writer: commands, fields, hexadecimal data.

And draws it with zpl-renderer-js (zebrash), a renderer that others wrote.
"""

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pytest
from PIL import Image

from tests.printing.someone_elses import NODE_FOLDER

needs_renderer = pytest.mark.skipif(
    not (NODE_FOLDER / "node_modules" / "zpl-renderer-js").is_dir(),
    reason="zpl-renderer-js is missing: python3 installer/check.py brings it",
)
# Two letters or digits name a command, but for fonts: ^A and the font's own letter.
_COMMAND = re.compile(r"[\^~]([A-Z][A-Z0-9])([^\^~]*)")


@dataclass(frozen=True)
class Command:
    """A command with its parameters as they stand there."""

    name: str
    parameters: str


@dataclass(frozen=True)
class Field:
    """One field: where it is, what makes it, and its data with the hexadecimal taken back."""

    x: int
    y: int
    kind: str
    parameters: tuple[str, ...]
    data: str
    module: int = 0


def commands(job: bytes) -> list[Command]:
    """All commands of a job; anything between them but line ends is a fault."""
    text = job.decode("ascii")
    found = [Command(one[1], one[2].strip("\n")) for one in _COMMAND.finditer(text)]
    assert re.sub(r"\n", "", _COMMAND.sub("", text)) == ""
    return found


def labels(job: bytes) -> Iterator[tuple[dict[str, str], list[Field]]]:
    """The formats of a job: settings by command name, and fields."""
    settings: dict[str, str] = {}
    state: dict[str, str] = {}
    fields: list[Field] = []
    for command in commands(job):
        if command.name == "XA":
            settings, state, fields = {}, {}, []
        elif command.name == "XZ":
            yield settings, fields
        elif command.name == "FS":
            fields.append(_field(state))
            state = {}
        elif command.name in _OF_FIELDS or command.name[0] in "AB":
            state[command.name] = command.parameters
        else:
            settings[command.name] = command.parameters


_OF_FIELDS = ("FO", "BY", "FH", "FD", "GF")


def _field(state: dict[str, str]) -> Field:
    """A field as the commands between ^FO and ^FS describe it."""
    x, y = (int(part) for part in state["FO"].split(","))
    kind = next(name for name in state if name not in ("FO", "BY", "FH", "FD"))
    escape = state["FH"] or "_" if "FH" in state else ""
    data = _plain(state.get("FD", ""), escape)
    return Field(x, y, kind, tuple(state[kind].split(",")), data, int(state.get("BY", 0)))


def _plain(data: str, escape: str) -> str:
    if not escape:
        return data
    raw = re.sub(
        re.escape(escape) + "([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), data
    )  # fmt: skip
    return raw.encode("latin-1").decode("utf-8")


def drawn(job: bytes, size_mm: tuple[float, float], dots_per_mm: int) -> list[Image.Image]:
    """The labels of a job, drawn by zebrash."""
    command = ["node", str(NODE_FOLDER / "zpl.js"), *map(str, size_mm), str(dots_per_mm)]
    done = subprocess.run(command, input=job, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    pngs = (base64.b64decode(one) for one in json.loads(done.stdout))
    return [Image.open(BytesIO(png)).convert("L") for png in pngs]

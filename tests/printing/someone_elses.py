"""Decoders that others wrote: npos for ESC/POS, zxing-cpp for QR codes."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

NODE_FOLDER = Path(__file__).parent.parent / "node"

needs_npos = pytest.mark.skipif(
    not (NODE_FOLDER / "node_modules" / "npos").is_dir(),
    reason="npos is missing: python3 installer/check.py brings it",
)


@dataclass(frozen=True)
class Seen:
    """A command as npos names it, or `text`, with its bytes."""

    name: str
    data: bytes


def decode(payload: bytes) -> list[Seen]:
    """Decode a job with npos; a command that it does not know fails the test."""
    done = subprocess.run(
        ["node", str(NODE_FOLDER / "decode.js")], input=payload, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return [Seen(one["name"], bytes.fromhex(one["data"])) for one in json.loads(done.stdout)]


def lines(payload: bytes, code_page: str = "cp858") -> list[str]:
    """The text lines of a job, as npos finds them and Python's own code page reads them."""
    text = b"".join(seen.data for seen in decode(payload) if seen.name == "text")
    return text.decode(code_page).split("\n")


def commands(payload: bytes) -> list[Seen]:
    """The commands of a job without its text."""
    return [seen for seen in decode(payload) if seen.name != "text"]


def dots(seen: Seen) -> Image.Image:
    """The picture of a GS v 0 command: mode, bytes across, dots down, dots."""
    across = int.from_bytes(seen.data[1:3], "little") * 8
    down = int.from_bytes(seen.data[3:5], "little")
    ink = bytes(byte ^ 0xFF for byte in seen.data[5:].ljust(across * down // 8, b"\0"))
    return Image.frombytes("1", (across, down), ink)


def qr_texts(image: Image.Image) -> list[str]:
    """What zxing-cpp reads in a picture."""
    return [found.text for found in zxingcpp.read_barcodes(image.convert("L"))]

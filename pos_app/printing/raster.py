"""Text drawn as dots, for scripts that no code page of the printer holds.

Pillow draws with the shipped Noto fonts; letters are joined by arabic-reshaper and ordered by
python-bidi (UAX #9), so that every machine draws the same dots (resources/decisions/0004).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import ceil
from typing import Literal

from arabic_reshaper import ArabicReshaper
from bidi.algorithm import get_display
from PIL import Image, ImageDraw, ImageFont

from pos_app.assets import resource
from pos_app.printing.printable import is_arabic, is_right_to_left

LINE_PX = 30  # A printer's own line: 1/6 inch of 180 dots.
_TEXT_PX = 22
_BASELINE_PX = 22  # From the top of a line.
_INK_BELOW = 150  # A grey below this prints: thin strokes stay whole and curves stay smooth.
_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))

Face = Literal["latin", "arabic", "chinese"]
_FILES: dict[tuple[Face, bool], str] = {
    ("latin", False): "NotoSans-Regular.ttf",
    ("latin", True): "NotoSans-Bold.ttf",
    ("arabic", False): "NotoSansArabic-Regular.ttf",
    ("arabic", True): "NotoSansArabic-Bold.ttf",
    ("chinese", False): "NotoSansSC-Regular.ttf",
    ("chinese", True): "NotoSansSC-Regular.ttf",  # Bold by a second stroke beside the first.
}


@dataclass(frozen=True, slots=True)
class Lettering:
    """How text is drawn: bold or not, `scale` 2 for twice the height."""

    bold: bool = False
    scale: int = 1

    def width(self, text: str) -> int:
        """Return how many dots wide `text` is when drawn."""
        return round(sum(_font(f, self).getlength(run) for f, run in _runs(_visual(text))))


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece of text on a drawn line: its left edge in dots."""

    text: str
    left: int


def draw_line(pieces: Sequence[Placed], lettering: Lettering, dots: int) -> Image.Image:
    """Draw pieces of text beside each other on a line `dots` wide; black is 0 in mode 1.

    The line grows where a letter reaches above or below it, as Arabic bowls and marks do.
    """
    inked = list(_inked(pieces, lettering))
    above = max([_BASELINE_PX * lettering.scale, *(run.above for run in inked)])
    below = max([(LINE_PX - _BASELINE_PX) * lettering.scale, *(run.below for run in inked)])
    grey = Image.new("L", (dots, above + below), 255)
    pen = ImageDraw.Draw(grey)
    for run in inked:
        pen.text((run.left, above), run.text, 0, run.font, "ls", stroke_width=run.stroke)
    return grey.point(lambda value: 255 * (value >= _INK_BELOW), mode="1")


@dataclass(frozen=True, slots=True)
class _Run:
    """Letters of one font: where they begin, and how far they reach above and below the line."""

    text: str
    font: ImageFont.FreeTypeFont
    left: float
    above: int
    below: int
    stroke: float


def _inked(pieces: Sequence[Placed], lettering: Lettering) -> Iterator[_Run]:
    for piece in pieces:
        left = float(piece.left)
        for face, text in _runs(_visual(piece.text)):
            font = _font(face, lettering)
            _, top, _, bottom = font.getbbox(text, anchor="ls")
            stroke = 0.4 if lettering.bold and face == "chinese" else 0
            yield _Run(text, font, left, ceil(-top) + 1, ceil(bottom) + 1, stroke)
            left += font.getlength(text)


def _visual(text: str) -> str:
    """Return `text` shaped and in the order in which it is drawn from left to right.

    A piece without right-to-left letters (an amount, a date) keeps its own direction, so that
    a minus stays in front of its figure. Marks that isolate a filled-in name or number are left
    out: python-bidi's algorithm is older than they are and stops at one.
    """
    text = text.translate(_ISOLATES)
    if not is_right_to_left(text):
        return text
    return str(get_display(_reshaper().reshape(text), base_dir="R"))


def visual_runs(text: str) -> list[tuple[Face, str]]:
    """Return `text` shaped, in the order in which it is drawn, cut where the font changes."""
    return _runs(_visual(text))


def font_file(face: Face, bold: bool) -> str:
    """Return the name of the shipped font that draws `face`."""
    return _FILES[face, bold]


@lru_cache(maxsize=1)
def _reshaper() -> ArabicReshaper:
    return ArabicReshaper({"delete_harakat": False, "support_zwj": True})


def _runs(text: str) -> list[tuple[Face, str]]:
    return [(face, "".join(run)) for face, run in groupby(text, key=_face)]


def _face(char: str) -> Face:
    if is_arabic(char):
        return "arabic"
    code = ord(char)
    wide = 0x2E80 <= code <= 0xA4CF or 0xAC00 <= code <= 0xD7AF or 0xF900 <= code <= 0xFAFF
    if wide or 0xFE30 <= code <= 0xFE4F or 0xFF00 <= code <= 0xFFEF or 0x20000 <= code <= 0x3FFFF:
        return "chinese"
    return "latin"


@lru_cache(maxsize=24)
def _font(face: Face, lettering: Lettering) -> ImageFont.FreeTypeFont:
    """Open a shipped font; the basic layout, because shaping is done before."""
    path = resource("fonts") / _FILES[face, lettering.bold]
    size = _TEXT_PX * lettering.scale
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)

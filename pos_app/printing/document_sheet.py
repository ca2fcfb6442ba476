"""Pages to draw on, measured in points from the upper corner where reading begins.

Nothing is drawn at once: the last page has to be known before the first can say "1 of 3". On a
page that reads from right to left every `x` counts from the right edge.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pos_app.printing.document_page import Align
from pos_app.printing.document_text import Piece

MM = 72 / 25.4
Colour = tuple[float, float, float]

INK: Colour = (0.13, 0.15, 0.18)
QUIET: Colour = (0.40, 0.43, 0.48)
FAINT: Colour = (0.82, 0.84, 0.87)
PALE: Colour = (0.93, 0.94, 0.95)
WHITE: Colour = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Letters:
    """A piece of text in its place: `left` and `baseline` in points from the upper left corner."""

    left: float
    baseline: float
    size: float
    colour: Colour
    piece: Piece


@dataclass(frozen=True, slots=True)
class Block:
    """A filled box: a rule where it is thin."""

    left: float
    top: float
    width: float
    height: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line from point to point, in points from the upper left corner."""

    points: tuple[tuple[float, float], ...]
    thickness: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Modules:
    """The dark runs of a code of `count` modules, in a square of `side` points."""

    left: float
    top: float
    side: float
    count: int
    runs: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in its box; `image` is reportlab's."""

    left: float
    top: float
    width: float
    height: float
    image: Any


@dataclass(slots=True)
class Page:
    """What one page shows, what is drawn later lying above."""

    blocks: list[Block] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    codes: list[Modules] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    letters: list[Letters] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """The pages of a document, `width` by `height` points; what is put goes on `page`."""

    width: float
    height: float
    is_mirrored: bool
    pages: list[Page] = field(default_factory=lambda: [Page()])
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.page = self.pages[-1]

    def turn(self) -> None:
        """Begin another page."""
        self.page = Page()
        self.pages.append(self.page)

    def put(
        self,
        piece: Piece,
        span: tuple[float, float],
        baseline: float,
        size: float,
        colour: Colour = INK,
        align: Align = Align.START,
    ) -> None:
        """Put a line of text into the span from one `x` to another; a figure at its right."""
        if not piece.runs:
            return
        start, end = self._turned(span)
        is_right = align is Align.FIGURE or self.is_mirrored
        left = end - piece.width * size if is_right else start
        self.page.letters.append(Letters(left, baseline, size, colour, piece))

    def put_at_end(
        self,
        piece: Piece,
        span: tuple[float, float],
        baseline: float,
        size: float,
        colour: Colour = INK,
    ) -> None:
        """Put a line of text where reading ends: at the right, mirrored at the left."""
        start, end = self._turned(span)
        left = start if self.is_mirrored else end - piece.width * size
        self.page.letters.append(Letters(left, baseline, size, colour, piece))

    def fill(self, span: tuple[float, float], top: float, height: float, colour: Colour) -> None:
        """Fill a box over a span."""
        start, end = self._turned(span)
        self.page.blocks.append(Block(start, top, end - start, height, colour))

    def line(self, points: Sequence[tuple[float, float]], thickness: float, colour: Colour) -> None:
        """Draw a line from point to point."""
        turned = ((self.width - x if self.is_mirrored else x, y) for x, y in points)
        self.page.strokes.append(Stroke(tuple(turned), thickness, colour))

    def code(self, x: float, top: float, side: float, modules: tuple[int, Any]) -> None:
        """Put a code with its corner at `x`."""
        start, _ = self._turned((x, x + side))
        self.page.codes.append(Modules(start, top, side, modules[0], modules[1]))

    def picture(self, x: float, top: float, size: tuple[float, float], image: Any) -> None:
        """Put a picture with its corner at `x`."""
        start, _ = self._turned((x, x + size[0]))
        self.page.pictures.append(Picture(start, top, *size, image))

    def _turned(self, span: tuple[float, float]) -> tuple[float, float]:
        if self.is_mirrored:
            return self.width - span[1], self.width - span[0]
        return span


def rgb(colour: str) -> Colour:
    """Read #RRGGBB as shares of red, green and blue; what is none is the house's own blue."""
    digits = colour.removeprefix("#")
    try:
        number = int(digits, 16) if len(digits) == 6 else 0x1D4E89
    except ValueError:
        number = 0x1D4E89
    return (number >> 16) / 255, (number >> 8 & 255) / 255, (number & 255) / 255


def luminance(colour: Colour) -> float:
    """Return how light a colour is, from 0 to 1 (relative luminance, WCAG 2.2)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable(colour: Colour) -> Colour:
    """Return a colour dark enough for letters on white: a contrast of at least 4.5."""
    while luminance(colour) > 0.183:
        colour = (colour[0] * 0.9, colour[1] * 0.9, colour[2] * 0.9)
    return colour


def contrast_to(colour: Colour) -> Colour:
    """Return the colour of letters on a field of another: white or ink."""
    return WHITE if luminance(colour) < 0.3 else INK

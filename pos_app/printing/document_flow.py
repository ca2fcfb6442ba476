"""Where the next thing goes: down the page, and on to another one when there is no room."""

from collections.abc import Sequence
from dataclasses import dataclass

from pos_app.printing.document_fonts import Boldness
from pos_app.printing.document_page import Passage
from pos_app.printing.document_sheet import INK, QUIET, Colour, Sheet
from pos_app.printing.document_text import Piece, set_lines, set_text

BODY, SMALL, LABEL, TINY = 9.0, 8.0, 7.5, 7.0  # Sizes of letters in points.


@dataclass(frozen=True, slots=True)
class Look:
    """How a document is drawn.

    Its colour, that colour for letters, the distance of lines in parts of their letters' size, and
    what is free above and below a row of the table in points.
    """

    accent: Colour
    accent_ink: Colour
    leading: float
    row_pad: float


@dataclass(slots=True)
class Flow:
    """The text column between `left` and `right`; `y` is the upper edge of what comes next.

    A further page's column begins at `top`; all end at `bottom`.
    """

    sheet: Sheet
    look: Look
    left: float
    right: float
    y: float
    top: float
    bottom: float

    @property
    def room(self) -> float:
        """How many points are left on the page."""
        return self.bottom - self.y

    @property
    def whole(self) -> float:
        """How many points a further page has."""
        return self.bottom - self.top

    @property
    def span(self) -> tuple[float, float]:
        """The column from edge to edge."""
        return self.left, self.right

    def turn(self) -> None:
        """Go on at the top of another page."""
        self.sheet.turn()
        self.y = self.top

    def keep(self, height: float) -> None:
        """Turn the page where less than `height` is left and a further page has more."""
        if self.room < height and self.y > self.top:
            self.turn()


def draw_lines(
    flow: Flow,
    lines: Sequence[Piece],
    span: tuple[float, float],
    size: float,
    colour: Colour = INK,
) -> None:
    """Draw lines of running text below each other, over several pages where they need it."""
    leading = size * flow.look.leading
    for line in lines:
        flow.keep(leading)
        flow.sheet.put(line, span, flow.y + baseline(size, leading), size, colour)
        flow.y += leading


def draw_passages(flow: Flow, passages: Sequence[Passage], size: float) -> None:
    """Draw headings with their text; a heading does not stay behind alone."""
    span = flow.span
    for passage in passages:
        lines = set_lines(passage.text, "regular", (span[1] - span[0]) / size)
        leading = size * flow.look.leading
        heading = TINY * 2 if passage.heading else 0
        flow.keep(heading + min(len(lines), 2) * leading)
        if passage.heading:
            label(flow, passage.heading, span)
        draw_lines(flow, lines, span, size)
        flow.y += size * 0.8


def label(flow: Flow, text: str, span: tuple[float, float]) -> None:
    """Draw a small heading above what it names."""
    draw_lines(flow, fit(text, "strong", span, LABEL)[:1], span, LABEL, flow.look.accent_ink)
    flow.y += 1


def pair(
    flow: Flow,
    texts: tuple[str, str],
    spans: tuple[tuple[float, float], tuple[float, float]],
    size: float = SMALL,
) -> float:
    """Draw a label with its value beside it and return the height; both may take lines."""
    names = fit(texts[0], "regular", spans[0], size)
    values = fit(texts[1], "regular", spans[1], size)
    leading = size * flow.look.leading
    beside(flow, names, spans[0], size, QUIET)
    beside(flow, values, spans[1], size, INK)
    return max(len(names), len(values)) * leading


def beside(
    flow: Flow,
    lines: Sequence[Piece],
    span: tuple[float, float],
    size: float,
    colour: Colour,
) -> None:
    """Draw lines at the present height without going down."""
    leading = size * flow.look.leading
    for number, line in enumerate(lines):
        flow.sheet.put(
            line, span, flow.y + number * leading + baseline(size, leading), size, colour
        )


def fit(text: str, boldness: Boldness, span: tuple[float, float], size: float) -> tuple[Piece, ...]:
    """Break a text into lines that a span holds."""
    return set_lines(text, boldness, (span[1] - span[0]) / size)


def shrunk(
    text: str, boldness: Boldness, room: float, most: float, least: float = 5.5
) -> tuple[Piece, float]:
    """Return a text that one line holds with the size of its letters; at `least` it is cut off."""
    piece = set_text(text, boldness)
    size = min(most, room / max(piece.width, 0.001))
    if size >= least:
        return piece, size
    lines = set_lines(text, boldness, room / least)
    return lines[0], least


def baseline(size: float, leading: float) -> float:
    """Return how far below its upper edge the letters of a line stand."""
    return (leading - size) / 2 + size * 0.83

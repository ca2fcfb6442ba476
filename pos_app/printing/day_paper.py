"""What the parts of the day's page are drawn with: sheet, words, and the way to write figures."""

from dataclasses import dataclass

from pos_app.domain.day_review import DayReview
from pos_app.domain.money import Money
from pos_app.printing.amounts import Writing
from pos_app.printing.document_fonts import Boldness
from pos_app.printing.document_sheet import FAINT, INK, MM, Colour, Sheet
from pos_app.printing.document_text import Piece, set_text
from pos_app.printing.receipt_lines import Translate

Span = tuple[float, float]

GOOD: Colour = (0.04, 0.45, 0.22)
BAD: Colour = (0.70, 0.15, 0.12)
WARN: Colour = (0.72, 0.49, 0.0)
MARGIN = 14 * MM
HEADING = 13.5


@dataclass(frozen=True, slots=True)
class DayPaper:
    """The page while it is drawn; `ink` is the shop's colour, dark enough for letters."""

    sheet: Sheet
    review: DayReview
    written: Writing
    t: Translate
    ink: Colour

    @property
    def span(self) -> Span:
        """The page from margin to margin."""
        return MARGIN, self.sheet.width - MARGIN

    def money(self, minor: int) -> str:
        """Write an amount of the review's currency without naming it."""
        return self.written.money(Money(minor, self.review.currency))

    def text(
        self,
        text: str,
        span: Span,
        baseline: float,
        size: float,
        colour: Colour = INK,
        boldness: Boldness = "regular",
    ) -> None:
        """Put a text where reading begins, cut with an ellipsis where it is too long."""
        piece = clipped(text, boldness, (span[1] - span[0]) / size)
        self.sheet.put(piece, span, baseline, size, colour)

    def figure(
        self,
        text: str,
        span: Span,
        baseline: float,
        size: float,
        colour: Colour = INK,
        boldness: Boldness = "regular",
    ) -> None:
        """Put a figure where reading ends, in smaller letters where it is too long."""
        piece, fitting = fitted(text, boldness, span[1] - span[0], size)
        self.sheet.put_at_end(piece, span, baseline, fitting, colour)

    def heading(self, text: str, span: Span, top: float) -> float:
        """Put a heading with a rule under it and return where its list begins."""
        self.text(text, span, top + 8.2, 8.5, self.ink, "strong")
        self.sheet.fill(span, top + 11.2, 0.6, FAINT)
        return top + HEADING


def clipped(text: str, boldness: Boldness, limit_em: float) -> Piece:
    """Return a text of one line, ended by an ellipsis where it is wider than `limit_em` sizes."""
    piece = set_text(text, boldness)
    if piece.width <= limit_em:
        return piece
    short, long = 0, len(text)
    while long - short > 1:
        middle = (short + long) // 2
        fits = set_text(f"{text[:middle].rstrip()}…", boldness).width <= limit_em
        short, long = (middle, long) if fits else (short, middle)
    return set_text(f"{text[:short].rstrip()}…", boldness)


def fitted(text: str, boldness: Boldness, room: float, most: float) -> tuple[Piece, float]:
    """Return a figure with the size at which its room holds it; a figure is never cut."""
    piece = set_text(text, boldness)
    return piece, min(most, room / max(piece.width, 0.001))


def shared_rows(wanted: list[int], heights: list[float], room: float) -> list[int]:
    """Share out the rows that a room holds among lists, each in turn until it has what it wants.

    `heights` are those of one row of each list, in points like `room`.
    """
    given = [0] * len(wanted)
    is_open = [bool(rows) for rows in wanted]
    while any(is_open):
        for place, rows in enumerate(wanted):
            if not is_open[place]:
                continue
            if given[place] == rows or heights[place] > room:
                is_open[place] = False
                continue
            given[place] += 1
            room -= heights[place]
    return given

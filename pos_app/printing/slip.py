"""What stands on a slip of paper, before anyone knows on which printer it comes out."""

from dataclasses import dataclass
from enum import StrEnum

# Languages (ISO 639-1) whose slips begin at the right.
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


class Align(StrEnum):
    """Where a line stands; `start` is left, and right where the slip reads from right to left."""

    START = "start"
    CENTRE = "centre"


class Size(StrEnum):
    """How large letters are: as they come, twice as high, or twice as high and wide."""

    NORMAL = "normal"
    TALL = "tall"
    BIG = "big"


@dataclass(frozen=True, slots=True)
class Line:
    """A text of its own, wrapped where it is too long; `indent` in columns."""

    text: str
    align: Align = Align.START
    size: Size = Size.NORMAL
    bold: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A text and a figure at the far edge; the text wraps and never touches the figure.

    `tail` stands behind the figure; `tail_columns` is kept free for it on every such row.
    """

    text: str
    figure: str
    size: Size = Size.NORMAL
    bold: bool = False
    indent: int = 0
    tail: str = ""
    tail_columns: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equal length, the first one a heading; all columns but the first are figures."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper; `strong` before and after what matters most."""

    strong: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture from a file, in the middle; left out where it cannot be read."""

    path: str
    height_limit_px: int = 160


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code in the middle."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty lines."""

    lines: int = 1


Part = Line | Row | Table | Rule | Picture | Code | Gap


@dataclass(frozen=True, slots=True)
class Slip:
    """A whole slip: its parts in order, how it reads, and what the printer does at its end."""

    parts: tuple[Part, ...]
    right_to_left: bool = False
    kicks_drawer: bool = False

"""Takings by hour or day as a picture: bars, and a line for what they are compared with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

HEIGHT, TOP, BOTTOM, START, END = 200, 14, 26, 4, 4
WIDE, NARROW = 880, 340
YOf = Callable[[int], float]
_STEPS = 4  # lines across, and figures at them


@dataclass(frozen=True, slots=True)
class Piece:
    """One hour or day: its words, what came in (minor units), the same before, and its receipts."""

    words: str
    value: int
    before: int | None
    told: str
    path: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar where it is drawn; `label` is empty where there is no room."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    told: str
    path: str


@dataclass(frozen=True, slots=True)
class Level:
    """A line across and its figure (minor units)."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture in its own units; `line` are the points of what it is compared with."""

    width: int
    height: int
    zero: float
    start: float
    bars: tuple[Bar, ...]
    line: str
    dots: tuple[tuple[float, float], ...]
    levels: tuple[Level, ...]


def chart_of(pieces: Sequence[Piece], width: int, margin: int) -> Chart | None:
    """Draw pieces into a width, with `margin` for the figures beside; None for nothing."""
    if not pieces:
        return None
    highest = max(max(one.value, one.before or 0) for one in pieces)
    lowest = min(0, *(min(one.value, one.before or 0) for one in pieces))
    step = _step(highest, lowest)
    top, low = -(-highest // step) * step, lowest // step * step
    reach = max(top - low, 1)
    room = HEIGHT - TOP - BOTTOM

    def y_of(value: int) -> float:
        return round(TOP + room * (top - value) / reach, 1)

    start = START + margin
    slot = (width - start - END) / len(pieces)
    thick = min(slot * 0.68, 56)
    each = max(1, -(-len(pieces) * 34 // (width - start)))
    bars = tuple(
        _bar(one, place, start + slot * place, slot, thick, each, y_of)
        for place, one in enumerate(pieces)
    )
    dots = tuple(
        (bar.middle, y_of(one.before))
        for bar, one in zip(bars, pieces, strict=True)
        if one.before is not None
    )
    levels = tuple(Level(y_of(value), value) for value in range(low, top + 1, step))
    line = " ".join(f"{x},{y}" for x, y in dots)
    return Chart(width, HEIGHT, y_of(0), start, bars, line, dots, levels)


def _bar(  # noqa: PLR0917 - one piece and the scales it is drawn by
    one: Piece, place: int, x: float, slot: float, thick: float, each: int, y_of: YOf
) -> Bar:
    top, zero = y_of(max(one.value, 0)), y_of(min(one.value, 0))
    return Bar(
        round(x + (slot - thick) / 2, 1),
        top,
        round(thick, 1),
        round(max(zero - top, 1 if one.value else 0), 1),
        round(x + slot / 2, 1),
        one.words if place % each == 0 else "",
        one.told,
        one.path,
    )


def _step(highest: int, lowest: int) -> int:
    """Return a round distance (1, 2 or 5 times a power of ten) for about four lines across."""
    rough = max(highest - lowest, 1) / _STEPS
    power = 1
    while power * 10 <= rough:
        power *= 10
    return next(power * one for one in (1, 2, 5, 10) if power * one >= rough)

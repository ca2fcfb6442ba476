"""Sets text in a box: as large as it fits, wrapped, never over the edge. All measures in points."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageFont

from pos_app.assets import resource
from pos_app.printing.layout import wrap
from pos_app.printing.raster import Face, font_file, visual_runs

LEAST_PT = 4.0  # Smaller than that nobody reads it.
_STEP_PT = 0.5
_UNITS_PER_EM = 1000  # Of every shipped font, so that lengths at this size are exact.
_ASCENT, _DESCENT = 0.95, 0.27  # What letters with accents reach, in parts of the size.
_TALL_ASCENT, _TALL_DESCENT = 1.1, 0.5  # Arabic bowls and marks reach further.
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `top` counts downwards from the label's upper edge."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line of text in its place: `text` as read, `runs` as drawn from `left` to right."""

    text: str
    runs: tuple[tuple[Face, str], ...]
    left: float
    baseline: float
    size: float
    bold: bool
    width: float


def set_line(text: str, box: Box, most_pt: float, *, bold: bool = False, at: float = 0) -> SetLine:
    """Set one line, centred between top and bottom; what is too long ends in an ellipsis.

    `at` is where it stands in the box's width: 0 at the left, 0.5 in the middle, 1 at the right.
    """
    tall, deep = _reach(text)
    size = min(most_pt, box.height / (tall + deep))
    width = em_width(text, bold)
    if width * size > box.width:
        size = max(box.width / width, min(size, LEAST_PT))
        text = _cut(text, box.width / size, bold)
    spare = max(box.height - (tall + deep) * size, 0)
    return _placed(text, box, box.top + spare / 2 + tall * size, size, bold, at)


def set_lines(
    text: str, box: Box, most_pt: float, *, bold: bool = False, at: float = 0
) -> tuple[SetLine, ...]:
    """Set a text in as many lines as its largest possible size needs, from the top of the box."""
    tall, deep = _reach(text)
    size, lines = most_pt, [text]
    for size in _sizes(most_pt):
        lines = _wrapped(text, box.width / size, bold)
        if len(lines) * (tall + deep) * size <= box.height:
            break
    room = max(int(box.height / ((tall + deep) * size) + 0.001), 1)
    if len(lines) > room:
        rest = " ".join(lines[room - 1 :])
        lines = [*lines[: room - 1], _cut(rest + _ELLIPSIS, box.width / size, bold)]
    return tuple(
        _placed(line, box, box.top + (place * (tall + deep) + tall) * size, size, bold, at)
        for place, line in enumerate(lines)
        if line
    )


def em_width(text: str, bold: bool) -> float:
    """Return how wide a text is, in parts of its size."""
    return sum(run_width(face, run, bold) for face, run in visual_runs(text))


def run_width(face: Face, text: str, bold: bool) -> float:
    """Return how wide letters of one font are as they are drawn, in parts of their size."""
    return sum(_advance(face, char, bold) for char in text)


def _placed(text: str, box: Box, baseline: float, size: float, bold: bool, at: float) -> SetLine:
    width = em_width(text, bold) * size
    left = box.left + max(box.width - width, 0) * at
    return SetLine(text, tuple(visual_runs(text)), left, baseline, size, bold, width)


def _wrapped(text: str, limit_em: float, bold: bool) -> list[str]:
    limit = int(limit_em * _UNITS_PER_EM)
    return list(wrap(text, limit, lambda part: round(em_width(part, bold) * _UNITS_PER_EM)))


def _cut(text: str, limit_em: float, bold: bool) -> str:
    if em_width(text, bold) <= limit_em + 0.001:
        return text
    kept = text.rstrip(_ELLIPSIS)
    while kept and em_width(kept + _ELLIPSIS, bold) > limit_em:
        kept = kept[:-1].rstrip()
    return kept + _ELLIPSIS


def _sizes(most_pt: float) -> Iterator[float]:
    size = max(most_pt, LEAST_PT)
    while size > LEAST_PT:
        yield size
        size -= _STEP_PT
    yield LEAST_PT


def _reach(text: str) -> tuple[float, float]:
    is_tall = any(face == "arabic" for face, _ in visual_runs(text))
    return (_TALL_ASCENT, _TALL_DESCENT) if is_tall else (_ASCENT, _DESCENT)


@lru_cache(maxsize=4096)
def _advance(face: Face, char: str, bold: bool) -> float:
    return _metrics(face, bold).getlength(char) / _UNITS_PER_EM


@lru_cache(maxsize=8)
def _metrics(face: Face, bold: bool) -> ImageFont.FreeTypeFont:
    path = str(resource("fonts") / font_file(face, bold))
    return ImageFont.truetype(path, _UNITS_PER_EM, layout_engine=ImageFont.Layout.BASIC)

"""Text made ready for paper: cleaned, shaped, broken into lines, put in drawing order (UAX #9)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import cast

from arabic_reshaper import ArabicReshaper
from bidi import get_display

from pos_app.printing.document_fonts import PLAIN_ONLY, Boldness, latin, letter_of
from pos_app.printing.printable import is_arabic, is_right_to_left, printable

_WHOLE = 20_000  # Letters of one paragraph; documents hold at most 2,000 in a text.
_STEERING = dict.fromkeys(map(ord, "\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069"))
_FIRST_STRONG, _POP = "\u2068", "\u2069"
_WIDE = "\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
_CLOSING = "、。，．：；？！）］｝〉》」』】〕”’％"
_OPENING = "（［｛〈《「『【〔“‘"
_TURNED_OPENING = "([{<«‹≤（［｛〈《「『【〔"
_TURNED_CLOSING = ")]}>»›≥）］｝〉》」』】〕"
_MIRROR = dict(
    zip(_TURNED_OPENING + _TURNED_CLOSING, _TURNED_CLOSING + _TURNED_OPENING, strict=True)
)
_COMPANION = "\ufffc"  # Neutral like a bracket, and never part of a text: see `_clean`.
_TURNING = re.compile(f"[{re.escape(_TURNED_OPENING + _TURNED_CLOSING)}]")
_PAIRED = re.compile(f"{_COMPANION}({_TURNING.pattern})|({_TURNING.pattern}){_COMPANION}")
# Where a line may break: at a space, after a hyphen or slash, between Chinese letters; never
# before a closing mark or after an opening one.
_PARTS = re.compile(rf" +|[{_OPENING}]*[{_WIDE}][{_CLOSING}]*|[^ \-/{_WIDE}]+[\-/]*|[\-/]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one font; an emboldened one has no bold of its own and is drawn with a stroke."""

    font: str
    letters: str
    width: float
    is_emboldened: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of text in drawing order; widths are in parts of the size."""

    runs: tuple[Run, ...]
    width: float


def isolated(value: str) -> str:
    """Return a value for a sentence of the other direction, which may not reorder it."""
    return f"{_FIRST_STRONG}{value.translate(_STEERING)}{_POP}"


@lru_cache(maxsize=8192)
def set_text(text: str, boldness: Boldness = "regular") -> Piece:
    """Return a text of one line ready to be drawn."""
    logical, is_mirrored = _logical(text)
    return _piece(logical, boldness, is_mirrored)


def set_lines(text: str, boldness: Boldness, limit_em: float) -> tuple[Piece, ...]:
    """Break a text into lines no wider than `limit_em` sizes; line ends in it are kept.

    A word wider than a line is broken anywhere. An empty line stays one, as a piece of no width.
    """
    if "\n" not in text and "\r" not in text:
        whole = set_text(text, boldness)
        if whole.width <= limit_em:
            return (whole,)
    return _broken(text, boldness, round(limit_em, 4))


@lru_cache(maxsize=1024)
def _broken(text: str, boldness: Boldness, limit_em: float) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for paragraph in text.splitlines():
        logical, is_mirrored = _logical(paragraph)
        lines = _lines(logical, boldness, limit_em)
        found.extend(_piece(line, boldness, is_mirrored) for line in lines)
    return tuple(found) or (_piece("", boldness, None),)


def _logical(text: str) -> tuple[str, bool | None]:
    """Return a text clean and shaped in reading order, and whether it reads from the right.

    None for one that has nothing to reorder: an amount or a date keeps its minus in front.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(), None
    clean = _clean(text)
    if not is_right_to_left(clean):
        return clean.translate(_STEERING), None
    if any(map(is_arabic, clean)):
        clean = str(_reshaper().reshape(clean))
    return clean, _begins_right_to_left(clean)


def _clean(text: str) -> str:
    """Return a text without what could steer it, but with the isolates of our own sentences."""
    text = text.replace(_COMPANION, "")
    if _FIRST_STRONG not in text:
        return printable(text, _WHOLE)
    parts = re.split(f"([{_FIRST_STRONG}{_POP}])", text)
    return "".join(
        part if part in (_FIRST_STRONG, _POP) else _clean_part(part) for part in parts
    ).strip()


def _clean_part(part: str) -> str:
    """Return one part of a sentence; a space at its edge belongs to the sentence."""
    before = " " if part[:1].isspace() else ""
    after = " " if len(part) > 1 and part[-1:].isspace() else ""
    return f"{before}{printable(part, _WHOLE)}{after}"


def _begins_right_to_left(text: str) -> bool:
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return True


def _piece(logical: str, boldness: Boldness, is_mirrored: bool | None) -> Piece:
    visual = logical if is_mirrored is None else _visual(logical, is_mirrored=is_mirrored)
    name, widths = latin(boldness)
    try:
        width = sum([widths[ord(char)] for char in visual])
    except KeyError:
        return _mixed(visual, boldness)
    return Piece((Run(name, visual, width),), width) if visual else Piece((), 0)


def _visual(logical: str, *, is_mirrored: bool) -> str:
    """Return letters in drawing order, brackets turned where they read from the right.

    python-bidi orders by UAX #9 and leaves rule L4 to its caller without telling the levels. So
    each bracket gets a companion inside, which comes to the same level: where the two have changed
    places, the level is odd and the bracket is turned.
    """
    text = _TURNING.sub(_accompanied, logical)
    shown = cast("str", get_display(text, base_dir="R" if is_mirrored else "L"))
    return _PAIRED.sub(_turned, shown).translate(_STEERING)


def _accompanied(found: re.Match[str]) -> str:
    char = found[0]
    return f"{_COMPANION}{char}" if char in _TURNED_CLOSING else f"{char}{_COMPANION}"


def _turned(found: re.Match[str]) -> str:
    char = found[1] or found[2]
    is_companion_first = bool(found[1])
    is_odd = is_companion_first is not (char in _TURNED_CLOSING)
    return _MIRROR[char] if is_odd else char


def _mixed(visual: str, boldness: Boldness) -> Piece:
    """Return a piece whose letters are of several fonts, or of none: those become a box."""
    found = [letter_of(char, boldness) for char in visual]
    runs = []
    for name, same in groupby(found, key=lambda letter: letter[0]):
        run = list(same)
        letters, width = "".join(char for _, char, _ in run), sum(part for *_, part in run)
        runs.append(Run(name, letters, width, boldness == "strong" and name == PLAIN_ONLY))
    return Piece(tuple(runs), sum(run.width for run in runs))


def _lines(text: str, boldness: Boldness, limit: float) -> Iterator[str]:
    line, room = "", limit
    for part in _fitting(_PARTS.findall(text), boldness, limit):
        width = _width(part, boldness)
        if width > room and line and not part.isspace():
            yield line.rstrip(" ")
            line, room = "", limit
        if line or not part.isspace():
            line += part
            room -= width
    yield line.rstrip(" ")


def _fitting(parts: Iterable[str], boldness: Boldness, limit: float) -> Iterator[str]:
    """Yield the parts of a text, those wider than a line cut so that each fits."""
    for part in parts:
        if _width(part, boldness) <= limit or part.isspace():
            yield part
        else:
            yield from _cut(part, boldness, limit)


def _cut(word: str, boldness: Boldness, limit: float) -> Iterator[str]:
    """Cut a word; every piece has at least one letter, with the marks that stand on it."""
    piece, used = "", 0.0
    for char in word:
        width = _width(char, boldness)
        if piece and used + width > limit and not unicodedata.combining(char):
            yield piece
            piece, used = "", 0.0
        piece += char
        used += width
    yield piece


def _width(text: str, boldness: Boldness) -> float:
    return sum([letter_of(char, boldness)[2] for char in text.translate(_STEERING)])


@lru_cache(maxsize=1)
def _reshaper() -> ArabicReshaper:
    return ArabicReshaper({"delete_harakat": False, "support_zwj": True})

"""The fonts of a document: which one has a letter, how wide it is, and their names in the PDF."""

import re
from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import Any, Literal

from pos_app.assets import resource

Boldness = Literal["regular", "strong"]

# In the order in which they are asked for a letter; the last one has most of them.
_FILES: dict[Boldness, tuple[str, ...]] = {
    "regular": ("NotoSans-Regular", "NotoSansArabic-Regular", "NotoSansSC-Regular"),
    "strong": ("NotoSans-SemiBold", "NotoSansArabic-Bold", "NotoSansSC-Regular"),
}
MISSING = "□"  # What stands for a letter that no font has; the Chinese font draws it.
PLAIN_ONLY = "NotoSansSC-Regular"  # Has no bold of its own: a stroke around its letters makes one.
_BEYOND = re.compile(r"<([0-9A-F]{5,6})>$")
_MOST_LISTED = 100
_UNITS_PER_EM = 1000  # reportlab gives every width in thousandths.


@lru_cache(maxsize=16384)
def letter_of(char: str, boldness: Boldness) -> tuple[str, str, float]:
    """Return the font that draws a letter, what it draws, and how wide in parts of the size."""
    for name in _FILES[boldness]:
        widths = widths_of(name)
        if ord(char) in widths:
            return name, char, widths[ord(char)]
    return letter_of(MISSING, boldness)


def latin(boldness: Boldness) -> tuple[str, dict[int, float]]:
    """Return the font that most text is set in, and the widths of its letters by code point."""
    name = _FILES[boldness][0]
    return name, widths_of(name)


@cache
def widths_of(name: str) -> dict[int, float]:
    """Return the letters that a font has, each with its width in parts of the size."""
    face = font(name).face
    return {code: face.charWidths[code] / _UNITS_PER_EM for code in face.charToGlyph}


@cache
def font(name: str) -> Any:
    """Make a shipped font known to reportlab, once, and return it."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - only when documents are made
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415 - as above

    made = TTFont(name, str(resource("fonts") / f"{name}.ttf"))
    made.addObjects = partial(_add_objects, made.addObjects)
    pdfmetrics.registerFont(made)
    return made


def _add_objects(add: Callable[[Any], None], document: Any) -> None:
    """Put a font into a document, and set right what reportlab says of its letters.

    It writes letters beyond the first plane as one number where a reader wants two (UTF-16), and
    all in one list where 100 are the most (ISO 32000-1, 9.10.3; Adobe Technical Note 5014).
    """
    add(document)
    for name, stream in document.idToObject.items():
        if name.startswith("toUnicodeCMap:"):
            stream.content = _sound_map(stream.content)


def _sound_map(text: str) -> str:
    listed = re.search(r"\d+ beginbfchar\n(.*)\nendbfchar", text, re.DOTALL)
    if listed is None or listed[1].count("beginbfchar"):
        return text
    entries = [_BEYOND.sub(_in_two, entry) for entry in listed[1].split("\n")]
    blocks = [entries[at : at + _MOST_LISTED] for at in range(0, len(entries), _MOST_LISTED)]
    lists = (f"{len(block)} beginbfchar\n" + "\n".join(block) for block in blocks)
    return text.replace(listed[0], "\nendbfchar\n".join(lists) + "\nendbfchar")


def _in_two(found: re.Match[str]) -> str:
    return f"<{chr(int(found[1], 16)).encode('utf-16-be').hex().upper()}>"

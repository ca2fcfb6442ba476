"""Bytes for a customer display of two lines of twenty characters, on a pole beside the till.

Only commands that the CD5220 and the Epson DM-D command sets share are used: ESC @ begins anew in
overwrite mode, ESC t n chooses a character table, CLR empties the glass, HOM goes to its first
place. In overwrite mode the twenty-first character of a line is the first of the next.
"""

import unicodedata
from dataclasses import dataclass

from pos_app.domain.errors import PosError
from pos_app.printing.printable import printable

COLUMNS, LINES = 20, 2
CLEAR, HOME, INITIALIZE, TABLE = b"\x0c", b"\x0b", b"\x1b@", b"\x1bt"
# The numbers after ESC t of the DM-D110's specification, section "Character Code Tables".
CODE_PAGES = {
    "CP437": 0,
    "CP850": 2,
    "CP860": 3,
    "CP863": 4,
    "CP865": 5,
    "CP1252": 16,
    "CP866": 17,
    "CP852": 18,
    "CP858": 19,
}
_ASCII = "ascii"
_UNKNOWN = "?"
# What comes closest to letters and signs that a table may lack; other accents are left away.
_CLOSEST = str.maketrans(
    {
        "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ẞ": "SS",
        "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l",
        "Đ": "D", "đ": "d", "Þ": "Th", "þ": "th", "ð": "d", "ı": "i",
        "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₺": "TRY", "₽": "RUB", "₪": "ILS",
        "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "×": "x", "÷": "/", "·": ".", "•": "*",
        "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "…": "...",
        "°": "o", "½": "1/2", "¼": "1/4", "¾": "3/4", "²": "2", "³": "3", "™": "TM", "®": "(R)",
    }
)  # fmt: skip


class NoSuchPoleCodePage(PosError):
    """The display's character table is not one that such displays have."""

    sentence = "{code_page} is not a character table of customer displays. Choose one of the list."


@dataclass(frozen=True, slots=True)
class PoleLine:
    """One line: `left` is cut where it leaves no room for `right`, which is kept whole.

    `instead` stands for a `left` in a script that the display does not know.
    """

    left: str = ""
    right: str = ""
    instead: str = ""


def check_code_page(code_page: str) -> None:
    """Raise NoSuchPoleCodePage for a character table that is not on the list."""
    if code_page and code_page not in CODE_PAGES:
        raise NoSuchPoleCodePage(code_page=code_page[:20])


def begin(code_page: str = "") -> bytes:
    """Return what wakes the display: settings of its start, its character table, an empty glass."""
    table = TABLE + bytes([CODE_PAGES[code_page]]) if code_page else b""
    return INITIALIZE + table + CLEAR


def glass(upper: PoleLine, lower: PoleLine, code_page: str = "") -> bytes:
    """Return what fills the whole glass with two lines; nothing in them acts as a command."""
    return HOME + _line(upper, code_page) + _line(lower, code_page)


def _line(line: PoleLine, code_page: str) -> bytes:
    right, _ = _encoded(line.right, code_page)
    right = right[:COLUMNS]
    left, is_legible = _encoded(line.left, code_page)
    if not is_legible:
        left, _ = _encoded(line.instead, code_page)
    room = COLUMNS - len(right) - (1 if right else 0)
    return left[: max(room, 0)].ljust(COLUMNS - len(right)) + right


def _encoded(text: str, code_page: str) -> tuple[bytes, bool]:
    """Return the bytes of a text, and whether more of its letters are shown than are lost."""
    codec = code_page or _ASCII
    signs = [_sign(char, codec) for char in printable(text, 4 * COLUMNS)]
    lost = signs.count(None)
    kept = sum(sign is not None and sign != b" " for sign in signs)
    return b"".join(sign or _UNKNOWN.encode() for sign in signs), lost == 0 or kept > lost


def _sign(char: str, codec: str) -> bytes | None:
    """Return the bytes of one character, of what comes closest, or None."""
    for attempt in (char, char.translate(_CLOSEST), _without_accents(char)):
        try:
            return attempt.encode(codec)
        except UnicodeEncodeError:
            continue
    return None


def _without_accents(char: str) -> str:
    parts = unicodedata.normalize("NFKD", char)
    return "".join(part for part in parts if not unicodedata.combining(part)) or char

"""Text from outside made fit for paper: nothing in it can be read by a printer as a command."""

import unicodedata

REPLACEMENT = "?"
_JOINERS = "\u200c\u200d"  # Persian and Urdu spelling needs them between Arabic letters.
_SPACES = {"Zs", "Zl", "Zp"}
_REFUSED = {"Cc", "Cs", "Co", "Cn"}


def printable(text: str, limit: int = 600) -> str:
    """Return `text` in one line, composed (NFC), cut at `limit` characters.

    Control characters, halves of surrogate pairs and characters that Unicode has not assigned
    become `?`; tabs, line ends and every kind of space become one space; marks that only steer
    direction or width (bidi overrides, zero-width spaces) are dropped: the layout decides that.
    """
    kept: list[str] = []
    for char in unicodedata.normalize("NFC", text[: 4 * limit]):
        plain = _plain(char, kept[-1] if kept else "")
        if plain != " " or (kept and kept[-1] != " "):
            kept.append(plain)
    line = "".join(kept).strip()
    return line if len(line) <= limit else line[: limit - 3] + "..."


def is_arabic(char: str) -> bool:
    """Tell whether a character is of the Arabic script, presentation forms included."""
    return (
        "\u0600" <= char <= "\u08ff" or "\ufb50" <= char <= "\ufdff" or "\ufe70" <= char <= "\ufefe"
    )


def is_right_to_left(text: str) -> bool:
    """Tell whether any character of `text` is written from right to left."""
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


def _plain(char: str, before: str) -> str:
    if " " <= char <= "~":
        return char
    category = unicodedata.category(char)
    if category in _SPACES or char in "\t\n\r\v\f\x85":
        return " "
    if category in _REFUSED:
        return REPLACEMENT
    if category == "Cf":
        return char if char in _JOINERS and before and is_arabic(before) else ""
    return char

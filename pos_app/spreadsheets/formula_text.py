"""Text that a spreadsheet would run as a formula, made harmless and back again (CWE-1236)."""

import re

_LOOKS_LIKE_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r]")


def neutralised(text: str) -> str:
    """Put an apostrophe before text that looks like a formula."""
    return f"'{text}" if _LOOKS_LIKE_FORMULA.match(text) else text


def restored(text: str) -> str:
    """Undo `neutralised`."""
    return text[1:] if _NEUTRALISED.match(text) else text

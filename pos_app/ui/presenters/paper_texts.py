"""Texts that people type for paper: not too long, and without signs that no paper can show."""

import unicodedata

from pos_app.domain.document import check_text
from pos_app.domain.errors import PosError


class SignsNoPaperShows(PosError):
    """Control characters inside a text, as a paste out of another program may bring along."""

    sentence = "There are signs in this text that no paper can show. Delete it and type it anew."


def check_paper_text(text: str, limit: int) -> None:
    """Refuse a text for paper; raises DocumentTextWrong or SignsNoPaperShows."""
    check_text(text, limit)
    if any(unicodedata.category(sign) == "Cc" for sign in text if sign not in "\n\t"):
        raise SignsNoPaperShows()

"""Texts for people that are written down here and translated where they are shown."""

from collections.abc import Callable

Say = Callable[[str], str]  # a text in the language of whoever reads it


class Later(str):
    """A text of the program that is still to be translated, unlike a name that somebody typed."""

    __slots__ = ()


def later(text: str) -> Later:
    """Mark a constant `text` for the catalogues that is translated where it is shown, not here."""
    return Later(text)


def as_written(text: str) -> str:
    """Say a text in the language of the source, for reports that programs read."""
    return text

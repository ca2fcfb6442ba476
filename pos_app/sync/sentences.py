"""Refusals and events in the language in use, as the log and the status keep them."""

from pos_app.domain.errors import PosError
from pos_app.texts import Later, t


def said(refusal: PosError) -> str:
    """Return a refusal's sentence, translated and filled."""
    fields = {name: _said_field(value) for name, value in refusal.fields.items()}
    try:
        return t(refusal.sentence).format(**fields)
    except (KeyError, IndexError, ValueError):  # a damaged translation must not hide the refusal
        return str(refusal)


def filled(text: Later, **fields: object) -> str:
    """Return a text of the program, translated and filled."""
    return t(text).format(**fields)


def _said_field(value: object) -> object:
    if isinstance(value, PosError):
        return said(value)
    return t(value) if isinstance(value, Later) else value

"""Domain values as plain JSON values and back: the domain's own way, under the store's name."""

from pos_app.domain.plain import UNREADABLE, from_plain, from_text, to_plain, to_text

__all__ = ["UNREADABLE", "from_plain", "from_text", "to_plain", "to_text"]

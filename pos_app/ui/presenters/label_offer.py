"""What the catalogue screen hands over when somebody asks for labels."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelOffer:
    """Product ids and a group: the marked product, the matches of a search, the chosen group."""

    marked: str = ""
    found: tuple[str, ...] = ()
    category: str = ""

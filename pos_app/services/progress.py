"""How long work tells how far it is."""

from collections.abc import Callable

# Called with what is done and what there is to do, in the same unit; the work waits meanwhile.
Progress = Callable[[int, int], None]


def unwatched(*_figures: int) -> None:
    """Take note of progress where nobody watches."""


def never() -> bool:
    """Answer for work that nobody can cancel."""
    return False

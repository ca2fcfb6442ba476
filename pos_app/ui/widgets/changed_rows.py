"""Which span of a list differs from another, so that a view repaints only that."""

from collections.abc import Sequence


def changed_span(old: Sequence[object], new: Sequence[object]) -> tuple[int, int, int]:
    """Return `(start, old_end, new_end)`: outside these bounds both lists are equal."""
    shorter = min(len(old), len(new))
    start = 0
    while start < shorter and (old[start] is new[start] or old[start] == new[start]):
        start += 1
    end = 0
    while end < shorter - start and (
        old[-1 - end] is new[-1 - end] or old[-1 - end] == new[-1 - end]
    ):
        end += 1
    return start, len(old) - end, len(new) - end

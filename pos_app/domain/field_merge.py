"""Merging what two sides changed of the same thing: by field, and the losing value is kept.

A thing (a customer, a product, an order …) is a map of plain values. `base` is what both sides
started from; where it is not known every field that differs counts as changed by both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Plain = Mapping[str, Any]
_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class LostField:
    """A field that both sides changed: what stands now, and what gave way to it."""

    name: str
    kept: Any
    lost: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """The thing with both sides' changes, and the fields in which one of them lost."""

    state: dict[str, Any]
    lost: tuple[LostField, ...] = ()


def merge_fields(base: Plain | None, standing: Plain, coming: Plain, coming_wins: bool) -> Merged:
    """Put what `coming` changed since `base` onto `standing`.

    A field that only one side changed takes that side's value; one that both changed alike is no
    quarrel; else `coming_wins` says whose value stands, and the other is among the lost ones.
    """
    state = dict(standing)
    lost = []
    for name in sorted({*standing, *coming}):
        old = _MISSING if base is None else base.get(name, _MISSING)
        here, there = standing.get(name, _MISSING), coming.get(name, _MISSING)
        if _alike(here, there) or (base is not None and _alike(there, old)):
            continue
        if base is not None and _alike(here, old):
            _put(state, name, there)
            continue
        kept, gone = (there, here) if coming_wins else (here, there)
        _put(state, name, kept)
        lost.append(LostField(name, _shown(kept), _shown(gone)))
    return Merged(state, tuple(lost))


def merge_sum(base: int, standing: int, coming: int) -> int:
    """Return a sum that both sides changed: deltas commute, so both changes count."""
    return standing + (coming - base)


def _alike(one: Any, other: Any) -> bool:
    """Whether two plain values are written alike, for which true is not 1."""
    if type(one) is not type(other):
        return False
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_alike(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)


def _put(state: dict[str, Any], name: str, value: Any) -> None:
    if value is _MISSING:
        state.pop(name, None)
    else:
        state[name] = value


def _shown(value: Any) -> Any:
    return None if value is _MISSING else value

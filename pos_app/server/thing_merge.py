"""Merging what a till changed of a thing with what stands, by the rule of its kind."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pos_app.domain.errors import PosError
from pos_app.domain.field_merge import LostField, Merged, merge_fields, merge_sum
from pos_app.server.thing_kinds import RECORDS, STORED_VALUE, MergeRule, merge_rule

Plain = Mapping[str, Any]
_BALANCE = "balance"


class ChangedElsewhere(PosError):
    """A document was changed at two places at once."""

    sentence = (
        "The {kind} {number} was changed by {by} meanwhile, and that stands. Accept this change to "
        "put it in its place, or leave it in the journal only."
    )


@dataclass(frozen=True, slots=True)
class Sides:
    """A thing as both sides have it: `base` is what the coming side started from, if known.

    `units` is by how much a stored value moved, where that is told.
    """

    kind: str
    base: Plain | None
    standing: Plain
    coming: Plain
    coming_wins: bool
    by: str = ""  # who wrote what stands
    units: int | None = None


def merge_sides(sides: Sides) -> Merged:
    """Merge both sides; raises ChangedElsewhere for a document that both changed."""
    rule = merge_rule(sides.kind)
    if rule is MergeRule.REPLACE:
        return Merged(dict(sides.coming))
    if sides.kind not in RECORDS:
        return merge_fields(sides.base, sides.standing, sides.coming, sides.coming_wins)
    merged = _merged_record(sides)
    if rule is MergeRule.WHOLE and merged.lost:
        head = sides.standing["state"].get("head") or {}
        raise ChangedElsewhere(kind=sides.kind, number=head.get("number", ""), by=sides.by)
    return merged


def first_state(kind: str, coming: Plain, units: int | None) -> dict[str, Any]:
    """Return the state of a thing that nothing was known of: a value is what it moved by."""
    if kind != STORED_VALUE or units is None:
        return dict(coming)
    return {**coming, "state": {**coming["state"], _BALANCE: units}}


def lost_json(lost: tuple[LostField, ...], by: str, at: str) -> list[dict[str, Any]]:
    """Return values that gave way as plain values: whose they were and since when."""
    return [
        {"name": one.name, "kept": one.kept, "lost": one.lost, "by": by, "at": at} for one in lost
    ]


def still_lost(kind: str, lost: str, before: Plain, after: Plain) -> list[dict[str, Any]]:
    """Return what is left of earlier quarrels (JSON): fields that nobody decided anew since."""
    if not lost:
        return []
    old, new = _fields(kind, before), _fields(kind, after)
    return [one for one in json.loads(lost) if old.get(one["name"]) == new.get(one["name"])]


def _merged_record(sides: Sides) -> Merged:
    """Merge a record's own fields; how it is found follows them."""
    base = sides.base
    inner = merge_fields(
        None if base is None else _own(sides.kind, base),
        _own(sides.kind, sides.standing),
        _own(sides.kind, sides.coming),
        sides.coming_wins,
    )
    frame = merge_fields(
        None if base is None else _frame(base),
        _frame(sides.standing),
        _frame(sides.coming),
        sides.coming_wins,
    )
    state = inner.state
    if sides.kind == STORED_VALUE:
        state = {**state, _BALANCE: _balance(sides)}
    return Merged({**frame.state, "state": state}, inner.lost)


def _balance(sides: Sides) -> int:
    standing = int(sides.standing["state"][_BALANCE])
    if sides.units is not None:
        return standing + sides.units
    coming = int(sides.coming["state"][_BALANCE])
    if sides.base is not None:
        return merge_sum(int(sides.base["state"][_BALANCE]), standing, coming)
    return coming if sides.coming_wins else standing


def _own(kind: str, record: Plain) -> dict[str, Any]:
    state = dict(record["state"])
    if kind == STORED_VALUE:
        state.pop(_BALANCE, None)  # a sum of changes, which no field rule may touch
    return state


def _frame(record: Plain) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "state"}


def _fields(kind: str, state: Plain) -> Plain:
    inner: Plain = state["state"] if kind in RECORDS else state
    return inner

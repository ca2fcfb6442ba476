"""What the tills sell by: one state for each thing, merged from what tills and head office say.

A till's change is merged with what stands by the rule of its kind, from what the till started
from; head office's own word stands as it is. Values that gave way are kept and shown.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection

from pos_app.domain.facts import canonical
from pos_app.domain.field_merge import LostField, Merged
from pos_app.server.product_parts import parts_of, with_present_parts
from pos_app.server.stamps import new_id, stamp
from pos_app.server.thing_kinds import (
    CREDIT_TERMS,
    CUSTOMER,
    CUSTOMER_ERASURE,
    PRODUCT,
    TAX,
    UNIT,
    MergeRule,
    as_kept,
    is_pulled,
    merge_rule,
    shop_of,
)
from pos_app.server.thing_merge import (
    ChangedElsewhere,
    Sides,
    first_state,
    lost_json,
    merge_sides,
    still_lost,
)
from pos_app.server.thing_rows import Key, QuarrelRow, TellingRow, ThingRow
from pos_app.server.thing_set import WorkingSet

Plain = Mapping[str, Any]
_PERSONAL = frozenset({CUSTOMER, CREDIT_TERMS})

__all__ = ["Change", "ChangedElsewhere", "Saved", "Things", "save_thing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Somebody says what a thing is now.

    `till_id` is empty for head office, whose word stands as it is; `base` is the revision that a
    till's change goes back to (0: the thing never came from head office), `epoch` and `branch` are
    the till's. `units` is by how much a stored value moved. With `is_partial` only the fields named
    are changed, `is_first_only` says what a thing is where nobody has said it yet, `is_final`
    takes the place of whatever stands.
    """

    kind: str
    id: str
    state: Plain
    by: str
    at: str
    till_id: str = ""
    shop: str = ""
    base: int = 0
    epoch: int = 0
    branch: int = 0
    units: int | None = None
    is_partial: bool = False
    is_first_only: bool = False
    is_final: bool = False

    @property
    def key(self) -> Key:
        """Which thing it is about."""
        return self.kind, self.id

    @property
    def teller(self) -> str:
        """Whose word it is: the copy of a till's disk does not go on from what the other told."""
        return f"{self.till_id}/{self.branch}" if self.branch else self.till_id


@dataclass(frozen=True, slots=True)
class Saved:
    """At which revision a thing stands, its state (canonical JSON), and what gave way."""

    revision: int
    state: str
    lost: tuple[LostField, ...] = ()


class Things:
    """The company's things inside one transaction, which nobody else changes meanwhile."""

    def __init__(self, connection: Connection, company_id: str, now: datetime) -> None:
        self._set = WorkingSet(connection, company_id)
        self._now = now

    def expect(self, changes: Iterable[Change]) -> None:
        """Read at once what these changes will be merged with."""
        changes = list(changes)
        keys = {change.key for change in changes}
        keys |= {(CUSTOMER_ERASURE, id) for kind, id in keys if kind in _PERSONAL}
        products = [change for change in changes if change.kind == PRODUCT]
        keys |= {(kind, code) for one in products for kind, code, _ in parts_of(one.state)}
        self._set.load(keys)
        for teller in {change.teller for change in changes if change.till_id}:
            self._set.load_tellings(teller, keys)
        self._set.load_past((change.key, change.base) for change in changes)

    def thing(self, kind: str, thing_id: str) -> ThingRow | None:
        """Return a thing as it stands."""
        return self._set.thing(kind, thing_id)

    def put(self, change: Change) -> Saved:
        """Merge a change with what stands; raises ChangedElsewhere for a document."""
        if merge_rule(change.kind) is MergeRule.REPLACE:
            return self._put_aside(change)
        standing = self._set.thing(*change.key)
        if standing is not None and change.is_first_only:
            self._remember(change, as_kept(change.kind, change.state))
            return Saved(standing.revision, standing.state)
        if self._is_erased(change):
            return self._keep_erased(change, standing)
        base = None if standing is None else self._base(change, standing)
        coming = self._coming(change, base)
        merged = self._merged(change, standing, base, coming)
        saved = self._stand(change, standing, canonical(coming), merged)
        self._remember(change, coming)
        return saved

    def touch(self, kind: str, thing_id: str) -> None:
        """Give what stands a new revision, so that a till whose change lost hears of it again."""
        standing = self._set.thing(kind, thing_id)
        if standing is not None:
            self._set.write(standing)

    def forget(self, kind: str, thing_id: str) -> None:
        """Delete all that a thing ever was but what it is now."""
        self._set.forget((kind, thing_id))

    def use_revision(self) -> int:
        """Return the revision of the changes being made, for rows beside the things."""
        return self._set.use_revision()

    def begin(self) -> None:
        """Begin an entry, which `undo` takes back as a whole."""
        self._set.begin()

    def undo(self) -> None:
        """Take back what was put since `begin`."""
        self._set.undo()

    def flush(self) -> bool:
        """Write everything; whether there is something new for tills to pull."""
        return self._set.flush()

    def _put_aside(self, change: Change) -> Saved:
        """Take a till's own business as it is: no till pulls it."""
        row = self._row(change, canonical(change.state), "", change.shop)
        self._set.write_aside(msgspec.structs.replace(row, is_pulled=0))
        return Saved(0, row.state)

    def _is_erased(self, change: Change) -> bool:
        """Whether a till that has not heard of it changes a person who was erased."""
        if change.kind not in _PERSONAL or change.is_final:
            return False
        return self._set.thing(CUSTOMER_ERASURE, change.id) is not None

    def _keep_erased(self, change: Change, standing: ThingRow | None) -> Saved:
        self.touch(*change.key)
        return Saved(self._set.revision, "" if standing is None else standing.state)

    def _base(self, change: Change, standing: ThingRow) -> Plain | None:
        """Return what a till's change started from, as far as head office can know."""
        if not change.till_id or change.is_final:
            return None
        if change.base == standing.revision:
            return _read(standing.state)
        told = self._set.telling(change.teller, change.key)
        if told is not None and (told.base, told.epoch) == (change.base, change.epoch):
            return self._tidy(change.kind, _read(told.state))
        state = self._set.past(change.key, change.base)
        if state is None and told is not None:
            state = told.state
        return None if state is None else self._tidy(change.kind, _read(state))

    def _coming(self, change: Change, base: Plain | None) -> dict[str, Any]:
        """Return the whole state that the coming side has, as head office keeps it."""
        coming = as_kept(change.kind, change.state)
        if change.is_partial:
            standing = self._set.thing(*change.key)
            known = base if base is not None or standing is None else _read(standing.state)
            return {**(known or {}), **coming}
        if change.kind == PRODUCT:
            for kind, code, part in parts_of(coming):
                first = replace(change, kind=kind, id=code, state=part, base=0)
                self.put(replace(first, is_first_only=True, is_final=False))
        return self._tidy(change.kind, coming)

    def _tidy(self, kind: str, state: Plain) -> dict[str, Any]:
        return with_present_parts(state, self._part) if kind == PRODUCT else dict(state)

    def _part(self, kind: str, code: str) -> Plain | None:
        standing = self._set.thing(kind, code)
        return None if standing is None else _read_part(standing.state)

    def _merged(
        self, change: Change, standing: ThingRow | None, base: Plain | None, coming: Plain
    ) -> Merged:
        if standing is None:
            return Merged(first_state(change.kind, coming, change.units))
        if change.is_final or not change.till_id:
            return Merged(dict(coming))
        return merge_sides(
            Sides(
                change.kind,
                base,
                _read(standing.state),
                coming,
                self._wins(change, standing),
                standing.by,
                change.units,
            )
        )

    def _wins(self, change: Change, standing: ThingRow) -> bool:
        """Whether the coming side's value stands where both changed a field."""
        if merge_rule(change.kind) is not MergeRule.OFFICE:
            return change.at >= standing.at
        told = self._set.telling(change.teller, change.key)
        is_its_own = told is None or told.state == standing.state
        return standing.till_id == change.till_id and is_its_own

    def _stand(
        self, change: Change, standing: ThingRow | None, coming: str, merged: Merged
    ) -> Saved:
        """Take a merged state as what stands now."""
        state = canonical(merged.state)
        if standing is None:
            self._set.write(self._row(change, state, "", shop_of(change.kind, change.shop)))
            return Saved(self._set.revision, state)
        is_same = state == standing.state
        is_behind = coming != state or 0 < change.base < standing.revision
        if is_same and not (change.till_id and is_behind):
            return Saved(standing.revision, state)
        row = self._row(change, state, self._quarrel(change, standing, merged), standing.shop)
        if is_same:
            row = msgspec.structs.replace(
                row, by=standing.by, till_id=standing.till_id, at=standing.at
            )
        self._set.write(row)
        if change.kind in (UNIT, TAX) and not is_same:
            self._rewrite_products(row, standing.state)
        return Saved(self._set.revision, state, merged.lost)

    def _quarrel(self, change: Change, standing: ThingRow, merged: Merged) -> str:
        """Note which values gave way, and return those that are still in question (JSON)."""
        loser = standing if self._wins(change, standing) else change
        new = lost_json(merged.lost, loser.by, loser.at)
        if new:
            self._set.quarrel(
                QuarrelRow(
                    self._set.company_id,
                    new_id(self._now),
                    *change.key,
                    self._set.revision,
                    _json(new),
                    change.by,
                    stamp(self._now),
                )
            )
        kept = still_lost(change.kind, standing.lost, _read(standing.state), merged.state)
        fresh = {one["name"] for one in new}
        left = [one for one in kept if one["name"] not in fresh] + new
        if standing.lost and not left:
            self._set.settle(change.key)
        return _json(left) if left else ""

    def _row(self, change: Change, state: str, lost: str, shop: str) -> ThingRow:
        pulled = self._set.was_pulled(change.key) or is_pulled(change.kind, _read(state))
        return ThingRow(
            self._set.company_id,
            change.kind,
            change.id,
            shop,
            0,
            state,
            change.by,
            change.till_id,
            change.at,
            lost,
            int(pulled),
        )

    def _rewrite_products(self, part: ThingRow, before: str) -> None:
        """Give every product that holds a unit or tax the new one, in the same revision."""
        for row in self._set.holders(before):
            state = row.state.replace(before, part.state)
            self._set.write(
                msgspec.structs.replace(
                    row, state=state, by=part.by, till_id=part.till_id, at=part.at
                )
            )

    def _remember(self, change: Change, coming: Plain) -> None:
        """Keep what a till told of a thing: its next change starts from there."""
        if not change.till_id:
            return
        if change.is_first_only and self._set.telling(change.teller, change.key) is not None:
            return
        self._set.tell(
            TellingRow(
                self._set.company_id,
                *change.key,
                change.teller,
                change.epoch,
                change.base,
                canonical(coming),
            )
        )


def save_thing(  # noqa: PLR0917 - who says what of which thing, and when
    connection: Connection,
    company_id: str,
    kind: str,
    thing_id: str,
    state: Plain,
    by: str,
    now: datetime,
    *,
    till_id: str = "",
    shop: str = "",
    base: int = 0,
) -> Saved:
    """Save one thing in a transaction of its own revision; raises ChangedElsewhere.

    Without `till_id` it is head office's word, which stands; a till's is merged with what stands.
    """
    things = Things(connection, company_id, now)
    saved = things.put(
        Change(
            kind=kind,
            id=thing_id,
            state=state,
            by=by,
            at=stamp(now),
            till_id=till_id,
            shop=shop,
            base=base,
        )
    )
    things.flush()
    return saved


def _read(state: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(state)
    return found


@lru_cache(maxsize=1024)
def _read_part(state: str) -> Plain:
    """A unit or tax, which thousands of products hold; nobody may change what comes back."""
    return _read(state)


def _json(lost: list[dict[str, Any]]) -> str:
    return json.dumps(lost, separators=(",", ":"), ensure_ascii=False)

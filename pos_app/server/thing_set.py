"""The working set of a transaction that changes things: read once, changed in memory, written once.

It holds the company's revision from the beginning to the commit. What an entry changed can be
taken back when the entry turns out to be wrong half-way.
"""

from collections.abc import Iterable, MutableMapping
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection

from pos_app.server import thing_rows as rows
from pos_app.server.listed import write_listed
from pos_app.server.thing_kinds import PRODUCT
from pos_app.server.thing_rows import Key, QuarrelRow, StateRow, TellingRow, ThingRow

# So many things share a revision, unless one entry or edit changes more: a till applies a
# revision as a whole.
REVISION_THINGS = 100
_NOTHING: Any = object()
_K = TypeVar("_K")
_V = TypeVar("_V")


class WorkingSet:
    """What was read of a company's things, and what is to be written."""

    def __init__(self, connection: Connection, company_id: str) -> None:
        self._connection = connection
        self.company_id = company_id
        self.revision = rows.hold_revision(connection, company_id) + 1
        self._last_used = self._in_revision = 0
        self._known: dict[Key, ThingRow | None] = {}
        self._past: dict[tuple[Key, int], str | None] = {}
        self._tellings: dict[tuple[str, Key], TellingRow | None] = {}
        self._was_pulled: set[Key] = set()
        self._changed: dict[Key, ThingRow] = {}
        self._told: dict[tuple[str, Key], TellingRow] = {}
        self._states: dict[tuple[Key, int], StateRow] = {}
        self._quarrels: dict[str, QuarrelRow] = {}
        self._settled: dict[Key, bool] = {}
        self._forgotten: dict[Key, bool] = {}
        self._undo: list[tuple[MutableMapping[Any, Any], Any, Any]] = []

    def load(self, keys: Iterable[Key]) -> None:
        """Read many things at once, those that were not read before."""
        new = {key for key in keys if key not in self._known}
        found = rows.load_things(self._connection, self.company_id, new)
        self._known.update({key: found.get(key) for key in new})
        self._was_pulled.update(key for key, row in found.items() if row.is_pulled)

    def load_tellings(self, till_id: str, keys: Iterable[Key]) -> None:
        """Read at once what a till told of many things last."""
        new = {key for key in keys if (till_id, key) not in self._tellings}
        found = rows.load_tellings(self._connection, self.company_id, till_id, new)
        self._tellings.update({(till_id, key): found.get(key) for key in new})

    def load_past(self, places: Iterable[tuple[Key, int]]) -> None:
        """Read at once what many things were at revisions."""
        new = {place for place in places if place[1] and place not in self._past}
        found = rows.load_states(self._connection, self.company_id, new)
        self._past.update({place: found.get(place) for place in new})

    def thing(self, kind: str, thing_id: str) -> ThingRow | None:
        """Return a thing as it stands."""
        key = kind, thing_id
        if key not in self._known:
            self.load([key])
        return self._known[key]

    def telling(self, till_id: str, key: Key) -> TellingRow | None:
        """Return what a till told of a thing last."""
        if (till_id, key) not in self._tellings:
            self.load_tellings(till_id, [key])
        return self._tellings[till_id, key]

    def past(self, key: Key, revision: int) -> str | None:
        """Return a thing's state at a revision (canonical JSON), where that is known."""
        if not revision:
            return None
        if (key, revision) not in self._past:
            self.load_past([(key, revision)])
        return self._past[key, revision]

    def was_pulled(self, key: Key) -> bool:
        """Whether tills could hear of a thing before this transaction."""
        return key in self._was_pulled

    def holders(self, part: str) -> list[ThingRow]:
        """Return the products that hold a unit or tax (canonical JSON), as they stand."""
        found = rows.products_holding(self._connection, self.company_id, part)
        self._known.update({(row.kind, row.id): row for row in found if self._is_new(row)})
        keys = {(row.kind, row.id) for row in found}
        keys |= {key for key in self._changed if key[0] == PRODUCT}
        standing = (self._known[key] for key in sorted(keys))
        return [row for row in standing if row is not None and part in row.state]

    def use_revision(self) -> int:
        """Return the revision of the changes being made, for rows beside the things as well."""
        self._last_used = self.revision
        return self.revision

    def write(self, row: ThingRow) -> None:
        """Let a row stand at the present revision."""
        row = msgspec.structs.replace(row, revision=self.use_revision())
        key = row.kind, row.id
        self.write_aside(row)
        kept = StateRow(self.company_id, row.kind, row.id, row.revision, row.state, row.by, row.at)
        self._set(self._states, (key, row.revision), kept)
        self._in_revision += 1

    def write_aside(self, row: ThingRow) -> None:
        """Let a row stand that no till pulls: it has no revision and no past."""
        self._set(self._changed, (row.kind, row.id), row)
        self._set(self._known, (row.kind, row.id), row)

    def tell(self, row: TellingRow) -> None:
        """Keep what a till told of a thing last."""
        place = row.till_id, (row.kind, row.id)
        self._set(self._tellings, place, row)
        self._set(self._told, place, row)

    def quarrel(self, row: QuarrelRow) -> None:
        """Keep which values gave way."""
        self._set(self._quarrels, row.id, row)

    def settle(self, key: Key) -> None:
        """Note that everything that was in question about a thing was decided anew."""
        self._set(self._settled, key, True)

    def forget(self, key: Key) -> None:
        """Delete all that a thing ever was but what it is now."""
        self._set(self._forgotten, key, True)
        standing = self.thing(*key)
        if standing is not None and standing.lost:
            self.write_aside(msgspec.structs.replace(standing, lost=""))

    def begin(self) -> None:
        """Begin an entry: `undo` comes back to here, and a new revision begins if it is time."""
        self._undo.clear()
        if self._in_revision >= REVISION_THINGS:
            self.revision, self._in_revision = self._last_used + 1, 0

    def undo(self) -> None:
        """Take back what was changed since `begin`."""
        while self._undo:
            mapping, key, before = self._undo.pop()
            if before is _NOTHING:
                mapping.pop(key, None)
            else:
                mapping[key] = before

    def flush(self) -> bool:
        """Write everything; whether there is something new for tills to pull."""
        connection = self._connection
        rows.write_things(connection, list(self._changed.values()))
        write_listed(connection, self._changed.values())
        rows.write_states(connection, list(self._states.values()))
        rows.write_tellings(connection, list(self._told.values()))
        rows.settle_quarrels(connection, self.company_id, self._settled)
        rows.write_quarrels(connection, list(self._quarrels.values()))
        for key in self._forgotten:
            standing = self._known.get(key)
            revision = 0 if standing is None else standing.revision
            rows.forget_past(connection, self.company_id, key, revision)
        if self._last_used:
            rows.set_revision(connection, self.company_id, self._last_used)
        return self._last_used > 0

    def _is_new(self, row: ThingRow) -> bool:
        if row.is_pulled:
            self._was_pulled.add((row.kind, row.id))
        return self._known.get((row.kind, row.id)) is None

    def _set(self, mapping: MutableMapping[_K, _V], key: _K, value: _V) -> None:
        self._undo.append((mapping, key, mapping.get(key, _NOTHING)))
        mapping[key] = value

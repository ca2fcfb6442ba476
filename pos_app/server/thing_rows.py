"""The rows of things: what stands, what stood, what each till told last, and who gave way.

Whoever changes things holds the company's revision from before reading until the commit, so that
revisions become visible in their order and no two changes are merged with the same state.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, delete, select, tuple_, update

from pos_app.server.bulk_rows import insert_rows, overwriting
from pos_app.server.tables import companies, quarrels, tellings, thing_states, things

Key = tuple[str, str]  # kind and id
_One = TypeVar("_One")
_AT_ONCE = 500  # ids in one statement


class ThingRow(msgspec.Struct, frozen=True):
    """A row of `things`: `state` is canonical JSON, `till_id` empty for head office."""

    company_id: str
    kind: str
    id: str
    shop: str
    revision: int
    state: str
    by: str
    till_id: str
    at: str
    lost: str = ""
    is_pulled: int = 1


class StateRow(msgspec.Struct, frozen=True):
    """A row of `thing_states`."""

    company_id: str
    kind: str
    id: str
    revision: int
    state: str
    by: str
    at: str


class TellingRow(msgspec.Struct, frozen=True):
    """A row of `tellings`: what a till told of a thing last, and what revision it started from."""

    company_id: str
    kind: str
    id: str
    till_id: str
    epoch: int
    base: int
    state: str


class QuarrelRow(msgspec.Struct, frozen=True):
    """A row of `quarrels`; `lost` is a JSON list of {name, kept, lost, by, at}."""

    company_id: str
    id: str
    kind: str
    thing_id: str
    revision: int
    lost: str
    by: str
    at: str
    state: str = "shown"


def hold_revision(connection: Connection, company_id: str) -> int:
    """Return the company's revision and let nobody else change things until the commit."""
    found = select(companies.c.revision).where(companies.c.company_id == company_id)
    return int(connection.execute(found.with_for_update()).scalar_one())


def set_revision(connection: Connection, company_id: str, revision: int) -> None:
    """Move the company's revision, which the transaction holds."""
    connection.execute(
        update(companies).where(companies.c.company_id == company_id).values(revision=revision)
    )


def load_things(
    connection: Connection, company_id: str, keys: Iterable[Key]
) -> dict[Key, ThingRow]:
    """Return the things of these kinds and ids that there are."""
    found: dict[Key, ThingRow] = {}
    columns = [things.c[name] for name in ThingRow.__struct_fields__]
    for kind, ids in _by_kind(keys):
        rows = connection.execute(
            select(*columns).where(
                things.c.company_id == company_id, things.c.kind == kind, things.c.id.in_(ids)
            )
        )
        found.update(((row.kind, row.id), ThingRow(*row)) for row in rows)
    return found


def load_states(
    connection: Connection, company_id: str, wanted: Iterable[tuple[Key, int]]
) -> dict[tuple[Key, int], str]:
    """Return the states that things had at revisions, those that are known."""
    found: dict[tuple[Key, int], str] = {}
    for chunk in _chunks(sorted(set(wanted))):
        places = [(kind, thing_id, revision) for (kind, thing_id), revision in chunk]
        rows = connection.execute(
            select(
                thing_states.c.kind,
                thing_states.c.id,
                thing_states.c.revision,
                thing_states.c.state,
            ).where(
                thing_states.c.company_id == company_id,
                tuple_(thing_states.c.kind, thing_states.c.id, thing_states.c.revision).in_(places),
            )
        )
        for kind, thing_id, revision, state in rows:
            found[(kind, thing_id), revision] = state
    return found


def load_tellings(
    connection: Connection, company_id: str, till_id: str, keys: Iterable[Key]
) -> dict[Key, TellingRow]:
    """Return what a till told last of things, of those that it ever told of."""
    found: dict[Key, TellingRow] = {}
    columns = [tellings.c[name] for name in TellingRow.__struct_fields__]
    for kind, ids in _by_kind(keys):
        rows = connection.execute(
            select(*columns).where(
                tellings.c.company_id == company_id,
                tellings.c.kind == kind,
                tellings.c.id.in_(ids),
                tellings.c.till_id == till_id,
            )
        )
        found.update(((row.kind, row.id), TellingRow(*row)) for row in rows)
    return found


def products_holding(connection: Connection, company_id: str, part: str) -> list[ThingRow]:
    """Return the products whose state holds a piece of canonical JSON, such as a tax."""
    columns = [things.c[name] for name in ThingRow.__struct_fields__]
    rows = connection.execute(
        select(*columns).where(
            things.c.company_id == company_id,
            things.c.kind == "product",
            things.c.state.contains(part, autoescape=True),
        )
    )
    # SQLite's LIKE takes capital and small letters for the same.
    return [found for found in (ThingRow(*row) for row in rows) if part in found.state]


def write_things(connection: Connection, rows: Sequence[ThingRow]) -> None:
    """Write what stands now."""
    columns = ("shop", "revision", "state", "by", "till_id", "at", "lost", "is_pulled")
    insert_rows(connection, things, rows, overwriting("company_id, kind, id", columns))


def write_states(connection: Connection, rows: Sequence[StateRow]) -> None:
    """Write which state each thing has at a revision."""
    clause = overwriting("company_id, kind, id, revision", ("state", "by", "at"))
    insert_rows(connection, thing_states, rows, clause)


def write_tellings(connection: Connection, rows: Sequence[TellingRow]) -> None:
    """Write what a till told last."""
    clause = overwriting("company_id, kind, id, till_id", ("epoch", "base", "state"))
    insert_rows(connection, tellings, rows, clause)


def write_quarrels(connection: Connection, rows: Sequence[QuarrelRow]) -> None:
    """Write which values gave way."""
    insert_rows(connection, quarrels, rows)


def settle_quarrels(connection: Connection, company_id: str, keys: Iterable[Key]) -> None:
    """Mark the quarrels about things as settled: each field in question was decided anew."""
    for kind, ids in _by_kind(keys):
        connection.execute(
            update(quarrels)
            .where(
                quarrels.c.company_id == company_id,
                quarrels.c.kind == kind,
                quarrels.c.thing_id.in_(ids),
            )
            .values(state="settled")
        )


def forget_past(connection: Connection, company_id: str, key: Key, revision: int) -> None:
    """Delete every earlier state of a thing and what was told or quarrelled of it."""
    kind, thing_id = key
    for table, named in (
        (thing_states, thing_states.c.id),
        (tellings, tellings.c.id),
        (quarrels, quarrels.c.thing_id),
    ):
        gone = delete(table).where(
            table.c.company_id == company_id, table.c.kind == kind, named == thing_id
        )
        if table is thing_states:
            gone = gone.where(thing_states.c.revision < revision)
        connection.execute(gone)


def _by_kind(keys: Iterable[Key]) -> Iterator[tuple[str, Sequence[str]]]:
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for kind, thing_id in keys:
        ids[kind].add(thing_id)
    for kind in sorted(ids):
        for chunk in _chunks(sorted(ids[kind])):
            yield kind, chunk


def _chunks(wanted: Sequence[_One]) -> Iterator[Sequence[_One]]:
    for start in range(0, len(wanted), _AT_ONCE):
        yield wanted[start : start + _AT_ONCE]

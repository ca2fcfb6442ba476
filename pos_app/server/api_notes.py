"""What clients of an API said of a thing that no table of ours has a place for, kept as JSON."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from pos_app.server.bulk_rows import insert_rows, overwriting
from pos_app.server.tables import api_notes

_AT_ONCE = 500  # ids in one statement


class _NoteRow(msgspec.Struct, frozen=True):
    company_id: str
    api: str
    kind: str
    id: str
    state: str


_CLAUSE = overwriting("company_id, api, kind, id", ("state",))


def put_note(
    connection: Connection,
    company_id: str,
    api: str,
    kind: str,
    thing_id: str,
    state: Mapping[str, Any],
) -> None:
    """Keep what is said of a thing in place of what was."""
    text = json.dumps(state, ensure_ascii=False, sort_keys=True)
    insert_rows(connection, api_notes, [_NoteRow(company_id, api, kind, thing_id, text)], _CLAUSE)


def note_of(
    connection: Connection, company_id: str, api: str, kind: str, thing_id: str
) -> dict[str, Any] | None:
    """Return what was said of a thing, or None."""
    return notes_of(connection, company_id, api, kind, [thing_id]).get(thing_id)


def notes_of(
    connection: Connection, company_id: str, api: str, kind: str, thing_ids: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Return what was said of those things of which something was, by id."""
    wanted = list(thing_ids)
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = connection.execute(
            select(api_notes.c.id, api_notes.c.state).where(
                api_notes.c.company_id == company_id,
                api_notes.c.api == api,
                api_notes.c.kind == kind,
                api_notes.c.id.in_(wanted[start : start + _AT_ONCE]),
            )
        )
        found.update((row.id, json.loads(row.state)) for row in rows)
    return found

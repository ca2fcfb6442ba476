"""Connections of tills to other systems, as head office keeps, shows and tells them.

The key is sealed before it is kept and opened only for a till that pulls; nobody is shown it again.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from pos_app.domain.catalogue_rules import FieldRefusal, check_line
from pos_app.domain.facts import canonical
from pos_app.server.companies import signing_key_of
from pos_app.server.sealing import SealBroken, opened, sealed
from pos_app.sync.entered_connections import (
    FROM_NOW,
    KEY,
    NAME_LIMIT,
    Entered,
    check_since,
    read_entered,
)

Plain = Mapping[str, Any]
SEALED, REMOVED, HAS_KEY = "sealed", "is_removed", "has_key"
_PURPOSE = "connection key"
_KEY_SIGNS = 4_000
_TEXT_SIGNS = 200
_TEXTS = ("api", "name", "url", KEY, "user", "company", "connection")


class KeyOnceMore(FieldRefusal):
    """Another address for a key that nobody can see: it must not go where it does not belong."""

    sentence = "The address or the interface changed, so enter the key once more."


class ConnectionNameTaken(FieldRefusal):
    """Two connections that nobody could tell apart."""

    sentence = "There is a connection called {name} already. Choose another name."


class TooLongText(FieldRefusal):
    """A field beyond what any system needs."""

    sentence = "This is longer than {limit} letters. Shorten it."


def kept_connection(
    signing_key: bytes | None, known: Plain | None, connection_id: str, state: Plain
) -> dict[str, Any]:
    """Return what is kept of a connection that somebody saves; an empty key keeps the known one.

    Raises TypeError for another shape, a FieldRefusal, or what `read_entered` raises.
    """
    if state.get(REMOVED) is True:
        return {"id": connection_id, "name": str((known or {}).get("name", "")), REMOVED: True}
    entered = _entered(state)
    check_line("name", entered.name.strip(), NAME_LIMIT, is_needed=True)
    known = None if known is None or known.get(REMOVED) else known
    hidden = "" if known is None else str(known.get(SEALED, ""))
    read = read_entered(entered, connection_id, has_key=bool(hidden))
    is_elsewhere = known is not None and (known["url"], known["api"]) != (read.url, read.api)
    if hidden and is_elsewhere and not entered.key.strip():
        raise KeyOnceMore(KEY)
    since = str(state.get("since") or FROM_NOW) if known is None else str(known["since"])
    check_since(since)
    if entered.key.strip() and signing_key is not None:
        hidden = sealed(signing_key, _PURPOSE, connection_id, entered.key.strip())
    return {
        "id": connection_id,
        "api": read.api,
        "name": read.name,
        "url": read.url,
        "user": read.user,
        "company": read.company,
        "connection": read.connection,
        "options": dict(read.options),
        "is_on": _flag(state.get("is_on", True)),
        "since": since,
        SEALED: hidden,
    }


def shown_connection(state: Plain) -> dict[str, Any]:
    """Return what people are shown of a connection: all but its key."""
    shown = {name: value for name, value in state.items() if name not in {SEALED, KEY}}
    return {**shown, HAS_KEY: bool(state.get(SEALED))}


def told_connections(
    connection: Connection, company_id: str, states: Mapping[str, str]
) -> dict[str, str]:
    """Return what tills are told of connections (canonical JSON) by id, with their keys."""
    signing_key = signing_key_of(connection, company_id) or b""
    return {
        thing_id: _told(signing_key, thing_id, json.loads(state))
        for thing_id, state in states.items()
        if state
    }


def _told(signing_key: bytes, connection_id: str, state: dict[str, Any]) -> str:
    hidden = state.pop(SEALED, None)
    if hidden is None:
        return canonical(state)
    try:
        key = opened(signing_key, _PURPOSE, connection_id, hidden) if hidden else ""
    except SealBroken:
        key = ""  # the till says that the key is missing; everything else goes on
    return canonical({**state, KEY: key})


def _entered(state: Plain) -> Entered:
    texts = {name: _text(name, state.get(name, "")) for name in _TEXTS}
    chosen = state.get("options", {})
    if not isinstance(chosen, Mapping):
        raise TypeError("options are no map")
    options = {_text("options", name): _text(name, value) for name, value in chosen.items()}
    return Entered(**texts, options=options)


def _text(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{field} is no text")
    limit = _KEY_SIGNS if field == KEY else _TEXT_SIGNS
    if len(value) > limit:
        raise TooLongText(field, limit=limit)
    check_line(field, value.strip(), limit)
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("is_on is neither yes nor no")
    return value

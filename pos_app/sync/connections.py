"""The connections of a till to foreign servers: where, as whom, how set up, and from when on.

Each stands in the store's `remote_values` under a remote of its own. Its key is kept beside it and
comes out only as `Credentials`, for the wire; nothing that is shown, logged or told has it.
"""

import json
import secrets
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.ids import uuid7
from pos_app.services.time_zones import shop_zone
from pos_app.store.foreign import HeldState
from pos_app.store.remotes import HEAD_OFFICE, URL, LogLine
from pos_app.sync.dialect import Credentials
from pos_app.sync.entered_connections import (
    FROM_BEGINNING,
    FROM_NOW,
    KEY,
    NAME_LIMIT,
    PREFIX,
    WORDS_OF_NEEDS,
    BeginningWrong,
    Connection,
    ConnectionIncomplete,
    ConnectionNameWrong,
    Entered,
    OfficeConnection,
    OptionUnknown,
    read_entered,
)
from pos_app.sync.remote import moment
from pos_app.texts import later, t

if TYPE_CHECKING:
    from pos_app.store.remotes import Remotes
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction

__all__ = [
    "FROM_BEGINNING",
    "FROM_NOW",
    "NAME_LIMIT",
    "PREFIX",
    "WORDS_OF_NEEDS",
    "BeginningWrong",
    "Connection",
    "ConnectionIncomplete",
    "ConnectionNameWrong",
    "Entered",
    "FromHeadOffice",
    "NoSuchConnection",
    "OptionUnknown",
    "add_connection",
    "change_connection",
    "connection_in",
    "connections_in",
    "credentials_of",
    "forget_remains",
    "office_connection_in",
    "put_office_connection",
    "read_entered",
    "remove_connection",
    "switch_connection",
]
_FROM = "from"
_SWITCHED_ON = later("The connection was switched on.")
_SWITCHED_OFF = later("The connection was switched off. Nothing is sent until it is on again.")
_CHANGED = later("The connection was changed.")
_ADDED = later("The connection was made.")


class NoSuchConnection(PosError):
    """A connection that was removed meanwhile."""

    sentence = "That connection is not there any more. Look at the list again."


class FromHeadOffice(PosError):
    """A connection that head office made is changed there, not at the till."""

    sentence = "{name} comes from head office. Change, switch or remove it there."


def connections_in(remotes: "Remotes") -> list[Connection]:
    """Return every connection, the oldest first."""
    names = (name for name in remotes.names() if name.startswith(PREFIX))
    found = (connection_in(remotes, name.removeprefix(PREFIX)) for name in names)
    return [one for one in found if one is not None]


def connection_in(remotes: "Remotes", connection_id: str) -> Connection | None:
    """Return a connection, or None where there is none with this id."""
    known = remotes.values(PREFIX + connection_id)
    if not known.get("url"):
        return None
    return Connection(
        connection_id,
        known.get("api", ""),
        known.get("name", ""),
        known["url"],
        known.get("user", ""),
        known.get("company", ""),
        known.get("connection", ""),
        json.loads(known.get("options") or "{}"),
        known.get("is_on") == "1",
        known.get("since", FROM_NOW),
        int(known.get("epoch") or 1),
        bool(known.get(KEY)),
        known.get(_FROM) == HEAD_OFFICE and bool(remotes.value(HEAD_OFFICE, URL)),
    )


def credentials_of(remotes: "Remotes", connection: Connection) -> Credentials:
    """Return what opens the remote of a connection, for the wire alone."""
    return Credentials(
        connection.url,
        remotes.value(connection.remote, KEY),
        connection.user,
        connection.company,
        connection.connection,
    )


def add_connection(
    store: "Store", entered: Entered, now: datetime, since: str = FROM_NOW
) -> Connection:
    """Keep a new connection, which is on, and return it; see `since` of `Connection`.

    Raises NotAnAddress, AddressNotSafe, ConnectionIncomplete, ConnectionNameWrong, OptionUnknown,
    ApiUnknown or BeginningWrong.
    """
    new = read_entered(entered, uuid7(int(now.timestamp() * 1000), secrets.randbits(74)))
    new = replace(new, since=since, epoch=store.identity.epoch)
    told = _told_before(store, since)
    with store.transaction() as tx:
        _check_name(tx.remotes, new)
        _put(tx, new, entered.key)
        tx.cursors.set(new.remote, told)
        _log(tx, new, _ADDED, now)
    return new


def change_connection(
    store: "Store", connection_id: str, entered: Entered, now: datetime
) -> Connection:
    """Keep what was entered anew of a connection; raises as `add_connection`, NoSuchConnection."""
    with store.transaction() as tx:
        known = _own(tx.remotes, connection_id)
        new = read_entered(replace(entered, api=known.api), known.id, has_key=known.has_key)
        new = replace(new, since=known.since, epoch=known.epoch, is_on=known.is_on)
        _check_name(tx.remotes, new)
        _put(tx, new, entered.key)
        tx.foreign.try_again(new.remote, HeldState.UNSAYABLE)  # now it may have the words
        _log(tx, new, _CHANGED, now)
    return new


def switch_connection(store: "Store", connection_id: str, is_on: bool, now: datetime) -> Connection:
    """Switch a connection on or off; what happens meanwhile is sent when it is on again."""
    with store.transaction() as tx:
        known = replace(_own(tx.remotes, connection_id), is_on=is_on)
        _put(tx, known, "")
        _log(tx, known, _SWITCHED_ON if is_on else _SWITCHED_OFF, now)
    return known


def remove_connection(store: "Store", connection_id: str) -> None:
    """Forget a connection with all that is known of its remote; what was sent stays there."""
    with store.transaction() as tx:
        known = connection_in(tx.remotes, connection_id)
        if known is not None:
            _refuse_office(known)
        tx.remotes.forget(PREFIX + connection_id)


def forget_remains(store: "Store", connection_id: str) -> None:
    """Forget what an engine wrote that was under way while head office removed its connection."""
    with store.transaction() as tx:
        if connection_in(tx.remotes, connection_id) is None:
            tx.remotes.forget(PREFIX + connection_id)


def office_connection_in(source: "Source", connection_id: str) -> OfficeConnection | None:
    """Return a connection with its key as head office told it, or None."""
    known = connection_in(source.remotes, connection_id)
    if known is None:
        return None
    # What only this till knows of it is no difference to what head office tells.
    return OfficeConnection(_as_told(known), source.remotes.value(known.remote, KEY))


def put_office_connection(
    tx: "Transaction", connection_id: str, told: OfficeConnection | None, now: datetime
) -> None:
    """Keep a connection as head office has it now, or forget it with all that is known of it.

    A connection that is new here begins as its `since` says; afterwards that changes nothing.
    """
    if told is None:
        tx.remotes.forget(PREFIX + connection_id)
        return
    known = connection_in(tx.remotes, connection_id)
    epoch = _epoch(tx) if known is None else known.epoch
    new = replace(told.connection, epoch=epoch)
    _put(tx, new, told.key)
    tx.remotes.put(new.remote, **{KEY: told.key, _FROM: HEAD_OFFICE})
    if known is None:
        tx.cursors.set(new.remote, _told_before(tx, new.since))
        _log(tx, new, _ADDED, now)
        return
    tx.foreign.try_again(new.remote, HeldState.UNSAYABLE)
    if known.is_on != new.is_on:
        _log(tx, new, _SWITCHED_ON if new.is_on else _SWITCHED_OFF, now)
    else:
        _log(tx, new, _CHANGED, now)


def _epoch(tx: "Transaction") -> int:
    last = tx.journal.get(tx.journal.count())
    return 1 if last is None else last.epoch


def _as_told(known: Connection) -> Connection:
    return replace(known, epoch=1, is_from_office=True)


def _check_name(remotes: "Remotes", new: Connection) -> None:
    others = {one.name for one in connections_in(remotes) if one.id != new.id}
    if not new.name or len(new.name) > NAME_LIMIT or new.name in others:
        raise ConnectionNameWrong(limit=NAME_LIMIT)


def _known(remotes: "Remotes", connection_id: str) -> Connection:
    known = connection_in(remotes, connection_id)
    if known is None:
        raise NoSuchConnection
    return known


def _own(remotes: "Remotes", connection_id: str) -> Connection:
    """Return a connection that this till may change; raises NoSuchConnection, FromHeadOffice."""
    known = _known(remotes, connection_id)
    _refuse_office(known)
    return known


def _refuse_office(known: Connection) -> None:
    if known.is_from_office:
        raise FromHeadOffice(name=known.name)


def _put(tx: "Transaction", one: Connection, key: str) -> None:
    values = {
        "api": one.api,
        "name": one.name,
        "url": one.url,
        "user": one.user,
        "company": one.company,
        "connection": one.connection,
        "options": json.dumps(dict(one.options)),
        "is_on": "1" if one.is_on else "0",
        "since": one.since,
        "epoch": str(one.epoch),
    }
    if key.strip():
        values[KEY] = key.strip()
    tx.remotes.put(one.remote, **values)


def _log(tx: "Transaction", one: Connection, text: str, now: datetime) -> None:
    tx.remotes.log_line(one.remote, LogLine(moment(now), "note", t(text)))


def _told_before(source: "Source", since: str) -> int:
    """Return the number of the last entry that a new remote is not told of."""
    if since == FROM_NOW:
        return source.journal.count()
    if since == FROM_BEGINNING:
        return 0
    try:
        day = date.fromisoformat(since)
    except ValueError as failure:
        raise BeginningWrong(text=since) from failure
    zone = shop_zone(source.settings.shop().time_zone)
    begins = datetime.combine(day, time(), zone) if zone else datetime.combine(day, time())
    return source.journal.last_before(begins.astimezone(UTC).isoformat(timespec="milliseconds"))

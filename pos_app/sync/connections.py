"""The connections of a till to foreign servers: where, as whom, how set up, and from when on.

Each stands in the store's `remote_values` under a remote of its own. Its key is kept beside it and
comes out only as `Credentials`, for the wire; nothing that is shown, logged or told has it.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.ids import uuid7
from pos_app.services.time_zones import shop_zone
from pos_app.store.foreign import HeldState
from pos_app.store.remotes import LogLine
from pos_app.sync.addresses import read_address
from pos_app.sync.dialect import Credentials, Dialect
from pos_app.sync.known_dialects import dialect_of
from pos_app.sync.remote import moment
from pos_app.texts import later, t

if TYPE_CHECKING:
    from pos_app.store.remotes import Remotes
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

PREFIX = "connection "
FROM_NOW, FROM_BEGINNING = "now", "beginning"
NAME_LIMIT = 60
_KEY = "key"
_SWITCHED_ON = later("The connection was switched on.")
_SWITCHED_OFF = later("The connection was switched off. Nothing is sent until it is on again.")
_CHANGED = later("The connection was changed.")
_ADDED = later("The connection was made.")


class ConnectionIncomplete(PosError):
    """Something that an API needs was not entered; `field` is its name."""

    sentence = "{title} needs {what}. Enter it first."


class ConnectionNameWrong(PosError):
    """A connection that nobody could tell from another one."""

    sentence = "Give the connection a name of at most {limit} letters that no other one has."


class OptionUnknown(PosError):
    """An option that an API does not have, or a choice that it does not know."""

    sentence = "{title} cannot be set up with {value} as {name}. Choose one of those it offers."


class BeginningWrong(PosError):
    """A date from which on nothing can be sent."""

    sentence = "{text} is not a date. Choose a day, or send from now on or from the beginning."


class NoSuchConnection(PosError):
    """A connection that was removed meanwhile."""

    sentence = "That connection is not there any more. Look at the list again."


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection without its key; `company` and `connection` are ids in the remote's own paths.

    `since` says from which entry of the journal on it is told: `now`, `beginning` or a date (ISO
    8601). `epoch` is the till's when it was made.
    """

    id: str
    api: str
    name: str
    url: str
    user: str = ""
    company: str = ""
    connection: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    is_on: bool = True
    since: str = FROM_NOW
    epoch: int = 1
    has_key: bool = False

    @property
    def remote(self) -> str:
        """What the store calls it."""
        return PREFIX + self.id


@dataclass(frozen=True, slots=True)
class Entered:
    """What a person enters of a connection; an empty key leaves the known one as it is."""

    api: str
    name: str
    url: str
    key: str = field(default="", repr=False)
    user: str = ""
    company: str = ""
    connection: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


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
        bool(known.get(_KEY)),
    )


def credentials_of(remotes: "Remotes", connection: Connection) -> Credentials:
    """Return what opens the remote of a connection, for the wire alone."""
    return Credentials(
        connection.url,
        remotes.value(connection.remote, _KEY),
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
        known = _known(tx.remotes, connection_id)
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
        known = replace(_known(tx.remotes, connection_id), is_on=is_on)
        _put(tx, known, "")
        _log(tx, known, _SWITCHED_ON if is_on else _SWITCHED_OFF, now)
    return known


def remove_connection(store: "Store", connection_id: str) -> None:
    """Forget a connection with all that is known of its remote; what was sent stays there."""
    with store.transaction() as tx:
        tx.remotes.forget(PREFIX + connection_id)


def read_entered(entered: Entered, connection_id: str, *, has_key: bool = False) -> Connection:
    """Return what was entered as a connection; raises as `add_connection`."""
    dialect = dialect_of(entered.api)
    texts = {
        "key": entered.key.strip(),
        "user": entered.user.strip(),
        "company": entered.company.strip(),
        "connection": entered.connection.strip(),
    }
    for name in sorted(dialect.needs):
        if not texts[name] and not (name == _KEY and has_key):
            raise ConnectionIncomplete(field=name, title=dialect.title, what=WORDS_OF_NEEDS[name])
    return Connection(
        connection_id,
        entered.api,
        entered.name.strip(),
        read_address(entered.url),
        texts["user"],
        texts["company"],
        texts["connection"],
        _options(dialect, entered.options),
        has_key=has_key or bool(texts["key"]),
    )


# What people call what a dialect may need besides the address.
WORDS_OF_NEEDS = {
    "key": later("the key (API key or password)"),
    "user": later("the user name"),
    "company": later("the company id"),
    "connection": later("the connection id"),
}


def _options(dialect: Dialect, chosen: Mapping[str, str]) -> dict[str, str]:
    """Return every option as chosen, or as it usually is; raises OptionUnknown."""
    known = {option.name: option for option in dialect.options}
    for name in chosen:
        if name not in known:
            raise OptionUnknown(title=dialect.title, name=name, value=chosen[name])
    found = {name: chosen.get(name, option.usual).strip() for name, option in known.items()}
    for name, value in found.items():
        choices = {choice for choice, _ in known[name].choices}
        if choices and value not in choices:
            raise OptionUnknown(title=dialect.title, name=name, value=value)
    return found


def _check_name(remotes: "Remotes", new: Connection) -> None:
    others = {one.name for one in connections_in(remotes) if one.id != new.id}
    if not new.name or len(new.name) > NAME_LIMIT or new.name in others:
        raise ConnectionNameWrong(limit=NAME_LIMIT)


def _known(remotes: "Remotes", connection_id: str) -> Connection:
    known = connection_in(remotes, connection_id)
    if known is None:
        raise NoSuchConnection
    return known


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
        values[_KEY] = key.strip()
    tx.remotes.put(one.remote, **values)


def _log(tx: "Transaction", one: Connection, text: str, now: datetime) -> None:
    tx.remotes.log_line(one.remote, LogLine(moment(now), "note", t(text)))


def _told_before(store: "Store", since: str) -> int:
    """Return the number of the last entry that a new remote is not told of."""
    if since == FROM_NOW:
        return store.journal_seq
    if since == FROM_BEGINNING:
        return 0
    try:
        day = date.fromisoformat(since)
    except ValueError as failure:
        raise BeginningWrong(text=since) from failure
    zone = shop_zone(store.settings.shop().time_zone)
    begins = datetime.combine(day, time(), zone) if zone else datetime.combine(day, time())
    return store.journal.last_before(begins.astimezone(UTC).isoformat(timespec="milliseconds"))

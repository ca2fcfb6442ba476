"""A connection to a foreign server as people enter it, and what is checked before it is kept.

Nothing here reads a store, so that head office checks what it sends to tills by the same rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pos_app.domain.errors import PosError
from pos_app.sync.addresses import read_address
from pos_app.sync.dialect import Dialect
from pos_app.sync.known_dialects import dialect_of
from pos_app.texts import later

PREFIX = "connection "
FROM_NOW, FROM_BEGINNING = "now", "beginning"
NAME_LIMIT = 60
KEY = "key"


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


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection without its key; `company` and `connection` are ids in the remote's own paths.

    `since` says from which entry of the journal on it is told: `now`, `beginning` or a date (ISO
    8601). `epoch` is the till's when it was made. What `is_from_office` is changed there alone.
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
    is_from_office: bool = False

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
        if not texts[name] and not (name == KEY and has_key):
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


def check_since(since: str) -> None:
    """Refuse what says not from when on something is told; raises BeginningWrong."""
    if since in {FROM_NOW, FROM_BEGINNING}:
        return
    try:
        date.fromisoformat(since)
    except ValueError as failure:
        raise BeginningWrong(text=since[:40]) from failure


@dataclass(frozen=True, slots=True)
class OfficeConnection:
    """A connection as head office tells its tills: with its key, which is shown to nobody."""

    connection: Connection
    key: str = field(default="", repr=False)


def office_connection(told: Mapping[str, Any]) -> OfficeConnection | None:
    """Return what head office tells of a connection, None of one that is no more.

    Raises KeyError, TypeError or what `read_entered` raises.
    """
    if told.get("is_removed"):
        return None
    texts = {name: _text(told[name]) for name in ("id", "api", "name", "url", KEY)}
    more = {name: _text(told.get(name, "")) for name in ("user", "company", "connection")}
    options = {_text(name): _text(value) for name, value in told.get("options", {}).items()}
    entered = Entered(
        texts["api"], texts["name"], texts["url"], texts[KEY], **more, options=options
    )
    since = _text(told.get("since", FROM_NOW))
    check_since(since)
    read = read_entered(entered, texts["id"])
    kept = replace(read, is_on=told["is_on"] is True, since=since, is_from_office=True)
    return OfficeConnection(kept, entered.key.strip())


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} stands where a text should")
    return value

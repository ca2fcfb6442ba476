"""Keys of the sales APIs: made and revoked by head office, kept as hashes, each for one API.

A key belongs to one shop of one company. It is shown once, when it is made.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from pos_app.domain.errors import PosError
from pos_app.server.companies import shop_of
from pos_app.server.database import Office
from pos_app.server.doors import DoorKind, find_door, new_secret, put_door, shut_subject
from pos_app.server.stamps import new_id, stamp
from pos_app.server.tables import api_keys

ACTIVE, REVOKED = "active", "revoked"
USUAL_USER = "admin"
NAME_SIGNS = 60


class Api(StrEnum):
    """The published sales APIs."""

    SALES = "sales"
    RETAIL = "retail"
    XTRAKIT = "xtrakit"
    FEED = "feed"
    ERP = "erp"


class Right(StrEnum):
    """What a key lets its holder do."""

    READ = "read"
    WRITE = "write"
    APPROVE = "approve"  # let a customer go beyond their credit


class KeyMissing(PosError):
    """A request without a key."""

    sentence = "This address needs a key. Send it as the API's description says."


class KeyInvalid(PosError):
    """A key that nobody gave out, that was revoked, or that is for another API."""

    sentence = "The key is not valid here. Ask head office for a new one."


class KeyNotAllowed(PosError):
    """A key that may not do this."""

    sentence = "This key does not let you do that ({right}). Ask head office for one that does."


class KeyUnknown(PosError):
    """A key that the company does not have."""

    sentence = "There is no key {id}. Look at the list of keys."


class KeyNameWrong(PosError):
    """A key without a name, or with one that cannot be shown."""

    sentence = "A key needs a name of at most {limit} letters in one line. Write who uses it."


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as head office keeps it; moments are ISO 8601 UTC, `used_at` empty until it was."""

    id: str
    api: Api
    name: str
    shop: str
    rights: frozenset[Right]
    user_name: str
    state: str
    made_at: str
    made_by: str
    used_at: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made: for which API and shop, called what, and what it may do."""

    api: Api
    shop: str
    name: str
    rights: frozenset[Right] = frozenset({Right.READ, Right.WRITE})
    user_name: str = USUAL_USER


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key that was made, and its secret, which is shown once."""

    key: ApiKey
    secret: str


def make_key(
    connection: Connection,
    company_id: str,
    new: NewKey,
    by: str,
    now: datetime,
    secret: str = "",
) -> MadeKey:
    """Make a key; raises ShopUnknown or KeyNameWrong. Samples bring the `secret` that they use."""
    shop_of(connection, company_id, new.shop)
    name, user_name = _checked_name(new.name), _checked_name(new.user_name)
    rights = frozenset({Right.READ}) if new.api is Api.FEED else new.rights
    secret = secret or _new_secret()
    key_id = new_id(now)
    connection.execute(
        insert(api_keys),
        {
            "company_id": company_id,
            "id": key_id,
            "api": new.api.value,
            "name": name,
            "shop": new.shop,
            "rights": _words(rights),
            "user_name": user_name,
            "state": ACTIVE,
            "made_at": stamp(now),
            "made_by": by,
        },
    )
    put_door(connection, DoorKind.API_KEY, secret, company_id, key_id)
    return MadeKey(key_of(connection, company_id, key_id), secret)


def revoke_key(connection: Connection, company_id: str, key_id: str) -> ApiKey:
    """Take a key back: it opens nothing from now on. Raises KeyUnknown."""
    key_of(connection, company_id, key_id)
    connection.execute(
        update(api_keys)
        .where(api_keys.c.company_id == company_id, api_keys.c.id == key_id)
        .values(state=REVOKED)
    )
    shut_subject(connection, company_id, key_id, DoorKind.API_KEY)
    return key_of(connection, company_id, key_id)


def list_keys(
    connection: Connection, company_id: str, after: str = "", limit: int = 100
) -> list[ApiKey]:
    """Return the company's keys in the order in which they were made, revoked ones too."""
    rows = connection.execute(
        select(api_keys)
        .where(api_keys.c.company_id == company_id, api_keys.c.id > after)
        .order_by(api_keys.c.id)
        .limit(limit)
    )
    return [_key(row) for row in rows.mappings()]


def key_of(connection: Connection, company_id: str, key_id: str) -> ApiKey:
    """Return a key by its id; raises KeyUnknown."""
    row = (
        connection.execute(
            select(api_keys).where(api_keys.c.company_id == company_id, api_keys.c.id == key_id)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise KeyUnknown(id=key_id)
    return _key(row)


def key_opened(office: Office, api: Api, secret: str, now: datetime) -> tuple[str, ApiKey]:
    """Return company and key that a secret opens; raises KeyMissing or KeyInvalid.

    That it was used is noted once a day.
    """
    if not secret:
        raise KeyMissing()
    with office.shared() as connection:
        door = find_door(connection, DoorKind.API_KEY, secret)
        if door is None:
            raise KeyInvalid()
        office.enter(connection, door.company_id)
        try:
            key = key_of(connection, door.company_id, door.subject)
        except KeyUnknown as failure:
            raise KeyInvalid() from failure
        if key.api is not api or key.state != ACTIVE:
            raise KeyInvalid()
        note_use(connection, door.company_id, key, now)
    return door.company_id, key


def note_use(connection: Connection, company_id: str, key: ApiKey, now: datetime) -> None:
    """Note that a key was used, once a day."""
    if key.used_at[:10] != stamp(now)[:10]:
        connection.execute(
            update(api_keys)
            .where(api_keys.c.company_id == company_id, api_keys.c.id == key.id)
            .values(used_at=stamp(now))
        )


def rights_in(words: Iterable[str]) -> frozenset[Right]:
    """Return rights by their names; raises ValueError for one that there is not."""
    return frozenset(Right(word) for word in words if word)


def _new_secret() -> str:
    """Return a secret that no command line takes for an option: it begins with no dash."""
    while (secret := new_secret()).startswith("-"):
        pass
    return secret


def _checked_name(name: str) -> str:
    plain = name.strip()
    if not 0 < len(plain) <= NAME_SIGNS or not plain.isprintable():
        raise KeyNameWrong(limit=NAME_SIGNS)
    return plain


def _words(rights: frozenset[Right]) -> str:
    return " ".join(right.value for right in Right if right in rights)


def _key(row: RowMapping | Any) -> ApiKey:
    return ApiKey(
        row["id"],
        Api(row["api"]),
        row["name"],
        row["shop"],
        rights_in(row["rights"].split()),
        row["user_name"],
        row["state"],
        row["made_at"],
        row["made_by"],
        row["used_at"],
    )

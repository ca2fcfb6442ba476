"""Companies and their shops: founding one, and what it is called."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from pos_app.domain.errors import PosError
from pos_app.server.accounts import NewAccount, add_account
from pos_app.server.database import Office
from pos_app.server.office_log import write_log
from pos_app.server.roles import Role
from pos_app.server.stamps import new_id, stamp
from pos_app.server.tables import companies, doors, shops

SIGNING_KEY_BYTES = 32
MOST_CODE_SIGNS, MOST_NAME_SIGNS = 20, 120


class ShopThere(PosError):
    """A second shop under one code."""

    sentence = "There is a shop with the code {code} already. Choose another code."


class ShopUnknown(PosError):
    """A shop that the company does not have."""

    sentence = "There is no shop with the code {code}. Look at the list of shops."


class TimeZoneUnknown(PosError):
    """A time zone that the tz database does not have."""

    sentence = "There is no time zone {name}. Write one like Europe/Berlin."


@dataclass(frozen=True, slots=True)
class Founding:
    """A company to be made, with its first shop and its owner.

    The owner is invited (and has to choose another password) where somebody else saw this one.
    """

    name: str
    email: str
    password: str
    currency: str = "EUR"
    person: str = "Owner"
    shop: str = "main"
    shop_name: str = "Main shop"
    time_zone: str = "UTC"
    is_sample: bool = False
    is_invited: bool = False


@dataclass(frozen=True, slots=True)
class Founded:
    """A company that was made: its id, its owner's and the code of its first shop."""

    company_id: str
    owner_id: str
    shop: str


@dataclass(frozen=True, slots=True)
class Company:
    """A company: `currency` is ISO 4217, `revision` counts what changed for its tills."""

    id: str
    name: str
    currency: str
    revision: int
    made_at: str


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop of a company; `code` is its name among tills, `time_zone` one of the tz database."""

    code: str
    name: str
    time_zone: str
    made_at: str


def found_company(office: Office, founding: Founding, now: datetime) -> Founded:
    """Make a company with its own signing key, its first shop and its owner, all or nothing.

    Raises EmailTaken, PasswordTooShort, TimeZoneUnknown.
    """
    company_id = new_id(now)
    with office.company(company_id) as connection:
        connection.execute(
            insert(companies),
            {
                "company_id": company_id,
                "name": founding.name,
                "currency": founding.currency,
                "revision": 0,
                "signing_key": secrets.token_bytes(SIGNING_KEY_BYTES),
                "made_at": stamp(now),
                "is_sample": int(founding.is_sample),
            },
        )
        shop = Shop(founding.shop, founding.shop_name, founding.time_zone, stamp(now))
        add_shop(connection, company_id, shop)
        owner = NewAccount(
            founding.email, founding.person, Role.OWNER, founding.password, founding.is_invited
        )
        account = add_account(connection, company_id, owner, now)
        write_log(connection, company_id, "pos-app server init", "company made", company_id, now)
    return Founded(company_id, account.id, founding.shop)


def company_of(connection: Connection, company_id: str) -> Company:
    """Return the company of an open transaction."""
    row = connection.execute(
        select(companies).where(companies.c.company_id == company_id)
    ).mappings()
    found = row.one()
    return Company(
        found["company_id"], found["name"], found["currency"], found["revision"], found["made_at"]
    )


def signing_key_of(connection: Connection, company_id: str) -> bytes | None:
    """Return the company's own secret, from which others are made; None for no company."""
    found = select(companies.c.signing_key).where(companies.c.company_id == company_id)
    key = connection.execute(found).scalar_one_or_none()
    return None if key is None else bytes(key)


def all_companies(office: Office) -> list[Company]:
    """Return every company, for commands of who runs head office: no route may use this."""
    with office.shared() as connection:
        ids = connection.scalars(select(doors.c.company_id).distinct()).all()
    found = []
    for company_id in sorted(ids):
        with office.company(company_id) as connection:
            found.append(company_of(connection, company_id))
    return found


def rename_company(connection: Connection, company_id: str, name: str) -> Company:
    """Give a company another name."""
    connection.execute(
        update(companies).where(companies.c.company_id == company_id).values(name=name)
    )
    return company_of(connection, company_id)


def add_shop(connection: Connection, company_id: str, shop: Shop) -> None:
    """Make a shop; raises ShopThere, TimeZoneUnknown."""
    check_time_zone(shop.time_zone)
    values = {
        "company_id": company_id,
        "code": shop.code,
        "name": shop.name,
        "time_zone": shop.time_zone,
        "made_at": shop.made_at,
    }
    try:
        with connection.begin_nested():
            connection.execute(insert(shops), values)
    except IntegrityError as failure:
        raise ShopThere(code=shop.code) from failure


def change_shop(
    connection: Connection, company_id: str, code: str, *, name: str | None, time_zone: str | None
) -> Shop:
    """Give a shop another name or time zone; raises ShopUnknown, TimeZoneUnknown."""
    values = {"name": name, "time_zone": time_zone}
    values = {column: value for column, value in values.items() if value is not None}
    if time_zone is not None:
        check_time_zone(time_zone)
    if values:
        connection.execute(
            update(shops)
            .where(shops.c.company_id == company_id, shops.c.code == code)
            .values(**values)
        )
    return shop_of(connection, company_id, code)


def shop_of(connection: Connection, company_id: str, code: str) -> Shop:
    """Return a shop; raises ShopUnknown."""
    row = connection.execute(
        select(shops).where(shops.c.company_id == company_id, shops.c.code == code)
    ).mappings()
    found = row.one_or_none()
    if found is None:
        raise ShopUnknown(code=code)
    return Shop(found["code"], found["name"], found["time_zone"], found["made_at"])


def list_shops(connection: Connection, company_id: str, after: str, limit: int) -> list[Shop]:
    """Return shops in order of their codes, those after `after` first."""
    rows = connection.execute(
        select(shops)
        .where(shops.c.company_id == company_id, shops.c.code > after)
        .order_by(shops.c.code)
        .limit(limit)
    ).mappings()
    return [Shop(row["code"], row["name"], row["time_zone"], row["made_at"]) for row in rows]


def check_time_zone(name: str) -> None:
    """Refuse what is no time zone; raises TimeZoneUnknown."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as failure:
        raise TimeZoneUnknown(name=name) from failure

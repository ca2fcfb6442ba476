"""Head offices for tests: a fresh database with a company, a shop and an owner, on both kinds.

`conftest.py` hands the fixtures to every test here: `office` runs a test on PostgreSQL and on
SQLite; `postgresql_office` and `sqlite_office` on one of them.
"""

import contextlib
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, insert, update

from pos_app.domain.journal import GENESIS
from pos_app.server.companies import Founded, Founding, found_company
from pos_app.server.database import Office, open_engine, open_office
from pos_app.server.doors import DoorKind, new_secret, put_door
from pos_app.server.schema import bring_up_to_date
from pos_app.server.stamps import new_id, stamp
from pos_app.server.tables import accounts, branches, tills
from pos_app.store.store import Store
from tests.server.postgres import PostgresServer

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
EMAIL, PASSWORD = "owner@example.com", "a password of the tests"
SHOP = "main"
FOUNDING = Founding("Harbour Shops", EMAIL, PASSWORD, shop=SHOP)
# `PASSWORD` as somebody would keep it who has no attackers: a check of it takes no time.
KEPT_FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass(frozen=True, slots=True)
class EnrolledTill:
    """A till as head office knows it, with tokens that open its doors."""

    company_id: str
    till_id: str
    shop: str
    till: str
    access: str
    refresh: str
    family: str


@dataclass(frozen=True, slots=True)
class Template:
    """A database to copy: where it is, and the company in it."""

    place: str
    founded: Founded


def set_up(url: str, founding: Founding = FOUNDING, now: datetime = NOW) -> Founded:
    """Migrate an empty database and make a company in it, as `pos-app server init` does."""
    engine = open_engine(url)
    bring_up_to_date(engine)
    engine.dispose()
    office = open_office(url)
    try:
        founded = found_company(office, founding, now)
        if founding.password == PASSWORD:
            with office.company(founded.company_id) as connection:
                sign_in_fast(connection, founded.company_id)
        return founded
    finally:
        office.close()


def sign_in_fast(connection: Connection, company_id: str) -> None:
    """Let everybody of a company sign in with `PASSWORD`, and without the work of checking it."""
    people = update(accounts).where(accounts.c.company_id == company_id)
    connection.execute(people.values(password=KEPT_FAST))


@pytest.fixture(scope="session")
def postgresql_template(postgres_server: PostgresServer) -> Iterator[Template]:
    """A database on PostgreSQL that others are copied from."""
    with postgres_server.database() as database:
        yield Template(database.name, set_up(database.url))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A file that others are copied from."""
    path = tmp_path_factory.mktemp("head_office") / "template.db"
    return Template(str(path), set_up(f"sqlite:///{path}"))


@pytest.fixture
def postgresql_url(postgres_server: PostgresServer, postgresql_template: Template) -> Iterator[str]:
    """The address of a fresh database on PostgreSQL with the company in it."""
    with postgres_server.database(postgresql_template.place) as database:
        yield database.url


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Template) -> str:
    """The address of a fresh SQLite file with the company in it."""
    path = tmp_path / "head_office.db"
    shutil.copyfile(sqlite_template.place, path)
    return f"sqlite:///{path}"


@contextlib.contextmanager
def sqlite_copy(template: Template, folders: pytest.TempPathFactory) -> Iterator[Office]:
    """Open a copy of a template for all tests of a file that leave each other alone."""
    path = folders.mktemp("office") / "head_office.db"
    shutil.copyfile(template.place, path)
    office = open_office(f"sqlite:///{path}")
    yield office
    office.close()


@pytest.fixture(params=["postgresql", "sqlite"])
def office_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database with the company in it, of either kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def office(office_url: str) -> Iterator[Office]:
    """An open head office with one company, on PostgreSQL and on SQLite in turn."""
    yield from _opened(office_url)


@pytest.fixture
def postgresql_office(postgresql_url: str) -> Iterator[Office]:
    """An open head office with one company on PostgreSQL."""
    yield from _opened(postgresql_url)


@pytest.fixture
def sqlite_office(sqlite_url: str) -> Iterator[Office]:
    """An open head office with one company on SQLite."""
    yield from _opened(sqlite_url)


@pytest.fixture
def founded(request: pytest.FixtureRequest) -> Founded:
    """The company of the test's database, whichever it asked for."""
    names = set(request.fixturenames)
    if "office_url" in names:
        kind = request.node.callspec.params["office_url"]
    else:
        kind = "postgresql" if names & {"postgresql_office", "postgresql_url"} else "sqlite"
    template: Template = request.getfixturevalue(f"{kind}_template")
    return template.founded


@pytest.fixture
def company_id(founded: Founded) -> str:
    """The id of the company in the test's database."""
    return founded.company_id


def enrolled_till(
    office: Office, company_id: str, store: Store, now: datetime = NOW, *, shop: str = SHOP
) -> EnrolledTill:
    """Enrol a store's till past the route: its row, its first branch, an access and a refresh."""
    identity = store.identity
    till_id, family = new_id(now), secrets.token_hex(8)
    access, refresh = new_secret(), new_secret()
    with office.company(company_id) as connection:
        connection.execute(
            insert(tills),
            {
                "company_id": company_id,
                "id": till_id,
                "shop": shop,
                "till": identity.till,
                "store_id": identity.store_id,
                "state": "active",
                "epoch": identity.epoch,
                "enrolled_at": stamp(now),
            },
        )
        connection.execute(
            insert(branches),
            {
                "company_id": company_id,
                "till_id": till_id,
                "epoch": identity.epoch,
                "branch": 0,
                "public_key": identity.public_key,
                "first_seq": 1,
                "first_prev": GENESIS,
                "seq": 0,
                "hash": GENESIS,
                "judged_seq": 0,
                "state": "open",
            },
        )
        for kind, secret, lasts in (
            (DoorKind.ACCESS, access, timedelta(seconds=600)),
            (DoorKind.REFRESH, refresh, timedelta(days=90)),
        ):
            put_door(
                connection, kind, secret, company_id, till_id, expires=now + lasts, family=family
            )
    return EnrolledTill(company_id, till_id, shop, identity.till, access, refresh, family)


def _opened(url: str) -> Iterator[Office]:
    office = open_office(url, pool=5)
    yield office
    office.close()

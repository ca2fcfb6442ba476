"""The servers at the other end: small independent ones, and head office as it is served."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from fastapi import FastAPI
from sqlalchemy import select

from pos_app.server.api_keys import Api, NewKey, Right, make_key
from pos_app.server.app import make_app
from pos_app.server.database import Office, open_office
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.settings import Rate, ServerSettings
from pos_app.server.tables import things
from pos_app.server.thing_kinds import CUSTOMER
from pos_app.sync.transport import Answer, Request
from tests.proofs.foreign_world.asgi import AsgiLine
from tests.proofs.foreign_world.shop import BUYER_ID, MADE, PRODUCTS, WALK_IN, fill_office
from tests.server.offices import FOUNDING, SHOP, set_up
from tests.simulators.apis.add_sale import AddSale
from tests.simulators.apis.answering import Answer as Raw
from tests.simulators.apis.data_feed import DataFeed
from tests.simulators.apis.erp import Erp, Product
from tests.simulators.apis.retail_sale import RetailSale
from tests.simulators.apis.sales_api import SalesApi

USER = "admin"
NO_LIMIT = Rate(1_000_000_000, 1_000_000_000)
UNLIMITED = ServerSettings(address=NO_LIMIT, token=NO_LIMIT, door=NO_LIMIT, judges=False)
_SIZE = re.compile(r"(?<=[?&])(size|pageSize)=(\d+)")


class Remote(Protocol):
    """A server that answers; `page_size` is the most that its pages hold, and may change."""

    key: str
    page_size: int

    def carry(self, request: Request, mishap: str = "") -> Answer:
        """Answer a request."""


class Independent:
    """One of the small servers of the simulators."""

    def __init__(self, api: str) -> None:
        self.server: Any = _MADE[api]()
        self.key = "key"

    @property
    def page_size(self) -> int:
        """The most that a page holds, where there are pages."""
        return int(getattr(self.server, "page_size", 0))

    @page_size.setter
    def page_size(self, size: int) -> None:
        if hasattr(self.server, "page_size"):
            self.server.page_size = size

    def forget_tokens(self) -> None:
        """Let every token of a sign-in end, where there are any."""
        if isinstance(self.server, Erp):
            self.server.forget_tokens()

    def carry(self, request: Request, mishap: str = "") -> Answer:
        """Answer a request."""
        del mishap
        answer = self.server.handle(request.method, request.target, request.headers, request.body)
        return _answer(answer)


_MADE = {
    "sales": lambda: SalesApi("key"),
    "retail": lambda: RetailSale(USER, "key"),
    "xtrakit": lambda: AddSale("key", {WALK_IN: "Peter Amos"}),
    "feed": DataFeed,
    "erp": lambda: Erp(
        USER, "key", {one.code: Product(f"P{one.code}", one.name) for one in PRODUCTS}
    ),
}


class Served:
    """Head office, asked in this process; `shelf` puts a fresh copy of its database out."""

    def __init__(self, shelf: "OfficeShelf", api: str) -> None:
        self._shelf = shelf
        self.key = shelf.keys[api]
        self.page_size = 1_000_000

    def carry(self, request: Request, mishap: str = "") -> Answer:
        """Answer a request; its pages are no longer than they may be now."""
        del mishap
        asked = self.shortened(request)
        line = self._shelf.line
        return _answer(line.handle(asked.method, asked.target, asked.headers, asked.body))

    def shortened(self, request: Request) -> Request:
        """Return a request that asks for no more on a page than there may be."""
        return replace(request, target=_SIZE.sub(self._smaller, request.target))

    def _smaller(self, found: re.Match[str]) -> str:
        return f"{found[1]}={min(int(found[2]), self.page_size)}"


@dataclass(slots=True)
class OfficeShelf:
    """A head office with one company whose database is put back before each schedule."""

    root: Path
    office: Office
    app: FastAPI
    line: AsgiLine
    company_id: str
    keys: dict[str, str]
    now: datetime = MADE

    def customers(self) -> list[str]:
        """Return the names of all customers but the one whom the company began with."""
        with self.office.company(self.company_id) as connection:
            states = connection.execute(
                select(things.c.state).where(
                    things.c.company_id == self.company_id, things.c.kind == CUSTOMER
                )
            ).scalars()
            return [one["name"] for one in map(json.loads, states) if one["id"] != BUYER_ID]

    def put_out(self) -> None:
        """Put the database back as it was made."""
        self.office.close()
        _copy_database(self.root / "office.template", self.root / "office.db")


@contextmanager
def office_shelf(root: Path) -> Iterator[OfficeShelf]:
    """Make a head office whose company sells what the tills sell, with a key for each API."""
    url = f"sqlite:///{root / 'office.db'}"
    company_id = set_up(url, FOUNDING, MADE).company_id
    office = open_office(url)
    made = OfficeShelf(root, office, FastAPI(), AsgiLine(FastAPI()), company_id, {})
    made.line.close()
    with office.company(company_id) as connection:
        desk = OfficeDesk(connection, company_id, SHOP, "test", MADE)
        fill_office(desk)
        desk.close()
        for api in Api:
            rights = frozenset({Right.READ, Right.WRITE})
            new = NewKey(api, SHOP, "tills", rights, USER)
            made.keys[api.value] = make_key(connection, company_id, new, "test", MADE).secret
    office.close()
    shutil.copyfile(root / "office.db", root / "office.template")
    made.app = make_app(office, UNLIMITED, now=lambda: made.now)
    made.line = AsgiLine(made.app)
    try:
        yield made
    finally:
        made.line.close()
        office.close()


def _copy_database(source: Path, target: Path) -> None:
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(source, target)


def _answer(raw: Raw) -> Answer:
    status, headers, body = raw
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body)

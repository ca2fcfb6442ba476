"""Head offices for tests of the ERP sales module: a served company, and clients with tokens."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import httpx2
import pytest

from pos_app.server.api_keys import Api, Right
from pos_app.server.database import Office
from tests.server.apis.api_shops import (
    UNLIMITED,
    ApiShop,
    fill,
    key_of,
    opened,
    second_company,
)
from tests.server.offices import NOW, Template, sqlite_copy
from tests.server.serving import Served, serve

LOGIN, SALES = "/api/v1/auth/login", "/api/v1/sales"


@dataclass
class Clock:
    """Head office's clock, which a test may move on."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Tell the moment."""
        return self.now


@dataclass(frozen=True, slots=True)
class ErpShop:
    """A company and a client of its ERP with a token; `shop` knows what stands behind it."""

    shop: ApiShop
    client: httpx2.Client
    clock: Clock

    def at(self, now: datetime) -> None:
        """Let it be another time, and log in again."""
        self.clock.now = now
        token = token_of(self.shop.served, self.shop.key)
        self.client.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> httpx2.Response:
        """Ask something below /api/v1/sales."""
        return self.client.request(method, SALES + path, json=body, params=query)

    def got(self, path: str, **query: Any) -> Any:
        """Return the data of an answer."""
        return data_of(self.ask("GET", path, **query))

    def listed(self, path: str, **query: Any) -> list[Any]:
        """Return what a list shows: the ids and nothing else."""
        rows: list[Any] = [row["id"] for row in self.got(path, **query)["list"]]
        return rows

    def done(self, method: str, path: str, body: Any = None) -> Any:
        """Do something that must be allowed, and return its data."""
        return data_of(self.ask(method, path, body))

    def refused(self, method: str, path: str, body: Any = None, code: int = 400) -> str:
        """Do something that must be refused, and return the sentence."""
        answer = self.ask(method, path, body)
        told = answer.json()
        assert answer.status_code == code, answer.text
        assert told == {"code": code, "message": told["message"], "data": None}
        return str(told["message"])

    def make_order(self, **more: Any) -> str:
        """Make an order of 5 lamps at 100, and return its id."""
        wanted = [{"productId": "prod-001", "quantity": 5, "unitPrice": 100}]
        body = {"customerId": "customer-001", "items": wanted, **more}
        return str(self.done("POST", "/orders", body)["id"])

    def make_quotation(self, **more: Any) -> str:
        """Make a quotation of 5 lamps at 100, and return its id."""
        wanted = [{"productId": "prod-001", "quantity": 5, "unitPrice": 100}]
        body = {"customerId": "customer-001", "items": wanted, **more}
        return str(self.done("POST", "/quotations", body)["id"])


def data_of(answer: httpx2.Response) -> Any:
    """Return the data of an answer that says yes."""
    told = answer.json()
    assert (answer.status_code, told["code"], told["message"]) == (200, 200, "success"), answer.text
    assert set(told) == {"code", "message", "data"}
    return told["data"]


def token_of(served: Served, password: str, user_name: str = "admin") -> str:
    """Log in and return the token."""
    with served.client() as client:
        body = {"username": user_name, "password": password}
        return str(data_of(client.post(LOGIN, json=body))["token"])


def erp_of(shop: ApiShop, clock: Clock) -> ErpShop:
    """Return a client of the ERP of a company."""
    return ErpShop(shop, client_of(shop, shop.key), clock)


def client_of(shop: ApiShop, key: str) -> httpx2.Client:
    """Return a client with the token that a key gets, for as long as the shop is served."""
    return shop.kept.enter_context(shop.served.client(token_of(shop.served, key)))


def other_company(erp: ErpShop) -> ErpShop:
    """Return another company of the same head office, with the same ids; once."""
    return erp_of(second_company(erp.shop, Api.ERP), erp.clock)


def with_rights(erp: ErpShop, *rights: Right) -> ErpShop:
    """Return another client of the same company, who may do something else."""
    shop = erp.shop
    key = key_of(shop.served.office, shop.company_id, Api.ERP, frozenset(rights))
    return replace(erp, client=client_of(shop, key))


@contextmanager
def erp_served(office: Office, company_id: str) -> Iterator[ErpShop]:
    """Serve a company with two products, a customer and a key for the ERP."""
    clock = Clock()
    fill(office, company_id)
    with serve(office, UNLIMITED, now=clock) as served, ExitStack() as kept:
        yield erp_of(opened(served, company_id, Api.ERP, kept), clock)


@pytest.fixture
def erp(office: Office, company_id: str) -> Iterator[ErpShop]:
    """A fresh company, on PostgreSQL and on SQLite in turn."""
    with erp_served(office, company_id) as found:
        yield found


@pytest.fixture(scope="module")
def shared_erp(
    sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ErpShop]:
    """One company on SQLite for all tests of a file."""
    with (
        sqlite_copy(sqlite_template, tmp_path_factory) as office,
        erp_served(office, sqlite_template.founded.company_id) as found,
    ):
        yield found

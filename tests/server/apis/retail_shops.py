"""A company of samples, served, and a client of its Retail Sale API."""

import copy
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from pos_app.server.api_keys import Api
from pos_app.server.companies import Founding, found_company
from pos_app.server.database import Office
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.samples import make_samples
from pos_app.server.stock_values import stock_value
from tests.server.apis.api_shops import UNLIMITED
from tests.server.apis.transcripts import transcript
from tests.server.offices import NOW, PASSWORD, SHOP
from tests.server.serving import Served, serve

PREFIX = "/rest/inventory/sale"
FILTER, PLUG = "item-1", "item-3"
API = "retail_sale"
_numbers = itertools.count(1)


@dataclass
class Clock:
    """Head office's clock: every look at it is a second later."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Tell the moment."""
        self.now += timedelta(seconds=1)
        return self.now


@dataclass(frozen=True, slots=True)
class RetailShop:
    """A company of samples and a client of its Retail Sale API."""

    served: Served
    company_id: str
    key: str
    client: httpx2.Client

    def create(self, sale: dict[str, Any], key: str | None = None) -> httpx2.Response:
        """Send a sale."""
        body = {"authKey": self.key if key is None else key, "userName": "admin", "sale": sale}
        return self.client.post(f"{PREFIX}/create", json=body)

    def made(self, **changes: Any) -> dict[str, Any]:
        """Make the published sale with changes, and return it as `get` shows it."""
        sent = sample_sale(**changes)
        answer = self.create(sent)
        assert (answer.status_code, answer.json()) == (200, {"data": True}), answer.text
        return next(one for one in self.all() if one["saleNumber"] == sent["saleNumber"])

    def refused(self, status: int, **changes: Any) -> str:
        """Send the published sale with changes, which must be refused; return the sentence."""
        return sentence(self.create(sample_sale(**changes)), status)

    def ask(self, path: str, key: str | None = None) -> httpx2.Response:
        """Ask with the key in the path."""
        return self.client.get(f"{PREFIX}/{path}/admin/{self.key if key is None else key}")

    def all(self) -> list[dict[str, Any]]:
        """Return the list."""
        answer = self.ask("list")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    def void(self, sale_id: int) -> Any:
        """Void a sale; returns whether anything was done."""
        answer = self.ask(f"void/{sale_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def stock(self, product_id: str = FILTER) -> tuple[Decimal, int, Decimal]:
        """Return how much there is in all, what it is worth (minor units), and at A-01-03."""
        with self.served.office.company(self.company_id) as connection:
            desk = OfficeDesk(connection, self.company_id, SHOP, "test", NOW)
            value = stock_value(connection, self.company_id, desk.product(product_id), "EUR")
            return desk.level(product_id), value.minor, desk.level(product_id, "A-01-03")


def sample_sale(**changes: Any) -> dict[str, Any]:
    """Return the published sale with changes; a change to nothing leaves a field out."""
    sale = copy.deepcopy(transcript(API, "create")["request"]["sale"]) | changes
    return {name: value for name, value in sale.items() if value is not ...}


def line(**changes: Any) -> dict[str, Any]:
    """Return a line of three oil filters at 10.00 with changes."""
    plain = {"itemId": 1, "quantity": 3, "unitPrice": "10.00", "subTotal": "30.00"} | changes
    return {name: value for name, value in plain.items() if value is not ...}


def one_line(number: str = "ONE", **changes: Any) -> dict[str, Any]:
    """Return changes that make the published sale one of a single line."""
    made = line(**changes)
    return {"saleNumber": number, "items": [made], "totalAmount": ..., "discount": ...}


def sentence(answer: httpx2.Response, status: int) -> str:
    """Return why a request was refused, in the published envelope."""
    assert answer.status_code == status, answer.text
    told = answer.json()
    assert told == {"data": None, "error": told["error"]}
    return str(told["error"])


def opened(served: Served, company_id: str) -> RetailShop:
    """Make a company of samples of one that was founded."""
    with served.office.company(company_id) as connection:
        key = make_samples(connection, company_id, SHOP, NOW).key(Api.RETAIL)
    return RetailShop(served, company_id, key, served.client())


@contextmanager
def founded_shop(served: Served) -> Iterator[RetailShop]:
    """Found a company of samples in a served head office."""
    number = next(_numbers)
    founding = Founding(f"Samples {number}", f"owner{number}@example.com", PASSWORD, shop=SHOP)
    found = opened(served, found_company(served.office, founding, NOW).company_id)
    with found.client:
        yield found


@pytest.fixture(scope="module")
def retail_office(shared_office: Office) -> Iterator[Served]:
    """One head office for all tests of a file, on PostgreSQL and on SQLite in turn."""
    with serve(shared_office, UNLIMITED, now=Clock()) as served:
        yield served


@pytest.fixture
def retail(retail_office: Served) -> Iterator[RetailShop]:
    """A fresh company of samples."""
    with founded_shop(retail_office) as found:
        yield found


@pytest.fixture
def other_retail(retail_office: Served) -> Iterator[RetailShop]:
    """Another company of samples in the same head office."""
    with founded_shop(retail_office) as found:
        yield found

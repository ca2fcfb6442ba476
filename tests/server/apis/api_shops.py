"""Companies for tests of the sales APIs: goods in stock, customers, a key, clients that use it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import httpx2
from sqlalchemy import select

from pos_app.domain.customer import Customer
from pos_app.domain.facts import product_saved
from pos_app.domain.stock import DEFAULT_LOCATION, MoveReason, StockMove
from pos_app.server.api_keys import Api, NewKey, Right, make_key
from pos_app.server.companies import Founding, found_company
from pos_app.server.database import Office
from pos_app.server.office_desk import OfficeDesk, office_desk
from pos_app.server.settings import Rate, ServerSettings
from pos_app.server.tables import journal
from tests.server.offices import NOW, PASSWORD, SHOP
from tests.server.serving import Served, serve
from tests.store.shops import VAT, product

NO_LIMIT = Rate(1_000_000, 1_000_000)
UNLIMITED = ServerSettings(address=NO_LIMIT, token=NO_LIMIT, door=NO_LIMIT, judges=False)


@dataclass(frozen=True, slots=True)
class ApiShop:
    """A served company with a key for one API and a client that sends it."""

    served: Served
    company_id: str
    key: str
    client: httpx2.Client
    kept: ExitStack

    def holder(self, key: str = "") -> httpx2.Client:
        """Return a client that sends a key, closed with the shop."""
        return self.kept.enter_context(self.served.client(key))

    @contextmanager
    def desk(self, now: datetime = NOW) -> Iterator[OfficeDesk]:
        """The company's desk."""
        office, news = self.served.office, self.served.app.state.serving.news
        with office_desk(office, news, self.company_id, SHOP, "test", now) as desk:
            yield desk

    def told(self) -> list[str]:
        """Return the kinds of what stands in the company's journals, in order."""
        with self.served.office.company(self.company_id) as connection:
            rows = connection.execute(
                select(journal.c.kind)
                .where(journal.c.company_id == self.company_id)
                .order_by(journal.c.till_id, journal.c.seq)
            )
            return [row.kind for row in rows]

    def level(self, product_id: str = "prod-001") -> Decimal:
        """Return how much the shop has of a product."""
        with self.desk() as desk:
            return desk.level(product_id)


def fill(office: Office, company_id: str) -> None:
    """Put two products, ten of the first in stock, and a customer into a company."""
    with office.company(company_id) as connection:
        desk = OfficeDesk(connection, company_id, SHOP, "test", NOW)
        lamp = replace(product(1, taxes=(VAT,), name="Lamp"), id="prod-001", code="PROD001")
        ribbon = replace(product(2, taxes=(), name="Ribbon"), id="prod-002", code="PROD002")
        desk.tell(product_saved(lamp))
        desk.tell(product_saved(ribbon))
        ten = StockMove("prod-001", DEFAULT_LOCATION, Decimal(10), MoveReason.OPENING)
        desk.move_stock((ten,))
        desk.save_customer(Customer("customer-001", "CUS001", "Rye & Sons", city="Rye"))
        desk.close()


def key_of(
    office: Office, company_id: str, api: Api, rights: frozenset[Right] | None = None
) -> str:
    """Make a key for an API."""
    new = NewKey(api, SHOP, f"{api} key", rights or frozenset({Right.READ, Right.WRITE}))
    with office.company(company_id) as connection:
        return make_key(connection, company_id, new, "test", NOW).secret


@contextmanager
def shop_served(
    office: Office, company_id: str, api: Api, now: datetime = NOW
) -> Iterator[ApiShop]:
    """Serve a company that `fill` filled, with a key for one API."""
    fill(office, company_id)
    with serve(office, UNLIMITED, now=lambda: now) as served, ExitStack() as kept:
        yield opened(served, company_id, api, kept)


def opened(served: Served, company_id: str, api: Api, kept: ExitStack) -> ApiShop:
    """Return a served company with a new key for an API."""
    key = key_of(served.office, company_id, api)
    return ApiShop(served, company_id, key, kept.enter_context(served.client(key)), kept)


def second_company(shop: ApiShop, api: Api) -> ApiShop:
    """Return another company of the same head office, with the same ids."""
    founding = Founding("Otterfield", "other@example.com", PASSWORD, shop=SHOP)
    office = shop.served.office
    founded = found_company(office, founding, datetime(2026, 6, 1, 9, tzinfo=UTC))
    fill(office, founded.company_id)
    return opened(shop.served, founded.company_id, api, shop.kept)

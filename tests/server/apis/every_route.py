"""Every route of the five published APIs, and two companies alike that ask them with keys.

Both companies have the ids of the published samples, and things of their own that carry a mark. The
table is written by hand: a new route without a line in it fails a test.
"""

import copy
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import select

from pos_app.domain.customer import Customer
from pos_app.domain.payloads import product_payload
from pos_app.domain.product import Product
from pos_app.domain.stock import DEFAULT_LOCATION, MoveReason, StockMove
from pos_app.server.api_keys import Api, NewKey, Right, make_key, revoke_key
from pos_app.server.catalogue import save_thing
from pos_app.server.companies import Founding, found_company
from pos_app.server.database import Office
from pos_app.server.office_customers import new_customer
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.office_orders import OrderedItem, decide_order, new_order
from pos_app.server.samples import make_samples
from pos_app.server.tables import SHARED, metadata
from tests.server.apis.api_shops import UNLIMITED
from tests.server.apis.erp_offices import token_of
from tests.server.offices import NOW, PASSWORD, SHOP
from tests.server.serving import Served, serve

OURS, THEIRS = "Heronmark", "Otterfield"
LOGIN = "POST /api/v1/auth/login"
TABLE = """
GET  /companies/{company}/connections/{connection}/data/sales             feed    look
GET  /api/sales/orders                                                    sales   look
POST /api/sales/orders                                                    sales   change
GET  /api/sales/customers                                                 sales   look
POST /api/sales/customers                                                 sales   change
POST /api/sales/invoices                                                  sales   change
GET  /api/sales/invoices/{invoice_id}                                     sales   look
POST /rest/inventory/sale/create                                          retail  change
GET  /rest/inventory/sale/list/{userName}/{authKey}                       retail  look
GET  /rest/inventory/sale/get/{saleId}/{userName}/{authKey}               retail  look
GET  /rest/inventory/sale/search/{fromDate}/{toDate}/{userName}/{authKey} retail  look
GET  /rest/inventory/sale/void/{saleId}/{userName}/{authKey}              retail  change
POST /api/v1/sales/add                                                    xtrakit change
POST /api/v1/auth/login                                                   erp     login
GET  /api/v1/sales/customers                                              erp     look
POST /api/v1/sales/customers                                              erp     change
GET  /api/v1/sales/customers/{id}                                         erp     look
PUT  /api/v1/sales/customers/{id}                                         erp     change
DELETE /api/v1/sales/customers/{id}                                       erp     change
POST /api/v1/sales/customers/{id}/credit-evaluate                         erp     change
GET  /api/v1/sales/quotations                                             erp     look
POST /api/v1/sales/quotations                                             erp     change
GET  /api/v1/sales/quotations/{id}                                        erp     look
PUT  /api/v1/sales/quotations/{id}                                        erp     change
DELETE /api/v1/sales/quotations/{id}                                      erp     change
POST /api/v1/sales/quotations/{id}/approve                                erp     change
POST /api/v1/sales/quotations/{id}/generate-order                         erp     change
GET  /api/v1/sales/orders                                                 erp     look
POST /api/v1/sales/orders                                                 erp     change
GET  /api/v1/sales/orders/{id}                                            erp     look
PUT  /api/v1/sales/orders/{id}                                            erp     change
DELETE /api/v1/sales/orders/{id}                                          erp     change
POST /api/v1/sales/orders/{id}/approve                                    erp     change
POST /api/v1/sales/orders/{id}/cancel                                     erp     change
POST /api/v1/sales/orders/{id}/generate-delivery                          erp     change
GET  /api/v1/sales/deliveries                                             erp     look
POST /api/v1/sales/deliveries                                             erp     change
GET  /api/v1/sales/deliveries/{id}                                        erp     look
PUT  /api/v1/sales/deliveries/{id}                                        erp     change
DELETE /api/v1/sales/deliveries/{id}                                      erp     change
GET  /api/v1/sales/invoices                                               erp     look
POST /api/v1/sales/invoices                                               erp     change
GET  /api/v1/sales/invoices/{id}                                          erp     look
PUT  /api/v1/sales/invoices/{id}                                          erp     change
DELETE /api/v1/sales/invoices/{id}                                        erp     change
POST /api/v1/sales/invoices/{id}/receive                                  erp     change
GET  /api/v1/sales/returns                                                erp     look
POST /api/v1/sales/returns                                                erp     change
GET  /api/v1/sales/returns/{id}                                           erp     look
PUT  /api/v1/sales/returns/{id}                                           erp     change
DELETE /api/v1/sales/returns/{id}                                         erp     change
GET  /api/v1/sales/reports/order-execution                                erp     look
GET  /api/v1/sales/reports/customer-analysis                              erp     look
GET  /api/v1/sales/reports/product-trend                                  erp     look
GET  /api/v1/sales/reports/export                                         erp     look
"""
# What a refusal of each API holds, and nothing else.
ENVELOPES = {
    Api.SALES: {"detail"},
    Api.RETAIL: {"data", "error"},
    Api.XTRAKIT: {"status", "error"},
    Api.FEED: {"status", "error", "message"},
    Api.ERP: {"code", "message", "data"},
}


@dataclass(frozen=True, slots=True)
class Route:
    """A route: `does` is look, change or login."""

    name: str
    method: str
    path: str
    api: Api
    does: str


ROUTES = {
    f"{method} {path}": Route(f"{method} {path}", method, path, Api(api), does)
    for method, path, api, does in map(str.split, TABLE.strip().splitlines())
}
QUERIES = {"startDate": "2020-01-01", "endDate": "2030-01-01", "type": "order_execution"}
# Whose key asks, of the company that asks.
KINDS = ("own", "reader", "writer", "revoked", "other_api", "stranger", "nobody")


@dataclass
class ApiCompany:
    """A company with keys of each kind for each API, and the ids of its own marked things."""

    office: Office
    mark: str
    id: str = ""
    keys: dict[tuple[Api, str], str] = field(default_factory=dict)
    connections: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def secrets(self) -> set[str]:
        """Return every text that nobody of another company may be told."""
        return {self.mark, self.id, *self.ids.values(), *self.keys.values()} - {""}

    def rows(self) -> dict[str, Any]:
        """Return all that head office keeps of the company, but for when keys were used."""
        found = {}
        with self.office.company(self.id) as connection:
            for table in metadata.sorted_tables:
                if table.name not in SHARED:
                    columns = [one for one in table.columns if one.name != "used_at"]
                    whose = select(*columns).where(table.c.company_id == self.id)
                    rows = connection.execute(whose.order_by(*table.primary_key))
                    found[table.name] = rows.all()
        return found


@dataclass
class Pair:
    """The two companies, served to anybody."""

    served: Served
    ours: ApiCompany
    theirs: ApiCompany
    client: httpx2.Client

    def ask(self, route: Route, asking: ApiCompany, kind: str, named: ApiCompany) -> Any:
        """Ask with a key of one company about the things of another, as the sample does."""
        return self.client.send(self.request(route, asking, kind, named))

    def request(
        self,
        route: Route,
        asking: ApiCompany,
        kind: str,
        named: ApiCompany,
        body: Any = None,
        **parts: str,
    ) -> httpx2.Request:
        """Return such a request; a `body` goes in the sample's place, `parts` into its path."""
        secret = _secret(route.api, asking, kind)
        user = "admin"
        known = {
            "company": named.id,
            "connection": named.connections.get(kind, named.connections["own"]),
            "invoice_id": named.ids.get("api_invoice", "x"),
            "userName": user,
            "authKey": secret or "-",
            "saleId": "1",
            "fromDate": "2020-01-01",
            "toDate": "2030-01-01",
            "id": named.ids.get(_noun(route.path), "x"),
            **parts,
        }
        path = re.sub(r"\{(\w+)\}", lambda found: known[found.group(1)], route.path)
        headers = {}
        if route.api is Api.ERP and route.does != "login":
            token = asking.tokens.get(kind, secret)
            headers["Authorization"] = f"Bearer {token}"
        elif route.api in {Api.SALES, Api.XTRAKIT}:
            headers["Authorization"] = f"Bearer {secret}"
        elif route.api is Api.FEED:
            headers["Authorization"] = secret
        if kind == "nobody":
            headers.pop("Authorization", None)
        plain = named_body(sample_body(self.served.app, route), named) if body is None else body
        if route.api is Api.RETAIL and isinstance(plain, dict):
            plain = {**plain, "authKey": secret, "userName": user}
        if route.does == "login" and body is None:
            plain = {"username": user, "password": secret}
        return self.client.build_request(
            route.method,
            path,
            headers=headers,
            params=QUERIES if "/reports/" in path else None,
            json=plain if route.method != "GET" else None,
        )


def sample_body(app: FastAPI, route: Route) -> Any:
    """Return the body that the description gives as an example, or None for a route without."""
    described = app.openapi()
    operation = described["paths"][route.path][route.method.lower()]
    if "requestBody" not in operation:
        return None
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    name = schema.get("$ref", "").rpartition("/")[2]
    examples = described["components"]["schemas"].get(name, schema).get("examples")
    return copy.deepcopy(examples[0]) if examples else {}


def named_body(body: Any, named: ApiCompany) -> Any:
    """Return a body that is about a company's own marked things."""
    ids = named.ids
    by_field = {
        "customerId": ids.get("customers"),
        "customer_id": ids.get("customers"),
        "productId": ids.get("product"),
        "product_id": ids.get("product"),
        "orderId": ids.get("orders"),
        "order_id": ids.get("orders"),
    }
    if isinstance(body, list):
        return [named_body(one, named) for one in body]
    if not isinstance(body, dict):
        return body
    return {
        name: by_field[name]
        if by_field.get(name) and isinstance(value, str) and not value.isdecimal()
        else named_body(value, named)
        for name, value in body.items()
    }


@contextmanager
def pair_served(office: Office, now: datetime = NOW) -> Iterator[Pair]:
    """Make both companies and serve them."""
    with serve(office, UNLIMITED, now=lambda: now) as served, ExitStack() as kept:
        client = kept.enter_context(served.client())
        ours, theirs = (_company(office, mark) for mark in (OURS, THEIRS))
        pair = Pair(served, ours, theirs, client)
        for one in (ours, theirs):
            _keys(served, one)
            _fill(pair, one)
        yield pair


def _secret(api: Api, asking: ApiCompany, kind: str) -> str:
    if kind == "nobody":
        return ""
    if kind == "stranger":
        return "x" * 43
    if kind == "other_api":
        return asking.keys[Api.SALES if api is not Api.SALES else Api.RETAIL, "own"]
    return asking.keys[api, kind]


def _noun(path: str) -> str:
    parts = path.split("/")
    return parts[parts.index("{id}") - 1] if "{id}" in parts else ""


def _company(office: Office, mark: str) -> ApiCompany:
    email = f"owner@{mark.lower()}.example"
    founded = found_company(office, Founding(f"{mark} Shops", email, PASSWORD, shop=SHOP), NOW)
    company = ApiCompany(office, mark, founded.company_id)
    with office.company(company.id) as connection:
        make_samples(connection, company.id, SHOP, NOW)
        product = Product(f"{mark.lower()}-lamp", f"L{mark}", f"{mark} lamp", Decimal(10))
        state = product_payload(product)
        save_thing(connection, company.id, "product", product.id, state, mark, NOW)
    with office.company(company.id) as connection:
        desk = OfficeDesk(connection, company.id, SHOP, f"{mark} desk", NOW)
        hundred = StockMove(product.id, DEFAULT_LOCATION, Decimal(100), MoveReason.OPENING)
        desk.move_stock((hundred,))
        customer = new_customer(desk, Customer(f"{mark.lower()}-buyer", "", f"{mark} Ltd"))
        item = OrderedItem(product.id, Decimal(2), Decimal(10))
        order = new_order(desk, customer.id, [item])
        decide_order(desk, order.head.id, True, "", may_override=False)
        draft = new_order(desk, customer.id, [item])
        desk.close()
    company.ids = {
        "product": product.id,
        "customers": customer.id,
        "orders": draft.head.id,
        "approved": order.head.id,
    }
    return company


def _keys(served: Served, company: ApiCompany) -> None:
    read, write = Right.READ, Right.WRITE
    kinds = {
        "own": frozenset(Right),
        "reader": frozenset({read}),
        "writer": frozenset({write}),
        "revoked": frozenset({read, write}),
    }
    with served.office.company(company.id) as connection:
        made = {
            (api, kind): make_key(
                connection, company.id, NewKey(api, SHOP, f"{company.mark} {kind}", rights), "", NOW
            )
            for api in Api
            for kind, rights in kinds.items()
        }
    company.keys = {place: one.secret for place, one in made.items()}
    company.connections = {kind: made[Api.FEED, kind].key.id for kind in kinds}
    company.tokens = {kind: token_of(served, company.keys[Api.ERP, kind]) for kind in kinds}
    with served.office.company(company.id) as connection:
        for api in Api:
            revoke_key(connection, company.id, made[api, "revoked"].key.id)


def _fill(pair: Pair, company: ApiCompany) -> None:
    """Let the company make one of each of its own, through the APIs."""

    def made(name: str, body: Any = None, **parts: str) -> Any:
        request = pair.request(ROUTES[name], company, "own", company, body, **parts)
        answer = pair.client.send(request)
        assert answer.status_code in {200, 201}, (name, answer.text)
        return answer.json()

    ids = company.ids
    order = {"order_id": ids["approved"]}
    ids["api_invoice"] = made("POST /api/sales/invoices", order)["id"]
    ids["quotations"] = made("POST /api/v1/sales/quotations")["data"]["id"]
    order_id = made("POST /api/v1/sales/orders")["data"]["id"]
    made("POST /api/v1/sales/orders/{id}/approve", {"approved": True, "remarks": ""}, id=order_id)
    line_id = made("GET /api/v1/sales/orders/{id}", id=order_id)["data"]["items"][0]["id"]
    line = {"orderItemId": line_id, "quantity": 3, "deliveredQuantity": 3, "reason": "torn"}
    delivery = {"orderId": order_id, "deliveryDate": "2026-06-01", "items": [line]}
    ids["deliveries"] = made("POST /api/v1/sales/deliveries", delivery)["data"]["id"]
    item = {"productId": ids["product"], "quantity": 2, "unitPrice": 10, "taxRate": 0}
    invoice = {
        "orderId": order_id,
        "customerId": ids["customers"],
        "invoiceDate": "2026-06-02",
        "dueDate": "2026-07-02",
        "items": [item],
    }
    ids["invoices"] = made("POST /api/v1/sales/invoices", invoice)["data"]["id"]
    back = {"orderId": order_id, "customerId": ids["customers"], "returnDate": "2026-06-03"}
    back |= {"reason": "torn", "items": [line | {"quantity": 1}]}
    ids["returns"] = made("POST /api/v1/sales/returns", back)["data"]["id"]
    sale = sample_body(pair.served.app, ROUTES["POST /rest/inventory/sale/create"])
    sale["sale"]["saleNumber"] = sale["sale"]["customerName"] = company.mark
    made("POST /rest/inventory/sale/create", sale)
    added = sample_body(pair.served.app, ROUTES["POST /api/v1/sales/add"])
    added["invoice_number"] = company.mark
    made("POST /api/v1/sales/add", added)

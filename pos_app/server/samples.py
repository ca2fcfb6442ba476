"""A company to try the sales APIs with: the ids that their published samples use exist in it.

Every published request works word for word in such a company while it is fresh. The published
ERP requests use one id for many states, so some go one after the other: `order-001` and
`quotation-001` begin as drafts, which can be changed, deleted, cancelled and approved; approved
they can become an order or be delivered, and delivered they can be invoiced and taken back.
`delivery-001`, `invoice-001` and `return-001` stand on orders of their own, so that each can be
changed and deleted at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from pos_app.domain import payloads
from pos_app.domain.credit import CreditTerms
from pos_app.domain.customer import Customer
from pos_app.domain.money import Money
from pos_app.domain.plain import to_plain
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import PIECE, Category, Product, Unit
from pos_app.domain.shop import ShopSettings
from pos_app.domain.stock import DEFAULT_LOCATION, MoveReason, StockMove
from pos_app.domain.stock_rule import StockSettings
from pos_app.domain.tax import Tax
from pos_app.server import number_kinds as kinds
from pos_app.server.api_keys import Api, NewKey, Right, make_key
from pos_app.server.api_notes import put_note
from pos_app.server.catalogue import save_thing
from pos_app.server.doors import DoorKind, find_door
from pos_app.server.office_customers import new_customer
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.sample_documents import add_documents
from pos_app.server.series import give_number
from pos_app.server.stock_values import put_stock_value
from pos_app.server.thing_kinds import CATEGORY, PRODUCT, SETTINGS, TAX, UNIT

USER, RETAIL_KEY = "admin", "abc123"
APPROVER = "approver"
SHELF, WAREHOUSE = "A-01-03", "warehouse-001"
_BY = "samples"

GST = Tax(rate=Decimal(10), included=False, name="GST", code="GST")
VAT = Tax(rate=Decimal(13), name="增值税", code="VAT13")
ENGINE_PARTS = Category("engine-parts", "Engine Parts")
_SET = Unit("台", "台")
OIL_FILTER = Product(
    "item-1", "1", "Oil Filter", Decimal(10), PIECE, category_id="engine-parts", taxes=(GST,)
)
SPARK_PLUG = Product(
    "item-3", "3", "Spark Plug", Decimal(7), PIECE, category_id="engine-parts", taxes=(GST,)
)
NOTEBOOK = Product("prod-001", "PROD001", "笔记本电脑", Decimal(5000), _SET, taxes=(VAT,))
PLACEHOLDER = Product("string", "string", "string", Decimal(1), PIECE)
_PRODUCTS = (OIL_FILTER, SPARK_PLUG, NOTEBOOK, PLACEHOLDER)
# How many of each stand where.
_STOCK = (
    (OIL_FILTER, SHELF, 60),
    (OIL_FILTER, DEFAULT_LOCATION, 40),
    (SPARK_PLUG, SHELF, 60),
    (SPARK_PLUG, DEFAULT_LOCATION, 140),
    (NOTEBOOK, WAREHOUSE, 500),
    (NOTEBOOK, DEFAULT_LOCATION, 100),
    (PLACEHOLDER, DEFAULT_LOCATION, 1000),
)
_VALUES = ((OIL_FILTER, 1000), (SPARK_PLUG, 1400), (NOTEBOOK, 3_000_000), (PLACEHOLDER, 1000))
CUSTOMER = Customer(
    "customer-001",
    "",
    "北京客户有限公司",
    phone="13900139001",
    email="contact@customer.com",
    tax_number="110105199001011234",
    address="北京市朝阳区",
    note="优质客户",
    contact="李四",
    category="企业客户",
    region="华北",
)
_BUYER = Customer("customer-042", "", "Peter Amos")
_PLACEHOLDER = Customer("string", "", "string")
# Kind, number and id of what the published samples call by a whole number.
_NUMBERS = (
    (kinds.PRODUCT, 1, OIL_FILTER.id),
    (kinds.PRODUCT, 3, SPARK_PLUG.id),
    (kinds.CATEGORY, 1, ENGINE_PARTS.id),
    (kinds.TAX, 1, GST.code),
    (kinds.LOCATION, 1, SHELF),
    (kinds.CUSTOMER, 42, _BUYER.id),
)


@dataclass(frozen=True, slots=True)
class SampleKey:
    """A key of the samples: its secret is shown because nothing real is behind it."""

    id: str
    api: Api
    user_name: str
    secret: str
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Samples:
    """What a company of samples has: its keys, and the ids of things by what they are."""

    keys: tuple[SampleKey, ...]
    ids: Mapping[str, Any]

    def key(self, api: Api, user_name: str = USER) -> str:
        """Return the secret of a key."""
        return next(one.secret for one in self.keys if (one.api, one.user_name) == (api, user_name))

    def keys_as_plain(self) -> list[dict[str, Any]]:
        """Return the keys as a report in JSON has them."""
        return [
            {
                "id": one.id,
                "api": one.api.value,
                "user": one.user_name,
                "key": one.secret,
                "rights": list(one.rights),
            }
            for one in self.keys
        ]

    def in_words(self) -> str:
        """Return the keys line by line."""
        lines = [
            f"Key for {one.api.value} (user {one.user_name}, may {', '.join(one.rights)}): "
            f"{one.secret}\n"
            for one in self.keys
        ]
        return "".join(lines)


def make_samples(connection: Connection, company_id: str, shop: str, now: datetime) -> Samples:
    """Fill a fresh company with what the published samples use, and make a key for each API."""
    desk = OfficeDesk(connection, company_id, shop, USER, now)
    add_samples(desk)
    desk.close()
    keys = sample_keys(connection, company_id, shop, now)
    connection_id = next(key.id for key in keys if key.api is Api.FEED)
    feed = {"company": company_id, "connection": connection_id}
    return Samples(keys, {**sample_ids(), "feed": feed, "shop": shop})


def add_samples(desk: OfficeDesk) -> None:
    """Put products, stock, customers and documents of the published samples into a fresh company.

    The caller closes the desk.
    """
    _add_settings(desk)
    _add_catalogue(desk)
    _add_stock(desk)
    _add_customers(desk)
    for kind, number, thing_id in (*_NUMBERS, (kinds.WAREHOUSE, 1, desk.shop_code)):
        give_number(desk.connection, desk.company_id, kind, number, thing_id)
    _note(desk, "product", NOTEBOOK.id, {"specification": "i7 16GB 512GB"})
    _note(desk, "warehouse", WAREHOUSE, {"name": "北京仓库"})
    add_documents(desk, CUSTOMER.id, NOTEBOOK, "i7 16GB 512GB", WAREHOUSE)


def sample_keys(
    connection: Connection, company_id: str, shop: str, now: datetime
) -> tuple[SampleKey, ...]:
    """Make a key for each API, two for the ERP's: only the approver may go beyond a credit limit.

    The retail key is the published one unless another company of this head office has it.
    """
    usual, all_rights = (Right.READ, Right.WRITE), tuple(Right)
    wanted = (
        (Api.SALES, USER, usual, ""),
        (Api.RETAIL, USER, usual, RETAIL_KEY),
        (Api.XTRAKIT, USER, usual, ""),
        (Api.FEED, USER, (Right.READ,), ""),
        (Api.ERP, USER, usual, ""),
        (Api.ERP, APPROVER, all_rights, ""),
    )
    found = []
    for api, user, rights, secret in wanted:
        is_taken = secret and find_door(connection, DoorKind.API_KEY, secret) is not None
        new = NewKey(api, shop, user, frozenset(rights), user)
        made = make_key(connection, company_id, new, _BY, now, "" if is_taken else secret)
        words = tuple(right.value for right in rights)
        found.append(SampleKey(made.key.id, api, user, made.secret, words))
    return tuple(found)


def sample_ids() -> dict[str, Any]:
    """Return the ids of the samples by API and by what they are."""
    return {
        "sales": {"customer": "string", "product": "string", "order": "string"},
        "retail": {
            "items": {"Oil Filter": 1, "Spark Plug": 3},
            "category": 1,
            "tax": 1,
            "warehouse": 1,
            "stock_location": 1,
        },
        "xtrakit": {"customer": 42},
        "erp": {
            "customer": CUSTOMER.id,
            "product": NOTEBOOK.id,
            "warehouse": WAREHOUSE,
            "quotation": "quotation-001",
            "order": "order-001",
            "order_items": ["item-001", "order-item-001"],
            "delivery": "delivery-001",
            "invoice": "invoice-001",
            "return": "return-001",
        },
    }


def _add_settings(desk: OfficeDesk) -> None:
    settings = ShopSettings(
        policy=PricePolicy(desk.currency),
        stock=StockSettings(locations=(DEFAULT_LOCATION, SHELF, WAREHOUSE)),
    )
    plain = to_plain(settings)
    named = {name: plain[name] for name in ("policy", "stock")}
    _save(desk, SETTINGS, desk.shop_code, named)


def _add_catalogue(desk: OfficeDesk) -> None:
    for unit in (PIECE, _SET):
        _save(desk, UNIT, unit.code, payloads.unit_payload(unit))
    for tax in (GST, VAT):
        _save(desk, TAX, tax.code, payloads.tax_payload(tax))
    category = {"id": ENGINE_PARTS.id, "name": ENGINE_PARTS.name}
    _save(desk, CATEGORY, ENGINE_PARTS.id, category)
    for product in _PRODUCTS:
        _save(desk, PRODUCT, product.id, payloads.product_payload(product))


def _add_stock(desk: OfficeDesk) -> None:
    for product, units in _VALUES:
        value = Money.of(units, desk.currency)
        put_stock_value(desk.connection, desk.company_id, product.id, value)
    desk.move_stock(
        tuple(
            StockMove(product.id, place, Decimal(units), MoveReason.OPENING)
            for product, place, units in _STOCK
        )
    )


def _add_customers(desk: OfficeDesk) -> None:
    terms = CreditTerms(
        CUSTOMER.id,
        credit_limit=Money.of(200_000, desk.currency),
        credit_days=30,
        bank_name="建设银行",
        bank_account="6227001234567890123",
    )
    new_customer(desk, CUSTOMER, terms)
    new_customer(desk, _BUYER)
    new_customer(desk, _PLACEHOLDER)


def _note(desk: OfficeDesk, kind: str, thing_id: str, state: Mapping[str, Any]) -> None:
    put_note(desk.connection, desk.company_id, Api.ERP.value, kind, thing_id, state)


def _save(desk: OfficeDesk, kind: str, thing_id: str, state: Mapping[str, Any]) -> None:
    save_thing(desk.connection, desk.company_id, kind, thing_id, state, _BY, desk.now)

"""The shop of every schedule: what it sells and to whom, at a till and at head office."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from pos_app.domain.customer import Customer
from pos_app.domain.facts import customer_saved, product_saved
from pos_app.domain.payment import TenderMethod
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import KILOGRAM, PIECE, Product
from pos_app.domain.shop import ShopSettings
from pos_app.domain.stock import DEFAULT_LOCATION, MoveReason, StockMove
from pos_app.domain.tax import Tax
from pos_app.domain.tender_settings import TenderSettings
from pos_app.server.office_desk import OfficeDesk
from pos_app.server.series import give_number
from pos_app.services.catalogue import Catalogue
from pos_app.services.customers import Customers
from pos_app.store.store import Store, create_store

MADE = datetime(2026, 6, 1, 7, tzinfo=UTC)
STANDARD, REDUCED = Tax(Decimal(20), name="VAT", code="S"), Tax(Decimal(5), name="VAT", code="R")
WALK_IN = 42  # what Add Sale calls whoever is nobody in particular
BUYER_ID = "customer-042"
SHOP = ShopSettings(
    name="Corner shop",
    country="IE",
    policy=PricePolicy("EUR"),
    number_prefix="P",
    time_zone="UTC",
    tenders=TenderSettings((TenderMethod.BANK_TRANSFER, TenderMethod.ON_ACCOUNT)),
)
# Codes are whole numbers, so that they can be a remote's item ids as they are.
PRODUCTS = tuple(
    Product(
        f"01900000-0000-7000-8000-{number:012d}",
        str(number),
        name,
        Decimal(price),
        unit,
        taxes=(tax,),
    )
    for number, (name, price, unit, tax) in enumerate(
        (
            ("Whole milk", "1.19", PIECE, REDUCED),
            ("Ground coffee", "8.99", PIECE, STANDARD),
            ("Light bulb", "2.4950", PIECE, STANDARD),
            ("Tomatoes", "3.99", KILOGRAM, REDUCED),
        ),
        1,
    )
)
CUSTOMERS = (
    Customer("01900000-0000-7000-a000-000000000001", "C1", "Quayside Hotel", phone="555 1"),
    Customer("01900000-0000-7000-a000-000000000002", "C2", "Quarry Works", email="q@example.com"),
)
PLENTY = Decimal(1_000_000)


def make_till(path: Path, till: str) -> None:
    """Make a till's store in which everything of the shop stands."""
    store = create_store(path, SHOP, till=till, now=MADE)
    fill_store(store)
    store.close()


def fill_store(store: Store) -> None:
    """Write down what the shop sells, and to whom."""

    def now() -> datetime:
        return MADE

    catalogue, customers = Catalogue(store, now), Customers(store, now)
    for unit in (PIECE, KILOGRAM):
        catalogue.save_unit(unit)
    for tax in (STANDARD, REDUCED):
        catalogue.save_tax(tax)
    for product in PRODUCTS:
        catalogue.save_product(product)
        catalogue.correct_stock(product.id, SHOP.location, MoveReason.RECEIPT, PLENTY)
    for customer in CUSTOMERS:
        customers.save(customer)


def fill_office(desk: OfficeDesk) -> None:
    """Put the same goods into a company of head office, and the customer whom Add Sale knows."""
    for product in PRODUCTS:
        desk.tell(product_saved(product))
        give_number(desk.connection, desk.company_id, "product", int(product.code), product.id)
    desk.move_stock(
        tuple(
            StockMove(product.id, DEFAULT_LOCATION, PLENTY, MoveReason.OPENING)
            for product in PRODUCTS
        )
    )
    buyer = Customer(BUYER_ID, "CUS042", "Peter Amos")
    desk.tell(customer_saved(buyer))
    give_number(desk.connection, desk.company_id, "customer", WALK_IN, buyer.id)

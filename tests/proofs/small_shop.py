"""A grocer with six products and two customers, small enough to be checked after each crash."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from pos_app.domain.customer import Customer
from pos_app.domain.document import line_of
from pos_app.domain.order import OrderLine
from pos_app.domain.payment import CashRounding, TenderMethod
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import KILOGRAM, PIECE, Product
from pos_app.domain.shop import PrinterKind, PrinterSettings, ShopSettings
from pos_app.domain.staff import CASHIER, OWNER
from pos_app.domain.stored_value import ValueKind
from pos_app.domain.tax import Tax
from pos_app.domain.tender_settings import TenderSettings
from pos_app.domain.value_numbers import number_of
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout
from pos_app.services.customers import Customers
from pos_app.services.orders import Orders
from pos_app.services.staff import Staff
from pos_app.store.store import Store, create_store

PREFIX = "P"
TILL = "1"
STANDARD, REDUCED = Tax(Decimal(20), name="VAT", code="S"), Tax(Decimal(5), name="VAT", code="R")
WEIGHED = "20001"
CODES = ("5000000000012", "5000000000029", "5000000000036", "5000000000043", WEIGHED, "A006")
CARD = "99001"
BADGE_OF_OWNER, BADGE_OF_CASHIER = "B0000000000001", "B0000000000002"
GIFT_CARDS = tuple(
    number for serial in range(1, 6) if (number := number_of(ValueKind.GIFT_CARD, serial))
)
SHOP = ShopSettings(
    name="Corner shop",
    country="IE",
    policy=PricePolicy("EUR"),
    cash_rounding=CashRounding(Decimal("0.05")),
    number_prefix=PREFIX,
    printers=(PrinterSettings("Counter", PrinterKind.NETWORK, "counter.invalid"),),
    time_zone="UTC",
    tenders=TenderSettings(
        (TenderMethod.BANK_TRANSFER, TenderMethod.ON_ACCOUNT, TenderMethod.GIFT_CARD)
    ),
)
CUSTOMERS = (
    Customer("01900000-0000-7000-a000-000000000001", "C1", "Quayside Hotel", card_code=CARD),
    Customer("01900000-0000-7000-a000-000000000002", "C2", "Quarry Works"),
)


def product(number: int, name: str, price: str, tax: Tax) -> Product:
    code = CODES[number - 1]
    return Product(
        id=f"01900000-0000-7000-8000-{number:012d}",
        code=f"A{number:03d}",
        name=name,
        price=Decimal(price),
        taxes=(tax,),
        barcodes=() if code.startswith("A") else (code,),
        unit=KILOGRAM if code == WEIGHED else PIECE,
    )


PRODUCTS = (
    product(1, "Whole milk", "1.19", REDUCED),
    product(2, "Rye bread", "4.80", REDUCED),
    product(3, "Ground coffee", "8.99", STANDARD),
    product(4, "Light bulb", "2.4950", STANDARD),
    product(5, "Tomatoes", "3.99", REDUCED),
    product(6, "Gift wrap", "0.50", STANDARD),
)


def now() -> datetime:
    return datetime.now(UTC)


def open_shop(path: Path) -> Store:
    """Make the shop's store at `path`, filled through the services and ready to sell."""
    store = create_store(path, SHOP, till=TILL, now=now())
    catalogue, customers = Catalogue(store, now), Customers(store, now)
    for unit in (PIECE, KILOGRAM):
        catalogue.save_unit(unit)
    for tax in (STANDARD, REDUCED):
        catalogue.save_tax(tax)
    for one in PRODUCTS:
        catalogue.save_product(one)
    for customer in CUSTOMERS:
        customers.save(customer)
    staff = Staff(store, now)
    for name, role, badge, pin in (
        ("Owner", OWNER, BADGE_OF_OWNER, ("2580", "2580")),
        ("Cashier", CASHIER, BADGE_OF_CASHIER, None),
    ):
        member = staff.save(replace(staff.new_member(), name=name, role=role), pin)
        staff.set_badge(member.id, badge)
    _take_orders(store)
    return store


def _take_orders(store: Store) -> None:
    """Have two orders waiting, so that there is something to deliver and to invoice at once."""
    orders = Orders(Checkout(store, now))
    for customer in CUSTOMERS:
        lines = tuple(OrderLine(line_of(one, one.code, Decimal(9))) for one in PRODUCTS[:3])
        order = orders.create(replace(orders.draft(customer), lines=lines))
        orders.decide(order, True)

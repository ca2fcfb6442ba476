"""A demo shop made by code: a believable grocer with products, customers and a month of sales."""

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from pos_app.assets import resource
from pos_app.domain import cart as carts
from pos_app.domain import facts
from pos_app.domain.barcode import with_check_digit
from pos_app.domain.customer import Customer
from pos_app.domain.discount import DiscountKind, DocumentDiscount, LineDiscount
from pos_app.domain.ids import uuid7
from pos_app.domain.money import Money
from pos_app.domain.payment import CashRounding, TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import KILOGRAM, PIECE, Category, Product, ProductKind
from pos_app.domain.shop import ReceiptSettings, ShopSettings
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.tax import Tax
from pos_app.services.catalogue import category_saved, tax_saved, unit_saved
from pos_app.services.checkout import Checkout
from pos_app.services.demo_documents import (
    DemoOffice,
    business_customer,
    demo_document_settings,
)
from pos_app.store.store import Store, create_store

SEED = 20260401
DAYS = 30
STAFF = "demo"
DEMO_SHOP = "demo"  # the shop's code: what tells a demo from a shop
ZONE = ZoneInfo("Europe/Dublin")
# Irish value-added tax: standard, reduced and zero rate (revenue.ie, VAT rates database).
TAXES = {
    "23": Tax(rate=Decimal(23), name="VAT", code="S"),
    "13.5": Tax(rate=Decimal("13.5"), name="VAT", code="R"),
    "0": Tax(rate=Decimal(0), name="VAT", code="Z"),
}
SERVICES = {"Flowers bunch", "Paper bag"}
TILES_PER_CATEGORY = 40
# Quarter hours from opening to closing, by how busy a grocer is then.
BUSY = (1, 2, 4, 6, 5, 4, 4, 5, 8, 9, 7, 5, 5, 6, 8, 10, 9, 6, 3, 2)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DemoRow:
    """One product of the demo file with its category."""

    category: str
    tax: str
    name: str
    price: Decimal
    cost: Decimal
    is_weighed: bool


def demo_settings() -> ShopSettings:
    """How the demo shop is set up: Ireland, euro, tax included, cash to five cents."""
    return ShopSettings(
        name="Harbour Grocer",
        address=("12 Quay Street", "Galway"),
        phone="+353 91 555 0142",
        tax_number="IE 9999999 W",
        country="IE",
        policy=PricePolicy("EUR", prices_include_tax=True),
        cash_rounding=CashRounding(Decimal("0.05")),
        receipt=ReceiptSettings(
            header=("Fresh every morning",),
            footer=("Thank you, see you soon", "Goods can come back within 14 days"),
            logo_path=str(resource("demo/logo.png")),
        ),
        embedded_patterns=("20IIIIIWWWWWC", "21IIIIIPPPPPC:2"),
        time_zone="Europe/Dublin",
        documents=demo_document_settings(),
    )


def create_demo_shop(
    path: Path,
    now: datetime,
    *,
    days: int = DAYS,
    on_progress: Progress | None = None,
) -> Store:
    """Make the demo shop at `path` with sales on the `days` before `now` (UTC).

    The same seed gives the same shop; only the dates follow `now`.
    """
    chance = random.Random(SEED)  # noqa: S311 - a demo needs the same shop each time, no secret
    store = create_store(path, demo_settings(), till="1", shop_code=DEMO_SHOP, now=now)
    opening = now - timedelta(days=days + 1)
    clock = _Clock(opening)
    products = _fill_catalogue(store, chance, clock)
    customers = _fill_customers(store, chance, clock)
    habits = _Habits(chance, products, [chance.paretovariate(1.3) for _ in products], customers)
    today = now.astimezone(ZONE).date()
    office = DemoOffice(store, Checkout(store, clock, STAFF), customers, products, days)
    for done in range(days + 1):
        clock.at = max(clock.at, _office_hour(today - timedelta(days - done), now))
        office.work(days - done)
        _sell_day(store, habits, clock, _moments(chance, today - timedelta(days - done), now))
        if on_progress is not None:
            on_progress(done + 1, days + 1)
    return store


@dataclass(frozen=True, slots=True)
class _Habits:
    """Who buys what: each product with how often it is picked."""

    chance: random.Random
    products: list[Product]
    weights: list[float]
    customers: list[Customer]


class _Clock:
    """A clock that the history sets, so that documents carry the time they belong to."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def demo_rows() -> Iterator[tuple[Category, list[DemoRow]]]:
    """Read the demo catalogue: each category with its products."""
    category: Category | None = None
    tax = ""
    rows: list[DemoRow] = []
    for raw in resource("demo/grocer.txt").read_text("utf-8").splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.strip("[]").split("|")]
        if line.startswith("["):
            if category is not None:
                yield category, rows
            position = 0 if category is None else category.position + 1
            category = Category(_demo_id(f"category {cells[0]}"), cells[0], cells[1], position)
            tax, rows = cells[2], []
        elif category is not None:
            rows.append(_demo_row(category.name, tax, cells))
    if category is not None:
        yield category, rows


def _demo_row(category: str, tax: str, cells: list[str]) -> DemoRow:
    price, _, unit = cells[1].partition("/")
    return DemoRow(category, tax, cells[0], Decimal(price), Decimal(cells[2]), unit == "kg")


def _demo_id(name: str) -> str:
    """An id that is the same in every demo shop."""
    digest = hashlib.sha256(f"{SEED} {name}".encode()).digest()
    return uuid7(1_775_000_000_000, int.from_bytes(digest[:10]) >> 6)


def _fill_catalogue(store: Store, chance: random.Random, clock: _Clock) -> list[Product]:
    products: list[Product] = []
    with store.transaction() as tx:
        for unit in (PIECE, KILOGRAM):
            tx.products.save_unit(unit)
            tx.journal.append(unit_saved(unit), clock(), STAFF)
        for tax in TAXES.values():
            tx.products.save_tax(tax)
            tx.journal.append(tax_saved(tax), clock(), STAFF)
        for category, rows in demo_rows():
            tx.products.save_category(category)
            tx.journal.append(category_saved(category), clock(), STAFF)
            for position, row in enumerate(rows):
                product = _product(row, category.id, len(products) + 1, position)
                tx.products.save(product)
                tx.journal.append(facts.product_saved(product), clock(), STAFF)
                products.append(product)
    opening = tuple(
        StockMove(product.id, "shop", _opening_stock(product, chance), MoveReason.OPENING)
        for product in products
        if product.is_stocked
    )
    with store.transaction() as tx:
        Checkout(store, clock, STAFF).move_stock_in(tx, opening)
    return products


def _product(row: DemoRow, category_id: str, index: int, position: int) -> Product:
    # 539 is the prefix of GS1 Ireland; 21 starts the shop's own scale labels.
    ean = with_check_digit(f"539{1100000 + index * 37:09d}")
    barcodes = (ean, f"{index:05d}") if row.is_weighed else (ean,)
    return Product(
        id=_demo_id(f"product {row.name}"),
        code=f"{1000 + index}",
        name=row.name,
        price=row.price,
        unit=KILOGRAM if row.is_weighed else PIECE,
        kind=ProductKind.SERVICE if row.name in SERVICES else ProductKind.GOODS,
        category_id=category_id,
        taxes=(TAXES[row.tax],),
        barcodes=barcodes,
        cost=row.cost,
        tile_position=position + 1 if position < TILES_PER_CATEGORY else None,
    )


def _opening_stock(product: Product, chance: random.Random) -> Decimal:
    if product.unit is KILOGRAM:
        return Decimal(chance.randint(60_000, 260_000)).scaleb(-3)
    return Decimal(chance.randint(90, 420))


NAMES = (
    "Aoife Byrne|Conor Walsh|Siobhán Kelly|Declan Murphy|Niamh O'Brien|Eoin Gallagher|Orla Doyle|"
    "Cian Ryan|Gráinne Nolan|Pádraig Burke|Maeve Quinn|Fergal Lynch|Róisín Daly|Tadhg Moran|"
    "Harbour Café Ltd|Quayside Guesthouse|St Brendan's School|Claddagh Rowing Club|"
    "Jürgen Weiß|Zoë Lefèvre|محمد العلي|王小明"
)


def _fill_customers(store: Store, chance: random.Random, clock: _Clock) -> list[Customer]:
    customers = []
    with store.transaction() as tx:
        for index, name in enumerate(NAMES.split("|"), 1):
            customer = Customer(
                id=_demo_id(f"customer {name}"),
                number=f"{1000 + index}",
                name=name,
                phone=f"+353 91 555 {chance.randint(1000, 9999)}",
                city="Galway",
                country="IE",
                card_code=with_check_digit(f"290{index:09d}"),
            )
            customer = business_customer(customer)
            tx.customers.save(customer)
            tx.journal.append(facts.customer_saved(customer), clock(), STAFF)
            customers.append(customer)
    return customers


def _sell_day(store: Store, habits: _Habits, clock: _Clock, moments: list[datetime]) -> None:
    checkout = Checkout(store, clock, STAFF)
    with store.transaction() as tx:
        for moment in moments:
            clock.at = moment
            cart = _basket(checkout, habits)
            checkout.complete_in(tx, cart, _tenders(habits.chance, cart))


def _office_hour(day: date, now: datetime) -> datetime:
    """When the office writes its documents on a day: before the shop opens."""
    return min(datetime.combine(day, time(7, 30), ZONE).astimezone(UTC), now)


def _moments(chance: random.Random, day: date, now: datetime) -> list[datetime]:
    """When customers paid on `day`: more at noon and after work, more at the weekend."""
    count = chance.randint(34, 46) + (14 if day.weekday() >= 4 else 0)
    opening = datetime.combine(day, time(8), ZONE)
    slots = chance.choices(range(len(BUSY)), BUSY, k=count)
    moments = [
        opening + timedelta(minutes=36 * slot, seconds=chance.randint(0, 36 * 60 - 1))
        for slot in slots
    ]
    return sorted(moment.astimezone(UTC) for moment in moments if moment < now)


def _basket(checkout: Checkout, habits: _Habits) -> carts.Cart:
    chance = habits.chance
    cart = checkout.new_cart()
    size = min(1 + int(chance.expovariate(0.22)), 24)
    for product in chance.choices(habits.products, habits.weights, k=size):
        cart = carts.add_product(cart, product, _quantity(chance, product))
    if chance.random() < 0.06:
        line = chance.choice(cart.lines)
        off = LineDiscount(percent=Decimal(chance.choice((10, 20, 30))), reason="Short date")
        cart = carts.discount_line(cart, line.id, off)
    if chance.random() < 0.02:
        staff = DocumentDiscount(DiscountKind.PERCENT, Decimal(10), reason="Staff")
        cart = carts.discount_cart(cart, staff)
    if chance.random() < 0.12:
        cart = carts.choose_customer(cart, chance.choice(habits.customers))
    return cart


def _quantity(chance: random.Random, product: Product) -> Decimal:
    if product.unit is KILOGRAM:
        return Decimal(chance.randint(120, 1800)).scaleb(-3)
    return Decimal(chance.choices((1, 2, 3, 4, 6), (70, 18, 6, 4, 2))[0])


def _tenders(chance: random.Random, cart: carts.Cart) -> list[TenderRequest]:
    due = carts.total_due(cart)
    if due.minor == 0:
        return []
    pick = chance.random()
    if pick < 0.62:
        return [TenderRequest(TenderMethod.CARD)]
    if pick > 0.97 and cart.customer is not None:
        return [TenderRequest(TenderMethod.ON_ACCOUNT)]
    note = next(size for size in (5, 10, 20, 50, 100, 200, 10_000) if size * 100 >= due.minor + 2)
    return [TenderRequest(TenderMethod.CASH, tendered=Money(note * 100, due.currency))]

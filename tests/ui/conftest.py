"""A small grocer in a real store, and the checkout of its till with the paper held back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from pos_app.domain.customer import Customer
from pos_app.domain.payment import CashRounding
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import KILOGRAM, Category, Product
from pos_app.domain.sale import Sale
from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.domain.tax import Tax
from pos_app.services.checkout import Checkout
from pos_app.store.store import Store, create_store
from pos_app.ui.presenters.checkout import CheckoutPresenter
from pos_app.ui.presenters.checkout_state import CheckoutState

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MILK, BREAD, TOMATOES, COFFEE = "4006381333931", "5000000000012", "20001", "5000000000036"
VAT = Tax(Decimal(20), name="VAT", code="S")


def product(number: int, code: str, name: str, price: str, **more: object) -> Product:
    return Product(
        id=f"01900000-0000-7000-8000-{number:012d}",
        code=f"A{number:03d}",
        name=name,
        price=Decimal(price),
        taxes=(VAT,),
        barcodes=(code,),
        **more,  # type: ignore[arg-type]
    )


DAIRY = Category("01900000-0000-7000-9000-000000000001", "Dairy", "#3B6FB6", 1)
BAKERY = Category("01900000-0000-7000-9000-000000000002", "Bakery", "#B3541E", 2)
PRODUCTS = (
    product(1, MILK, "Whole milk", "1.19", category_id=DAIRY.id, tile_position=1),
    product(2, BREAD, "Rye bread", "4.80", category_id=BAKERY.id, tile_position=2),
    product(3, TOMATOES, "Tomatoes", "3.99", unit=KILOGRAM, tile_position=3),
    product(4, COFFEE, "Ground coffee", "8.99", tile_position=4),
)
CUSTOMERS = (
    Customer("01900000-0000-7000-a000-000000000001", "C1", "Muller & Sons", card_code="99001"),
    Customer("01900000-0000-7000-a000-000000000002", "C2", "Quayside Hotel", city="Galway"),
    Customer("01900000-0000-7000-a000-000000000003", "C3", "Quarry Works"),
)
SHOP = ShopSettings(
    name="Corner shop",
    country="IE",
    policy=PricePolicy("EUR"),
    cash_rounding=CashRounding(Decimal("0.05")),
    printers=(PrinterSettings("Counter"), PrinterSettings("Kitchen")),
    time_zone="UTC",
)


@dataclass
class PaperTray:
    """Stands in for the receipts service: remembers what was handed over."""

    printed: list[tuple[Sale, bool]] = field(default_factory=list)
    did: list[str] = field(default_factory=list)
    breaks: Exception | None = None

    def print_sale(self, sale: Sale, kick: bool) -> None:
        if self.breaks is not None:
            raise self.breaks
        self.printed.append((sale, kick))

    def reprint(self, sale: Sale) -> None:
        self.did.append(f"reprint {sale.number}")

    def kick_drawer(self) -> None:
        self.did.append("kick")

    def retry(self, job_id: object) -> None:
        self.did.append(f"retry {job_id}")

    def skip(self, job_id: object) -> None:
        self.did.append(f"skip {job_id}")

    def send_to(self, job_id: object, printer_name: str) -> None:
        self.did.append(f"send {job_id} to {printer_name}")


@dataclass
class Till:
    """The presenter, what it stands on, and every state it gave."""

    store: Store
    checkout: Checkout
    receipts: PaperTray
    presenter: CheckoutPresenter
    states: list[CheckoutState]

    @property
    def state(self) -> CheckoutState:
        return self.states[-1]

    def scan(self, *codes: str) -> None:
        for code in codes:
            self.presenter.entry.scan(code)

    def keys(self, text: str) -> None:
        """Type as on the entry line, sign after sign."""
        for sign in text:
            self.presenter.entry.key_in(sign)

    def press(self, *names: str) -> None:
        for name in names:
            self.presenter.press(name)

    @property
    def told(self) -> str:
        return " | ".join(notice.text for notice in self.state.notices)


def fill(store: Store) -> None:
    with store.transaction() as tx:
        for category in (DAIRY, BAKERY):
            tx.products.save_category(category)
        tx.products.save_unit(KILOGRAM)
        tx.products.save_tax(VAT)
        tx.products.save_many(PRODUCTS)
        for customer in CUSTOMERS:
            tx.customers.save(customer)


@pytest.fixture
def shop() -> ShopSettings:
    return SHOP


@pytest.fixture
def store(tmp_path: Path, shop: ShopSettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "shop.sqlite", shop, now=NOW) as made:
        fill(made)
        yield made


def clock() -> Callable[[], datetime]:
    """A clock on which every look is a second later."""
    seconds = count()
    return lambda: NOW + timedelta(seconds=next(seconds))


@pytest.fixture
def till(store: Store, shop: ShopSettings) -> Till:
    checkout = Checkout(store, clock())
    receipts = PaperTray()
    states: list[CheckoutState] = []
    presenter = CheckoutPresenter(checkout, receipts, shop, states.append)
    presenter.start()
    return Till(store, checkout, receipts, presenter, states)

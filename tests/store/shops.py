"""Small shops on real files for the tests of the store."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from pos_app.domain.cart import Cart, SaleKind, append_line
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.product import Category, Product
from pos_app.domain.return_ import return_line
from pos_app.domain.sale import Sale
from pos_app.domain.shop import ShopSettings
from pos_app.domain.stock import MoveReason, StockMove
from pos_app.domain.tax import Tax
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout
from pos_app.store.store import Store, create_store
from pos_app.store.transaction import Transaction

START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
VAT = Tax(rate=Decimal(20), code="A", name="VAT")
DEPOSIT = Tax(fixed_per_unit=Decimal("0.25"), code="D", name="Deposit")
CASH = [TenderRequest(TenderMethod.CASH)]
NAMES = ("Äpfel", "Brot", "Café crème", "Dattel", "Erdnüsse")


class PowerGone(Exception):
    """Something that goes wrong in the middle of a transaction."""


@contextmanager
def fails(store: Store) -> Iterator[Transaction]:
    """A transaction in which something goes wrong at the end."""
    with pytest.raises(PowerGone), store.transaction() as tx:  # noqa: PT012 - its body comes in
        yield tx
        raise PowerGone


class Clock:
    """A clock that goes on by a second and a bit each time somebody looks."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1, microseconds=1234)
        return self.moment


def product_id(number: int) -> str:
    return f"01900000-0000-7000-8000-{number:012d}"


def product(number: int, **changes: Any) -> Product:
    fields: dict[str, Any] = {
        "id": product_id(number),
        "code": f"P{number}",
        "name": NAMES[(number - 1) % len(NAMES)],
        "price": Decimal(number) + Decimal("0.49"),
        "taxes": (VAT,) if number % 2 else (VAT, DEPOSIT),
        "barcodes": (f"400000000{number:04d}",),
        "category_id": "c",
    }
    return Product(**{**fields, **changes})


def new_store(path: Path, products: int = 5) -> Store:
    store = create_store(path, ShopSettings(name="Corner"), now=START)
    with store.transaction() as tx:
        tx.products.save_category(Category("c", "All"))
        for number in range(1, products + 1):
            tx.products.save(product(number))
    return store


def new_shop(path: Path) -> Store:
    """A store whose catalogue was made as a shop makes it, with a fact for each change (2 to 7)."""
    store = create_store(path, ShopSettings(name="Corner"), now=START)
    catalogue = Catalogue(store, lambda: START)
    catalogue.save_category(Category("c", "All"))
    for number in range(1, 6):
        catalogue.save_product(product(number))
    return store


class Counter:
    """A checkout with its clock over a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = Clock()
        last = store.journal.head()
        if last is not None:
            self.clock.moment = datetime.fromisoformat(last.at)
        self.checkout = Checkout(store, self.clock)

    def cart(self, *numbers: int) -> Cart:
        cart = self.checkout.new_cart()
        for number in numbers:
            cart = self.checkout.add(cart, product_id(number))
        return cart

    def sell(self, *numbers: int) -> Sale:
        return self.checkout.complete(self.cart(*(numbers or (1, 2, 3, 4, 5))), CASH)

    def give_back(self, sale: Sale, line_no: int, quantity: str = "1") -> Sale:
        cart = self.checkout.new_cart(SaleKind.RETURN)
        already = self.store.sales.returned(sale.id, line_no)
        line = return_line(sale, line_no, Decimal(quantity), already, "did not fit")
        return self.checkout.complete(append_line(cart, line), CASH)

    def deliver(self, number: int, quantity: str) -> None:
        move = StockMove(product_id(number), "shop", Decimal(quantity), MoveReason.RECEIPT)
        with self.store.transaction() as tx:
            self.checkout.move_stock_in(tx, (move,))


def behind_our_back(path: Path, *statements: str | tuple[str, Sequence[Any]]) -> None:
    """Change a closed store as somebody with a database tool would, past its triggers."""
    database = pysqlite3.connect(path, isolation_level=None)
    triggers = database.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall()
    for name, _ in triggers:
        database.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        sql, values = (statement, ()) if isinstance(statement, str) else statement
        database.execute(sql, values)
    for _, sql in triggers:
        database.execute(sql)
    database.close()

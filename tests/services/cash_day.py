"""A shop with a drawer for the tests of shifts: a clock that can be set, sales of every kind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pos_app.domain.cart import Cart, SaleKind, append_line
from pos_app.domain.cash_count import CashCount, put_loose
from pos_app.domain.cash_settings import AcceptedCurrency, CashSettings
from pos_app.domain.money import Money
from pos_app.domain.payment import (
    CashRounding,
    ForeignCash,
    TenderMethod,
    TenderRequest,
)
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import Product, ProductKind
from pos_app.domain.refund import refund_rounding
from pos_app.domain.return_ import return_line
from pos_app.domain.sale import Sale
from pos_app.domain.shift import Shift
from pos_app.domain.shop import ShopSettings
from pos_app.domain.tax import Tax
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout
from pos_app.services.drawer_guard import DrawerGuard
from pos_app.services.shifts import Shifts
from pos_app.store.store import Store, create_store, open_store

START = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
FULL, REDUCED = Tax(Decimal(20), name="VAT", code="A"), Tax(Decimal(7), name="VAT", code="B")
SHOP = ShopSettings(
    name="Corner",
    policy=PricePolicy("EUR"),
    cash_rounding=CashRounding(Decimal("0.05")),
    time_zone="UTC",
    printers=(),
    cash=CashSettings(
        float_target=Decimal(100), accepted=(AcceptedCurrency("USD", Decimal("0.92")),)
    ),
)


def product(number: int, price: str, tax: Tax | None, kind: ProductKind) -> Product:
    return Product(
        id=f"01900000-0000-7000-8000-{number:012d}",
        code=f"C{number}",
        name=f"Thing {number}",
        price=Decimal(price),
        taxes=() if tax is None else (tax,),
        kind=kind,
    )


GOODS = (
    product(1, "4.99", FULL, ProductKind.GOODS),
    product(2, "12.03", REDUCED, ProductKind.GOODS),
    product(3, "0.37", FULL, ProductKind.GOODS),
)
GIFT_CARD = product(4, "25", None, ProductKind.GIFT_CARD)
TIP = product(5, "2", None, ProductKind.TIP)
DEPOSIT = product(6, "50", None, ProductKind.DEPOSIT)
PRODUCTS = (*GOODS, GIFT_CARD, TIP, DEPOSIT)
CASH, CARD = TenderMethod.CASH, TenderMethod.CARD


def eur(amount: str | int) -> Money:
    return Money.of(Decimal(amount), "EUR")


def euros(amount: str | int) -> CashCount:
    return put_loose(CashCount("EUR"), Decimal(amount))


def counted(*amounts: Money) -> tuple[CashCount, ...]:
    """Counts of exactly these amounts."""
    return tuple(put_loose(CashCount(one.currency), one.amount) for one in amounts)


class CashDay:
    """A till with its checkout and shifts, and a clock that goes on a second at each look."""

    def __init__(self, path: Path, shop: ShopSettings = SHOP) -> None:
        self.path = path
        self.moment = START
        self.shop = shop
        if not path.exists():
            with create_store(path, shop, now=START) as store:
                catalogue = Catalogue(store, self.now)
                for tax in (FULL, REDUCED):
                    catalogue.save_tax(tax)
                for one in PRODUCTS:
                    catalogue.save_product(one)
        self.start()

    def start(self) -> None:
        self.store: Store = open_store(self.path)
        self.checkout = Checkout(self.store, self.now)
        self.checkout.guard = DrawerGuard(self.store.identity.till)
        self.shifts = Shifts(self.store, self.now)

    def restart(self) -> None:
        self.store.close()
        self.start()

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment

    def cart(self, *products: Product) -> Cart:
        cart = self.checkout.new_cart()
        for one in products or GOODS[:1]:
            cart = self.checkout.add(cart, one.id)
        return cart

    def sell(
        self,
        *products: Product,
        method: TenderMethod = CASH,
        tendered: str | int | None = None,
        kind: SaleKind = SaleKind.SALE,
    ) -> Sale:
        cart = self.cart(*products)
        handed = None if tendered is None else eur(tendered)
        return self.checkout.complete(cart, [TenderRequest(method, tendered=handed)])

    def sell_for_dollars(self, dollars: int, *products: Product) -> Sale:
        rate = self.shop.cash.accepted[0].rate
        notes = ForeignCash(Money.of(dollars, "USD"), rate)
        worth = eur((Decimal(dollars) * rate).quantize(Decimal("0.01")))
        request = TenderRequest(CASH, tendered=worth, foreign=notes)
        return self.checkout.complete(self.cart(*products), [request])

    def give_back(self, sale: Sale, line_no: int = 1, method: TenderMethod = CASH) -> Sale:
        cart = self.checkout.new_cart(SaleKind.RETURN)
        earlier = self.store.sales.returns_of(sale.id)
        cart = replace(cart, cash_rounding=refund_rounding(cart.cash_rounding, earlier))
        already = self.store.sales.returned(sale.id, line_no)
        line = return_line(sale, line_no, Decimal(1), already, "did not fit")
        return self.checkout.complete(append_line(cart, line), [TenderRequest(method)])

    def close_as_counted(self, target: str | None = None, **words: str) -> Shift:
        """Count just what should be there and close."""
        expected = [one.expected for one in self.shifts.figures().drawers]
        shift = self.shifts.confirm_count(counted(*expected))
        return self.shifts.close(shift.id, None if target is None else eur(target), **words)

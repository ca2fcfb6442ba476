"""Days at a counter as chance has it: every kind of document and of trouble, through the checkout.

A doing is three numbers: what is done, and two by which its details are chosen.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pos_app.domain import cart as carts
from pos_app.domain.cart import Cart
from pos_app.domain.cash_settings import AcceptedCurrency, CashSettings
from pos_app.domain.customer import Customer
from pos_app.domain.discount import DiscountKind, DocumentDiscount, LineDiscount
from pos_app.domain.errors import PosError
from pos_app.domain.foreign_cash import foreign_request
from pos_app.domain.held_lines import add_deposit, add_tip
from pos_app.domain.money import Money
from pos_app.domain.payment import CashRounding, TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import KILOGRAM, PIECE, Category, Product
from pos_app.domain.sale import Sale
from pos_app.domain.shop import ShopSettings
from pos_app.domain.tax import Tax
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout
from pos_app.services.customers import Customers
from pos_app.services.returning import Returning
from pos_app.store.store import Store, create_store

ZONE = "Europe/Berlin"
START = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)  # the clocks go on in the fourth week
TAXES = (
    (Tax(Decimal(19), code="A", name="VAT"),),
    (Tax(Decimal(7), code="B", name="VAT"),),
    (Tax(Decimal(19), code="A", name="VAT"), Tax(fixed_per_unit=Decimal("0.25"), code="D")),
    (),
)
PRICES = ("1.99", "12.005", "0.37", "249.90", "4.5", "3.333")
COSTS = ("1.235", None, "0.1999", "180", "2.205", None)
SHOP = ShopSettings(
    name="Corner",
    policy=PricePolicy("EUR"),
    cash_rounding=CashRounding(Decimal("0.05")),
    time_zone=ZONE,
    cash=CashSettings(accepted=(AcceptedCurrency("USD", Decimal("0.92")),)),
)
CUSTOMER = Customer("01900000-0000-7000-a000-000000000001", "C1", "Quayside Hotel")
CASH = (TenderRequest(TenderMethod.CASH),)


def product_of(number: int) -> Product:
    cost = COSTS[number]
    return Product(
        id=f"01900000-0000-7000-8000-{number:012d}",
        code=f"A{number:03d}",
        name=f"Thing {number}",
        price=Decimal(PRICES[number]),
        taxes=TAXES[number % len(TAXES)],
        unit=KILOGRAM if number == 4 else PIECE,
        category_id=("bread", "milk", None)[number % 3],
        cost=None if cost is None else Decimal(cost),
    )


class Days:
    """A counter whose clock can be set forward, and that does what it is told by numbers."""

    def __init__(self, path: Path) -> None:
        self.moment = START
        self.store: Store = create_store(path, SHOP, now=START)
        catalogue = Catalogue(self.store, self.now)
        for place, name in enumerate(("Bread", "Milk")):
            catalogue.save_category(Category(name.lower(), name, "#336699", place))
        for number in range(len(PRICES)):
            catalogue.save_product(product_of(number))
        Customers(self.store, self.now).save(CUSTOMER)
        self.tills = [Checkout(self.store, self.now, staff) for staff in ("1", "2", "7")]
        self.checkout = self.tills[0]
        self.sold: list[Sale] = []

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1, microseconds=1003)
        return self.moment

    def next_day(self, days: int, minutes: int) -> None:
        """Go on to a later day, so many minutes after it began (UTC)."""
        day = self.moment.date() + timedelta(days=days)
        self.moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(
            minutes=minutes
        )

    def do(self, what: int, one: int, two: int) -> None:
        """Do something; what the till refuses is not done."""
        self.moment += timedelta(minutes=two % 50)
        doings: Sequence[Callable[[int, int], None]] = (
            self.sell,
            self.sell,
            self.sell_reduced,
            self.sell_to_somebody,
            self.bring_back,
            self.exchange,
            self.undo,
            self.hold,
            self.change_mind,
            self.sell_for_another_price,
            self.sell_in_yen,
            self.open_drawer,
            self.change_cashier,
            self.bring_without_receipt,
        )
        try:
            doings[what % len(doings)](one, two)
        except PosError:
            return

    def cart(self, one: int, two: int) -> Cart:
        cart = self.checkout.new_cart()
        for step in range(two % 3 + 1):
            product = product_of((one + step) % len(PRICES))
            quantity = Decimal(one % 4 + 1)
            if product.unit is KILOGRAM:
                quantity = Decimal(one * 7 % 3000 + 1) / 1000
            cart = self.checkout.add(cart, product.id, quantity)
        return cart

    def finish(self, cart: Cart, requests: Sequence[TenderRequest] = CASH) -> None:
        self.sold.append(self.checkout.complete(cart, requests))

    def sell(self, one: int, two: int) -> None:
        cart = self.cart(one, two)
        gross = carts.price_cart(cart).gross
        card = Money(min(one * 13, gross.minor), gross.currency)
        by_card = TenderRequest(TenderMethod.CARD, card, reference="slip")
        ways: Sequence[Sequence[TenderRequest]] = (
            CASH,
            (by_card, *CASH) if 0 < card.minor < gross.minor else CASH,
            (TenderRequest(TenderMethod.BANK_TRANSFER, gross),),
            (foreign_request(Decimal(2000), "USD", SHOP.cash.accepted, "EUR"),),
        )
        self.finish(cart, ways[two % len(ways)])

    def sell_reduced(self, one: int, two: int) -> None:
        cart = self.cart(one, two)
        cart = carts.discount_line(
            cart, cart.lines[0].id, LineDiscount(percent=Decimal(one % 60 + 1))
        )
        if two % 2:
            off = DocumentDiscount(DiscountKind.PERCENT, Decimal(two % 30 + 1))
            cart = carts.discount_cart(cart, off)
        self.finish(cart)

    def sell_to_somebody(self, one: int, two: int) -> None:
        cart = carts.choose_customer(self.cart(one, two), CUSTOMER)
        self.finish(cart, (TenderRequest(TenderMethod.ON_ACCOUNT),))

    def bring_back(self, one: int, two: int) -> None:
        sale = self.sold[one % len(self.sold)] if self.sold else None
        if sale is None:
            return
        returning = Returning(self.checkout)
        cart = returning.begin(sale)
        if two % 2:
            cart = returning.give_back_all(cart, sale, "faulty")
        else:
            cart = returning.give_back(cart, sale, 1, Decimal(1), "faulty")
        self.finish(cart, returning.refund(cart))

    def exchange(self, one: int, two: int) -> None:
        if not self.sold:
            return
        sale = self.sold[one % len(self.sold)]
        returning = Returning(self.checkout)
        cart = returning.give_back(returning.begin(sale), sale, 1, Decimal(1), "too small")
        self.finish(self.checkout.add(cart, product_of(two % len(PRICES)).id, Decimal(two % 3 + 1)))

    def undo(self, one: int, _two: int) -> None:
        if self.sold:
            Returning(self.checkout).void(self.sold[one % len(self.sold)].id, "wrong")

    def hold(self, one: int, two: int) -> None:
        cart = self.cart(one, two) if two % 2 else self.checkout.new_cart()
        add = add_tip(cart, Money(one + 1, "EUR"))
        if two % 3 == 0:
            add = add_deposit(add, f"{one:08d}", Money(5000, "EUR"))
        self.finish(add)

    def change_mind(self, one: int, two: int) -> None:
        cart = self.cart(one, two)
        if two % 3 == 0:
            cart = self.checkout.remove(cart, cart.lines[-1].id)
        elif two % 3 == 1:
            line = cart.lines[0]
            fewer = carts.set_quantity(cart, line.id, line.quantity / 2)
            self.checkout.keep(fewer, cart)
            cart = fewer
        if one % 2 or cart.is_empty:
            self.checkout.discard(cart)
        else:
            self.finish(cart)

    def sell_for_another_price(self, one: int, two: int) -> None:
        cart = self.cart(one, two)
        line, price = cart.lines[0], Decimal(one % 500 + 1) / 100
        cart = self.checkout.override_price(cart, line.id, price)
        if two % 4 == 0:
            line = carts.add_unknown(cart, f"Z{one % 3}").lines[-1]
            named = replace(line, name="Odd thing", unit_price=Decimal(two + 1) / 8)
            cart = carts.append_line(cart, named)
        self.finish(cart)

    def sell_in_yen(self, one: int, two: int) -> None:
        """A sale in another currency than the shop's, as a till in a border town writes it."""
        cart = replace(self.cart(one, two), policy=PricePolicy("JPY"), cash_rounding=None)
        self.finish(cart)

    def open_drawer(self, _one: int, _two: int) -> None:
        self.checkout.open_drawer("change")

    def change_cashier(self, one: int, _two: int) -> None:
        self.checkout = self.tills[one % len(self.tills)]

    def bring_without_receipt(self, one: int, _two: int) -> None:
        cart = carts.Cart(
            id=self.checkout.new_cart().id,
            policy=SHOP.policy,
            kind=carts.SaleKind.RETURN,
            cash_rounding=SHOP.cash_rounding,
        )
        product = product_of(one % len(PRICES))
        cart = Returning(self.checkout).without_receipt(cart, product, Decimal(1), "gift")
        self.finish(cart)

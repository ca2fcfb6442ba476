"""Small shops made by random selling through the real services, each sound and each different."""

import logging
import os
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

os.environ.setdefault("POS_APP_KEYS", "file")

from pos_app.domain import cart as carts
from pos_app.domain.cart import Cart, ReturnOf, SaleKind
from pos_app.domain.cash_count import CashCount, put_loose
from pos_app.domain.cash_movement import MovementKind
from pos_app.domain.customer import Customer
from pos_app.domain.discount import DiscountBasis, DiscountKind, DocumentDiscount, LineDiscount
from pos_app.domain.errors import PosError
from pos_app.domain.held_lines import add_gift_card
from pos_app.domain.money import Money
from pos_app.domain.payment import CashRounding, TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import KILOGRAM, PIECE, Category, Product, ProductKind, Unit
from pos_app.domain.return_ import return_line
from pos_app.domain.sale import CartIsEmpty, Sale
from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.domain.stock import MoveReason
from pos_app.domain.stored_value import ValueKind
from pos_app.domain.tax import Tax, TaxRounding
from pos_app.domain.value_numbers import number_of
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout
from pos_app.services.customers import Customers
from pos_app.services.receipts import Receipts
from pos_app.services.receiving import Receiving
from pos_app.services.returning import Returning
from pos_app.services.shifts import Shifts
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.stock_takes import StockTakes
from pos_app.services.stored_value_records import account_of
from pos_app.store.backup import backup_store, restore_store
from pos_app.store.store import Store, create_store, open_store

NAMES = ("Whole milk", "Rye bread", "Café crème", "شاي أخضر", "绿茶 500 g", "Straße 7", 'Nut "mix"')
BOX = Unit("box", "box of six", 0)


class Clock:
    """A clock that moves on by itself, some seconds a look."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._at = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        self._at += timedelta(milliseconds=self._dice.randint(1, 400_000))
        return self._at


class Shop:
    """A shop whose staff does at random what staff does."""

    def __init__(self, store: Store, dice: random.Random, clock: Clock) -> None:
        self.store, self.dice, self.clock = store, dice, clock
        receipts = Receipts(store, self.clock, "1", send=_printer_is_off)
        self.checkout = Checkout(store, self.clock, "1", receipts.keep_in)
        self.catalogue = Catalogue(store, self.clock)
        self.customers = Customers(store, self.clock)
        self.setup = ShopSetup(store, self.clock)
        self.returning = Returning(self.checkout)
        self.shifts = Shifts(store, self.clock)
        self.receiving, self.takes = Receiving(self.checkout), StockTakes(self.checkout)
        self.products: list[Product] = []
        self.taxes = [
            Tax(Decimal(20), name="VAT", code="S"),
            Tax(Decimal(5), name="VAT", code="R"),
            Tax(None, fixed_per_unit=Decimal("0.15"), name="Deposit", code="D"),
        ]

    def fill(self) -> None:
        """Put a few units, taxes, groups, products and customers into the shop."""
        for unit in (PIECE, KILOGRAM, BOX)[: self.dice.randint(2, 3)]:
            self.catalogue.save_unit(unit)
        for tax in self.taxes:
            self.catalogue.save_tax(tax)
        group = Category(self.catalogue.new_id(), "Dairy", "#3B6FB6", 1)
        self.catalogue.save_category(group)
        for number in range(self.dice.randint(3, 6)):
            self.products.append(self.catalogue.save_product(self._product(number, group.id)))
        for number in range(2):
            self._customer(f"Customer {number}")
        for product in self.products[:2]:
            self._move_stock(product)

    def gesture(self) -> None:
        """Do one thing; what a rule refuses is left undone."""
        gestures: tuple[tuple[Callable[[], None], int], ...] = (
            (self._sell, 12),
            (self._give_back, 4),
            (self._give_back_unknown, 1),
            (self._adjust, 2),
            (self._give_back_all, 2),
            (self._exchange, 2),
            (self._void, 3),
            (self._split_and_merge, 1),
            (self._shift, 3),
            (self._gift_card, 2),
            (self._deliver, 2),
            (self._count_goods, 2),
            (self._park, 3),
            (self._recall, 2),
            (self._remove_and_discard, 1),
            (lambda: self._move_stock(self.dice.choice(self.products)), 2),
            (self._change_product, 2),
            (self._change_tax, 1),
            (self._change_settings, 1),
            (lambda: self._customer(f"Newcomer {self.dice.randint(1, 999)}"), 1),
            (lambda: self.checkout.open_drawer("change"), 1),
            (self.leave_cart, 1),
            (self._point_remote, 1),
        )
        doings, weights = zip(*gestures, strict=True)
        try:
            self.dice.choices(doings, weights)[0]()
        except PosError:
            return

    def _product(self, number: int, group: str) -> Product:
        dice = self.dice
        return Product(
            id=self.catalogue.new_id(),
            code=f"A{number:03d}",
            name=f"{dice.choice(NAMES)} {number}",
            price=Decimal(dice.randint(1, 99_999)).scaleb(-dice.choice((2, 2, 3, 4))),
            unit=dice.choice((PIECE, PIECE, KILOGRAM)),
            kind=dice.choice((ProductKind.GOODS,) * 5 + (ProductKind.SERVICE,)),
            category_id=dice.choice((group, None)),
            taxes=tuple(dice.sample(self.taxes, dice.randint(0, 2))),
            barcodes=(f"50000000{number:02d}", f"9{number:05d}")[: dice.randint(0, 2)],
            cost=dice.choice((None, Decimal("0.35"))),
            min_price=dice.choice((None, None, Decimal("0.0001"))),
            tile_position=dice.choice((None, number + 1)),
        )

    def _cart(self, kind: SaleKind = SaleKind.SALE) -> Cart:
        cart = self.checkout.new_cart(kind)
        for _ in range(self.dice.randint(1, 4)):
            product = self.dice.choice(self.products)
            cart = self.checkout.add(cart, product.id, self._quantity(product))
        return cart

    def _quantity(self, product: Product) -> Decimal:
        return Decimal(self.dice.randint(1, 9_000)).scaleb(-3) if product.unit.decimals else (
            Decimal(self.dice.randint(1, 9))
        )  # fmt: skip

    def _sell(self) -> None:
        cart = self._cart()
        dice, line = self.dice, self.dice.choice(cart.lines)
        if dice.random() < 0.3:
            price = Decimal(dice.randint(1, 999)).scaleb(-2)
            cart = self.checkout.override_price(cart, line.id, price)
        if dice.random() < 0.3:
            cart = carts.discount_line(cart, line.id, LineDiscount(Decimal(10), reason="old"))
        if dice.random() < 0.3:
            given = DocumentDiscount(DiscountKind.PERCENT, Decimal(5), DiscountBasis.GROSS, "staff")
            cart = carts.discount_cart(cart, given)
        if dice.random() < 0.4:
            cart = carts.choose_customer(cart, dice.choice(self.store.customers.page(0, 9)))
        if dice.random() < 0.3:
            cart = carts.note_line(carts.note_cart(cart, "deliver"), line.id, "blue one")
        self.checkout.complete(cart, self._tenders(cart))

    def _tenders(self, cart: Cart) -> tuple[TenderRequest, ...]:
        way = self.dice.random()
        if way < 0.2 and cart.customer is not None:
            return (TenderRequest(TenderMethod.ON_ACCOUNT),)
        if way < 0.5:
            part = replace(carts.total_due(cart), minor=1)
            cash = TenderRequest(TenderMethod.CASH)
            return (TenderRequest(TenderMethod.CARD, part, reference="AUTH 17"), cash)
        return (TenderRequest(self.dice.choice((TenderMethod.CASH, TenderMethod.CARD))),)

    def _give_back(self) -> None:
        sales = [sale for _, sale in self.store.sales.stream() if sale.kind is SaleKind.SALE]
        sale = self.dice.choice(sales or [self.store.sales.last()])
        if sale is None:
            return
        line = self.dice.choice(sale.lines)
        already = self.store.sales.returned(sale.id, line.line_no)
        left = line.quantity - already
        part = self.dice.choice((left, min(left, Decimal(1))))
        cart = self.checkout.new_cart(SaleKind.RETURN)
        cart = carts.append_line(cart, return_line(sale, line.line_no, part, already, "sour"))
        self.checkout.complete(cart, (TenderRequest(TenderMethod.CASH),))

    def _give_back_unknown(self) -> None:
        product = self.dice.choice(self.products)
        cart = self.checkout.new_cart(SaleKind.RETURN)
        cart = self.checkout.add(cart, product.id, -self._quantity(product))
        line = replace(cart.lines[0], returns=ReturnOf(reason="no receipt"))
        self.checkout.complete(replace(cart, lines=(line,)), (TenderRequest(TenderMethod.CASH),))

    def _adjust(self) -> None:
        product = self.dice.choice(self.products)
        cart = self.checkout.new_cart(SaleKind.ADJUSTMENT)
        price = Decimal(self.dice.randint(-500, 500)).scaleb(-2)
        cart = self.checkout.add(cart, product.id, self._quantity(product), price)
        self.checkout.complete(cart, (TenderRequest(TenderMethod.CASH),))

    def _give_back_all(self) -> None:
        sale = self._some_sale()
        cart = self.returning.begin(sale)
        cart = self.returning.give_back_all(cart, sale, self.dice.choice(("Faulty", "Not needed")))
        self.checkout.complete(cart, self.returning.refund(cart))

    def _exchange(self) -> None:
        sale = self._some_sale()
        cart = self.returning.give_back(
            self.returning.begin(sale), sale, sale.lines[0].line_no, Decimal(1), "Does not fit"
        )
        cart = self.checkout.add(cart, self.dice.choice(self.products).id)
        self.checkout.complete(cart, (TenderRequest(TenderMethod.CASH),))

    def _void(self) -> None:
        self.returning.void(self._some_sale().id, "Wrong payment")

    def _some_sale(self) -> Sale:
        count = self.store.sales.count()
        if not count:
            raise CartIsEmpty()
        [summary] = self.store.sales.page(self.dice.randrange(count), 1)
        sale = self.store.sales.get(summary.id)
        assert sale is not None
        return sale

    def _split_and_merge(self) -> None:
        cart = self._cart()
        stays = self.checkout.split(cart, [cart.lines[0].id], "Table 5")
        self.checkout.merge(stays, self.checkout.parked()[-1].id)
        self.checkout.keep(None)

    def _shift(self) -> None:
        shift = self.shifts.current()
        if shift is None:
            self.shifts.open([put_loose(CashCount("EUR"), Decimal(100))])
        elif self.dice.random() < 0.5:
            five = Money.of(Decimal(5), "EUR")
            self.shifts.move(MovementKind.PAY_IN, five, "Change from the bank")
        else:
            [drawer, *_] = self.shifts.drawers(shift)
            self.shifts.confirm_count([put_loose(CashCount("EUR"), drawer.expected.amount)])
            self.shifts.close(shift.id)

    def _gift_card(self) -> None:
        number = number_of(ValueKind.GIFT_CARD, self.dice.randint(1, 3)) or ""
        known = account_of(self.store, ValueKind.GIFT_CARD, number)
        if known is None or not known.balance:
            card = add_gift_card(self.checkout.new_cart(), number, Money.of(Decimal(20), "EUR"))
            self.checkout.complete(card, (TenderRequest(TenderMethod.CASH),))
            return
        part = TenderRequest(TenderMethod.GIFT_CARD, Money(1, "EUR"), reference=number)
        self.checkout.complete(self._cart(), (part, TenderRequest(TenderMethod.CASH)))

    def _deliver(self) -> None:
        delivery = self.receiving.begin(document="D 7")
        self.receiving.add(delivery, self.dice.choice(self.products), Decimal(3), batch="L7")
        if self.dice.random() < 0.7:
            self.receiving.book(delivery)

    def _count_goods(self) -> None:
        take = self.takes.begin("Shelf")
        self.takes.count(take, self.dice.choice(self.products), Decimal(self.dice.randint(0, 9)))
        if self.dice.random() < 0.7:
            self.takes.book(self.takes.review(take))

    def _park(self) -> None:
        self.checkout.park(self._cart(), self.dice.choice(("", "Table 4", "السيدة")))

    def _recall(self) -> None:
        for parked in self.checkout.parked()[:1]:
            cart = self.checkout.recall(parked.id)
            self.checkout.complete(cart, self._tenders(cart))

    def _remove_and_discard(self) -> None:
        cart = self._cart()
        self.checkout.discard(self.checkout.remove(cart, cart.lines[0].id))

    def _move_stock(self, product: Product) -> None:
        reason = self.dice.choice((MoveReason.COUNT, MoveReason.RECEIPT, MoveReason.WRITE_OFF))
        place = self.dice.choice(("shop", "cellar"))
        self.catalogue.correct_stock(product.id, place, reason, self._quantity(product), "by hand")

    def _change_product(self) -> None:
        place = self.dice.randrange(len(self.products))
        known = self.store.products.get(self.products[place].id)
        assert known is not None
        changed = self.dice.choice(
            (
                replace(known, price=Decimal(self.dice.randint(1, 9_999)).scaleb(-2)),
                replace(known, name=f"{known.name} new", barcodes=(*known.barcodes, f"77{place}")),
                replace(known, is_active=not known.is_active),
            )
        )
        self.products[place] = self.catalogue.save_product(changed)

    def _change_tax(self) -> None:
        place = self.dice.randrange(2)
        self.taxes[place] = replace(self.taxes[place], rate=Decimal(self.dice.randint(1, 25)))
        self.catalogue.save_tax(self.taxes[place])

    def _change_settings(self) -> None:
        shop = self.store.settings.shop()
        self.setup.save(replace(shop, phone=f"{self.dice.randint(100, 999)}", country="IE"))
        self.checkout.reload_settings()

    def _customer(self, name: str) -> None:
        new = Customer(self.customers.new_id(), "", name, city="Galway", note="pays late")
        self.customers.save(new)

    def leave_cart(self) -> None:
        self.checkout.keep(self._cart())

    def _point_remote(self) -> None:
        with self.store.transaction() as tx:
            tx.cursors.set("head office", self.dice.randint(0, tx.journal.count()))


def _printer_is_off(_printer: PrinterSettings, _payload: bytes, *, needs_paper: bool) -> None:
    raise OSError


def make_clean_shop(path: Path, seed: int, gestures: int) -> None:
    """Make a store by random selling; the same seed does the same things in the same order.

    One store in four is restored from a backup half-way, and so has two epochs and two keys.
    """
    logging.getLogger("pos_app.store.keys").setLevel(logging.ERROR)
    dice = random.Random(seed)
    clock = Clock(dice)
    with create_store(path, _settings(dice), now=clock()) as store:
        shop = Shop(store, dice, clock)
        shop.fill()
        _work(shop, gestures)
    if dice.random() < 0.25:
        backup = path.with_name(f"{path.name}.backup")
        backup_store(path, backup)
        restore_store(backup, path, clock())
        with open_store(path) as store:
            again = Shop(store, dice, clock)
            again.products, again.taxes = shop.products, shop.taxes
            _work(again, gestures // 2)


def _work(shop: Shop, gestures: int) -> None:
    for _ in range(gestures):
        shop.gesture()
    if shop.dice.random() < 0.5:
        shop.leave_cart()


def _settings(dice: random.Random) -> ShopSettings:
    rounding = dice.choice(tuple(TaxRounding))
    return ShopSettings(
        name="Corner shop",
        country="IE",
        policy=PricePolicy("EUR", prices_include_tax=dice.random() < 0.5, tax_rounding=rounding),
        cash_rounding=dice.choice((None, CashRounding(Decimal("0.05")))),
        number_prefix=dice.choice(("", "P", "G-")),
        time_zone="Europe/Dublin",
    )

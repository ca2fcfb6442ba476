"""Finished sales to print, made by the domain itself."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from pos_app.domain.cart import (
    Cart,
    SaleKind,
    add_product,
    append_line,
    choose_customer,
    discount_cart,
    discount_line,
    note_cart,
    note_line,
)
from pos_app.domain.customer import Customer
from pos_app.domain.discount import DiscountBasis, DiscountKind, DocumentDiscount, LineDiscount
from pos_app.domain.money import Money
from pos_app.domain.payment import CashRounding, TenderMethod, TenderRequest
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.product import KILOGRAM, PIECE, Product, Unit
from pos_app.domain.return_ import return_line
from pos_app.domain.sale import Sale, Stamp, complete
from pos_app.domain.shop import ReceiptSettings, ShopSettings
from pos_app.domain.tax import Tax
from pos_app.domain.void import voided

SALE_ID = "019a9000-0000-7000-8000-00000a1b2c3d"
RETURN_ID = "019a9000-0001-7000-8000-00000d4e5f60"
VOID_ID = "019a9000-0002-7000-8000-00000d4e5f61"
STAMP = Stamp("1", "main", "2", datetime(2026, 3, 14, 9, 26, tzinfo=UTC), date(2026, 3, 14))
FULL = Tax(rate=Decimal(19), name="MwSt", code="S")
REDUCED = Tax(rate=Decimal(7), name="MwSt", code="R")
GERMAN = ShopSettings(
    name="Café Lindenhof",
    address=("Lindenstraße 7", "10969 Berlin"),
    phone="030 5550 1234",
    tax_number="DE123456789",
    country="DE",
    receipt=ReceiptSettings(footer=("Vielen Dank für Ihren Einkauf!",), language="de"),
    time_zone="Europe/Berlin",
)
ENGLISH = ShopSettings(
    name="Corner Grocer",
    address=("12 High Street", "Bristol BS1 2AB"),
    phone="0117 496 0123",
    tax_number="GB 123 4567 89",
    country="GB",
    policy=PricePolicy("GBP"),
    receipt=ReceiptSettings(header=("Open every day from 7 to 22",), language="en"),
    time_zone="Europe/London",
)
ARABIC = ShopSettings(
    name="بقالة النخيل",
    address=("شارع الملك فهد ١٢", "الرياض"),
    phone="011 555 0123",
    tax_number="310122393500003",
    country="SA",
    policy=PricePolicy("SAR"),
    receipt=ReceiptSettings(footer=("شكرا لزيارتكم",), language="ar"),
    time_zone="Asia/Riyadh",
)


def product(
    name: str, price: str, *, unit: Unit = PIECE, taxes: tuple[Tax, ...] = (FULL,), code: str = ""
) -> Product:
    return Product(f"p-{name}", code or name[:8], name, Decimal(price), unit=unit, taxes=taxes)


def cart_of(*items: tuple[Product, str], currency: str = "EUR", included: bool = True) -> Cart:
    cart = Cart(SALE_ID, PricePolicy(currency, prices_include_tax=included))
    for item, quantity in items:
        cart = add_product(cart, item, Decimal(quantity))
    return cart


def added(cart: Cart, item: Product, quantity: Decimal) -> Cart:
    return add_product(cart, item, quantity)


def sold(cart: Cart, *requests: TenderRequest, number: str = "1-000123") -> Sale:
    return complete(cart, requests or (TenderRequest(TenderMethod.CASH),), number, STAMP)


def simple_sale(name: str = "Espresso beans", shop_currency: str = "EUR") -> Sale:
    return sold(cart_of((product(name, "12.50"), "1"), currency=shop_currency))


def rich_sale(currency: str = "EUR") -> Sale:
    """Every kind of line there is, paid in two ways."""
    cart = cart_of(
        (product("Organic bananas", "1.99", unit=KILOGRAM, taxes=(REDUCED,)), "1.245"),
        (product("Sourdough bread, stone-baked, sliced, large", "4.50", taxes=(REDUCED,)), "2"),
        (product("Crème brûlée", "3.95", taxes=(REDUCED,)), "1"),
        (product("Dish soap", "2.79"), "3"),
        (product("Screws", "0.0125"), "40"),
        currency=currency,
    )
    cart = discount_line(cart, 2, LineDiscount(Decimal(10), reason="Short date"))
    cart = note_line(cart, 3, "Without sugar")
    cart = note_cart(cart, "Please keep the receipt for the guarantee.")
    cart = discount_cart(
        cart,
        DocumentDiscount(DiscountKind.PERCENT, Decimal(5), DiscountBasis.GROSS, "Regular guest"),
    )
    cart = replace(cart, cash_rounding=CashRounding(Decimal("0.05")))
    cart = choose_customer(cart, Customer("c1", "C-0042", "Anna Muster", tax_number="DE987654321"))
    return sold(
        cart,
        TenderRequest(TenderMethod.CARD, Money.of("10.00", currency), reference="4711"),
        TenderRequest(TenderMethod.CASH, tendered=Money.of("20.00", currency)),
    )


def returned(sale: Sale) -> Sale:
    """A return of two pieces of the second line."""
    cart = Cart(RETURN_ID, sale.policy, SaleKind.RETURN)
    cart = append_line(cart, return_line(sale, 2, Decimal(2), Decimal(0), "Mouldy"))
    return complete(cart, (TenderRequest(TenderMethod.CASH),), "1-000124", STAMP)


def exchanged(sale: Sale) -> Sale:
    """One piece of the second line for something dearer."""
    cart = Cart(RETURN_ID, sale.policy, SaleKind.EXCHANGE)
    cart = append_line(cart, return_line(sale, 2, Decimal(1), Decimal(0), "Does not fit"))
    cart = add_product(cart, product("Rye loaf", "6.20", taxes=(REDUCED,)), Decimal(1))
    return complete(cart, (TenderRequest(TenderMethod.CASH),), "1-000125", STAMP)


def undone(sale: Sale) -> Sale:
    """The void of a document."""
    return voided(sale, VOID_ID, "1-000126", STAMP, "Rung up by mistake")


def arabic_sale() -> Sale:
    vat = Tax(rate=Decimal(15), name="ضريبة القيمة المضافة", code="S")
    cart = cart_of(
        (product("تمر سكري فاخر", "35.00", unit=KILOGRAM, taxes=(vat,)), "0.750"),
        (product("قهوة عربية بالهيل", "22.50", taxes=(vat,)), "2"),
        (product("Nescafé Gold 200 g", "31.95", taxes=(vat,)), "1"),
        currency="SAR",
    )
    cart = discount_line(cart, 2, LineDiscount(Decimal(10), reason="عرض رمضان"))
    return sold(cart, TenderRequest(TenderMethod.CASH, tendered=Money.of("150", "SAR")))


def chinese_sale() -> Sale:
    cart = cart_of(
        (product("茉莉花茶 特级", "38.00"), "2"),
        (product("老干妈风味豆豉油制辣椒 Lao Gan Ma chilli crisp 280 g", "3.49"), "1"),
        (product("Ginger beer", "2.20"), "1"),
    )
    return sold(cart, TenderRequest(TenderMethod.CARD))

"""Carts and finished sales for the tests of the domain."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from pos_app.domain.cart import Cart, SaleKind, add_product, discount_cart, discount_line
from pos_app.domain.discount import DocumentDiscount, LineDiscount
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.pricing import PriceLine, PricePolicy
from pos_app.domain.product import Product, Unit
from pos_app.domain.sale import Sale, Stamp, complete
from tests.domain.strategies import document_discounts, policies, price_lines

ANY = Unit("u", "unit", 6)
STAMP = Stamp("1", "main", "1", datetime(2026, 3, 4, 12, tzinfo=UTC), date(2026, 3, 4))


def product(number: int, line: PriceLine) -> Product:
    return Product(
        id=f"p{number}",
        code=str(number),
        name=f"Product {number}",
        price=line.unit_price,
        unit=ANY,
        taxes=line.taxes,
        min_price=line.min_unit_price,
    )


def cart_of(
    lines: list[PriceLine], policy: PricePolicy, discounts: tuple[DocumentDiscount, ...] = ()
) -> Cart:
    cart = Cart("cart-1", policy)
    for number, line in enumerate(lines, 1):
        cart = add_product(cart, product(number, line), line.quantity)
        amount = min(line.discount.amount_per_unit, line.unit_price)
        cart = discount_line(cart, number, LineDiscount(line.discount.percent, amount))
    for discount in discounts:
        if discount.kind == "percent":
            cart = discount_cart(cart, discount)
    return cart


def sold(cart: Cart) -> Sale:
    return complete(cart, [TenderRequest(TenderMethod.CARD)], "1-1", STAMP)


def return_cart(policy: PricePolicy) -> Cart:
    return Cart("cart-2", policy, kind=SaleKind.RETURN)


sales = st.builds(
    lambda lines, policy, discounts: sold(cart_of(lines, policy, tuple(discounts))),
    st.lists(price_lines(with_minimum=True), min_size=1, max_size=6),
    policies,
    document_discounts(1),
)
ONE = Decimal(1)

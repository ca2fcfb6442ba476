"""Labels of scales at the counter: which patterns a shop uses, and what a price on one sells."""

from decimal import Decimal

from pos_app.domain import cart as carts
from pos_app.domain.barcode import PATTERNS_BY_COUNTRY, pattern_from_text
from pos_app.domain.embedded import EmbeddedPattern
from pos_app.domain.product import Product
from pos_app.domain.shop import ShopSettings


def priced_label(product: Product, price: Decimal) -> tuple[Decimal, Decimal]:
    """Return (quantity, unit price) for a label that carries the price of the whole pack.

    Goods sold by measure keep their weight for the stock; the unit price is bent in its fourth
    place so that the customer pays exactly what the label says.
    """
    places = product.unit.decimals
    if not places or not product.price:
        return Decimal(1), price
    quantity = round(price / product.price, places)
    if quantity <= 0:
        return Decimal(1), price
    return quantity, round(price / quantity, carts.PRICE_PLACES)


def embedded_patterns(shop: ShopSettings) -> tuple[EmbeddedPattern, ...]:
    """Return the shop's own scale-label patterns, or those usual in its country."""
    if shop.embedded_patterns:
        return tuple(pattern_from_text(text) for text in shop.embedded_patterns)
    return PATTERNS_BY_COUNTRY.get(shop.country, ())

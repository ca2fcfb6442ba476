"""Price lists: what some customers pay instead of the usual prices."""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from pos_app.domain.cart import PRICE_LIMIT, PRICE_PLACES
from pos_app.domain.errors import PosError
from pos_app.domain.product import Product

NAME_LIMIT = 60
_WHOLE, _NONE = Decimal(100), Decimal(0)


class PriceListNameMissing(PosError):
    """A price list without a name, or with one that no customer can be given."""

    sentence = "A price list needs a name of up to {limit} letters."


class PercentOffWrong(PosError):
    """A percentage that is no discount."""

    sentence = "{percent} % off is not possible. Enter 0 to 100."


class ListPriceWrong(PosError):
    """A price below zero, beyond the limit, or with more than four places."""

    sentence = "A price of {price} is not possible. Enter 0 or more, with at most 4 decimal places."


@dataclass(frozen=True, slots=True)
class PriceList:
    """A list by its name: everything is `percent` off, but for products with a price of their own.

    A list that is not active leaves the usual prices.
    """

    name: str
    percent: Decimal = _NONE
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class ListPrice:
    """What one product costs on a list, in currency units per unit; None: as the list says."""

    price_list: str
    product_id: str
    price: Decimal | None


def list_key(name: str) -> str:
    """Return what a list is known by: its name whatever the capitals and spaces."""
    return " ".join(name.split()).casefold()


def price_for(
    product: Product, price_list: PriceList | None, own: Decimal | None, places: int
) -> Decimal | None:
    """Return what a product costs on a list, or None where the cashier has to name the price.

    `own` is the product's own price on the list. A percentage is rounded half up to `places` of
    the currency (or to the product's own, if it has more), and never goes below the lowest price.
    """
    if price_list is None or not price_list.is_active:
        return product.price
    if own is not None:
        return own
    if product.price is None or not price_list.percent:
        return product.price
    exponent = product.price.as_tuple().exponent
    kept = max(places, -exponent if isinstance(exponent, int) else 0)
    lower = product.price * (_WHOLE - price_list.percent) / _WHOLE
    rounded = lower.quantize(Decimal(1).scaleb(-kept), ROUND_HALF_UP)
    lowest = min(product.min_price or _NONE, product.price)
    return max(rounded, lowest)


def checked_list(price_list: PriceList) -> PriceList:
    """Return a list tidied if it can stand; raises PriceListNameMissing or PercentOffWrong."""
    name = " ".join(price_list.name.split())
    if not name or len(name) > NAME_LIMIT or not name.isprintable():
        raise PriceListNameMissing(limit=NAME_LIMIT)
    percent = price_list.percent
    if not percent.is_finite() or not 0 <= percent <= _WHOLE:
        raise PercentOffWrong(percent=percent)
    return replace(price_list, name=name)


def check_price(price: Decimal) -> None:
    """Refuse a price that no list can have; raises ListPriceWrong."""
    is_possible = price.is_finite() and 0 <= price < PRICE_LIMIT
    if not is_possible or price != round(price, PRICE_PLACES):
        raise ListPriceWrong(price=price)

"""Price lists: keeping them, and what a product costs a customer."""

from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.customer import Customer
from pos_app.domain.facts import FactKind
from pos_app.domain.money import minor_digits
from pos_app.domain.price_list import (
    ListPrice,
    PriceList,
    check_price,
    checked_list,
    list_key,
    price_for,
)
from pos_app.domain.product import Product
from pos_app.services.checkout import Clock
from pos_app.services.customer_records import LIST_PRICE, PRICE_LIST, list_price_id

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction


def price_of(source: "Source", product: Product, customer: Customer | None) -> Decimal | None:
    """Return what a product costs a customer in currency units; None where nothing says so."""
    if customer is None or not customer.price_list:
        return product.price
    price_list = source.records.get(PRICE_LIST, list_key(customer.price_list))
    if price_list is None:
        return product.price
    kept = source.records.get(LIST_PRICE, list_price_id(price_list.name, product.id))
    own = None if kept is None else kept.price
    places = minor_digits(source.settings.shop().policy.currency)
    return price_for(product, price_list, own, places)


class PriceLists:
    """The use cases of price lists."""

    def __init__(self, store: "Store", now: Clock, staff: str = "1") -> None:
        self._store = store
        self._now = now
        self.staff = staff

    def all(self) -> list[PriceList]:
        """Return every list by name."""
        return self._store.records.all(PRICE_LIST)

    def get(self, name: str) -> PriceList | None:
        """Return a list by its name, whatever the capitals."""
        return self._store.records.get(PRICE_LIST, list_key(name))

    def save(self, price_list: PriceList) -> PriceList:
        """Keep a new or changed list; raises PriceListNameMissing, PercentOffWrong."""
        tidy = checked_list(price_list)
        with self._store.transaction() as tx:
            if tx.records.get(PRICE_LIST, list_key(tidy.name)) != tidy:
                fact = FactKind.PRICE_LIST_SAVED
                tx.records.put(PRICE_LIST, tidy, fact, self._now(), self.staff)
        return tidy

    def set_price(self, price_list: PriceList, product: Product, price: Decimal | None) -> None:
        """Keep what a product costs on a list; None takes its own price away."""
        if price is not None:
            check_price(price)
        new = ListPrice(price_list.name, product.id, price)
        with self._store.transaction() as tx:
            known = tx.records.get(LIST_PRICE, list_price_id(new.price_list, new.product_id))
            if (None if known is None else known.price) != price:
                details = {"code": product.code, "name": product.name}
                fact = FactKind.LIST_PRICE_SAVED
                tx.records.put(LIST_PRICE, new, fact, self._now(), self.staff, details)

    def prices(self, price_list: PriceList, limit: int = 1000) -> list[ListPrice]:
        """Return the products' own prices on a list."""
        place = list_price_id(price_list.name, "")
        kept = self._store.records.starting_with(LIST_PRICE, place, limit)
        return [one for one in kept if one.price is not None]

"""The names that sentences about facts need: products and staff, as the store knows them now."""

from functools import cache
from typing import TYPE_CHECKING

from pos_app.services.staff_records import STAFF
from pos_app.ui.presenters.fact_told import FactWriter

if TYPE_CHECKING:
    from pos_app.store.store import Store


def writer_of(store: "Store") -> FactWriter:
    """Return what writes facts the shop's way; names that were looked up are remembered."""

    @cache
    def product(key: str) -> str:
        found = store.products.get(key) or store.products.find(key)
        return key if found is None else found.name

    @cache
    def member(staff_id: str) -> str:
        found = store.records.get(STAFF, staff_id)
        return staff_id if found is None else found.name

    return FactWriter(store.settings.shop(), product, member)


def name_of_cashier(store: "Store", code: str) -> str:
    """Return what the member of the staff with a code is called, the code for nobody known."""
    member = store.records.by_code(STAFF, code.casefold()) if code else None
    return code if member is None else member.name

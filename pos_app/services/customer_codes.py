"""Whose a scanned or typed customer number or card is, also after two records became one."""

from typing import TYPE_CHECKING

from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction


class CustomerInactive(PosError):
    """The card of a customer who is offered no more."""

    sentence = (
        "{name} is not an active customer any more. Make them active again under Customers, or "
        "sell without a customer."
    )


def customer_by_code(source: "Source", code: str) -> Customer | None:
    """Return the customer with exactly this number or card; of a merged one, the survivor."""
    found = source.customers.find(code)
    if found is None or found.is_active:
        return found
    from pos_app.services.customer_records import survivor_id  # noqa: PLC0415 - seldom merged

    return source.customers.get(survivor_id(source, found.id)) or found


def active_by_code(source: "Source", code: str) -> Customer | None:
    """Return the customer with a number or card for a new sale; raises CustomerInactive."""
    found = customer_by_code(source, code)
    if found is not None and not found.is_active:
        raise CustomerInactive(name=found.name)
    return found

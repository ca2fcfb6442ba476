"""Erasing a person: every personal text goes, what the law makes the shop keep stays."""

from dataclasses import dataclass, replace
from datetime import datetime

from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.domain.words import later

ERASED_NAME = later("Erased customer")


class MoneyStillOpen(PosError):
    """Somebody still owes somebody something."""

    sentence = (
        "{name} cannot be erased yet: {what}. Settle that first; what the law makes you keep "
        "stays all the same."
    )


class StillInUse(PosError):
    """Unfinished business names the customer."""

    sentence = "{name} cannot be erased yet: {what}. Finish or cancel that first."


@dataclass(frozen=True, slots=True)
class CustomerErasure:
    """That a person was erased: when (UTC) and by whom; no name stays with it."""

    customer_id: str
    staff: str
    at: datetime


def erased(customer: Customer, name: str) -> Customer:
    """Return the record with nothing personal left: its id and number link the fiscal record."""
    return replace(Customer(customer.id, customer.number, name), is_active=False)

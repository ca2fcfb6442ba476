"""Keeping customers: each change is one transaction with its fact."""

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from pos_app.domain import facts
from pos_app.domain.customer import Customer
from pos_app.domain.customer_rules import (
    NOTE_LIMIT,
    MailAddressWrong,
    customer_refusals,
    tidied,
)
from pos_app.domain.errors import PosError
from pos_app.domain.ids import uuid7
from pos_app.services.checkout import Clock

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

__all__ = [
    "CUSTOMER_SERIES",
    "NOTE_LIMIT",
    "CustomerChangedMeanwhile",
    "Customers",
    "MailAddressWrong",
    "customer_refusals",
    "next_number",
    "tidied",
]
CUSTOMER_SERIES = "customer"


class CustomerChangedMeanwhile(PosError):
    """Somebody else changed the same customer since the record was read."""

    sentence = (
        "{name} was changed in another window meanwhile. Open the customer again and make your "
        "change there; what you typed is still here."
    )


class Customers:
    """The customers' use cases."""

    def __init__(self, store: "Store", now: Clock, staff: str = "1") -> None:
        self._store = store
        self._now = now
        self.staff = staff

    def new_id(self) -> str:
        """Return a fresh UUIDv7."""
        return uuid7(int(self._now().timestamp() * 1000), secrets.randbits(74))

    def save(self, customer: Customer, seen: Customer | None = None) -> Customer:
        """Save a new or changed customer; an empty number becomes the next free one.

        With `seen`, the state that was changed, a change made elsewhere meanwhile is not
        overwritten. Raises a FieldRefusal, CustomerChangedMeanwhile, or NumberTaken by the store.
        """
        with self._store.transaction() as tx:
            return self.save_in(tx, customer, seen)

    def save_in(
        self, tx: "Transaction", customer: Customer, seen: Customer | None = None
    ) -> Customer:
        """Save a customer within a transaction; see `save`."""
        tidy = tidied(customer)
        for refusal in customer_refusals(tidy).values():
            raise refusal
        kept = tx.customers.get(tidy.id)
        if seen is not None and kept is not None and kept != seen:
            raise CustomerChangedMeanwhile(name=kept.name)
        saved = tidy if tidy.number else replace(tidy, number=next_number(tx))
        if saved != kept:
            tx.customers.save(saved)
            tx.journal.append(facts.customer_saved(saved), self._now(), self.staff)
        return saved


def next_number(tx: "Transaction") -> str:
    """Count on until a number that nobody has; gaps left by hand-written numbers are fine."""
    prefix = tx.settings.shop().documents.customer_prefix
    while True:
        number = f"{prefix}{1000 + tx.sequences.next(CUSTOMER_SERIES)}"
        if tx.customers.find(number) is None:
            return number

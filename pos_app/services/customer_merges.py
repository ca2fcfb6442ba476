"""Records of one customer kept twice: finding them, and making them one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from pos_app.domain.credit import CreditTerms
from pos_app.domain.customer import Customer
from pos_app.domain.customer_merge import (
    CustomerMerge,
    MergedAlready,
    SameCustomer,
    merged_customer,
    put_away,
)
from pos_app.domain.facts import FactKind
from pos_app.domain.stored_value import HolderAction, StoredValue, ValueKind, value_id
from pos_app.services.checkout import Clock
from pos_app.services.customer_records import CREDIT_TERMS, CUSTOMER_MERGE
from pos_app.services.customers import CustomerChangedMeanwhile, Customers
from pos_app.services.progress import never
from pos_app.services.stored_value_records import STORED_VALUE, account_of
from pos_app.store.words import fold

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

PAIRS_MOST = 500
_PHONE_DIGITS, _TAX_LETTERS = 7, 5
_SAME_ENDING = 9  # digits: country codes and trunk zeros before them are written in many ways
_MOVED = (ValueKind.ACCOUNT, ValueKind.POINTS)


class Likeness(StrEnum):
    """Why two records may be one customer."""

    EMAIL = "email"
    PHONE = "phone"
    TAX_NUMBER = "tax_number"
    NAME_AND_POSTCODE = "name_and_postcode"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two active records that may be one customer, the older one first."""

    first_id: str
    second_id: str
    likeness: Likeness


class CustomerMerges:
    """The use cases of duplicates."""

    def __init__(self, store: "Store", now: Clock, staff: str = "1") -> None:
        self._store = store
        self._now = now
        self.staff = staff

    def duplicates(
        self, limit: int = PAIRS_MOST, cancelled: Callable[[], bool] = never
    ) -> list[Duplicate]:
        """Return records that are likely one customer; reads all, so not on a screen's thread.

        Same e-mail, phone, tax number, or name and postcode; capitals, accents and signs between
        digits do not count. Each pair is named once, with the first likeness.
        """
        seen: dict[tuple[Likeness, str], str] = {}
        found: dict[tuple[str, str], Duplicate] = {}
        for customer in self._store.customers.stream():
            if cancelled() or len(found) >= limit:
                break
            if not customer.is_active:
                continue
            for likeness, key in _keys(customer):
                first = seen.setdefault((likeness, key), customer.id)
                if first != customer.id:
                    pair = (first, customer.id)
                    found.setdefault(pair, Duplicate(*pair, likeness))
        return list(found.values())

    def merge(
        self, survivor: Customer, other: Customer, chosen: Mapping[str, str] | None = None
    ) -> Customer:
        """Make two records one and return the survivor; both as they were seen.

        `chosen` says by field whose text stays ("other" for the other's, see `domain`). What the
        other owes, has to its credit and its points go over; its documents keep their names and
        are shown with the survivor's; its number and card find the survivor. Raises SameCustomer,
        MergedAlready, CustomerChangedMeanwhile or a FieldRefusal.
        """
        at = self._now()
        with self._store.transaction() as tx:
            self._check(tx, survivor, other)
            new = merged_customer(survivor, other, chosen or {})
            customers = Customers(self._store, lambda: at, self.staff)
            customers.save_in(tx, put_away(other, survivor), other)
            saved = customers.save_in(tx, new, survivor)
            for kind in _MOVED:
                self._move_balance(tx, kind, saved, other, at)
            self._move_terms(tx, saved, other, at)
            merge = CustomerMerge(
                merged_id=other.id,
                survivor_id=survivor.id,
                number=other.number,
                name=other.name,
                card_code=other.card_code,
                staff=self.staff,
                at=at,
            )
            tx.records.put(CUSTOMER_MERGE, merge, FactKind.CUSTOMERS_MERGED, at, self.staff)
        return saved

    def _check(self, tx: "Transaction", survivor: Customer, other: Customer) -> None:
        if survivor.id == other.id:
            raise SameCustomer(name=survivor.name)
        for one in (survivor, other):
            if tx.records.get(CUSTOMER_MERGE, one.id) is not None:
                raise MergedAlready(name=one.name)
            if tx.customers.get(one.id) != one:
                raise CustomerChangedMeanwhile(name=one.name)

    def _move_balance(
        self, tx: "Transaction", kind: ValueKind, survivor: Customer, other: Customer, at: datetime
    ) -> None:
        """Bring what stands on the other's account over; another currency stays where it is."""
        source = account_of(tx, kind, other.id)
        if source is None or not source.balance:
            return
        target = account_of(tx, kind, survivor.id) or StoredValue(
            id=value_id(kind, survivor.id),
            kind=kind,
            number=survivor.number,
            currency=source.currency,
            balance=0,
            customer_id=survivor.id,
            name=survivor.name,
            limit=source.limit,
        )
        if target.currency == source.currency:
            units = source.balance
            self._put_balance(tx, source, -units, at)
            self._put_balance(tx, target, units, at)

    def _put_balance(
        self, tx: "Transaction", account: StoredValue, units: int, at: datetime
    ) -> None:
        after = replace(account, balance=account.balance + units)
        details = {"action": HolderAction.MERGE.value, "units": units, "before": account.balance}
        fact = FactKind.STORED_VALUE_CHANGED
        tx.records.put(STORED_VALUE, after, fact, at, self.staff, details)

    def _move_terms(
        self, tx: "Transaction", survivor: Customer, other: Customer, at: datetime
    ) -> None:
        """The survivor's own terms stay; what is missing and all evaluations come over."""
        source = tx.records.get(CREDIT_TERMS, other.id)
        if source is None or source.is_empty:
            return
        own = tx.records.get(CREDIT_TERMS, survivor.id) or CreditTerms(survivor.id)
        evaluations = sorted(
            (*own.evaluations, *source.evaluations), key=lambda e: (e.day, e.at), reverse=True
        )
        limit = own.credit_limit if own.credit_limit is not None else source.credit_limit
        days = own.credit_days if own.credit_days is not None else source.credit_days
        new = replace(
            own,
            credit_limit=limit,
            credit_days=days,
            bank_name=own.bank_name or source.bank_name,
            bank_account=own.bank_account or source.bank_account,
            payment_terms=own.payment_terms or source.payment_terms,
            evaluations=tuple(evaluations),
        )
        if new != own:
            tx.records.put(CREDIT_TERMS, new, FactKind.CREDIT_TERMS_SAVED, at, self.staff)


def _keys(customer: Customer) -> Iterator[tuple[Likeness, str]]:
    if email := customer.email.strip().casefold():
        yield Likeness.EMAIL, email
    digits = "".join(letter for letter in customer.phone if letter.isdecimal())
    if len(digits) >= _PHONE_DIGITS:
        yield Likeness.PHONE, digits[-_SAME_ENDING:]
    tax = "".join(letter for letter in customer.tax_number if letter.isalnum()).upper()
    if len(tax) >= _TAX_LETTERS:
        yield Likeness.TAX_NUMBER, tax
    name, postcode = _bare(customer.name), _bare(customer.postcode)
    if name and postcode:
        yield Likeness.NAME_AND_POSTCODE, f"{name}|{postcode}"


def _bare(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isalnum())

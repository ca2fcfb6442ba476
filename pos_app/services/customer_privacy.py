"""A person's right to their data: all of it in a file, and its erasure (GDPR articles 15 and 17).

What the law makes a shop keep (journal, receipts, invoices) is told in the export and not erased;
see resources/decisions/0016-erasing-a-customer.md.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_app.domain.credit import CreditTerms
from pos_app.domain.customer import Customer
from pos_app.domain.customer_erasure import (
    ERASED_NAME,
    CustomerErasure,
    MoneyStillOpen,
    StillInUse,
    erased,
)
from pos_app.domain.facts import FactKind
from pos_app.domain.order import OrderState
from pos_app.domain.order_value import has_to_invoice
from pos_app.domain.payloads import customer_payload
from pos_app.domain.plain import to_plain
from pos_app.domain.stored_value import HolderAction, StoredValue, ValueKind
from pos_app.services.checkout import Clock
from pos_app.services.customer_records import (
    CREDIT_TERMS,
    CUSTOMER_ERASURE,
    CUSTOMER_MERGE,
    merged_ids,
)
from pos_app.services.customers import Customers
from pos_app.services.document_records import DOCUMENT_KINDS, INVOICE, ORDER, QUOTATION
from pos_app.services.progress import Progress, unwatched
from pos_app.services.stored_value_records import STORED_VALUE
from pos_app.spreadsheets.writing import FileNotWritable
from pos_app.texts import t

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction

_ENTRIES_AT_ONCE = 1000
_UNFINISHED = {
    QUOTATION.name: ("draft", "submitted", "approved"),
    ORDER.name: ("draft", "approved", "partially_delivered"),
    INVOICE.name: ("draft",),
}


class CustomerPrivacy:
    """The use cases of personal data."""

    def __init__(self, store: "Store", now: Clock, staff: str = "1") -> None:
        self._store = store
        self._now = now
        self.staff = staff

    def data_of(self, customer: Customer, on_progress: Progress = unwatched) -> dict[str, Any]:
        """Return all that the store has of a person as plain values; reads the whole journal."""
        store = self._store
        members = [customer.id, *merged_ids(store, customer.id)]
        return {
            "shop": store.settings.shop().name,
            "made_at": self._now().isoformat(timespec="seconds"),
            "customer": customer_payload(customer),
            "merged_records": [
                customer_payload(one)
                for one in map(store.customers.get, members[1:])
                if one is not None
            ],
            "credit": [
                to_plain(terms)
                for terms in (store.records.get(CREDIT_TERMS, one) for one in members)
                if terms is not None
            ],
            "held_value": [to_plain(account) for account in _accounts(store, members)],
            "receipts": [
                to_plain(sale)
                for member in members
                for sale in map(store.sales.get, store.customers.sale_ids(member))
                if sale is not None
            ],
            "documents": list(_documents(store, members)),
            "journal": list(self._journal(members, on_progress)),
        }

    def export(self, customer: Customer, path: Path, on_progress: Progress = unwatched) -> Path:
        """Write a person's data as JSON to `path` and as text people can read beside it.

        Returns the text file's path. Raises FileNotWritable.
        """
        data = self.data_of(customer, on_progress)
        readable = path.with_suffix(".txt")
        try:
            path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", "utf-8")
            readable.write_text("\n".join(_readable(data)) + "\n", "utf-8")
        except OSError:
            raise FileNotWritable(name=path.name) from None
        return readable

    def erase(self, customer: Customer) -> Customer:
        """Erase a person and return what is left of their record.

        Points and blocked cards are given up; raises MoneyStillOpen or StillInUse.
        """
        at = self._now()
        with self._store.transaction() as tx:
            members = [customer.id, *merged_ids(tx, customer.id)]
            accounts = list(_accounts(tx, members))
            self._check_money(tx, customer, members, accounts)
            self._check_use(tx, customer, members)
            customers = Customers(self._store, lambda: at, self.staff)
            left = customer
            for member in reversed(members):
                known = tx.customers.get(member)
                if known is not None:
                    left = customers.save_in(tx, erased(known, t(ERASED_NAME)))
            for account in accounts:
                self._forget_account(tx, account, at)
            for member in members:
                self._forget_records(tx, member, at)
        return left

    def _check_money(
        self,
        tx: "Transaction",
        customer: Customer,
        members: list[str],
        accounts: list[StoredValue],
    ) -> None:
        for member in members:
            for listed in tx.documents.owed(INVOICE.name, member):
                raise MoneyStillOpen(name=customer.name, what=listed.number)
        for account in accounts:
            is_held = account.kind in (ValueKind.ACCOUNT, ValueKind.DEPOSIT, ValueKind.STORE_CREDIT)
            if is_held and account.balance:
                raise MoneyStillOpen(name=customer.name, what=account.money)

    def _check_use(self, tx: "Transaction", customer: Customer, members: list[str]) -> None:
        for name, statuses in _UNFINISHED.items():
            for member in members:
                for listed in tx.documents.of_customer(name, member):
                    is_ordered = name == QUOTATION.name and listed.origin
                    if listed.status in statuses and not is_ordered:
                        what = listed.number or t("a draft")
                        raise StillInUse(name=customer.name, what=what)
        for member in members:
            for listed in tx.documents.of_customer(ORDER.name, member):
                # What was delivered and not invoiced yet needs the name on its invoice.
                is_delivered = listed.status == OrderState.FULLY_DELIVERED
                order = tx.records.get(ORDER, listed.id) if is_delivered else None
                if order is not None and has_to_invoice(order):
                    raise StillInUse(name=customer.name, what=listed.number)
        draft = tx.draft.get()
        carts = [(t("the sale on the screen"), draft)]
        carts += [
            (one.name or t("a parked sale"), tx.parked.get(one.id)) for one in tx.parked.list()
        ]
        for what, cart in carts:
            if cart is not None and cart.customer is not None and cart.customer.id in members:
                raise StillInUse(name=customer.name, what=what)

    def _forget_account(self, tx: "Transaction", account: StoredValue, at: datetime) -> None:
        """Take the name off what is held; points belong to nobody else and are given up."""
        is_points = account.kind is ValueKind.POINTS
        balance = 0 if is_points else account.balance
        after = replace(account, name="", balance=balance)
        if after == account:
            return
        details = {
            "action": HolderAction.ERASE.value,
            "units": after.balance - account.balance,
            "before": account.balance,
        }
        fact = FactKind.STORED_VALUE_CHANGED
        tx.records.put(STORED_VALUE, after, fact, at, self.staff, details)

    def _forget_records(self, tx: "Transaction", customer_id: str, at: datetime) -> None:
        fact = FactKind.CUSTOMER_ERASED
        terms = tx.records.get(CREDIT_TERMS, customer_id)
        if terms is not None and not terms.is_empty:
            tx.records.put(CREDIT_TERMS, CreditTerms(customer_id), fact, at, self.staff)
        merge = tx.records.get(CUSTOMER_MERGE, customer_id)
        if merge is not None:
            bare = replace(merge, name="", card_code="")
            tx.records.put(CUSTOMER_MERGE, bare, fact, at, self.staff)
        erasure = CustomerErasure(customer_id, self.staff, at)
        tx.records.put(CUSTOMER_ERASURE, erasure, fact, at, self.staff)

    def _journal(self, members: list[str], on_progress: Progress) -> Iterator[dict[str, Any]]:
        """Every entry that names the person."""
        total = self._store.journal.count()
        marks = [f'"{member}"' for member in members]
        after = 0
        while entries := self._store.journal.entries(after, _ENTRIES_AT_ONCE):
            for entry in entries:
                if any(mark in entry.payload for mark in marks):
                    told = json.loads(entry.payload)
                    yield {"entry": entry.seq, "kind": entry.kind, "at": entry.at, "told": told}
            after = entries[-1].seq
            on_progress(after, total)


def _accounts(source: "Source", members: list[str]) -> Iterator[StoredValue]:
    for kind in ValueKind:
        for account in source.records.starting_with(STORED_VALUE, f"{kind.value} ", 1_000_000):
            if account.customer_id in members:
                yield account


def _documents(source: "Source", members: list[str]) -> Iterator[dict[str, Any]]:
    for kind in DOCUMENT_KINDS:
        for member in members:
            for listed in source.documents.of_customer(kind.name, member):
                yield {"kind": kind.name, **(source.records.plain(kind.name, listed.id) or {})}


def _readable(data: dict[str, Any], depth: int = 0) -> Iterator[str]:
    """Write plain values as indented lines; what is empty is left out."""
    indent = "  " * depth
    for name, value in data.items():
        title = str(name).replace("_", " ")
        if value in ("", None, [], {}):
            continue
        if isinstance(value, dict):
            yield f"{indent}{title}:"
            yield from _readable(value, depth + 1)
        elif isinstance(value, list):
            yield f"{indent}{title} ({len(value)}):"
            for number, one in enumerate(value, 1):
                if isinstance(one, dict):
                    yield f"{indent}  {number}."
                    yield from _readable(one, depth + 2)
                else:
                    yield f"{indent}  {one}"
        else:
            yield f"{indent}{title}: {value}"

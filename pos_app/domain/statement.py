"""A customer's statement of account: what was owed, what came to it, and how old the rest is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pos_app.domain.money import Money, total

# The last day of each age in days past due, as receivables are usually aged.
AGE_DAYS = (30, 60, 90)


class EntryKind(StrEnum):
    """What moves an account."""

    INVOICE = "invoice"
    PAYMENT = "payment"
    PAID_BACK = "paid_back"
    CREDIT_NOTE = "credit_note"
    ACCOUNT_SALE = "account_sale"
    ACCOUNT_RETURN = "account_return"
    ACCOUNT_PAYMENT = "account_payment"


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement before it stands in a statement: above zero the customer owes more.

    `document` is the id of what is owed (an invoice, or the account), so that payments meet it;
    `due` is the last day to pay it.
    """

    day: date
    kind: EntryKind
    number: str
    amount: Money
    document: str
    reference: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One line of a statement; `balance` is what is owed after it."""

    day: date
    kind: EntryKind
    number: str
    reference: str
    due: date | None
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What is still owed on one document; `days_late` counts from its last day to pay."""

    day: date
    kind: EntryKind
    number: str
    due: date
    amount: Money
    days_late: int


@dataclass(frozen=True, slots=True)
class Ages:
    """What is owed by how late it is: not due yet, up to 30, 60, 90 days late, and later."""

    not_due: Money
    to_30: Money
    to_60: Money
    to_90: Money
    older: Money

    @property
    def overdue(self) -> Money:
        """All that should have been paid."""
        return self.to_30 + self.to_60 + self.to_90 + self.older

    @property
    def all(self) -> Money:
        """Everything that is owed."""
        return self.not_due + self.overdue


@dataclass(frozen=True, slots=True)
class Statement:
    """From `start` to `end` (both within): opening + entries = closing.

    `items` are what is open at `end`, the oldest first; what a customer has too much makes the
    closing balance smaller than their sum. A document is named by its number.
    """

    customer_id: str
    currency: str
    start: date
    end: date
    opening: Money
    entries: tuple[StatementEntry, ...]
    closing: Money
    items: tuple[OpenItem, ...]
    ages: Ages

    @property
    def charged(self) -> Money:
        """What made the balance larger."""
        return total((e.amount for e in self.entries if e.amount.minor > 0), self.currency)

    @property
    def settled(self) -> Money:
        """What made it smaller, as an amount above zero."""
        return -total((e.amount for e in self.entries if e.amount.minor < 0), self.currency)


def with_balances(movements: Iterable[Movement], opening: Money) -> tuple[StatementEntry, ...]:
    """Return movements by day with the balance after each; charges of a day come first."""
    entries = []
    balance = opening
    for one in sorted(movements, key=lambda m: (m.day, m.amount.minor < 0)):
        balance = balance + one.amount
        entries.append(
            StatementEntry(
                one.day, one.kind, one.number, one.reference, one.due, one.amount, balance
            )
        )
    return tuple(entries)


def open_items(movements: Iterable[Movement], end: date) -> tuple[OpenItem, ...]:
    """Return what is open at a day: payments settle the oldest charge of their document first."""
    by_document: dict[str, list[Movement]] = {}
    for one in movements:
        if one.day <= end:
            by_document.setdefault(one.document, []).append(one)
    items = [item for group in by_document.values() for item in _open_of(group, end)]
    return tuple(sorted(items, key=lambda item: (item.due, item.day, item.number)))


def ages_of(items: Iterable[OpenItem], currency: str) -> Ages:
    """Sum open items by age."""
    sums = [0] * (len(AGE_DAYS) + 2)
    for item in items:
        sums[_age(item.days_late)] += item.amount.minor
    return Ages(*(Money(minor, currency) for minor in sums))


def _open_of(movements: list[Movement], end: date) -> list[OpenItem]:
    """The latest charges that come to what is owed: earlier ones are settled."""
    left = sum(one.amount.minor for one in movements)
    items: list[OpenItem] = []
    charges = [one for one in movements if one.amount.minor > 0]
    for one in sorted(charges, key=lambda m: m.day, reverse=True):
        if left <= 0:
            break
        part = min(left, one.amount.minor)
        left -= part
        due = one.due or one.day
        amount = Money(part, one.amount.currency)
        late = max((end - due).days, 0)
        items.append(OpenItem(one.day, one.kind, one.number, due, amount, late))
    return items


def _age(days_late: int) -> int:
    if days_late <= 0:
        return 0
    return 1 + sum(days_late > days for days in AGE_DAYS)

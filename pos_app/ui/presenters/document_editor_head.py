"""The head of a document that is being written: whom it is for, its dates, terms and discount."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from pos_app.domain.customer import Customer
from pos_app.domain.discount import DiscountBasis, DiscountKind, DocumentDiscount
from pos_app.domain.document import (
    NAME_LIMIT,
    TEXT_LIMIT,
    CustomerMissing,
    DocumentHead,
    check_dates,
    party_of,
)
from pos_app.domain.errors import PosError
from pos_app.services.customer_records import terms_of
from pos_app.services.document_desk import DocumentDesk
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.document_editor_kinds import EditorKind, Written, until_of
from pos_app.ui.presenters.document_editor_lines import AMOUNT, PERCENT, REASON_LIMIT
from pos_app.ui.presenters.document_steps import NoDay
from pos_app.ui.presenters.paper_texts import check_paper_text
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.typed_days import sentence_with_days, shown_day, typed_day
from pos_app.ui.presenters.typed_figures import counted_figure, shown_figure

if TYPE_CHECKING:
    from pos_app.store.store import Store

TEXTS = {
    "payment_terms": TEXT_LIMIT,
    "shipping_terms": TEXT_LIMIT,
    "remarks": TEXT_LIMIT,
    "internal_note": TEXT_LIMIT,
    "reference": NAME_LIMIT,
    "language": 10,
}

# The languages of papers, each by its own name.
LANGUAGE_NAMES = {"en": "English", "de": "Deutsch", "fr": "Français", "zh": "中文", "ar": "العربية"}


class EditorHead:
    """Keeps what was typed by field, and what is wrong with it; `first` is what it began with."""

    def __init__(
        self, desk: DocumentDesk, store: "Store", first: Written, kind: EditorKind
    ) -> None:
        self._store = store
        self._shop, self._today = desk.shop, desk.today
        self._amounts = amount_format(desk.shop)
        self._kind = kind
        self._first = first
        self.party = first.head.customer
        self.customer: Customer | None = store.customers.get(self.party.id)
        self.texts = self._first_texts()
        self.errors: dict[str, str] = {}
        self._last_day = first.head.day

    @property
    def snapshot(self) -> tuple[object, ...]:
        """What is compared to tell whether anything changed."""
        typed = {name: text for name, text in self.texts.items() if name != "customer"}
        return self.party.id, typed

    @property
    def about_customer(self) -> str:
        """The customer's number and address."""
        party = self.party
        place = " ".join(part for part in (party.postcode, party.city) if part)
        address = ", ".join(party.address.split("\n"))
        return ", ".join(part for part in (party.number, address, place) if part)

    def change(self, name: str, text: str, *, is_new: bool) -> None:
        """Take what was typed; a new document's second date keeps its distance from the first."""
        if name == "day" and is_new:
            self._move_until(self.day_of(text))
        self.texts[name] = text
        self.errors.pop(name, None)

    def day_of(self, text: str) -> date | None:
        """Return the date that a text stands for, or None."""
        try:
            return typed_day(text, self._today, self._shop)
        except PosError:
            return None

    def shown_day(self, name: str) -> date:
        """Return the day that a calendar begins with."""
        return self.day_of(self.texts[name]) or self._today

    def pick_day(self, name: str, day: date, *, is_new: bool) -> None:
        """Take a day from the calendar."""
        self.change(name, shown_day(day, self._shop), is_new=is_new)

    def use_customer(self, customer: Customer, *, is_new: bool) -> None:
        """Write the document for this customer, with what was agreed with them."""
        self.customer, self.party = customer, party_of(customer)
        self.texts["customer"] = customer.name
        self.errors.pop("customer", None)
        terms = terms_of(self._store, customer.id)
        if terms is None or not is_new:
            return
        usual = self._shop.documents.payment_terms
        if terms.payment_terms and self.texts["payment_terms"] == usual:
            self.texts["payment_terms"] = terms.payment_terms
        day = self.day_of(self.texts["day"])
        if self._kind.follows_credit_days and terms.credit_days is not None and day is not None:
            due = day + timedelta(days=terms.credit_days)
            self.texts["until"] = shown_day(due, self._shop)

    def discounts(self) -> tuple[DocumentDiscount, ...]:
        """Return the discounts of the whole document; raises what cannot be read."""
        value = counted_figure(self.texts["discount"], self._amounts)
        reason = self.texts["discount_reason"].strip()
        check_paper_text(reason, REASON_LIMIT)
        others = self._first.discounts[1:]  # only the first one is written here
        if not value:
            return others
        is_amount = self.texts["discount_kind"] == AMOUNT
        kind = DiscountKind.AMOUNT if is_amount else DiscountKind.PERCENT
        with_tax = self._first.head.policy.prices_include_tax
        basis = DiscountBasis.GROSS if with_tax else DiscountBasis.NET
        return (DocumentDiscount(kind, value, basis, reason), *others)

    def read(
        self, head: DocumentHead
    ) -> tuple[DocumentHead, tuple[DocumentDiscount, ...], date | None] | None:
        """Return head, discounts and second date as entered, or tell all that is wrong."""
        self.errors = {}
        day = self._read("day", self._needed_day)
        until = self._read("until", self._until)
        discounts = self._read("discount", lambda _text: self.discounts())
        for name, limit in TEXTS.items():
            self._read(name, partial(_check_text, limit))
        if not self.party.id:
            self.errors["customer"] = sentence_of(CustomerMissing(), self._amounts)
        if day is not None and "until" not in self.errors:
            self._read("until", lambda _text: check_dates(day, until))
        if self.errors:
            return None
        texts: dict[str, Any] = {name: self.texts[name].strip() for name in TEXTS}
        return replace(head, customer=self.party, day=day, **texts), discounts, until

    def _read(self, name: str, read: Callable[[str], Any]) -> Any:
        try:
            return read(self.texts[name])
        except PosError as refusal:
            self.errors[name] = sentence_with_days(refusal, self._amounts, self._shop)
            return None

    def _move_until(self, day: date | None) -> None:
        until = self.day_of(self.texts["until"])
        if day is not None and until is not None:
            self.texts["until"] = shown_day(until + (day - self._last_day), self._shop)
            self._last_day = day

    def _needed_day(self, text: str) -> date:
        day = typed_day(text, self._today, self._shop)
        if day is None:
            raise NoDay()
        return day

    def _until(self, text: str) -> date | None:
        if self._kind.until_hint:
            return typed_day(text, self._today, self._shop)
        return self._needed_day(text)

    def _first_texts(self) -> dict[str, str]:
        head = self._first.head
        discount = next(iter(self._first.discounts), None)
        is_amount = discount is not None and discount.kind is DiscountKind.AMOUNT
        return {
            "customer": head.customer.name,
            "day": shown_day(head.day, self._shop),
            "until": shown_day(until_of(self._first), self._shop),
            **{name: getattr(head, name) for name in TEXTS},
            "discount": shown_figure(discount.value, self._amounts) if discount else "",
            "discount_kind": AMOUNT if is_amount else PERCENT,
            "discount_reason": discount.reason if discount else "",
        }


def _check_text(limit: int, text: str) -> None:
    check_paper_text(text.strip(), limit)

"""One row of a customer list read into what it says, or refused with a sentence."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from pos_app.domain.credit import CreditTerms
from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.written_numbers import parse_number
from pos_app.services.customer_columns import CustomerField
from pos_app.services.customers import NOTE_LIMIT, customer_refusals
from pos_app.services.product_columns import Mapping
from pos_app.services.product_rows import (
    CellEmpty,
    RowRefused,
    TextHoldsControls,
    TextTooLongForCell,
    code_text,
    name_text,
)
from pos_app.services.product_words import yes_or_no
from pos_app.spreadsheets.table import Row

_F = CustomerField
_LONG = (_F.ADDRESS, _F.NOTE)
_CODES = (_F.NUMBER, _F.CARD)
# Which field of the customer a column fills, where the names differ.
_NAMES = {_F.CARD: "card_code", _F.TAX_NUMBER: "tax_number", _F.PRICE_LIST: "price_list"}
_TERMS = (_F.CREDIT_LIMIT, _F.CREDIT_DAYS, _F.BANK_NAME, _F.BANK_ACCOUNT)


class DaysNotPossible(PosError):
    """Days to pay that are no whole number."""

    sentence = "“{text}” are no days to pay. Enter a whole number from 0, or leave it empty."


class LimitNotPossible(PosError):
    """A credit limit below zero, or finer than the currency."""

    sentence = "A credit limit of {text} is not possible. Enter 0 or more, or leave it empty."


@dataclass(frozen=True, slots=True)
class ListedCustomer:
    """What a row says: `values` are fields of the customer, `terms` those of their credit."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    terms: dict[str, Any] = field(default_factory=dict)

    @property
    def codes(self) -> tuple[str, ...]:
        """The number and the card by which the row could be known."""
        found = (self.values.get("number", ""), self.values.get("card_code", ""))
        return tuple(dict.fromkeys(code for code in found if code))


def read_customer_row(row: Row, mapping: Mapping, currency: str) -> ListedCustomer:
    """Read a row; raises RowRefused, or the row's own fault."""
    if row.fault is not None:
        raise row.fault
    values: dict[str, Any] = {}
    terms: dict[str, Any] = {}
    for column in mapping.columns:
        wanted = _F(column.field.value)
        cell = row.cell(column.index)
        if wanted in _TERMS:
            terms[wanted.value.replace(" ", "_")] = _named(wanted, _term(mapping, currency), cell)
        elif wanted is _F.ACTIVE:
            values["is_active"] = _named(wanted, lambda text, _wanted: yes_or_no(text), cell)
        else:
            name = _NAMES.get(wanted, wanted.value)
            values[name] = _named(wanted, _text, cell)
    listed = ListedCustomer(row, values, terms)
    if mapping.has(_F.NAME) and not values["name"]:
        raise RowRefused(_F.NAME.value, CellEmpty())
    if not mapping.has(_F.NAME) and not listed.codes:
        raise RowRefused(_F.NUMBER.value, CellEmpty())
    return listed


def checked_customer(customer: Customer) -> Customer:
    """Return a customer who can be saved; raises RowRefused."""
    for name, refusal in customer_refusals(customer).items():
        raise RowRefused(name.replace("_", " "), refusal)
    return customer


def with_terms(known: CreditTerms, listed: ListedCustomer) -> CreditTerms:
    """Return terms as a row says; what it does not name stays."""
    return replace(known, **listed.terms) if listed.terms else known


def customer_keys(row: Row, mapping: Mapping) -> set[str]:
    """Return the codes that a row would be read with, quickly and without judging them."""
    cells = [cell for wanted in _CODES for cell in mapping.cells(row, wanted)]
    keys = {" ".join(cell.split()) for cell in cells}
    keys.discard("")
    return keys


def _text(text: str, wanted: CustomerField) -> str:
    if wanted in _CODES:
        return code_text(text)
    if wanted not in _LONG:
        return name_text(text)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    whole = "\n".join(lines).strip()
    if any(not (letter.isprintable() or letter == "\n") for letter in whole):
        raise TextHoldsControls()
    if len(whole) > NOTE_LIMIT:
        raise TextTooLongForCell(length=len(whole), limit=NOTE_LIMIT)
    return whole


def _term(mapping: Mapping, currency: str) -> Callable[[str, CustomerField], Any]:
    def read(text: str, wanted: CustomerField) -> Any:
        if wanted is _F.CREDIT_LIMIT:
            return _limit(text, mapping.decimal_mark, currency)
        if wanted is _F.CREDIT_DAYS:
            return _days(text)
        return name_text(text)

    return read


def _limit(text: str, mark: str, currency: str) -> Money | None:
    if not text.strip():
        return None
    number: Decimal = parse_number(text, mark)
    try:
        limit = Money.of(number, currency)
    except PosError:
        raise LimitNotPossible(text=text.strip()[:40]) from None
    if limit.minor < 0:
        raise LimitNotPossible(text=text.strip()[:40])
    return limit


def _days(text: str) -> int | None:
    bare = text.strip()
    if not bare:
        return None
    if not re.fullmatch(r"\d{1,4}", bare, re.ASCII):
        raise DaysNotPossible(text=bare[:40])
    return int(bare)


def _named(wanted: CustomerField, read: Callable[[str, CustomerField], Any], text: str) -> Any:
    try:
        return read(text, wanted)
    except PosError as refusal:
        raise RowRefused(wanted.value, refusal) from None

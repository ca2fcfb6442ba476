"""Importing customers from a list: previewed, in transactions of some hundred rows, repairable."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.credit import CreditTerms, checked_terms
from pos_app.domain.customer import Customer
from pos_app.domain.errors import PosError
from pos_app.domain.facts import Fact, FactKind
from pos_app.domain.ids import uuid7
from pos_app.domain.payloads import customer_payload
from pos_app.services.customer_columns import (
    CustomerField,
    check_customer_mapping,
    customer_header_score,
    guess_customer_mapping,
)
from pos_app.services.customer_records import CREDIT_TERMS
from pos_app.services.customer_rows import (
    ListedCustomer,
    checked_customer,
    customer_keys,
    read_customer_row,
    with_terms,
)
from pos_app.services.customers import next_number
from pos_app.services.list_import import (
    CodeListedTwice,
    ImportReport,
    ImportRun,
    Refused,
    codes_listed_twice,
    finished_fact,
    import_rows,
)
from pos_app.services.product_columns import Mapping
from pos_app.services.product_preview import PreviewRow
from pos_app.services.product_rows import CellEmpty, RowRefused
from pos_app.services.progress import Progress, never, unwatched
from pos_app.spreadsheets.reading import read_table
from pos_app.spreadsheets.table import Row, Table
from pos_app.store.words import fold

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

SAMPLE_ROWS = 200
Clock = Callable[[], datetime]
_F = CustomerField


def open_customer_list(path: Path) -> tuple[Table, Mapping]:
    """Open a list and guess its columns; raises what `read_table` raises."""
    table = read_table(path, customer_header_score)
    sample = (row for row in islice(table.rows(), SAMPLE_ROWS) if row.fault is None)
    return table, guess_customer_mapping(table.header, sample)


def preview_customers(
    table: Table, mapping: Mapping, currency: str, limit: int = 20
) -> list[PreviewRow]:
    """Show the first rows as they would be imported; raises ColumnsMissing, ColumnUsedTwice."""
    check_customer_mapping(mapping, table.header)
    return [_previewed(row, mapping, currency) for row in islice(table.rows(), limit)]


class CustomerImport:
    """Imports one list; each chunk of rows is one transaction of `store`.

    Customers are found again by number, then by card, then by e-mail, or by name and postcode
    where the list has neither numbers nor cards, so importing a list twice changes nothing.
    """

    def __init__(
        self,
        store: "Store",
        now: Clock,
        staff: str = "1",
        repair_folder: Path | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self._staff = staff
        self._repair_folder = repair_folder
        shop = store.settings.shop()
        self._currency = shop.policy.currency
        self._blank = Customer("", "", "", country=shop.country)
        self._is_by_likeness = False
        self._alike: dict[str, str] = {}
        self._rows: dict[str, int] = {}  # of lists without codes: in which row a customer stood

    def run(
        self,
        table: Table,
        mapping: Mapping,
        on_progress: Progress = unwatched,
        cancelled: Callable[[], bool] = never,
    ) -> ImportReport:
        """Import every row; what was refused goes to the repair file. As `ProductImport.run`."""
        check_customer_mapping(mapping, table.header)
        run = ImportRun()
        on_progress(0, table.row_estimate)
        self._rows = {}
        self._is_by_likeness = not mapping.has(_F.NUMBER, _F.CARD)
        self._alike = self._known_without_codes() if self._is_by_likeness else {}
        suspects = codes_listed_twice(table, mapping, customer_keys, cancelled)

        def write(chunk: list[Row]) -> Refused:
            return self._import_chunk(chunk, table, mapping, run, suspects)

        report = import_rows(table, run, write, self._repair_folder, on_progress, cancelled)
        with self._store.transaction() as tx:
            told = finished_fact(report, table, FactKind.CUSTOMERS_IMPORTED, "customers")
            tx.journal.append(told, self._now(), self._staff)
        return report

    def _import_chunk(
        self, chunk: list[Row], table: Table, mapping: Mapping, run: ImportRun, suspects: set[str]
    ) -> Refused:
        """Write one chunk and return the rows that were refused."""
        refused: Refused = []
        at = self._now()
        batch = _Batch()
        with self._store.transaction() as tx:
            for row in chunk:
                try:
                    listed = read_customer_row(row, mapping, self._currency)
                    _check_listed_once(listed, run.first_rows, suspects)
                    self._place(tx, listed, batch)
                except PosError as reason:
                    refused.append((row, reason))
            if batch.customers:
                payload = {
                    "file": table.name,
                    "sha256": table.sha256,
                    "customers": [customer_payload(one) for one in batch.customers],
                }
                tx.journal.append(Fact(FactKind.CUSTOMERS_IMPORTED, payload), at, self._staff)
            for terms in batch.terms:
                fact = FactKind.CREDIT_TERMS_SAVED
                tx.records.put(CREDIT_TERMS, terms, fact, at, self._staff)
        run.added += batch.added
        run.changed += batch.changed
        run.unchanged += batch.unchanged
        return refused

    def _place(self, tx: "Transaction", listed: ListedCustomer, batch: "_Batch") -> None:
        """Write the customer of a row, new, changed or as they are."""
        known = self._find(tx, listed)
        first = None if known is None else batch.rows.get(known.id) or self._rows.get(known.id)
        if known is not None and first is not None:
            raise RowRefused(_F.NAME.value, CodeListedTwice(code=known.name, row=first))
        if known is None:
            if not listed.values.get("name"):
                raise RowRefused(_F.NAME.value, CellEmpty())
            customer = replace(self._blank, **listed.values, id=self._new_id())
        else:
            values = {
                name: value
                for name, value in listed.values.items()
                if not (name in ("number", "card_code") and not value)
            }
            customer = replace(known, **values)
        checked_customer(customer)
        terms, old_terms = self._terms(tx, listed, customer.id)
        if not customer.number:
            customer = replace(customer, number=next_number(tx))
        if customer != known:
            tx.customers.save(customer)  # raises NumberTaken
            batch.customers.append(customer)
        if terms != old_terms:
            batch.terms.append(terms)
        self._remember(customer, listed.row.number)
        batch.count(customer, known, listed.row.number, is_changed=terms != old_terms)

    def _terms(
        self, tx: "Transaction", listed: ListedCustomer, customer_id: str
    ) -> tuple[CreditTerms, CreditTerms]:
        old = tx.records.get(CREDIT_TERMS, customer_id) if listed.terms else None
        before = old or CreditTerms(customer_id)
        return checked_terms(with_terms(before, listed)), before

    def _find(self, tx: "Transaction", listed: ListedCustomer) -> Customer | None:
        for code in listed.codes:
            known = tx.customers.find(code)
            if known is not None:
                return known
        for key in _keys_without_codes(listed.values):
            if key in self._alike:
                return tx.customers.get(self._alike[key])
        return None

    def _known_without_codes(self) -> dict[str, str]:
        return {
            key: customer.id
            for customer in self._store.customers.stream()
            for key in _keys_of(customer)
        }

    def _remember(self, customer: Customer, row: int) -> None:
        if self._is_by_likeness:
            self._alike |= dict.fromkeys(_keys_of(customer), customer.id)
            self._rows[customer.id] = row

    def _new_id(self) -> str:
        return uuid7(int(self._now().timestamp() * 1000), secrets.randbits(74))


@dataclass
class _Batch:
    """What one chunk writes and counts."""

    customers: list[Customer] = field(default_factory=list)
    terms: list[CreditTerms] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def count(
        self, customer: Customer, known: Customer | None, row: int, *, is_changed: bool
    ) -> None:
        """Count a row that was placed."""
        self.rows[customer.id] = row
        if known is None:
            self.added += 1
        elif customer != known or is_changed:
            self.changed += 1
        else:
            self.unchanged += 1


def _check_listed_once(
    listed: ListedCustomer, first_rows: dict[str, int], suspects: set[str]
) -> None:
    doubtful = [code for code in listed.codes if code in suspects]
    for code in doubtful:
        if code in first_rows:
            reason = CodeListedTwice(code=code, row=first_rows[code])
            raise RowRefused(_F.NUMBER.value, reason)
    for code in doubtful:
        first_rows[code] = listed.row.number


def _keys_of(customer: Customer) -> Iterator[str]:
    values = {name: getattr(customer, name) for name in ("email", "name", "postcode", "phone")}
    return _keys_without_codes(values)


def _keys_without_codes(values: dict[str, str]) -> Iterator[str]:
    """By what a row without number and card is known again: e-mail, or name with a place."""
    if email := values.get("email", "").casefold():
        yield f"e {email}"
        return
    name = fold(values.get("name", ""))
    yield f"n {name}|{fold(values.get('postcode', ''))}|{values.get('phone', '')}"


def _previewed(row: Row, mapping: Mapping, currency: str) -> PreviewRow:
    shown = {column.field.value: row.cell(column.index) for column in mapping.columns}
    try:
        listed = read_customer_row(row, mapping, currency)
        if listed.values.get("name"):
            checked_customer(replace(Customer("", "", ""), **listed.values))
    except PosError as refusal:
        return PreviewRow(row.number, shown, refusal)
    return PreviewRow(row.number, {key: text for key, text in shown.items() if text.strip()})

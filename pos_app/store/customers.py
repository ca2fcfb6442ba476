"""Customers: found by number, card, name or part of it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pos_app.domain.customer import Customer
from pos_app.store.connection import Database
from pos_app.store.customer_lists import (
    ACCOUNT_MOVES,
    EVERYBODY,
    AccountMove,
    CustomerFilter,
    account_move,
    narrowed_to,
)
from pos_app.store.errors import NumberTaken
from pos_app.store.products import LONGEST_CODE, is_storable
from pos_app.store.search import found_customers, index_customer, search_text
from pos_app.store.words import typed

FIELDS = (
    "id",
    "number",
    "name",
    "phone",
    "email",
    "tax_number",
    "address",
    "city",
    "postcode",
    "country",
    "card_code",
    "note",
    "contact",
    "state",
    "category",
    "region",
    "price_list",
    "is_active",
)
_FEW = 5_000
_COLUMNS = ", ".join(f"c.{name}" for name in FIELDS)
_INSERT = f"INSERT INTO customers VALUES ({', '.join('?' * (len(FIELDS) + 2))})"
_UPDATE = (
    f"UPDATE customers SET {', '.join(f'{name} = ?' for name in FIELDS)}, search_text = ? "
    "WHERE row = ?"
)


class Customers:
    """The customers for reading."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, code: str) -> Customer | None:
        """Return the customer with this number or card code, exactly."""
        if not code or len(code) > LONGEST_CODE or not is_storable(code):
            return None
        row = self._db.row(
            f"SELECT {_COLUMNS} FROM customer_codes k JOIN customers c ON c.row = k.customer "
            "WHERE k.code = ?",
            (code,),
        )
        return None if row is None else customer_of(row)

    def get(self, customer_id: str) -> Customer | None:
        """Return a customer by id."""
        row = self._db.row(f"SELECT {_COLUMNS} FROM customers c WHERE c.id = ?", (customer_id,))
        return None if row is None else customer_of(row)

    def owners(self, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Return whose numbers and cards these are: id and name, by code."""
        marks = ", ".join("?" * len(codes))
        rows = self._db.rows(
            "SELECT k.code, c.id, c.name FROM customer_codes k JOIN customers c "
            f"ON c.row = k.customer WHERE k.code IN ({marks})",
            codes,
        )
        return {code: (customer_id, name) for code, customer_id, name in rows}

    def count(self, chosen: CustomerFilter = EVERYBODY) -> int:
        """Return how many customers there are, or meet a filter."""
        narrowed = narrowed_to(chosen)
        if narrowed is None:  # customers are never removed, so their rows have no gaps
            return int(self._db.value("SELECT max(row) FROM customers") or 0)
        counted = f"SELECT count(*) FROM customers c WHERE {narrowed.rule}"
        return int(self._db.value(counted, narrowed.values))

    def search(
        self, text: str, limit: int = 30, offset: int = 0, chosen: CustomerFilter = EVERYBODY
    ) -> list[Customer]:
        """Return customers for what was typed.

        Their number, card, name, phone, e-mail, town, contact or tax number holds it.
        """
        return self.at_rows(self._rows_for(text, offset + limit, chosen)[offset:])

    def page(
        self, offset: int, limit: int, text: str = "", chosen: CustomerFilter = EVERYBODY
    ) -> list[Customer]:
        """Return a page of the customers by name, or of a search."""
        if text.strip():
            return self.search(text, limit, offset, chosen)
        narrowed = narrowed_to(chosen)
        rule, values = ("1", ()) if narrowed is None else (narrowed.rule, narrowed.values)
        # The rows of the page are found in the index alone, so that far pages come quickly too.
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM (SELECT c.row AS place FROM customers c WHERE {rule} "
            "ORDER BY c.search_text LIMIT ? OFFSET ?) JOIN customers c ON c.row = place "
            "ORDER BY c.search_text",
            (*values, limit, offset),
        )
        return [customer_of(row) for row in rows]

    def at_rows(self, rows: Sequence[int]) -> list[Customer]:
        """Return the customers of some rows, in that order."""
        marks = ", ".join("?" * len(rows))
        found = self._db.rows(
            f"SELECT c.row, {_COLUMNS} FROM customers c WHERE c.row IN ({marks})", tuple(rows)
        )
        by_row = {row[0]: customer_of(row[1:]) for row in found}
        return [by_row[row] for row in rows if row in by_row]

    def listed(self, chosen: CustomerFilter = EVERYBODY) -> "CustomerList":
        """Return the list of those who meet a filter; what is written later needs a new one."""
        return CustomerList(self, chosen, self.count(chosen))

    def rows_of(self, chosen: CustomerFilter) -> list[tuple[int, str]]:
        """Return the rows that meet a filter by name, each with its searched text."""
        narrowed = narrowed_to(chosen)
        rule, values = ("1", ()) if narrowed is None else (narrowed.rule, narrowed.values)
        # Few rows are sorted sooner than all are walked in the order of their names.
        sql = f"SELECT c.row, c.search_text FROM customers c WHERE {rule} ORDER BY +c.search_text"
        return [(row, text) for row, text in self._db.rows(sql, values)]

    def stream(self) -> Iterator[Customer]:
        """Yield every customer in the order of writing, active or not."""
        for row in self._db.stream(f"SELECT {_COLUMNS} FROM customers c ORDER BY c.row"):
            yield customer_of(row)

    def words_in(self, column: str) -> list[str]:
        """Return what the customers' categories, regions or price lists are called, by name."""
        if column not in ("category", "region", "price_list"):
            raise ValueError(column)
        sql = f"SELECT DISTINCT {column} FROM customers WHERE {column} <> '' ORDER BY {column}"
        return [word for (word,) in self._db.rows(sql)]

    def account_moves(self, customer_ids: Sequence[str], currency: str) -> list[AccountMove]:
        """Return what the till's documents did to the accounts of customers, the first first."""
        return [
            account_move(row)
            for customer_id in customer_ids
            for row in self._db.rows(ACCOUNT_MOVES, (customer_id, currency))
        ]

    def sale_ids(self, customer_id: str) -> list[str]:
        """Return the ids of all documents of the till for a customer, the first first."""
        rows = self._db.rows(
            "SELECT id FROM sales WHERE customer_id = ? ORDER BY row", (customer_id,)
        )
        return [sale_id for (sale_id,) in rows]

    def _rows_for(self, text: str, wanted: int, chosen: CustomerFilter) -> list[int]:
        code = text.strip()
        narrowed = narrowed_to(chosen)
        exact = []
        if code and len(code) <= LONGEST_CODE and is_storable(code):
            rule, values = ("1", ()) if narrowed is None else (narrowed.rule, narrowed.values)
            row = self._db.value(
                "SELECT k.customer FROM customer_codes k JOIN customers c ON c.row = k.customer "
                f"WHERE k.code = ? AND {rule}",
                (code, *values),
            )
            exact = [] if row is None else [int(row)]
        return found_customers(self._db, text, wanted, exact, narrowed)


class CustomerList:
    """Customers who meet a filter, a page at a time; `total` is how many.

    Of few the rows are kept with their searched texts, which makes a search among them quick.
    """

    def __init__(self, customers: Customers, chosen: CustomerFilter, total: int) -> None:
        self._customers = customers
        self._chosen = chosen
        self.total = total
        is_few = chosen != EVERYBODY and total <= _FEW
        self._rows = customers.rows_of(chosen) if is_few else None

    def page(self, offset: int, limit: int) -> list[Customer]:
        """Return a page by name."""
        if self._rows is None:
            return self._customers.page(offset, limit, chosen=self._chosen)
        return self._customers.at_rows([row for row, _ in self._rows[offset : offset + limit]])

    def search(self, text: str, limit: int) -> list[Customer]:
        """Return the best matches of what was typed; see `Customers.search`."""
        if self._rows is None:
            return self._customers.search(text, limit, chosen=self._chosen)
        needles = typed(text).split()
        rows = [row for row, own in self._rows if all(needle in own for needle in needles)]
        return self._customers.at_rows(rows[:limit])


class CustomersWriter(Customers):
    """The customers inside a transaction."""

    def save(self, customer: Customer) -> None:
        """Keep a customer, new or changed; raises NumberTaken."""
        known = self._db.row(
            "SELECT row, number, card_code FROM customers WHERE id = ?", (customer.id,)
        )
        row = known[0] if known else self._next_row()
        codes = [code for code in dict.fromkeys((customer.number, customer.card_code)) if code]
        self._check_codes(codes, row)
        values: tuple[Any, ...] = tuple(getattr(customer, name) for name in FIELDS)
        words = customer_text(customer)
        if known is None:
            self._db.run(_INSERT, (row, *values, words))
        else:
            self._db.run(_UPDATE, (*values, words, row))
            old = [(code, row) for code in known[1:] if code]
            self._db.many("DELETE FROM customer_codes WHERE code = ? AND customer = ?", old)
        self._db.many("INSERT INTO customer_codes VALUES (?, ?)", [(code, row) for code in codes])
        index_customer(self._db, row, words)

    def release_codes(self, customer_ids: Iterable[str]) -> None:
        """Let nobody be found by the codes of customers who are saved anew in this transaction.

        So customers can swap codes.
        """
        sql = "DELETE FROM customer_codes WHERE customer = (SELECT row FROM customers WHERE id = ?)"
        self._db.many(sql, [(customer_id,) for customer_id in customer_ids])

    def _next_row(self) -> int:
        return int(self._db.value("SELECT max(row) FROM customers") or 0) + 1

    def _check_codes(self, codes: list[str], row: int) -> None:
        for code in codes:
            taken = self._db.row(
                "SELECT c.name, c.number FROM customer_codes k JOIN customers c "
                "ON c.row = k.customer WHERE k.code = ? AND k.customer <> ?",
                (code, row),
            )
            if taken:
                raise NumberTaken(code=code, name=taken[0] or taken[1])


def customer_of(row: Sequence[Any]) -> Customer:
    """Return the customer of a row of `FIELDS`."""
    values = [*row]
    values[-1] = bool(values[-1])
    return Customer(*values)


def customer_text(customer: Customer) -> str:
    """Return what is searched for a customer, folded."""
    return search_text(
        customer.name,
        customer.number,
        customer.card_code,
        customer.phone,
        customer.email,
        customer.city,
        customer.postcode,
        customer.contact,
        customer.tax_number,
    )

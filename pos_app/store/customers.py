"""Customers: found by number, card, name or part of it."""

from typing import Any

from pos_app.domain.customer import Customer
from pos_app.store.connection import Database
from pos_app.store.errors import NumberTaken
from pos_app.store.products import LONGEST_CODE, is_storable
from pos_app.store.search import found_customers, index_customer, search_text

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
)
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
        return None if row is None else Customer(*row)

    def get(self, customer_id: str) -> Customer | None:
        """Return a customer by id."""
        row = self._db.row(f"SELECT {_COLUMNS} FROM customers c WHERE c.id = ?", (customer_id,))
        return None if row is None else Customer(*row)

    def count(self) -> int:
        """Return how many customers there are."""
        # Customers are never removed, so their rows have no gaps.
        return int(self._db.value("SELECT max(row) FROM customers") or 0)

    def search(self, text: str, limit: int = 30, offset: int = 0) -> list[Customer]:
        """Return customers for what was typed: number, card, name, phone, e-mail, town."""
        rows = self._rows_for(text, offset + limit)[offset:]
        marks = ", ".join("?" * len(rows))
        found = self._db.rows(
            f"SELECT c.row, {_COLUMNS} FROM customers c WHERE c.row IN ({marks})", rows
        )
        by_row = {row[0]: Customer(*row[1:]) for row in found}
        return [by_row[row] for row in rows if row in by_row]

    def page(self, offset: int, limit: int, text: str = "") -> list[Customer]:
        """Return a page of the customers by name, or of a search."""
        if text.strip():
            return self.search(text, limit, offset)
        # The rows of the page are found in the index alone, so that far pages come quickly too.
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM (SELECT row AS place FROM customers ORDER BY search_text "
            "LIMIT ? OFFSET ?) JOIN customers c ON c.row = place ORDER BY c.search_text",
            (limit, offset),
        )
        return [Customer(*row) for row in rows]

    def _rows_for(self, text: str, wanted: int) -> list[int]:
        code = text.strip()
        exact = []
        if code and len(code) <= LONGEST_CODE and is_storable(code):
            row = self._db.value("SELECT customer FROM customer_codes WHERE code = ?", (code,))
            exact = [] if row is None else [int(row)]
        return found_customers(self._db, text, wanted, exact)


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
            old = [(code,) for code in known[1:] if code]
            self._db.many("DELETE FROM customer_codes WHERE code = ?", old)
        self._db.many("INSERT INTO customer_codes VALUES (?, ?)", [(code, row) for code in codes])
        index_customer(self._db, row, words)

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
    )

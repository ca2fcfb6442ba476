"""Lists of sales documents: which there are, filtered and in windows, without reading them whole.

The documents are records. What a list shows and asks stands in rows of its own, which are made
from the records in the same transaction.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pos_app.store.connection import Database, Row
from pos_app.store.document_filter import EVERYTHING, DocumentFilter, ListOrder, Rule, where
from pos_app.store.search import found_customers

__all__ = [
    "EVERYTHING",
    "DocumentFilter",
    "Documents",
    "ListMarks",
    "ListOrder",
    "Listed",
    "keep_listed",
    "listed_rows",
    "row_of",
]

_FIELDS = (
    "id, number, customer_id, status, day, until, made, origin, origin_number, total, open, "
    "currency, remind"
)
_SAVE = f"INSERT OR REPLACE INTO documents (record, {_FIELDS}) VALUES ({', '.join('?' * 14)})"
_GONE = "deleted"
_KEYS = {ListOrder.LATEST: "day, number, id", ListOrder.DUE: "until, number, id"}
_SORTED = {
    ListOrder.LATEST: "day DESC, number DESC, id DESC",
    ListOrder.DUE: "until, number, id",
}
_BEYOND = {ListOrder.LATEST: "<", ListOrder.DUE: ">"}
# So many rows lie between two marks: a window is never further than that from one.
MARK_ROWS = 500
# More customers of one name than this are too many to look through; the text should be longer.
_MOST_CUSTOMERS = 2000


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as lists show it; `until` is its expiry, agreed delivery or due date.

    `origin` is the id of the order (or quotation, or sale) it comes from; `total` and `open` (what
    is still owed) are minor units of `currency`. From `remind` on a reminder is due.
    """

    id: str
    number: str
    customer_id: str
    status: str
    day: date
    until: date | None
    made: date
    origin: str
    origin_number: str
    total: int
    open: int
    currency: str
    remind: date | None = None


@dataclass(frozen=True, slots=True)
class ListMarks:
    """How long a list is, and the key of every five hundredth row to find far windows by."""

    count: int
    keys: tuple[tuple[str, str, str], ...]


class Documents:
    """The lists for reading; `record` is the name of the kind of document."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def page(
        self,
        record: str,
        chosen: DocumentFilter = EVERYTHING,
        offset: int = 0,
        limit: int = 100,
        marks: ListMarks | None = None,
    ) -> list[Listed]:
        """Return a window of a list; with its marks a far one comes as quickly as the first."""
        is_beyond = marks is not None and offset >= MARK_ROWS and bool(marks.keys)
        rule, values = self._rule(record, chosen, is_beyond=is_beyond)
        if marks is not None and is_beyond:
            place = min(offset // MARK_ROWS, len(marks.keys))
            rule += f" AND ({_KEYS[chosen.order]}) {_BEYOND[chosen.order]} (?, ?, ?)"
            values.extend(marks.keys[place - 1])
            offset -= place * MARK_ROWS
        order = _SORTED[chosen.order]
        # The ids are found in an index alone, so that far windows come quickly too.
        rows = self._db.rows(
            f"SELECT {_FIELDS} FROM (SELECT id AS found FROM {_table(chosen)} WHERE {rule} "
            f"ORDER BY {order} LIMIT ? OFFSET ?) "
            f"CROSS JOIN documents ON record = ? AND id = found ORDER BY {order}",
            (*values, limit, offset, record),
        )
        return [_listed(row) for row in rows]

    def marks(self, record: str, chosen: DocumentFilter = EVERYTHING) -> ListMarks:
        """Return how long a list is and its marks, by walking once through its index.

        A million documents take a tenth of a second, so this belongs off the screen's thread.
        """
        keys, order = _KEYS[chosen.order], _SORTED[chosen.order]
        rule, values = self._rule(record, chosen)
        found: list[tuple[str, str, str]] = []
        while True:
            last = found[-1] if found else ()
            row = self._db.row(
                f"SELECT {keys} FROM {_table(chosen)} WHERE {rule} ORDER BY {order} "
                "LIMIT 1 OFFSET ?",
                (*values, *last, MARK_ROWS - 1),
            )
            if row is None:
                break
            if not found:
                rule, values = self._rule(record, chosen, is_beyond=True)
                rule += f" AND ({keys}) {_BEYOND[chosen.order]} (?, ?, ?)"
            found.append((row[0], row[1], row[2]))
        rest = self._db.value(
            f"SELECT count(*) FROM {_table(chosen)} WHERE {rule}",
            (*values, *(found[-1] if found else ())),
        )
        return ListMarks(len(found) * MARK_ROWS + int(rest), tuple(found))

    def count(self, record: str, chosen: DocumentFilter = EVERYTHING) -> int:
        """Return how many documents a list has."""
        rule, values = self._rule(record, chosen)
        return int(self._db.value(f"SELECT count(*) FROM {_table(chosen)} WHERE {rule}", values))

    def sums(self, record: str, chosen: DocumentFilter = EVERYTHING) -> dict[str, tuple[int, int]]:
        """Return total and open minor units of a list by currency."""
        rule, values = self._rule(record, chosen)
        row = self._db.row(
            "SELECT min(currency), max(currency), sum(total), sum(open) "
            f"FROM {_table(chosen)} WHERE {rule}",
            values,
        )
        if row is None or row[0] is None:
            return {}
        if row[0] == row[1]:  # one currency, as nearly always: that needs no sorting
            return {row[0]: (row[2], row[3])}
        rows = self._db.rows(
            f"SELECT currency, sum(total), sum(open) FROM documents WHERE {rule} GROUP BY currency",
            values,
        )
        return {currency: (total, owed) for currency, total, owed in rows}

    def customer_names(self, listed: Sequence[Listed]) -> dict[str, str]:
        """Return the present names of the customers of a window, by their id."""
        ids = list({one.customer_id for one in listed})
        marks = ", ".join("?" * len(ids))
        return dict(self._db.rows(f"SELECT id, name FROM customers WHERE id IN ({marks})", ids))

    def of_origin(self, record: str, origin: str) -> list[Listed]:
        """Return the documents of a kind that come from another, the first first."""
        if not origin:  # a free invoice comes from nothing, and so do many others
            return []
        rows = self._db.rows(
            f"SELECT {_FIELDS} FROM documents WHERE origin = ? AND record = ? AND status <> ? "
            "ORDER BY day, number, id",
            (origin, record, _GONE),
        )
        return [_listed(row) for row in rows]

    def of_customer(self, record: str, customer_id: str) -> list[Listed]:
        """Return all documents of a kind for a customer, the first first."""
        rows = self._db.rows(
            f"SELECT {_FIELDS} FROM documents WHERE customer_id = ? AND record = ? "
            "AND status <> ? ORDER BY day, number, id",
            (customer_id, record, _GONE),
        )
        return [_listed(row) for row in rows]

    def owed(self, record: str, customer_id: str = "") -> list[Listed]:
        """Return what is not settled, by the last day to pay; of one customer or of all."""
        mine, values = (" AND customer_id = ?", (customer_id,)) if customer_id else ("", ())
        rows = self._db.rows(
            f"SELECT {_FIELDS} FROM documents WHERE record = ? AND open <> 0 AND status <> ?"
            f"{mine} ORDER BY until, number, id",
            (record, _GONE, *values),
        )
        return [_listed(row) for row in rows]

    def stream(self, record: str, chosen: DocumentFilter = EVERYTHING) -> Iterator[Listed]:
        """Yield a whole list, the first day first, for reports."""
        rule, values = self._rule(record, chosen)
        rows = self._db.stream(
            f"SELECT {_FIELDS} FROM documents WHERE {rule} ORDER BY day, number, id", values
        )
        for row in rows:
            yield _listed(row)

    def past(self, record: str, day: date, statuses: Sequence[str]) -> list[str]:
        """Return the ids of documents in one of `statuses` whose last day is before `day`."""
        marks = ", ".join("?" * len(statuses))
        rows = self._db.rows(
            f"SELECT id FROM documents WHERE record = ? AND status IN ({marks}) "
            "AND until <> '' AND until < ?",
            (record, *statuses, day.isoformat()),
        )
        return [row[0] for row in rows]

    def _rule(self, record: str, chosen: DocumentFilter, *, is_beyond: bool = False) -> Rule:
        """Return the WHERE clause of a filter and its values."""
        return where(record, chosen, self._of_customers, is_beyond=is_beyond)

    def _of_customers(self, text: str) -> Rule:
        rows = found_customers(self._db, text, _MOST_CUSTOMERS, [])
        marks = ", ".join("?" * len(rows))
        return f"+customer_id IN (SELECT id FROM customers WHERE row IN ({marks}))", list(rows)


def _table(chosen: DocumentFilter) -> str:
    """Return where a list is read: what one customer has is found by them, and is in order too."""
    if chosen.customer_id and chosen.order is ListOrder.LATEST:
        return "documents INDEXED BY documents_by_customer"
    return "documents"


def keep_listed(database: Database, record: str, listed: Listed) -> None:
    """Write what lists show of a document, new or changed."""
    database.run(_SAVE, (record, *row_of(listed)))


def listed_rows(database: Database) -> Iterator[tuple[str, Listed]]:
    """Yield every row of every list with its kind, for an auditor."""
    for record, *row in database.stream(
        f"SELECT record, {_FIELDS} FROM documents ORDER BY record, id"
    ):
        yield record, _listed(tuple(row))


def row_of(listed: Listed) -> tuple[Any, ...]:
    """Return the values of a row in the order of its columns."""
    return (
        listed.id,
        listed.number,
        listed.customer_id,
        listed.status,
        listed.day.isoformat(),
        listed.until.isoformat() if listed.until else "",
        listed.made.isoformat(),
        listed.origin,
        listed.origin_number,
        listed.total,
        listed.open,
        listed.currency,
        listed.remind.isoformat() if listed.remind else "",
    )


def _listed(row: Row) -> Listed:
    values = list(row)
    for place in (4, 5, 6, 12):
        values[place] = date.fromisoformat(values[place]) if values[place] else None
    return Listed(*values)

"""What a list of sales documents is narrowed to, and in which order it stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

_LIKE = "LIKE ? ESCAPE '\\'"
Rule = tuple[str, list[Any]]
Customers = Callable[[str], Rule]


class ListOrder(StrEnum):
    """In which order a list stands: the latest first, or the last day to pay first."""

    LATEST = "latest"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What a list is narrowed to; every part that is set must hold. Dates are inclusive.

    `text` finds the number (also from its middle), the number of the origin, or a customer by
    whatever customers are found by; `number`, `customer_name` and `origin_number` each only that.
    `remind_to` leaves the invoices whose reminder is due until then.
    """

    text: str = ""
    number: str = ""
    customer_id: str = ""
    customer_name: str = ""
    statuses: tuple[str, ...] = ()
    day_from: date | None = None
    day_to: date | None = None
    made_from: date | None = None
    made_to: date | None = None
    until_from: date | None = None
    until_to: date | None = None
    total_from: int | None = None
    total_to: int | None = None
    origin: str = ""
    origin_number: str = ""
    is_open: bool = False
    remind_to: date | None = None
    order: ListOrder = ListOrder.LATEST


EVERYTHING = DocumentFilter()


def where(
    record: str, chosen: DocumentFilter, customers: Customers, *, is_beyond: bool = False
) -> Rule:
    """Return the WHERE clause of a filter and its values.

    `customers` finds people by a text; `is_beyond` says that a rule about the list's own key
    follows. A `+` keeps a column from choosing the index: the list must be walked in its order,
    once, whatever it is narrowed to.
    """
    rules, values = ["record = ?"], [record]
    parts = list(_parts(chosen, customers, is_beyond=is_beyond))
    for rule, value in parts:
        rules.append(rule)
        values.extend(value)
    if chosen.statuses:
        column = "+status" if parts or len(chosen.statuses) > 1 else "status"
        rules.append(f"{column} IN ({', '.join('?' * len(chosen.statuses))})")
        values.extend(chosen.statuses)
    else:
        rules.append("status <> 'deleted'")
    return " AND ".join(rules), values


def _parts(chosen: DocumentFilter, customers: Customers, *, is_beyond: bool) -> Iterator[Rule]:
    is_latest = chosen.order is ListOrder.LATEST
    for column, low, high in (
        ("day", chosen.day_from, chosen.day_to),
        ("made", chosen.made_from, chosen.made_to),
        ("until", chosen.until_from, chosen.until_to),
        ("remind", None, chosen.remind_to),
    ):
        # Beyond a key the key is the nearer bound.
        ends_at_key = is_beyond and column == ("day" if is_latest else "until")
        if low is not None:
            plus = "+" if ends_at_key and not is_latest else ""
            yield f"{plus}{column} >= ?", [low.isoformat()]
        if high is not None:
            plus = "+" if ends_at_key and is_latest else ""
            yield f"{plus}{column} <= ? AND +{column} <> ''", [high.isoformat()]
    for rule, value in (
        ("total >= ?", chosen.total_from),
        ("total <= ?", chosen.total_to),
        ("customer_id = ?" if is_latest else "+customer_id = ?", chosen.customer_id or None),
        ("+origin = ?", chosen.origin or None),
        (f"number {_LIKE}", _middle(chosen.number) or None),
        (f"origin_number {_LIKE}", _middle(chosen.origin_number) or None),
    ):
        if value is not None:
            yield rule, [value]
    if chosen.customer_name.strip():
        yield customers(chosen.customer_name.strip())
    if chosen.is_open or chosen.remind_to is not None:
        yield "+open <> 0" if is_latest else "open <> 0", []
    if chosen.text.strip():
        yield _of_text(chosen.text.strip(), customers)


def _of_text(text: str, customers: Customers) -> Rule:
    people, values = customers(text)
    if not any(letter.isdigit() for letter in text):  # no number is without a figure
        return people, values
    like = _middle(text)
    return f"(number {_LIKE} OR origin_number {_LIKE} OR {people})", [like, like, *values]


def _middle(text: str) -> str:
    """Return a LIKE pattern that finds a text anywhere; nothing for an empty one."""
    if not text.strip():
        return ""
    quoted = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{quoted}%"

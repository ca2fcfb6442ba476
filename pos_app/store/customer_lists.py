"""What a list of customers is narrowed to, and what stands in their accounts at the till."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pos_app.store.search import Narrowed


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """What a list is narrowed to; every part that is set must hold.

    `category` and `region` are exact; `number`, `contact` and `phone` are part of the field,
    in a phone number whatever signs stand between its digits.
    """

    is_active: bool | None = None
    category: str | None = None
    region: str | None = None
    number: str = ""
    contact: str = ""
    phone: str = ""


EVERYBODY = CustomerFilter()


@dataclass(frozen=True, slots=True)
class AccountMove:
    """What one document of the till did to a customer's account, in minor units.

    `charged` was put on the account (below zero: taken off by a return), `paid` was paid to it.
    """

    sale_id: str
    number: str
    day: date
    charged: int
    paid: int


ACCOUNT_MOVES = """
    SELECT s.id, s.number, s.business_day,
        (SELECT coalesce(sum(t.amount), 0) FROM tenders t
            WHERE t.sale = s.row AND t.method = 'on_account') AS charged,
        (SELECT coalesce(sum(l.gross), 0) FROM sale_lines l
            WHERE l.sale = s.row AND l.kind = 'account_payment') AS paid
    FROM sales s
    WHERE s.customer_id = ? AND s.currency = ? AND (charged <> 0 OR paid <> 0)
    ORDER BY s.row"""
_DIGITS_OF_PHONE = "c.phone"
for _sign in (" ", "-", "/", "(", ")", ".", "+"):
    _DIGITS_OF_PHONE = f"replace({_DIGITS_OF_PHONE}, '{_sign}', '')"


def narrowed_to(chosen: CustomerFilter) -> Narrowed | None:
    """Return the condition of a filter, or None where everybody meets it."""
    parts = list(_parts(chosen))
    if not parts:
        return None
    rule = " AND ".join(rule for rule, _ in parts)
    return Narrowed(rule, tuple(value for _, values in parts for value in values))


def account_move(row: tuple[Any, ...]) -> AccountMove:
    """Return the movement of a row of `ACCOUNT_MOVES`."""
    sale_id, number, day, charged, paid = row
    return AccountMove(sale_id, number, date.fromisoformat(day), charged, paid)


def _parts(chosen: CustomerFilter) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    if chosen.is_active is not None:
        yield "c.is_active = ?", (int(chosen.is_active),)
    if chosen.category is not None:
        yield "c.category = ?", (chosen.category,)
    if chosen.region is not None:
        yield "c.region = ?", (chosen.region,)
    if number := chosen.number.strip():
        yield "c.number LIKE ? ESCAPE '\\'", (_middle(number),)
    if contact := chosen.contact.strip():
        yield "c.contact LIKE ? ESCAPE '\\'", (_middle(contact),)
    if digits := "".join(letter for letter in chosen.phone if letter.isdecimal()):
        # The digits in their order are looked for first: that is quick and leaves few.
        spread = f"%{'%'.join(digits)}%"
        yield f"c.phone LIKE ? AND {_DIGITS_OF_PHONE} LIKE ?", (spread, f"%{digits}%")


def _middle(text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{quoted}%"

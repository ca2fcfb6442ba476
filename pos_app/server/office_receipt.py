"""One document whole: what is on it, why it cost that, and what its journal says around it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from pos_app.domain.cart import SaleKind
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.plain import UNREADABLE
from pos_app.domain.sale import Sale
from pos_app.domain.sale_trace import explain_sale
from pos_app.domain.words import Say, as_written
from pos_app.server.day_fold import is_day
from pos_app.server.office_receipts import ReceiptRow, receipt_rows
from pos_app.server.sale_reading import sale_of
from pos_app.server.tables import journal, sales, tills

NEAR = 2_000  # entries before and after it in which its past is looked for: a long day
RETURNS_FOR = timedelta(days=92)  # how long after a document its returns are looked for
_COMES_BACK = (SaleKind.RETURN.value, SaleKind.EXCHANGE.value)


class ReceiptUnknown(PosError):
    """A document that the company does not have."""

    sentence = "There is no such receipt. Look at the list of receipts."


@dataclass(frozen=True, slots=True)
class EntrySeen:
    """An entry of a journal as people see it; `payload` is what it tells, `hash` in hex."""

    till_id: str
    shop: str
    till: str
    epoch: int
    branch: int
    seq: int
    kind: str
    at: datetime
    staff: str
    hash: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A document with its past and what became of it.

    `told` is its journal entry's payload; `sale` is what that tells, None where it has another
    shape. `voids` is the document that a void took back, `returns` are those in which some of it
    came back. `entries` are in the order of the journal.
    """

    row: ReceiptRow
    told: dict[str, Any]
    sale: Sale | None
    voided_by: ReceiptRow | None
    voids: ReceiptRow | None
    returns: tuple[ReceiptRow, ...]
    entries: tuple[EntrySeen, ...]

    def why(self, say: Say = as_written, decimal: str = ".") -> tuple[str, ...]:
        """Tell step by step how it came to its total; nothing where it cannot be read."""
        try:
            return () if self.sale is None else explain_sale(self.sale, say, decimal)
        except UNREADABLE:
            return ()


def receipt_of(connection: Connection, company_id: str, sale_id: str) -> Receipt:
    """Return a document by the id of its row; raises ReceiptUnknown."""
    row = _row(connection, company_id, sales.c.id == sale_id) if _is_possible(sale_id) else None
    if row is None:
        raise ReceiptUnknown()
    own = _own_entry(connection, company_id, row)
    void = _row(connection, company_id, sales.c.voids == row.id)
    target = _row(connection, company_id, sales.c.id == row.voids) if row.voids else None
    returned = _returns(connection, company_id, row)
    others = [one for one in (void, target, *returned) if one is not None]
    shown = {one.id: one for one in receipt_rows(connection, company_id, [row, *others])}
    if row.id not in shown:
        raise ReceiptUnknown()
    told = {} if own is None else own.payload
    entries = [*_around(connection, company_id, row)]
    entries += [
        entry
        for one in (void, *returned)
        if one is not None
        if (entry := _own_entry(connection, company_id, one)) is not None
    ]
    unique = {(one.till_id, one.epoch, one.branch, one.seq): one for one in entries}
    return Receipt(
        row=shown[row.id],
        told=told,
        sale=_sale(told),
        voided_by=None if void is None else shown.get(void.id),
        voids=None if target is None else shown.get(target.id),
        returns=tuple(shown[one.id] for one in returned if one.id in shown),
        entries=tuple(sorted(unique.values(), key=lambda one: (one.at, one.epoch, one.seq))),
    )


def _is_possible(sale_id: str) -> bool:
    return bool(sale_id) and "\0" not in sale_id


def _row(connection: Connection, company_id: str, rule: Any) -> Any:
    found = select(sales).where(sales.c.company_id == company_id, rule).order_by(sales.c.id)
    return connection.execute(found.limit(1)).one_or_none()


def _own_entry(connection: Connection, company_id: str, row: Any) -> EntrySeen | None:
    found = _entries(company_id, row).where(journal.c.seq == row.seq)
    rows = connection.execute(found).all()
    return _entry(rows[0]) if rows else None


def _around(connection: Connection, company_id: str, row: Any) -> list[EntrySeen]:
    """Return what a till's journal says of a document: its cart, itself, and its copies.

    Looked for in some thousand entries before and after it.
    """
    named = json.dumps(row.id)[1:-1]
    found = (
        _entries(company_id, row)
        .where(
            journal.c.seq >= row.seq - NEAR,
            journal.c.seq <= row.seq + NEAR,
            or_(
                journal.c.seq == row.seq,
                and_(
                    journal.c.kind != FactKind.SALE_COMPLETED.value,
                    journal.c.payload.contains(named, autoescape=True),
                ),
            ),
        )
        .order_by(journal.c.seq)
    )
    return [_entry(one) for one in connection.execute(found)]


def _returns(connection: Connection, company_id: str, row: Any) -> Sequence[Any]:
    """Return the documents of its shop in which some of a document came back."""
    if not is_day(row.business_day) or row.kind == SaleKind.VOID.value:
        return []
    first = datetime.fromisoformat(row.business_day)
    last = (first + RETURNS_FOR).date().isoformat()
    is_entry = and_(
        journal.c.company_id == sales.c.company_id,
        journal.c.till_id == sales.c.till_id,
        journal.c.epoch == sales.c.epoch,
        journal.c.branch == sales.c.branch,
        journal.c.seq == sales.c.seq,
    )
    found = (
        select(sales)
        .select_from(sales.join(journal, is_entry))
        .where(
            sales.c.company_id == company_id,
            sales.c.shop == row.shop,
            sales.c.business_day >= row.business_day,
            sales.c.business_day <= last,
            sales.c.kind.in_(_COMES_BACK),
            sales.c.id != row.id,
            journal.c.payload.contains(f'"sale":{json.dumps(row.id)}', autoescape=True),
        )
        .order_by(sales.c.at, sales.c.id)
    )
    return connection.execute(found).all()


def _entries(company_id: str, row: Any) -> Any:
    is_till = and_(tills.c.company_id == journal.c.company_id, tills.c.id == journal.c.till_id)
    return (
        select(journal, tills.c.shop, tills.c.till)
        .select_from(journal.join(tills, is_till))
        .where(
            journal.c.company_id == company_id,
            journal.c.till_id == row.till_id,
            journal.c.epoch == row.epoch,
            journal.c.branch == row.branch,
        )
    )


def _entry(row: Any) -> EntrySeen:
    told = json.loads(row.payload)
    at = datetime.fromisoformat(row.at)
    return EntrySeen(
        row.till_id,
        row.shop,
        row.till,
        row.epoch,
        row.branch,
        row.seq,
        row.kind,
        at,
        row.staff,
        bytes(row.hash).hex(),
        told if isinstance(told, dict) else {},
    )


def _sale(told: dict[str, Any]) -> Sale | None:
    try:
        return sale_of(told)
    except UNREADABLE:
        return None

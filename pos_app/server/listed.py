"""Customers, documents and products as lists find them: rows beside the things, written with them.

A list is in the order in which head office came to know its rows, so that a page that was read
stays as it was while others write. Amounts are minor units, days ISO dates, moments ISO 8601 UTC.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select, text

from pos_app.domain.delivery_note import DeliveryNote
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.order import Order
from pos_app.domain.plain import UNREADABLE
from pos_app.domain.quotation import Quotation
from pos_app.server.bulk_rows import insert_rows, overwriting
from pos_app.server.document_kinds import TYPES, AnyDocument, any_document
from pos_app.server.stamps import stamp
from pos_app.server.tables import doors, listed, things
from pos_app.server.thing_kinds import CUSTOMER, PRODUCT
from pos_app.server.thing_rows import ThingRow, load_things

LISTED_KINDS = frozenset({CUSTOMER, PRODUCT, *TYPES})
GONE = "deleted"
ACTIVE, INACTIVE = "active", "inactive"
_NOT_OWED = (InvoiceState.DRAFT, InvoiceState.DELETED)
_AT_ONCE = 1_000


class ListedRow(msgspec.Struct, frozen=True):
    """A row of `listed`."""

    company_id: str
    kind: str
    id: str
    number: str
    status: str
    customer_id: str = ""
    customer_name: str = ""
    contact: str = ""
    phone: str = ""
    category: str = ""
    region: str = ""
    day: str = ""
    until: str = ""
    origin: str = ""
    origin_number: str = ""
    total: int = 0
    open: int = 0
    made_at: str = ""
    made_by: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What a list is to hold: `equal` by column, `holds` a piece of a text, whatever its capitals.

    `starts` is how a text begins, as numbers are looked for. `least` and `most` bound a column from
    both sides, the bounds included. `also` are conditions that no column alone can say.
    """

    equal: dict[str, str] = field(default_factory=dict)
    holds: dict[str, str] = field(default_factory=dict)
    least: dict[str, str | int] = field(default_factory=dict)
    most: dict[str, str | int] = field(default_factory=dict)
    starts: dict[str, str] = field(default_factory=dict)
    also: tuple[ColumnElement[bool], ...] = ()


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page of a list: rows with their things as they stand, and how many there are in all."""

    rows: list[tuple[ListedRow, ThingRow]]
    total: int


# Who made a customer first stays, whoever changes them later, and so does the place in the list.
_KEPT = {"company_id", "kind", "id", "made_at", "made_by", "place"}
_CLAUSE = overwriting(
    "company_id, kind, id", [name for name in ListedRow.__struct_fields__ if name not in _KEPT]
)


def write_listed(connection: Connection, rows: Iterable[ThingRow]) -> None:
    """Write the lists' rows of things that are listed; others are passed over.

    The caller holds the company's revision, so that nobody else gives out places.
    """
    found = [one for row in rows if (one := listed_row(row)) is not None]
    if not found:
        return
    last = select(func.max(listed.c.place)).where(listed.c.company_id == found[0].company_id)
    place = int(connection.execute(last).scalar_one() or 0)
    found = [msgspec.structs.replace(row, place=at) for at, row in enumerate(found, place + 1)]
    insert_rows(connection, listed, found, _CLAUSE)


def listed_row(row: ThingRow) -> ListedRow | None:
    """Return what lists show of a thing, or None for one that no list has."""
    try:
        if row.kind == CUSTOMER:
            return _customer(row)
        if row.kind == PRODUCT:
            return _product(row)
        if row.kind in TYPES:
            return _document(row, any_document(row.kind, row.state))
    except UNREADABLE:  # of a later version, or damaged: it is kept, and in no list
        return None
    return None


def page(
    connection: Connection,
    company_id: str,
    kind: str,
    chosen: ListFilter,
    number: int,
    size: int,
) -> ListedPage:
    """Return a page of a list (the first is 1); deleted documents are in none.

    What is made while somebody reads comes at the end, so that no row is left out or read twice.
    """
    where = _where(company_id, kind, chosen)
    total = connection.execute(select(func.count()).select_from(listed).where(*where)).scalar_one()
    columns = [listed.c[name] for name in ListedRow.__struct_fields__]
    rows = [
        ListedRow(*row)
        for row in connection.execute(
            select(*columns)
            .where(*where)
            .order_by(listed.c.place)
            .limit(size)
            .offset((number - 1) * size)
        )
    ]
    return ListedPage(_with_things(connection, company_id, rows), total)


def rows_of(
    connection: Connection, company_id: str, kind: str, chosen: ListFilter
) -> list[ListedRow]:
    """Return all rows of a list, the first day first, for sums and reports."""
    columns = [listed.c[name] for name in ListedRow.__struct_fields__]
    found = connection.execute(
        select(*columns)
        .where(*_where(company_id, kind, chosen))
        .order_by(listed.c.day, listed.c.number, listed.c.id)
    )
    return [ListedRow(*row) for row in found]


def ids_of_origin(connection: Connection, company_id: str, kind: str, origin: str) -> list[str]:
    """Return the ids of the documents of a kind that come from another, the first first."""
    rows = rows_of(connection, company_id, kind, ListFilter(equal={"origin": origin}))
    return [row.id for row in rows] if origin else []


def list_all_again(connection: Connection, kinds: frozenset[str] = LISTED_KINDS) -> None:
    """Make every row of some kinds anew from the things, of every company: for a migration."""
    company_ids = connection.scalars(select(doors.c.company_id).distinct()).all()
    for company_id in company_ids:
        if connection.dialect.name == "postgresql":
            entering = text("SELECT set_config('pos_app.company', :company, true)")
            connection.execute(entering, {"company": company_id})
        columns = [things.c[name] for name in ThingRow.__struct_fields__]
        for kind in sorted(kinds):
            after = ""
            while True:
                rows = [
                    ThingRow(*row)
                    for row in connection.execute(
                        select(*columns)
                        .where(
                            things.c.company_id == company_id,
                            things.c.kind == kind,
                            things.c.id > after,
                        )
                        .order_by(things.c.id)
                        .limit(_AT_ONCE)
                    )
                ]
                if not rows:
                    break
                write_listed(connection, rows)
                after = rows[-1].id


def _with_things(
    connection: Connection, company_id: str, rows: Sequence[ListedRow]
) -> list[tuple[ListedRow, ThingRow]]:
    found = load_things(connection, company_id, [(row.kind, row.id) for row in rows])
    return [(row, found[row.kind, row.id]) for row in rows if (row.kind, row.id) in found]


def _where(company_id: str, kind: str, chosen: ListFilter) -> list[ColumnElement[bool]]:
    rules: list[Any] = [
        listed.c.company_id == company_id,
        listed.c.kind == kind,
        listed.c.status != GONE,
    ]
    rules += [listed.c[name] == value for name, value in chosen.equal.items()]
    rules += [
        listed.c[name].icontains(value, autoescape=True) for name, value in chosen.holds.items()
    ]
    rules += [
        listed.c[name].istartswith(value, autoescape=True) for name, value in chosen.starts.items()
    ]
    rules += [listed.c[name] >= value for name, value in chosen.least.items()]
    rules += [listed.c[name] <= value for name, value in chosen.most.items()]
    rules += chosen.also
    return rules


def _customer(row: ThingRow) -> ListedRow:
    state = json.loads(row.state)
    return ListedRow(
        row.company_id,
        CUSTOMER,
        row.id,
        number=state["number"],
        status=ACTIVE if state.get("is_active", True) else INACTIVE,
        customer_id=row.id,
        customer_name=state["name"],
        contact=state.get("contact", ""),
        phone=state.get("phone", ""),
        category=state.get("category", ""),
        region=state.get("region", ""),
        made_at=row.at,
        made_by=row.by,
    )


def _product(row: ThingRow) -> ListedRow:
    """Return what a product is found by: its code, and the category that sums sort it into."""
    state = json.loads(row.state)
    return ListedRow(
        row.company_id,
        PRODUCT,
        row.id,
        number=state["code"],
        status=ACTIVE if state.get("is_active", True) else INACTIVE,
        category=state.get("category") or "",
        made_at=row.at,
        made_by=row.by,
    )


def _document(row: ThingRow, document: AnyDocument) -> ListedRow:
    head = document.head
    until, origin, total, owed = _of_kind(document)
    return ListedRow(
        row.company_id,
        row.kind,
        row.id,
        number=head.number,
        status=document.state.value,
        customer_id=head.customer.id,
        customer_name=head.customer.name,
        contact=head.customer.contact,
        phone=head.customer.phone,
        day=head.day.isoformat(),
        until="" if until is None else until.isoformat(),
        origin=origin[0],
        origin_number=origin[1],
        total=total,
        open=owed,
        made_at=stamp(head.created_at),
        made_by=head.created_by,
    )


def _of_kind(document: AnyDocument) -> tuple[date | None, tuple[str, str], int, int]:
    """Return the last day, where it comes from, and total and open amounts.

    Of a delivery note the total counts thousandths of units, because it has no price.
    """
    if isinstance(document, Quotation):
        origin = (document.order_id, document.order_number)
        return document.expires, origin, document.priced.gross.minor, 0
    if isinstance(document, Order):
        origin = (document.quotation_id, document.quotation_number)
        return document.deliver_by, origin, document.priced.gross.minor, 0
    if isinstance(document, DeliveryNote):
        origin = (document.order_id, document.order_number)
        return None, origin, int(document.quantity * 1000), 0
    if isinstance(document, Invoice):
        origin = (
            document.order_id or document.sale_id,
            document.order_number or document.sale_number,
        )
        owed = 0 if document.state in _NOT_OWED else document.balance.minor
        return document.due, origin, document.total.minor, owed
    return None, (document.order_id, document.order_number), document.total.minor, 0

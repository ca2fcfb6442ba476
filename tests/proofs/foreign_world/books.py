"""What should be at the remote and what is: by fingerprints, counted from both ends on their own.

What the tills sold is read from their stores; what a server holds is read from its own memory or
tables. A fingerprint of an API with references of ours is one document's alone; one of the Sales
API, which has none, may be several documents'.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from pos_app.domain.cart import SaleKind
from pos_app.domain.sale import Sale
from pos_app.server.tables import journal
from tests.proofs.foreign_world.remotes import Independent, OfficeShelf
from tests.proofs.foreign_world.till import Till

Print = tuple[Any, ...]
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that belongs at the remote: what it looks like there, and our number for it.

    `is_shared` where one there does for all tills; each may still have made one of its own.
    """

    print: Print
    number: str
    is_shared: bool = False


def goes_back(sale: Sale) -> bool:
    """Whether a document is a return."""
    return sale.kind is SaleKind.RETURN or any(line.quantity < 0 for line in sale.lines)


def sold(till: Till) -> Iterator[Sale]:
    """Return what the till sold and took back, without voids."""
    return (sale for sale in till.sales() if sale.kind is not SaleKind.VOID)


# Retail Sale API: each sale under its number, void or not.


def due_at_retail(till: Till) -> Iterator[Due]:
    """Return each sale; what was voided stands as void."""
    has_returns = till.setup.options["returns"] == "negative"
    voided = {sale.voids for sale in till.sales() if sale.voids}
    for sale in sold(till):
        if has_returns or not goes_back(sale):
            state = "VOID" if sale.id in voided else "COMPLETED"
            figures = (sale.net.amount, sale.tax.amount, sale.gross.amount)
            yield Due((sale.number, *figures, state), sale.number)


def held_by_retail(remote: Independent) -> Iterator[Print]:
    """Return what the small server holds."""
    for one in remote.server.sales:
        net, tax = Decimal(one["totalAmount"]), Decimal(one["totalTaxAmount"])
        yield one["saleNumber"], net, tax, net + tax, one["status"]


def held_by_office_retail(office: OfficeShelf) -> Iterator[Print]:
    """Return the sales of head office's own journal, void where a void of them stands there."""
    told = [one for kind, one in facts(office) if kind == "sale_completed"]
    voided = {one["voids"] for one in told if one.get("voids")}
    for one in told:
        if not one.get("voids"):
            state = "VOID" if one["id"] in voided else "COMPLETED"
            figures = (Decimal(one[name]) * CENT for name in ("net", "tax", "gross"))
            yield (one["number"], *figures, state)


# Add Sale: each sale under its number.


def due_at_xtrakit(till: Till) -> Iterator[Due]:
    """Return each sale, and voids and returns where the connection carries them."""
    has_returns = till.setup.options["returns"] == "negative"
    for sale in till.sales():
        if has_returns or not (sale.voids or goes_back(sale)):
            yield Due((sale.number, sale.amount_due.amount, sale.amount_due.amount), sale.number)


def held_by_xtrakit(remote: Independent) -> Iterator[Print]:
    """Return what the small server holds."""
    for one in remote.server.sales:
        yield one["invoice_number"], Decimal(one["total_amount"]), Decimal(one["amount_paid"])


def held_by_office_xtrakit(office: OfficeShelf) -> Iterator[Print]:
    """Return the invoices of head office's own journal as they were last."""
    for invoice in last_of(office, "invoice").values():
        paid = sum(one["amount"]["minor"] for one in invoice["payments"])
        total = invoice["gross"]["minor"]
        yield invoice["head"]["number"], Decimal(total) * CENT, Decimal(paid) * CENT


def last_of(office: OfficeShelf, record: str) -> dict[str, Mapping[str, Any]]:
    """Return every document of a kind as head office's own journal told it last, by its id."""
    told = (one for _, one in facts(office) if one.get("record") == record)
    return {one["id"]: one["state"] for one in told}


def facts(office: OfficeShelf) -> list[tuple[str, Mapping[str, Any]]]:
    """Return what head office's own journal tells, in order, but for what its making told."""
    with office.office.company(office.company_id) as connection:
        rows = connection.execute(
            select(journal.c.kind, journal.c.payload)
            .where(journal.c.company_id == office.company_id)
            .order_by(journal.c.seq)
        ).all()
    return [(row.kind, json.loads(row.payload)) for row in rows]

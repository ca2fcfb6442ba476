"""What a sales data feed calls each document: its number, told apart where two have the same.

The shop that was made first keeps its numbers as they are; those of another shop have its code
before them, because every shop has a till 1. What stays alike within a shop (a receipt that a
restored till told again, numbers that clients of an API chose) is told apart behind the number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from pos_app.domain.sales_feed import reference_of
from pos_app.server.document_kinds import INVOICE
from pos_app.server.tables import sales, shops, tills

_Row = Any  # a row of a statement, by the names of its columns


@dataclass(frozen=True, slots=True)
class References:
    """The references of one company's documents; `shop_of` says which shop a till is in."""

    connection: Connection
    company_id: str
    first_shop: str
    shop_of: Mapping[str, str]

    @classmethod
    def of(cls, connection: Connection, company_id: str) -> "References":
        """Return the references of a company."""
        first = (
            select(shops.c.code)
            .where(shops.c.company_id == company_id)
            .order_by(shops.c.made_at, shops.c.code)
            .limit(1)
        )
        where = select(tills.c.id, tills.c.shop).where(tills.c.company_id == company_id)
        shop_of = {row.id: row.shop for row in connection.execute(where)}
        return cls(connection, company_id, connection.execute(first).scalar() or "", shop_of)

    def of_receipts(self, rows: Sequence[_Row]) -> dict[str, str]:
        """Return references by id of receipts; rows have id, shop and number."""
        places: dict[tuple[str, str], list[str]] = {}
        for row in self._receipts({row.number for row in rows}):
            places.setdefault((row.shop, row.number), []).append(row.id)
        found = {}
        for row in rows:
            place = places[row.shop, row.number].index(row.id) + 1
            number = row.number if place == 1 else f"{row.number} ({place})"
            found[row.id] = reference_of(number, row.shop, self.first_shop)
        return found

    def of_documents(self, rows: Sequence[_Row], kind: str) -> dict[str, str]:
        """Return references by id of invoices or credit notes; rows have id, number, till_id."""
        taken = {(row.shop, row.number) for row in self._receipts({row.number for row in rows})}
        word = "invoice" if kind == INVOICE else "credit note"
        found = {}
        for row in rows:
            shop = self.shop_of.get(row.till_id, self.first_shop)
            number = f"{row.number} ({word})" if (shop, row.number) in taken else row.number
            found[row.id] = reference_of(number, shop, self.first_shop)
        return found

    def _receipts(self, numbers: set[str]) -> Sequence[_Row]:
        """Return the receipts with some numbers, those first that head office heard of first."""
        return self.connection.execute(
            select(sales.c.id, sales.c.shop, sales.c.number)
            .where(sales.c.company_id == self.company_id, sales.c.number.in_(numbers))
            .order_by(
                sales.c.stored_at,
                sales.c.till_id,
                sales.c.epoch,
                sales.c.branch,
                sales.c.seq,
            )
        ).all()

"""Entries of tills' journals as head office reads them back to judge them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, select

from pos_app.server.tables import journal, tills

OWN_NUMBER = "HO"  # stands where a till's number does, for what head office did itself
OWN_TILL = "office "  # how the ids of head office's own journals begin


@dataclass(frozen=True, slots=True)
class Told:
    """One entry with whose it is; `till` is the till's number in its shop, moments ISO 8601."""

    till_id: str
    shop: str
    till: str
    epoch: int
    branch: int
    seq: int
    id: str
    kind: str
    at: str
    staff: str
    payload: str
    stored_at: str

    @property
    def by(self) -> str:
        """Who changed what the entry tells of."""
        return self.staff if self.till == OWN_NUMBER else f"till {self.till}"

    @property
    def heard_at(self) -> str:
        """When it happened, but never later than it was heard: a clock may run ahead."""
        return min(self.at, self.stored_at)


def entries_after(
    connection: Connection, company_id: str, branch: RowMapping, limit: int
) -> list[Told]:
    """Return the entries of a row of `branches` that were not judged yet, the first one first."""
    rows = connection.execute(
        _entries(company_id, branch["till_id"], branch["epoch"], branch["branch"])
        .where(journal.c.seq > branch["judged_seq"], journal.c.seq <= branch["seq"])
        .order_by(journal.c.seq)
        .limit(limit)
    )
    return [Told(*row) for row in rows]


def entry_of(
    connection: Connection, company_id: str, place: Mapping[str, Any] | RowMapping
) -> Told | None:
    """Return the entry at `till_id`, `epoch`, `branch` and `seq` of a row, or None."""
    row = connection.execute(
        _entries(company_id, place["till_id"], place["epoch"], place["branch"]).where(
            journal.c.seq == place["seq"]
        )
    ).one_or_none()
    return None if row is None else Told(*row)


def _entries(company_id: str, till_id: str, epoch: int, branch: int) -> Any:
    return (
        select(
            tills.c.id,
            tills.c.shop,
            tills.c.till,
            journal.c.epoch,
            journal.c.branch,
            journal.c.seq,
            journal.c.id,
            journal.c.kind,
            journal.c.at,
            journal.c.staff,
            journal.c.payload,
            journal.c.stored_at,
        )
        .join_from(
            journal,
            tills,
            and_(tills.c.company_id == journal.c.company_id, tills.c.id == journal.c.till_id),
        )
        .where(
            journal.c.company_id == company_id,
            journal.c.till_id == till_id,
            journal.c.epoch == epoch,
            journal.c.branch == branch,
        )
    )

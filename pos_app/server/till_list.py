"""The tills of a company as people see them: who they are, when they were heard, revoking one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, select, update

from pos_app.domain.errors import PosError
from pos_app.server.doors import DoorKind, shut_subject
from pos_app.server.tables import branches, tills

ACTIVE, REVOKED = "active", "revoked"


class TillUnknown(PosError):
    """A till that the company does not have."""

    sentence = "There is no such till. Look at the list of tills."


class NumberInUse(PosError):
    """Another till of the shop works under the number of a till that is to come back."""

    sentence = (
        "Another machine is till {till} of shop {shop} by now, and two would give out the same "
        "receipt numbers. Revoke that one first."
    )


@dataclass(frozen=True, slots=True)
class TillLine:
    """A till and what head office has of it.

    `seq` is the last entry stored without a gap and `judged_seq` the last one judged, both of the
    present epoch; `receipts` and `total_minor` count its documents. Moments are ISO 8601 UTC,
    `heard_at` is empty until the till said something.
    """

    id: str
    shop: str
    till: str
    name: str
    state: str
    epoch: int
    enrolled_at: str
    heard_at: str
    version: str
    seq: int
    judged_seq: int
    receipts: int
    total_minor: int


def list_tills(
    connection: Connection, company_id: str, after: str, limit: int, shop: str = ""
) -> list[TillLine]:
    """Return tills in the order in which they were enrolled; those of one shop where named."""
    found = _lines(company_id).where(tills.c.id > after).order_by(tills.c.id).limit(limit)
    if shop:
        found = found.where(tills.c.shop == shop)
    return [_line(row) for row in connection.execute(found).mappings()]


def till_line(connection: Connection, company_id: str, till_id: str) -> TillLine:
    """Return one till; raises TillUnknown."""
    found = _lines(company_id).where(tills.c.id == till_id)
    row = connection.execute(found).mappings().one_or_none()
    if row is None:
        raise TillUnknown()
    return _line(row)


def revoke_till(connection: Connection, company_id: str, till_id: str) -> TillLine:
    """Shut a till out: its tokens open nothing from now on, what it told stays.

    They stay known, so that the till is told why. Raises TillUnknown.
    """
    _set_state(connection, company_id, till_id, REVOKED)
    return till_line(connection, company_id, till_id)


def restore_till(connection: Connection, company_id: str, till_id: str) -> TillLine:
    """Let a revoked till in again: it comes back by its key. Raises TillUnknown, NumberInUse."""
    till = till_line(connection, company_id, till_id)
    taken = connection.execute(
        select(tills.c.id).where(
            tills.c.company_id == company_id,
            tills.c.shop == till.shop,
            tills.c.till == till.till,
            tills.c.id != till_id,
            tills.c.state == ACTIVE,
        )
    ).first()
    if taken is not None:
        raise NumberInUse(till=till.till, shop=till.shop)
    _set_state(connection, company_id, till_id, ACTIVE)
    shut_subject(connection, company_id, till_id, DoorKind.ACCESS, DoorKind.REFRESH)
    return till_line(connection, company_id, till_id)


def _set_state(connection: Connection, company_id: str, till_id: str, state: str) -> None:
    done = connection.execute(
        update(tills)
        .where(
            tills.c.company_id == company_id,
            tills.c.id == till_id,
            tills.c.state.in_([ACTIVE, REVOKED]),
        )
        .values(state=state)
    )
    if not done.rowcount:
        raise TillUnknown()


def _lines(company_id: str) -> Select[Any]:
    own_branch = and_(
        branches.c.company_id == tills.c.company_id,
        branches.c.till_id == tills.c.id,
        branches.c.epoch == tills.c.epoch,
        branches.c.branch == 0,
    )
    return (
        select(
            tills,
            branches.c.seq,
            branches.c.judged_seq,
            branches.c.receipts,
            branches.c.total_minor,
        )
        .select_from(tills.outerjoin(branches, own_branch))
        .where(tills.c.company_id == company_id, tills.c.state.in_([ACTIVE, REVOKED]))
    )


def _line(row: RowMapping) -> TillLine:
    return TillLine(
        row["id"],
        row["shop"],
        row["till"],
        row["name"],
        row["state"],
        row["epoch"],
        row["enrolled_at"],
        row["heard_at"],
        row["version"],
        row["seq"] or 0,
        row["judged_seq"] or 0,
        row["receipts"] or 0,
        row["total_minor"] or 0,
    )

"""The inbox: entries that no rule could take, each with a reason and a remedy; the rest goes on."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from pos_app.server.stamps import new_id, stamp
from pos_app.server.tables import inbox
from pos_app.sync.wire import Refused, WireEntry

WAITING, SETTLED = "waiting", "settled"
RETRY, ACCEPT, DROP, OFFICE = "retry", "accept", "drop", "office"
SHOWN_SETTLED = 50
_ENTRIES = msgspec.json.Decoder(list[WireEntry])


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: till, epoch, branch and number."""

    till_id: str
    epoch: int
    branch: int
    seq: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the inbox; `raw` holds damaged entries as the till sent them (JSON)."""

    company_id: str
    id: str
    till_id: str
    epoch: int
    branch: int
    seq: int
    kind: str
    at: str
    reason: str
    remedy: str
    state: str
    settled_by: str
    settled_at: str
    made_at: str
    raw: str


def put_waiting(  # noqa: PLR0917 - the columns of a row
    connection: Connection,
    company_id: str,
    place: Place,
    kind: str,
    at: str,
    reason: str,
    now: datetime,
    *,
    remedy: str = OFFICE,
    raw: str = "",
) -> str:
    """Put an entry aside for a person and return the row's id; the same one twice is one row."""
    found = connection.execute(
        select(inbox.c.id).where(
            inbox.c.company_id == company_id,
            inbox.c.till_id == place.till_id,
            inbox.c.epoch == place.epoch,
            inbox.c.branch == place.branch,
            inbox.c.seq == place.seq,
            inbox.c.reason == reason,
            inbox.c.state == WAITING,
        )
    ).first()
    if found is not None:
        return str(found.id)
    # Drawn from what it is about, so that a replay of the same messages makes the same ids.
    about = f"{company_id}\x1f{place}\x1f{reason}\x1f{stamp(now)}"
    bits = int.from_bytes(hashlib.sha256(about.encode()).digest()[:10], "big") >> 6
    row_id = new_id(now, bits)
    connection.execute(
        insert(inbox),
        {
            "company_id": company_id,
            "id": row_id,
            "till_id": place.till_id,
            "epoch": place.epoch,
            "branch": place.branch,
            "seq": place.seq,
            "kind": kind,
            "at": at,
            "reason": reason,
            "remedy": remedy,
            "state": WAITING,
            "made_at": stamp(now),
            "raw": raw,
        },
    )
    return row_id


def list_waiting(
    connection: Connection,
    company_id: str,
    *,
    state: str = WAITING,
    after: str = "",
    limit: int = 100,
    till_id: str = "",
) -> list[Waiting]:
    """Return rows of the inbox in order of their ids, those after `after`."""
    wanted = (
        select(inbox)
        .where(inbox.c.company_id == company_id, inbox.c.state == state, inbox.c.id > after)
        .order_by(inbox.c.id)
        .limit(limit)
    )
    if till_id:
        wanted = wanted.where(inbox.c.till_id == till_id)
    return [waiting_of(row) for row in connection.execute(wanted)]


def refused_of(connection: Connection, company_id: str, till_id: str) -> tuple[Refused, ...]:
    """Return what waits of a till, and what was settled last."""
    mine = (inbox.c.company_id == company_id, inbox.c.till_id == till_id)
    waiting = select(inbox).where(*mine, inbox.c.state == WAITING).order_by(inbox.c.id)
    settled = (
        select(inbox)
        .where(*mine, inbox.c.state == SETTLED)
        .order_by(inbox.c.settled_at.desc(), inbox.c.id)
        .limit(SHOWN_SETTLED)
    )
    rows = [*connection.execute(waiting), *connection.execute(settled)]
    return tuple(
        Refused(
            id=row.id,
            epoch=row.epoch,
            seq=row.seq,
            kind=row.kind,
            at=row.at,
            reason=row.reason,
            remedy=row.remedy,
            state=row.state,
        )
        for row in rows
    )


def missing_of(
    connection: Connection, company_id: str, till_id: str, epoch: int
) -> tuple[tuple[int, int], ...]:
    """Return (first, last) of the entries of an epoch that came damaged and wait for that."""
    rows = connection.execute(
        select(inbox.c.raw)
        .where(
            inbox.c.company_id == company_id,
            inbox.c.till_id == till_id,
            inbox.c.epoch == epoch,
            inbox.c.state == WAITING,
            inbox.c.raw != "",
        )
        .order_by(inbox.c.seq)
    )
    ranges = []
    for row in rows:
        entries = _ENTRIES.decode(row.raw)
        ranges.append((entries[0].seq, entries[-1].seq))
    return tuple(dict.fromkeys(ranges))


def raw_of(connection: Connection, company_id: str, till_id: str, epoch: int, branch: int) -> str:
    """Return all that came damaged on a branch, as it came (JSON), settled or not."""
    rows = connection.execute(
        select(inbox.c.raw).where(
            inbox.c.company_id == company_id,
            inbox.c.till_id == till_id,
            inbox.c.epoch == epoch,
            inbox.c.branch == branch,
            inbox.c.raw != "",
        )
    )
    return "\n".join(row.raw for row in rows)


def settle_filled(
    connection: Connection, company_id: str, place: Place, last: int, now: datetime
) -> None:
    """Note that damaged entries from `place` up to number `last` came whole after all."""
    rows = connection.execute(
        select(inbox).where(
            inbox.c.company_id == company_id,
            inbox.c.till_id == place.till_id,
            inbox.c.epoch == place.epoch,
            inbox.c.branch == place.branch,
            inbox.c.state == WAITING,
            inbox.c.raw != "",
            inbox.c.seq >= place.seq,
            inbox.c.seq <= last,
        )
    )
    for row in rows:
        if _ENTRIES.decode(row.raw)[-1].seq <= last:
            connection.execute(
                update(inbox)
                .where(inbox.c.company_id == company_id, inbox.c.id == row.id)
                .values(state=SETTLED, settled_by="came whole", settled_at=stamp(now))
            )


def waiting_of(row: Any) -> Waiting:
    """Return a row of the table as it is shown."""
    return Waiting(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it

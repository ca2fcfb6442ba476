"""How complete what head office has of each till is: what waits, was refused, who is silent.

"Silent" is a till that nobody revoked and that said nothing for a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from pos_app.server.inbox import WAITING
from pos_app.server.stamps import stamp
from pos_app.server.tables import branches, inbox
from pos_app.server.till_list import ACTIVE, TillLine, list_tills

SILENT_AFTER = timedelta(days=1)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class TillState:
    """A till with how many of its entries are not judged yet and how many wait for a person."""

    line: TillLine
    waiting: int
    refused: int
    is_silent: bool


def till_states(
    connection: Connection, company_id: str, now: datetime, shops: Sequence[str] | None = None
) -> list[TillState]:
    """Return the state of each till in the order of shops and numbers; those of some shops."""
    wanted = None if shops is None else set(shops)
    waiting, refused = _unjudged(connection, company_id), _refused(connection, company_id)
    silent = stamp(now - SILENT_AFTER)
    found, after = [], ""
    while page := list_tills(connection, company_id, after, _AT_ONCE):
        after = page[-1].id
        found += [
            TillState(
                line,
                waiting.get(line.id, 0),
                refused.get(line.id, 0),
                line.state == ACTIVE and line.heard_at < silent,
            )
            for line in page
            if wanted is None or line.shop in wanted
        ]
    return sorted(found, key=lambda one: (one.line.shop, one.line.till.zfill(9), one.line.id))


def _unjudged(connection: Connection, company_id: str) -> dict[str, int]:
    found = (
        select(branches.c.till_id, func.sum(branches.c.seq - branches.c.judged_seq))
        .where(branches.c.company_id == company_id, branches.c.judged_seq < branches.c.seq)
        .group_by(branches.c.till_id)
    )
    return {row[0]: int(row[1]) for row in connection.execute(found)}


def _refused(connection: Connection, company_id: str) -> dict[str, int]:
    found = (
        select(inbox.c.till_id, func.count())
        .where(inbox.c.company_id == company_id, inbox.c.state == WAITING)
        .group_by(inbox.c.till_id)
    )
    return {row[0]: int(row[1]) for row in connection.execute(found)}

"""Value that was spent beyond what was on it, at tills that could not ask head office.

Every payment stands. There is one notice an account, which settles itself when another till's
top-up arrives later.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from pos_app.domain.errors import PosError
from pos_app.server.inbox import OFFICE, SETTLED, WAITING, Place, put_waiting
from pos_app.server.journal_entries import Told
from pos_app.server.stamps import stamp
from pos_app.server.tables import inbox
from pos_app.server.thing_kinds import STORED_VALUE
from pos_app.server.things import Change, Things

NOTICE = "overdrawn"
# Money that somebody paid for cannot become less than nothing; an account may, up to its limit.
_PREPAID = {
    "gift_card": "Gift card",
    "store_credit": "Store credit",
    "deposit": "Deposit",
}
Balances = dict[
    str, Told | None
]  # by notice: the entry that overdrew an account, or that it is not


class Overdrawn(PosError):
    """More was spent of a value than it held."""

    sentence = (
        "{what} {number} was spent beyond what was on it, because the tills could not ask head "
        "office. Every payment stands; settle the difference with the customer."
    )


def note_balances(
    things: Things, entry: Told, changes: Sequence[Change], balances: Balances
) -> None:
    """Note for each account that an entry moved whether it is overdrawn now."""
    for change in changes:
        standing = things.thing(*change.key) if change.kind == STORED_VALUE else None
        if standing is None:
            continue
        state = json.loads(standing.state)["state"]
        what = _PREPAID.get(state["kind"], "Account")
        if state["kind"] != "points":
            notice = str(Overdrawn(what=what, number=state["number"]))
            balances[notice] = entry if _is_overdrawn(state) else None


def tell_balances(
    connection: Connection, company_id: str, balances: Balances, now: datetime
) -> None:
    """Put a notice of each overdrawn account into the inbox, and settle those that are past."""
    if not balances:
        return
    mine = (
        inbox.c.company_id == company_id,
        inbox.c.kind == NOTICE,
        inbox.c.state == WAITING,
        inbox.c.reason.in_(sorted(balances)),
    )
    known = set(connection.execute(select(inbox.c.reason).where(*mine)).scalars())
    over = sorted(notice for notice in known if balances[notice] is None)
    if over:
        connection.execute(
            update(inbox)
            .where(*mine, inbox.c.reason.in_(over))
            .values(state=SETTLED, settled_by="head office", settled_at=stamp(now))
        )
    for notice, entry in balances.items():
        if entry is not None and notice not in known:
            place = Place(entry.till_id, entry.epoch, entry.branch, entry.seq)
            put_waiting(connection, company_id, place, NOTICE, entry.at, notice, now, remedy=OFFICE)


def _is_overdrawn(state: Mapping[str, Any]) -> bool:
    if state["kind"] in _PREPAID:
        return int(state["balance"]) < 0
    limit = state.get("limit")
    return limit is not None and int(state["balance"]) < -int(limit)

"""Settling what waits in the inbox: judge it again, take it as it is, or leave it where it is."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import Connection, select, update

from pos_app.server.inbox import ACCEPT, DROP, OFFICE, RETRY, SETTLED, WAITING
from pos_app.server.judging import NothingToJudge, judge_again
from pos_app.server.stamps import stamp
from pos_app.server.sync_refusals import NothingToSettle, RemedyWrong
from pos_app.server.tables import inbox


def settle(
    connection: Connection,
    company_id: str,
    inbox_id: str,
    remedy: str,
    by: str,
    now: datetime,
    *,
    till_id: str = "",
) -> None:
    """Settle a waiting entry; whatever is done, it stays in the journal as it was told.

    `till_id` says that a till's manager does it, who may not do what only head office can.
    Raises NothingToSettle, RemedyWrong, or the refusal that still stands.
    """
    mine = (inbox.c.company_id == company_id, inbox.c.id == inbox_id)
    row = connection.execute(select(inbox).where(*mine).with_for_update()).one_or_none()
    if row is None or row.state != WAITING or (till_id and row.till_id != till_id):
        raise NothingToSettle()
    if remedy not in {RETRY, ACCEPT, DROP} or (till_id and row.remedy == OFFICE):
        raise RemedyWrong()
    if remedy != DROP:
        if row.raw:  # what is damaged is in no journal: it can only come whole
            raise RemedyWrong()
        with suppress(NothingToJudge):  # a notice is only taken note of
            about = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
            judge_again(connection, company_id, about, remedy == ACCEPT, now)
    done = {"state": SETTLED, "settled_by": by, "settled_at": stamp(now)}
    if remedy == DROP:  # what was left in the journal only is in no sum either
        done["remedy"] = DROP
    connection.execute(update(inbox).where(*mine).values(**done))

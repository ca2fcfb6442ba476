"""What people did at head office, line by line; written with the change, in its transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from pos_app.server.stamps import new_id, stamp
from pos_app.server.tables import log


@dataclass(frozen=True, slots=True)
class LogLine:
    """Who did what to what; `at` is ISO 8601 UTC."""

    id: str
    at: str
    who: str
    what: str
    about: str


def write_log(
    connection: Connection, company_id: str, who: str, what: str, about: str, now: datetime
) -> None:
    """Note what somebody does; never a secret."""
    line = {"id": new_id(now), "at": stamp(now), "who": who, "what": what, "about": about}
    connection.execute(insert(log), {"company_id": company_id, **line})


def list_log(connection: Connection, company_id: str, before: str, limit: int) -> list[LogLine]:
    """Return lines, the latest first; `before` is the id of the last one seen, empty for none."""
    found = select(log).where(log.c.company_id == company_id)
    if before:
        found = found.where(log.c.id < before)
    rows = connection.execute(found.order_by(log.c.id.desc()).limit(limit)).mappings()
    return [LogLine(row["id"], row["at"], row["who"], row["what"], row["about"]) for row in rows]

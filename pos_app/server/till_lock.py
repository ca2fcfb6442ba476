"""Who judges a till: one at a time, whoever it is, without holding up the till's own pushes."""

import hashlib

from sqlalchemy import Connection, func, select


def take_till(connection: Connection, company_id: str, till_id: str) -> bool:
    """Keep others from judging a till until the commit; False where somebody else does.

    A lock on the branch's row would hold up the till that pushes into it.
    """
    if connection.dialect.name != "postgresql":
        return True  # SQLite has one writer
    taken = func.pg_try_advisory_xact_lock(_key(company_id, till_id))
    return bool(connection.execute(select(taken)).scalar_one())


def wait_for_till(connection: Connection, company_id: str, till_id: str) -> None:
    """Keep others from judging a till until the commit, after whoever does so now."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_key(company_id, till_id))))


def _key(company_id: str, till_id: str) -> int:
    digest = hashlib.sha256(f"judge\x1f{company_id}\x1f{till_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)

"""Signed heads: where each till's journal ends at head office, and how much was told up to there.

Each company has its own Ed25519 key pair (RFC 8032); the private half are the 32 bytes of
`companies.signing_key`, the public half is given to each till when it enrols.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from pos_app.domain.till_head import SignedHead, TillHead, head_message
from pos_app.server.stamps import stamp
from pos_app.server.tables import branches, companies, tills


def office_key(signing_key: bytes) -> str:
    """Return the public half (hex) of a company's key."""
    return _key(signing_key).public_key().public_bytes_raw().hex()


def signed(head: TillHead, company_id: str, signing_key: bytes, now: datetime) -> SignedHead:
    """Return a head with head office's signature."""
    at = stamp(now)
    signature = _key(signing_key).sign(head_message(head, company_id, at))
    return SignedHead(head, company_id, at, signature.hex())


def head_of_branch(company: Any, number: str, branch: Any, now: datetime) -> SignedHead:
    """Return the signed head of a row of `branches`; `company` is a row of `companies`."""
    head = TillHead(
        number,
        branch.epoch,
        branch.seq,
        branch.hash,
        branch.receipts,
        branch.total_minor,
        company.currency,
    )
    return signed(head, company.company_id, bytes(company.signing_key), now)


def head_of_till(
    connection: Connection,
    company_id: str,
    till_id: str,
    now: datetime,
    epoch: int | None = None,
    branch: int = 0,
) -> SignedHead | None:
    """Return the head of a till's latest epoch that has entries, or None before its first.

    With `epoch` no later one counts, and of that one `branch` does: two machines may have begun
    an epoch of one number. A fork that a copied disk told is not the till's head.
    """
    rows = [
        row for row in _ends(connection, company_id, till_id) if epoch is None or row.epoch <= epoch
    ]
    if not rows:
        return None
    own = next((row for row in rows if (row.epoch, row.branch) == (epoch, branch)), rows[0])
    return head_of_branch(_company(connection, company_id), own.till, own, now)


def heads(connection: Connection, company_id: str, now: datetime) -> dict[str, SignedHead]:
    """Return the latest head of each till of the company that told anything, by the till's id."""
    company = _company(connection, company_id)
    found: dict[str, SignedHead] = {}
    for row in _ends(connection, company_id, None):
        if row.till_id not in found:
            found[row.till_id] = head_of_branch(company, row.till, row, now)
    return found


def _ends(connection: Connection, company_id: str, till_id: str | None) -> list[Any]:
    """Return the ends of the branches with entries, the till's present one first."""
    wanted = (
        select(branches, tills.c.till)
        .join(
            tills,
            (tills.c.company_id == branches.c.company_id) & (tills.c.id == branches.c.till_id),
        )
        .where(branches.c.company_id == company_id, branches.c.seq > 0)
        .order_by(branches.c.till_id, branches.c.epoch.desc(), branches.c.branch)
    )
    if till_id is not None:
        wanted = wanted.where(branches.c.till_id == till_id)
    return list(connection.execute(wanted))


def _company(connection: Connection, company_id: str) -> Any:
    return connection.execute(select(companies).where(companies.c.company_id == company_id)).one()


@lru_cache(maxsize=256)
def _key(signing_key: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(signing_key)

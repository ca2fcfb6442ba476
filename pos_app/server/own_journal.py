"""Head office's own journal: what was done here itself, by an API or a person, told like a till's.

Each shop of a company has a journal of head office's beside those of its tills: chained, signed and
judged by the same code. What is refused here is refused to whoever asked: nothing of it is kept.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert, select, update

from pos_app.domain.facts import Fact, canonical
from pos_app.domain.journal import GENESIS, entry_hash
from pos_app.server.branches import branches_of
from pos_app.server.ingest import ingest
from pos_app.server.journal_entries import OWN_NUMBER, OWN_TILL, Told
from pos_app.server.judging import judge_now
from pos_app.server.stamps import new_id, stamp
from pos_app.server.tables import branches, companies, tills
from pos_app.server.till_identity import Till
from pos_app.sync.wire import BATCH_ENTRIES, Push, WireEntry

OWN_STATE = "own"  # the state of the row in `tills`: no machine is behind it
EPOCH, BRANCH = 1, 0
STAFF_SIGNS = 60


@dataclass(frozen=True, slots=True)
class _Journal:
    till: Till
    seq: int
    hash: str


def tell_own(
    connection: Connection,
    company_id: str,
    shop: str,
    facts: Iterable[Fact],
    staff: str,
    now: datetime,
) -> None:
    """Append facts to head office's own journal and judge them, in the caller's transaction.

    The caller holds the company's revision (`thing_rows.hold_revision`). Raises the refusal of the
    first fact that cannot stand; then the caller's transaction must not be kept.
    """
    told = list(facts)
    for at in range(0, len(told), BATCH_ENTRIES):
        _tell(connection, company_id, shop, told[at : at + BATCH_ENTRIES], staff, now)


def own_till_id(shop: str) -> str:
    """Return under which id head office's own journal for a shop stands among the tills'."""
    return f"{OWN_TILL}{shop}"


def _tell(
    connection: Connection,
    company_id: str,
    shop: str,
    facts: list[Fact],
    staff: str,
    now: datetime,
) -> None:
    key = _signing_key(connection, company_id)
    journal = _journal(connection, company_id, shop, key, now)
    entries, prev = [], journal.hash
    for seq, fact in enumerate(facts, journal.seq + 1):
        entry = _entry(seq, prev, fact, _plain_staff(staff), now, key)
        entries.append(entry)
        prev = entry.hash
    push = Push(epoch=EPOCH, prev=journal.hash, entries=tuple(entries))
    pushed = ingest(connection, company_id, journal.till, push, now)
    if pushed.verdict != "accepted":  # nobody else writes here, so the chain was torn by hand
        raise RuntimeError(f"head office's own journal is {pushed.verdict}: {pushed.reason}")
    till = journal.till
    judge_now(
        connection,
        company_id,
        [
            Told(
                till.id,
                till.shop,
                till.number,
                EPOCH,
                BRANCH,
                entry.seq,
                entry.id,
                entry.kind,
                entry.at,
                entry.staff,
                entry.payload,
                stamp(now),
            )
            for entry in entries
        ],
        now,
    )
    connection.execute(
        update(branches)
        .where(branches.c.company_id == company_id, branches.c.till_id == till.id)
        .values(judged_seq=entries[-1].seq)
    )


def _entry(
    seq: int, prev: str, fact: Fact, staff: str, now: datetime, key: Ed25519PrivateKey
) -> WireEntry:
    entry_id, at, payload = new_id(now), stamp(now), canonical(fact.payload)
    kind = fact.kind.value
    digest = entry_hash(OWN_NUMBER, EPOCH, seq, entry_id, kind, at, staff, payload, prev)
    signature = key.sign(bytes.fromhex(digest)).hex()
    return WireEntry(
        seq=seq,
        id=entry_id,
        kind=kind,
        at=at,
        staff=staff,
        payload=payload,
        hash=digest,
        signature=signature,
    )


def _journal(
    connection: Connection, company_id: str, shop: str, key: Ed25519PrivateKey, now: datetime
) -> _Journal:
    """Return where the journal ends; it is begun where there is none yet."""
    till_id = own_till_id(shop)
    till = Till(company_id, till_id, shop, OWN_NUMBER, till_id, EPOCH, BRANCH)
    found = branches_of(connection, company_id, till_id, EPOCH)
    if found:
        return _Journal(till, found[0].seq, found[0].hash)
    connection.execute(
        insert(tills),
        {
            "company_id": company_id,
            "id": till_id,
            "shop": shop,
            "till": OWN_NUMBER,
            "store_id": till_id,
            "state": OWN_STATE,
            "epoch": EPOCH,
            "enrolled_at": stamp(now),
        },
    )
    connection.execute(
        insert(branches),
        {
            "company_id": company_id,
            "till_id": till_id,
            "epoch": EPOCH,
            "branch": BRANCH,
            "public_key": key.public_key().public_bytes_raw(),
            "first_seq": 1,
            "first_prev": GENESIS,
            "seq": 0,
            "hash": GENESIS,
            "judged_seq": 0,
            "state": "open",
        },
    )
    return _Journal(till, 0, GENESIS)


def _plain_staff(staff: str) -> str:
    """Return who did it as an entry may hold it: no control characters, and not too long."""
    return "".join(sign for sign in staff if sign.isprintable())[:STAFF_SIGNS] or "API"


def _signing_key(connection: Connection, company_id: str) -> Ed25519PrivateKey:
    found = select(companies.c.signing_key).where(companies.c.company_id == company_id)
    return _journal_key(bytes(connection.execute(found).scalar_one()))


@lru_cache(maxsize=256)
def _journal_key(signing_key: bytes) -> Ed25519PrivateKey:
    """Return the key of the journal: another one than that of the heads, but made from it."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"journal" + signing_key).digest())

"""How a till comes to belong to a shop: by a code, then by tokens, and with new keys later on.

Tokens are bound to the till's keys: each renewal is signed. A refresh token works once. One that
comes again ends all that came from the same enrolment; whoever signs with the till's key gets new
tokens all the same, so that a lost answer, a restored backup or a copied disk needs nobody's help.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from pos_app.domain.journal import GENESIS
from pos_app.server.database import Office
from pos_app.server.doors import Door, DoorKind, find_door, put_door, use_door
from pos_app.server.heads import office_key
from pos_app.server.stamps import new_id, stamp
from pos_app.server.sync_refusals import (
    CodeExpired,
    CodeUsed,
    CodeWrong,
    CurrencyDiffers,
    EnrolmentUnusable,
    EpochUnproven,
    NumberTaken,
    TokenExpired,
    TokenMissing,
)
from pos_app.server.tables import branches, companies, doors, tills
from pos_app.server.till_identity import (
    ACTIVE,
    SHUT,
    Nonces,
    SyncRequest,
    Till,
    check_clock,
    from_hex,
    is_signed,
    prove,
)
from pos_app.sync.wire import (
    Enrolled,
    Enrolment,
    NewEpoch,
    Renewal,
    Tokens,
    enrolment_message,
    epoch_message,
)

ACCESS_S = 600
REFRESH_DAYS = 90
# How long a used refresh token is known as such: a till restored from an older backup than this
# needs a new code.
USED_KEPT_DAYS = 14
MOST_EPOCH = 2**31 - 1
_KEY = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"[^\x00-\x1f\x7f]{1,64}")

Random = Callable[[int], bytes]


def enrol(office: Office, enrolment: Enrolment, now: datetime, random: Random) -> Enrolled:
    """Take a till into the shop that its code is for, or take it in once more.

    The same machine may send the same code again as long as it is good: its answer was lost.
    Raises EnrolmentUnusable, CodeWrong, CodeUsed, CodeExpired, NumberTaken, CurrencyDiffers.
    """
    _check_enrolment(enrolment)
    with office.shared() as connection:
        door = find_door(connection, DoorKind.ENROLMENT, enrolment.code)
    if door is None:
        raise CodeWrong()
    with office.company(door.company_id) as connection:
        is_first = not door.used_at and not door.is_expired(now) and use_door(connection, door, now)
        if not is_first and not _used_it(connection, door, enrolment):
            raise CodeExpired() if door.is_expired(now) and not door.used_at else CodeUsed()
        if not is_first and door.is_expired(now):
            raise CodeUsed()
        till_id = _put_till(connection, door, enrolment, now, random)
        _put_key(connection, door.company_id, till_id, enrolment)
        connection.execute(
            update(doors).where(doors.c.hash == door.hash).values(family=till_id)
        )  # so that the same machine is known where it asks again
        company = connection.execute(
            select(companies).where(companies.c.company_id == door.company_id)
        ).one()
        if enrolment.currency not in {"", company.currency}:
            raise CurrencyDiffers(theirs=enrolment.currency, ours=company.currency)
        tokens = _new_tokens(connection, door.company_id, till_id, "", now, random)
    return Enrolled(
        company_id=door.company_id,
        company=company.name,
        shop=door.subject,
        till_id=till_id,
        office_key=office_key(bytes(company.signing_key)),
        access=tokens.access,
        access_s=tokens.access_s,
        refresh=tokens.refresh,
    )


def renew(
    office: Office,
    request: SyncRequest,
    renewal: Renewal,
    nonces: Nonces,
    now: datetime,
    random: Random,
) -> Tokens:
    """Give new tokens for a refresh token; `request` is the signed one that carries it.

    A refresh token that was used before ends every token of its family; one that is not known
    (head office was restored) is made up for by the till's key.
    Raises ClockDiffers, TokenMissing, TokenExpired, TillRevoked, ProofWrong, RequestReplayed.
    """
    check_clock(request, now)
    with office.shared() as connection:
        door = find_door(connection, DoorKind.REFRESH, renewal.refresh)
    if door is None:
        return _renew_by_key(office, request, renewal, nonces, now, random)
    if door.is_expired(now):
        raise TokenExpired()
    with office.company(door.company_id) as connection:
        till = prove(connection, door.company_id, door.subject, request, nonces, now)
        family = door.family
        if door.used_at or not use_door(connection, door, now):
            _end_family(connection, family, now)
            family = ""
        _sweep(connection, till, now)
        return _new_tokens(connection, till.company_id, till.id, family, now, random)


def _renew_by_key(
    office: Office,
    request: SyncRequest,
    renewal: Renewal,
    nonces: Nonces,
    now: datetime,
    random: Random,
) -> Tokens:
    """Give tokens to whoever signs with the till's key, where its token is not known.

    So the tills come back by themselves to a head office that was restored from a backup.
    """
    if not (_WORD.fullmatch(renewal.company_id) and _WORD.fullmatch(renewal.till_id)):
        raise TokenMissing()
    with office.company(renewal.company_id) as connection:
        till = prove(connection, renewal.company_id, renewal.till_id, request, nonces, now)
        _sweep(connection, till, now)
        return _new_tokens(connection, till.company_id, till.id, "", now, random)


def begin_epoch(
    connection: Connection, company_id: str, till: Till, new: NewEpoch, now: datetime
) -> None:
    """Take note of a till's new key, which signs itself and which a known key vouches for.

    Two machines may begin an epoch of one number: each has its own branch of it.
    Raises EnrolmentUnusable or EpochUnproven.
    """
    if not 1 <= new.epoch <= MOST_EPOCH or not _KEY.fullmatch(new.public_key):
        raise EnrolmentUnusable(problem="epoch or key is none")
    message = epoch_message(till.id, new.epoch, new.public_key)
    key = bytes.fromhex(new.public_key)
    if not is_signed(key, from_hex(new.signature), message):
        raise EnrolmentUnusable(problem="it is not signed by its key")
    known = _lock_branches(connection, company_id, till.id)
    if any(bytes(row.public_key) == key and row.epoch == new.epoch for row in known):
        return
    old = from_hex(new.old_signature)
    vouching = {bytes(row.public_key) for row in known if row.state != SHUT}
    if not any(is_signed(one, old, message) for one in vouching):
        raise EpochUnproven()
    _add_branch(connection, company_id, till.id, new.epoch, key, known)
    connection.execute(
        update(tills)
        .where(tills.c.company_id == company_id, tills.c.id == till.id, tills.c.epoch < new.epoch)
        .values(epoch=new.epoch, heard_at=stamp(now))
    )


def _check_enrolment(enrolment: Enrolment) -> None:
    words = (enrolment.store_id, enrolment.till)
    if not all(_WORD.fullmatch(word) for word in words):
        raise EnrolmentUnusable(problem="store or till has no usable name")
    if len(enrolment.code) > 64 or len(enrolment.name) > 200 or "\0" in enrolment.name:
        raise EnrolmentUnusable(problem="code or name is too long")
    if not 1 <= enrolment.epoch <= MOST_EPOCH or not _KEY.fullmatch(enrolment.public_key):
        raise EnrolmentUnusable(problem="epoch or key is none")
    message = enrolment_message(
        enrolment.code,
        enrolment.store_id,
        enrolment.till,
        enrolment.epoch,
        enrolment.public_key,
    )
    key = bytes.fromhex(enrolment.public_key)
    if not is_signed(key, from_hex(enrolment.signature), message):
        raise EnrolmentUnusable(problem="it is not signed by the till's key")


def _used_it(connection: Connection, door: Door, enrolment: Enrolment) -> bool:
    """Whether this machine is the one that used the code."""
    found = connection.execute(
        select(tills.c.id)
        .join(
            branches,
            (branches.c.company_id == tills.c.company_id) & (branches.c.till_id == tills.c.id),
        )
        .where(
            tills.c.company_id == door.company_id,
            tills.c.id == door.family,
            tills.c.store_id == enrolment.store_id,
            tills.c.state == ACTIVE,
            branches.c.epoch == enrolment.epoch,
            branches.c.public_key == bytes.fromhex(enrolment.public_key),
        )
    ).first()
    return found is not None


def _put_till(
    connection: Connection, door: Door, enrolment: Enrolment, now: datetime, random: Random
) -> str:
    """Return the id of the till's row, which is made or taken up again."""
    company_id = door.company_id
    rows = connection.execute(
        select(tills.c.id, tills.c.shop, tills.c.till, tills.c.store_id, tills.c.state)
        .where(
            tills.c.company_id == company_id,
            (tills.c.store_id == enrolment.store_id)
            | ((tills.c.shop == door.subject) & (tills.c.till == enrolment.till)),
        )
        .with_for_update()
    ).all()
    own = next((row for row in rows if row.store_id == enrolment.store_id), None)
    if any(row.state == ACTIVE and row.store_id != enrolment.store_id for row in rows):
        raise NumberTaken(till=enrolment.till, shop=door.subject)
    values: dict[str, Any] = {
        "shop": door.subject,
        "till": enrolment.till,
        "name": enrolment.name,
        "state": ACTIVE,
        "epoch": enrolment.epoch,
        "enrolled_at": stamp(now),
    }
    if own is not None:
        connection.execute(
            update(tills)
            .where(tills.c.company_id == company_id, tills.c.id == own.id)
            .values(**values)
        )
        return str(own.id)
    till_id = new_id(now, int.from_bytes(random(10), "big") >> 6)
    values |= {"company_id": company_id, "id": till_id, "store_id": enrolment.store_id}
    connection.execute(insert(tills), values)
    return till_id


def _put_key(connection: Connection, company_id: str, till_id: str, enrolment: Enrolment) -> None:
    """Keep the till's key; where it is a new one, a person's code shuts out the older ones."""
    key = bytes.fromhex(enrolment.public_key)
    known = _lock_branches(connection, company_id, till_id)
    mine = (branches.c.company_id == company_id) & (branches.c.till_id == till_id)
    has_key = (branches.c.epoch == enrolment.epoch) & (branches.c.public_key == key)
    if any(row.epoch == enrolment.epoch and bytes(row.public_key) == key for row in known):
        connection.execute(
            update(branches)
            .where(mine, has_key, branches.c.state == SHUT)
            .values(state="open", reason="")
        )
        return
    connection.execute(
        update(branches).where(mine).values(state=SHUT, reason="enrolled anew with another key")
    )
    _add_branch(connection, company_id, till_id, enrolment.epoch, key, known)


def _add_branch(
    connection: Connection, company_id: str, till_id: str, epoch: int, key: bytes, known: list[Any]
) -> None:
    """Add a branch that has no entries yet: it gets its place with the first one."""
    taken = [row.branch for row in known if row.epoch == epoch]
    values = empty_branch(epoch, max(taken, default=-1) + 1, key)
    connection.execute(
        insert(branches), {"company_id": company_id, "till_id": till_id, **values, "state": "open"}
    )


def empty_branch(epoch: int, branch: int, key: bytes) -> dict[str, Any]:
    """Return the columns of a branch before its first entry: `seq` is 0."""
    return {
        "epoch": epoch,
        "branch": branch,
        "public_key": key,
        "first_seq": 1,
        "first_prev": GENESIS,
        "seq": 0,
        "hash": GENESIS,
        "judged_seq": 0,
    }


def _lock_branches(connection: Connection, company_id: str, till_id: str) -> list[Any]:
    connection.execute(
        select(tills.c.id)
        .where(tills.c.company_id == company_id, tills.c.id == till_id)
        .with_for_update()
    )
    return list(
        connection.execute(
            select(
                branches.c.epoch, branches.c.branch, branches.c.public_key, branches.c.state
            ).where(branches.c.company_id == company_id, branches.c.till_id == till_id)
        )
    )


def _new_tokens(
    connection: Connection,
    company_id: str,
    till_id: str,
    family: str,
    now: datetime,
    random: Random,
) -> Tokens:
    access, refresh = random(32).hex(), random(32).hex()
    family = family or random(16).hex()
    access_ends = now + timedelta(seconds=ACCESS_S)
    refresh_ends = now + timedelta(days=REFRESH_DAYS)
    for kind, secret, ends in (
        (DoorKind.ACCESS, access, access_ends),
        (DoorKind.REFRESH, refresh, refresh_ends),
    ):
        put_door(connection, kind, secret, company_id, till_id, expires=ends, family=family)
    return Tokens(access, ACCESS_S, refresh)


def _end_family(connection: Connection, family: str, now: datetime) -> None:
    """End every token of a family; refresh tokens stay known as used ones."""
    connection.execute(
        delete(doors).where(doors.c.family == family, doors.c.kind == DoorKind.ACCESS.value)
    )
    connection.execute(
        update(doors)
        .where(
            doors.c.family == family, doors.c.kind == DoorKind.REFRESH.value, doors.c.used_at == ""
        )
        .values(used_at=stamp(now))
    )


def _sweep(connection: Connection, till: Till, now: datetime) -> None:
    """Forget the till's tokens that nobody can use any more."""
    long_ago = stamp(now - timedelta(days=USED_KEPT_DAYS))
    connection.execute(
        delete(doors).where(
            doors.c.company_id == till.company_id,
            doors.c.subject == till.id,
            doors.c.kind.in_([DoorKind.ACCESS.value, DoorKind.REFRESH.value]),
            (doors.c.expires_at < stamp(now))
            | ((doors.c.used_at != "") & (doors.c.used_at < long_ago)),
        )
    )

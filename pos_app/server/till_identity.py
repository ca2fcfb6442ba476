"""Which till asks: a token says which, and a signature by one of its keys proves it.

A stolen token opens nothing without the key, and a request that was listened in on opens nothing
twice: each is signed with its moment and a number used once.
"""

import re
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, bindparam, select

from pos_app.server.database import Office
from pos_app.server.doors import DoorKind, find_door
from pos_app.server.sync_refusals import (
    ClockDiffers,
    ProofWrong,
    RequestReplayed,
    TillRevoked,
    TokenExpired,
    TokenMissing,
)
from pos_app.server.tables import branches, tills
from pos_app.sync.wire import request_message

CLOCK_WINDOW_S = 300
ACTIVE, REVOKED = "active", "revoked"
SHUT = "shut"  # the state of a branch whose key lost its rights: a person enrolled a new one
_KEYS = (
    select(
        *(tills.c.shop, tills.c.till, tills.c.store_id, tills.c.state),
        *(branches.c.epoch, branches.c.branch, branches.c.public_key),
        branches.c.state.label("branch_state"),
    )
    .join(
        branches,
        (branches.c.company_id == tills.c.company_id) & (branches.c.till_id == tills.c.id),
    )
    .where(tills.c.company_id == bindparam("company"), tills.c.id == bindparam("till"))
    .order_by(branches.c.epoch.desc(), branches.c.branch)
)
_NONCE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """A request as it came: `target` is path and query, header names are in small letters."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Till:
    """A till that proved who it is; `epoch` and `branch` say with which of its keys."""

    company_id: str
    id: str
    shop: str
    number: str
    store_id: str
    epoch: int
    branch: int


class Nonces:
    """The numbers used once that came within the clock's window; one process's own memory."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str]] = set()
        self._order: deque[tuple[datetime, tuple[str, str]]] = deque()
        self._lock = threading.Lock()

    def take(self, till_id: str, nonce: str, now: datetime) -> bool:
        """Use a number; False where it was used before."""
        over = now - 2 * timedelta(seconds=CLOCK_WINDOW_S)
        key = (till_id, nonce)
        with self._lock:
            while self._order and self._order[0][0] < over:
                self._seen.discard(self._order.popleft()[1])
            if key in self._seen:
                return False
            self._seen.add(key)
            self._order.append((now, key))
            return True


@contextmanager
def authenticated(
    office: Office, request: SyncRequest, nonces: Nonces, now: datetime, new_key: bytes = b""
) -> Iterator[tuple[Connection, Till]]:
    """A transaction of the company whose till asks, as its access token and its proof say.

    `new_key` is one that the body names and that may prove the request beside the known ones.
    Raises ClockDiffers, TokenMissing, TokenExpired, TillRevoked, ProofWrong or RequestReplayed.
    """
    check_clock(request, now)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenMissing()
    with office.shared() as connection:
        door = find_door(connection, DoorKind.ACCESS, token.strip())
        if door is None:
            raise TokenMissing()
        if door.is_expired(now):
            raise TokenExpired()
        office.enter(connection, door.company_id)
        yield (
            connection,
            prove(connection, door.company_id, door.subject, request, nonces, now, new_key),
        )


def authenticate(office: Office, request: SyncRequest, nonces: Nonces, now: datetime) -> Till:
    """Return the till that a request comes from; raises as `authenticated` does."""
    with authenticated(office, request, nonces, now) as (_, till):
        return till


def is_active(office: Office, till: Till) -> bool:
    """Whether a till that proved itself before is still let in."""
    mine = (tills.c.company_id == till.company_id) & (tills.c.id == till.id)
    with office.company(till.company_id) as connection:
        state = connection.execute(select(tills.c.state).where(mine)).scalar_one_or_none()
    return bool(state == ACTIVE)


def prove(  # noqa: PLR0917 - what a proof is made of
    connection: Connection,
    company_id: str,
    till_id: str,
    request: SyncRequest,
    nonces: Nonces,
    now: datetime,
    new_key: bytes = b"",
) -> Till:
    """Return a till whose key signed a request.

    Raises TillRevoked, ProofWrong or RequestReplayed.
    """
    rows = connection.execute(_KEYS, {"company": company_id, "till": till_id}).all()
    if not rows:
        raise TokenMissing()
    row = rows[0]
    if row.state != ACTIVE:
        raise TillRevoked()
    known = [one for one in rows if one.branch_state != SHUT]
    signer = _signer(request, [(one.epoch, one.branch, bytes(one.public_key)) for one in known])
    if signer is None and new_key and _signer(request, [(0, 0, new_key)]) and known:
        signer = (known[0].epoch, known[0].branch)
    if signer is None:
        raise ProofWrong()
    if not nonces.take(till_id, request.headers["x-pos-nonce"], now):
        raise RequestReplayed()
    return Till(company_id, till_id, row.shop, row.till, row.store_id, *signer)


def check_clock(request: SyncRequest, now: datetime) -> None:
    """Refuse a request of another time, or one that says none; raises ClockDiffers, ProofWrong."""
    at = request.headers.get("x-pos-at", "")
    try:
        apart = abs(datetime.fromisoformat(at) - now)
    except (TypeError, ValueError) as failure:
        raise ProofWrong() from failure
    if apart > timedelta(seconds=CLOCK_WINDOW_S):
        raise ClockDiffers(seconds=CLOCK_WINDOW_S)


def is_signed(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is the key's over `message` (Ed25519, RFC 8032)."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def from_hex(text: str) -> bytes:
    """Return the bytes of a hex text, nothing where it is none."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _signer(request: SyncRequest, keys: list[tuple[int, int, bytes]]) -> tuple[int, int] | None:
    """Return epoch and branch of the key that signed a request."""
    nonce, at = request.headers.get("x-pos-nonce", ""), request.headers.get("x-pos-at", "")
    proof = from_hex(request.headers.get("x-pos-proof", ""))
    if not _NONCE.fullmatch(nonce) or not proof:
        return None
    message = request_message(request.method, request.target, request.body, at, nonce)
    tried: set[bytes] = set()
    for epoch, branch, key in keys:
        if key not in tried and is_signed(key, proof, message):
            return epoch, branch
        tried.add(key)
    return None

"""Which company a secret opens: enrolment codes, tokens, keys, sign-in names and sessions.

Only the SHA-256 of a secret is kept. The functions take an open transaction: `Office.shared` to
look a door up, either that or the company's own to change one.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from pos_app.server.stamps import stamp
from pos_app.server.tables import doors

SECRET_BYTES = 32
# Crockford's base 32 has no I, L, O and U: nobody reads one sign as another.
CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


class DoorKind(StrEnum):
    """What a secret is for."""

    ENROLMENT = "enrolment"  # subject: the code of the shop
    ACCESS = "access"  # subject: the id of the till
    REFRESH = "refresh"  # subject: the id of the till
    API_KEY = "api_key"  # subject: the id of the key
    SIGN_IN = "sign_in"  # subject: the id of the person
    SESSION = "session"  # subject: the id of the person
    SECOND_STEP = "second_step"  # subject: the person whose password was right a moment ago


@dataclass(frozen=True, slots=True)
class Door:
    """What a secret opens; moments are ISO 8601 UTC, empty for never."""

    hash: str
    kind: DoorKind
    company_id: str
    subject: str
    expires_at: str = ""
    used_at: str = ""
    family: str = ""

    def is_expired(self, now: datetime) -> bool:
        """Whether its time is over."""
        return bool(self.expires_at) and self.expires_at <= stamp(now)


def new_secret() -> str:
    """Return a new secret of 256 random bits, 43 signs that any header can hold."""
    return secrets.token_urlsafe(SECRET_BYTES)


def new_code() -> str:
    """Return a new enrolment code of 50 random bits in two groups, as people type it."""
    signs = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
    return f"{signs[:5]}-{signs[5:]}"


def plain_code(typed: str) -> str:
    """Return a code as it is compared: no groups, no small letters, misread signs put right."""
    return typed.strip().upper().translate(_MISREAD)


def door_hash(kind: DoorKind, secret: str) -> str:
    """Return the SHA-256 (hex) under which a secret is kept; each kind has its own."""
    if kind is DoorKind.ENROLMENT:
        secret = plain_code(secret)
    elif kind is DoorKind.SIGN_IN:
        secret = secret.strip().casefold()
    # Half a letter, which JSON can hold and UTF-8 cannot, is a secret that nobody has.
    return hashlib.sha256(f"{kind}\x1f{secret}".encode("utf-8", "surrogatepass")).hexdigest()


def put_door(
    connection: Connection,
    kind: DoorKind,
    secret: str,
    company_id: str,
    subject: str,
    *,
    expires: datetime | None = None,
    family: str = "",
) -> Door:
    """Keep a new secret; raises SQLAlchemy's IntegrityError where it is there already."""
    door = Door(
        door_hash(kind, secret),
        kind,
        company_id,
        subject,
        "" if expires is None else stamp(expires),
        "",
        family,
    )
    connection.execute(
        insert(doors),
        {
            "hash": door.hash,
            "kind": kind.value,
            "company_id": company_id,
            "subject": subject,
            "expires_at": door.expires_at,
            "used_at": "",
            "family": family,
        },
    )
    return door


def find_door(connection: Connection, kind: DoorKind, secret: str) -> Door | None:
    """Return what a secret opens, expired and used ones too; None where nobody knows it."""
    row = (
        connection.execute(
            select(doors).where(doors.c.hash == door_hash(kind, secret), doors.c.kind == kind.value)
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else _door(row)


def use_door(connection: Connection, door: Door, now: datetime) -> bool:
    """Use a secret that works once; False where somebody else was first."""
    done = connection.execute(
        update(doors)
        .where(doors.c.hash == door.hash, doors.c.used_at == "")
        .values(used_at=stamp(now))
    )
    return done.rowcount == 1


def shut_door(connection: Connection, door: Door) -> None:
    """Take a secret away."""
    connection.execute(delete(doors).where(doors.c.hash == door.hash))


def shut_subject(
    connection: Connection,
    company_id: str,
    subject: str,
    *kinds: DoorKind,
    keep: Door | None = None,
) -> int:
    """Take away a subject's secrets of some kinds, but not `keep`; returns how many there were."""
    gone = delete(doors).where(
        doors.c.company_id == company_id,
        doors.c.subject == subject,
        doors.c.kind.in_([kind.value for kind in kinds]),
    )
    if keep is not None:
        gone = gone.where(doors.c.hash != keep.hash)
    return connection.execute(gone).rowcount


def sweep_doors(connection: Connection, before: datetime) -> int:
    """Forget what expired before a moment; returns how many there were."""
    return connection.execute(
        delete(doors).where(doors.c.expires_at != "", doors.c.expires_at < stamp(before))
    ).rowcount


def _door(row: RowMapping) -> Door:
    return Door(
        row["hash"],
        DoorKind(row["kind"]),
        row["company_id"],
        row["subject"],
        row["expires_at"],
        row["used_at"],
        row["family"],
    )

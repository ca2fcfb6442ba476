"""Codes by which a till comes to belong to a shop: each works once, and not for long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy import Connection, Select, delete, select

from pos_app.domain.errors import PosError
from pos_app.server.companies import shop_of
from pos_app.server.doors import DoorKind, new_code, put_door
from pos_app.server.stamps import stamp
from pos_app.server.tables import doors

LEAST, MOST = timedelta(minutes=15), timedelta(days=7)
USUAL = timedelta(days=1)
OPEN_MOST = 100


class TooManyCodes(PosError):
    """More unused codes than tills that could be waiting."""

    sentence = "The shop has {count} unused codes. Withdraw them before making another."


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """A code to type or to scan; shown once. `expires_at` is ISO 8601 UTC."""

    code: str
    shop: str
    expires_at: str
    url: str
    invitation: str  # what the QR code says


def make_code(
    connection: Connection,
    company_id: str,
    shop: str,
    now: datetime,
    *,
    lasts: timedelta = USUAL,
    url: str = "",
) -> EnrolmentCode:
    """Make a code for one till of a shop; raises ShopUnknown, TooManyCodes.

    `url` is the address of head office as tills reach it.
    """
    shop_of(connection, company_id, shop)
    count = len(connection.execute(_unused(company_id, shop, now)).all())
    if count >= OPEN_MOST:
        raise TooManyCodes(count=count)
    code, expires = new_code(), now + min(max(lasts, LEAST), MOST)
    put_door(connection, DoorKind.ENROLMENT, code, company_id, shop, expires=expires)
    return EnrolmentCode(code, shop, stamp(expires), url, invitation(url, code))


def withdraw_codes(connection: Connection, company_id: str, shop: str) -> int:
    """Take every unused code of a shop away; returns how many there were. Raises ShopUnknown."""
    shop_of(connection, company_id, shop)
    return connection.execute(
        delete(doors).where(
            doors.c.company_id == company_id,
            doors.c.subject == shop,
            doors.c.kind == DoorKind.ENROLMENT.value,
            doors.c.used_at == "",
        )
    ).rowcount


def invitation(url: str, code: str) -> str:
    """Return what a till reads from a QR code: where head office is, and the code."""
    return "pos-app://enrol?" + urlencode({"u": url, "c": code})


def _unused(company_id: str, shop: str, now: datetime) -> Select[tuple[str]]:
    return select(doors.c.hash).where(
        doors.c.company_id == company_id,
        doors.c.subject == shop,
        doors.c.kind == DoorKind.ENROLMENT.value,
        doors.c.used_at == "",
        doors.c.expires_at > stamp(now),
    )

"""Moments and new ids as head office writes them: ISO 8601 UTC of milliseconds, UUIDv7."""

import secrets
from datetime import UTC, datetime

from pos_app.domain.ids import uuid7


def utc_now() -> datetime:
    """Return the present moment in UTC to the millisecond, which is what the tables keep."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def stamp(moment: datetime) -> str:
    """Write a moment as the tables keep it, so that texts sort as their moments do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def new_id(now: datetime, random_bits: int | None = None) -> str:
    """Return a new UUIDv7 (RFC 9562); `random_bits` (74 of them) are drawn where none are given."""
    bits = secrets.randbits(74) if random_bits is None else random_bits
    return uuid7(int(now.timestamp() * 1000), bits)

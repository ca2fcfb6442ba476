"""How long somebody who typed wrong PINs has to wait before the next try counts."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pos_app.domain.errors import PosError

FREE_TRIES = 3
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=15)


class LockedOut(PosError):
    """Too many wrong tries; `seconds` is how long the next one has to wait."""

    sentence = (
        "Too many wrong tries. Wait {seconds} seconds, or scan a badge. Everything else goes on."
    )


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong tries in a row, and until when (UTC) no further one is looked at."""

    failures: int = 0
    last_at: datetime | None = None
    until: datetime | None = None


def failed(tries: Tries, now: datetime) -> Tries:
    """Count one more wrong try: three are free, then the wait doubles up to a quarter hour."""
    failures = tries.failures + 1
    if failures < FREE_TRIES:
        return replace(tries, failures=failures, last_at=now, until=None)
    doublings = min(failures - FREE_TRIES, 10)
    wait = min(_FIRST_WAIT * 2**doublings, _LONGEST_WAIT)
    return Tries(failures, now, now + wait)


def check_tries(tries: Tries, now: datetime) -> None:
    """Refuse a try that comes too early; raises LockedOut.

    A clock that was set back does not shorten the wait.
    """
    if tries.until is not None and now < tries.until:
        left = tries.until - now
        raise LockedOut(seconds=max(1, -(-left // timedelta(seconds=1))))

"""How long somebody who typed wrong PINs has to wait before the next try counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pos_app.domain.errors import PosError

FREE_TRIES = 3
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=15)
_MILLISECOND = timedelta(milliseconds=1)


class LockedOut(PosError):
    """Too many wrong tries; `seconds` is how long the next one has to wait."""

    sentence = (
        "Too many wrong tries. Wait {seconds} seconds, or scan a badge. Everything else goes on."
    )


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong tries in a row, and until when (UTC, by the clock) no further one is looked at.

    The wait itself is `wait_ms` from `from_ms` on, both of the machine's running time, which
    nobody can set.
    """

    failures: int = 0
    last_at: datetime | None = None
    until: datetime | None = None
    from_ms: int = 0
    wait_ms: int = 0


def failed(tries: Tries, now: datetime, uptime_ms: int) -> Tries:
    """Count one more wrong try: three are free, then the wait doubles up to a quarter hour.

    `uptime_ms` is how long the machine has been running, in milliseconds.
    """
    failures = tries.failures + 1
    if failures < FREE_TRIES:
        return Tries(failures, now)
    doublings = min(failures - FREE_TRIES, 10)
    wait = min(_FIRST_WAIT * 2**doublings, _LONGEST_WAIT)
    return Tries(failures, now, now + wait, uptime_ms, wait // _MILLISECOND)


def check_tries(tries: Tries, uptime_ms: int) -> None:
    """Refuse a try that comes too early; raises LockedOut.

    The clock is not asked, because whoever stands at the machine can set it. A machine that has
    run for less than at the wrong try was started since: then at least its present running time
    has passed. What is counted is never more than what really passed.
    """
    has_started_anew = uptime_ms < tries.from_ms
    passed_ms = uptime_ms if has_started_anew else uptime_ms - tries.from_ms
    left_ms = tries.wait_ms - passed_ms
    if left_ms > 0:
        raise LockedOut(seconds=-(-left_ms // 1000))

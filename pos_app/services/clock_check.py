"""Whether the machine's clock is behind what the journal was told last: somebody set it back."""

from datetime import datetime, timedelta

# Clocks that are set by a time server go back by seconds now and then.
ALLOWED = timedelta(minutes=1)


def is_behind(last_at: datetime, now: datetime) -> bool:
    """Tell whether a clock (UTC) shows a time well before the last entry of the journal."""
    return last_at - now > ALLOWED


def clock_is_behind(last_at: datetime, now: datetime) -> str:
    """Return the sentence about a clock that is behind, or an empty text."""
    if not is_behind(last_at, now):
        return ""
    return (
        f"The clock of this machine says {now:%Y-%m-%d %H:%M} UTC, but the last journal entry was "
        f"written at {last_at:%Y-%m-%d %H:%M} UTC. Set the clock right."
    )

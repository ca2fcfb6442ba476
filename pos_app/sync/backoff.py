"""How long to wait before the next try: exponential backoff with full jitter.

After "Exponential Backoff And Jitter" (Marc Brooker, AWS Architecture Blog, 2015): a thousand
tills that lost head office together do not all come back in the same second.
"""

from random import Random

BASE_S = 1.0
CAP_S = 20.0  # a till is back within half a minute of its network
LONGEST_ASKED_S = 600.0
_SHORTEST_S = 0.05


def pause_s(tries: int, random: Random) -> float:
    """Return seconds to wait after `tries` failures in a row, 1 after the first."""
    most = min(CAP_S, BASE_S * 2.0 ** min(max(tries - 1, 0), 10))
    return max(random.random() * most, _SHORTEST_S)


def asked_pause_s(retry_after: str, tries: int, random: Random) -> float:
    """Return seconds to wait where the other side named them (Retry-After, RFC 9110 10.2.3).

    Never more than ten minutes and a tenth, never less than it asked; a date or anything else
    that is no number of seconds counts as not said.
    """
    try:
        asked_s = min(max(float(int(retry_after)), 0.0), LONGEST_ASKED_S)
    except ValueError:
        return pause_s(tries, random)
    return max(asked_s * (1 + random.random() / 10), _SHORTEST_S)

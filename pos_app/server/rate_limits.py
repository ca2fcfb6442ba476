"""Rate limits in memory: a token bucket for each address, token and name.

Each worker counts for itself, so n workers allow n times as much. Forgotten is who has not asked
for so long that the bucket is full again, and the longest unheard where there are too many.
"""

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from threading import Lock

from pos_app.server.settings import Rate, ServerSettings

BUCKETS_MOST = 50_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at_s: float


class Limit:
    """Buckets of one rate; the clock (monotonic, seconds) is passed in."""

    def __init__(self, rate: Rate, most: int = BUCKETS_MOST) -> None:
        self._rate = rate
        self._most = most
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str, now_s: float) -> float:
        """Count one request; returns 0, or the seconds to wait where there were too many."""
        with self._lock:
            bucket = self._buckets.pop(key, None)
            if bucket is None:
                bucket = _Bucket(self._rate.burst, now_s)
            bucket.left = min(
                self._rate.burst, bucket.left + (now_s - bucket.at_s) * self._rate.each_s
            )
            bucket.at_s = now_s
            self._buckets[key] = bucket  # the latest heard stands last
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
            if bucket.left >= 1:
                bucket.left -= 1
                return 0.0
            return (1 - bucket.left) / self._rate.each_s

    def __len__(self) -> int:
        return len(self._buckets)


class RateLimits:
    """Every limit of a serving process."""

    def __init__(self, settings: ServerSettings) -> None:
        self.address = Limit(settings.address)
        self.token = Limit(settings.token)
        self.door = Limit(settings.door)
        self.name = Limit(settings.name)
        self.name_at_address = Limit(settings.name_at_address)


def network_of(address: str) -> str:
    """Return whom an address counts for: an IPv6 network of 64 bits is one household."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return f"{IPv6Address(int(found) >> 64 << 64)}/64"
    return str(found)

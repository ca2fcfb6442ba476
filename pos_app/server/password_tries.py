"""How often passwords may be tried: under one name, and under one name from one address."""

import math

from pos_app.domain.errors import PosError
from pos_app.server.doors import DoorKind, door_hash
from pos_app.server.rate_limits import network_of
from pos_app.server.visitors import Serving


class TooManyRequests(PosError):
    """Somebody asks more often than the limits allow; `wait_s` says when to come again."""

    sentence = "Too many requests. Try again in {wait_s} seconds."


def count_try(serving: Serving, email: str, address: str) -> None:
    """Count a password that is tried, whoever it is for; raises TooManyRequests."""
    name, now_s = door_hash(DoorKind.SIGN_IN, email), serving.clock()
    wait_s = serving.limits.name_at_address.take(f"{name} {network_of(address)}", now_s)
    wait_s = wait_s or serving.limits.name.take(name, now_s)
    if wait_s:
        raise TooManyRequests(wait_s=max(1, math.ceil(wait_s)))

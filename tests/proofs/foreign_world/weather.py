"""What happens to one request on its way to a foreign server and back, drawn from a seed.

Nothing in between sends a request that changes something twice: HTTP forbids that (RFC 9110, 9.2.2)
and no API of the five could tell. What only reads, and a void, may be sent twice.
"""

import random
from dataclasses import dataclass, fields

GOOD_SHARE = 0.35  # of the schedules in which a kind of fault does not happen at all
MOST_WHILE_READING = 9  # after ten look-ups that fail a till leaves the matter to a person


@dataclass(frozen=True, slots=True)
class Weather:
    """How likely each mishap is for one request, 0 to 1; at most one happens to it."""

    unreachable: float = 0.0  # nothing is sent
    drop: float = 0.0  # sent, and never there
    late: float = 0.0  # given up by the client, and there within a minute and a half
    lost: float = 0.0  # the server did its work, and its answer never came
    slow: float = 0.0  # as above, and the client waited in vain for as long as it waits
    cut: float = 0.0  # the answer ends in the middle
    half: float = 0.0  # half of the body, told as if it were the whole
    lie: float = 0.0  # JSON that is nothing of what the document says
    page: float = 0.0  # 200 with somebody else's HTML
    denied: float = 0.0  # 401, and nothing done
    busy: float = 0.0  # 429, with and without Retry-After
    failed: float = 0.0  # 500, 502, 503 or 504, and nothing done
    failed_after: float = 0.0  # 500, 502 or 504, and the work was done
    twice: float = 0.0  # sent twice, where that is harmless
    kill_before: float = 0.0  # the till dies before the request leaves
    kill_after: float = 0.0  # the till dies while the answer is on its way
    commit_kill: float = 0.0  # the till dies before or after one of its engine's commits

    def drawn(self, dice: random.Random) -> str:
        """Return what happens to a request, or nothing."""
        mark = dice.random()
        for name in MISHAPS:
            mark -= getattr(self, name)
            if mark < 0:
                return name
        return ""


MISHAPS = tuple(field.name for field in fields(Weather) if field.name != "commit_kill")
CALM = Weather()
# What the failing network of the simulators does by itself.
PROXIED = {"drop", "lost", "cut", "half", "lie", "page", "busy", "failed", "twice"}


def draw_weather(dice: random.Random) -> Weather:
    """Draw the weather of a schedule: some kinds of mishaps, others not at all."""
    wildness = dice.choice((0.04, 0.08, 0.16))
    values = {}
    for field in fields(Weather):
        is_on = dice.random() > GOOD_SHARE
        most = wildness / 2 if "kill" in field.name else wildness
        values[field.name] = round(dice.uniform(0, most), 4) if is_on else 0.0
    return Weather(**values)

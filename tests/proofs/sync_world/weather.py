"""What the network and head office's machine do to a request, drawn from the schedule's seed."""

import random
from dataclasses import dataclass, fields

GOOD_SHARE = 0.25  # of the schedules in which a kind of fault does not happen at all


@dataclass(frozen=True, slots=True)
class Weather:
    """How likely each mishap is for one request, 0 to 1; at most one happens to it."""

    unreachable: float = 0.0  # nothing is sent
    drop: float = 0.0  # sent, and never there
    late: float = 0.0  # given up by the till, and there some seconds later
    lost: float = 0.0  # head office worked, and its answer never came
    cut: float = 0.0  # the answer ends in the middle
    double: float = 0.0  # the same request twice, one after the other
    echo: float = 0.0  # the same request twice, the second some seconds later
    busy: float = 0.0  # 503 or 429, with and without Retry-After
    gateway: float = 0.0  # the same from a machine before head office
    portal: float = 0.0  # a network that wants to be signed in to
    crash_before: float = 0.0  # head office dies before one of its commits
    crash_after: float = 0.0  # head office dies after one of its commits, before it answers
    kill: float = 0.0  # the till dies while it waits for the answer
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


def draw_weather(dice: random.Random) -> Weather:
    """Draw the weather of a schedule: a few kinds of mishaps, often none of the others."""
    wildness = dice.choice((0.02, 0.05, 0.15))
    values = {}
    for name in (*MISHAPS, "commit_kill"):
        is_on = dice.random() > GOOD_SHARE
        most = 3 * wildness if name == "commit_kill" else wildness
        values[name] = round(dice.uniform(0, most), 4) if is_on else 0.0
    return Weather(**values)

"""What a step of the engine was about, and when the next one is due."""

from dataclasses import dataclass
from enum import StrEnum

from pos_app.sync.pulling import Page


class Did(StrEnum):
    """What a step was about."""

    NOTHING = "nothing"  # there is no head office
    HELLO = "hello"
    TOKEN = "token"  # noqa: S105 - a word for the log
    EPOCH = "epoch"
    PUSH = "push"
    PULL = "pull"
    SETTLE = "settle"
    REPORT = "report"
    IDLE = "idle"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Step:
    """What a step did; the next one is due after `wait_s`.

    News and new entries may call for it sooner, but not where `is_pause`: then the wire or head
    office needs the time, and only a person's wish comes first.
    """

    did: Did
    wait_s: float = 0.0
    is_pause: bool = False
    page: Page | None = None

"""What a benchmark says: figures against a floor of the same run, and bars not to be passed."""

import gc
import json
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from time import perf_counter_ns, thread_time_ns
from typing import Any

MS = 1e6  # nanoseconds in one


class Size(StrEnum):
    """How much is measured: `tiny` only proves that it runs, `quick` is for every day."""

    TINY = "tiny"
    QUICK = "quick"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. `bar` and `aim` are for the ratio where there is a floor,
    otherwise for the value; a figure without a bar only informs."""

    what: str
    value: float
    unit: str = "ms"
    floor: float | None = None
    bar: float | None = None
    aim: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the floor it is."""
        return self.value / self.floor if self.floor else None

    @property
    def verdict(self) -> str:
        """`met` or `missed`, empty where there is no bar."""
        if self.bar is None:
            return ""
        measured = self.ratio if self.floor else self.value
        return "met" if measured is not None and measured <= self.bar else "missed"


Progress = Callable[[str], None]


def to_json(figures: Sequence[Figure]) -> str:
    return json.dumps([asdict(figure) for figure in figures])


def from_json(text: str) -> list[Figure]:
    return read(json.loads(text))


def read(plain: Iterable[Mapping[str, Any]]) -> list[Figure]:
    return [Figure(**fields) for fields in plain]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def p99(values: Sequence[float]) -> float:
    """The value that 99 in 100 do not pass (the greatest where there are few)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


@dataclass(slots=True)
class Times:
    """What one action took each time, in ms: by the clock, and of the processor."""

    clock: list[float]
    processor: list[float]


def in_turns(
    actions: Mapping[str, Callable[[int], Callable[[], object]]], rounds: int
) -> dict[str, Times]:
    """Time actions in turns, so that whatever else the machine does meets them all alike.

    Each is given the round's number and returns what is to be timed; the order changes.
    """
    names = list(actions)
    gc.collect()
    gc.disable()  # as in the till, which collects between gestures
    times = {name: Times([], []) for name in names}
    for turn in range(rounds):
        gc.collect(0)
        for step in range(len(names)):
            name = names[(step + turn) % len(names)]
            act = actions[name](turn)
            clock, processor = perf_counter_ns(), thread_time_ns()
            act()
            took = thread_time_ns() - processor
            times[name].clock.append((perf_counter_ns() - clock) / MS)
            times[name].processor.append(took / MS)
    gc.enable()
    return times

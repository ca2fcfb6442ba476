"""A world in virtual time: one or two tills of a shop, and the foreign server that they tell."""

import heapq
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pos_app.store.transaction import Transaction
from tests.proofs.foreign_world.remotes import OfficeShelf, Remote
from tests.proofs.foreign_world.till import Till
from tests.proofs.sync_world.chance import replaced

MOST_STEPS = 3_000  # a world that needs more never comes to rest
LONGEST = timedelta(days=2)


class NeverAtRest(AssertionError):
    """The engines never come to an end."""


@dataclass(slots=True)
class World:
    """Everything of one schedule."""

    remote: Remote
    now: datetime
    office: OfficeShelf | None = None
    tills: list[Till] = field(default_factory=list)
    traced: list[str] = field(default_factory=list)
    _events: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _count: int = 0

    def after(self, wait_s: float, do: Callable[[], None]) -> None:
        """Do something `wait_s` later in virtual time."""
        self._count += 1
        at = self.now + timedelta(seconds=wait_s)
        heapq.heappush(self._events, (at, self._count, do))

    def pass_time(self, seconds: float) -> None:
        """Let seconds go by while a till waits; what is due meanwhile happens."""
        self.move_to(self.now + timedelta(seconds=seconds))

    def move_to(self, until: datetime) -> None:
        """Let time pass; events happen, engines do nothing."""
        while self._events and self._events[0][0] <= until:
            at, _, do = heapq.heappop(self._events)
            self._tick(max(self.now, at))
            do()
        self._tick(max(self.now, until))

    def _tick(self, now: datetime) -> None:
        self.now = now
        if self.office is not None:
            self.office.now = now

    def run_until(self, until: datetime) -> None:
        """Let events and engines go on until a moment."""
        for _ in range(MOST_STEPS):
            till = min(self.tills, key=lambda one: one.due)
            if till.due > until:
                self.move_to(until)
                if all(one.due > until for one in self.tills):
                    return
                continue
            if self._events and self._events[0][0] <= till.due:
                self.move_to(self._events[0][0])
                continue
            self.move_to(till.due)
            if till.store is not None and till.due <= self.now:
                till.step()
        raise NeverAtRest(f"{MOST_STEPS} steps and no end")

    def come_to_rest(self) -> None:
        """Go on until every engine has done all that it does by itself."""
        begun = self.now
        while not (all(till.is_done() for till in self.tills) and not self._events):
            if self.now - begun > LONGEST:
                raise NeverAtRest(f"no rest within {LONGEST}")
            self.run_until(self.now + timedelta(seconds=30))

    def note(self, text: str) -> None:
        """Write down what was done."""
        self.traced.append(f"{self.now:%H:%M:%S} {text}")

    def close(self) -> None:
        """Switch everything off."""
        for till in self.tills:
            till.switch_off()


@contextmanager
def world_of(remote: Remote, now: datetime, office: OfficeShelf | None) -> Iterator[World]:
    """Make an empty world; commits of its tills go through it."""
    world = World(remote, now, office)
    real = Transaction.commit
    paths: dict[Path, Till] = {}

    def commit(transaction: Transaction) -> None:
        path = transaction._state.path
        if path not in paths:
            paths.update({till.path: till for till in world.tills})
        till = paths.get(path)
        if till is None:
            real(transaction)
        else:
            till.commit(transaction, real)

    with replaced(Transaction, "commit", commit):
        try:
            yield world
        finally:
            world.close()


def seconds(dice: random.Random, least: float, most: float) -> timedelta:
    """Draw a time between two numbers of seconds."""
    return timedelta(seconds=dice.uniform(least, most))

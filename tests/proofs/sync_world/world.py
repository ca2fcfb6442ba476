"""A world in virtual time: some tills, one head office, and what happens to them by a seed."""

import heapq
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from pos_app.domain.journal import JournalEntry
from pos_app.server import pulling
from pos_app.store.transaction import Transaction
from pos_app.sync import pushing, wire
from pos_app.sync.steps import Step
from pos_app.sync.wire import wire_entry
from tests.proofs.sync_world.chance import replaced
from tests.proofs.sync_world.head_office import HeadOffice
from tests.proofs.sync_world.ledger import Ledger
from tests.proofs.sync_world.till_machine import TillMachine

if TYPE_CHECKING:
    from tests.proofs.sync_world.shelf import Shelf

MOST_EVENTS = 4_000  # a world that needs more never comes to rest


class NeverAtRest(AssertionError):
    """Events beget events without end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much goes at once: small, so that a few entries are many batches, pages and turns."""

    batch_entries: int = 1_000
    page_things: int = 500
    judged_at_once: int = 500


def draw_limits(dice: random.Random) -> Limits:
    """Draw the limits of a schedule."""
    return Limits(dice.choice((2, 7, 1_000)), dice.choice((1, 4, 500)), dice.choice((1, 5, 500)))


@dataclass(slots=True)
class World:
    """Everything of one schedule; `busyness` is how likely the counter acts during a request."""

    folder: Path
    shelf: "Shelf"
    seed: int
    now: datetime
    busyness: float = 0.1
    limits: Limits = Limits()
    hearing: float = 0.4  # how likely news reach a till
    ledger: Ledger = field(default_factory=Ledger)
    machines: list[TillMachine] = field(default_factory=list)
    outside: set[str] = field(default_factory=set)  # tills that were shut out, by their ids
    traced: list[str] = field(default_factory=list)
    began: datetime = field(init=False)
    healed: datetime = field(init=False)
    office: HeadOffice = field(init=False)
    dice: random.Random = field(init=False)
    _events: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _count: int = 0
    _drawn: int = 10_000

    def __post_init__(self) -> None:
        self.began = self.now
        self.ledger.entries.update(self.shelf.entries)
        self.dice = random.Random(f"schedule {self.seed}")
        self.office = HeadOffice(self.shelf.office, self.shelf.company_id, self)

    def after(self, wait_s: float, do: Callable[[], None]) -> None:
        """Do something `wait_s` later in virtual time."""
        self._count += 1
        at = self.now + timedelta(seconds=wait_s)
        heapq.heappush(self._events, (at, self._count, do))

    def run_for(self, seconds: float) -> None:
        """Let time pass."""
        until = self.now + timedelta(seconds=seconds)
        most = self._count + MOST_EVENTS
        while self._events and self._events[0][0] <= until:
            if self._count > most:
                raise NeverAtRest(f"{MOST_EVENTS} events within {seconds} s")
            at, _, do = heapq.heappop(self._events)
            self.now = max(self.now, at)
            do()
        self.now = until

    def fresh(self) -> int:
        """Return a number that nobody was given before."""
        self._drawn += 1
        return self._drawn

    def add_till(self, path: Path) -> TillMachine:
        """Put a machine with a store into the world, switched off."""
        machine = TillMachine(self, path, f"till {len(self.machines)} of {self.seed}")
        self.machines.append(machine)
        return machine

    def news(self) -> None:
        """Let the tills that listen hear that head office has something new; some do not."""
        for machine in self.machines:
            if machine.is_on and not machine.wire.is_down and self.dice.random() < self.hearing:
                self.after(0.1, machine.hear_news)

    def sent_entry(self, entry: JournalEntry) -> wire.WireEntry:
        """Return an entry as it is sent: what has rotten at the till is not what it wrote."""
        whole = wire_entry(entry)
        if entry.hash in self.ledger.rotten:
            return msgspec.structs.replace(whole, payload=whole.payload.replace(":", ": ", 1))
        return whole

    def told(self, push: wire.Push, pushed: wire.Pushed) -> None:
        """Keep what head office promised."""
        self.ledger.promise(push, pushed)

    def trace(self, who: str, step: Step) -> None:
        """Write down what an engine did, for whoever looks into a failure."""
        at = (self.now - self.began).total_seconds()
        self.traced.append(f"{at:9.2f} {who}: {step.did} {step.wait_s:.2f}")

    def note(self, text: str) -> None:
        """Write down what was done to the world."""
        self.traced.append(f"{(self.now - self.began).total_seconds():9.2f} {text}")

    def shut_out(self, till_id: str) -> None:
        """Shut a till out at head office; nobody may copy it until it is let in again."""
        self.office.revoke(till_id)
        self.outside.add(till_id)

    def let_in(self, till_id: str) -> None:
        """Let a till in with a new code, as soon as it runs and head office does."""
        if till_id not in self.outside:
            return
        machine = next(one for one in self.machines if one.till_id_known == till_id)
        if machine.is_on and self.office.is_up and machine.enrol(self.office.code()):
            self.outside.discard(till_id)
            return
        self.after(5.0, lambda: self.let_in(till_id))

    def heal(self) -> None:
        """Let nothing happen any more, and let in whoever was shut out."""
        self.healed = self.now
        self.office.heal()
        self.busyness, self.hearing = 0.0, 0.5
        for machine in self.machines:
            machine.heal()
        for till_id in sorted(self.outside):
            self.let_in(till_id)

    def machine_at(self, path: Path) -> TillMachine | None:
        """Return the machine whose store is at a path."""
        return next((one for one in self.machines if one.path == path), None)

    def close(self) -> None:
        """Switch everything off."""
        for machine in self.machines:
            machine.switch_off()


@contextmanager
def world_of(
    folder: Path, shelf: "Shelf", seed: int, now: datetime, limits: Limits = Limits()
) -> Iterator[World]:
    """Make an empty world on fresh copies of what is on the shelf; everything in it obeys it."""
    world = World(folder, shelf, seed, now, limits=limits)
    real = Transaction.commit

    def commit(transaction: Transaction) -> None:
        machine = world.machine_at(transaction._state.path)
        if machine is None:
            real(transaction)
        else:
            machine.commit(transaction, real)

    dialect = shelf.office.engine.dialect
    commit_there: Any = dialect.do_commit
    with ExitStack() as stack:
        stack.enter_context(replaced(Transaction, "commit", commit))
        stack.enter_context(
            replaced(dialect, "do_commit", lambda raw: world.office.commit(raw, commit_there))
        )
        stack.enter_context(replaced(pulling, "PAGE_THINGS", world.limits.page_things))
        stack.enter_context(replaced(pushing.wire, "wire_entry", world.sent_entry))
        stack.callback(world.close)
        yield world

"""One schedule from its seed: what happens, the healing, and what must hold then."""

import hashlib
import random
from dataclasses import dataclass, field

from tests.proofs.sync_world.chance import seeded
from tests.proofs.sync_world.checks import faults_of, revision_of
from tests.proofs.sync_world.plan import SMALL, Act, Size, draw_acts
from tests.proofs.sync_world.shelf import Shelf
from tests.proofs.sync_world.weather import draw_weather
from tests.proofs.sync_world.world import NeverAtRest, World, draw_limits, world_of

HEALED_WITHIN_S = 30.0
POLLED_WITHIN_S = 22.0  # the engine's own polling, and a little more
ROUNDS = 4
LOOK_S = 2.5  # time for every till to look around once and for head office to judge


@dataclass(slots=True)
class Outcome:
    """What came of a schedule: its faults, and how much happened in it."""

    seed: int
    faults: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    head: str = ""  # over all that was written anywhere
    entries: int = 0
    requests: int = 0
    tills: int = 0


def run_schedule(shelf: Shelf, seed: int, size: Size = SMALL) -> Outcome:
    """Run one schedule; the same seed and size do the same again."""
    outcome = Outcome(seed)
    dice = random.Random(f"plan of {seed}")
    stores = shelf.put_out(dice.choice(size.tills))
    limits = draw_limits(dice)
    with seeded(seed), world_of(shelf.run, shelf, seed, shelf.begins, limits) as world:
        try:
            for path in stores:
                machine = world.add_till(path)
                machine.wire.weather = draw_weather(dice)
                machine.switch_on()
            _live(world, draw_acts(size, dice))
            outcome.faults = _heal(world)
        except NeverAtRest as failure:
            outcome.faults = [str(failure)]
        outcome.trace = world.traced
        told = "".join(sorted(world.ledger.entries))
        outcome.head = hashlib.sha256(told.encode()).hexdigest()
        outcome.entries = len(world.ledger.entries)
        outcome.requests = sum(len(machine.wire.sent) for machine in world.machines)
        outcome.tills = len(world.machines)
    return outcome


def _live(world: World, acts: list[tuple[float, Act]]) -> None:
    """Let everything happen; the last that happens ends the life of the schedule."""
    began = 0.0
    for at, act in acts:
        world.run_for(at - began)
        began = at
        till = world.dice.choice(world.machines)
        world.note(f"{act.__name__} at {till.name}")
        act(world, till)
    world.run_for(1.0)


def _heal(world: World) -> list[str]:
    """End all mishaps and wait; nobody helps but whoever shut a till out."""
    world.heal()
    owed = {one.name: one.store.journal_seq for one in world.machines if one.store is not None}
    world.run_for(HEALED_WITHIN_S)
    late = [one for one in world.machines if one.cursor() < owed[one.name]]
    if late:
        return [
            f"{one.name} still has {owed[one.name] - one.cursor()} entries to send after "
            f"{HEALED_WITHIN_S:.0f} s ({one.phase}: {one.engine.status().detail})"
            for one in late
        ]
    faults = _unrest(world)
    return faults or faults_of(world)


def _unrest(world: World) -> list[str]:
    """Wait until nothing is written any more; whoever finds something when asked to look again
    would not have found it by itself.
    """
    before = _ends(world)
    for _ in range(ROUNDS):
        world.run_for(POLLED_WITHIN_S)
        after = _ends(world)
        if after == before:
            break
        before = after
    else:
        return ["head office and the tills never come to rest"]
    for machine in world.machines:
        machine.hear_news()
    world.run_for(LOOK_S)
    found = [name for name, end in _ends(world).items() if end != before[name]]
    return [f"{', '.join(found)} did not come to rest by itself"] if found else []


def _ends(world: World) -> dict[str, int]:
    """Return where head office's revisions and each journal end."""
    with world.office.company() as connection:
        revision = revision_of(connection)
    ends = {one.name: one.store.journal_seq for one in world.machines if one.store is not None}
    return {"head office": revision} | ends

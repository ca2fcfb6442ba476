"""One schedule from its seed: what is sold, the weather, the healing, and what must hold then."""

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.proofs.foreign_world.checks import faults_of
from tests.proofs.foreign_world.feed_schedule import run_feed
from tests.proofs.foreign_world.papers import go_on_with_orders, take_order
from tests.proofs.foreign_world.proxied import Proxied, ProxiedLine
from tests.proofs.foreign_world.remotes import (
    USER,
    Independent,
    OfficeShelf,
    Remote,
    Served,
    office_shelf,
)
from tests.proofs.foreign_world.shop import CUSTOMERS, MADE, WALK_IN, make_till
from tests.proofs.foreign_world.till import Setup, Till
from tests.proofs.foreign_world.weather import CALM, draw_weather
from tests.proofs.foreign_world.wire import ForeignWire
from tests.proofs.foreign_world.world import NeverAtRest, World, seconds, world_of
from tests.proofs.sync_world.chance import seeded

_MEMORY = Path("/dev/shm")
MOST_TILLS = 2
STORE = "shop.db"
Gesture = Callable[[Till], None]


@dataclass(slots=True)
class Shelf:
    """Ready stores of tills, and a head office where one is wanted; copied for each schedule."""

    root: Path
    office: OfficeShelf

    def put_out(self, count: int) -> list[Path]:
        """Put out fresh stores of so many tills."""
        run = self.root / "run"
        shutil.rmtree(run, ignore_errors=True)
        for number in range(1, count + 1):
            shutil.copytree(self.root / f"till{number}", run / f"till{number}")
        return [run / f"till{number}" / STORE for number in range(1, count + 1)]


@contextmanager
def shelf() -> Iterator[Shelf]:
    """Make the shelf in memory, and throw it away at the end."""
    base = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=base, prefix="foreign_world_") as name:
        root = Path(name)
        with seeded(0):
            for number in range(1, MOST_TILLS + 1):
                (root / f"till{number}").mkdir()
                make_till(root / f"till{number}" / STORE, str(number))
            with office_shelf(root) as office:
                yield Shelf(root, office)


@dataclass(slots=True)
class Outcome:
    """What came of a schedule: its faults, and how much happened in it."""

    seed: int
    faults: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    requests: int = 0
    mishaps: int = 0
    parked: int = 0


def options_of(api: str, dice: random.Random, number: int, *, is_served: bool) -> dict[str, str]:
    """Draw how a connection is set up."""
    returns = dice.choice(("off", "negative"))
    ids = dice.choice(("code", "mapping")) if is_served else "code"
    match api:
        case "retail":
            return {"returns": returns, "product_ids": "code"}
        case "xtrakit":
            returns = "off" if is_served else returns  # head office takes no negative ones
            return {"returns": returns, "walk_in": str(WALK_IN)}
        case "sales":
            walk_in = f"Walk-in customer of till {number}"
            prices = dice.choice(("gross", "net"))
            return {"prices": prices, "walk_in": walk_in, "product_ids": ids}
    return {"product_ids": ids}


GESTURES: dict[str, tuple[tuple[Gesture, int], ...]] = {
    "retail": ((Till.sell, 5), (Till.sell_the_same, 1), (Till.void, 2), (Till.give_back, 2)),
    "xtrakit": ((Till.sell, 5), (Till.sell_the_same, 1), (Till.void, 1), (Till.give_back, 1)),
    "sales": (
        (Till.sell, 5),
        (Till.sell_the_same, 2),
        (take_order, 2),
        (go_on_with_orders, 3),
    ),
    "erp": (
        (Till.sell, 4),
        (Till.sell_the_same, 1),
        (Till.void_sale, 1),
        (Till.give_back, 1),
        (take_order, 2),
        (go_on_with_orders, 3),
    ),
}
MOST_ACTS = {"retail": 7, "xtrakit": 7, "sales": 4, "erp": 3}


def run_schedule(
    made: Shelf, api: str, seed: int, *, is_served: bool = True, line: ProxiedLine | None = None
) -> Outcome:
    """Run one schedule; the same seed does the same again, but for what real sockets do."""
    outcome = Outcome(seed)
    dice = random.Random(f"{api} {is_served} {seed}")
    remote: Remote = Independent(api)
    if is_served:
        made.office.put_out()
        remote = Served(made.office, api)
        if line is not None:
            remote = Proxied(line, made.office, api)
    count = 1 if api == "feed" else dice.choice((1, 1, 2))
    with seeded(seed), world_of(remote, MADE, made.office if is_served else None) as world:
        try:
            for number, path in enumerate(made.put_out(count), 1):
                options = options_of(api, dice, number, is_served=is_served)
                _add_till(world, path, Setup(api, remote.key, USER, options), dice)
            if api == "sales" and count > 1:  # two tills' orders of one customer look alike there
                for till, customer in zip(world.tills, CUSTOMERS, strict=True):
                    till.customers = (customer,)
            if api == "feed":
                outcome.faults = run_feed(world, world.tills[0], dice)
            else:
                _live(world, api, dice)
                _heal(world)
                outcome.faults = faults_of(world, api)
        except NeverAtRest as failure:
            outcome.faults = [str(failure)]
        _tell(outcome, world)
    return outcome


def _add_till(world: World, path: Path, setup: Setup, dice: random.Random) -> None:
    own = random.Random(dice.random())
    is_proxied = isinstance(world.remote, Proxied)
    wire = ForeignWire(world.remote, own, world.pass_time, world.after, is_proxied)
    till = Till(world, path, wire, setup)
    world.tills.append(till)
    till.switch_on()
    wire.weather = draw_weather(dice)


def _live(world: World, api: str, dice: random.Random) -> None:
    """Sell at the tills while the weather is what it is."""
    gestures, weights = zip(*GESTURES[api], strict=True)
    for _ in range(dice.randint(1, MOST_ACTS[api])):
        [gesture] = dice.choices(gestures, weights)
        till = dice.choice(world.tills)
        world.note(f"{gesture.__name__} at {till.path.parent.name}")
        till.do(gesture)
        if dice.random() < 0.3:
            world.remote.page_size = dice.choice((1, 2, 3, 7, 100))
        if isinstance(world.remote, Independent) and dice.random() < 0.2:
            world.remote.forget_tokens()
        world.run_until(world.now + seconds(dice, 0, dice.choice((1, 60, 400))))


def _heal(world: World) -> None:
    """End all mishaps and wait until every engine has done what it does by itself."""
    for till in world.tills:
        till.wire.weather = CALM
    world.come_to_rest()


def _tell(outcome: Outcome, world: World) -> None:
    outcome.trace = world.traced
    for till in world.tills:
        name = till.path.parent.name
        sent = [f"{name}: {one.method} {one.target} {one.mishap}" for one in till.wire.sent]
        outcome.trace += sent
        outcome.requests += len(sent)
        outcome.mishaps += sum(bool(one.mishap) for one in till.wire.sent)
        if till.store is not None and till.remote:
            held = till.held()
            outcome.parked += len(held)
            outcome.trace += [f"{name}: held {one.number} {one.state} {one.reason}" for one in held]

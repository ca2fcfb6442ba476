"""What happens in a schedule beside the weather, drawn from its seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.payloads import text
from tests.proofs.small_shop import CUSTOMERS, PRODUCTS
from tests.proofs.sync_world.ledger import Edit
from tests.proofs.sync_world.till_machine import TillMachine
from tests.proofs.sync_world.work import Counter

if TYPE_CHECKING:
    from tests.proofs.sync_world.world import World

Act = Callable[["World", TillMachine], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How large schedules are: tills at the start, things that happen, and for how long."""

    tills: tuple[int, ...]
    acts: tuple[int, int]
    seconds: tuple[float, float]


SMALL = Size((2, 2, 2, 3), (5, 14), (4, 30))
FULL = Size((2, 2, 3, 3, 4, 6, 10), (20, 120), (30, 900))
MOST_MACHINES = 12


def draw_acts(size: Size, dice: random.Random) -> list[tuple[float, Act]]:
    """Draw what happens, each with the second at which it does, in order."""
    seconds = dice.uniform(*size.seconds)
    acts, weights = zip(*ACTS, strict=True)
    chosen = dice.choices(acts, weights, k=dice.randint(*size.acts))
    return sorted(((dice.uniform(0, seconds), act) for act in chosen), key=lambda one: one[0])


def gesture(_world: "World", till: TillMachine) -> None:
    till.do(Counter.anything)


def rush(_world: "World", till: TillMachine) -> None:
    """Several customers at once, more than fit into one batch of a small limit."""
    for _ in range(till.dice.randint(3, 8)):
        till.do(Counter.sell)


def lose_link(world: "World", till: TillMachine) -> None:
    till.wire.is_down = True

    def come_back() -> None:
        till.wire.is_down = False

    world.after(till.dice.uniform(1, 60), come_back)


def kill_till(_world: "World", till: TillMachine) -> None:
    if till.is_on:
        till.die()


def fill_disk(world: "World", till: TillMachine) -> None:
    till.disk_is_full = True

    def make_room() -> None:
        till.disk_is_full = False

    world.after(till.dice.uniform(0.5, 20), make_room)


def jump_clock(_world: "World", till: TillMachine) -> None:
    seconds = till.dice.choice((-86_400, -600, -20, 3, 240, 900, 40_000))
    till.skew += timedelta(seconds=seconds)


def jump_office_clock(world: "World", _till: TillMachine) -> None:
    world.office.skew += timedelta(seconds=world.dice.choice((-500, -30, 5, 400, 1_200)))


def crash_office(world: "World", _till: TillMachine) -> None:
    world.office.crash_at_commit(world.dice.randint(1, 6), is_after=world.dice.random() < 0.5)


def other_version(world: "World", _till: TillMachine) -> None:
    world.office.speaks_other_version = True

    def mend() -> None:
        world.office.speaks_other_version = False

    world.after(world.dice.uniform(1, 30), mend)


def back_up(_world: "World", till: TillMachine) -> None:
    till.back_up()


def restore(_world: "World", till: TillMachine) -> None:
    till.restore(by_hand=False)


def put_copy_back(_world: "World", till: TillMachine) -> None:
    till.restore(by_hand=True)


def clone(world: "World", till: TillMachine) -> None:
    """Somebody copies the disk, and both machines go on selling as one till."""
    if len(world.machines) >= MOST_MACHINES or till.till_id_known in world.outside:
        return
    number = len(world.machines) + 1
    path = till.clone_to(world.folder / f"clone{number}_of_{till.name}")
    if path is not None:
        twin = world.add_till(path)
        till.may_be_behind = twin.may_be_behind = True
        twin.skew, twin.wire.weather = till.skew, till.wire.weather
        twin.switch_on()
        twin.do(Counter.sell)


def close_for_the_night(world: "World", till: TillMachine) -> None:
    """Switch everything off for some hours: every access token is over by then."""
    for machine in world.machines:
        machine.switch_off()
    world.now += timedelta(hours=till.dice.choice((0.25, 9, 60)))
    for machine in world.machines:
        machine.switch_on()


def rot(world: "World", till: TillMachine) -> None:
    """Let the till's disk give back the entry of a sale otherwise than it was written."""
    if till.store is None:
        return
    before = till.store.journal_seq
    till.do(Counter.sell)
    if till.store.journal_seq > before:
        world.ledger.rotten.add(till.store.journal.entries(before)[0].hash)


def sell_oddly(_world: "World", till: TillMachine) -> None:
    till.do(Counter.sell_oddly)
    till.do(Counter.sell)


def crash_judge(world: "World", till: TillMachine) -> None:
    """Let head office die over judging what a till is about to tell."""
    till.do(Counter.void)
    till.do(Counter.sell)
    world.office.crash_in_judging = till.dice.choice(("before", "after"))


def edit_price(world: "World", _till: TillMachine) -> None:
    price = text(Decimal(world.fresh()) / 100)
    _edit(world, "product", world.dice.choice(PRODUCTS[:3]).id, "price", price)


def edit_name(world: "World", _till: TillMachine) -> None:
    name = f"Goods of head office {world.fresh()}"
    _edit(world, "product", world.dice.choice(PRODUCTS[:3]).id, "name", name)


def edit_customer(world: "World", _till: TillMachine) -> None:
    field = world.dice.choice(("phone", "note"))
    customer = world.dice.choice(CUSTOMERS)
    _edit(world, "customer", customer.id, field, f"{field} {world.fresh()}")


def revoke(world: "World", till: TillMachine) -> None:
    """Shut a till out by mistake, and let it in with a new code some seconds later."""
    till_id = till.till_id_known
    twins = [one for one in world.machines if one.till_id_known == till_id]
    if not till_id or not world.office.is_up or len(twins) > 1:
        return
    world.shut_out(till_id)
    world.after(till.dice.uniform(1, 40), lambda: world.let_in(till_id))


def _edit(world: "World", kind: str, id: str, field: str, value: str) -> None:
    before = world.office.state_of(kind, id) if world.office.is_up else None
    if before is not None and world.office.edit(kind, id, **{field: value}):
        world.ledger.edits.append(Edit(kind, id, field, before[field], value))


ACTS: tuple[tuple[Act, float], ...] = (
    (gesture, 40),
    (rush, 4),
    (lose_link, 5),
    (kill_till, 4),
    (fill_disk, 2),
    (jump_clock, 2),
    (jump_office_clock, 1),
    (crash_office, 3),
    (other_version, 1),
    (back_up, 5),
    (restore, 2),
    (put_copy_back, 2),
    (clone, 2),
    (close_for_the_night, 1),
    (crash_judge, 2),
    (rot, 1.5),
    (sell_oddly, 1.5),
    (edit_price, 3),
    (edit_name, 2),
    (edit_customer, 4),
    (revoke, 1),
)

"""What every dialect must hold, whatever the network, the server and the till do: one suite.

A dialect's test inherits `Compliance` and says how its server is made, how the connection is set
up, and how to read from the server which of our sales it has. Sales that a till makes here are told
apart by how many they are of, so that even a server without ids shows each of them.
"""

import shutil
from collections import Counter as Tally
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, ClassVar

import pytest

from pos_app.domain.sale import Sale
from pos_app.store.foreign import HeldState
from pos_app.store.store import Store, open_store
from pos_app.sync.connections import FROM_NOW, Entered, add_connection, remove_connection
from pos_app.sync.foreign import ForeignEngine
from pos_app.sync.foreign_settling import set_product_ids
from pos_app.sync.foreign_status import ForeignPhase
from pos_app.sync.transport import Request
from tests.store.shops import CASH, Counter, product_id
from tests.sync.foreign.wire import AMBIGUOUS, ApiWire, Fault, Killed
from tests.sync.office_stand_in import Clock

URL = "https://sales.example.com"
KEY = "token"
STEPS_MOST = 4_000
SEEDS = 40


@dataclass
class Till:
    """A till with one connection, its wire and its clock; `restart` is what a kill leaves."""

    store: Store
    wire: ApiWire
    clock: Clock
    connection_id: str
    engine: ForeignEngine
    kills: int = 0

    def restart(self) -> None:
        self.engine = ForeignEngine(
            self.store, self.connection_id, self.wire, self.clock, Random(self.kills)
        )

    def run(self) -> None:
        """Step until nothing is due, in the engine's own time; killed tills start again."""
        for _ in range(STEPS_MOST):
            try:
                turn = self.engine.step()
            except Killed:
                self.kills += 1
                self.restart()
                continue
            self.clock.pass_s(turn.wait_s or 0.05)
            if turn.is_idle and not self.held(HeldState.FAULTY):
                return
        raise AssertionError(self.engine.status())

    def held(self, *states: HeldState) -> list[str]:
        """The numbers of what was put aside."""
        remote = f"connection {self.connection_id}"
        return [one.number for one in self.store.foreign.held(remote, *states)]


def connected(
    store: Store, server: Any, clock: Clock, entered: Entered, since: str = FROM_NOW
) -> Till:
    """Connect a till to a server in memory."""
    wire = ApiWire(server, clock)
    connection = add_connection(store, entered, clock(), since)
    engine = ForeignEngine(store, connection.id, wire, clock, Random(1))
    return Till(store, wire, clock, connection.id, engine)


class Compliance:
    """The suite; a dialect's class fills in what is particular to it."""

    api: ClassVar[str]
    # Whether a lost answer can be settled by asking the server.
    looks_up: ClassVar[bool] = True
    options: ClassVar[Mapping[str, str]] = {}
    entered: ClassVar[Mapping[str, str]] = {}

    def server(self) -> Any:
        """Make an empty server with the products P1 to P5."""
        raise NotImplementedError

    def told(self, server: Any) -> list[Decimal]:
        """Return of every sale that the server has the quantity of its only line."""
        raise NotImplementedError

    def page_size(self, server: Any, size: int) -> None:
        """Let the server hold at most so much on a page from now on."""
        server.page_size = size

    def product_ids(self) -> dict[str, str]:
        """Return what the server calls our products, where it goes by more than our codes."""
        return {}

    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def till(self, store: Store, clock: Clock) -> Till:
        return self.till_of(store, clock)

    @pytest.fixture
    def quick(self, template: Path, tmp_path: Path) -> Iterator[Store]:
        """A shop that does not wait for the disk: no power is cut here."""
        shutil.copytree(template, tmp_path / "quick")
        with open_store(tmp_path / "quick" / "shop.db") as store:
            store._own.database.run("PRAGMA synchronous = OFF")
            yield store

    def sell(self, till: Till, quantity: int) -> Sale:
        counter = Counter(till.store)
        cart = counter.checkout.new_cart()
        cart = counter.checkout.add(cart, product_id(1), Decimal(quantity))
        return counter.checkout.complete(cart, CASH)

    def check(self, till: Till, sales: list[Sale]) -> None:
        """Nothing is lost, nothing is doubled, and only what nobody can tell is put aside."""
        till.wire.arrive_late(all_of_it=True)
        told = Tally(self.told(till.wire.server))
        doubled = [quantity for quantity, count in told.items() if count > 1]
        held = till.held()
        lost = [
            sale.number
            for sale in sales
            if not told[sale.lines[0].quantity] and sale.number not in held
        ]
        assert not doubled, (doubled, till.wire.met)
        assert not lost, (lost, till.wire.met)
        assert till.held(HeldState.DOUBTFUL) == held, till.engine.status()
        if self.looks_up:
            assert not held, (held, till.wire.met)
        assert len(held) <= sum(fault in AMBIGUOUS for fault, _ in till.wire.met)
        assert not till.store.foreign.has_attempts(f"connection {till.connection_id}") or held

    def test_sales_of_a_quiet_day_arrive_once_each_and_in_their_order(self, till: Till) -> None:
        sales = [self.sell(till, quantity) for quantity in (3, 1, 2)]
        till.run()
        assert self.told(till.wire.server) == [Decimal(3), Decimal(1), Decimal(2)]
        assert not till.held()
        assert till.engine.status().phase is ForeignPhase.UP_TO_DATE
        assert till.engine.status().backlog == 0
        asked = len(till.wire.sent)
        till.restart()
        till.run()
        self.check(till, sales)
        changing = [request for request in till.wire.sent[asked:] if request.method != "GET"]
        assert len(changing) <= 1  # a sign-in at most

    @pytest.mark.parametrize("fault", list(Fault))
    def test_each_fault_at_every_request_of_two_sales_loses_and_doubles_nothing(
        self, quick: Store, fault: Fault
    ) -> None:
        place, has_met = 0, True
        while has_met:
            with self.connection(quick) as till:
                till.wire.faults = {place: fault}
                sales = [self.sell(till, quantity) for quantity in (1, 2)]
                till.run()
                self.check(till, sales)
                has_met = bool(till.wire.met)
            place += 1

    @pytest.mark.parametrize(
        "fault", [Fault.LOST_AFTER, Fault.LOST_BEFORE, Fault.SLOW, Fault.KILLED_AFTER]
    )
    def test_sales_that_are_alike_are_told_apart(self, quick: Store, fault: Fault) -> None:
        for place in range(2, 8):
            with self.connection(quick) as till:
                till.wire.faults = {place: fault}
                sales = [self.sell(till, 1) for _ in range(3)]
                till.run()
                till.wire.arrive_late(all_of_it=True)
                there, held = len(self.told(till.wire.server)), till.held()
                assert len(sales) - len(held) <= there <= len(sales), till.wire.met
                assert len(held) <= (not self.looks_up), till.wire.met

    def test_a_fault_that_stays_for_a_while_ends_with_everything_there(self, till: Till) -> None:
        sales = [self.sell(till, quantity) for quantity in (1, 2, 3)]
        random = Random(5)
        for fault in (Fault.AWAY, Fault.BUSY, Fault.UNAUTHORISED):
            until = len(till.wire.sent) + random.randint(2, 5)
            till.wire.weather = lambda _r, f=fault, u=until: f if len(till.wire.sent) < u else None
            till.run()
        self.check(till, sales)

    def test_seeded_schedules_lose_and_double_nothing(self, quick: Store) -> None:
        for seed in range(SEEDS):
            with self.connection(quick) as till:
                self.schedule(till, Random(seed))

    def schedule(self, till: Till, random: Random) -> None:
        """A day with faults in three requests of ten, restarts, and pages of changing size."""
        rate, sales = random.uniform(0.1, 0.4), []
        faults = list(Fault)

        def weather(_request: Request) -> Fault | None:
            if random.random() < 0.2:
                self.page_size(till.wire.server, random.randint(1, 5))
            return random.choice(faults) if random.random() < rate else None

        till.wire.weather = weather
        for quantity in range(1, 5):
            sales.append(self.sell(till, quantity))
            for _ in range(random.randint(0, 6)):
                try:
                    till.clock.pass_s(till.engine.step().wait_s)
                except Killed:
                    till.restart()
        till.wire.weather = lambda _request: None
        till.run()
        self.check(till, sales)

    @contextmanager
    def connection(self, store: Store) -> Iterator[Till]:
        """A new connection to a new server, for one go."""
        till = self.till_of(store, Clock())
        yield till
        remove_connection(store, till.connection_id)

    def till_of(self, store: Store, clock: Clock) -> Till:
        entered = Entered(
            self.api,
            "Their server",
            URL,
            options=dict(self.options),
            **{"key": KEY, **self.entered},
        )
        till = connected(store, self.server(), clock, entered)
        if ids := self.product_ids():
            set_product_ids(store, till.connection_id, ids)
        return till

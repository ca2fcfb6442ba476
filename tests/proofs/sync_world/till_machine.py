"""One till in a simulated world: the real store and engine, and a process that can die."""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.store.backup import backup_store, restore_store
from pos_app.store.errors import DiskFull
from pos_app.store.remotes import HEAD_OFFICE
from pos_app.store.store import Store, open_store
from pos_app.store.transaction import Transaction
from pos_app.sync.engine import Did, SyncEngine
from pos_app.sync.enrolment import enrol
from pos_app.sync.remote import remote_in
from pos_app.sync.status import SyncPhase
from tests.proofs.sync_world.weather import CALM
from tests.proofs.sync_world.wire import Killed, SimulatedWire
from tests.proofs.sync_world.work import Counter

if TYPE_CHECKING:
    from tests.proofs.sync_world.world import World

URL = "http://127.0.0.1:8700"
WOKEN_S = 1.0  # as the runner: at most so often by new entries
log = logging.getLogger(__name__)


class TillMachine:
    """A till that can be switched off, killed, copied and restored; `dice` draws what it does."""

    def __init__(self, world: "World", path: Path, seed: str) -> None:
        self.world, self.path = world, path
        self.dice = random.Random(seed)
        self.wire = SimulatedWire(world.office, world, self.dice, self._while_waiting)
        self.store: Store | None = None
        self.skew, self.disk_is_full = timedelta(), False
        self.deaths = 0
        self.till_id_known = ""
        self.may_be_behind = False  # head office may know entries that this machine does not
        self._lag_s = 0.0
        self._turn = 0  # which of the steps that were ordered counts
        self._is_pausing = self._is_stepping = False
        self._began = self._due = world.now
        self._wait_s = 0.0
        self.last = Did.NOTHING

    @property
    def name(self) -> str:
        """What it is called where something is said of it."""
        return self.path.parent.name

    @property
    def is_on(self) -> bool:
        """Whether its process runs."""
        return self.store is not None

    def now(self) -> datetime:
        """What its clock shows."""
        return self.world.now + self.skew + timedelta(seconds=self._lag_s)

    def switch_on(self) -> None:
        """Start the program, unless it runs."""
        if self.store is not None:
            return
        self.store = open_store(self.path)
        self.world.ledger.wrote(self.store.journal.entries(0, 100_000))
        self.engine = SyncEngine(
            self.store,
            self.wire,
            self.now,
            self.dice,
            batch_entries=self.world.limits.batch_entries,
        )
        self.counter = Counter(self)
        self.till_id_known = self.till_id()
        self._is_pausing = False
        self._step_in(0.0)

    def switch_off(self) -> None:
        """End the program; killed or in peace is all the same to what is on the disk."""
        store, self.store = self.store, None
        self._turn += 1
        if store is None:
            return
        for session in (store._own, *(one for _, one in store._others.values())):
            session.database.close()
        store._lock.release()  # the operating system does so for a dead process

    def do(self, gesture: Callable[["Counter"], None]) -> None:
        """Let the cashier do something, if the till runs; refusals are for the cashier."""
        if self.store is None:
            return
        try:
            gesture(self.counter)
        except PosError as refusal:
            log.debug("%s: %s", self.name, refusal)
        if not self._is_stepping:
            self.wake()

    def wake(self) -> None:
        """Let the engine look soon, as after a commit, unless head office asked for a pause."""
        if self.store is not None and not self._is_pausing and not self._is_stepping:
            since = (self.world.now - self._began).total_seconds()
            self._step_in(max(WOKEN_S - since, 0.0))

    def hear_news(self) -> None:
        """Hear that head office has something new."""
        if self.store is not None:
            self.engine.tell_news()
            self.wake()

    def commit(self, transaction: Transaction, real: Callable[[Transaction], None]) -> None:
        """Stand in for the store's commit: a full disk, a death, and the ledger's ear."""
        before = transaction._state.head.seq
        if self.disk_is_full:
            raise DiskFull(path=self.path)
        is_fatal = self._is_stepping and self.dice.random() < self.wire.weather.commit_kill
        dies_before = is_fatal and self.dice.random() < 0.5
        if dies_before:
            raise Killed
        real(transaction)
        if transaction._state.head.seq != before:
            self.world.ledger.wrote(transaction.journal.entries(before, 100_000))
        if is_fatal:
            raise Killed

    def enrol(self, code: str) -> bool:
        """Let a person connect the till with a code; tells whether that worked."""
        assert self.store is not None
        self._is_stepping, self._lag_s = True, 0.0
        try:
            enrol(self.store, URL, code, self.wire, self.now())
        except Killed:
            self.die()
            return False
        except PosError as refusal:
            log.debug("%s is not let in: %s", self.name, refusal)
            return False
        finally:
            self._is_stepping, self._lag_s = False, 0.0
        self.till_id_known = self.till_id()
        self.engine.try_again()
        self._is_pausing = False
        self.wake()
        return True

    def die(self) -> None:
        """Lose the process now; somebody starts it again some seconds later."""
        self.deaths += 1
        self.switch_off()
        self.world.after(self.dice.choice((0.5, 3.0, 20.0)), self.switch_on)

    def back_up(self) -> None:
        """Keep a copy of the store."""
        if self.store is not None:
            backup_store(self.store, self._copy)

    def restore(self, *, by_hand: bool) -> None:
        """Put the copy in the store's place: as the program does, or a file over the other."""
        if not self._copy.exists():
            return
        self.switch_off()
        if by_hand:
            self.may_be_behind = True
            for suffix in ("-wal", "-shm", ".seen"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            self.path.write_bytes(self._copy.read_bytes())
        else:
            restore_store(self._copy, self.path, self.now())
        self.switch_on()

    def clone_to(self, folder: Path) -> Path | None:
        """Copy the disk for another machine; returns where its store is."""
        if self.store is None:
            return None
        folder.mkdir()
        path = folder / self.path.name
        backup_store(self.store, path)
        for file in self.path.parent.glob(self.path.name + ".key"):
            (folder / file.name).write_bytes(file.read_bytes())
        return path

    @property
    def phase(self) -> SyncPhase:
        """What the engine says of itself."""
        return self.engine.status().phase

    def cursor(self) -> int:
        """Return the number of the last entry that head office is known to have."""
        assert self.store is not None
        return self.store.cursors.of(HEAD_OFFICE)

    def backlog(self) -> int:
        """Return how many entries head office is not known to have."""
        assert self.store is not None
        return self.store.cursors.unsent(HEAD_OFFICE)

    def till_id(self) -> str:
        """Return the till's id at head office, empty before it belongs to one."""
        remote = remote_in(self.store.remotes) if self.store is not None else None
        return remote.till_id if remote is not None else ""

    def heal(self) -> None:
        """Let nothing happen to the till any more."""
        self.wire.weather, self.wire.is_down = CALM, False
        self.disk_is_full = False
        if self.store is None:
            self.switch_on()
        elif self._due - self.world.now > timedelta(seconds=self._wait_s):
            self._step_in(self._wait_s)  # what it waited for in vain is over now

    @property
    def _copy(self) -> Path:
        return self.path.with_name("copy.db")

    def _step_in(self, wait_s: float) -> None:
        self._turn += 1
        turn = self._turn
        self._due = self.world.now + timedelta(seconds=wait_s)
        self.world.after(wait_s, lambda: self._step(turn))

    def _step(self, turn: int) -> None:
        if turn != self._turn or self.store is None:
            return
        self._began, self._is_stepping = self.world.now, True
        try:
            step = self.engine.step()
        except Killed:
            self._lag_s, self._is_stepping = 0.0, False
            self.die()
            return
        lag, self._lag_s, self._is_stepping = self._lag_s, 0.0, False
        if self.store is None or turn != self._turn:  # switched off meanwhile
            return
        self.last = step.did
        self.world.trace(self.name, step)
        self._is_pausing = step.is_pause
        self._wait_s = step.wait_s
        self._step_in(lag + step.wait_s)

    def _while_waiting(self, seconds: float) -> None:
        """Let time pass while the engine waits for an answer; the counter goes on meanwhile."""
        self._lag_s += seconds
        if self.dice.random() < self.world.busyness:
            self.do(Counter.anything)

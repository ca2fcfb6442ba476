"""The engine in a thread of its own, with its own connection to the store, beside the counter.

It wakes for new journal entries at most once a second, and takes breath between batches, so that a
backlog drains without the counter noticing. A second thread waits for news from head office.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random, SystemRandom
from threading import Event, Thread
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.errors import PosError
from pos_app.sync.backoff import pause_s
from pos_app.sync.calls import Calls
from pos_app.sync.engine import Did, Step, SyncEngine
from pos_app.sync.failures import FAILED_PHASES
from pos_app.sync.http_transport import HttpTransport
from pos_app.sync.listening import hear_news
from pos_app.sync.pulling import Page
from pos_app.sync.remote import remote_in
from pos_app.sync.status import SyncPhase, SyncStatus
from pos_app.sync.transport import Aborted, Transport

if TYPE_CHECKING:
    from pos_app.store.store import Store

log = logging.getLogger(__name__)

STOP_S = 2.0
LOOK_S = 1.0  # how often to look whether the journal has grown
APART_S = 1.0  # between two wakings by new entries
# Breath between two batches or pages, and between two slices of a batch, which are well below a
# millisecond each: while the counter is quiet, and while something is sold. The latter still sends
# a month of a busy shop (100,000 sales) in some minutes.
BREATH_S, SLICE_S = 0.05, 0.003
BUSY_BREATH_S, BUSY_SLICE_S = 1.0, 0.010
BUSY_FOR_S = 3.0  # after an entry of the counter's
TELL_S = 0.25  # between two statuses while there is much to do
_AFTER_FAULT_S = 60.0


class Wire(Transport, Protocol):
    """A transport that can be ended from another thread."""

    def abort(self) -> None:
        """End what is under way; nothing can be sent any more."""

    def close(self) -> None:
        """Let the connection go, in the thread that sends."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Whom to tell, in the engine's thread: of each status, and of each page that was applied."""

    status: Callable[[SyncStatus], None] = lambda _status: None
    page: Callable[[Page], None] = lambda _page: None


class SyncRunner:
    """Runs the engine of an open store; `start` begins, `stop` ends before the store is closed."""

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        listeners: Listeners | None = None,
        *,
        make_wire: Callable[[], Wire] = HttpTransport,
        random: Random | None = None,
    ) -> None:
        self._store = store
        self._listeners = listeners or Listeners()
        self._wires = (make_wire(), make_wire())
        chance = random or SystemRandom()
        self._engine = SyncEngine(store, self._wires[0], now, chance)
        self._engine.breathe = self._give_way
        self._seen_seq, self._busy_until = store.journal_seq, 0.0
        self._ears = Calls(store, self._wires[1], now, chance)
        self._end, self._bell = Event(), Event()
        self._is_woken = self._is_asked = False
        self._told_at = 0.0
        self._phase = SyncPhase.NOT_CONNECTED
        self._threads: list[Thread] = []

    def start(self) -> None:
        """Begin; what waits from earlier goes first."""
        for name, target in (("head office", self._work), ("head office news", self._listen)):
            thread = Thread(target=target, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, timeout_s: float = STOP_S) -> bool:
        """End within `timeout_s`, whatever the network does; tell whether the threads are gone.

        A thread that hangs in the operating system ends as soon as it comes back, and touches
        nothing any more.
        """
        until = time.monotonic() + timeout_s
        self._end.set()
        self._bell.set()
        for wire in self._wires:
            wire.abort()
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in self._threads)

    def wake(self) -> None:
        """Look for new entries now; costs nothing, so every commit may call it."""
        self._is_woken = True
        self._bell.set()

    def try_again(self) -> None:
        """Try now whatever is waiting for its next try: a person asked for it."""
        self._is_asked = True
        self._bell.set()

    def _work(self) -> None:
        self._store.leave_tidying()  # upkeep does it between the gestures
        self._store.read_unmapped()
        try:
            while not self._end.is_set():
                head = self._store.journal_seq
                began = time.monotonic()
                step = self._stepped()
                try:
                    self._tell(step)
                except Exception:  # sending goes on, whoever looks at it
                    log.exception("the state of head office could not be told")
                if step.wait_s:
                    self._rest(step, head, began)
                else:
                    self._end.wait(self._breath_s() if step.did in {Did.PUSH, Did.PULL} else 0.0)
        except Aborted:
            pass
        finally:
            self._wires[0].close()

    def _is_busy(self) -> bool:
        """Whether something was written at the counter in the last seconds."""
        seq, now = self._store.journal_seq, time.monotonic()
        if seq != self._seen_seq:
            self._seen_seq, self._busy_until = seq, now + BUSY_FOR_S
        return now < self._busy_until

    def _breath_s(self) -> float:
        return BUSY_BREATH_S if self._is_busy() else BREATH_S

    def _give_way(self) -> None:
        """Let the counter go first, within a batch."""
        if not self._end.is_set():
            time.sleep(BUSY_SLICE_S if self._is_busy() else SLICE_S)

    def _stepped(self) -> Step:
        if self._is_asked:
            self._is_asked = False
            self._engine.try_again()
        try:
            return self._engine.step()
        except Aborted:
            raise
        except Exception:
            if self._end.is_set():  # the store may be closed by now
                raise Aborted from None
            log.exception("a step with head office failed")
            return Step(Did.FAILED, _AFTER_FAULT_S, is_pause=True)

    def _tell(self, step: Step) -> None:
        """Tell the listeners, not too often while one batch follows the other."""
        if self._end.is_set():
            return
        if step.page is not None and step.page.things:
            self._listeners.page(step.page)
        now = time.monotonic()
        if step.wait_s or now - self._told_at >= TELL_S:
            self._told_at = now
            status = self._engine.status()
            self._phase = status.phase
            self._listeners.status(status)

    def _rest(self, step: Step, head: int, began: float) -> None:
        """Wait for the next step, for new entries, for news, or for a person's wish."""
        until = time.monotonic() + step.wait_s
        while not self._end.is_set() and (left_s := until - time.monotonic()) > 0:
            if self._is_asked:
                return
            is_called = self._is_woken or self._store.journal_seq != head
            if is_called and not step.is_pause:
                self._is_woken = False
                self._end.wait(max(began + APART_S - time.monotonic(), 0.0))
                return
            self._bell.wait(min(left_s, LOOK_S))
            self._bell.clear()
        self._is_woken = False

    def _listen(self) -> None:
        """Wait for news while all is well; else the engine finds out by itself."""
        since, tries, till_id = 0, 0, ""
        try:
            while not self._end.is_set():
                remote = None if self._phase in _DEAF else remote_in(self._store.remotes)
                if remote is None:
                    self._end.wait(LOOK_S)
                    continue
                if remote.till_id != till_id:
                    since, till_id = 0, remote.till_id
                try:
                    revision = hear_news(self._ears, remote, since)
                except PosError as refusal:
                    tries += 1
                    log.debug("no news from head office: %s", refusal)
                    self._end.wait(pause_s(tries, self._ears.random))
                    continue
                tries = 0
                if revision is not None and revision != since:
                    since = revision
                    self._engine.tell_news()
                    self.wake()
                else:
                    self._end.wait(APART_S)
        except Aborted:
            pass
        finally:
            self._wires[1].close()


_DEAF = FAILED_PHASES | {SyncPhase.NOT_CONNECTED, SyncPhase.CONNECTING}

"""A connection's engine in a thread of its own, with its own connection to the store.

It looks for new entries at most once a second and takes breath between two things, so that a
backlog drains without the counter noticing.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from random import Random, SystemRandom
from threading import Event, Thread
from typing import TYPE_CHECKING

from pos_app.sync.foreign import ForeignEngine
from pos_app.sync.foreign_status import ForeignStatus, Turn
from pos_app.sync.http_transport import HttpTransport
from pos_app.sync.runner import (
    BREATH_S,
    BUSY_BREATH_S,
    BUSY_FOR_S,
    LOOK_S,
    STOP_S,
    TELL_S,
    Wire,
)
from pos_app.sync.transport import Aborted

if TYPE_CHECKING:
    from pos_app.store.store import Store

log = logging.getLogger(__name__)

_AFTER_FAULT_S = 60.0


class ForeignRunner:
    """Runs one connection's engine; `start` begins, `stop` ends before the store is closed.

    `listener` is told of each status, in the engine's thread.
    """

    def __init__(
        self,
        store: "Store",
        connection_id: str,
        now: Callable[[], datetime],
        listener: Callable[[ForeignStatus], None] = lambda _status: None,
        *,
        make_wire: Callable[[], Wire] = HttpTransport,
        random: Random | None = None,
    ) -> None:
        self.connection_id = connection_id
        self._store = store
        self._listener = listener
        self._wire = make_wire()
        self._engine = ForeignEngine(
            store, connection_id, self._wire, now, random or SystemRandom()
        )
        self._end, self._bell = Event(), Event()
        self._is_woken = self._is_asked = False
        self._seen_seq, self._busy_until, self._told_at = store.journal_seq, 0.0, 0.0
        self._thread = Thread(target=self._work, name=f"connection {connection_id}", daemon=True)

    def start(self) -> None:
        """Begin; what waits from earlier goes first."""
        self._thread.start()

    def stop(self, timeout_s: float = STOP_S) -> bool:
        """End within `timeout_s`, whatever the network does; tell whether the thread is gone."""
        self.begin_to_stop()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def begin_to_stop(self) -> None:
        """Let the thread end by itself, so that several can end at the same time."""
        self._end.set()
        self._bell.set()
        self._wire.abort()

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
                turn = self._stepped()
                try:
                    self._tell(turn)
                except Exception:  # sending goes on, whoever looks at it
                    log.exception("the state of a connection could not be told")
                if turn.wait_s:
                    self._rest(turn, head)
                else:
                    self._end.wait(BUSY_BREATH_S if self._is_busy() else BREATH_S)
        except Aborted:
            pass
        finally:
            self._wire.close()

    def _stepped(self) -> Turn:
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
            log.exception("a step with a foreign server failed")
            return Turn(_AFTER_FAULT_S, is_pause=True)

    def _is_busy(self) -> bool:
        """Whether something was written at the counter in the last seconds."""
        seq, now = self._store.journal_seq, time.monotonic()
        if seq != self._seen_seq:
            self._seen_seq, self._busy_until = seq, now + BUSY_FOR_S
        return now < self._busy_until

    def _tell(self, turn: Turn) -> None:
        """Tell the listener, not too often while one thing follows the other."""
        now = time.monotonic()
        if not self._end.is_set() and (turn.wait_s or now - self._told_at >= TELL_S):
            self._told_at = now
            self._listener(self._engine.status())

    def _rest(self, turn: Turn, head: int) -> None:
        """Wait for the next step, for new entries, or for a person's wish."""
        until = time.monotonic() + turn.wait_s
        while not self._end.is_set() and (left_s := until - time.monotonic()) > 0:
            if self._is_asked:
                return
            is_called = self._is_woken or self._store.journal_seq != head
            if is_called and not turn.is_pause:
                break
            self._bell.wait(min(left_s, LOOK_S))
            self._bell.clear()
        self._is_woken = False

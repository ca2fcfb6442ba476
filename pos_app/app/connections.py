"""Connections to foreign servers in the till: their engines begin and end here.

A till without a connection pays for none of it. Each engine speaks in a thread of its own; what it
says is brought over to the window's thread one signal at a time.
"""

from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from pos_app.services.checkout import utc_now

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.sync.connections import Connection, Entered
    from pos_app.sync.foreign_runner import ForeignRunner
    from pos_app.sync.foreign_settling import Remedy, TriedLine
    from pos_app.sync.foreign_status import ForeignStatus
    from pos_app.sync.runner import Wire
    from pos_app.ui.changes import ChangeHub

StatusListener = Callable[["ForeignStatus"], None]


class Connections:
    """The till's lines to foreign servers; `begin` late, `stop` before the store is closed.

    What is called slow belongs off the window's thread. Tests give another `make_wire`.
    """

    def __init__(
        self,
        store: "Store",
        hub: "ChangeHub",
        now: Callable[[], datetime] = utc_now,
        make_wire: "Callable[[], Wire] | None" = None,
    ) -> None:
        self._store = store
        self._hub = hub
        self._now = now
        self._make_wire = make_wire
        self._turn = Lock()  # adding, changing and removing happen in other threads
        self._runners: dict[str, ForeignRunner] = {}
        self._statuses: dict[str, ForeignStatus] = {}
        self._listeners: list[StatusListener] = []
        self._trying: list[Wire] = []
        self._is_over = False
        self._end_of_news: Callable[[], None] = lambda: None
        self._signals = _ConnectionSignals()
        self._signals.status.connect(self._status_came)

    def begin(self) -> None:
        """Go on with every connection that is on."""
        if self._is_over or self._is_training:
            return
        from pos_app.ui.background import run_in_background

        # What HTTP needs takes longer to load than the counter may wait.
        run_in_background(lambda _job: self._start_all(), lambda _done: None)

    def renew(self) -> None:
        """Go on as the store has the connections now: head office made, changed or removed some."""
        if self._is_over or self._is_training:
            return
        from pos_app.ui.background import run_in_background

        run_in_background(lambda _job: self._renew_all(), lambda _done: None)

    def stop(self) -> None:
        """End within two seconds, whatever the network does."""
        self._is_over = True
        self._end_of_news()
        for wire in tuple(self._trying):
            wire.abort()
        with self._turn:
            runners = list(self._runners.values())
            self._runners.clear()
        for runner in runners:
            runner.begin_to_stop()
        for runner in runners:
            runner.stop()

    def subscribe(self, listener: StatusListener) -> Callable[[], None]:
        """Tell `listener` of each status, in the window's thread; the returned function ends it."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def statuses(self) -> "list[ForeignStatus]":
        """Return how each connection stands, the oldest first; reads the store."""
        from pos_app.sync.connections import connections_in
        from pos_app.sync.foreign_status import first_status

        return [
            self._statuses.get(one.id) or first_status(self._store, one)
            for one in connections_in(self._store.remotes)
        ]

    def add(self, entered: "Entered", since: str) -> "Connection":
        """Slow: keep a new connection and begin; raises what `add_connection` raises."""
        from pos_app.sync.connections import add_connection

        added = add_connection(self._store, entered, self._now(), since)
        self._start(added.id)
        return added

    def change(self, connection_id: str, entered: "Entered") -> "Connection":
        """Slow: keep what was entered anew; raises what `change_connection` raises."""
        from pos_app.sync.connections import change_connection

        changed = change_connection(self._store, connection_id, entered, self._now())
        self.hurry(connection_id)
        return changed

    def switch(self, connection_id: str, is_on: bool) -> "Connection":
        """Slow: switch a connection on or off."""
        from pos_app.sync.connections import switch_connection

        switched = switch_connection(self._store, connection_id, is_on, self._now())
        if is_on:
            self._start(connection_id)
        else:
            self._stop_one(connection_id)
        return switched

    def remove(self, connection_id: str) -> None:
        """Slow: forget a connection with all that is known of its remote."""
        from pos_app.sync.connections import remove_connection

        self._stop_one(connection_id)
        remove_connection(self._store, connection_id)

    def try_out(self, entered: "Entered", connection_id: str = "") -> "list[TriedLine]":
        """Slow: ask the remote what works with what was entered; nothing is changed there."""
        from pos_app.sync.foreign_settling import try_connection
        from pos_app.sync.transport import Aborted

        wire = self._new_wire()
        self._trying.append(wire)
        try:
            return try_connection(self._store, entered, wire, connection_id)
        except Aborted:
            return []
        finally:
            self._trying.remove(wire)
            wire.close()

    def settle(
        self, connection_id: str, held_id: str, remedy: "Remedy", remote_id: str = ""
    ) -> None:
        """Slow: do what a person decided about a thing that was put aside; see `settle`."""
        from pos_app.sync.foreign_settling import settle

        settle(self._store, connection_id, held_id, remedy, self._now(), remote_id)
        self._wake(connection_id)

    def set_product_ids(self, connection_id: str, ids: dict[str, str]) -> None:
        """Slow: keep what a remote calls products, by our id; an empty one forgets."""
        from pos_app.sync.foreign_settling import set_product_ids

        set_product_ids(self._store, connection_id, ids)
        self._wake(connection_id)

    def hurry(self, connection_id: str) -> None:
        """Try now instead of later."""
        runner = self._runners.get(connection_id)
        if runner is not None:
            runner.try_again()

    @property
    def _is_training(self) -> bool:
        """Whether this is a throw-away copy, of which nobody must ever hear."""
        return self._store.settings.shop().is_training

    def _start_all(self) -> None:
        from pos_app.sync.connections import connections_in

        for one in connections_in(self._store.remotes):
            if one.is_on:
                self._start(one.id)

    def _renew_all(self) -> None:
        from pos_app.sync.connections import connections_in, forget_remains

        known = {one.id: one for one in connections_in(self._store.remotes)}
        for connection_id in tuple(self._runners):
            if connection_id not in known:
                self._stop_one(connection_id)
                forget_remains(self._store, connection_id)
            elif not known[connection_id].is_on:
                self._stop_one(connection_id)
        self._start_all()
        for connection_id in known:
            self.hurry(connection_id)

    def _start(self, connection_id: str) -> None:
        """Start one engine, once; in any thread."""
        from pos_app.sync.foreign_runner import ForeignRunner

        with self._turn:
            if self._is_over or self._is_training or connection_id in self._runners:
                return
            runner = ForeignRunner(
                self._store, connection_id, self._now, self._say, make_wire=self._new_wire
            )
            runner.start()
            self._runners[connection_id] = runner
            if len(self._runners) == 1:
                self._end_of_news()
                self._end_of_news = self._hub.subscribe(lambda _changes, _origin: self._wake_all())

    def _stop_one(self, connection_id: str) -> None:
        with self._turn:
            runner = self._runners.pop(connection_id, None)
        if runner is not None:
            runner.stop()
        self._statuses.pop(connection_id, None)

    def _new_wire(self) -> "Wire":
        if self._make_wire is not None:
            return self._make_wire()
        from pos_app.sync.http_transport import HttpTransport

        return HttpTransport()

    def _wake(self, connection_id: str) -> None:
        runner = self._runners.get(connection_id)
        if runner is not None:
            runner.wake()

    def _wake_all(self) -> None:
        for runner in tuple(self._runners.values()):
            runner.wake()

    def _say(self, status: "ForeignStatus") -> None:
        """Send a status over to the window's thread."""
        if not self._is_over:
            self._signals.status.emit(status)

    def _status_came(self, status: "ForeignStatus") -> None:
        """Tell of a status, in the window's thread."""
        if self._is_over or status.connection_id not in self._runners:
            return
        self._statuses[status.connection_id] = status
        for listener in tuple(self._listeners):
            listener(status)


class _ConnectionSignals(QObject):
    """Emitting is safe in any thread; slots of the window run in the window's thread."""

    status = Signal(object)

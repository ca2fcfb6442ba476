"""Head office in the till: the engine begins and ends here, and its news come to the window.

A till without a head office pays for none of it. The engine speaks in threads of its own; what it
says is brought over one signal at a time, and what it fetched is told to the screens only while
nobody is ringing up a sale: nothing moves under the cashier's hands.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from pos_app.services.checkout import utc_now

if TYPE_CHECKING:
    from pos_app.app.connections import Connections
    from pos_app.store.store import Store
    from pos_app.sync.pulling import Page
    from pos_app.sync.runner import SyncRunner, Wire
    from pos_app.sync.status import SyncStatus
    from pos_app.ui.changes import ChangeHub, Changes
    from pos_app.ui.presenters.checkout import CheckoutPresenter
    from pos_app.ui.presenters.sync_connect import ConnectTools

StatusListener = Callable[["SyncStatus"], None]

FIND_S = 3.0
_CONNECTION = "connection "  # how `sync.connections`, which loads late, calls them in the store
_APART_MS = 1_000  # between two tellings of what was fetched


class HeadOffice:
    """The till's end of the line; `begin` late, `stop` before the store is closed.

    `presenter` is asked for each time, because it may be renewed. Tests give another `make_wire`.
    """

    def __init__(
        self,
        store: "Store",
        hub: "ChangeHub",
        presenter: "Callable[[], CheckoutPresenter | None]",
        now: Callable[[], datetime] = utc_now,
        make_wire: "Callable[[], Wire] | None" = None,
    ) -> None:
        self._store = store
        self._now = now
        self._hub = hub
        self._presenter = presenter
        self.make_wire = make_wire
        self._turn = Lock()  # connecting and leaving happen in other threads
        self._runner: SyncRunner | None = None
        self._status: SyncStatus | None = None
        self._asking: Wire | None = None
        self._listeners: list[StatusListener] = []
        self._changed: Changes | None = None
        self._is_over = False
        self._connections: Connections | None = None
        self._end_of_news: Callable[[], None] = lambda: None
        self._signals = _OfficeSignals()
        self._signals.status.connect(self._status_came)
        self._signals.changed.connect(self._page_came)
        self._signals.lines.connect(self._lines_came)
        self._timer = QTimer(self._signals)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_APART_MS)
        self._timer.timeout.connect(self._tell_changes)

    @property
    def status(self) -> "SyncStatus":
        """How it stands now."""
        if self._status is None:
            from pos_app.sync.status import SyncStatus

            self._status = SyncStatus()
        return self._status

    @property
    def connections(self) -> "Connections":
        """The lines to foreign servers; made when there is one, or somebody wants one."""
        if self._connections is None:
            from pos_app.app.connections import Connections

            self._connections = Connections(self._store, self._hub, self._now, self.make_wire)
        return self._connections

    def begin(self) -> None:
        """Go on with the head office that the till belongs to, and with foreign servers."""
        if any(name.startswith(_CONNECTION) for name in self._store.remotes.names()):
            self.connections.begin()
        from pos_app.sync.remote import remote_in
        from pos_app.ui.background import run_in_background

        remote = None if self._is_training else remote_in(self._store.remotes)
        if remote is None or self._is_over:
            return
        from pos_app.sync.status import SyncPhase, SyncStatus

        first = SyncStatus(SyncPhase.CONNECTING, remote.company, remote.shop, remote.url)
        self._status_came(first)
        # What HTTP needs takes longer to load than the counter may wait.
        run_in_background(lambda _job: self._start(), lambda _done: None)

    def stop(self) -> None:
        """End within two seconds, whatever the network does."""
        self._is_over = True
        self._timer.stop()
        self._end_of_news()
        asking = self._asking
        if asking is not None:
            asking.abort()
        if self._connections is not None:
            self._connections.stop()
        with self._turn:
            self._stop_runner()

    def subscribe(self, listener: StatusListener) -> Callable[[], None]:
        """Tell `listener` of each status, in the window's thread; the returned function ends it."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def show_chip(self, presenter: "CheckoutPresenter") -> None:
        """Let the counter's strip say how it stands; nothing where there is no head office."""
        if self._status is not None:
            from pos_app.ui.presenters.sync_chip import chip_of

            presenter.sync_said(chip_of(self._status, presenter.sale.amounts))

    def tools(self) -> "ConnectTools":
        """Return what the sheet that connects the till sets going."""
        from pos_app.sync.discovery import find
        from pos_app.sync.enrolment import read_invitation
        from pos_app.ui.presenters.sync_connect import ConnectTools

        return ConnectTools(self.connect, partial(find, FIND_S), read_invitation)

    def connect(self, url: str, code: str) -> None:
        """Slow: enrol with a one-time code and begin; raises what `enrol` raises."""
        from pos_app.sync.enrolment import enrol

        with self._turn:
            if self._is_over:
                return
            self._stop_runner()
            self._asking = wire = self._new_wire()
            try:
                enrol(self._store, url, code, wire, self._now(), self._store.identity.till)
            finally:
                self._asking = None
                wire.close()
                if not self._is_over:
                    self._start_runner()

    def leave(self) -> None:
        """Slow: let go of head office; everything stays in the till's own store."""
        from pos_app.sync.enrolment import leave
        from pos_app.sync.status import SyncStatus

        with self._turn:
            self._stop_runner()
            leave(self._store)
            self._status = SyncStatus()  # whoever asks next, before the signal is there
        self._say(SyncStatus())

    def settle(self, entry_id: str, remedy: str) -> None:
        """Slow: keep how a refused entry is to be settled; head office is told when it can be."""
        from pos_app.sync.settling import ask_to_settle

        ask_to_settle(self._store, entry_id, remedy)
        self._wake()

    def hurry(self) -> None:
        """Try now instead of later."""
        if self._runner is not None:
            self._runner.try_again()

    @property
    def _is_training(self) -> bool:
        """Whether this is a throw-away copy, of which nobody must ever hear."""
        return self._store.settings.shop().is_training

    def _start(self) -> None:
        with self._turn:
            if not self._is_over and self._runner is None:
                self._start_runner()

    def _start_runner(self) -> None:
        """Start the engine where the till belongs to a head office; in any thread."""
        from pos_app.sync.remote import remote_in
        from pos_app.sync.runner import Listeners, SyncRunner

        if remote_in(self._store.remotes) is None:
            return
        listeners = Listeners(self._say, self._say_page)
        runner = SyncRunner(self._store, self._now, listeners, make_wire=self._new_wire)
        runner.start()
        self._runner = runner
        self._end_of_news()
        self._end_of_news = self._hub.subscribe(lambda _changes, _origin: self._wake())

    def _stop_runner(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.stop()

    def _new_wire(self) -> "Wire":
        if self.make_wire is not None:
            return self.make_wire()
        from pos_app.sync.http_transport import HttpTransport

        return HttpTransport()

    def _wake(self) -> None:
        runner = self._runner
        if runner is not None:
            runner.wake()

    def _say(self, status: "SyncStatus") -> None:
        """Send a status over to the window's thread."""
        if not self._is_over:
            self._signals.status.emit(status)

    def _say_page(self, page: "Page") -> None:
        changes = changes_of(page.applied.counts)
        if not self._is_over:
            self._signals.changed.emit(changes)
            if _CONNECTION.strip() in page.applied.counts:
                self._signals.lines.emit()

    def _status_came(self, status: "SyncStatus") -> None:
        """Show a status, in the window's thread."""
        self._status = status
        presenter = self._presenter()
        if self._is_over:
            return
        if presenter is not None:
            self.show_chip(presenter)
        for listener in tuple(self._listeners):
            listener(status)

    def _lines_came(self) -> None:
        """Begin, change or end lines to foreign servers as head office has them now."""
        if not self._is_over:
            self.connections.renew()

    def _page_came(self, changes: "Changes") -> None:
        self._changed = changes if self._changed is None else self._changed | changes
        if not self._timer.isActive():
            self._timer.start()

    def _tell_changes(self) -> None:
        """Let every screen read anew what head office has sent, if nobody is ringing up a sale."""
        presenter, changes = self._presenter(), self._changed
        if presenter is None or changes is None or self._is_over:
            return
        state = presenter.state
        if state.rows and not state.is_finished:
            self._timer.start()  # it can wait until the sale is done
            return
        self._changed = None
        self._hub.publish(changes, self)


def changes_of(kinds: Iterable[str]) -> "Changes":
    """Return what screens have to read anew after things of these kinds came."""
    from pos_app.ui.changes import Changes

    changes = Changes(sync=True)
    for kind in kinds:
        changes |= Changes(**dict.fromkeys(_TOUCHED.get(kind, ()), True))
    return changes


_TOUCHED: dict[str, tuple[str, ...]] = {
    "unit": ("products",),
    "tax": ("products", "settings"),
    "category": ("products",),
    "product": ("products", "stock"),
    "price_list": ("products", "customers"),
    "list_price": ("products", "customers"),
    "settings": ("settings",),
    "role": ("staff",),
    "staff": ("staff",),
    "customer": ("customers",),
    "credit_terms": ("customers",),
    "stored_value": ("customers",),
    "quotation": ("documents",),
    "order": ("documents", "stock"),
    "invoice": ("documents", "customers"),
}


class _OfficeSignals(QObject):
    """Emitting is safe in any thread; slots of the window run in the window's thread."""

    status = Signal(object)
    changed = Signal(object)
    lines = Signal()

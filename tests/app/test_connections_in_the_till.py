"""Connections to foreign servers in the till: set up, told of sales, settled, switched off, ended.

The store, the engines and their threads are real; only the wire is in memory.
"""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app.app.connections import Connections
from pos_app.app.head_office import HeadOffice
from pos_app.services.checkout import utc_now
from pos_app.services.training import make_training_copy
from pos_app.store.store import Store, open_store
from pos_app.sync.connections import FROM_NOW, Connection, Entered
from pos_app.sync.foreign_settling import Remedy, held_things
from pos_app.sync.foreign_status import ForeignPhase, ForeignStatus
from pos_app.sync.transport import Aborted, Answer, Request
from pos_app.ui.changes import ChangeHub, Changes
from tests.simulators.apis.sales_api import SalesApi
from tests.store.shops import Counter, new_shop

KEY = "token"
ENTERED = Entered("sales", "Their server", "https://sales.example.com", KEY)


class Cable:
    """A wire to a server in memory that can be ended."""

    turn = threading.Lock()  # the server hears one at a time

    def __init__(self, server: SalesApi) -> None:
        self._server = server
        self._is_over = False

    def send(self, request: Request, timeout_s: float) -> Answer:
        if self._is_over:
            raise Aborted
        with self.turn:
            status, headers, body = self._server.handle(
                request.method, request.target, request.headers, request.body
            )
        return Answer(status, {name.lower(): value for name, value in headers.items()}, body)

    def abort(self) -> None:
        self._is_over = True

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    new_shop(folder / "shop.db").close()
    return folder


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copytree(template, tmp_path / "shop")
    with open_store(tmp_path / "shop" / "shop.db") as opened:
        yield opened


@pytest.fixture
def server() -> SalesApi:
    return SalesApi(KEY)


@pytest.fixture
def hub() -> ChangeHub:
    return ChangeHub()


@pytest.fixture
def lines(qtbot: QtBot, store: Store, server: SalesApi, hub: ChangeHub) -> Iterator[Connections]:
    made = Connections(store, hub, utc_now, lambda: Cable(server))
    yield made
    made.stop()


def wait_for(qtbot: QtBot, lines: Connections, phase: ForeignPhase, held: int = 0) -> None:
    def is_so() -> bool:
        return [(one.phase, one.held, one.backlog) for one in lines.statuses()] == [
            (phase, held, 0)
        ]

    qtbot.waitUntil(is_so)


def add(lines: Connections) -> Connection:
    return lines.add(ENTERED, FROM_NOW)


def test_a_new_connection_says_how_it_stands_and_hears_of_each_sale(
    qtbot: QtBot, store: Store, server: SalesApi, hub: ChangeHub, lines: Connections
) -> None:
    heard: list[tuple[ForeignStatus, threading.Thread]] = []
    lines.subscribe(lambda status: heard.append((status, threading.current_thread())))
    add(lines)
    wait_for(qtbot, lines, ForeignPhase.UP_TO_DATE)
    Counter(store).sell(1)
    hub.publish(Changes(sales=True), None)
    qtbot.waitUntil(lambda: len(server.invoices) == 1)
    wait_for(qtbot, lines, ForeignPhase.UP_TO_DATE)
    assert heard
    assert {thread for _, thread in heard} == {threading.main_thread()}
    assert all(KEY not in repr(status) for status, _ in heard)


def test_what_was_refused_is_settled_from_the_window(
    qtbot: QtBot, store: Store, server: SalesApi, lines: Connections
) -> None:
    server.stock = {}
    one = add(lines)
    Counter(store).sell(1)
    wait_for(qtbot, lines, ForeignPhase.UP_TO_DATE, held=1)
    (held,) = held_things(store, one.id)
    server.stock = None
    lines.settle(one.id, held.id, Remedy.AGAIN)
    wait_for(qtbot, lines, ForeignPhase.UP_TO_DATE)
    assert len(server.orders) == 1


def test_switched_off_it_hears_nothing_and_removed_it_is_gone(
    qtbot: QtBot, store: Store, server: SalesApi, lines: Connections
) -> None:
    one = add(lines)
    wait_for(qtbot, lines, ForeignPhase.UP_TO_DATE)
    lines.switch(one.id, False)
    asked = len(server.arrived)
    Counter(store).sell(1)
    assert [status.phase for status in lines.statuses()] == [ForeignPhase.OFF]
    assert len(server.arrived) == asked
    lines.switch(one.id, True)
    qtbot.waitUntil(lambda: len(server.invoices) == 1)
    lines.remove(one.id)
    assert lines.statuses() == []
    assert threading.active_count() == len(threading.enumerate())
    assert not any(thread.name.startswith("connection") for thread in threading.enumerate())


def test_it_is_tried_out_before_it_is_kept(
    store: Store, server: SalesApi, lines: Connections
) -> None:
    assert all(line.works for line in lines.try_out(ENTERED))
    assert store.remotes.names() == []


def test_the_till_goes_on_with_its_connections_and_one_without_pays_nothing(
    qtbot: QtBot, store: Store, server: SalesApi, hub: ChangeHub, lines: Connections
) -> None:
    office = HeadOffice(store, hub, lambda: None, utc_now, lambda: Cable(server))
    office.begin()
    assert office._connections is None
    office.stop()
    add(lines)
    lines.stop()
    Counter(store).sell(1)
    office = HeadOffice(store, hub, lambda: None, utc_now, lambda: Cable(server))
    office.begin()
    qtbot.waitUntil(lambda: len(server.invoices) == 1)
    office.stop()
    assert not any(thread.name.startswith("connection") for thread in threading.enumerate())


def test_a_copy_to_train_on_tells_nobody(
    store: Store, server: SalesApi, hub: ChangeHub, lines: Connections, tmp_path: Path
) -> None:
    add(lines)
    lines.stop()
    asked = len(server.arrived)
    (tmp_path / "training").mkdir()
    made = make_training_copy(store.path, tmp_path / "training", utc_now)
    with open_store(made.path) as copy:
        training = Connections(copy, hub, utc_now, lambda: Cable(server))
        Counter(copy).sell(1)
        training.begin()
        training._start_all()
        assert not training._runners
        training.stop()
    assert len(server.arrived) == asked

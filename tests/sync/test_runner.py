"""The engine in its thread: it wakes, gives way, says how things stand, and ends at once."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import pytest

from pos_app.store.store import Store
from pos_app.sync.enrolment import enrol
from pos_app.sync.remote import HEAD_OFFICE, Remote, put_remote
from pos_app.sync.runner import Listeners, SyncRunner
from pos_app.sync.status import SyncPhase, SyncStatus
from pos_app.sync.transport import Aborted, Answer, Request
from tests.store.shops import Counter
from tests.sync.office_stand_in import URL, Office, answers, chance, good, is_away
from tests.sync.raw_server import heard, raw_server

LIMIT_S = 60.0


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class StandInWire:
    """One of the runner's two wires to the same head office."""

    office: Office
    is_aborted: bool = False

    def send(self, request: Request, timeout_s: float) -> Answer:
        if self.is_aborted:
            raise Aborted
        return self.office.send(request, timeout_s)

    def abort(self) -> None:
        self.is_aborted = True

    def close(self) -> None:
        """Nothing to let go."""


class Watch:
    """What the runner tells, and waiting for it."""

    def __init__(self) -> None:
        self.seen: list[SyncStatus] = []
        self.pages = 0
        self.came = threading.Condition()

    def status(self, status: SyncStatus) -> None:
        with self.came:
            self.seen.append(status)
            self.came.notify_all()

    def page(self, _page: object) -> None:
        self.pages += 1

    def wait_for(self, wanted: Callable[[SyncStatus], bool]) -> SyncStatus:
        with self.came:
            assert self.came.wait_for(lambda: bool(self.seen) and wanted(self.seen[-1]), LIMIT_S)
            return self.seen[-1]

    def wait_for_phase(self, phase: SyncPhase) -> SyncStatus:
        return self.wait_for(lambda status: status.phase is phase)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def office() -> Office:
    return Office(utc_now)


@pytest.fixture
def runner(store: Store, office: Office, watch: Watch) -> Iterator[SyncRunner]:
    enrol(store, URL, office.code, office, utc_now())
    made = SyncRunner(
        store,
        utc_now,
        Listeners(status=watch.status, page=watch.page),
        make_wire=lambda: StandInWire(office),
        random=chance(),
    )
    yield made
    assert made.stop(LIMIT_S)


def until(wanted: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT_S
    while not wanted():
        assert time.monotonic() < end
        threading.Event().wait(0.01)


def test_what_waited_goes_first_and_each_sale_follows_by_itself(
    runner: SyncRunner, store: Store, counter: Counter, office: Office, watch: Watch
) -> None:
    counter.sell(1)
    runner.start()
    watch.wait_for_phase(SyncPhase.UP_TO_DATE)
    assert store.cursors.unsent(HEAD_OFFICE) == 0
    counter.sell(2)  # nobody calls `wake`
    until(lambda: len(office.entries) == store.journal_seq)
    watch.wait_for(lambda status: status.backlog.entries == 0)


def test_many_sales_in_a_moment_go_together(
    runner: SyncRunner, store: Store, counter: Counter, office: Office, watch: Watch
) -> None:
    runner.start()
    watch.wait_for_phase(SyncPhase.UP_TO_DATE)
    before = len(office.pushed_sizes)
    for _ in range(20):
        counter.sell(1)
        runner.wake()
    until(lambda: len(office.entries) == store.journal_seq)
    assert len(office.pushed_sizes) - before < 20


def test_news_are_asked_for_as_soon_as_head_office_tells_of_them(
    runner: SyncRunner, office: Office, watch: Watch
) -> None:
    runner.start()
    watch.wait_for_phase(SyncPhase.UP_TO_DATE)
    asked = office.asked.count("pull")

    class News(msgspec.Struct):
        revision: int

    office.faults.append(("wait", answers(good(News(7)))))
    until(lambda: office.asked.count("pull") > asked)


def test_new_sales_do_not_shorten_a_pause_but_a_person_does(
    runner: SyncRunner,
    counter: Counter,
    office: Office,
    watch: Watch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pos_app.sync.engine.pause_s", lambda *_: 3_600.0)
    office.faults += [("*", is_away)] * 2
    runner.start()
    watch.wait_for_phase(SyncPhase.OFFLINE)
    asked = len(office.asked)
    counter.sell(1)
    runner.wake()
    threading.Event().wait(0.2)
    assert len(office.asked) == asked
    office.faults.clear()
    runner.try_again()
    watch.wait_for_phase(SyncPhase.UP_TO_DATE)


def test_a_fault_of_ours_is_logged_and_does_not_end_the_thread(
    runner: SyncRunner, office: Office, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_office: Office, _request: Request) -> Answer:
        raise ZeroDivisionError

    office.faults.append(("hello", breaks))
    runner.start()
    watch.wait_for(lambda _status: True)
    until(lambda: "a step with head office failed" in caplog.text)
    runner.try_again()
    watch.wait_for_phase(SyncPhase.UP_TO_DATE)


def test_a_listener_that_breaks_does_not_end_the_thread(
    runner: SyncRunner, office: Office, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_status: SyncStatus) -> None:
        raise ZeroDivisionError

    runner._listeners = Listeners(status=breaks)
    runner.start()
    until(lambda: len(office.entries) == store.journal_seq)
    until(lambda: "could not be told" in caplog.text)


def test_a_listener_hears_nothing_after_the_runner_has_stopped(
    runner: SyncRunner, counter: Counter, watch: Watch
) -> None:
    runner.start()
    watch.wait_for_phase(SyncPhase.UP_TO_DATE)
    assert runner.stop(LIMIT_S)
    told = len(watch.seen)
    counter.sell(1)
    runner.wake()
    threading.Event().wait(0.1)
    assert len(watch.seen) == told


@pytest.mark.parametrize("is_listening", [True, False])
def test_it_stops_at_once_though_head_office_says_nothing_for_ever(
    store: Store, is_listening: bool
) -> None:
    asked = threading.Event()

    def serve(line: socket.socket) -> None:
        heard(line)
        asked.set()
        line.recv(1)

    with raw_server(serve) as url:
        with store.transaction() as tx:
            put_remote(tx.remotes, Remote(url, "c", "C", "main", "t", "00", 1, "a", "", "r"))
        runner = SyncRunner(store, utc_now, Listeners())
        if is_listening:
            runner._phase = SyncPhase.UP_TO_DATE
        runner.start()
        assert asked.wait(LIMIT_S)
        began = time.monotonic()
        assert runner.stop(LIMIT_S)
        assert time.monotonic() - began < 20  # reading would take 30, and two seconds are promised


def test_a_till_without_head_office_says_so_and_joins_without_a_restart(
    store: Store, office: Office, watch: Watch
) -> None:
    runner = SyncRunner(
        store, utc_now, Listeners(status=watch.status), make_wire=lambda: StandInWire(office)
    )
    runner.start()
    watch.wait_for_phase(SyncPhase.NOT_CONNECTED)
    enrol(store, URL, office.code, office, utc_now())
    runner.try_again()
    watch.wait_for_phase(SyncPhase.UP_TO_DATE)
    assert runner.stop(LIMIT_S)

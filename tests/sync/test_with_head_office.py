"""The till's engine against the real head office: through its door, and over real HTTP."""

import shutil
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pos_app.server.database import Office
from pos_app.server.tables import branches, inbox, journal, tills
from pos_app.store.backup import backup_store, restore_store
from pos_app.store.store import Store, open_store
from pos_app.sync.engine import Did, SyncEngine
from pos_app.sync.enrolment import enrol
from pos_app.sync.http_transport import HttpTransport
from pos_app.sync.remote import HEAD_OFFICE, remote_in
from pos_app.sync.runner import Listeners, SyncRunner
from pos_app.sync.status import SyncPhase, SyncStatus
from pos_app.sync.transport import Answer, NoAnswer, Request, Unreachable
from tests.server.offices import (  # noqa: F401 - fixtures
    company_id,
    founded,
    sqlite_office,
    sqlite_template,
    sqlite_url,
)
from tests.server.serving import serve
from tests.store.shops import Counter
from tests.sync.office_stand_in import URL, Clock, chance
from tests.sync.real_office import DoorWire, door_wire, joined, new_code

LIMIT_S = 60.0


@pytest.fixture
def wire(sqlite_office: Office, clock: Clock) -> DoorWire:  # noqa: F811
    return door_wire(sqlite_office, clock)


@pytest.fixture
def engine(store: Store, wire: DoorWire, company_id: str, clock: Clock) -> SyncEngine:  # noqa: F811
    return joined(store, wire, company_id, clock)


def run(engine: SyncEngine, clock: Clock, steps: int = 80) -> list[Did]:
    done: list[Did] = []
    for _ in range(steps):
        step = engine.step()
        done.append(step.did)
        clock.pass_s(step.wait_s)
        if step.did is Did.IDLE:
            return done
    raise AssertionError((done, engine.status().sentence))


def stored(office: Office, company: str) -> int:
    with office.company(company) as connection:
        count = connection.scalar(select(func.count()).select_from(journal))
    return int(count or 0)


def is_lost(wire: DoorWire, request: Request) -> Answer:
    wire.answer(request)
    raise NoAnswer(url=URL, detail="cut")


def is_away(_wire: DoorWire, _request: Request) -> Answer:
    raise Unreachable(url=URL, detail="no route")


def comes_twice(wire: DoorWire, request: Request) -> Answer:
    wire.answer(request)
    return wire.answer(request)


def test_everything_arrives_and_both_heads_are_equal(
    engine: SyncEngine, store: Store, counter: Counter, wire: DoorWire, clock: Clock
) -> None:
    for number in (1, 2, 3):
        counter.sell(number)
    run(engine, clock)
    remote = remote_in(store.remotes)
    assert remote is not None
    assert stored(wire.door.office, remote.company_id) == store.journal_seq
    proof = engine.status().proof
    assert proof is not None
    assert proof.is_genuine
    assert proof.verdict == "equal"
    assert (proof.own.receipts, proof.office.head.receipts) == (3, 3)
    assert proof.heads is not None
    assert "3 receipts here, 3 at head office" in proof.heads.sentence


@pytest.mark.parametrize("place", ["hello", "token", "epoch", "push", "pull", "report"])
@pytest.mark.parametrize("fault", [is_lost, is_away, comes_twice])
def test_a_lost_or_doubled_message_anywhere_stores_everything_exactly_once(  # noqa: PLR0917 - tables
    engine: SyncEngine, store: Store, counter: Counter, wire: DoorWire, clock: Clock, place: str,
    fault: Callable[[DoorWire, Request], Answer],
) -> None:  # fmt: skip
    run(engine, clock)
    clock.pass_s(700)  # the access token is over by then
    counter.sell(1)
    store.begin_epoch("forked", clock())
    wire.faults.append((place, fault))
    run(SyncEngine(store, wire, clock, chance()), clock)
    assert not wire.faults, "the fault never came"
    remote = remote_in(store.remotes)
    assert remote is not None
    assert stored(wire.door.office, remote.company_id) == store.journal_seq
    assert store.cursors.unsent(HEAD_OFFICE) == 0


def test_an_answer_lost_while_joining_is_asked_for_again(
    store: Store, wire: DoorWire, company_id: str, clock: Clock  # noqa: F811
) -> None:  # fmt: skip
    wire.faults.append(("enrol", is_lost))
    engine = joined(store, wire, company_id, clock)
    run(engine, clock)
    with wire.door.office.company(company_id) as connection:
        assert connection.scalar(select(func.count()).select_from(tills)) == 1


def test_a_till_restored_from_its_backup_goes_on_without_anybodys_help(
    engine: SyncEngine, store: Store, counter: Counter, wire: DoorWire, clock: Clock, tmp_path: Path
) -> None:  # fmt: skip
    run(engine, clock)
    counter.sell(1)
    clock.pass_s(700)
    run(engine, clock)
    copy = tmp_path / "backup.db"
    backup_store(store, copy)
    counter.sell(2)
    counter.sell(3)
    clock.pass_s(700)
    run(engine, clock)
    told = store.journal_seq
    remote = remote_in(store.remotes)
    assert remote is not None
    path = store.path
    store.close()
    restore_store(copy, path, clock())
    with open_store(path) as restored:
        Counter(restored).sell(4)
        again = SyncEngine(restored, wire, clock, chance())
        run(again, clock)
        assert restored.cursors.unsent(HEAD_OFFICE) == 0
        # Two entries of the new epoch (restored, sold); those of the old one remain facts.
        assert stored(wire.door.office, remote.company_id) == told + 2
        proof = again.status().proof
        assert proof is not None
        assert proof.verdict == "equal"
        assert (proof.own.receipts, proof.office.head.receipts) == (2, 2)


def test_two_machines_from_one_disk_both_tell_everything(
    engine: SyncEngine, store: Store, counter: Counter, wire: DoorWire, clock: Clock, tmp_path: Path
) -> None:  # fmt: skip
    run(engine, clock)
    remote = remote_in(store.remotes)
    assert remote is not None
    common = store.journal_seq
    store.tidy()
    shutil.copytree(store.path.parent, tmp_path / "clone")
    with open_store(tmp_path / "clone" / store.path.name) as clone:
        counter.sell(1)
        run(engine, clock)
        Counter(clone).sell(2)
        Counter(clone).sell(3)
        other = SyncEngine(clone, wire, clock, chance(7))
        run(other, clock)
        assert clone.identity.epoch == 2
        assert store.identity.epoch == 1
        counter.sell(4)
        clock.pass_s(700)
        run(engine, clock)
        Counter(clone).sell(5)
        run(other, clock)
        own, others = store.journal_seq - common, clone.journal_seq - common
        assert stored(wire.door.office, remote.company_id) == common + own + others
        for one in (engine, other):
            proof = one.status().proof
            assert proof is not None
            assert proof.verdict == "equal"
    with wire.door.office.company(remote.company_id) as connection:
        assert connection.scalar(select(func.count()).select_from(branches)) == 3
        reasons = connection.scalars(select(inbox.c.reason)).all()
    assert any("Two machines are till 1" in reason for reason in reasons)


def test_a_till_that_was_shut_out_says_so_and_sends_nothing(
    engine: SyncEngine, store: Store, counter: Counter, wire: DoorWire, company_id: str,  # noqa: F811
    clock: Clock,
) -> None:  # fmt: skip
    run(engine, clock)
    before = stored(wire.door.office, company_id)
    with wire.door.office.company(company_id) as connection:
        connection.execute(tills.update().values(state="revoked"))
    counter.sell(1)
    step = engine.step()
    assert (step.did, step.is_pause) == (Did.FAILED, True)
    assert engine.status().phase is SyncPhase.REVOKED
    assert stored(wire.door.office, company_id) == before


class Watch:
    """Statuses as they come, and waiting for one."""

    def __init__(self) -> None:
        self.seen: list[SyncStatus] = []
        self.came = threading.Condition()

    def __call__(self, status: SyncStatus) -> None:
        with self.came:
            self.seen.append(status)
            self.came.notify_all()

    def wait_for(self, wanted: Callable[[SyncStatus], bool]) -> SyncStatus:
        with self.came:
            assert self.came.wait_for(lambda: bool(self.seen) and wanted(self.seen[-1]), LIMIT_S), [
                status.sentence for status in self.seen[-3:]
            ]
            return self.seen[-1]


def utc_now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_over_real_http_a_sale_arrives_by_itself_and_the_till_closes_at_once(
    store: Store, counter: Counter, sqlite_office: Office, company_id: str, watch: Watch  # noqa: F811
) -> None:  # fmt: skip
    counter.sell(1)
    with serve(sqlite_office) as served:
        transport = HttpTransport()
        code = new_code(sqlite_office, company_id, utc_now())
        enrol(store, served.url, code, transport, utc_now())
        transport.close()
        runner = SyncRunner(store, utc_now, Listeners(status=watch))
        runner.start()
        try:
            watch.wait_for(lambda status: status.phase is SyncPhase.UP_TO_DATE)
            assert stored(sqlite_office, company_id) == store.journal_seq
            counter.sell(2)
            runner.wake()
            head = store.journal_seq
            watch.wait_for(
                lambda status: bool(status.proof and status.proof.office.head.seq == head)
            )
            assert stored(sqlite_office, company_id) == head
        finally:
            began = time.monotonic()
            assert runner.stop(LIMIT_S)
            assert time.monotonic() - began < 20
        assert watch.seen[-1].backlog.entries == 0

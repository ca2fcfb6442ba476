"""Head office's verdicts on what was sent: gaps, forks, damage and answers that lead nowhere."""

from itertools import pairwise
from random import Random

import pytest

from pos_app.store.store import Store
from pos_app.sync import wire
from pos_app.sync.engine import Did, SyncEngine
from pos_app.sync.enrolment import enrol
from pos_app.sync.remote import HEAD_OFFICE, remote_in
from pos_app.sync.transport import Answer, Request
from tests.store.shops import Counter
from tests.sync.engine_runs import everything, run, told
from tests.sync.office_stand_in import URL, Clock, Office, answers, good, refusal


def test_a_gap_is_filled_from_where_head_office_says(
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock
) -> None:
    for _ in range(5):
        counter.sell(1)
    run(engine, clock)
    counter.sell(1)
    for lost in [place for place in office.entries if place[1] > 3]:
        del office.entries[lost]
    steps = run(engine, clock)
    assert [step.did for step in steps].count(Did.PUSH) == 2
    assert told(office) == everything(store)
    assert any("entry 4" in line.text for line in store.remotes.log(HEAD_OFFICE))


def test_what_follows_is_packed_while_head_office_works_and_dropped_where_it_asks_for_other(
    store: Store, counter: Counter, office: Office, clock: Clock
) -> None:
    for _ in range(9):
        counter.sell(1)
    enrol(store, URL, office.code, office, clock())
    engine = SyncEngine(store, office, clock, Random(1), batch_entries=4)
    run(engine, clock)
    assert told(office) == everything(store)
    for _ in range(9):
        counter.sell(1)
    office.faults.append(("push", gap_after(2)))
    before = len(office.requests)
    run(engine, clock)
    assert told(office) == everything(store)
    firsts = [first_sent(request) for request in office.requests[before:] if is_push(request)]
    assert firsts[1] == 3  # and not what was packed while the first was under way
    assert all(later > earlier for earlier, later in pairwise(firsts[1:]))


@pytest.mark.parametrize(
    ("verdict", "seq"), [("gap", 9_999), ("accepted", 1), ("accepted", -1), ("damaged", 0)]
)
def test_an_answer_that_leads_nowhere_moves_no_cursor_and_waits(  # noqa: PLR0917 - a table
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock,
    verdict: str, seq: int,
) -> None:  # fmt: skip
    run(engine, clock)
    counter.sell(1)
    before = store.cursors.of(HEAD_OFFICE)
    office.faults.append(
        ("push", answers(good(wire.Pushed(verdict=verdict, seq=seq, stored=0, known=0))))
    )
    step = engine.step()
    assert (step.did, step.is_pause) == (Did.FAILED, True)
    assert store.cursors.of(HEAD_OFFICE) == before
    run(engine, clock)
    assert told(office) == everything(store)


def test_the_cursor_never_goes_beyond_what_was_sent(
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock
) -> None:
    counter.sell(1)
    office.faults.append(
        ("push", answers(good(wire.Pushed(verdict="accepted", seq=9_999, stored=0, known=0))))
    )
    engine.step()
    sent = store.journal_seq
    engine.step()
    assert store.cursors.of(HEAD_OFFICE) == sent


def test_a_damaged_entry_is_noted_and_the_rest_goes_on(
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock
) -> None:
    counter.sell(1)
    counter.sell(2)
    damaged = wire.Pushed(verdict="damaged", seq=2, stored=2, known=0, reason="its hash is wrong")

    def keeps_apart(one: Office, request: object) -> Answer:
        one.answer(request)  # type: ignore[arg-type]
        return good(damaged)

    office.faults.append(("push", keeps_apart))
    run(engine, clock)
    assert store.cursors.unsent(HEAD_OFFICE) == 0
    bad = [line.text for line in store.remotes.log(HEAD_OFFICE) if line.level == "bad"]
    assert len(bad) == 1
    assert "its hash is wrong" in bad[0]


def test_a_forked_till_goes_on_under_a_new_epoch(
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock
) -> None:
    run(engine, clock)
    counter.sell(1)
    counter.sell(2)

    def forks(one: Office, request: object) -> Answer:
        answer = one.answer(request)  # type: ignore[arg-type]
        last = wire.decode(wire.Pushed, answer.body).seq
        return good(wire.Pushed(verdict="forked", seq=last, stored=2, known=0))

    office.faults.append(("push", forks))
    run(engine, clock)
    assert store.identity.epoch == 2
    assert office.keys[2] == store.identity.public_key
    assert told(office) == everything(store)
    assert {epoch for epoch, _ in office.entries} == {1, 2}
    remote = remote_in(store.remotes)
    assert remote is not None
    assert remote.epoch == 2


def test_a_fork_among_older_entries_begins_no_further_epoch(
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock
) -> None:
    counter.sell(1)
    store.begin_epoch("forked", clock())
    forked = good(wire.Pushed(verdict="forked", seq=store.journal_seq - 1, stored=1, known=0))
    office.faults.append(("push", lambda one, request: one.answer(request) and forked))
    run(engine, clock)
    assert store.identity.epoch == 2
    assert told(office) == everything(store)


def test_each_epoch_is_told_in_order_and_sent_by_itself(
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock
) -> None:
    counter.sell(1)
    store.begin_epoch("forked", clock())
    counter.sell(2)
    store.begin_epoch("forked", clock())
    counter.sell(3)
    steps = run(engine, clock)
    assert [step.did for step in steps].count(Did.EPOCH) == 2
    assert sorted(office.keys) == [1, 2, 3]
    assert told(office) == everything(store)


def test_a_head_office_that_forgot_an_epoch_is_told_once_more(
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock
) -> None:
    store.begin_epoch("forked", clock())
    run(engine, clock)
    del office.keys[2]
    office.keys[1] = store.epochs()[0].public_key
    office.doubt = lambda *_: None  # type: ignore[method-assign]
    counter.sell(1)
    run(engine, clock)
    assert told(office) == everything(store)
    del office.keys[2]
    office.faults += [("push", answers(refusal(409, "epoch_unknown")))] * 50
    counter.sell(1)
    steps = [engine.step() for _ in range(20)]
    assert sum(step.is_pause for step in steps) > 10, "told over and over without a pause"


def gap_after(seq: int):
    """Answer a push by asking for what follows `seq`, after the till has packed what is next."""

    def fault(_office: Office, request: Request) -> Answer:
        assert request.meanwhile is not None
        request.meanwhile()
        return good(wire.Pushed(verdict="gap", seq=seq, stored=0, known=0))

    return fault


def is_push(request: Request) -> bool:
    return request.target.endswith("/push")


def first_sent(request: Request) -> int:
    is_gzip = request.headers.get("Content-Encoding") == "gzip"
    body = wire.unsqueeze(request.body) if is_gzip else request.body
    return wire.decode(wire.Push, body).entries[0].seq

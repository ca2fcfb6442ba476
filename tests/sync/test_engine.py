"""The till's engine, step by step, against a head office that answers and fails as told."""

from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.store.store import Store, open_store
from pos_app.sync import wire
from pos_app.sync.engine import PERSON_S, POLL_S, Did, SyncEngine
from pos_app.sync.enrolment import enrol, leave
from pos_app.sync.remote import HEAD_OFFICE, put_remote, remote_in
from pos_app.sync.settling import ask_to_settle
from pos_app.sync.status import SyncPhase
from pos_app.sync.transport import Answer, Request
from tests.store.shops import Counter, new_store
from tests.sync.engine_runs import everything, run, told
from tests.sync.office_stand_in import (
    URL,
    Clock,
    Fault,
    Office,
    answers,
    chance,
    comes_twice,
    is_away,
    is_lost,
    refusal,
)

HOUR_S = 3_600.0


def test_a_till_without_head_office_has_nothing_to_do(
    store: Store, office: Office, clock: Clock
) -> None:
    engine = SyncEngine(store, office, clock, chance())
    step = engine.step()
    assert (step.did, office.asked) == (Did.NOTHING, [])
    assert step.wait_s >= HOUR_S
    assert engine.status().phase is SyncPhase.NOT_CONNECTED
    assert not engine.status().is_connected


def test_first_it_says_hello_then_sends_then_receives_then_compares(
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock
) -> None:
    sale = counter.sell(1, 2)
    steps = run(engine, clock)
    assert [step.did for step in steps] == [Did.HELLO, Did.PUSH, Did.PULL, Did.REPORT, Did.IDLE]
    assert told(office) == everything(store)
    assert store.cursors.unsent(HEAD_OFFICE) == 0
    status = engine.status()
    assert status.phase is SyncPhase.UP_TO_DATE
    assert status.proof is not None
    assert status.proof.is_genuine
    assert status.proof.verdict == "equal"
    assert status.proof.own.total_minor == sale.amount_due.minor
    assert "Harbour Shops" in status.sentence


def test_what_is_sold_later_is_sent_without_asking_for_news_again(
    engine: SyncEngine, counter: Counter, office: Office, clock: Clock
) -> None:
    run(engine, clock)
    while engine.step().did is not Did.IDLE:
        pass  # what is due after the pause is done, and no time passes from here on
    office.asked.clear()
    counter.sell(1)
    assert engine.step().did is Did.PUSH
    assert engine.step().did is Did.IDLE
    assert office.asked == ["push"]


def test_it_asks_for_news_now_and_then_though_nobody_tells_of_them(
    engine: SyncEngine, office: Office, clock: Clock
) -> None:
    run(engine, clock)
    assert engine.step().did is Did.PULL
    assert engine.step().did is Did.IDLE
    assert engine.step().wait_s == POLL_S
    engine.tell_news()
    assert engine.step().did is Did.PULL


def test_news_that_could_not_be_fetched_are_fetched_as_soon_as_it_goes_again(
    engine: SyncEngine, office: Office, clock: Clock
) -> None:
    run(engine, clock)
    while engine.step().did is not Did.IDLE:
        pass
    engine.tell_news()
    office.faults.append(("pull", is_away))
    assert engine.step().did is Did.FAILED
    assert engine.step().did is Did.PULL


@pytest.mark.parametrize("place", ["token", "push", "pull", "report"])
def test_a_till_that_leaves_while_head_office_is_asked_has_left(
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock, place: str
) -> None:  # fmt: skip
    counter.sell(1)
    forget_access(store)

    def leaves(one: Office, request: Request) -> Answer:
        answer = one.answer(request)
        leave(store)
        return answer

    office.faults.append((place, leaves))
    run(engine, clock)
    assert remote_in(store.remotes) is None
    assert store.cursors.of(HEAD_OFFICE) == 0
    assert engine.status().phase is SyncPhase.NOT_CONNECTED


def test_a_clock_that_was_set_back_does_not_keep_it_from_asking(
    engine: SyncEngine, office: Office, clock: Clock
) -> None:
    run(engine, clock)
    clock.pass_s(-90_000)
    assert Did.PULL in [step.did for step in run(engine, clock)]


@pytest.mark.parametrize("gives_head", [True, False])
def test_a_batch_is_limited_in_entries(
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock,
    gives_head: bool,
) -> None:  # fmt: skip
    office.gives_head = gives_head
    engine = SyncEngine(store, office, clock, chance(), batch_entries=4)
    for _ in range(10):
        counter.sell(1)
    run(engine, clock)
    assert max(office.pushed_sizes) == 4
    assert told(office) == everything(store)
    proof = engine.status().proof
    assert proof is not None
    assert proof.verdict == "equal"


# Each fault, at the request that it hits; the engine must come through without anybody's help.
FAULTS: dict[str, Fault] = {
    "nothing gets out": is_away,
    "the answer is lost": is_lost,
    "it comes twice": comes_twice,
    "a sign-in page": answers(Answer(200, {"content-type": "text/html"}, b"<html>")),
    "a sign-in page elsewhere": answers(Answer(302, {"location": "http://wifi.example/"})),
    "a gateway without head office": answers(Answer(502, {}, b"Bad Gateway")),
    "head office is busy": answers(refusal(429, "busy", **{"retry-after": "7"})),
    "head office is away": answers(refusal(503, "unavailable", **{"retry-after": "7"})),
    "head office broke": answers(refusal(500, "internal")),
    "the token is over": answers(refusal(401, "token_expired")),
    "half an answer": answers(Answer(200, {"x-pos-office": "1"}, b'{"verd')),
    "too large": answers(refusal(413, "too_large")),
    "no sense": answers(refusal(400, "bad_request")),
}


@pytest.mark.parametrize("place", ["hello", "token", "push", "pull", "report"])
@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_anywhere_is_got_over(  # noqa: PLR0917 - two tables and five fixtures
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock,
    place: str, name: str,
) -> None:  # fmt: skip
    counter.sell(1)
    forget_access(store)
    office.faults.append((place, FAULTS[name]))
    steps = run(engine, clock)
    assert not office.faults, "the fault never came"
    assert told(office) == everything(store)
    assert store.cursors.unsent(HEAD_OFFICE) == 0
    assert engine.status().phase is SyncPhase.UP_TO_DATE
    assert sum(step.wait_s for step in steps if step.is_pause) <= HOUR_S


def forget_access(store: Store) -> None:
    remote = remote_in(store.remotes)
    assert remote is not None
    with store.transaction() as tx:
        put_remote(tx.remotes, replace(remote, access=""))


PHASES = {
    "nothing gets out": SyncPhase.OFFLINE,
    "the answer is lost": SyncPhase.OFFLINE,
    "a sign-in page": SyncPhase.SIGN_IN_PAGE,
    "a sign-in page elsewhere": SyncPhase.SIGN_IN_PAGE,
    "a gateway without head office": SyncPhase.BUSY,
    "head office is busy": SyncPhase.BUSY,
    "head office is away": SyncPhase.BUSY,
    "head office broke": SyncPhase.BUSY,
    "half an answer": SyncPhase.TROUBLE,
    "too large": SyncPhase.TROUBLE,
    "no sense": SyncPhase.TROUBLE,
}


@pytest.mark.parametrize("name", PHASES)
def test_each_fault_has_its_phase_and_one_line_in_the_log(
    engine: SyncEngine, store: Store, office: Office, clock: Clock, name: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    run(engine, clock)
    before = len(store.remotes.log(HEAD_OFFICE))
    office.faults += [("*", FAULTS[name])] * 3
    for _ in range(3):
        step = engine.step()
        assert (step.did, step.is_pause) == (Did.FAILED, True)
        status = engine.status()
        assert status.phase is PHASES[name]
        assert status.next_try > clock().isoformat()
        assert status.sentence
    assert len(store.remotes.log(HEAD_OFFICE)) == before + 1
    run(engine, clock)
    assert engine.status().next_try == ""
    assert [line.level for line in store.remotes.log(HEAD_OFFICE)[:2]] == ["good", "bad"]


def test_it_waits_as_long_as_head_office_asks_but_never_beyond_ten_minutes(
    engine: SyncEngine, office: Office, clock: Clock
) -> None:
    run(engine, clock)
    for asked, least, most in (("7", 7, 8), ("86400", 600, 661), ("soon", 0, 21), ("-5", 0, 1)):
        office.faults.append(("*", answers(refusal(503, "unavailable", **{"retry-after": asked}))))
        assert least <= engine.step().wait_s <= most, asked
        engine.try_again()


def test_pauses_grow_but_stay_below_the_cap_and_end_with_the_first_answer(
    engine: SyncEngine, office: Office, clock: Clock
) -> None:
    run(engine, clock)
    office.faults += [("*", is_away)] * 40
    pauses = [engine.step().wait_s for _ in range(40)]
    assert max(pauses[:3]) <= 4
    assert max(pauses[10:]) > 10
    assert max(pauses) <= 20
    assert len(set(pauses)) > 30, "no jitter"
    run(engine, clock)
    office.faults.append(("*", is_away))
    clock.pass_s(POLL_S)
    assert engine.step().wait_s <= 1


def test_a_wrong_clock_is_put_right_at_once(
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock
) -> None:
    run(engine, clock)
    office.clock = lambda: clock().replace(year=2031)
    counter.sell(1)
    steps = run(engine, clock)
    assert not [step for step in steps if step.is_pause]
    assert told(office) == everything(store)
    remote = remote_in(store.remotes)
    assert remote is not None
    assert remote.office_time(clock()).year == 2031


def test_a_head_office_that_never_likes_the_time_is_not_asked_without_a_pause(
    engine: SyncEngine, office: Office, clock: Clock
) -> None:
    run(engine, clock)
    office.faults += [("*", answers(refusal(401, "clock", **{"x-pos-at": "nonsense"})))] * 9
    steps = [engine.step() for _ in range(9)]
    assert sum(step.is_pause for step in steps) >= 7


def test_a_till_that_head_office_does_not_know_any_more_asks_for_a_code(
    engine: SyncEngine, office: Office, clock: Clock
) -> None:
    run(engine, clock)
    office.access, office.given = "another's", set()
    clock.pass_s(POLL_S)
    steps = [engine.step() for _ in range(3)]
    assert [step.did for step in steps] == [Did.FAILED, Did.FAILED, Did.FAILED]
    assert steps[1].wait_s == PERSON_S
    assert engine.status().phase is SyncPhase.ENROLMENT_NEEDED
    assert office.asked[-3:] == ["pull", "token", "token"]


def test_a_token_that_is_refused_again_after_a_renewal_is_not_renewed_for_ever(
    engine: SyncEngine, office: Office, clock: Clock
) -> None:
    run(engine, clock)
    office.faults += [("pull", answers(refusal(401, "unauthorised")))] * 5
    clock.pass_s(POLL_S)
    steps = [engine.step() for _ in range(3)]
    assert [step.did for step in steps] == [Did.FAILED, Did.TOKEN, Did.FAILED]
    assert steps[2].wait_s == PERSON_S


def test_a_token_that_is_refused_after_an_outage_is_renewed_at_once_too(
    engine: SyncEngine, office: Office, clock: Clock
) -> None:
    run(engine, clock)
    office.faults += [("pull", is_away)] * 5 + [("pull", answers(refusal(401, "unauthorised")))]
    clock.pass_s(POLL_S)
    steps = [engine.step() for _ in range(7)]
    assert [step.is_pause for step in steps] == [True] * 5 + [False] * 2
    assert steps[-1].did is Did.TOKEN


def test_a_clock_that_was_set_during_an_outage_is_put_right_at_once_too(
    engine: SyncEngine, counter: Counter, office: Office, clock: Clock
) -> None:
    run(engine, clock)
    office.faults += [("pull", is_away)] * 5
    clock.pass_s(POLL_S)
    assert all(engine.step().is_pause for _ in range(5))
    office.clock = lambda: clock().replace(year=2031)
    counter.sell(1)
    assert not [step for step in (engine.step() for _ in range(3)) if step.is_pause]


@pytest.mark.parametrize(
    ("answer", "phase"),
    [
        (refusal(403, "revoked"), SyncPhase.REVOKED),
        (refusal(426, "version"), SyncPhase.OTHER_VERSION),
        (refusal(403, "epoch_unproven"), SyncPhase.ENROLMENT_NEEDED),
    ],
)
def test_what_only_a_person_can_mend_is_said_and_tried_again_all_the_same(
    engine: SyncEngine, office: Office, clock: Clock, answer: Answer, phase: SyncPhase
) -> None:
    run(engine, clock)
    office.faults.append(("*", answers(answer)))
    step = engine.step()
    assert (step.wait_s, step.is_pause) == (PERSON_S, True)
    assert engine.status().phase is phase
    assert phase.needs_person
    clock.pass_s(PERSON_S)
    run(engine, clock)
    assert engine.status().phase is SyncPhase.UP_TO_DATE


def test_a_head_office_of_another_version_is_recognised_by_its_hello(
    engine: SyncEngine, office: Office, clock: Clock
) -> None:
    office.versions = (2, 3)
    assert engine.step().wait_s == PERSON_S
    assert engine.status().phase is SyncPhase.OTHER_VERSION
    office.versions = (1, 2)
    run(engine, clock)
    assert engine.status().phase is SyncPhase.UP_TO_DATE


def test_refused_entries_are_shown_and_a_chosen_remedy_is_told(
    engine: SyncEngine, store: Store, office: Office, clock: Clock
) -> None:
    waits = wire.Refused(
        id="x", epoch=1, seq=3, kind="sale_completed", at="2026-03-04", reason="no such tax",
        remedy="accept", state="waiting",
    )  # fmt: skip
    office.refused.append(waits)
    run(engine, clock)
    assert [one.reason for one in engine.status().refusals] == ["no such tax"]
    ask_to_settle(store, "x", "accept")
    run(engine, clock)
    assert office.settled == [("x", "accept")]
    assert engine.status().refusals == ()
    assert [one.id for one in store.remotes.refusals(HEAD_OFFICE, settled=True)] == ["x"]


def test_a_remedy_that_head_office_does_not_take_is_not_told_for_ever(
    engine: SyncEngine, store: Store, office: Office, clock: Clock
) -> None:
    ask_to_settle(store, "x", "accept")
    office.faults.append(("settle", answers(refusal(404, "not_found", "It is gone."))))
    run(engine, clock)
    run(engine, clock)
    assert office.asked.count("settle") == 1
    assert any("It is gone." in line.text for line in store.remotes.log(HEAD_OFFICE))


def test_a_head_that_head_office_did_not_sign_is_shown_as_such_and_not_kept(
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock
) -> None:
    counter.sell(1)
    sign = office.head

    def forged() -> object:
        head = sign()
        return None if head is None else replace(head, signature="00" * 64)

    office.head = forged  # type: ignore[method-assign, assignment]
    run(engine, clock)
    proof = engine.status().proof
    assert proof is not None
    assert not proof.is_genuine
    assert store.remotes.value(HEAD_OFFICE, "signed_head") == ""


def test_the_backlog_counts_entries_and_receipts(
    engine: SyncEngine, store: Store, counter: Counter, office: Office, clock: Clock
) -> None:
    counter.sell(1)
    counter.sell(2)
    backlog = engine.status().backlog
    assert (backlog.entries, backlog.receipts) == (store.journal_seq, 2)
    counter.sell(3)
    assert engine.status().backlog.receipts == 3
    run(engine, clock)
    assert engine.status().backlog.entries == 0
    assert engine.status().backlog.receipts == 0
    counter.sell(3)
    assert engine.status().backlog.receipts == 1
    assert engine.step().did is Did.PUSH
    assert engine.status().backlog.receipts == 0


def test_an_access_token_is_renewed_a_while_before_its_end(
    engine: SyncEngine, office: Office, clock: Clock
) -> None:
    run(engine, clock)
    clock.pass_s(500)
    run(engine, clock)
    assert office.tokens == 0
    clock.pass_s(30)
    run(engine, clock)
    assert office.tokens == 1


def test_the_first_synchronisation_tells_how_far_it_is_and_resumes(
    engine: SyncEngine, store: Store, office: Office, clock: Clock
) -> None:
    things = [
        wire.Thing(kind="unit", id=f"u{number}", revision=number, state="", by="")
        for number in range(1, 5)
    ]
    office.pages = [
        wire.Pulled(cursor=str(place + 1), things=(thing,), left=3 - place)
        for place, thing in enumerate(things)
    ]
    shown = []
    while (step := engine.step()).did is not Did.IDLE:
        progress = engine.status().progress
        if step.page is not None and progress is not None:
            shown.append((progress.done, progress.total))
            engine = SyncEngine(store, office, clock, chance())  # the till was killed here
    assert shown == [(1, 4), (2, 4), (3, 4)]
    assert engine.status().progress is None


def test_a_till_that_is_killed_after_any_step_goes_on_from_there(
    tmp_path: Path, office: Office, clock: Clock
) -> None:
    """Each step is another process: nothing that the engine keeps in memory is needed."""
    killed = tmp_path / "killed.db"
    with new_store(killed) as store:
        enrol(store, URL, office.code, office, clock())
        counter = Counter(store)
        for number in (1, 2, 3):
            counter.sell(number)
    for place in range(12):
        with open_store(killed) as store:
            if place == 2:
                Counter(store).sell(1)
            if place == 4:
                office.faults.append(("push", is_lost))
                store.begin_epoch("forked", clock())
            engine = SyncEngine(store, office, clock, chance(place))
            engine.step()  # hello
            engine.step()
    with open_store(killed) as store:
        assert store.cursors.unsent(HEAD_OFFICE) == 0
        assert told(office) == everything(store)

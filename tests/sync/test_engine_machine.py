"""Whatever happens in whichever order: in the end head office has each entry exactly once."""

import shutil
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pos_app.store.store import Store, open_store
from pos_app.sync.engine import Did, SyncEngine
from pos_app.sync.enrolment import enrol
from pos_app.sync.remote import HEAD_OFFICE
from pos_app.sync.status import SyncPhase
from tests.store.shops import Counter, new_store
from tests.sync.office_stand_in import (
    URL,
    Clock,
    Office,
    answers,
    chance,
    comes_twice,
    is_away,
    is_lost,
    refusal,
)

FAULTS = {
    "away": is_away,
    "lost": is_lost,
    "twice": comes_twice,
    "busy": answers(refusal(503, "unavailable", **{"retry-after": "3"})),
    "token": answers(refusal(401, "token_expired")),
}
PLACES = ("*", "hello", "token", "epoch", "push", "pull", "report")
ENGINES_TRIED = 200


class TillWithHeadOffice(RuleBasedStateMachine):
    """A till that sells while its wire, its process and its clock fail."""

    @initialize()
    def open_shop(self) -> None:
        self.folder = Path(mkdtemp(prefix="till-"))
        self.clock = Clock()
        self.office = Office(self.clock)
        self.store: Store = new_store(self.folder / "shop.db", products=1)
        enrol(self.store, URL, self.office.code, self.office, self.clock())
        self.counter = Counter(self.store)
        self.start_engine(4)

    @rule(batch=st.integers(1, 6))
    def start_engine(self, batch: int) -> None:
        """The till is started again: what the engine kept in memory is gone."""
        self.engine = SyncEngine(
            self.store, self.office, self.clock, chance(batch), batch_entries=batch
        )

    @rule(count=st.integers(1, 5))
    def sell(self, count: int) -> None:
        for _ in range(count):
            self.counter.sell(1)

    @rule(steps=st.integers(1, 8))
    def work(self, steps: int) -> None:
        for _ in range(steps):
            self.clock.pass_s(self.engine.step().wait_s)

    @rule(name=st.sampled_from(sorted(FAULTS)), place=st.sampled_from(PLACES))
    def fail(self, name: str, place: str) -> None:
        self.office.faults.append((place, FAULTS[name]))

    @rule(hours=st.integers(-30, 30))
    def set_clock(self, hours: int) -> None:
        """Both clocks jump: the till's is set, and an access token may be over."""
        self.clock.pass_s(hours * 3_600)

    @rule()
    def close_and_open(self) -> None:
        self.store.close()
        self.store = open_store(self.folder / "shop.db")
        self.counter = Counter(self.store)
        self.start_engine(3)

    @rule()
    def begin_epoch(self) -> None:
        if self.store.identity.epoch < 4:
            self.store.begin_epoch("forked", self.clock())

    @invariant()
    def nothing_counts_as_sent_that_head_office_does_not_have(self) -> None:
        if not hasattr(self, "store"):
            return
        sent = self.store.cursors.of(HEAD_OFFICE)
        assert {seq for _, seq in self.office.entries} >= set(range(1, sent + 1))

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        self.office.faults.clear()
        for _ in range(ENGINES_TRIED):
            step = self.engine.step()
            self.clock.pass_s(step.wait_s)
            if step.did is Did.IDLE:
                break
        status = self.engine.status()
        told = sorted(seq for _, seq in self.office.entries)
        assert told == list(range(1, self.store.journal_seq + 1)), status.sentence
        assert status.phase is SyncPhase.UP_TO_DATE
        assert status.backlog.entries == status.backlog.receipts == 0
        assert status.proof is not None
        assert status.proof.verdict == "equal"
        self.store.close()
        shutil.rmtree(self.folder)


TestTillWithHeadOffice = TillWithHeadOffice.TestCase
TestTillWithHeadOffice.settings = settings(max_examples=12, stateful_step_count=14, deadline=None)

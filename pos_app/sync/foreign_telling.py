"""Telling a foreign server one thing: what in doubt is settled first, then the next step is sent.

What changes something there is written down before it leaves. Where its answer is lost, the remote
is asked after a while whether it arrived; where it cannot tell, the thing waits for a person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain.plain import UNREADABLE
from pos_app.store.foreign import Attempt, Held, HeldState
from pos_app.store.remotes import LogLine
from pos_app.sync import foreign_holding as holding
from pos_app.sync.backoff import LONGEST_ASKED_S
from pos_app.sync.connections import Connection
from pos_app.sync.dialect import (
    Ask,
    Done,
    NoGoodAnswer,
    NotSayable,
    Outgoing,
    Refused,
    SignInNeeded,
    Step,
    Unclear,
    Undecidable,
    Verdict,
    WaitsForOther,
)
from pos_app.sync.foreign_calls import ForeignCalls, failure_words, strange
from pos_app.sync.foreign_holding import ConnectionGone
from pos_app.sync.foreign_queue import ForeignQueue, Place
from pos_app.sync.foreign_status import ForeignPhase, Turn
from pos_app.sync.knowing import StoreKnown
from pos_app.sync.remote import moment
from pos_app.sync.sentences import said
from pos_app.sync.transport import NoAnswer, Unreachable
from pos_app.sync.wire import NotOurWire

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

SETTLE_S = 120.0  # a slow server may be at work that long after nobody listens to it any more
FAULTS_MOST = 3  # so often a remote may fail over a thing before the rest goes on
LOOK_UPS_MOST = 10  # so often a look-up may fail before the rest goes on
_DOUBT_S = 20.0
_SURE = (HeldState.REFUSED, HeldState.FAULTY, HeldState.UNSAYABLE)  # it is not there


@dataclass(slots=True)
class ForeignTelling:
    """Tells things to one connection's remote; `answered` is called at each good answer.

    `faults` and `look_ups` count per step what went wrong in a row, `doubts` what was put aside in
    doubt; all three may be forgotten.
    """

    store: "Store"
    connection: Connection
    calls: ForeignCalls
    clock: Callable[[], datetime]
    answered: Callable[[], None]
    known: StoreKnown = field(init=False)
    queue: ForeignQueue = field(init=False)
    faults: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    look_ups: dict[str, int] = field(default_factory=dict)
    doubts: int = 0

    def __post_init__(self) -> None:
        self.known = StoreKnown(self.store, self.connection)
        self.queue = ForeignQueue(self.store, self.connection.remote, self._is_wanted)

    @property
    def remote(self) -> str:
        """What the store calls the remote."""
        return self.connection.remote

    def tell(self, place: Place) -> Turn:
        """Do the next step of a thing, or put it aside with the reason why that cannot be.

        Raises NoGoodAnswer or what the wire raises; then nothing is in doubt that was not before.
        """
        thing = place.thing
        if thing is None:
            return self._hold(place, HeldState.UNSAYABLE, holding.unreadable(), "")
        owner = f"{thing.kind.value} {thing.id}"
        try:
            step = self._undone(thing, self.known)
        except (NotSayable, WaitsForOther) as refusal:
            return self._unsaid(place, owner, refusal)
        except UNREADABLE as failure:
            return self._hold(place, HeldState.UNSAYABLE, holding.unspeakable(failure), owner)
        if step is None:
            return self._end(place)
        blocker = holding.blocker(self.store, self.remote, step.key, place.id, step.key == owner)
        if blocker is not None:
            reason = holding.waits_for(blocker)
            return self._hold(place, HeldState.WAITS, reason, step.key, step)
        attempt = self._doubt(place, step)
        if attempt is not None:
            return self._settle(place, step, attempt)
        return self._send(place, step)

    def _is_wanted(self, thing: Outgoing) -> bool:
        """Whether a dialect has anything to do yet for a thing, or cannot say."""
        try:
            return self._undone(thing, self.known) is not None
        except UNREADABLE:
            return True

    def _undone(self, thing: Outgoing, known: StoreKnown) -> Step | None:
        """Return the first step of a thing that was not done."""
        if known.ids(holding.done_key(thing.entry, thing.id)) is not None:
            return None
        steps: Sequence[Step] = self.calls.dialect.steps(thing, known)
        return next((step for step in steps if known.ids(step.key) is None), None)

    def _doubt(self, place: Place, step: Step) -> Attempt | None:
        """Return the attempt of which nothing is known, also of a till that was restored since."""
        found = self.store.foreign.attempt(self.remote, step.key)
        is_anew = place.held is not None and place.held.state is HeldState.ANEW
        if found is not None or is_anew:
            return found
        epoch = self.store.identity.epoch
        if self.connection.epoch < epoch and place.entry.epoch < epoch:
            return Attempt("", "")  # a copy of this store may have sent it
        return None

    def _settle(self, place: Place, step: Step, attempt: Attempt) -> Turn:
        """Find out whether what was sent before arrived, once the remote had time for it."""
        if step.look_up is None:
            return self._doubtful(place, step, holding.cannot_tell())
        wait_s = self._settling_s(step, attempt) if attempt.at else 0.0
        if wait_s > 0:
            return Turn(wait_s, is_pause=True, phase=ForeignPhase.CHECKING)
        try:
            found = self.calls.walk(step.look_up(self.known))
        except NoGoodAnswer as answer:
            return self._look_up_failed(place, step, answer)
        self.answered()
        self.look_ups.pop(step.key, None)
        if isinstance(found, Done):
            return self._done(place, step, found.ids)
        if isinstance(found, Undecidable):
            return self._doubtful(place, step, found.reason)
        if self.faults.get(step.key, 0) >= FAULTS_MOST:
            return self._faulty(place, step)
        return self._send(place, step)

    def _settling_s(self, step: Step, attempt: Attempt) -> float:
        """Return how long the remote may still be at work on an attempt."""
        now = self.clock()
        since_s = (now - datetime.fromisoformat(attempt.at)).total_seconds()
        if since_s < 0:  # the clock was set back, so nobody knows
            with self.store.transaction() as tx:
                tx.foreign.begin_attempt(self.remote, step.key, moment(now), attempt.asked)
            return SETTLE_S
        return SETTLE_S - since_s

    def _look_up_failed(self, place: Place, step: Step, answer: NoGoodAnswer) -> Turn:
        """Try a look-up again later, but not for ever: the rest has to go on."""
        verdict = answer.verdict
        if isinstance(verdict, Unclear | Refused):
            self.look_ups[step.key] = self.look_ups.get(step.key, 0) + 1
            if self.look_ups[step.key] >= LOOK_UPS_MOST:
                del self.look_ups[step.key]
                return self._doubtful(place, step, holding.list_fails(verdict.reason))
        raise answer

    def _send(self, place: Place, step: Step, *, is_second: bool = False) -> Turn:
        """Send a step's request and do what the answer says."""
        try:
            ask = step.request(self.known)
        except (NotSayable, WaitsForOther) as refusal:
            return self._unsaid(place, step.key, refusal, step)
        except UNREADABLE as failure:
            reason = holding.unspeakable(failure)
            return self._hold(place, HeldState.UNSAYABLE, reason, step.key, step)
        verdict = self._verdict(ask, step)
        match verdict:
            case Done():
                self.answered()
                return self._done(place, step, verdict.ids)
            case Refused():
                self.answered()
                return self._hold(place, HeldState.REFUSED, verdict.reason, step.key, step)
            case Unclear():
                return self._unclear(place, step, verdict, is_change=ask.is_change)
        self._let_attempt_go(step)  # nothing was done for sure
        if isinstance(verdict, SignInNeeded) and self.calls.may_sign_in and not is_second:
            self.calls.forget_token()
            self.calls.sign_in()
            return self._send(place, step, is_second=True)
        raise NoGoodAnswer(verdict)

    def _verdict(self, ask: Ask, step: Step) -> Verdict:
        """Send a request, written down before it leaves, and return what its answer means."""
        if ask.is_change:
            with self.store.transaction() as tx:
                self._check_still(tx)
                at = moment(self.clock())
                tx.foreign.begin_attempt(self.remote, step.key, at, holding.asked(ask))
        try:
            reply = self.calls.send(ask)
        except Unreachable:
            self._let_attempt_go(step)
            raise
        except (NoAnswer, NotOurWire) as failure:
            return Unclear(failure_words(failure))
        try:
            return step.judge(reply, self.known)
        except UNREADABLE as failure:
            return strange(failure)

    def _unclear(self, place: Place, step: Step, verdict: Unclear, *, is_change: bool) -> Turn:
        """Take note that something may have arrived; it is looked up later, where that goes."""
        self.faults[step.key] = self.faults.get(step.key, 0) + 1
        self.reasons[step.key] = verdict.reason
        if is_change and step.look_up is None:
            self._doubtful(place, step, verdict.reason)
            # A remote that fails now would else leave the whole day in doubt.
            self.doubts += 1
            wait_s = min(_DOUBT_S * 2.0 ** min(self.doubts - 1, 10), LONGEST_ASKED_S)
            return Turn(wait_s, is_pause=True, phase=ForeignPhase.TROUBLE, detail=verdict.reason)
        if is_change:
            detail = verdict.reason
            return Turn(SETTLE_S, is_pause=True, phase=ForeignPhase.CHECKING, detail=detail)
        if self.faults[step.key] >= FAULTS_MOST:
            return self._faulty(place, step)
        raise NoGoodAnswer(verdict)

    def _faulty(self, place: Place, step: Step) -> Turn:
        """Put aside what the remote fails over, though it answers other questions."""
        self.faults[step.key] = FAULTS_MOST - 1  # one try at a time from here on
        reason = holding.fails_over(self.reasons.get(step.key, ""))
        return self._hold(place, HeldState.FAULTY, reason, step.key, step)

    def _done(self, place: Place, step: Step, ids: Mapping[str, str]) -> Turn:
        """Remember what the remote calls it; the cursor moves along where nothing is left to do."""
        known = StoreKnown(self.store, self.connection, {step.key: ids})
        try:
            is_end = place.thing is not None and self._undone(place.thing, known) is None
        except UNREADABLE:
            is_end = False  # the next step says what is the matter
        with self.store.transaction() as tx:
            self._check_still(tx)
            tx.foreign.remember(self.remote, step.key, ids)
            if is_end:
                self._end_in(tx, place)
        self.faults.pop(step.key, None)
        self.doubts = 0
        if is_end:
            self.queue.passed(place)
        return Turn()

    def _end(self, place: Place) -> Turn:
        """Settle a thing of which everything is done."""
        with self.store.transaction() as tx:
            self._check_still(tx)
            self._end_in(tx, place)
        self.queue.passed(place)
        return Turn()

    def _end_in(self, tx: "Transaction", place: Place) -> None:
        if place.held is not None:
            tx.foreign.let_go(self.remote, place.id)
        self.queue.pass_in(tx, place)

    def _unsaid(
        self, place: Place, key: str, refusal: NotSayable | WaitsForOther, step: Step | None = None
    ) -> Turn:
        """Put a thing aside that cannot be said, or not yet."""
        if isinstance(refusal, WaitsForOther):
            awaited = str(refusal.fields.get("key", ""))
            return self._hold(place, HeldState.WAITS, said(refusal), awaited, step)
        return self._hold(place, HeldState.UNSAYABLE, said(refusal), key, step)

    def _doubtful(self, place: Place, step: Step, reason: str) -> Turn:
        reason = holding.may_have_arrived(reason)
        return self._hold(place, HeldState.DOUBTFUL, reason, step.key, step)

    def _hold(
        self, place: Place, state: HeldState, reason: str, key: str, step: Step | None = None
    ) -> Turn:
        """Put a thing aside; the rest goes on."""
        reason = self.calls.hidden(reason)
        held = holding.held_of(place, state, reason, key, step.names if step else "id")
        with self.store.transaction() as tx:
            self._check_still(tx)
            tx.foreign.hold(self.remote, held)
            if state in _SURE and step is not None:
                tx.foreign.let_attempt_go(self.remote, step.key)
            self.queue.pass_in(tx, place)
            if place.held is None:
                tx.remotes.log_line(self.remote, self._line(held))
        self.queue.passed(place)
        return Turn()

    def _line(self, held: Held) -> LogLine:
        what = f"{holding.kind_word(held.kind)} {held.number}".strip()
        return LogLine(moment(self.clock()), "bad", f"{what}: {held.reason}")

    def _let_attempt_go(self, step: Step) -> None:
        if self.store.foreign.attempt(self.remote, step.key) is not None:
            with self.store.transaction() as tx:
                tx.foreign.let_attempt_go(self.remote, step.key)

    def _check_still(self, tx: "Transaction") -> None:
        """Touch nothing of a connection that was removed meanwhile; raises ConnectionGone."""
        if not tx.remotes.value(self.remote, "url"):
            raise ConnectionGone

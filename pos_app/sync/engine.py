"""The till's engine: each step does one thing with head office and says when the next is due.

It never sleeps, and it holds the store's turn only for its own small transactions, never while the
network is asked. What it must not forget stands in the store; so a till that was killed between
any two steps, or inside one, goes on from there. Sending the same again is always right: head
office knows entries by their place and hash.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.store.remotes import LogLine
from pos_app.sync import answers, wire
from pos_app.sync.backoff import asked_pause_s, pause_s
from pos_app.sync.calls import Calls
from pos_app.sync.failures import FAILED_PHASES, phase_of
from pos_app.sync.measuring import Figures
from pos_app.sync.pulling import pull_page
from pos_app.sync.pushing import Batch, next_batch, settle_push, unhurried
from pos_app.sync.remote import (
    HEAD_OFFICE,
    LAST_CONTACT,
    Remote,
    is_still,
    moment,
    offset_ms,
    put_remote,
    remote_in,
    with_tokens,
)
from pos_app.sync.reporting import keep_report, prove
from pos_app.sync.sentences import filled, said
from pos_app.sync.settling import forget_remedy, remedies_in
from pos_app.sync.status import SyncPhase, SyncStatus
from pos_app.sync.steps import Did, Step
from pos_app.sync.transport import Transport
from pos_app.texts import Later, later

if TYPE_CHECKING:
    from pos_app.store.store import Store

__all__ = ["Did", "Step", "SyncEngine"]

log = logging.getLogger(__name__)

POLL_S = 20.0  # how often to ask for news where nobody tells of them
REPORT_S = 60.0
REMOTELESS_S = 3_600.0
PERSON_S = 20.0  # how often to try again what a person mends, so that nobody has to say when
MENDED_APART_S = 5.0  # what was mended and is refused again sooner than that has to wait
CLOCK_MS = 2_000  # smaller differences of the clocks do not matter
_CONTACT_S = 30.0  # how fresh the stored moment of the last contact is kept

_BACK = later("Head office answers again.")
_NEW_EPOCH = later("Head office knows this till's new signing key (epoch {epoch}).")
_FORKED = later(
    "Another machine has sent other entries as this till. Everything is kept; this till goes on "
    "under a new signing key."
)
_GAP = later("Head office asks for everything from entry {seq} on again.")
_DAMAGED = later("Head office set entry {seq} apart, because it is damaged: {reason}")
_NOT_SETTLED = later("Head office did not take the remedy: {reason}")
_FAILURE = later("{reason}")


@dataclass(slots=True)
class _Mind:
    """What may be forgotten when the till is killed."""

    batch_entries: int
    is_greeted: bool = False
    must_renew: bool = False
    is_retold: bool = False
    has_news: bool = True
    must_report: bool = True
    tries: int = 0
    renewed_at: datetime | None = None
    mended_at: datetime | None = None
    pulled_at: datetime | None = None
    reported_at: datetime | None = None
    contact_at: datetime | None = None
    packed: Batch | None = None  # made ready while head office was at work on the one before


class SyncEngine:
    """Keeps one till and its head office alike; `step` is to be called by one thread only.

    `clock` gives aware UTC, `random` the jitter and the nonces; `log_line` hears what the store's
    log of contacts is told (level and text); `batch_entries` limits a push. `breathe` is
    called within longer work, for whoever runs the engine beside a counter.
    """

    def __init__(
        self,
        store: "Store",
        transport: Transport,
        clock: Callable[[], datetime],
        random: Random,
        log_line: Callable[[str, str], None] | None = None,
        batch_entries: int = wire.BATCH_ENTRIES,
    ) -> None:
        self._store = store
        self._clock = clock
        self._random = random
        self._log_line = log_line
        self._calls = Calls(store, transport, clock, random)
        self.breathe: Callable[[], None] = unhurried
        self._figures = Figures(store)
        self._batch_entries = batch_entries
        self._mind = _Mind(batch_entries)
        self._till_id = ""
        self._phase, self._detail, self._next_try = SyncPhase.CONNECTING, "", ""

    def step(self) -> Step:
        """Do the next thing that is due; never raises what time or a person can mend."""
        try:
            remote = remote_in(self._store.remotes)
            if remote is None:
                self._mind, self._phase = _Mind(self._batch_entries), SyncPhase.NOT_CONNECTED
                return Step(Did.NOTHING, REMOTELESS_S)
            if remote.till_id != self._till_id:
                self._begin_anew(remote)
            step = self._next(remote)
            self._succeeded(step.did)
        except PosError as refusal:
            return self._failed(refusal)
        return step

    def tell_news(self) -> None:
        """Take note that head office has something new, so that the next step asks for it."""
        self._mind.has_news = True

    def try_again(self) -> None:
        """Forget how often something failed: somebody wants it tried now."""
        self._mind.tries = 0
        self._mind.has_news = self._mind.must_report = True

    def status(self) -> SyncStatus:
        """Return how things stand, for whoever shows it; reads the store."""
        return self._figures.status(self._phase, self._detail, self._next_try)

    def _begin_anew(self, remote: Remote) -> None:
        self._mind, self._till_id = _Mind(self._batch_entries), remote.till_id
        self._phase, self._detail, self._next_try = SyncPhase.CONNECTING, "", ""
        self._figures.begin()

    def _next(self, remote: Remote) -> Step:
        """Do what comes first: who is there, a token, the epoch, sending, receiving, the proof."""
        mind = self._mind
        if not mind.is_greeted:
            return self._greet(remote)
        if mind.must_renew or _is_over(remote, self._clock()):
            return self._renew(remote)
        if remote.epoch < self._store.identity.epoch:
            return self._tell_epoch(remote)
        batch = self._packed() or next_batch(self._store, mind.batch_entries, breathe=self.breathe)
        if batch is not None:
            return self._push(remote, batch)
        return self._look_around(remote)

    def _look_around(self, remote: Remote) -> Step:
        """Do what is due once everything is sent."""
        mind, now = self._mind, self._clock()
        if mind.has_news or _is_due(mind.pulled_at, now, POLL_S):
            return self._pull(remote)
        if chosen := remedies_in(self._store.remotes):
            return self._settle(remote, *chosen[0])
        if mind.must_report or _is_due(mind.reported_at, now, REPORT_S):
            return self._report(remote)
        self._phase = SyncPhase.UP_TO_DATE
        return Step(Did.IDLE, POLL_S)

    def _greet(self, remote: Remote) -> Step:
        before = self._clock()
        hello = self._calls.hello(remote.url)
        answers.check_hello(hello)
        self._correct_clock(remote, hello.at, before)
        self._mind.is_greeted = True
        return Step(Did.HELLO)

    def _renew(self, remote: Remote) -> Step:
        body = wire.Renewal(remote.refresh, remote.company_id, remote.till_id)
        try:
            tokens = self._calls.post(replace(remote, access=""), "token", body, wire.Tokens)
        except answers.TokenRefused:
            self._mind.renewed_at = self._clock()  # another renewal at once cannot help
            raise
        self._keep(with_tokens(remote, tokens, self._clock()))
        self._mind.must_renew, self._mind.renewed_at = False, self._clock()
        return Step(Did.TOKEN)

    def _tell_epoch(self, remote: Remote) -> Step:
        """Tell head office of the next epoch: the new key signs, and the one it knows vouches."""
        store = self._store
        for identity in store.epochs():
            key = identity.public_key.hex()
            message = wire.epoch_message(remote.till_id, identity.epoch, key)
            if identity.epoch <= remote.epoch or not (new := store.sign(message, identity.epoch)):
                continue  # known there, or its key is gone with another machine
            old = store.sign(message, remote.epoch) or b""
            body = wire.NewEpoch(
                epoch=identity.epoch,
                public_key=key,
                signature=new.hex(),
                old_signature=old.hex(),
            )
            self._calls.tell(remote, "epoch", body)
            self._keep(replace(remote, epoch=identity.epoch))
            self._note("note", _NEW_EPOCH, epoch=identity.epoch)
            break
        return Step(Did.EPOCH)

    def _packed(self) -> Batch | None:
        """Return the batch that was made ready, if it is still the one that goes next."""
        batch, self._mind.packed = self._mind.packed, None
        if batch is None or batch.first != self._store.cursors.of(HEAD_OFFICE) + 1:
            return None
        return batch if len(batch.entries) <= self._mind.batch_entries else None

    def _pack_next(self, batch: Batch) -> None:
        """Make ready what follows a batch that head office is at work on."""
        mind = self._mind
        with suppress(PosError):  # a store that cannot be read says so in the next step
            mind.packed = next_batch(
                self._store, mind.batch_entries, breathe=self.breathe, after=batch.last
            )

    def _push(self, remote: Remote, batch: Batch) -> Step:
        mind = self._mind
        pushed = self._calls.push(remote, batch.packed, lambda: self._pack_next(batch))
        if pushed.verdict == "forked" and batch.epoch == self._store.identity.epoch:
            # First the epoch, then the cursor: the other way round a crash would lose the fork.
            self._store.begin_epoch("forked", self._clock())
            self._note("bad", _FORKED)
        cursor = settle_push(self._store, remote, batch, pushed, self._clock())
        self._figures.sent(batch, cursor, self._clock())
        if cursor < self._store.journal_seq:
            self._phase = SyncPhase.SENDING
        else:
            self._figures.proven(prove(self._figures.own, remote, pushed.head))
        mind.batch_entries = min(mind.batch_entries * 2, self._batch_entries)
        mind.is_retold = False
        mind.must_report |= pushed.verdict != "accepted" or pushed.head is None
        if pushed.verdict == "gap":
            self._note("note", _GAP, seq=cursor + 1)
        elif pushed.verdict == "damaged":
            self._note("bad", _DAMAGED, seq=pushed.seq, reason=pushed.reason)
        return Step(Did.PUSH)

    def _pull(self, remote: Remote) -> Step:
        mind = self._mind
        mind.has_news = False  # news that come while this is under way count again
        try:
            page = pull_page(self._store, self._calls, remote, self._clock)
        except PosError:
            mind.has_news = True
            raise
        if page.left:
            self._phase = SyncPhase.RECEIVING
            mind.has_news = True
        mind.pulled_at = self._clock()
        self._figures.received(page)
        return Step(Did.PULL, page=page)

    def _settle(self, remote: Remote, refusal_id: str, remedy: str) -> Step:
        try:
            self._calls.tell(remote, "settle", wire.Settle(refusal_id, remedy))
        except answers.OfficeRefusal as refusal:
            if type(refusal) is not answers.OfficeRefusal:
                raise
            self._note("bad", _NOT_SETTLED, reason=said(refusal))  # it waits there as before
        forget_remedy(self._store, refusal_id, remedy)
        self._mind.must_report = True
        return Step(Did.SETTLE)

    def _report(self, remote: Remote) -> Step:
        report = self._calls.get(remote, "report", wire.Report)
        if report is not None:
            now = self._clock()
            keep_report(self._store, remote, report, now)
            proof = prove(self._figures.own, remote, report.head, report.missing)
            self._figures.proven(proof)
            self._figures.revision = report.revision
        self._mind.must_report, self._mind.reported_at = False, self._clock()
        return Step(Did.REPORT)

    def _succeeded(self, did: Did) -> None:
        """Take note that head office answers, and tell the log where it did not before."""
        mind, now = self._mind, self._clock()
        if did not in {Did.HELLO, Did.TOKEN}:
            mind.renewed_at = None
        if did is Did.HELLO and self._phase.needs_person:
            return  # whoever says hello may still refuse the till
        if self._next_try:
            self._note("good", _BACK)
            if self._phase in FAILED_PHASES:
                self._phase = SyncPhase.CONNECTING
        mind.tries, self._next_try, self._detail = 0, "", ""
        if _is_due(mind.contact_at, now, _CONTACT_S):
            mind.contact_at = now
            with self._store.transaction() as tx:
                tx.remotes.put(HEAD_OFFICE, **{LAST_CONTACT: moment(now)})

    def _failed(self, refusal: PosError) -> Step:
        """Say what keeps the till from going on, and how long it waits before the next try."""
        mind = self._mind
        mind.tries += 1
        try:
            is_mended = self._mended(refusal)
        except PosError as another:  # the disk is full, say: that is what is to be told
            refusal, is_mended = another, False
        # The clock is right now, or a token can be renewed: after a long outage too, but not
        # over and over.
        now = self._clock()
        if is_mended and (mind.tries <= 2 or _is_due(mind.mended_at, now, MENDED_APART_S)):
            mind.mended_at = now
            return Step(Did.FAILED)
        phase = phase_of(refusal)
        wait_s = self._pause_s(refusal, phase)
        sentence = said(refusal)
        if phase is not self._phase or (phase is SyncPhase.TROUBLE and sentence != self._detail):
            log.warning("head office: %s", refusal)
            self._note_failure(sentence)
        self._phase, self._detail = phase, sentence
        self._next_try = moment(self._clock() + timedelta(seconds=wait_s))
        return Step(Did.FAILED, wait_s, is_pause=True)

    def _mended(self, refusal: PosError) -> bool:
        """Do what helps against a refusal before the next try; tell whether that is at once."""
        mind, remote = self._mind, remote_in(self._store.remotes)
        if remote is None:
            return False
        match refusal:
            case answers.TokenRefused():
                mind.must_renew = True
                return _is_due(mind.renewed_at, self._clock(), MENDED_APART_S)
            case answers.ClockWrong():
                self._correct_clock(remote, str(refusal.fields["office_at"]), self._clock())
                return True
            case answers.EpochNotTold() if not mind.is_retold:
                mind.is_retold = True
                self._keep(replace(remote, epoch=0))  # then each epoch is told once more
                return True
            case answers.TooMuchAtOnce():
                mind.batch_entries = max(mind.batch_entries // 4, 1)
            case answers.SignInPage() | answers.OtherVersion() | wire.NotOurWire():
                mind.is_greeted = False
        return isinstance(refusal, answers.SentTwice)

    def _pause_s(self, refusal: PosError, phase: SyncPhase) -> float:
        tries = self._mind.tries
        if isinstance(refusal, answers.OfficeBusy):
            return asked_pause_s(str(refusal.fields.get("retry_after", "")), tries, self._random)
        if phase in {SyncPhase.OTHER_VERSION, SyncPhase.REVOKED, SyncPhase.ENROLMENT_NEEDED}:
            return PERSON_S
        return pause_s(tries, self._random)

    def _correct_clock(self, remote: Remote, office_at: str, now: datetime) -> None:
        """Keep how far head office's clock is before the till's."""
        offset = offset_ms(office_at, now)
        if offset is not None and abs(offset - remote.offset_ms) > CLOCK_MS:
            self._keep(replace(remote, offset_ms=offset))

    def _keep(self, remote: Remote) -> None:
        with self._store.transaction() as tx:
            if is_still(remote, tx.remotes):
                put_remote(tx.remotes, remote)

    def _note(self, level: str, text: Later, **fields: object) -> None:
        sentence = filled(text, **fields)
        if self._log_line is not None:
            self._log_line(level, sentence)
        with self._store.transaction() as tx:
            tx.remotes.log_line(HEAD_OFFICE, LogLine(moment(self._clock()), level, sentence))

    def _note_failure(self, sentence: str) -> None:
        try:
            self._note("bad", _FAILURE, reason=sentence)
        except PosError as refusal:  # the disk that is full is what the sentence tells of
            log.warning("the log of head office cannot be written: %s", refusal)


def _is_over(remote: Remote, now: datetime) -> bool:
    """Whether the access token is to be renewed by now."""
    if not remote.access or not remote.access_until:
        return True
    return remote.office_time(now) >= datetime.fromisoformat(remote.access_until)


def _is_due(last: datetime | None, now: datetime, every_s: float) -> bool:
    """Whether something is due again, also where the clock was set back or forward meanwhile."""
    return last is None or abs((now - last).total_seconds()) >= every_s

"""A connection's engine: each step does one thing with a foreign server, in the journal's order.

It never sleeps, and it holds the store's turn only for its own small transactions, never while the
network is asked. What it must not forget stands in the store; so a till that was killed between any
two steps, or inside one, goes on from there. How a thing is told stands in `foreign_telling`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.store.foreign import HeldState
from pos_app.store.remotes import LAST_CONTACT, LogLine
from pos_app.sync.backoff import LONGEST_ASKED_S, pause_s
from pos_app.sync.connections import Connection, connection_in, credentials_of
from pos_app.sync.dialect import Again, Credentials, NoGoodAnswer, SignInNeeded, Verdict
from pos_app.sync.foreign_calls import ForeignCalls, failure_words
from pos_app.sync.foreign_holding import ConnectionGone, is_in_doubt
from pos_app.sync.foreign_queue import Place
from pos_app.sync.foreign_status import ForeignPhase, ForeignStatus, Turn, first_status
from pos_app.sync.foreign_telling import ForeignTelling
from pos_app.sync.incoming import take_in
from pos_app.sync.known_dialects import dialect_of
from pos_app.sync.remote import moment
from pos_app.sync.sentences import filled
from pos_app.sync.transport import (
    AddressNotSafe,
    CertificateRefused,
    Transport,
    TransportFailure,
)
from pos_app.texts import later

if TYPE_CHECKING:
    from pos_app.store.store import Store

log = logging.getLogger(__name__)

IDLE_S = 20.0
OFF_S = 3_600.0
PERSON_S = 600.0  # between two tries with a key that was refused: some servers lock it up
INCOMING_S = 900.0  # between two looks at the remote's customers
RETRY_S = 600.0  # between two tries of what the remote failed over
_CONTACT_S = 30.0  # how fresh the stored moment of the last contact is kept
_BACK = later("{name} answers again.")
_FOR_PEOPLE = (AddressNotSafe, CertificateRefused)  # failures that do not pass by themselves


@dataclass(slots=True)
class _Mind:
    """What may be forgotten when the till is killed."""

    tries: int = 0
    is_proven: bool = False
    contact_at: datetime | None = None
    listed_at: datetime | None = None
    retried_at: datetime | None = None
    retried_id: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A connection as it is set up now, and what speaks for it."""

    connection: Connection
    credentials: Credentials
    telling: ForeignTelling


class ForeignEngine:
    """Tells one connection's remote what the journal says; `step` is to be called by one thread.

    `clock` gives aware UTC, `random` the jitter.
    """

    def __init__(
        self,
        store: "Store",
        connection_id: str,
        transport: Transport,
        clock: Callable[[], datetime],
        random: Random,
    ) -> None:
        self._store = store
        self._id = connection_id
        self._transport = transport
        self._clock = clock
        self._random = random
        self._mind = _Mind()
        self._line: _Line | None = None
        self._phase, self._detail, self._next_try = ForeignPhase.CONNECTING, "", ""

    def step(self) -> Turn:
        """Do the next thing that is due; never raises what time or a person can mend."""
        try:
            line = self._current()
            if line is None:
                self._phase = ForeignPhase.OFF
                return Turn(OFF_S, is_idle=True)
            turn = self._next(line)
            if turn.phase is not None:
                self._say(turn.phase, turn.detail, turn.wait_s)
        except ConnectionGone:
            return Turn()
        except NoGoodAnswer as answer:
            return self._put_off(answer.verdict)
        except PosError as refusal:
            return self._failed(refusal)
        return turn

    def try_again(self) -> None:
        """Forget how often something failed: somebody wants it tried now."""
        self._mind = _Mind()
        if self._line is not None:
            self._line.telling.doubts = 0

    def status(self) -> ForeignStatus:
        """Return how things stand; reads the store."""
        connection = connection_in(self._store.remotes, self._id)
        if connection is None:
            return ForeignStatus(self._id, "")
        return replace(
            first_status(self._store, connection),
            phase=self._phase if connection.is_on else ForeignPhase.OFF,
            detail=self._detail,
            backlog=0 if self._line is None else self._line.telling.queue.backlog(),
            next_try=self._next_try,
        )

    def _current(self) -> _Line | None:
        """Return the line as the connection is set up now; None where it is off or removed."""
        found = connection_in(self._store.remotes, self._id)
        if found is None or not found.is_on:
            self._line = None
            return None
        credentials = credentials_of(self._store.remotes, found)
        known = self._line
        if known is None or (known.connection, known.credentials) != (found, credentials):
            calls = ForeignCalls(dialect_of(found.api), self._transport, credentials)
            telling = ForeignTelling(self._store, found, calls, self._clock, self._answered)
            self._line = _Line(found, credentials, telling)
            self._mind = _Mind()
            self._phase, self._detail, self._next_try = ForeignPhase.CONNECTING, "", ""
        return self._line

    def _next(self, line: _Line) -> Turn:
        """Do what comes first: a token, what was put aside, what is new, the remote's news."""
        telling = line.telling
        if telling.calls.needs_sign_in:
            telling.calls.sign_in()
            self._answered()
        queue = telling.queue
        place = queue.next_held() or queue.next_new() or self._faulty(telling)
        if place is not None:
            self._prove(telling)
            return telling.tell(place)
        queue.keep_cursor()
        if _is_due(self._mind.listed_at, self._clock(), INCOMING_S):
            self._take_in(line)
        self._phase = ForeignPhase.UP_TO_DATE
        return Turn(IDLE_S, is_idle=True)

    def _prove(self, telling: ForeignTelling) -> None:
        """Make sure after every trouble that it is the API that answers, before more is sent."""
        if self._mind.is_proven:
            return
        probes = telling.calls.dialect.probes(telling.known)
        probe = next((one for one in probes if one.ask.method == "GET"), None)
        if probe is not None:
            telling.calls.prove(probe)
            self._answered()
        self._mind.is_proven = True

    def _faulty(self, telling: ForeignTelling) -> Place | None:
        """Return the next thing that the remote failed over, from time to time."""
        mind = self._mind
        if not _is_due(mind.retried_at, self._clock(), RETRY_S):
            return None
        failed = self._store.foreign.held(telling.remote, HeldState.FAULTY)
        after = next((one for one in failed if one.id > mind.retried_id), None)
        if after is None:
            mind.retried_at, mind.retried_id = self._clock(), ""
            return None
        mind.retried_id = after.id
        return telling.queue.place_of(after)

    def _take_in(self, line: _Line) -> None:
        """Take in what is new among the remote's customers, where nothing is in doubt there."""
        telling = line.telling
        walk = telling.calls.dialect.customers()
        if walk is not None and not is_in_doubt(self._store, telling.remote):
            customers = telling.calls.walk(walk)
            self._answered()
            take_in(self._store, line.connection, customers, self._clock)
        self._mind.listed_at = self._clock()

    def _answered(self) -> None:
        """Take note that the remote answers, and tell the log where it did not before."""
        mind, line = self._mind, self._line
        if line is None:
            return
        if self._next_try and self._phase is not ForeignPhase.CHECKING:
            self._note("good", filled(_BACK, name=line.connection.name))
        self._phase = ForeignPhase.SENDING
        mind.tries, self._next_try, self._detail = 0, "", ""
        now = self._clock()
        if _is_due(mind.contact_at, now, _CONTACT_S):
            mind.contact_at = now
            with self._store.transaction() as tx:
                if connection_in(tx.remotes, self._id) is not None:
                    tx.remotes.put(line.connection.remote, **{LAST_CONTACT: moment(now)})

    def _put_off(self, verdict: Verdict) -> Turn:
        """Wait before the next try after an answer that did nothing."""
        self._mind.tries += 1
        wait_s = pause_s(self._mind.tries, self._random)
        reason = str(getattr(verdict, "reason", ""))
        if isinstance(verdict, SignInNeeded):
            if self._line is not None:
                self._line.telling.calls.forget_token()
            return self._wait(ForeignPhase.KEY_REFUSED, reason, PERSON_S)
        if isinstance(verdict, Again):
            wait_s = max(wait_s, min(verdict.after_s, LONGEST_ASKED_S))
            return self._wait(ForeignPhase.BUSY, reason, wait_s)
        return self._wait(ForeignPhase.TROUBLE, reason, wait_s)

    def _failed(self, refusal: PosError) -> Turn:
        """Say what keeps the engine from going on, and how long it waits before the next try."""
        self._mind.tries += 1
        wait_s = pause_s(self._mind.tries, self._random)
        is_away = isinstance(refusal, TransportFailure) and not isinstance(refusal, _FOR_PEOPLE)
        phase = ForeignPhase.OFFLINE if is_away else ForeignPhase.TROUBLE
        return self._wait(phase, failure_words(refusal), wait_s)

    def _wait(self, phase: ForeignPhase, detail: str, wait_s: float) -> Turn:
        self._say(phase, detail, wait_s)
        return Turn(wait_s, is_pause=True, phase=phase, detail=detail)

    def _say(self, phase: ForeignPhase, detail: str, wait_s: float) -> None:
        """Keep what is the matter, and tell the log where that is new."""
        self._mind.is_proven = False
        if self._line is not None:
            detail = self._line.telling.calls.hidden(detail)
        if phase is not self._phase:
            log.warning("connection %s is %s: %s", self._id, phase.value, detail)
            if detail:
                self._note("bad", detail)
        self._phase, self._detail = phase, detail
        self._next_try = moment(self._clock() + timedelta(seconds=wait_s))

    def _note(self, level: str, sentence: str) -> None:
        try:
            with self._store.transaction() as tx:
                known = connection_in(tx.remotes, self._id)
                if known is not None:
                    line = LogLine(moment(self._clock()), level, sentence)
                    tx.remotes.log_line(known.remote, line)
        except PosError as refusal:  # the disk that is full is what the sentence tells of
            log.warning("the log of a connection cannot be written: %s", refusal)


def _is_due(last: datetime | None, now: datetime, every_s: float) -> bool:
    """Whether something is due again, also where the clock was set back or forward meanwhile."""
    return last is None or abs((now - last).total_seconds()) >= every_s

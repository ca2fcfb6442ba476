"""A wire in memory to a small server written from a document, with everything that may happen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pos_app.sync.transport import Answer, NoAnswer, Request, Unreachable
from tests.sync.office_stand_in import Clock

TIME_OUT_S = 30.0
SLOW_S = 60.0
_PAGE = b"<!doctype html><title>Welcome</title><h1>Sign in to go on</h1>"
_HTML = {"content-type": "text/html"}
_JSON = {"content-type": "application/json"}


class Served(Protocol):
    """Anything that answers like a server."""

    def handle(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]: ...


class Killed(BaseException):
    """The till's process ends here."""


class Fault(StrEnum):
    """What may happen to one request."""

    AWAY = "away"  # nobody is there
    LOST_BEFORE = "lost before"  # cut on the way there
    LOST_AFTER = "lost after"  # the server did it, and the answer is lost
    SLOW = "slow"  # the server does it a minute later, when nobody listens any more
    FAILS_BEFORE = "500 before"
    FAILS_AFTER = "500 after"  # the server did it, and then said that it failed
    BUSY = "429"
    UNAUTHORISED = "401"
    CUT = "cut"  # half of the body comes back as if it were all
    LYING = "lying"  # another body comes back, which is JSON all the same
    HTML_BEFORE = "html before"  # somebody else answers
    HTML_AFTER = "html after"  # the answer becomes somebody else's page
    NOT_FOUND_PAGE = "404 page"  # a gateway that knows no such path
    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"


# After these nobody can know whether a request that changes something arrived.
AMBIGUOUS = frozenset(
    {
        Fault.LOST_BEFORE,
        Fault.LOST_AFTER,
        Fault.SLOW,
        Fault.FAILS_BEFORE,
        Fault.FAILS_AFTER,
        Fault.CUT,
        Fault.LYING,
        Fault.HTML_BEFORE,
        Fault.HTML_AFTER,
        Fault.NOT_FOUND_PAGE,
        Fault.KILLED_BEFORE,
        Fault.KILLED_AFTER,
    }
)


_KILLS = (Fault.KILLED_BEFORE, Fault.KILLED_AFTER)
_FAILED = Answer(500, _JSON, b'{"detail":"Internal Server Error"}')
INSTEAD = {
    Fault.FAILS_BEFORE: _FAILED,
    Fault.BUSY: Answer(429, {"retry-after": "7"}, b""),
    Fault.UNAUTHORISED: Answer(401, _JSON, b'{"detail":"Not authenticated"}'),
    Fault.HTML_BEFORE: Answer(200, _HTML, _PAGE),
    Fault.NOT_FOUND_PAGE: Answer(404, _HTML, _PAGE),
}
SPOILT = {Fault.FAILS_AFTER: _FAILED, Fault.HTML_AFTER: Answer(200, _HTML, _PAGE)}
_LIE = b'{"message":["ok"],"data":7}'


@dataclass
class ApiWire:
    """Brings requests to a server; `faults` says by the request's number what happens to it.

    `weather` is asked where that says nothing. What arrived late is done before the next request.
    """

    server: Served
    clock: Clock
    faults: dict[int, Fault] = field(default_factory=dict)
    weather: Callable[[Request], Fault | None] = lambda _request: None
    sent: list[Request] = field(default_factory=list)
    met: list[tuple[Fault, Request]] = field(default_factory=list)
    late: list[tuple[datetime, Request]] = field(default_factory=list)

    def send(self, request: Request, timeout_s: float) -> Answer:
        self.arrive_late()
        fault = self.faults.pop(len(self.sent), None) or self.weather(request)
        self.sent.append(request)
        if fault is None:
            return self._handled(request)
        self.met.append((fault, request))
        return self._failing(fault, request)

    def arrive_late(self, *, all_of_it: bool = False) -> None:
        """Let the server do what it was slow about."""
        due = [one for one in self.late if all_of_it or one[0] <= self.clock()]
        self.late = [one for one in self.late if one not in due]
        for _, request in due:
            self._handled(request)

    def abort(self) -> None:
        """Nothing is under way in memory."""

    def close(self) -> None:
        """There is no connection to let go."""

    def _handled(self, request: Request) -> Answer:
        status, headers, body = self.server.handle(
            request.method, request.target, request.headers, request.body
        )
        return Answer(status, {name.lower(): value for name, value in headers.items()}, body)

    def _failing(self, fault: Fault, request: Request) -> Answer:
        """Do what a fault does: some end here, some spoil what the server answers."""
        if fault in _KILLS:
            if fault is Fault.KILLED_AFTER:
                self._handled(request)
            raise Killed
        if fault is Fault.AWAY:
            raise Unreachable(url=request.base, detail="nobody is there")
        if fault is Fault.SLOW:
            self.late.append((self.clock() + timedelta(seconds=SLOW_S), request))
        if fault in INSTEAD:
            return INSTEAD[fault]
        answer = None if fault in {Fault.LOST_BEFORE, Fault.SLOW} else self._handled(request)
        if answer is None or fault is Fault.LOST_AFTER:
            raise self._nothing(request)
        if fault is Fault.CUT:
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        return SPOILT[fault] if fault is not Fault.LYING else replace(answer, body=_LIE)

    def _nothing(self, request: Request) -> NoAnswer:
        self.clock.pass_s(TIME_OUT_S)
        return NoAnswer(url=request.base, detail="it took too long")

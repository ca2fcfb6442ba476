"""The wire of one till to a foreign server in virtual time; it knows how each request ended."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from pos_app.sync.transport import Answer, NoAnswer, Request, Unreachable
from tests.proofs.foreign_world.weather import CALM, MOST_WHILE_READING, PROXIED, Weather

GIVEN_UP_S = 30.0  # how long the till waits for an answer that does not come
LATEST_S = 90.0
PORTAL = b"<!doctype html><title>Welcome</title><h1>Sign in to go on</h1>"
LIES = (b"{}", b"[]", b"null", b'"done"', b'{"data":null}', b'{"status":"fine","items":7}')


class Killed(BaseException):
    """The till's process is gone; nothing of the till may catch this."""


class Ending(StrEnum):
    """How a request ended for the till that sent it."""

    ANSWERED = "answered"  # with the server's own whole answer
    NOT_DONE = "not done"  # the till knows for sure that nothing was done
    UNCLEAR = "unclear"  # nobody who saw only what the till saw could say


@dataclass(slots=True)
class Sent:
    """One request as the till sent it."""

    method: str
    target: str
    body: Any
    mishap: str
    ending: Ending


class Line(Protocol):
    """Whatever carries a request to the server and its answer back."""

    def carry(self, request: Request, mishap: str) -> Answer:
        """Carry it; a line that fails by itself is told which mishap is due."""


@dataclass(slots=True)
class ForeignWire:
    """A transport; `pass_time` lets virtual seconds go by, `later` does something after some."""

    line: Line
    dice: random.Random
    pass_time: Callable[[float], None]
    later: Callable[[float, Callable[[], None]], None]
    is_proxied: bool = False
    weather: Weather = CALM
    sent: list[Sent] = field(default_factory=list)
    bad_luck: int = 0

    def send(self, request: Request, timeout_s: float) -> Answer:
        """Send a request through the weather; raises Unreachable, NoAnswer or Killed."""
        mishap = self._drawn(request)
        sent = Sent(request.method, request.target, _plain(request.body), mishap, Ending.UNCLEAR)
        self.sent.append(sent)
        self.pass_time(self.dice.choice((0.01, 0.2, 2.0)))
        if mishap == "unreachable":
            sent.ending = Ending.NOT_DONE
            raise Unreachable(url=request.base, detail="no route")
        if mishap == "kill_before":
            raise Killed
        if mishap in {"denied", "busy"}:
            sent.ending = Ending.NOT_DONE
        if self.is_proxied and mishap in PROXIED:
            answer = self.line.carry(request, mishap)
        else:
            answer = _MISHAPS.get(mishap, ForeignWire._answered)(self, request)
        if not mishap or mishap == "twice":
            sent.ending = Ending.ANSWERED
        return answer

    def _drawn(self, request: Request) -> str:
        mishap = self.weather.drawn(self.dice)
        if mishap == "twice" and not _is_harmless(request):
            mishap = ""
        if mishap and _is_harmless(request):
            self.bad_luck += 1
        return mishap if self.bad_luck <= MOST_WHILE_READING else ""

    def _answered(self, request: Request) -> Answer:
        return self.line.carry(request, "")

    def _given_up(self, request: Request) -> Answer:
        self.pass_time(GIVEN_UP_S)
        raise NoAnswer(url=request.base, detail="it took too long")

    def _late(self, request: Request) -> Answer:
        self.later(self.dice.uniform(1, LATEST_S), lambda: self._arrives(request))
        return self._given_up(request)

    def _arrives(self, request: Request) -> None:
        self.line.carry(request, "")

    def _lost(self, request: Request) -> Answer:
        self._answered(request)
        raise NoAnswer(url=request.base, detail="the connection was cut")

    def _slow(self, request: Request) -> Answer:
        self._answered(request)
        return self._given_up(request)

    def _half(self, request: Request) -> Answer:
        answer = self._answered(request)
        return Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2])

    def _lie(self, request: Request) -> Answer:
        self._answered(request)
        return Answer(200, {"content-type": "application/json"}, self.dice.choice(LIES))

    def _page(self, request: Request) -> Answer:
        if self.dice.random() < 0.5:
            self._answered(request)
        return Answer(200, {"content-type": "text/html"}, PORTAL)

    def _denied(self, _request: Request) -> Answer:
        body = b'{"code":401,"status":401,"message":"no","error":"no","detail":"no","data":null}'
        return Answer(401, {"content-type": "application/json"}, body)

    def _busy(self, _request: Request) -> Answer:
        return Answer(429, self._asked(), b"")

    def _failed(self, _request: Request) -> Answer:
        return Answer(self.dice.choice((500, 502, 503, 504)), self._asked(), b"<h1>Sorry</h1>")

    def _failed_after(self, request: Request) -> Answer:
        self._answered(request)
        said = b'{"code":500,"status":500,"message":"oh","error":"oh","detail":"oh","data":null}'
        return Answer(self.dice.choice((500, 502, 504)), {}, said)

    def _twice(self, request: Request) -> Answer:
        first = self._answered(request)
        second = self._answered(request)
        return self.dice.choice((first, second))

    def _kill_after(self, request: Request) -> Answer:
        self._answered(request)
        raise Killed

    def _asked(self) -> Mapping[str, str]:
        asked = self.dice.choice(("", "0", "7", "soon"))
        return {"retry-after": asked} if asked else {}


_MISHAPS: dict[str, Callable[[ForeignWire, Request], Answer]] = {
    "drop": ForeignWire._given_up,
    "late": ForeignWire._late,
    "lost": ForeignWire._lost,
    "slow": ForeignWire._slow,
    "cut": ForeignWire._lost,
    "half": ForeignWire._half,
    "lie": ForeignWire._lie,
    "page": ForeignWire._page,
    "denied": ForeignWire._denied,
    "busy": ForeignWire._busy,
    "failed": ForeignWire._failed,
    "failed_after": ForeignWire._failed_after,
    "twice": ForeignWire._twice,
    "kill_after": ForeignWire._kill_after,
}


def is_change(sent: Sent) -> bool:
    """Whether a request may change something at the server."""
    return (sent.method != "GET" and "/auth/" not in sent.target) or "/sale/void/" in sent.target


def _is_harmless(request: Request) -> bool:
    return request.method == "GET" or "/auth/" in request.target


def _plain(body: bytes) -> Any:
    return json.loads(body) if body else None

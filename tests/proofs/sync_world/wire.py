"""A wire in virtual time between one till and head office: each request meets the weather once."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from pos_app.sync.transport import Answer, NoAnswer, Request, Unreachable
from tests.proofs.sync_world.weather import CALM, Weather

if TYPE_CHECKING:
    from tests.proofs.sync_world.head_office import HeadOffice

GIVEN_UP_S = 30.0  # how long the till waits for an answer that does not come
PORTAL = b"<html><title>Welcome to the airport</title>Please accept our terms.</html>"


class Killed(BaseException):
    """The till's process is gone; nothing of the till may catch this."""


class Later(Protocol):
    """Whoever does something some seconds later in virtual time."""

    def after(self, wait_s: float, do: Callable[[], None]) -> None:
        """Do it then."""


@dataclass(slots=True)
class SimulatedWire:
    """The transport of one till; `meanwhile` is what happens at the till while it waits."""

    office: "HeadOffice"
    later: Later
    dice: random.Random
    meanwhile: Callable[[float], None]
    weather: Weather = CALM
    is_down: bool = False
    sent: list[str] = field(default_factory=list)

    def send(self, request: Request, timeout_s: float) -> Answer:
        """Send a request through the weather; raises Unreachable, NoAnswer or Killed."""
        mishap = self.weather.drawn(self.dice)
        self.sent.append(f"{request.target.rpartition('/')[2]} {mishap}".strip())
        if self.is_down or not self.office.is_up or mishap == "unreachable":
            self.meanwhile(self.dice.choice((0.01, 5.0)))
            raise Unreachable(url=request.base, detail="no route")
        if mishap in _MISHAPS:
            return _MISHAPS[mishap](self, request, timeout_s)
        return self._answered(request)

    def _answered(self, request: Request) -> Answer:
        """Let a request through; head office may die over it."""
        self.meanwhile(self.dice.choice((0.005, 0.02, 0.3, 2.0)))
        answer = self.office.answer(request)
        if request.meanwhile is not None and self.dice.random() < 0.8:
            request.meanwhile()
        self.meanwhile(self.dice.choice((0.005, 0.02, 0.3)))
        if answer is None:
            raise NoAnswer(url=request.base, detail="the connection was cut")
        return answer

    def _given_up(self, request: Request, timeout_s: float) -> Answer:
        self.meanwhile(min(timeout_s, GIVEN_UP_S))
        raise NoAnswer(url=request.base, detail="it took too long")

    def _late(self, request: Request, timeout_s: float) -> Answer:
        self._arrives_in(request, self.dice.uniform(0.5, 90))
        return self._given_up(request, timeout_s)

    def _lost(self, request: Request, timeout_s: float) -> Answer:
        self._answered(request)
        return self._given_up(request, timeout_s)

    def _cut(self, request: Request, _timeout_s: float) -> Answer:
        answer = self._answered(request)
        if self.dice.random() < 0.5 or not answer.body:
            raise NoAnswer(url=request.base, detail="the connection was cut")
        return replace(answer, body=answer.body[: self.dice.randrange(len(answer.body))])

    def _double(self, request: Request, _timeout_s: float) -> Answer:
        answer = self._answered(request)
        again = self.office.answer(request)
        return answer if again is None or self.dice.random() < 0.7 else again

    def _echo(self, request: Request, _timeout_s: float) -> Answer:
        self._arrives_in(request, self.dice.uniform(0.5, 90))
        return self._answered(request)

    def _busy(self, request: Request, _timeout_s: float) -> Answer:
        self.meanwhile(0.01)
        status = self.dice.choice((503, 429))
        code = "busy" if status == 429 else "unavailable"
        body = b'{"code":"%s","message":"Later, please."}' % code.encode()
        return Answer(status, {"x-pos-office": "1", **self._asked()}, body)

    def _gateway(self, request: Request, _timeout_s: float) -> Answer:
        self.meanwhile(0.01)
        headers = {"content-type": "text/html", **self._asked()}
        return Answer(self.dice.choice((502, 503, 504)), headers, b"<html>Bad gateway</html>")

    def _portal(self, request: Request, _timeout_s: float) -> Answer:
        self.meanwhile(0.01)
        return Answer(self.dice.choice((200, 302, 511)), {"content-type": "text/html"}, PORTAL)

    def _crash(self, request: Request, is_after: bool) -> Answer:
        self.office.crash_at_commit(self.dice.randint(1, 3), is_after=is_after)
        return self._answered(request)

    def _kill(self, request: Request, _timeout_s: float) -> Answer:
        if self.dice.random() < 0.5:
            self.office.answer(request)
        raise Killed

    def _arrives_in(self, request: Request, wait_s: float) -> None:
        def arrive() -> None:
            if self.office.is_up:
                self.office.answer(request)

        self.later.after(wait_s, arrive)

    def _asked(self) -> Mapping[str, str]:
        asked = self.dice.choice(("", "", "0", "2", "8", "soon"))
        return {"retry-after": asked} if asked else {}


_MISHAPS: dict[str, Callable[[SimulatedWire, Request, float], Answer]] = {
    "drop": SimulatedWire._given_up,
    "late": SimulatedWire._late,
    "lost": SimulatedWire._lost,
    "cut": SimulatedWire._cut,
    "double": SimulatedWire._double,
    "echo": SimulatedWire._echo,
    "busy": SimulatedWire._busy,
    "gateway": SimulatedWire._gateway,
    "portal": SimulatedWire._portal,
    "crash_before": lambda wire, request, _s: wire._crash(request, is_after=False),
    "crash_after": lambda wire, request, _s: wire._crash(request, is_after=True),
    "kill": SimulatedWire._kill,
}

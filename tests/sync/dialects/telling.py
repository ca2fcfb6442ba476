"""A dialect and a small server put together without a wire, by somebody who does the steps."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

import msgspec

from pos_app.sync.dialect import (
    Absent,
    Ask,
    Credentials,
    Dialect,
    Done,
    Found,
    LookUp,
    Outgoing,
    Reply,
    SignInNeeded,
    Step,
    Verdict,
)

SAMPLES = Path(__file__).parents[2] / "data" / "apis"
CREDENTIALS = Credentials("https://sales.example.com", "abc123", "admin")
_JSON = msgspec.json.Encoder(decimal_format="number")


class Served(Protocol):
    """Anything that answers like a server."""

    def handle(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]: ...


class KnownHere:
    """What is known of a remote, in memory."""

    def __init__(self, dialect: Dialect, **options: str) -> None:
        self.options = {option.name: option.usual for option in dialect.options} | options
        self.done: dict[str, Mapping[str, str]] = {}
        self.products: dict[str, str] = {}

    def ids(self, key: str) -> Mapping[str, str] | None:
        return self.done.get(key)

    def is_taken(self, name: str, remote_id: str) -> bool:
        return any(ids.get(name) == remote_id for ids in self.done.values())

    def product(self, product_id: str | None, code: str) -> str | None:
        if product_id in self.products:
            return self.products[product_id]
        return (code or None) if self.option("product_ids") != "mapping" else None

    def option(self, name: str) -> str:
        return self.options.get(name, "")


class Teller:
    """Does a thing's steps one after the other; `lost` are steps whose answer never comes."""

    def __init__(
        self, dialect: Dialect, server: Served, credentials: Credentials = CREDENTIALS, **how: str
    ) -> None:
        self.dialect, self.server, self.credentials = dialect, server, credentials
        self.known = KnownHere(dialect, **how)
        self.lost: set[str] = set()
        self.looked_up: dict[str, Found] = {}

    def tell(self, *things: Outgoing) -> None:
        """Do every step of some things; a step that fails ends the test."""
        for thing in things:
            for _ in range(50):
                step = self.next_step(thing)
                if step is None:
                    break
                self.do(step)
            else:
                raise AssertionError(f"the steps of {thing} have no end")

    def next_step(self, thing: Outgoing) -> Step | None:
        steps = self.dialect.steps(thing, self.known)
        return next((step for step in steps if self.known.ids(step.key) is None), None)

    def do(self, step: Step) -> None:
        verdict = self.verdict(step)
        assert isinstance(verdict, Done), (step.key, verdict)
        found: Found = verdict
        if step.key in self.lost:
            assert step.look_up is not None
            found = self.look_up(step)
            assert isinstance(found, Done), (step.key, found)
            self.looked_up[step.key] = found
        assert isinstance(found, Done)
        self.known.done[step.key] = found.ids

    def verdict(self, step: Step) -> Verdict:
        """Send a step's request and judge the answer; what can be looked up is not there before."""
        ask = step.request(self.known)
        if ask.is_change and step.look_up is not None:
            before = self.look_up(step)
            assert isinstance(before, Absent), (step.key, before)
        verdict = step.judge(self.send(ask), self.known)
        if isinstance(verdict, SignInNeeded):
            self.sign_in()
            verdict = step.judge(self.send(ask), self.known)
        return verdict

    def look_up(self, step: Step) -> Found:
        assert step.look_up is not None
        return walked(step.look_up(self.known), self.send)

    def sign_in(self) -> None:
        ask = self.dialect.sign_in(self.credentials)
        assert ask is not None
        token = self.dialect.token(self._sent(ask))
        self.credentials = Credentials(
            self.credentials.url, self.credentials.key, self.credentials.user, token=token
        )

    def send(self, ask: Ask) -> Reply:
        return self._sent(self.dialect.with_key(ask, self.credentials))

    def _sent(self, ask: Ask) -> Reply:
        target = ask.path + (f"?{urlencode(ask.query)}" if ask.query else "")
        headers = {**ask.headers, "Content-Type": "application/json"}
        body = b"" if ask.body is None else _JSON.encode(ask.body)
        status, given, data = self.server.handle(ask.method, target, headers, body)
        return Reply(status, {name.lower(): value for name, value in given.items()}, data)


def walked(walk: LookUp, send: Any) -> Any:
    """Walk to the end and return what was found."""
    try:
        ask = next(walk)
        while True:
            assert not ask.is_change
            ask = walk.send(send(ask))
    except StopIteration as end:
        return end.value


def sample(api: str, name: str) -> dict[str, Any]:
    """Return a published sample: `method`, `path`, `request` and `response`."""
    text = (SAMPLES / api / f"{name}.json").read_text("utf-8")
    read: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return read


def answer(body: Any, status: int = 200) -> Reply:
    """Return a body as a reply."""
    return Reply(status, {"content-type": "application/json"}, _JSON.encode(body))

"""Asking a foreign server: a dialect's requests go out with the key, and whole walks are walked."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import quote, urlencode

import msgspec

from pos_app.domain.errors import PosError
from pos_app.domain.plain import UNREADABLE
from pos_app.sync.dialect import (
    Ask,
    Credentials,
    Dialect,
    Done,
    NoGoodAnswer,
    Probe,
    Refused,
    Reply,
    Unclear,
)
from pos_app.sync.sentences import filled, said
from pos_app.sync.transport import READ_TIMEOUT_S, CertificateRefused, Request, Transport
from pos_app.sync.wire import NotOurWire
from pos_app.texts import later, t

Found = TypeVar("Found")
_SECRET_LEAST = 4  # shorter ones are words of every sentence
MOST_ASKED = 10_000  # requests of one walk: a list that never ends must end
_ENDLESS = later("its list does not come to an end")
_STRANGE = later("its answer is not what the API's document says ({detail})")
_TOO_MUCH = later("Its answer is longer or other than any answer may be.")
_CERTIFICATE = later(
    "{url} cannot prove who it is. Check the address and this machine's clock; else ask whoever "
    "runs that server for a valid certificate."
)
_JSON = msgspec.json.Encoder(decimal_format="number")


@dataclass(slots=True)
class ForeignCalls:
    """Speaks to one remote for one connection; remembers the token of a sign-in until it is over.

    Each method raises Unreachable, NoAnswer or NotOurWire by the wire, and Aborted.
    """

    dialect: Dialect
    transport: Transport
    credentials: Credentials

    @property
    def may_sign_in(self) -> bool:
        """Whether this API has a sign-in at all."""
        return self.dialect.sign_in(self.credentials) is not None

    @property
    def needs_sign_in(self) -> bool:
        """Whether there is a token to be got first."""
        return not self.credentials.token and self.may_sign_in

    def sign_in(self) -> None:
        """Get a token; raises NoGoodAnswer."""
        ask = self.dialect.sign_in(replace(self.credentials, token=""))
        if ask is None:
            return
        reply = self._sent(ask)
        try:
            token = self.dialect.token(reply)
        except UNREADABLE as failure:
            raise NoGoodAnswer(strange(failure)) from failure
        self.credentials = replace(self.credentials, token=token)

    def prove(self, probe: Probe) -> None:
        """Ask what changes nothing, so that what does goes to nobody but the API.

        A refusal is an answer too. Raises NoGoodAnswer where somebody else answers, or nobody may.
        """
        reply = self.ask(probe.ask)
        try:
            verdict = probe.judge(reply)
        except UNREADABLE as failure:
            raise NoGoodAnswer(strange(failure)) from failure
        if not isinstance(verdict, Done | Refused):
            raise NoGoodAnswer(verdict)

    def hidden(self, text: str) -> str:
        """Return a text without the key and the token, should a server have told them back."""
        for secret in (self.credentials.key, self.credentials.token):
            if len(secret) >= _SECRET_LEAST:
                for shape in (secret, quote(secret, safe="")):
                    text = text.replace(shape, "•••")
        return text

    def forget_token(self) -> None:
        """Let a token go that is not good any more."""
        self.credentials = replace(self.credentials, token="")

    def send(self, ask: Ask) -> Reply:
        """Send a request with the key and return the whole answer."""
        return self._sent(self.dialect.with_key(ask, self.credentials))

    def walk(self, walk: Generator[Ask, Reply, Found]) -> Found:
        """Send what a walk asks for until it is at its end; raises NoGoodAnswer.

        Where the token is over in the middle, one is got once more.
        """
        try:
            ask = _asked(walk, None)
            for _ in range(MOST_ASKED):
                ask = _asked(walk, self.ask(ask))
        except StopIteration as end:
            found: Found = end.value
            return found
        raise NoGoodAnswer(Unclear(t(_ENDLESS)))

    def ask(self, ask: Ask) -> Reply:
        """Send a request that changes nothing, once more where a new token is needed for it.

        Raises NoGoodAnswer where that is not to be had.
        """
        reply = self.send(ask)
        if reply.status == 401 and self.may_sign_in:
            self.sign_in()
            reply = self.send(ask)
        return reply

    def _sent(self, ask: Ask) -> Reply:
        headers = dict(ask.headers)
        body = b""
        if ask.body is not None:
            body = _JSON.encode(ask.body)
            headers.setdefault("Content-Type", "application/json")
        headers.setdefault("Accept", "application/json")
        target = ask.path + (f"?{urlencode(ask.query)}" if ask.query else "")
        request = Request(ask.method, self.credentials.url, target, headers, body)
        answer = self.transport.send(request, READ_TIMEOUT_S)
        return Reply(answer.status, answer.headers, answer.body)


def _asked(walk: Generator[Ask, Reply, Found], reply: Reply | None) -> Ask:
    """Return what a walk asks for next; raises StopIteration at its end."""
    try:
        return next(walk) if reply is None else walk.send(reply)
    except UNREADABLE as failure:
        raise NoGoodAnswer(strange(failure)) from failure


def failure_words(refusal: PosError) -> str:
    """Return what is said of a failure of the wire: the other side is no head office here."""
    if isinstance(refusal, CertificateRefused):
        return filled(_CERTIFICATE, url=refusal.fields.get("url", ""))
    if isinstance(refusal, NotOurWire):
        return t(_TOO_MUCH)
    return said(refusal)


def strange(failure: BaseException) -> Unclear:
    """Return the verdict on an answer that a dialect could not read."""
    return Unclear(t(_STRANGE).format(detail=type(failure).__name__))

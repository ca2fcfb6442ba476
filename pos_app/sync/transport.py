"""How requests reach head office: what is sent, what comes back, and what may go wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pos_app.domain.errors import PosError
from pos_app.texts import later

READ_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `base` is head office's address, `target` path and query behind it.

    `meanwhile` may be called once while the answer is waited for; it must not raise.
    """

    method: str
    base: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    meanwhile: Callable[[], None] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer; names of headers are in small letters, the body is not compressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


class Transport(Protocol):
    """The wire to head office."""

    def send(self, request: Request, timeout_s: float) -> Answer:
        """Send a request and wait for the answer; raises Unreachable or NoAnswer."""


class Aborted(Exception):
    """The till closes: whoever asked is to stop, and to touch nothing any more."""


class TransportFailure(PosError):
    """The wire failed; trying again later is always right."""

    sentence = "Head office did not answer. Check the network, then try again."


class Unreachable(TransportFailure):
    """Nothing was sent, for sure."""

    sentence = "{url} cannot be reached ({detail}). Check the address and the network."


class NoAnswer(TransportFailure):
    """The request was sent, at least in part, and what became of it is not known."""

    sentence = "{url} did not answer ({detail}). Check the network, then try again."


class CertificateRefused(Unreachable):
    """The other side could not prove who it is, so nothing was sent."""

    sentence = (
        "{url} cannot prove that it is head office ({detail}). Check the address and this "
        "machine's clock; else ask whoever runs head office for a valid certificate."
    )


class AddressNotSafe(Unreachable):
    """An address without encryption leads out of the shop's own network."""

    sentence = (
        "{url} is not encrypted and leads out of this shop's own network. "
        "Use an address that begins with https://."
    )


class NotAnAddress(PosError):
    """A text is no address of a head office."""

    sentence = (
        "{text} is not an address. Enter one like https://office.example.com, "
        "or http://192.168.1.20:8700 in the shop's own network."
    )


CUT_SHORT = later("the connection was cut")
TOO_SLOW = later("it took too long")

"""Asking head office: each request is signed by the till's key, and each answer is judged."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, TypeVar

import msgspec

from pos_app.store.errors import KeyMissing
from pos_app.sync import wire
from pos_app.sync.answers import check_answer, read_answer
from pos_app.sync.remote import Remote, moment
from pos_app.sync.transport import READ_TIMEOUT_S, Answer, Request, Transport

if TYPE_CHECKING:
    from pos_app.store.store import Store

Shape = TypeVar("Shape")
_NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Calls:
    """Asks head office for the till; raises TransportFailure, OfficeRefusal or NotOurWire."""

    store: "Store"
    transport: Transport
    clock: Callable[[], datetime]
    random: Random

    def hello(self, url: str) -> wire.Hello:
        """Ask who is there."""
        request = Request("GET", url, f"{wire.PREFIX}/hello")
        return read_answer(self.transport.send(request, READ_TIMEOUT_S), wire.Hello)

    def get(
        self, remote: Remote, path: str, kind: type[Shape], timeout_s: float = READ_TIMEOUT_S
    ) -> Shape | None:
        """Ask for something; None where the answer is that there is nothing new."""
        answer = self._send(remote, "GET", path, (b"", False), timeout_s)
        check_answer(answer)
        return None if answer.status == 204 else read_answer(answer, kind)

    def post(self, remote: Remote, path: str, body: msgspec.Struct, kind: type[Shape]) -> Shape:
        """Send something and return what head office says to it."""
        return read_answer(self._post(remote, path, body), kind)

    def push(
        self, remote: Remote, packed: wire.Packed, meanwhile: Callable[[], None]
    ) -> wire.Pushed:
        """Send a push that is packed already, and do something else until the answer comes."""
        answer = self._send(remote, "POST", "push", packed, READ_TIMEOUT_S, meanwhile)
        return read_answer(answer, wire.Pushed)

    def tell(self, remote: Remote, path: str, body: msgspec.Struct) -> None:
        """Send something where all that matters is that it was taken."""
        check_answer(self._post(remote, path, body))

    def _post(self, remote: Remote, path: str, body: msgspec.Struct) -> Answer:
        packed = wire.squeeze(wire.encode(body))
        return self._send(remote, "POST", path, packed, READ_TIMEOUT_S)

    def _send(
        self,
        remote: Remote,
        method: str,
        path: str,
        packed: wire.Packed,
        timeout_s: float,
        meanwhile: Callable[[], None] | None = None,
    ) -> Answer:
        target = f"{wire.PREFIX}/{path}"
        body, is_gzip = packed
        headers = self._signed(remote, method, target, body)
        if body:
            headers["Content-Type"] = "application/json"
        if is_gzip:
            headers["Content-Encoding"] = "gzip"
        request = Request(method, remote.url, target, headers, body, meanwhile)
        return self.transport.send(request, timeout_s)

    def _signed(self, remote: Remote, method: str, target: str, body: bytes) -> dict[str, str]:
        at = moment(remote.office_time(self.clock()))
        nonce = self.random.randbytes(_NONCE_BYTES).hex()
        message = wire.request_message(method, target, body, at, nonce)
        # Head office knows the key of the epoch that it was told of last.
        proof = self.store.sign(message, remote.epoch) or self.store.sign(message)
        if proof is None:
            raise KeyMissing(path=self.store.path)
        headers = {"X-Pos-At": at, "X-Pos-Nonce": nonce, "X-Pos-Proof": proof.hex()}
        if remote.access:
            headers["Authorization"] = f"Bearer {remote.access}"
        return headers

"""Card terminals as the till speaks to them, and the one that is reached over the network.

The protocol is plain: a line of JSON each way over TCP, in UTF-8, one connection for one request.

    till      {"v":1,"do":"pay","reference":"…","amount":1234,"currency":"EUR"}
    terminal  {"say":"insert card"}                       any number of times
    till      {"do":"cancel"}                             at any time
    terminal  {"result":"approved","amount":1234,"brand":"Visa","last_four":"1234",
               "auth_code":"A1B2C3","terminal_reference":"T000042"}

`do` is pay, refund, reverse or status; amounts are minor units. `result` is approved (perhaps with
a smaller amount), declined, cancelled, reversed, busy or unknown, with the reason in `why`. The
same reference gets the same answer again and charges nothing more; a reversed reference stays so,
and one that was not approved by then never will be. A connection that ends without a result leaves
everything open, and the till then asks for the status.
"""

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from pos_app.domain.card_number import refuse_card_number
from pos_app.domain.card_payment import NO_CARD, MaskedCard
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money, minor_digits

CONNECT_S = 5.0
SHORT_ANSWER_S = 15.0
_LINE_LIMIT = 4096
_LISTEN_S = 0.2
_TEXT_LIMIT = 60
_MOST_MINOR = 10**12
_DIGITS_ONLY = re.compile(r"[^0-9]")

Say = Callable[[str], None]


class TerminalAddressWrong(PosError):
    """The target is not host:port."""

    sentence = "{target} is not the address of a terminal. Write it like 192.168.1.20:9100."


class TerminalAway(PosError):
    """Nobody answers at the terminal's address, so nothing can have been paid."""

    sentence = (
        "The card terminal does not answer at {target}. Check that it is on and connected, or "
        "take the payment on the terminal by itself."
    )


class NoAnswer(PosError):
    """The terminal was asked and its answer did not come; what it did is not known."""

    sentence = "The card terminal was asked, but its answer did not come."


@dataclass(frozen=True, slots=True)
class TerminalAnswer:
    """What the terminal said in the end; `amount` is what was charged, or None."""

    result: str
    amount: Money | None = None
    card: MaskedCard = NO_CARD
    why: str = ""

    @property
    def is_approved(self) -> bool:
        """Whether money moved."""
        return self.result == "approved" and self.amount is not None


class Waiting(Protocol):
    """Whoever waits, and may not want to any more."""

    @property
    def is_cancelled(self) -> bool:
        """Whether the payment should be cancelled."""


class CardTerminal(Protocol):
    """A terminal; every method waits and so belongs into a thread of its own.

    Raises TerminalAway where nothing can have happened, NoAnswer where it may have.
    """

    def pay(self, reference: str, amount: Money, waiting: Waiting, say: Say) -> TerminalAnswer:
        """Charge a card; the same reference never charges twice."""

    def refund(self, reference: str, amount: Money, waiting: Waiting, say: Say) -> TerminalAnswer:
        """Give money (above zero) back to a card."""

    def reverse(self, reference: str) -> TerminalAnswer:
        """Take back what a reference did, as if it had never been."""

    def status(self, reference: str) -> TerminalAnswer:
        """Tell what became of a reference."""


class NetworkTerminal:
    """A terminal behind host:port; `timeout_s` is how long a customer may take."""

    def __init__(self, target: str, timeout_s: float = 90) -> None:
        self._address = address_of(target)
        self._target = target
        self._timeout_s = timeout_s

    def pay(self, reference: str, amount: Money, waiting: Waiting, say: Say) -> TerminalAnswer:
        """Charge a card."""
        return self._ask("pay", reference, self._timeout_s, amount, waiting, say)

    def refund(self, reference: str, amount: Money, waiting: Waiting, say: Say) -> TerminalAnswer:
        """Give money back to a card."""
        return self._ask("refund", reference, self._timeout_s, amount, waiting, say)

    def reverse(self, reference: str) -> TerminalAnswer:
        """Take back what a reference did."""
        return self._ask("reverse", reference, SHORT_ANSWER_S)

    def status(self, reference: str) -> TerminalAnswer:
        """Tell what became of a reference."""
        return self._ask("status", reference, SHORT_ANSWER_S)

    def _ask(
        self,
        do: str,
        reference: str,
        timeout_s: float,
        amount: Money | None = None,
        waiting: Waiting | None = None,
        say: Say | None = None,
    ) -> TerminalAnswer:
        request: dict[str, Any] = {"v": 1, "do": do, "reference": reference}
        if amount is not None:
            request |= {"amount": amount.minor, "currency": amount.currency}
        try:
            wire = socket.create_connection(self._address, CONNECT_S)
        except OSError:
            raise TerminalAway(target=self._target) from None
        try:
            with wire:
                wire.sendall(_line(request))
                return self._listen(wire, timeout_s, waiting, say)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            raise NoAnswer() from None

    def _listen(
        self, wire: socket.socket, timeout_s: float, waiting: Waiting | None, say: Say | None
    ) -> TerminalAnswer:
        wire.settimeout(_LISTEN_S)
        ends = time.monotonic() + timeout_s
        is_cancelled = False
        for line in _lines(wire):
            if line:
                told = json.loads(line)
                if "result" in told:
                    return _answer(told)
                if say is not None and "say" in told:
                    say(_text(told, "say"))
            if waiting is not None and waiting.is_cancelled and not is_cancelled:
                is_cancelled = True
                wire.sendall(_line({"do": "cancel"}))
                ends = min(ends, time.monotonic() + SHORT_ANSWER_S)
            if time.monotonic() > ends:
                break
        raise NoAnswer()


def address_of(target: str) -> tuple[str, int]:
    """Read host:port; raises TerminalAddressWrong."""
    host, colon, port = target.strip().rpartition(":")
    if not (host and colon and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise TerminalAddressWrong(target=target[:60])
    return host, int(port)


def _lines(wire: socket.socket) -> Iterator[bytes]:
    """Yield whole lines as they come, and an empty one whenever nothing came for a moment."""
    kept = b""
    while True:
        try:
            part = wire.recv(_LINE_LIMIT)
        except TimeoutError:
            yield b""
            continue
        if not part:
            return
        kept += part
        if len(kept) > _LINE_LIMIT * 4:
            raise ValueError("a line without an end")
        *whole, kept = kept.split(b"\n")
        yield from (line for line in whole if line.strip())


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def _answer(told: Any) -> TerminalAnswer:
    """Take the answer apart; a terminal that sends a card number is believed in all but that."""
    if not isinstance(told, dict):
        raise TypeError("an answer that is none")
    amount = None
    if "amount" in told:
        minor, currency = told["amount"], told["currency"]
        if type(minor) is not int or not isinstance(currency, str):
            raise ValueError("an amount that is none")
        if abs(minor) > _MOST_MINOR:
            raise ValueError("an amount that nobody can pay")
        try:
            minor_digits(currency)
        except PosError:
            raise ValueError("a currency that is none") from None
        amount = Money(minor, currency)
    card = MaskedCard(
        _text(told, "brand"),
        _DIGITS_ONLY.sub("", str(told.get("last_four", "")))[-4:],
        _text(told, "auth_code"),
        _text(told, "terminal_reference"),
    )
    return TerminalAnswer(_text(told, "result"), amount, card, _text(told, "why"))


def _text(told: dict[str, Any], name: str) -> str:
    # Half a character cannot be stored, and what the bank approved must be.
    text = str(told.get(name, "")).encode("utf-8", "replace").decode()
    try:
        return refuse_card_number(text)[:_TEXT_LIMIT]
    except PosError:
        return ""

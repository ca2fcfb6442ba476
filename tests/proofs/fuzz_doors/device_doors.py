"""The doors of devices: what a scale sends, and what a card terminal answers."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from pos_app.domain.card_number import refuse_card_number
from pos_app.domain.device_settings import DeviceSettings, ScaleProtocol
from pos_app.domain.money import Money
from pos_app.domain.product import KILOGRAM
from pos_app.services.card_payments import CARD_PAYMENT, CardPayments, tender_of
from pos_app.services.card_terminals import NetworkTerminal
from pos_app.services.scales.reading import Patience, try_scale, weigh
from tests.proofs.fuzz_doors.counter_doors import now
from tests.proofs.fuzz_doors.door import HOSTILE, Door, Knock, Seen
from tests.proofs.small_shop import open_shop

_SOUND_SCALES = (
    b"\x0200.482\r", b"\x02?\x10\r", b"\x0201.06N\r",
    b"\x0202\x1b3\x1b00482\x1b000149\x1b000072\x03",
    b"\x0209\x1b20\x03", b"\x06", b"\x15", b"ST,GS,+  0.482kg\r\n", b"US,NT,  0.482 lb\r\n",
    b"OL,GS,        kg\r\n", b"\x0211\x1b0\x03",
)  # fmt: skip


class Scale:
    """A scale that answers each question with the next of its answers."""

    def __init__(self, answers: list[bytes]) -> None:
        self._answers = answers

    def write(self, data: bytes) -> None:
        assert data

    def read(self, _timeout_s: float) -> bytes:
        if not self._answers:
            raise OSError("the line is cut")
        return self._answers.pop(0)

    def forget(self) -> None:
        """There is nothing to forget."""

    def close(self) -> None:
        """Nothing was opened."""


def _broken(sound: bytes, place: int, byte: int, cut: int) -> bytes:
    spoilt = bytearray(sound)
    spoilt[place % len(sound)] = byte
    return bytes(spoilt[: cut or None])


_ANSWERS = st.one_of(
    st.builds(
        _broken,
        st.sampled_from(_SOUND_SCALES),
        st.integers(0, 40),
        st.integers(0, 255),
        st.integers(0, 12),
    ),
    st.sampled_from(_SOUND_SCALES),
    st.binary(max_size=30),
    st.binary(max_size=4).map(lambda part: part * 1_000),
)


@contextmanager
def scales(_folder: Path, seen: Seen) -> Iterator[Knock]:
    """Weigh on a scale that sends anything: a weight above zero, or a sentence."""

    def knock(sent: list[bytes]) -> None:
        patience = Patience(0.02, 0, 0)
        for protocol in ScaleProtocol:
            devices = DeviceSettings(scale_protocol=protocol, scale_target="COM1")
            with seen.refusing():
                weight = weigh(
                    devices, KILOGRAM, 149, patience=patience, open_wire=lambda _: Scale([*sent])
                )
                assert Decimal(0) < weight < 10**9
            trial = try_scale(devices, patience=patience, open_wire=lambda _: Scale([*sent]))
            assert (trial.weight is None) != (trial.refusal is None)

    yield knock


NUMBERS = (
    "4111111111111111", "4111 1111 1111 1111", "5500-0000-0000-0004", "378282246310005",
    "٤١١١١١١١١١١١١١١١", "4111111111111111=2512",
)  # fmt: skip
_TEXT = HOSTILE | st.sampled_from(NUMBERS) | st.sampled_from(("Visa", "1234", "\ud83d", "", "EUR"))
_VALUE = st.one_of(_TEXT, st.none(), st.booleans(), st.integers(), st.floats(), st.lists(_TEXT))
_RESULTS = st.sampled_from(("approved", "declined", "cancelled", "reversed", "busy", "unknown"))
_TOLD = st.fixed_dictionaries(
    {"result": _RESULTS | _VALUE},
    optional={
        "amount": st.sampled_from((149, 100, 150, 0, -149, 10**40)) | _VALUE,
        "currency": st.sampled_from(("EUR", "JPY")) | _VALUE,
        "brand": _VALUE,
        "last_four": st.sampled_from(("1234", "123456")) | _VALUE,
        "auth_code": _VALUE,
        "terminal_reference": _VALUE,
        "why": _VALUE,
    },
)
APPROVED = {
    "result": "approved", "amount": 149, "currency": "EUR", "brand": "Visa", "last_four": "1234",
    "auth_code": "A1", "terminal_reference": "T1",
}  # fmt: skip
_FIELDS = st.sampled_from([*APPROVED, "why", "say"])


def _lines(told: list[Any]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in told)


_REPLIES = st.one_of(
    st.builds(lambda name, value: _lines([{**APPROVED, name: value}]), _FIELDS, _VALUE),
    _TOLD.map(lambda told: _lines([told])),
    st.builds(lambda say, told: _lines([{"say": say}, told]), _VALUE, _TOLD),
    st.lists(_VALUE | _TOLD, max_size=3).map(_lines),
    st.binary(max_size=60),
    HOSTILE.map(lambda text: text.encode("utf-8", "surrogatepass") + b"\n"),
    st.integers(1, 15_000).map(lambda depth: b"[" * depth + b"\n"),
)


class Terminal:
    """Answers each connection of the loopback with the same bytes, and hangs up."""

    def __init__(self) -> None:
        self.reply = b""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.target = f"127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                asked, _ = self._listening.accept()
            except OSError:
                return
            with asked:
                try:
                    asked.recv(4096)
                    asked.sendall(self.reply)
                except OSError:
                    continue

    def close(self) -> None:
        self._listening.close()


class NobodyCancels:
    """Waits to the end."""

    is_cancelled = False


@contextmanager
def card_terminals(folder: Path, seen: Seen) -> Iterator[Knock]:
    """Take a card on a terminal that answers anything; what is kept never is a card number."""
    terminal = Terminal()
    try:
        with open_shop(folder / "shop.db") as store:
            payments = CardPayments(store, now, NetworkTerminal(terminal.target, 2))
            number = 0

            def knock(reply: bytes) -> None:
                nonlocal number
                number += 1
                terminal.reply = reply
                asked = payments.ask(f"cart{number}", Money(149, "EUR"))
                with seen.refusing():
                    payments.take(asked, NobodyCancels(), _shown)
                kept = store.records.get(CARD_PAYMENT, asked.id)
                assert kept is not None
                card = kept.card
                for text in (kept.why, *_texts(card), tender_of(kept).reference):
                    refuse_card_number(text)
                assert len(card.last_four) <= 4
                assert len(kept.why) <= 100

            yield knock
    finally:
        terminal.close()


def _texts(card: Any) -> tuple[str, ...]:
    return card.brand, card.last_four, card.auth_code, card.terminal_reference


def _shown(text: str) -> None:
    """What the till shows of it can be shown and holds no card number."""
    text.encode()
    refuse_card_number(text)


_DEEP = b"[" * 15_000 + b"\n"
_CARD_CORPUS = (
    _lines([APPROVED]), _lines([["result"]]), _lines(["result"]), _lines([5]), _DEEP, b"",
    *(_lines([{"result": number}]) for number in NUMBERS),
    *(_lines([{"say": number}, APPROVED]) for number in NUMBERS),
    *(_lines([{**APPROVED, name: "\ud83d"}]) for name in APPROVED),
    *(_lines([{**APPROVED, name: number}]) for number in NUMBERS for name in APPROVED),
)  # fmt: skip
DOORS = (
    Door("scales", st.lists(_ANSWERS, max_size=4), scales,
         tuple([one] * 2 for one in _SOUND_SCALES)),
    Door("card-terminal", _REPLIES, card_terminals, _CARD_CORPUS),
)  # fmt: skip

"""A card terminal made of nothing but honesty: it does what its scenario says, and remembers.

It speaks the protocol of `card_terminals` and is for trying a till out and for tests. Scenarios:
approve, decline, timeout (never answers), partial (half of it), drop (approves and hangs up
before it says so), slow (waits until it is cancelled, or some seconds).
"""

import json
import socketserver
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

SCENARIOS = ("approve", "decline", "timeout", "partial", "drop", "slow")
SLOW_S = 3.0
_SILENT_S = 600.0


@dataclass
class Charge:
    """What the terminal did for one reference: minor units, below zero for a refund."""

    amount: int
    currency: str
    number: int
    is_reversed: bool = False


@dataclass
class CardSimulator:
    """The terminal's memory and its scenario, which may change between payments."""

    scenario: str = "approve"
    charges: dict[str, Charge] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    log: Callable[[str], None] = lambda _line: None

    @property
    def net(self) -> int:
        """What was charged in all, in minor units, less refunds and reversals."""
        return sum(one.amount for one in self.charges.values() if not one.is_reversed)

    def serve(self, port: int = 0) -> "SimulatorServer":
        """Begin to answer on a port of this machine (0: any that is free)."""
        return SimulatorServer(self, port)

    def pay(self, reference: str, amount: int, currency: str) -> dict[str, Any] | None:
        """Do what the scenario says; None says nothing at all."""
        known = self.charges.get(reference)
        if known is not None:
            return self._known(known)
        if self.scenario == "decline":
            return {"result": "declined", "why": "not enough money"}
        if self.scenario == "timeout":
            return None
        charged = amount // 2 if self.scenario == "partial" else amount
        charge = Charge(charged, currency, len(self.charges) + 1)
        self.charges[reference] = charge
        return None if self.scenario == "drop" else self._known(charge)

    def reverse(self, reference: str) -> dict[str, Any]:
        """Take back what a reference did, or see to it that it never will do anything."""
        self.charges.setdefault(reference, Charge(0, "", 0)).is_reversed = True
        return {"result": "reversed"}

    def status(self, reference: str) -> dict[str, Any]:
        """Tell what became of a reference."""
        known = self.charges.get(reference)
        return {"result": "unknown"} if known is None else self._known(known)

    def _known(self, charge: Charge) -> dict[str, Any]:
        if charge.is_reversed:
            return {"result": "reversed"}
        return {
            "result": "approved",
            "amount": abs(charge.amount),
            "currency": charge.currency,
            "brand": "Visa",
            "last_four": "4242",
            "auth_code": f"A{charge.number:05d}",
            "terminal_reference": f"T{charge.number:06d}",
        }


class SimulatorServer:
    """Answers in threads of its own until it is closed; `target` is where."""

    def __init__(self, simulator: CardSimulator, port: int) -> None:
        self._closing = threading.Event()
        closing = self._closing

        class Conversation(socketserver.StreamRequestHandler):
            """One request, its progress, and its result."""

            def handle(self) -> None:
                """Answer it."""
                _converse(simulator, self, closing)

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", port), Conversation)
        self._server.daemon_threads = True
        self.target = f"127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=lambda: self._server.serve_forever(0.05), name="card simulator", daemon=True
        )
        self._thread.start()

    def wait(self) -> None:
        """Stay until somebody closes it."""
        self._thread.join()

    def close(self) -> None:
        """Answer nobody any more."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(2)

    def __enter__(self) -> "SimulatorServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _converse(
    simulator: CardSimulator, wire: socketserver.StreamRequestHandler, closing: threading.Event
) -> None:
    try:
        request = json.loads(wire.rfile.readline(4096))
        do, reference = str(request["do"]), str(request["reference"])
        simulator.requests.append(request)
        simulator.log(f"{do} {reference} {request.get('amount', '')}".rstrip())
        if do in ("pay", "refund"):
            minor = int(request["amount"]) * (1 if do == "pay" else -1)
            answer = _charged(simulator, wire, closing, (reference, minor, request["currency"]))
        elif do == "reverse":
            answer = simulator.reverse(reference)
        else:
            answer = simulator.status(reference)
    except (ValueError, KeyError, TypeError):
        answer = {"result": "unknown", "why": "not a request"}
    if answer is not None:
        simulator.log(f"  {answer['result']}")
        wire.wfile.write(json.dumps(answer).encode() + b"\n")


def _charged(
    simulator: CardSimulator,
    wire: socketserver.StreamRequestHandler,
    closing: threading.Event,
    asked: tuple[str, int, str],
) -> dict[str, Any] | None:
    wire.wfile.write(b'{"say":"insert card"}\n')
    is_known = asked[0] in simulator.charges
    if simulator.scenario in ("slow", "timeout") and not is_known:
        seconds = SLOW_S if simulator.scenario == "slow" else _SILENT_S
        if _is_cancelled(wire, closing, seconds):
            return {"result": "cancelled", "why": "cancelled"}
    return simulator.pay(*asked)


def _is_cancelled(
    wire: socketserver.StreamRequestHandler, closing: threading.Event, seconds: float
) -> bool:
    """Listen for the till's change of mind; one that hangs up has changed it too."""
    wire.connection.settimeout(0.1)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and not closing.is_set():
        try:
            return b"cancel" in wire.connection.recv(4096) or True
        except TimeoutError:
            continue
        except OSError:
            return True
    return closing.is_set()

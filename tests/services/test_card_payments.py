"""Card payments: whatever the terminal does and wherever the till dies, nobody pays twice."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.domain.card_number import LooksLikeCardNumber
from pos_app.domain.card_payment import (
    CardDeclined,
    CardNotPaid,
    CardState,
    CardStateUnclear,
    CardStep,
    MaskedCard,
    WrongCardStep,
    _after,
    asked,
)
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.services.card_payments import CARD_PAYMENT, CardPayments, is_taken, tender_of
from pos_app.services.card_simulator import CardSimulator
from pos_app.services.card_terminals import NetworkTerminal, TerminalAway, address_of
from pos_app.services.verification import verify
from pos_app.store.store import Store, open_store
from tests.services.card_till import Patient
from tests.store.shops import START, Counter, new_shop, product_id

EURO_149 = Money(149, "EUR")


CARD_NUMBERS = ("4111111111111111", "paid 4111-1111-1111-1111", "41111111111111112512")
BAD_TARGETS = ("", "terminal", "host:", ":99", "host:0", "host:70000", "host:x")
SILLY = (
    b"",
    b"\n",
    b"{}\n",
    b"not json\n",
    b'{"result":"approved","amount":1.5,"currency":"EUR"}\n',
    b'{"result":"approved","amount":"149","currency":"EUR"}\n',
    b"[]\n",
    b"\xff\xfe\n",
    b"x" * 20000,
)


class Impatient:
    """Cancels at once."""

    is_cancelled = True


class Desk:
    """A counter with a terminal that is simulated over a real connection."""

    def __init__(self, path: Path) -> None:
        self.path = path
        new_shop(path).close()
        self.store: Store = open_store(path)
        self.simulator = CardSimulator()
        self.server = self.simulator.serve()
        self.counter = Counter(self.store)
        self.said: list[str] = []
        self.use(NetworkTerminal(self.server.target, 1))

    def use(self, terminal: NetworkTerminal) -> None:
        self.payments = CardPayments(self.store, self.counter.clock, terminal)

    def cart(self):  # type: ignore[no-untyped-def]
        cart = self.counter.checkout.add(self.counter.checkout.new_cart(), product_id(1))
        self.counter.checkout.keep(cart)
        return cart

    def take(self, cart_id: str, amount: Money = EURO_149, waiting: object = None):  # type: ignore[no-untyped-def]
        payment = self.payments.ask(cart_id, amount)
        return self.payments.take(payment, waiting or Patient(), self.said.append)  # type: ignore[arg-type]

    def states(self) -> list[CardState]:
        return [one.state for one in self.store.records.all(CARD_PAYMENT)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "shop.db")
    yield made
    made.server.close()
    made.store.close()
    assert verify(made.path).is_sound


def test_an_approved_card_is_masked_and_ends_in_the_sale(desk: Desk) -> None:
    cart = desk.cart()
    sale = desk.counter.checkout.complete(cart, [tender_of(desk.take(cart.id))])
    assert sale.tenders[0].reference == "Visa *4242 A00001 T000001"
    assert desk.states() == [CardState.USED]
    assert desk.said == ["insert card"]
    assert desk.payments.unfinished() == []


def test_a_declined_card_says_why_and_another_attempt_is_another_payment(desk: Desk) -> None:
    cart = desk.cart()
    desk.simulator.scenario = "decline"
    with pytest.raises(CardDeclined, match="not enough money"):
        desk.take(cart.id)
    desk.simulator.scenario = "approve"
    assert desk.take(cart.id).attempt == 2
    assert desk.states() == [CardState.DECLINED, CardState.APPROVED]


def test_a_partial_approval_leaves_the_rest_to_pay(desk: Desk) -> None:
    desk.simulator.scenario = "partial"
    cart = desk.cart()
    payment = desk.take(cart.id)
    assert payment.approved == Money(74, "EUR")
    rest = TenderRequest(TenderMethod.CASH)
    sale = desk.counter.checkout.complete(cart, [tender_of(payment), rest])
    assert [t.amount.minor for t in sale.tenders] == [74, 75]


def test_an_approval_whose_answer_is_lost_is_found_and_not_charged_again(desk: Desk) -> None:
    desk.simulator.scenario = "drop"
    assert desk.take(desk.cart().id).approved == EURO_149
    assert len(desk.simulator.charges) == 1


def test_a_terminal_that_stays_silent_can_never_charge_later(desk: Desk) -> None:
    desk.simulator.scenario = "timeout"
    cart = desk.cart()
    with pytest.raises(CardNotPaid):
        desk.take(cart.id)
    assert desk.simulator.pay(f"{cart.id}/1", 149, "EUR") == {"result": "reversed"}
    assert desk.simulator.net == 0


def test_a_cancelled_payment_takes_nothing(desk: Desk) -> None:
    desk.simulator.scenario = "slow"
    with pytest.raises(CardNotPaid):
        desk.take(desk.cart().id, waiting=Impatient())
    assert desk.simulator.net == 0
    assert desk.states() == [CardState.DECLINED]


def test_a_terminal_that_is_off_is_said_so_and_nothing_is_left_open(desk: Desk) -> None:
    desk.use(NetworkTerminal("127.0.0.1:1", 1))
    with pytest.raises(TerminalAway):
        desk.take(desk.cart().id)
    assert desk.payments.unfinished() == []


def test_a_refund_goes_back_to_the_card(desk: Desk) -> None:
    payment = desk.take(desk.cart().id, Money(-149, "EUR"))
    assert payment.approved == Money(-149, "EUR")
    assert desk.simulator.net == -149


def test_an_approval_that_no_sale_uses_is_taken_back(desk: Desk) -> None:
    desk.take(desk.cart().id)
    settled = desk.payments.settle_left(None)
    assert [one.state for one in settled.reversed] == [CardState.REVERSED]
    assert desk.simulator.net == 0
    assert desk.payments.settle_left(None).reversed == ()


def test_a_terminal_that_is_away_at_the_start_leaves_it_open_until_it_is_back(desk: Desk) -> None:
    desk.take(desk.cart().id)
    desk.use(NetworkTerminal("127.0.0.1:1", 1))
    assert len(desk.payments.settle_left(None).unclear) == 1
    desk.use(NetworkTerminal(desk.server.target, 1))
    assert len(desk.payments.settle_left(None).reversed) == 1


def test_another_amount_than_was_asked_for_is_taken_back_at_once(desk: Desk) -> None:
    cart = desk.cart()
    payment = desk.payments.ask(cart.id, EURO_149)
    desk.simulator.pay(payment.id, 99_999, "EUR")
    with pytest.raises(CardNotPaid):
        desk.payments.take(payment, Patient(), desk.said.append)
    assert desk.simulator.net == 0


@pytest.mark.parametrize(
    ("dies", "charges"),
    [
        ("before asking", 0),
        ("before the approval is kept", 1),
        ("before the sale", 1),
        ("inside the sale", 1),
        ("after the sale", 1),
    ],
)
@pytest.mark.parametrize("goes_on", [True, False])
def test_a_till_that_is_killed_charges_once_or_not_at_all(
    tmp_path: Path, dies: str, charges: int, goes_on: bool
) -> None:
    path = tmp_path / "shop.db"
    new_shop(path).close()
    simulator = CardSimulator()
    with simulator.serve() as server:
        words = [sys.executable, "-m", "tests.services.card_till", str(path), server.target, dies]
        died = subprocess.run(words, capture_output=True, check=False, timeout=300)
        assert died.returncode == -9, died.stderr.decode()
        assert len(simulator.charges) == charges
        with open_store(path) as store:
            counter = Counter(store)
            payments = CardPayments(store, counter.clock, NetworkTerminal(server.target, 5))
            cart = counter.checkout.resume() if goes_on else None
            settled = payments.settle_left(cart)
            if cart is not None:
                requests = [tender_of(one) for one in settled.kept]
                sale = counter.checkout.complete(
                    cart, requests or [TenderRequest(TenderMethod.CASH)]
                )
                by_card = sum(t.amount.minor for t in sale.tenders if t.reference)
            else:
                last = store.sales.last()
                by_card = sum(t.amount.minor for t in last.tenders) if last else 0
            assert simulator.net == by_card
            assert payments.unfinished() == []
    assert verify(path).is_sound


def test_a_card_payment_goes_through_its_states_and_no_others() -> None:
    allowed = {
        (CardState.ASKED, CardStep.APPROVE): CardState.APPROVED,
        (CardState.ASKED, CardStep.DECLINE): CardState.DECLINED,
        (CardState.APPROVED, CardStep.USE): CardState.USED,
        (CardState.APPROVED, CardStep.REVERSE): CardState.REVERSED,
    }
    for state in CardState:
        for step in CardStep:
            payment = asked("cart", 1, EURO_149, START)
            object.__setattr__(payment, "state", state)
            if (state, step) in allowed:
                assert _after(payment, step) is allowed[state, step]
            else:
                with pytest.raises(WrongCardStep):
                    _after(payment, step)


@pytest.mark.parametrize("field", ["brand", "auth_code", "terminal_reference"])
def test_a_masked_card_cannot_hold_a_card_number(field: str) -> None:
    with pytest.raises(LooksLikeCardNumber):
        MaskedCard(**{field: "4111 1111 1111 1111"})


def test_a_terminal_that_sends_a_card_number_is_not_believed_in_that(desk: Desk) -> None:
    desk.simulator._known = lambda charge: {  # type: ignore[method-assign]
        "result": "approved", "amount": charge.amount, "currency": "EUR", "brand": "Visa",
        "last_four": "4111111111111111", "terminal_reference": "4111111111111111",
    }  # fmt: skip
    payment = desk.take(desk.cart().id)
    assert payment.card.words == "Visa *1111"
    assert b"4111111111111111" not in desk.path.read_bytes()


@pytest.mark.parametrize("reference", CARD_NUMBERS)
def test_no_sale_keeps_a_card_number_as_a_reference(desk: Desk, reference: str) -> None:
    cart = desk.cart()
    with pytest.raises(LooksLikeCardNumber):
        desk.counter.checkout.complete(
            cart, [TenderRequest(TenderMethod.CARD, reference=reference)]
        )
    assert not desk.store.sales.has(cart.id)


@pytest.mark.parametrize("target", BAD_TARGETS)
def test_an_address_must_be_host_and_port(target: str) -> None:
    with pytest.raises(PosError):
        address_of(target)


@pytest.mark.parametrize("answer", SILLY)
def test_an_answer_that_makes_no_sense_leaves_the_payment_open(desk: Desk, answer: bytes) -> None:
    import socket
    import threading

    silly = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        for _ in range(2):
            wire, _ = silly.accept()
            wire.recv(4096)
            wire.sendall(answer)
            wire.close()

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    desk.use(NetworkTerminal(f"127.0.0.1:{silly.getsockname()[1]}", 1))
    with pytest.raises(CardStateUnclear):
        desk.take(desk.cart().id)
    silly.close()
    assert desk.states() == [CardState.ASKED]


def test_a_cart_knows_which_card_payment_it_counts(desk: Desk) -> None:
    cart = desk.cart()
    payment = desk.take(cart.id)
    assert not is_taken(cart, payment)

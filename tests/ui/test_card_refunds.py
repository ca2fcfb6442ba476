"""Money that goes back to a card: asked of somebody first, and open until the terminal did it."""

from collections.abc import Callable, Iterator
from typing import ClassVar

import pytest

from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.domain.cart import SaleKind
from pos_app.domain.money import Money
from pos_app.domain.receipt_code import receipt_code_text
from pos_app.services.authority import Unrestricted
from pos_app.services.card_owed import CARD_OWED
from pos_app.services.card_simulator import CardSimulator
from pos_app.services.card_terminals import NetworkTerminal
from tests.ui.at_once import Working, at_once
from tests.ui.conftest import BREAD, Till
from tests.ui.paying_desk import (
    Terminal,
    enter,
    last,
    more,
    on_terminal,
    refusal,
    taking_everything,
)


@pytest.fixture
def simulator() -> CardSimulator:
    return CardSimulator()


@pytest.fixture
def desk(till: Till) -> Iterator[Till]:
    with taking_everything(till) as made:
        yield made


@pytest.fixture
def by_terminal(desk: Till, simulator: CardSimulator) -> Iterator[Till]:
    with on_terminal(desk, simulator) as made:
        yield made


@pytest.fixture
def asked_of_manager(by_terminal: Till) -> list[ApprovalNeeded]:
    """Refunds need somebody; what was asked for is kept, and the last one is granted by hand."""
    asked: list[ApprovalNeeded] = []

    class Reserved(Unrestricted):
        granted: ClassVar[list[object]] = []

        def require(self, request: ApprovalRequest, tx: object = None) -> None:
            if request.action is not Action.REFUND:
                return
            if request not in self.granted:
                raise ApprovalNeeded(request)
            self.granted.remove(request)

    by_terminal.checkout.authority = authority = Reserved()
    authority.granted.clear()

    def ask(need: ApprovalNeeded, again: Callable[[], None]) -> None:
        asked.append(need)
        if len(asked) > 1:
            authority.granted.append(need.request)
            again()

    by_terminal.presenter.sale.on_approval = ask
    return asked


def test_a_refund_that_needs_somebody_never_reaches_the_terminal_before(
    by_terminal: Till, simulator: CardSimulator, asked_of_manager: list[ApprovalNeeded]
) -> None:
    by_terminal.scan(BREAD)
    by_terminal.press("F11")
    sale = last(by_terminal)
    by_terminal.scan(receipt_code_text(sale.number, sale.id, ""))
    by_terminal.presenter.sheet.choose("all")
    by_terminal.presenter.sheet.choose("refund")
    assert len(asked_of_manager) == 1
    assert [r["do"] for r in simulator.requests] == ["pay"]
    by_terminal.presenter.returns.refund()  # asked again, and granted this time: once
    assert len(asked_of_manager) == 2
    assert [r["do"] for r in simulator.requests] == ["pay", "refund"]
    assert last(by_terminal).gross.minor == -480


def test_money_typed_back_to_a_card_is_asked_for_before_the_terminal(
    by_terminal: Till, simulator: CardSimulator, asked_of_manager: list[ApprovalNeeded]
) -> None:
    by_terminal.scan(BREAD)
    by_terminal.press("F12")
    sale = last(by_terminal)
    by_terminal.scan(receipt_code_text(sale.number, sale.id, ""))
    by_terminal.presenter.sheet.choose("all")
    by_terminal.presenter.sale.close()
    by_terminal.press("F11")
    assert len(asked_of_manager) == 1
    assert simulator.requests == []
    by_terminal.press("F11")
    assert last(by_terminal).gross.minor == -480
    assert simulator.net == -480


def void_refused(desk: Till, simulator: CardSimulator) -> None:
    """Void a card sale while the terminal says no to everything."""
    desk.scan(BREAD)
    desk.press("F11")
    simulator.scenario = "decline"
    desk.press("Ctrl+Z")
    enter(desk)
    assert desk.store.sales.last().kind is SaleKind.VOID  # type: ignore[union-attr]


def test_a_void_whose_refund_the_terminal_refuses_stays_open_until_it_is_done(
    by_terminal: Till, simulator: CardSimulator
) -> None:
    void_refused(by_terminal, simulator)
    assert simulator.net == 480
    assert "has not gone back to the card yet" in by_terminal.told
    by_terminal.presenter.act("card_owed", "again")
    assert "not enough money" in refusal(by_terminal)
    assert by_terminal.state.notices[-1].key == "card_owed"
    simulator.scenario = "approve"
    by_terminal.presenter.act("card_owed", "again")
    assert simulator.net == 0
    assert "card_owed" not in [notice.key for notice in by_terminal.state.notices]
    assert not by_terminal.store.records.in_progress(CARD_OWED)


def test_an_open_refund_is_told_at_the_next_start_and_listed_under_more(
    by_terminal: Till, simulator: CardSimulator
) -> None:
    void_refused(by_terminal, simulator)
    by_terminal.presenter.sale.notices.take_down("card_owed")
    by_terminal.presenter.cards.settle_left()
    assert "has not gone back to the card yet" in by_terminal.told
    simulator.scenario = "partial"
    more(by_terminal, "owed")
    (row,) = by_terminal.state.sheet.rows
    assert (row.name, row.price) == (last(by_terminal).number, "€4.80")
    by_terminal.presenter.sheet.choose(row.key)
    by_terminal.presenter.sheet.choose("again")
    assert "€2.40" in by_terminal.told  # the terminal gave back half: the rest stays open
    by_terminal.presenter.act("card_owed", "again")
    simulator.scenario = "approve"
    by_terminal.presenter.act("card_owed", "again")
    assert not by_terminal.store.records.in_progress(CARD_OWED)


def test_an_open_refund_that_nobody_answered_is_asked_after_before_it_is_tried_again(
    by_terminal: Till, simulator: CardSimulator
) -> None:
    by_terminal.scan(BREAD)
    by_terminal.press("F11")
    payments = by_terminal.presenter.cards._payments
    assert payments is not None
    alive, payments._terminal = payments._terminal, NetworkTerminal("127.0.0.1:1", 1)
    by_terminal.press("Ctrl+Z")
    enter(by_terminal)
    void = last(by_terminal)
    asked = payments.ask(void.id, Money(-480, "EUR"))  # the till stopped while the terminal did it
    simulator.pay(asked.id, -480, "EUR")
    payments._terminal = alive
    by_terminal.presenter.act("card_owed", "again")
    assert simulator.net == 0
    assert not by_terminal.store.records.in_progress(CARD_OWED)


def test_an_open_refund_that_was_made_by_hand_is_written_down_as_such(
    desk: Till, simulator: CardSimulator
) -> None:
    with simulator.serve() as server:
        Terminal(desk, server.target)
        void_refused(desk, simulator)
    desk.presenter.cards.connect(at_once, None)  # the shop has no terminal any more
    desk.presenter.cards.settle_left()
    more(desk, "owed")
    desk.presenter.sheet.choose(desk.state.sheet.rows[0].key)
    assert [way.is_enabled for way in desk.state.sheet.ways] == [False, True]
    desk.presenter.sheet.choose("by_hand")
    (debt,) = desk.store.records.all(CARD_OWED)
    assert debt.by_hand
    assert not debt.is_open
    assert "card_owed" not in [notice.key for notice in desk.state.notices]


def test_a_refund_that_was_let_through_ends_after_a_restart_without_asking_again(
    by_terminal: Till, asked_of_manager: list[ApprovalNeeded], simulator: CardSimulator
) -> None:
    by_terminal.scan(BREAD)
    by_terminal.press("F11")
    sale = last(by_terminal)
    by_terminal.scan(receipt_code_text(sale.number, sale.id, ""))
    by_terminal.presenter.sheet.choose("all")
    payments = by_terminal.presenter.cards._payments
    assert payments is not None
    cart, priced = by_terminal.presenter.sale.cart, by_terminal.presenter.sale.priced
    checkout = by_terminal.checkout
    with pytest.raises(ApprovalNeeded):
        payments.ask(cart.id, priced.gross, lambda tx: checkout.let_refund_in(tx, cart, priced))
    assert payments.unfinished() == []
    checkout.authority.granted.append(ApprovalRequest(Action.REFUND, -priced.gross))  # type: ignore[attr-defined]
    asked = payments.ask(cart.id, priced.gross, lambda tx: checkout.let_refund_in(tx, cart, priced))
    payments.take(asked, Working(), lambda _text: None)
    by_terminal.presenter.cards.settle_left()
    assert last(by_terminal).gross.minor == -480
    assert asked_of_manager == []
    assert simulator.net == 0

"""Every way to pay at the counter, from the key to the document in the store."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from pos_app.domain.payment import TenderMethod
from pos_app.domain.product import ProductKind
from pos_app.domain.receipt_code import receipt_code_text
from pos_app.domain.stored_value import ValueKind
from pos_app.domain.tender_settings import (
    HeldValueSettings,
)
from pos_app.services.card_simulator import CardSimulator
from pos_app.services.stored_value_records import STORED_VALUE, account_of
from tests.ui.conftest import BREAD, COFFEE, MILK, Till
from tests.ui.paying_desk import (
    ALL,
    EVERYTHING,
    MULLER,
    card_of,
    enter,
    last,
    more,
    on_terminal,
    refusal,
    taking_everything,
    use,
    way,
)


@pytest.fixture
def desk(till: Till) -> Iterator[Till]:
    with taking_everything(till) as made:
        yield made


def test_the_sheet_offers_what_the_shop_has_switched_on(desk: Till) -> None:
    desk.scan(BREAD)
    desk.press("F5")
    keys = [choice.key for choice in desk.state.sheet.ways]
    assert keys == [*(m.value for m in ALL), "foreign:USD", "keep_change", "parts"]


def test_a_newcomer_sees_what_was_always_there(till: Till) -> None:
    till.scan(BREAD)
    till.press("F5")
    keys = [choice.key for choice in till.state.sheet.ways]
    assert keys == ["bank_transfer", "on_account", "parts"]


def test_a_gift_card_is_sold_with_a_number_of_its_own_and_no_tax(desk: Till) -> None:
    number = card_of(desk)
    line = last(desk).lines[0]
    assert (line.kind, line.figures.tax.minor) == (ProductKind.GIFT_CARD, 0)
    account = account_of(desk.store, ValueKind.GIFT_CARD, number)
    assert account is not None
    assert account.balance == 5000


def test_a_scanned_gift_card_pays_and_keeps_the_rest(desk: Till) -> None:
    number = card_of(desk)
    desk.scan(BREAD, number)
    assert "50.00" in desk.state.sheet.about
    desk.presenter.sheet.choose("redeem")
    assert last(desk).tenders[0].method is TenderMethod.GIFT_CARD
    account = account_of(desk.store, ValueKind.GIFT_CARD, number)
    assert account is not None
    assert account.balance == 4520


def test_an_empty_gift_card_pays_what_it_has_and_cash_the_rest(desk: Till) -> None:
    number = card_of(desk, "3")
    desk.scan(BREAD)
    way(desk, "gift_card")
    enter(desk, number)
    assert desk.state.total.remaining == "€1.80"
    desk.press("F12")
    assert [t.amount.minor for t in last(desk).tenders] == [300, 180]


def test_the_same_card_cannot_pay_twice_in_one_sale(desk: Till) -> None:
    number = card_of(desk, "3")
    desk.scan(BREAD)
    for _ in range(2):
        way(desk, "gift_card")
        enter(desk, number)
    assert "left" in refusal(desk)
    assert len(desk.presenter.sale.cart.taken) == 1


@pytest.mark.parametrize("number", ["GC12345678901234", "nobody", "", "GC1", "12345678901234"])
def test_a_card_that_nobody_knows_is_refused_and_the_sale_goes_on(desk: Till, number: str) -> None:
    desk.scan(BREAD)
    way(desk, "gift_card")
    enter(desk, number)
    assert refusal(desk)
    desk.press("F12")
    assert last(desk).tenders[0].method is TenderMethod.CASH


def test_a_till_alone_takes_only_its_allowance_of_a_card(desk: Till) -> None:
    number = card_of(desk)
    use(desk, replace(EVERYTHING, held=HeldValueSettings(offline_allowance=Decimal(2))))
    desk.scan(BREAD)
    way(desk, "gift_card")
    enter(desk, number)
    assert desk.state.total.remaining == "€2.80"


def test_dollars_are_taken_at_their_rate_and_change_is_in_euros(desk: Till) -> None:
    desk.scan(BREAD, COFFEE)
    way(desk, "foreign:USD", "20")
    sale = last(desk)
    assert sale.tenders[0].foreign is not None
    assert sale.tenders[0].tendered.minor == 1840
    assert desk.state.total.change == "€4.60"


def test_dollars_without_an_amount_say_how_many_are_enough(desk: Till) -> None:
    desk.scan(BREAD)
    way(desk, "foreign:USD")
    assert "5.22" in refusal(desk)


def test_the_change_that_is_kept_is_a_tip_and_no_turnover(desk: Till) -> None:
    desk.scan(BREAD)
    way(desk, "keep_change", "6")
    sale = last(desk)
    assert [line.kind for line in sale.lines] == [ProductKind.GOODS, ProductKind.TIP]
    assert (sale.gross.minor, sale.change.minor) == (600, 0)


def test_a_tip_can_be_typed_before_a_card(desk: Till) -> None:
    desk.scan(BREAD)
    desk.keys("2")
    desk.press("Ctrl+T", "F11")
    assert last(desk).gross.minor == 680


def test_a_bill_is_paid_in_three_equal_parts(desk: Till) -> None:
    desk.scan(BREAD, COFFEE)
    way(desk, "parts")
    enter(desk, "3")
    assert "1" in desk.state.sheet.title
    for _ in range(3):
        desk.presenter.sheet.choose("card")
    assert [t.amount.minor for t in last(desk).tenders] == [460, 460, 459]


def test_an_account_is_followed_up_to_its_limit(desk: Till) -> None:
    desk.scan(MULLER, COFFEE, COFFEE)
    way(desk, "on_account")
    account = account_of(desk.store, ValueKind.ACCOUNT, last(desk).customer.id)  # type: ignore[union-attr]
    assert account is not None
    assert account.balance == -1798
    desk.scan(MULLER, BREAD)
    way(desk, "on_account")
    assert "20.00" in refusal(desk)
    desk.press("F12")
    desk.scan(MULLER)
    more(desk, "account")
    enter(desk, "17.98")
    desk.press("F12")
    account = account_of(desk.store, ValueKind.ACCOUNT, account.customer_id)
    assert account is not None
    assert account.balance == 0


def test_points_are_collected_and_pay(desk: Till) -> None:
    desk.scan(MULLER, COFFEE)
    desk.press("F12")
    desk.scan(MULLER, MILK)
    way(desk, "points")
    assert desk.state.total.remaining == "€0.39"
    desk.press("F12")
    account = account_of(desk.store, ValueKind.POINTS, last(desk).customer.id)  # type: ignore[union-attr]
    assert account is not None
    assert account.balance == 0


def test_a_deposit_pays_later(desk: Till) -> None:
    more(desk, "deposit")
    enter(desk, "5")
    desk.press("F12")
    number = last(desk).lines[0].code
    desk.scan(BREAD)
    way(desk, "deposit")
    enter(desk, number)
    assert last(desk).tenders[0].reference == number


def test_a_return_can_go_on_store_credit_that_pays_the_next_sale(desk: Till) -> None:
    desk.scan(COFFEE)
    desk.press("F12")
    sale = last(desk)
    desk.scan(receipt_code_text(sale.number, sale.id, ""))
    desk.presenter.sheet.choose("all")
    desk.presenter.sheet.choose("credit")
    slip = last(desk).tenders[0].reference
    assert account_of(desk.store, ValueKind.STORE_CREDIT, slip) is not None
    desk.scan(BREAD)
    way(desk, "store_credit")
    enter(desk, slip)
    assert last(desk).tenders[0].method is TenderMethod.STORE_CREDIT
    assert [one.balance for one in desk.store.records.all(STORED_VALUE)] == [419]


def test_a_void_takes_a_gift_card_and_its_balance_back(desk: Till) -> None:
    number = card_of(desk)
    desk.press("Ctrl+Z")
    enter(desk)
    account = account_of(desk.store, ValueKind.GIFT_CARD, number)
    assert account is not None
    assert account.balance == 0


def test_a_gift_card_that_was_spent_cannot_be_voided(desk: Till) -> None:
    number = card_of(desk)
    card_sale = last(desk)
    desk.scan(BREAD)
    way(desk, "gift_card")
    enter(desk, number)
    desk.presenter.voids.open(card_sale)
    enter(desk)
    assert "spent" in refusal(desk)


def test_a_swiped_payment_card_is_refused_and_kept_nowhere(desk: Till) -> None:
    desk.scan("4111111111111111")
    assert "payment card" in " ".join(n.text for n in desk.state.notices)
    assert desk.presenter.sale.cart.is_empty


@pytest.fixture
def simulator() -> CardSimulator:
    return CardSimulator()


@pytest.fixture
def by_terminal(desk: Till, simulator: CardSimulator) -> Iterator[Till]:
    with on_terminal(desk, simulator) as made:
        yield made


def test_a_card_on_the_terminal_finishes_the_sale(by_terminal: Till) -> None:
    by_terminal.scan(BREAD)
    by_terminal.press("F11")
    assert last(by_terminal).tenders[0].reference.startswith("Visa *4242")
    assert by_terminal.state.is_finished


def test_cash_and_then_the_terminal(by_terminal: Till, simulator: CardSimulator) -> None:
    by_terminal.scan(BREAD)
    by_terminal.keys("3")
    by_terminal.press("F12", "F11")
    assert [t.amount.minor for t in last(by_terminal).tenders] == [300, 180]
    assert simulator.net == 180


def test_a_bill_in_parts_goes_on_after_each_card(
    by_terminal: Till, simulator: CardSimulator
) -> None:
    by_terminal.scan(BREAD, COFFEE)
    way(by_terminal, "parts")
    enter(by_terminal, "3")
    simulator.scenario = "decline"
    by_terminal.presenter.sheet.choose("card")
    simulator.scenario = "approve"
    by_terminal.press("F12")  # the whole rest in cash: nothing of the split is left behind
    by_terminal.scan(BREAD, COFFEE)
    way(by_terminal, "parts")
    enter(by_terminal, "2")
    by_terminal.presenter.sheet.choose("card")
    by_terminal.presenter.sheet.choose("card")
    assert [t.amount.minor for t in last(by_terminal).tenders] == [690, 689]


def test_a_decline_says_why_and_the_sale_stays(by_terminal: Till, simulator: CardSimulator) -> None:
    simulator.scenario = "decline"
    by_terminal.scan(BREAD)
    by_terminal.press("F11")
    assert "not enough money" in refusal(by_terminal)
    assert by_terminal.state.can_pay
    by_terminal.press("F12")


def test_a_partial_approval_leaves_the_rest(by_terminal: Till, simulator: CardSimulator) -> None:
    simulator.scenario = "partial"
    by_terminal.scan(BREAD)
    by_terminal.press("F11")
    assert by_terminal.state.total.remaining == "€2.40"
    by_terminal.press("F12")


def test_a_card_payment_that_is_given_back_goes_back_to_the_card(
    by_terminal: Till, simulator: CardSimulator
) -> None:
    by_terminal.scan(BREAD)
    by_terminal.keys("2")
    by_terminal.press("F11")
    assert simulator.net == 200
    by_terminal.presenter.paying.give_back(0)
    assert simulator.net == 0
    by_terminal.press("F12")


def test_a_sale_that_fails_after_the_approval_gives_the_card_its_money_back(
    by_terminal: Till, simulator: CardSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_terminal.scan(BREAD)

    def full(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(by_terminal.checkout, "complete", full)
        by_terminal.press("F11")
    assert simulator.net == 0
    assert "back to the card" in " ".join(n.text for n in by_terminal.state.notices)
    by_terminal.press("F12")


def test_a_return_gives_back_on_the_terminal(by_terminal: Till, simulator: CardSimulator) -> None:
    by_terminal.scan(BREAD)
    by_terminal.press("F11")
    sale = last(by_terminal)
    by_terminal.scan(receipt_code_text(sale.number, sale.id, ""))
    by_terminal.presenter.sheet.choose("all")
    by_terminal.presenter.sheet.choose("refund")
    assert last(by_terminal).gross.minor == -480
    assert simulator.net == 0


def test_a_void_gives_back_on_the_terminal(by_terminal: Till, simulator: CardSimulator) -> None:
    by_terminal.scan(BREAD)
    by_terminal.press("F11", "Ctrl+Z")
    enter(by_terminal)
    assert simulator.net == 0


def test_what_was_approved_before_the_till_stopped_is_counted(
    by_terminal: Till, simulator: CardSimulator
) -> None:
    by_terminal.scan(BREAD)
    sale = by_terminal.presenter.sale
    payments = by_terminal.presenter.cards._payments
    assert payments is not None

    class Patient:
        is_cancelled = False

    asked = payments.ask(sale.cart.id, sale.priced.gross)
    payments.take(asked, Patient(), lambda _text: None)
    by_terminal.presenter.cards.settle_left()
    assert by_terminal.state.is_finished
    assert last(by_terminal).tenders[0].reference.startswith("Visa")
    assert len(simulator.charges) == 1

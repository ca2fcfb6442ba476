"""Value held for customers moves with its documents, and `verify` notices what does not agree."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain import cart as carts
from pos_app.domain.cart import Cart
from pos_app.domain.errors import PosError
from pos_app.domain.held_lines import add_account_payment, add_deposit, add_gift_card
from pos_app.domain.money import Money
from pos_app.domain.payment import ForeignCash, TenderMethod, TenderRequest
from pos_app.domain.sale import CustomerNeeded, Sale
from pos_app.domain.stored_value import (
    NotEnoughValue,
    OtherCurrency,
    SpentAlready,
    StoredValue,
    ValueHasExpired,
    ValueKind,
    ValueState,
    ValueUnknown,
)
from pos_app.domain.tender_settings import HeldValueSettings
from pos_app.printing.receipt import receipt_slip
from pos_app.printing.slip import Code, Line, Row
from pos_app.services.held_balances import held_balances
from pos_app.services.held_desk import HeldDesk, NothingLeft
from pos_app.services.returning import Returning
from pos_app.services.stored_value_records import STORED_VALUE, account_of
from pos_app.services.stored_values import months_after
from pos_app.services.verification import verify
from pos_app.store.store import Store, open_store
from tests.services.held_shop import ALL_ON, ANNA, card_number, held_shop
from tests.store.shops import CASH, START, Counter, behind_our_back, product_id

CARD, OTHER = card_number(1), card_number(2)
M = TenderMethod


class Desk:
    """A counter where everything is switched on."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.counter = Counter(store)
        self.checkout = self.counter.checkout
        self.held = HeldDesk(store, lambda: START)

    def cart(self, *numbers: int) -> Cart:
        return carts.choose_customer(self.counter.cart(*numbers), ANNA)

    def sell_card(self, minor: int = 5000, number: str = CARD) -> Sale:
        cart = add_gift_card(self.checkout.new_cart(), number, Money(minor, "EUR"))
        return self.checkout.complete(cart, CASH)

    def spend(self, minor: int, number: str = CARD) -> Sale:
        paid = TenderRequest(M.GIFT_CARD, Money(minor, "EUR"), reference=number)
        return self.checkout.complete(self.cart(5), [paid, *CASH])

    def balance(self, kind: ValueKind, reference: str) -> int:
        account = account_of(self.store, kind, reference)
        return account.balance if account else 0


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    made = Desk(held_shop(tmp_path / "shop.db"))
    yield made
    made.store.close()
    assert verify(tmp_path / "shop.db").is_sound


def test_a_document_that_cannot_move_its_value_is_not_made(desk: Desk) -> None:
    desk.sell_card(100)
    entries = desk.store.journal.count()
    with pytest.raises(NotEnoughValue):
        desk.spend(101)
    assert desk.store.journal.count() == entries
    assert desk.balance(ValueKind.GIFT_CARD, CARD) == 100


def test_finishing_the_same_cart_twice_moves_value_once(desk: Desk) -> None:
    cart = add_gift_card(desk.checkout.new_cart(), CARD, Money(500, "EUR"))
    assert desk.checkout.complete(cart, CASH) == desk.checkout.complete(cart, CASH)
    assert desk.balance(ValueKind.GIFT_CARD, CARD) == 500


def test_a_refund_to_the_card_is_exact_and_a_spent_card_cannot_be_returned(desk: Desk) -> None:
    sold = desk.sell_card()
    spent = desk.spend(200)
    returning = Returning(desk.checkout)
    with pytest.raises(SpentAlready):
        returning.void(sold.id, "mistake")
    void = returning.void(spent.id, "mistake")
    assert void.tenders[0].reference == CARD
    assert desk.balance(ValueKind.GIFT_CARD, CARD) == 5000
    returning.void(sold.id, "mistake")
    assert desk.balance(ValueKind.GIFT_CARD, CARD) == 0


def test_what_a_sale_brings_cannot_pay_for_itself(desk: Desk) -> None:
    cart = add_gift_card(desk.checkout.new_cart(), CARD, Money(500, "EUR"))
    with pytest.raises(ValueUnknown):
        desk.checkout.complete(cart, [TenderRequest(M.GIFT_CARD, reference=CARD)])


def test_a_card_that_ran_out_pays_no_more(desk: Desk) -> None:
    tenders = replace(ALL_ON, held=HeldValueSettings(months=1))
    with desk.store.transaction() as tx:
        tx.settings.save(replace(desk.checkout.shop, tenders=tenders))
    desk.checkout.reload_settings()
    desk.sell_card()
    desk.counter.clock.moment = START.replace(month=6)
    with pytest.raises(ValueHasExpired):
        desk.spend(100)
    with desk.store.transaction() as tx:
        tx.settings.save(replace(desk.checkout.shop, tenders=ALL_ON))


def test_months_are_counted_to_a_day_that_every_month_has() -> None:
    day = START.date().replace(month=11, day=30)
    assert months_after(day, 3).isoformat() == "2027-02-28"
    assert months_after(day, 13).isoformat() == "2027-12-28"


def test_a_card_of_another_till_may_be_spent_up_to_the_allowance(desk: Desk) -> None:
    with pytest.raises(ValueUnknown, match="not known at this till"):
        desk.spend(100, OTHER)
    held = HeldValueSettings(offline_allowance=Decimal(3), accepts_unknown=True)
    with desk.store.transaction() as tx:
        tx.settings.save(replace(desk.checkout.shop, tenders=replace(ALL_ON, held=held)))
    desk.checkout.reload_settings()
    desk.spend(300, OTHER)
    assert desk.balance(ValueKind.GIFT_CARD, OTHER) == -300
    with pytest.raises(PosError):
        desk.spend(1, OTHER)
    desk.held.confirm(OTHER, ValueKind.GIFT_CARD, 700)
    desk.spend(300, OTHER)
    assert desk.balance(ValueKind.GIFT_CARD, OTHER) == 400
    with desk.store.transaction() as tx:
        tx.settings.save(replace(desk.checkout.shop, tenders=ALL_ON))


def test_a_card_is_blocked_and_released(desk: Desk) -> None:
    desk.sell_card()
    assert desk.held.stop(CARD).state is ValueState.BLOCKED
    with pytest.raises(PosError, match="blocked"):
        desk.spend(100)
    desk.held.release(CARD)
    desk.spend(100)
    assert desk.held.expire(CARD).balance == 0
    with pytest.raises((NothingLeft, ValueHasExpired)):
        desk.held.payable(ValueKind.GIFT_CARD, CARD, Money(1, "EUR"))


def test_points_and_accounts_need_a_customer(desk: Desk) -> None:
    for method in (M.POINTS, M.ON_ACCOUNT):
        with pytest.raises(CustomerNeeded):
            desk.checkout.complete(desk.counter.cart(1), [TenderRequest(method)])
    cart = add_account_payment(desk.checkout.new_cart(), Money(100, "EUR"))
    with pytest.raises(CustomerNeeded):
        desk.checkout.complete(cart, CASH)


def test_an_account_keeps_its_currency(desk: Desk) -> None:
    desk.sell_card()
    pounds = replace(desk.cart(1), policy=replace(desk.checkout.shop.policy, currency="GBP"))
    with pytest.raises(OtherCurrency):
        desk.checkout.complete(pounds, [TenderRequest(M.GIFT_CARD, reference=CARD)])


def test_a_sale_without_held_value_writes_one_entry(desk: Desk) -> None:
    before = desk.store.journal.count()
    desk.counter.sell(1)
    assert desk.store.journal.count() == before + 1


def test_the_receipt_says_what_is_left_and_shows_new_numbers_to_scan(desk: Desk) -> None:
    sold = desk.sell_card()
    slip = receipt_slip(sold, desk.checkout.shop, balances=held_balances(desk.store, sold, True))
    assert next(part.text for part in slip.parts if isinstance(part, Code)) == CARD
    spent = desk.spend(200)
    balances = held_balances(desk.store, spent, True)
    slip = receipt_slip(spent, desk.checkout.shop, balances=balances)
    texts = [f"{part.text} {part.figure}" for part in slip.parts if isinstance(part, Row)]
    assert any(f"*{CARD[-4:]}" in text and "48.00" in text for text in texts)
    assert any(text.startswith("Points now") for text in texts)
    assert not any(CARD in text for text in texts)


def test_the_receipt_shows_foreign_notes_and_their_rate(desk: Desk) -> None:
    foreign = ForeignCash(Money(2000, "USD"), Decimal("0.92"))
    paid = TenderRequest(M.CASH, tendered=Money(1840, "EUR"), foreign=foreign)
    sale = desk.checkout.complete(desk.counter.cart(1), [paid])
    lines = [p.text for p in receipt_slip(sale, desk.checkout.shop).parts if isinstance(p, Line)]
    assert any("20.00" in text and "0.92" in text for text in lines)


CHANGES = {
    "a balance": (
        "UPDATE records SET state = replace(state, '\"balance\":4800', '\"balance\":9800')",
    ),
    "a card taken away": ("DELETE FROM records WHERE record = 'stored_value'",),
}


@pytest.mark.parametrize("what", CHANGES)
def test_verify_notices_a_change_behind_the_programs_back(tmp_path: Path, what: str) -> None:
    path = tmp_path / "shop.db"
    desk = Desk(held_shop(path))
    desk.sell_card()
    desk.spend(200)
    desk.store.close()
    assert verify(path).is_sound
    behind_our_back(path, *CHANGES[what])
    assert not verify(path).is_sound


def test_verify_notices_a_sale_whose_card_was_not_charged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shop.db"
    desk = Desk(held_shop(path))
    desk.sell_card()
    monkeypatch.setattr("pos_app.services.sale_effects.touches_value", lambda *_: False)
    desk.spend(200)
    desk.store.close()
    found = [str(fault) for fault in verify(path).faults]
    assert any("was not moved by -200" in fault for fault in found)


def test_verify_notices_points_that_nobody_earned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shop.db"
    desk = Desk(held_shop(path))

    def generous(*args: object) -> StoredValue:
        account, units = args[0], args[1]
        assert isinstance(account, StoredValue)
        assert isinstance(units, int)
        return replace(account, balance=account.balance + units + 5)

    monkeypatch.setattr("pos_app.domain.stored_value.top_up", generous)
    desk.checkout.complete(desk.cart(5), CASH)
    desk.store.close()
    assert any("points:" in str(fault) for fault in verify(path).faults)


def test_a_deposit_is_held_and_pays_later(desk: Desk) -> None:
    number = desk.held.new_number(ValueKind.DEPOSIT)
    cart = add_deposit(desk.checkout.new_cart(), number, Money(300, "EUR"))
    desk.checkout.complete(cart, CASH)
    paid = TenderRequest(M.DEPOSIT, Money(300, "EUR"), reference=number)
    cart = desk.checkout.add(desk.checkout.new_cart(), product_id(5))
    desk.checkout.complete(cart, [paid, *CASH])
    assert desk.balance(ValueKind.DEPOSIT, number) == 0


def test_it_is_all_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    desk = Desk(held_shop(path))
    desk.sell_card()
    desk.store.close()
    with open_store(path) as store:
        assert [one.balance for one in store.records.all(STORED_VALUE)] == [5000]

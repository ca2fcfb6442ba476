"""Goods that come back and documents that are undone, over a real store."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain import cart as carts
from pos_app.domain.cart import SaleKind
from pos_app.domain.money import Money
from pos_app.domain.payment import CashRounding, TenderMethod, TenderRequest
from pos_app.domain.receipt_code import receipt_code_text
from pos_app.domain.sale import Sale
from pos_app.domain.stock import MoveReason
from pos_app.domain.void import LaterReturn, PartlyReturned, VoidOfVoid
from pos_app.services.returning import (
    AnotherReceipt,
    NothingLeftToReturn,
    NotSoldThere,
    ReceiptOfAnotherShop,
    ReceiptTooOld,
    ReceiptUnknown,
    Returning,
)
from pos_app.services.verification import verify
from pos_app.store.store import Store
from tests.store.shops import CASH, Counter, new_shop, product, product_id


class Desk:
    """A counter with its return desk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store: Store = new_shop(path)
        self.counter = Counter(self.store)
        self.checkout = self.counter.checkout
        self.returning = Returning(self.checkout)

    def back(self, sale: Sale, line_no: int, quantity: str, reason: str = "Not needed") -> Sale:
        cart = self.returning.begin(sale)
        cart = self.returning.give_back(cart, sale, line_no, Decimal(quantity), reason)
        return self.checkout.complete(cart, self.returning.refund(cart))

    def level(self, number: int) -> Decimal:
        return self.store.stock.level(product_id(number), "shop")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "shop.db")
    yield desk
    desk.store.close()


def test_thirds_of_a_cash_rounded_sale_give_back_what_was_paid(desk: Desk) -> None:
    cart = replace(desk.counter.cart(1, 1, 1), cash_rounding=CashRounding(Decimal("0.10")))
    cart = replace(cart, lines=(replace(cart.lines[0], unit_price=Decimal("3.33")),))
    sale = desk.checkout.complete(cart, CASH)
    assert sale.amount_due == Money(1000, "EUR")
    parts = [desk.back(sale, 1, "1") for _ in range(3)]
    assert [part.amount_due.minor for part in parts] == [-330, -340, -330]
    assert sum(part.gross.minor for part in parts) == -sale.gross.minor


def test_money_goes_back_to_the_card_first_and_never_more_than_came(desk: Desk) -> None:
    cart = desk.counter.cart(5, 5)
    card = TenderRequest(TenderMethod.CARD, Money(400, "EUR"), reference="slip 12")
    sale = desk.checkout.complete(cart, [card, *CASH])
    first, second = desk.back(sale, 1, "1"), desk.back(sale, 1, "1")
    assert [(t.method, t.amount.minor, t.reference) for t in first.tenders] == [
        (TenderMethod.CARD, -400, "slip 12"),
        (TenderMethod.CASH, first.gross.minor + 400, ""),
    ]
    assert [(t.method, t.amount) for t in second.tenders] == [(TenderMethod.CASH, second.gross)]
    assert first.gross + second.gross == -sale.gross


def test_spoilt_goods_come_back_and_leave_again_with_the_reason(desk: Desk) -> None:
    sale = desk.counter.sell(1)
    back = desk.back(sale, 1, "1", "Faulty")
    assert desk.level(1) == -1
    moved = desk.store.stock.movements(back.id)
    assert [move.move.reason for move in moved] == [MoveReason.RETURN]
    desk.returning.void(back.id, "brought nothing")
    assert desk.level(1) == -1
    assert verify(desk.path).is_sound


def test_an_old_receipt_is_not_taken_back(desk: Desk) -> None:
    sale = desk.counter.sell(1)
    shop = desk.checkout.shop
    with desk.store.transaction() as tx:
        tx.settings.save(replace(shop, returns=replace(shop.returns, days=30)))
    desk.checkout.reload_settings()
    assert desk.returning.find(sale.number) == sale
    desk.counter.clock.moment += timedelta(days=31)
    with pytest.raises(ReceiptTooOld, match="30 days"):
        desk.returning.find(sale.number)


def test_receipts_that_are_none_of_ours(desk: Desk) -> None:
    sale = desk.counter.sell(1)
    assert desk.returning.find(receipt_code_text(sale.number, sale.id)) == sale
    with pytest.raises(ReceiptOfAnotherShop):
        desk.returning.find(receipt_code_text(sale.number, "f" * 32))
    with pytest.raises(ReceiptUnknown, match="7-000001"):
        desk.returning.find("7-000001")


def test_what_is_not_on_the_receipt_or_came_back_is_refused(desk: Desk) -> None:
    sale, other = desk.counter.sell(1, 2), desk.counter.sell(3)
    cart = desk.returning.begin(sale)
    with pytest.raises(NotSoldThere, match="Café"):
        desk.returning.line_of(cart, sale, product(3))
    cart = desk.returning.give_back_all(cart, sale, "")
    with pytest.raises(NotSoldThere):
        desk.returning.line_of(cart, sale, product(1))
    with pytest.raises(AnotherReceipt, match=sale.number):
        desk.returning.give_back(cart, other, 1, Decimal(1), "")
    desk.checkout.complete(cart, desk.returning.refund(cart))
    with pytest.raises(NothingLeftToReturn):
        desk.returning.begin(sale)


def test_goods_without_a_receipt_keep_the_number_that_was_shown(desk: Desk) -> None:
    cart = replace(desk.checkout.new_cart(), kind=SaleKind.RETURN)
    cart = desk.returning.without_receipt(cart, product(1), Decimal(2), "Faulty", "8-000123")
    back = desk.checkout.complete(cart, CASH)
    assert back.gross.minor == -2 * 149
    line = back.lines[0]
    assert line.returns is not None
    assert (line.quantity, line.returns.sale_number) == (-2, "8-000123")
    assert verify(desk.path).is_sound


def test_a_void_is_the_exact_negative_and_the_goods_are_back_once(desk: Desk) -> None:
    cart = replace(desk.counter.cart(1, 2, 2), cash_rounding=CashRounding(Decimal("0.05")))
    tendered = TenderRequest(TenderMethod.CASH, tendered=Money(5000, "EUR"))
    sale = desk.checkout.complete(cart, [tendered])
    before = desk.store.journal.count()
    void = desk.returning.void(sale.id, "wrong customer")
    assert (void.net, void.tax, void.gross) == (-sale.net, -sale.tax, -sale.gross)
    assert (void.amount_due, void.change.minor) == (-sale.amount_due, 0)
    assert [desk.level(1), desk.level(2)] == [0, 0]
    assert desk.returning.void(sale.id, "again") == void
    assert desk.store.journal.count() == before + 1
    with pytest.raises(VoidOfVoid):
        desk.returning.void(void.id, "undo the undoing")
    assert verify(desk.path).is_sound


def test_two_tills_windows_voiding_at_once_make_one_void(desk: Desk) -> None:
    sale = desk.counter.sell(1, 2)
    with ThreadPoolExecutor(4) as hands:
        voids = list(hands.map(lambda _: desk.returning.void(sale.id, "both"), range(8)))
    assert len({void.id for void in voids}) == 1
    assert [desk.level(1), desk.level(2)] == [0, 0]
    assert verify(desk.path).is_sound


def test_what_came_back_in_part_is_not_voided_whole(desk: Desk) -> None:
    sale = desk.counter.sell(1, 2)
    first = desk.back(sale, 1, "1")
    with pytest.raises(PartlyReturned, match="Return the rest"):
        desk.returning.void(sale.id, "")
    second = desk.back(sale, 2, "1")
    with pytest.raises(LaterReturn, match=second.number):
        desk.returning.void(first.id, "")
    desk.returning.void(second.id, "")
    desk.returning.void(first.id, "")
    desk.returning.void(sale.id, "")
    assert [desk.level(1), desk.level(2)] == [0, 0]
    assert verify(desk.path).is_sound


def test_an_exchange_takes_back_and_sells_in_one_document(desk: Desk) -> None:
    sale = desk.counter.sell(1)
    cart = desk.returning.give_back_all(desk.returning.begin(sale), sale, "Does not fit")
    cart = desk.checkout.add(cart, product_id(4))
    assert cart.kind is SaleKind.EXCHANGE
    due = carts.price_cart(cart).gross
    exchange = desk.checkout.complete(cart, CASH)
    assert exchange.amount_due == due
    assert [desk.level(1), desk.level(4)] == [0, -1]
    assert desk.store.sales.returned(sale.id, 1) == 1
    assert verify(desk.path).is_sound

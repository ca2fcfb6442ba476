"""Refunds of one receipt that waited side by side never give back more than was paid."""

from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.payment import TenderRequest
from pos_app.domain.return_ import ReturnedMeanwhile
from pos_app.services.returning import Returning
from pos_app.services.verification import verify
from tests.services.cash_day import CASH, GOODS, CashDay


def test_two_parked_refunds_of_a_receipt_are_not_each_rounded_up(tmp_path: Path) -> None:
    day = CashDay(tmp_path / "shop.db")
    cart = day.checkout.new_cart()
    for one in GOODS:
        cart = day.checkout.add(cart, one.id, unit_price=Decimal("0.33"))
    sale = day.checkout.complete(cart, [TenderRequest(CASH)])
    returning = Returning(day.checkout)
    waiting = [
        returning.give_back(returning.begin(sale), sale, number, Decimal(1), "broken")
        for number in (1, 2, 3)
    ]
    back = [day.checkout.complete(waiting[0], returning.refund(waiting[0]))]
    with pytest.raises(ReturnedMeanwhile):
        day.checkout.complete(waiting[1], returning.refund(waiting[1]))
    emptied = day.checkout.remove(waiting[1], waiting[1].lines[0].id)
    again = returning.give_back(emptied, sale, 2, Decimal(1), "broken")
    back.append(day.checkout.complete(again, returning.refund(again)))
    back.append(day.checkout.complete(waiting[2], returning.refund(waiting[2])))
    assert sum(one.amount_due.minor for one in back) == -sale.amount_due.minor
    day.store.close()
    assert verify(day.path).is_sound

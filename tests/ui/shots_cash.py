"""The cash screen in all its states for `shots_office.py`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from PySide6.QtWidgets import QApplication, QWidget

from pos_app.domain.cash_count import CashCount, put_pieces
from pos_app.domain.cash_movement import MovementKind
from pos_app.domain.cash_settings import AcceptedCurrency
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.services.checkout import Checkout
from pos_app.services.shifts import Shifts
from pos_app.services.shop_setup import ShopSetup
from pos_app.store.store import Store
from pos_app.ui.cash_screen import CashScreen


def cash_pages(
    store: Store, now: Callable[[], datetime], wait: Callable[..., None]
) -> Iterator[tuple[str, QWidget]]:
    """Yield (name, widget) of each state; the shop then has two closed shifts more."""
    shop = store.settings.shop()
    code = shop.policy.currency
    other = "USD" if code != "USD" else "EUR"
    accepted = (AcceptedCurrency(other, Decimal("0.92")),)
    settings = replace(shop.cash, float_target=Decimal(80), accepted=accepted)
    ShopSetup(store, now).save(replace(shop, cash=settings))
    shifts = Shifts(store, now)
    screen = CashScreen(store, shifts, now)
    yield "cash-opening", screen
    float_count = put_pieces(put_pieces(CashCount(code), Decimal(10), 8), Decimal(1), 20)
    shifts.open([float_count])
    _sell(store, now)
    shifts.move(MovementKind.PAY_OUT, Money.of(12, code), "Cleaning")
    screen = CashScreen(store, shifts, now)
    for value, pieces in (("10", "8"), ("1", "20"), ("0.20", "3")):
        screen.count.typed.emit(value, pieces)
    yield "cash-counting", screen
    screen.count.typed.emit("5", "two")
    yield "cash-count-wrong", screen
    sheet = screen.show_movement(MovementKind.PAY_OUT)
    sheet.amount.setText("500")
    sheet.amount.textEdited.emit("500")
    sheet._movement.save()
    yield "cash-pay-out", screen
    sheet.hide()
    screen.count.typed.emit("5", "")
    screen.presenter.confirm()
    yield "cash-difference", screen
    screen.presenter.close()
    wait(until=lambda: bool(screen.presenter.state.picture))
    yield "cash-closed", screen
    shifts.open([float_count])
    shifts.keep_count([float_count])
    late = CashScreen(store, Shifts(store, lambda: now() + timedelta(days=1)), now)
    yield "cash-since-yesterday", late
    shifts.confirm_count([float_count])
    last = shifts.current()
    if last is not None:
        shifts.close(last.id)
    QApplication.processEvents()


def _sell(store: Store, now: Callable[[], datetime]) -> None:
    checkout = Checkout(store, now)
    for turn, found in enumerate(store.products.search("e", 6)):
        cart = checkout.add(checkout.new_cart(), found.product.id, unit_price=Decimal("4.20"))
        method = TenderMethod.CARD if turn % 3 == 2 else TenderMethod.CASH
        checkout.complete(cart, [TenderRequest(method)])

"""From a quotation to the money for it, through the real window with keys and clicks alone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_app import texts
from pos_app.app.screens import CUSTOMERS, INVOICES, ORDERS
from pos_app.app.till import Till
from pos_app.domain.customer import Customer
from pos_app.domain.document import DocumentLine
from pos_app.domain.invoice import InvoiceState
from pos_app.domain.order import OrderLine, OrderState
from pos_app.services.checkout import Checkout, utc_now
from pos_app.services.document_records import INVOICE, ORDER
from pos_app.services.document_use_cases import document_use_cases
from pos_app.services.verification import verify
from pos_app.store.records import RecordKind
from pos_app.ui.customers_screen import CustomersScreen
from pos_app.ui.document_editor import EditorSheet
from pos_app.ui.document_screen import DocumentsScreen
from pos_app.ui.document_steps_sheet import StepSheet
from pos_app.ui.main_window import SELL
from pos_app.ui.widgets.button import Button
from tests.services.document_office import new_office

ENTER, SAVE = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier


class Hand:
    """Somebody at the till: keys go where the focus is, clicks where one sees something."""

    def __init__(self, till: Till, qtbot: QtBot) -> None:
        self.till, self._qtbot = till, qtbot

    def until(self, is_so: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(is_so()))

    def focused(self) -> QWidget:
        self.until(QApplication.focusWidget)
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focused(), text)

    def key(self, key: Qt.Key, times: int = 1) -> None:
        for _ in range(times):
            QTest.keyClick(self.focused(), key)

    def save(self) -> None:
        QTest.keyClick(self.focused(), ENTER, SAVE)

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def screen(self, key: str) -> QWidget:
        self.till.window.activateWindow()  # as a window manager does when a sheet is closed
        self.click(self.till.window.interior.rail.button(key))
        return self.till.window.interior.screen_of(key)

    def documents(self, key: str) -> DocumentsScreen:
        """Go to a screen of documents and wait for its list."""
        screen = self.screen(key)
        assert isinstance(screen, DocumentsScreen)
        self.until(lambda: not screen.presenter.list.is_reading)
        return screen

    def press(self, screen: DocumentsScreen, key: str) -> None:
        """Press a button of the document on show, out of the menu where it has no room."""
        detail = screen.detail
        QApplication.processEvents()  # new buttons are shown by their layout
        button = detail.button(key)
        if button.isVisible():
            self.click(button)
            return
        menu = screen.detail.open_menu()
        wanted = next(one for one in menu.actions() if one.text() == button.text())
        self.click(menu)
        menu.setActiveAction(wanted)
        wanted.trigger()
        menu.close()

    def step(self, screen: DocumentsScreen, key: str, typed: str = "") -> None:
        """Take a step in its sheet, with `typed` in the field that has the focus."""
        self.press(screen, key)
        sheet = screen.sheet
        assert sheet is not None
        self.until(lambda: sheet.isAncestorOf(self.focused()))
        if typed:
            self.type(typed)
        self.save()
        self.until(lambda: not sheet.isVisible())


@pytest.fixture
def hand(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hand]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    path = tmp_path / "shop.db"
    new_office(path).store.close()
    till = Till(path, lambda _path, _job: None)
    till.show((1280, 800))
    qtbot.waitUntil(lambda: till.presenter is not None)
    qtbot.waitUntil(lambda: till.window._room()._rail is not None)
    till.window.activateWindow()
    yield Hand(till, qtbot)
    till.window.close()
    for window in QApplication.topLevelWidgets():
        window.deleteLater()  # the next till would dress what they hold once more
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert verify(path).is_sound
    texts.use_language("en")


def test_a_quotation_becomes_an_order_a_delivery_an_invoice_and_money(hand: Hand) -> None:
    till = hand.till
    write_customer(hand)
    orders = hand.documents(ORDERS)
    write_quotation(hand, orders)
    hand.press(orders, "submit")
    hand.step(orders, "approve", "As last year")
    hand.step(orders, "order")
    assert orders.presenter.state.tab == "orders", "the next step is the order's"
    hand.step(orders, "approve")
    hand.step(orders, "deliver", "4")
    assert newest(till, ORDER).state is OrderState.PARTIALLY_DELIVERED
    hand.step(orders, "invoice")
    hand.click(next(one for one in orders.findChildren(Button) if one.text() == "Open it"))
    assert till.window.current_screen() == INVOICES

    invoices = hand.documents(INVOICES)
    hand.step(invoices, "receive", "5")
    assert newest(till, INVOICE).state is InvoiceState.PARTIALLY_PAID
    hand.step(invoices, "remind")
    assert len(newest(till, INVOICE).reminders) == 1
    assert any("reminder" in one.text for one in invoices.presenter.state.notices)

    hand.step(hand.documents(ORDERS), "take_back", "1")
    assert newest(till, INVOICE).credited.minor > 0
    pay_at_the_till(hand, newest(till, INVOICE).head.number)
    paid = newest(till, INVOICE)
    assert paid.state is InvoiceState.FULLY_PAID
    assert not paid.balance.minor


def test_ctrl_enter_saves_wherever_the_cursor_is(hand: Hand) -> None:
    orders = hand.documents(ORDERS)
    for place in ("search", "table"):
        hand.click(orders.frame.button("new"))
        editor = orders.sheet
        assert isinstance(editor, EditorSheet)
        editor._editor.use_customer(customer_of(hand.till))
        hand.until(lambda sheet=editor: sheet.isAncestorOf(hand.focused()))
        editor._editor.add_free()
        editor._editor.change("line.name", "Delivery")
        getattr(editor.lines, place).setFocus()
        hand.save()
        hand.until(lambda sheet=editor: not sheet.isVisible())


def test_a_step_given_up_on_a_stale_copy_shows_how_the_order_is_now(hand: Hand) -> None:
    store = hand.till.store
    assert store is not None
    cases = document_use_cases(Checkout(store, utc_now, "7"))
    customer = customer_of(hand.till)
    line = DocumentLine("1", "Delivery", Decimal(1), Decimal(5))
    draft = replace(cases.orders.draft(customer), lines=(OrderLine(line),))
    order = cases.orders.decide(cases.orders.create(draft), True)
    orders = hand.documents(ORDERS)
    orders.presenter.open_any(ORDER.name, order.head.id)
    hand.press(orders, "deliver")
    cases.orders.decide(order, False)  # in another window
    sheet = orders.sheet
    assert isinstance(sheet, StepSheet)
    hand.save()
    assert sheet.isVisible()
    sheet.reject()
    sheet.reject()
    assert orders.presenter.state.detail is not None
    assert orders.presenter.state.detail.state == "Draft"
    assert "deliver" not in orders.detail.button_keys()


def write_customer(hand: Hand) -> None:
    screen = hand.screen(CUSTOMERS)
    assert isinstance(screen, CustomersScreen)
    hand.click(screen.frame.button("add"))
    sheet = screen._sheet
    assert sheet is not None
    hand.until(lambda: sheet.isAncestorOf(hand.focused()))
    hand.type("Seaview Guesthouse")
    hand.save()
    hand.until(lambda: not sheet.isVisible())


def write_quotation(hand: Hand, orders: DocumentsScreen) -> None:
    hand.click(orders.frame.button("new"))
    sheet = orders.sheet
    assert isinstance(sheet, EditorSheet)
    hand.until(sheet.customer.hasFocus)
    hand.type("seav")
    hand.until(lambda: sheet._editor.state.customer_hits)
    hand.key(ENTER, times=3)  # the customer, the date, the last day
    hand.type("paper")
    hand.until(lambda: sheet._editor.state.product_hits)
    hand.key(ENTER)
    hand.type("6")
    hand.key(ENTER, times=3)  # quantity, price, discount, and on to the next product
    hand.save()
    hand.until(lambda: not sheet.isVisible())


def pay_at_the_till(hand: Hand, number: str) -> None:
    hand.screen(SELL)
    hand.type(number)
    hand.key(ENTER)
    hand.until(lambda: hand.till.presenter and hand.till.presenter.state.rows)
    hand.key(Qt.Key.Key_F12)


def customer_of(till: Till) -> Customer:
    assert till.store is not None
    found = till.store.customers.find("CUS001")
    assert found is not None
    return found


def newest(till: Till, kind: RecordKind[Any]) -> Any:
    assert till.store is not None
    return till.store.records.get(kind, till.store.documents.page(kind.name)[0].id)

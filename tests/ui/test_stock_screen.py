"""The stock screen in the real window: scans go to what is in front, keys go to the entry line."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.services.faults import FaultKind
from pos_app.services.verification import verify
from pos_app.store.store import Store
from pos_app.ui import theme
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.checkout import CheckoutPresenter
from pos_app.ui.presenters.stock import COUNT, RECEIVE
from pos_app.ui.stock_screen import StockScreen
from tests.ui.conftest import BREAD, MILK, PRODUCTS, SHOP, PaperTray, Till


@pytest.fixture
def screen(till: Till, qtbot: QtBot, qapp: QApplication) -> Iterator[StockScreen]:
    theme.apply_theme(qapp, theme.LIGHT)
    window = MainWindow()
    window.resize(1024, 768)
    made = StockScreen(till.checkout)
    presenter = CheckoutPresenter(till.checkout, PaperTray(), SHOP, window.show_state)
    assert window.interior.checkout is not None
    window.add_screen("stock", "Stock", "warehouse", made)
    window.attach(presenter)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.interior.rail.button("stock").isVisible)
    window.show_screen("stock")
    qtbot.waitUntil(made.isVisible)
    qtbot.waitUntil(lambda: not made.presenter.state.page.is_reading)
    yield made
    path = Path(till.store.path)
    till.store.close()
    # The shop of these tests was filled without facts.
    assert [one for one in verify(path).faults if one.kind is not FaultKind.CATALOGUE] == []


def type_keys(screen: StockScreen, text: str) -> None:
    handle = screen.window().windowHandle()
    for sign in text:
        key = Qt.Key.Key_Return if sign == "\n" else Qt.Key(ord(sign.upper()))
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            shown = "\r" if sign == "\n" else sign
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, shown)
            QCoreApplication.sendEvent(handle, event)


def window_of(screen: StockScreen) -> MainWindow:
    window = screen.window()
    assert isinstance(window, MainWindow)
    return window


def test_a_delivery_by_scanner_and_keys_alone(
    screen: StockScreen, store: Store, qtbot: QtBot
) -> None:
    screen.presenter.turn(RECEIVE)
    screen.entry.setFocus()
    window_of(screen).scan(MILK)
    type_keys(screen, "12\n")
    window_of(screen).scan(BREAD)
    assert screen.entry.text() == ""
    assert screen.table.rows().rowCount() == 2
    cost = screen.fields.field("cost")
    cost.setFocus()
    cost.selectAll()  # type: ignore[union-attr]
    type_keys(screen, "x")
    screen.button("book").click()
    assert screen.presenter.receive.delivery is not None
    assert "is not a number" in screen.presenter.state.page.fields[3].error
    cost.selectAll()  # type: ignore[union-attr]
    type_keys(screen, "2.5")  # and the button takes no focus, so the field is not left
    screen.button("book").click()
    qtbot.waitUntil(lambda: screen.presenter.receive.delivery is None)
    assert store.stock.level(PRODUCTS[0].id, "shop") == 12
    line = screen.presenter.receive.receiving
    assert line.lines(line.latest()[0])[1].unit_cost == Decimal("2.5")


def test_a_stock_take_by_scanner_and_keys_alone(
    screen: StockScreen, store: Store, qtbot: QtBot
) -> None:
    screen.presenter.turn(COUNT)
    screen.entry.setFocus()
    type_keys(screen, "shelf\n")
    window_of(screen).scan(MILK)
    type_keys(screen, "7\n")
    screen.button("review").click()
    qtbot.waitUntil(lambda: screen.table.rows().rowCount() == 1)
    screen.button("book").click()
    qtbot.waitUntil(lambda: screen.presenter.count.take is None)
    assert store.stock.level(PRODUCTS[0].id, "shop") == 7


def test_a_scan_on_a_list_shows_the_movements_and_sells_nothing(screen: StockScreen) -> None:
    window_of(screen).scan(MILK)
    assert screen.presenter.state.page.title == "Whole milk"
    assert window_of(screen).current_screen() == "stock"

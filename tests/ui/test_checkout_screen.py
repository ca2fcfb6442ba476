"""The checkout screen draws states: nothing moves, nothing grabs, nothing is drawn in vain."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.errors import PosError
from pos_app.domain.shop import ScreenSettings
from pos_app.services.print_spool import PrintTrouble
from pos_app.ui import theme
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.checkout import CheckoutPresenter
from pos_app.ui.presenters.checkout_state import CheckoutState
from tests.ui.conftest import BREAD, COFFEE, MILK, Till

Show = Callable[..., MainWindow]


@pytest.fixture
def show(till: Till, qtbot: QtBot, qapp: QApplication) -> Iterator[Show]:
    theme.apply_theme(qapp, theme.LIGHT)

    def make(width: int = 1024, height: int = 768, **screen: object) -> MainWindow:
        window = MainWindow(ScreenSettings(**screen))  # type: ignore[arg-type]
        window.resize(width, height)
        presenter = CheckoutPresenter(
            till.checkout, till.receipts, till.checkout.shop, window.show_state
        )
        till.presenter = presenter

        def on_state(state: CheckoutState) -> None:
            till.states.append(state)
            window.show_state(state)

        presenter.sale._on_state = on_state
        presenter.start()
        window.attach(presenter)
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        qapp.processEvents()
        return window

    yield make
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


class OutOfPaper(PosError):
    sentence = "The printer is out of paper. Put in a new roll and press Retry."


def place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint()), widget.size())


@pytest.mark.parametrize(
    ("size", "button_mode"), [((1024, 768), False), ((1366, 768), True), ((1920, 1080), False)]
)
def test_total_pay_buttons_and_pad_never_move(
    till: Till, show: Show, qapp: QApplication, size: tuple[int, int], button_mode: bool
) -> None:
    window = show(*size, button_mode=button_mode)
    screen = window.checkout
    fixed = (screen.total, screen.pay, screen.pad, screen.entry, screen.fkeys, screen.line_actions)

    def places() -> list[QRect]:
        qapp.processEvents()
        return [place(widget, window) for widget in fixed if widget is not screen.entry]

    at_first = places()
    for step in (
        lambda: till.scan(MILK, BREAD, COFFEE),
        lambda: till.press("F1"),
        till.presenter.sheet.close,
        lambda: till.press("F4"),
        till.presenter.sheet.close,
        lambda: till.keys("5"),
        lambda: till.press("F12"),
        lambda: till.presenter.entry.type_text("cof"),
        till.presenter.entry.escape,
        lambda: till.press("F12"),
        lambda: till.presenter.printer_trouble(PrintTrouble(1, "Counter", OutOfPaper())),
        lambda: till.scan("4006381333948"),
    ):
        step()
        assert places() == at_first


def test_nothing_of_the_search_or_a_notice_lies_over_the_money(
    till: Till, show: Show, qapp: QApplication
) -> None:
    window = show()
    screen = window.checkout
    till.scan(MILK)
    till.presenter.printer_trouble(PrintTrouble(1, "Counter", OutOfPaper()))
    till.presenter.entry.type_text("a0")
    qapp.processEvents()
    money = place(screen.pay, window).united(place(screen.pad, window))
    for over in (screen.over.popup, screen.over.notices):
        assert over is not None
        assert over.isVisible()
        assert not place(over, window).intersects(money)
        assert not place(over, window).intersects(place(screen.total, window))


def test_no_button_of_the_screen_answers_to_enter(till: Till, show: Show) -> None:
    window = show()
    till.scan(MILK)
    for key in ("F1", "F3", "F4", "F5"):
        till.press(key)
    till.presenter.printer_trouble(PrintTrouble(1, "Counter", OutOfPaper()))
    for button in window.findChildren(QPushButton):
        assert not button.isDefault()
        assert not button.autoDefault()


def test_every_button_has_a_name_for_those_who_do_not_see_it(till: Till, show: Show) -> None:
    window = show()
    till.scan(MILK)
    for key in ("F1", "F3", "F4", "F5"):
        till.press(key)
    nameless = [b for b in window.findChildren(QPushButton) if not b.accessibleName().strip()]
    assert nameless == []


@pytest.mark.parametrize("size", [(1024, 768), (1366, 768), (1920, 1080), (3840, 2160)])
def test_everything_fits_and_is_large_enough_for_a_finger(
    till: Till, show: Show, size: tuple[int, int]
) -> None:
    window = show(*size)
    screen = window.checkout
    till.scan(MILK, BREAD)
    assert (window.width(), window.height()) == size
    for button, least_mm in (
        (screen.pay.button("cash"), 20),
        (screen.pay.button("card"), 20),
        (screen.pad.key("5"), 15),
        (screen.line_actions.button("x3"), 12),
        (screen.fkeys.button("F9"), 12),
    ):
        assert button is not None
        assert button.height() >= theme.mm(window, least_mm)
        assert window.rect().contains(place(button, window))
    assert screen.cart.height() >= 3 * 64
    share = screen.cart.width() / (screen.cart.width() + screen.upper.width())
    assert 0.40 <= share <= 0.44


@pytest.mark.parametrize(
    ("left_handed", "direction", "cart_is_left"),
    [
        (False, Qt.LayoutDirection.LeftToRight, True),
        (True, Qt.LayoutDirection.LeftToRight, False),
        (False, Qt.LayoutDirection.RightToLeft, False),
        (True, Qt.LayoutDirection.RightToLeft, True),
    ],
)
def test_the_cart_changes_sides_for_left_hands_and_right_to_left(
    till: Till, show: Show, qapp: QApplication, left_handed: bool,
    direction: Qt.LayoutDirection, cart_is_left: bool,
) -> None:  # fmt: skip
    qapp.setLayoutDirection(direction)
    window = show(left_handed=left_handed)
    screen = window.checkout
    cart, shelf = place(screen.cart, window), place(screen.upper, window)
    assert (cart.left() < shelf.left()) is cart_is_left


def test_button_mode_has_larger_keys(till: Till, show: Show) -> None:
    small = show().checkout.pad.key("5").height()
    large = show(1366, 900, button_mode=True).checkout.pad.key("5").height()
    assert large > small


def test_codes_scanned_before_the_store_is_open_wait_their_turn(
    till: Till, qtbot: QtBot, qapp: QApplication
) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.scan(MILK)
    window.scan(BREAD)
    presenter = CheckoutPresenter(
        till.checkout, till.receipts, till.checkout.shop, window.show_state
    )
    presenter.start()
    window.attach(presenter)
    assert [row.name for row in presenter.state.rows] == ["Whole milk", "Rye bread"]


def test_a_gesture_before_the_store_is_open_does_nothing(qtbot: QtBot, qapp: QApplication) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.checkout.pad.key("5").click()
    window.checkout.fkeys.pressed.emit("F12")
    assert window.checkout.entry.text() == ""


def test_a_scan_on_another_screen_goes_to_the_sale(till: Till, show: Show) -> None:
    window = show()
    made: list[QWidget] = []

    def make() -> QWidget:
        made.append(QWidget())
        return made[-1]

    window.add_screen("receipts", "Receipts", "receipt", make)
    assert made == []
    window.show_screen("receipts")
    window.show_screen("receipts")
    assert len(made) == 1
    window.scan(MILK)
    assert window.current_screen() == "sell"
    assert [row.name for row in till.state.rows] == ["Whole milk"]


def test_the_first_painting_furnishes_the_window_once(qtbot: QtBot, qapp: QApplication) -> None:
    told: list[int] = []
    window = MainWindow(on_furnished=lambda: told.append(1))
    window.add_screen("receipts", "Receipts", "receipt", QWidget)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: told == [1])
    assert window.current_screen() == "sell"
    assert window.interior.rail.button("receipts").accessibleName() == "Receipts"


FIRST_PAINT = """
import sys
from PySide6.QtWidgets import QApplication
app = QApplication([])
from pos_app.ui import theme
theme.apply_theme(app, theme.LIGHT)
from pos_app.ui.main_window import MainWindow
painted = []
window = MainWindow(on_furnished=lambda: painted.append(1))
window.show()
heavy = ("sqlalchemy", "pysqlite3", "babel", "escpos", "reportlab", "cryptography",
         "pos_app.domain.pricing", "pos_app.domain.sale", "pos_app.services",
         "pos_app.store", "pos_app.ui.interior")
before = [name for name in sys.modules if name.startswith(heavy)]
while not painted:
    app.processEvents()
after = [name for name in sys.modules if name.startswith(heavy[:-1])]
print(before, after)
"""


def test_neither_the_first_painting_nor_the_furniture_imports_anything_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    assert done.stdout.strip() == "[] []"


def test_a_scan_touches_only_what_changed(
    till: Till, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = show()
    screen = window.checkout
    till.scan(MILK, BREAD)
    touched: list[str] = []
    monkeypatch.setattr(screen.tiles, "show_tiles", lambda _: touched.append("tiles"))
    monkeypatch.setattr(screen.fkeys, "show_keys", lambda _: touched.append("fkeys"))
    monkeypatch.setattr(screen.tenders, "show_tenders", lambda _: touched.append("tenders"))
    rows = till.state.rows
    till.scan(BREAD)
    assert touched == []
    assert till.state.rows[0] is rows[0]


def test_the_number_pad_types_into_the_entry_line(till: Till, show: Show) -> None:
    screen = show().checkout
    till.scan(MILK)
    for key in ("1", "decimal", "5", "0"):
        screen.pad.key(key).click()
    assert screen.entry.text() == "1.50"
    screen.pad.key("backspace").click()
    assert screen.entry.text() == "1.5"
    screen.pad.key("clear").click()
    assert screen.entry.text() == ""
    screen.pad.key("4").click()
    screen.pad.key("multiply").click()
    assert screen.prompt.text() == "4 ×"
    screen.pad.key("enter").click()
    assert till.state.rows[0].quantity == "4"
    assert not screen.prompt.isVisible()


def test_the_discount_sheet_by_touch_gives_the_reason_too(till: Till, show: Show) -> None:
    screen = show().checkout
    till.scan(BREAD)
    screen.line_actions.button("discount").click()
    panel = screen.sheet_panel()
    assert panel is not None
    panel.reason.emit("Staff")
    panel.preset.emit("20")
    assert till.state.rows[0].discount == "−20% Staff"
    assert screen.sheet_panel() is None


def test_on_account_by_touch(till: Till, show: Show) -> None:
    screen = show().checkout
    till.scan(BREAD, "99001")
    screen.pay.button("other").click()
    panel = screen.sheet_panel()
    assert panel is not None
    panel.body("ways").buttons["on_account"].click()  # type: ignore[attr-defined]
    assert till.state.is_finished


def test_a_payment_so_far_is_given_back_by_touch(till: Till, show: Show) -> None:
    screen = show().checkout
    till.scan(BREAD)
    till.keys("2")
    till.press("F12")
    button = screen.tenders.button(0)
    assert button is not None
    assert button.isVisible()
    button.click()
    assert till.state.tenders == ()
    assert not screen.tenders.isVisible()


def test_a_notice_that_was_closed_leaves_the_state(till: Till, show: Show) -> None:
    screen = show().checkout
    till.press("F12")
    assert screen.over.notices is not None
    assert len(screen.over.notices.notices()) == 1
    screen.over.notices.dismissed.emit("refusal")
    assert till.state.notices == ()


def test_the_theme_can_change_while_selling(till: Till, show: Show, qapp: QApplication) -> None:
    window = show()
    till.scan(MILK)
    light = window.grab().toImage()
    theme.apply_theme(qapp, theme.DARK)
    qapp.processEvents()
    dark = window.grab().toImage()
    theme.apply_theme(qapp, theme.LIGHT)
    assert dark.pixelColor(5, 5).lightness() < 60 < light.pixelColor(5, 5).lightness()


def test_a_quantity_by_one_touch_and_its_undoing(till: Till, show: Show) -> None:
    screen = show().checkout
    till.scan(MILK)
    screen.line_actions.button("x3").click()
    screen.line_actions.button("less").click()
    assert till.state.rows[0].quantity == "2"
    screen.line_actions.button("remove").click()
    assert not screen.line_actions.button("x3").isEnabled()


def test_the_state_of_a_shop_without_presets_still_draws(till: Till, show: Show) -> None:
    window = show()
    state = replace(till.state, presets=(), quick=())
    window.show_state(state)
    assert not window.checkout.line_actions.button("preset0").isEnabled()
    till.presenter.lines.set_quantity(Decimal(2))
    assert "No line is selected" in till.told

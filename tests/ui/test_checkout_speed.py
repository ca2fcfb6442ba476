"""A scan stays cheap; the bars themselves (a frame, a millisecond) are the benchmarks'."""

import time
from collections.abc import Callable

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.domain.cart import price_cart
from pos_app.ui import theme
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.checkout import CheckoutPresenter
from tests.ui.conftest import Till, product

# Ten times the bars that `tests/benchmarks/` measure: a slow machine passes, an accident does not.
FRAME_MS, STEP_MS = 167.0, 10.0
LINES, ROUNDS = 50, 100


def fill_cart(till: Till) -> list[str]:
    codes = [f"9{place:06d}" for place in range(LINES)]
    with till.store.transaction() as tx:
        tx.products.save_many(
            product(100 + place, code, f"Product {place}", "2.49")
            for place, code in enumerate(codes)
        )
    till.scan(*codes)
    assert len(till.state.rows) == LINES
    return codes


def measured(do: Callable[[int], object]) -> list[float]:
    """Milliseconds of processor time of each round, shortest first."""
    spent = []
    for number in range(ROUNDS):
        before = time.process_time()
        do(number)
        spent.append((time.process_time() - before) * 1000)
    return sorted(spent)


def test_the_step_from_cart_to_state_is_cheap(till: Till) -> None:
    fill_cart(till)
    sale = till.presenter.sale

    def step(_number: int) -> None:
        sale._priced = None
        sale.show()

    assert price_cart(sale.cart) == sale.priced
    assert measured(step)[ROUNDS // 2] <= STEP_MS


def test_a_scan_into_fifty_lines_is_painted_at_once(
    till: Till, qtbot: QtBot, qapp: QApplication
) -> None:
    codes = fill_cart(till)
    theme.apply_theme(qapp, theme.LIGHT)
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1920, 1080)
    presenter = CheckoutPresenter(
        till.checkout, till.receipts, till.checkout.shop, window.show_state
    )
    presenter.start()
    window.attach(presenter)
    with qtbot.waitExposed(window):
        window.show()

    def scan(number: int) -> None:
        window.scan(codes[number % LINES])
        qapp.processEvents()

    window.make_all()
    scan(0)
    assert measured(scan)[ROUNDS // 2] <= FRAME_MS

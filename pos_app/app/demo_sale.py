"""A sale rung up in the real window without a display, for a first look and for machines."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer

from pos_app.app.folders import make_folder
from pos_app.domain.errors import PosError

if TYPE_CHECKING:
    from pos_app.app.till import Till

SIZE = (1280, 800)
TIMEOUT_S = 180
REFUSED = 2
ITEMS = 4


class DemoTookTooLong(PosError):
    """The window did not get there in time."""

    sentence = "The demo sale was not finished in {seconds} seconds. Try again."


class NothingToSell(PosError):
    """The shop has no product with a barcode and a price."""

    sentence = "This shop has no product with a barcode and a price. Import products first."


def ring_up_demo_sale(till: "Till", out: Path) -> int:
    """Scan some products, pay cash, and save what the screen and the paper show.

    Writes cart.png, screenshot.png and receipt.png into `out`; returns the exit status.
    """
    make_folder(out)
    till.show(SIZE)
    _wait_for(till, lambda: till.failure is not None or till.presenter is not None)
    if till.failure is not None or till.presenter is None or till.store is None:
        till.window.close()
        return REFUSED
    till.window.make_all()
    for code in _codes(till):
        till.window.scan(code)
    _settle(till)
    till.window.grab().save(str(out / "cart.png"))
    till.presenter.press("F12")
    _wait_for(till, lambda: bool(till.last_receipt))
    _settle(till)
    till.window.grab().save(str(out / "screenshot.png"))
    (out / "receipt.png").write_bytes(till.last_receipt)
    sale = till.store.sales.last()
    if sale is not None:
        print(f"Sale {sale.number}: {len(sale.lines)} lines, {sale.amount_due}, {out.resolve()}")
    till.window.close()
    return 0


def _codes(till: "Till") -> list[str]:
    if till.store is None:
        return []
    sellable = [
        found.product.barcodes[0]
        for found in till.store.products.page(0, 200)
        if found.product.barcodes and found.product.price
    ]
    if not sellable:
        raise NothingToSell()
    picked = sellable[:: max(len(sellable) // ITEMS, 1)][:ITEMS]
    return [*picked, picked[0]]


def _wait_for(till: "Till", is_true: Callable[[], bool]) -> None:
    until = time.monotonic() + TIMEOUT_S
    while not is_true():
        if time.monotonic() > until:
            till.window.close()
            raise DemoTookTooLong(seconds=TIMEOUT_S)
        _turn(20)


def _settle(till: "Till") -> None:
    """Let everything be painted that was asked for."""
    for _ in range(10):
        till.app.processEvents()
    _turn(100)


def _turn(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()

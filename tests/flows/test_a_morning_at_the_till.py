"""The assembled till, from keys to paper: nothing stands in but the printer on the loopback."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_app.app.till import Till
from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.services.checkout import utc_now
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.scanning import receipt_number
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.verification import verify
from pos_app.store.store import open_reader, open_store
from tests.printing.simulated_printer import Printer, on_the_network
from tests.printing.someone_elses import lines, needs_npos
from tests.ui.keyboard import Keyboard

Open = Callable[[Path], Till]


@pytest.fixture(autouse=True)
def hooks_back() -> Iterator[None]:
    hook = sys.excepthook
    yield
    sys.excepthook = hook


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "demo.db"
    create_demo_shop(path, utc_now(), days=0).close()
    return path


@pytest.fixture
def open_till(qtbot: QtBot) -> Iterator[Open]:
    opened: list[Till] = []

    def open_it(path: Path) -> Till:
        till = Till(path, lambda _path, _job: None)
        opened.append(till)
        till.show((1280, 800))
        qtbot.waitUntil(lambda: till.presenter is not None or till.failure is not None)
        till.window.activateWindow()
        qtbot.waitUntil(till.window.checkout.entry.hasFocus)
        return till

    yield open_it
    for till in opened:
        till.window.close()
        till.window.deleteLater()


def print_on(path: Path, printer: Printer) -> None:
    with open_store(path) as store:
        settings = PrinterSettings("Counter", PrinterKind.NETWORK, printer.target)
        ShopSetup(store, utc_now).save(replace(store.settings.shop(), printers=(settings,)))


def codes(path: Path, count: int) -> list[str]:
    with open_reader(path) as store:
        found = store.products.page(0, 60)
    pieces = [one.product for one in found if one.product.unit.code == "pc"]
    return [product.barcodes[0] for product in pieces[:count]]


@needs_npos
def test_scanned_goods_are_paid_in_cash_and_the_receipt_comes_out(
    shop: Path, open_till: Open, qtbot: QtBot
) -> None:
    with on_the_network(Printer()) as printer:
        print_on(shop, printer)
        till = open_till(shop)
        wanted = codes(shop, 3)
        scanner = Keyboard(till.window.windowHandle())
        for place, code in enumerate(wanted, 1):
            scanner.scan(code)
            qtbot.waitUntil(lambda place=place: len(till.presenter.state.rows) == place)
        scanner.key(int(Qt.Key.Key_F12), "", gap_ms=500)
        qtbot.waitUntil(lambda: till.presenter.state.is_finished)
        qtbot.waitUntil(lambda: any(printer.jobs))
        assert till.store is not None
        sale = till.store.sales.last()
        assert sale is not None
        assert [line.name for line in sale.lines] == [row.name for row in till.presenter.state.rows]
        qtbot.waitUntil(lambda: till.receipts.waiting() == 0)
        paper = "\n".join(lines(b"".join(printer.jobs)))
        assert sale.number in paper
        assert all(line.name[:20] in paper for line in sale.lines)
        till.window.close()
    assert verify(shop).is_sound


def test_a_printer_that_is_off_never_stops_a_sale_and_prints_when_it_is_back(
    shop: Path, open_till: Open, qtbot: QtBot
) -> None:
    with on_the_network(Printer()) as printer:
        print_on(shop, printer)
        printer.state, printer.paper = 0x1A, 0x72
        till = open_till(shop)
        for code in codes(shop, 2):
            till.window.scan(code)
            till.presenter.press("F11")
            assert till.presenter.state.is_finished
        qtbot.waitUntil(lambda: bool(till.presenter.state.notices))
        assert any("paper" in notice.text for notice in till.presenter.state.notices)
        assert till.receipts.waiting() == 2
        printer.state, printer.paper = 0x12, 0x12
        till.presenter.act("printer", "retry")
        qtbot.waitUntil(lambda: till.receipts.waiting() == 0)
        till.window.close()
    assert verify(shop).is_sound


def test_the_sale_in_progress_is_back_after_the_window_was_closed(
    shop: Path, open_till: Open
) -> None:
    till = open_till(shop)
    for code in codes(shop, 3):
        till.window.scan(code)
    rows = [row.name for row in till.presenter.state.rows]
    till.window.close()
    again = open_till(shop)
    assert [row.name for row in again.presenter.state.rows] == rows


def test_a_code_scanned_before_the_store_is_open_is_sold(
    shop: Path, qtbot: QtBot, open_till: Open
) -> None:
    [code] = codes(shop, 1)
    till = Till(shop, lambda _path, _job: None)
    till.window.scan(code)
    till.show((1024, 768))
    qtbot.waitUntil(lambda: till.presenter is not None and len(till.presenter.state.rows) == 1)
    till.window.close()


def test_a_receipts_code_leads_to_its_receipt(shop: Path, open_till: Open, qtbot: QtBot) -> None:
    till = open_till(shop)
    [code] = codes(shop, 1)
    till.window.scan(code)
    till.presenter.press("F11")
    qtbot.waitUntil(lambda: bool(till.last_receipt))
    assert till.store is not None
    sale = till.store.sales.last()
    assert sale is not None
    with Image.open(BytesIO(till.last_receipt)) as paper:
        [printed] = zxingcpp.read_barcodes(paper)
    assert receipt_number(printed.text) == sale.number
    till.window.show_screen("receipts")
    till.window.scan(printed.text)
    assert till.window.current_screen() == "receipts"


def test_another_language_draws_the_window_anew_and_keeps_the_cart(
    shop: Path, open_till: Open, qtbot: QtBot
) -> None:
    till = open_till(shop)
    for code in codes(shop, 2):
        till.window.scan(code)
    rows = till.presenter.state.rows
    first = till.window
    assert till.store is not None
    setup = ShopSetup(till.store, utc_now)
    known = till.store.settings.shop()
    setup.save(replace(known, screen=replace(known.screen, language="de", theme="dark")))
    from pos_app.ui.changes import Changes

    till.hub.publish(Changes(settings=True))
    qtbot.waitUntil(lambda: till.window is not first)
    assert [row.name for row in till.presenter.state.rows] == [row.name for row in rows]
    assert any(key.label == "Rabatt" for key in till.presenter.state.fkeys)
    setup.save(known)
    till.hub.publish(Changes(settings=True))
    qtbot.waitUntil(lambda: any(key.label == "Discount" for key in till.presenter.state.fkeys))

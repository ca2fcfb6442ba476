"""From the list of receipts to the counter: return and void of the marked document, in the till."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app import texts
from pos_app.app.screens import RECEIPTS
from pos_app.app.till import Till
from pos_app.domain.sale import Sale
from pos_app.services.checkout import utc_now
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.verification import verify
from pos_app.ui.main_window import SELL
from pos_app.ui.receipts_screen import ReceiptsScreen


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Till]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    path = tmp_path / "demo.db"
    create_demo_shop(path, utc_now(), days=1).close()
    till = Till(path, lambda _path, _job: None)
    till.show((1280, 800))
    qtbot.waitUntil(lambda: till.presenter is not None)
    yield till
    till.window.close()
    assert verify(path).is_sound
    texts.use_language("en")


def sold(till: Till, pieces: int = 1) -> Sale:
    assert till.store is not None
    assert till.presenter is not None
    found = [one.product for one in till.store.products.page(0, 50)]
    code = next(product.barcodes[0] for product in found if product.barcodes and product.price)
    for _ in range(pieces):
        till._scan(code)
    till.presenter.press("F12")
    last = till.store.sales.last()
    assert last is not None
    return last


def list_with(till: Till, sale: Sale) -> ReceiptsScreen:
    till.window.show_screen(RECEIPTS)
    screen = till.window.interior.screen_of(RECEIPTS)
    assert isinstance(screen, ReceiptsScreen)
    screen.presenter.open(sale.id)
    return screen


def test_return_brings_the_counter_with_the_receipts_lines(till: Till) -> None:
    sale = sold(till, pieces=2)
    screen = list_with(till, sale)
    assert not screen.take_back.isHidden()
    screen.take_back.click()
    assert till.window.current_screen() == SELL
    assert till.presenter is not None
    assert sale.number in till.presenter.state.sheet.title
    till.presenter.sheet.choose("1")
    till.presenter.press("F12")
    screen = list_with(till, sale)
    assert "Given back in part" in screen._fate.text()
    assert not screen.take_back.isHidden()
    assert screen.void.isHidden()
    row = screen.frame.table.rows().row_at(1)
    assert row is not None
    assert row.cells[3] == "Sale, given back"


def test_void_brings_the_counter_and_the_list_then_says_it(till: Till) -> None:
    sale = sold(till)
    screen = list_with(till, sale)
    screen.void.click()
    assert till.window.current_screen() == SELL
    assert till.presenter is not None
    till.presenter.sheet.choose("Wrong payment")
    screen = list_with(till, sale)
    assert "undone by" in screen._fate.text()
    assert screen.void.isHidden()
    assert screen.take_back.isHidden()
    kinds = [screen.frame.table.rows().row_at(place).cells[3] for place in (0, 1)]  # type: ignore[union-attr]
    assert kinds == ["Void", "Sale, voided"]


def test_a_sale_in_progress_stays_when_another_one_is_undone(till: Till) -> None:
    sale = sold(till)
    assert till.presenter is not None
    assert till.store is not None
    code = next(
        one.product.barcodes[0] for one in till.store.products.page(0, 50) if one.product.barcodes
    )
    till._scan(code)
    list_with(till, sale).void.click()
    till.presenter.sheet.choose("Wrong payment")
    assert len(till.presenter.state.rows) == 1
    assert till.store.sales.void_of(sale.id) is not None

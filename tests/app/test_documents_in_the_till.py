"""Orders and invoices in the whole till: from the rail to the counter, and on to other screens."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app import texts
from pos_app.app.screens import INVOICES, ORDERS, RECEIPTS
from pos_app.app.till import Till
from pos_app.domain.order import Order, OrderState
from pos_app.services.document_records import INVOICE, ORDER
from pos_app.services.verification import verify
from pos_app.ui.document_screen import DocumentsScreen
from pos_app.ui.main_window import SELL
from tests.services.document_office import Office, new_office


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    return tmp_path / "shop.db"


@pytest.fixture
def till(path: Path, qtbot: QtBot) -> Iterator[Till]:
    office = new_office(path)
    _deal(office)
    office.store.close()
    till = Till(path, lambda _path, _job: None)
    till.show((1280, 800))
    qtbot.waitUntil(lambda: till.presenter is not None)
    yield till
    till.window.close()
    assert verify(path).is_sound
    texts.use_language("en")


def _deal(office: Office) -> None:
    order = office.order()
    office.notes.deliver(order, {"1": Decimal(4)})
    office.invoicing.of_order(office.now(order))
    office.order(2)


def screen_of(till: Till, key: str, qtbot: QtBot) -> DocumentsScreen:
    till.window.show_screen(key)
    screen = till.window.interior.screen_of(key)
    assert isinstance(screen, DocumentsScreen)
    qtbot.waitUntil(lambda: not screen.presenter.list.is_reading)
    return screen


def newest_order(till: Till) -> Order:
    assert till.store is not None
    listed = till.store.documents.page(ORDER.name)[0]
    found = till.store.records.get(ORDER, listed.id)
    assert found is not None
    return found


def test_an_order_is_collected_and_paid_at_the_counter_and_leads_to_its_receipt(
    till: Till, qtbot: QtBot
) -> None:
    assert till.store is not None
    assert till.presenter is not None
    screen = screen_of(till, ORDERS, qtbot)
    order = newest_order(till)
    screen.presenter.open_any(ORDER.name, order.head.id)
    screen.presenter.press("collect")
    assert till.window.current_screen() == SELL
    till.presenter.press("F12")
    assert newest_order(till).state is OrderState.FULLY_DELIVERED
    screen_of(till, ORDERS, qtbot)
    detail = screen.presenter.state.detail
    assert detail is not None
    [link] = [one for one in detail.links if one.record == "receipt"]
    screen.presenter.open_any(link.record, link.id)
    assert till.window.current_screen() == RECEIPTS


def test_a_sale_on_the_screen_is_not_lost_when_an_order_is_brought(
    till: Till, qtbot: QtBot
) -> None:
    assert till.presenter is not None
    till.presenter.entry.scan("PROD002")
    screen = screen_of(till, ORDERS, qtbot)
    screen.presenter.open_any(ORDER.name, newest_order(till).head.id)
    screen.presenter.press("collect")
    assert till.window.current_screen() == SELL
    assert [line.name for line in till.presenter.sale.cart.lines] == ["Paper"]
    till.presenter.sheet.choose("park")
    assert till.presenter.sale.cart.order_id == newest_order(till).head.id
    assert len(till.presenter.sale.checkout.parked()) == 1


def test_the_invoice_of_an_order_opens_on_the_other_screen_and_back(
    till: Till, qtbot: QtBot
) -> None:
    assert till.store is not None
    screen = screen_of(till, INVOICES, qtbot)
    key = screen.presenter.state.rows.fetch(0, 1)[0].key
    screen.presenter.open(key)
    detail = screen.presenter.state.detail
    assert detail is not None
    [link] = [one for one in detail.links if one.record == ORDER.name]
    screen.presenter.open_any(link.record, link.id)
    assert till.window.current_screen() == ORDERS
    orders = screen_of(till, ORDERS, qtbot)
    assert orders.presenter.state.tab == "orders"
    assert orders.presenter.state.detail.key == link.id  # type: ignore[union-attr]
    orders.presenter.open_any(INVOICE.name, key)
    assert till.window.current_screen() == INVOICES

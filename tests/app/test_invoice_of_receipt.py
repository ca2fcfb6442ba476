"""From a receipt to its invoice and on to its payment at the counter, in the real till."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_app import texts
from pos_app.app.screens import INVOICES, RECEIPTS
from pos_app.app.till import Till
from pos_app.domain.invoice import InvoiceState
from pos_app.domain.sale import Sale
from pos_app.services.checkout import utc_now
from pos_app.services.demo_documents import GUESTHOUSE
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.document_records import INVOICE
from pos_app.services.verification import verify
from pos_app.ui.main_window import SELL
from pos_app.ui.receipts_screen import ReceiptsScreen


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Till]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    path = tmp_path / "demo.db"
    create_demo_shop(path, utc_now(), days=1).close()
    made = Till(path, lambda _path, _job: None)
    made.show((1280, 800))
    qtbot.waitUntil(lambda: made.presenter is not None)
    yield made
    made.window.close()
    assert verify(path).is_sound
    texts.use_language("en")


def sold(till: Till) -> Sale:
    assert till.store is not None
    assert till.presenter is not None
    found = [one.product for one in till.store.products.page(0, 50)]
    code = next(product.barcodes[0] for product in found if product.barcodes and product.price)
    till._scan(code)
    till.presenter.press("F12")
    sale = till.store.sales.last()
    assert sale is not None
    return sale


def receipt(till: Till, sale: Sale) -> ReceiptsScreen:
    till.window.show_screen(RECEIPTS)
    screen = till.window.interior.screen_of(RECEIPTS)
    assert isinstance(screen, ReceiptsScreen)
    screen.presenter.open(sale.id)
    return screen


def test_a_receipt_without_a_customer_asks_whose_invoice_it_is_and_opens_it(
    till: Till, qtbot: QtBot
) -> None:
    sale = sold(till)
    screen = receipt(till, sale)
    assert screen.invoice.text() == "Make an invoice"
    screen.invoice.click()
    asked = screen.customers
    assert asked is not None
    qtbot.keyClicks(asked.search, "quayside g")
    assert till.store is not None
    qtbot.keyClick(asked.search, Qt.Key.Key_Return)
    assert not asked.isVisible()
    assert till.window.current_screen() == INVOICES
    invoice = till.store.records.starting_with(INVOICE, sale.id, 1)[0]
    assert invoice.head.customer.name == GUESTHOUSE
    assert invoice.state is InvoiceState.FULLY_PAID
    assert (invoice.total.minor, invoice.sale_number) == (sale.amount_due.minor, sale.number)


def test_a_second_press_opens_the_same_invoice(till: Till) -> None:
    assert till.store is not None
    sale = sold(till)
    customer = till.store.customers.search("harbour", 1)[0]
    screen = receipt(till, sale)
    screen.presenter.invoice(customer)
    count = till.store.records.count(INVOICE)
    screen = receipt(till, sale)
    assert screen.invoice.text() == "Open the invoice"
    screen.invoice.click()
    assert till.window.current_screen() == INVOICES
    assert till.store.records.count(INVOICE) == count


def test_the_number_of_an_open_invoice_scanned_at_the_counter_is_paid_there(till: Till) -> None:
    assert till.store is not None
    assert till.presenter is not None
    [owed] = [one for one in till.store.documents.page("invoice") if one.open > 0]
    till.window.show_screen(SELL)
    till._scan(owed.number)
    assert owed.number in till.presenter.state.rows[0].name
    till.presenter.press("F12")
    paid = till.store.records.get(INVOICE, owed.id)
    assert paid is not None
    assert paid.state is InvoiceState.FULLY_PAID

"""The office screens on a real store; a barcode with Enter presses nothing on any of them."""

import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.product import Product
from pos_app.domain.receipt_code import receipt_code_text
from pos_app.domain.sale import Sale
from pos_app.services.catalogue import Catalogue
from pos_app.services.checkout import Checkout
from pos_app.store.store import Store, create_store
from pos_app.ui import theme
from pos_app.ui.background import cancel_all
from pos_app.ui.catalogue_screen import CatalogueScreen
from pos_app.ui.changes import Changes
from pos_app.ui.customers_screen import CustomersScreen
from pos_app.ui.presenters.product_import import Step
from pos_app.ui.presenters.settings import Page
from pos_app.ui.receipts_screen import ReceiptsScreen
from pos_app.ui.settings_screen import SettingsScreen
from tests.ui.conftest import BREAD, COFFEE, CUSTOMERS, MILK, NOW, PRODUCTS, SHOP, PaperTray
from tests.ui.connection_desks import HandDesk


def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    """The light dress; sheets that were closed are collected here, never in a worker thread."""
    if not qapp.styleSheet() or theme.current() is not theme.LIGHT:
        theme.apply_theme(qapp, theme.LIGHT)
    gc.disable()
    yield
    assert cancel_all()
    qapp.processEvents()
    gc.collect()
    gc.enable()


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store in which the journal tells of everything."""
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "sound.db", SHOP, now=NOW) as made:
        yield made


@pytest.fixture
def sales(store: Store) -> list[Sale]:
    checkout = Checkout(store, now)
    made = []
    for codes in ((MILK,), (BREAD, MILK), (COFFEE, COFFEE)):
        cart = checkout.new_cart()
        for code in codes:
            cart = checkout.scan(cart, code).cart
        made.append(checkout.complete(cart, [TenderRequest(TenderMethod.CARD)]))
    return made


Make = Callable[[Store], QWidget]


def catalogue(store: Store) -> CatalogueScreen:
    return CatalogueScreen(store, now)


def customers(store: Store) -> CustomersScreen:
    return CustomersScreen(store, now)


def receipts(store: Store) -> ReceiptsScreen:
    return ReceiptsScreen(store, PaperTray(), now)


def settings(store: Store) -> SettingsScreen:
    return SettingsScreen(store, now, connections=HandDesk())


def product_sheet(store: Store) -> QWidget:
    screen = catalogue(store)
    screen.take_scan(MILK)
    return screen


def import_wizard(store: Store) -> QWidget:
    screen = catalogue(store)
    screen.open_wizard()
    return screen


def customer_sheet(store: Store) -> QWidget:
    screen = customers(store)
    screen.take_scan("99001")
    return screen


def day_sheet(store: Store) -> QWidget:
    screen = receipts(store)
    screen.choose_day()
    return screen


SCREENS: tuple[Make, ...] = (
    catalogue,
    customers,
    receipts,
    settings,
    product_sheet,
    import_wizard,
    customer_sheet,
    day_sheet,
)


@pytest.mark.parametrize("make", SCREENS)
def test_every_control_has_a_name_and_none_is_a_default_button(
    make: Make, store: Store, qtbot: QtBot
) -> None:
    screen = make(store)
    qtbot.addWidget(screen)
    screen.show()
    nameless = [
        (type(widget).__name__, type(widget.parent()).__name__)
        for widget in screen.findChildren(QWidget)
        if isinstance(
            widget, QPushButton | QLineEdit | QComboBox | QCheckBox | QPlainTextEdit | QTableView
        )
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.accessibleName()
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parent(), QComboBox)
    ]
    assert nameless == []
    buttons = screen.findChildren(QPushButton)
    assert [b.text() for b in buttons if b.isDefault() or b.autoDefault()] == []
    assert all(b.focusPolicy() != Qt.FocusPolicy.NoFocus for b in buttons if b.isEnabled())


@pytest.mark.parametrize("make", SCREENS)
def test_a_barcode_with_enter_presses_nothing_wherever_the_focus_is(
    make: Make, store: Store, qtbot: QtBot
) -> None:
    screen = make(store)
    qtbot.addWidget(screen)
    screen.show()
    sheets = [sheet for sheet in screen.findChildren(QDialog) if sheet.isVisible()]
    window = sheets[-1] if sheets else screen
    pressed: list[str] = []
    buttons = window.findChildren(QAbstractButton)
    for button in buttons:
        if isinstance(button, QPushButton):
            button.clicked.connect(lambda _=False, b=button: pressed.append(b.text()))
    for button in buttons:
        if button.isVisible() and button.focusPolicy() != Qt.FocusPolicy.NoFocus:
            button.setFocus()
            QTest.keyClicks(button, "4006381333931")
            QTest.keyClick(button, Qt.Key.Key_Return)
    assert pressed == []
    assert window.isVisible()
    assert store.products.get(PRODUCTS[0].id) == PRODUCTS[0]


def test_typing_in_the_search_narrows_the_list(store: Store, qtbot: QtBot) -> None:
    screen = catalogue(store)
    qtbot.addWidget(screen)
    screen.show()
    qtbot.keyClicks(screen.frame.search, "bread")
    assert screen.frame.table.rows().rowCount() == 1
    QTest.keyClick(screen.frame.search, Qt.Key.Key_Escape)
    assert screen.frame.table.rows().rowCount() == 4


def test_enter_in_the_search_goes_into_the_list_and_enter_there_opens_the_sheet(
    store: Store, qtbot: QtBot
) -> None:
    screen = catalogue(store)
    qtbot.addWidget(screen)
    screen.show()
    qtbot.keyClicks(screen.frame.search, "coffee")
    QTest.keyClick(screen.frame.search, Qt.Key.Key_Return)
    QTest.keyClick(screen.frame.table, Qt.Key.Key_Return)
    assert screen._sheet is not None
    assert screen._sheet.name.text() == "Ground coffee"


def test_the_sheet_saves_what_was_typed_and_the_list_follows(store: Store, qtbot: QtBot) -> None:
    told: list[Changes] = []
    screen = CatalogueScreen(store, now, publish=told.append)
    qtbot.addWidget(screen)
    screen.show()
    screen.take_scan(MILK)
    sheet = screen._sheet
    assert sheet is not None
    sheet.price.selectAll()
    qtbot.keyClicks(sheet.price, "1,35")
    screen.take_scan("96385074")
    sheet.button("save").click()
    assert not sheet.isVisible()
    saved = store.products.find("96385074")
    assert saved is not None
    assert str(saved.price) == "1.35"
    assert told[-1].products
    row = screen.frame.table.rows().row_at(3)
    assert row is not None
    assert row.cells[4] == "1.35"


def test_escape_asks_once_before_typed_text_is_thrown_away(store: Store, qtbot: QtBot) -> None:
    screen = catalogue(store)
    qtbot.addWidget(screen)
    screen.show()
    screen.take_scan(MILK)
    sheet = screen._sheet
    assert sheet is not None
    qtbot.keyClicks(sheet.name, "!")
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    assert "not saved" in sheet._message.text()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert store.products.get(PRODUCTS[0].id) == PRODUCTS[0]


def test_errors_stand_under_their_fields_and_the_first_has_the_focus(
    store: Store, qtbot: QtBot
) -> None:
    screen = catalogue(store)
    qtbot.addWidget(screen)
    screen.show()
    screen.take_scan(MILK)
    sheet = screen._sheet
    assert sheet is not None
    sheet.price.setText("x")
    sheet.price.textEdited.emit("x")
    sheet.button("save").click()
    assert sheet.isVisible()
    assert sheet.price.property("state") == "error"
    assert "not a number" in sheet.price.accessibleDescription()
    assert sheet.name.text() == "Whole milk"


def test_a_million_rows_are_listed_and_the_last_is_reached_at_once(
    store: Store, qtbot: QtBot
) -> None:
    many = 20_000
    with store.transaction() as tx:
        tx.products.save_many(
            Product(f"01900000-0000-7000-8001-{n:012d}", f"X{n}", f"Zebra {n:06d}", None)
            for n in range(many)
        )
    screen = catalogue(store)
    qtbot.addWidget(screen)
    screen.resize(1024, 720)
    screen.show()
    rows = screen.frame.table.rows()
    assert rows.rowCount() == many + 4
    begin = time.perf_counter()
    screen.frame.table.scrollToBottom()
    screen.grab()
    assert time.perf_counter() - begin < 10
    last = rows.row_at(many + 3)
    assert last is not None
    assert last.cells[1] == f"Zebra {many - 1:06d}"
    assert sum(len(page) for page in rows._pages.values()) <= 1_200


def test_a_list_dropped_on_the_wizard_is_imported_off_the_gui_thread(
    store: Store, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("code;name;price\nZ1;Zucchini;2,50\nZ2;;1\n", encoding="utf-8")
    screen = catalogue(store)
    qtbot.addWidget(screen)
    screen.show()
    wizard = screen.open_wizard()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drop = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    wizard.drop.dropEvent(drop)
    qtbot.waitUntil(lambda: wizard.presenter.state.can_start)
    assert wizard.mapping.combo(2).currentText() == "Price"
    wizard.button("start").click()
    assert wizard.presenter.state.step is Step.RUNNING
    qtbot.waitUntil(lambda: wizard.presenter.state.step is Step.DONE)
    assert store.products.find("Z1") is not None
    assert wizard.refused.rows().rowCount() == 1
    assert screen.frame.table.rows().rowCount() == 5
    wizard.button("close").click()
    assert not wizard.isVisible()


def test_an_export_runs_beside_the_screen(store: Store, qtbot: QtBot, tmp_path: Path) -> None:
    screen = catalogue(store)
    qtbot.addWidget(screen)
    screen.presenter.export(tmp_path / "out.xlsx")
    assert not screen.frame.button("export").isEnabled()
    qtbot.waitUntil(lambda: not screen.presenter.state.is_exporting)
    assert (tmp_path / "out.xlsx").stat().st_size > 0
    assert any("out.xlsx" in notice.text for notice in screen.frame.notices.notices())


def test_a_scanned_card_opens_its_customer(store: Store, qtbot: QtBot) -> None:
    screen = customers(store)
    qtbot.addWidget(screen)
    screen.show()
    screen.take_scan("99001")
    sheet = screen._sheet
    assert sheet is not None
    name = sheet.field("name")
    assert isinstance(name, QLineEdit)
    assert name.text() == CUSTOMERS[0].name
    qtbot.keyClicks(name, " (new)")
    sheet.button("save").click()
    saved = store.customers.get(CUSTOMERS[0].id)
    assert saved is not None
    assert saved.name.endswith("(new)")


def test_receipts_stand_newest_first_and_show_their_paper(
    store: Store, sales: list[Sale], qtbot: QtBot
) -> None:
    screen = receipts(store)
    qtbot.addWidget(screen)
    screen.resize(1024, 720)
    screen.show()
    rows = screen.frame.table.rows()
    assert [rows.row_at(n).cells[0] for n in range(3)] == [  # type: ignore[union-attr]
        sale.number for sale in reversed(sales)
    ]
    screen.frame.table.selectRow(1)
    qtbot.waitUntil(lambda: bool(screen.presenter.state.detail.picture))  # type: ignore[union-attr]
    assert not screen.paper._drawn.isNull()
    assert "4.80" in screen.why.toPlainText()
    screen.reprint.click()
    tray = screen.presenter._receipts
    assert isinstance(tray, PaperTray)
    assert tray.did == [f"reprint {sales[1].number}"]


def test_receipts_are_found_by_number_customer_total_and_day(
    store: Store, sales: list[Sale], qtbot: QtBot
) -> None:
    screen = receipts(store)
    qtbot.addWidget(screen)
    presenter = screen.presenter
    for text, count in (
        ("17.98", 1), ("1-00000", 3), ("000002", 1), ("nobody", 0), ("milk", 2), ("rye br", 1)
    ):  # fmt: skip
        presenter.search(text)
        qtbot.waitUntil(lambda: not presenter.state.is_searching)
        assert presenter.state.rows.count() == count, text
    presenter.search("")
    presenter.step_day(0)
    assert presenter.state.rows.count() == 3
    presenter.step_day(-1)
    assert presenter.state.rows.count() == 0
    presenter.choose_day(None)
    assert presenter.state.rows.count() == 3


def test_the_code_on_a_receipt_opens_it_and_a_strange_one_says_why(
    store: Store, sales: list[Sale], qtbot: QtBot
) -> None:
    screen = receipts(store)
    qtbot.addWidget(screen)
    screen.take_scan(receipt_code_text(sales[0].number, sales[0].id))
    assert screen.presenter.state.detail is not None
    assert screen.presenter.state.detail.key == sales[0].id
    screen.take_scan(receipt_code_text(sales[1].number, "0" * 32))
    assert "another one" in screen.presenter.state.notices[-1].text
    screen.take_scan("POS1:9-000777:aaaaaaaaaaaa:")
    assert "9-000777" in screen.presenter.state.notices[-1].text


def test_a_scanned_product_lists_the_receipts_that_have_it(
    store: Store, sales: list[Sale], qtbot: QtBot
) -> None:
    screen = receipts(store)
    qtbot.addWidget(screen)
    screen.take_scan(BREAD)
    presenter = screen.presenter
    qtbot.waitUntil(lambda: not presenter.state.is_searching)
    assert [row.key for row in presenter.state.rows.fetch(0, 9)] == [sales[1].id]
    assert screen.frame.search.text() == "A002"


def test_typing_in_the_settings_never_moves_the_cursor(store: Store, qtbot: QtBot) -> None:
    screen = settings(store)
    qtbot.addWidget(screen)
    screen.show()
    screen.open_page(Page.PRICES)
    field = screen.prices.fields.field("cash_step")
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.1")
    screen.save.click()
    assert store.settings.shop().cash_rounding.step.as_tuple().exponent == -1  # type: ignore[union-attr]
    field.selectAll()
    qtbot.keyClicks(field, "fivexyz")
    assert field.text() == "fivexyz"
    screen.save.click()
    assert field.property("state") == "error"
    qtbot.keyClicks(field, "!")
    assert field.text() == "fivexyz!"
    assert field.property("state") != "error"


def test_the_wheel_over_a_form_changes_no_choice(store: Store, qtbot: QtBot) -> None:
    screen = settings(store)
    qtbot.addWidget(screen)
    screen.show()
    screen.open_page(Page.PRICES)
    before = screen.presenter.state.draft
    for combo in screen.prices.findChildren(QComboBox):
        QTest.keyClick(combo, Qt.Key.Key_Escape)
    assert screen.presenter.state.draft == before


def test_a_scan_on_the_scanner_page_is_taken_apart(store: Store, qtbot: QtBot) -> None:
    screen = settings(store)
    qtbot.addWidget(screen)
    screen.show()
    assert not screen.take_scan("~4006381333931")
    screen.open_page(Page.SCANNER)
    assert screen.take_scan("~4006381333931")
    assert screen.scanner.printed.text() == "4006381333931"
    screen.scanner.take.click()
    kept = store.settings.shop().screen
    assert (kept.scanner_prefix, kept.scanner_suffix) == ("~", "\r")


def test_a_check_of_the_store_runs_while_the_screen_stays_alive(sound: Store, qtbot: QtBot) -> None:
    screen = settings(sound)
    qtbot.addWidget(screen)
    screen.open_page(Page.DATA)
    screen.data.verify.click()
    assert not screen.data.verify.isEnabled()
    qtbot.waitUntil(lambda: not screen.data_presenter.state.is_busy)
    assert screen.data.verify.isEnabled()
    assert "in order" in screen.data.result.text()


def test_every_page_of_the_settings_fits_a_small_screen(store: Store, qtbot: QtBot) -> None:
    screen = settings(store)
    qtbot.addWidget(screen)
    screen.resize(948, 720)
    screen.show()
    for page in Page:
        screen.open_page(page)
        QApplication.processEvents()
        area = screen._areas[page]
        assert area.widget().width() <= area.viewport().width(), page


def test_what_changed_elsewhere_is_shown(store: Store, qtbot: QtBot) -> None:
    screen = catalogue(store)
    qtbot.addWidget(screen)
    screen.show()
    Catalogue(store, now).save_product(replace(PRODUCTS[0], is_active=False))
    screen.refresh(Changes(products=True))
    names = [row.cells[1] for row in screen.presenter.state.rows.fetch(0, 10)]
    assert "Whole milk (not for sale)" in names


@pytest.mark.parametrize("make", [catalogue, customers, receipts])
def test_a_hidden_screen_reads_nothing_until_it_is_shown(
    make: Make, store: Store, qtbot: QtBot
) -> None:
    screen = make(store)
    qtbot.addWidget(screen)
    serial = screen.presenter.state.serial  # type: ignore[attr-defined]
    everything = Changes(sales=True, products=True, customers=True, stock=True)
    for _ in range(3):
        screen.refresh(everything)  # type: ignore[attr-defined]
    assert screen.presenter.state.serial == serial  # type: ignore[attr-defined]
    screen.show()
    assert screen.presenter.state.serial == serial + 1  # type: ignore[attr-defined]


def test_a_wrong_field_below_the_fold_is_scrolled_into_sight(store: Store, qtbot: QtBot) -> None:
    screen = settings(store)
    qtbot.addWidget(screen)
    screen.resize(948, 500)
    screen.show()
    screen.open_page(Page.PRICES)
    screen.presenter.change(discount_presets="many")
    screen.save.click()
    field = screen.prices.fields.field("discount_presets")
    qtbot.waitUntil(lambda: not field.visibleRegion().isEmpty())
    assert field.hasFocus()

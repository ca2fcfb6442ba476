"""Each task of the counter needs at most so many keys or taps; real events are sent and counted.

Scans are not counted. The events go to the window as the platform would send them, so shortcuts,
focus and the scanner filter all have their say.
"""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QListView, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.receipt_code import receipt_code_text
from pos_app.ui import theme
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.checkout import CheckoutPresenter
from pos_app.ui.scanner import ScannerFilter
from tests.ui.conftest import BREAD, COFFEE, MILK, Till

KEYS = {
    "*": Qt.Key.Key_Asterisk, "%": Qt.Key.Key_Percent, ".": Qt.Key.Key_Period,
    "Enter": Qt.Key.Key_Return, "Esc": Qt.Key.Key_Escape, "Del": Qt.Key.Key_Delete,
}  # fmt: skip


class Hands:
    """A cashier at the window: presses keys, touches places, and is counted."""

    def __init__(self, till: Till, window: MainWindow, scanner: ScannerFilter) -> None:
        self.till = till
        self.window = window
        self.scanner = scanner
        self.keys = 0
        self.taps = 0
        self._moment = 1000

    @property
    def screen(self):  # type: ignore[no-untyped-def]
        return self.window.checkout

    def scan(self, *codes: str) -> None:
        for code in codes:
            self.scanner.feed(code)

    def press(self, *names: str) -> None:
        """Press keys one after the other, slowly, as a person does."""
        for whole in names:
            self.keys += 1
            self._moment += 400
            name = whole.removeprefix("Ctrl+")
            held = Qt.KeyboardModifier.NoModifier
            if name != whole:
                held = Qt.KeyboardModifier.ControlModifier
            number = int(name[1:]) if name[0] == "F" and len(name) > 1 else 0
            key = Qt.Key(int(Qt.Key.Key_F1) + number - 1) if number else KEYS.get(name)
            text = "\r" if name == "Enter" else name if len(name) == 1 else ""
            if key is None:
                key = Qt.Key(ord(name.upper()))
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, key, held, "" if name != whole else text)
                event.setTimestamp(self._moment)
                QCoreApplication.sendEvent(self.window.windowHandle(), event)

    def tap(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Touch the middle of a widget, or a place on it."""
        assert widget.isVisible()
        self.taps += 1
        place = widget.mapTo(self.window, at or widget.rect().center())
        for kind, buttons in (
            (QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton),
            (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
        ):
            event = QMouseEvent(
                kind, QPointF(place), QPointF(self.window.mapToGlobal(place)),
                Qt.MouseButton.LeftButton, buttons, Qt.KeyboardModifier.NoModifier,
            )  # fmt: skip
            QCoreApplication.sendEvent(self.window.windowHandle(), event)

    def tap_row(self, rows: QListView, place: int) -> None:
        self.tap(rows.viewport(), rows.visualRect(rows.model().index(place, 0)).center())

    @property
    def count(self) -> int:
        return self.keys + self.taps


@pytest.fixture
def hands(till: Till, qtbot: QtBot, qapp: QApplication) -> Iterator[Hands]:
    theme.apply_theme(qapp, theme.LIGHT)
    window = MainWindow()
    window.resize(1024, 768)
    presenter = CheckoutPresenter(
        till.checkout, till.receipts, till.checkout.shop, window.show_state
    )
    till.presenter = presenter
    presenter.sale._on_state = lambda state: (till.states.append(state), window.show_state(state))
    presenter.start()
    window.attach(presenter)
    scanner = ScannerFilter(window.scan)
    qapp.installEventFilter(scanner)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.checkout.entry.hasFocus)
    yield Hands(till, window, scanner)
    qapp.removeEventFilter(scanner)


def paid(hands: Hands) -> bool:
    return len(hands.till.receipts.printed) == 1


def test_three_scans_and_20_in_cash_are_three_keys(hands: Hands) -> None:
    hands.scan(MILK, BREAD, COFFEE)
    hands.press("2", "0", "F12")
    assert hands.till.state.total.change == "€5.00"
    assert hands.count <= 3


def test_three_scans_and_20_in_cash_are_one_tap(hands: Hands) -> None:
    hands.scan(MILK, BREAD, COFFEE)
    twenty = next(c.key for c in hands.till.state.quick if c.amount == "20.00")
    hands.tap(hands.screen.pay.button(twenty))
    assert hands.till.state.total.change == "€5.00"
    assert hands.count <= 1


@pytest.mark.parametrize("by_tap", [False, True])
def test_exact_cash_is_one(hands: Hands, by_tap: bool) -> None:
    hands.scan(BREAD)
    if by_tap:
        hands.tap(hands.screen.pay.button("cash"))
    else:
        hands.press("F12")
    assert paid(hands)
    assert hands.count <= 1


def test_the_next_sale_needs_nothing(hands: Hands) -> None:
    hands.scan(BREAD)
    hands.press("F12")
    before = hands.count
    hands.scan(MILK)
    assert [row.name for row in hands.till.state.rows] == ["Whole milk"]
    assert hands.count - before == 0


def test_quantity_three_is_two_keys_before_the_scan(hands: Hands) -> None:
    hands.press("3", "*")
    hands.scan(MILK)
    assert hands.till.state.rows[0].quantity == "3"
    assert hands.count <= 2


def test_quantity_three_is_two_keys_on_the_selected_line(hands: Hands) -> None:
    hands.scan(MILK)
    hands.press("*", "3")
    assert hands.till.state.rows[0].quantity == "3"
    assert hands.count <= 2


def test_quantity_three_is_one_tap(hands: Hands) -> None:
    hands.scan(MILK)
    hands.tap(hands.screen.line_actions.button("x3"))
    assert hands.till.state.rows[0].quantity == "3"
    assert hands.count <= 1


def test_a_line_discount_of_ten_percent_is_three_keys(hands: Hands) -> None:
    hands.scan(BREAD)
    hands.press("1", "0", "%")
    assert hands.till.state.rows[0].total == "4.32"
    assert hands.count <= 3


def test_a_line_discount_of_ten_percent_is_one_tap(hands: Hands) -> None:
    hands.scan(BREAD)
    hands.tap(hands.screen.line_actions.button("preset1"))
    assert hands.till.state.rows[0].total == "4.32"
    assert hands.count <= 1


@pytest.mark.parametrize("by_tap", [False, True])
def test_a_price_of_1_99_is_four(hands: Hands, by_tap: bool) -> None:
    hands.scan(BREAD)
    if by_tap:
        for key in "199":
            hands.tap(hands.screen.pad.key(key))
        hands.tap(hands.screen.fkeys.button("F6"))
    else:
        hands.press("1", "9", "9", "F6")
    assert hands.till.state.rows[0].unit_price == "1.99"
    assert hands.count <= 4


@pytest.mark.parametrize("by_tap", [False, True])
def test_park_and_recall_are_one_each(hands: Hands, by_tap: bool) -> None:
    def do(key: str) -> None:
        if by_tap:
            hands.tap(hands.screen.fkeys.button(key))
        else:
            hands.press(key)

    hands.scan(BREAD)
    do("F7")
    assert hands.till.state.rows == ()
    assert hands.count <= 1
    do("F8")
    assert len(hands.till.state.rows) == 1
    assert hands.count <= 2


def test_a_split_of_cash_and_card_is_four_keys(hands: Hands) -> None:
    hands.scan(BREAD, COFFEE)
    hands.press("1", "0", "F12", "F11")
    assert paid(hands)
    assert hands.count <= 4


def test_a_split_of_cash_and_card_is_four_taps(hands: Hands) -> None:
    hands.scan(BREAD, COFFEE)
    for key in "10":
        hands.tap(hands.screen.pad.key(key))
    hands.tap(hands.screen.pay.button("cash"))
    hands.tap(hands.screen.pay.button("card"))
    assert paid(hands)
    assert [tender.amount.minor for tender in hands.till.receipts.printed[0][0].tenders] == [
        1000,
        379,
    ]
    assert hands.count <= 4


def test_a_customer_by_card_needs_nothing(hands: Hands) -> None:
    hands.scan("99001")
    assert hands.till.state.customer == "Muller & Sons"
    assert hands.count == 0


def test_a_customer_by_four_letters_is_five_keys(hands: Hands) -> None:
    hands.scan(MILK)
    hands.press("m", "u", "l", "l", "F4")
    assert hands.till.state.customer == "Muller & Sons"
    assert hands.count <= 5


@pytest.mark.parametrize("by_tap", [False, True])
@pytest.mark.parametrize(("key", "did"), [("F9", "reprint 1-000001"), ("F10", "kick")])
def test_reprint_and_drawer_are_one_each(hands: Hands, key: str, did: str, by_tap: bool) -> None:
    hands.scan(MILK)
    hands.press("F12")
    before = hands.count
    if by_tap:
        hands.tap(hands.screen.fkeys.button(key))
    else:
        hands.press(key)
    assert hands.till.receipts.did == [did]
    assert hands.count - before <= 1


def test_an_unknown_barcode_needs_nothing_and_loses_no_scan(hands: Hands) -> None:
    hands.scan(MILK, "4006381333948", BREAD)
    assert len(hands.till.state.rows) == 3
    assert hands.screen.entry.hasFocus()
    assert hands.count == 0


def test_a_printer_without_paper_needs_nothing_to_go_on_selling(hands: Hands) -> None:
    hands.till.receipts.breaks = OSError("no paper")
    hands.scan(MILK)
    hands.press("F12")
    before = hands.count
    hands.scan(BREAD)
    assert [row.name for row in hands.till.state.rows] == ["Rye bread"]
    assert hands.count - before == 0


def test_a_product_on_a_tile_is_one_tap(hands: Hands) -> None:
    hands.tap_row(hands.screen.tiles.view(), 0)
    assert len(hands.till.state.rows) == 1
    assert hands.screen.entry.hasFocus()
    assert hands.count <= 1


def test_one_of_several_parked_sales_is_two_taps(hands: Hands) -> None:
    for code in (MILK, BREAD):
        hands.scan(code)
        hands.till.press("F7")
    hands.tap(hands.screen.fkeys.button("F8"))
    panel = hands.screen.sheet_panel()
    hands.tap_row(panel.body("list"), 1)
    assert [row.name for row in hands.till.state.rows] == ["Rye bread"]
    assert hands.count <= 2


def test_words_are_searched_and_enter_adds_the_best(hands: Hands) -> None:
    hands.press("c", "o", "f", "Enter")
    assert [row.name for row in hands.till.state.rows] == ["Ground coffee"]
    assert hands.screen.entry.text() == ""


def test_a_code_typed_by_hand_is_taken_with_enter(hands: Hands) -> None:
    hands.press(*MILK, "Enter")
    assert [row.name for row in hands.till.state.rows] == ["Whole milk"]


def test_delete_removes_and_a_touch_on_undo_brings_back(hands: Hands) -> None:
    hands.scan(MILK)
    hands.press("Del")
    assert hands.till.state.rows == ()
    hands.till.presenter.act("undo", "undo")
    assert len(hands.till.state.rows) == 1


def test_escape_clears_the_line_but_not_the_sale(hands: Hands) -> None:
    hands.scan(MILK)
    hands.press("2", "0", "Esc")
    assert hands.screen.entry.text() == ""
    assert len(hands.till.state.rows) == 1


def test_no_touch_takes_the_focus_from_the_entry_line(hands: Hands) -> None:
    hands.scan(MILK, BREAD)
    for touch in touches(hands):
        touch()
        assert hands.screen.entry.hasFocus()


def touches(hands: Hands) -> list[Callable[[], None]]:
    screen = hands.screen
    widgets = [
        screen.pad.key("5"), screen.pad.key("clear"), screen.line_actions.button("more"),
        screen.tiles.categories().button(""), screen.fkeys.button("F1"),
        screen.fkeys.button("F2"), screen.fkeys.button("F5"), screen.fkeys.button("F4"),
        screen.header.button("note"), screen.pay.button("card"),
    ]  # fmt: skip
    return [lambda widget=widget: hands.tap(widget) for widget in widgets]


def receipt_code(hands: Hands) -> str:
    """The code on the receipt of the last sale, as it is printed."""
    sale = hands.till.checkout.store.sales.last()
    assert sale is not None
    entry = hands.till.store.journal.of_sale(sale.id)
    assert entry is not None
    return receipt_code_text(sale.number, sale.id, entry.hash)


def test_returning_one_item_for_cash_is_two_scans_and_two_keys(hands: Hands) -> None:
    hands.scan(MILK, BREAD)
    hands.press("F12")
    hands.keys = 0
    hands.scan(receipt_code(hands), BREAD)
    hands.press("F12")
    back, is_cash = hands.till.receipts.printed[-1]
    assert (back.kind, back.amount_due.minor, is_cash) == ("return", -480, True)
    assert hands.till.store.sales.returned(back.lines[0].returns.sale_id, 2) == 1
    assert hands.count <= 2


def test_a_receipt_scanned_alone_gives_all_of_it_back_with_two_keys(hands: Hands) -> None:
    hands.scan(MILK, BREAD)
    hands.press("F11")
    hands.keys = 0
    hands.scan(receipt_code(hands))
    hands.press("Enter", "Enter")
    back, _ = hands.till.receipts.printed[-1]
    assert (back.gross.minor, back.tenders[0].method) == (-599, "card")
    assert hands.count <= 2


def test_the_last_sale_is_void_with_two_keys(hands: Hands) -> None:
    hands.scan(MILK, BREAD)
    hands.press("F12")
    hands.keys = 0
    hands.press("Ctrl+Del", "Enter")
    void, _ = hands.till.receipts.printed[-1]
    assert (void.kind, void.gross.minor) == ("void", -599)
    assert hands.count <= 2


def test_the_last_sale_is_void_with_two_taps(hands: Hands) -> None:
    hands.scan(MILK)
    hands.press("F12")
    hands.keys = 0
    hands.tap(hands.screen.header.button("discard"))
    sheet = hands.screen.sheet_panel()
    assert sheet is not None
    hands.tap_row(sheet.body("list"), 1)
    void, _ = hands.till.receipts.printed[-1]
    assert void.note == "Customer changed their mind"
    assert hands.count <= 2


def test_an_exchange_is_the_receipt_the_old_item_the_new_one_and_one_key(hands: Hands) -> None:
    hands.scan(BREAD)
    hands.press("F12")
    hands.keys = 0
    hands.scan(receipt_code(hands), BREAD)
    hands.press("Esc")
    hands.scan(COFFEE)
    hands.press("F11")
    exchange, _ = hands.till.receipts.printed[-1]
    assert exchange.kind == "exchange"
    assert [line.quantity for line in exchange.lines] == [-1, 1]
    assert exchange.amount_due.minor == 899 - 480
    assert hands.count <= 2


def test_further_actions_are_one_key_and_one_tap_away(hands: Hands) -> None:
    hands.press("Ctrl+M")
    sheet = hands.screen.sheet_panel()
    assert sheet is not None
    hands.tap(sheet.body("actions").buttons["return"])
    hands.press("1", "-")
    assert hands.till.state.sheet.kind == "ask"
    assert hands.keys <= 3

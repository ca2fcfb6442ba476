"""Notices, sheets, forms and lists: they inform, they never trap a scan or steal the focus."""

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from pos_app.ui import notices, theme
from pos_app.ui.notices import NoticeStack
from pos_app.ui.style_sheet import Theme
from pos_app.ui.views import Column, Notice, NoticeAction, Severity, SheetAction, TableRow
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.dialog import Sheet
from pos_app.ui.widgets.empty_state import EmptyState
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.table_view import PAGE_ROWS, TableView


@pytest.fixture
def stack(qtbot: QtBot, qapp: QApplication) -> Iterator[NoticeStack]:
    theme.apply_theme(qapp, theme.LIGHT)
    page = QWidget()
    column = QVBoxLayout(page)
    line = QLineEdit(page)
    made = NoticeStack(page)
    column.addWidget(line)
    column.addWidget(made)
    page.resize(900, 500)
    qtbot.addWidget(page)
    page.show()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    yield made
    page.close()


PRINTER = Notice(
    "printer",
    Severity.BAR,
    "The sale is saved. The printer is out of paper.",
    actions=(NoticeAction("skip", "Skip"), NoticeAction("retry", "Retry")),
)


def words_of(widget: QWidget) -> str:
    labels = widget.findChildren(QLabel)
    return " ".join(label.text() for label in labels if label.isVisible())


def test_a_notice_says_its_word_and_text_and_leaves_the_focus(stack: NoticeStack) -> None:
    stack.show_notice(PRINTER)
    assert "Attention" in words_of(stack)
    assert PRINTER.text in words_of(stack)
    assert isinstance(QApplication.focusWidget(), QLineEdit)


def test_an_action_tells_notice_and_action(stack: NoticeStack) -> None:
    told: list[tuple[str, str]] = []
    stack.acted.connect(lambda notice, action: told.append((notice, action)))
    stack.show_notice(PRINTER)
    retry = next(b for b in stack.findChildren(Button) if b.text() == "Retry")
    QTest.mouseClick(retry, Qt.MouseButton.LeftButton)
    assert told == [("printer", "retry")]
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    assert stack.notices() == (PRINTER,)


def test_only_an_info_leaves_by_itself(
    stack: NoticeStack, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "INFO_MS", 30)
    left: list[str] = []
    stack.dismissed.connect(left.append)
    for severity in Severity:
        stack.show_notice(Notice(severity.value, severity, "words"))
    qtbot.waitUntil(lambda: left == ["info"])
    assert {n.severity for n in stack.notices()} == set(Severity) - {Severity.INFO}


def test_the_loudest_stands_first_and_a_stop_has_no_way_past_it(stack: NoticeStack) -> None:
    stack.show_notice(Notice("stop", Severity.STOP, "Count the drawer first."))
    for number in range(5):
        stack.show_notice(Notice(f"n{number}", Severity.MARK, f"mark {number}"))
    assert [n.key for n in stack.notices()] == ["stop", "n4", "n3", "n2", "n1", "n0"]
    shown = words_of(stack)
    assert "mark 4" in shown
    assert "mark 0" not in shown
    assert "More notices: 3" in shown
    stack.clear(Severity.MARK)
    buttons = stack.findChildren(QAbstractButton)
    assert [b for b in buttons if b.isVisible()] == []


def test_a_notice_with_the_same_key_takes_the_place_of_the_old_one(stack: NoticeStack) -> None:
    stack.show_notice(PRINTER)
    newer = Notice("printer", Severity.BAR, "The printer is switched off.")
    stack.show_notice(newer)
    assert stack.notices() == (newer,)
    stack.dismiss("printer")
    stack.dismiss("printer")
    assert stack.notices() == ()
    assert not stack.isVisible()


def make_sheet(qtbot: QtBot) -> tuple[Sheet, list[str]]:
    sheet = Sheet("New product", "It will be known from now on.")
    qtbot.addWidget(sheet)
    told: list[str] = []
    sheet.acted.connect(told.append)
    for name in ("first", "second"):
        field = QLineEdit(sheet)
        field.setObjectName(name)
        sheet.body().addWidget(field)
    sheet.set_actions((SheetAction("cancel", "Cancel"), SheetAction("save", "Save")))
    sheet.open()
    qtbot.waitUntil(lambda: sheet.windowHandle() is not None)
    return sheet, told


def test_enter_in_a_sheet_walks_on_and_presses_nothing(qtbot: QtBot) -> None:
    sheet, told = make_sheet(qtbot)
    first = sheet.findChild(QLineEdit, "first")
    assert isinstance(first, QLineEdit)
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    names = []
    for _ in range(6):
        QTest.keyClick(sheet.windowHandle(), Qt.Key.Key_Return)
        focused = sheet.focusWidget()
        names.append(focused.objectName() or focused.accessibleName())
    assert names[:2] == ["second", "Cancel"]
    assert told == []
    assert sheet.isVisible()
    QTest.keyClick(sheet.windowHandle(), Qt.Key.Key_Space)
    assert told == ["cancel"]


def test_no_button_of_a_sheet_is_a_default_button(qtbot: QtBot) -> None:
    sheet, _told = make_sheet(qtbot)
    for button in sheet.findChildren(Button):
        assert not button.isDefault()
        assert not button.autoDefault()


def test_escape_closes_a_sheet_only_when_it_may(qtbot: QtBot) -> None:
    sheet, _told = make_sheet(qtbot)
    QTest.keyClick(sheet.windowHandle(), Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    stubborn = Sheet("Importing", can_close=False)
    qtbot.addWidget(stubborn)
    stubborn.open()
    qtbot.waitUntil(lambda: stubborn.windowHandle() is not None)
    QTest.keyClick(stubborn.windowHandle(), Qt.Key.Key_Escape)
    assert stubborn.isVisible()


def test_a_form_writes_the_error_under_its_field_and_goes_there(qtbot: QtBot) -> None:
    form = Form()
    qtbot.addWidget(form)
    form.add_row("name", "Name", QLineEdit())
    form.add_row("price", "Price", QLineEdit(), "Up to four decimals")
    form.show()
    form.show_errors({"price": "Give a price above zero."})
    qtbot.waitUntil(form.field("price").hasFocus)
    assert "Give a price above zero." in words_of(form)
    assert form.field("price").accessibleDescription() == "Give a price above zero."
    form.show_errors({})
    assert "Up to four decimals" in words_of(form)
    assert form.field("name").accessibleName() == "Name"


class Rows:
    """A million rows that exist only when asked for."""

    def __init__(self, total: int = 1_000_000) -> None:
        self.total = total
        self.asked: list[tuple[int, int]] = []

    def count(self) -> int:
        return self.total

    def fetch(self, offset: int, limit: int) -> Sequence[TableRow]:
        self.asked.append((offset, limit))
        end = min(self.total, offset + limit)
        return [TableRow(str(n), (f"Receipt {n}", f"{n}.00")) for n in range(offset, end)]


COLUMNS = (Column("Receipt", stretches=True), Column("Total", is_figure=True))


def test_a_million_rows_are_fetched_a_page_at_a_time(qtbot: QtBot, qapp: QApplication) -> None:
    table, rows = TableView("Sales"), Rows()
    qtbot.addWidget(table)
    table.resize(600, 400)
    table.show_source(COLUMNS, rows)
    table.show()
    qapp.processEvents()
    assert rows.asked == [(0, PAGE_ROWS)]
    table.scrollToBottom()
    qapp.processEvents()
    assert rows.asked == [(0, PAGE_ROWS), (999_900, PAGE_ROWS)]
    assert table.rows().index(999_999, 1).data() == "999999.00"


def test_only_so_many_pages_are_kept(qtbot: QtBot) -> None:
    table, rows = TableView("Sales"), Rows()
    qtbot.addWidget(table)
    table.show_source(COLUMNS, rows)
    for page in range(20):
        table.rows().row_at(page * PAGE_ROWS)
    rows.asked.clear()
    table.rows().row_at(19 * PAGE_ROWS)
    assert rows.asked == []
    table.rows().row_at(0)
    assert rows.asked == [(0, PAGE_ROWS)]


def test_rows_are_chosen_and_opened_by_key(qtbot: QtBot) -> None:
    table = TableView("Sales")
    qtbot.addWidget(table)
    table.show_source(COLUMNS, Rows(10))
    told: list[str] = []
    table.row_chosen.connect(lambda key: told.append(f"chosen {key}"))
    table.row_opened.connect(lambda key: told.append(f"opened {key}"))
    table.selectRow(3)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert told == ["chosen 3", "opened 3"]
    table.refresh()
    assert table.chosen_key() == "3"


def test_a_source_that_shrinks_behind_our_back_shows_empty_cells(qtbot: QtBot) -> None:
    table, rows = TableView("Sales"), Rows(10)
    qtbot.addWidget(table)
    table.show_source(COLUMNS, rows)
    rows.total = 5
    assert table.rows().index(9, 0).data() == ""
    table.refresh()
    assert table.rows().rowCount() == 5


def test_an_empty_state_offers_one_thing_to_do(qtbot: QtBot) -> None:
    state = EmptyState("package-open", "No products yet", "Import a file.", "Import products")
    qtbot.addWidget(state)
    told: list[bool] = []
    state.acted.connect(lambda: told.append(True))
    button = state.findChild(Button)
    assert isinstance(button, Button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told == [True]


@pytest.mark.parametrize("dress", theme.THEMES.values(), ids=lambda dress: dress.name)
def test_every_widget_is_drawn_in_every_dress_and_each_button_has_a_name(
    qtbot: QtBot, qapp: QApplication, dress: Theme
) -> None:
    import importlib.util
    from pathlib import Path

    spec = importlib.util.spec_from_file_location("shots", Path(__file__).with_name("shots.py"))
    assert spec is not None
    assert spec.loader is not None
    shots = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shots)
    theme.apply_theme(qapp, dress)
    for make in shots.SHOTS:
        page = make()
        qtbot.addWidget(page)
        page.show()
        qapp.processEvents()
        assert not page.grab().isNull()
        for button in page.findChildren(QAbstractButton):
            if button.isVisible() and button.focusPolicy() & Qt.FocusPolicy.TabFocus:
                assert button.accessibleName() or button.text(), (make.__name__, button)
        page.close()
    theme.apply_theme(qapp, theme.LIGHT)

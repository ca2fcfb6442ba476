"""The page of other systems and its sheet, by hand: typed, tested, kept, settled, let go."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from pos_app.store.store import Store
from pos_app.ui import theme
from pos_app.ui.connection_sheet import ConnectionSheet
from pos_app.ui.connection_task_sheets import ArrivedSheet, CompareSheet, ItemsSheet
from pos_app.ui.presenters.connection_form import ConnectionDraft
from pos_app.ui.presenters.settings_pages import Page
from pos_app.ui.settings_connections_page import ConnectionsPage
from pos_app.ui.settings_screen import SettingsScreen
from tests.ui.conftest import NOW
from tests.ui.connection_desks import HandDesk, busy_desk

URL = "https://shop.example.com"


@pytest.fixture
def desk() -> HandDesk:
    return busy_desk(NOW.isoformat())


@pytest.fixture
def page(store: Store, desk: HandDesk, qtbot: QtBot, qapp: QApplication) -> ConnectionsPage:
    theme.apply_theme(qapp, theme.LIGHT)
    screen = SettingsScreen(store, lambda: NOW, connections=desk)
    qtbot.addWidget(screen)
    screen.resize(948, 720)
    with qtbot.waitExposed(screen):
        screen.show()
    screen.open_page(Page.CONNECTIONS)
    assert screen.connections is not None
    return screen.connections


def new_sheet(desk: HandDesk, qtbot: QtBot) -> ConnectionSheet:
    sheet = ConnectionSheet(desk, ConnectionDraft())
    qtbot.addWidget(sheet)
    sheet.open()
    return sheet


def test_a_till_without_other_systems_has_no_such_page(store: Store, qtbot: QtBot) -> None:
    screen = SettingsScreen(store, lambda: NOW)
    qtbot.addWidget(screen)
    assert Page.CONNECTIONS not in screen._areas


def test_every_connection_says_how_it_stands(page: ConnectionsPage) -> None:
    quiet, troubled = page.cards["c1"], page.cards["c2"]
    assert "has everything" in quiet.headline.text()
    assert not quiet.held.isVisible()
    assert "refuses the key" in troubled.headline.text()
    assert "1,204 journal entries" in troubled.about.text()
    assert troubled.held.isVisible()
    assert "24 more" in troubled.held._more.text()


def test_what_may_have_arrived_is_settled_by_whoever_looked(
    page: ConnectionsPage, desk: HandDesk, qtbot: QtBot
) -> None:
    held = page.cards["c2"].held
    qtbot.mouseClick(held.buttons["c2\n1", "arrived"], Qt.MouseButton.LeftButton)
    assert isinstance(page.task, ArrivedSheet)
    qtbot.keyClicks(page.task.id, "4711")
    qtbot.mouseClick(page.task.button("save"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "settle c2 1 arrived 4711" in desk.did)
    qtbot.waitUntil(lambda: ("c2\n1", "arrived") not in page.cards["c2"].held.buttons)
    assert ("c2\n2", "arrived") not in held.buttons  # nobody can say that of what was refused
    assert ("c2\n2", "again") in held.buttons


def test_a_connection_is_switched_off_and_on(
    page: ConnectionsPage, desk: HandDesk, qtbot: QtBot
) -> None:
    frame = page.cards["c1"]
    qtbot.mouseClick(frame.switch, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Switched off" in frame.headline.text())
    qtbot.mouseClick(frame.switch, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "has everything" in frame.headline.text())
    assert desk.did == ["turn c1 False", "turn c1 True"]


def test_a_connection_goes_only_after_the_question(
    page: ConnectionsPage, desk: HandDesk, qtbot: QtBot
) -> None:
    qtbot.mouseClick(page.cards["c1"].remove, Qt.MouseButton.LeftButton)
    assert page._question is not None
    page._question.acted.emit("stay")
    assert desk.did == []
    qtbot.mouseClick(page.cards["c1"].remove, Qt.MouseButton.LeftButton)
    assert page._question is not None
    page._question.acted.emit("remove")
    qtbot.waitUntil(lambda: list(page.cards) == ["c2", "c3"])
    assert "stays over there" in page.result.text()


def test_the_sheet_says_what_goes_there_before_anything_is_sent(
    desk: HandDesk, qtbot: QtBot
) -> None:
    sheet = new_sheet(desk, qtbot)
    rows = [(row.kinds, row.words, row.carries) for row in sheet.presenter.state.abilities]
    assert rows == [
        ("Receipts", "Sales of the till go there.", True),
        ("Returns and exchanges", "Returns cannot be told there.", False),
    ]
    assert desk.did == []


def test_a_test_says_line_by_line_what_works(desk: HandDesk, qtbot: QtBot) -> None:
    sheet = new_sheet(desk, qtbot)
    fill(sheet, qtbot)
    qtbot.mouseClick(sheet.test, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(sheet.presenter.state.tried) == 2)
    first, second = sheet._tried[:2]
    assert first.text() == "✓ The address answers."
    assert second.text() == "⚠ The key opens it. 401 Unauthorized"
    assert desk.did == []


def test_what_is_missing_is_said_at_its_field(desk: HandDesk, qtbot: QtBot) -> None:
    sheet = new_sheet(desk, qtbot)
    qtbot.mouseClick(sheet.button("save"), Qt.MouseButton.LeftButton)
    assert {"url", "key"} <= {name for name, _ in sheet.presenter.state.errors}
    assert desk.did == []


def test_a_refusal_leaves_what_was_typed(desk: HandDesk, qtbot: QtBot) -> None:
    desk.refuses = True
    sheet = new_sheet(desk, qtbot)
    fill(sheet, qtbot)
    qtbot.mouseClick(sheet.button("save"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(sheet.presenter.state.problem))
    assert sheet.isVisible()
    assert sheet.typed["url"].text() == URL


def test_a_connection_is_kept_and_its_key_is_hidden(desk: HandDesk, qtbot: QtBot) -> None:
    sheet = new_sheet(desk, qtbot)
    fill(sheet, qtbot)
    assert sheet.typed["key"].echoMode() is QLineEdit.EchoMode.PasswordEchoOnEdit
    qtbot.mouseClick(sheet.button("save"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not sheet.isVisible())
    assert desk.did[0].startswith(f"save {sheet.presenter.state.draft.api} {URL} secret")


def test_a_known_connection_shows_no_key_and_needs_none_again(
    page: ConnectionsPage, desk: HandDesk, qtbot: QtBot
) -> None:
    qtbot.mouseClick(page.cards["c1"].change, Qt.MouseButton.LeftButton)
    sheet = page.sheet
    assert sheet is not None
    assert sheet.typed["key"].text() == ""
    assert sheet.typed["key"].placeholderText() == "kept as it is"
    assert not sheet.api.isEnabled()
    sheet.presenter.save()
    qtbot.waitUntil(lambda: any(one.startswith("save") for one in desk.did))


def test_item_ids_are_pasted_and_wrong_lines_are_named(
    page: ConnectionsPage, desk: HandDesk, qtbot: QtBot
) -> None:
    qtbot.mouseClick(page.cards["c1"].items, Qt.MouseButton.LeftButton)
    sheet = page.task
    assert isinstance(sheet, ItemsSheet)
    qtbot.waitUntil(lambda: sheet.text.toPlainText() == "1001;17")
    sheet.text.setPlainText("1001;17\nnothing")
    qtbot.mouseClick(sheet.button("save"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "2 (nothing)" in sheet.presenter.state.problem)
    sheet.text.setPlainText("1001\t18")
    qtbot.mouseClick(sheet.button("save"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not sheet.isVisible())
    assert desk.lines == "1001\t18"


def test_a_feed_is_only_compared_and_each_difference_is_a_row(
    page: ConnectionsPage, desk: HandDesk, qtbot: QtBot
) -> None:
    frame = page.cards["c3"]
    assert not frame.switch.isVisible()
    qtbot.mouseClick(frame.compare, Qt.MouseButton.LeftButton)
    sheet = page.task
    assert isinstance(sheet, CompareSheet)
    qtbot.keyClicks(sheet.first, "2026-05-01")
    qtbot.mouseClick(sheet.button("compare"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(sheet.presenter.state.result))
    assert desk.did == ["compare c3 2026-05-01 None"]
    state = sheet.presenter.state
    assert state.result == "1 the same, 3 not."
    assert [row.cells[1] for row in state.rows] == ["1-000045", "1-000043", "1-000044"]
    assert state.rows[0].cells[2:] == ("(nothing)", "1.00 EUR · 4 May 2026")
    assert state.rows[2].cells[2:] == ("8.00", "8.01")


@pytest.mark.parametrize("width", [948, 1844])
def test_the_page_fits_its_place(page: ConnectionsPage, width: int, qtbot: QtBot) -> None:
    screen = page.window()
    screen.resize(width, 720)
    QApplication.processEvents()
    area = screen._areas[Page.CONNECTIONS]  # type: ignore[attr-defined]
    assert area.widget().width() <= area.viewport().width()


def fill(sheet: ConnectionSheet, qtbot: QtBot) -> None:
    """Type what every API needs."""
    qtbot.keyClicks(sheet.typed["name"], "Shop server")
    qtbot.keyClicks(sheet.typed["url"], URL)
    for name in sheet.presenter.state.needs:
        qtbot.keyClicks(sheet.typed[name], "secret" if name == "key" else "me")

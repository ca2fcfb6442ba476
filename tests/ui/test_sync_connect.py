"""The sheet that connects the till: typed, scanned, pasted or found, and what can go wrong."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.store.store import Store
from pos_app.sync.enrolment import read_invitation
from pos_app.ui import theme
from pos_app.ui.presenters.sync_connect import ConnectPresenter, ConnectState, ConnectTools
from pos_app.ui.sync_connect_sheet import ConnectSheet
from pos_app.ui.sync_screen import SyncScreen
from tests.ui.sync_states import Found, Line

INVITED = "pos-app://enrol?u=https%3A%2F%2Foffice.example.com&c=KX4T2-9QZ7M"
ADDRESS, CODE = "https://office.example.com", "KX4T2-9QZ7M"
NEAR = Found("Galway Grocers", "http://192.168.1.20:8700")


def tools(line: Line, *found: Found) -> ConnectTools:
    return ConnectTools(line.connect, lambda: found, read_invitation)


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def sheet(line: Line, qtbot: QtBot, qapp: QApplication) -> ConnectSheet:
    theme.apply_theme(qapp, theme.LIGHT)
    made = ConnectSheet(tools(line))
    qtbot.addWidget(made)
    made.begin()
    qtbot.waitUntil(lambda: made.presenter.state.has_searched, timeout=20_000)
    return made


def presenter(line: Line, *found: Found) -> tuple[ConnectPresenter, list[str]]:
    done: list[str] = []
    made = ConnectPresenter(tools(line, *found), lambda _state: None, lambda: done.append("done"))
    return made, done


def test_address_and_code_connect_the_till_and_the_sheet_goes_away(
    sheet: ConnectSheet, line: Line, qtbot: QtBot
) -> None:
    qtbot.keyClicks(sheet.address, ADDRESS)
    qtbot.keyClicks(sheet.code, CODE)
    qtbot.mouseClick(sheet.button("connect"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not sheet.isVisible(), timeout=20_000)
    assert line.did == [f"connect {ADDRESS} {CODE}"]


def test_enter_presses_nothing_so_that_no_scan_connects_by_itself(
    sheet: ConnectSheet, line: Line, qtbot: QtBot
) -> None:
    qtbot.keyClicks(sheet.address, ADDRESS)
    qtbot.keyClicks(sheet.code, CODE)
    qtbot.keyClick(sheet.code, Qt.Key.Key_Return)
    assert line.did == []
    assert sheet.isVisible()


def test_a_refusal_is_said_on_the_sheet_and_what_was_typed_stays(
    sheet: ConnectSheet, line: Line, qtbot: QtBot
) -> None:
    line.refuses = True
    qtbot.keyClicks(sheet.address, ADDRESS)
    qtbot.keyClicks(sheet.code, CODE)
    sheet.press("connect")
    qtbot.waitUntil(lambda: bool(sheet.presenter.state.problem), timeout=20_000)
    assert "cannot be reached" in sheet._message.text()
    assert sheet.isVisible()
    assert (sheet.address.text(), sheet.code.text()) == (ADDRESS, CODE)
    assert sheet.button("connect").isEnabled()
    assert not sheet.bar.isVisible()


def test_a_scanned_invitation_fills_both_fields(sheet: ConnectSheet) -> None:
    assert sheet.take_scan(INVITED)
    assert (sheet.address.text(), sheet.code.text()) == (ADDRESS, CODE)


@pytest.mark.parametrize("field", ["type_address", "type_code"])
def test_a_pasted_invitation_fills_both_fields(line: Line, field: str) -> None:
    made, _ = presenter(line)
    getattr(made, field)(f"  {INVITED}\n")
    assert (made.state.address, made.state.code) == (ADDRESS, CODE)


def test_an_invitation_that_is_none_is_refused_in_words(line: Line) -> None:
    made, _ = presenter(line)
    assert made.take("pos-app://enrol?u=nonsense")
    assert "not an invitation" in made.state.problem
    assert not made.take("4006381333931")


def test_empty_fields_are_marked_and_nothing_is_called(line: Line) -> None:
    made, done = presenter(line)
    made.connect()
    assert [key for key, _ in made.state.errors] == ["address", "code"]
    assert (line.did, done) == ([], [])


def test_the_only_head_office_nearby_is_taken_unless_something_was_typed(line: Line) -> None:
    made, _ = presenter(line, NEAR, NEAR)
    made.search()
    assert made.state.found == ((NEAR.url, NEAR.company),)
    assert made.state.address == NEAR.url
    typed, _ = presenter(line, NEAR)
    typed.type_address(ADDRESS)
    typed.search()
    assert typed.state.address == ADDRESS
    typed.pick(NEAR.url)
    assert typed.state.address == NEAR.url


def test_of_several_nearby_one_is_chosen_by_hand(line: Line, qtbot: QtBot) -> None:
    made = ConnectSheet(tools(line, NEAR, Found("Other", "http://192.168.1.30:8700")))
    qtbot.addWidget(made)
    made.begin()
    qtbot.waitUntil(lambda: len(made._offers) == 2, timeout=20_000)
    assert made.address.text() == ""
    made._offers["http://192.168.1.30:8700"].click()
    assert made.address.text() == "http://192.168.1.30:8700"


def test_nobody_nearby_is_no_error(line: Line) -> None:
    made, _ = presenter(line)
    made.search()
    assert made.state == ConnectState(has_searched=True)


def test_the_screen_takes_an_invitation_and_leaves_other_codes_to_the_counter(
    store: Store, line: Line, qtbot: QtBot
) -> None:
    screen = SyncScreen(store, line, tools(line), lambda: None)  # type: ignore[arg-type,return-value]
    qtbot.addWidget(screen)
    assert not screen.take_scan("4006381333931")
    assert screen.take_scan(INVITED)
    assert screen.sheet is not None
    assert screen.sheet.code.text() == CODE
    assert screen.take_scan("4006381333931")  # never sold behind an open sheet

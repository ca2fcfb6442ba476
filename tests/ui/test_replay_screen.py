"""The replay of a shift in a real window: stepping, playing, jumping, and its way back."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.ui import theme
from pos_app.ui.main_window import MainWindow
from pos_app.ui.replay_screen import ReplayScreen
from tests.services.cash_day import CashDay
from tests.ui.shots_journal import busy_day


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CashDay]:
    made = busy_day(tmp_path_factory.mktemp("replayed") / "shop.db")
    yield made
    made.store.close()


@pytest.fixture
def screen(day: CashDay, qtbot: QtBot, qapp: QApplication) -> Iterator[ReplayScreen]:
    theme.apply_theme(qapp, theme.LIGHT)
    told: list[int] = []
    made = ReplayScreen(day.store, told.append)
    made.told = told  # type: ignore[attr-defined]
    window = MainWindow()
    window.resize(1024, 768)
    window.add_screen("replay", "Replay", "", made)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    window.interior.make_all()
    window.show_screen("replay")
    qtbot.waitUntil(made.isVisible)
    yield made
    window.close()


def open_first(screen: ReplayScreen, qtbot: QtBot) -> None:
    """Open the shift that was closed."""
    screen.shifts.row_opened.emit(screen.presenter.state.shifts.fetch(1, 1)[0].key)
    qtbot.waitUntil(lambda: bool(screen.presenter.state.title))


def press(screen: ReplayScreen, key: Qt.Key, shift: bool = False) -> None:
    modifiers = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, modifiers)
        QCoreApplication.sendEvent(screen.window().windowHandle(), event)


def test_a_screen_without_an_icon_has_no_button_in_the_rail(screen: ReplayScreen) -> None:
    window = screen.window()
    assert isinstance(window, MainWindow)
    assert window.current_screen() == "replay"
    with pytest.raises(KeyError):
        window.interior.rail.button("replay")


def test_shifts_are_listed_the_latest_first(screen: ReplayScreen) -> None:
    open_shift, closed = screen.presenter.state.shifts.fetch(0, 9)
    assert open_shift.cells[2] == "still open"
    assert closed.cells[0] == "1"
    assert closed.cells[4] == "43"
    assert closed.cells[5].strip("\u2068\u2069") == "€532.42"


def test_keys_step_jump_and_end(screen: ReplayScreen, qtbot: QtBot) -> None:
    open_first(screen, qtbot)
    screen.setFocus()
    state = screen.presenter.state
    assert (state.place, screen.position.text()) == (0, f"1 of {state.count}")
    press(screen, Qt.Key.Key_Right)
    assert screen.said.text().startswith("Receipt 1-000001")
    assert screen.total.view().total
    assert len(screen.presenter.state.rows) == 1
    press(screen, Qt.Key.Key_Left)
    assert screen.presenter.state.place == 0
    press(screen, Qt.Key.Key_E)
    assert "taken out of the cart" in screen.said.text()
    assert screen.presenter.state.is_exception
    press(screen, Qt.Key.Key_E)
    assert "instead of 12.03" in screen.said.text()
    press(screen, Qt.Key.Key_E, shift=True)
    assert "taken out of the cart" in screen.said.text()
    press(screen, Qt.Key.Key_End)
    assert screen.said.text().startswith("Shift 1 closed")
    assert dict(screen.presenter.state.figures)["Takings so far"].strip("\u2068\u2069") == "€532.42"
    press(screen, Qt.Key.Key_Home)
    assert screen.presenter.state.place == 0
    assert screen.grab().width() == screen.width()


def test_it_plays_to_the_end_and_pauses(screen: ReplayScreen, qtbot: QtBot) -> None:
    open_first(screen, qtbot)
    screen.speeds.setCurrentIndex(3)
    screen.speeds.activated.emit(3)
    assert screen.presenter.state.speed == 8
    screen.presenter.go(screen.presenter.state.count - 3)
    screen.setFocus()
    press(screen, Qt.Key.Key_Space)
    assert screen.play.text() == "Pause"
    qtbot.waitUntil(lambda: not screen.presenter.state.is_playing)
    assert screen.presenter.state.place == screen.presenter.state.count - 1
    assert screen.play.text() == "Play"
    screen.play.click()
    assert screen.presenter.state.place == 0  # from the beginning
    screen.play.click()
    assert not screen.presenter.state.is_playing


def test_the_line_and_the_list_of_events_lead_to_a_moment(
    screen: ReplayScreen, qtbot: QtBot
) -> None:
    open_first(screen, qtbot)
    line = screen.timeline
    for place in (0, 7, screen.presenter.state.count - 1):
        assert line.place_at(line.x_of(place)) == place
    line.chosen.emit(7)
    assert screen.events.currentIndex().row() == 7
    screen.events.selectRow(9)
    assert screen.presenter.state.place == 9
    screen.in_journal.click()
    assert screen.told == [screen.presenter.seq_here()]  # type: ignore[attr-defined]
    line.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert line.x_of(0) > line.x_of(5)
    assert line.place_at(line.x_of(5)) == 5


def test_the_list_of_shifts_comes_back_and_a_shift_in_sight_stays(
    screen: ReplayScreen, qtbot: QtBot
) -> None:
    open_first(screen, qtbot)
    screen.refresh()
    assert screen.presenter.state.title == "Shift 1"
    screen.all_shifts.click()
    assert screen.presenter.state.title == ""
    assert screen.all_shifts.isHidden()

"""Pad, keys, chips, tiles and search: gestures are told, the focus stays where it is."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui import theme
from pos_app.ui.views import (
    CategoryView,
    ChipView,
    FKey,
    SearchHit,
    TileView,
    Tone,
)
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.entry_line import EntryLine
from pos_app.ui.widgets.fkey_bar import FKeyBar
from pos_app.ui.widgets.number_pad import NumberPad
from pos_app.ui.widgets.search_line import marked_pieces
from pos_app.ui.widgets.search_popup import SearchPopup
from pos_app.ui.widgets.status_chips import StatusChips
from pos_app.ui.widgets.tile_grid import TileGrid


class Page:
    """A window with a focused entry line above the widget under test."""

    def __init__(self, qtbot: QtBot, qapp: QApplication) -> None:
        theme.apply_theme(qapp, theme.LIGHT)
        self.window = QWidget()
        self.column = QVBoxLayout(self.window)
        self.line = EntryLine(parent=self.window)
        self.column.addWidget(self.line)
        self.window.resize(900, 700)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        self.line.setFocus()
        qtbot.waitUntil(self.line.hasFocus)

    def touch(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Press and release through the window, as a finger would."""
        place = widget.mapTo(self.window, at or widget.rect().center())
        handle = self.window.windowHandle()
        QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=place)


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> Page:
    return Page(qtbot, qapp)


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


def shown(page: Page, widget: QWidget, qapp: QApplication) -> None:
    page.column.addWidget(widget)
    qapp.processEvents()


def test_the_pad_tells_every_key_and_leaves_the_focus_on_the_line(
    page: Page, qapp: QApplication
) -> None:
    pad = NumberPad()
    shown(page, pad, qapp)
    told: list[str] = []
    pad.pressed.connect(told.append)
    names = "7 8 9 backspace 4 5 6 clear 1 2 3 multiply 0 00 decimal enter".split()
    for name in names:
        page.touch(pad.key(name))
    assert told == names
    assert page.line.hasFocus()


def test_the_pad_is_large_enough_for_a_finger_and_does_not_mirror(
    page: Page, qapp: QApplication
) -> None:
    pad = NumberPad()
    page.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    shown(page, pad, qapp)
    least = theme.mm(pad, 15)
    for name in ("7", "backspace", "enter"):
        assert min(pad.key(name).width(), pad.key(name).height()) >= least
    assert pad.key("7").x() < pad.key("9").x()


def test_the_pad_shows_the_decimal_sign_of_the_language(german: None, qtbot: QtBot) -> None:
    pad = NumberPad()
    qtbot.addWidget(pad)
    assert pad.key("decimal").text() == ","


def test_function_keys_are_buttons_and_a_switched_off_one_says_nothing(
    page: Page, qapp: QApplication
) -> None:
    bar = FKeyBar()
    shown(page, bar, qapp)
    bar.show_keys((FKey("F6", "Park"), FKey("F7", "Recall", is_enabled=False), FKey("F12", "Cash")))
    qapp.processEvents()
    told: list[str] = []
    bar.pressed.connect(told.append)
    for key in ("F6", "F7", "F12"):
        button = bar.button(key)
        assert button is not None
        page.touch(button)
    assert told == ["F6", "F12"]


def test_twelve_function_keys_fit_the_smallest_screen(page: Page, qapp: QApplication) -> None:
    page.window.resize(1024, 300)
    bar = FKeyBar()
    shown(page, bar, qapp)
    bar.show_keys(tuple(FKey(f"F{n}", "A rather long label", "user") for n in range(1, 13)))
    qapp.processEvents()
    assert page.window.width() == 1024


def test_status_chips_speak_with_icon_and_word_and_only_buttons_answer(
    page: Page, qapp: QApplication
) -> None:
    chips = StatusChips()
    shown(page, chips, qapp)
    sync = ChipView("sync", "3 unsent", "cloud-off", Tone.WARNING, is_button=True)
    clock = ChipView("time", "14:32", "clock", is_at_end=True)
    chips.show_chips((sync, clock))
    qapp.processEvents()
    told: list[str] = []
    chips.pressed.connect(told.append)
    button, label = chips.button("sync"), chips.button("time")
    assert button is not None
    assert label is not None
    page.touch(button)
    page.touch(label)
    assert told == ["sync"]
    assert not button.icon().isNull()
    chips.show_chips((ChipView("sync", "4 unsent", "cloud-off", Tone.WARNING), clock))
    assert chips.button("sync") is button
    assert button.text() == "4 unsent"


def test_tiles_and_categories_tell_their_keys(page: Page, qapp: QApplication) -> None:
    grid = TileGrid()
    shown(page, grid, qapp)
    grid.show_categories((CategoryView("a", "All"), CategoryView("b", "Bread & rolls")), "a")
    grid.show_tiles(tuple(TileView(f"p{n}", f"Product {n}", "1.00") for n in range(100)))
    qapp.processEvents()
    told: list[str] = []
    grid.chosen.connect(told.append)
    grid.category_chosen.connect(told.append)
    view = grid.view()
    page.touch(view.viewport(), view.visualRect(view.model().index(3, 0)).center())
    chip = grid.categories().button("b")
    assert chip is not None
    page.touch(chip)
    assert told == ["p3", "b"]
    assert chip.isChecked()
    assert chip.accessibleName() == "Bread & rolls"
    assert page.line.hasFocus()
    assert view.visualRect(view.model().index(0, 0)).height() >= theme.mm(grid, 15)


def test_only_tiles_in_sight_are_asked_for_and_more_are_wanted_at_the_end(
    page: Page, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos_app.ui.widgets.tile import TileDelegate

    painted: set[int] = set()
    real = TileDelegate.paint

    def spy(self: TileDelegate, painter: object, option: object, index: object) -> None:
        painted.add(index.row())  # type: ignore[attr-defined]
        real(self, painter, option, index)  # type: ignore[arg-type]

    monkeypatch.setattr(TileDelegate, "paint", spy)
    grid = TileGrid()
    wanted: list[bool] = []
    grid.more_wanted.connect(lambda: wanted.append(True))
    shown(page, grid, qapp)
    grid.show_tiles(tuple(TileView(f"p{n}", f"Product {n}", "1.00") for n in range(3000)))
    qapp.processEvents()
    assert len(painted) < 100
    assert wanted == []
    grid.view().scrollToBottom()
    qapp.processEvents()
    assert wanted
    grid.append_tiles((TileView("last", "Last", "1.00"),))
    assert grid.view().model().rowCount() == 3001


HITS = (
    SearchHit("1", "Café crème", "4006381333931", "8.99", "12"),
    SearchHit("2", "Café filter", "4006381333948", "7.49", "0", is_out_of_stock=True),
    SearchHit("3", "Cafetière", "4006381333955", "29.00", "3"),
)


def test_the_search_list_is_steered_from_the_line_which_keeps_the_focus(
    page: Page, qapp: QApplication
) -> None:
    popup = SearchPopup(page.line, page.window)
    told: list[str] = []
    entered: list[bool] = []
    popup.chosen.connect(told.append)
    page.line.returnPressed.connect(lambda: entered.append(True))
    popup.show_hits(HITS, "caf")
    qapp.processEvents()
    handle = page.window.windowHandle()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(handle, key)
    assert popup.marked_key() == "2"
    QTest.keyClick(handle, Qt.Key.Key_Return)
    assert told == ["2"]
    assert entered == []
    assert popup.isHidden()
    assert page.line.hasFocus()
    QTest.keyClick(handle, Qt.Key.Key_Return)
    assert entered == [True]


def test_escape_closes_the_search_list_only(page: Page, qapp: QApplication) -> None:
    popup = SearchPopup(page.line, page.window)
    page.line.setText("caf")
    popup.show_hits(HITS, "caf")
    qapp.processEvents()
    QTest.keyClick(page.window.windowHandle(), Qt.Key.Key_Escape)
    assert popup.isHidden()
    assert page.line.text() == "caf"


def test_a_touched_hit_is_chosen_and_no_hits_hide_the_list(page: Page, qapp: QApplication) -> None:
    popup = SearchPopup(page.line, page.window)
    told: list[str] = []
    popup.chosen.connect(told.append)
    popup.show_hits(HITS, "caf", marked=-1)
    qapp.processEvents()
    assert popup.marked_key() == ""
    page.touch(popup, QPoint(60, 6 + 56 + 20))
    assert told == ["2"]
    popup.show_hits(HITS, "caf")
    popup.show_hits((), "cafx")
    assert popup.isHidden()
    assert page.line.hasFocus()


@pytest.mark.parametrize(
    ("name", "query", "marked"),
    [
        ("Café crème", "cafe", ["Café"]),
        ("Café crème", "CREME caf", ["Caf", "crème"]),
        ("Straße", "strass", ["Straß"]),
        ("Milk", "", []),
        ("Milk", "x", []),
        ("İstanbul", "ist", ["İst"]),
        ("ﬁlter", "fi", ["ﬁ"]),
    ],
)
def test_what_was_typed_is_marked_whatever_the_accents(
    name: str, query: str, marked: list[str]
) -> None:
    pieces = marked_pieces(name, query)
    assert "".join(text for text, _ in pieces) == name
    assert [text for text, is_marked in pieces if is_marked] == marked


def test_a_button_is_pressed_by_space_but_never_by_enter(qtbot: QtBot) -> None:
    button = Button("Pay", "banknote")
    qtbot.addWidget(button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    button.show()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert pressed == []
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [True]
    assert isinstance(button, QPushButton)
    assert not button.isDefault()
    assert not button.autoDefault()

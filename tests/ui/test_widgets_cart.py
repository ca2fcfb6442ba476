"""The cart's lines and the total: minimal repaints, nothing lost, nothing moved."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui import theme
from pos_app.ui.views import CartRow, TotalView
from pos_app.ui.widgets.cart_line import LINE_HEIGHT
from pos_app.ui.widgets.cart_view import CartModel, CartView
from pos_app.ui.widgets.changed_rows import changed_span
from pos_app.ui.widgets.total_panel import TotalPanel


def row(key: str, name: str = "Milk", **more: object) -> CartRow:
    return CartRow(key, name, "1", "1.19", "1.19", **more)  # type: ignore[arg-type]


def settle(app: QApplication) -> None:
    """Let every paint that is due happen; offscreen it comes some milliseconds later."""
    end = time.monotonic() + 0.05
    while time.monotonic() < end:
        app.processEvents()


@pytest.fixture
def cart(qtbot: QtBot, qapp: QApplication) -> CartView:
    theme.apply_theme(qapp, theme.LIGHT)
    made = CartView()
    qtbot.addWidget(made)
    made.resize(420, 640)
    made.show()
    settle(qapp)
    return made


lists = st.lists(st.integers(0, 4), max_size=8)


@given(lists, lists)
def test_outside_the_changed_span_both_lists_are_equal(old: list[int], new: list[int]) -> None:
    start, old_end, new_end = changed_span(old, new)
    assert old[:start] == new[:start]
    assert old[old_end:] == new[new_end:]
    assert 0 <= start <= min(old_end, new_end)


@given(st.lists(st.lists(st.integers(0, 4), max_size=8), max_size=6))
def test_a_model_that_only_hears_of_changes_ends_with_the_rows(steps: list[list[int]]) -> None:
    model = CartModel()
    mirror: list[str] = []

    def inserted(_parent: object, first: int, last: int) -> None:
        mirror[first:first] = [model.key_at(place) for place in range(first, last + 1)]

    def removed(_parent: object, first: int, last: int) -> None:
        del mirror[first : last + 1]

    def changed(first: object, last: object) -> None:
        for place in range(first.row(), last.row() + 1):  # type: ignore[attr-defined]
            mirror[place] = model.key_at(place)

    model.rowsInserted.connect(inserted)
    model.rowsRemoved.connect(removed)
    model.dataChanged.connect(changed)
    for keys in steps:
        model.show_rows(tuple(row(str(key)) for key in keys))
        assert mirror == [str(key) for key in keys]
        assert model.rowCount() == len(keys)


class Watcher(QObject):
    """Notes which part of a widget is painted."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__()
        self.areas: list[QRect] = []
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.areas.append(event.rect())
        return super().eventFilter(watched, event)


def test_a_changed_line_repaints_only_itself(cart: CartView, qapp: QApplication) -> None:
    rows = [row(str(number)) for number in range(8)]
    cart.show_rows(rows, "2")
    settle(qapp)
    watcher = Watcher(cart.viewport())
    newer = [*rows[:3], row("3", "Bread"), *rows[4:]]
    cart.show_rows(newer, "2")
    settle(qapp)
    assert watcher.areas == [cart.visualRect(cart.model().index(3, 0))]
    watcher.areas.clear()
    cart.show_rows(tuple(newer), "2")
    settle(qapp)
    assert watcher.areas == []


def test_a_new_line_is_selected_and_in_sight_without_telling_anybody(cart: CartView) -> None:
    told: list[str] = []
    cart.line_chosen.connect(told.append)
    cart.show_rows([row(str(number)) for number in range(50)], "49")
    assert cart.selected_key() == "49"
    rectangle = cart.visualRect(cart.currentIndex())
    assert cart.viewport().rect().contains(rectangle)
    assert told == []


def test_a_touched_line_says_its_key_again_even_when_it_is_selected(cart: CartView) -> None:
    told: list[str] = []
    cart.line_chosen.connect(told.append)
    cart.show_rows([row("a"), row("b")], "a")
    for place in (0, 1, 1):
        QTest.mouseClick(
            cart.viewport(),
            Qt.MouseButton.LeftButton,
            pos=QPoint(100, place * LINE_HEIGHT + 30),
        )
    assert told == ["a", "b", "b"]


def test_an_unpriced_line_wears_the_warning_colours_and_says_so(
    cart: CartView, qapp: QApplication
) -> None:
    cart.show_rows([row("a"), row("b", "4006381333931", is_unpriced=True)])
    qapp.processEvents()
    drawn = cart.viewport().grab().toImage()
    assert drawn.pixelColor(200, LINE_HEIGHT + 5) == QColor(theme.LIGHT.warning_ground)
    assert drawn.pixelColor(200, 5) == QColor(theme.LIGHT.surface)
    spoken = cart.model().index(1, 0).data(int(Qt.ItemDataRole.AccessibleTextRole))
    assert "no price yet" in spoken


def test_the_line_total_stands_on_the_far_side_in_both_directions(
    cart: CartView, qapp: QApplication
) -> None:
    def ink_columns() -> list[int]:
        drawn = cart.viewport().grab().toImage()
        dark = QColor(theme.LIGHT.text)
        return [
            x
            for x in range(drawn.width())
            if any(drawn.pixelColor(x, y) == dark for y in range(20, 45))
        ]

    cart.show_rows([CartRow("a", "", "", "", "88.88")])
    qapp.processEvents()
    assert min(ink_columns()) > 250
    cart.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    qapp.processEvents()
    assert max(ink_columns()) < 150


def test_hostile_names_are_painted_as_text(cart: CartView, qapp: QApplication) -> None:
    names = ("<b>bold</b>", "a\nb\x1b@\x00", "&amp;", "x" * 10_000, "\u202etxt.exe", "")
    cart.show_rows([row(str(place), name) for place, name in enumerate(names)], "0")
    qapp.processEvents()
    assert cart.model().rowCount() == len(names)


def test_the_panel_keeps_its_height_and_repaints_only_for_news(
    qtbot: QtBot, qapp: QApplication
) -> None:
    panel = TotalPanel()
    qtbot.addWidget(panel)
    panel.show()
    settle(qapp)
    height = panel.height()
    watcher = Watcher(panel)
    for view, paints in (
        (TotalView("16.44", "7 items"), 1),
        (TotalView("16.44", "7 items"), 1),
        (TotalView("16.44", paid="20.00", change="3.56"), 2),
        (TotalView("123,456,789,012.34"), 3),
    ):
        panel.show_total(view)
        settle(qapp)
        assert panel.height() == height
        assert len(watcher.areas) == paints


def test_the_change_is_read_out_with_its_name(qtbot: QtBot) -> None:
    panel = TotalPanel()
    qtbot.addWidget(panel)
    panel.show_total(TotalView("16.44", paid="20.00", change="3.56"))
    assert panel.accessibleName() == "Change 3.56"
    panel.show_total(TotalView("16.44", remaining="6.44"))
    assert panel.accessibleName() == "Still to pay 6.44"

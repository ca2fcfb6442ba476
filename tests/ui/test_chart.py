"""The chart of a report: bars as long as their values, read by eye, key and voice alike."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.ui import theme
from pos_app.ui.chart import BarChart
from pos_app.ui.presenters.reports_chart import ChartGroup, ChartTick, ChartView, scale
from pos_app.ui.report_bars import height_of, lying, standing

PLOT = QRect(50, 10, 600, 200)


def chart(*values: tuple[int, ...], is_lying: bool = False) -> ChartView:
    groups = tuple(
        ChartGroup(f"G{place}", group, tuple(f"€{one}" for one in group), f"Group {place}")
        for place, group in enumerate(values)
    )
    ticks = tuple(ChartTick(v, str(v)) for v in scale([one for g in values for one in g]))
    series = ("Ordered", "Went out")[: len(values[0])] if values else ()
    return ChartView("Amount", series, groups, ticks, is_lying)


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> BarChart:
    theme.apply_theme(qapp, theme.LIGHT)
    made = BarChart()
    made.resize(640, 240)
    made.show_chart(chart((100, 60), (400, 0), (250, 250)))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def press(widget: BarChart, *keys: Qt.Key) -> None:
    for key in keys:
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(widget, event)


@given(st.lists(st.integers(-(10**12), 10**12), max_size=12))
def test_a_scale_is_round_short_and_holds_every_value(values: list[int]) -> None:
    found = scale(values)
    assert 0 in found
    assert found[0] <= min((0, *values))
    assert found[-1] >= max((0, *values))
    assert 2 <= len(found) <= 7
    steps = {after - before for before, after in pairwise(found)}
    assert len(steps) == 1
    assert str(steps.pop()).rstrip("0") in {"1", "2", "5"}


@given(
    st.lists(st.tuples(st.integers(-(10**9), 10**9)), min_size=1, max_size=60),
    st.booleans(),
    st.booleans(),
)
def test_bars_keep_the_order_of_their_values_and_stay_in_their_room(
    values: list[tuple[int]], is_lying: bool, mirrored: bool
) -> None:
    view = chart(*values, is_lying=is_lying)
    plan = (lying if is_lying else standing)(view, PLOT, mirrored=mirrored)
    lengths = [bar.box.width() if is_lying else bar.box.height() for bar in plan.bars]
    by_value = sorted(zip([abs(one) for (one,) in values], lengths, strict=True))
    assert [length for _, length in by_value] == sorted(lengths)
    room = PLOT.adjusted(-2, -2, 2, 2)
    assert all(room.contains(bar.box) for bar in plan.bars if not bar.box.isEmpty())


def test_values_below_zero_hang_from_the_line() -> None:
    view = chart((100,), (-100,))
    plan = standing(view, PLOT, mirrored=False)
    up, down = (bar.box for bar in plan.bars)
    assert up.bottom() < plan.zero <= down.top()
    assert abs(up.height() - down.height()) <= 1
    assert abs(height_of(0, view, PLOT) - plan.zero) <= 1


def test_on_a_page_read_from_the_right_the_first_bar_is_on_the_right() -> None:
    view = chart((1, 2), (3, 4))
    plain = standing(view, PLOT, mirrored=False)
    turned = standing(view, PLOT, mirrored=True)
    assert plain.bars[0].box.left() < plain.bars[1].box.left() < plain.bars[2].box.left()
    assert turned.bars[0].box.left() > turned.bars[1].box.left() > turned.bars[2].box.left()
    names = chart((5,), (2,), is_lying=True)
    first = lying(names, PLOT, mirrored=True).bars[0].box
    assert first.right() >= PLOT.right() - 1


def test_the_keys_walk_from_bar_to_bar_and_say_each(shown: BarChart) -> None:
    press(shown, Qt.Key.Key_Right)
    assert shown.place == 0
    assert shown.accessibleDescription() == "Group 0: €100, €60"
    press(shown, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert shown.place == 2
    press(shown, Qt.Key.Key_Left)
    assert shown.accessibleDescription() == "Group 1: €400, €0"
    press(shown, Qt.Key.Key_End)
    assert shown.place == 2
    press(shown, Qt.Key.Key_Home)
    assert shown.place == 0
    press(shown, Qt.Key.Key_Escape)
    assert (shown.place, shown.accessibleDescription()) == (-1, "")


def test_on_a_mirrored_page_left_goes_on(shown: BarChart) -> None:
    shown.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    press(shown, Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert shown.place == 1


def test_the_mouse_marks_what_it_is_over_and_lets_go(shown: BarChart) -> None:
    shown.clearFocus()
    middle = shown.plan().places[1].center()
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(middle),
        shown.mapToGlobal(QPointF(middle)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QCoreApplication.sendEvent(shown, event)
    assert shown.place == 1
    QCoreApplication.sendEvent(shown, QEvent(QEvent.Type.Leave))
    assert shown.place == -1


def test_a_new_chart_forgets_the_mark_and_the_same_one_keeps_it(shown: BarChart) -> None:
    shown.mark(1)
    shown.show_chart(chart((100, 60), (400, 0), (250, 250)))
    assert shown.place == 1
    shown.show_chart(chart((1, 1)))
    assert shown.place == -1


@pytest.mark.parametrize("look", list(theme.THEMES.values()), ids=lambda look: look.name)
@pytest.mark.parametrize("is_lying", [False, True])
def test_bars_are_seen_on_every_ground(
    shown: BarChart, qapp: QApplication, look: theme.Theme, is_lying: bool
) -> None:
    theme.apply_theme(qapp, look)
    shown.show_chart(chart((100, 60), (400, 0), (-250, 250), is_lying=is_lying))
    picture = shown.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    bar = shown.plan().bars[0].box.center()
    ratio = picture.devicePixelRatio()
    found = picture.pixelColor(int(bar.x() * ratio), int(bar.y() * ratio))
    assert found.name().upper() == look.primary


def test_a_chart_without_bars_and_one_too_small_are_drawn_without_complaint(
    shown: BarChart,
) -> None:
    shown.show_chart(ChartView("Nothing"))
    shown.grab()
    press(shown, Qt.Key.Key_Right, Qt.Key.Key_End)
    assert shown.place == -1
    shown.show_chart(chart(*[(value,) for value in range(400)]))
    shown.resize(30, 20)
    shown.grab()

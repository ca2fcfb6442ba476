"""Scrolling by finger: a drag on the screen moves the list, a tap still presses."""

from PySide6.QtWidgets import QAbstractScrollArea, QScroller, QScrollerProperties


def let_fingers_scroll(area: QAbstractScrollArea) -> None:
    """Let a finger (not the mouse) drag what `area` shows, without overshooting its ends."""
    viewport = area.viewport()
    QScroller.grabGesture(viewport, QScroller.ScrollerGestureType.TouchGesture)
    scroller = QScroller.scroller(viewport)
    habits = scroller.scrollerProperties()
    never = QScrollerProperties.OvershootPolicy.OvershootAlwaysOff
    for metric in (
        QScrollerProperties.ScrollMetric.HorizontalOvershootPolicy,
        QScrollerProperties.ScrollMetric.VerticalOvershootPolicy,
    ):
        habits.setScrollMetric(metric, never)
    scroller.setScrollerProperties(habits)

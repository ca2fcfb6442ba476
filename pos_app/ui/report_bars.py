"""Where the bars of a chart stand: whole pixels, worked out from the values and the room."""

from dataclasses import dataclass

from PySide6.QtCore import QRect

from pos_app.ui.presenters.reports_chart import ChartView

_MOST_WIDE = 64
_GAP_PERCENT = 26
_LEAST_PX = 1
_LYING_MOST_HIGH = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: whose it is, and where it stands."""

    group: int
    series: int
    box: QRect


@dataclass(frozen=True, slots=True)
class BarPlan:
    """Every bar of a chart, the place of each group, and the line from which bars grow."""

    bars: tuple[Bar, ...]
    places: tuple[QRect, ...]
    zero: int

    def group_at(self, x: int, y: int) -> int:
        """Return the group under a point, or -1."""
        for number, place in enumerate(self.places):
            if place.contains(x, y):
                return number
        return -1


def standing(view: ChartView, plot: QRect, *, mirrored: bool) -> BarPlan:
    """Return bars that stand side by side, from the right where that is read first."""
    zero = plot.bottom() - _share(-view.low, view, plot.height())
    places, bars = [], []
    for number, group in enumerate(view.groups):
        place = _slot(number, len(view.groups), plot, mirrored=mirrored)
        places.append(place)
        room = max(place.width() * (100 - _GAP_PERCENT) // 100, 1)
        width = max(min(room // len(group.values), _MOST_WIDE), _LEAST_PX)
        left = place.center().x() - width * len(group.values) // 2
        for series, value in enumerate(group.values):
            order = len(group.values) - 1 - series if mirrored else series
            high = _share(abs(value), view, plot.height())
            if value and high < _LEAST_PX:
                high = _LEAST_PX
            top = zero - high if value >= 0 else zero
            gap = 1 if width > 6 else 0  # neighbours of one group stay apart
            bars.append(Bar(number, series, QRect(left + order * width, top, width - gap, high)))
    return BarPlan(tuple(bars), tuple(places), zero)


def lying(view: ChartView, plot: QRect, *, mirrored: bool) -> BarPlan:
    """Return bars that lie below each other and grow away from their labels."""
    start = _share(-view.low, view, plot.width())
    zero = plot.right() - start if mirrored else plot.left() + start
    places, bars = [], []
    for number, group in enumerate(view.groups):
        top = plot.top() + plot.height() * number // len(view.groups)
        bottom = plot.top() + plot.height() * (number + 1) // len(view.groups)
        places.append(QRect(plot.left(), top, plot.width(), bottom - top))
        room = (bottom - top) * (100 - _GAP_PERCENT) // 100
        high = max(min(room // len(group.values), _LYING_MOST_HIGH), _LEAST_PX)
        first = (top + bottom - high * len(group.values)) // 2
        for series, value in enumerate(group.values):
            long = max(_share(abs(value), view, plot.width()), _LEAST_PX if value else 0)
            grows_left = mirrored == (value >= 0)
            left = zero - long if grows_left else zero
            bars.append(Bar(number, series, QRect(left, first + series * high, long, high)))
    return BarPlan(tuple(bars), tuple(places), zero)


def height_of(value: int, view: ChartView, plot: QRect) -> int:
    """Return where a value of the scale is, in pixels from the top of the widget."""
    return plot.bottom() - _share(value - view.low, view, plot.height())


def _slot(number: int, count: int, plot: QRect, *, mirrored: bool) -> QRect:
    begin, end = plot.width() * number // count, plot.width() * (number + 1) // count
    left = plot.right() + 1 - end if mirrored else plot.left() + begin
    return QRect(left, plot.top(), end - begin, plot.height())


def _share(value: int, view: ChartView, room: int) -> int:
    """How many of `room` pixels a value takes on the scale of the chart."""
    return value * room // max(view.high - view.low, 1)

"""A bar chart for reports, drawn by hand: its scale, its labels, and what the marked bar says."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QBrush,
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui import fonts, theme
from pos_app.ui.painted_text import as_figure, write
from pos_app.ui.presenters.reports_chart import NO_CHART, ChartView
from pos_app.ui.report_bars import Bar, BarPlan, height_of, lying, standing
from pos_app.ui.widgets.table_view import one_piece

_LABEL_PX = 13
_HEAD = 30
_PAD = 12
_LABELS_HIGH = 24
_NAMES_PERCENT = 28
_NAMES_MOST = 260
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_MOST_DOTS = 62
# Blue and orange stay apart for every kind of colour blindness (Okabe and Ito); the second also
# has a pattern.
_SECOND = {False: "#B45F06", True: "#F2B134"}


class BarChart(QWidget):
    """Shows a `ChartView`; arrows, Home and End or the mouse mark a bar, whose values it says.

    `opened(place)` where a bar leads on: on Enter, Space, or a touch.
    """

    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = NO_CHART
        self._plan: BarPlan | None = None
        self._place = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_chart(self, view: ChartView) -> None:
        """Draw another chart; the mark stays only while it is the same one."""
        if view == self._view:
            return
        self._view = view
        fonts.ensure_for(view.title + "".join(group.label for group in view.groups))
        self._plan = None
        self._place = -1
        self.setAccessibleName(view.title)
        self.setAccessibleDescription("")
        self.unsetCursor()
        self.update()

    @property
    def view(self) -> ChartView:
        """What is drawn."""
        return self._view

    @property
    def place(self) -> int:
        """Which group of bars is marked, -1 for none."""
        return self._place

    def plan(self) -> BarPlan:
        """Return where everything stands now."""
        if self._plan is None:
            made = lying if self._view.is_lying else standing
            self._plan = made(self._view, self._plot(), mirrored=self._is_mirrored)
        return self._plan

    def mark(self, place: int) -> None:
        """Mark a group of bars and say its values."""
        place = max(-1, min(place, len(self._view.groups) - 1))
        if place == self._place:
            return
        self._place = place
        sentence = self._view.groups[place].sentence if place >= 0 else ""
        self.setAccessibleDescription(sentence)
        changed = QAccessible.Event.DescriptionChanged
        QAccessible.updateAccessibility(QAccessibleEvent(self, changed))
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Below this nothing could be read."""
        return QSize(240, 150)

    def sizeHint(self) -> QSize:
        """A third of a small screen."""
        return QSize(640, 230)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from bar to bar in the order of reading; Esc lets go."""
        key = Qt.Key(event.key())
        last = len(self._view.groups) - 1
        forwards = Qt.Key.Key_Left if self._is_mirrored else Qt.Key.Key_Right
        backwards = Qt.Key.Key_Right if self._is_mirrored else Qt.Key.Key_Left
        if key in (forwards, Qt.Key.Key_Down):
            self.mark(min(self._place + 1, last))
        elif key in (backwards, Qt.Key.Key_Up):
            self.mark(last if self._place < 0 else max(self._place - 1, 0))
        elif key == Qt.Key.Key_Home:
            self.mark(0)
        elif key == Qt.Key.Key_End:
            self.mark(last)
        elif key == Qt.Key.Key_Escape and self._place >= 0:
            self.mark(-1)
        elif key in _OPENING and self._view.opens and self._place >= 0:
            self.opened.emit(self._place)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark what the mouse is over."""
        point = event.position().toPoint()
        place = self.plan().group_at(point.x(), point.y())
        self.mark(place)
        if self._view.opens:
            hand, arrow = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
            self.setCursor(hand if place >= 0 else arrow)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mark what is touched."""
        self.mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open what was touched, where it leads on."""
        point = event.position().toPoint()
        place = self.plan().group_at(point.x(), point.y())
        if self._view.opens and place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(place)

    def leaveEvent(self, event: QEvent) -> None:
        """Let go when the mouse has gone, unless the keys steer."""
        if not self.hasFocus():
            self.mark(-1)

    def event(self, event: QEvent) -> bool:
        """Work the places out anew when the room, the side or the look changes."""
        if event.type() in (
            QEvent.Type.Resize,
            QEvent.Type.LayoutDirectionChange,
            QEvent.Type.FontChange,
        ):
            self._plan = None
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw everything."""
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        self._paint_head(painter)
        if not self._view.groups:
            return
        plan = self.plan()
        if self._place >= 0:
            soft = QColor(theme.current().primary_soft)
            painter.fillRect(plan.places[self._place].adjusted(0, -2, 0, 2), soft)
        if self._view.is_lying:
            self._paint_names(painter, plan)
        else:
            self._paint_scale(painter)
        for bar in plan.bars:
            self._paint_bar(painter, bar)
        if self._view.line_name:
            self._paint_line(painter, plan)
        if self._view.is_lying:
            self._paint_values(painter, plan)
        else:
            self._paint_labels(painter, plan)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.current().primary), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            frame = self.rect().adjusted(1, 1, -2, -2)
            painter.drawRoundedRect(frame, theme.RADIUS, theme.RADIUS)

    @property
    def _is_mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _plot(self) -> QRect:
        """The room of the bars."""
        inner = self.rect().adjusted(_PAD, _HEAD + 6, -_PAD, -_PAD // 2)
        near = self._names_width() if self._view.is_lying else self._scale_width()
        far = self._values_width() if self._view.is_lying else 0
        left, right = (far, near) if self._is_mirrored else (near, far)
        foot = 0 if self._view.is_lying else _LABELS_HIGH
        return inner.adjusted(left, 0, -right, -foot)

    def _names_width(self) -> int:
        metrics = QFontMetrics(fonts.font(_LABEL_PX + 1))
        longest = max((metrics.horizontalAdvance(g.label) for g in self._view.groups), default=0)
        room = min(self.width() * _NAMES_PERCENT // 100, _NAMES_MOST)
        return min(longest, room) + 10

    def _scale_width(self) -> int:
        metrics = QFontMetrics(fonts.figures(_LABEL_PX, fonts.REGULAR))
        return max((metrics.horizontalAdvance(t.text) for t in self._view.ticks), default=0) + 10

    def _values_width(self) -> int:
        metrics = QFontMetrics(fonts.figures(_LABEL_PX, fonts.SEMIBOLD))
        texts = [", ".join(group.texts) for group in self._view.groups]
        return max((metrics.horizontalAdvance(text) for text in texts), default=0) + 10

    def _paint_head(self, painter: QPainter) -> None:
        """The title and what the colours mean on the near side, the marked bar on the far one."""
        colours = theme.current()
        head = QRect(_PAD, 4, self.width() - 2 * _PAD, _HEAD - 4)
        if self._place >= 0:
            group = self._view.groups[self._place]
            label = group.full_label or group.label
            told = f"{label}   " + "   ".join(one_piece(text) for text in group.texts)
            strong = fonts.figures(_LABEL_PX + 2)
            write(painter, head, told, strong, colours.text, is_elided=True)
            return
        font = fonts.font(_LABEL_PX + 1, fonts.SEMIBOLD)
        write(painter, head, self._view.title, font, colours.text2, is_elided=True)
        if len(self._view.series) > 1 or self._view.line_name:
            self._paint_legend(painter, head)

    def _paint_legend(self, painter: QPainter, head: QRect) -> None:
        font = fonts.font(_LABEL_PX)
        names = (*self._view.series, *((self._view.line_name,) if self._view.line_name else ()))
        metrics, used = QFontMetrics(font), 0
        for series in reversed(range(len(names))):
            name = names[series]
            wide = metrics.horizontalAdvance(name)
            far = (
                head.adjusted(used, 0, 0, 0) if self._is_mirrored else head.adjusted(0, 0, -used, 0)
            )
            write(painter, far, name, font, theme.current().text2, is_far=True)
            left = far.left() + wide + 6 if self._is_mirrored else far.right() - wide - 18
            sign = QRect(left, far.center().y() - 6, 12, 12)
            if series < len(self._view.series):
                self._paint_bar(painter, Bar(0, series, sign))
            else:
                middle = sign.center()
                near, far_end = (6, 12) if self._is_mirrored else (12, 6)
                ends = [middle - QPoint(near, 0), middle + QPoint(far_end, 0)]
                _paint_path(painter, ends, dots=False)
            used += wide + 36

    def _paint_scale(self, painter: QPainter) -> None:
        colours, plot = theme.current(), self._plot()
        font = fonts.figures(_LABEL_PX, fonts.REGULAR)
        width = self._scale_width()
        for tick in self._view.ticks:
            y = height_of(tick.value, self._view, plot)
            painter.setPen(QColor(colours.text2 if tick.value == 0 else colours.line))
            painter.drawLine(plot.left(), y, plot.right(), y)
            left = plot.right() + 8 if self._is_mirrored else plot.left() - width
            box = QRect(left, y - 10, width - 8, 20)
            write(painter, box, as_figure(tick.text), font, colours.text2, is_far=True)

    def _paint_bar(self, painter: QPainter, bar: Bar) -> None:
        painter.fillRect(bar.box, _solid(bar.series))
        if bar.series:
            painter.fillRect(bar.box, _pattern())

    def _paint_line(self, painter: QPainter, plan: BarPlan) -> None:
        """The other period as a line from point to point; it breaks where there is none."""
        plot, path = self._plot(), list[QPoint]()
        for group, place in zip(self._view.groups, plan.places, strict=True):
            if group.line is None:
                _paint_path(painter, path)
                path = []
                continue
            path.append(QPoint(place.center().x(), height_of(group.line, self._view, plot)))
        _paint_path(painter, path)

    def _paint_labels(self, painter: QPainter, plan: BarPlan) -> None:
        """As many labels below the bars as fit, always the first one."""
        font = fonts.font(_LABEL_PX)
        metrics = QFontMetrics(font)
        widest = max(metrics.horizontalAdvance(group.label) for group in self._view.groups) + 12
        room = max(plan.places[0].width(), 1)
        each = -(-widest // room)
        painter.setFont(font)
        painter.setPen(QColor(theme.current().text2))
        for number in range(0, len(plan.places), each):
            place = plan.places[number]
            middle = place.center().x()
            box = QRect(middle - widest // 2, self._plot().bottom() + 4, widest, _LABELS_HIGH - 4)
            box.moveLeft(max(2, min(box.left(), self.width() - widest - 2)))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._view.groups[number].label)

    def _paint_names(self, painter: QPainter, plan: BarPlan) -> None:
        font, width = fonts.font(_LABEL_PX + 1), self._names_width()
        for group, place in zip(self._view.groups, plan.places, strict=True):
            left = place.right() + 8 if self._is_mirrored else place.left() - width
            box = QRect(left, place.top(), width - 8, place.height())
            write(painter, box, group.label, font, theme.current().text, is_elided=True)

    def _paint_values(self, painter: QPainter, plan: BarPlan) -> None:
        font, width = fonts.figures(_LABEL_PX, fonts.SEMIBOLD), self._values_width()
        for bar in plan.bars:
            place = plan.places[bar.group]
            text = as_figure(", ".join(self._view.groups[bar.group].texts))
            left = bar.box.left() - width if self._is_mirrored else bar.box.right() + 8
            box = QRect(left, place.top(), width - 8, place.height())
            write(painter, box, text, font, theme.current().text2)


def _paint_path(painter: QPainter, path: list[QPoint], *, dots: bool = True) -> None:
    """A line with a dot at each point, ringed so that it is seen upon a bar too."""
    if not path:
        return
    ink, ring = _solid(1), QColor(theme.current().surface)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((ring, 5), (ink, 2)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(path)
    painter.setPen(QPen(ring, 1))
    painter.setBrush(ink)
    if dots and len(path) <= _MOST_DOTS:
        for point in path:
            painter.drawEllipse(point, 4, 4)
    painter.restore()


def _solid(series: int) -> QColor:
    colours = theme.current()
    return QColor(_SECOND[colours.is_dark] if series else colours.primary)


def _pattern() -> QBrush:
    ink = QColor(theme.current().surface)
    ink.setAlpha(110)
    return QBrush(ink, Qt.BrushStyle.BDiagPattern)

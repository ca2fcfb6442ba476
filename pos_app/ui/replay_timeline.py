"""The line of a shift: where the replay stands, and a mark for each exception."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.texts import t
from pos_app.ui import theme

_HEIGHT, _LINE, _MARK, _KNOB = 44, 6, 4, 9
_SIDE = 14


class ReplayTimeline(QWidget):
    """Shows `count` frames as a line; `chosen(place)` where it is touched or dragged."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._place = 0, 0
        self._marks: tuple[int, ...] = ()
        self.setAccessibleName(t("Course of the shift"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)

    def show_line(self, count: int, place: int, marks: tuple[int, ...]) -> None:
        """Show how many frames there are, where the replay stands, and the exceptions."""
        if (count, place, marks) != (self._count, self._place, self._marks):
            self._count, self._place, self._marks = count, place, marks
            self.setAccessibleDescription(f"{place + 1} / {count}")
            self.update()

    def sizeHint(self) -> QSize:
        """As high as a finger."""
        return QSize(300, _HEIGHT)

    def x_of(self, place: int) -> float:
        """Return where a frame stands; the line begins at the reading side."""
        share = place / max(self._count - 1, 1)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            share = 1 - share
        return _SIDE + share * (self.width() - 2 * _SIDE)

    def place_at(self, x: float) -> int:
        """Return which frame is nearest to a place on the line."""
        share = (x - _SIDE) / max(self.width() - 2 * _SIDE, 1)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            share = 1 - share
        return round(min(max(share, 0.0), 1.0) * max(self._count - 1, 0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, what has passed, the marks and the knob."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        here, start = self.x_of(self._place), self.x_of(0)
        painter.setBrush(QColor(colours.line))
        whole = QRectF(_SIDE, middle - _LINE / 2, self.width() - 2 * _SIDE, _LINE)
        painter.drawRoundedRect(whole, _LINE / 2, _LINE / 2)
        painter.setBrush(QColor(colours.primary))
        passed = QRectF(min(here, start), middle - _LINE / 2, abs(here - start), _LINE)
        painter.drawRoundedRect(passed, _LINE / 2, _LINE / 2)
        painter.setBrush(QColor(colours.danger))
        for place in self._marks:
            mark = QRectF(self.x_of(place) - _MARK / 2, middle - 13, _MARK, 26)
            painter.drawRoundedRect(mark, 2, 2)
        if self._count:
            painter.setBrush(QColor(colours.primary))
            painter.drawEllipse(QRectF(here - _KNOB, middle - _KNOB, 2 * _KNOB, 2 * _KNOB))

    def _choose(self, event: QMouseEvent) -> None:
        if self._count:
            self.chosen.emit(self.place_at(event.position().x()))

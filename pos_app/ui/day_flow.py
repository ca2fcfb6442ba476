"""Widgets side by side that go on below where a line is full, as tall as they need to be."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_HIGHEST = 9_999


class FlowRow(QWidget):
    """Lays its widgets out in the order of reading, each as wide as it wishes.

    Beyond `most_lines` (0 for any number) the rest gives way to what `rest(count)` returns.
    """

    def __init__(self, gap: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gap = gap
        self._parts: list[QWidget] = []
        self._more: QWidget | None = None
        self.most_lines = 0
        self.rest: Callable[[int], QWidget] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def put(self, parts: Sequence[QWidget]) -> None:
        """Show these widgets, which become the row's own; those before are let go."""
        for old in self._parts:
            if old not in parts:
                old.hide()
                old.setParent(None)
                old.deleteLater()
        self._parts = list(parts)
        for part in parts:
            part.setParent(self)
        self.place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        self.place()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(1, 1)

    def place(self) -> None:
        """Lay everything out at the present width."""
        shown = self._fitting()
        for part in (*self._parts, *(() if self._more is None else (self._more,))):
            part.setVisible(part in shown)
        boxes, _ = self._boxes(shown)
        for part, box in zip(shown, boxes, strict=True):
            part.setGeometry(mirrored(box, self))
        high = max((box.bottom() + 1 for box in boxes), default=0)
        if self.height() != high:
            self.setFixedHeight(high)

    def _fitting(self) -> list[QWidget]:
        """The widgets that have room, with the one that stands for the rest."""
        fits = not self.most_lines or self._boxes(self._parts)[1] <= self.most_lines
        if fits or self.rest is None:
            return self._parts
        for count in range(len(self._parts) - 1, 0, -1):
            self._more = self.rest(len(self._parts) - count)
            shown = [*self._parts[:count], self._more]
            if self._boxes(shown)[1] <= self.most_lines:
                return shown
        return self._parts

    def _boxes(self, parts: Sequence[QWidget]) -> tuple[list[QRect], int]:
        """Where widgets would stand, and on how many lines."""
        x = y = line = 0
        boxes, lines, room = [], 1, self.width()
        for part in parts:
            wished = part.sizeHint().expandedTo(part.minimumSize())
            size = wished.expandedTo(part.minimumSizeHint()).boundedTo(QSize(room, _HIGHEST))
            if x and x + size.width() > room:
                x, y, line, lines = 0, y + line + self._gap, 0, lines + 1
            boxes.append(QRect(x, y, size.width(), size.height()))
            x += size.width() + self._gap
            line = max(line, size.height())
        return boxes, lines


def mirrored(box: QRect, inside: QWidget) -> QRect:
    """Return where a box stands in a widget, counted from the side that is read first."""
    if inside.layoutDirection() == Qt.LayoutDirection.LeftToRight:
        return box
    return QRect(inside.width() - box.left() - box.width(), box.top(), box.width(), box.height())

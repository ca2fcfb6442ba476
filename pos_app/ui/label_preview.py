"""The first page of labels as it will come out, as large as there is room for it."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.texts import t
from pos_app.ui import theme

_SMALLEST = QSize(240, 240)
_EDGE = 8


class LabelPreview(QWidget):
    """`touched(across, down)` says where on the page, in parts of its width and height."""

    touched = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = QPixmap()
        self._png = b""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(_SMALLEST)
        self.setAccessibleName(t("The first page as it is printed"))

    def show_picture(self, png: bytes) -> None:
        """Show a page."""
        if png != self._png:
            self._png = png
            self._page = QPixmap()
            self._page.loadFromData(png)
            self.update()

    def page_rect(self) -> QRect:
        """Return where the page is drawn."""
        room = self.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        if self._page.isNull():
            return room
        most = room.size().boundedTo(self._page.size())
        size = self._page.size().scaled(most, Qt.AspectRatioMode.KeepAspectRatio)
        page = QRect(0, 0, size.width(), size.height())
        page.moveCenter(room.center())
        return page

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the page on a desk, with an edge so that white paper is seen on white."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().raised))
        if self._page.isNull():
            return
        page, ratio = self.page_rect(), self.devicePixelRatioF()
        fitted = self._page.scaled(
            page.size() * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawPixmap(page, fitted)
        painter.setPen(QColor(theme.current().input_edge))
        painter.drawRect(page.adjusted(-1, -1, 0, 0))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell which place of the page was touched."""
        page, at = self.page_rect(), event.position().toPoint()
        if page.contains(at) and not self._page.isNull():
            across = (at.x() - page.left()) / page.width()
            self.touched.emit(across, (at.y() - page.top()) / page.height())

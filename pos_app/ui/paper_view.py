"""A receipt as it looks on paper, on a desk that scrolls."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts

_WIDEST_PX = 420  # a receipt is never larger than its paper


class PaperView(QScrollArea):
    """Shows a PNG of a paper, as wide as there is room up to `widest_px`."""

    def __init__(self, parent: QWidget | None = None, *, widest_px: int = _WIDEST_PX) -> None:
        super().__init__(parent)
        self._widest_px = widest_px
        self._png = b""
        self._drawn = QPixmap()
        self.setWidgetResizable(True)
        self.setAccessibleName(t("The receipt as it is printed"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 8, 8, 8)
        self._paper = QLabel(inside)
        self._paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._words = QLabel(inside)
        self._words.setProperty("role", "quiet")
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._words)
        column.addWidget(self._paper)
        column.addStretch(1)
        self.setWidget(inside)

    def show_picture(self, png: bytes, words: str = "") -> None:
        """Show a picture, or `words` where there is none."""
        fonts.ensure_for(words)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        if png == self._png:
            return
        self._png = png
        self._drawn = QPixmap()
        if png:
            self._drawn.loadFromData(png)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the paper to the room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._drawn.isNull():
            self._paper.clear()
            return
        ratio = self.devicePixelRatioF()
        width = max(120, min(self.viewport().width() - 24, self._widest_px))
        fitted = self._drawn.scaledToWidth(
            round(width * ratio), Qt.TransformationMode.SmoothTransformation
        )
        fitted.setDevicePixelRatio(ratio)
        self._paper.setPixmap(fitted)

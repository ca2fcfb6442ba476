"""A large choice with a picture: what was seen on paper, and its word below."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui import fonts, theme
from pos_app.ui.widgets.button import Button

_MARGIN = 10
_WORD_PX = 34


class PictureChoice(Button):
    """Pressed by touch or Space; `scale` is how large the picture's dots are shown.

    Without `shows_word` the picture says it all, and the word is for screen readers.
    """

    def __init__(
        self,
        word: str,
        png: bytes,
        scale: float,
        *,
        shows_word: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", kind="card", name=word, target_mm=20, parent=parent)
        fonts.ensure_for(word)
        self._word = word if shows_word else ""
        self._word_px = _WORD_PX + _MARGIN if shows_word else 0
        self._drawn = QPixmap()
        self._drawn.loadFromData(png)
        self._scale = scale
        self.setToolTip("")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(round(self._drawn.height() * scale) + self._word_px + 2 * _MARGIN)

    def sizeHint(self) -> QSize:
        """As wide as the picture."""
        width = round(self._drawn.width() * self._scale) + 2 * _MARGIN
        return QSize(width, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card, the picture in the middle, and the word below it."""
        super().paintEvent(event)
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        room = self.width() - 2 * _MARGIN
        width = min(round(self._drawn.width() * self._scale), room)
        fitted = self._drawn.scaledToWidth(
            round(width * ratio), Qt.TransformationMode.SmoothTransformation
        )
        fitted.setDevicePixelRatio(ratio)
        painter.drawPixmap((self.width() - width) // 2, _MARGIN, fitted)
        painter.setFont(fonts.font(theme.TEXT.price, fonts.SEMIBOLD))
        painter.setPen(QColor(theme.current().text))
        below = QRect(_MARGIN, self.height() - _WORD_PX - _MARGIN, room, _WORD_PX)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._word)

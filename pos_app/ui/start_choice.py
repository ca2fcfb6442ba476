"""A large choice: an icon, a word and a sentence on a card."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui import fonts, icons, theme
from pos_app.ui.widgets.button import Button

_ICON = 36
_MARGIN = 20


class StartChoice(Button):
    """Pressed by touch or Space; Enter presses nothing here, as everywhere."""

    def __init__(self, icon: str, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__("", kind="card", name=title, target_mm=20, parent=parent)
        fonts.ensure_for(title + text)
        self._picture, self._title, self._sentence = icon, title, text
        self.setAccessibleDescription(text)
        self.setToolTip("")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(96)

    def sizeHint(self) -> QSize:
        """As high as a title and two lines."""
        return QSize(480, 96)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card, then icon, title and sentence."""
        super().paintEvent(event)
        colours = theme.current()
        painter = QPainter(self)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        drawn = icons.pixmap(self._picture, colours.primary, _ICON, self.devicePixelRatioF())
        left = self.width() - _MARGIN - _ICON if mirrored else _MARGIN
        painter.drawPixmap(left, (self.height() - _ICON) // 2, drawn)
        room = self.width() - 3 * _MARGIN - _ICON
        start = _MARGIN if mirrored else 2 * _MARGIN + _ICON
        side = Qt.AlignmentFlag.AlignAbsolute | (
            Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        )
        title_font = fonts.font(theme.TEXT.body, fonts.SEMIBOLD)
        painter.setFont(title_font)
        painter.setPen(QColor(colours.text))
        wraps = side.value | int(Qt.TextFlag.TextWordWrap)
        text_font = fonts.font(theme.TEXT.office)
        box = QRect(0, 0, room, self.height())
        # Arabic letters come from another font and stand higher than the Latin ones.
        high = QFontMetrics(title_font).boundingRect(box, side.value, self._title).height()
        below = QFontMetrics(text_font).boundingRect(box, wraps, self._sentence).height()
        below = below if self._sentence else 0
        top = max(6, (self.height() - high - 2 - below) // 2)
        painter.drawText(QRect(start, top, room, high), side.value, self._title)
        painter.setFont(text_font)
        painter.setPen(QColor(colours.text2))
        painter.drawText(QRect(start, top + high + 2, room, below), wraps, self._sentence)

"""The large pay button: what it is, how much, and its key, drawn so that the amount stands out."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui import fonts, icons, theme
from pos_app.ui.views import TenderChoice
from pos_app.ui.widgets.button import Button, ink_of

_ICON = 22
_SMALLEST_NAME = 13
_TWO_LINES = 38


class PayButton(Button):
    """Draws a `TenderChoice` in two lines: its name and key above, the amount below."""

    def __init__(self, kind: str, parent: QWidget) -> None:
        super().__init__("", kind=kind, target_mm=20, parent=parent)
        self._choice = TenderChoice("", "")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def show_choice(self, choice: TenderChoice) -> None:
        """Show `choice`; repaints only when it differs."""
        if choice == self._choice:
            return
        self._choice = choice
        fonts.ensure_for(choice.label)
        self.setEnabled(choice.is_enabled)
        words = (choice.label, choice.amount, choice.shortcut)
        self.setAccessibleName(" ".join(word for word in words if word))
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Wide enough for a word."""
        return QSize(theme.mm(self, 20), self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the empty button, then icon, name, key and amount."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.setPen(QColor(ink_of(self)))
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        box = self.rect().adjusted(10, 8, -10, -8)
        has_room = box.height() >= _TWO_LINES
        amount = self._choice.amount if has_room else ""
        top = QRect(
            box.left(), box.top(), box.width(), box.height() // 2 if amount else box.height()
        )
        self._paint_name(painter, top, mirrored)
        if amount:
            low = QRect(box.left(), top.bottom(), box.width(), box.height() - top.height())
            painter.setFont(_largest(amount, box.width()))
            painter.drawText(low, int(_side(not mirrored)), amount)

    def _paint_name(self, painter: QPainter, box: QRect, mirrored: bool) -> None:
        ink = ink_of(self)
        painter.setFont(fonts.font(12, fonts.BOLD))
        key = self._choice.shortcut
        painter.drawText(box, int(_side(mirrored)), key)
        used = QFontMetrics(painter.font()).horizontalAdvance(key) + 8 if key else 0
        left = box.adjusted(used, 0, 0, 0) if mirrored else box.adjusted(0, 0, -used, 0)
        if self._choice.icon and left.width() > 90:
            drawn = icons.pixmap(self._choice.icon, ink, _ICON, self.devicePixelRatioF())
            x = left.right() - _ICON if mirrored else left.left()
            painter.drawPixmap(x, left.center().y() - _ICON // 2, drawn)
            room = _ICON + 10
            left = left.adjusted(0, 0, -room, 0) if mirrored else left.adjusted(room, 0, 0, 0)
        painter.setFont(_name_font(self._choice.label, left.width()))
        metrics = QFontMetrics(painter.font())
        name = metrics.elidedText(self._choice.label, Qt.TextElideMode.ElideRight, left.width())
        painter.drawText(left, int(_side(not mirrored)), name)


def _side(is_left: bool) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter


def _name_font(text: str, room: int) -> QFont:
    for px in (theme.TEXT.body, 18, theme.TEXT.office):
        face = fonts.font(px, fonts.SEMIBOLD)
        if QFontMetrics(face).horizontalAdvance(text) <= room:
            return face
    return fonts.font(_SMALLEST_NAME, fonts.SEMIBOLD)


def _largest(text: str, room: int) -> QFont:
    if not any(sign.isdigit() for sign in text):  # a hint, not an amount
        return fonts.font(theme.TEXT.office, fonts.SEMIBOLD)
    for px in (theme.TEXT.figure, 28, theme.TEXT.price, theme.TEXT.body):
        face = fonts.figures(px, fonts.BOLD)
        if QFontMetrics(face).horizontalAdvance(text) <= room:
            return face
    return fonts.figures(theme.TEXT.office, fonts.BOLD)

"""Text on painted surfaces: at the near or the far side, and as large as fits."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from pos_app.ui import fonts

_STEP = 0.9
_FIRST_ISOLATE, _LAST_ISOLATE = "\u2066", "\u2069"
_SMALLEST = 12


def write(
    painter: QPainter,
    box: QRect,
    text: str,
    font: QFont,
    ink: str,
    *,
    is_far: bool = False,
    is_elided: bool = False,
) -> None:
    """Write one line at the near side of `box`, or the far one; near is right where RTL is read."""
    mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if is_far != mirrored else Qt.AlignmentFlag.AlignLeft
    side |= Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
    painter.setFont(font)
    painter.setPen(QColor(ink))
    if is_elided:
        text = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(side), text)


def largest(text: str, px: int, room: int, weight: QFont.Weight = fonts.BOLD) -> QFont:
    """Return the font of figures at `px`, or smaller until `text` fits into `room` pixels."""
    made, size = QFont(fonts.figures(px, weight)), px
    while size > _SMALLEST and QFontMetrics(made).horizontalAdvance(text) > room:
        size = max(_SMALLEST, int(size * _STEP))
        made.setPixelSize(size)
    return made


def as_figure(text: str) -> str:
    """Keep the signs of a figure in their order beside text of the other direction (UAX 9)."""
    return f"{_FIRST_ISOLATE}{text}{_LAST_ISOLATE}"
